"""What measures cost a tonne, and what they leave, as GraphQL."""

from decimal import Decimal
from typing import Self

import strawberry

from nzc_api.measures import abatement
from nzc_api.measures import model as domain
from nzc_api.measures import potential as potentials
from nzc_api.measures.abatement import curve_of
from nzc_api.measures.model import PotentialTerms
from nzc_api.measures.rules import (
    MOST_MEASURES,
    MOST_PARAGRAPHS,
    check_growth,
    check_potential,
    check_projected,
    check_rate,
)
from nzc_api.measures.service import PotentialKey
from nzc_api.pilots.rules import check_year
from nzc_api.refusal import refuse
from nzc_api.schema.kit.connections import (
    Connection,
    connection,
    counted,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.measures.enums import LeftOutReason
from nzc_api.schema.measures.types import Measure, measures_shown, shown
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.periods import AccountingPeriod, AccountingPeriodBy, period_of
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.statements.reasons import MOST_UNKNOWN, Unknown


@strawberry.type(description="A measure that is not summed, and why.")
class LeftOutMeasure:
    domain: strawberry.Private[abatement.LeftOut]

    reason = attribute(LeftOutReason, "reason", "Why.")

    @strawberry.field(description="The measure.")
    def measure(self) -> Measure:
        return Measure(domain=self.domain.measure)

    @strawberry.field(description="The one that is summed instead; null where there is none such.")
    def instead(self) -> Measure | None:
        return None if self.domain.by is None else Measure(domain=self.domain.by)


@strawberry.type(
    description="A block of the chart: as wide as the measure's effect, as high as what a tonne costs."
)
class AbatementStep:
    domain: strawberry.Private[abatement.AbatementStep]

    cost_per_tonne = attribute(
        Decimal,
        "cost",
        "CNY a tonne of CO2e, to a fen: (capex × CRF + change of the yearly costs − what is saved × its price) ÷ t a "
        "year, with CRF = r(1+r)ⁿ ÷ ((1+r)ⁿ − 1), and 1 ÷ n where r is 0. Below zero, it earns more than it costs.",
    )
    from_co2e = number(
        "start", "Where the block begins, t CO2e a year: the sum of the cheaper ones."
    )
    to_co2e = number("end", "Where it ends: the same with its own effect.")

    @strawberry.field(description="The measure.")
    def measure(self) -> Measure:
        return Measure(domain=self.domain.measure)


@registered
@strawberry.type(
    description="A pilot's measures by what they cost a tonne, the cheapest first, for a chart. Of measures that "
    "exclude one another the cheapest is summed; the others are left out, and say so."
)
class AbatementCurve:
    domain: strawberry.Private[abatement.AbatementCurve]

    year = attribute(int, "year", "The calendar year: one of each measure's life.")
    rate = number("rate", "The discount rate a year: 0.05 is 5 %.")

    @short_list("The blocks, ascending.", MOST_MEASURES)
    def steps(self) -> list[AbatementStep]:
        return [AbatementStep(domain=step) for step in self.domain.steps]

    @short_list("What is not summed.", MOST_MEASURES)
    def left_out(self) -> list[LeftOutMeasure]:
        return [LeftOutMeasure(domain=item) for item in self.domain.left_out]

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, year: int, rate: Decimal, as_of: int | None
    ) -> Self:
        refuse(check_year(year) or check_rate(rate))
        at = await info.context.as_of(as_of)
        return cls(domain=curve_of(await measures_shown(info, pilot, at), year, rate))


