"""The evaluation room's things and commands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from nzc_api.evaluation.schemes import SCHEMES, Scheme
from nzc_api.guide.terms import Category
from nzc_api.ids import (
    EvaluationId,
    FindingId,
    MeasureId,
    OrganisationId,
    PanelId,
    PilotId,
    Position,
)
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import name_words


class EvaluationState(StrEnum):
    """Where an evaluation stands."""

    OPEN = "OPEN"
    PASSED = "PASSED"
    FAILED = "FAILED"


name_words(
    EvaluationState,
    {
        EvaluationState.OPEN: {"zh": "评价中", "en": "open"},
        EvaluationState.PASSED: {"zh": "通过", "en": "passed"},
        EvaluationState.FAILED: {"zh": "不通过", "en": "failed"},
    },
)


class EvaluationVerdict(StrEnum):
    """What is decided of an evaluation."""

    PASSED = "PASSED"
    FAILED = "FAILED"


class EvaluationStep(StrEnum):
    """What an evaluation has to have before more is done."""

    SELF_EVALUATION = "SELF_EVALUATION"
    PANEL = "PANEL"
    SITE_VISIT = "SITE_VISIT"
    SCORES = "SCORES"


name_words(
    EvaluationStep,
    {
        EvaluationStep.SELF_EVALUATION: {"zh": "试点自评", "en": "the pilot's self-evaluation"},
        EvaluationStep.PANEL: {"zh": "专家组", "en": "a panel"},
        EvaluationStep.SITE_VISIT: {"zh": "现场核查", "en": "a visit to the site"},
        EvaluationStep.SCORES: {"zh": "全部评分", "en": "all scores"},
    },
)


class FindingSeverity(StrEnum):
    """How much a finding weighs: one that is MAJOR and not closed lets nothing pass."""

    MAJOR = "MAJOR"
    MINOR = "MINOR"
    ADVICE = "ADVICE"


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


name_words(
    FindingState,
    {
        FindingState.OPEN: {"zh": "待答复", "en": "open"},
        FindingState.ANSWERED: {"zh": "已答复", "en": "answered"},
        FindingState.CLOSED: {"zh": "已关闭", "en": "closed"},
    },
)


@dataclass(frozen=True, slots=True)
class EvaluatedRange:
    """What is evaluated: pilots, in the order of their ids, and of what these emit and take up the ``categories``, in
    the order of the alphabet (None: all)."""

    pilots: tuple[PilotId, ...]
    categories: tuple[Category, ...] | None = None


class ResultKey(NamedTuple):
    """A range, the days that it is of, and the position as of which it is asked for."""

    range: EvaluatedRange
    span: DateSpan
    as_of: Position


@dataclass(frozen=True, slots=True)
class OpenEvaluation:
    """``pilots`` as they were named; none: the pilot itself. ``categories``: None: all."""

    pilot_id: PilotId
    scheme: str
    pilots: tuple[PilotId, ...]
    categories: tuple[Category, ...] | None
    span: DateSpan
    on: date

    @property
    def range(self) -> EvaluatedRange:
        categories = None if self.categories is None else tuple(sorted(set(self.categories)))
        return EvaluatedRange(tuple(sorted(set(self.pilots))) or (self.pilot_id,), categories)


@dataclass(frozen=True, slots=True)
class SelfEvaluate:
    evaluation_id: EvaluationId
    statement: str
    document: str


@dataclass(frozen=True, slots=True)
class Expert:
    """A member of a panel: by whom employed, and which organisation of NZC that is, if any. ``name`` is a person's: it
    lies beside the log, and is None since it was erased."""

    name: str | None
    employer: str
    organisation_id: OrganisationId | None = None


@dataclass(frozen=True, slots=True)
class AppointPanel:
    evaluation_id: EvaluationId
    experts: tuple[Expert, ...]


@dataclass(frozen=True, slots=True)
class EraseExpertName:
    """``expert`` is a member's number in the panel that was appointed at ``panel_id``."""

    evaluation_id: EvaluationId
    panel_id: PanelId
    expert: int


@dataclass(frozen=True, slots=True)
class RecordSiteVisit:
    evaluation_id: EvaluationId
    on: date
    notes: str
    document: str


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """What a member of the panel gives for an item: ``points`` for one that is scored, ``met`` for any other."""

    evaluation_id: EvaluationId
    expert: int
    item: str
    points: Decimal | None
    met: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """``due``: by when it is to be answered."""

    evaluation_id: EvaluationId
    severity: FindingSeverity
    text: str
    due: date


