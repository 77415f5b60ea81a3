"""The ledger's things: projects, batches, accounts, movements, and what was posted. Of serials, lo is the first and hi
the one after the last."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from nzc_api.certificates.model import Production
from nzc_api.grounds import Grounds
from nzc_api.ids import (
    AccountId,
    BatchId,
    OrganisationId,
    PeriodId,
    PilotId,
    Position,
    ProjectId,
    ProposalId,
    RequestId,
)
from nzc_api.ledger.reading.standing import WithdrawnReason
from nzc_api.ledger.serials import SerialRange, block_text, written_text
from nzc_api.ledger.verifications import Verification
from nzc_api.numbers import number_key
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.sites import Site
from nzc_api.refusal import LocalizedText


class AccountKind(StrEnum):
    """What it means that a lot sits in an account."""

    ISSUANCE = "ISSUANCE"
    HOLDING = "HOLDING"
    PENDING = "PENDING"
    RETIREMENT = "RETIREMENT"
    OTHER_USE = "OTHER_USE"
    FROZEN = "FROZEN"
    INVALIDATED = "INVALIDATED"


class Purpose(StrEnum):
    """What credits are used for other than offsetting a pilot; a tonne has one purpose (rule 4).

    OWN_SINK gives a sink inside a pilot back to it: its credits are cancelled, so it counts again
    (rule 6).
    """

    ETS_COMPLIANCE = "ETS_COMPLIANCE"
    EVENT = "EVENT"
    PUBLIC_GOOD = "PUBLIC_GOOD"
    OWN_SINK = "OWN_SINK"


class ProductionBasis(StrEnum):
    """How the days are known on which reductions were produced: by their monitoring period, by a calendar
    year alone, or by one of which an authority states that there is no monitoring period."""

    MONITORING_PERIOD = "MONITORING_PERIOD"
    VINTAGE = "VINTAGE"
    AUTHORITY = "AUTHORITY"


class AccountKey(NamedTuple):
    """What an account is: there is one of a kind for each combination of the rest."""

    kind: AccountKind
    programme: str | None = None
    organisation_id: OrganisationId | None = None
    pilot_id: PilotId | None = None
    period_id: PeriodId | None = None
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Account:
    id: AccountId
    key: AccountKey


@dataclass(frozen=True, slots=True)
class Project:
    """The physical activity behind credits.

    ``pilot_id`` is the pilot that it was placed in, if any. It is at one site with the pilots ``found_in``, which
    were found to be around it, and with those ``suspected_in``, of which nothing was found yet.
    """

    id: ProjectId
    code: str
    name: LocalizedText
    forestry: bool
    site: str
    division_code: str | None
    latitude: Decimal | None
    longitude: Decimal | None
    pilot_id: PilotId | None
    site_code: str | None = None
    found_in: tuple[PilotId, ...] = ()
    suspected_in: tuple[PilotId, ...] = ()

    @property
    def inside(self) -> tuple[PilotId, ...]:
        """The pilots that it lies in."""
        return (*(() if self.pilot_id is None else (self.pilot_id,)), *self.found_in)

    @property
    def stated(self) -> Site:
        """Its site, as it is compared with others."""
        return Site(
            address=self.site,
            division_code=self.division_code,
            latitude=self.latitude,
            longitude=self.longitude,
            code=self.site_code,
        )


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A project's registration (项目登记) in a programme, under one of the programme's rules.

    ``methodology`` is None for what was recorded before it was asked for, or where it does not matter; of which
    version it is, who validated the project, and for which days it is credited (计入期) is None where nobody said it.
    """

    id: int
    project_id: ProjectId
    programme: str
    rule: str
    number: str
    registered_on: date
    methodology: str | None = None
    methodology_version: str | None = None
    crediting_period: DateSpan | None = None
    validation: Verification | None = None


class Issuance(NamedTuple):
    """A registration of reductions (减排量登记) that is issued in several blocks: the registry's number of
    it, and all its tonnes."""

    reference: str
    quantity: int

    @property
    def key(self) -> str:
        """Its number however it is written."""
        return number_key(self.reference)


