"""What changes how a pilot is managed."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.management.inputs import (
    AppointHolderInput,
    AssignDutyInput,
    EraseHolderNameInput,
    EstablishPostInput,
    PublishRuleInput,
    RecordUpkeepInput,
    RepealRuleInput,
)
from nzc_api.schema.management.payloads import (
    AppointHolderPayload,
    AppointHolderSuccess,
    AssignDutyPayload,
    AssignDutySuccess,
    EraseHolderNamePayload,
    EraseHolderNameSuccess,
    EstablishPostPayload,
    EstablishPostSuccess,
    PublishRulePayload,
    PublishRuleSuccess,
    RecordUpkeepPayload,
    RecordUpkeepSuccess,
    RepealRulePayload,
    RepealRuleSuccess,
)


@strawberry.type
class ManagementMutations:
    @strawberry.mutation(
        description="Establish a post of a pilot, with what whoever holds it is to do; at most 100 a pilot. For the "
        "pilot's operator."
    )
    async def establish_post(
        self, info: Info, input: Annotated[EstablishPostInput, GIVEN]
    ) -> EstablishPostPayload:
        verb = info.context.services.management.establish_post
        return await answer(info, input, verb, EstablishPostSuccess)

    @strawberry.mutation(
        description="Say who holds a post from a day on, or that it is vacant. For the pilot's operator."
    )
    async def appoint_holder(
        self, info: Info, input: Annotated[AppointHolderInput, GIVEN]
    ) -> AppointHolderPayload:
        verb = info.context.services.management.appoint_holder
        return await answer(info, input, verb, AppointHolderSuccess)

    @strawberry.mutation(
        description="Erase the name of who held a post; that somebody did stays. For the pilot's operator, and "
        "administrators."
    )
    async def erase_holder_name(
        self, info: Info, input: Annotated[EraseHolderNameInput, GIVEN]
    ) -> EraseHolderNamePayload:
        verb = info.context.services.management.erase_name
        return await answer(info, input, verb, EraseHolderNameSuccess)

    @strawberry.mutation(
        description="Say what a unit of a pilot may emit in a year; at most 500 a pilot. For the pilot's operator."
    )
    async def assign_duty(
        self, info: Info, input: Annotated[AssignDutyInput, GIVEN]
    ) -> AssignDutyPayload:
        verb = info.context.services.management.assign_duty
        return await answer(info, input, verb, AssignDutySuccess)

    @strawberry.mutation(
        description="Publish a rule by which a pilot manages its emissions; at most 200 a pilot. For the pilot's "
        "operator."
    )
    async def publish_rule(
        self, info: Info, input: Annotated[PublishRuleInput, GIVEN]
    ) -> PublishRulePayload:
        verb = info.context.services.management.publish_rule
        return await answer(info, input, verb, PublishRuleSuccess)

    @strawberry.mutation(
        description="Say on which day a rule is in force for the last time. For the pilot's operator."
    )
    async def repeal_rule(
        self, info: Info, input: Annotated[RepealRuleInput, GIVEN]
    ) -> RepealRulePayload:
        verb = info.context.services.management.repeal_rule
        return await answer(info, input, verb, RepealRuleSuccess)

    @strawberry.mutation(
        description="Record what was done to keep up a pilot's facilities or greenery. For the pilot's operator."
    )
    async def record_upkeep(
        self, info: Info, input: Annotated[RecordUpkeepInput, GIVEN]
    ) -> RecordUpkeepPayload:
        verb = info.context.services.management.record_upkeep
        return await answer(info, input, verb, RecordUpkeepSuccess)
