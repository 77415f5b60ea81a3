"""A worked value for each factor that was found since the first release, in t CO2e by AR5.

Each was worked out by hand from the values of its source, of amounts so large that no gas is rounded:
heating value × carbon × oxidation × 44/12; DOC × DOCf × MCF × F × 16/12 × 28; N × EF × 44/28 × 265.
"""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from nzc_api.accounting.cautions import Caution, cautions_of
from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.factors import (
    DATA,
    FACTOR_LISTS,
    FACTORS_BY_CODE,
    FACTORS_BY_ID,
    LISTS_BY_CODE,
    REFERENCE_VALUES,
    product_id,
)
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import LineAccount, Measurement, account
from nzc_api.accounting.missing import MISSING_FACTORS
from nzc_api.guide.terms import Category
from nzc_api.refusal import words_of

Worked = tuple[str, str, str, str] | tuple[str, str, str, str, tuple[str, str]]

WORKED: list[Worked] = [
    ("gbt32151.anthracite", "3000", "t", "7564.5372"),
    ("gbt32151.bituminous", "3000", "t", "5225.24871"),
    ("gbt32151.lignite", "3000", "t", "3518.592"),
    ("gbt32151.cleaned_coal", "3000", "t", "6624.554706"),
    ("gbt32151.other_washed_coal", "3000", "t", "3155.807655"),
    ("gbt32151.briquette", "3000", "t", "5807.8944"),
    ("gbt32151.other_coal_products", "3000", "t", "6324.15168"),
    ("gbt32151.coke", "3000", "t", "8581.256475"),
    ("gbt32151.petcoke", "3000", "t", "9634.625"),
    ("gbt32151.crude_oil", "3000", "t", "9060.607248"),
    ("gbt32151.fuel_oil", "3000", "t", "9511.383728"),
    ("gbt32151.gasoline", "3000", "t", "8775.16794"),
    ("gbt32151.diesel", "3000", "t", "9287.728912"),
    ("gbt32151.kerosene", "3000", "t", "9100.17416"),
    ("gbt32151.lng", "3000", "t", "8493.771132"),
    ("gbt32151.lpg", "3000", "t", "9303.989464"),
    ("gbt32151.naphtha", "3000", "t", "9594.2"),
    ("gbt32151.coal_tar", "3000", "t", "7933.71348"),
    ("gbt32151.crude_benzol", "3000", "t", "10232.626096"),
    ("gbt32151.other_petroleum", "3000", "t", "8846.2836"),
    ("gbt32151.natural_gas", "3000", "10^4m3", "64865.66427"),
    ("gbt32151.bf_gas", "3000", "10^4m3", "25443.396"),
    ("gbt32151.converter_gas", "3000", "10^4m3", "45372.096"),
    ("gbt32151.coke_oven_gas", "3000", "10^4m3", "26591.417622"),
    ("gbt32151.refinery_gas", "3000", "t", "9116.711604"),
    ("gbt32151.other_coal_gas", "3000", "10^4m3", "6944.48766"),
    ("ipcc2006.coking_coal", "1000", "t", "2686.8255"),
    ("ipcc2006.sub_bituminous", "1000", "t", "1829.09475"),
    ("ipcc2006.patent_fuel", "1000", "t", "2032.27425"),
    ("ipcc2006.brown_coal_briquettes", "1000", "t", "2032.27425"),
    ("ipcc2006.peat", "1000", "t", "1040.91376"),
    ("ipcc2006.gas_coke", "1000", "t", "3022.0953"),
    ("ipcc2006.coal_tar", "1000", "t", "2278.57"),
    ("ipcc2006.gas_works_gas", "1000", "t", "1724.72355"),
    ("ipcc2006.coke_oven_gas", "1000", "t", "1724.72355"),
    ("ipcc2006.bf_gas", "1000", "t", "642.611255"),
    ("ipcc2006.converter_gas", "1000", "t", "1286.09549"),
    ("biomass.ipcc.wood.plant", "1000", "t", "29.64"),
    ("biomass.ipcc.wood.household", "1000", "t", "147.576"),
    ("biomass.ipcc.solid.plant", "1000", "t", "22.04"),
    ("biomass.ipcc.solid.household", "1000", "t", "109.736"),
    ("biomass.ipcc.charcoal.plant", "1000", "t", "196.47"),
    ("biomass.ipcc.charcoal.household", "1000", "t", "173.0175"),
    ("biomass.ipcc.biodiesel.plant", "1000", "t", "6.561"),
    ("biomass.ipcc.biogas.plant", "1000", "TJ", "54.5"),
    ("biomass.ipcc.biogas.household", "1000", "TJ", "166.5"),
    ("trans.urea_solution", "3000", "t", "715"),
    ("proc.ipcc.clinker", "1000", "t", "520"),
    ("proc.ipcc.portland", "1000", "t", "494"),
    ("proc.ipcc.lime.high_calcium", "1000", "t", "760.665"),
    ("proc.ipcc.lime.dolomitic", "1000", "t", "791.571"),
    ("proc.ipcc.lime.hydraulic", "1000", "t", "600.525"),
    ("proc.ipcc.glass.any", "1000", "t", "200"),
    ("proc.ipcc.glass.float", "1000", "t", "210"),
    ("proc.ipcc.glass.container", "1000", "t", "210"),
    ("proc.ipcc.glass.e_glass", "1000", "t", "190"),
    ("proc.ipcc.glass.insulation", "1000", "t", "250"),
    ("proc.ipcc.glass.tableware", "1000", "t", "100"),
    ("proc.ipcc.glass.laboratory", "1000", "t", "30"),
    ("proc.ipcc.glass.lighting", "1000", "t", "200"),
    ("proc.ipcc.carbonate.calcite", "1000", "t", "439.71"),
    ("proc.ipcc.carbonate.magnesite", "1000", "t", "521.97"),
    ("proc.ipcc.carbonate.dolomite", "1000", "t", "477.32"),
    ("proc.ipcc.carbonate.siderite", "1000", "t", "379.87"),
    ("proc.ipcc.carbonate.rhodochrosite", "1000", "t", "382.86"),
    ("proc.ipcc.carbonate.soda_ash", "1000", "t", "414.92"),
    ("proc.cn.carbonate.barium", "1000", "t", "223"),
    ("proc.cn.carbonate.lithium", "1000", "t", "596"),
    ("proc.cn.carbonate.potassium", "1000", "t", "318"),
    ("proc.cn.carbonate.strontium", "1000", "t", "298"),
    ("proc.cn.carbonate.bicarbonate", "1000", "t", "524"),
    ("blend.r410a", "1000", "kgR410A", "1923.5"),
    ("blend.r407c", "1000", "kgR407C", "1624.21"),
    ("waste.ipcc.lf.food", "300", "t", "588"),
    ("waste.ipcc.lf.paper", "300", "t", "1120"),
    ("waste.ipcc.lf.textiles", "300", "t", "672"),
    ("waste.ipcc.lf.wood", "300", "t", "240.8"),
    ("waste.ipcc.lf.garden", "300", "t", "784"),
    ("waste.ipcc.lf.nappies", "300", "t", "672"),
    ("waste.ipcc.lf.msw_cn.managed", "1000", "t", "1580.376"),
    ("waste.ipcc.lf.msw_cn.semi_aerobic", "1000", "t", "790.188"),
    ("waste.ipcc.lf.msw_cn.unmanaged_deep", "1000", "t", "1264.3008"),
    ("waste.ipcc.ww.ind.reactor", "10000", "m3", "28", ("500", "mgCOD/L")),
    ("waste.ipcc.ww.ind.deep_lagoon", "10000", "m3", "28", ("500", "mgCOD/L")),
    ("waste.ipcc.ww.ind.shallow_lagoon", "10000", "m3", "7", ("500", "mgCOD/L")),
    ("waste.ipcc.ww.ind.aerobic_overloaded", "10000", "m3", "10.5", ("500", "mgCOD/L")),
    ("waste.ipcc.ww.ind.untreated", "10000", "m3", "3.5", ("500", "mgCOD/L")),
    ("waste.ipcc.ww.n2o.plant", "700000", "m3", "186.56", ("40", "mgN/L")),
    ("waste.ipcc.ww.n2o.effluent", "7000", "kgN", "14.575"),
    ("waste.ipcc.sludge.landfill", "300", "t", "196"),
    ("waste.ipcc.sludge.compost", "1000", "t", "175.6"),
    ("waste.ipcc.sludge.digestion", "1000", "t", "22.4"),
    ("waste.ipcc.sludge.burnt.domestic", "1000", "t", "238.5"),
    ("waste.ipcc.sludge.burnt.industrial", "1000", "t", "119.25"),
    ("live.gbt32151.enteric.dairy_young", "1000", "head", "613.2"),
    ("live.gbt32151.enteric.dairy_adult", "1000", "head", "1640.8"),
    ("live.gbt32151.enteric.dairy_breeding", "1000", "head", "3077.2"),
    ("live.gbt32151.enteric.beef_young", "1000", "head", "904.4"),
    ("live.gbt32151.enteric.beef_adult", "1000", "head", "1937.6"),
    ("live.gbt32151.enteric.beef_breeding", "1000", "head", "2262.4"),
    ("live.gbt32151.enteric.buffalo_young", "1000", "head", "630"),
    ("live.gbt32151.enteric.buffalo_adult", "1000", "head", "2024.4"),
    ("live.gbt32151.enteric.buffalo_breeding", "1000", "head", "3096.8"),
    ("live.gbt32151.enteric.sheep_young", "1000", "head", "182"),
    ("live.gbt32151.enteric.sheep_breeding", "1000", "head", "336"),
    ("live.gbt32151.enteric.goat_young", "1000", "head", "198.8"),
    ("live.gbt32151.enteric.goat_breeding", "1000", "head", "366.8"),
    ("live.gbt32151.enteric.swine", "1000", "head", "42"),
    ("live.gbt32151.manure_ch4.dairy", "1000", "head", "236.6"),
    ("live.gbt32151.manure_n2o.dairy", "1000", "head", "453.15"),
    ("live.gbt32151.manure_ch4.beef", "1000", "head", "132.16"),
    ("live.gbt32151.manure_n2o.beef", "1000", "head", "213.325"),
    ("live.gbt32151.manure_ch4.buffalo", "1000", "head", "230.72"),
    ("live.gbt32151.manure_n2o.buffalo", "1000", "head", "227.9"),
    ("live.gbt32151.manure_ch4.sheep", "1000", "head", "9.52"),
    ("live.gbt32151.manure_n2o.sheep", "1000", "head", "28.09"),
    ("live.gbt32151.manure_ch4.goat", "1000", "head", "8.68"),
    ("live.gbt32151.manure_n2o.goat", "1000", "head", "28.09"),
    ("live.gbt32151.manure_ch4.swine", "1000", "head", "163.8"),
    ("live.gbt32151.manure_n2o.swine", "1000", "head", "41.605"),
    ("live.gbt32151.manure_ch4.poultry", "1000", "head", "0.56"),
    ("live.gbt32151.manure_n2o.poultry", "1000", "head", "1.855"),
    ("live.ipcc.manure_n2o.dairy", "70000", "head*yr", "8751.194375"),
    ("live.ipcc.manure_n2o.other_cattle", "70000", "head*yr", "5769.936425"),
    ("live.ipcc.manure_n2o.buffalo", "70000", "head*yr", "6468.968"),
    ("live.ipcc.manure_n2o.market_swine", "70000", "head*yr", "625.6173"),
    ("rice.ipcc.single_aeration", "10000", "ha*d", "266.448"),
    ("rice.ipcc.multiple_aeration", "10000", "ha*d", "230.9216"),
    ("soil.ipcc2006.n", "7000", "kgN", "29.15"),
    ("soil.ipcc2006.rice_n", "7000", "kgN", "8.745"),
    ("soil.ipcc2019.synthetic_wet", "7000", "kgN", "46.64"),
    ("soil.ipcc2019.organic_wet", "7000", "kgN", "17.49"),
    ("soil.ipcc2006.synthetic_volatilised", "70000", "kgN", "29.15"),
    ("soil.ipcc2006.organic_volatilised", "70000", "kgN", "58.3"),
    ("soil.ipcc2006.leached", "70000", "kgN", "65.5875"),
    ("soil.ipcc2006.lime", "300", "t", "132"),
    ("soil.ipcc2006.dolomite", "300", "t", "143"),
    ("soil.ipcc2006.urea", "300", "t", "220"),
    ("land.gd.forest_cleared", "450", "亩", "2531.1"),
    ("forest.carbonforest.rule", "100", "亩", "100"),
    ("own.pv", "1000", "MWh", "0"),
    ("own.wind", "1000", "MWh", "0"),
    ("own.hydro", "1000", "MWh", "0"),
    ("own.solar_heat", "1000", "GJ", "0"),
    ("own.chp", "1000", "GJ", "0"),
    ("own.generator", "1000", "kWh", "0"),
    ("own.boiler", "1000", "GJ", "0"),
    ("own.heat_pump", "1000", "GJ", "0"),
    ("own.waste_heat", "1000", "kWh", "0"),
]

