"""What an inventory and its lines must be. Pure."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nzc_api.accounting.errors import GridBaselineRefused, GwpMissing, UnitDoesNotFit
from nzc_api.accounting.exact import total
from nzc_api.accounting.factors import (
    FACTORS_BY_CODE,
    LISTS_BY_CODE,
    LISTS_BY_ID,
    EmissionFactor,
    FactorKind,
    FactorList,
    product_id,
)
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import LineAccount, Measurement, Rounding, accepted_units, account
from nzc_api.accounting.misfits import COAL_AS_POWER, coal_equivalents
from nzc_api.accounting.unit_table import DAYS_A_YEAR
from nzc_api.accounting.units import parse_unit
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, Phase, PilotVariant, Treatment
from nzc_api.inventories.categories import (
    SINK_GASES,
    categories_of,
    factor_kinds,
    is_biogenic,
    is_of_power,
    own_activity_dimensions,
    takes,
    takes_own_factors,
)
from nzc_api.inventories.errors import (
    MOST_INVENTORIES,
    BeforeOperation,
    CategoryDeclaredNotOccurring,
    CategoryRoleMismatch,
    FactorDoesNotFitCategory,
    FactorNotInList,
    InventoriesOutsideOperation,
    InventoryEmpty,
    InventoryOutsidePeriod,
    InventoryOverlap,
    InventoryStatusConflict,
    InventorySuperseded,
    LinesDoNotFitRevision,
    MemoGasMixed,
    NotASink,
    PhaseNotOfVariant,
    SinkBasisRequired,
    SinkGasRefused,
    SinkImplausible,
    ZeroFactorUnexplained,
)
from nzc_api.inventories.model import (
    CreateInventory,
    FactorBasis,
    FactorChange,
    GasMass,
    Inventory,
    InventoryStatus,
    Line,
    LineRole,
    NewLine,
    OwnFactor,
    ReviseInventory,
)
from nzc_api.inventories.own_factor import gas_path, own_factor, placed
from nzc_api.inventories.sinks import check_sink, check_sink_size
from nzc_api.inventories.warning_rules import Case, Recorded, line_warnings, recorded_twice
from nzc_api.inventories.warnings import InventoryWarning
from nzc_api.inventories.zero_factor import check_zero_factor
from nzc_api.pilots.errors import PeriodNotOfPilot
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.pilots.rules import check_open, check_order, new_bounds
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal, told
from nzc_api.text import name_problem

# How many lines a refused revision names.
MOST_SHOWN = 100

# What a revision changed where a line of the version before no longer fits.
_CHANGED: Mapping[type[Refusal], str] = {
    GwpMissing: "gwpSet",
    CategoryDeclaredNotOccurring: "notOccurring",
    SinkGasRefused: "leaveOut",
    SinkBasisRequired: "leaveOut",
    SinkImplausible: "leaveOut",
    ZeroFactorUnexplained: "leaveOut",
    NotASink: "leaveOut",
}

_A_LIST = LocalizedText(
    "因子列表的代码（见factorLists）：{codes}",
    "the code of a curated list (see `factorLists`): {codes}",
)
_IN_SCOPE = LocalizedText(
    "该试点核算范围内的类别：{names}", "categories in scope of this pilot: {names}"
)


@dataclass(frozen=True, slots=True)
class AccountedLine:
    """A new line and everything that follows from it."""

    line: NewLine
    role: LineRole
    activity: Measurement
    factor: EmissionFactor
    treatment: Treatment
    warnings: tuple[InventoryWarning, ...]
    gases: tuple[GasMass, ...]
    days_a_year: int
    rounding: Rounding

    @property
    def category(self) -> Category:
        return self.line.category


def check_creation(
    command: CreateInventory,
    pilot: Pilot,
    period: AccountingPeriod | None,
    periods: Sequence[AccountingPeriod],
) -> Refusal | None:
    """Whether the pilot can have this inventory."""
    if period is None or period.pilot_id != pilot.id:
        return PeriodNotOfPilot.of(pilot.code, [p.span for p in periods], "accountingPeriod")
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
    return _outside("operationStartsOn", first, "之前", "before", early) or _outside(
        "closedOn", last, "之后", "after", late
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


def account_line(
    line: NewLine, role: LineRole, inventory: Inventory, variant: PilotVariant
) -> AccountedLine | Refusal:
    """What a line comes to in an inventory, or why it cannot stand there."""
    problem = (
        _check_category(line.category, role)
        or _check_occurring(line.category, inventory, variant)
        or name_problem(line.label, "label")
        or check_sink(line, role)
    )
    factor = problem or _factor_of(line, role, inventory)
    if isinstance(factor, Refusal):
        return factor
    return _account(line, role, factor, inventory, variant)


def carry_over(
    line: Line, before: Inventory, after: Inventory, variant: PilotVariant
) -> AccountedLine | Refusal:
    """A line of a version in the next one: accounted anew where the list, the potentials or the days differ.

    It keeps its activity. With another list its factor is that list's, by its code or else about
    the same subject; a factor of its own stays its own. Of a draft that is amended the days may differ, too.
    """
    new = NewLine(
        line.category,
        line.label,
        line.activity,
        line.density,
        line.factor.code,
        line.sink_basis,
        line.zero_factor_basis,
    )
    problem = _check_occurring(line.category, after, variant) or check_sink(new, line.role)
    if problem is not None:
        return problem
    factor = line.factor if list_of(before) is list_of(after) else _successor(line, after)
    if isinstance(factor, Refusal):
        return factor
    new = replace(new, factor=factor.code)
    same = (before.gwp_set, before.span) == (after.gwp_set, after.span)
    if factor is line.factor and same:
        problem = _check_factor(factor, line.category, line.role) or _check_basis(
            new, line.role, factor, line.gases, after
        )
        treatment, warnings = _treat(new, line.role, factor, line.gases, after, variant)
        return problem or AccountedLine(
            new,
            line.role,
            line.activity,
            factor,
            treatment,
            warnings,
            line.gases,
            line.days_a_year,
            line.rounding,
        )
    return _account(new, line.role, factor, after, variant)


def warnings_of(
    lines: Sequence[tuple[int, AccountedLine]], standing: Sequence[Recorded]
) -> list[InventoryWarning]:
    """What there is to know of new lines (id, what it comes to) beside those that stand in their inventory."""
    new = [
        Recorded(
            line_id,
            line.role,
            line.line.category,
            line.line.label,
            line.activity,
            line.factor.subject,
            line.factor.kind is FactorKind.OWN,
            frozenset(gas.gas for gas in line.factor.gases),
        )
        for line_id, line in lines
    ]
    twice = recorded_twice(new, standing)
    found: list[InventoryWarning] = []
    for line_id, line in lines:
        found += [replace(warning, line_id=line_id) for warning in line.warnings]
        found += [twice[line_id]] if line_id in twice else []
    return found


def other_periods(inventory: Inventory, others: Sequence[Inventory]) -> list[Inventory]:
    """Of the inventories beside one, those that count for other periods: one version of each series."""
    counting = {
        other.series_id: other
        for other in sorted(others, key=lambda i: (i.verified_position is not None, i.version))
        if other.submitted_position is not None and other.series_id != inventory.series_id
    }
    return list(counting.values())


def check_carried(
    lines: Sequence[Line], carried: Sequence[AccountedLine | Refusal]
) -> LinesDoNotFitRevision | None:
    """Whether every line found its place in the next version."""
    refused = unfit(lines, carried)
    if not refused:
        return None
    path = (_CHANGED.get(type(refused[0][1]), "factorList"),)
    return LinesDoNotFitRevision(path=path, **told_of(refused))


def unfit(
    lines: Sequence[Line], results: Sequence[AccountedLine | Refusal]
) -> list[tuple[Line, Refusal]]:
    """The lines that were refused, each with why."""
    pairs = zip(lines, results, strict=True)
    return [(line, result) for line, result in pairs if isinstance(result, Refusal)]


def told_of(refused: Sequence[tuple[Line, Refusal]]) -> dict[str, Any]:
    """What a refusal says of lines that do not fit."""
    messages = [result.message for _, result in refused]
    return {
        "count": len(refused),
        "first_zh": f"{refused[0][0].label}：{messages[0].zh}",
        "first_en": f"{refused[0][0].label}: {messages[0].en}",
        "line_ids": tuple(line.id for line, _ in refused[:MOST_SHOWN]),
        "reasons_zh": tuple(message.zh for message in messages[:MOST_SHOWN]),
        "reasons_en": tuple(message.en for message in messages[:MOST_SHOWN]),
    }


def days_a_year(span: DateSpan) -> int:
    """How many days the year of an inventory has: its own where it covers one, else those of the
    calendar year in which it begins."""
    if span.is_full_year:
        return span.days
    return DAYS_A_YEAR + calendar.isleap(span.starts_on.year)


def gas_masses(result: LineAccount) -> tuple[GasMass, ...]:
    return tuple(GasMass(g.gas, g.tonnes, g.gwp.value, g.co2e) for g in result.gases)


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
    position: int,
    variant: PilotVariant,
    others: Sequence[Inventory],
) -> Inventory | Refusal:
    """The next version: a draft over the same days, with what the command changes. Its number follows
    those of all versions, discarded ones too, which are among the ``others`` of its pilot."""
    asked = {
        "gwp_set": command.gwp_set,
        "factor_list": command.factor_list,
        "not_occurring": command.not_occurring,
    }
    changes = {name: value for name, value in asked.items() if value is not None}
    result = with_terms(inventory, changes, variant)
    if isinstance(result, Refusal):
        return result
    versions = [other.version for other in others if other.series_id == inventory.series_id]
    return replace(
        result,
        id=position,
        version=max([inventory.version, *versions]) + 1,
        submitted_position=None,
        verified_position=None,
        verifier_id=None,
    )


def with_terms(
    inventory: Inventory, changes: Mapping[str, Any], variant: PilotVariant
) -> Inventory | Refusal:
    """The inventory with other potentials, another list and other declarations, where ``changes`` has them."""
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
        path=("factorList",),
        value=code[:80],
        expected_zh=expected.zh,
        expected_en=expected.en,
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
                path=("notOccurring", str(index)),
                value=category,
                expected_zh=expected.zh,
                expected_en=expected.en,
            )
    return None


def _check_category(category: Category, role: LineRole) -> Refusal | None:
    if takes(category, role):
        return None
    return CategoryRoleMismatch(
        path=("category",), category=category, role=role, accepted=categories_of(role)
    )


def _check_occurring(
    category: Category, inventory: Inventory, variant: PilotVariant
) -> Refusal | None:
    declared = GUIDE.category_in_scope(variant, category)
    if declared is None or declared not in inventory.not_occurring:
        return None
    return CategoryDeclaredNotOccurring(path=("category",), category=category, declared=declared)


def _factor_of(line: NewLine, role: LineRole, inventory: Inventory) -> EmissionFactor | Refusal:
    if isinstance(line.factor, OwnFactor):
        return own_factor(
            line.factor,
            own_activity_dimensions(line.category, role),
            of_power=is_of_power(line.category),
        )
    known = FACTORS_BY_CODE.get(line.factor)
    if known is not None and not known.usable:
        return GridBaselineRefused(factor=known.code, path=("factor",))
    listed = list_of(inventory)
    factor = listed.find(line.factor)
    return factor or _not_in_list(line.factor, listed, line.category, role)


def _successor(line: Line, inventory: Inventory) -> EmissionFactor | Refusal:
    factor = line.factor
    if factor.kind is FactorKind.OWN:
        return factor
    listed = list_of(inventory)
    same_subject = (f for f in listed.factors if f.subject == factor.subject)
    found = listed.find(factor.code) or next(same_subject, None)
    return found or _not_in_list(factor.code, listed, line.category, line.role)


def _not_in_list(
    code: str, listed: FactorList, category: Category, role: LineRole
) -> FactorNotInList:
    kinds = factor_kinds(category, role)
    return FactorNotInList(
        path=("factor",),
        factor=code[:80],
        factor_list=listed.code,
        accepted=tuple(f.code for f in listed.factors if f.kind in kinds),
        lists=tuple(other.code for other in LISTS_BY_CODE.values() if other.find(code)),
    )


def _account(
    line: NewLine,
    role: LineRole,
    factor: EmissionFactor,
    inventory: Inventory,
    variant: PilotVariant,
) -> AccountedLine | Refusal:
    problem = _check_factor(factor, line.category, role) or _check_power(line, factor)
    result = problem or account(
        line.activity,
        factor,
        inventory.gwp_set,
        density=line.density,
        full_year=inventory.span.is_full_year,
        days_a_year=days_a_year(inventory.span),
    )
    if isinstance(result, Refusal):
        return placed(result, factor)
    gases = gas_masses(result)
    problem = _check_basis(line, role, factor, gases, inventory)
    if problem is not None:
        return problem
    treatment, warnings = _treat(line, role, factor, gases, inventory, variant)
    density = None if line.density is None else _in_our_spelling(line.density)
    return AccountedLine(
        replace(line, density=density),
        role,
        _in_our_spelling(line.activity),
        factor,
        treatment,
        warnings,
        gases,
        days_a_year(inventory.span),
        Rounding.CO2E,
    )


def _check_power(line: NewLine, factor: EmissionFactor) -> Refusal | None:
    """Electricity is not stated in coal equivalents, whatever a factor of one's own is per."""
    unit = parse_unit(line.activity.unit)
    if unit is None or not is_of_power(line.category) or not coal_equivalents([unit]):
        return None
    return UnitDoesNotFit(
        path=("activity", "unit"),
        unit=unit.name,
        subject=factor.code,
        accepted=accepted_units(factor),
        hint_zh=COAL_AS_POWER.zh,
        hint_en=COAL_AS_POWER.en,
    )


