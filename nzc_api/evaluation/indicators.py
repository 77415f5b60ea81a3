"""What recorded facts say of the items for which a scheme has limits: a suggestion to the panel with its working, never
a score. Pure and exact.

The limits are those of 发改环资〔2025〕910号 as they are reported (see the scheme). Energy is what was recorded of the
range's pilots as COAL_EQUIVALENT, carbon the emissions of the range before sinks and purchases (both our reading); of
several years their mean.
"""

from calendar import isleap
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from nzc_api.accounting.exact import plain, rounded
from nzc_api.metering.model import span_of
from nzc_api.monitoring.intensities import Below, amount_in
from nzc_api.monitoring.model import Denominator, DenominatorKind
from nzc_api.pilots.model import DateSpan

# From how much energy a year, tce, which limit holds, t CO2e/tce: at 1,000,000 tce the lower one still does.
LEAST_ENERGY, MUCH_ENERGY = 200_000, 1_000_000
LIMIT, LIMIT_OF_MUCH = Decimal("0.2"), Decimal("0.3")


class UnknownIndicator(StrEnum):
    """Why nothing is suggested."""

    NOT_SHOWN = "NOT_SHOWN"
    ENERGY_NOT_RECORDED = "ENERGY_NOT_RECORDED"
    EMISSIONS_UNKNOWN = "EMISSIONS_UNKNOWN"
    BELOW_SCHEME = "BELOW_SCHEME"


@dataclass(frozen=True, slots=True)
class RangeFacts:
    """What is known of a range: emissions, t CO2e, and energy a year, tce; None where they are not known. ``hidden``:
    what one of its pilots recorded is not shown to whoever asks."""

    gross: Decimal | None
    energy_a_year: Fraction | None
    years: Fraction
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What facts say of an item: its value beside its limit, both in ``unit``, and whether it is met; ``working`` says
    how. Where it is not known, ``unknown`` says why, and what is not known is None."""

    unit: str
    value: Decimal | None = None
    limit: Decimal | None = None
    met: bool | None = None
    working: str | None = None
    unknown: UnknownIndicator | None = None


def indicator_of(scheme: str, item: str) -> Callable[[RangeFacts], Suggestion] | None:
    """What suggests something of an item; None where the scheme has no limit for it that is computed."""
    return _INDICATORS.get((scheme, item))


def energy_a_year(recorded: Collection[Iterable[Denominator]], span: DateSpan) -> Fraction | None:
    """The energy of pilots in a span, tce a year; None where of any of its days it was not recorded of one of them."""
    amounts = [amount_in(_energy_of(series), *span_of(span)) for series in recorded]
    tonnes = [amount for amount in amounts if amount is not None]
    whole = len(tonnes) == len(amounts)
    return sum(tonnes, Fraction()) / years_of(span) if whole else None


def years_of(span: DateSpan) -> Fraction:
    """How many years a span is: of each calendar year the share of its days."""
    found = Fraction()
    for year in range(span.starts_on.year, span.ends_on.year + 1):
        first, last = max(span.starts_on, date(year, 1, 1)), min(span.ends_on, date(year, 12, 31))
        found += Fraction((last - first).days + 1, 366 if isleap(year) else 365)
    return found


def _energy_of(recorded: Iterable[Denominator]) -> Below:
    kind = DenominatorKind.COAL_EQUIVALENT
    return Below.of((denominator for denominator in recorded if denominator.kind is kind), kind)


def _carbon_per_energy(facts: RangeFacts) -> Suggestion:
    unit, energy = "t CO2e/tce", facts.energy_a_year
    if facts.hidden:
        return Suggestion(unit, unknown=UnknownIndicator.NOT_SHOWN)
    if not energy:
        return Suggestion(unit, unknown=UnknownIndicator.ENERGY_NOT_RECORDED)
    if facts.gross is None:
        return Suggestion(unit, unknown=UnknownIndicator.EMISSIONS_UNKNOWN)
    carbon = Fraction(facts.gross) / facts.years
    value = carbon / energy
    working = f"{_shown(carbon)} t CO2e/a ÷ {_shown(energy)} tce/a = {_shown(value)} {unit}"
    if energy < LEAST_ENERGY:
        below = UnknownIndicator.BELOW_SCHEME
        return Suggestion(unit, rounded(value), working=working, unknown=below)
    limit = LIMIT_OF_MUCH if energy > MUCH_ENERGY else LIMIT
    return Suggestion(
        unit=unit, value=rounded(value), limit=limit, met=value <= Fraction(limit), working=working
    )


def _energy_threshold(facts: RangeFacts) -> Suggestion:
    unit, energy = "tce/a", facts.energy_a_year
    if facts.hidden:
        return Suggestion(unit, unknown=UnknownIndicator.NOT_SHOWN)
    if energy is None:
        return Suggestion(unit, unknown=UnknownIndicator.ENERGY_NOT_RECORDED)
    working = (
        f"{_shown(energy * facts.years)} tce ÷ {_shown(facts.years)} a = {_shown(energy)} {unit}"
    )
    limit = Decimal(LEAST_ENERGY)
    return Suggestion(
        unit=unit, value=rounded(energy), limit=limit, met=energy >= LEAST_ENERGY, working=working
    )


def _shown(value: Fraction) -> str:
    return plain(rounded(value))


_INDICATORS: Mapping[tuple[str, str], Callable[[RangeFacts], Suggestion]] = {
    ("PARK_ZERO_CARBON", "CARBON_PER_ENERGY"): _carbon_per_energy,
    ("PARK_ZERO_CARBON", "ENERGY_THRESHOLD"): _energy_threshold,
}
