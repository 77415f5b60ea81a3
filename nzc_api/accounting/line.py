"""One line of an inventory: activity × factor, per gas, times the gas's warming potential."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import prod

from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.errors import (
    LONGEST_SHOWN,
    ActivityOutOfRange,
    DensityRequired,
    GridBaselineRefused,
    GwpMissing,
    UnitDoesNotFit,
    UnitUnknown,
)
from nzc_api.accounting.exact import (
    ZERO,
    grams,
    milligrams,
    plain,
    product,
    rounded,
    shown,
    total,
)
from nzc_api.accounting.factors import (
    DATA,
    GWP_SETS,
    EmissionFactor,
    FactorKind,
    GasFactor,
    Gwp,
    Source,
)
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.misfits import (
    activity_misfit,
    density_misfit,
    is_condition_unstated,
    is_gas,
    volume_state,
)
from nzc_api.accounting.plausible import check_plausible
from nzc_api.accounting.unit_table import (
    AREA,
    CELSIUS,
    DAYS_A_YEAR,
    ENERGY,
    HEAD,
    MASS,
    STANDARD_FEET,
    TIME,
    VOLUME,
)
from nzc_api.accounting.units import (
    DIMENSIONLESS,
    Dimensions,
    Unit,
    activity_units,
    combined,
    composed_unit,
    parse_unit,
    substance_mass,
)
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal

# More than what the whole world emits in some weeks: a slip of the keyboard, not a pilot.
LARGEST_LINE = 1_000_000_000

# All of an activity counts.
WHOLE = Fraction(1)

HEAT: Dimensions = ((ENERGY, 1),)
TONNES: Dimensions = ((MASS, 1),)
CUBIC_METRES: Dimensions = ((VOLUME, 1),)
CUBIC_FEET_AT_60_F: Dimensions = ((STANDARD_FEET, 1),)

# What may be stated without its time where the factor is per year and a whole year is covered.
STOCKS: Mapping[Dimensions, Dimensions] = {
    ((HEAD, 1), (TIME, 1)): ((HEAD, 1),),
    ((AREA, 1), (TIME, 1)): ((AREA, 1),),
}

# Kinds of factors per heat whose activity may be a bulk with its heating value. Electricity has
# none, and an own factor has room for one among its parts.
HEATED = frozenset({FactorKind.BIOMASS_FUEL, FactorKind.FUEL_HEAT, FactorKind.HEAT})


# Why a unit does not fit, where that is not plain from what it measures.
NO_HINT = LocalizedText("", "")
NO_WHOLE_YEAR = LocalizedText(
    "（存栏数或面积须乘以时间：只有清单恰好覆盖一整年时，才可不写时间）",
    " (heads or an area need their time: they stand alone only where the inventory covers exactly a year)",
)
PER_DAY = LocalizedText(
    "（因子按天计，须写明天数）", " (the factor is per day: the days must be stated)"
)
OTHER_CONDITIONS = LocalizedText(
    "（标准立方英尺是60 °F下的体积，压力因合同而异，不能精确换算为0 °C的标准立方米："
    "请填报按合同条件换算的标准立方米，或热量）",
    " (a standard cubic foot is a volume at 60 °F and at a pressure that contracts differ in, so it is no "
    "exact part of a m³ at 0 °C: state the m³ that the contract's conditions give, or the heat)",
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """Units of a bulk that people have, and of what turns it into what a factor is per."""

    activity: tuple[str, ...]
    density: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """What a factor may give instead of a gas: an element in it, and what makes the gas of it."""

    symbol: str
    ratio: str
    quantity: str


# The ratios of molecular masses that the guidelines use.
ELEMENTS: Mapping[Gas, Element] = {
    Gas.CO2: Element("C", "44/12", "carbon_to_co2"),
    Gas.CH4: Element("CH4-C", "16/12", "carbon_to_ch4"),
    Gas.N2O: Element("N2O-N", "44/28", "nitrogen_to_n2o"),
}

HEATING_VALUES: Mapping[Dimensions, Conversion] = {
    CUBIC_METRES: Conversion(("m3", "10^4m3"), ("MJ/m3", "GJ/10^4m3")),
    TONNES: Conversion(("kg", "t"), ("MJ/kg", "GJ/t")),
    CUBIC_FEET_AT_60_F: Conversion((), ("Btu/scf", "MMBtu/10^3scf")),
}

# By the substance that a factor is per. A load of BOD, COD or nitrogen is stated by name: mg/L is none.
_LOADED = Conversion(("m3", "10^4m3"), ("mg{}/L", "kg{}/m3"))
_BULK = Conversion(("L", "m3"), ("kg{}/L", "t{}/m3"))
DENSITIES: Mapping[str, Conversion] = {"BOD": _LOADED, "COD": _LOADED, "N": _LOADED}

PER_MASS, PER_HEAT = LocalizedText("质量", "mass"), LocalizedText("热量", "heat")

_RECORDED = Source("recorded with the line", "-", Confidence.SUPPLIED)

_QUANTITIES: Mapping[str, LocalizedText] = {
    code: LocalizedText(**name)
    for code, name in json.loads((DATA / "quantities.json").read_text("utf-8")).items()
}


class Rounding(StrEnum):
    """What is rounded half-even to a gram, once a line and gas: the CO2e, from the unrounded product of
    activity, factor and potential. Lines of before 2026-12 rounded the mass, before the potential."""

    MASS = "MASS"
    CO2E = "CO2E"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value in a unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Multiplier:
    """One number of the working: what it is, how much, in which unit, and where it comes from.

    The unit is as people write it (``Unit.shown``), in letters that both languages use.
    """

    name: LocalizedText
    value: str
    unit: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class GasAccount:
    """What a line emits of one gas, and how that follows.

    ``exact`` is the product of the multipliers in tonnes, ``tonnes`` is it to a milligram, and ``co2e`` is
    ``exact`` × the potential, rounded once, half-even, to a gram; where ``rounding`` says ``MASS``,
    ``tonnes`` is ``exact`` to a gram, and ``co2e`` is ``tonnes`` × the potential, exactly.
    """

    gas: Gas
    multipliers: tuple[Multiplier, ...]
    exact: Fraction
    gwp: Gwp
    rounding: Rounding

    @property
    def tonnes(self) -> Decimal:
        return grams(self.exact) if self.rounding is Rounding.MASS else milligrams(self.exact)

    @property
    def co2e(self) -> Decimal:
        if self.rounding is Rounding.MASS:
            return product(self.tonnes, self.gwp.value)
        return grams(self._exact_co2e)

    @property
    def expression(self) -> str:
        """The working as one line that a pocket calculator can follow."""
        product_text = " × ".join(f"{m.value} {m.unit}".strip() for m in self.multipliers)
        mass = f"{product_text} {shown(self.exact)} t {self.gas.symbol}"
        gwp, co2e = plain(self.gwp.value), plain(self.co2e)
        if self.rounding is Rounding.MASS:
            return f"{mass} → {self.tonnes} t {self.gas.symbol} × {gwp} = {co2e} t CO2e"
        working = f"{mass} × {gwp} {shown(self._exact_co2e)}"
        exactly = Fraction(self.co2e) == self._exact_co2e
        return f"{working} t CO2e" if exactly else f"{working} → {co2e} t CO2e"

    @property
    def _exact_co2e(self) -> Fraction:
        return self.exact * Fraction(self.gwp.value)


@dataclass(frozen=True, slots=True)
class LineAccount:
    """What a line emits or removes: per gas, and their exact sum in t CO2e."""

    gases: tuple[GasAccount, ...]
    co2e: Decimal


@dataclass(frozen=True, slots=True)
class _Bridge:
    """What turns an activity in one dimension into the dimension that a factor is per."""

    multipliers: tuple[Multiplier, ...] = ()
    value: Fraction = Fraction(1)
    unit: Unit = DIMENSIONLESS


def quantity_name(code: str) -> LocalizedText:
    """The bilingual name of a quantity; a supplied factor's own words stand for themselves."""
    return _QUANTITIES.get(code) or LocalizedText(code, code)