@dataclass(frozen=True, slots=True)
class Issued:
    """What is issued of a registration of reductions: of which project, registered on which day, how many
    tonnes in all, and how many of them so far."""

    project_id: ProjectId
    registered_on: date
    registered: int
    tonnes: int


class Unissued(NamedTuple):
    """A serial block that is to be issued: what says which batches it may double, or be a part with."""

    project_id: ProjectId
    programme: str
    serials: SerialRange
    produced_from: date
    produced_to: date
    by_certificate: bool
    issuance: Issuance | None

    @property
    def production(self) -> Production:
        """Of which project and days it is."""
        return self.project_id, self.produced_from, self.produced_to


class CreditBatch(NamedTuple):
    """A serial block of a project in a programme: one issuance (减排量登记), or a part of the ``issuance``
    that it names.

    Where the registry publishes no serials, ``by_certificate`` says that the block is made up of
    the number of its certificate and the quantity. The reductions were produced from
    ``produced_from`` to ``produced_to``, both included; the vintage is the year in which their
    production ended. ``written`` is how the registry writes its serials, if not as NZC does
    (``BlockReading.written``). ``production_basis`` is None for what was issued before it was kept;
    ``production_document`` is the authority's, where it is by one. Their registration was applied for on
    ``reductions_applied_on``, where that is known. Its issuance may have been corrected, at
    ``withdrawn_position``: then it never was one.
    """

    id: BatchId
    project_id: ProjectId
    programme: str
    forestry: bool
    vintage: int
    produced_from: date
    produced_to: date
    reductions_registered_on: date
    serials: SerialRange
    by_certificate: bool = False
    written: str | None = None
    production_basis: ProductionBasis | None = None
    production_document: str | None = None
    issuance: Issuance | None = None
    reductions_applied_on: date | None = None
    withdrawn_position: Position | None = None

    @property
    def production(self) -> Production:
        """Of which project and days it is."""
        return self.project_id, self.produced_from, self.produced_to

    def is_part_with(self, other: "CreditBatch") -> bool:
        """Whether the two are parts of one issuance."""
        return (
            self.issuance is not None
            and other.issuance is not None
            and (self.programme, self.issuance.key) == (other.programme, other.issuance.key)
        )

    def produced_with(self, other: "CreditBatch") -> bool:
        """Whether the two share a day of production."""
        return self.produced_from <= other.produced_to and other.produced_from <= self.produced_to


class LotId(NamedTuple):
    """A lot is named by the position that made it, and a number there."""

    position: Position
    piece: int


class Lot(NamedTuple):
    """A run of serials (half-open) of a batch that sit in an account.

    ``since`` is the position at which they came into the account; a remainder keeps it.
    """

    id: LotId
    account_id: AccountId
    batch_id: BatchId
    lo: int
    hi: int
    since: Position

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo


class Movement(NamedTuple):
    """Serials (half-open) that moved from the debit to the credit account."""

    position: Position
    line: int
    debit_id: AccountId
    credit_id: AccountId
    batch_id: BatchId
    lo: int
    hi: int

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo


class MovedOf(NamedTuple):
    """What moved, and the batch that it is of; with its project, where that was asked for."""

    movement: Movement
    batch: CreditBatch
    project: Project | None = None


class Retirement(NamedTuple):
    """Credits retired (注销) for a pilot and one of its accounting periods."""

    id: int
    at: datetime
    posted_by: int | None
    pilot_id: PilotId
    period_id: PeriodId
    holder_id: OrganisationId
    programme: str
    retired_on: date
    reference: str | None
    quantity: int
    request_id: RequestId | None = None


class PostedWith(NamedTuple):
    """A retirement, and the page of what moved with it, if one was asked for."""

    retirement: Retirement
    moved: list[MovedOf]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Credits moved from one holder to another."""

    id: int
    at: datetime
    posted_by: int | None
    from_id: OrganisationId
    to_id: OrganisationId
    programme: str
    quantity: int


class RequestOutcome(StrEnum):
    """What became of a retirement request."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class RequestEnd(StrEnum):
    """How a request ends without a retirement."""

    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class RetirementRequest:
    """Credits set aside for a retirement that the registry is yet to confirm.

    ``end`` is the position at which the request was confirmed, cancelled or expired; before that it may have been
    confirmed in ``parts``, each at its position with its tonnes.
    """

    id: RequestId
    programme: str
    holder_id: OrganisationId
    pilot_id: PilotId
    period_id: PeriodId
    expires_at: datetime
    quantity: int
    end: Position | None = None
    outcome: RequestOutcome = RequestOutcome.OPEN
    parts: tuple[tuple[Position, int], ...] = ()

    @property
    def left(self) -> int:
        """How many tonnes no part was confirmed of."""
        return self.quantity - sum(tonnes for _, tonnes in self.parts)


