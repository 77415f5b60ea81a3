"""What an inventory must be. Pure; `line_rules` has its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from nzc_api.accounting.factors import (
    LISTS_BY_CODE,
    LISTS_BY_ID,
    FactorList,
    product_id,
)
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, Phase, PilotVariant
from nzc_api.ids import InventoryId, Position
from nzc_api.inventories.errors import (
    MOST_INVENTORIES,
    BeforeOperation,
    InventoriesOutsideOperation,
    InventoryEmpty,
    InventoryFull,
    InventoryOutsidePeriod,
    InventoryOverlap,
    InventoryStatusConflict,
    InventorySuperseded,
    MeterAlreadyAccounted,
    PhaseNotOfVariant,
)
from nzc_api.inventories.model import (
    CountedTwice,
    CreateInventory,
    FactorBasis,
    FactorChange,
    Inventory,
    InventoryStatus,
    ReviseInventory,
)
from nzc_api.pilots.errors import PeriodNotOfPilot
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.pilots.rules import check_open, check_order, new_bounds
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal, told

# A line is compared with all of its inventory, and a revision accounts all of them anew.
MOST_LINES = 5_000

_A_LIST = LocalizedText(
    "因子列表的代码（见factorLists）：{codes}",
    "the code of a curated list (see `factorLists`): {codes}",
)

_IN_SCOPE = LocalizedText(
    "该试点核算范围内的类别：{names}", "categories in scope of this pilot: {names}"
)


def check_creation(
    command: CreateInventory,
    pilot: Pilot,
    period: AccountingPeriod | None,
    periods: Sequence[AccountingPeriod],
) -> Refusal | None:
    """Whether the pilot can have this inventory."""
    if period is None or period.pilot_id != pilot.id:
        return PeriodNotOfPilot.of(pilot.code, [p.span for p in periods], "accounting_period")
    variant = GUIDE.variant(pilot.variant)
    if command.phase not in variant.phases:
        return PhaseNotOfVariant(
            path=("phase",),
            phase=command.phase,
            variant_zh=variant.name.zh,
            variant_en=variant.name.en,
            section=GUIDE.kind_of(pilot.variant).section_accounting,
            accepted=variant.phases,
        )
    span = command.span or period.span
    return (
        _check_list(command.factor_list)
        or check_covered(span, command.phase, pilot, period)
        or _check_not_occurring(command.not_occurring, pilot.variant)
    )


def check_operation(
    before: Pilot, after: Pilot, inventories: Sequence[Inventory]
) -> InventoriesOutsideOperation | None:
    """Whether a pilot that has the inventories may be amended so: none may come to lie outside of its
    operation. What is before it may be of an earlier phase, construction say; nothing comes after it."""
    first, last = new_bounds(before, after)
    phase = GUIDE.variant(after.variant).operating_phase
    of_pilot = [i for i in inventories if i.status is not InventoryStatus.DISCARDED]
    early = [i for i in of_pilot if first and i.phase is phase and i.span.starts_on < first]
    late = [i for i in of_pilot if last and i.span.ends_on > last]
    return _outside("operation_starts_on", first, "之前", "before", early) or _outside(
        "closed_on", last, "之后", "after", late
    )


def _outside(
    field: str, day: date | None, zh: str, en: str, found: Sequence[Inventory]
) -> InventoriesOutsideOperation | None:
    if not found:
        return None
    return InventoriesOutsideOperation(
        path=(field,),
        day=str(day),
        where_zh=zh,
        where_en=en,
        starts_on=str(found[0].span.starts_on),
        ends_on=str(found[0].span.ends_on),
        count=len(found),
        inventory_ids=tuple(item.id for item in found[:MOST_INVENTORIES]),
    )


def other_periods(inventory: Inventory, others: Sequence[Inventory]) -> list[Inventory]:
    """Of the inventories beside one, those that count for other periods: the verified version of each series.
    (Whoever sees this one sees those; what is only submitted, not everybody does.)"""
    counting = {
        other.series_id: other
        for other in sorted(others, key=lambda other: other.version)
        if other.verified_position is not None and other.series_id != inventory.series_id
    }
    return list(counting.values())


def check_draft(inventory: Inventory, field: str = "inventory") -> Refusal | None:
    """Only a draft may change; ``field`` is the input's field that leads to it."""
    return _check_status(inventory, InventoryStatus.DRAFT, field)


