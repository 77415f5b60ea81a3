"""What a draft and its lines become when they are amended. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nzc_api.accounting.errors import GwpMissing
from nzc_api.accounting.factors import EmissionFactor, FactorKind
from nzc_api.certificates.errors import CertificatesOutsidePeriod
from nzc_api.guide.terms import PilotVariant
from nzc_api.inventories.errors import (
    CategoryDeclaredNotOccurring,
    GreenPowerNotByLocation,
    LinesDoNotFitTerms,
)
from nzc_api.inventories.line_rules import (
    AccountedLine,
    account_line,
    told_of,
    unfit,
)
from nzc_api.inventories.model import Inventory, Line, NewLine, OwnFactor, OwnGas, OwnPart
from nzc_api.inventories.rules import check_covered, with_terms
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.refusal import InvalidInput, Refusal

# The term that a line does not fit, by why it does not.
_TERMS: Mapping[type[Refusal], str] = {
    GwpMissing: "gwp_set",
    InvalidInput: "covers",
    CertificatesOutsidePeriod: "covers",
    CategoryDeclaredNotOccurring: "not_occurring",
    GreenPowerNotByLocation: "electricity_method",
}

# The terms, the likeliest reasons first.
_LIKELIEST = ("factor_list", "covers", "gwp_set", "not_occurring", "electricity_method")


def amended_line(
    line: Line, changes: Mapping[str, Any], inventory: Inventory, variant: PilotVariant
) -> AccountedLine | Refusal:
    """A line with other facts, accounted as if it were recorded so; or why it cannot stand so."""
    said = replace(as_said(line), **changes)
    if "activity" in changes:
        # What somebody states is not what the meter says.
        of_meter = said.meter_basis is not None and "data_quality" not in changes
        said = replace(said, meter_basis=None, data_quality=None if of_meter else said.data_quality)
    return account_line(said, line.role, inventory, variant)


def as_said(line: Line) -> NewLine:
    """What was said of a line as it was recorded."""
    own = line.factor.kind is FactorKind.OWN
    return line.said(_own(line.factor) if own else line.factor.code)


def amended_inventory(
    inventory: Inventory, changes: Mapping[str, Any], pilot: Pilot, period: AccountingPeriod
) -> Inventory | Refusal:
    """A draft with other terms, or why it cannot have them."""
    span = changes.get("covers", inventory.span) or period.span
    problem = (
        None
        if span == inventory.span
        else _check_first(inventory, span) or check_covered(span, inventory.phase, pilot, period)
    )
    if problem is not None:
        return problem
    return with_terms(replace(inventory, span=span), changes, pilot.variant)


def check_fit(
    lines: Sequence[Line], results: Sequence[AccountedLine | Refusal], changes: Mapping[str, Any]
) -> LinesDoNotFitTerms | None:
    """Whether every line of a draft can stand in it with what is changed."""
    refused = unfit(lines, results)
    if not refused:
        return None
    blamed = _TERMS.get(type(refused[0][1]), "factor_list")
    changed = [term for term in (blamed, *_LIKELIEST) if term in changes]
    path = (changed[0] if changed else "inventory",)
    return LinesDoNotFitTerms(path=path, **told_of(refused))


def _check_first(inventory: Inventory, span: DateSpan) -> InvalidInput | None:
    if inventory.version == 1:
        return None
    return InvalidInput(
        path=("covers",),
        value=f"{span.starts_on} – {span.ends_on}",
        expected_zh="不填：新版本的日期与第一版相同",
        expected_en="nothing: a later version covers the days of the first",
    )


def _own(factor: EmissionFactor) -> OwnFactor:
    gases = tuple(
        OwnGas(gas.gas, tuple(OwnPart(p.quantity, p.value, p.unit) for p in gas.parts))
        for gas in factor.gases
    )
    return OwnFactor(factor.name.zh, factor.sources[0].title, gases)
