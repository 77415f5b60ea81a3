"""What the guide's formula gives for the range of an evaluation: statements, narrowed and taken together. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from nzc_api.accounting.exact import total
from nzc_api.evaluation.model import RangeTerms
from nzc_api.guide.guide import GUIDE, net_emissions
from nzc_api.guide.terms import Category
from nzc_api.ids import ProjectId
from nzc_api.statements.gross import electricity_methods_of, gwp_sets_of, unknown_of
from nzc_api.statements.model import NetEmissions, why_unknown
from nzc_api.statements.reasons import Unknown, UnknownReason


@dataclass(frozen=True, slots=True)
class Result:
    """The terms of a range as of a position, t CO2e, and why they are not known, where they are not.

    ``statements`` are those of the pilots' periods, narrowed to the range; None where there is none.
    ``hidden`` says that what one of its pilots states is not shown to whoever asks.
    ``from_inside`` are tonnes retired whose project lies inside a pilot of the range: they reduce nothing.
    """

    statements: tuple[NetEmissions | None, ...]
    from_inside: int = 0
    hidden: bool = False

    @property
    def unknown(self) -> tuple[UnknownReason, ...]:
        if self.hidden:
            return (UnknownReason.NOT_SHOWN,)
        reasons = [reason for item in self.statements for reason in why_unknown(item)]
        inventories = [i for s in self.statements if s and not s.unknown for i in s.inventories]
        if len(gwp_sets_of(inventories)) > 1:
            reasons.append(UnknownReason.GWP_SETS_DIFFER)
        if len(electricity_methods_of(inventories)) > 1:
            reasons.append(UnknownReason.ELECTRICITY_METHODS_DIFFER)
        return tuple(dict.fromkeys(reasons))

    @property
    def terms(self) -> RangeTerms:
        there = [statement for statement in self.statements if statement is not None]
        whole = len(there) == len(self.statements)
        sinks = total(s.usable_sinks_co2e for s in there) if whole else None
        purchased = sum(s.purchased_tonnes for s in there) - self.from_inside if whole else None
        if self.unknown or sinks is None or purchased is None:
            return RangeTerms(gross=None, sinks=sinks, purchased=purchased, result=None)
        gross = total(g for s in there if (g := s.gross_co2e) is not None)
        return RangeTerms(
            gross=gross,
            sinks=sinks,
            purchased=purchased,
            result=net_emissions(gross, sinks, purchased),
        )

    @property
    def shown_terms(self) -> RangeTerms:
        """The terms of what is shown of it: where a pilot's part is hidden, of the others together."""
        if not self.hidden:
            return self.terms
        shown = tuple(statement for statement in self.statements if statement is not None)
        return replace(self, statements=shown, hidden=False).terms


def narrowed(
    statement: NetEmissions | None, categories: Collection[Category] | None
) -> NetEmissions | None:
    """A statement of some categories alone; what was retired for its period counts whole."""
    if statement is None or categories is None:
        return statement
    variant = statement.pilot.variant
    totals = tuple(
        item
        for item in statement.totals
        if {item.category, GUIDE.category_in_scope(variant, item.category)} & {*categories}
    )
    unknown = unknown_of(variant, statement.inventories, totals)
    return replace(statement, totals=totals, unknown=tuple(_narrowed_reasons(unknown, categories)))


def from_inside(statements: Iterable[NetEmissions | None], inside: Collection[ProjectId]) -> int:
    """The tonnes retired for the pilots of a range whose project is one of those inside them, t."""
    retired = (item for s in statements if s and s.purchases_count for item in s.retired)
    return sum(item.tonnes for item in retired if item.project_id in inside)


def _narrowed_reasons(
    unknown: Iterable[Unknown], categories: Collection[Category]
) -> Iterable[Unknown]:
    """The reasons that hold of some categories: what was declared not to occur is known to be nothing."""
    for item in unknown:
        left = tuple(c for c in item.categories if c in categories)
        if item.reason is not UnknownReason.NO_SOURCES or left:
            yield replace(item, categories=left)
