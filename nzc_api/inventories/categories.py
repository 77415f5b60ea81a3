"""Which factors, and which activities, a category takes. Data, not branches."""

from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.gases import Gas
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
from nzc_api.accounting.units import Dimensions, substance_mass
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, CategoryRole
from nzc_api.inventories.model import LineRole

_FUEL = frozenset({FactorKind.FUEL, FactorKind.FUEL_HEAT, FactorKind.BIOMASS_FUEL})
_BIOMASS = frozenset({FactorKind.BIOMASS_FUEL})
_POWER = frozenset({FactorKind.ELECTRICITY})
_HEAT = frozenset({FactorKind.HEAT})
_GENERATED = frozenset({FactorKind.OWN_GENERATION})
_DISTANCE = frozenset({FactorKind.VEHICLE_DISTANCE})
_PROCESSES = frozenset({FactorKind.INDUSTRIAL_PROCESS, FactorKind.REFRIGERANT_BLEND})
_MEASURED = frozenset({FactorKind.MEASURED_MASS})
_HERD = frozenset({FactorKind.LIVESTOCK_ENTERIC, FactorKind.LIVESTOCK_MANURE})
_FIELDS = frozenset({FactorKind.RICE, FactorKind.SOIL})
_WASTE = frozenset(
    {
        FactorKind.WASTE_INCINERATION,
        FactorKind.LANDFILL,
        FactorKind.WASTEWATER,
        FactorKind.SLUDGE,
    }
)
_FORESTRY = frozenset({FactorKind.FORESTRY})
_CONVERSION = frozenset({FactorKind.LAND_CONVERSION})

# The published factors of biomass fuels are of CH4 and N2O: their CO2 is a memo item. A fossil fuel
# is never biomass.
_KINDS: dict[Category, frozenset[FactorKind]] = {
    Category.ENERGY_ACTIVITIES: _FUEL | _POWER | _HEAT | _DISTANCE | _MEASURED,
    Category.INDUSTRIAL_PROCESSES: _PROCESSES | _MEASURED,
    Category.AGRICULTURE: _HERD | _FIELDS | _MEASURED,
    Category.LUCF: _FORESTRY | _CONVERSION | _MEASURED,
    Category.WASTE: _WASTE | _MEASURED,
    Category.BUILDING_ENERGY: _FUEL | _POWER | _HEAT | _MEASURED,
    Category.TRANSPORT_ENERGY: _FUEL | _POWER | _DISTANCE | _MEASURED,
    Category.ENERGY_CONSUMPTION: _FUEL | _POWER | _HEAT | _MEASURED,
    Category.VEHICLE_FUEL: _FUEL | _DISTANCE | _MEASURED,
    Category.EXHAUST_TREATMENT: frozenset({FactorKind.EXHAUST_UREA}) | _MEASURED,
    Category.PURCHASED_ELECTRICITY: _POWER,
    Category.PURCHASED_HEAT: _HEAT,
    Category.FUEL_FIXED_EQUIPMENT: _FUEL | _MEASURED,
    Category.FUEL_TRANSPORT_MEANS: _FUEL | _DISTANCE | _MEASURED,
    Category.BIOMASS_BURNING: _BIOMASS | _MEASURED,
    Category.LIVESTOCK: _HERD | _MEASURED,
    Category.FORESTRY_SINK: _FORESTRY | _MEASURED,
    Category.OTHER: frozenset(FactorKind) - {FactorKind.ELECTRICITY_BASELINE} - _GENERATED,
    Category.EXPORTED_ELECTRICITY: _POWER,
    Category.EXPORTED_HEAT: _HEAT,
    Category.OWN_GENERATION: _GENERATED,
}

# What forests and land take up; a mass of carbon is one of CO2, by 44/12. CO2e is what is bought.
SINK_GASES = frozenset({Gas.CO2})