@registered
@strawberry.type(
    description="What is left in a year to come, t CO2e: business as usual, less what measures bring, less sinks. Of "
    "measures that exclude one another the one with the largest effect is summed. It is no part of any net."
)
class Potential:
    domain: strawberry.Private[potentials.Potential]

    year = attribute(int, "terms.year", "The calendar year.")
    growth = number("terms.growth", "By which part of them emissions grow a year by themselves.")
    gross_co2e = number(
        "statement.gross_co2e",
        "What the period's emissions inside the boundary are; null where not known.",
        optional=True,
    )
    business_as_usual_co2e = number(
        "business_as_usual",
        "What they would be in the year without measures: E × (1 + growth)ⁿ; null where not known.",
        optional=True,
    )
    expected_co2e = number("expected", "By how much measures bring it down.")
    sinks_co2e = number("sinks", "What the boundary takes up, as it did in the period.")
    remaining_co2e = number(
        "remaining",
        "What is left, which credits would have to cover; below zero: nothing. Null where not known.",
        optional=True,
    )
    credits_to_zero = attribute(
        BigInt | None,
        "credits_to_zero",
        "Whole tonnes of credits that would cover it; null where not known.",
    )

    @strawberry.field(description="The accounting period that it starts from.")
    def accounting_period(self) -> AccountingPeriod:
        return AccountingPeriod(domain=self.domain.statement.period)

    @short_list("Why the period's emissions are not known, and null.", MOST_UNKNOWN)
    def unknown(self) -> list[Unknown]:
        return [Unknown(domain=item) for item in self.domain.statement.unknown]

    @short_list("The measures that are summed, the largest first.", MOST_MEASURES)
    def measures(self) -> list[Measure]:
        return [Measure(domain=item) for item in self.domain.chosen.measures]

    @short_list("What is not summed.", MOST_MEASURES)
    def left_out(self) -> list[LeftOutMeasure]:
        return [LeftOutMeasure(domain=item) for item in self.domain.chosen.left_out]

    @classmethod
    async def of_pilot(
        cls,
        info: Info,
        pilot: Pilot,
        by: AccountingPeriodBy,
        asked: tuple[Basis, int, Decimal],
        as_of: int | None,
    ) -> Self | None:
        """What is left of a period's emissions; None where there is no such period, or it is not shown."""
        basis, year, growth = asked
        refuse(check_growth(growth))
        found = await period_of(info, pilot, by, as_of)
        if found is None or not await shown(info, pilot.domain.id):
            return None
        terms = PotentialTerms(period_id=found.id, basis=basis, year=year, growth=growth)
        refuse(check_potential(terms, found.span.ends_on.year))
        key = PotentialKey(pilot.domain.id, terms, await info.context.as_of(as_of))
        made = await info.context.loaders.potential.load((key, await info.context.sight()))
        if made is None:
            return None
        refuse(check_projected(growth, made.business_as_usual))
        return cls(domain=made)


@node()
@strawberry.type(
    description="What was written of a pilot's potential to reach zero (section 三 of the guide), with the "
    "numbers of then, t CO2e a year: they stay, whatever is recorded later."
)
class PotentialAnalysis(Node):
    domain: strawberry.Private[domain.PotentialAnalysis]

    position = attribute(BigInt, "id", "The position at which it was written.")
    as_of_position = attribute(BigInt, "position", "The position as of which its numbers are.")
    basis = attribute(Basis, "terms.basis", "The basis of the emissions that it starts from.")
    year = attribute(int, "terms.year", "The calendar year that it looks at.")
    growth = number("terms.growth", "By which part of them emissions grow a year by themselves.")
    growth_source = attribute(str, "growth_source", "Where that is from.")
    gross_co2e = attribute(Decimal, "gross", "The period's emissions inside the boundary.")
    business_as_usual_co2e = number("business_as_usual", "What they would be without measures.")
    expected_co2e = number("expected", "By how much measures bring it down.")
    sinks_co2e = number("sinks", "What the boundary takes up.")
    remaining_co2e = number("remaining", "What is left, which credits would have to cover.")
    paragraphs = attribute(
        list[str],
        "paragraphs",
        "What was written, paragraph by paragraph.",
        at_most=MOST_PARAGRAPHS,
    )

    @strawberry.field(description="The accounting period that it starts from. Never null.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        return await AccountingPeriod.at(info, self.domain.terms.period_id)

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.analysis.load(position)
        if found is None or not await shown(info, found.pilot_id):
            return None
        return cls(domain=found)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None
    ) -> Connection[Self]:
        """The analyses of a pilot, for those who see them; for others there are none."""
        page = page_by_position(first, after)
        if not await shown(info, pilot.domain.id):
            none: list[domain.PotentialAnalysis] = []
            return page_of(none, page, lambda row: row.id, lambda row: cls(domain=row))
        return connection(
            await info.context.loaders.analyses.load((pilot.domain.id, page)),
            page,
            lambda row: row.id,
            lambda row: cls(domain=row),
            counted(info.context.loaders.analyses_count, pilot.domain.id),
        )
