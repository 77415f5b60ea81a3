"""What a pilot, its place and its periods must be. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Establishment
from nzc_api.ids import PeriodId, PilotId
from nzc_api.pilots.errors import (
    AccountingPeriodInUse,
    AccountingPeriodOverlap,
    AccountingPeriodWithdrawn,
    ApplicantNotEligible,
    DatesOutOfOrder,
    PilotClosed,
    SurroundingPilotCycle,
)
from nzc_api.pilots.model import (
    AccountingPeriod,
    Candidate,
    DateSpan,
    Pilot,
    RegisterPilot,
    Resting,
)
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal
from nzc_api.text import name_problem

PILOT_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,38}[A-Z0-9])?")

# No pilot accounts for days outside of these; they catch a slip such as 20024 or 0024.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)

# No pilot is older than this, which catches the same.
FIRST_OPERATION = date(1900, 1, 1)

LONGEST_PERIOD_DAYS = 366


def check_pilot(command: RegisterPilot, today: date) -> Refusal | None:
    """Whether the guide and common sense let this pilot be registered."""
    return (
        _check_code(command.code)
        or check_candidate(command, today)
        or _check_new_periods(command.periods)
    )


def check_candidate(candidate: Candidate, today: date) -> Refusal | None:
    """Whether the guide and common sense let it become a pilot."""
    return (
        _check_texts(("name", candidate.name), ("applicant_name", candidate.applicant_name))
        or _check_applicant(candidate)
        or _check_division(candidate.division_code)
        or _check_establishment(candidate, today)
    )


def check_amendment(after: Pilot, today: date) -> Refusal | None:
    """Whether a pilot may have the facts that it was amended to."""
    return (
        _check_texts(("name", after.name), ("applicant_name", after.applicant_name))
        or _check_start(after.establishment, after.operation_starts_on, today)
        or _check_closure(after)
    )


def check_open(pilot: Pilot, span: DateSpan, day: date, *path: str) -> PilotClosed | None:
    """Whether the pilot was in operation until a day of a span, as far as it was closed."""
    if pilot.closed_on is None or day <= pilot.closed_on:
        return None
    return PilotClosed(
        path=path,
        pilot_id=pilot.id,
        pilot_code=pilot.code,
        closed_on=str(pilot.closed_on),
        starts_on=str(span.starts_on),
        ends_on=str(span.ends_on),
    )


def new_bounds(before: Pilot, after: Pilot) -> tuple[date | None, date | None]:
    """The first and the last day of operation, where an amendment makes the first one later, and the last
    one earlier."""
    start, end = after.operation_starts_on, after.closed_on
    later = start if start and start > (before.operation_starts_on or date.min) else None
    earlier = end if end and end < (before.closed_on or date.max) else None
    return later, earlier


def check_span(span: DateSpan) -> Refusal | None:
    """Whether the span can be an accounting period: ordered, plausible, a year at most."""
    problem = check_order(span)
    if problem is not None:
        return problem
    if span.days > LONGEST_PERIOD_DAYS:
        return InvalidInput(
            path=("ends_on",),
            value=f"{span.starts_on} – {span.ends_on}",
            expected_zh="核算期不超过一年（通常为自然年）",
            expected_en="a period of at most a year, as a rule a calendar year",
        )
    return None


def check_order(span: DateSpan, first: str = "starts_on", last: str = "ends_on") -> Refusal | None:
    """Whether the days are plausible and in order; ``first`` and ``last``: what they are called where they are told."""
    for name, day in ((first, span.starts_on), (last, span.ends_on)):
        problem = _check_plausible(day, FIRST_DAY, name)
        if problem is not None:
            return problem
    if span.ends_on < span.starts_on:
        return DatesOutOfOrder(
            starts_on=str(span.starts_on), ends_on=str(span.ends_on), path=(last,)
        )
    return None


def check_year(year: int) -> Refusal | None:
    """Whether a pilot can account for days of the year."""
    if FIRST_DAY.year <= year <= LAST_DAY.year:
        return None
    return InvalidInput(
        path=("year",),
        value=str(year),
        expected_zh=f"{FIRST_DAY.year}至{LAST_DAY.year}之间的年份",
        expected_en=f"a year from {FIRST_DAY.year} to {LAST_DAY.year}",
    )


def _check_plausible(day: date, first: date, *path: str) -> InvalidInput | None:
    if first <= day <= LAST_DAY:
        return None
    return InvalidInput(
        path=path,
        value=str(day),
        expected_zh=f"{first}至{LAST_DAY}之间的日期",
        expected_en=f"a day from {first} to {LAST_DAY}",
    )


def check_overlap(span: DateSpan, others: Iterable[AccountingPeriod]) -> Refusal | None:
    """Whether a pilot that has the ``others`` may account for ``span`` too."""
    for other in others:
        if span.overlaps(other.span):
            return _overlap(span, other.span, other.id)
    return None


def check_withdrawal(
    period: AccountingPeriod, inventories: Resting, postings: Resting, targets: Resting
) -> Refusal | None:
    """Whether a period may be taken back that these rest on."""
    if period.withdrawn_position is not None:
        return AccountingPeriodWithdrawn(
            starts_on=str(period.span.starts_on),
            ends_on=str(period.span.ends_on),
            withdrawn_position=period.withdrawn_position,
        )
    if not (inventories.count or postings.count or targets.count):
        return None
    return AccountingPeriodInUse.of(period, inventories, postings, targets)


def check_placement(pilot: Pilot, surrounding: Sequence[Pilot]) -> Refusal | None:
    """Whether ``pilot`` may lie in the first of ``surrounding``, which lies in the second, and so on."""
    if all(outer.id != pilot.id for outer in surrounding):
        return None
    chain = [pilot]
    for outer in surrounding:
        chain.append(outer)
        if outer.id == pilot.id:
            break
    return SurroundingPilotCycle.of([(item.id, item.code) for item in chain], "surrounding_pilot")


def check_beside(
    pilot: Pilot, other: Pilot, surrounding: Mapping[PilotId, Sequence[PilotId]]
) -> Refusal | None:
    """Whether two pilots may share ground: neither is the other, or lies in it."""
    apart = pilot.id != other.id and pilot.id not in surrounding[other.id]
    if apart and other.id not in surrounding[pilot.id]:
        return None
    return InvalidInput(
        path=("other",),
        value=other.code,
        expected_zh="另一试点，且两者互不包含",
        expected_en="another pilot that neither surrounds the first nor lies in it",
    )


def _check_code(code: str) -> Refusal | None:
    if PILOT_CODE.fullmatch(code):
        return None
    return InvalidInput(
        path=("code",),
        value=code[:80],
        expected_zh="1至40个大写字母、数字或连字符，首尾不为连字符",
        expected_en="1 to 40 capital letters, digits or hyphens, no hyphen at the ends",
    )


def _check_texts(*texts: tuple[str, LocalizedText]) -> Refusal | None:
    for field, text in texts:
        problem = name_problem(text.zh, field, "zh") or name_problem(text.en, field, "en")
        if problem is not None:
            return problem
    return None


def _check_applicant(command: Candidate) -> Refusal | None:
    kind = GUIDE.kind_of(command.variant)
    accepted = tuple(term.applicant for term in kind.applicants)
    if command.applicant_kind in accepted:
        return None
    return ApplicantNotEligible(
        path=("applicant_kind",),
        applicant=command.applicant_kind,
        kind_zh=kind.name.zh,
        kind_en=kind.name.en,
        section=kind.section_applicants,
        accepted=accepted,
    )


def _check_division(code: str) -> Refusal | None:
    if GUIDE.division(code) is not None:
        return None
    return InvalidInput(
        path=("administrative_division",),
        value=code[:80],
        expected_zh="广东省21个地级市之一的行政区划代码（GB/T 2260），如440100",
        expected_en="the GB/T 2260 code of one of Guangdong's 21 prefecture-level cities, such as 440100",
    )


def _check_establishment(command: Candidate, today: date) -> Refusal | None:
    variant = GUIDE.variant(command.variant)
    if variant.establishment not in (None, command.establishment):
        return InvalidInput(
            path=("establishment",),
            value=command.establishment,
            expected_zh=f"“{variant.name.zh}”须为{variant.establishment}",
            expected_en=f"pilots of the kind “{variant.name.en}” are {variant.establishment}",
        )
    return _check_start(command.establishment, command.operation_starts_on, today)


def _check_start(establishment: Establishment, started: date | None, today: date) -> Refusal | None:
    if started is not None:
        problem = _check_plausible(started, FIRST_OPERATION, "operation_starts_on")
        if problem is not None:
            return problem
    if establishment is Establishment.EXISTING and (started is None or started > today):
        return InvalidInput(
            path=("operation_starts_on",),
            value=str(started or "null"),
            expected_zh=f"既有试点须填写不晚于今天（{today}）的投运日期",
            expected_en=f"an existing pilot started operation on a day that is not after today ({today})",
        )
    return None


def _check_closure(pilot: Pilot) -> Refusal | None:
    started, closed = pilot.operation_starts_on, pilot.closed_on
    if closed is None:
        return None
    problem = _check_plausible(closed, FIRST_OPERATION, "closed_on")
    if problem is None and started is not None and closed < started:
        return DatesOutOfOrder(path=("closed_on",), starts_on=str(started), ends_on=str(closed))
    return problem


def _check_new_periods(spans: Sequence[DateSpan]) -> Refusal | None:
    for index, span in enumerate(spans):
        problem = check_span(span)
        if problem is None:
            problem = next(
                (_overlap(span, other, None) for other in spans[:index] if span.overlaps(other)),
                None,
            )
        if problem is not None:
            return problem.under("accounting_periods", str(index))
    return None


def _overlap(
    span: DateSpan, other: DateSpan, period_id: PeriodId | None
) -> AccountingPeriodOverlap:
    return AccountingPeriodOverlap(
        path=("starts_on",),
        starts_on=str(span.starts_on),
        ends_on=str(span.ends_on),
        other_starts_on=str(other.starts_on),
        other_ends_on=str(other.ends_on),
        period_id=period_id,
    )
