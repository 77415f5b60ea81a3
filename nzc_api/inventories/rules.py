"""What an inventory and its lines must be. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nzc_api.accounting.errors import GridBaselineRefused, UnitDoesNotFit, UnitUnknown
from nzc_api.accounting.exact import plain
from nzc_api.accounting.factors import (
    FACTORS_BY_CODE,
    LISTS_BY_CODE,
    Confidence,
    EmissionFactor,
    FactorKind,
    FactorList,
    FactorPart,
    GasFactor,
    Source,
)
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import LineAccount, Measurement, account
from nzc_api.accounting.units import activity_units, parse_unit
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, PilotVariant, Treatment
from nzc_api.inventories.categories import (
    FACTOR_KINDS,
    categories_of,
    own_activity_dimensions,
    takes,
)
from nzc_api.inventories.errors import (
    CategoryRoleMismatch,
    FactorDoesNotFitCategory,
    FactorNotInList,
    InventoryEmpty,
    InventoryOutsidePeriod,
    InventoryOverlap,
    InventoryStatusConflict,
    InventorySuperseded,
    PhaseNotOfVariant,
)
from nzc_api.inventories.model import (
    CreateInventory,
    GasMass,
    Inventory,
    InventoryStatus,
    LineRole,
    LineWarning,
    NewLine,
    OwnFactor,
)
from nzc_api.pilots.errors import PeriodNotOfPilot
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.pilots.rules import check_order
from nzc_api.refusal import InvalidInput, LocalizedText, NotFound, Refusal
from nzc_api.text import name_problem

MOST_PARTS, LONGEST_SOURCE = 8, 500

YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class AccountedLine:
    """A new line and everything that follows from it."""

    line: NewLine
    role: LineRole
    activity: Measurement
    factor: EmissionFactor
    treatment: Treatment
    warnings: tuple[LineWarning, ...]
    gases: tuple[GasMass, ...]


def check_creation(
    command: CreateInventory,
    pilot: Pilot,
    period: AccountingPeriod | None,
    periods: Sequence[AccountingPeriod],
) -> Refusal | None:
    """Whether the pilot can have this inventory."""
    if period is None or period.pilot_id != pilot.id:
        return PeriodNotOfPilot(
            path=("accountingPeriod",),
            pilot_code=pilot.code,
            periods=tuple(f"{p.span.starts_on} – {p.span.ends_on}" for p in periods),
        )
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
    return (
        _check_list(command.factor_list)
        or _check_covered(command.span, period)
        or _check_not_occurring(command.not_occurring, pilot.variant)
    )


def account_line(
    line: NewLine, role: LineRole, inventory: Inventory, variant: PilotVariant
) -> AccountedLine | Refusal:
    """What a line comes to in an inventory, or why it cannot stand there."""
    if not takes(line.category, role):
        return CategoryRoleMismatch(
            path=("category",), category=line.category, role=role, accepted=categories_of(role)
        )
    problem = name_problem(line.label, "label")
    if problem is not None:
        return problem
    factor = _factor_of(line, inventory)
    if isinstance(factor, Refusal):
        return factor
    result = account(
        line.activity,
        factor,
        inventory.gwp_set,
        density=line.density,
        full_year=inventory.span.is_full_year,
    )
    if isinstance(result, Refusal):
        return result
    unit = parse_unit(line.activity.unit)
    assert unit is not None
    treatment, warnings = _treat(line, factor, inventory, variant)
    return AccountedLine(
        line,
        role,
        Measurement(line.activity.value, unit.name),
        factor,
        treatment,
        warnings,
        gas_masses(result),
    )


def gas_masses(result: LineAccount) -> tuple[GasMass, ...]:
    return tuple(GasMass(g.gas, g.tonnes, g.gwp.value, g.co2e) for g in result.gases)


def check_draft(inventory: Inventory) -> Refusal | None:
    """Only a draft may change."""
    return _check_status(inventory, InventoryStatus.DRAFT)


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
    if inventory.status is InventoryStatus.DRAFT:
        return InventoryStatusConflict(
            path=("inventory",),
            inventory_id=inventory.id,
            status=inventory.status,
            needed=f"{InventoryStatus.SUBMITTED} / {InventoryStatus.VERIFIED}",
        )
    return _check_latest(inventory, others, drafts=True)


def _check_status(inventory: Inventory, needed: InventoryStatus) -> Refusal | None:
    if inventory.status is needed:
        return None
    return InventoryStatusConflict(
        path=("inventory",), inventory_id=inventory.id, status=inventory.status, needed=needed
    )


def _check_latest(
    inventory: Inventory, others: Sequence[Inventory], *, drafts: bool = False
) -> Refusal | None:
    for other in others:
        later = other.series_id == inventory.series_id and other.version > inventory.version
        if later and (drafts or other.status is not InventoryStatus.DRAFT):
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
        in_force = other.status is not InventoryStatus.DRAFT
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
    return NotFound(
        path=("factorList",), value=code[:80], kind_zh="因子列表", kind_en="factor list"
    )


def _check_covered(span: DateSpan | None, period: AccountingPeriod) -> Refusal | None:
    if span is None:
        return None
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


def _check_not_occurring(categories: Sequence[Category], variant: PilotVariant) -> Refusal | None:
    in_scope = {term.category for term in GUIDE.variant(variant).categories}
    for index, category in enumerate(categories):
        if category not in in_scope:
            names = ", ".join(sorted(in_scope))
            return InvalidInput(
                path=("notOccurring", str(index)),
                value=category,
                expected_zh=f"该试点核算范围内的类别：{names}",
                expected_en=f"categories in scope of this pilot: {names}",
            )
    return None


def _factor_of(line: NewLine, inventory: Inventory) -> EmissionFactor | Refusal:
    if isinstance(line.factor, OwnFactor):
        own = _own_factor(line.factor)
        return own if isinstance(own, Refusal) else _check_own_activity(own, line)
    known = FACTORS_BY_CODE.get(line.factor)
    if known is not None and not known.usable:
        return GridBaselineRefused(factor=known.code, path=("factor",))
    listed = LISTS_BY_CODE[inventory.factor_list]
    factor = listed.find(line.factor)
    if factor is None:
        return FactorNotInList(
            path=("factor",),
            factor=line.factor[:80],
            factor_list=listed.code,
            accepted=_fitting(listed, line.category),
        )
    if factor.kind not in FACTOR_KINDS[line.category]:
        return FactorDoesNotFitCategory(
            path=("factor",),
            factor=factor.code,
            kind=factor.kind,
            category=line.category,
            accepted=tuple(sorted(FACTOR_KINDS[line.category])),
        )
    return factor


def _fitting(listed: FactorList, category: Category) -> tuple[str, ...]:
    return tuple(f.code for f in listed.factors if f.kind in FACTOR_KINDS[category])


def _own_factor(own: OwnFactor) -> EmissionFactor | Refusal:
    unnamed = name_problem(own.name, "ownFactor", "name") or name_problem(
        own.source, "ownFactor", "source", longest=LONGEST_SOURCE
    )
    if unnamed is not None:
        return unnamed
    source = Source(own.source, "supplied by the pilot", Confidence.SUPPLIED)
    gases: list[GasFactor] = []
    for index, gas in enumerate(own.gases):
        path = ("ownFactor", "gases", str(index))
        if any(earlier.gas is gas.gas for earlier in gases):
            return _invalid(gas.gas, "每种气体只列一次", "each gas once", *path, "gas")
        if not 1 <= len(gas.parts) <= MOST_PARTS:
            zh, en = f"1至{MOST_PARTS}个因数", f"1 to {MOST_PARTS} parts"
            return _invalid(str(len(gas.parts)), zh, en, *path, "parts")
        parts: list[FactorPart] = []
        for number, part in enumerate(gas.parts):
            where = (*path, "parts", str(number))
            problem = _own_part_problem(part.quantity, part.value, part.unit, where)
            if problem is not None:
                return problem
            parts.append(FactorPart(part.quantity, part.value, part.unit, source))
        gases.append(GasFactor(gas.gas, tuple(parts)))
    if not gases:
        return _invalid("[]", "至少一种气体", "at least one gas", "ownFactor", "gases")
    # A pilot names its own factor in whatever language it works in.
    name = LocalizedText(own.name, own.name)
    return EmissionFactor("own", 1, FactorKind.OWN, "own", name, tuple(gases), "-", "-")


def _own_part_problem(
    quantity: str, value: Decimal, unit: str, path: tuple[str, ...]
) -> Refusal | None:
    problem = name_problem(quantity, *path, "quantity")
    if problem is not None:
        return problem
    if value < 0:
        return _invalid(plain(value), "不小于0", "not negative", *path, "value")
    if parse_unit(unit) is None:
        examples = ("kgCO2/kWh", "GJ/t", "tC/TJ", "kgCH4/head/yr", "1")
        return UnitUnknown(path=(*path, "unit"), unit=unit[:80], accepted=examples)
    return None


def _check_own_activity(factor: EmissionFactor, line: NewLine) -> EmissionFactor | Refusal:
    dimensions = own_activity_dimensions(line.category)
    unit = parse_unit(line.activity.unit)
    if dimensions is None or unit is None or unit.dimensions in dimensions:
        return factor
    accepted = tuple(name for wanted in dimensions for name in activity_units(wanted))
    return UnitDoesNotFit(
        path=("activity", "unit"), unit=unit.name, subject=line.category, accepted=accepted
    )


def _treat(
    line: NewLine, factor: EmissionFactor, inventory: Inventory, variant: PilotVariant
) -> tuple[Treatment, tuple[LineWarning, ...]]:
    treatment = GUIDE.treatment(variant, line.category)
    outside = any(not gas.gas.in_basket for gas in factor.gases)
    found = {
        LineWarning.CATEGORY_UNLISTED: treatment is Treatment.COUNTED_UNLISTED,
        LineWarning.CATEGORY_OUT_OF_SCOPE: treatment is Treatment.MEMO,
        LineWarning.GAS_OUTSIDE_BASKET: outside,
        LineWarning.FACTOR_OF_ANOTHER_YEAR: _of_another_year(factor, inventory.span),
        LineWarning.FACTOR_OWN: factor.kind is FactorKind.OWN,
        LineWarning.GWP_UNKNOWN: any(gas.gas is Gas.CO2E for gas in factor.gases),
    }
    warnings = tuple(warning for warning, holds in found.items() if holds)
    return (Treatment.MEMO if outside else treatment), warnings


def _of_another_year(factor: EmissionFactor, span: DateSpan) -> bool:
    year = factor.valid_year
    single = len(year) == YEAR_DIGITS and year.isdecimal()
    return single and not span.starts_on.year <= int(year) <= span.ends_on.year


def _invalid(value: str, zh: str, en: str, *path: str) -> InvalidInput:
    return InvalidInput(path=path, value=value, expected_zh=zh, expected_en=en)
