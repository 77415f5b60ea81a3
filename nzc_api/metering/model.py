"""The metering room's things and commands.

Moments are whole seconds. A day is China's: from 00:00 to 24:00 at UTC+8. Spans of time are half-open.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from nzc_api.china_time import CHINA_TIME
from nzc_api.ids import MeterId, OrganisationId, PilotId, Position
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import name_words

A_DAY = timedelta(days=1)


class Carrier(StrEnum):
    """What a meter measures (四(三) of the guide: 水、电、气、热)."""

    ELECTRICITY = "ELECTRICITY"
    WATER = "WATER"
    GAS = "GAS"
    HEAT = "HEAT"
    COOLING = "COOLING"
    STEAM = "STEAM"


class Flow(StrEnum):
    """Which way what a meter measures goes."""

    BOUGHT = "BOUGHT"
    SOLD = "SOLD"
    GENERATED = "GENERATED"
    INTERNAL = "INTERNAL"


class MeterKind(StrEnum):
    """How a meter tells: by a register that counts on, by consumption in intervals, or by bills."""

    REGISTER = "REGISTER"
    INTERVAL = "INTERVAL"
    BILL = "BILL"


class GapMethod(StrEnum):
    """How what was used in a gap is reckoned."""

    DAYS_BEFORE = "DAYS_BEFORE"
    YEAR_BEFORE = "YEAR_BEFORE"
    STATED = "STATED"


name_words(
    Carrier,
    {
        Carrier.ELECTRICITY: {"zh": "电力", "en": "electricity"},
        Carrier.WATER: {"zh": "水", "en": "water"},
        Carrier.GAS: {"zh": "燃气", "en": "gas"},
        Carrier.HEAT: {"zh": "热力", "en": "heat"},
        Carrier.COOLING: {"zh": "冷量", "en": "cooling"},
        Carrier.STEAM: {"zh": "蒸汽", "en": "steam"},
    },
)
name_words(
    Flow,
    {
        Flow.BOUGHT: {"zh": "购入", "en": "bought"},
        Flow.SOLD: {"zh": "售出", "en": "sold"},
        Flow.GENERATED: {"zh": "自产", "en": "generated inside"},
        Flow.INTERNAL: {"zh": "内部", "en": "used inside"},
    },
)
name_words(
    MeterKind,
    {
        MeterKind.REGISTER: {"zh": "累计读数", "en": "a register"},
        MeterKind.INTERVAL: {"zh": "区间用量", "en": "intervals"},
        MeterKind.BILL: {"zh": "账单", "en": "bills"},
    },
)

name_words(
    GapMethod,
    {
        GapMethod.DAYS_BEFORE: {"zh": "缺口前等长时段", "en": "as long a time just before the gap"},
        GapMethod.YEAR_BEFORE: {"zh": "上年同期", "en": "the same days a year before"},
        GapMethod.STATED: {"zh": "另行给出", "en": "stated"},
    },
)


@dataclass(frozen=True, slots=True)
class GasConditions:
    """At what a gas meter measures: degrees Celsius, and kPa of absolute pressure."""

    celsius: Decimal
    kilopascals: Decimal


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What is built in: its register's ``digits`` before the point (None: not known), by what its readings
    are multiplied, and the most that passes in an hour at full load, in the meter's unit."""

    maximum_per_hour: Decimal
    multiplier: Decimal = Decimal(1)
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """What is built in since a moment; the first has ``number`` 1."""

    meter_id: MeterId
    number: int
    since: datetime
    position: Position
    facts: DeviceFacts


@dataclass(frozen=True, slots=True)
class RegisterMeter:
    """A new meter. ``ends_on`` is its last day, where it is known already."""

    pilot_id: PilotId
    code: str
    carrier: Carrier
    flow: Flow
    kind: MeterKind
    unit: str
    supply_point: str | None
    parent_id: MeterId | None
    conditions: GasConditions | None
    starts_on: date
    ends_on: date | None
    device: DeviceFacts


@dataclass(frozen=True, slots=True)
class Meter:
    """A metering point of a pilot; what is built in there may change (`Device`)."""

    id: MeterId
    pilot_id: PilotId
    code: str
    carrier: Carrier
    flow: Flow
    kind: MeterKind
    unit: str
    supply_point: str | None
    conditions: GasConditions | None
    starts_on: date
    ends_on: date | None
    parent_id: MeterId | None = None
    devices: tuple[Device, ...] = ()
    gateway_id: OrganisationId | None = None

    @property
    def starts_at(self) -> datetime:
        """The moment at which its first day begins."""
        return midnight(self.starts_on)

    @property
    def ends_at(self) -> datetime | None:
        """The moment at which its last day is over."""
        return None if self.ends_on is None else midnight(self.ends_on) + A_DAY

    def device_at(self, moment: datetime) -> Device:
        """What is built in at a moment; before the first, the first."""
        return max(
            (d for d in self.devices if d.since <= moment or d.number == 1), key=lambda d: d.number
        )


# How many meters that have or had one supply point are found: the latest.
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class NamedMeters:
    """Meters of a pilot by what they are called: the one with a code, or those that have or had a supply point."""

    pilot_id: PilotId
    code: str | None = None
    supply_point: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceMeter:
    """Say which meter a meter is a sub-meter of; None: of none."""

    meter_id: MeterId
    parent_id: MeterId | None


@dataclass(frozen=True, slots=True)
class AssignGateway:
    """Say which gateway posts a meter's readings beside its operator; None: none."""

    meter_id: MeterId
    gateway_id: OrganisationId | None


@dataclass(frozen=True, slots=True)
class ReplaceMeter:
    """Another device at a metering point: what the old one showed at last, the new one at first."""

    meter_id: MeterId
    at: datetime
    final_value: Decimal
    first_value: Decimal
    device: DeviceFacts


@dataclass(frozen=True, slots=True)
class EndMeter:
    """Say which day is a meter's last."""

    meter_id: MeterId
    ends_on: date


@dataclass(frozen=True, slots=True)
class TakenSupplyPoint:
    """The meter that has a supply point in some of the days that another asks for."""

    meter_id: MeterId
    meter_code: str
    pilot_id: PilotId
    pilot_code: str
    starts_on: date
    ends_on: date | None


@lru_cache(4096)
def midnight(day: date) -> datetime:
    """The moment at which a day begins in China."""
    return datetime.combine(day, time(), CHINA_TIME)


def span_of(days: DateSpan) -> tuple[datetime, datetime]:
    """The moments at which days begin and are over."""
    return midnight(days.starts_on), midnight(days.ends_on) + A_DAY


def hours(start: datetime, end: datetime) -> Fraction:
    """How many hours lie between two moments, exactly."""
    return Fraction((end - start) // timedelta(seconds=1), 3600)