def check_submission(
    inventory: Inventory, others: Sequence[Inventory], lines: int
) -> Refusal | None:
    """Whether a draft may be submitted beside the ``others`` of its pilot, phase and basis."""
    problem = check_draft(inventory)
    if problem is not None:
        return problem
    if lines == 0 and not inventory.not_occurring:
        return InventoryEmpty(inventory_id=inventory.id, path=("inventory",))
    return _check_no_overlap(inventory, others)


def check_room(inventory: Inventory, lines: int, more: int) -> InventoryFull | None:
    """Whether so many ``more`` lines may be recorded beside those of an inventory."""
    if lines + more <= MOST_LINES:
        return None
    return InventoryFull(
        inventory_id=inventory.id, lines=lines, more=more, most=MOST_LINES, path=("inventory",)
    )


def check_verification(inventory: Inventory, others: Sequence[Inventory]) -> Refusal | None:
    """Whether a submitted inventory may be verified beside the ``others``."""
    return (
        _check_status(inventory, InventoryStatus.SUBMITTED)
        or _check_latest(inventory, others)
        or _check_no_overlap(inventory, others)
    )


def check_revision(inventory: Inventory, others: Sequence[Inventory]) -> Refusal | None:
    """Whether a new version may be made of the inventory."""
    handed_in = (InventoryStatus.SUBMITTED, InventoryStatus.VERIFIED)
    if inventory.status not in handed_in:
        return InventoryStatusConflict(
            path=("inventory",),
            inventory_id=inventory.id,
            status=inventory.status,
            needed=handed_in,
        )
    return _check_latest(inventory, others, drafts=True)


def revised(
    inventory: Inventory,
    command: ReviseInventory,
    position: Position,
    variant: PilotVariant,
    others: Sequence[Inventory],
) -> Inventory | Refusal:
    """The next version: a draft over the same days, with what the command changes. Its number follows
    those of all versions, discarded ones too, which are among the ``others`` of its pilot."""
    asked = {
        "gwp_set": command.gwp_set,
        "factor_list": command.factor_list,
        "not_occurring": command.not_occurring,
        "electricity_method": command.electricity_method,
    }
    changes = {name: value for name, value in asked.items() if value is not None}
    result = with_terms(inventory, changes, variant)
    if isinstance(result, Refusal):
        return result
    versions = [other.version for other in others if other.series_id == inventory.series_id]
    return replace(
        result,
        id=InventoryId(position),
        version=max([inventory.version, *versions]) + 1,
        submitted_position=None,
        verified_position=None,
        verifier_id=None,
    )


def with_terms(
    inventory: Inventory, changes: Mapping[str, Any], variant: PilotVariant
) -> Inventory | Refusal:
    """The inventory with other potentials, another list, other declarations and another method for electricity, where
    ``changes`` has them."""
    listed = list_of(inventory)
    not_occurring = changes.get("not_occurring", inventory.not_occurring)
    problem = _check_not_occurring(not_occurring, variant)
    if "factor_list" in changes:
        problem = _check_list(changes["factor_list"]) or problem
        listed = LISTS_BY_CODE.get(changes["factor_list"], listed)
    return problem or replace(
        inventory,
        gwp_set=changes.get("gwp_set", inventory.gwp_set),
        factor_list=listed.code,
        factor_list_version=listed.version,
        not_occurring=not_occurring,
        electricity_method=changes.get("electricity_method", inventory.electricity_method),
    )


def check_factor_change(change: FactorChange) -> Refusal | None:
    """Whether another basis is one, and another."""
    before, after = change.before, change.after
    for field, code in (("from", before.factor_list), ("to", after.factor_list)):
        problem = None if code is None else _check_list(code)
        if problem is not None:
            return problem.under(field)
    if not _changes(before, after):
        return InvalidInput(
            path=("to",),
            value=", ".join(filter(None, (after.factor_list, after.gwp_set))) or "null",
            expected_zh="与from不同的因子列表或全球变暖潜势",
            expected_en="a list or warming potentials other than those of `from`",
        )
    return None


def list_of(inventory: Inventory) -> FactorList:
    """The version of the curated list that the inventory was begun with."""
    key = product_id("FactorList", inventory.factor_list, inventory.factor_list_version)
    return LISTS_BY_ID[key]