def activity_dimensions(gas: GasFactor) -> Dimensions:
    """What an activity must measure for the factor to give a mass of its gas."""
    parts = combined(unit.dimensions for unit in _part_units(gas))
    return combined([((_result(gas), 1),), _inverse(parts)])


def factor_value(gas: GasFactor) -> tuple[Fraction, str]:
    """A factor as one number: the exact product of its parts, and its unit in base units."""
    exact = Fraction(1)
    for part, unit in zip(gas.parts, _part_units(gas), strict=True):
        exact *= part.exact * unit.size
    element = element_of(gas)
    if element is not None:
        exact *= Fraction(element.ratio)
    per = composed_unit(_inverse(activity_dimensions(gas)))
    return exact, f"t{gas.gas.symbol}{per.removeprefix('1') if per.startswith('1') else f'*{per}'}"


def shown_value(factor: EmissionFactor, gas: GasFactor) -> tuple[Decimal, str]:
    """A factor as people know it, for showing.

    One number stands as its source states it (0.4403 kgCO2/kWh); a product is reckoned in the unit
    that its source prints it in (tCO2/10^4Nm3), or else in base units, and rounded half-even to 12
    decimals.
    """
    if len(gas.parts) == 1 and element_of(gas) is None:
        return gas.parts[0].value, gas.parts[0].unit
    exact, unit = factor_value(gas)
    printed = factor.published
    if printed is None or printed.gas != gas.gas:
        return rounded(exact), unit
    size = parse_unit(printed.calculation_unit)
    assert size is not None, printed
    return rounded(exact / size.size), printed.calculation_unit


