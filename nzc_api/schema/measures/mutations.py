"""What changes measures."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.measures.inputs import (
    PlanMeasureInput,
    RecordMeasureProgressInput,
    VerifyMeasureEffectInput,
    WritePotentialAnalysisInput,
)
from nzc_api.schema.measures.payloads import (
    PlanMeasurePayload,
    PlanMeasureSuccess,
    RecordMeasureProgressPayload,
    RecordMeasureProgressSuccess,
    VerifyMeasureEffectPayload,
    VerifyMeasureEffectSuccess,
    WritePotentialAnalysisPayload,
    WritePotentialAnalysisSuccess,
)


@strawberry.type
class MeasureMutations:
    @strawberry.mutation(
        description="Plan a measure: what it costs, what it saves, and what is expected of it; at most 200 a "
        "pilot. For the pilot's operator."
    )
    async def plan_measure(
        self, info: Info, input: Annotated[PlanMeasureInput, GIVEN]
    ) -> PlanMeasurePayload:
        return await answer(info, input, info.context.services.measures.plan, PlanMeasureSuccess)

    @strawberry.mutation(
        description="Say how far a measure came, with the document that shows it. For the pilot's operator."
    )
    async def record_measure_progress(
        self, info: Info, input: Annotated[RecordMeasureProgressInput, GIVEN]
    ) -> RecordMeasureProgressPayload:
        verb = info.context.services.measures.record_progress
        return await answer(info, input, verb, RecordMeasureProgressSuccess)

    @strawberry.mutation(
        description="Say what was found to come of a measure; the latest finding counts, all of them stay, and so does "
        "what was expected. For verifiers."
    )
    async def verify_measure_effect(
        self, info: Info, input: Annotated[VerifyMeasureEffectInput, GIVEN]
    ) -> VerifyMeasureEffectPayload:
        verb = info.context.services.measures.verify
        return await answer(info, input, verb, VerifyMeasureEffectSuccess)

    @strawberry.mutation(
        description="Write an analysis of the pilot's potential to reach zero (section 三 of the guide), with the "
        "numbers as of a position: they stay. For the pilot's operator."
    )
    async def write_potential_analysis(
        self, info: Info, input: Annotated[WritePotentialAnalysisInput, GIVEN]
    ) -> WritePotentialAnalysisPayload:
        verb = info.context.services.measures.write_analysis
        return await answer(info, input, verb, WritePotentialAnalysisSuccess)
