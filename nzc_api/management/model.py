"""The management room's things and commands. Ceilings are t CO2e."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from nzc_api.ids import AppointmentId, ManagementRuleId, PilotId, Position, PostId
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import LocalizedText, name_words


class PostKind(StrEnum):
    """What a post is for: the one that the guide asks for (碳排放管理岗), or another."""

    CARBON_MANAGEMENT = "CARBON_MANAGEMENT"
    OTHER = "OTHER"


class UpkeepSystem(StrEnum):
    """What is kept up (section 四（三）: 水、电、气、热等设施和园林绿化)."""

    WATER = "WATER"
    POWER = "POWER"
    GAS = "GAS"
    HEAT = "HEAT"
    GREENERY = "GREENERY"


class DutyUnknownReason(StrEnum):
    """Why it is not known what a unit emitted."""

    NO_VERIFIED_INVENTORY = "NO_VERIFIED_INVENTORY"
    YEAR_NOT_COVERED = "YEAR_NOT_COVERED"
    NO_LINES_OF_UNIT = "NO_LINES_OF_UNIT"


class ManagedThing(StrEnum):
    """What a pilot has only so many of."""

    POST = "POST"
    DUTY = "DUTY"
    RULE = "RULE"


name_words(
    ManagedThing,
    {
        ManagedThing.POST: {"zh": "岗位", "en": "posts"},
        ManagedThing.DUTY: {"zh": "年度责任目标", "en": "duties"},
        ManagedThing.RULE: {"zh": "管理制度", "en": "rules"},
    },
)


@dataclass(frozen=True, slots=True)
class EstablishPost:
    """``responsibilities``: what whoever holds it is to do, a text each."""

    pilot_id: PilotId
    code: str
    post_kind: PostKind
    name: LocalizedText
    responsibilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppointHolder:
    """Who holds a post from a day on, until somebody else does; ``holder`` None: nobody, it is vacant."""

    post_id: PostId
    holder: str | None
    starts_on: date
    document: str


@dataclass(frozen=True, slots=True)
class EraseHolderName:
    """That a name is to be kept no longer; that somebody was appointed stays."""

    appointment_id: AppointmentId


@dataclass(frozen=True, slots=True)
class AssignDuty:
    """What a unit of the pilot may emit in a calendar year; the latest one of a unit and year counts."""

    pilot_id: PilotId
    unit: str
    unit_name: LocalizedText
    year: int
    ceiling: Decimal
    document: str


@dataclass(frozen=True, slots=True)
class PublishRule:
    """A rule of the pilot, in force from its first day to its last one, if it has one."""

    pilot_id: PilotId
    title: str
    document: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class RepealRule:
    """That a rule is in force no longer: ``on`` is the last day on which it is."""

    rule_id: ManagementRuleId
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class RecordUpkeep:
    pilot_id: PilotId
    system: UpkeepSystem
    on: date
    done: str
    document: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who holds a post from a day on. ``commitment`` binds the log to a name without having it; None: vacant.
    ``holder``: the name; None where the post is vacant, or the name was erased."""

    id: AppointmentId
    post_id: PostId
    starts_on: date
    document: str
    commitment: bytes | None
    holder: str | None

    @property
    def vacant(self) -> bool:
        return self.commitment is None

    @property
    def erased(self) -> bool:
        return not self.vacant and self.holder is None


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it stood, with the latest appointment to it."""

    id: PostId
    pilot_id: PilotId
    code: str
    post_kind: PostKind
    name: LocalizedText
    responsibilities: tuple[str, ...]
    latest: Appointment | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit's ceiling of a year; ``in_force``: whether no later one is of the same unit and year."""

    id: int
    pilot_id: PilotId
    unit: str
    unit_name: LocalizedText
    year: int
    ceiling: Decimal
    document: str
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class Repeal:
    position: Position
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class ManagementRule:
    """A rule as it stood, with its repeal if it was."""

    id: ManagementRuleId
    pilot_id: PilotId
    title: str
    document: str
    starts_on: date
    ends_on: date | None
    repeal: Repeal | None = None

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in force; None where there is none."""
        return self.ends_on if self.repeal is None else self.repeal.on


@dataclass(frozen=True, slots=True)
class Upkeep:
    id: int
    pilot_id: PilotId
    system: UpkeepSystem
    on: date
    done: str
    document: str


def span_of(rule: PublishRule, last: date) -> DateSpan:
    """The days of a rule; of one without an end, to the ``last`` day that there is."""
    return DateSpan(rule.starts_on, last if rule.ends_on is None else rule.ends_on)