def account(
    activity: Measurement,
    factor: EmissionFactor,
    gwp_set: GwpSet,
    *,
    density: Measurement | None = None,
    full_year: bool = True,
    days_a_year: int = DAYS_A_YEAR,
    share: Fraction = WHOLE,
) -> LineAccount | Refusal:
    """Account one line.

    ``density`` turns a volume into the mass, or a volume or mass into the heat, that the factor is
    per. ``full_year`` says that the inventory covers exactly a year: only then may a herd be stated
    in heads, or a forest in an area, where the factor is per year. ``days_a_year`` are those of the
    inventory's year: 100 头 are 36,600 头·天 in a leap year. ``share`` is the part of the activity that counts,
    from 0 to 1.
    """
    if not factor.usable:
        return GridBaselineRefused(factor=factor.code, path=("factor",))
    unit = parse_unit(activity.unit)
    if unit is None:
        return _unknown(activity.unit, factor, full_year)
    if activity.value < ZERO:
        return _out_of_range(activity)
    gases: list[GasAccount] = []
    for gas in factor.gases:
        problem = _check_gwp(gas, gwp_set) or _check_unit(unit, factor, gas, density, full_year)
        result = problem or _account_gas(activity, unit, gas, gwp_set, density, days_a_year, share)
        if isinstance(result, Refusal):
            return result
        gases.append(result)
    line = _line(gases)
    return line if line.co2e <= LARGEST_LINE else _out_of_range(activity)


def explain(
    activity: Measurement,
    factor: EmissionFactor,
    gwps: Mapping[Gas, Decimal],
    rounding: Rounding,
    *,
    density: Measurement | None = None,
    days_a_year: int = DAYS_A_YEAR,
    share: Fraction = WHOLE,
) -> LineAccount:
    """The working of a recorded line, from nothing but what the line keeps.

    ``gwps``, ``rounding``, ``days_a_year`` and ``share`` are those that it was recorded with. No rule is asked again,
    and no table of factors or potentials: neither may change what was recorded.
    """
    unit = parse_unit(activity.unit)
    assert unit is not None, activity
    gases: list[GasAccount] = []
    for gas in factor.gases:
        bridge = _as_stated(unit, activity_dimensions(gas), density)
        gwp = Gwp(gas.gas, gwps[gas.gas], _RECORDED)
        multipliers, exact = _working(activity, unit, gas, bridge, days_a_year, share)
        gases.append(GasAccount(gas.gas, multipliers, exact, gwp, rounding))
    return _line(gases)


