"""What mutations answer: a success, or one of the failures that the mutation can meet."""

from typing import Annotated, Any, ClassVar

import strawberry

from nzc_api.inventories.creation import MOST_LINES_TO_BEGIN_WITH
from nzc_api.schema.boundaries import BoundaryChanged
from nzc_api.schema.context import Info
from nzc_api.schema.documents import Document
from nzc_api.schema.errors import (
    AccountingPeriodInUse,
    AccountingPeriodOverlap,
    AccountingPeriodWithdrawn,
    ActivityOutOfRange,
    ApplicantNotEligible,
    BeforeOperation,
    CategoryDeclaredNotOccurring,
    CategoryRoleMismatch,
    ConversionImplausible,
    CreditCodeTaken,
    DatesOutOfOrder,
    DensityRequired,
    DocumentAlreadyAttached,
    DocumentTooLarge,
    DocumentTypeNotAccepted,
    FactorDoesNotFitCategory,
    FactorNotInList,
    GridBaselineRefused,
    GwpMissing,
    IdempotencyKeyReused,
    InvalidInput,
    InventoriesOutsideOperation,
    InventoryEmpty,
    InventoryFull,
    InventoryOutsidePeriod,
    InventoryOverlap,
    InventoryStatusConflict,
    InventorySuperseded,
    LinesDoNotFitRevision,
    LinesDoNotFitTerms,
    MemoGasMixed,
    MeterAlreadyAccounted,
    NotASink,
    NotFound,
    PeriodNotOfPilot,
    PhaseNotOfVariant,
    PilotClosed,
    PilotCodeTaken,
    RetiredAfterClosure,
    SinkBasisRequired,
    SinkGasRefused,
    SinkImplausible,
    SurroundingPilotCycle,
    TargetAlreadyRecorded,
    TargetBaselineIncomplete,
    TargetBaselineNotPositive,
    TargetBaselineUnknown,
    TargetBeforeBaseline,
    TargetDoesNotEndAtZero,
    TargetRises,
    TargetSuperseded,
    TargetYearsDoNotRise,
    UnitDoesNotFit,
    UnitUnknown,
    WarningsNotAcknowledged,
    ZeroFactorUnexplained,
)
from nzc_api.schema.fields import short_list
from nzc_api.schema.inventories import Inventory, InventoryLine, line_node
from nzc_api.schema.new_inventories import NewInventoryPreview
from nzc_api.schema.organisations import ApiKey, Organisation
from nzc_api.schema.pilots import AccountingPeriod, Pilot
from nzc_api.schema.previews import InventoryPreview
from nzc_api.schema.scalars import BigInt
from nzc_api.schema.targets import Target

REPLAYED = "Whether this answers an earlier request with the same key; nothing was done again."
AS_OF = (
    "The position of the log at which it was done; what it shows is as it is now. Null in a replay of what was done "
    "before December 2026."
)


@strawberry.type(description="An organisation was registered.")
class RegisterOrganisationSuccess:
    kind: ClassVar[str] = "Organisation"
    field: ClassVar[str] = "organisation"

    organisation: Organisation = strawberry.field(description="The organisation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An organisation was amended, or was so already.")
class AmendOrganisationSuccess:
    kind: ClassVar[str] = "Organisation"
    field: ClassVar[str] = "organisation"

    organisation: Organisation = strawberry.field(description="The organisation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A key was issued.")
class IssueApiKeySuccess:
    kind: ClassVar[str] = "ApiKey"
    field: ClassVar[str] = "api_key"

    api_key: ApiKey = strawberry.field(description="The key.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)
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
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A pilot was registered.")
class RegisterPilotSuccess:
    kind: ClassVar[str] = "Pilot"
    field: ClassVar[str] = "pilot"

    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A pilot was amended, or was so already.")
class AmendPilotSuccess:
    kind: ClassVar[str] = "Pilot"
    field: ClassVar[str] = "pilot"

    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A pilot was placed.")
class PlacePilotSuccess(BoundaryChanged):
    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="It was recorded that two pilots share ground.")
class RecordPilotOverlapSuccess(BoundaryChanged):
    pilot: Pilot = strawberry.field(description="The first pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An accounting period was registered.")
class RegisterAccountingPeriodSuccess:
    kind: ClassVar[str] = "AccountingPeriod"
    field: ClassVar[str] = "accounting_period"

    accounting_period: AccountingPeriod = strawberry.field(description="The period.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An accounting period was taken back.")
