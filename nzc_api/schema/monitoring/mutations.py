"""What changes denominators."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.answering import GIVEN, answer
from nzc_api.schema.kit.context import Info
from nzc_api.schema.monitoring.inputs import RecordDenominatorInput
from nzc_api.schema.monitoring.payloads import RecordDenominatorPayload, RecordDenominatorSuccess


@strawberry.type
class MonitoringMutations:
    @strawberry.mutation(
        description="Record how much of something a pilot has, or made, on days: what its use and emissions are "
        "stated per. "
        "As of earlier positions what was recorded before counts. For the pilot's operator."
    )
    async def record_denominator(
        self, info: Info, input: Annotated[RecordDenominatorInput, GIVEN]
    ) -> RecordDenominatorPayload:
        verb = info.context.services.monitoring.record_denominator
        return await answer(info, input, verb, RecordDenominatorSuccess)
