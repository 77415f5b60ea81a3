"""What mutations of meters and readings answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.metering.readings import MOST_ITEMS
from nzc_api.schema.certificates.errors import GreenPowerRefused
from nzc_api.schema.credits.bulk import BulkOutcome
from nzc_api.schema.factors.errors import UnitDoesNotFit, UnitUnknown
from nzc_api.schema.inventories.errors import (
    GreenPowerNotByLocation,
    InventoryFull,
    InventoryStatusConflict,
    MeterAlreadyAccounted,
    ZeroFactorUnexplained,
)
from nzc_api.schema.inventories.payloads import ActivityRefused, FactorRefused
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.fields import short_list
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.metering.errors import (
    ConsumptionOverlaps,
    GapNotThere,
    GapReferenceUnknown,
    MeterCodeTaken,
    MeterCycle,
    MeterDoesNotFitSource,
    MeterEnded,
    MeterKindMismatch,
    MeterNotAssigned,
    MeterNotOfPilot,
    MetersNotRead,
    ReadingAlreadyRecorded,
    ReadingImplausible,
    ReadingInAnotherUnit,
    ReadingInFuture,
    ReadingOutOfOrder,
    ReadingOutsideMeter,
    ReadingRunsBackwards,
    ReadingsAfterEnd,
    SubmeterDoesNotFit,
    SupplyPointTaken,
)
from nzc_api.schema.metering.readings import ReadingBatch
from nzc_api.schema.metering.types import Meter
from nzc_api.schema.pilots.errors import DatesOutOfOrder


@strawberry.type(description="A meter was registered.")
class RegisterMeterSuccess(Success):
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A meter was placed, or was so already.")
class PlaceMeterSuccess(Success):
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A meter was assigned to a gateway, or was so already.")
class AssignGatewaySuccess(Success):
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="It was said which day is a meter's last.")
class EndMeterSuccess(Success):
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Another device was built in.")
class ReplaceMeterSuccess(Success):
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Readings were recorded.")
class RecordReadingsSuccess:
    batch: ReadingBatch | None = strawberry.field(
        description="What was recorded; null of a dry run, and where every item was refused, each by itself: the key "
        "is unused then."
    )
    outcomes: list[BulkOutcome] = short_list("One outcome an item, in order.", MOST_ITEMS)
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Bills were recorded.")
class RecordBillsSuccess:
    batch: ReadingBatch | None = strawberry.field(
        description="What was recorded; null of a dry run, and where every item was refused, each by itself: the key "
        "is unused then."
    )
    outcomes: list[BulkOutcome] = short_list("One outcome an item, in order.", MOST_ITEMS)
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A reading or a bill was corrected.")
class CorrectReadingSuccess(Success):
    kind: ClassVar[str] = "ReadingBatch"
    field: ClassVar[str] = "batch"

    batch: ReadingBatch = strawberry.field(description="What was recorded.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Emission sources were drafted from meters.")
class DraftFromMetersSuccess(Success):
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A gap was filled with estimates.")
class FillGapSuccess(Success):
    kind: ClassVar[str] = "ReadingBatch"
    field: ClassVar[str] = "batch"

    batch: ReadingBatch = strawberry.field(
        description="What was recorded; its `reason` is the method."
    )
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


DraftFromMetersPayload = Annotated[
    DraftFromMetersSuccess
    | InvalidInput
    | NotFound
    | InventoryStatusConflict
    | InventoryFull
    | MeterNotOfPilot
    | MeterDoesNotFitSource
    | MetersNotRead
    | MeterAlreadyAccounted
    | FactorRefused
    | ZeroFactorUnexplained
    | GreenPowerNotByLocation
    | GreenPowerRefused
    | ActivityRefused
    | IdempotencyKeyReused,
    union("DraftFromMetersPayload"),
]
RegisterMeterPayload = Annotated[
    RegisterMeterSuccess
    | InvalidInput
    | NotFound
    | UnitUnknown
    | UnitDoesNotFit
    | DatesOutOfOrder
    | MeterCodeTaken
    | SupplyPointTaken
    | SubmeterDoesNotFit
    | IdempotencyKeyReused,
    union("RegisterMeterPayload"),
]
PlaceMeterPayload = Annotated[
    PlaceMeterSuccess
    | InvalidInput
    | NotFound
    | SubmeterDoesNotFit
    | MeterCycle
    | MeterAlreadyAccounted
    | IdempotencyKeyReused,
    union("PlaceMeterPayload"),
]
AssignGatewayPayload = Annotated[
    AssignGatewaySuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("AssignGatewayPayload"),
]
EndMeterPayload = Annotated[
    EndMeterSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | MeterEnded
    | ReadingsAfterEnd
    | IdempotencyKeyReused,
    union("EndMeterPayload"),
]
ReplaceMeterPayload = Annotated[
    ReplaceMeterSuccess
    | InvalidInput
    | NotFound
    | MeterKindMismatch
    | ReadingInFuture
    | ReadingOutsideMeter
    | ReadingOutOfOrder
    | ReadingRunsBackwards
    | ReadingImplausible
    | IdempotencyKeyReused,
    union("ReplaceMeterPayload"),
]
RecordReadingsPayload = Annotated[
    RecordReadingsSuccess
    | InvalidInput
    | NotFound
    | MeterNotAssigned
    | MeterKindMismatch
    | ReadingInAnotherUnit
    | ReadingInFuture
    | ReadingOutsideMeter
    | ReadingAlreadyRecorded
    | ReadingOutOfOrder
    | ReadingRunsBackwards
    | ReadingImplausible
    | ConsumptionOverlaps
    | IdempotencyKeyReused,
    union("RecordReadingsPayload"),
]
RecordBillsPayload = Annotated[
    RecordBillsSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | MeterNotAssigned
    | MeterKindMismatch
    | ReadingInAnotherUnit
    | ReadingInFuture
    | ReadingOutsideMeter
    | ReadingAlreadyRecorded
    | ReadingImplausible
    | ConsumptionOverlaps
    | IdempotencyKeyReused,
    union("RecordBillsPayload"),
]
CorrectReadingPayload = Annotated[
    CorrectReadingSuccess
    | InvalidInput
    | NotFound
    | ReadingRunsBackwards
    | ReadingImplausible
    | IdempotencyKeyReused,
    union("CorrectReadingPayload"),
]
FillGapPayload = Annotated[
    FillGapSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | MeterKindMismatch
    | GapNotThere
    | GapReferenceUnknown
    | ReadingInFuture
    | ReadingOutsideMeter
    | ReadingImplausible
    | IdempotencyKeyReused,
    union("FillGapPayload"),
]