class WithdrawAccountingPeriodSuccess:
    kind: ClassVar[str] = "AccountingPeriod"
    field: ClassVar[str] = "accounting_period"

    accounting_period: AccountingPeriod = strawberry.field(description="The period, withdrawn.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An inventory was created.")
class CreateInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)

    @short_list(
        "The lines that it began with, in the order of the input, sources, then sinks: as they are now, null where one "
        "was taken out since. One that was amended since has a later `position` than `asOfPosition`.",
        MOST_LINES_TO_BEGIN_WITH,
        statements=2,
    )
    async def lines(self, info: Info) -> list[InventoryLine | None]:
        born = self.inventory.domain.id
        # They were recorded right behind it.
        last = born if self.as_of_position is None else int(self.as_of_position)
        sight = await info.context.sight()
        keys = [(line, sight) for line in range(born + 1, last + 1)]
        found = await info.context.loaders.line.load_many(keys)
        return [None if line is None else line_node(line) for line in found]


@strawberry.type(description="Emission sources were recorded.")
class RecordEmissionSourcesSuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Sinks were recorded.")
class RecordSinksSuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A line was amended.")
class AmendInventoryLineSuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A draft was amended.")
class AmendInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A draft was given up.")
class DiscardInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The inventory, discarded.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A line was taken out.")
class RemoveInventoryLineSuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An inventory was submitted.")
class SubmitInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The inventory, frozen.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An inventory was verified.")
class VerifyInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The inventory.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A new version was made.")
class ReviseInventorySuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The new version: a draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A document was attached.")
class AttachDocumentSuccess:
    kind: ClassVar[str] = "Document"
    field: ClassVar[str] = "document"

    document: Document = strawberry.field(description="The document.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A target was recorded.")
class RecordTargetSuccess:
    kind: ClassVar[str] = "Target"
    field: ClassVar[str] = "target"

    target: Target = strawberry.field(description="The target.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A target was revised.")