def accepted_units(factor: EmissionFactor, *, full_year: bool = True) -> tuple[str, ...]:
    """The units that an activity under ``factor`` may be stated in, those with a density included."""
    gas = factor.gases[0]
    wanted = activity_dimensions(gas)
    # In a part of a year a stock × years is probably a slip: by the day it says what is meant.
    if wanted in STOCKS and (_is_per_day(gas) or not full_year):
        return tuple(f"{unit}*d" for unit in activity_units(STOCKS[wanted]))
    fitting = activity_units(wanted)
    if wanted in STOCKS:
        return (*fitting, *activity_units(STOCKS[wanted]))
    conversions = _conversions(factor, wanted).values()
    converted = (unit for conversion in conversions for unit in conversion.activity)
    parts = _part_units(gas)
    named = ((name, parse_unit(name)) for name in (*fitting, *converted))
    return tuple(name for name, unit in named if unit and not activity_misfit(unit, parts, factor))


def condition_is_unstated(
    activity: Measurement, factor: EmissionFactor, density: Measurement | None
) -> bool:
    """Whether a volume of gas does not say at which temperature it is, and the factor or density does."""
    unit = parse_unit(activity.unit)
    beside = parse_unit(density.unit) if density else None
    assert unit is not None, activity
    return is_condition_unstated(unit, [beside] if beside else _part_units(factor.gases[0]))


def is_stock_over_years(unit: Unit, days: int, days_a_year: int) -> bool:
    """Whether a unit is a stock × years (头·年, 亩·年) where fewer days than a year are covered.

    Then the number does not tell whether it is the stock of the days that are covered, or of a year.
    """
    return unit.dimensions in STOCKS and not unit.days and days < days_a_year


def _unknown(text: str, factor: EmissionFactor, full_year: bool) -> UnitUnknown:
    def fits(unit: Unit) -> bool:
        refused = _check_unit(unit, factor, factor.gases[0], None, full_year)
        return not isinstance(refused, UnitDoesNotFit)

    accepted = accepted_units(factor, full_year=full_year)
    return UnitUnknown.of(text, accepted, "activity", "unit", fits=fits)


def _line(gases: Sequence[GasAccount]) -> LineAccount:
    return LineAccount(tuple(gases), total(gas.co2e for gas in gases))


def _check_gwp(gas: GasFactor, gwp_set: GwpSet) -> Refusal | None:
    if gas.gas in GWP_SETS[gwp_set]:
        return None
    gases = tuple(sorted(GWP_SETS[gwp_set]))
    return GwpMissing(gas=gas.gas, gwp_set=gwp_set, accepted=gases, path=("factor",))


def _account_gas(
    activity: Measurement,
    unit: Unit,
    gas: GasFactor,
    gwp_set: GwpSet,
    density: Measurement | None,
    days_a_year: int,
    share: Fraction,
) -> GasAccount | Refusal:
    gwp = GWP_SETS[gwp_set][gas.gas]
    bridge = _as_stated(unit, activity_dimensions(gas), density)
    multipliers, exact = _working(activity, unit, gas, bridge, days_a_year, share)
    # Before anything is rounded: a product of absurd parts has more digits than can be kept.
    if exact * Fraction(gwp.value) > LARGEST_LINE:
        return _out_of_range(activity)
    return GasAccount(gas.gas, multipliers, exact, gwp, Rounding.CO2E)


def _working(
    activity: Measurement,
    unit: Unit,
    gas: GasFactor,
    bridge: _Bridge,
    days_a_year: int,
    share: Fraction,
) -> tuple[tuple[Multiplier, ...], Fraction]:
    """The numbers that are multiplied, and their exact product in tonnes."""
    multipliers = [_multiplier("activity", plain(activity.value), unit), *bridge.multipliers]
    part_units = _part_units(gas)
    exact = Fraction(activity.value) * bridge.value * share
    if share != WHOLE:
        multipliers.append(_multiplier("uncertified_share", str(share)))
    for part, part_unit in zip(gas.parts, part_units, strict=True):
        multipliers.append(_multiplier(part.quantity, plain(part.value), part_unit, part.source))
        exact *= part.exact
    element = element_of(gas)
    if element is not None:
        multipliers.append(_multiplier(element.quantity, element.ratio))
        exact *= Fraction(element.ratio)
    for conversion in _conversion([unit, bridge.unit, *part_units], days_a_year):
        multipliers.append(conversion)
        exact *= Fraction(conversion.value)
    return tuple(multipliers), exact