def _changes(before: FactorBasis, after: FactorBasis) -> bool:
    """Whether some inventory on the one basis is not on the other: also one of an earlier version of the
    same list."""
    listed = None if after.factor_list is None else LISTS_BY_CODE[after.factor_list]
    return (listed is not None and (listed.version > 1 or listed.code != before.factor_list)) or (
        after.gwp_set not in (None, before.gwp_set)
    )


def _check_status(
    inventory: Inventory, needed: InventoryStatus, field: str = "inventory"
) -> Refusal | None:
    if inventory.status is needed:
        return None
    return InventoryStatusConflict(
        path=(field,), inventory_id=inventory.id, status=inventory.status, needed=(needed,)
    )


def _check_latest(
    inventory: Inventory, others: Sequence[Inventory], *, drafts: bool = False
) -> Refusal | None:
    for other in others:
        later = other.series_id == inventory.series_id and other.version > inventory.version
        handed_in = other.submitted_position is not None
        drafted = drafts and other.status is InventoryStatus.DRAFT
        if later and (handed_in or drafted):
            return InventorySuperseded(
                path=("inventory",),
                version=inventory.version,
                later_id=other.id,
                later_version=other.version,
                later_status=other.status,
            )
    return None


def _check_no_overlap(inventory: Inventory, others: Sequence[Inventory]) -> Refusal | None:
    for other in others:
        in_force = other.submitted_position is not None
        apart = other.series_id == inventory.series_id or not other.span.overlaps(inventory.span)
        if in_force and not apart:
            return InventoryOverlap(
                path=("inventory",),
                other_id=other.id,
                other_status=other.status,
                other_starts_on=str(other.span.starts_on),
                other_ends_on=str(other.span.ends_on),
            )
    return None


def _check_list(code: str) -> Refusal | None:
    if code in LISTS_BY_CODE:
        return None
    expected = told(_A_LIST, {"codes": tuple(LISTS_BY_CODE)})
    return InvalidInput(
        path=("factor_list",),
        value=code[:80],
        expected_zh=expected.zh,
        expected_en=expected.en,
    )


def check_counted_once(twice: CountedTwice | None, *path: str) -> MeterAlreadyAccounted | None:
    """Whether what a meter used on a day is in one line only."""
    if twice is None:
        return None
    return MeterAlreadyAccounted(
        path=path, label=twice.label, other_label=twice.other_label, line_id=twice.other_id
    )


def check_covered(
    span: DateSpan, phase: Phase, pilot: Pilot, period: AccountingPeriod
) -> Refusal | None:
    """Whether an inventory of the phase can cover these days, or its accounting period as a whole."""
    return (
        _check_in_period(span, period)
        or _check_in_operation(span, phase, pilot)
        or check_open(pilot, span, span.ends_on, "covers")
    )


def _check_in_period(span: DateSpan, period: AccountingPeriod) -> Refusal | None:
    problem = check_order(span)
    if problem is not None:
        return problem.under("covers")
    if period.span.contains(span):
        return None
    return InventoryOutsidePeriod(
        path=("covers",),
        starts_on=str(span.starts_on),
        ends_on=str(span.ends_on),
        period_starts_on=str(period.span.starts_on),
        period_ends_on=str(period.span.ends_on),
    )


def _check_in_operation(span: DateSpan, phase: Phase, pilot: Pilot) -> Refusal | None:
    """Construction comes before operation; nothing else does."""
    starts_on, started = span.starts_on, pilot.operation_starts_on
    operating = phase is GUIDE.variant(pilot.variant).operating_phase
    if not operating or started is None or started <= starts_on:
        return None
    return BeforeOperation(
        path=("covers",), starts_on=str(starts_on), operation_starts_on=str(started)
    )


def _check_not_occurring(categories: Sequence[Category], variant: PilotVariant) -> Refusal | None:
    in_scope = {term.category for term in GUIDE.variant(variant).categories}
    for index, category in enumerate(categories):
        if category not in in_scope:
            names = tuple(GUIDE.category(code).name for code in sorted(in_scope))
            expected = told(_IN_SCOPE, {"names": names})
            return InvalidInput(
                path=("not_occurring", str(index)),
                value=category,
                expected_zh=expected.zh,
                expected_en=expected.en,
            )
    return None
