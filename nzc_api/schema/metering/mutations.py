"""Everything that changes meters, and what is recorded of them."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.metering.inputs import (
    AssignGatewayInput,
    EndMeterInput,
    PlaceMeterInput,
    RegisterMeterInput,
    ReplaceMeterInput,
)
from nzc_api.schema.metering.lines import DraftFromMetersInput
from nzc_api.schema.metering.payloads import (
    AssignGatewayPayload,
    AssignGatewaySuccess,
    CorrectReadingPayload,
    CorrectReadingSuccess,
    DraftFromMetersPayload,
    DraftFromMetersSuccess,
    EndMeterPayload,
    EndMeterSuccess,
    FillGapPayload,
    FillGapSuccess,
    PlaceMeterPayload,
    PlaceMeterSuccess,
    RecordBillsPayload,
    RecordBillsSuccess,
    RecordReadingsPayload,
    RecordReadingsSuccess,
    RegisterMeterPayload,
    RegisterMeterSuccess,
    ReplaceMeterPayload,
    ReplaceMeterSuccess,
)
from nzc_api.schema.metering.reading_inputs import (
    CorrectReadingInput,
    FillGapInput,
    RecordBillsInput,
    RecordReadingsInput,
)
from nzc_api.schema.metering.recording import record


@strawberry.type
class MeteringMutations:
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
        description="Say which gateway may post a meter's readings and bills from now on, beside the pilot's "
        "operator. "
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
        return await record(info, input, RecordReadingsSuccess)

    @strawberry.mutation(
        description="Record up to 1,000 bills as they were billed: one entry of the log. Items see each other's "
        "effects, in order. ALL_OR_NOTHING: an item that is refused is the answer, and its number is in `path`. For "
        "the pilots' operator, and for the gateway that the meters are assigned to."
    )
    async def record_bills(
        self, info: Info, input: Annotated[RecordBillsInput, GIVEN]
    ) -> RecordBillsPayload:
        return await record(info, input, RecordBillsSuccess)

    @strawberry.mutation(
        description="Say what a reading, an interval or a bill should have been, or that there was none. As of "
        "earlier positions it stays what it was. A cost that is not named stays. For the pilot's operator."
    )
    async def correct_reading(
        self, info: Info, input: Annotated[CorrectReadingInput, GIVEN]
    ) -> CorrectReadingPayload:
        verb = info.context.services.readings.correct
        return await answer(info, input, verb, CorrectReadingSuccess)

    @strawberry.mutation(
        description="Estimate what a meter with intervals or bills used on those of some days of which nothing "
        "is known, "
        "spread evenly over them: intervals of a day at most, or bills, marked as estimated. A register has no gaps "
        "between its readings; after the last one an estimated reading is recorded. For the pilot's operator."
    )
    async def fill_gap(self, info: Info, input: Annotated[FillGapInput, GIVEN]) -> FillGapPayload:
        return await answer(info, input, info.context.services.gaps.fill, FillGapSuccess)

    @strawberry.mutation(
        description="Draft emission sources of an inventory from what meters used on its days, a line a meter: each "
        "says in `explain` which readings and bills it rests on. Days without any are named by the warning "
        "METER_DAYS_MISSING, and are not zero; a meter that was there on some of them only, by METER_PART_OF_DAYS. A "
        "meter's day counts once, with those around it and inside it. For the pilot's operator."
    )
    async def draft_from_meters(
        self, info: Info, input: Annotated[DraftFromMetersInput, GIVEN]
    ) -> DraftFromMetersPayload:
        verb = info.context.services.metered.draft
        return await answer(info, input, verb, DraftFromMetersSuccess)
