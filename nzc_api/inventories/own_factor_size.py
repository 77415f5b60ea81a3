"""Which factors of one's own are implausible, by what they come to. Pure.

Our own orders of magnitude, wide on purpose. Power and heat by the GJ: 0.1 kgCO2e/kWh is a fourth of the lowest
grid factor of the curated lists, 1.5 twice that of fossil power alone. Heat by the tonne: of hot water and of steam
that coal made, twice over.
"""

from collections.abc import Mapping
from decimal import Context
from fractions import Fraction

from nzc_api.accounting.exact import plain
from nzc_api.accounting.factors import EmissionFactor, FactorKind
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import HEAT, activity_dimensions, factor_value
from nzc_api.accounting.unit_table import MASS, VOLUME
from nzc_api.accounting.units import parse_unit
from nzc_api.guide.terms import Category
from nzc_api.inventories.categories import factor_kinds
from nzc_api.inventories.model import GasMass, LineRole

_SHOWN = Context(prec=6)
_BULK = ((MASS, 1),), ((VOLUME, 1),)
_BOUGHT = frozenset({FactorKind.ELECTRICITY, FactorKind.HEAT})
_BY_ENERGY = "tCO2e/GJ", Fraction("0.028"), Fraction("0.42")
_HEAT_BY_MASS = "tCO2e/t", Fraction("0.02"), Fraction("1.5")


def implausible(
    factor: EmissionFactor, gases: tuple[GasMass, ...], category: Category
) -> Mapping[str, str] | None:
    """A factor for power or heat, with the range that is plausible; None where it is in it, or of what else.

    What gives CH4 or N2O alone is a part of a factor, and may be as small as it likes.
    """
    kinds = factor_kinds(category, LineRole.SOURCE)
    dimensions = activity_dimensions(factor.gases[0])
    if dimensions == HEAT and kinds & _BOUGHT:
        name, least, most = _BY_ENERGY
    elif dimensions == _BULK[0] and kinds <= {FactorKind.HEAT}:
        name, least, most = _HEAT_BY_MASS
    else:
        return None
    unit = parse_unit(name)
    assert unit is not None, name
    value = _co2e(factor, gases) / unit.size
    part = not {gas.gas for gas in factor.gases} & {Gas.CO2, Gas.CO2E}
    if value <= most and (value >= least or value == 0 or part):
        return None
    shown = {"value": value, "least": least, "most": most}
    return {"unit": name} | {key: _told(number) for key, number in shown.items()}


def is_nothing(factor: EmissionFactor, gases: tuple[GasMass, ...], category: Category) -> bool:
    """Whether a factor says that a fuel, a material or waste gives off nothing."""
    bulk = activity_dimensions(factor.gases[0]) in _BULK
    return bulk and category is not Category.BIOMASS_BURNING and _co2e(factor, gases) == 0


def _co2e(factor: EmissionFactor, gases: tuple[GasMass, ...]) -> Fraction:
    """What a factor comes to, in t CO2e by the base unit of its activity."""
    potentials = {gas.gas: Fraction(gas.gwp) for gas in gases}
    return sum((factor_value(gas)[0] * potentials[gas.gas] for gas in factor.gases), Fraction(0))


def _told(value: Fraction) -> str:
    return plain(_SHOWN.divide(value.numerator, value.denominator))