@dataclass(frozen=True, slots=True)
class CreditUse:
    """Credits used for something else than a pilot's offset. ``pilot_id`` and ``period_id`` are of a sink
    that was given back, None where that was posted before they were asked for."""

    id: int
    at: datetime
    posted_by: int | None
    holder_id: OrganisationId
    programme: str
    purpose: Purpose
    beneficiary: str
    used_on: date
    reference: str | None
    quantity: int
    pilot_id: PilotId | None = None
    period_id: PeriodId | None = None


class ReferenceKey(NamedTuple):
    """A registry's number for what it did: of a programme, however it is written."""

    programme: str
    number: str

    @classmethod
    def of(cls, programme: str, reference: str) -> "ReferenceKey":
        return cls(programme, number_key(reference))


@dataclass(frozen=True, slots=True)
class Order:
    """What a registry's number names: posted first at ``id``, on a day of the registry's, for a pilot's
    period or for another beneficiary."""

    id: int
    day: date
    pilot_id: PilotId | None
    period_id: PeriodId | None
    purpose: str | None = None
    beneficiary: str | None = None

    def is_one_with(self, other: "Order") -> bool:
        """Whether both are lines of one order."""
        return replace(self, id=other.id) == other


@dataclass(frozen=True, slots=True)
class LedgerPosting:
    """An entry by order, or a correction: about serials, or about a whole batch."""

    id: int
    at: datetime
    posted_by: int | None
    kind: str
    programme: str
    quantity: int
    batch_id: BatchId | None
    corrects: int | None
    grounds: Grounds | None
    proposal_id: ProposalId | None = None


class BatchStatus(StrEnum):
    """What holds of a batch as a whole. WITHDRAWN: it was issued wrongly, and its issuance was corrected."""

    IN_FORCE = "IN_FORCE"
    FROZEN = "FROZEN"
    INVALIDATED = "INVALIDATED"
    EXPORTED = "EXPORTED"
    WITHDRAWN = "WITHDRAWN"


class BatchOrder(NamedTuple):
    """That a whole batch was frozen, invalidated or exported: from the position ``since`` to before ``until``; None:
    it still is."""

    status: BatchStatus
    since: Position
    until: int | None

    def stands(self, as_of: Position) -> bool:
        """Whether it holds as of a position."""
        return self.since <= as_of and (self.until is None or as_of < self.until)


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What holds of a whole batch: the positions at which it came to be so, None where it is not."""

    frozen: Position | None = None
    invalidated: Position | None = None
    exported: Position | None = None

    @classmethod
    def of(cls, orders: Iterable[BatchOrder], as_of: Position) -> "BatchFacts":
        """The facts that orders, in the order of their positions, leave as of one."""
        return cls(**{o.status.lower(): o.since for o in orders if o.stands(as_of)})


class Finding(StrEnum):
    """What was found of two batches that looked like one reduction issued twice (rule 2)."""

    DISTINCT = "DISTINCT"
    DOUBLE = "DOUBLE"


@dataclass(frozen=True, slots=True)
class DoubleIssuance:
    """A suspicion (rule 2): ``batch_id`` was issued for what ``other_id`` was issued for before. It came up at
    ``position``: as the batch was issued, or later, as its project was found at the other's site.

    It blocks both; found DISTINCT it blocks neither, found DOUBLE the later one.
    """

    batch_id: BatchId
    other_id: BatchId
    position: Position
    finding: Finding | None = None

    def blocks(self, batch_id: BatchId) -> bool:
        match self.finding:
            case None:
                return batch_id in (self.batch_id, self.other_id)
            case Finding.DOUBLE:
                return batch_id == self.batch_id
            case Finding.DISTINCT:
                return False


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted at a position: the kind of its entry, its movements, whether it was
    corrected since (by the posting at ``corrected``), and the whole batch that it is about, if it is."""

    id: int
    kind: str
    programme: str
    movements: tuple[Movement, ...]
    corrected: int | None = None
    batch_id: BatchId | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What an organisation holds of a batch as of a position, in tonnes; and how much of that was
    ``invalidated`` or ``exported``, or is ``frozen``, with the whole batch: all of it, or none."""

    account_id: AccountId
    batch_id: BatchId
    tonnes: int
    invalidated: int
    exported: int
    frozen: int


class WithdrawnKey(NamedTuple):
    """The order of what was withdrawn of a posting: when, and then by serials."""

    position: Position
    batch_id: BatchId
    lo: int


@dataclass(frozen=True, slots=True)
class WithdrawnSerials:
    """Serials (half-open) of a retirement or another use that are no longer in force, since an entry of
    a ``kind`` at a position; ``inside_id`` is the pilot that their project lies in, where it is that."""

    position: Position
    at: datetime
    kind: str
    reason: WithdrawnReason
    inside_id: PilotId | None
    batch_id: BatchId
    lo: int
    hi: int

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo

    @property
    def key(self) -> WithdrawnKey:
        return WithdrawnKey(self.position, self.batch_id, self.lo)


@dataclass(frozen=True, slots=True)
class RetiredTonnes:
    """What is retired of a batch for a pilot's period, or requested, in tonnes."""

    batch: CreditBatch
    tonnes: int


