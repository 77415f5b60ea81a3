"""What changes targets."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.targets.inputs import RecordTargetInput, ReviseTargetInput
from nzc_api.schema.targets.payloads import (
    RecordTargetPayload,
    RecordTargetSuccess,
    ReviseTargetPayload,
    ReviseTargetSuccess,
)


@strawberry.type
class TargetMutations:
    @strawberry.mutation(
        description="Record a pilot's target: ceilings that fall step by step from its baseline to zero. For the "
        "pilot's operator."
    )
    async def record_target(
        self, info: Info, input: Annotated[RecordTargetInput, GIVEN]
    ) -> RecordTargetPayload:
        return await answer(info, input, info.context.services.targets.record, RecordTargetSuccess)

    @strawberry.mutation(
        description="Make the next version of a target, with its reason; as of earlier positions the one before "
        "stands. For the pilot's operator."
    )
    async def revise_target(
        self, info: Info, input: Annotated[ReviseTargetInput, GIVEN]
    ) -> ReviseTargetPayload:
        return await answer(info, input, info.context.services.targets.revise, ReviseTargetSuccess)
