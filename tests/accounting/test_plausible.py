"""Densities, loads and heating values that can be, and those that are slips."""

from decimal import Decimal

import pytest

from nzc_api.accounting.errors import ConversionImplausible
from nzc_api.accounting.factors import EMISSION_FACTORS, FACTORS_BY_CODE
from nzc_api.accounting.gases import GwpSet
from nzc_api.accounting.line import (
    LineAccount,
    Measurement,
    Rounding,
    account,
    explain,
)
from nzc_api.accounting.plausible import ANYTHING, RANGES, PlausibleRange, check_plausible
from nzc_api.accounting.units import parse_unit
from nzc_api.refusal import LocalizedText

DIESEL, PETROL, LPG, LNG = (f"prov2025.{fuel}" for fuel in ("diesel", "gasoline", "lpg", "lng"))
SEPTIC, STEAM = "waste.ww.dom.septic", "heat.default"


def problem(factor: str, value: str, unit: str) -> ConversionImplausible | None:
    parsed = parse_unit(unit)
    assert parsed is not None, unit
    return check_plausible(Decimal(value), parsed, FACTORS_BY_CODE[factor])


@pytest.mark.parametrize(
    ("factor", "value", "unit"),
    [
        (DIESEL, "0.84", "kg/L"),
        (DIESEL, "840", "kg/m3"),
        (DIESEL, "7.0", "lb/gal"),
        (DIESEL, "0.78", "kg/L"),
        (DIESEL, "0.92", "t/m3"),
        (PETROL, "0.737", "kg/L"),
        (LPG, "0.54", "kg/L"),
        (LPG, "2.2", "kg/m3"),
        (LNG, "430", "kg/m3"),
        (LNG, "0.72", "kg/m3"),
        (SEPTIC, "200", "mgBOD/L"),
        (SEPTIC, "0.2", "kgBOD/m3"),
    ],
)
def test_what_is_usual_is_plausible_in_every_unit(factor: str, value: str, unit: str) -> None:
    assert problem(factor, value, unit) is None


@pytest.mark.parametrize(
    ("factor", "value", "unit", "expected"),
    [
        (DIESEL, "840", "kg/L", ("0.78", "0.92", "0.84", "kg/L", "kg/m3")),
        (DIESEL, "0.84", "kg/m3", ("0.78", "0.92", "0.84", "kg/L", "kg/L")),
        (DIESEL, "0.7799", "kg/L", ("0.78", "0.92", "0.84", "kg/L", None)),
        (DIESEL, "0.9201", "kg/L", ("0.78", "0.92", "0.84", "kg/L", None)),
        (PETROL, "0.0007", "kg/L", ("0.68", "0.8", "0.74", "kg/L", "t/L")),
        (LNG, "43", "kg/m3", ("0.4", "0.5", "0.43", "kg/L", None)),
        (SEPTIC, "150", "kgBOD/m3", ("1", "20000", "200", "mgBOD/L", "mgBOD/L")),
    ],
)
def test_a_slip_is_told_with_what_is_plausible(
    factor: str, value: str, unit: str, expected: tuple[str | None, ...]
) -> None:
    found = problem(factor, value, unit)
    assert found is not None
    told = (found.least, found.most, found.typical, found.range_unit, found.meant)
    assert (told, found.value, found.path) == (expected, value, ("density", "value"))
    assert (found.subject, bool(found.source_zh), bool(found.source_en)) == (factor, True, True)


def test_the_message_says_what_would_be_right() -> None:
    found = problem(DIESEL, "840", "kg/L")
    assert found is not None
    source = (
        "IEA石油数据说明（柴油844 kg/m3），转录自一个IPCC方法程序库；余量由NZC估计",
        "IEA oil documentation (diesel 844 kg/m3), as a library of the IPCC method has it; "
        "the margin is NZC's own",
    )
    assert found.message == LocalizedText(
        "“840 千克/升”不可能是“prov2025.diesel”的柴油密度：应在0.78至0.92 千克/升之间，通常约为0.84；"
        f"是否应为840 千克/立方米？（依据：{source[0]}）。数值确实无误的，请直接填报质量或热量",
        "“840 kg/L” cannot be right for “prov2025.diesel” (density of diesel): from 0.78 to 0.92 kg/L "
        f"is plausible, usually about 0.84; did you mean 840 kg/m³? (by: {source[1]}). Where it is right "
        "all the same, state the mass or the heat itself",
    )


def test_the_working_of_a_line_that_stands_is_not_judged() -> None:
    """1,000 L of diesel at 840 kg/L, recorded before there were ranges."""
    litres, density = Measurement(Decimal(1000), "L"), Measurement(Decimal(840), "kg/L")
    factor = FACTORS_BY_CODE[DIESEL]
    assert isinstance(account(litres, factor, GwpSet.AR5, density=density), ConversionImplausible)
    gwps = {gas.gas: Decimal(1) for gas in factor.gases}
    stands = explain(litres, factor, gwps, Rounding.CO2E, density=density)
    tonnes = explain(Measurement(Decimal(840), "t"), factor, gwps, Rounding.CO2E)
    assert isinstance(stands, LineAccount)
    assert stands.co2e == tonnes.co2e > 2000


@pytest.mark.parametrize("row", RANGES, ids=lambda row: f"{row.name.en} {row.unit.name}")
def test_each_range_holds_what_is_typical_and_is_of_something(row: PlausibleRange) -> None:
    assert 0 < row.least < row.typical < row.most
    subjects = {factor.subject for factor in EMISSION_FACTORS} | {
        str(factor.kind) for factor in EMISSION_FACTORS
    }
    assert row.about <= subjects | {ANYTHING}
