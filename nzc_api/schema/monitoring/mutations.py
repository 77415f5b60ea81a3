"""What changes denominators and energy baselines."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import much_computed
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.monitoring.inputs import RecordDenominatorInput, RecordEnergyBaselineInput
from nzc_api.schema.monitoring.payloads import (
    RecordDenominatorPayload,
    RecordDenominatorSuccess,
    RecordEnergyBaselinePayload,
    RecordEnergyBaselineSuccess,
)


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

    @much_computed(
        "Explain what a pilot used of a carrier on days by what moves it, and keep that: an energy baseline (ISO "
        "50006), by ordinary least squares. What it expects are estimates, and no tonnes of any inventory. For the "
        "pilot's operator."
    )
    async def record_energy_baseline(
        self, info: Info, input: Annotated[RecordEnergyBaselineInput, GIVEN]
    ) -> RecordEnergyBaselinePayload:
        verb = info.context.services.baselines.record
        return await answer(info, input, verb, RecordEnergyBaselineSuccess)