def _check_basis(
    line: NewLine,
    role: LineRole,
    factor: EmissionFactor,
    gases: Sequence[GasMass],
    inventory: Inventory,
) -> Refusal | None:
    """Whether a line whose figures want a reason or evidence has it, and no other."""
    problem = check_zero_factor(line, role, factor, gases)
    if problem is not None or role is LineRole.SOURCE:
        return problem
    tonnes = total(gas.tonnes for gas in gases)
    return check_sink_size(line.sink_basis, factor, tonnes, inventory.span.days)


def _in_our_spelling(stated: Measurement) -> Measurement:
    unit = parse_unit(stated.unit)
    assert unit is not None, stated
    return Measurement(stated.value, unit.name)


def _check_factor(factor: EmissionFactor, category: Category, role: LineRole) -> Refusal | None:
    """Whether a factor is about the category, and its gases are such that the line can count."""
    kinds = factor_kinds(category, role)
    own = factor.kind is FactorKind.OWN
    fits = takes_own_factors(category) if own else factor.kind in kinds
    if not fits:
        return FactorDoesNotFitCategory(
            path=("ownFactor" if own else "factor",),
            factor=factor.code,
            kind=factor.kind,
            category=category,
            role=role,
            accepted=tuple(sorted(kinds)),
        )
    gases = [gas.gas for gas in factor.gases]
    return _check_sink_gases(factor, gases, role) or _check_memo_gases(factor, gases, category)


