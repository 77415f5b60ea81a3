"""The units that are read: what people call them, what each measures, and how much of it.

Base units: GJ (energy), t (mass), m3 (volume), km (distance), ha (area), head, yr (time), and scf,
which is no m3: see decision 28.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from nzc_api.accounting.gases import Gas

ENERGY, MASS, VOLUME, STANDARD_FEET, DISTANCE, AREA, HEAD, TIME = (
    "energy", "mass", "volume", "volume at 60 °F", "distance", "area", "head", "time",
)  # fmt: skip

DAYS_A_YEAR = 365

# Exact by definition: the calorie and the Btu of the international table, the row conv.kgce of our
# own, the international foot and mile, the avoirdupois pound, the gallons of the US and the UK.
_KCAL = Fraction(41_868, 10**10)
_KGCE = Fraction(29_307, 10**6)
_BTU = Fraction("1055.05585262") / 10**9
_FOOT = Fraction("0.3048")
_POUND = Fraction("0.45359237") / 1000
_US_GALLON, _UK_GALLON = Fraction("3.785411784") / 1000, Fraction("4.54609") / 1000

# How much of a gas at 0 °C is in a m3 that is measured at other degrees Celsius, at the same 101.325 kPa: the
# ratio of the absolute temperatures. GB/T 19205 has 20 °C for what is traded in China, ISO 13443 15 °C.
AT_0_C: Mapping[int, Fraction] = {
    celsius: Fraction("273.15") / Fraction(f"{celsius + 273}.15") for celsius in (0, 15, 20)
}


class StateOfMatter(Enum):
    """What a volume is of, where its unit says so: nobody measures a gas in litres."""

    CONDENSED = auto()
    GAS = auto()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit without prefix: our name, what Chinese calls it, other spellings, dimension and size."""

    name: str
    zh: str
    others: str
    dimension: str
    size: Fraction

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.name, self.zh, *self.others.split())


def _at(celsius: int) -> str:
    """What people write for a m3 of gas that is measured at so many degrees."""
    cubic_metres = (
        "m3",
        "m^3",
        "M3",
        "立方米",
        "立方",
        "方",
        "Nm3",
        "标准立方米",
        "标立方米",
        "标方",
    )
    return " ".join(f"{name}({celsius}C)" for name in cubic_metres)


# 1 ha = 15 亩, exactly. A m3 of gas without its condition is taken at 0 °C, so it has the size of a Nm3.
ROWS = (
    UnitRow("Wh", "瓦时", "瓦小时", ENERGY, Fraction(36, 10**7)),
    UnitRow("kWh", "千瓦时", "千瓦小时 度 度电", ENERGY, Fraction(36, 10_000)),
    UnitRow("MWh", "兆瓦时", "MWH Mwh 兆瓦小时", ENERGY, Fraction(36, 10)),
    UnitRow("GWh", "吉瓦时", "吉瓦小时", ENERGY, Fraction(3600)),
    UnitRow("TWh", "太瓦时", "太瓦小时", ENERGY, Fraction(3_600_000)),
    UnitRow("kJ", "千焦", "千焦耳", ENERGY, Fraction(1, 10**6)),
    UnitRow("MJ", "兆焦", "Mj 兆焦耳", ENERGY, Fraction(1, 1000)),
    UnitRow("GJ", "吉焦", "吉焦耳", ENERGY, Fraction(1)),
    UnitRow("TJ", "太焦", "太焦耳", ENERGY, Fraction(1000)),
    UnitRow("kcal", "千卡", "大卡", ENERGY, _KCAL),
    UnitRow("kgce", "千克标准煤", "公斤标准煤 千克标煤 公斤标煤", ENERGY, _KGCE),
    UnitRow("tce", "吨标准煤", "吨标煤", ENERGY, _KGCE * 1000),
    UnitRow("Btu", "英热单位", "英热", ENERGY, _BTU),
    UnitRow("MMBtu", "百万英热单位", "百万英热", ENERGY, _BTU * 10**6),
    UnitRow("therm", "撒姆", "therms 色姆", ENERGY, _BTU * 10**5),
    UnitRow("mg", "毫克", "", MASS, Fraction(1, 10**9)),
    UnitRow("g", "克", "", MASS, Fraction(1, 10**6)),
    UnitRow("kg", "千克", "公斤", MASS, Fraction(1, 1000)),
    UnitRow("jin", "斤", "市斤", MASS, Fraction(1, 2000)),
    UnitRow("t", "吨", "T 公吨 tonne tonnes metricton metrictons", MASS, Fraction(1)),
    UnitRow("kt", "千吨", "", MASS, Fraction(1000)),
    UnitRow("Gg", "吉克", "", MASS, Fraction(1000)),
    UnitRow("Mt", "兆吨", "", MASS, Fraction(10**6)),
    UnitRow("lb", "磅", "lbs", MASS, _POUND),
    UnitRow("short_ton", "短吨", "shortton shorttons 美吨", MASS, _POUND * 2000),
    UnitRow("long_ton", "长吨", "longton longtons 英吨", MASS, _POUND * 2240),
    UnitRow("cm3", "立方厘米", "cm^3", VOLUME, Fraction(1, 10**6)),
    UnitRow("mL", "毫升", "ml", VOLUME, Fraction(1, 10**6)),
    UnitRow("L", "升", "公升", VOLUME, Fraction(1, 1000)),
    UnitRow("kL", "千升", "", VOLUME, Fraction(1)),
    UnitRow("m3", "立方米", "M3 m^3 立方 方", VOLUME, Fraction(1)),
    UnitRow("Nm3", "标准立方米", f"Nm^3 标立方米 标方 {_at(0)}", VOLUME, AT_0_C[0]),
    UnitRow("m3(15C)", "立方米(15C)", _at(15), VOLUME, AT_0_C[15]),
    UnitRow("m3(20C)", "立方米(20C)", _at(20), VOLUME, AT_0_C[20]),
    UnitRow("ft3", "立方英尺", "ft^3 cuft", VOLUME, _FOOT**3),
    UnitRow(
        "gal(US)",
        "美制加仑",
        "gal gallon gallons USgal USgallon USgallons 美加仑",
        VOLUME,
        _US_GALLON,
    ),
    UnitRow("gal(UK)", "英制加仑", "UKgal UKgallon UKgallons impgal 英加仑", VOLUME, _UK_GALLON),
    UnitRow("scf", "标准立方英尺", "", STANDARD_FEET, Fraction(1)),
    UnitRow("km", "公里", "千米", DISTANCE, Fraction(1)),
    UnitRow("mi", "英里", "mile miles", DISTANCE, _FOOT * 5280 / 1000),
    UnitRow("m2", "平方米", "M2 m^2 平米", AREA, Fraction(1, 10_000)),
    UnitRow("mu", "亩", "", AREA, Fraction(1, 15)),
    UnitRow("ha", "公顷", "", AREA, Fraction(1)),
    UnitRow("km2", "平方公里", "km^2 平方千米", AREA, Fraction(100)),
    UnitRow("head", "头", "只 羽 匹 口", HEAD, Fraction(1)),
    UnitRow("yr", "年", "a", TIME, Fraction(1)),
    UnitRow("d", "天", "day days 日", TIME, Fraction(1, DAYS_A_YEAR)),
)

