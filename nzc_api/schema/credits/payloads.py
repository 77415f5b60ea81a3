"""What the ledger's mutations answer: a success, or one of the failures that it can meet."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.ids import Position
from nzc_api.log.model import Entry
from nzc_api.schema.certificates.errors import PowerCredited
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.errors import (
    DoubleIssuanceResolved,
    DoubleIssuanceSuspected,
    EnrolmentTaken,
    ForestryMislabelled,
    IssuanceExceeded,
    IssuedInAnotherForm,
    MethodologyRequired,
    MonitoringPeriodRequired,
    OutsideCreditingPeriod,
    ProjectCodeTaken,
    ProjectNotEnrolled,
    QuantityMismatch,
    ReductionsNotAppliedFor,
    ReductionsNotRegistered,
    ReferenceTaken,
    RefusedByProgrammeRule,
    SameSiteResolved,
    SerialBlockOverlap,
    SerialRangeInvalid,
)
from nzc_api.schema.credits.posted import CreditTransfer
from nzc_api.schema.credits.posting_errors import (
    AlreadyCorrected,
    BatchWithdrawn,
    CreditFromInsideBoundary,
    CreditFromInsideSuspected,
    CreditsExported,
    CreditsFrozen,
    CreditsInvalidated,
    CreditsNotFrozen,
    InsufficientCredits,
    InvalidatedInUse,
    MovedSince,
    NotCorrectable,
    NotOwnSink,
    RequestEnded,
    SerialRangeSpansBatches,
    SerialsAlreadyRetired,
    SerialsAlreadyUsed,
    SerialsNotHeld,
    SerialsNotIssued,
    SerialsNotSetAside,
    SerialsPending,
    TooFragmented,
    TooManyParts,
    VintageAfterRetirement,
)
from nzc_api.schema.credits.postings import LedgerPosting
from nzc_api.schema.credits.previews import LedgerPreview
from nzc_api.schema.credits.projects import Project
from nzc_api.schema.credits.proposal_errors import SecondPersonNeeded
from nzc_api.schema.credits.requests import RetirementRequest
from nzc_api.schema.credits.retirements import Retirement
from nzc_api.schema.credits.uses import CreditUse
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    First,
    Trail,
    page_by_position,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.fields import dear
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.boundaries import BoundaryChanged
from nzc_api.schema.pilots.errors import PeriodNotOfPilot, PilotClosed
from nzc_api.schema.pilots.types import Pilot


@strawberry.type(description="A project was registered.")
class RegisterProjectSuccess(Success):
    kind: ClassVar[str] = "Project"
    field: ClassVar[str] = "project"

    project: Project = strawberry.field(description="The project.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A project's registration in a programme was recorded.")
class EnrolProjectSuccess(Success):
    kind: ClassVar[str] = "Project"
    field: ClassVar[str] = "project"

    project: Project = strawberry.field(description="The project.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Credits were issued.")
class IssueCreditsSuccess(Success):
    kind: ClassVar[str] = "CreditBatch"
    field: ClassVar[str] = "batch"

    batch: CreditBatch = strawberry.field(description="The batch.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Credits were transferred.")
class TransferCreditsSuccess(Success):
    kind: ClassVar[str] = "CreditTransfer"
    field: ClassVar[str] = "transfer"

    transfer: CreditTransfer = strawberry.field(description="The transfer.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Credits were retired.")
class RetireCreditsSuccess(Success):
    kind: ClassVar[str] = "Retirement"
    field: ClassVar[str] = "retirement"

    retirement: Retirement = strawberry.field(description="The retirement.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Credits were set aside for a retirement.")
class RequestRetirementSuccess(Success):
    kind: ClassVar[str] = "RetirementRequest"
    field: ClassVar[str] = "request"

    request: RetirementRequest = strawberry.field(description="The request.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A requested retirement was confirmed.")
class ConfirmRetirementSuccess(Success):
    kind: ClassVar[str] = "Retirement"
    field: ClassVar[str] = "retirement"

    retirement: Retirement = strawberry.field(description="The retirement.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A requested retirement was cancelled.")
class CancelRetirementRequestSuccess(Success):
    kind: ClassVar[str] = "LedgerPosting"
    field: ClassVar[str] = "posting"

    posting: LedgerPosting = strawberry.field(description="What gave the credits back.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Credits were used for something else than a pilot.")
class UseCreditsSuccess(Success):
    kind: ClassVar[str] = "CreditUse"
    field: ClassVar[str] = "use"

    use: CreditUse = strawberry.field(description="The use.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Credits were frozen.")
class FreezeCreditsSuccess(Success):
    kind: ClassVar[str] = "LedgerPosting"
    field: ClassVar[str] = "posting"

    posting: LedgerPosting = strawberry.field(description="What froze them.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Credits were unfrozen.")
class UnfreezeCreditsSuccess(Success):
    kind: ClassVar[str] = "LedgerPosting"
    field: ClassVar[str] = "posting"

    posting: LedgerPosting = strawberry.field(description="What unfroze them.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Credits were invalidated.")
class InvalidateCreditsSuccess(Success):
    kind: ClassVar[str] = "LedgerPosting"
    field: ClassVar[str] = "posting"

    posting: LedgerPosting = strawberry.field(description="What invalidated them.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An export with a corresponding adjustment was recorded.")
class RecordExportSuccess(Success):
    kind: ClassVar[str] = "LedgerPosting"
    field: ClassVar[str] = "posting"

    posting: LedgerPosting = strawberry.field(description="What recorded it.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A clerical error was corrected.")
class CorrectPostingSuccess(Success):
    kind: ClassVar[str] = "LedgerPosting"
    field: ClassVar[str] = "posting"

    posting: LedgerPosting = strawberry.field(description="The correction.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A suspected double issuance was resolved.")
class ResolveDoubleIssuanceSuccess(Success):
    kind: ClassVar[str] = "CreditBatch"
    field: ClassVar[str] = "batch"

    batch: CreditBatch = strawberry.field(description="The later batch.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Where a project is was amended.")
class AmendProjectSuccess(BoundaryChanged):
    kind: ClassVar[str] = "Project"
    field: ClassVar[str] = "project"

    project: Project = strawberry.field(description="The project.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)

    @dear(
        "The batches that became suspected, oldest first: what was issued of it and of another project at its site for "
        "the same days may be one reduction issued twice. None of them can be used until that is resolved. The same in "
        "a replay.",
        statements=2,
    )
    async def suspected_batches(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[CreditBatch]:
        page = page_by_position(first, after)
        ids = await info.context.services.trace.suspected_at(Position(self.position), page)
        found = [b for b in await info.context.loaders.batch.load_many(ids) if b is not None]
        return trail(found, page, lambda row: row.id, lambda row: CreditBatch(domain=row))


@strawberry.type(description="It was found what a pilot and something else at its site are.")
class ResolveSameSiteSuccess(BoundaryChanged):
    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)

    @classmethod
    def told_of(cls, entry: Entry) -> int:
        """The pilot; the entry is about what is at its site."""
        return int(entry.body["pilot"])


# What every mutation can meet.
Always = InvalidInput | NotFound | IdempotencyKeyReused
# What a serial range can meet.
Ranges = (
    SerialRangeInvalid
    | QuantityMismatch
    | SerialsNotIssued
    | SerialRangeSpansBatches
    | TooFragmented
)
# Where credits can be instead of with their holder.
Elsewhere = (
    SerialsAlreadyRetired
    | SerialsAlreadyUsed
    | SerialsNotHeld
    | SerialsPending
    | CreditsFrozen
    | CreditsInvalidated
)
# What keeps credits from a pilot.
Unusable = (
    VintageAfterRetirement
    | CreditFromInsideBoundary
    | CreditFromInsideSuspected
    | CreditsExported
    | DoubleIssuanceSuspected
)

RegisterProjectPayload = Annotated[
    RegisterProjectSuccess | LedgerPreview | ProjectCodeTaken | Always,
    union("RegisterProjectPayload"),
]
AmendProjectPayload = Annotated[
    AmendProjectSuccess
    | LedgerPreview
    | MethodologyRequired
    | ForestryMislabelled
    | ProjectNotEnrolled
    | OutsideCreditingPeriod
    | Always,
    union("AmendProjectPayload"),
]
ResolveSameSitePayload = Annotated[
    ResolveSameSiteSuccess
    | LedgerPreview
    | SameSiteResolved
    | MethodologyRequired
    | ForestryMislabelled
    | Always,
    union("ResolveSameSitePayload"),
]
EnrolProjectPayload = Annotated[
    EnrolProjectSuccess
    | LedgerPreview
    | EnrolmentTaken
    | RefusedByProgrammeRule
    | MethodologyRequired
    | ForestryMislabelled
    | Always,
    union("EnrolProjectPayload"),
]
IssueCreditsPayload = Annotated[
    IssueCreditsSuccess
    | LedgerPreview
    | SerialRangeInvalid
    | QuantityMismatch
    | SerialBlockOverlap
    | IssuanceExceeded
    | IssuedInAnotherForm
    | PowerCredited
    | ProjectNotEnrolled
    | ReductionsNotAppliedFor
    | ReductionsNotRegistered
    | RefusedByProgrammeRule
    | MonitoringPeriodRequired
    | OutsideCreditingPeriod
    | Always,
    union("IssueCreditsPayload"),
]
TransferCreditsPayload = Annotated[
    TransferCreditsSuccess | LedgerPreview | Ranges | Elsewhere | Always,
    union("TransferCreditsPayload"),
]
RetireCreditsPayload = Annotated[
    RetireCreditsSuccess
    | LedgerPreview
    | PeriodNotOfPilot
    | PilotClosed
    | InsufficientCredits
    | ReferenceTaken
    | Ranges
    | Elsewhere
    | Unusable
    | Always,
    union("RetireCreditsPayload"),
]
RequestRetirementPayload = Annotated[
    RequestRetirementSuccess
    | LedgerPreview
    | PeriodNotOfPilot
    | PilotClosed
    | Ranges
    | Elsewhere
    | Unusable
    | Always,
    union("RequestRetirementPayload"),
]
ConfirmRetirementPayload = Annotated[
    ConfirmRetirementSuccess
    | LedgerPreview
    | RequestEnded
    | ReferenceTaken
    | SerialRangeInvalid
    | QuantityMismatch
    | SerialsNotSetAside
    | InsufficientCredits
    | TooManyParts
    | CreditsFrozen
    | CreditsInvalidated
    | Unusable
    | Always,
    union("ConfirmRetirementPayload"),
]
CancelRetirementRequestPayload = Annotated[
    CancelRetirementRequestSuccess | LedgerPreview | RequestEnded | Always,
    union("CancelRetirementRequestPayload"),
]
UseCreditsPayload = Annotated[
    UseCreditsSuccess
    | LedgerPreview
    | VintageAfterRetirement
    | CreditsExported
    | DoubleIssuanceSuspected
    | NotOwnSink
    | PeriodNotOfPilot
    | PilotClosed
    | ReferenceTaken
    | Ranges
    | Elsewhere
    | Always,
    union("UseCreditsPayload"),
]
FreezeCreditsPayload = Annotated[
    FreezeCreditsSuccess | LedgerPreview | BatchWithdrawn | Ranges | Elsewhere | Always,
    union("FreezeCreditsPayload"),
]
UnfreezeCreditsPayload = Annotated[
    UnfreezeCreditsSuccess | LedgerPreview | CreditsNotFrozen | BatchWithdrawn | Ranges | Always,
    union("UnfreezeCreditsPayload"),
]
InvalidateCreditsPayload = Annotated[
    InvalidateCreditsSuccess
    | LedgerPreview
    | SecondPersonNeeded
    | CreditsInvalidated
    | BatchWithdrawn
    | SerialsPending
    | Ranges
    | Always,
    union("InvalidateCreditsPayload"),
]
RecordExportPayload = Annotated[
    RecordExportSuccess
    | LedgerPreview
    | CreditsExported
    | CreditsFrozen
    | CreditsInvalidated
    | BatchWithdrawn
    | Always,
    union("RecordExportPayload"),
]
CorrectPostingPayload = Annotated[
    CorrectPostingSuccess
    | LedgerPreview
    | SecondPersonNeeded
    | NotCorrectable
    | InvalidatedInUse
    | AlreadyCorrected
    | MovedSince
    | TooFragmented
    | CreditsExported
    | CreditsFrozen
    | CreditsInvalidated
    | Always,
    union("CorrectPostingPayload"),
]
ResolveDoubleIssuancePayload = Annotated[
    ResolveDoubleIssuanceSuccess | LedgerPreview | DoubleIssuanceResolved | Always,
    union("ResolveDoubleIssuancePayload"),
]