def _conversion(units: Sequence[Unit], days_a_year: int) -> Iterator[Multiplier]:
    """What makes tonnes of the units: what a day is of this year, where that is left, what a m3 of gas is at
    0 °C, and the rest."""
    power = sum(unit.days for unit in units)
    if power:
        value = str(Fraction(days_a_year) ** -power)
        yield Multiplier(quantity_name("day"), value, "yr/d" if power > 0 else "d/yr", None)
    at_0_c = prod(unit.at_0_c for unit in units)
    if at_0_c != 1:
        yield _multiplier("gas_at_0_c", str(at_0_c))
    size = prod(unit.size for unit in units) * Fraction(DAYS_A_YEAR) ** power / at_0_c
    if size != 1:
        yield _multiplier("unit_conversion", str(size))


def _multiplier(
    quantity: str, value: str, unit: Unit = DIMENSIONLESS, source: Source | None = None
) -> Multiplier:
    written = "" if unit.name == DIMENSIONLESS.name else unit.shown.en
    return Multiplier(quantity_name(quantity), value, written, source)


def _as_stated(unit: Unit, wanted: Dimensions, density: Measurement | None) -> _Bridge:
    """How an activity that was accepted becomes what the factor is per."""
    if density is not None:
        density_unit = parse_unit(density.unit)
        assert density_unit is not None, density
        name = "heat_content" if wanted == HEAT else "density"
        stated = _multiplier(name, plain(density.value), density_unit)
        return _Bridge((stated,), Fraction(density.value), density_unit)
    if unit.dimensions == wanted:
        return _Bridge()
    return _Bridge((Multiplier(quantity_name("duration"), "1", "yr", None),))


def _check_unit(
    unit: Unit,
    factor: EmissionFactor,
    gas: GasFactor,
    density: Measurement | None,
    full_year: bool,
) -> Refusal | None:
    """Whether an activity in the unit can be what the factor is per."""
    wanted = activity_dimensions(gas)
    conversion = _conversions(factor, wanted).get(unit.dimensions)
    stock = full_year and not _is_per_day(gas) and unit.dimensions == STOCKS.get(wanted)
    fits = unit.dimensions == wanted or conversion is not None
    misfit = activity_misfit(unit, _part_units(gas), factor) if fits else None
    if misfit or not (fits or stock):
        hint = misfit or _hint(unit, gas, wanted)
        return UnitDoesNotFit(
            unit=unit.name,
            subject=factor.code,
            path=("activity", "unit"),
            accepted=accepted_units(factor, full_year=full_year),
            hint_zh=hint.zh,
            hint_en=hint.en,
        )
    if conversion is not None:
        return _check_density(unit, factor, gas, density, conversion.density)
    if density is not None:
        return InvalidInput(
            path=("density",),
            value=f"{plain(density.value)} {density.unit[:LONGEST_SHOWN]}",
            expected_zh="活动数据单位已符合因子，不需要密度",
            expected_en="the activity's unit fits the factor as it is, so there is no density",
        )
    return None


def _hint(unit: Unit, gas: GasFactor, wanted: Dimensions) -> LocalizedText:
    """Why a unit does not fit, where that is not plain from what it measures."""
    if unit.dimensions == STOCKS.get(wanted):
        return PER_DAY if _is_per_day(gas) else NO_WHOLE_YEAR
    if {unit.dimensions, wanted} == {CUBIC_FEET_AT_60_F, CUBIC_METRES}:
        return OTHER_CONDITIONS
    return NO_HINT


def _conversions(factor: EmissionFactor, wanted: Dimensions) -> Mapping[Dimensions, Conversion]:
    """What may be stated, with a density beside it, where ``wanted`` is what the factor is per."""
    if wanted == HEAT and factor.kind in HEATED:
        return HEATING_VALUES
    if not _is_mass(wanted):
        return {}
    substance = wanted[0][0].removeprefix(MASS).removeprefix(" of ")
    found = DENSITIES.get(substance, _BULK)
    named = tuple(unit.format(substance) for unit in found.density)
    by_volume = {CUBIC_METRES: Conversion(found.activity, named)}
    if found is not _BULK:
        return by_volume
    by_foot = (f"kg{substance}/scf", f"lb{substance}/scf")
    return by_volume | {CUBIC_FEET_AT_60_F: Conversion((), by_foot)}


