"""How periods stand beside targets, as GraphQL."""

from decimal import Decimal

import strawberry

from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.statements.types import NetEmissions
from nzc_api.schema.targets.enums import NotAssessableReason, TargetStatus
from nzc_api.schema.targets.types import Target
from nzc_api.targets import reasons
from nzc_api.targets.assessment import Assessment


@strawberry.type(description="Why a period cannot be assessed by its target.")
class NotAssessable:
    domain: strawberry.Private[reasons.NotAssessable]

    reason = attribute(NotAssessableReason, "reason", "Why; stable, for programs.")
    message = text_attribute("message", "The same for people, with what differs.")


@registered
@strawberry.type(
    description="A period beside its target. Ceilings are of the days of the period on which the pilot was in "
    "operation: the sum, over calendar years, of the year's ceiling × days ÷ days of the year."
)
class TargetAssessment:
    domain: strawberry.Private[Assessment]

    status = attribute(TargetStatus, "status", "How the period stands.")
    ceiling_co2e = attribute(
        Decimal | None,
        "ceiling",
        "What the net may come to, t CO2e; null where there is no ceiling.",
    )
    gross_ceiling_co2e = attribute(
        Decimal | None,
        "gross_ceiling",
        "What emissions inside the boundary may come to, t CO2e; null where the target does not say.",
    )
    credits_ceiling = attribute(
        BigInt | None,
        "credits_ceiling",
        "How many tonnes of credits may be retired for it; null where the target does not say.",
    )
    gap_co2e = attribute(
        Decimal | None,
        "gap",
        "By how much the net is above its ceiling, t CO2e; below zero: below it. Null where it cannot be "
        "assessed.",
    )
    on_site_reduction_co2e = attribute(
        Decimal | None,
        "on_site_reduction",
        "By how much fewer emissions there are inside the boundary than the baseline had in as many days, "
        "t CO2e; credits and sinks are none of it. Null where it cannot be assessed.",
    )
    offset_share = number(
        "offset_share",
        "Which part of the emissions inside the boundary is offset by retired credits, from 0; null where "
        "they are not known, or not above 0.",
        optional=True,
    )
    baseline_change = number(
        "baseline_change",
        "By which part of it the baseline's net was restated since: 0.1 is a tenth more. More than 0.05 "
        "either way obliges a revision. Null where there is no target, or it is not known any more.",
        optional=True,
    )

    @short_list("Why it cannot be assessed; empty where it can.", len(NotAssessableReason))
    def reasons(self) -> list[NotAssessable]:
        return [NotAssessable(domain=item) for item in self.domain.reasons]

    @strawberry.field(
        description="The version of the target that stood; null where there was none, or you do not see it."
    )
    def target(self) -> Target | None:
        return None if self.domain.target is None else Target(domain=self.domain.target)

    @strawberry.field(description="The accounting period; null where the pilot had none such.")
    def accounting_period(self) -> AccountingPeriod | None:
        period = self.domain.period
        return None if period is None else AccountingPeriod(domain=period)

    @strawberry.field(
        description="What is stated of the period, measured in operation; null where you do not see it."
    )
    def net_emissions(self) -> NetEmissions | None:
        statement = self.domain.statement
        return None if statement is None else NetEmissions(domain=statement)
