"""What a line of an inventory must be, and what it comes to. Pure."""

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nzc_api.accounting.errors import GridBaselineRefused, GwpMissing, UnitDoesNotFit
from nzc_api.accounting.exact import total
from nzc_api.accounting.factors import (
    FACTORS_BY_CODE,
    LISTS_BY_CODE,
    EmissionFactor,
    FactorKind,
    FactorList,
)
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import LineAccount, Measurement, Rounding, accepted_units, account
from nzc_api.accounting.misfits import COAL_AS_POWER, coal_equivalents
from nzc_api.accounting.unit_table import DAYS_A_YEAR
from nzc_api.accounting.units import parse_unit
from nzc_api.certificates.errors import CertificatesRequired
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, PilotVariant, Treatment
from nzc_api.ids import LineId
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
from nzc_api.inventories.certified import check_certified
from nzc_api.inventories.electricity_method import counted_share
from nzc_api.inventories.errors import (
    CategoryDeclaredNotOccurring,
    CategoryRoleMismatch,
    FactorDoesNotFitCategory,
    FactorNotInList,
    GreenPowerNotByLocation,
    LinesDoNotFitRevision,
    MemoGasMixed,
    NotASink,
    SinkBasisRequired,
    SinkGasRefused,
    SinkImplausible,
    ZeroFactorUnexplained,
)
from nzc_api.inventories.model import (
    GasMass,
    Inventory,
    Line,
    LineRole,
    MeterBasis,
    NewLine,
    OwnFactor,
)
from nzc_api.inventories.own_factor import gas_path, own_factor, placed
from nzc_api.inventories.repeated import RecordedLine, recorded_twice
from nzc_api.inventories.rules import list_of
from nzc_api.inventories.sinks import check_sink, check_sink_size
from nzc_api.inventories.warning_rules import Case, line_warnings
from nzc_api.inventories.warnings import InventoryWarning
from nzc_api.inventories.zero_factor import check_zero_factor
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.rules import PILOT_CODE
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem

# What an input calls the lines that it lists.
FIELDS = {LineRole.SOURCE: "sources", LineRole.SINK: "sinks"}

# How many lines a refused revision names.
MOST_SHOWN = 100

# What a revision changed where a line of the version before no longer fits.
_CHANGED: Mapping[type[Refusal], str] = {
    GwpMissing: "gwp_set",
    CategoryDeclaredNotOccurring: "not_occurring",
    SinkGasRefused: "leave_out",
    SinkBasisRequired: "leave_out",
    SinkImplausible: "leave_out",
    ZeroFactorUnexplained: "leave_out",
    CertificatesRequired: "leave_out",
    GreenPowerNotByLocation: "electricity_method",
    NotASink: "leave_out",
}


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

    @property
    def meter_basis(self) -> MeterBasis | None:
        return self.line.meter_basis


def account_each(
    lines: Iterable[NewLine], role: LineRole, inventory: Inventory, variant: PilotVariant
) -> Iterator[AccountedLine | Refusal]:
    """What each of the lines that an input lists comes to, or why it cannot stand there and which it is."""
    for number, line in enumerate(lines):
        result = account_line(line, role, inventory, variant)
        if isinstance(result, Refusal):
            result = result.under(FIELDS[role], str(number))
        yield result


