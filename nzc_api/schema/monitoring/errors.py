"""What refuses denominators, as GraphQL."""

import nzc_api.monitoring.errors as monitoring
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.monitoring.enums import DenominatorKind


@explains(monitoring.DenominatorNotPositive)
class DenominatorNotPositive(UserError):
    denominator_kind = attribute(DenominatorKind, "kind", "What it is an amount of.")
    value = attribute(str, "value", "The amount.")


@explains(monitoring.DenominatorOverlaps)
class DenominatorOverlaps(UserError):
    denominator_kind = attribute(DenominatorKind, "kind", "What it is an amount of.")
    other_first_day = attribute(str, "other_starts_on", "The first day of what is recorded.")
    other_last_day = attribute(str, "other_ends_on", "The last day of what is recorded.")
