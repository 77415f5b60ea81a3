"""How things are named: by the log they live in and the position at which they were born.

The UUID (version 8, RFC 9562) holds 60 bits that name the log and 62 bits of position. So an id
needs no column and no index, and an id of another database is recognised as foreign.
"""

from uuid import UUID

LOG_ID_BITS = 60
POSITION_BITS = 62

_VERSION_8 = 8
_VARIANT = 0b10
_POSITION = (1 << POSITION_BITS) - 1


def entity_uuid(log_id: int, position: int) -> UUID:
    """The UUID of what was born at ``position`` of the log ``log_id``."""
    return UUID(int=_number(log_id, position))


def entity_uuid_text(log_id: int, position: int) -> str:
    """The same as text, without a ``UUID``, which takes longer to make and to write than all else of an id."""
    digits = f"{_number(log_id, position):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def position_of(log_id: int, uuid: UUID) -> int | None:
    """The position that ``uuid`` names in the log ``log_id``; None where it is not of that log."""
    position = uuid.int & _POSITION
    return position if position and uuid.int == _number(log_id, position) else None


def log_name(log_id: int) -> str:
    """The id of a log as it is shown: 15 hexadecimal digits, which each UUID of its things holds too."""
    return f"{log_id:015x}"


def _number(log_id: int, position: int) -> int:
    assert 0 <= log_id < 1 << LOG_ID_BITS
    assert 0 < position < 1 << POSITION_BITS
    high, low = log_id >> 12, log_id & 0xFFF
    return high << 80 | _VERSION_8 << 76 | low << 64 | _VARIANT << 62 | position
