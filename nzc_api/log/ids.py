"""How things are named: by the log they live in and the position at which they were born.

The UUID (version 8, RFC 9562) holds 60 bits that name the log and 62 bits of position. So an id
needs no column and no index, and an id of another database is recognised as foreign.
"""

from functools import lru_cache
from uuid import UUID

LOG_ID_BITS = 60
POSITION_BITS = 62

_VERSION_8 = 8
_VARIANT = 0b10
_POSITION = (1 << POSITION_BITS) - 1


def entity_uuid(log_id: int, position: int) -> str:
    """The UUID of what was born at ``position`` of the log ``log_id``, as text: to make a ``UUID`` and write it takes
    longer than all else of an id, and an export has millions."""
    assert 0 < position < 1 << POSITION_BITS
    own = f"{_VARIANT << 62 | position:016x}"
    return f"{_of_log(log_id)}-{own[:4]}-{own[4:]}"


def position_of(log_id: int, uuid: UUID) -> int | None:
    """The position that ``uuid`` names in the log ``log_id``; None where it is not of that log."""
    position = uuid.int & _POSITION
    return position if position and str(uuid) == entity_uuid(log_id, position) else None


def log_name(log_id: int) -> str:
    """The id of a log as it is shown: 15 hexadecimal digits, which each UUID of its things holds too."""
    return f"{log_id:015x}"


@lru_cache(maxsize=16)
def _of_log(log_id: int) -> str:
    """What the UUIDs of all things of a log begin with."""
    assert 0 <= log_id < 1 << LOG_ID_BITS
    name = log_name(log_id)
    return f"{name[:8]}-{name[8:12]}-{_VERSION_8}{name[12:]}"
