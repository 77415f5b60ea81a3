"""Lines at a factor that a pilot supplies, and the largest numbers that can be typed."""

from decimal import Decimal
from fractions import Fraction

import pytest

from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.errors import (
    ActivityOutOfRange,
    ConversionImplausible,
    DensityRequired,
    UnitUnknown,
)
from nzc_api.accounting.factors import EmissionFactor, FactorKind, FactorPart, GasFactor, Source
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import (
    LARGEST_LINE,
    LineAccount,
    Measurement,
    accepted_units,
    account,
    shown_value,
)
from nzc_api.refusal import LocalizedText
from tests.accounting.lines import ENERGIES, USABLE, measured, out_of_range


@pytest.mark.parametrize("factor", USABLE, ids=lambda factor: factor.code)
def test_the_largest_numbers_that_can_be_typed_break_nothing(factor: EmissionFactor) -> None:
    largest = Decimal("999999999999999999.999999999999")
    for unit in accepted_units(factor):
        result = account(Measurement(largest, unit), factor, GwpSet.AR5)
        if isinstance(result, DensityRequired):
            density = Measurement(largest, result.accepted[0])
            result = account(Measurement(largest, unit), factor, GwpSet.AR5, density=density)
        small = isinstance(result, LineAccount) and result.co2e <= LARGEST_LINE
        refused = isinstance(result, ActivityOutOfRange | ConversionImplausible)
        assert small or refused, (unit, result)


def own(*parts: tuple[str, str], gas: Gas = Gas.CO2) -> EmissionFactor:
    """A factor that a pilot supplies: values and units."""
    source = Source("a report", "supplied by the pilot", Confidence.SUPPLIED)
    made = tuple(
        FactorPart(quantity="因数", value=Decimal(value), unit=unit, source=source)
        for value, unit in parts
    )
    name = LocalizedText("自有", "own")
    gases = (GasFactor(gas, made),)
    return EmissionFactor(
        code="own",
        version=1,
        kind=FactorKind.OWN,
        subject="own",
        name=name,
        gases=gases,
        region="-",
        valid_year="-",
    )


HUGE = "9" * 18


@pytest.mark.parametrize("parts", [1, 4, 8])
def test_an_absurd_own_factor_is_out_of_range_and_no_accident(parts: int) -> None:
    """Eight parts of 18 digits: more than any context of ours can hold, so nothing rounds first."""
    factor = own(*[(HUGE, "tCO2/t")], *[(HUGE, "1")] * (parts - 1))
    result = account(measured(HUGE, "t"), factor, GwpSet.AR5)
    assert result == out_of_range(HUGE, "t")
    assert isinstance(account(measured(0, "t"), factor, GwpSet.AR5), LineAccount)
    value, unit = shown_value(factor, factor.gases[0])
    assert (Fraction(value), unit) == (Fraction(HUGE) ** parts, "tCO2/t")


@pytest.mark.parametrize(
    ("part", "accepted"),
    [
        ("kgCO2/kWh", ENERGIES),
        ("tCO2/GJ/km", ("km*GJ", "GJ*km")),
        ("tCO2/head", ("head",)),
        ("tCO2", ("1",)),
        ("%", ("kgCO2", "tCO2", "L", "m3")),
        ("kg/kWh", ("tCO2*GJ/t", "GJ*tCO2/t")),
    ],
)
def test_there_is_always_a_unit_that_an_own_factor_takes(
    part: str, accepted: tuple[str, ...]
) -> None:
    factor = own(("1", part))
    refused = account(measured(1, "furlong"), factor, GwpSet.AR5)
    assert isinstance(refused, UnitUnknown)
    assert refused.accepted
    assert set(refused.accepted) <= set(accepted)
    for unit in refused.accepted:
        result = account(measured(1, unit), factor, GwpSet.AR5)
        assert isinstance(result, LineAccount | DensityRequired), unit


def test_a_part_in_percent() -> None:
    factor = own(("2", "tCO2/t"), ("98", "%"))
    result = account(measured(10, "t"), factor, GwpSet.AR5)
    assert isinstance(result, LineAccount)
    assert result.co2e == Decimal("19.6")
    assert "98 %" in result.gases[0].expression