def account_line(
    line: NewLine, role: LineRole, inventory: Inventory, variant: PilotVariant
) -> AccountedLine | Refusal:
    """What a line comes to in an inventory, or why it cannot stand there."""
    problem = (
        _check_category(line.category, role)
        or _check_occurring(line.category, inventory, variant)
        or name_problem(line.label, "label")
        or _check_duty_unit(line.duty_unit, role)
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
    new = line.said(line.factor.code)
    problem = (
        _check_occurring(line.category, after, variant)
        or check_sink(new, line.role)
        or _check_days(line, after)
    )
    if problem is not None:
        return problem
    factor = line.factor if list_of(before) is list_of(after) else _successor(line, after)
    if isinstance(factor, Refusal):
        return factor
    new = replace(new, factor=factor.code)
    same = (before.gwp_set, before.span) == (after.gwp_set, after.span) and (
        not line.certificates or before.electricity_method is after.electricity_method
    )
    if factor is line.factor and same:
        problem = (
            _check_factor(factor, line.category, line.role)
            or check_certified(new, line.role, factor.kind, after.span)
            or _check_basis(new, line.role, factor, line.gases, after)
        )
        treatment, warnings = _treat(new, line.role, factor, line.gases, after, variant)
        return problem or AccountedLine(
            line=new,
            role=line.role,
            activity=line.activity,
            factor=factor,
            treatment=treatment,
            warnings=warnings,
            gases=line.gases,
            days_a_year=line.days_a_year,
            rounding=line.rounding,
        )
    return _account(new, line.role, factor, after, variant)


def recorded(lines: Sequence[tuple[LineId, AccountedLine]]) -> list[RecordedLine]:
    """New lines (id, what it comes to), as far as they may repeat others."""
    return [
        RecordedLine(
            id=line_id,
            role=line.role,
            category=line.line.category,
            label=line.line.label,
            activity=line.activity,
            subject=line.factor.subject,
            own=line.factor.kind is FactorKind.OWN,
            gases=frozenset(gas.gas for gas in line.factor.gases),
        )
        for line_id, line in lines
    ]


def warnings_of(
    lines: Sequence[tuple[LineId, AccountedLine]], standing: Sequence[RecordedLine]
) -> list[InventoryWarning]:
    """What there is to know of new lines (id, what it comes to) beside those that stand in their inventory."""
    twice = recorded_twice(recorded(lines), standing)
    found: list[InventoryWarning] = []
    for line_id, line in lines:
        found += [replace(warning, line_id=line_id) for warning in line.warnings]
        found += [twice[line_id]] if line_id in twice else []
    return found


def check_carried(
    lines: Sequence[Line], carried: Sequence[AccountedLine | Refusal]
) -> LinesDoNotFitRevision | None:
    """Whether every line found its place in the next version."""
    refused = unfit(lines, carried)
    if not refused:
        return None
    path = (_CHANGED.get(type(refused[0][1]), "factor_list"),)
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
    return tuple(
        GasMass(gas=g.gas, tonnes=g.tonnes, gwp=g.gwp.value, co2e=g.co2e) for g in result.gases
    )


def _check_duty_unit(unit: str | None, role: LineRole) -> Refusal | None:
    if unit is None or (role is LineRole.SOURCE and PILOT_CODE.fullmatch(unit)):
        return None
    return InvalidInput(
        path=("duty_unit",),
        value=unit[:80],
        expected_zh="责任单位的代码，1至40个大写字母、数字或连字符；碳汇没有责任单位",
        expected_en="the code of a unit, 1 to 40 capital letters, digits or hyphens; a sink is of none",
    )


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


def _check_days(line: Line, inventory: Inventory) -> InvalidInput | None:
    """A line that was drafted from a meter is of the days of its inventory."""
    basis = line.meter_basis
    if basis is None or basis.days == inventory.span:
        return None
    days = f"{basis.days.starts_on} – {basis.days.ends_on}"
    return InvalidInput(
        path=("covers",),
        value=f"{inventory.span.starts_on} – {inventory.span.ends_on}",
        expected_zh=f"{days}：该行按计量点这些日期的用量起草；改为其他日期的，请先移除该行，再重新起草",
        expected_en=f"{days}: the line was drafted from what a meter used on these days; for others take it out, and "
        "draft it anew",
    )


def _factor_of(line: NewLine, role: LineRole, inventory: Inventory) -> EmissionFactor | Refusal:
    if isinstance(line.factor, OwnFactor):
        return own_factor(
            line.factor,
            own_activity_dimensions(line.category, role),
            of_power=is_of_power(line.category),
        )
    named = FACTORS_BY_CODE.get(line.factor)
    if named is not None and not named.usable:
        return GridBaselineRefused(factor=named.code, path=("factor",))
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
    problem = (
        _check_factor(factor, line.category, role)
        or _check_power(line, factor)
        or check_certified(line, role, factor.kind, inventory.span)
    )
    result = problem or account(
        line.activity,
        factor,
        inventory.gwp_set,
        density=line.density,
        full_year=inventory.span.is_full_year,
        days_a_year=days_a_year(inventory.span),
        share=counted_share(inventory.electricity_method, line.activity, line.certificates),
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
        line=replace(line, density=density),
        role=role,
        activity=_in_our_spelling(line.activity),
        factor=factor,
        treatment=treatment,
        warnings=warnings,
        gases=gases,
        days_a_year=days_a_year(inventory.span),
        rounding=Rounding.CO2E,
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
    problem = check_zero_factor(line, role, factor, gases, inventory)
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
            path=("own_factor" if own else "factor",),
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
            role=role,
            category=line.category,
            label=line.label,
            activity=line.activity,
            density=line.density,
            factor=factor,
            treatment=treatment,
            gases=gases,
            days_a_year=days_a_year(inventory.span),
            inventory=inventory,
            variant=variant,
            meter_basis=line.meter_basis,
        )
    )
    memo = any(_is_memo(line.category, gas.gas) for gas in factor.gases)
    return (Treatment.MEMO if memo else treatment), warnings
