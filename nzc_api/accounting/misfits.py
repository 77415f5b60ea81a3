"""Units that measure what a factor is per, and yet are never of what it is about: a known slip. Pure.

Litres are of a liquid, also under a factor per m3 of gas (600 times too low); a Nm3 is of a gas; a m3 at 20 °C
beside a m3 that says nothing may be 7.3 % off; and a kWh is 0.1229 kgce or about 0.3, as one means it. What a
factor is about follows from its own unit (GJ/10^4Nm3: a gas), or else from its subject's plausible densities.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from nzc_api.accounting.factors import EmissionFactor
from nzc_api.accounting.plausible import RANGES
from nzc_api.accounting.unit_table import (
    COAL_EQUIVALENTS,
    STANDARD_FEET,
    VOLUME,
    WATT_HOURS,
    StateOfMatter,
)
from nzc_api.accounting.units import Unit
from nzc_api.refusal import LocalizedText

LIQUID_AS_GAS = LocalizedText(
    "（升、加仑等是液体的体积，而此处为气体：同样体积的液化气体约为气态的数百倍，液化天然气约为600倍。"
    "液体请以千克或吨填报，并采用按质量计的因子，如液化天然气因子prov2025.lng；气体请以立方米填报）",
    " (litres and gallons are of a liquid, and this is about a gas, of which a liquefied volume holds hundreds of "
    "times as much, LNG about 600 times: state a liquid in kg or t under a factor per mass, such as "
    "prov2025.lng for LNG, and a gas in m³)",
)
GAS_AS_LIQUID = LocalizedText(
    "（标准立方米、标准立方英尺和注明温度的立方米是气体的体积，而此处为液体或固体："
    "请以千克或吨填报，或以升、立方米填报并提供密度；气体请采用该气体的因子）",
    " (Nm³, scf and m³ at a temperature are of a gas, and this is about a liquid or a solid: state kg or t, or "
    "litres or m³ with a density; a gas takes a factor of that gas)",
)
ONE_CONDITION = LocalizedText(
    "（一处写明了气体体积的温度，另一处未写明，可能相差7.3%：请两处都写明，如m³(20℃)，或都不写明）",
    " (one of the two says at which temperature its m³ of gas is and the other does not, which may be 7.3 % off: "
    "state it in both, as in m³(20°C), or in neither)",
)
COAL_AS_POWER = LocalizedText(
    "（电力折标准煤有两种口径：当量值0.1229 kgce/kWh，等价值约0.3 kgce/kWh（GB/T 2589），"
    "相差约2.5倍，无法判断是哪一种：请填报电量，如kWh）",
    " (there are two coal equivalents of electricity: by its heat, 0.1229 kgce/kWh, and by the coal that a power "
    "plant takes for it, about 0.3 kgce/kWh (GB/T 2589), 2.5 times apart, and nothing says which: state the "
    "electricity itself, in kWh)",
)

# Subjects that are sold by mass alone: a volume is one of something else.
_BY_MASS: Mapping[str, LocalizedText] = {
    "urea": LocalizedText(
        "（该因子为固体尿素，按质量计；以体积计的是车用尿素溶液（AdBlue、DEF），含尿素32.5%，"
        "约为其三分之一：请采用因子trans.urea_solution）",
        " (this factor is of solid urea, by its mass; what is measured by volume is the solution (AdBlue, DEF), "
        "32.5 % of which is urea, about a third: use the factor trans.urea_solution)",
    )
}


def activity_misfit(
    unit: Unit, parts: Sequence[Unit], factor: EmissionFactor
) -> LocalizedText | None:
    """Why an activity in the unit is not of what the factor is about, which has ``parts`` in those units."""
    if _is_volume(unit) and factor.subject in _BY_MASS:
        return _BY_MASS[factor.subject]
    if _mixes_coal_and_power([unit, *parts]):
        return COAL_AS_POWER
    return _of_another_state(unit, _states(parts, factor)) or _clash(unit, parts)


def density_misfit(
    unit: Unit, density: Unit, parts: Sequence[Unit], factor: EmissionFactor
) -> LocalizedText | None:
    """Why a density or heating value in that unit is not one of an activity in ``unit``. One per litre may be
    of a gas (g/L)."""
    gas = density.state is StateOfMatter.GAS and StateOfMatter.GAS not in _possible(
        unit, parts, factor
    )
    return GAS_AS_LIQUID if gas else _clash(unit, [density])


def volume_state(unit: Unit, density: Unit) -> StateOfMatter | None:
    """What a volume in the unit is of, where it or its density says so."""
    return unit.state or (StateOfMatter.GAS if density.state is StateOfMatter.GAS else None)


def is_gas(unit: Unit, parts: Sequence[Unit], factor: EmissionFactor) -> bool:
    """Whether a volume in the unit can be of nothing but a gas."""
    return _possible(unit, parts, factor) == {StateOfMatter.GAS}


def coal_equivalents(units: Sequence[Unit]) -> int:
    """To which power tonnes and kilograms of coal equivalent are in a product of the units."""
    return sum(unit.power_of(COAL_EQUIVALENTS) for unit in units)


def is_condition_unstated(unit: Unit, beside: Sequence[Unit]) -> bool:
    """Whether a volume does not say at which temperature it is, where what it is multiplied with does."""
    return _is_cubic_metres(unit) and unit.celsius is None and _celsius(beside) is not None


def _states(parts: Sequence[Unit], factor: EmissionFactor) -> frozenset[StateOfMatter]:
    """What a volume under the factor can be of; nothing where that is not known."""
    stated = frozenset(part.state for part in parts if part.state)
    return stated or _of_subject(factor.subject) or _of_subject(factor.kind)


@cache
def _of_subject(about: str) -> frozenset[StateOfMatter]:
    return frozenset(row.state for row in RANGES if about in row.about and row.state)


def _possible(
    unit: Unit, parts: Sequence[Unit], factor: EmissionFactor
) -> frozenset[StateOfMatter]:
    """What a volume in the unit can be of; anything where nothing is known."""
    states = frozenset({unit.state}) if unit.state else _states(parts, factor)
    return states or frozenset(StateOfMatter)


def _of_another_state(unit: Unit, states: frozenset[StateOfMatter]) -> LocalizedText | None:
    if unit.state is None or not states or unit.state in states:
        return None
    return GAS_AS_LIQUID if unit.state is StateOfMatter.GAS else LIQUID_AS_GAS


def _clash(unit: Unit, beside: Sequence[Unit]) -> LocalizedText | None:
    """A m3 that says nothing is taken at 0 °C, which is right where neither or both say so."""
    measured = [unit for unit in beside if _is_volume(unit)]
    if not measured or not _is_volume(unit):
        return None
    one, other = unit.celsius, _celsius(measured)
    silent = one is None or other is None
    return ONE_CONDITION if silent and (one or other) else None


def _celsius(units: Sequence[Unit]) -> int | None:
    return next((unit.celsius for unit in units if unit.celsius is not None), None)


def _mixes_coal_and_power(units: Sequence[Unit]) -> bool:
    """Whether a product of the units makes power of coal equivalents, or coal equivalents of power."""
    power = sum(unit.power_of(WATT_HOURS) for unit in units)
    return power != 0 and coal_equivalents(units) != 0


def _is_volume(unit: Unit) -> bool:
    return any(dimension in {VOLUME, STANDARD_FEET} for dimension, _ in unit.dimensions)


def _is_cubic_metres(unit: Unit) -> bool:
    return unit.dimensions == ((VOLUME, 1),)
