"""What refuses targets, as GraphQL."""

import nzc_api.targets.errors as targets
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.statements.enums import Assurance, CoverageStatus, UnknownReason
from nzc_api.schema.statements.reasons import MOST_UNKNOWN
from nzc_api.schema.targets.enums import TargetMeasure
from nzc_api.schema.targets.types import Target


@explains(targets.TargetAlreadyRecorded)
class TargetAlreadyRecorded(UserError):
    @dear("The version that stands.", statements=2)
    async def recorded_target(self, info: Info) -> Target | None:
        return await Target.seen(info, self.domain.target_id)


@explains(targets.TargetSuperseded)
class TargetSuperseded(UserError):
    @dear("The version that stands.", statements=2)
    async def latest_target(self, info: Info) -> Target | None:
        return await Target.seen(info, self.domain.latest_id)


@explains(targets.TargetBaselineUnknown)
class TargetBaselineUnknown(UserError):
    reasons = attribute(
        list[UnknownReason], "reasons", "Why it is not known.", at_most=MOST_UNKNOWN
    )


@explains(targets.TargetBaselineIncomplete)
class TargetBaselineIncomplete(UserError):
    assurance = attribute(Assurance, "assurance", "Whether its inventories are verified.")
    coverage = attribute(CoverageStatus, "coverage", "How much they cover.")


@explains(targets.TargetBaselineNotPositive)
class TargetBaselineNotPositive(UserError):
    gross = attribute(str, "gross", "The emissions inside the boundary, t CO2e.")
    net = attribute(str, "net", "The net emissions, t CO2e.")


@explains(targets.TargetYearsDoNotRise)
class TargetYearsDoNotRise(UserError):
    year = attribute(int, "year", "The year.")
    previous_year = attribute(int, "previous_year", "The year that stands before it.")


@explains(targets.TargetBeforeBaseline)
class TargetBeforeBaseline(UserError):
    year = attribute(int, "year", "The target's first year.")
    baseline_year = attribute(int, "baseline_year", "The baseline's year.")


@explains(targets.TargetRises)
class TargetRises(UserError):
    measure = attribute(TargetMeasure, "measure", "What the ceiling is of.")
    year = attribute(int, "year", "The year.")
    value = attribute(str, "value", "Its ceiling, t CO2e.")
    previous_year = attribute(
        int, "previous_year", "The year before, of the target or its baseline."
    )
    previous_value = attribute(str, "previous_value", "What that one has, t CO2e.")


@explains(targets.TargetDoesNotEndAtZero)
class TargetDoesNotEndAtZero(UserError):
    year = attribute(int, "year", "The last year.")
    net = attribute(str, "net", "Its ceiling, t CO2e.")
