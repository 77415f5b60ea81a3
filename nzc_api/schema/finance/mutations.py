"""What changes financings."""

from typing import Annotated

import strawberry

from nzc_api.schema.finance.inputs import EndFinancingInput, RecordFinancingInput
from nzc_api.schema.finance.payloads import (
    EndFinancingPayload,
    EndFinancingSuccess,
    RecordFinancingPayload,
    RecordFinancingSuccess,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer


@strawberry.type
class FinanceMutations:
    @strawberry.mutation(
        description="Record what pays for measures of a pilot, and what of their savings is pledged for it: no "
        "measure is paid for more than it costs, and no saving is pledged twice. At most 200 a pilot. For the "
        "pilot's operator."
    )
    async def record_financing(
        self, info: Info, input: Annotated[RecordFinancingInput, GIVEN]
    ) -> RecordFinancingPayload:
        verb = info.context.services.finance.record
        return await answer(info, input, verb, RecordFinancingSuccess)

    @strawberry.mutation(
        description="Say that a financing ended early: its pledges hold no longer; what it paid stays paid. For the "
        "pilot's operator."
    )
    async def end_financing(
        self, info: Info, input: Annotated[EndFinancingInput, GIVEN]
    ) -> EndFinancingPayload:
        return await answer(info, input, info.context.services.finance.end, EndFinancingSuccess)
