"""Units, exactly: what a unit measures and how much of it, as dimensions and a fraction.

Base units: GJ (energy), t (mass), m3 (volume), km (distance), ha (area), head, yr (time). The mass
of a substance is a dimension of its own (``tCO2``, ``kgCH4``, ``tC``, ``kgBOD``), so that a tonne
of coal can never pass for a tonne of CO2. Any of them takes a prefix 千, 万, 百万 or 亿 (10^3, 10^4,
10^6, 10^8). Case is free only where no other unit differs by case alone: ``MWH`` is read, but
``mWh``, ``MT`` and ``ML`` are refused, since they may be a million times something else.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from nzc_api.accounting.gases import Gas

Dimensions = tuple[tuple[str, int], ...]

ENERGY, MASS, VOLUME, DISTANCE, AREA, HEAD, TIME = (
    "energy", "mass", "volume", "distance", "area", "head", "time",
)  # fmt: skip

DAYS_A_YEAR = 365

LONGEST_UNIT = 40

# Exact by definition: the international table calorie, and the table's row conv.kgce.
_KCAL = Fraction(41_868, 10**10)
_KGCE = Fraction(29_307, 10**6)

# A unit's names (the first is ours; the others are what people find on their bills), its dimension
# and its size in the base unit. 1 ha = 15 亩, exactly. Gas volumes are taken at standard conditions,
# so m3 and Nm3 have the same size.
_PLAIN: tuple[tuple[str, str, Fraction], ...] = (
    ("kWh 千瓦时 千瓦小时 度", ENERGY, Fraction(36, 10_000)),
    ("MWh MWH Mwh 兆瓦时", ENERGY, Fraction(36, 10)),
    ("GWh 吉瓦时", ENERGY, Fraction(3600)),
    ("kJ 千焦 千焦耳", ENERGY, Fraction(1, 10**6)),
    ("MJ Mj 兆焦 兆焦耳", ENERGY, Fraction(1, 1000)),
    ("GJ 吉焦 吉焦耳", ENERGY, Fraction(1)),
    ("TJ 太焦 太焦耳", ENERGY, Fraction(1000)),
    ("kcal 大卡 千卡", ENERGY, _KCAL),
    ("kgce 千克标准煤 公斤标准煤 千克标煤 公斤标煤", ENERGY, _KGCE),
    ("tce 吨标准煤 吨标煤", ENERGY, _KGCE * 1000),
    ("mg 毫克", MASS, Fraction(1, 10**9)),
    ("g 克", MASS, Fraction(1, 10**6)),
    ("kg 千克 公斤", MASS, Fraction(1, 1000)),
    ("jin 斤 市斤", MASS, Fraction(1, 2000)),
    ("t T 吨 公吨", MASS, Fraction(1)),
    ("kt 千吨", MASS, Fraction(1000)),
    ("Gg", MASS, Fraction(1000)),
    ("Mt", MASS, Fraction(10**6)),
    ("cm3 cm^3 立方厘米", VOLUME, Fraction(1, 10**6)),
    ("mL ml 毫升", VOLUME, Fraction(1, 10**6)),
    ("L 升 公升", VOLUME, Fraction(1, 1000)),
    ("kL 千升", VOLUME, Fraction(1)),
    ("m3 M3 m^3 立方米 立方 方", VOLUME, Fraction(1)),
    ("Nm3 Nm^3 标立方米 标准立方米 标方", VOLUME, Fraction(1)),
    ("km 公里 千米", DISTANCE, Fraction(1)),
    ("m2 M2 m^2 平方米 平米", AREA, Fraction(1, 10_000)),
    ("mu 亩", AREA, Fraction(1, 15)),
    ("ha 公顷", AREA, Fraction(1)),
    ("km2 km^2 平方公里 平方千米", AREA, Fraction(100)),
    ("head 头 只 羽 匹 口", HEAD, Fraction(1)),
    ("yr 年", TIME, Fraction(1)),
    ("d day 天 日", TIME, Fraction(1, DAYS_A_YEAR)),
)

_ANY_CASE = (
    "kWh", "GWh", "kJ", "GJ", "TJ", "kcal", "kgce", "tce", "kg", "kt", "L", "kL", "Nm3", "km", "ha",
    "head",
)  # fmt: skip

_PREFIXES: Mapping[str, int] = {
    "10^3": 3, "10^4": 4, "10^6": 6, "10^8": 8, "千": 3, "万": 4, "百万": 6, "亿": 8,
}  # fmt: skip

# What is weighed and is not a gas that we account: elements, by themselves or in a gas (``N2O-N`` is
# the nitrogen in N2O), loads of wastewater, and blends of refrigerants.
_OTHER_SUBSTANCES = ("C", "CH4-C", "N", "N2O-N", "BOD", "COD", "R407C", "R410A")

# What people write for a substance, besides its symbol. A refrigerant's R number names one gas.
_SUBSTANCES: Mapping[str, str] = (
    {symbol: symbol for symbol in (*(gas.symbol for gas in Gas), *_OTHER_SUBSTANCES)}
    | {re.sub("^H?C?FC", "R", gas.symbol): gas.symbol for gas in Gas if "FC" in gas.symbol}
    | {"二氧化碳": "CO2", "甲烷": "CH4", "氧化亚氮": "N2O", "碳": "C", "氮": "N"}
    | dict.fromkeys(("CO2eq", "CO2当量", "二氧化碳当量"), "CO2e")
)

# The units that errors and forms offer; many more are read.
_OFFERED = (
    "kWh", "MWh", "10^4kWh", "MJ", "GJ", "TJ", "kg", "t", "10^4t", "L", "m3", "10^4m3", "km",
    "10^4km", "mu", "ha", "m2", "head", "head*yr", "mu*yr", "ha*yr",
    *(mass + symbol for symbol in sorted(set(_SUBSTANCES.values())) for mass in ("kg", "t")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: our name for it, what it measures, and its size in base units."""

    name: str
    dimensions: Dimensions
    size: Fraction

    def __mul__(self, other: "Unit") -> "Unit":
        return Unit(
            f"{self.name}*{other.name}",
            combined((self.dimensions, other.dimensions)),
            self.size * other.size,
        )

    @property
    def atoms(self) -> tuple[str, ...]:
        """The names of the units that it is composed of."""
        return tuple(re.split("[*/]", self.name))


