"""What facts say of the limits of zero-carbon parks: as worked out by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from nzc_api.evaluation.indicators import (
    RangeFacts,
    UnknownIndicator,
    energy_a_year,
    indicator_of,
    years_of,
)
from nzc_api.evaluation.schemes import SCHEMES
from nzc_api.ids import PilotId
from nzc_api.monitoring.model import Denominator, DenominatorKind
from nzc_api.pilots.model import DateSpan

ONE_YEAR = DateSpan(date(2023, 1, 1), date(2023, 12, 31))
TWO_YEARS = DateSpan(date(2023, 1, 1), date(2024, 12, 31))


def recorded(value: str, days: DateSpan = ONE_YEAR, kind: str = "COAL_EQUIVALENT") -> Denominator:
    return Denominator(
        id=1,
        pilot_id=PilotId(1),
        kind=DenominatorKind(kind),
        product=None,
        days=days,
        value=Decimal(value),
        source="综合能耗统计",
    )


def facts(
    gross: str | None, energy: int | None, years: int = 1, *, hidden: bool = False
) -> RangeFacts:
    return RangeFacts(
        gross=None if gross is None else Decimal(gross),
        energy_a_year=None if energy is None else Fraction(energy),
        years=Fraction(years),
        hidden=hidden,
    )


@pytest.mark.parametrize(
    ("of_pilot", "value", "limit", "met", "unknown"),
    [
        # 40,000 / 200,000 = 0.2, which is kept.
        (facts("40000", 200_000), "0.2", "0.2", True, None),
        (facts("40000.000001", 200_000), "0.200000000005", "0.2", False, None),
        # At a million tce the lower limit still holds, above it the higher.
        (facts("300000", 1_000_000), "0.3", "0.2", False, None),
        (facts("300000.3", 1_000_001), "0.3", "0.3", True, None),
        # Two years: 100,000 / 2 / 250,000 = 0.2.
        (facts("100000", 250_000, 2), "0.2", "0.2", True, None),
        (facts("100", 199_999), "0.0005000025", None, None, "BELOW_SCHEME"),
        (facts("100", None), None, None, None, "ENERGY_NOT_RECORDED"),
        (facts("100", 0), None, None, None, "ENERGY_NOT_RECORDED"),
        (facts(None, 250_000), None, None, None, "EMISSIONS_UNKNOWN"),
        (facts("100", 250_000, hidden=True), None, None, None, "NOT_SHOWN"),
    ],
)
def test_carbon_per_energy(
    of_pilot: RangeFacts,
    value: str | None,
    limit: str | None,
    met: bool | None,
    unknown: str | None,
) -> None:
    suggest = indicator_of("PARK_ZERO_CARBON", "CARBON_PER_ENERGY")
    assert suggest is not None
    found = suggest(of_pilot)
    assert found.value == (None if value is None else Decimal(value))
    assert found.limit == (None if limit is None else Decimal(limit))
    assert (found.met, found.unknown) == (met, unknown and UnknownIndicator(unknown))


@pytest.mark.parametrize(
    ("of_pilot", "met", "unknown"),
    [
        (facts(None, 200_000), True, None),
        (facts(None, 199_999), False, None),
        (facts(None, None), None, "ENERGY_NOT_RECORDED"),
        (facts(None, 200_000, hidden=True), None, "NOT_SHOWN"),
    ],
)
def test_the_energy_of_a_park(of_pilot: RangeFacts, met: bool | None, unknown: str | None) -> None:
    suggest = indicator_of("PARK_ZERO_CARBON", "ENERGY_THRESHOLD")
    assert suggest is not None
    found = suggest(of_pilot)
    assert (found.met, found.unknown) == (met, unknown and UnknownIndicator(unknown))


def test_energy_is_of_every_pilot_and_day() -> None:
    whole, half = recorded("400"), recorded("10", DateSpan(date(2023, 1, 1), date(2023, 6, 30)))
    area = recorded("7", kind="FLOOR_AREA")
    assert energy_a_year([[whole, area], [whole]], ONE_YEAR) == 800
    assert energy_a_year([[whole], [half]], ONE_YEAR) is None
    assert energy_a_year([[whole], []], ONE_YEAR) is None
    assert energy_a_year([[recorded("400", TWO_YEARS)]], TWO_YEARS) == 200


def test_years_are_calendar_years() -> None:
    """A leap year is one, and so is another."""
    assert years_of(TWO_YEARS) == 2
    assert years_of(DateSpan(date(2024, 1, 1), date(2024, 2, 29))) == Fraction(60, 366)
    assert years_of(DateSpan(date(2023, 12, 31), date(2024, 1, 1))) == Fraction(1, 365) + Fraction(
        1, 366
    )


def test_what_is_computed_are_items_of_schemes() -> None:
    of_schemes = {(scheme.code, item.code) for scheme in SCHEMES.values() for item in scheme.items}
    computed = {pair for pair in of_schemes if indicator_of(*pair)}
    assert computed == {
        ("PARK_ZERO_CARBON", "CARBON_PER_ENERGY"), ("PARK_ZERO_CARBON", "ENERGY_THRESHOLD"),
    }  # fmt: skip