FIRST_FAMILIES = ("prov2025-", "prov2011-", "ent-", "ipcc2006-", "gbt51366-")


def account_of(code: str, value: str, unit: str, *density: tuple[str, str]) -> LineAccount:
    stated = [Measurement(Decimal(number), unit) for number, unit in density]
    result = account(
        Measurement(Decimal(value), unit),
        FACTORS_BY_CODE[code],
        GwpSet.AR5,
        density=stated[0] if stated else None,
    )
    assert isinstance(result, LineAccount), result
    return result


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked[0])
def test_a_found_factor_gives_its_worked_value(worked: Worked) -> None:
    code, value, unit, expected, *density = worked
    result = account_of(code, value, unit, *density)
    assert result.co2e == Decimal(expected)


def test_every_found_factor_has_a_worked_value() -> None:
    first = {
        factor
        for item in FACTOR_LISTS
        if item.version == 1 and item.code.startswith(FIRST_FAMILIES)
        for factor in item.factors
    }
    latest = {factor for item in LISTS_BY_CODE.values() for factor in item.factors}
    found = sorted(factor.code for factor in latest - first)
    assert found == sorted(worked[0] for worked in WORKED)


@pytest.mark.parametrize(
    ("code", "unit", "step"),
    [
        ("land.gd.forest_cleared", "ha", "44/12"),
        ("waste.ipcc.lf.food", "t", "16/12"),
        ("soil.ipcc2006.n", "tN", "44/28"),
        ("live.ipcc.manure_n2o.dairy", "head", "44/28"),
    ],
)
def test_what_makes_the_gas_of_an_element_is_a_step_of_the_working(
    code: str, unit: str, step: str
) -> None:
    (gas,) = account_of(code, "1", unit).gases
    steps = [multiplier for multiplier in gas.multipliers if multiplier.value == step]
    assert [(multiplier.unit, multiplier.source) for multiplier in steps] == [("", None)]
    assert steps[0].name.zh.endswith("分子量之比")