DIMENSIONLESS = Unit("1", (), Fraction(1))

# Our names: lines keep them, so what each means never changes.
UNIT_NAMES = tuple(names.split()[0] for names, _, _ in _PLAIN)

_BY_NAME: Mapping[str, Unit] = {
    alias: Unit(names.split()[0], ((dimension, 1),), size)
    for names, dimension, size in _PLAIN
    for alias in names.split()
}
_BY_FOLDED_NAME: Mapping[str, Unit] = {name.casefold(): _BY_NAME[name] for name in _ANY_CASE}
_BY_FOLDED_SYMBOL: Mapping[str, str] = {
    text.replace("-", "").casefold(): symbol for text, symbol in _SUBSTANCES.items()
}
_PURE: Mapping[str, Unit] = {"1": DIMENSIONLESS, "%": Unit("%", (), Fraction(1, 100))}

_BASES: Mapping[str, str] = {
    ENERGY: "GJ", MASS: "t", VOLUME: "m3", DISTANCE: "km", AREA: "ha", HEAD: "head", TIME: "yr",
}  # fmt: skip

_SUPERSCRIPTS = {f"10{sign}": f"10^{digit}" for sign, digit in zip("³⁴⁶⁸", "3468", strict=True)}


def base_unit(dimension: str) -> str:
    """The unit in which a dimension has the size 1."""
    substance = dimension.removeprefix(f"{MASS} of ")
    return _BASES[dimension] if substance == dimension else f"t{substance}"


def composed_unit(dimensions: Dimensions) -> str:
    """The unit in which ``dimensions`` have the size 1, such as ``GJ*km/t``; 1 if there are none."""
    powers = [(base_unit(dimension), power) for dimension, power in dimensions]
    above = "*".join(name for name, power in powers for _ in range(power))
    below = "".join(f"/{name}" for name, power in powers for _ in range(-power))
    return (above or "1") + below


def substance_mass(symbol: str) -> str:
    """The dimension of a mass of that substance."""
    return f"{MASS} of {symbol}"


def parse_unit(text: str) -> Unit | None:
    """The unit that ``text`` names, such as ``kWh``, ``万m³`` or ``tC/TJ``; None if none does."""
    if len(text) > LONGEST_UNIT:
        return None
    parts = re.split(r"([*/·⋅])", _folded(text))
    result, name, sign = DIMENSIONLESS, "", 1
    for index, part in enumerate(parts):
        if index % 2:
            sign = -1 if part == "/" else 1
            name += "/" if part == "/" else "*"
            continue
        atom = _PURE.get(part) or _atom(part)
        if atom is None:
            return None
        dimensions = tuple((dimension, sign * power) for dimension, power in atom.dimensions)
        result = Unit("", combined((result.dimensions, dimensions)), result.size * atom.size**sign)
        name += atom.name
    return Unit(name, result.dimensions, result.size)


def combined(parts: Iterable[Dimensions]) -> Dimensions:
    """The dimensions of a product."""
    powers: dict[str, int] = {}
    for part in parts:
        for dimension, power in part:
            powers[dimension] = powers.get(dimension, 0) + power
    return tuple(sorted((d, power) for d, power in powers.items() if power))


@cache
def activity_units(dimensions: Dimensions) -> tuple[str, ...]:
    """Units that measure exactly ``dimensions``, for an error to list: those that people have on
    their bills, else the one composed of base units."""
    known = (parse_unit(name) for name in _OFFERED)
    offered = tuple(unit.name for unit in known if unit and unit.dimensions == dimensions)
    return offered or (composed_unit(dimensions),)


def _folded(text: str) -> str:
    # NFKC turns ³ into 3 and ㎥ into m3; 10⁴ needs its caret to stay a power of ten.
    for written, power in _SUPERSCRIPTS.items():
        text = text.replace(written, power)
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    return re.sub(r"(?<=[wW])[·⋅.](?=[hH])", "", folded)  # kW·h, as bills print it


def _atom(token: str) -> Unit | None:
    """A unit without ``*`` and ``/``: known as it is, else a prefix and one that is."""
    unit = _known(token)
    if unit is not None:
        return unit
    for prefix, exponent in _PREFIXES.items():
        base = _known(token.removeprefix(prefix)) if token.startswith(prefix) else None
        if base is not None:
            return Unit(f"10^{exponent}{base.name}", base.dimensions, base.size * 10**exponent)
    return None


def _known(token: str) -> Unit | None:
    return _plain(token) or _of_substance(token)


def _plain(token: str) -> Unit | None:
    return _BY_NAME.get(token) or _BY_FOLDED_NAME.get(token.casefold())


def _of_substance(token: str) -> Unit | None:
    for length in range(1, len(token)):
        mass = _plain(token[:length])
        symbol = _BY_FOLDED_SYMBOL.get(token[length:].replace("-", "").casefold())
        if mass is not None and symbol is not None and mass.dimensions == ((MASS, 1),):
            return Unit(f"{mass.name}{symbol}", ((substance_mass(symbol), 1),), mass.size)
    return None