CARBON: tuple[Dimensions, ...] = tuple(((substance_mass(symbol), 1),) for symbol in ("CO2", "C"))
_GASES = tuple(((substance_mass(gas.symbol), 1),) for gas in Gas)
_AREA: tuple[Dimensions, ...] = (((AREA, 1),), ((AREA, 1), (TIME, 1)))
_HEADS: tuple[Dimensions, ...] = (((HEAD, 1),), ((HEAD, 1), (TIME, 1)))
_BULK: tuple[Dimensions, ...] = (((MASS, 1),), ((VOLUME, 1),), ((STANDARD_FEET, 1),))
_ENERGY: tuple[Dimensions, ...] = (((ENERGY, 1),),)

# What an activity under a factor of the kind measures; a kind that is not here may measure anything.
# Heat is also sold as steam, by the tonne.
_MEASURES: dict[FactorKind, tuple[Dimensions, ...]] = {
    FactorKind.FUEL: _BULK,
    FactorKind.FUEL_HEAT: _ENERGY,
    FactorKind.BIOMASS_FUEL: (*_BULK, *_ENERGY),
    FactorKind.ELECTRICITY: _ENERGY,
    FactorKind.HEAT: (*_ENERGY, ((MASS, 1),)),
    FactorKind.OWN_GENERATION: _ENERGY,
    FactorKind.VEHICLE_DISTANCE: (((DISTANCE, 1),),),
    FactorKind.EXHAUST_UREA: _BULK,
    FactorKind.LIVESTOCK_ENTERIC: _HEADS,
    FactorKind.LIVESTOCK_MANURE: _HEADS,
    FactorKind.FORESTRY: (*_AREA, *CARBON),
    FactorKind.LAND_CONVERSION: _AREA,
    FactorKind.MEASURED_MASS: _GASES,
}

# What an own factor may be per besides what the category's published factors are per.
_OWN_TOO: dict[Category, tuple[Dimensions, ...]] = {
    Category.LUCF: (*_AREA, *CARBON, *_BULK),
    Category.BIOMASS_BURNING: _AREA,
}

_ROLES = {
    LineRole.SOURCE: frozenset(CategoryRole) - {CategoryRole.SINK},
    LineRole.SINK: frozenset({CategoryRole.SINK, CategoryRole.SOURCE_OR_SINK}),
}


def factor_kinds(category: Category, role: LineRole) -> frozenset[FactorKind]:
    """The kinds of published factors that a line may use: uptake by forests is never a source, and
    land converted never a sink."""
    return _KINDS[category] - (_CONVERSION if role is LineRole.SINK else _FORESTRY)


def takes_own_factors(category: Category) -> bool:
    """Whether lines may have a factor of one's own: generation at zero has its reason in a published one."""
    return factor_kinds(category, LineRole.SOURCE) != _GENERATED


def own_activity_dimensions(
    category: Category, role: LineRole = LineRole.SOURCE
) -> tuple[Dimensions, ...] | None:
    """What an activity under a factor of one's own may measure; None where the category is open.

    A sink is an area, an area over time, or a mass of CO2 or carbon.
    """
    if role is LineRole.SINK:
        return _MEASURES[FactorKind.FORESTRY]
    kinds = factor_kinds(category, role)
    if not kinds <= _MEASURES.keys():
        return None
    measured = (d for kind in sorted(kinds) for d in _MEASURES[kind])
    return tuple(dict.fromkeys((*measured, *_OWN_TOO.get(category, ()))))


def is_of_power(category: Category) -> bool:
    """Whether the category has nothing but electricity."""
    return _KINDS[category] == _POWER


def is_biogenic(category: Category, gas: Gas) -> bool:
    """Whether a gas is carbon that plants took up before: shown, and outside the net.

    The CO2 of burning biomass is; its CH4 and N2O count (IPCC 2006; decision 9).
    """
    return category is Category.BIOMASS_BURNING and gas is Gas.CO2


def takes(category: Category, role: LineRole) -> bool:
    """Whether lines of the role may be recorded under the category."""
    return GUIDE.category(category).role in _ROLES[role]


def categories_of(role: LineRole) -> tuple[Category, ...]:
    return tuple(term.category for term in GUIDE.categories if takes(term.category, role))