def test_a_blend_is_its_gases_in_their_shares() -> None:
    result = account_of("blend.r407c", "10", "kgR407C")
    assert [(gas.gas, gas.tonnes) for gas in result.gases] == [
        (Gas.HFC32, Decimal("0.0023")),
        (Gas.HFC125, Decimal("0.0025")),
        (Gas.HFC134A, Decimal("0.0052")),
    ]


@pytest.mark.parametrize("blend", ["r410a", "r407c"])
def test_the_shares_of_a_blend_are_the_whole(blend: str) -> None:
    parts = [gas.parts[0].value for gas in FACTORS_BY_CODE[f"blend.{blend}"].gases]
    assert sum(parts) == 1


@pytest.mark.parametrize(
    ("salt", "mass"),
    [
        ("barium", "197.34"),
        ("lithium", "73.89"),
        ("potassium", "138.21"),
        ("strontium", "147.63"),
        ("bicarbonate", "84.007"),
    ],
)
def test_carbonates_of_an_unnamed_document_follow_from_their_molar_masses(
    salt: str, mass: str
) -> None:
    """g/mol; CO2 is 44.009."""
    printed = REFERENCE_VALUES[f"proc.cn.carbonate.{salt}"].value
    assert (Decimal("44.009") / Decimal(mass)).quantize(printed) == printed


