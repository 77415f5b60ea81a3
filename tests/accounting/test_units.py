"""Units: what people have on their bills, exactly, and nothing that only looks like it."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.accounting.unit_table import (
    AREA,
    DISTANCE,
    ENERGY,
    HEAD,
    MASS,
    STANDARD_FEET,
    TIME,
    VOLUME,
)
from nzc_api.accounting.units import (
    LONGEST_UNIT,
    Dimensions,
    Unit,
    activity_units,
    base_unit,
    parse_unit,
    readings,
    substance_mass,
    unit_name,
)
from nzc_api.refusal import LocalizedText

# What is written, our name for it, what it measures, and how much of GJ, t, m3, km, ha, head, yr.
BILLS = [
    ("kWh", "kWh", ENERGY, "0.0036"),
    ("千瓦时", "kWh", ENERGY, "0.0036"),
    ("度", "kWh", ENERGY, "0.0036"),
    ("ｋＷｈ", "kWh", ENERGY, "0.0036"),
    ("Kwh", "kWh", ENERGY, "0.0036"),
    ("KWH", "kWh", ENERGY, "0.0036"),
    ("kW·h", "kWh", ENERGY, "0.0036"),
    ("KW.H", "kWh", ENERGY, "0.0036"),
    ("亿kWh", "10^8kWh", ENERGY, "360000"),
    ("亿千瓦时", "10^8kWh", ENERGY, "360000"),
    ("MWH", "MWh", ENERGY, "3.6"),
    ("GWh", "GWh", ENERGY, "3600"),
    ("kJ", "kJ", ENERGY, "0.000001"),
    ("千焦", "kJ", ENERGY, "0.000001"),
    ("百万千焦", "10^6kJ", ENERGY, "1"),
    ("kcal", "kcal", ENERGY, "0.0000041868"),
    ("大卡", "kcal", ENERGY, "0.0000041868"),
    ("kgce", "kgce", ENERGY, "0.029307"),
    ("千克标准煤", "kgce", ENERGY, "0.029307"),
    ("tce", "tce", ENERGY, "29.307"),
    ("吨标准煤", "tce", ENERGY, "29.307"),
    ("万吨标准煤", "10^4tce", ENERGY, "293070"),
    ("MWh", "MWh", ENERGY, "3.6"),
    ("兆瓦时", "MWh", ENERGY, "3.6"),
    ("10^4kWh", "10^4kWh", ENERGY, "36"),
    ("10⁴kWh", "10^4kWh", ENERGY, "36"),
    ("万kWh", "10^4kWh", ENERGY, "36"),
    ("万千瓦时", "10^4kWh", ENERGY, "36"),
    ("万度", "10^4kWh", ENERGY, "36"),
    ("MJ", "MJ", ENERGY, "0.001"),
    ("GJ", "GJ", ENERGY, "1"),
    ("吉焦", "GJ", ENERGY, "1"),
    ("TJ", "TJ", ENERGY, "1000"),
    ("g", "g", MASS, "0.000001"),
    ("克", "g", MASS, "0.000001"),
    ("kg", "kg", MASS, "0.001"),
    ("㎏", "kg", MASS, "0.001"),
    ("公斤", "kg", MASS, "0.001"),
    ("千克", "kg", MASS, "0.001"),
    ("t", "t", MASS, "1"),
    ("吨", "t", MASS, "1"),
    ("T", "t", MASS, "1"),
    ("KG", "kg", MASS, "0.001"),
    ("斤", "jin", MASS, "0.0005"),
    ("mg", "mg", MASS, "0.000000001"),
    ("kt", "kt", MASS, "1000"),
    ("Mt", "Mt", MASS, "1000000"),
    ("百万吨", "10^6t", MASS, "1000000"),
    ("万吨", "10^4t", MASS, "10000"),
    ("Gg", "Gg", MASS, "1000"),
    ("L", "L", VOLUME, "0.001"),
    ("升", "L", VOLUME, "0.001"),
    ("m3", "m3", VOLUME, "1"),
    ("m³", "m3", VOLUME, "1"),
    ("㎥", "m3", VOLUME, "1"),
    ("M3", "m3", VOLUME, "1"),
    ("方", "m3", VOLUME, "1"),
    ("立方", "m3", VOLUME, "1"),
    ("立方米", "m3", VOLUME, "1"),
    ("Nm³", "Nm3", VOLUME, "1"),
    ("NM3", "Nm3", VOLUME, "1"),
    ("标方", "Nm3", VOLUME, "1"),
    ("标立方米", "Nm3", VOLUME, "1"),
    ("标准立方米", "Nm3", VOLUME, "1"),
    ("千立方米", "10^3m3", VOLUME, "1000"),
    ("10³Nm³", "10^3Nm3", VOLUME, "1000"),
    ("万m³", "10^4m3", VOLUME, "10000"),
    ("万 m³", "10^4m3", VOLUME, "10000"),
    ("万方", "10^4m3", VOLUME, "10000"),
    ("亿m³", "10^8m3", VOLUME, "100000000"),
    ("m³(0℃)", "Nm3", VOLUME, "1"),
    ("m³(20℃)", "m3(20C)", VOLUME, "27315/29315"),
    ("m³（20 °C）", "m3(20C)", VOLUME, "27315/29315"),
    ("m3@20C", "m3(20C)", VOLUME, "27315/29315"),
    ("立方米(20摄氏度)", "m3(20C)", VOLUME, "27315/29315"),
    ("标准立方米(20℃)", "m3(20C)", VOLUME, "27315/29315"),
    ("标方(20℃)", "m3(20C)", VOLUME, "27315/29315"),
    ("万m³(20℃)", "10^4m3(20C)", VOLUME, "273150000/29315"),
    ("万方（20℃）", "10^4m3(20C)", VOLUME, "273150000/29315"),
    ("10⁴Nm³(0℃)", "10^4Nm3", VOLUME, "10000"),
    ("m³(15℃)", "m3(15C)", VOLUME, "27315/28815"),
    ("千立方米(15 ℃)", "10^3m3(15C)", VOLUME, "27315000/28815"),
    ("公升", "L", VOLUME, "0.001"),
    ("mL", "mL", VOLUME, "0.000001"),
    ("kL", "kL", VOLUME, "1"),
    ("cm³", "cm3", VOLUME, "0.000001"),
    ("万Nm³", "10^4Nm3", VOLUME, "10000"),
    ("10⁴Nm³", "10^4Nm3", VOLUME, "10000"),
    ("10^4 Nm3", "10^4Nm3", VOLUME, "10000"),
    ("１０＾４Ｎｍ３", "10^4Nm3", VOLUME, "10000"),
    ("万立方米", "10^4m3", VOLUME, "10000"),
    ("km", "km", DISTANCE, "1"),
    ("㎞", "km", DISTANCE, "1"),
    ("公里", "km", DISTANCE, "1"),
    ("千米", "km", DISTANCE, "1"),
    ("万km", "10^4km", DISTANCE, "10000"),
    ("万公里", "10^4km", DISTANCE, "10000"),
    ("m²", "m2", AREA, "0.0001"),
    ("㎡", "m2", AREA, "0.0001"),
    ("平方米", "m2", AREA, "0.0001"),
    ("km²", "km2", AREA, "100"),
    ("万亩", "10^4mu", AREA, "2000/3"),
    ("ha", "ha", AREA, "1"),
    ("公顷", "ha", AREA, "1"),
    ("mu", "mu", AREA, "1/15"),
    ("亩", "mu", AREA, "1/15"),
    ("head", "head", HEAD, "1"),
    ("头", "head", HEAD, "1"),
    ("只", "head", HEAD, "1"),
    ("羽", "head", HEAD, "1"),
    ("匹", "head", HEAD, "1"),
    ("口", "head", HEAD, "1"),
    ("万头", "10^4head", HEAD, "10000"),
    ("万只", "10^4head", HEAD, "10000"),
    ("yr", "yr", TIME, "1"),
    ("年", "yr", TIME, "1"),
    ("d", "d", TIME, "1/365"),
    ("天", "d", TIME, "1/365"),
    ("tCO2", "tCO2", "mass of CO2", "1"),
    ("t CO₂", "tCO2", "mass of CO2", "1"),
    ("kgCO2", "kgCO2", "mass of CO2", "0.001"),
    ("tCO2e", "tCO2e", "mass of CO2e", "1"),
    ("mgCH4", "mgCH4", "mass of CH4", "0.000000001"),
    ("gN2O", "gN2O", "mass of N2O", "0.000001"),
    ("kgHFC134a", "kgHFC134a", "mass of HFC134a", "0.001"),
    ("kgHFC-134a", "kgHFC134a", "mass of HFC134a", "0.001"),
    ("kgR134a", "kgHFC134a", "mass of HFC134a", "0.001"),
    ("kgR-22", "kgHCFC22", "mass of HCFC22", "0.001"),
    ("tCO2eq", "tCO2e", "mass of CO2e", "1"),
    ("tCO2-eq", "tCO2e", "mass of CO2e", "1"),
    ("吨CO2", "tCO2", "mass of CO2", "1"),
    ("吨二氧化碳", "tCO2", "mass of CO2", "1"),
    ("吨二氧化碳当量", "tCO2e", "mass of CO2e", "1"),
    ("万tCO2", "10^4tCO2", "mass of CO2", "10000"),
    ("KGCO2", "kgCO2", "mass of CO2", "0.001"),
    ("tC", "tC", "mass of C", "1"),
    ("kgBOD", "kgBOD", "mass of BOD", "0.001"),
    ("kgCOD", "kgCOD", "mass of COD", "0.001"),
    ("千瓦·时", "kWh", ENERGY, "0.0036"),
    ("千瓦小时", "kWh", ENERGY, "0.0036"),
    ("千瓦·小时", "kWh", ENERGY, "0.0036"),
    ("kW h", "kWh", ENERGY, "0.0036"),
    ("kW-h", "kWh", ENERGY, "0.0036"),
    ("瓦时", "Wh", ENERGY, "0.0000036"),
    ("Wh", "Wh", ENERGY, "0.0000036"),
    ("兆瓦·时", "MWh", ENERGY, "3.6"),
    ("MW·h", "MWh", ENERGY, "3.6"),
    ("吉瓦·时", "GWh", ENERGY, "3600"),
    ("太瓦·时", "TWh", ENERGY, "3600000"),
    ("TWh", "TWh", ENERGY, "3600000"),
    ("万千瓦·时", "10^4kWh", ENERGY, "36"),
    ("万kW·h", "10^4kWh", ENERGY, "36"),
    ("亿千瓦·时", "10^8kWh", ENERGY, "360000"),
    ("百万千瓦·时", "10^6kWh", ENERGY, "3600"),
    ("a", "yr", TIME, "1"),
    ("tonne", "t", MASS, "1"),
    ("metric tons", "t", MASS, "1"),
    # Of the US and of the gas trade, exact by definition.
    ("Btu", "Btu", ENERGY, "0.00000105505585262"),
    ("BTU", "Btu", ENERGY, "0.00000105505585262"),
    ("MMBtu", "MMBtu", ENERGY, "1.05505585262"),
    ("mmBtu", "MMBtu", ENERGY, "1.05505585262"),
    ("百万英热单位", "MMBtu", ENERGY, "1.05505585262"),
    ("therm", "therm", ENERGY, "0.105505585262"),
    ("lb", "lb", MASS, "0.00045359237"),
    ("lbs", "lb", MASS, "0.00045359237"),
    ("磅", "lb", MASS, "0.00045359237"),
    ("short ton", "short_ton", MASS, "0.90718474"),
    ("短吨", "short_ton", MASS, "0.90718474"),
    ("long ton", "long_ton", MASS, "1.0160469088"),
    ("长吨", "long_ton", MASS, "1.0160469088"),
    ("ft3", "ft3", VOLUME, "0.028316846592"),
    ("ft³", "ft3", VOLUME, "0.028316846592"),
    ("立方英尺", "ft3", VOLUME, "0.028316846592"),
    ("10³ft³", "10^3ft3", VOLUME, "28.316846592"),
    ("gal", "gal(US)", VOLUME, "0.003785411784"),
    ("US gal", "gal(US)", VOLUME, "0.003785411784"),
    ("gal (US)", "gal(US)", VOLUME, "0.003785411784"),
    ("美制加仑", "gal(US)", VOLUME, "0.003785411784"),
    ("gal（UK）", "gal(UK)", VOLUME, "0.00454609"),
    ("英制加仑", "gal(UK)", VOLUME, "0.00454609"),
    ("mi", "mi", DISTANCE, "1.609344"),
    ("英里", "mi", DISTANCE, "1.609344"),
    ("scf", "scf", STANDARD_FEET, "1"),
    ("10^6scf", "10^6scf", STANDARD_FEET, "1000000"),
    ("lbCO2", "lbCO2", "mass of CO2", "0.00045359237"),
    ("kgN", "kgN", "mass of N", "0.001"),
    ("吨氮", "tN", "mass of N", "1"),
    ("kgN2O-N", "kgN2O-N", "mass of N2O-N", "0.001"),
    ("tCH4-C", "tCH4-C", "mass of CH4-C", "1"),
    ("kgR410A", "kgR410A", "mass of R410A", "0.001"),
    ("kgR-407C", "kgR407C", "mass of R407C", "0.001"),
]

COMPOUNDS: list[tuple[str, str, Dimensions, str]] = [
    ("tC/TJ", "tC/TJ", ((ENERGY, -1), ("mass of C", 1)), "0.001"),
    ("kgCH4/head/yr", "kgCH4/head/yr", ((HEAD, -1), ("mass of CH4", 1), (TIME, -1)), "0.001"),
    ("kgCH4/ha/day", "kgCH4/ha/d", ((AREA, -1), ("mass of CH4", 1), (TIME, -1)), "0.365"),
    ("tCO2e/mu/yr", "tCO2e/mu/yr", ((AREA, -1), ("mass of CO2e", 1), (TIME, -1)), "15"),
    ("kgCO2/kWh", "kgCO2/kWh", ((ENERGY, -1), ("mass of CO2", 1)), "5/18"),
    ("tCO2／兆瓦时", "tCO2/MWh", ((ENERGY, -1), ("mass of CO2", 1)), "5/18"),
    ("GJ/万m³", "GJ/10^4m3", ((ENERGY, 1), (VOLUME, -1)), "0.0001"),
    ("mg CH4/km", "mgCH4/km", ((DISTANCE, -1), ("mass of CH4", 1)), "0.000000001"),
    ("kg/L", "kg/L", ((MASS, 1), (VOLUME, -1)), "1"),
    ("m³(20℃, 101.325 kPa)", "m3(20C)", ((VOLUME, 1),), "27315/29315"),
    ("GJ/万m³(20℃)", "GJ/10^4m3(20C)", ((ENERGY, 1), (VOLUME, -1)), "29315/273150000"),
    ("g/cm³", "g/cm3", ((MASS, 1), (VOLUME, -1)), "1"),
    ("g/mL", "g/mL", ((MASS, 1), (VOLUME, -1)), "1"),
    ("kcal/kg", "kcal/kg", ((ENERGY, 1), (MASS, -1)), "0.0041868"),
    ("%", "%", (), "0.01"),
    ("kgN2O-N/kgN", "kgN2O-N/kgN", (("mass of N", -1), ("mass of N2O-N", 1)), "1"),
    ("mgN/L", "mgN/L", (("mass of N", 1), (VOLUME, -1)), "0.000001"),
    ("mgBOD/L", "mgBOD/L", (("mass of BOD", 1), (VOLUME, -1)), "0.000001"),
    ("头·年", "head*yr", ((HEAD, 1), (TIME, 1)), "1"),
    ("亩*年", "mu*yr", ((AREA, 1), (TIME, 1)), "1/15"),
    ("tC/GJ*GJ", "tC/GJ*GJ", (("mass of C", 1),), "1"),
    ("kg/t", "kg/t", (), "0.001"),
    ("1", "1", (), "1"),
    ("1/yr", "1/yr", ((TIME, -1),), "1"),
    ("吨·公里", "t*km", ((DISTANCE, 1), (MASS, 1)), "1"),
    ("万吨·公里", "10^4t*km", ((DISTANCE, 1), (MASS, 1)), "10000"),
    ("万吨公里", "10^4t*km", ((DISTANCE, 1), (MASS, 1)), "10000"),
    ("tkm", "t*km", ((DISTANCE, 1), (MASS, 1)), "1"),
    ("kgCO2/吨公里", "kgCO2/t/km", ((DISTANCE, -1), (MASS, -1), ("mass of CO2", 1)), "0.001"),
    ("kgCO2/(t·km)", "kgCO2/t/km", ((DISTANCE, -1), (MASS, -1), ("mass of CO2", 1)), "0.001"),
    ("kgCH4/(头·年)", "kgCH4/head/yr", ((HEAD, -1), ("mass of CH4", 1), (TIME, -1)), "0.001"),
    ("tCO2/(mu·a)", "tCO2/mu/yr", ((AREA, -1), ("mass of CO2", 1), (TIME, -1)), "15"),
    ("tCO2/万千瓦·时", "tCO2/10^4kWh", ((ENERGY, -1), ("mass of CO2", 1)), "1/36"),
    ("kgce/(kW·h)", "kgce/kWh", (), "29307/3600"),
    ("lbCO2/MMBtu", "lbCO2/MMBtu", ((ENERGY, -1), ("mass of CO2", 1)), "45359237/105505585262"),
    ("Btu/scf", "Btu/scf", ((ENERGY, 1), (STANDARD_FEET, -1)), "0.00000105505585262"),
]

UNKNOWN = [
    "", " ", "　", "/", "*", "·", "t/", "/t", "t//t", "t*", "*t", "²", "³", "m", "kW",
    "MW", "10^4", "10^41", "万", "万1", "万%", "万万t", "1000", "mWh", "mwh", "mJ", "MT", "ML", "Mg", "GT",
    "MgCO2", "kgR404A", "kgR", "km3", "m4", "平方", "-t", "t-1", "t^2", "tCO", "tXY", "CO2", "kgCO3", "t\n", "t\x00",
    "ton", "tons", "TON", "加仑", "MBtu", "Mcf", "Mscf", "Sm3", "kgCO2/ton", "(t", "t)", "()", "/()", "t/()",
    "t/(t/t)", "万度/" * 9 + "度", "t/(t", "千瓦", "时", "千瓦·", "·时", "h", "吨公", "A", "GAL",
    "m3(25℃)", "m3(20)", "m3()", "m3(20℃,200kPa)", "t(20℃)", "kVAh", "kvarh", "kVA",
    "٣", "furlong", "𝟙/½", "t" * 41, "t*" * 20 + "t", "t/" * 1_000_000, "·" * 40,
]  # fmt: skip

NAMES = st.sampled_from([text for text, *_ in BILLS])


def unit_of(text: str) -> Unit:
    unit = parse_unit(text)
    assert unit is not None, text
    return unit


@pytest.mark.parametrize(("text", "name", "dimension", "size"), BILLS)
def test_a_unit_that_people_have_on_their_bills(
    text: str, name: str, dimension: str, size: str
) -> None:
    assert parse_unit(text) == Unit(name, ((dimension, 1),), Fraction(size))


@pytest.mark.parametrize(("text", "name", "dimensions", "size"), COMPOUNDS)
def test_a_compound_unit(text: str, name: str, dimensions: Dimensions, size: str) -> None:
    assert parse_unit(text) == Unit(name, tuple(sorted(dimensions)), Fraction(size))


@pytest.mark.parametrize("text", UNKNOWN, ids=lambda text: ascii(text[:12]))
def test_what_is_no_unit(text: str) -> None:
    assert parse_unit(text) is None


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    unit = parse_unit(text)
    assert unit is None or unit.size > 0


def test_a_tonne_of_a_substance_is_no_tonne_and_no_other_substance() -> None:
    masses = ["t", "tC", "tCO2", "tCO2e", "tCH4", "tN2O", "tSF6", "tBOD", "tCOD"]
    assert len({unit_of(text).dimensions for text in masses}) == len(masses)


PREFIXES = {
    10**3: ("10^3", "10³", "千"), 10**4: ("10^4", "10⁴", "万"), 10**6: ("10^6", "10⁶", "百万"),
    10**8: ("10^8", "10⁸", "亿"),
}  # fmt: skip

BASES = [text for text, name, *_ in BILLS if not name.startswith("10^")]


@given(
    st.sampled_from(BASES), st.sampled_from(sorted(PREFIXES)), st.sampled_from([0, 1, 2]), st.data()
)
def test_a_prefix_multiplies_any_unit_exactly(
    text: str, times: int, spelling: int, data: st.DataObject
) -> None:
    base = unit_of(text)
    prefixed = unit_of(PREFIXES[times][spelling] + text)
    assert prefixed.dimensions == base.dimensions
    assert prefixed.size == base.size * times
    assert parse_unit(prefixed.name) == prefixed
    other = unit_of(data.draw(st.sampled_from(BASES)))
    assert unit_of(f"{other.name}/{prefixed.name}").size == other.size / prefixed.size


@given(st.sampled_from(BASES), st.data())
def test_another_case_is_the_same_unit_or_none(text: str, data: st.DataObject) -> None:
    """Never another size: SI has units that differ by case alone, by a factor of a thousand million."""
    upper = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    changed = "".join(c.upper() if up else c.lower() for c, up in zip(text, upper, strict=True))
    unit = parse_unit(changed)
    assert unit is None or unit == unit_of(text)


DOTS = "·・⋅.•‧∙･．×*"


@pytest.mark.parametrize("dot", DOTS, ids=ascii)
@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("千瓦{}时", "kWh"), ("万千瓦{}时", "10^4kWh"), ("兆瓦{}时", "MWh"), ("吉瓦{}时", "GWh"),
        ("亿千瓦{}时", "10^8kWh"), ("kW{}h", "kWh"), ("MW{}h", "MWh"), ("万kW{}h", "10^4kWh"),
        ("KW{}H", "kWh"), ("吨{}公里", "t*km"), ("头{}年", "head*yr"), ("万头{}天", "10^4head*d"),
        ("kgCO2/(t{}km)", "kgCO2/t/km"), ("tCO2/MW{}h", "tCO2/MWh"),
    ],
)  # fmt: skip
def test_every_dot_that_people_type_is_the_dot_of_a_standard(
    dot: str, template: str, name: str
) -> None:
    assert unit_of(template.format(dot)).name == name


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ton", ("t", "short_ton", "long_ton")),
        ("kgCO2/ton", ("t", "short_ton", "long_ton")),
        ("加仑", ("gal(US)", "gal(UK)")),
        ("MT", ("t", "Mt")),
        ("Mg", ("mg", "t")),
        ("ML", ("mL", "10^3m3")),
        ("mW·h", ("MWh",)),
        ("MBtu", ("10^3Btu", "MMBtu")),
        ("Mcf", ("10^3ft3", "10^6ft3", "10^3scf", "10^6scf")),
        ("Sm³", ("m3(15C)", "m3(20C)")),
        ("furlong", ()),
        ("t" * 1_000_000, ()),
        ("mg", ()),
        ("mL/MWh", ()),
    ],
    ids=lambda given: ascii(given)[:20],
)
def test_what_to_write_for_what_can_be_meant_in_several_ways(
    text: str, meant: tuple[str, ...]
) -> None:
    assert readings(text) == meant
    assert all(parse_unit(name) for name in meant)
    assert not meant or parse_unit(text) is None


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("kWh", "千瓦时", "kWh"),
        ("10^4kWh", "万千瓦时", "10⁴kWh"),
        ("10^8kWh", "亿千瓦时", "10⁸kWh"),
        ("mu*d", "亩·天", "mu·d"),
        ("head*yr", "头·年", "head·yr"),
        ("10^4m3", "万立方米", "10⁴m³"),
        ("GJ/10^4Nm3", "吉焦/万标准立方米", "GJ/10⁴Nm³"),
        ("10^4m3(20C)", "万立方米(20℃)", "10⁴m³(20°C)"),
        ("MJ/m3(15C)", "兆焦/立方米(15℃)", "MJ/m³(15°C)"),
        ("m2", "平方米", "m²"),
        ("ft3", "立方英尺", "ft³"),
        ("kgCH4/head/yr", "千克CH4/头/年", "kgCH4/head/yr"),
        ("tC/TJ", "吨碳/太焦", "tC/TJ"),
        ("10^4tCO2", "万吨CO2", "10⁴tCO2"),
        ("t*km", "吨·公里", "t·km"),
        ("short_ton", "短吨", "short ton"),
        ("gal(US)", "美制加仑", "gal(US)"),
        ("10^3t", "10³吨", "10³t"),
        ("10^3gCO2", "10³克CO2", "10³gCO2"),
        ("1/yr", "1/年", "1/yr"),
        ("%", "%", "%"),
    ],
)
def test_what_people_call_a_unit(name: str, zh: str, en: str) -> None:
    assert unit_of(name).shown == unit_name(name) == LocalizedText(zh, en)


def test_what_is_no_unit_is_called_what_it_is() -> None:
    assert unit_name("furlong") == LocalizedText("furlong", "furlong")


def test_fifteen_mu_are_a_hectare_exactly() -> None:
    assert 15 * unit_of("亩").size == unit_of("公顷").size


@given(
    st.fractions(),
    NAMES.flatmap(
        lambda text: st.tuples(
            st.just(text),
            st.sampled_from(
                [n for n, *_ in BILLS if unit_of(n).dimensions == unit_of(text).dimensions]
            ),
        )
    ),
)
def test_converting_there_and_back_changes_nothing(value: Fraction, pair: tuple[str, str]) -> None:
    """The factor of a conversion is itself a unit: ``kWh/MWh`` is 1/1000."""
    one, other = pair
    there, back = unit_of(f"{one}/{other}"), unit_of(f"{other}/{one}")
    assert there.dimensions == back.dimensions == ()
    assert there.size == unit_of(one).size / unit_of(other).size
    assert value * there.size * back.size == value


@given(NAMES, NAMES)
def test_a_product_of_units_does_not_depend_on_their_order(one: str, other: str) -> None:
    first, second = unit_of(f"{one}*{other}"), unit_of(f"{other}·{one}")
    assert (first.dimensions, first.size) == (second.dimensions, second.size)
    assert first == unit_of(one) * unit_of(other)


@given(st.lists(NAMES, min_size=1, max_size=3), st.data())
def test_our_name_of_a_unit_is_a_name_of_it(names: list[str], data: st.DataObject) -> None:
    """A frozen line keeps the name only; read again it must be the same unit."""
    text = names[0]
    for name in names[1:]:
        text += data.draw(st.sampled_from("*/·")) + name
    unit = parse_unit(text)
    if unit is not None:
        assert parse_unit(unit.name) == unit


@given(
    st.lists(st.tuples(st.sampled_from(["", *"千万亿"]), NAMES), min_size=1, max_size=3), st.data()
)
def test_a_unit_reads_the_same_by_what_people_call_it(
    atoms: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = "".join(atoms[0])
    for atom in atoms[1:]:
        text += data.draw(st.sampled_from("*/")) + "".join(atom)
    unit = parse_unit(text)
    if unit is None:
        return
    shown = (unit.shown.zh, unit.shown.en)
    assert not re.search(r"[*^]|head|mu", shown[0]), shown
    assert "*" not in shown[1], shown
    assert all(parse_unit(name) == unit for name in shown if len(name) <= LONGEST_UNIT), shown


@pytest.mark.parametrize(
    ("dimensions", "accepted"),
    [
        (((ENERGY, 1),), ("kWh", "MWh", "10^4kWh", "MJ", "GJ", "TJ")),
        (((MASS, 1),), ("kg", "t", "10^4t")),
        (((VOLUME, 1),), ("L", "m3", "10^4m3", "Nm3", "m3(20C)")),
        (((DISTANCE, 1),), ("km", "10^4km")),
        (((AREA, 1),), ("mu", "ha", "m2")),
        (((HEAD, 1), (TIME, 1)), ("head*yr",)),
        (((AREA, 1), (TIME, 1)), ("mu*yr", "ha*yr")),
        ((("mass of CO2", 1),), ("kgCO2", "tCO2")),
        (((ENERGY, 1), (HEAD, -1)), ("GJ/head",)),
        (((HEAD, -1),), ("1/head",)),
        ((), ("1",)),
    ],
)
def test_the_units_that_an_error_lists(dimensions: Dimensions, accepted: tuple[str, ...]) -> None:
    assert activity_units(dimensions) == accepted


@pytest.mark.parametrize(
    "dimension",
    [ENERGY, MASS, VOLUME, DISTANCE, AREA, HEAD, TIME, substance_mass("CO2"), substance_mass("C")],
)
def test_a_base_unit_has_the_size_one(dimension: str) -> None:
    assert parse_unit(base_unit(dimension)) == Unit(
        base_unit(dimension), ((dimension, 1),), Fraction(1)
    )
