"""What mutations answer: a success, or one of the failures that the mutation can meet."""

from typing import Annotated, Any, ClassVar

import strawberry

from nzc_api.schema.credits import CreditBatch, CreditTransfer, Project, Retirement
from nzc_api.schema.errors import (
    AccountingPeriodOverlap,
    ActivityOutOfRange,
    ApplicantNotEligible,
    CategoryDeclaredNotOccurring,
    CategoryRoleMismatch,
    CreditFromInsideBoundary,
    DatesOutOfOrder,
    DensityRequired,
    EnrolmentTaken,
    FactorDoesNotFitCategory,
    FactorNotInList,
    GridBaselineRefused,
    GwpMissing,
    IdempotencyKeyReused,
    InsufficientCredits,
    InvalidInput,
    InventoryEmpty,
    InventoryOutsidePeriod,
    InventoryOverlap,
    InventoryStatusConflict,
    InventorySuperseded,
    LinesDoNotFitRevision,
    MemoGasMixed,
    NotFound,
    PeriodNotOfPilot,
    PhaseNotOfVariant,
    PilotCodeTaken,
    ProjectCodeTaken,
    ProjectNotEnrolled,
    QuantityMismatch,
    ReductionsNotRegistered,
    RefusedByProgrammeRule,
    SerialBlockOverlap,
    SerialRangeInvalid,
    SerialRangeSpansBatches,
    SerialsAlreadyRetired,
    SerialsNotHeld,
    SerialsNotIssued,
    SinkGasRefused,
    SurroundingPilotCycle,
    TooFragmented,
    UnitDoesNotFit,
    UnitUnknown,
    VintageAfterRetirement,
)
from nzc_api.schema.inventories import Inventory
from nzc_api.schema.organisations import ApiKey, Organisation
from nzc_api.schema.pilots import AccountingPeriod, Pilot

REPLAYED = "Whether this answers an earlier request with the same key; nothing was done again."


@strawberry.type(description="An organisation was registered.")
class RegisterOrganisationSuccess:
    kind: ClassVar[str] = "Organisation"
    field: ClassVar[str] = "organisation"

    organisation: Organisation = strawberry.field(description="The organisation.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="A key was issued.")
class IssueApiKeySuccess:
    kind: ClassVar[str] = "ApiKey"
    field: ClassVar[str] = "api_key"

    api_key: ApiKey = strawberry.field(description="The key.")
    replayed: bool = strawberry.field(description=REPLAYED)
    secret: str | None = strawberry.field(
        default=None,
        description="The secret to send as `Authorization: Bearer …`. It is shown this once and not "
        "kept: null in a replay.",
    )


@strawberry.type(description="A key was revoked.")
class RevokeApiKeySuccess:
    kind: ClassVar[str] = "ApiKey"
    field: ClassVar[str] = "api_key"

    api_key: ApiKey = strawberry.field(description="The key.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="A pilot was registered.")
class RegisterPilotSuccess:
    kind: ClassVar[str] = "Pilot"
    field: ClassVar[str] = "pilot"

    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="A pilot was placed.")
class PlacePilotSuccess:
    kind: ClassVar[str] = "Pilot"
    field: ClassVar[str] = "pilot"

    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="An accounting period was registered.")
