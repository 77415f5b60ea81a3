"""A factor that a pilot measured itself, made of what it says about it. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.errors import (
    ConversionImplausible,
    DensityRequired,
    GwpMissing,
    UnitDoesNotFit,
    UnitUnknown,
)
from nzc_api.accounting.exact import plain
from nzc_api.accounting.factors import (
    EmissionFactor,
    FactorKind,
    FactorPart,
    GasFactor,
    Source,
)
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import activity_dimensions, factor_value
from nzc_api.accounting.misfits import COAL_AS_POWER, coal_equivalents
from nzc_api.accounting.units import (
    Dimensions,
    Unit,
    activity_units,
    parse_unit,
    substance_mass,
)
from nzc_api.inventories.model import GasMass, OwnFactor, OwnGas, OwnPart
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal
from nzc_api.text import name_problem

MOST_PARTS, LONGEST_SOURCE = 8, 500

EXAMPLES = ("kgCO2/kWh", "GJ/t", "tC/TJ", "kgCH4/head/yr", "1")


def own_factor(
    own: OwnFactor, measurable: Sequence[Dimensions] | None, *, of_power: bool = False
) -> EmissionFactor | Refusal:
    """The factor, or why it is none.

    ``measurable`` is what an activity of its category may measure; None where that is open. ``of_power``
    says that the category has nothing but electricity, which is never per coal equivalent.
    """
    problem = _check_names(own) or _check_gases(own.gases)
    if problem is not None:
        return problem
    source = Source(own.source, "supplied by the pilot", Confidence.SUPPLIED)
    gases = tuple(_gas_factor(gas, source) for gas in own.gases)
    problem = _check_activity(own.name, gases, measurable)
    if of_power:
        problem = problem or _check_power(own.name, gases)
    if problem is not None:
        return problem.under("own_factor", "gases")
    # A pilot names its own factor in whatever language it works in.
    name = LocalizedText(own.name, own.name)
    return EmissionFactor(
        code="own",
        version=1,
        kind=FactorKind.OWN,
        subject="own",
        name=name,
        gases=gases,
        region="-",
        valid_year="-",
    )


def gas_path(factor: EmissionFactor, gas: Gas) -> tuple[str, ...]:
    """Where the input of a line says that its factor gives the gas."""
    if factor.kind is not FactorKind.OWN:
        return ("factor",)
    index = next(index for index, emitted in enumerate(factor.gases) if emitted.gas is gas)
    return ("own_factor", "gases", str(index), "gas")


def co2e_of(factor: EmissionFactor, gases: Iterable[GasMass]) -> Fraction:
    """What a factor comes to, in t CO2e by the base unit of its activity; ``gases`` have the potentials."""
    potentials = {gas.gas: Fraction(gas.gwp) for gas in gases}
    return sum((factor_value(gas)[0] * potentials[gas.gas] for gas in factor.gases), Fraction(0))


def placed(problem: Refusal, factor: EmissionFactor) -> Refusal:
    """A refusal of the accounting, at the place in a line's input that it is about."""
    if isinstance(problem, GwpMissing):
        return replace(problem, path=gas_path(factor, Gas(problem.gas)))
    named = (UnitDoesNotFit, DensityRequired, ConversionImplausible)
    if isinstance(problem, named) and factor.kind is FactorKind.OWN:
        return replace(problem, subject=factor.name.zh)
    return problem


def _check_names(own: OwnFactor) -> Refusal | None:
    return name_problem(own.name, "own_factor", "name") or name_problem(
        own.source, "own_factor", "source", longest=LONGEST_SOURCE
    )


def _check_gases(gases: Sequence[OwnGas]) -> Refusal | None:
    if not gases:
        return _invalid("[]", "至少一种气体", "at least one gas", "own_factor", "gases")
    for index, gas in enumerate(gases):
        problem = _check_gas(gas, gases[:index])
        if problem is not None:
            return problem.under("own_factor", "gases", str(index))
    return None


def _check_gas(gas: OwnGas, earlier: Sequence[OwnGas]) -> Refusal | None:
    if any(other.gas is gas.gas for other in earlier):
        return _invalid(gas.gas, "每种气体只列一次", "each gas once", "gas")
    if not 1 <= len(gas.parts) <= MOST_PARTS:
        zh, en = f"1至{MOST_PARTS}个因数", f"1 to {MOST_PARTS} parts"
        return _invalid(str(len(gas.parts)), zh, en, "parts")
    for number, part in enumerate(gas.parts):
        problem = _check_part(part)
        if problem is not None:
            return problem.under("parts", str(number))
    return None


