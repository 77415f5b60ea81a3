"""The plans room's things and commands. Emissions are t CO2e."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from nzc_api.accounting.exact import grams
from nzc_api.guide.terms import LifeCycleStage
from nzc_api.ids import MeasureId, PilotId, PlanId
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import LocalizedText, name_words

KILOGRAMS_A_TONNE = 1000


class PlanState(StrEnum):
    """Where a version of a plan stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    SUPERSEDED = "SUPERSEDED"


name_words(
    PlanState,
    {
        PlanState.DRAFT: {"zh": "编制中", "en": "a draft"},
        PlanState.SUBMITTED: {"zh": "已提交", "en": "submitted"},
        PlanState.RETURNED: {"zh": "已退回", "en": "returned"},
        PlanState.APPROVED: {"zh": "已批准", "en": "approved"},
        PlanState.SUPERSEDED: {"zh": "已被新版本取代", "en": "superseded"},
    },
)


@dataclass(frozen=True, slots=True)
class WorkPackage:
    """A part of the work, and the measures of the pilot that it carries out."""

    name: LocalizedText
    stage: LifeCycleStage
    measures: tuple[MeasureId, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is to be reached by a day; ``building``: the pilot is not built before it is."""

    code: str
    name: LocalizedText
    due_on: date
    building: bool


@dataclass(frozen=True, slots=True)
class Haul:
    """How a material comes: ``mass`` in t, ``distance`` in km, ``factor`` in kg CO2e/(t·km)."""

    mass: Decimal
    distance: Decimal
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Material:
    """A material that is built with: ``factor`` in kg CO2e a unit; ``source``: where the factors are from. None of
    ``haul``: how it comes is not known."""

    name: LocalizedText
    quantity: Decimal
    unit: str
    factor: Decimal
    haul: Haul | None
    source: str

    @property
    def embodied(self) -> Decimal:
        """What making it emitted, t CO2e: M·F (GB/T 51366, 6.2), rounded to a gram."""
        return grams(Fraction(self.quantity) * Fraction(self.factor) / KILOGRAMS_A_TONNE)

    @property
    def transport(self) -> Decimal | None:
        """What bringing it emits, t CO2e: M·D·T (GB/T 51366, 6.3), rounded to a gram; None: not known."""
        if self.haul is None:
            return None
        tonne_kilometres = Fraction(self.haul.mass) * Fraction(self.haul.distance)
        return grams(tonne_kilometres * Fraction(self.haul.factor) / KILOGRAMS_A_TONNE)


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What is planned over some days. ``construction_budget``: what construction may emit at most, t CO2e; None: not
    said."""

    span: DateSpan
    packages: tuple[WorkPackage, ...]
    milestones: tuple[Milestone, ...]
    construction_budget: Decimal | None = None
    materials: tuple[Material, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPlan:
    pilot_id: PilotId
    terms: PlanTerms


@dataclass(frozen=True, slots=True)
class RevisePlan:
    plan_id: PlanId
    terms: PlanTerms
    reason: str


@dataclass(frozen=True, slots=True)
class SubmitPlan:
    plan_id: PlanId


@dataclass(frozen=True, slots=True)
class ApprovePlan:
    plan_id: PlanId


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    plan_id: PlanId
    reason: str


@dataclass(frozen=True, slots=True)
class ReachMilestone:
    """That a milestone was reached on a day, and the document that shows it."""

    plan_id: PlanId
    milestone: str
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class RecordCompletion:
    """That the pilot was built on a day, since when it runs stably, and the document that shows it."""

    plan_id: PlanId
    built_on: date
    stable_from: date
    document: str


@dataclass(frozen=True, slots=True)
class PlanStep:
    """That a version came into a state; ``id`` is the position. ``reason``: why it was returned."""

    id: int
    plan_id: PlanId
    state: PlanState
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """That a milestone was reached; ``id`` is the position."""

    id: int
    plan_id: PlanId
    pilot_id: PilotId
    milestone: str
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of a pilot's plan as it stood; ``id`` is its position. ``reached``: what was reached of its milestones
    by their codes, under whichever version."""

    id: PlanId
    pilot_id: PilotId
    version: int
    terms: PlanTerms
    reason: str | None = None
    steps: tuple[PlanStep, ...] = ()
    superseded: bool = False
    reached: Mapping[str, Reached] | None = None

    @property
    def state(self) -> PlanState:
        if self.superseded:
            return PlanState.SUPERSEDED
        return self.steps[-1].state if self.steps else PlanState.DRAFT

    @property
    def open_milestones(self) -> tuple[Milestone, ...]:
        """The building milestones that were not reached: the pilot is not built before they are."""
        return tuple(
            m for m in self.terms.milestones if m.building and self.reach_of(m.code) is None
        )

    def reach_of(self, code: str) -> Reached | None:
        """That a milestone was reached, if it was."""
        return (self.reached or {}).get(code)

    def overdue(self, on: date) -> tuple[Milestone, ...]:
        """The milestones that are due before a day, and were not reached by its end."""
        return tuple(m for m in self.terms.milestones if m.due_on < on and self._lacked(m.code, on))

    def _lacked(self, code: str, on: date) -> bool:
        reached = self.reach_of(code)
        return reached is None or reached.on > on


@dataclass(frozen=True, slots=True)
class Completion:
    """That a pilot is built, and since when it runs stably; ``id`` is the position. The latest counts."""

    id: int
    pilot_id: PilotId
    plan_id: PlanId
    built_on: date
    stable_from: date
    document: str
