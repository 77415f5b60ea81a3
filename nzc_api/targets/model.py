"""The targets room's things and commands."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from nzc_api.ids import PeriodId, PilotId, Position, TargetId
from nzc_api.inventories.model import Basis
from nzc_api.refusal import name_words
from nzc_api.targets.curve import Points


class TargetRoute(StrEnum):
    """By which ways the guide (section 一) lets a pilot reach its target."""

    REDUCE_ENERGY = "REDUCE_ENERGY"
    EFFICIENCY = "EFFICIENCY"
    SUBSTITUTION = "SUBSTITUTION"
    SINK = "SINK"
    PURCHASE = "PURCHASE"


class TargetRevisionReason(StrEnum):
    """Why there is another version of a target."""

    BOUNDARY = "BOUNDARY"
    METHOD = "METHOD"
    FACTOR = "FACTOR"
    ERROR = "ERROR"
    AMBITION = "AMBITION"


class TargetMeasure(StrEnum):
    """What a ceiling is of."""

    NET = "NET"
    GROSS = "GROSS"


name_words(
    TargetMeasure,
    {
        TargetMeasure.NET: {"zh": "净排放量", "en": "the net emissions"},
        TargetMeasure.GROSS: {"zh": "边界内排放量", "en": "the emissions inside the boundary"},
    },
)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What a calendar year may come to at most: its net and its gross in t CO2e, and the tonnes of credits
    retired for it; None: not said."""

    year: int
    net: Decimal
    gross: Decimal | None = None
    credits: int | None = None


@dataclass(frozen=True, slots=True)
class BaselineTerms:
    """Which statement a target begins with; ``as_of`` None: as of when it is recorded."""

    period_id: PeriodId
    basis: Basis
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where a target begins: a year's statement as of a position, and what it came to (t CO2e a year).

    ``year`` is the calendar year in which the period ends.
    """

    period_id: PeriodId
    basis: Basis
    position: Position
    year: int
    gross: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class TargetTerms:
    """What is said of a target."""

    baseline: BaselineTerms
    ceilings: tuple[Ceiling, ...]
    routes: tuple[TargetRoute, ...]


@dataclass(frozen=True, slots=True)
class RecordTarget:
    pilot_id: PilotId
    terms: TargetTerms


@dataclass(frozen=True, slots=True)
class ReviseTarget:
    target_id: TargetId
    terms: TargetTerms
    reason: TargetRevisionReason


@dataclass(frozen=True, slots=True)
class Target:
    """A version of a pilot's target; ``id`` is its position, since which it stands until the next one.

    ``weakened``: in some year it allows more than the version before.
    """

    id: TargetId
    pilot_id: PilotId
    version: int
    baseline: Baseline
    ceilings: tuple[Ceiling, ...]
    routes: tuple[TargetRoute, ...]
    reason: TargetRevisionReason | None = None
    weakened: bool = False

    @property
    def zero_year(self) -> int:
        """The first year whose ceiling is zero."""
        return next(ceiling.year for ceiling in self.ceilings if ceiling.net == 0)

    @property
    def net_points(self) -> Points:
        """The years whose net is said, the baseline's first, t CO2e."""
        return (self.baseline.year, self.baseline.net), *net_points(self.ceilings)

    @property
    def gross_points(self) -> Points:
        """The years whose gross is said, the baseline's first, t CO2e."""
        return (self.baseline.year, self.baseline.gross), *gross_points(self.ceilings)

    @property
    def credit_points(self) -> Points:
        """The years whose credits are said, t."""
        said = ((c.year, c.credits) for c in self.ceilings)
        return tuple((year, Decimal(tonnes)) for year, tonnes in said if tonnes is not None)


def net_points(ceilings: Iterable[Ceiling]) -> Points:
    return tuple((ceiling.year, ceiling.net) for ceiling in ceilings)


def gross_points(ceilings: Iterable[Ceiling]) -> Points:
    said = ((ceiling.year, ceiling.gross) for ceiling in ceilings)
    return tuple((year, gross) for year, gross in said if gross is not None)
