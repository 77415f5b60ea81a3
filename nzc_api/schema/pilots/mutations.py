"""What changes pilots and their periods."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.pilots.inputs import (
    AmendPilotInput,
    PlacePilotInput,
    RecordPilotOverlapInput,
    RegisterAccountingPeriodInput,
    RegisterPilotInput,
    WithdrawAccountingPeriodInput,
)
from nzc_api.schema.pilots.payloads import (
    AmendPilotPayload,
    AmendPilotSuccess,
    PlacePilotPayload,
    PlacePilotSuccess,
    RecordPilotOverlapPayload,
    RecordPilotOverlapSuccess,
    RegisterAccountingPeriodPayload,
    RegisterAccountingPeriodSuccess,
    RegisterPilotPayload,
    RegisterPilotSuccess,
    WithdrawAccountingPeriodPayload,
    WithdrawAccountingPeriodSuccess,
)


@strawberry.type
class PilotMutations:
    @strawberry.mutation(
        description="Register a pilot with its place and periods. For pilot operators and administrators."
    )
    async def register_pilot(
        self, info: Info, input: Annotated[RegisterPilotInput, GIVEN]
    ) -> RegisterPilotPayload:
        verb = info.context.services.pilots.register_pilot
        return await answer(info, input, verb, RegisterPilotSuccess)

    @strawberry.mutation(
        description="Change facts of a pilot from now on: its names, its days of operation, who sees what. "
        "As of earlier positions they stay what they were. For its operator and administrators."
    )
    async def amend_pilot(
        self, info: Info, input: Annotated[AmendPilotInput, GIVEN]
    ) -> AmendPilotPayload:
        verb = info.context.services.pilots.amend_pilot
        return await answer(info, input, verb, AmendPilotSuccess)

    @strawberry.mutation(
        description="Say which pilot surrounds a pilot from now on. For its operator and administrators."
    )
    async def place_pilot(
        self, info: Info, input: Annotated[PlacePilotInput, GIVEN]
    ) -> PlacePilotPayload:
        verb = info.context.services.pilots.place_pilot
        return await answer(info, input, verb, PlacePilotSuccess)

    @strawberry.mutation(
        description="Record that two pilots share ground though neither lies in the other: a portfolio of "
        "both says so. For the first one's operator and administrators."
    )
    async def record_pilot_overlap(
        self, info: Info, input: Annotated[RecordPilotOverlapInput, GIVEN]
    ) -> RecordPilotOverlapPayload:
        verb = info.context.services.pilots.record_overlap
        return await answer(info, input, verb, RecordPilotOverlapSuccess)

    @strawberry.mutation(
        description="Give a pilot one more accounting period. For its operator and administrators."
    )
    async def register_accounting_period(
        self, info: Info, input: Annotated[RegisterAccountingPeriodInput, GIVEN]
    ) -> RegisterAccountingPeriodPayload:
        verb = info.context.services.pilots.register_period
        return await answer(info, input, verb, RegisterAccountingPeriodSuccess)

    @strawberry.mutation(
        description="Take an accounting period back that was registered wrongly, as long as nothing rests on it: from "
        "now on the pilot has not got it, and another one can be registered for its days. As of earlier "
        "positions it stays. For the pilot's operator and administrators."
    )
    async def withdraw_accounting_period(
        self, info: Info, input: Annotated[WithdrawAccountingPeriodInput, GIVEN]
    ) -> WithdrawAccountingPeriodPayload:
        verb = info.context.services.pilots.withdraw_period
        return await answer(info, input, verb, WithdrawAccountingPeriodSuccess)
