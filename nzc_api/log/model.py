"""The log's things: where it stands, what happened, what became of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from nzc_api.ids import Position
from nzc_api.log.ids import log_name
from nzc_api.log.requests import Actor
from nzc_api.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands: its own id, its last position (0: empty), that position's time and digest, and the
    ids that it had before it was adopted."""

    log_id: int
    position: Position
    at: datetime
    digest: bytes
    former_ids: tuple[int, ...] = ()

    @property
    def next_position(self) -> Position:
        """The position that an entry would get now."""
        return Position(self.position + 1)

    @property
    def name(self) -> str:
        """The log's id as it is shown."""
        return log_name(self.log_id)


class Entry(NamedTuple):
    """One accepted change: what (``kind``), of what (``subject_id``), by whom, and its facts."""

    position: Position
    at: datetime
    kind: str
    subject_id: int
    actor: Actor
    body: Mapping[str, Any]


class Outcome(NamedTuple):
    """What became of a request: the position it was accepted at, or why it was refused; ``replayed`` if that is
    the answer to an earlier one. It was decided as of position ``as_of``: of what was accepted that of its last
    entry; None where it follows from the input alone, or where nobody noted it. Of a request whose items stand or fall
    together, ``item`` is the number of the one that is refused."""

    position: Position | None
    refusal: Refusal | None
    replayed: bool = False
    as_of: Position | None = None
    item: int | None = None

    @property
    def uses_key(self) -> bool:
        """Whether the request's key is used up: what is malformed is put right and sent again under it."""
        return self.refusal is None or not self.refusal.malformed


class StoredOutcome(NamedTuple):
    fingerprint: bytes
    outcome: Outcome