class HeldTonnes(NamedTuple):
    """What is retired of a batch for a pilot's period as of a position, in tonnes, with what sums ask of the batch."""

    batch_id: BatchId
    project_id: ProjectId
    programme: str
    forestry: bool
    tonnes: int


class WithdrawnTonnesKey(NamedTuple):
    """The order of what of a period's retirements counts no more: since when, and then by batch."""

    position: Position
    batch_id: BatchId


@dataclass(frozen=True, slots=True)
class WithdrawnTonnes:
    """What was retired for a pilot's period and counts no more since a position, in tonnes; ``inside_id``
    is the pilot that the project lies in, where that is why."""

    batch: CreditBatch
    tonnes: int
    position: Position
    reason: WithdrawnReason
    inside_id: PilotId | None

    @property
    def key(self) -> WithdrawnTonnesKey:
        return WithdrawnTonnesKey(self.position, self.batch.id)

    @property
    def project_id(self) -> ProjectId:
        return self.batch.project_id


@dataclass(frozen=True, slots=True)
class RetiredAsOf:
    """What offsets a pilot's period as of a position, and what was retired for it and does not any more."""

    in_force: tuple[HeldTonnes, ...] = ()
    withdrawn: tuple[WithdrawnTonnes, ...] = ()

    @property
    def stands(self) -> tuple[HeldTonnes | WithdrawnTonnes, ...]:
        """What would offset another pilot: only the boundary of this one may be in its way."""
        inside = (i for i in self.withdrawn if i.reason is WithdrawnReason.INSIDE_BOUNDARY)
        return (*self.in_force, *inside)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Tonnes of a batch that were invalidated at a position, or cancelled for the sink that they
    came from (``for_sink``), unless that was ``corrected`` at a later one. What was invalidated may have
    been cancelled for its sink before (``from_sink``)."""

    batch_id: BatchId
    account_id: AccountId
    position: Position
    tonnes: int
    for_sink: bool
    from_sink: bool
    corrected: int | None

    def stands(self, as_of: Position) -> bool:
        """Whether it holds as of a position."""
        return self.position <= as_of and not (
            self.corrected is not None and self.corrected <= as_of
        )


def registry_text(batch: CreditBatch, lo: int, hi: int) -> str:
    """How a range of a batch is written by its registry, where its issuance said so; else as NZC does."""
    return (
        serials_text(batch, lo, hi)
        if batch.written is None
        else written_text(batch.written, lo, hi)
    )


def serials_text(batch: CreditBatch, lo: int, hi: int) -> str:
    """How NZC writes a range of a batch."""
    return block_text(batch.serials.prefix, lo, hi)
