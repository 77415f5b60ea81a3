"""Gross emissions of the inventories of a period: what counts in them, why they are not known, and what a reader should
know of them. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

from nzc_api.accounting.exact import total
from nzc_api.accounting.gases import GwpSet
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, CategoryRole, PilotVariant
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import CategoryTotal, Inventory, LineRole
from nzc_api.inventories.rules import list_of
from nzc_api.pilots.errors import MOST_PILOTS
from nzc_api.statements.reasons import Note, NoteCode, Unknown, UnknownReason


def unknown_of(
    variant: PilotVariant, inventories: Sequence[Inventory], totals: Sequence[CategoryTotal]
) -> tuple[Unknown, ...]:
    """Why the period's emissions are not known; empty where they are, if only in part.

    They are where a source counts (an export is none, nor is own generation), or every inventory declares
    that no category in scope occurs, and the inventories use one set of warming potentials and one method for
    electricity.
    """
    if not inventories:
        return (Unknown(UnknownReason.NO_INVENTORY),)
    found: list[Unknown] = []
    undeclared = _undeclared(variant, inventories)
    if undeclared and not any(map(is_emission, totals)):
        found.append(Unknown(UnknownReason.NO_SOURCES, categories=undeclared))
    sets = gwp_sets_of(inventories)
    if len(sets) > 1:
        found.append(Unknown(UnknownReason.GWP_SETS_DIFFER, gwp_sets=sets))
    methods = electricity_methods_of(inventories)
    if len(methods) > 1:
        reason = UnknownReason.ELECTRICITY_METHODS_DIFFER
        found.append(Unknown(reason, electricity_methods=methods))
    return tuple(found)


def gross_of(
    variant: PilotVariant, inventories: Sequence[Inventory], totals: Sequence[CategoryTotal]
) -> Decimal | None:
    """The emissions of the inventories together, t CO2e; None where they are not known."""
    if unknown_of(variant, inventories, totals):
        return None
    return total(item.co2e for item in totals if is_source(item))


def is_source(item: CategoryTotal) -> bool:
    """Whether a total is a part of the gross: of emission sources that count, or of exports, below zero."""
    return item.role is LineRole.SOURCE and item.counts


def is_emission(item: CategoryTotal) -> bool:
    """Whether a total is of emission sources that count: those alone make emissions known."""
    return is_source(item) and GUIDE.category(item.category).emits


def is_sink(item: CategoryTotal) -> bool:
    """Whether a total is of sinks that count."""
    return item.role is LineRole.SINK and item.counts


def gwp_sets_of(inventories: Iterable[Inventory]) -> tuple[GwpSet, ...]:
    """The sets of warming potentials in use, oldest first."""
    used = {inventory.gwp_set for inventory in inventories}
    return tuple(gwp_set for gwp_set in GwpSet if gwp_set in used)


def electricity_methods_of(inventories: Iterable[Inventory]) -> tuple[ElectricityMethod, ...]:
    """The methods by which bought electricity counts, the grid's first."""
    used = {inventory.electricity_method for inventory in inventories}
    return tuple(method for method in ElectricityMethod if method in used)


def notes_of(inventories: Iterable[Inventory]) -> tuple[Note, ...]:
    """Where the inventories' curated lists are of different families, that they are."""
    families = tuple(dict.fromkeys(list_of(inventory).family for inventory in inventories))
    return (Note(NoteCode.FACTOR_LISTS_DIFFER, families),) if len(families) > 1 else ()


def twin_notes(codes: Sequence[str]) -> tuple[Note, ...]:
    """Where other pilots seem to be the same as a pilot, that they do."""
    named = tuple(codes[:MOST_PILOTS])
    return (Note(NoteCode.PILOT_REGISTERED_TWICE, pilots=named),) if named else ()


@cache
def categories_expected(variant: PilotVariant) -> tuple[Category, ...]:
    """The categories in scope that may have sources; sinks are never expected."""
    terms = GUIDE.variant(variant).categories
    return tuple(term.category for term in terms if term.role is not CategoryRole.SINK)


def _undeclared(variant: PilotVariant, inventories: Sequence[Inventory]) -> tuple[Category, ...]:
    """The categories that some inventory does not declare not to occur."""
    declared = set.intersection(*(set(inventory.not_occurring) for inventory in inventories))
    return tuple(c for c in categories_expected(variant) if c not in declared)
