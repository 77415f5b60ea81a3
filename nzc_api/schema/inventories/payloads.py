"""What mutations of inventories answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.ids import LineId
from nzc_api.inventories.creation import MOST_LINES_TO_BEGIN_WITH
from nzc_api.schema.certificates.errors import GreenPowerRefused, PowerCredited
from nzc_api.schema.factors.errors import (
    ActivityOutOfRange,
    ConversionImplausible,
    DensityRequired,
    GridBaselineRefused,
    GwpMissing,
    UnitDoesNotFit,
    UnitUnknown,
)
from nzc_api.schema.inventories.creation import NewInventoryPreview
from nzc_api.schema.inventories.errors import (
    BeforeOperation,
    CategoryDeclaredNotOccurring,
    CategoryRoleMismatch,
    FactorDoesNotFitCategory,
    FactorNotInList,
    GreenPowerNotByLocation,
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
    PhaseNotOfVariant,
    SinkBasisRequired,
    SinkGasRefused,
    SinkImplausible,
    WarningsNotAcknowledged,
    ZeroFactorUnexplained,
)
from nzc_api.schema.inventories.lines import InventoryLine, line_node
from nzc_api.schema.inventories.previews import InventoryPreview
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.fields import short_list
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.errors import DatesOutOfOrder, PeriodNotOfPilot, PilotClosed


@strawberry.type(description="An inventory was created.")
class CreateInventorySuccess(Success):
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
        keys = [(LineId(line), sight) for line in range(born + 1, last + 1)]
        found = await info.context.loaders.line.load_many(keys)
        return [None if line is None else line_node(line) for line in found]


@strawberry.type(description="Emission sources were recorded.")
class RecordEmissionSourcesSuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Sinks were recorded.")
class RecordSinksSuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A line was amended.")
class AmendInventoryLineSuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A draft was amended.")
class AmendInventorySuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A draft was given up.")
class DiscardInventorySuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The inventory, discarded.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A line was taken out.")
class RemoveInventoryLineSuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An inventory was submitted.")
class SubmitInventorySuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The inventory, frozen.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An inventory was verified.")
class VerifyInventorySuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The inventory.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A new version was made.")
class ReviseInventorySuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The new version: a draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


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
    | GreenPowerNotByLocation
    | GreenPowerRefused
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
    | GreenPowerNotByLocation
    | GreenPowerRefused
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
    | GreenPowerNotByLocation
    | GreenPowerRefused
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
    | PowerCredited
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
