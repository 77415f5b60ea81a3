"""What a panel, a score, a finding and a decision must be. Pure."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from nzc_api.accounting.exact import plain
from nzc_api.evaluation.errors import (
    EvaluationDecided,
    EvaluationResultUnknown,
    EvaluationsFull,
    EvaluationStepMissing,
    ExpertNotOfPanel,
    ExpertOfOperator,
    FindingNotInState,
    FollowUpNotOfPilot,
    ItemAlreadyScored,
    ItemNotOfScheme,
    MajorFindingsOpen,
    PanelSizeRefused,
    ScoreBelowPassMark,
    VetoFailed,
)
from nzc_api.evaluation.model import (
    AnswerFinding,
    Evaluation,
    EvaluationFinding,
    EvaluationState,
    EvaluationStep,
    EvaluationVerdict,
    Expert,
    FindingState,
    RecordFinding,
    RecordSiteVisit,
    ScoreItem,
)
from nzc_api.evaluation.result import Result
from nzc_api.evaluation.schemes import SchemeItem, SchemeItemKind
from nzc_api.evaluation.scoring import failed_vetoes, score_of
from nzc_api.grounds import LONGEST_REASON
from nzc_api.ids import MeasureId, OrganisationId, PilotId, Position
from nzc_api.pilots.model import Pilot
from nzc_api.pilots.rules import LAST_DAY
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal, first_refused
from nzc_api.text import name_problem, saying_problem

# A panel has at least five, and an odd number (our reading of 专家团队), so that most of it is always one side.
FEWEST_EXPERTS: Final = 5
MOST_EXPERTS: Final = 25

# Of one evaluation; and answers of one finding, its closing beside them.
MOST_SELF_EVALUATIONS: Final = 20
MOST_PANELS: Final = 5
MOST_VISITS: Final = 20
MOST_FINDINGS: Final = 100
MOST_STEPS: Final = 20
MOST_FOLLOW_UPS: Final = 100

MOST_POINTS: Final = 100
POINT_DECIMALS: Final = 2

# What is known of a finding's state when something is done to it.
ANSWERED = (FindingState.OPEN, FindingState.ANSWERED)
CLOSED = (FindingState.ANSWERED,)


def check_undecided(evaluation: Evaluation) -> Refusal | None:
    """Whether an evaluation was not decided: what it rests on stays as it was then."""
    if evaluation.state is EvaluationState.OPEN:
        return None
    return EvaluationDecided(
        path=("evaluation",), state=evaluation.state, evaluation_id=evaluation.id
    )


def check_steps(evaluation: Evaluation, *needed: EvaluationStep) -> Refusal | None:
    """Whether an evaluation has what something rests on."""
    missing = tuple(step for step in needed if step not in evaluation.steps)
    if not missing:
        return None
    return EvaluationStepMissing(path=("evaluation",), missing=missing, evaluation_id=evaluation.id)


def check_room(there: Collection[object], most: int, zh: str, en: str) -> Refusal | None:
    """Whether there may be one more of what there are so many of."""
    if len(there) < most:
        return None
    return EvaluationsFull(path=("evaluation",), what_zh=zh, what_en=en, most=most)


def check_statement(statement: str, document: str) -> Refusal | None:
    """Whether something can be said so, and be shown by that document."""
    return saying_problem(statement, "statement", longest=LONGEST_REASON) or saying_problem(
        document, "document"
    )


def check_panel(
    pilot: Pilot, operator_name: LocalizedText, experts: Sequence[Expert]
) -> Refusal | None:
    """Whether these can be the panel: enough, an odd number, each once, and none of whom they evaluate."""
    own = {*_names(operator_name), *_names(pilot.applicant_name)}
    return (
        first_refused("experts", experts, _check_text)
        or _check_size(len(experts))
        or first_refused("experts", experts, lambda expert: _check_employer(pilot, own, expert))
        or _check_once(experts)
    )


def check_visit(evaluation: Evaluation, visit: RecordSiteVisit, today: date) -> Refusal | None:
    """Whether the site can have been visited so: not before the evaluation was opened, and not in days to come."""
    problem = saying_problem(visit.notes, "notes", longest=LONGEST_REASON)
    problem = problem or saying_problem(visit.document, "document")
    if problem is not None or evaluation.opened_on <= visit.on <= today:
        return problem
    return InvalidInput(
        path=("on",),
        value=str(visit.on),
        expected_zh=f"评价开始之日（{evaluation.opened_on}）至今天（{today}）之间的日期",
        expected_en=f"a day from the evaluation's opening ({evaluation.opened_on}) to today ({today})",
    )


def check_score(evaluation: Evaluation, score: ScoreItem) -> Refusal | None:
    """Whether a member of the panel can give this for an item: of the scheme, and not scored before."""
    return (
        saying_problem(score.reason, "reason", longest=LONGEST_REASON)
        or _check_member(evaluation, score.expert)
        or _check_item(evaluation, score)
        or _check_first(evaluation, score)
    )


def check_finding(finding: RecordFinding, today: date) -> Refusal | None:
    """Whether something can be found so: it is to be answered on a day to come."""
    problem = saying_problem(finding.text, "text", longest=LONGEST_REASON)
    if problem is not None or today <= finding.due <= LAST_DAY:
        return problem
    return InvalidInput(
        path=("due",),
        value=str(finding.due),
        expected_zh=f"今天（{today}）至{LAST_DAY}之间的日期",
        expected_en=f"a day from today ({today}) to {LAST_DAY}",
    )


def check_finding_state(
    finding: EvaluationFinding, accepted: tuple[FindingState, ...]
) -> Refusal | None:
    """Whether a finding stands where what is done to it needs it."""
    if finding.state in accepted:
        return None
    return FindingNotInState(
        path=("finding",), state=finding.state, accepted=accepted, finding_id=finding.id
    )


def check_said(text: str) -> Refusal | None:
    return saying_problem(text, "text", longest=LONGEST_REASON)


def check_answer(answer: AnswerFinding) -> Refusal | None:
    """Whether a finding can be answered so."""
    return check_said(answer.text) or saying_problem(answer.document, "document")


def check_reason(reason: str) -> Refusal | None:
    return saying_problem(reason, "reason", longest=LONGEST_REASON)


def check_since(evaluation: Evaluation, as_of: Position, now: int) -> Refusal | None:
    """Whether a decision may rest on the numbers as of a position: not of before the evaluation was opened."""
    if evaluation.id <= as_of:
        return None
    return InvalidInput(
        path=("as_of",),
        value=str(as_of),
        expected_zh=f"评价开始以来的位置，{evaluation.id}至{now}",
        expected_en=f"a position since the evaluation was opened, from {evaluation.id} to {now}",
    )


def check_passing(
    evaluation: Evaluation, verdict: EvaluationVerdict, result: Result
) -> Refusal | None:
    """Whether an evaluation may pass. It may fail whatever its score is: that has a reason of its own."""
    if verdict is not EvaluationVerdict.PASSED:
        return None
    return (
        _check_findings(evaluation.findings)
        or _check_vetoes(evaluation)
        or _check_mark(evaluation)
        or _check_known(result)
    )


def check_measure_of(
    evaluation: Evaluation, pilot: Pilot, measure_id: MeasureId, owner: PilotId
) -> Refusal | None:
    """Whether a measure is of what is evaluated."""
    if owner == pilot.id or owner in evaluation.range.pilots:
        return None
    return FollowUpNotOfPilot(path=("measure",), pilot_code=pilot.code, measure_id=measure_id)


def _check_size(size: int) -> Refusal | None:
    if FEWEST_EXPERTS <= size <= MOST_EXPERTS and size % 2 == 1:
        return None
    return PanelSizeRefused(path=("experts",), size=size, fewest=FEWEST_EXPERTS, most=MOST_EXPERTS)


def _check_text(expert: Expert) -> Refusal | None:
    return name_problem(expert.name or "", "name") or saying_problem(expert.employer, "employer")


def _check_employer(pilot: Pilot, own: Collection[str], expert: Expert) -> Refusal | None:
    if not _is_own(pilot.operator_id, own, expert):
        return None
    return ExpertOfOperator(path=("employer",), employer=expert.employer, pilot_code=pilot.code)


def _is_own(operator_id: OrganisationId, own: Collection[str], expert: Expert) -> bool:
    return expert.organisation_id == operator_id or _folded(expert.employer) in own


def _check_once(experts: Sequence[Expert]) -> Refusal | None:
    names = [_folded(expert.name or "") for expert in experts]
    again = next((n for n, name in enumerate(names) if name in names[:n]), None)
    if again is None:
        return None
    return InvalidInput(
        path=("experts", str(again), "name"),
        value=(experts[again].name or "")[:80],
        expected_zh="每位专家一次；同名的请注明所属部门",
        expected_en="each expert once; of two with one name say which department each is of",
    )


def _names(text: LocalizedText) -> tuple[str, str]:
    return _folded(text.zh), _folded(text.en)


def _folded(name: str) -> str:
    """A name as it is compared: by its letters and digits, whatever their width and case."""
    composed = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in composed if character.isalnum())


def _check_member(evaluation: Evaluation, expert: int) -> Refusal | None:
    size = len(evaluation.panel.experts) if evaluation.panel else 0
    if 1 <= expert <= size:
        return None
    return ExpertNotOfPanel(path=("expert",), expert=expert, size=size)


def _check_item(evaluation: Evaluation, score: ScoreItem) -> Refusal | None:
    item = evaluation.scheme.item(score.item)
    if item is not None:
        return _check_given(item, score)
    return ItemNotOfScheme(
        path=("item",),
        item=score.item[:80],
        scheme=evaluation.scheme.code,
        accepted=tuple(item.code for item in evaluation.scheme.items),
    )


def _check_given(item: SchemeItem, score: ScoreItem) -> Refusal | None:
    """Points for an item that is scored, and else whether it is met."""
    scored = item.kind is SchemeItemKind.SCORE
    if scored is (score.points is None):
        return _not_so("points", score.points, "该指标为评分项时填0至100分，否则不填",
                       "points from 0 to 100 for an item that is scored, and else none")  # fmt: skip
    if scored is (score.met is not None):
        return _not_so("met", score.met, "该指标为评分项时不填，否则填是否满足",
                       "whether it is met, for an item that is not scored, and else nothing")  # fmt: skip
    points = score.points
    if points is None or (0 <= points <= MOST_POINTS and points == round(points, POINT_DECIMALS)):
        return None
    return _not_so("points", points, f"0至{MOST_POINTS}分，至多{POINT_DECIMALS}位小数",
                   f"from 0 to {MOST_POINTS} points, with at most {POINT_DECIMALS} decimals")  # fmt: skip


def _not_so(field: str, value: Decimal | bool | None, zh: str, en: str) -> InvalidInput:
    told = "null" if value is None else plain(value) if isinstance(value, Decimal) else str(value)
    return InvalidInput(path=(field,), value=told[:80], expected_zh=zh, expected_en=en)


def _check_first(evaluation: Evaluation, score: ScoreItem) -> Refusal | None:
    if all((s.expert, s.item) != (score.expert, score.item) for s in evaluation.scores):
        return None
    return ItemAlreadyScored(path=("item",), expert=score.expert, item=score.item)


def _check_findings(findings: Iterable[EvaluationFinding]) -> Refusal | None:
    standing = tuple(finding.id for finding in findings if finding.lets_nothing_pass)
    if not standing:
        return None
    return MajorFindingsOpen(path=("verdict",), count=len(standing), finding_ids=standing)


def _check_vetoes(evaluation: Evaluation) -> Refusal | None:
    failed = failed_vetoes(evaluation.scheme, evaluation.scores)
    return VetoFailed(path=("verdict",), items=failed) if failed else None


def _check_mark(evaluation: Evaluation) -> Refusal | None:
    scheme, mark = evaluation.scheme, evaluation.scheme.pass_mark
    score = score_of(scheme, evaluation.scores)
    if mark is None or score is None or score >= mark:
        return None
    return ScoreBelowPassMark(
        path=("verdict",), score=plain(score), pass_mark=plain(mark), scheme=scheme.code
    )


def _check_known(result: Result) -> Refusal | None:
    if not result.unknown:
        return None
    return EvaluationResultUnknown(path=("verdict",), reasons=result.unknown)