def _check_sink_gases(
    factor: EmissionFactor, gases: Sequence[Gas], role: LineRole
) -> Refusal | None:
    # A published uptake per area may be stated in CO2e: what it rests on is the area.
    if role is LineRole.SOURCE or factor.kind is FactorKind.FORESTRY:
        return None
    for gas in gases:
        if gas not in SINK_GASES:
            return SinkGasRefused(
                path=gas_path(factor, gas),
                gas=gas,
                accepted=tuple(sorted(SINK_GASES)),
            )
    return None


def _check_memo_gases(
    factor: EmissionFactor, gases: Sequence[Gas], category: Category
) -> Refusal | None:
    # One treatment a line, as the database keeps it: a total then needs no gas to be asked.
    memo = tuple(gas for gas in gases if _is_memo(category, gas))
    counted = tuple(gas for gas in gases if not _is_memo(category, gas))
    if not memo or not counted:
        return None
    return MemoGasMixed(path=gas_path(factor, memo[0]), counted=counted, memo=memo)


def _is_memo(category: Category, gas: Gas) -> bool:
    return not gas.in_basket or is_biogenic(category, gas)


def _treat(
    line: NewLine,
    role: LineRole,
    factor: EmissionFactor,
    gases: tuple[GasMass, ...],
    inventory: Inventory,
    variant: PilotVariant,
) -> tuple[Treatment, tuple[InventoryWarning, ...]]:
    treatment = GUIDE.treatment(variant, line.category, sink=role is LineRole.SINK)
    warnings = line_warnings(
        Case(
            role,
            line.category,
            line.label,
            line.activity,
            line.density,
            factor,
            treatment,
            gases,
            days_a_year(inventory.span),
            inventory,
            variant,
        )
    )
    memo = any(_is_memo(line.category, gas.gas) for gas in factor.gases)
    return (Treatment.MEMO if memo else treatment), warnings