class RegisterAccountingPeriodSuccess:
    kind: ClassVar[str] = "AccountingPeriod"
    field: ClassVar[str] = "accounting_period"

    accounting_period: AccountingPeriod = strawberry.field(description="The period.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="An inventory was created.")
class CreateInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="Emission sources were recorded.")
class RecordEmissionSourcesSuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="Sinks were recorded.")
class RecordSinksSuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="A line was taken out.")
class RemoveInventoryLineSuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="An inventory was submitted.")
class SubmitInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The inventory, frozen.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="An inventory was verified.")
class VerifyInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The inventory.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="A new version was made.")
class ReviseInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The new version: a draft.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="A project was registered.")
class RegisterProjectSuccess:
    kind: ClassVar[str] = "Project"
    field: ClassVar[str] = "project"

    project: Project = strawberry.field(description="The project.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="A project's registration in a programme was recorded.")
class EnrolProjectSuccess:
    kind: ClassVar[str] = "Project"
    field: ClassVar[str] = "project"

    project: Project = strawberry.field(description="The project.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="Credits were issued.")
class IssueCreditsSuccess:
    kind: ClassVar[str] = "CreditBatch"
    field: ClassVar[str] = "batch"

    batch: CreditBatch = strawberry.field(description="The batch.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="Credits were transferred.")
class TransferCreditsSuccess:
    kind: ClassVar[str] = "CreditTransfer"
    field: ClassVar[str] = "transfer"

    transfer: CreditTransfer = strawberry.field(description="The transfer.")
    replayed: bool = strawberry.field(description=REPLAYED)


@strawberry.type(description="Credits were retired.")
class RetireCreditsSuccess:
    kind: ClassVar[str] = "Retirement"
    field: ClassVar[str] = "retirement"

    retirement: Retirement = strawberry.field(description="The retirement.")
    replayed: bool = strawberry.field(description=REPLAYED)


def _union(name: str) -> Any:
    return strawberry.union(name, description=f"The outcome of `{name[0].lower()}{name[1:-7]}`.")


RegisterOrganisationPayload = Annotated[
    RegisterOrganisationSuccess | InvalidInput | IdempotencyKeyReused,
    _union("RegisterOrganisationPayload"),
]
IssueApiKeyPayload = Annotated[
    IssueApiKeySuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    _union("IssueApiKeyPayload"),
]
RevokeApiKeyPayload = Annotated[
    RevokeApiKeySuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    _union("RevokeApiKeyPayload"),
]
RegisterPilotPayload = Annotated[
    RegisterPilotSuccess
    | InvalidInput
    | NotFound
    | PilotCodeTaken
    | ApplicantNotEligible
    | DatesOutOfOrder
    | AccountingPeriodOverlap
    | IdempotencyKeyReused,
    _union("RegisterPilotPayload"),
]
PlacePilotPayload = Annotated[
    PlacePilotSuccess | InvalidInput | NotFound | SurroundingPilotCycle | IdempotencyKeyReused,
    _union("PlacePilotPayload"),
]
RegisterAccountingPeriodPayload = Annotated[
    RegisterAccountingPeriodSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | AccountingPeriodOverlap
    | IdempotencyKeyReused,
    _union("RegisterAccountingPeriodPayload"),
]
CreateInventoryPayload = Annotated[
    CreateInventorySuccess
    | InvalidInput
    | NotFound
    | PeriodNotOfPilot
    | PhaseNotOfVariant
    | DatesOutOfOrder
    | InventoryOutsidePeriod
    | IdempotencyKeyReused,
    _union("CreateInventoryPayload"),
]
RecordEmissionSourcesPayload = Annotated[
    RecordEmissionSourcesSuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | CategoryRoleMismatch
    | CategoryDeclaredNotOccurring
    | FactorNotInList
    | FactorDoesNotFitCategory
    | MemoGasMixed
    | ActivityOutOfRange
    | UnitUnknown
    | UnitDoesNotFit
    | DensityRequired
    | GridBaselineRefused
    | GwpMissing
    | IdempotencyKeyReused,
    _union("RecordEmissionSourcesPayload"),
]
RecordSinksPayload = Annotated[
    RecordSinksSuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | CategoryRoleMismatch
    | CategoryDeclaredNotOccurring
    | FactorNotInList
    | FactorDoesNotFitCategory
    | SinkGasRefused
    | MemoGasMixed
    | ActivityOutOfRange
    | UnitUnknown
    | UnitDoesNotFit
    | DensityRequired
    | GridBaselineRefused
    | GwpMissing
    | IdempotencyKeyReused,
    _union("RecordSinksPayload"),
]
RemoveInventoryLinePayload = Annotated[
    RemoveInventoryLineSuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | IdempotencyKeyReused,
    _union("RemoveInventoryLinePayload"),
]
SubmitInventoryPayload = Annotated[
    SubmitInventorySuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventoryEmpty
    | InventoryOverlap
    | IdempotencyKeyReused,
    _union("SubmitInventoryPayload"),
]
VerifyInventoryPayload = Annotated[
    VerifyInventorySuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventorySuperseded
    | InventoryOverlap
    | IdempotencyKeyReused,
    _union("VerifyInventoryPayload"),
]
ReviseInventoryPayload = Annotated[
    ReviseInventorySuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventorySuperseded
    | LinesDoNotFitRevision
    | IdempotencyKeyReused,
    _union("ReviseInventoryPayload"),
]
RegisterProjectPayload = Annotated[
    RegisterProjectSuccess | InvalidInput | NotFound | ProjectCodeTaken | IdempotencyKeyReused,
    _union("RegisterProjectPayload"),
]
EnrolProjectPayload = Annotated[
    EnrolProjectSuccess
    | InvalidInput
    | NotFound
    | EnrolmentTaken
    | RefusedByProgrammeRule
    | IdempotencyKeyReused,
    _union("EnrolProjectPayload"),
]
IssueCreditsPayload = Annotated[
    IssueCreditsSuccess
    | InvalidInput
    | NotFound
    | SerialRangeInvalid
    | QuantityMismatch
    | SerialBlockOverlap
    | ProjectNotEnrolled
    | ReductionsNotRegistered
    | RefusedByProgrammeRule
    | IdempotencyKeyReused,
    _union("IssueCreditsPayload"),
]
TransferCreditsPayload = Annotated[
    TransferCreditsSuccess
    | InvalidInput
    | NotFound
    | SerialRangeInvalid
    | QuantityMismatch
    | SerialsNotIssued
    | SerialRangeSpansBatches
    | SerialsAlreadyRetired
    | SerialsNotHeld
    | TooFragmented
    | IdempotencyKeyReused,
    _union("TransferCreditsPayload"),
]
RetireCreditsPayload = Annotated[
    RetireCreditsSuccess
    | InvalidInput
    | NotFound
    | PeriodNotOfPilot
    | SerialRangeInvalid
    | QuantityMismatch
    | SerialsNotIssued
    | SerialRangeSpansBatches
    | SerialsAlreadyRetired
    | SerialsNotHeld
    | InsufficientCredits
    | VintageAfterRetirement
    | CreditFromInsideBoundary
    | TooFragmented
    | IdempotencyKeyReused,
    _union("RetireCreditsPayload"),
]
