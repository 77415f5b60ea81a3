"""What monitoring warns of. Pure: of what is known at a moment, and the moment.

What the thresholds are is our own reading; they stand here, and nowhere else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median

from nzc_api.accounting.exact import plain, rounded
from nzc_api.china_time import SECONDS_A_DAY, shown_moment
from nzc_api.ids import MeterId, PilotId
from nzc_api.metering.amounts import amount
from nzc_api.metering.model import Meter, MeterKind
from nzc_api.metering.usage import Usage
from nzc_api.refusal import LocalizedText, told

# For how long nothing may be known of a meter: bills come some weeks after their last day.
PATIENCE: Mapping[MeterKind, timedelta] = {
    MeterKind.REGISTER: timedelta(days=35),
    MeterKind.INTERVAL: timedelta(days=2),
    MeterKind.BILL: timedelta(days=75),
}

# A day's use is a spike where it is above so many times the median of the days before it, of which at least so many
# are wholly known. What is billed is even over its days.
USUAL_DAYS = 28
LEAST_DAYS = 14
SPIKE = 3


class AlertKind(StrEnum):
    """What is warned of."""

    GAP = "GAP"
    BACKWARDS = "BACKWARDS"
    SPIKE = "SPIKE"
    CEILING_BURN = "CEILING_BURN"


_MESSAGES: Mapping[AlertKind, LocalizedText] = {
    AlertKind.GAP: LocalizedText(
        "计量点“{meter_code}”自{since}起没有读数或账单：请补录，或用fillGap注明方法补估",
        "Of the meter “{meter_code}” nothing is known since {since}: record what is missing, or fill the gap",
    ),
    AlertKind.BACKWARDS: LocalizedText(
        "计量点“{meter_code}”自{since}起送来的读数低于已记录的读数，已被拒绝：请核对表计，过零的注明rolledOver，换表的用replaceMeter",
        "Since {since} readings of the meter “{meter_code}” that are below those recorded are refused: check "
        "the meter; if "
        "it went through all its digits say `rolledOver`, if it was exchanged use `replaceMeter`",
    ),
    AlertKind.SPIKE: LocalizedText(
        "计量点“{meter_code}”在{since}起的一天用了{quantity} {unit}，为此前常用量{usual} "
        "{unit}的{times}倍以上：请核对",
        "On the day from {since} the meter “{meter_code}” measured {quantity} {unit}, more than {times} times "
        "its usual "
        "{usual} {unit}: check it",
    ),
    AlertKind.CEILING_BURN: LocalizedText(
        "本年至今计量到的排放量{co2e} t CO2e已超过目标上限同期份额{ceiling} t CO2e",
        "What was metered this year so far emits {co2e} t CO2e, more than the {ceiling} t CO2e that the "
        "target's ceiling has "
        "for these days",
    ),
}


# Of a gap after which something is known: of how many days, since which month.
_WITHIN = LocalizedText(
    "计量点“{meter_code}”从{since}所在的月份起共有{missing}天没有读数或账单，其后的已有记录：请补录，或用fillGap注明方法补估",
    "Of the meter “{meter_code}” {missing} days since the month of {since} have no reading and no bill, though later "
    "ones have: record what is missing, or fill the gap",
)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that is warned of, of a meter or of a pilot, since a moment; ``facts`` are what its message tells.
    Its ``id`` is the position at which it was raised, if it was."""

    kind: AlertKind
    pilot_id: PilotId
    meter_id: MeterId | None
    since: datetime
    facts: Mapping[str, str] = field(default_factory=dict, compare=False)
    id: int = field(default=0, compare=False)

    @property
    def about(self) -> tuple[AlertKind, PilotId, MeterId | None]:
        """What it is about: of one thing there is one alert at a time."""
        return self.kind, self.pilot_id, self.meter_id

    @property
    def message(self) -> LocalizedText:
        return told(_WITHIN if "missing" in self.facts else _MESSAGES[self.kind], self.facts)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of a meter: until which moment, what it used on the days before now, since when readings that run
    backwards are refused, and what it used by months, up to the day of which something should be known by now."""

    meter: Meter
    known_until: datetime | None
    days: Sequence[Usage]
    backwards_since: datetime | None
    months: Sequence[Usage] = ()


@dataclass(frozen=True, slots=True)
class Burn:
    """What a pilot's meters emitted this year so far, and the target's ceiling for these days, t CO2e."""

    pilot_id: PilotId
    year_begins: datetime
    co2e: Decimal
    ceiling: Decimal


def alerts_of(watched: Iterable[Watched], burns: Iterable[Burn], now: datetime) -> list[Alert]:
    """All that is warned of at a moment."""
    return [
        *(alert for one in watched for alert in _of_meter(one, now)),
        *(alert for burn in burns for alert in _of_pilot(burn)),
    ]


def _of_meter(one: Watched, now: datetime) -> Iterator[Alert]:
    meter = one.meter
    last = one.known_until or meter.starts_at
    there = meter.ends_at is None or meter.ends_at > now
    if there and now - last > PATIENCE[meter.kind]:
        yield _alert(AlertKind.GAP, meter, last)
    elif missing := [month for month in one.months if month.missing]:
        since = max(missing[0].starts_at, meter.starts_at)
        days = Fraction(sum(month.missing for month in missing), SECONDS_A_DAY)
        yield _alert(AlertKind.GAP, meter, since, missing=plain(rounded(days)))
    if one.backwards_since is not None:
        yield _alert(AlertKind.BACKWARDS, meter, one.backwards_since)
    spike = None if meter.kind is MeterKind.BILL else _spike(one.days)
    if spike is not None:
        day, usual = spike
        facts = {
            "quantity": plain(amount(day.millionths)),
            "usual": plain(amount(usual)),
            "unit": meter.unit,
        }
        yield _alert(AlertKind.SPIKE, meter, day.starts_at, times=str(SPIKE), **facts)


def _of_pilot(burn: Burn) -> Iterator[Alert]:
    if burn.co2e > burn.ceiling:
        facts = {"co2e": plain(burn.co2e), "ceiling": plain(burn.ceiling)}
        yield Alert(
            kind=AlertKind.CEILING_BURN,
            pilot_id=burn.pilot_id,
            meter_id=None,
            since=burn.year_begins,
            facts=facts,
        )


def _spike(days: Sequence[Usage]) -> tuple[Usage, int] | None:
    """The last day of which all is known, and what is usual, where that day is far above it."""
    # On days before its first and after its last nothing is missing, nor known.
    complete = [day for day in days if day.known and not day.missing]
    if not complete:
        return None
    *before, last = complete[-USUAL_DAYS - 1 :]
    if len(before) < LEAST_DAYS:
        return None
    usual = int(median(day.millionths for day in before))
    return (last, usual) if usual and last.millionths > SPIKE * usual else None


def _alert(kind: AlertKind, meter: Meter, since: datetime, **facts: str) -> Alert:
    told_of = {"meter_code": meter.code, "since": shown_moment(since)} | facts
    return Alert(kind=kind, pilot_id=meter.pilot_id, meter_id=meter.id, since=since, facts=told_of)
