"""What the ledger can be told to do."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from nzc_api.certificates.model import Production
from nzc_api.grounds import Grounds
from nzc_api.later import LATER, SHOWN
from nzc_api.ledger.model import Finding, Issuance, ProductionBasis, Purpose
from nzc_api.ledger.serials import SerialRange
from nzc_api.refusal import LocalizedText


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
    site_code: str | None = None


@dataclass(frozen=True, slots=True)
class EnrolProject:
    """Record a project's registration in a programme; ``methodology`` is its number or name."""

    project_id: int
    programme: str
    rule: str
    number: str
    registered_on: date
    methodology: str | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True)
class IssueCredits:
    """Issue a serial block to a holder. ``quantity`` is what the registry states, in tonnes.

    ``written`` is how it writes the serials, and ``production_basis`` how the days of production were
    given: no parts of what is asked. ``production_document`` says that there is no monitoring period.
    ``issuance`` is what the block is a part of.
    """

    project_id: int
    serials: SerialRange
    programme: str
    quantity: int
    produced_from: date
    produced_to: date
    reductions_registered_on: date
    reductions_applied_on: date | None
    holder_id: int
    by_certificate: bool = False
    written: str | None = field(default=None, metadata=SHOWN)
    production_basis: ProductionBasis = field(
        default=ProductionBasis.MONITORING_PERIOD, metadata=SHOWN
    )
    production_document: str | None = field(default=None, metadata=LATER)
    issuance: Issuance | None = field(default=None, metadata=LATER)

    @property
    def production(self) -> Production:
        """Of which project and days it is."""
        return self.project_id, self.produced_from, self.produced_to


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


@dataclass(frozen=True, slots=True)
class RequestRetirement:
    """Set exact serials aside for a retirement that the registry is yet to confirm."""

    serials: SerialRange
    programme: str
    holder_id: int | None
    quantity: int | None
    pilot_id: int
    period_id: int
    expires_at: datetime


class RequestEnd(StrEnum):
    """How a request ends without a retirement."""

    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class ConfirmRetirement:
    """The registry retired what was requested, or a part of it: with its own day and number.

    The part is exact ``serials``, or the lowest ``quantity`` of what is still set aside.
    """

    request_id: int
    programme: str
    retired_on: date
    reference: str
    serials: SerialRange | None = field(default=None, metadata=LATER)
    quantity: int | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True)
class EndRequest:
    """Give what was requested back to its holder: cancelled, or past its time."""

    request_id: int
    programme: str
    end: RequestEnd


@dataclass(frozen=True, slots=True)
class UseCredits:
    """Use exact serials for something else than a pilot's offset. ``beneficiary`` is whose use it is; of
    its own sink that is a pilot, for one of its periods, and no text."""

    serials: SerialRange
    programme: str
    holder_id: int | None
    quantity: int | None
    purpose: Purpose
    used_on: date
    beneficiary: str | None
    reference: str | None
    pilot_id: int | None = field(default=None, metadata=LATER)
    period_id: int | None = field(default=None, metadata=LATER)


class SerialsAction(StrEnum):
    """What can be done to exact serials by order of a court or of their registry."""

    FREEZE = "FREEZE"
    UNFREEZE = "UNFREEZE"
    INVALIDATE = "INVALIDATE"


@dataclass(frozen=True, slots=True)
class ActOnSerials:
    serials: SerialRange
    programme: str
    action: SerialsAction
    grounds: Grounds


class BatchAction(StrEnum):
    """What can be done to a whole batch at once: a fact about it, however fragmented it is.

    EXPORT: its reductions left the country with a corresponding adjustment (rule 10).
    """

    FREEZE = "FREEZE"
    UNFREEZE = "UNFREEZE"
    INVALIDATE = "INVALIDATE"
    EXPORT = "EXPORT"


@dataclass(frozen=True, slots=True)
class ActOnBatch:
    batch_id: int
    programme: str
    action: BatchAction
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class CorrectPosting:
    """Reverse a clerical error of ours, whole: an issuance, a retirement, another use, a
    transfer, an invalidation of what was held or frozen, or of a whole batch, or its export."""

    posting_id: int
    programme: str
    grounds: Grounds


# What may have to wait for a second person.
Proposable = ActOnSerials | ActOnBatch | CorrectPosting


@dataclass(frozen=True, slots=True)
class ProposeOrder:
    """Let an order wait for a second person; ``expires_at`` None: as long as is usual."""

    order: Proposable
    expires_at: datetime | None

    @property
    def programme(self) -> str:
        return self.order.programme


@dataclass(frozen=True, slots=True)
class ApproveProposal:
    """Carry out what another person proposed; ``api_key_id`` is the key of who approves."""

    proposal_id: int
    programme: str
    api_key_id: int


@dataclass(frozen=True, slots=True)
class WithdrawProposal:
    proposal_id: int
    programme: str


@dataclass(frozen=True, slots=True)
class ResolveDoubleIssuance:
    """Say what was found of a batch and the other one that it seemed to double (rule 2)."""

    batch_id: int
    other_id: int
    finding: Finding
    grounds: Grounds


Retire = RetireSerials | RetireQuantity
# What names exact serials that somebody holds.
OfSerials = TransferCredits | RetireSerials | RequestRetirement | UseCredits
Command = (
    IssueCredits
    | TransferCredits
    | RetireSerials
    | RetireQuantity
    | RequestRetirement
    | ConfirmRetirement
    | EndRequest
    | UseCredits
    | ActOnSerials
    | ActOnBatch
    | CorrectPosting
    | ProposeOrder
    | ApproveProposal
    | WithdrawProposal
)
