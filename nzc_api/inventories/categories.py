"""Which factors, and which activities, a category takes. Data, not branches."""

from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.units import DISTANCE, ENERGY, HEAD, MASS, TIME, VOLUME, Dimensions
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, CategoryRole
from nzc_api.inventories.model import LineRole

_FUEL = frozenset({FactorKind.FUEL, FactorKind.FUEL_HEAT})
_POWER = frozenset({FactorKind.ELECTRICITY})
_HEAT = frozenset({FactorKind.HEAT})
_DISTANCE = frozenset({FactorKind.VEHICLE_DISTANCE})
_MEASURED = frozenset({FactorKind.MEASURED_MASS})
_HERD = frozenset({FactorKind.LIVESTOCK_ENTERIC, FactorKind.LIVESTOCK_MANURE})

FACTOR_KINDS: dict[Category, frozenset[FactorKind]] = {
    Category.ENERGY_ACTIVITIES: _FUEL | _POWER | _HEAT | _DISTANCE | _MEASURED,
    Category.INDUSTRIAL_PROCESSES: frozenset({FactorKind.INDUSTRIAL_PROCESS}) | _MEASURED,
    Category.AGRICULTURE: _HERD | frozenset({FactorKind.RICE}) | _MEASURED,
    Category.LUCF: frozenset({FactorKind.FORESTRY}) | _MEASURED,
    Category.WASTE: (frozenset({FactorKind.WASTE_INCINERATION, FactorKind.WASTEWATER}) | _MEASURED),
    Category.BUILDING_ENERGY: _FUEL | _POWER | _HEAT,
    Category.TRANSPORT_ENERGY: _FUEL | _POWER | _DISTANCE,
    Category.ENERGY_CONSUMPTION: _FUEL | _POWER | _HEAT,
    Category.VEHICLE_FUEL: _FUEL | _DISTANCE,
    Category.EXHAUST_TREATMENT: frozenset({FactorKind.EXHAUST_UREA}),
    Category.PURCHASED_ELECTRICITY: _POWER,
    Category.PURCHASED_HEAT: _HEAT,
    Category.FUEL_FIXED_EQUIPMENT: _FUEL | _MEASURED,
    Category.FUEL_TRANSPORT_MEANS: _FUEL | _DISTANCE,
    Category.BIOMASS_BURNING: _FUEL | _MEASURED,
    Category.LIVESTOCK: _HERD | _MEASURED,
    Category.FORESTRY_SINK: frozenset({FactorKind.FORESTRY}) | _MEASURED,
    Category.OTHER: frozenset(FactorKind) - {FactorKind.ELECTRICITY_BASELINE},
}

# What an activity under a factor of the kind measures; a kind that is not here may measure anything.
_MEASURES: dict[FactorKind, tuple[Dimensions, ...]] = {
    FactorKind.FUEL: (((MASS, 1),), ((VOLUME, 1),)),
    FactorKind.FUEL_HEAT: (((ENERGY, 1),),),
    FactorKind.ELECTRICITY: (((ENERGY, 1),),),
    FactorKind.HEAT: (((ENERGY, 1),),),
    FactorKind.VEHICLE_DISTANCE: (((DISTANCE, 1),),),
    FactorKind.EXHAUST_UREA: (((MASS, 1),), ((VOLUME, 1),)),
    FactorKind.LIVESTOCK_ENTERIC: (((HEAD, 1),), ((HEAD, 1), (TIME, 1))),
    FactorKind.LIVESTOCK_MANURE: (((HEAD, 1),), ((HEAD, 1), (TIME, 1))),
}

_ROLES = {
    LineRole.SOURCE: frozenset({CategoryRole.SOURCE, CategoryRole.SOURCE_OR_SINK}),
    LineRole.SINK: frozenset({CategoryRole.SINK, CategoryRole.SOURCE_OR_SINK}),
}


def own_activity_dimensions(category: Category) -> tuple[Dimensions, ...] | None:
    """What an activity under a factor of one's own may measure; None where the category is open."""
    kinds = FACTOR_KINDS[category]
    if not kinds <= _MEASURES.keys():
        return None
    return tuple(dict.fromkeys(d for kind in sorted(kinds) for d in _MEASURES[kind]))


def takes(category: Category, role: LineRole) -> bool:
    """Whether lines of the role may be recorded under the category."""
    return GUIDE.category(category).role in _ROLES[role]


def categories_of(role: LineRole) -> tuple[Category, ...]:
    return tuple(term.category for term in GUIDE.categories if takes(term.category, role))
