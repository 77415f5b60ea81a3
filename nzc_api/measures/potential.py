"""What credits would have to cover in a year to come. Pure and exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.exact import ceiling, grams, total
from nzc_api.measures.abatement import Chosen, largest
from nzc_api.measures.model import Measure, PotentialTerms
from nzc_api.statements.model import NetEmissions


@dataclass(frozen=True, slots=True)
class Potential:
    """What is left of business as usual, t CO2e a year; None where the period's emissions are not known."""

    terms: PotentialTerms
    statement: NetEmissions
    chosen: Chosen

    @classmethod
    def of(
        cls, terms: PotentialTerms, statement: NetEmissions, measures: Iterable[Measure]
    ) -> "Potential":
        """What measures leave of what is stated of a period, in a year to come."""
        return cls(terms, statement, largest(measures, terms.year, statement.period.span.ends_on))

    @property
    def business_as_usual(self) -> Decimal | None:
        """What would be emitted inside the boundary without measures: the period's, grown every year."""
        gross = self.statement.gross_co2e
        years = self.terms.year - self.statement.period.span.ends_on.year
        return None if gross is None else grown(gross, self.terms.growth, years)

    @property
    def expected(self) -> Decimal:
        """By how much measures bring it down; each tonne once."""
        return self.chosen.co2e

    @property
    def sinks(self) -> Decimal:
        """What the boundary takes up, as it did in the period."""
        return self.statement.usable_sinks_co2e

    @property
    def remaining(self) -> Decimal | None:
        """What is left, which credits would have to cover; below zero: nothing."""
        usual = self.business_as_usual
        return None if usual is None else total((usual, -self.expected, -self.sinks))

    @property
    def credits_to_zero(self) -> int | None:
        """Whole tonnes of credits that would cover it."""
        return None if self.remaining is None else max(ceiling(self.remaining), 0)


def grown(co2e: Decimal, growth: Decimal, years: int) -> Decimal:
    """`E · (1 + g)ⁿ`, rounded to a gram once."""
    return grams(Fraction(co2e) * (1 + Fraction(growth)) ** years)
