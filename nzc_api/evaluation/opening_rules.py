"""What may be evaluated, when, and of which range. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from nzc_api.evaluation.calendar import months_after
from nzc_api.evaluation.errors import (
    EvaluationsFull,
    NotYetStable,
    PilotNotCompleted,
    RangeCountsTwice,
    RangeCutsPeriod,
    RangeOutsidePilot,
    RangeTaken,
    RangeWithoutPeriod,
    RetriesExhausted,
    SchemeNotForKind,
)
from nzc_api.evaluation.model import (
    EvaluatedRange,
    Evaluation,
    EvaluationState,
    OpenEvaluation,
)
from nzc_api.evaluation.schemes import SCHEMES, Scheme
from nzc_api.guide.guide import GUIDE
from nzc_api.ids import PilotId
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.pilots.rules import check_order
from nzc_api.plans.model import Completion
from nzc_api.refusal import InvalidInput, Refusal

# Of one pilot; of one range; and of the days that are evaluated at once.
MOST_EVALUATIONS: Final = 50
MOST_PILOTS: Final = 20
MOST_YEARS: Final = 10

_DAY = timedelta(days=1)


def check_opening(command: OpenEvaluation, today: date) -> Refusal | None:
    """Whether an evaluation can be asked for so, whatever the state of the world."""
    return (
        _check_scheme(command.scheme)
        or check_order(command.span)
        or _check_years(command.span)
        or _check_day(command, today)
        or _check_named("pilots", command.pilots, MOST_PILOTS)
        or _check_categories(command)
    )


def check_kind(pilot: Pilot, scheme: Scheme) -> Refusal | None:
    """Whether a scheme is for the pilot's kind."""
    kind = GUIDE.kind_of(pilot.variant)
    if scheme.kinds is None or kind.kind in scheme.kinds:
        return None
    return SchemeNotForKind(
        path=("scheme",),
        pilot_code=pilot.code,
        scheme=scheme.code,
        kind_zh=kind.name.zh,
        kind_en=kind.name.en,
        accepted=tuple(s.code for s in SCHEMES.values() if s.kinds is None or kind.kind in s.kinds),
    )


def check_stable(
    pilot: Pilot, scheme: Scheme, completion: Completion | None, on: date
) -> Refusal | None:
    """Whether the pilot is built, and ran stably for so many calendar months by the day; exactly so many are enough
    (our reading of 三个月以上)."""
    if completion is None:
        return PilotNotCompleted(path=("pilot",), pilot_code=pilot.code, pilot_id=pilot.id)
    first_day = months_after(completion.stable_from, scheme.stable_months)
    if first_day <= on:
        return None
    return NotYetStable(
        path=("on",),
        pilot_code=pilot.code,
        scheme=scheme.code,
        stable_from=str(completion.stable_from),
        months=scheme.stable_months,
        first_day=str(first_day),
        on=str(on),
    )


def check_inside(
    pilot: Pilot, named: Sequence[Pilot], inside: Collection[PilotId]
) -> Refusal | None:
    """Whether each pilot of a range is the one that is evaluated, or inside it."""
    for other in named:
        if other.id != pilot.id and other.id not in inside:
            return RangeOutsidePilot(
                path=("range", "pilots"),
                pilot_code=pilot.code,
                other_code=other.code,
                other_id=other.id,
            )
    return None


def check_apart(named: Sequence[Pilot], shared: Iterable[tuple[int, int]]) -> Refusal | None:
    """Whether no two pilots of a range share ground; ``shared`` are pairs that do, one in the other or side by side."""
    codes = {pilot.id: pilot.code for pilot in named}
    for one, other in sorted(shared):
        if one in codes and other in codes:
            return RangeCountsTwice(
                path=("range", "pilots"),
                pilot_code=codes[PilotId(one)],
                other_code=codes[PilotId(other)],
                other_id=PilotId(other),
            )
    return None


def check_periods(
    pilot: Pilot, periods: Iterable[AccountingPeriod], span: DateSpan
) -> Refusal | None:
    """Whether the days are whole accounting periods of a pilot: none of them cut, and none without one."""
    found = sorted((p.span for p in periods if p.span.overlaps(span)), key=lambda s: s.starts_on)
    return _check_uncut(pilot, found, span) or _check_covered(pilot, found, span)