# At which degrees Celsius a m3 of gas is, where its unit says so.
CELSIUS: Mapping[str, int] = {"Nm3": 0, "m3(15C)": 15, "m3(20C)": 20}

# Of what a volume is, where its unit says so. A m3 may be of anything.
STATES: Mapping[str, StateOfMatter] = dict.fromkeys(
    ("mL", "L", "kL", "gal(US)", "gal(UK)"), StateOfMatter.CONDENSED
) | dict.fromkeys((*CELSIUS, "scf"), StateOfMatter.GAS)

COAL_EQUIVALENTS = frozenset({"kgce", "tce"})
WATT_HOURS = frozenset({"Wh", "kWh", "MWh", "GWh", "TWh"})

# Case is free only where no other unit differs by case alone.
ANY_CASE = (
    "Wh", "kWh", "GWh", "TWh", "kJ", "GJ", "TJ", "kcal", "kgce", "tce", "Btu", "MMBtu", "therm", "kg",
    "kt", "lb", "L", "kL", "Nm3", "m3(15C)", "m3(20C)", "ft3", "gal(US)", "gal(UK)", "scf", "km", "ha", "head",
)  # fmt: skip

# Two units that are written as one word.
JOINED: Mapping[str, str] = {"吨公里": "t*km", "tkm": "t*km"}

# The powers of ten that any unit takes, and what Chinese calls them.
PREFIXES: Mapping[int, str] = {3: "千", 4: "万", 6: "百万", 8: "亿"}

# What is weighed and is not a gas that we account: elements, by themselves or in a gas (``N2O-N`` is
# the nitrogen in N2O), loads of wastewater, and blends of refrigerants.
OTHER_SUBSTANCES = ("C", "CH4-C", "N", "N2O-N", "BOD", "COD", "R407C", "R410A")

# What people write for a substance, besides its symbol. A refrigerant's R number names one gas.
SUBSTANCES: Mapping[str, str] = (
    {symbol: symbol for symbol in (*(gas.symbol for gas in Gas), *OTHER_SUBSTANCES)}
    | {re.sub("^H?C?FC", "R", gas.symbol): gas.symbol for gas in Gas if "FC" in gas.symbol}
    | {"二氧化碳": "CO2", "甲烷": "CH4", "氧化亚氮": "N2O", "碳": "C", "氮": "N"}
    | dict.fromkeys(("CO2eq", "CO2当量", "二氧化碳当量"), "CO2e")
)

# The units that errors and forms offer; many more are read.
OFFERED = (
    "kWh", "MWh", "10^4kWh", "MJ", "GJ", "TJ", "kg", "t", "10^4t", "L", "m3", "10^4m3",
    "Nm3", "m3(20C)", "km", "10^4km", "mu", "ha", "m2", "head", "head*yr", "mu*yr", "ha*yr",
    *(mass + symbol for symbol in sorted(set(SUBSTANCES.values())) for mass in ("kg", "t")),
)  # fmt: skip

# What is not read, whatever its case, since it may be meant in more than one way or is a slip: what
# then to write.
READINGS: Mapping[str, tuple[str, ...]] = {
    "ton": ("t", "short_ton", "long_ton"),
    "tons": ("t", "short_ton", "long_ton"),
    "加仑": ("gal(US)", "gal(UK)"),
    "mt": ("t", "Mt"),
    "mg": ("mg", "t"),
    "ml": ("mL", "10^3m3"),
    "mwh": ("MWh",),
    "mj": ("MJ",),
    "mbtu": ("10^3Btu", "MMBtu"),
    "mcf": ("10^3ft3", "10^6ft3", "10^3scf", "10^6scf"),
    "mscf": ("10^3scf", "10^6scf"),
    "sm3": ("m3(15C)", "m3(20C)"),
}
