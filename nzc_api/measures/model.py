"""The measures room's things and commands. Money is yuan (CNY), effects are t CO2e."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from nzc_api.accounting.exact import grams, total
from nzc_api.guide.terms import Catalogue, LifeCycleStage
from nzc_api.ids import MeasureId, OrganisationId, PeriodId, PilotId, Position
from nzc_api.inventories.model import Basis
from nzc_api.metering.model import Carrier
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import LocalizedText, name_words
from nzc_api.targets.model import TargetRoute

DAYS_A_YEAR = 365

# What a regression is to reach (ASHRAE Guideline 14, as it is quoted), and over how long it is made.
LEAST_R_SQUARED = Decimal("0.70")
MOST_CV_RMSE = Decimal("0.20")
BASELINE_DAYS = 365


class MeasureState(StrEnum):
    """How far a measure has come."""

    PROPOSED = "PROPOSED"
    CONTRACTED = "CONTRACTED"
    BUILT = "BUILT"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"


name_words(
    MeasureState,
    {
        MeasureState.PROPOSED: {"zh": "拟议", "en": "proposed"},
        MeasureState.CONTRACTED: {"zh": "已签约", "en": "contracted"},
        MeasureState.BUILT: {"zh": "已建成", "en": "built"},
        MeasureState.RUNNING: {"zh": "运行中", "en": "running"},
        MeasureState.STOPPED: {"zh": "已停运", "en": "stopped"},
    },
)


class EffectMethod(StrEnum):
    """How an effect was verified: by an option of the IPMVP, or by comparing inventories."""

    IPMVP_A = "IPMVP_A"
    IPMVP_B = "IPMVP_B"
    IPMVP_C = "IPMVP_C"
    IPMVP_D = "IPMVP_D"
    INVENTORY = "INVENTORY"


class EffectWarning(StrEnum):
    """Why a regression of a whole facility (option C) is to be read with care."""

    BASELINE_SHORT = "BASELINE_SHORT"
    FIT_POOR = "FIT_POOR"
    SCATTER_LARGE = "SCATTER_LARGE"


class EffectBasis(StrEnum):
    """What a measure's effect rests on."""

    EXPECTED = "EXPECTED"
    VERIFIED = "VERIFIED"


@dataclass(frozen=True, slots=True)
class Saving:
    """What is saved of a carrier a year, in a unit, at a price (CNY a unit); below zero: more is used."""

    carrier: Carrier
    quantity: Decimal
    unit: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """What is planned: ``capex`` once, ``opex_change`` a year without what is saved, over ``life_years`` from
    ``starts_on``; ``expected``: t CO2e a year, on average over its life. ``technology``: the code of one of the
    guide's 36; None: another."""

    name: LocalizedText
    technology: str | None
    catalogue: Catalogue | None
    catalogue_item: str | None
    route: TargetRoute
    stage: LifeCycleStage
    capex: Decimal
    opex_change: Decimal
    life_years: int
    starts_on: date
    expected: Decimal
    savings: tuple[Saving, ...]
    excludes: tuple[MeasureId, ...]


@dataclass(frozen=True, slots=True)
class PlanMeasure:
    pilot_id: PilotId
    plan: MeasurePlan


@dataclass(frozen=True, slots=True)
class RecordProgress:
    """That a measure came to a state on a day, and the document that shows it."""

    measure_id: MeasureId
    state: MeasureState
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class Period:
    """Days, and what was emitted on them, t CO2e."""

    span: DateSpan
    co2e: Decimal


@dataclass(frozen=True, slots=True)
class EffectTerms:
    """What a verifier found: ``baseline`` adjusted to the conditions of the ``reporting`` days, less what was
    emitted on these; ``r_squared`` and ``cv_rmse`` (0.2 is 20 %) of a regression."""

    method: EffectMethod
    baseline: Period
    routine: Decimal
    non_routine: Decimal
    reporting: Period
    r_squared: Decimal | None
    cv_rmse: Decimal | None
    document: str

    @property
    def saved(self) -> Decimal:
        """What was saved over the reporting days, t CO2e; below zero: more was emitted."""
        return total((self.baseline.co2e, self.routine, self.non_routine, -self.reporting.co2e))

    @property
    def yearly(self) -> Decimal:
        """The same a year: of exactly a year as it is, else × 365 ÷ days, rounded to a gram."""
        span = self.reporting.span
        if span.is_full_year:
            return self.saved
        return grams(Fraction(self.saved) * DAYS_A_YEAR / span.days)

    @property
    def warnings(self) -> tuple[EffectWarning, ...]:
        """Why it is to be read with care; only option C rests on a regression of a whole facility."""
        return tuple(self._warnings()) if self.method is EffectMethod.IPMVP_C else ()

    def _warnings(self) -> Iterator[EffectWarning]:
        if self.baseline.span.days < BASELINE_DAYS:
            yield EffectWarning.BASELINE_SHORT
        if self.r_squared is not None and self.r_squared < LEAST_R_SQUARED:
            yield EffectWarning.FIT_POOR
        if self.cv_rmse is not None and self.cv_rmse > MOST_CV_RMSE:
            yield EffectWarning.SCATTER_LARGE


@dataclass(frozen=True, slots=True)
class VerifyEffect:
    measure_id: MeasureId
    terms: EffectTerms


@dataclass(frozen=True, slots=True)
class Progress:
    """That a measure came to a state on a day; ``id`` is the position."""

    id: int
    measure_id: MeasureId
    state: MeasureState
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What was verified of a measure; ``id`` is its position. The latest one counts."""

    id: int
    measure_id: MeasureId
    verifier_id: OrganisationId
    terms: EffectTerms


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as it stood: its plan, where it is since which day, since when it runs, and its latest verified
    effect. ``excluded``: the measures that are not done beside it, whichever of the two said so."""

    id: MeasureId
    pilot_id: PilotId
    plan: MeasurePlan
    excluded: frozenset[MeasureId] = frozenset()
    state: MeasureState = MeasureState.PROPOSED
    since: date | None = None
    running_since: date | None = None
    effect: Effect | None = None

    @property
    def yearly(self) -> Decimal:
        """Its effect, t CO2e a year: as verified, and before that as expected. Neither replaces the other."""
        return self.plan.expected if self.effect is None else self.effect.terms.yearly

    @property
    def basis(self) -> EffectBasis:
        return EffectBasis.EXPECTED if self.effect is None else EffectBasis.VERIFIED

    def acts_in(self, year: int) -> bool:
        """Whether a calendar year is one of its life: the first is the one in which it starts."""
        first = self.plan.starts_on.year
        return first <= year < first + self.plan.life_years


@dataclass(frozen=True, slots=True)
class PotentialTerms:
    """What is projected: the emissions of a period, on a basis, growing by a part of them a year (0.03 is 3 %)."""

    period_id: PeriodId
    basis: Basis
    year: int
    growth: Decimal


@dataclass(frozen=True, slots=True)
class WritePotentialAnalysis:
    """``growth_source``: where the growth is from; ``paragraphs``: what section 三 asks to be analysed."""

    pilot_id: PilotId
    terms: PotentialTerms
    growth_source: str
    paragraphs: tuple[str, ...]
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class PotentialAnalysis:
    """What was written of a pilot's potential, with the numbers of then, t CO2e a year; ``position``: as of which
    they are."""

    id: int
    pilot_id: PilotId
    terms: PotentialTerms
    growth_source: str
    paragraphs: tuple[str, ...]
    position: Position
    gross: Decimal
    business_as_usual: Decimal
    expected: Decimal
    sinks: Decimal
    remaining: Decimal
