"""Units, exactly: what a unit measures and how much of it, as dimensions and a fraction.

Base units: GJ (energy), t (mass), m3 (volume), km (distance), ha (area), head, yr (time). The mass
of a substance is a dimension of its own (``tCO2``, ``kgCH4``, ``tC``, ``kgBOD``), so that a tonne
of coal can never pass for a tonne of CO2.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from nzc_api.accounting.gases import Gas

Dimensions = tuple[tuple[str, int], ...]

ENERGY, MASS, VOLUME, DISTANCE, AREA, HEAD, TIME = (
    "energy", "mass", "volume", "distance", "area", "head", "time",
)  # fmt: skip

DAYS_A_YEAR = 365

# A unit's names (the first is ours; the others are what people find on their bills), its dimension
# and its size in the base unit. 1 ha = 15 亩, exactly. Gas volumes are taken at standard conditions.
_PLAIN: tuple[tuple[tuple[str, ...], str, Fraction], ...] = (
    (("kWh", "kwh", "KWH", "千瓦时", "度"), ENERGY, Fraction(36, 10_000)),
    (("MWh", "兆瓦时"), ENERGY, Fraction(36, 10)),
    (("10^4kWh", "万kWh", "万千瓦时", "万度"), ENERGY, Fraction(36)),
    (("MJ", "兆焦"), ENERGY, Fraction(1, 1000)),
    (("GJ", "吉焦"), ENERGY, Fraction(1)),
    (("TJ", "太焦"), ENERGY, Fraction(1000)),
    (("g", "克"), MASS, Fraction(1, 10**6)),
    (("kg", "千克", "公斤"), MASS, Fraction(1, 1000)),
    (("t", "吨"), MASS, Fraction(1)),
    (("10^4t", "万t", "万吨"), MASS, Fraction(10_000)),
    (("Gg",), MASS, Fraction(1000)),
    (("L", "l", "升"), VOLUME, Fraction(1, 1000)),
    (("m3", "m^3", "Nm3", "立方米", "标立方米"), VOLUME, Fraction(1)),
    (("10^3Nm3", "10^3m3", "千立方米"), VOLUME, Fraction(1000)),
    (("10^4Nm3", "10^4m3", "万m3", "万Nm3", "万立方米", "万标立方米"), VOLUME, Fraction(10_000)),
    (("km", "公里", "千米"), DISTANCE, Fraction(1)),
    (("ha", "公顷"), AREA, Fraction(1)),
    (("mu", "亩"), AREA, Fraction(1, 15)),
    (("head", "头", "只"), HEAD, Fraction(1)),
    (("yr", "年"), TIME, Fraction(1)),
    (("d", "day", "天"), TIME, Fraction(1, DAYS_A_YEAR)),
)

_SUBSTANCES = {gas.symbol for gas in Gas} | {"C", "BOD", "COD"}
_SUBSTANCE_MASSES = {
    "t": Fraction(1), "kg": Fraction(1, 10**3), "g": Fraction(1, 10**6), "mg": Fraction(1, 10**9),
}  # fmt: skip
_SUBSTANCE = re.compile(rf"({'|'.join(_SUBSTANCE_MASSES)})({'|'.join(sorted(_SUBSTANCES))})")

# The composite units that an activity may be stated in, besides the plain ones.
_COMPOSITE_ACTIVITIES = ("head*yr", "ha*yr", "mu*yr", "ha*d")


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


DIMENSIONLESS = Unit("1", (), Fraction(1))

_BY_NAME: Mapping[str, Unit] = {
    alias: Unit(names[0], ((dimension, 1),), size)
    for names, dimension, size in _PLAIN
    for alias in names
} | {"1": DIMENSIONLESS}


def base_unit(dimension: str) -> str:
    """The unit in which a dimension has the size 1."""
    substance = dimension.removeprefix(f"{MASS} of ")
    if substance != dimension:
        return f"t{substance}"
    return next(names[0] for names, d, size in _PLAIN if d == dimension and size == 1)


def substance_mass(symbol: str) -> str:
    """The dimension of a mass of that substance."""
    return f"{MASS} of {symbol}"


def parse_unit(text: str) -> Unit | None:
    """The unit that ``text`` names, such as ``kWh``, ``万m³`` or ``tC/TJ``; None if none does."""
    if len(text) > 40:  # noqa: PLR2004  (longer than any unit of anyone)
        return None
    # NFKC turns ³ into 3 and ㎥ into m3; ⁴ needs its caret to stay a power of ten.
    folded = unicodedata.normalize("NFKC", text.replace("10⁴", "10^4").replace("10³", "10^3"))
    folded = folded.replace("W·h", "Wh")  # as bills print it
    parts = re.split(r"([*/·])", folded.replace(" ", ""))
    result, name, sign = DIMENSIONLESS, "", 1
    for index, part in enumerate(parts):
        if index % 2:
            sign = -1 if part == "/" else 1
            name += "/" if part == "/" else "*"
            continue
        atom = _atom(part)
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


def activity_units(dimensions: Dimensions) -> tuple[str, ...]:
    """Our names of the units that measure exactly ``dimensions``, for an error to list."""
    names = [names[0] for names, _, _ in _PLAIN]
    masses = [m + s for s in sorted(_SUBSTANCES) for m in ("kg", "t")]
    known = (parse_unit(name) for name in (*names, *_COMPOSITE_ACTIVITIES, *masses))
    return tuple(unit.name for unit in known if unit and unit.dimensions == dimensions)


def _atom(token: str) -> Unit | None:
    if (plain := _BY_NAME.get(token)) is not None:
        return plain
    if (match := _SUBSTANCE.fullmatch(token)) is not None:
        mass, symbol = match.groups()
        return Unit(token, ((substance_mass(symbol), 1),), _SUBSTANCE_MASSES[mass])
    return None
