"""What an inventory's emissions come to by scope and by stage of the pilot's life. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import starmap
from typing import NamedTuple

from nzc_api.accounting.exact import totals
from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.unit_table import VOLUME
from nzc_api.accounting.units import parse_unit
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, CategoryRole, LifeCycleStage
from nzc_api.inventories.categories import BOUGHT_ENERGY, factor_kinds
from nzc_api.inventories.model import LineRole, Scope, ScopeShare, Shares, StageShare


class AlikeSources(NamedTuple):
    """Emission sources that are of one scope and stage, and what they come to."""

    category: Category
    kind: FactorKind
    unit: str
    stage: LifeCycleStage
    co2e: Decimal


def scope_of(category: Category, role: LineRole, kind: FactorKind, unit: str) -> Scope | None:
    """Whose emissions a line has; None where it does not follow, and of what is no emission: sinks and exports.

    A category is direct or of bought energy; where it has both, the factor tells which. A factor of one's own tells
    nothing there unless its activity is a volume, which no power or heat is; and of OTHER only bought energy is known.
    """
    if role is LineRole.SINK or GUIDE.category(category).role is CategoryRole.EXPORT:
        return None
    if kind in BOUGHT_ENERGY:
        return Scope.SCOPE_2
    if category is Category.OTHER:
        return None
    if kind is not FactorKind.OWN:
        return Scope.SCOPE_1
    kinds = factor_kinds(category, role)
    if kinds <= BOUGHT_ENERGY:
        return Scope.SCOPE_2
    return None if kinds & BOUGHT_ENERGY and not _is_volume(unit) else Scope.SCOPE_1


def shares_of(lines: Iterable[AlikeSources]) -> Shares:
    """What emission sources come to by scope, with those of none last, and by stage, each in order."""
    alike = list(lines)
    scopes = [
        (scope_of(line.category, LineRole.SOURCE, line.kind, line.unit), line.co2e)
        for line in alike
    ]
    stages = [(line.stage, line.co2e) for line in alike]
    return Shares(
        tuple(starmap(ScopeShare, totals((*Scope, None), scopes))),
        tuple(starmap(StageShare, totals(LifeCycleStage, stages))),
    )


def _is_volume(unit: str) -> bool:
    parsed = parse_unit(unit)
    return parsed is not None and parsed.dimensions == ((VOLUME, 1),)
