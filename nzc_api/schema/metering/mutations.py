"""Everything that changes meters, and what is recorded of them."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import strawberry

from nzc_api.access.principals import unauthenticated
from nzc_api.log.store import Outcome
from nzc_api.metering.readings import MOST_ITEMS, Mode
from nzc_api.refusal import InvalidInput as BadInput
from nzc_api.refusal import Refusal
from nzc_api.schema.credits.bulk import ITEMS, BulkMode, BulkOutcome, BulkStatus
from nzc_api.schema.factors.errors import UnitDoesNotFit, UnitUnknown
from nzc_api.schema.inventories.errors import (
    InventoryFull,
    InventoryStatusConflict,
    MeterAlreadyAccounted,
    ZeroFactorUnexplained,
)
from nzc_api.schema.inventories.payloads import ActivityRefused, FactorRefused
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.kit.answering import GIVEN, IDEMPOTENCY_KEY, answer, as_shown, bad_key
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound, as_error
from nzc_api.schema.kit.fields import short_list
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.metering.errors import (
    ConsumptionOverlaps,
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
from nzc_api.schema.metering.inputs import (
    AssignGatewayInput,
    EndMeterInput,
    PlaceMeterInput,
    RegisterMeterInput,
    ReplaceMeterInput,
)
from nzc_api.schema.metering.lines import DraftFromMetersInput
from nzc_api.schema.metering.reading_inputs import (
    BillInput,
    CorrectReadingInput,
    ReadingInput,
    items_of,
)
from nzc_api.schema.metering.readings import ReadingBatch
from nzc_api.schema.metering.types import Meter
from nzc_api.schema.pilots.errors import DatesOutOfOrder


@strawberry.type(description="A meter was registered.")
class RegisterMeterSuccess:
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A meter was placed, or was so already.")
class PlaceMeterSuccess:
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A meter was assigned to a gateway, or was so already.")
class AssignGatewaySuccess:
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="It was said which day is a meter's last.")
class EndMeterSuccess:
    kind: ClassVar[str] = "Meter"
    field: ClassVar[str] = "meter"

    meter: Meter = strawberry.field(description="The meter.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Another device was built in.")
class ReplaceMeterSuccess:
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
class CorrectReadingSuccess:
    kind: ClassVar[str] = "ReadingBatch"
    field: ClassVar[str] = "batch"

    batch: ReadingBatch = strawberry.field(description="What was recorded.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Emission sources were drafted from meters.")
class DraftFromMetersSuccess:
    kind: ClassVar[str] = "Inventory"
    field: ClassVar[str] = "inventory"

    inventory: Inventory = strawberry.field(description="The draft.")
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

MODE = "How the items stand to each other."
DRY_RUN = (
    "Only find out what would be, item after item, as if those before it were recorded: one that would be is READY. "
    "Nothing is written, and the key is not used."
)

# Where every item was refused, each by itself.
NOTHING_ACCEPTED = Outcome(None, None)

KIND = "ReadingBatch"


@strawberry.input(description="Up to 1,000 readings, of one meter or of several.")
class RecordReadingsInput:
    idempotency_key: str = strawberry.field(
        description="See `Mutation`. It is that of the whole request."
    )
    mode: BulkMode = strawberry.field(default=BulkMode.ALL_OR_NOTHING, description=MODE)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    items: list[ReadingInput] = strawberry.field(description="1 to 1,000 items, in order.")


@strawberry.input(description="Up to 1,000 bills, of one meter or of several.")
class RecordBillsInput:
    idempotency_key: str = strawberry.field(
        description="See `Mutation`. It is that of the whole request."
    )
    mode: BulkMode = strawberry.field(default=BulkMode.ALL_OR_NOTHING, description=MODE)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    items: list[BillInput] = strawberry.field(description="1 to 1,000 items, in order.")


@strawberry.type
class MeteringMutation:
    @strawberry.mutation(description="Register a meter of a pilot. For the pilot's operator.")
    async def register_meter(
        self, info: Info, input: Annotated[RegisterMeterInput, GIVEN]
    ) -> RegisterMeterPayload:
        verb = info.context.services.meters.register
        return await answer(info, input, verb, RegisterMeterSuccess)

    @strawberry.mutation(
        description="Say which meter a meter is a sub-meter of from now on. For the pilot's operator."
    )
    async def place_meter(
        self, info: Info, input: Annotated[PlaceMeterInput, GIVEN]
    ) -> PlaceMeterPayload:
        verb = info.context.services.meters.place
        return await answer(info, input, verb, PlaceMeterSuccess)

    @strawberry.mutation(
        description="Say which gateway may post a meter's readings and bills from now on, beside the pilot's operator. "
        "For the pilot's operator."
    )
    async def assign_gateway(
        self, info: Info, input: Annotated[AssignGatewayInput, GIVEN]
    ) -> AssignGatewayPayload:
        verb = info.context.services.meters.assign_gateway
        return await answer(info, input, verb, AssignGatewaySuccess)

    @strawberry.mutation(
        description="Say which day was a meter's last, for good: its supply point is free after it. For the pilot's "
        "operator."
    )
    async def end_meter(
        self, info: Info, input: Annotated[EndMeterInput, GIVEN]
    ) -> EndMeterPayload:
        verb = info.context.services.meters.end
        return await answer(info, input, verb, EndMeterSuccess)

    @strawberry.mutation(
        description="Say that another device was built in at a meter with a register: what the old one showed at "
        "last, and the new one at first. For the pilot's operator."
    )
    async def replace_meter(
        self, info: Info, input: Annotated[ReplaceMeterInput, GIVEN]
    ) -> ReplaceMeterPayload:
        verb = info.context.services.readings.replace
        return await answer(info, input, verb, ReplaceMeterSuccess)

    @strawberry.mutation(
        description="Record up to 1,000 readings of registers and intervals: one entry of the log. Items see each "
        "other's effects, in order. ALL_OR_NOTHING: an item that is refused is the answer, and its number is in "
        "`path`. For the pilots' operator, and for the gateway that the meters are assigned to."
    )
    async def record_readings(
        self, info: Info, input: Annotated[RecordReadingsInput, GIVEN]
    ) -> RecordReadingsPayload:
        return await _record(info, input, RecordReadingsSuccess)

    @strawberry.mutation(
        description="Record up to 1,000 bills as they were billed: one entry of the log. Items see each other's "
        "effects, in order. ALL_OR_NOTHING: an item that is refused is the answer, and its number is in `path`. For "
        "the pilots' operator, and for the gateway that the meters are assigned to."
    )
    async def record_bills(
        self, info: Info, input: Annotated[RecordBillsInput, GIVEN]
    ) -> RecordBillsPayload:
        return await _record(info, input, RecordBillsSuccess)

    @strawberry.mutation(
        description="Say what a reading, an interval or a bill should have been, or that there was none. As of "
        "earlier positions it stays what it was. For the pilot's operator."
    )
    async def correct_reading(
        self, info: Info, input: Annotated[CorrectReadingInput, GIVEN]
    ) -> CorrectReadingPayload:
        verb = info.context.services.readings.correct
        return await answer(info, input, verb, CorrectReadingSuccess)

    @strawberry.mutation(
        description="Draft emission sources of an inventory from what meters used on its days, a line a meter: each "
        "says in `explain` which readings and bills it rests on. Days without any are named by the warning "
        "METER_DAYS_MISSING, and are not zero. A meter's day counts once, with those around it and inside it. For the "
        "pilot's operator."
    )
    async def draft_from_meters(
        self, info: Info, input: Annotated[DraftFromMetersInput, GIVEN]
    ) -> DraftFromMetersPayload:
        verb = info.context.services.metered.draft
        return await answer(info, input, verb, DraftFromMetersSuccess)


async def _record(info: Info, given: RecordReadingsInput | RecordBillsInput, success: Any) -> Any:
    caller = await info.context.principal()
    if caller is None:
        raise unauthenticated()
    problem = _check(given)
    if problem is not None:
        return as_error(problem, info.context.ids)
    items: Sequence[ReadingInput | BillInput] = given.items
    command = items_of(items, info.context.ids, Mode(given.mode))
    readings = info.context.services.readings
    verb = readings.rehearse if given.dry_run else readings.record
    recorded = await verb(caller, given.idempotency_key, command)
    outcome = recorded.outcome or NOTHING_ACCEPTED
    if outcome.refusal is not None:
        ids, as_of = info.context.ids, outcome.as_of
        return as_error(outcome.refusal, ids, replayed=outcome.replayed, as_of=as_of)
    position = outcome.position
    return success(
        batch=None if position is None else await ReadingBatch.seen(info, position),
        outcomes=[
            _outcome(number, outcome, recorded.refused.get(number), dry_run=given.dry_run)
            for number in range(len(given.items))
        ],
        replayed=outcome.replayed,
        as_of_position=as_shown(outcome),
    )


def _check(given: RecordReadingsInput | RecordBillsInput) -> BadInput | None:
    if not IDEMPOTENCY_KEY.fullmatch(given.idempotency_key):
        return bad_key(given.idempotency_key)
    if 1 <= len(given.items) <= MOST_ITEMS:
        return None
    return BadInput(
        path=ITEMS,
        value=str(len(given.items)),
        expected_zh=f"每次1至{MOST_ITEMS}项",
        expected_en=f"1 to {MOST_ITEMS} items at once",
    )


def _outcome(
    number: int, outcome: Outcome, refused: Refusal | None, *, dry_run: bool
) -> BulkOutcome:
    """What became of an item of a request that had the outcome."""
    if refused is not None:
        own = outcome._replace(position=None, refusal=refused)
        return BulkOutcome(kind=KIND, index=number, status=BulkStatus.REJECTED, outcome=own)
    done = BulkStatus.READY if dry_run else BulkStatus.COMMITTED
    status = BulkStatus.REPLAYED if outcome.replayed else done
    return BulkOutcome(kind=KIND, index=number, status=status, outcome=outcome)
