"""The way to zero, as GraphQL."""

from datetime import date

import strawberry

from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.statements.enums import Assurance
from nzc_api.schema.statements.reasons import MOST_UNKNOWN, Unknown
from nzc_api.schema.targets.enums import TrajectoryKind
from nzc_api.schema.targets.types import Target
from nzc_api.targets import trajectory
from nzc_api.targets.trajectory import MOST_POINTS


@strawberry.type(description="A point of a chart.")
class TrajectoryPoint:
    domain: strawberry.Private[trajectory.TrajectoryPoint]

    kind = attribute(TrajectoryKind, "kind", "What it is.")
    year = attribute(int, "year", "The calendar year, or the one in which the period ends.")

    net_co2e = number("net", "Net emissions, t CO2e; null where not known.", optional=True)
    gross_co2e = number(
        "gross",
        "Emissions inside the boundary, t CO2e; null where not known, or not said.",
        optional=True,
    )
    credits_quantity = attribute(
        BigInt | None,
        "credits",
        "Tonnes of credits: the ceiling, or those retired that count; null where there is no such number.",
    )

    @strawberry.field(description="The accounting period; null for a ceiling and the baseline.")
    def accounting_period(self) -> AccountingPeriod | None:
        statement = self.domain.statement
        return None if statement is None else AccountingPeriod(domain=statement.period)

    @strawberry.field(description="Its first day; null for a ceiling and the baseline.")
    def starts_on(self) -> date | None:
        statement = self.domain.statement
        return None if statement is None else statement.period.span.starts_on

    @strawberry.field(description="Its last day; null for a ceiling and the baseline.")
    def ends_on(self) -> date | None:
        statement = self.domain.statement
        return None if statement is None else statement.period.span.ends_on

    @strawberry.field(
        description="Whether the inventories are verified; null for a ceiling and the baseline."
    )
    def assurance(self) -> Assurance | None:
        statement = self.domain.statement
        return None if statement is None else statement.assurance

    @short_list("Why its emissions are not known, and null.", MOST_UNKNOWN)
    def unknown(self) -> list[Unknown]:
        statement = self.domain.statement
        return [] if statement is None else [Unknown(domain=item) for item in statement.unknown]


@registered
@strawberry.type(
    description="A pilot's way to zero, for a chart: its baseline, its ceilings, and what is stated of its "
    "periods. An accounting period without an inventory is a point without numbers, which says why; a "
    "projection that was never made is none."
)
class Trajectory:
    domain: strawberry.Private[trajectory.Trajectory]

    earlier_periods = attribute(
        int, "earlier", "How many accounting periods before the latest 40 are left out."
    )

    @strawberry.field(
        description="The version of the target that stood; null where there was none."
    )
    def target(self) -> Target | None:
        return None if self.domain.target is None else Target(domain=self.domain.target)

    @short_list("The points: by kind, each in the order of its years.", MOST_POINTS)
    def points(self) -> list[TrajectoryPoint]:
        return [TrajectoryPoint(domain=point) for point in self.domain.points]