def test_the_decomposing_carbon_of_mixed_waste_is_the_sum_of_its_components() -> None:
    """The composition for China of IPCC 2019, Table 2A.2: 59.1 % food, 8.5 % paper, …"""
    composition = {"food": "0.591", "paper": "0.085", "textiles": "0.041", "wood": "0.016"}
    reckoned = sum(
        Decimal(share)
        * REFERENCE_VALUES[f"waste.ipcc.lf.doc.{waste}"].value
        * REFERENCE_VALUES[f"waste.ipcc.lf.docf.{waste}"].value
        for waste, share in composition.items()
    )
    assert REFERENCE_VALUES["waste.ipcc.lf.ddoc.msw_cn"].value == reckoned


# The forest of a news item.


def test_the_forest_of_a_news_item_is_least_sure_and_says_why() -> None:
    """Its first version stands where it was used; both carry the caution."""
    latest = FACTORS_BY_CODE["forest.carbonforest.rule"]
    first = FACTORS_BY_ID[product_id("EmissionFactor", latest.code, 1)]
    assert (latest.version, first.version) == (2, 1)
    assert [source.confidence for source in latest.sources] == [Confidence.REPORTED]
    assert [source.confidence for source in first.sources] == [Confidence.TRANSCRIPTION]
    assert latest.gases[0].parts[0].value == first.gases[0].parts[0].value == 1
    assert cautions_of(latest) == cautions_of(first) == (Caution.FAR_ABOVE_OTHERS,)
    assert "蓄积量" in words_of(Caution)[Caution.FAR_ABOVE_OTHERS].zh