def check_untaken(
    codes: Mapping[PilotId, str],
    wanted: EvaluatedRange,
    span: DateSpan,
    others: Iterable[Evaluation],
) -> Refusal | None:
    """Whether what was retired for these pilots and days shines on no other range: of evaluations that did not fail."""
    for other in others:
        both = [p for p in wanted.pilots if p in other.range.pilots]
        apart = other.range == wanted or not other.span.overlaps(span)
        if both and not apart and other.state is not EvaluationState.FAILED:
            return RangeTaken(
                path=("range",),
                pilot_code=codes[both[0]],
                state=other.state,
                starts_on=str(other.span.starts_on),
                ends_on=str(other.span.ends_on),
                evaluation_id=other.id,
            )
    return None


def check_tries(pilot: Pilot, scheme: Scheme, before: Sequence[Evaluation]) -> Refusal | None:
    """Whether the pilot may be evaluated once more, by this scheme and at all."""
    of_pilot = [item for item in before if item.pilot_id == pilot.id]
    if len(of_pilot) >= MOST_EVALUATIONS:
        return EvaluationsFull(
            path=("pilot",),
            what_zh=f"试点“{pilot.code}”的评价",
            what_en=f"evaluations of the pilot “{pilot.code}”",
            most=MOST_EVALUATIONS,
        )
    failed = sum(
        item.state is EvaluationState.FAILED and item.scheme_code == scheme.code
        for item in of_pilot
    )
    if scheme.retries is None or failed <= scheme.retries:
        return None
    return RetriesExhausted(
        path=("scheme",),
        pilot_code=pilot.code,
        scheme=scheme.code,
        failed=failed,
        retries=scheme.retries,
    )


def _check_scheme(code: str) -> Refusal | None:
    if code in SCHEMES:
        return None
    names = "、".join(SCHEMES)
    return InvalidInput(
        path=("scheme",),
        value=code[:80],
        expected_zh=f"评价方案的代码：{names}",
        expected_en=f"the code of a scheme: {', '.join(SCHEMES)}",
    )


def _check_years(span: DateSpan) -> Refusal | None:
    if span.ends_on < months_after(span.starts_on, 12 * MOST_YEARS):
        return None
    return InvalidInput(
        path=("ends_on",),
        value=str(span.ends_on),
        expected_zh=f"自{span.starts_on}起至多{MOST_YEARS}年",
        expected_en=f"at most {MOST_YEARS} years from {span.starts_on} on",
    )


def _check_day(command: OpenEvaluation, today: date) -> Refusal | None:
    """It is opened after the days that it is of, and not on a day to come."""
    if command.span.ends_on < command.on <= today:
        return None
    return InvalidInput(
        path=("on",),
        value=str(command.on),
        expected_zh=f"晚于所评时段（{command.span.ends_on}）、不晚于今天（{today}）的日期",
        expected_en=f"a day after those that are evaluated ({command.span.ends_on}), not after today ({today})",
    )


def _check_named(field: str, named: Sequence[object], most: int) -> Refusal | None:
    if len(named) <= most and len(set(named)) == len(named):
        return None
    return InvalidInput(
        path=("range", field),
        value=str(len(named)),
        expected_zh=f"至多{most}个，每个一次",
        expected_en=f"at most {most}, each once",
    )


def _check_categories(command: OpenEvaluation) -> Refusal | None:
    if command.categories is None:
        return None
    if not command.categories:
        return InvalidInput(
            path=("range", "categories"),
            value="[]",
            expected_zh="至少一个类别；不填则为全部类别",
            expected_en="at least one category; leave it out for all of them",
        )
    return _check_named("categories", command.categories, len(GUIDE.categories))


def _check_uncut(pilot: Pilot, found: Sequence[DateSpan], span: DateSpan) -> Refusal | None:
    cut = next((period for period in found if not span.contains(period)), None)
    if cut is None:
        return None
    return RangeCutsPeriod(
        path=("starts_on" if cut.starts_on < span.starts_on else "ends_on",),
        pilot_code=pilot.code,
        starts_on=str(span.starts_on),
        ends_on=str(span.ends_on),
        period_starts_on=str(cut.starts_on),
        period_ends_on=str(cut.ends_on),
    )


def _check_covered(pilot: Pilot, found: Sequence[DateSpan], span: DateSpan) -> Refusal | None:
    day = span.starts_on
    for period in found:
        if period.starts_on != day:
            break
        day = period.ends_on + _DAY
    if day > span.ends_on:
        return None
    return RangeWithoutPeriod(
        path=("range",),
        pilot_code=pilot.code,
        starts_on=str(span.starts_on),
        ends_on=str(span.ends_on),
        first_day=str(day),
    )
