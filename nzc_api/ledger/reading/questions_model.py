"""What the ledger answers when it is questioned about its past."""

from dataclasses import dataclass
from typing import NamedTuple

from nzc_api.ids import AccountId, BatchId, OrganisationId, PeriodId, PilotId, Position
from nzc_api.ledger.model import Movement
from nzc_api.log.model import Entry


class SerialAt(NamedTuple):
    """A serial of a batch, as of a position."""

    batch_id: BatchId
    serial: int
    as_of: Position


@dataclass(frozen=True, slots=True)
class LifeStep:
    """What happened to a serial; ``movement`` is None where it happened to its whole batch."""

    entry: Entry
    movement: Movement | None


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A pilot and period that credits are retired for, how many tonnes of them, how many of those
    are of batches that were invalidated whole, and how many its net counts."""

    account_id: AccountId
    pilot_id: PilotId
    period_id: PeriodId
    tonnes: int
    invalidated: int
    in_force: int


class WithdrawnFrom(NamedTuple):
    """What of a period's retirements counts no more as of a position: of a batch, since a position."""

    pilot_id: PilotId
    period_id: PeriodId
    batch_id: BatchId
    position: Position
    as_of: Position


class BoundaryChange(NamedTuple):
    """A retirement of which so many tonnes count no more since an entry of the log, as their project lies
    inside the pilot; below zero: count again."""

    retirement_id: int
    tonnes: int


class Vintage(NamedTuple):
    """The credits of a programme whose production ended in a year."""

    programme: str
    year: int


class CreditStatementKey(NamedTuple):
    """Whose ledger statement, as of a position: of a pilot, all its periods; or of a holder in a
    programme, and of one batch if ``batch_id`` is given."""

    as_of: Position
    pilot_id: PilotId | None = None
    organisation_id: OrganisationId | None = None
    programme: str | None = None
    batch_id: BatchId | None = None


class LineId(NamedTuple):
    """The place of a movement in the ledger: its position, and its number there."""

    position: Position
    line: int


class CreditStatementRow(NamedTuple):
    """A movement into (``tonnes`` > 0) or out of (< 0) what a statement is of, at a position, or something
    that changed what of it counts, or may be moved, and moves nothing; the ``balance`` after it, and how much
    of that is of batches that were ``invalidated``, ``exported`` or are ``frozen`` whole, and is
    ``withdrawn``: invalidated, exported, or from inside the pilot. In tonnes."""

    position: Position
    movement: Movement | None
    tonnes: int
    balance: int
    invalidated: int
    exported: int
    frozen: int
    withdrawn: int

    @property
    def in_force(self) -> int:
        """What of the balance counts, in tonnes."""
        return self.balance - self.withdrawn

    @property
    def id(self) -> LineId:
        return LineId(self.position, 0 if self.movement is None else self.movement.line)


@dataclass(frozen=True, slots=True)
class CreditStatementLine:
    """A line of a statement, with its entry of the log."""

    entry: Entry
    row: CreditStatementRow
