"""What refuses denominators and energy baselines, as GraphQL."""

import nzc_api.monitoring.errors as monitoring
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.metering.enums import Carrier
from nzc_api.schema.monitoring.enums import DenominatorKind, UnknownIntensity


@explains(monitoring.DenominatorNotPositive)
class DenominatorNotPositive(UserError):
    denominator_kind = attribute(DenominatorKind, "kind", "What it is an amount of.")
    value = attribute(str, "value", "The amount.")


@explains(monitoring.DenominatorOverlaps)
class DenominatorOverlaps(UserError):
    denominator_kind = attribute(DenominatorKind, "kind", "What it is an amount of.")
    other_first_day = attribute(str, "other_starts_on", "The first day of what is recorded.")
    other_last_day = attribute(str, "other_ends_on", "The last day of what is recorded.")


@explains(monitoring.BaselineUseUnknown)
class BaselineUseUnknown(UserError):
    carrier = attribute(Carrier, "carrier", "Of what the use is.")
    unknown_because = attribute(UnknownIntensity, "reason", "Why it is not known.")
    first_day = attribute(str, "starts_on", "The first day of the step.")
    last_day = attribute(str, "ends_on", "The last day of it.")


@explains(monitoring.BaselineVariableUnknown)
class BaselineVariableUnknown(UserError):
    first_day = attribute(str, "starts_on", "The first day of the step.")
    last_day = attribute(str, "ends_on", "The last day of it.")


@explains(monitoring.TooFewBaselinePoints)
class TooFewBaselinePoints(UserError):
    points = attribute(int, "points", "How many steps there are.")
    points_needed = attribute(
        int, "needed", "How many so many variables need: two more than they are."
    )


@explains(monitoring.BaselineConstant)
class BaselineConstant(UserError):
    pass


@explains(monitoring.BaselineVariablesCollinear)
class BaselineVariablesCollinear(UserError):
    pass
