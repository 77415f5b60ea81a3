"""What a target must be. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from nzc_api.accounting.exact import GRAM, plain
from nzc_api.inventories.model import Basis
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.pilots.rules import check_year
from nzc_api.refusal import InvalidInput, Refusal, first_refused
from nzc_api.statements.coverage import CoverageStatus
from nzc_api.statements.model import Assurance, NetEmissions, why_unknown
from nzc_api.targets.curve import Points, in_year
from nzc_api.targets.errors import (
    TargetBaselineIncomplete,
    TargetBaselineNotPositive,
    TargetBaselineUnknown,
    TargetBeforeBaseline,
    TargetDoesNotEndAtZero,
    TargetRises,
    TargetSuperseded,
    TargetYearsDoNotRise,
)
from nzc_api.targets.model import (
    Ceiling,
    Target,
    TargetMeasure,
    TargetTerms,
    gross_points,
    net_points,
)

MOST_CEILINGS = 50

# t a year: more than all of China emits; the database holds the same.
MOST_TONNES = 10**12

# What a target may begin with (section 一 of the guide): a survey of the past or a projection.
BASELINE_BASES = (Basis.HISTORICAL, Basis.PROJECTED)


def check_form(terms: TargetTerms) -> Refusal | None:
    """Whether the terms are such as a target can have, whatever its baseline is: amounts that can be, years
    that rise, ceilings that never do and end at zero."""
    ceilings = terms.ceilings
    return (
        _check_count(terms)
        or first_refused("ceilings", ceilings, _check_amounts)
        or _check_years(ceilings)
        or _check_falls(TargetMeasure.NET, net_points(ceilings))
        or _check_falls(TargetMeasure.GROSS, gross_points(ceilings))
        or _check_zero(ceilings[-1])
    )


def check_baseline(
    pilot: Pilot, period: AccountingPeriod, statement: NetEmissions | None, basis: Basis
) -> Refusal | None:
    """Whether a target may begin with what the pilot states of a period: a whole year of operation, that is
    known, verified, complete and above zero."""
    return (
        _check_basis(basis)
        or _check_year(pilot, period.span)
        or _check_known(statement)
        or _check_complete(statement)
        or _check_positive(statement)
    )


def check_start(target: Target) -> Refusal | None:
    """Whether the ceilings come after the baseline, and none is above it."""
    return (
        _check_after(target.baseline.year, target.ceilings[0])
        or _check_falls(TargetMeasure.NET, target.net_points)
        or _check_falls(TargetMeasure.GROSS, target.gross_points)
    )


def check_latest(target: Target, latest: Target) -> Refusal | None:
    """Whether a version is the one that stands, which alone can be revised."""
    if target.id == latest.id:
        return None
    return TargetSuperseded(
        path=("target",),
        target_id=target.id,
        version=target.version,
        latest_id=latest.id,
        latest_version=latest.version,
    )


def weakens(before: Points, after: Points) -> bool:
    """Whether in some year that the first limits the second allows more; before its own baseline it allows all."""
    (first, _), (baseline, _) = before[0], after[0]
    last = max(before[-1][0], after[-1][0])
    return any(
        year < baseline or in_year(after, year) > in_year(before, year)
        for year in range(first + 1, last + 1)
    )


def _check_count(terms: TargetTerms) -> Refusal | None:
    routes = terms.routes
    if not 1 <= len(terms.ceilings) <= MOST_CEILINGS:
        return InvalidInput(
            path=("ceilings",),
            value=str(len(terms.ceilings)),
            expected_zh=f"1至{MOST_CEILINGS}个年度上限",
            expected_en=f"1 to {MOST_CEILINGS} ceilings",
        )
    if not routes or len(set(routes)) < len(routes):
        return InvalidInput(
            path=("routes",),
            value=", ".join(routes) or "[]",
            expected_zh="至少一条路线，每条一次",
            expected_en="at least one route, each once",
        )
    return None


def _check_amounts(ceiling: Ceiling) -> Refusal | None:
    return (
        check_year(ceiling.year)
        or _check_tonnes("net", ceiling.net)
        or _check_tonnes("gross", ceiling.gross)
        or _check_tonnes("credits", ceiling.credits)
        or _check_gross(ceiling)
    )


def _check_tonnes(field: str, tonnes: Decimal | int | None) -> Refusal | None:
    if tonnes is None or (0 <= tonnes <= MOST_TONNES and tonnes == round(tonnes, GRAM)):
        return None
    return InvalidInput(
        path=(field,),
        value=plain(Decimal(tonnes)),
        expected_zh=f"0至{MOST_TONNES}吨，至多{GRAM}位小数（克）",
        expected_en=f"0 to {MOST_TONNES} tonnes, with at most {GRAM} decimals (a gram)",
    )


def _check_gross(ceiling: Ceiling) -> Refusal | None:
    if ceiling.gross is None or ceiling.gross >= ceiling.net:
        return None
    return InvalidInput(
        path=("gross",),
        value=plain(ceiling.gross),
        expected_zh=f"不低于同年的净排放上限（{plain(ceiling.net)} t CO2e）",
        expected_en=f"not below the year's ceiling of the net ({plain(ceiling.net)} t CO2e)",
    )


def _check_years(ceilings: Sequence[Ceiling]) -> Refusal | None:
    for number, (before, after) in enumerate(pairwise(ceilings), 1):
        if after.year <= before.year:
            return TargetYearsDoNotRise(
                path=("ceilings", str(number), "year"),
                year=after.year,
                previous_year=before.year,
            )
    return None


def _check_basis(basis: Basis) -> Refusal | None:
    if basis in BASELINE_BASES:
        return None
    return InvalidInput(
        path=("baseline", "basis"),
        value=basis,
        expected_zh="HISTORICAL（历史摸查）或PROJECTED（投产后预估），见指南第一节",
        expected_en="HISTORICAL or PROJECTED: a survey of the past or a projection (section 一 of the guide)",
    )


def _check_year(pilot: Pilot, span: DateSpan) -> Refusal | None:
    if span.is_full_year and pilot.in_operation(span) == span:
        return None
    return InvalidInput(
        path=("baseline", "accounting_period"),
        value=f"{span.starts_on} – {span.ends_on}",
        expected_zh="恰为一年、试点全年运营的核算期",
        expected_en="an accounting period of exactly a year, all of it in operation",
    )


def _check_known(statement: NetEmissions | None) -> Refusal | None:
    unknown = why_unknown(statement)
    return TargetBaselineUnknown(path=("baseline",), reasons=unknown) if unknown else None


def _check_complete(statement: NetEmissions | None) -> Refusal | None:
    if statement is None:
        return None
    assurance, coverage = statement.assurance, statement.coverage.status
    if assurance is Assurance.VERIFIED and coverage is CoverageStatus.COMPLETE:
        return None
    return TargetBaselineIncomplete(path=("baseline",), assurance=assurance, coverage=coverage)


def _check_positive(statement: NetEmissions | None) -> Refusal | None:
    if statement is None or statement.gross_co2e is None or statement.net_co2e is None:
        return None
    gross, net = statement.gross_co2e, statement.net_co2e
    if gross > 0 and net > 0:
        return None
    return TargetBaselineNotPositive(path=("baseline",), gross=plain(gross), net=plain(net))


def _check_after(baseline_year: int, first: Ceiling) -> Refusal | None:
    if first.year > baseline_year:
        return None
    return TargetBeforeBaseline(
        path=("ceilings", "0", "year"), year=first.year, baseline_year=baseline_year
    )


def _check_falls(measure: TargetMeasure, points: Points) -> Refusal | None:
    for (previous_year, previous), (year, value) in pairwise(points):
        if value > previous:
            return TargetRises(
                path=("ceilings",),
                measure=measure,
                year=year,
                value=plain(value),
                previous_year=previous_year,
                previous_value=plain(previous),
            )
    return None


def _check_zero(last: Ceiling) -> Refusal | None:
    if last.net == 0:
        return None
    return TargetDoesNotEndAtZero(path=("ceilings",), year=last.year, net=plain(last.net))