def _check_density(
    unit: Unit,
    factor: EmissionFactor,
    gas: GasFactor,
    density: Measurement | None,
    densities: tuple[str, ...],
) -> Refusal | None:
    wanted, parts = activity_dimensions(gas), _part_units(gas)
    accepted = _densities(unit, densities, parts, factor)
    if density is None:
        return _density_required(unit, factor, wanted, accepted)
    needed = combined([wanted, _inverse(unit.dimensions)])
    density_unit = parse_unit(density.unit)
    if density_unit is None:
        return UnitUnknown.of(
            density.unit, accepted, "density", "unit", fits=lambda unit: unit.dimensions == needed
        )
    measures = density_unit.dimensions == needed
    misfit = density_misfit(unit, density_unit, parts, factor) if measures else None
    if misfit or not measures:
        hint = misfit or NO_HINT
        return UnitDoesNotFit(
            unit=density_unit.name,
            subject=factor.code,
            accepted=accepted,
            hint_zh=hint.zh,
            hint_en=hint.en,
            path=("density", "unit"),
        )
    if density.value <= ZERO:
        return InvalidInput(
            path=("density", "value"),
            value=plain(density.value),
            expected_zh="密度须大于0",
            expected_en="a density is greater than 0",
        )
    return check_plausible(density.value, density_unit, factor, volume_state(unit, density_unit))


def _densities(
    unit: Unit, names: tuple[str, ...], parts: Sequence[Unit], factor: EmissionFactor
) -> tuple[str, ...]:
    """The units of densities to offer: of a gas per the very m3 that it is stated in."""
    if not is_gas(unit, parts, factor):
        return names
    per = next((name for name in CELSIUS if unit.power_of((name,))), "m3")
    return tuple(name.replace("/L", "/m3").replace("m3", per) for name in names)


def _density_required(
    unit: Unit, factor: EmissionFactor, wanted: Dimensions, accepted: tuple[str, ...]
) -> DensityRequired:
    stated = quantity_name("heat_content" if wanted == HEAT else "density")
    per = PER_HEAT if wanted == HEAT else PER_MASS
    return DensityRequired(
        path=("density",),
        unit=unit.name,
        subject=factor.code,
        accepted=accepted,
        per_zh=per.zh,
        per_en=per.en,
        stated_zh=stated.zh,
        stated_en=stated.en,
    )


def _part_units(gas: GasFactor) -> list[Unit]:
    units = [parse_unit(part.unit) for part in gas.parts]
    assert None not in units, gas
    return [unit for unit in units if unit is not None]


def _is_per_day(gas: GasFactor) -> bool:
    # Rice grows for a season: its hectares say nothing without their days.
    return sum(unit.days for unit in _part_units(gas)) < 0


def element_of(gas: GasFactor) -> Element | None:
    """The element that the factor gives, where it gives one (tC/GJ, kgN2O-N/kgN); else None."""
    element = ELEMENTS.get(gas.gas)
    powers = dict(combined(unit.dimensions for unit in _part_units(gas)))
    given = element is not None and powers.get(substance_mass(element.symbol), 0) > 0
    return element if given else None


def _result(gas: GasFactor) -> str:
    element = element_of(gas)
    return substance_mass(gas.gas.symbol if element is None else element.symbol)


def _inverse(dimensions: Dimensions) -> Dimensions:
    return tuple((dimension, -power) for dimension, power in dimensions)


def _is_mass(dimensions: Dimensions) -> bool:
    return len(dimensions) == 1 and dimensions[0][1] == 1 and dimensions[0][0].startswith(MASS)


def _out_of_range(activity: Measurement) -> ActivityOutOfRange:
    return ActivityOutOfRange(
        value=plain(activity.value),
        unit=activity.unit,
        limit=LARGEST_LINE,
        path=("activity", "value"),
    )
