"""Every refusal of a line, with its facts; and what a refusal lists is accepted."""

from dataclasses import dataclass

import pytest

from nzc_api.accounting.errors import (
    DensityRequired,
    GridBaselineRefused,
    GwpMissing,
    UnitDoesNotFit,
    UnitUnknown,
)
from nzc_api.accounting.factors import FACTORS_BY_CODE, GWP_SETS
from nzc_api.accounting.gases import GwpSet
from nzc_api.accounting.line import (
    NO_WHOLE_YEAR,
    OTHER_CONDITIONS,
    PER_DAY,
    LineAccount,
    Measurement,
    account,
)
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal
from tests.accounting.lines import (
    BY_DENSITY,
    CHINESE,
    DAIRY,
    DENSITIES,
    DIESEL,
    ELECTRICITY,
    ENERGIES,
    FOREST,
    GAS_HEAT,
    GAS_VOLUMES,
    LOADS,
    MASSES,
    RICE,
    USABLE,
    line,
    measured,
    out_of_range,
)


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


UNNEEDED = InvalidInput(
    path=("density",),
    value="0.84 kg/L",
    expected_zh="活动数据单位已符合因子，不需要密度",
    expected_en="the activity's unit fits the factor as it is, so there is no density",
)


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