@dataclass(frozen=True, slots=True)
class AnswerFinding:
    finding_id: FindingId
    text: str
    document: str


@dataclass(frozen=True, slots=True)
class CloseFinding:
    finding_id: FindingId
    text: str


@dataclass(frozen=True, slots=True)
class DecideEvaluation:
    """``as_of``: the position whose numbers it rests on; None: the latest."""

    evaluation_id: EvaluationId
    verdict: EvaluationVerdict
    reason: str
    as_of: int | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Say that a measure follows from an evaluation, or from a finding of it."""

    evaluation_id: EvaluationId
    finding_id: FindingId | None
    measure_id: MeasureId


@dataclass(frozen=True, slots=True)
class SelfEvaluation:
    """What a pilot's operator says of it; ``id`` is its position, as of all that follow."""

    id: int
    statement: str
    document: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The experts of an evaluation, numbered from 1."""

    id: PanelId
    experts: tuple[Expert, ...]


@dataclass(frozen=True, slots=True)
class SiteVisit:
    id: int
    on: date
    notes: str
    document: str


@dataclass(frozen=True, slots=True)
class Score:
    """What the ``expert``-th member of a panel gave for an item."""

    id: int
    panel_id: PanelId
    expert: int
    item: str
    points: Decimal | None
    met: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class FindingStep:
    """That a finding came into a state; no document where it was closed."""

    id: int
    state: FindingState
    text: str
    document: str | None


@dataclass(frozen=True, slots=True)
class EvaluationFinding:
    """What is to be put right, or better, and by when; ``steps`` are its answers and its closing, oldest first."""

    id: FindingId
    evaluation_id: EvaluationId
    severity: FindingSeverity
    text: str
    due: date
    steps: tuple[FindingStep, ...] = ()

    @property
    def state(self) -> FindingState:
        return self.steps[-1].state if self.steps else FindingState.OPEN

    def overdue(self, on: date) -> bool:
        """Whether it is not closed though its day is over."""
        return self.state is not FindingState.CLOSED and self.due < on

    @property
    def lets_nothing_pass(self) -> bool:
        return self.severity is FindingSeverity.MAJOR and self.state is not FindingState.CLOSED


@dataclass(frozen=True, slots=True)
class FollowedUp:
    id: int
    finding_id: FindingId | None
    measure_id: MeasureId


@dataclass(frozen=True, slots=True)
class RangeTerms:
    """What the formula gives for a range, t CO2e; None where it is not known."""

    gross: Decimal | None
    sinks: Decimal | None
    purchased: int | None
    result: Decimal | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, with the score and the numbers as of ``as_of``, which stay."""

    id: int
    verdict: EvaluationVerdict
    reason: str
    as_of: Position
    score: Decimal | None
    terms: RangeTerms


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation of a pilot and all that belongs to it, oldest first, as it stood; ``scores`` are those of the
    latest panel."""

    id: EvaluationId
    pilot_id: PilotId
    scheme_code: str
    range: EvaluatedRange
    span: DateSpan
    opened_on: date
    self_evaluations: tuple[SelfEvaluation, ...] = ()
    panels: tuple[Panel, ...] = ()
    visits: tuple[SiteVisit, ...] = ()
    scores: tuple[Score, ...] = ()
    findings: tuple[EvaluationFinding, ...] = ()
    follow_ups: tuple[FollowedUp, ...] = ()
    decision: Decision | None = None

    @property
    def scheme(self) -> Scheme:
        return SCHEMES[self.scheme_code]

    def result_key(self, as_of: Position) -> ResultKey:
        """What is asked for its result as of a position."""
        return ResultKey(self.range, self.span, as_of)

    @property
    def state(self) -> EvaluationState:
        return EvaluationState(self.decision.verdict) if self.decision else EvaluationState.OPEN

    @property
    def panel(self) -> Panel | None:
        """The panel that scores: the latest."""
        return self.panels[-1] if self.panels else None

    @property
    def steps(self) -> frozenset[EvaluationStep]:
        """What it has of what more rests on."""
        had = {
            EvaluationStep.SELF_EVALUATION: self.self_evaluations,
            EvaluationStep.PANEL: self.panels,
            EvaluationStep.SITE_VISIT: self.visits,
        }
        whole = self.panel is not None and len(self.scores) == len(self.scheme.items) * len(
            self.panel.experts
        )
        scored = {EvaluationStep.SCORES} if whole else set()
        return frozenset({step for step, there in had.items() if there} | scored)
