"""The ledger's things and commands."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from nzc_api.ledger.serials import SerialRange, block_text
from nzc_api.refusal import LocalizedText


class AccountKind(StrEnum):
    """What it means that a lot sits in an account."""

    ISSUANCE = "ISSUANCE"
    HOLDING = "HOLDING"
    RETIREMENT = "RETIREMENT"


class AccountKey(NamedTuple):
    """What an account is: there is one of a kind for each combination of the rest."""

    kind: AccountKind
    programme: str | None = None
    organisation_id: int | None = None
    pilot_id: int | None = None
    period_id: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    key: AccountKey


@dataclass(frozen=True, slots=True)
class Project:
    """The physical activity behind credits; ``pilot_id`` is the pilot it lies in, if any."""

    id: int
    code: str
    name: LocalizedText
    forestry: bool
    site: str
    division_code: str | None
    latitude: Decimal | None
    longitude: Decimal | None
    pilot_id: int | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A project's registration (项目登记) in a programme, under one of the programme's rules."""

    id: int
    project_id: int
    programme: str
    rule: str
    number: str
    registered_on: date


@dataclass(frozen=True, slots=True)
class CreditBatch:
    """One issuance (减排量登记): a serial block of a project in a programme.

    The reductions were produced from ``produced_from`` to ``produced_to``, both included; the
    vintage is the year in which their production ended.
    """

    id: int
    project_id: int
    programme: str
    forestry: bool
    vintage: int
    produced_from: date
    produced_to: date
    reductions_registered_on: date
    serials: SerialRange


class LotId(NamedTuple):
    """A lot is named by the position that made it, and a number there."""

    position: int
    piece: int


@dataclass(frozen=True, slots=True)
class Lot:
    """A run of serials (half-open) of a batch that sit in an account."""

    id: LotId
    account_id: int
    batch_id: int
    lo: int
    hi: int

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo


@dataclass(frozen=True, slots=True)
class Movement:
    """Serials (half-open) that moved from the debit to the credit account."""

    position: int
    line: int
    debit_id: int
    credit_id: int
    batch_id: int
    lo: int
    hi: int

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo


@dataclass(frozen=True, slots=True)
class Retirement:
    """Credits retired (注销) for a pilot and one of its accounting periods."""

    id: int
    at: datetime
    posted_by: int | None
    pilot_id: int
    period_id: int
    holder_id: int
    programme: str
    retired_on: date
    reference: str | None
    quantity: int
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Credits moved from one holder to another."""

    id: int
    at: datetime
    posted_by: int | None
    from_id: int
    to_id: int
    programme: str
    quantity: int
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """What an organisation holds of a batch as of a position, in tonnes."""

    account_id: int
    batch_id: int
    tonnes: int


@dataclass(frozen=True, slots=True)
class RetiredTonnes:
    """What a pilot's period has of a batch as of a position, in tonnes."""

    batch: CreditBatch
    tonnes: int


@dataclass(frozen=True, slots=True)
class RegisterProject:
    code: str
    name: LocalizedText
    forestry: bool
    site: str
    division_code: str | None
    latitude: Decimal | None
    longitude: Decimal | None
    pilot_id: int | None


@dataclass(frozen=True, slots=True)
class EnrolProject:
    """Record a project's registration in a programme."""

    project_id: int
    programme: str
    rule: str
    number: str
    registered_on: date


@dataclass(frozen=True, slots=True)
class IssueCredits:
    """Issue a serial block to a holder. ``quantity`` is what the registry states, in tonnes."""

    project_id: int
    serials: SerialRange
    programme: str
    quantity: int
    produced_from: date
    produced_to: date
    reductions_registered_on: date
    reductions_applied_on: date | None
    holder_id: int


@dataclass(frozen=True, slots=True)
class TransferCredits:
    """Move an exact serial range from one holder to another."""

    serials: SerialRange
    programme: str
    from_id: int
    to_id: int
    quantity: int | None


@dataclass(frozen=True, slots=True)
class RetireSerials:
    """Retire an exact serial range for a pilot and one of its accounting periods.

    ``holder_id`` and ``quantity``, where given, must agree with what the ledger says.
    """

    serials: SerialRange
    programme: str
    holder_id: int | None
    quantity: int | None
    pilot_id: int
    period_id: int
    retired_on: date
    reference: str | None


@dataclass(frozen=True, slots=True)
class RetireQuantity:
    """Retire so many tonnes of a holder's, the oldest vintage first."""

    quantity: int
    programme: str
    holder_id: int
    project_id: int | None
    pilot_id: int
    period_id: int
    retired_on: date
    reference: str | None


Retire = RetireSerials | RetireQuantity
Command = IssueCredits | TransferCredits | RetireSerials | RetireQuantity


def serials_text(batch: CreditBatch, lo: int, hi: int) -> str:
    """How NZC writes a range of a batch."""
    return block_text(batch.serials.prefix, lo, hi)