class ReviseTargetSuccess:
    kind: ClassVar[str] = "Target"
    field: ClassVar[str] = "target"

    target: Target = strawberry.field(description="The new version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


def union(name: str) -> Any:
    return strawberry.union(name, description=f"The outcome of `{name[0].lower()}{name[1:-7]}`.")


RegisterOrganisationPayload = Annotated[
    RegisterOrganisationSuccess | InvalidInput | CreditCodeTaken | IdempotencyKeyReused,
    union("RegisterOrganisationPayload"),
]
AmendOrganisationPayload = Annotated[
    AmendOrganisationSuccess | InvalidInput | NotFound | CreditCodeTaken | IdempotencyKeyReused,
    union("AmendOrganisationPayload"),
]
IssueApiKeyPayload = Annotated[
    IssueApiKeySuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("IssueApiKeyPayload"),
]
RevokeApiKeyPayload = Annotated[
    RevokeApiKeySuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("RevokeApiKeyPayload"),
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
    union("RegisterPilotPayload"),
]
AmendPilotPayload = Annotated[
    AmendPilotSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | InventoriesOutsideOperation
    | RetiredAfterClosure
    | IdempotencyKeyReused,
    union("AmendPilotPayload"),
]
PlacePilotPayload = Annotated[
    PlacePilotSuccess | InvalidInput | NotFound | SurroundingPilotCycle | IdempotencyKeyReused,
    union("PlacePilotPayload"),
]
RecordPilotOverlapPayload = Annotated[
    RecordPilotOverlapSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("RecordPilotOverlapPayload"),
]
RegisterAccountingPeriodPayload = Annotated[
    RegisterAccountingPeriodSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | AccountingPeriodOverlap
    | IdempotencyKeyReused,
    union("RegisterAccountingPeriodPayload"),
]
WithdrawAccountingPeriodPayload = Annotated[
    WithdrawAccountingPeriodSuccess
    | InvalidInput
    | NotFound
    | AccountingPeriodWithdrawn
    | AccountingPeriodInUse
    | IdempotencyKeyReused,
    union("WithdrawAccountingPeriodPayload"),
]
# What a line's category and factor can meet.
FactorRefused = (
    CategoryRoleMismatch | CategoryDeclaredNotOccurring | FactorNotInList | FactorDoesNotFitCategory
)
# What its activity can meet.
ActivityRefused = (
    MemoGasMixed
    | ActivityOutOfRange
    | UnitUnknown
    | UnitDoesNotFit
    | DensityRequired
    | ConversionImplausible
    | GridBaselineRefused
    | GwpMissing
)
CreateInventoryPayload = Annotated[
    CreateInventorySuccess
    | NewInventoryPreview
    | InvalidInput
    | NotFound
    | PeriodNotOfPilot
    | PhaseNotOfVariant
    | BeforeOperation
    | DatesOutOfOrder
    | InventoryOutsidePeriod
    | PilotClosed
    | FactorRefused
    | ZeroFactorUnexplained
    | SinkGasRefused
    | SinkBasisRequired
    | SinkImplausible
    | NotASink
    | ActivityRefused
    | IdempotencyKeyReused,
    union("CreateInventoryPayload"),
]
RecordEmissionSourcesPayload = Annotated[
    RecordEmissionSourcesSuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventoryFull
    | FactorRefused
    | ZeroFactorUnexplained
    | ActivityRefused
    | IdempotencyKeyReused,
    union("RecordEmissionSourcesPayload"),
]
RecordSinksPayload = Annotated[
    RecordSinksSuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventoryFull
    | FactorRefused
    | SinkGasRefused
    | SinkBasisRequired
    | SinkImplausible
    | NotASink
    | ActivityRefused
    | IdempotencyKeyReused,
    union("RecordSinksPayload"),
]
AmendInventoryLinePayload = Annotated[
    AmendInventoryLineSuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | FactorRefused
    | ZeroFactorUnexplained
    | SinkGasRefused
    | SinkBasisRequired
    | SinkImplausible
    | NotASink
    | ActivityRefused
    | IdempotencyKeyReused,
    union("AmendInventoryLinePayload"),
]
AmendInventoryPayload = Annotated[
    AmendInventorySuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | BeforeOperation
    | DatesOutOfOrder
    | InventoryOutsidePeriod
    | PilotClosed
    | LinesDoNotFitTerms
    | IdempotencyKeyReused,
    union("AmendInventoryPayload"),
]
DiscardInventoryPayload = Annotated[
    DiscardInventorySuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | IdempotencyKeyReused,
    union("DiscardInventoryPayload"),
]
RemoveInventoryLinePayload = Annotated[
    RemoveInventoryLineSuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | IdempotencyKeyReused,
    union("RemoveInventoryLinePayload"),
]
SubmitInventoryPayload = Annotated[
    SubmitInventorySuccess
    | InventoryPreview
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventoryEmpty
    | InventoryOverlap
    | MeterAlreadyAccounted
    | IdempotencyKeyReused,
    union("SubmitInventoryPayload"),
]
VerifyInventoryPayload = Annotated[
    VerifyInventorySuccess
    | InventoryPreview
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventorySuperseded
    | InventoryOverlap
    | WarningsNotAcknowledged
    | IdempotencyKeyReused,
    union("VerifyInventoryPayload"),
]
ReviseInventoryPayload = Annotated[
    ReviseInventorySuccess
    | InventoryPreview
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventorySuperseded
    | LinesDoNotFitRevision
    | IdempotencyKeyReused,
    union("ReviseInventoryPayload"),
]
RecordTargetPayload = Annotated[
    RecordTargetSuccess
    | InvalidInput
    | NotFound
    | PeriodNotOfPilot
    | TargetAlreadyRecorded
    | TargetBaselineUnknown
    | TargetBaselineIncomplete
    | TargetBaselineNotPositive
    | TargetYearsDoNotRise
    | TargetBeforeBaseline
    | TargetRises
    | TargetDoesNotEndAtZero
    | IdempotencyKeyReused,
    union("RecordTargetPayload"),
]
ReviseTargetPayload = Annotated[
    ReviseTargetSuccess
    | InvalidInput
    | NotFound
    | PeriodNotOfPilot
    | TargetSuperseded
    | TargetBaselineUnknown
    | TargetBaselineIncomplete
    | TargetBaselineNotPositive
    | TargetYearsDoNotRise
    | TargetBeforeBaseline
    | TargetRises
    | TargetDoesNotEndAtZero
    | IdempotencyKeyReused,
    union("ReviseTargetPayload"),
]
AttachDocumentPayload = Annotated[
    AttachDocumentSuccess
    | InvalidInput
    | NotFound
    | DocumentTooLarge
    | DocumentTypeNotAccepted
    | DocumentAlreadyAttached
    | IdempotencyKeyReused,
    union("AttachDocumentPayload"),
]
