"""What refuses measures, as GraphQL."""

import nzc_api.measures.errors as measures
from nzc_api.metering.model import Carrier as DomainCarrier
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.measures.enums import MeasureState
from nzc_api.schema.measures.types import Measure
from nzc_api.schema.metering.enums import Carrier
from nzc_api.schema.statements.enums import UnknownReason
from nzc_api.schema.statements.reasons import MOST_UNKNOWN


@explains(measures.MeasureWithoutEffect)
class MeasureWithoutEffect(UserError):
    expected_co2e = attribute(str, "expected", "What was given, t CO2e a year.")


@explains(measures.SavingNotMetered)
class SavingNotMetered(UserError):
    carrier = attribute(Carrier, "carrier", "The carrier.")
    metered = attribute(
        list[Carrier], "metered", "Those that the pilot has meters of.", at_most=len(DomainCarrier)
    )


@explains(measures.MeasureNotOfPilot)
class MeasureNotOfPilot(UserError):
    @dear("The measure; null where there is none, or none that you see.", statements=3)
    async def other_measure(self, info: Info) -> Measure | None:
        return await Measure.seen(info, self.domain.measure_id)


@explains(measures.MeasuresFull)
class MeasuresFull(UserError):
    most = attribute(int, "most", "How many a pilot may have.")


@explains(measures.MeasureProgressRefused)
class MeasureProgressRefused(UserError):
    measure_state = attribute(MeasureState, "state", "Where it is.")
    given_state = attribute(MeasureState, "given", "Where it was to come.")
    following_states = attribute(
        list[MeasureState], "accepted", "Where it may come.", at_most=len(MeasureState)
    )


@explains(measures.EffectBeforeRunning)
class EffectBeforeRunning(UserError):
    running_since = attribute(
        str | None, "running_since", "Since when it runs; null where it never did."
    )


@explains(measures.PotentialBaselineUnknown)
class PotentialBaselineUnknown(UserError):
    reasons = attribute(
        list[UnknownReason], "reasons", "Why it is not known.", at_most=MOST_UNKNOWN
    )