def _check_part(part: OwnPart) -> Refusal | None:
    problem = name_problem(part.quantity, "quantity")
    if problem is not None:
        return problem
    if part.value < Decimal(0):
        return _invalid(plain(part.value), "不小于0", "not negative", "value")
    if parse_unit(part.unit) is None:
        return UnitUnknown.of(part.unit, EXAMPLES, "unit")
    return None


def _gas_factor(gas: OwnGas, source: Source) -> GasFactor:
    return GasFactor(
        gas.gas,
        tuple(
            FactorPart(quantity=p.quantity, value=p.value, unit=p.unit, source=source)
            for p in gas.parts
        ),
    )


def _check_activity(
    name: str, gases: Sequence[GasFactor], measurable: Sequence[Dimensions] | None
) -> Refusal | None:
    """All gases must want the same activity, one that the category can have."""
    first = activity_dimensions(gases[0])
    for index, gas in enumerate(gases):
        allowed = measurable if index == 0 else (first,)
        if _fits(gas, allowed):
            continue
        number = _odd_part(gas, activity_dimensions(gas))
        return UnitDoesNotFit(
            path=(str(index), "parts", str(number), "unit"),
            unit=gas.parts[number].unit,
            subject=name,
            accepted=_better_units(gas, number, allowed),
        )
    return None


def _check_power(name: str, gases: Sequence[GasFactor]) -> Refusal | None:
    for index, gas in enumerate(gases):
        units = [_unit(part) for part in gas.parts]
        if coal_equivalents(units):
            number = next(n for n, unit in enumerate(units) if coal_equivalents([unit]))
            return UnitDoesNotFit(
                path=(str(index), "parts", str(number), "unit"),
                unit=gas.parts[number].unit,
                subject=name,
                accepted=(f"kg{gas.gas.symbol}/kWh",),
                hint_zh=COAL_AS_POWER.zh,
                hint_en=COAL_AS_POWER.en,
            )
    return None


def _fits(gas: GasFactor, allowed: Sequence[Dimensions] | None) -> bool:
    """Whether the parts make the gas of an activity, of one that is allowed."""
    wanted = activity_dimensions(gas)
    is_activity = bool(wanted) and all(power > 0 for _, power in wanted)
    return is_activity and (allowed is None or wanted in allowed)


def _odd_part(gas: GasFactor, wanted: Dimensions) -> int:
    """The part to blame: the first that measures what should have cancelled, or is asked for."""
    wrong = {d for d, power in wanted if power < 0} or {d for d, _ in wanted}
    for number, part in enumerate(gas.parts):
        if wrong & {dimension for dimension, _ in _unit(part).dimensions}:
            return number
    return 0


def _better_units(
    gas: GasFactor, number: int, allowed: Sequence[Dimensions] | None
) -> tuple[str, ...]:
    same = _of_the_gas(gas.parts[number], gas.gas)
    parts = (*gas.parts[:number], replace(gas.parts[number], unit=same), *gas.parts[number + 1 :])
    if _fits(replace(gas, parts=parts), allowed):
        return (same,)
    if allowed is None:
        return EXAMPLES
    units = (unit.replace("*", "/") for measured in allowed for unit in activity_units(measured))
    return tuple(f"kg{gas.gas.symbol}/{unit}" for unit in units)


def _of_the_gas(part: FactorPart, gas: Gas) -> str:
    """The part's unit with the gas for what it gives: commonly CO2e stands where CO2 is meant."""
    unit = _unit(part)
    given = (d for d, power in unit.dimensions if power > 0 and d.startswith(substance_mass("")))
    for dimension in given:
        symbol = re.escape(dimension.removeprefix(substance_mass("")))
        return re.sub(rf"{symbol}(?![A-Za-z0-9])", gas.symbol, unit.name)
    return unit.name


def _unit(part: FactorPart) -> Unit:
    unit = parse_unit(part.unit)
    assert unit is not None, part
    return unit


def _invalid(value: str, zh: str, en: str, *path: str) -> InvalidInput:
    return InvalidInput(path=path, value=value, expected_zh=zh, expected_en=en)
