"""Units, exactly: what a unit measures and how much of it, as dimensions and a fraction.

The mass of a substance is a dimension of its own (``tCO2``, ``kgCH4``, ``tC``, ``kgBOD``), so that a
tonne of coal can never pass for a tonne of CO2. Any unit takes a prefix 千, 万, 百万 or 亿 (10^3, 10^4,
10^6, 10^8). Case is free only where no other unit differs by case alone: ``MWH`` is read, but ``mWh``,
``MT`` and ``ML`` are refused, since they may be a million times something else.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce

from nzc_api.accounting.unit_table import (
    ANY_CASE,
    AREA,
    AT_0_C,
    CELSIUS,
    DISTANCE,
    ENERGY,
    HEAD,
    JOINED,
    MASS,
    OFFERED,
    PREFIXES,
    READINGS,
    ROWS,
    STANDARD_FEET,
    STATES,
    SUBSTANCES,
    TIME,
    VOLUME,
    StateOfMatter,
)
from nzc_api.refusal import LocalizedText

Dimensions = tuple[tuple[str, int], ...]

LONGEST_UNIT = 40


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
    def atoms(self) -> tuple[tuple[str, int], ...]:
        """The names of the units that it is composed of, each with its sign: 1 above, -1 below."""
        signed = re.findall(r"([*/]?)([^*/]+)", self.name)
        return tuple((atom, -1 if sign == "/" else 1) for sign, atom in signed)

    @property
    def days(self) -> int:
        """Its power of a day: how much that is of a year depends on the year."""
        return self.power_of(("d",))

    @property
    def state(self) -> StateOfMatter | None:
        """What a volume in it is of, where the unit says so: L of a liquid, Nm3 of a gas."""
        return next((STATES[name] for name, _ in self._bases if name in STATES), None)

    @property
    def celsius(self) -> int | None:
        """At which degrees a m3 of gas in it is, where the unit says so."""
        return next((CELSIUS[name] for name, _ in self._bases if name in CELSIUS), None)

    @property
    def at_0_c(self) -> Fraction:
        """What part of its size is due to the degrees that its m3 of gas is at."""
        ratio = Fraction(1)
        for name, sign in self._bases:
            ratio *= AT_0_C[CELSIUS.get(name, 0)] ** sign
        return ratio

    def power_of(self, names: Collection[str]) -> int:
        """Its power of any of the units, with whatever prefix."""
        return sum(sign for name, sign in self._bases if name in names)

    @property
    def without_time(self) -> "Unit":
        """What is left of it without its times: head of head*yr."""
        parts = (_atom(atom) for atom, sign in self.atoms if sign > 0)
        timeless = [unit for unit in parts if unit and unit.dimensions != ((TIME, 1),)]
        return reduce(Unit.__mul__, timeless)

    @property
    def _bases(self) -> tuple[tuple[str, int], ...]:
        return tuple((_split(atom)[1], sign) for atom, sign in self.atoms)

    @property
    def shown(self) -> LocalizedText:
        """As people write it: 万千瓦时 and 10⁴kWh, 头·年 and head·yr. It reads as the same unit."""
        zh = en = ""
        for atom, sign in self.atoms:
            joint = "/" if sign < 0 else "·" if zh else ""
            zh, en = zh + joint + _chinese(atom), en + joint + _english(atom)
        return LocalizedText(zh, en)


DIMENSIONLESS = Unit("1", (), Fraction(1))

# Our names: lines keep them, so what each means never changes.
UNIT_NAMES = tuple(row.name for row in ROWS)

_BY_NAME: Mapping[str, Unit] = {
    spelling: Unit(row.name, ((row.dimension, 1),), row.size)
    for row in ROWS
    for spelling in row.spellings
}
_BY_FOLDED_NAME: Mapping[str, Unit] = {name.casefold(): _BY_NAME[name] for name in ANY_CASE}
_BY_FOLDED_SYMBOL: Mapping[str, str] = {
    text.replace("-", "").casefold(): symbol for text, symbol in SUBSTANCES.items()
}
_PURE: Mapping[str, Unit] = {"1": DIMENSIONLESS, "%": Unit("%", (), Fraction(1, 100))}
_CHINESE: Mapping[str, str] = {row.name: row.zh for row in ROWS}

_POWERS: Mapping[str, int] = {f"10^{power}": power for power in PREFIXES} | {
    zh: power for power, zh in PREFIXES.items()
}
_SUPERSCRIPTS: Mapping[int, str] = {2: "²", 3: "³", 4: "⁴", 6: "⁶", 8: "⁸"}

_PREFIXED = re.compile(r"10\^(\d)(.+)")
_RAISED = re.compile(r"(?<=m)[23](?=$|\()|(?<=ft)3$")
# A m3 at so many degrees: m³(20℃), 立方米（20 °C）, m3@20C, with or without the pressure, which is the same.
_CONDITION = re.compile(r"[(@](0|15|20)(?:°?[Cc]|摄氏度|度)(?:[,、]101[.*]325[Kk][Pp]a)?\)?")
_DEGREES = re.compile(r"(?<=\d)C(?=\))")
_DOTS = re.compile("[·・⋅.•‧∙×]")
# What is divided by more than one thing, as standards write it: kgCH4/(头·年).
_DIVISOR = re.compile(r"/\(([^()/]+)\)")
_WATT_HOURS = re.compile("(?<=[Ww瓦])[*-](?=[Hh时小])")

_BASES: Mapping[str, str] = {
    ENERGY: "GJ", MASS: "t", VOLUME: "m3", DISTANCE: "km", AREA: "ha", HEAD: "head", TIME: "yr",
    STANDARD_FEET: "scf",
}  # fmt: skip


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
    parts = re.split("([*/])", _folded(text))
    result, name, sign = DIMENSIONLESS, "", 1
    for index, part in enumerate(parts):
        if index % 2:
            sign = -1 if part == "/" else 1
            name += part
            continue
        atom = _PURE.get(part) or _atom(part)
        if atom is None:
            return None
        dimensions = tuple((dimension, sign * power) for dimension, power in atom.dimensions)
        result = Unit("", combined((result.dimensions, dimensions)), result.size * atom.size**sign)
        name += atom.name if sign > 0 else atom.name.replace("*", "/")
    # Lines keep our name, which must be read again: 万 is shorter than 10^4.
    return None if len(name) > LONGEST_UNIT else Unit(name, result.dimensions, result.size)


def readings(text: str, fits: Callable[[Unit], bool] | None = None) -> tuple[str, ...]:
    """What to write instead, if ``text`` is no unit since it may be meant in more than one way: what would
    be a unit that ``fits``."""
    parts = re.split("([*/])", _folded(text[:LONGEST_UNIT]))
    for index, part in enumerate(parts):
        meant = READINGS.get(part.casefold(), ()) if _atom(part) is None else ()
        if meant:
            whole = {name: (*parts[:index], name, *parts[index + 1 :]) for name in meant}
            units = {name: parse_unit("".join(written)) for name, written in whole.items()}
            return tuple(n for n, unit in units.items() if not (fits and unit) or fits(unit))
    return ()


def unit_name(text: str) -> LocalizedText:
    """What people call the unit that ``text`` names; ``text`` itself where it names none."""
    unit = parse_unit(text)
    return LocalizedText(text, text) if unit is None else unit.shown


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
    units = (parse_unit(name) for name in OFFERED)
    offered = tuple(unit.name for unit in units if unit and unit.dimensions == dimensions)
    return offered or (composed_unit(dimensions),)


def _folded(text: str) -> str:
    # NFKC turns ³ into 3 and ㎥ into m3; 10⁴ needs its caret to stay a power of ten.
    for digit, superscript in _SUPERSCRIPTS.items():
        text = text.replace(f"10{superscript}", f"10^{digit}")
    folded = _DOTS.sub("*", unicodedata.normalize("NFKC", text).replace(" ", ""))
    folded = _CONDITION.sub(r"(\1C)", folded)
    whole = _WATT_HOURS.sub("", folded)  # kW·h and 千瓦·时, as bills and standards print them
    return _DIVISOR.sub(lambda divisor: "/" + divisor[1].replace("*", "/"), whole)


def _atom(token: str) -> Unit | None:
    """A unit without ``*`` and ``/``: known as it is, else a prefix and one that is."""
    unit = _unit_named(token)
    if unit is not None:
        return unit
    for prefix, exponent in _POWERS.items():
        base = _unit_named(token.removeprefix(prefix)) if token.startswith(prefix) else None
        if base is not None:
            return Unit(f"10^{exponent}{base.name}", base.dimensions, base.size * 10**exponent)
    return None


def _unit_named(token: str) -> Unit | None:
    return _plain(token) or _joined(token) or _of_substance(token)


def _joined(token: str) -> Unit | None:
    return parse_unit(JOINED[token]) if token in JOINED else None


def _plain(token: str) -> Unit | None:
    return _BY_NAME.get(token) or _BY_FOLDED_NAME.get(token.casefold())


def _of_substance(token: str) -> Unit | None:
    for length in range(1, len(token)):
        mass = _plain(token[:length])
        symbol = _BY_FOLDED_SYMBOL.get(token[length:].replace("-", "").casefold())
        if mass is not None and symbol is not None and mass.dimensions == ((MASS, 1),):
            return Unit(f"{mass.name}{symbol}", ((substance_mass(symbol), 1),), mass.size)
    return None


def _chinese(atom: str) -> str:
    power, base = _split(atom)
    name = _DEGREES.sub("℃", _CHINESE.get(base) or _chinese_mass(base))
    if power is None:
        return name
    prefixed = PREFIXES[power] + name
    # 千吨 is a kt and 千克 a kg: what has a name of its own is no prefix and unit.
    return prefixed if _unit_named(prefixed) is None else f"10{_SUPERSCRIPTS[power]}{name}"


def _chinese_mass(atom: str) -> str:
    """千克CO2 of kgCO2; what is no mass of a substance is written alike in both languages."""
    for mass, name in _CHINESE.items():
        symbol = atom.removeprefix(mass)
        if atom.startswith(mass) and symbol in SUBSTANCES:
            return name + ("碳" if symbol == "C" else symbol)
    return atom


def _english(atom: str) -> str:
    power, base = _split(atom)
    name = _RAISED.sub(lambda digit: _SUPERSCRIPTS[int(digit[0])], base).replace("_", " ")
    name = _DEGREES.sub("°C", name)
    return name if power is None else f"10{_SUPERSCRIPTS[power]}{name}"


def _split(atom: str) -> tuple[int | None, str]:
    """The power of ten before a unit, if there is one, and the unit."""
    found = _PREFIXED.fullmatch(atom)
    return (None, atom) if found is None else (int(found[1]), found[2])
