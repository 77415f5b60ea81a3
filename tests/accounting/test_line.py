"""One line of an inventory: the published examples, every refusal, and an independent reckoning."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor, prod
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nzc_api.accounting import line as line_module
from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.errors import (
    ActivityOutOfRange,
    ConversionImplausible,
    DensityRequired,
    GridBaselineRefused,
    GwpMissing,
    UnitDoesNotFit,
    UnitUnknown,
)
from nzc_api.accounting.exact import ZERO, ceiling, plain, total
from nzc_api.accounting.factors import (
    EMISSION_FACTORS,
    FACTORS_BY_CODE,
    GWP_SETS,
    EmissionFactor,
    FactorKind,
    FactorPart,
    GasFactor,
    Source,
)
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import (
    LARGEST_LINE,
    NO_WHOLE_YEAR,
    OTHER_CONDITIONS,
    PER_DAY,
    LineAccount,
    Measurement,
    Rounding,
    accepted_units,
    account,
    explain,
    factor_value,
    is_stock_over_years,
    quantity_name,
    shown_value,
)
from nzc_api.accounting.plausible import plausible_ranges
from nzc_api.accounting.snapshot import freeze_factor, thaw_factor
from nzc_api.accounting.units import parse_unit
from nzc_api.guide.guide import net_emissions
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal
from tests.examples import worked_examples

CHINESE = re.compile(r"[\u4e00-\u9fff]")

FUELS = [
    "raw_coal", "coke", "crude_oil", "fuel_oil", "gasoline",
    "kerosene", "diesel", "lpg", "refinery_gas", "natural_gas",
]  # fmt: skip

USABLE = [factor for factor in EMISSION_FACTORS if factor.usable]

ELECTRICITY = "elec.guangdong.avg.2022"


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    return worked_examples()


def measured(value: str | int, unit: str) -> Measurement:
    return Measurement(Decimal(value), unit)


def line(
    value: str | int, unit: str, factor: str, gwp_set: GwpSet = GwpSet.AR5, **more: Any
) -> LineAccount | Refusal:
    return account(measured(value, unit), FACTORS_BY_CODE[factor], gwp_set, **more)


def co2e(value: str | int, unit: str, factor: str, **more: Any) -> Decimal:
    result = line(value, unit, factor, **more)
    assert isinstance(result, LineAccount), result
    return result.co2e


def half_up(value: Fraction, decimals: int) -> Decimal:
    return Decimal(floor(value * 10**decimals + Fraction(1, 2))).scaleb(-decimals)


# The worked examples.


@pytest.mark.parametrize("fuel", FUELS)
def test_a_published_fuel_factor(examples: dict[str, Any], fuel: str) -> None:
    example = examples[f"fuel.pub.{fuel}"]
    gas = FACTORS_BY_CODE[f"prov2011.{fuel}"].gases[0]
    assert [part.value for part in gas.parts] == [
        Decimal(example["inputs"][name])
        for name in ("lhv_GJ_per_unit", "carbon_tC_per_TJ", "oxidation")
    ]
    published_unit = parse_unit(example["expected"]["unit"])
    assert published_unit is not None
    in_published_unit = factor_value(gas)[0] / published_unit.size
    assert half_up(in_published_unit, 4) == Decimal(example["expected"]["factor"])


def test_the_published_factor_of_burning_household_waste(examples: dict[str, Any]) -> None:
    value, unit = factor_value(FACTORS_BY_CODE["waste.2025.inc.msw"].gases[0])
    expected = examples["waste.2025.msw"]["expected"]["factor_tCO2_per_t"]
    assert (half_up(value, 6), unit) == (Decimal(expected), "tCO2/t")


@pytest.mark.parametrize("treatment", ["septic", "aerobic"])
def test_a_published_wastewater_factor(examples: dict[str, Any], treatment: str) -> None:
    """A volume of water with its load of BOD as the density; a million m3, so nothing rounds."""
    example = examples[f"waste.2025.ww.{treatment}"]
    load = measured(example["inputs"]["od_mg_per_L"], "mgBOD/L")
    emitted = co2e(1_000_000, "m3", f"waste.ww.dom.{treatment}", density=load)
    assert emitted == Decimal(example["expected"]["factor_tCO2e_per_m3"]) * 1_000_000


def test_the_published_changes_of_grid_factors(examples: dict[str, Any]) -> None:
    example = examples["elec.trend"]
    series = {"national": "national.avg", "south": "south.avg"} | {
        name: f"national.{name}" for name in ("residual", "fossil")
    }
    for name, change in example["expected"].items():
        grid, year = name.rsplit("_", 1)
        new, old = (
            FACTORS_BY_CODE[f"elec.{series[grid]}.{number}"].gases[0].parts[0].value
            for number in (int(year), int(year) - 1)
        )
        assert str(new) == example["inputs"][grid][year]
        assert abs((new - old) / old * 100 - Decimal(change.rstrip("%"))) <= Decimal("0.05")


def test_the_constructed_building(examples: dict[str, Any]) -> None:
    example = examples["constructed.building"]
    given_, expected = example["inputs"], example["expected"]
    electricity = co2e(given_["electricity_kwh"], "kWh", given_["elec_factor"])
    gas = co2e(given_["natural_gas_1e4Nm3"], "10^4Nm3", given_["gas_factor"])
    sink = co2e(given_["forestry_sink_tCO2"], "tCO2", "measured.co2")
    gross = total([electricity, gas])
    units = given_["retired_outside_units"]
    assert electricity == Decimal(expected["electricity_tCO2"])
    assert gas == Decimal(expected["gas_tCO2"])
    assert gross == Decimal(expected["gross_tCO2"])
    assert net_emissions(gross, sink, units) == Decimal(expected["net_tCO2"])
    assert ceiling(net_emissions(gross, sink, 0)) == int(expected["units_to_reach_zero"])
    assert ceiling(net_emissions(gross, sink, units)) == int(expected["further_units"])


def test_the_constructed_transport_operator(examples: dict[str, Any]) -> None:
    example = examples["constructed.transport"]
    given_, expected = example["inputs"], example["expected"]
    diesel = co2e(given_["diesel_t"], "t", "prov2025.diesel")
    urea = co2e(given_["urea_kg"], "kg", "trans.urea")
    electricity = co2e(given_["electricity_kwh"], "kWh", "elec.guangdong.avg.2023")
    coaches = line(given_["heavy_diesel_km"], "km", "trans.heavy.diesel.all")
    assert isinstance(coaches, LineAccount)
    by_gas = {gas.gas: gas.co2e for gas in coaches.gases}
    assert diesel == Decimal(expected["diesel_tCO2"])
    assert urea == Decimal(expected["urea_tCO2"])
    assert electricity == Decimal(expected["electricity_tCO2"])
    assert by_gas == {
        Gas.CH4: Decimal(expected["ch4_tCO2e"]),
        Gas.N2O: Decimal(expected["n2o_tCO2e"]),
    }
    assert total([diesel, urea, electricity, coaches.co2e]) == Decimal(expected["gross_tCO2e"])


def test_the_forest_of_the_g20_summit(examples: dict[str, Any]) -> None:
    example = examples["event.g20"]
    given_ = example["inputs"]
    uptake = given_["years"] * co2e(given_["forest_mu"], "亩", "forest.carbonforest.rule")
    assert uptake == example["expected"]["uptake_tCO2e"]
    assert (uptake >= given_["event_emissions_tCO2e"]) is example["expected"]["covers"]


# Refusals.


@dataclass(frozen=True)
class Case:
    """A line that is refused, and how."""

    name: str
    value: str
    unit: str
    factor: str
    refusal: Refusal
    density: Measurement | None = None
    gwp_set: GwpSet = GwpSet.AR5
    full_year: bool = True


ENERGIES = ("kWh", "MWh", "10^4kWh", "MJ", "GJ", "TJ")
MASSES = ("kg", "t", "10^4t")
GAS_VOLUMES = ("m3", "10^4m3", "Nm3", "m3(20C)")
BY_DENSITY = ("L", "m3")
DENSITIES = ("kg/L", "t/m3")
LOADS = ("mgBOD/L", "kgBOD/m3")
GAS_HEAT = "gbt51366.natural_gas"
FOREST = "forest.carbonforest.rule"
RICE = "rice.ipcc.baseline"
DIESEL = "prov2025.diesel"
DAIRY = "live.ipcc.enteric.dairy"
UNNEEDED = InvalidInput(
    path=("density",),
    value="0.84 kg/L",
    expected_zh="活动数据单位已符合因子，不需要密度",
    expected_en="the activity's unit fits the factor as it is, so there is no density",
)


def out_of_range(value: str, unit: str) -> ActivityOutOfRange:
    path = ("activity", "value")
    return ActivityOutOfRange(value=value, unit=unit, limit=LARGEST_LINE, path=path)


def no_density(value: str) -> InvalidInput:
    return InvalidInput(
        path=("density", "value"),
        value=value,
        expected_zh="密度须大于0",
        expected_en="a density is greater than 0",
    )


def wrong_density(unit: str, factor: str, accepted: tuple[str, ...]) -> UnitDoesNotFit:
    path = ("density", "unit")
    return UnitDoesNotFit(unit=unit, subject=factor, accepted=accepted, path=path)


UNIT = ("activity", "unit")


def does_not_fit(
    unit: str, factor: str, accepted: tuple[str, ...], hint: LocalizedText
) -> UnitDoesNotFit:
    return UnitDoesNotFit(
        unit=unit,
        subject=factor,
        accepted=accepted,
        hint_zh=hint.zh,
        hint_en=hint.en,
        path=UNIT,
    )


REFUSED = [
    Case("a negative activity", "-0.000001", "kWh", ELECTRICITY, out_of_range("-0.000001", "kWh")),
    Case("an absurd activity", "9" * 18, "MWh", ELECTRICITY, out_of_range("9" * 18, "MWh")),
    Case(
        "a gram too much",
        "1000000000.000001",
        "tCO2",
        "measured.co2",
        out_of_range("1000000000.000001", "tCO2"),
    ),
    Case(
        "an absurd warming",
        "50000",
        "tSF6",
        "measured.sf6",
        out_of_range("50000", "tSF6"),
    ),
    Case(
        "an unknown unit",
        "1",
        "furlong",
        ELECTRICITY,
        UnitUnknown(unit="furlong", accepted=ENERGIES, path=UNIT),
    ),
    Case(
        "no unit",
        "1",
        "",
        DIESEL,
        UnitUnknown(unit="", accepted=(*MASSES, *BY_DENSITY), path=UNIT),
    ),
    Case(
        "a unit that does not fit",
        "1",
        "吨",
        ELECTRICITY,
        UnitDoesNotFit(unit="t", subject=ELECTRICITY, accepted=ENERGIES, path=UNIT),
    ),
    Case(
        "a tonne of CO2 for a tonne of coal",
        "1",
        "tCO2",
        "prov2025.bituminous",
        UnitDoesNotFit(
            unit="tCO2",
            subject="prov2025.bituminous",
            accepted=(*MASSES, *BY_DENSITY),
            path=UNIT,
        ),
    ),
    Case(
        "a tonne of gas where the factor is per volume",
        "1",
        "t",
        "prov2025.natural_gas",
        UnitDoesNotFit(unit="t", subject="prov2025.natural_gas", accepted=GAS_VOLUMES, path=UNIT),
    ),
    Case(
        "a litre without a density",
        "1",
        "升",
        DIESEL,
        DensityRequired(unit="L", subject=DIESEL, accepted=DENSITIES, path=("density",)),
    ),
    Case(
        "water without its load",
        "1",
        "m3",
        "waste.ww.dom.septic",
        DensityRequired(
            unit="m3",
            subject="waste.ww.dom.septic",
            accepted=LOADS,
            path=("density",),
        ),
    ),
    Case("a density for a mass", "1", "t", DIESEL, UNNEEDED, density=measured("0.84", "kg/L")),
    Case(
        "a density for a volume where the factor is per volume",
        "1",
        "m3",
        "prov2025.natural_gas",
        UNNEEDED,
        density=measured("0.84", "kg/L"),
    ),
    Case("a density of 0", "1", "L", DIESEL, no_density("0"), density=measured("0.00", "kg/L")),
    Case("a density below 0", "1", "L", DIESEL, no_density("-1"), density=measured(-1, "kg/L")),
    Case(
        "a density in a mass",
        "1",
        "L",
        DIESEL,
        wrong_density("kg", DIESEL, DENSITIES),
        density=measured("0.84", "kg"),
    ),
    Case(
        "a density upside down",
        "1",
        "L",
        DIESEL,
        wrong_density("L/kg", DIESEL, DENSITIES),
        density=measured("0.84", "L/kg"),
    ),
    Case(
        "a density of the water, not of its load",
        "1",
        "m3",
        "waste.ww.dom.septic",
        wrong_density("kg/L", "waste.ww.dom.septic", LOADS),
        density=measured(1, "kg/L"),
    ),
    Case(
        "a density in an unknown unit",
        "1",
        "L",
        DIESEL,
        UnitUnknown(unit="furlong", accepted=DENSITIES, path=("density", "unit")),
        density=measured("0.84", "furlong"),
    ),
    Case(
        "a grid baseline",
        "1",
        "MWh",
        "elec.south.om.2012",
        GridBaselineRefused(factor="elec.south.om.2012", path=("factor",)),
    ),
    Case(
        "a gas without a potential",
        "1",
        "kgNF3",
        "measured.nf3",
        GwpMissing(
            gas="NF3",
            gwp_set="SAR",
            accepted=tuple(sorted(GWP_SETS[GwpSet.SAR])),
            path=("factor",),
        ),
        gwp_set=GwpSet.SAR,
    ),
    Case(
        "a bare concentration where BOD or COD must be said",
        "1",
        "m3",
        "waste.ww.dom.septic",
        wrong_density("mg/L", "waste.ww.dom.septic", LOADS),
        density=measured(200, "mg/L"),
    ),
    Case(
        "a gas bill where the factor is per heat",
        "1",
        "万方",
        GAS_HEAT,
        DensityRequired(
            unit="10^4m3",
            subject=GAS_HEAT,
            accepted=("MJ/m3", "GJ/10^4m3"),
            per_zh="热量",
            per_en="heat",
            stated_zh="单位热值",
            stated_en="heating value",
            path=("density",),
        ),
    ),
    Case(
        "a density where a heating value is needed",
        "1",
        "m3",
        GAS_HEAT,
        wrong_density("kg/m3", GAS_HEAT, ("MJ/m3", "GJ/10^4m3")),
        density=measured("0.72", "kg/m3"),
    ),
    Case(
        "a heating value makes no fuel of electricity",
        "1",
        "t",
        ELECTRICITY,
        UnitDoesNotFit(unit="t", subject=ELECTRICITY, accepted=ENERGIES, path=UNIT),
        density=measured(20, "GJ/t"),
    ),
    Case(
        "a forest on a part year",
        "334",
        "亩",
        FOREST,
        does_not_fit("mu", FOREST, ("mu*d", "ha*d", "m2*d"), NO_WHOLE_YEAR),
        full_year=False,
    ),
    Case(
        "a paddy without its days",
        "10",
        "亩",
        RICE,
        does_not_fit("mu", RICE, ("mu*d", "ha*d", "m2*d"), PER_DAY),
    ),
    Case(
        "a herd on a part year",
        "10",
        "头",
        DAIRY,
        does_not_fit("head", DAIRY, ("head*d",), NO_WHOLE_YEAR),
        full_year=False,
    ),
    Case(
        "a standard cubic foot where a m3 at 0 °C is wanted",
        "1000",
        "scf",
        "prov2025.natural_gas",
        does_not_fit("scf", "prov2025.natural_gas", GAS_VOLUMES, OTHER_CONDITIONS),
    ),
    Case(
        "a standard cubic foot where heat is wanted",
        "1000",
        "SCF",
        GAS_HEAT,
        DensityRequired(
            unit="scf",
            subject=GAS_HEAT,
            accepted=("Btu/scf", "MMBtu/10^3scf"),
            per_zh="热量",
            per_en="heat",
            stated_zh="单位热值",
            stated_en="heating value",
            path=("density",),
        ),
    ),
    Case(
        "a standard cubic foot with a heating value per m3",
        "1000",
        "scf",
        GAS_HEAT,
        wrong_density("MJ/m3", GAS_HEAT, ("Btu/scf", "MMBtu/10^3scf")),
        density=measured("38.931", "MJ/m3"),
    ),
    Case(
        "a ton, which may be three",
        "1",
        "ton",
        DIESEL,
        UnitUnknown(
            unit="ton",
            accepted=(*MASSES, *BY_DENSITY),
            hint_zh="（含义不唯一，请写明：吨、短吨、长吨）",
            hint_en=" (it can mean several things: write t or short ton or long ton)",
            path=UNIT,
        ),
    ),
]


def refuse(case: Case) -> LineAccount | Refusal:
    return line(
        case.value,
        case.unit,
        case.factor,
        case.gwp_set,
        density=case.density,
        full_year=case.full_year,
    )


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_is_refused_and_with_which_facts(case: Case) -> None:
    assert refuse(case) == case.refusal


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_refusal_speaks_both_languages(case: Case) -> None:
    result = refuse(case)
    assert isinstance(result, Refusal)
    assert CHINESE.search(result.message.zh)
    assert not CHINESE.search(result.message.en)
    assert "{" not in result.message.zh + result.message.en


def test_a_chinese_message_has_chinese_units() -> None:
    """And a client still has our names, in the typed list."""
    result = line(334, "亩", FOREST, full_year=False)
    assert isinstance(result, UnitDoesNotFit)
    assert result.message == LocalizedText(
        f"单位“亩”与“{FOREST}”不符（存栏数或面积须乘以时间：只有清单恰好覆盖一整年时，才可不写时间）；此处可用：亩·天、公顷·天、平方米·天",
        f"The unit “mu” does not fit “{FOREST}” (heads or an area need their time: they stand alone only "
        "where the inventory covers exactly a year); accepted here: mu·d, ha·d, m²·d",
    )
    result = line(10, "亩", RICE)
    assert isinstance(result, UnitDoesNotFit)
    assert result.message.zh.endswith("此处可用：亩·天、公顷·天、平方米·天")
    assert result.accepted == ("mu*d", "ha*d", "m2*d")
    result = line(1, "升", DIESEL)
    assert isinstance(result, DensityRequired)
    assert "以“升”填报" in result.message.zh
    assert "（单位如千克/升、吨/立方米）" in result.message.zh


def test_a_density_for_a_herd_is_refused_like_any_other_that_is_not_needed() -> None:
    result = line(10, "head", DAIRY, density=measured("0.84", "kg/L"))
    assert isinstance(result, InvalidInput), result
    assert result.path == ("density",)


@pytest.mark.parametrize("full_year", [True, False])
def test_the_units_that_a_refusal_lists_are_accepted(full_year: bool) -> None:
    """Somebody who follows the message must not be refused again for the unit."""
    rejected = {}
    for factor in USABLE:
        refused = account(measured(1, "furlong"), factor, GwpSet.AR5, full_year=full_year)
        assert isinstance(refused, UnitUnknown)
        assert refused.accepted
        for unit in refused.accepted:
            result = account(measured(1, unit), factor, GwpSet.AR5, full_year=full_year)
            if not isinstance(result, LineAccount | DensityRequired):
                rejected[factor.code] = unit
    assert not rejected


def test_a_density_in_a_unit_that_a_refusal_lists_is_accepted() -> None:
    for factor in (FACTORS_BY_CODE[code] for code in (DIESEL, "waste.ww.dom.septic")):
        refused = account(measured(1, "L"), factor, GwpSet.AR5)
        assert isinstance(refused, DensityRequired)
        for unit in refused.accepted:
            density = measured("200" if unit == "mgBOD/L" else "0.84", unit)
            result = account(measured(1, "L"), factor, GwpSet.AR5, density=density)
            assert isinstance(result, LineAccount)


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


def test_a_forest_is_stated_in_its_area_over_a_whole_year() -> None:
    """G20: 334 mu × 1 t/mu/yr."""
    assert co2e(334, "亩", FOREST) == 334
    assert co2e("0.0334", "万亩", FOREST) == 334
    assert co2e(15, "ha", FOREST) == 225
    result = line(334, "亩", FOREST)
    assert isinstance(result, LineAccount)
    assert "334 mu × 1 yr × 1 tCO2e/mu/yr" in result.gases[0].expression


HEADS, DAYS = (100, "头"), (36_600, "头·天")


def test_a_herd_of_a_leap_year_is_the_same_in_heads_and_in_days() -> None:
    """100 头 over 366 days are 36,600 头·天: 100 × 68 kgCH4 × 28."""
    for value, unit in (HEADS, DAYS, (100, "头·年")):
        assert exact_mass(value, unit, DAIRY, days_a_year=366) == Fraction("6.8"), unit
    assert exact_mass(36_500, "头·天", DAIRY) == Fraction("6.8")
    assert co2e(*DAYS, DAIRY, days_a_year=366) == Decimal("190.4")
    assert co2e(*DAYS, DAIRY) != Decimal("190.4"), "366 days are more than a common year"


@given(st.integers(1, 10**6), st.sampled_from([365, 366]))
def test_a_stock_and_its_days_are_equal_in_any_year(stock: int, days: int) -> None:
    for unit, factor in (("head", DAIRY), ("亩", FOREST)):
        alone, by_day = (
            line(value, name, factor, days_a_year=days)
            for value, name in ((stock, unit), (stock * days, f"{unit}·天"))
        )
        assert isinstance(alone, LineAccount)
        assert isinstance(by_day, LineAccount)
        assert alone.co2e == by_day.co2e
        assert [gas.exact for gas in alone.gases] == [gas.exact for gas in by_day.gases]


def test_a_year_of_a_factor_per_day_has_the_days_of_the_year() -> None:
    assert co2e(1, "ha·yr", RICE, days_a_year=366) == co2e(366, "ha·d", RICE)
    assert co2e(1, "ha·yr", RICE) == co2e(365, "ha·d", RICE)
    assert co2e(100, "ha·d", RICE, days_a_year=366) == co2e(100, "ha·d", RICE)


def test_what_a_day_is_of_the_year_is_a_step_of_the_working() -> None:
    result = line(*DAYS, DAIRY, days_a_year=366)
    assert isinstance(result, LineAccount)
    expression = result.gases[0].expression
    assert expression.startswith(
        "36600 head·d × 68 kgCH4/head/yr × 1/366 yr/d × 1/1000 = 6.8 t CH4"
    )
    result = line(1, "ha·yr", RICE, days_a_year=366)
    assert isinstance(result, LineAccount)
    assert " × 366 d/yr × " in result.gases[0].expression
    result = line(*HEADS, DAIRY, days_a_year=366)
    assert isinstance(result, LineAccount)
    assert "366" not in result.gases[0].expression


@pytest.mark.parametrize(
    ("unit", "days", "days_a_year", "unclear"),
    [
        ("亩·年", 90, 365, True),
        ("头·年", 365, 366, True),
        ("万头·年", 1, 365, True),
        ("亩·年", 365, 365, False),
        ("亩·年", 366, 366, False),
        ("头·年", 730, 365, False),
        ("亩·天", 90, 365, False),
        ("头", 90, 365, False),
        ("t", 90, 365, False),
        ("t·年", 90, 365, False),
    ],
)
def test_a_stock_over_years_in_less_than_a_year(
    unit: str, days: int, days_a_year: int, unclear: bool
) -> None:
    parsed = parse_unit(unit)
    assert parsed is not None
    assert is_stock_over_years(parsed, days, days_a_year) is unclear


def test_units_of_foreign_documents_are_exact() -> None:
    """55.539 tCO2/TJ of gas, by its heat; a US gallon of diesel is 3.785411784 L; a mile 1.609344 km."""
    assert exact_mass("1000", "MMBtu", GAS_HEAT) == Fraction("1055.05585262") * Fraction("0.055539")
    assert exact_mass("10", "therm", GAS_HEAT) == exact_mass("1", "MMBtu", GAS_HEAT)
    by_volume = exact_mass("1000", "scf", GAS_HEAT, density=measured("1026", "Btu/scf"))
    assert by_volume == exact_mass("1.026", "MMBtu", GAS_HEAT)
    kilogram = measured("0.84", "kg/L")
    gallons = exact_mass("1000", "gal", DIESEL, density=kilogram)
    assert gallons == exact_mass("3785.411784", "L", DIESEL, density=kilogram)
    assert gallons == exact_mass("1000", "US gal", DIESEL, density=measured("0.84", "g/mL"))
    assert exact_mass("1", "short ton", DIESEL) == exact_mass("907.18474", "kg", DIESEL)
    assert exact_mass("2000", "lb", DIESEL) == exact_mass("1", "短吨", DIESEL)
    heavy = "trans.heavy.diesel.all"
    assert exact_mass("1000", "mi", heavy) == exact_mass("1609.344", "km", heavy)
    gas = "prov2025.natural_gas"
    assert exact_mass("1000", "ft3", gas) == exact_mass("28.316846592", "m3", gas)
    methane = measured("0.0192", "kgCH4/scf")
    assert exact_mass("1000", "scf", "measured.ch4", density=methane) == Fraction("0.0192")


def exact_mass(value: str | int, unit: str, factor: str, **more: Any) -> Fraction:
    """The mass of the first gas, unrounded, in tonnes."""
    result = line(value, unit, factor, **more)
    assert isinstance(result, LineAccount), result
    return result.gases[0].exact


def test_a_gas_bill_with_its_heating_value() -> None:
    """10,000 m3 × 38.931 MJ/m3 × 55.539 tCO2/TJ."""
    expected = Decimal("21.621888")
    for value, unit, heat in (
        (10_000, "m3", measured("38.931", "MJ/m3")),
        (1, "万m³", measured("389.31", "GJ/万m³")),
        (1, "万方", measured("38931", "kJ/m3")),
    ):
        assert co2e(value, unit, GAS_HEAT, density=heat) == expected
    result = line(1, "t", "gbt51366.diesel", density=measured("42.652", "GJ/t"))
    assert isinstance(result, LineAccount)
    named = [m.name.en for m in result.gases[0].multipliers]
    assert named[:2] == ["activity data", "heating value"]


def test_steam_by_the_tonne() -> None:
    """10 t × 2.8 GJ/t × 0.11 tCO2/GJ."""
    assert co2e(10, "t", "heat.default", density=measured("2.8", "GJ/t")) == Decimal("3.08")


# What a recorded line explains.


@pytest.mark.parametrize(
    ("value", "unit", "factor", "density"),
    [
        (1000, "升", DIESEL, measured("0.84", "kg/L")),
        (5, "万m³", "prov2025.natural_gas", None),
        (334, "亩", FOREST, None),
        (100, "头", DAIRY, None),
        (10_000, "m3", GAS_HEAT, measured("38.931", "MJ/m3")),
        (600_000, "km", "trans.heavy.diesel.all", None),
        (4, "kgR134a", "measured.hfc134a", None),
    ],
)
def test_a_recorded_line_explains_itself_from_what_it_keeps(
    monkeypatch: pytest.MonkeyPatch,
    value: int,
    unit: str,
    factor: str,
    density: Measurement | None,
) -> None:
    recorded = line(value, unit, factor, density=density)
    assert isinstance(recorded, LineAccount)
    kept = {gas.gas: gas.gwp.value for gas in recorded.gases}
    parsed = parse_unit(unit)
    assert parsed is not None
    monkeypatch.setattr(line_module, "GWP_SETS", {})
    monkeypatch.setattr(line_module, "LARGEST_LINE", 0)
    monkeypatch.setattr(line_module, "HEATED", frozenset())
    frozen = json.loads(json.dumps(freeze_factor(FACTORS_BY_CODE[factor])))
    told = explain(
        measured(value, parsed.name), thaw_factor(frozen), kept, Rounding.CO2E, density=density
    )
    assert told.co2e == recorded.co2e
    for ours, theirs in zip(told.gases, recorded.gases, strict=True):
        assert ours.expression == theirs.expression
        assert ours.multipliers == theirs.multipliers


def test_a_recorded_line_keeps_the_potentials_that_it_was_recorded_with() -> None:
    told = explain(
        measured(1, "tCH4"), FACTORS_BY_CODE["measured.ch4"], {Gas.CH4: Decimal(21)}, Rounding.CO2E
    )
    assert told.co2e == 21


def test_a_line_of_before_keeps_the_rule_that_it_was_rounded_by() -> None:
    """0.4 g of SF6 was nothing to a gram; now it is 0.0094 t."""
    gwps = {Gas.SF6: Decimal(23500)}
    stated, factor = measured("0.4", "gSF6"), FACTORS_BY_CODE["measured.sf6"]
    before = explain(stated, factor, gwps, Rounding.MASS)
    assert (before.co2e, before.gases[0].tonnes) == (ZERO, ZERO)
    assert before.gases[0].expression.endswith("t SF6 → 0.000000 t SF6 × 23500 = 0 t CO2e")
    now = explain(stated, factor, gwps, Rounding.CO2E)
    assert (now.co2e, now.gases[0].tonnes) == (Decimal("0.0094"), Decimal("0.0000004"))
    assert now.gases[0].expression.endswith("= 0.0000004 t SF6 × 23500 = 0.0094 t CO2e")


def test_co2e_is_rounded_once_from_the_unrounded_product() -> None:
    """1 m³ of wastewater gives 1.5 g of methane: rounded before the potential, it was 2 g, or 56 g CO2e."""
    result = line(1, "m3", "waste.ww.dom.aerobic", density=measured("50", "mgBOD/L"))
    assert isinstance(result, LineAccount)
    assert result.co2e == Decimal("0.000042")
    assert result.gases[0].tonnes == Decimal("0.0000015")


def test_the_largest_line_itself_is_accounted() -> None:
    assert co2e(1_000_000_000, "tCO2", "measured.co2") == LARGEST_LINE


def test_no_activity_is_no_emission() -> None:
    assert co2e(0, "kWh", ELECTRICITY) == 0


def test_a_herd_in_heads_stands_for_a_whole_year() -> None:
    assert co2e(10, "头", DAIRY) == co2e(10, "head*yr", DAIRY) == Decimal("19.04")


def test_a_litre_with_a_density_is_its_mass() -> None:
    litres = co2e(1000, "L", DIESEL, density=measured("0.84", "kg/L"))
    assert litres == co2e(1, "m3", DIESEL, density=measured("0.84", "t/m3"))
    assert litres == co2e("0.84", "t", DIESEL)


# An independent reckoning: what a unit of a factor's part is, worked out by hand. The first member
# is what the activity must measure; the second is the part in GJ, t, m3, km, ha, head and years.

PART_UNITS: dict[str, tuple[str | None, Fraction]] = {
    "1": (None, Fraction(1)),
    "GJ/t": ("mass", Fraction(1)),
    "GJ/10^3Nm3": ("volume", Fraction(1, 1000)),
    "GJ/10^4Nm3": ("volume", Fraction(1, 10_000)),
    "tC/GJ": ("energy", Fraction(1)),
    "tC/TJ": ("energy", Fraction(1, 1000)),
    "tC/t": ("mass", Fraction(1)),
    "tCO2/t": ("mass", Fraction(1)),
    "tCO2/TJ": ("energy", Fraction(1, 1000)),
    "tCO2/GJ": ("energy", Fraction(1)),
    "tCO2/MWh": ("energy", Fraction(10, 36)),
    "kgCO2/kWh": ("energy", Fraction(10, 36)),
    "kgCO2/TJ": ("energy", Fraction(1, 10**6)),
    "kgCH4/TJ": ("energy", Fraction(1, 10**6)),
    "kgN2O/TJ": ("energy", Fraction(1, 10**6)),
    "mgCH4/km": ("distance", Fraction(1, 10**9)),
    "mgN2O/km": ("distance", Fraction(1, 10**9)),
    "kgCH4/Gg": ("mass", Fraction(1, 10**6)),
    "gN2O/t": ("mass", Fraction(1, 10**6)),
    "kgN2O/Gg": ("mass", Fraction(1, 10**6)),
    "gCH4/kg": ("mass", Fraction(1, 1000)),
    "gN2O/kg": ("mass", Fraction(1, 1000)),
    "tCH4-C/tC": (None, Fraction(1)),
    "kgCH4/kgBOD": ("BOD", Fraction(1)),
    "kgCH4/kgCOD": ("COD", Fraction(1)),
    "kgN2O-N/kgN": ("N", Fraction(1)),
    "kgHFC32/kgR410A": ("R410A", Fraction(1)),
    "kgHFC125/kgR410A": ("R410A", Fraction(1)),
    "kgHFC32/kgR407C": ("R407C", Fraction(1)),
    "kgHFC125/kgR407C": ("R407C", Fraction(1)),
    "kgHFC134a/kgR407C": ("R407C", Fraction(1)),
    "tC/ha": ("area", Fraction(1)),
    "kgN/head/yr": ("herd", Fraction(1, 1000)),
    "kgN2O/head/yr": ("herd", Fraction(1, 1000)),
    "kgCH4/head/yr": ("herd", Fraction(1, 1000)),
    "kgCH4/ha/d": ("land", Fraction(365, 1000)),
    "tCO2e/mu/yr": ("land", Fraction(15)),
}

ACTIVITY_UNITS: dict[str, dict[str, Fraction]] = {
    "energy": {
        "kWh": Fraction(36, 10**4),
        "MWh": Fraction(36, 10),
        "万千瓦时": Fraction(36),
        "MJ": Fraction(1, 1000),
        "GJ": Fraction(1),
        "TJ": Fraction(1000),
        "MMBtu": Fraction(105_505_585_262, 10**11),
    },
    "mass": {
        "g": Fraction(1, 10**6),
        "公斤": Fraction(1, 1000),
        "t": Fraction(1),
        "万吨": Fraction(10_000),
        "Gg": Fraction(1000),
        "磅": Fraction(45_359_237, 10**11),
    },
    "volume": {
        "m³": Fraction(1),
        "千立方米": Fraction(1000),
        "万Nm³": Fraction(10_000),
        "m³(20℃)": Fraction(27_315, 29_315),
        "万立方米（15 °C）": Fraction(273_150_000, 28_815),
    },
    "bulk": {
        "L": Fraction(1, 1000),
        "m³": Fraction(1),
        "千立方米": Fraction(1000),
        "万m³": Fraction(10_000),
        "gal": Fraction(3_785_411_784, 10**12),
    },
    "distance": {"km": Fraction(1), "mi": Fraction(1_609_344, 10**6)},
    "BOD": {"kgBOD": Fraction(1, 1000), "tBOD": Fraction(1), "mgBOD": Fraction(1, 10**9)},
    "area": {"ha": Fraction(1), "亩": Fraction(1, 15), "m2": Fraction(1, 10_000)},
    "herd": {"head": Fraction(1), "头·年": Fraction(1), "head*d": Fraction(1, 365)},
    "land": {"ha*yr": Fraction(1), "亩·年": Fraction(1, 15), "ha*d": Fraction(1, 365)},
}

# Where a factor gives the element in a gas: the unit of such a part, and what makes the gas of it.
RATIOS = {
    Gas.CO2: ("tC/", Fraction(11, 3)),
    Gas.CH4: ("tCH4-C/", Fraction(4, 3)),
    Gas.N2O: ("kgN2O-N/", Fraction(11, 7)),
}

# What is a gas alone, by its mass, and so never in litres; what is sold by its mass alone.
GASES = {"refinery_gas", "gas_works_gas", "coke_oven_gas", "bf_gas", "converter_gas"}
LITRES = {"L", "gal"}

DENSITY_UNITS = {
    "kg{}/L": Fraction(1),
    "t{}/m3": Fraction(1),
    "g{}/L": Fraction(1, 1000),
    "kg{}/m3": Fraction(1, 1000),
}


@dataclass(frozen=True)
class Drawn:
    """A line that can be accounted, and its activity in tonnes, GJ, and so on."""

    activity: Measurement
    factor: EmissionFactor
    gwp_set: GwpSet
    density: Measurement | None
    reckoned: Fraction


def gram_rounded(tonnes: Fraction) -> Fraction:
    """Half-even, from the definition."""
    below, rest = divmod(tonnes * 10**6, 1)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2)
    return Fraction(below + 1 if up else below, 10**6)


def per(factor: EmissionFactor) -> str:
    """What the activity must measure: what the first part is per that is per anything."""
    found = (PART_UNITS[part.unit][0] for part in factor.gases[0].parts)
    return next((what for what in found if what), factor.gases[0].gas.symbol)


def tonnes_a_unit(factor: EmissionFactor) -> Iterator[tuple[Gas, Fraction]]:
    for gas in factor.gases:
        exact = prod(
            (Fraction(p.value) * PART_UNITS[p.unit][1] for p in gas.parts), start=Fraction(1)
        )
        given, ratio = RATIOS.get(gas.gas, ("", Fraction(1)))
        in_element = given and any(part.unit.startswith(given) for part in gas.parts)
        yield gas.gas, exact * ratio if in_element else exact


def amounts(largest: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=largest, places=12) | st.decimals(
        min_value=0, max_value=1000, places=3
    )


def plausible(factor: EmissionFactor, activity: str, name: str, share: Decimal) -> Decimal:
    """A density in the unit of that name, so far on from the least that is plausible to the most."""
    unit, measured = parse_unit(name), parse_unit(activity)
    assert unit is not None
    assert measured is not None
    usual = plausible_ranges(factor, unit, measured.state)[0]
    value = usual.least + share * (usual.most - usual.least)
    exact = Fraction(value) * usual.unit.size / unit.size
    return Decimal(exact.numerator) / exact.denominator


@st.composite
def lines(draw: st.DrawFn) -> Drawn:
    factor = draw(st.sampled_from(USABLE))
    gwp_set = draw(st.sampled_from(GwpSet))
    value = draw(amounts(10**9))
    what = per(factor)
    own_units = ACTIVITY_UNITS.get(what) or {
        f"t{what}": Fraction(1),
        f"kg{what}": Fraction(1, 1000),
    }
    by_itself = {"energy", "volume", "distance", "area", "herd", "land"}
    if what in by_itself or factor.subject == "urea" or draw(st.booleans()):
        unit = draw(st.sampled_from(sorted(own_units)))
        return Drawn(
            activity=Measurement(value, unit),
            factor=factor,
            gwp_set=gwp_set,
            density=None,
            reckoned=Fraction(value) * own_units[unit],
        )
    units = ACTIVITY_UNITS["bulk"].keys() - (LITRES if factor.subject in GASES else set())
    unit = draw(st.sampled_from(sorted(units)))
    template = draw(st.sampled_from(sorted(DENSITY_UNITS)))
    name = template.format("" if what == "mass" else what)
    density = plausible(factor, unit, name, draw(st.decimals(min_value=0, max_value=1, places=3)))
    return Drawn(
        activity=Measurement(value, unit),
        factor=factor,
        gwp_set=gwp_set,
        density=Measurement(density, name),
        reckoned=Fraction(value)
        * ACTIVITY_UNITS["bulk"][unit]
        * Fraction(density)
        * DENSITY_UNITS[template],
    )


@given(lines())
def test_a_line_equals_an_independent_reckoning(drawn: Drawn) -> None:
    potentials = GWP_SETS[drawn.gwp_set]
    expected = [(gas, drawn.reckoned * each) for gas, each in tonnes_a_unit(drawn.factor)]
    result = account(drawn.activity, drawn.factor, drawn.gwp_set, density=drawn.density)
    if any(gas not in potentials for gas, _ in expected):
        assert isinstance(result, GwpMissing)
        return
    in_co2e = sum(gram_rounded(exact * Fraction(potentials[gas].value)) for gas, exact in expected)
    if in_co2e > LARGEST_LINE:
        assert isinstance(result, ActivityOutOfRange)
        return
    assert isinstance(result, LineAccount), result
    assert [(gas.gas, gas.exact) for gas in result.gases] == expected
    assert [Fraction(gas.tonnes) for gas in result.gases] == [
        gram_rounded(exact * 1000) / 1000 for _, exact in expected
    ]
    assert Fraction(result.co2e) == in_co2e


@given(lines())
def test_the_working_can_be_redone_with_a_pocket_calculator(drawn: Drawn) -> None:
    result = account(drawn.activity, drawn.factor, drawn.gwp_set, density=drawn.density)
    assume(isinstance(result, LineAccount))
    assert isinstance(result, LineAccount)
    for gas in result.gases:
        assert prod(Fraction(m.value) for m in gas.multipliers) == gas.exact
        left, outcome = re.split(" [=≈] ", gas.expression, maxsplit=1)
        terms = left.split(" × ")
        assert terms == [f"{m.value} {m.unit}".strip() for m in gas.multipliers]
        assert prod(Fraction(term.split(" ")[0]) for term in terms) == gas.exact
        mass, co2e = outcome.split(f" t {gas.gas.symbol} × {plain(gas.gwp.value)} ")
        assert abs(Fraction(mass) - gas.exact) <= Fraction(1, 2 * 10**12)
        unrounded = gas.exact * Fraction(gas.gwp.value)
        assert abs(Fraction(re.split("[=≈→ ]+", co2e)[1]) - unrounded) <= Fraction(1, 2 * 10**12)
        assert co2e.endswith(f"{plain(gas.co2e)} t CO2e")
        assert Fraction(gas.co2e) == gram_rounded(unrounded)


@given(lines())
def test_every_number_of_the_working_has_a_name_in_both_languages(drawn: Drawn) -> None:
    result = account(drawn.activity, drawn.factor, drawn.gwp_set, density=drawn.density)
    assume(isinstance(result, LineAccount))
    assert isinstance(result, LineAccount)
    for multiplier in (m for gas in result.gases for m in gas.multipliers):
        assert CHINESE.search(multiplier.name.zh)
        assert multiplier.name.en
        assert not CHINESE.search(multiplier.name.en)


def test_every_number_that_comes_from_a_document_names_it() -> None:
    result = line(1, "t", DIESEL)
    assert isinstance(result, LineAccount)
    sources = [m.source for m in result.gases[0].multipliers]
    parts = [part.source for part in FACTORS_BY_CODE[DIESEL].gases[0].parts]
    assert sources == [None, *parts, None, None]


def test_the_working_of_a_line_of_electricity_reads_well() -> None:
    result = line(1_000_000, "度", ELECTRICITY)
    assert isinstance(result, LineAccount)
    assert result.gases[0].expression == (
        "1000000 kWh × 0.4403 kgCO2/kWh × 1/1000 = 440.3 t CO2 × 1 = 440.3 t CO2e"
    )


def test_the_words_of_a_supplied_quantity_stand_for_themselves() -> None:
    assert quantity_name("单位热值").zh == quantity_name("单位热值").en == "单位热值"
