"""What fills a gap, and why one is not filled. Pure.

What was used in a gap is reckoned from as long a time before it, or a year before, of which everything is known, or is
stated; it is spread evenly over what is missing, to the last millionth. What fills it is estimated, and says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.exact import rounded
from nzc_api.china_time import SECONDS_A_DAY, china_day
from nzc_api.ids import MeterId
from nzc_api.metering.amounts import amount
from nzc_api.metering.errors import GapNotThere, GapReferenceUnknown
from nzc_api.metering.model import A_DAY, GapMethod, Meter, MeterKind, midnight
from nzc_api.metering.reading_rules import check_quantity
from nzc_api.metering.readings import Bill, Item, Reading, seconds
from nzc_api.metering.rules import check_kind
from nzc_api.metering.usage import Usage, Used, within
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.rules import check_order
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import saying_problem

LONGEST_GAP_DAYS = 366

# Of intervals there may be a gap after each. A batch numbers its rows with 16 bits, and is written while the head is
# locked.
MOST_GAPS = 5_000

# From a moment to another.
Gap = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class FillGap:
    """Estimate what a meter used on those of some days of which nothing is known; ``quantity``: where it is STATED."""

    meter_id: MeterId
    days: DateSpan
    method: GapMethod
    document: str
    quantity: Decimal | None = None


def check_gap(command: FillGap, meter: Meter) -> Refusal | None:
    """Whether a gap of such days may be filled in this way, whatever is missing of them."""
    return (
        check_order(command.days, "first_day", "last_day")
        or check_kind(meter, (MeterKind.INTERVAL, MeterKind.BILL), "meter")
        or _check_length(command.days)
        or _check_stated(command)
        or saying_problem(command.document, "document")
    )


def reference_of(command: FillGap) -> DateSpan | None:
    """The days from which what is missing is reckoned; None: it is stated."""
    days = command.days
    if command.method is GapMethod.STATED:
        return None
    first = days.starts_on - days.days * A_DAY
    if command.method is GapMethod.YEAR_BEFORE:
        first = _year_before(days.starts_on)
    return DateSpan(first, first + (days.days - 1) * A_DAY)


def check_missing(command: FillGap, meter: Meter, gaps: Sequence[Gap]) -> Refusal | None:
    """Whether anything is missing of the days, and no more than is filled at once."""
    if len(gaps) > MOST_GAPS:
        return InvalidInput(
            path=("last_day",),
            value=f">{MOST_GAPS}",
            expected_zh=f"所填日期内至多{MOST_GAPS}段缺口：请分几次补估",
            expected_en=f"days with at most {MOST_GAPS} gaps: fill fewer days at once",
        )
    if gaps:
        return None
    return GapNotThere(
        path=("first_day",),
        meter_code=meter.code,
        meter_id=meter.id,
        starts_on=str(command.days.starts_on),
        ends_on=str(command.days.ends_on),
    )


def check_reference(
    command: FillGap, meter: Meter, days: DateSpan, usage: Usage
) -> GapReferenceUnknown | None:
    """Whether everything is known of the days from which what is missing is reckoned."""
    whole = days.days * A_DAY // timedelta(seconds=1)
    missing = whole - usage.measured - usage.estimated
    if not missing:
        return None
    return GapReferenceUnknown(
        path=("method",),
        meter_code=meter.code,
        meter_id=meter.id,
        method=command.method,
        starts_on=str(days.starts_on),
        ends_on=str(days.ends_on),
        missing_days=f"{rounded(Fraction(missing, SECONDS_A_DAY)):f}",
    )


def quantity_of(gaps: Sequence[Gap], days: DateSpan, usage: Usage) -> int:
    """The millionths that were used in gaps, at the rate of the days from which they are reckoned; half up."""
    missing, whole = sum(map(_length, gaps)), days.days * SECONDS_A_DAY
    return (2 * usage.millionths * missing + whole) // (2 * whole)


def items_of(meter: Meter, gaps: Sequence[Gap], millionths: int) -> Iterator[Item]:
    """What fills gaps with a quantity: bills of their days, or intervals of a day at most."""
    spread = Used(0, sum(map(_length, gaps)), estimated=True, millionths=millionths)
    passed = 0
    for start, end in (part for gap in gaps for part in _parts(meter, gap)):
        length = _length((start, end))
        quantity = amount(within(spread, passed, passed + length).millionths)
        passed += length
        if meter.kind is MeterKind.BILL:
            days = DateSpan(china_day(start), china_day(end - A_DAY))
            yield Bill(meter.id, days, quantity, estimated=True)
        else:
            yield Reading(meter.id, end, quantity, estimated=True, starts_at=start)


def _parts(meter: Meter, gap: Gap) -> Iterator[Gap]:
    """A gap as bills or intervals can tell it: an interval ends at midnight."""
    start, end = gap
    while start < end:
        over = end
        if meter.kind is MeterKind.INTERVAL:
            over = min(midnight(china_day(start)) + A_DAY, end)
        yield start, over
        start = over


def _check_length(days: DateSpan) -> InvalidInput | None:
    if days.days <= LONGEST_GAP_DAYS:
        return None
    return InvalidInput(
        path=("last_day",),
        value=str(days.days),
        expected_zh=f"至多{LONGEST_GAP_DAYS}天",
        expected_en=f"at most {LONGEST_GAP_DAYS} days",
    )


def _check_stated(command: FillGap) -> InvalidInput | None:
    stated = command.method is GapMethod.STATED
    if (command.quantity is not None) is stated:
        return None if command.quantity is None else check_quantity(command.quantity)
    return InvalidInput(
        path=("quantity",),
        value=str(command.quantity),
        expected_zh="方法为STATED时给出用量；其他方法由系统计算，此处留空",
        expected_en="a quantity where the method is STATED, and none otherwise: NZC reckons it",
    )


def _year_before(day: date) -> date:
    """The same day of the year before; of a leap day the eve of March."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def _length(gap: Gap) -> int:
    return seconds(gap[1]) - seconds(gap[0])
