"""The feed's things: what is followed of the log, and what of it is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from nzc_api.ids import OrganisationId, PilotId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.pilots.model import Visibility


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which entries are followed: those that are of one of the ``kinds``, about one of the ``pilots`` (or, with
    ``inside``, about one that lies in one of them), of one of the ``programmes``, and by or about one of the
    ``organisations``. None: whatever they are."""

    kinds: frozenset[EntryKind] | None = None
    pilots: frozenset[PilotId] | None = None
    inside: bool = True
    programmes: frozenset[str] | None = None
    organisations: frozenset[OrganisationId] | None = None

    @property
    def asks_about(self) -> bool:
        """Whether it takes more than an entry says to know whether it is followed."""
        return self.pilots is not None or self.organisations is not None


EVERYTHING = EventFilter()


# Of a batch's serials the first and the last that moved, and from and to which account: its kind, programme,
# organisation, pilot, accounting period and purpose.
Account: TypeAlias = tuple[Any, ...]
Moved: TypeAlias = tuple[int, int, int, Account, Account]


class AboutPilot(NamedTuple):
    """A pilot that an entry is about, who sees what of it, and it and all pilots around it as of the entry."""

    pilot_id: PilotId
    operator_id: OrganisationId
    statement_visibility: Visibility
    line_visibility: Visibility
    surrounding: Collection[int]


class About(NamedTuple):
    """What an entry is about."""

    pilots: Sequence[AboutPilot] = ()
    organisations: Collection[int] = ()


class Placed(Protocol):
    """An entry, or what is told of one: it has the entry's position."""

    @property
    def position(self) -> Position: ...


P = TypeVar("P", bound=Placed)


class ToldEntry(NamedTuple, Generic[P]):
    """An entry that is followed, or what of it is, and the position that was told before it: of the one followed
    before, or at the beginning the one that is followed from."""

    entry: P
    previous: int

    @property
    def position(self) -> Position:
        return self.entry.position


class Begun(NamedTuple):
    """What is followed begins after a position."""

    position: Position


class Scanned(NamedTuple):
    """Up to a position nothing more is followed than was told."""

    position: Position


class Stretch(NamedTuple):
    """Entries that are followed, and the position up to which there are no others."""

    told: Sequence[ToldEntry[Entry]]
    scanned: Position