def test_how_far_above_the_mean_growth_of_the_province_it_is() -> None:
    """23.01 tC/ha × (9.61 % − 5.54 %) × 44/12 / 15 mu = 0.229 t CO2 a mu and year."""
    value = {name: Fraction(REFERENCE_VALUES[f"forest.gd.{name}"].value) for name in (
        "density.2012", "gr.2015", "cr.2015",
    )}  # fmt: skip
    grown = value["density.2012"] * (value["gr.2015"] - value["cr.2015"]) * Fraction(44, 12) / 15
    assert round(grown, 3) == Fraction(229, 1000)
    assert 4 < 1 / grown < 5


def test_a_caution_is_about_factors_that_there_are() -> None:
    data = json.loads((DATA / "cautions.json").read_text("utf-8"))
    assert set(data) == set(Caution)
    for caution, stated in data.items():
        for code in stated["factors"]:
            assert Caution(caution) in cautions_of(FACTORS_BY_CODE[code])


def test_most_factors_need_no_caution() -> None:
    assert cautions_of(FACTORS_BY_CODE["prov2025.diesel"]) == ()


# What was not found.


def test_a_missing_factor_says_where_it_would_be_in_both_languages() -> None:
    assert MISSING_FACTORS
    assert len({missing.code for missing in MISSING_FACTORS}) == len(MISSING_FACTORS)
    for missing in MISSING_FACTORS:
        assert missing.category in set(Category)
        for text in (missing.name, missing.would_be_in, missing.reason):
            assert text.zh
            assert text.en


def test_what_is_missing_is_not_there() -> None:
    assert not {missing.code for missing in MISSING_FACTORS} & set(FACTORS_BY_CODE)
