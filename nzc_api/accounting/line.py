"""One line of an inventory: activity × factor, per gas, times the gas's warming potential."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.errors import (
    ActivityOutOfRange,
    DensityRequired,
    GridBaselineRefused,
    GwpMissing,
    UnitDoesNotFit,
    UnitUnknown,
)
from nzc_api.accounting.exact import ZERO, grams, plain, product, shown, total
from nzc_api.accounting.factors import DATA, GWP_SETS, EmissionFactor, GasFactor, Gwp, Source
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.units import (
    DIMENSIONLESS,
    HEAD,
    MASS,
    TIME,
    VOLUME,
    Dimensions,
    Unit,
    activity_units,
    base_unit,
    combined,
    parse_unit,
    substance_mass,
)
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal

# More than what the whole world emits in some weeks: a slip of the keyboard, not a pilot.
LARGEST_LINE = 1_000_000_000

CARBON_TO_CO2 = Fraction(44, 12)

DENSITY_UNITS = ("kg/L", "t/m3")

LONGEST_SHOWN = 40

HEADS_A_YEAR: Dimensions = ((HEAD, 1), (TIME, 1))

_QUANTITIES: Mapping[str, LocalizedText] = {
    code: LocalizedText(**name)
    for code, name in json.loads((DATA / "quantities.json").read_text("utf-8")).items()
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value in a unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Multiplier:
    """One number of the working: what it is, how much, in which unit, and where it comes from."""

    name: LocalizedText
    value: str
    unit: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class GasAccount:
    """What a line emits of one gas, and how that follows.

    ``exact`` is the product of the multipliers in tonnes; ``tonnes`` is it rounded once, half-even,
    to a gram; ``co2e`` is ``tonnes`` × the potential, exactly.
    """

    gas: Gas
    multipliers: tuple[Multiplier, ...]
    exact: Fraction
    tonnes: Decimal
    gwp: Gwp
    co2e: Decimal

    @property
    def expression(self) -> str:
        """The working as one line that a pocket calculator can follow."""
        product_text = " × ".join(f"{m.value} {m.unit}".strip() for m in self.multipliers)
        gas = self.gas.symbol
        return (
            f"{product_text} {shown(self.exact)} t {gas} → {self.tonnes} t {gas} "
            f"× {plain(self.gwp.value)} = {plain(self.co2e)} t CO2e"
        )


@dataclass(frozen=True, slots=True)
class LineAccount:
    """What a line emits or removes: per gas, and their exact sum in t CO2e."""

    gases: tuple[GasAccount, ...]
    co2e: Decimal


@dataclass(frozen=True, slots=True)
class _Bridge:
    """What turns an activity in one dimension into the dimension that a factor is per."""

    multipliers: tuple[Multiplier, ...]
    value: Fraction
    size: Fraction


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
    if _result(gas) == substance_mass("C"):
        exact *= CARBON_TO_CO2
    wanted = activity_dimensions(gas)
    per = "/".join(base_unit(dimension) for dimension, power in wanted for _ in range(power))
    mass = f"t{gas.gas.symbol}"
    return exact, f"{mass}/{per}" if per else mass


def account(
    activity: Measurement,
    factor: EmissionFactor,
    gwp_set: GwpSet,
    *,
    density: Measurement | None = None,
    full_year: bool = True,
) -> LineAccount | Refusal:
    """Account one line.

    ``density`` turns a volume into what the factor is per. ``full_year`` says that the inventory
    covers exactly a year: only then may a herd be stated in heads where the factor is per year.
    """
    if not factor.usable:
        return GridBaselineRefused(factor=factor.code, path=("factor",))
    unit = parse_unit(activity.unit)
    if unit is None:
        accepted = accepted_units(factor, full_year=full_year)
        return UnitUnknown(
            unit=activity.unit[:LONGEST_SHOWN], accepted=accepted, path=("activity", "unit")
        )
    if activity.value < ZERO:
        return _out_of_range(activity)
    gases: list[GasAccount] = []
    for gas in factor.gases:
        result = _account_gas(activity, unit, factor, gas, gwp_set, density, full_year)
        if isinstance(result, Refusal):
            return result
        gases.append(result)
    co2e = total(gas.co2e for gas in gases)
    return LineAccount(tuple(gases), co2e) if co2e <= LARGEST_LINE else _out_of_range(activity)


def accepted_units(factor: EmissionFactor, *, full_year: bool = True) -> tuple[str, ...]:
    """The units that an activity under ``factor`` may be stated in, those with a density included."""
    wanted = activity_dimensions(factor.gases[0])
    direct = activity_units(wanted)
    if wanted == HEADS_A_YEAR:
        return (*direct, "head") if full_year else direct
    return (*direct, *activity_units(((VOLUME, 1),))) if _is_mass(wanted) else direct


def _account_gas(
    activity: Measurement,
    unit: Unit,
    factor: EmissionFactor,
    gas: GasFactor,
    gwp_set: GwpSet,
    density: Measurement | None,
    full_year: bool,
) -> GasAccount | Refusal:
    gwp = GWP_SETS[gwp_set].get(gas.gas)
    if gwp is None:
        known = tuple(sorted(GWP_SETS[gwp_set]))
        return GwpMissing(gas=gas.gas, gwp_set=gwp_set, accepted=known, path=("factor",))
    bridge = _bridge(unit, factor, activity_dimensions(gas), density, full_year)
    if isinstance(bridge, Refusal):
        return bridge
    multipliers = [Multiplier(quantity_name("activity"), plain(activity.value), unit.name, None)]
    multipliers += bridge.multipliers
    exact = Fraction(activity.value) * bridge.value
    size = unit.size * bridge.size
    for part, part_unit in zip(gas.parts, _part_units(gas), strict=True):
        shown_unit = "" if part_unit is DIMENSIONLESS or part_unit.name == "1" else part_unit.name
        multipliers.append(
            Multiplier(quantity_name(part.quantity), plain(part.value), shown_unit, part.source)
        )
        exact *= part.exact
        size *= part_unit.size
    if _result(gas) == substance_mass("C"):
        multipliers.append(Multiplier(quantity_name("carbon_to_co2"), "44/12", "", None))
        exact *= CARBON_TO_CO2
    if size != 1:
        multipliers.append(Multiplier(quantity_name("unit_conversion"), str(size), "", None))
        exact *= size
    tonnes = grams(exact)
    co2e = product(tonnes, gwp.value)
    return GasAccount(gas.gas, tuple(multipliers), exact, tonnes, gwp, co2e)


def _bridge(
    unit: Unit,
    factor: EmissionFactor,
    wanted: Dimensions,
    density: Measurement | None,
    full_year: bool,
) -> _Bridge | Refusal:
    if unit.dimensions == ((VOLUME, 1),) and _is_mass(wanted):
        return _by_density(unit, factor, wanted, density)
    if unit.dimensions == wanted:
        multipliers: tuple[Multiplier, ...] = ()
    elif unit.name == "head" and wanted == HEADS_A_YEAR and full_year:
        multipliers = (Multiplier(quantity_name("duration"), "1", "yr", None),)
    else:
        return UnitDoesNotFit(
            unit=unit.name,
            subject=factor.code,
            path=("activity", "unit"),
            accepted=accepted_units(factor, full_year=full_year),
        )
    if density is not None:
        return InvalidInput(
            path=("density",),
            value=f"{plain(density.value)} {density.unit[:LONGEST_SHOWN]}",
            expected_zh="活动数据单位已符合因子，不需要密度",
            expected_en="the activity's unit fits the factor as it is, so there is no density",
        )
    return _Bridge(multipliers, Fraction(1), Fraction(1))


def _by_density(
    unit: Unit, factor: EmissionFactor, wanted: Dimensions, density: Measurement | None
) -> _Bridge | Refusal:
    substance = wanted[0][0].removeprefix(MASS).removeprefix(" of ")
    accepted = tuple(name.replace("/", f"{substance}/") for name in DENSITY_UNITS)
    if density is None:
        return DensityRequired(
            unit=unit.name, subject=factor.code, accepted=accepted, path=("density",)
        )
    density_unit = parse_unit(density.unit)
    if density_unit is None:
        return UnitUnknown(
            unit=density.unit[:LONGEST_SHOWN], accepted=accepted, path=("density", "unit")
        )
    if density_unit.dimensions != combined([wanted, ((VOLUME, -1),)]):
        return UnitDoesNotFit(
            unit=density_unit.name,
            subject=factor.code,
            accepted=accepted,
            path=("density", "unit"),
        )
    if density.value <= ZERO:
        return InvalidInput(
            path=("density", "value"),
            value=plain(density.value),
            expected_zh="密度须大于0",
            expected_en="a density is greater than 0",
        )
    stated = Multiplier(quantity_name("density"), plain(density.value), density_unit.name, None)
    return _Bridge((stated,), Fraction(density.value), density_unit.size)


def _part_units(gas: GasFactor) -> list[Unit]:
    units = [parse_unit(part.unit) for part in gas.parts]
    assert None not in units, gas
    return [unit for unit in units if unit is not None]


def _result(gas: GasFactor) -> str:
    # A factor in carbon gives carbon, and 44/12 makes CO2 of it.
    carbon = substance_mass("C")
    powers = dict(combined(unit.dimensions for unit in _part_units(gas)))
    return carbon if gas.gas is Gas.CO2 and carbon in powers else substance_mass(gas.gas.symbol)


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
