"""What a reading or a bill must be, beside what is recorded of its meter. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.exact import EXACT, plain, rounded, shown
from nzc_api.accounting.units import parse_unit
from nzc_api.china_time import CHINA_TIME, shown_moment
from nzc_api.ids import Position
from nzc_api.metering.amounts import DECIMALS, decimals
from nzc_api.metering.errors import (
    ConsumptionOverlaps,
    ReadingAlreadyRecorded,
    ReadingImplausible,
    ReadingInAnotherUnit,
    ReadingInFuture,
    ReadingOutOfOrder,
    ReadingOutsideMeter,
    ReadingRunsBackwards,
)
from nzc_api.metering.model import (
    A_DAY,
    Device,
    Meter,
    MeterKind,
    ReplaceMeter,
    hours,
    midnight,
    span_of,
)
from nzc_api.metering.readings import (
    Bill,
    CorrectReading,
    Item,
    Reading,
    ReadingPoint,
    ReadingSeries,
    ReadingSpan,
)
from nzc_api.metering.rules import check_device, check_kind
from nzc_api.metering.units import unit_of
from nzc_api.pilots.rules import check_order
from nzc_api.refusal import InvalidInput, Refusal

# Decimals of what a register shows; with those of a multiplier, as many as amounts have.
DECIMALS_OF_A_REGISTER = 3

# Devices at one meter, one after the other.
MOST_DEVICES = 100

# Digits of any amount, before the point: beyond what any meter of a pilot counts.
MOST_AMOUNT = Decimal(10) ** 12

# An interval is a load profile's step, a bill is of a year at most.
LONGEST_INTERVAL = timedelta(days=1)
LONGEST_BILL_DAYS = 366


@dataclass(frozen=True, slots=True)
class Beside:
    """A meter, what is recorded of it, and the moment that now is."""

    meter: Meter
    series: ReadingSeries
    now: datetime


def decide(item: Item, beside: Beside) -> ReadingPoint | ReadingSpan | Refusal:
    """What is written of a reading or a bill, or why nothing is."""
    if isinstance(item, Bill):
        return _bill(item, beside)
    return _interval(item, beside) if item.starts_at is not None else _register(item, beside)


def decide_correction(
    command: CorrectReading, beside: Beside
) -> ReadingPoint | ReadingSpan | Refusal:
    """What is written where a reading or a bill was wrong, or why nothing is: it must be as any other, beside
    those that stay. ``beside`` is without what is corrected, whose time the command names."""
    meter, corrected = beside.meter, recorded(command, beside)
    assert corrected is not None
    problem = _check_said(command, meter) or _check_quality(command, corrected)
    if problem is not None:
        return problem
    if meter.kind is not MeterKind.REGISTER:
        return _corrected_span(command, beside)
    device = _device(command, meter)
    before, wrong, after = beside.series.beside(command.at, device.number)
    assert wrong is not None
    if command.value is None:
        return wrong._replace(value=None, turns=0)
    told = Reading(
        meter.id, command.at, command.value, estimated=command.estimated,
        rolled_over=command.rolled_over, late=True,
    )  # fmt: skip
    return _check_amount(told.value, DECIMALS_OF_A_REGISTER, "value") or _fitted(
        told, device, beside, before, after
    )


def recorded(command: CorrectReading, beside: Beside) -> ReadingPoint | ReadingSpan | None:
    """What is recorded at the time that a correction names."""
    if beside.meter.kind is MeterKind.REGISTER:
        device = _device(command, beside.meter)
        return beside.series.beside(command.at, device.number)[1]
    return beside.series.beginning(command.at)


def decide_replacement(
    command: ReplaceMeter, beside: Beside
) -> tuple[ReadingPoint, ReadingPoint, Device] | Refusal:
    """The last point of the old device, the first of the new one, and that one; or why it is refused."""
    meter = beside.meter
    old = meter.devices[-1]
    problem = (
        check_kind(meter, (MeterKind.REGISTER,), "meter")
        or check_device(command.device, meter.kind)
        or _check_times(meter, command.at, command.at, beside.now, "at")
        or _check_amount(command.first_value, DECIMALS_OF_A_REGISTER, "first_value")
        or _check_amount(command.final_value, DECIMALS_OF_A_REGISTER, "final_value")
        or _check_digits(command.first_value, command.device.digits, "first_value")
    )
    if problem is not None:
        return problem
    before, here, after = beside.series.beside(command.at, old.number)
    later = here or after
    if later is not None or command.at <= old.since:
        at = old.since if later is None else later.at
        return _out_of_order(meter, command.at, at)
    told = Reading(meter.id, command.at, command.final_value)
    final = _fitted(told, old, beside, before, None, "final_value")
    if isinstance(final, Refusal):
        return final
    number = old.number + 1
    if number > MOST_DEVICES:
        return _too_many_devices(number)
    first = ReadingPoint(command.at, number, 0, estimated=False, value=command.first_value)
    # Its position is that of the entry which says so: the service knows it.
    return final, first, Device(meter.id, number, command.at, Position(0), command.device)


def _register(item: Reading, beside: Beside) -> ReadingPoint | Refusal:
    meter = beside.meter
    problem = (
        check_kind(meter, (MeterKind.REGISTER,), "meter")
        or _check_unit(item.unit, item.value, meter)
        or _check_amount(item.value, DECIMALS_OF_A_REGISTER, "value")
        or _check_times(meter, item.at, item.at, beside.now, "at")
    )
    if problem is not None:
        return problem
    device = meter.device_at(item.at)
    before, here, after = beside.series.beside(item.at, device.number)
    if here is not None:
        assert here.value is not None
        return _already(meter, shown_moment(item.at), here.value, "at", estimated=here.estimated)
    if after is not None and not item.late:
        return _out_of_order(meter, item.at, after.at)
    return _fitted(item, device, beside, before, after)


def _fitted(
    item: Reading,
    device: Device,
    beside: Beside,
    before: ReadingPoint | None,
    after: ReadingPoint | None,
    field: str = "value",
) -> ReadingPoint | Refusal:
    """The point of a reading between those beside it, where the register counts on from the one to the other."""
    problem: Refusal | None = _check_digits(
        item.value, device.facts.digits, field
    ) or _check_rollover(item, device, before)
    if problem is not None:
        return problem
    turns = (before.turns if before else 0) + item.rolled_over
    point = ReadingPoint(item.at, device.number, turns, item.estimated, item.value)
    for earlier, later in ((before, point), (point, after)):
        if earlier is not None and later is not None:
            problem = _check_run(earlier, later, device, beside.meter, field)
            if problem is not None:
                return problem
    return point


def _check_run(
    earlier: ReadingPoint, later: ReadingPoint, device: Device, meter: Meter, field: str
) -> Refusal | None:
    """Whether a register can have run from one reading to the next."""
    used = used_between(earlier, later, device)
    if used < 0:
        return ReadingRunsBackwards(
            path=(field,),
            meter_code=meter.code,
            meter_id=meter.id,
            earlier_at=shown_moment(earlier.at),
            earlier=_shown(earlier.value),
            later_at=shown_moment(later.at),
            later=_shown(later.value),
        )
    moments = (shown_moment(earlier.at), shown_moment(later.at))
    return _check_plausible(used, hours(earlier.at, later.at), device, meter, moments, field)


def used_between(earlier: ReadingPoint, later: ReadingPoint, device: Device) -> Decimal:
    """What a register's readings say was used between them: their difference, and all that its digits hold for
    each turn in between, times the multiplier."""
    assert earlier.value is not None
    assert later.value is not None
    turn = Decimal(10) ** (device.facts.digits or 0)
    turned = EXACT.multiply(Decimal(later.turns - earlier.turns), turn)
    run = EXACT.add(EXACT.subtract(later.value, earlier.value), turned)
    return EXACT.multiply(run, device.facts.multiplier)


def _interval(item: Reading, beside: Beside) -> ReadingSpan | Refusal:
    meter = beside.meter
    assert item.starts_at is not None
    problem = (
        check_kind(meter, (MeterKind.INTERVAL,), "meter")
        or _check_unit(item.unit, item.value, meter)
        or _check_amount(item.value, DECIMALS, "value")
        or _check_interval(item.starts_at, item.at)
        or _check_times(meter, item.starts_at, item.at, beside.now, "at")
    )
    if problem is not None:
        return problem
    span = ReadingSpan(item.starts_at, item.at, item.estimated, item.value, None)
    return _check_told_once(span, beside, "at") or _check_span(span, meter, "value") or span


def _bill(item: Bill, beside: Beside) -> ReadingSpan | Refusal:
    meter, days = beside.meter, item.days
    disordered = check_order(days, "first_day", "last_day")
    if disordered is not None:
        return disordered
    starts_at, ends_at = span_of(days)
    # A bill may be of today: it is written on its last day.
    over = midnight(beside.now.astimezone(CHINA_TIME).date()) + A_DAY
    problem = (
        check_kind(meter, (MeterKind.BILL,), "meter")
        or _check_unit(item.unit, item.quantity, meter, "quantity")
        or _check_amount(item.quantity, DECIMALS, "quantity")
        or _check_cost(item.cost)
        or _check_length(days.days)
        or _check_times(meter, starts_at, ends_at, over, "last_day")
    )
    if problem is not None:
        return problem
    span = ReadingSpan(starts_at, ends_at, item.estimated, item.quantity, item.cost)
    return (
        _check_told_once(span, beside, "first_day") or _check_span(span, meter, "quantity") or span
    )


def _check_said(command: CorrectReading, meter: Meter) -> InvalidInput | None:
    """Nothing that a correction says is passed over: only a bill that there was has a cost, only a register's reading
    rolls over."""
    if command.cost is not None and (command.value is None or meter.kind is not MeterKind.BILL):
        return InvalidInput(
            path=("cost",),
            value=str(command.cost),
            expected_zh="不填：费用只属于账单，且value不为null",
            expected_en="left out: only a bill has a cost, and only one whose `value` is not null",
        )
    if command.rolled_over and (command.value is None or meter.kind is not MeterKind.REGISTER):
        return InvalidInput(
            path=("rolled_over",),
            value="true",
            expected_zh="不填：过零只属于累计计度器（REGISTER）的读数，且value不为null",
            expected_en="left out: only a reading of a REGISTER rolls over, and only one whose `value` is not null",
        )
    return None


def _check_quality(
    command: CorrectReading, corrected: ReadingPoint | ReadingSpan
) -> InvalidInput | None:
    """What was estimated does not become measured by silence."""
    said = command.estimated or command.measured or command.value is None
    if said or not corrected.estimated:
        return None
    return InvalidInput(
        path=("estimated",),
        value="null",
        expected_zh="true或false：原记录为估算，请说明更正后的数值是否仍为估算",
        expected_en="true or false: what is recorded was estimated, and whether the corrected value is has to be said",
    )


def _corrected_span(command: CorrectReading, beside: Beside) -> ReadingSpan | Refusal:
    wrong = recorded(command, beside)
    assert isinstance(wrong, ReadingSpan)
    if command.value is None:
        return wrong._replace(quantity=None, cost=None)
    stays = command.cost is None and not command.without_cost
    cost = wrong.cost if stays else command.cost
    span = wrong._replace(quantity=command.value, cost=cost, estimated=command.estimated)
    return (
        _check_amount(command.value, DECIMALS, "value")
        or _check_cost(command.cost)
        or _check_span(span, beside.meter, "value")
        or span
    )


def _check_times(
    meter: Meter, starts_at: datetime, ends_at: datetime, now: datetime, field: str
) -> Refusal | None:
    """Whether the meter was there from one moment to the other, and both have come."""
    for moment in (starts_at, ends_at):
        if moment.microsecond:
            return InvalidInput(
                path=(field,),
                value=moment.isoformat(),
                expected_zh="精确到秒的时间",
                expected_en="a moment of whole seconds",
            )
    if ends_at > now:
        return ReadingInFuture(
            path=(field,), at=_shown_end(ends_at, field), now=_shown_end(now, field)
        )
    if starts_at >= meter.starts_at and (meter.ends_at is None or ends_at <= meter.ends_at):
        return None
    outside = starts_at if starts_at < meter.starts_at else ends_at
    return ReadingOutsideMeter(
        path=(field,),
        meter_code=meter.code,
        meter_id=meter.id,
        starts_on=str(meter.starts_on),
        ends_on=None if meter.ends_on is None else str(meter.ends_on),
        at=shown_moment(outside),
    )


def _check_told_once(span: ReadingSpan, beside: Beside, field: str) -> Refusal | None:
    """Whether nothing was told of any part of the time yet."""
    other, meter = beside.series.overlapping(span.starts_at, span.ends_at), beside.meter
    if other is None:
        return None
    starts_at, ends_at = shown_span(span, meter)
    if (other.starts_at, other.ends_at) == (span.starts_at, span.ends_at):
        assert other.quantity is not None
        at, quality = f"{starts_at} – {ends_at}", other.estimated
        return _already(meter, at, other.quantity, field, estimated=quality, cost=other.cost)
    other_starts_at, other_ends_at = shown_span(other, meter)
    return ConsumptionOverlaps(
        path=(field,),
        meter_code=meter.code,
        meter_id=meter.id,
        starts_at=starts_at,
        ends_at=ends_at,
        other_starts_at=other_starts_at,
        other_ends_at=other_ends_at,
    )


def _check_span(span: ReadingSpan, meter: Meter, field: str) -> ReadingImplausible | None:
    assert span.quantity is not None
    device = meter.device_at(span.starts_at)
    length = hours(span.starts_at, span.ends_at)
    return _check_plausible(span.quantity, length, device, meter, shown_span(span, meter), field)


def _check_plausible(
    used: Decimal,
    length: Fraction,
    device: Device,
    meter: Meter,
    moments: tuple[str, str],
    field: str,
) -> ReadingImplausible | None:
    """Whether so much can pass through the device in so many hours."""
    most = Fraction(device.facts.maximum_per_hour) * length
    if Fraction(used) <= most:
        return None
    return ReadingImplausible(
        path=(field,),
        meter_code=meter.code,
        meter_id=meter.id,
        starts_at=moments[0],
        ends_at=moments[1],
        quantity=plain(used),
        most=plain(rounded(most)),
        unit=meter.unit,
    )


def _check_interval(starts_at: datetime, ends_at: datetime) -> InvalidInput | None:
    if timedelta() < ends_at - starts_at <= LONGEST_INTERVAL:
        return None
    return InvalidInput(
        path=("from",),
        value=f"{shown_moment(starts_at)} – {shown_moment(ends_at)}",
        expected_zh="开始时间早于at，且不超过一天；更长时间的用量请按账单（BILL）填报",
        expected_en="a beginning before `at`, a day at most; what was used over longer is a BILL's",
    )


def _check_length(days: int) -> InvalidInput | None:
    if days <= LONGEST_BILL_DAYS:
        return None
    return InvalidInput(
        path=("last_day",),
        value=str(days),
        expected_zh=f"账单至多{LONGEST_BILL_DAYS}天",
        expected_en=f"a bill of at most {LONGEST_BILL_DAYS} days",
    )


def _check_cost(cost: Decimal | None) -> InvalidInput | None:
    if cost is None or (abs(cost) < MOST_AMOUNT and decimals(cost) <= DECIMALS):
        return None
    return _bad_amount(cost, DECIMALS, "cost")


def _check_unit(
    text: str | None, value: Decimal, meter: Meter, field: str = "value"
) -> ReadingInAnotherUnit | None:
    """Whether a reading is in the meter's unit; what it would be, where another converts."""
    unit, own = None if text is None else parse_unit(text), unit_of(meter.unit)
    if text is None or (unit is not None and unit.name == own.name):
        return None
    converted = None
    if unit is not None and unit.dimensions == own.dimensions:
        converted = f"{shown(Fraction(value) * unit.size / own.size)} {own.shown.en}"
    return ReadingInAnotherUnit(
        path=("unit",),
        meter_code=meter.code,
        meter_id=meter.id,
        meter_unit=meter.unit,
        unit=text[:40],
        converted=converted,
    )


def check_quantity(value: Decimal) -> InvalidInput | None:
    """Whether so much can be stated to have been used."""
    return _check_amount(value, DECIMALS, "quantity")


def _check_amount(value: Decimal, most_decimals: int, field: str) -> InvalidInput | None:
    if 0 <= value < MOST_AMOUNT and decimals(value) <= most_decimals:
        return None
    return (
        _less_than_nothing(value, field) if value < 0 else _bad_amount(value, most_decimals, field)
    )


def _less_than_nothing(value: Decimal, field: str) -> InvalidInput:
    return InvalidInput(
        path=(field,),
        value=str(value),
        expected_zh="不小于0的数；退补、红字账单更正其所针对的账单：请用correctReading填该账单更正后的用量和费用",
        expected_en="a number from 0 on; a credit note puts the bill right that it is about: state what that "
        "is then by `correctReading`",
    )


def _bad_amount(value: Decimal, most_decimals: int, field: str) -> InvalidInput:
    return InvalidInput(
        path=(field,),
        value=str(value),
        expected_zh=f"不小于0、小于{MOST_AMOUNT:f}的数，至多{most_decimals}位小数（费用可为负）",
        expected_en=f"a number from 0 to less than {MOST_AMOUNT:f} with at most {most_decimals} decimals (a cost "
        "may be negative)",
    )


def _check_digits(value: Decimal, digits: int | None, field: str) -> InvalidInput | None:
    if digits is None or value < Decimal(10) ** digits:
        return None
    return InvalidInput(
        path=(field,),
        value=str(value),
        expected_zh=f"该计度器小数点前有{digits}位，读数须小于{10**digits}",
        expected_en=f"the register has {digits} digits before the point: a reading below {10**digits}",
    )


def _check_rollover(
    item: Reading, device: Device, before: ReadingPoint | None
) -> InvalidInput | None:
    """Whether a register that is said to have gone through all its digits can have."""
    if not item.rolled_over:
        return None
    shown_before = None if before is None else before.value
    if device.facts.digits is not None and shown_before is not None and item.value < shown_before:
        return None
    return InvalidInput(
        path=("rolled_over",),
        value="true",
        expected_zh="仅当计度器位数已登记、且本次读数小于上一次读数时，才可注明过零",
        expected_en="a register rolled over only where its digits are known and it shows less than before",
    )


def _out_of_order(meter: Meter, at: datetime, later: datetime) -> ReadingOutOfOrder:
    return ReadingOutOfOrder(
        path=("at",),
        meter_code=meter.code,
        meter_id=meter.id,
        at=shown_moment(at),
        later=shown_moment(later),
    )


def _too_many_devices(number: int) -> InvalidInput:
    return InvalidInput(
        path=("meter",),
        value=str(number),
        expected_zh=f"一个计量点至多{MOST_DEVICES}次装表；请登记新的计量点",
        expected_en=f"at most {MOST_DEVICES} devices at one meter: register another one",
    )


def _already(
    meter: Meter,
    at: str,
    value: Decimal,
    field: str,
    *,
    estimated: bool,
    cost: Decimal | None = None,
) -> ReadingAlreadyRecorded:
    return ReadingAlreadyRecorded(
        path=(field,),
        meter_code=meter.code,
        meter_id=meter.id,
        at=at,
        recorded=plain(value),
        unit=meter.unit,
        estimated=estimated,
        cost=None if cost is None else plain(cost),
    )


def _device(command: CorrectReading, meter: Meter) -> Device:
    """The device whose reading a correction is of."""
    numbers = {device.number: device for device in meter.devices}
    return numbers.get(command.device or 0) or meter.device_at(command.at)


def shown_span(span: ReadingSpan, meter: Meter) -> tuple[str, str]:
    """When a span begins and ends: a bill's first and last day, an interval's moments."""
    if meter.kind is not MeterKind.BILL:
        return shown_moment(span.starts_at), shown_moment(span.ends_at)
    days = (span.starts_at, span.ends_at - A_DAY)
    return tuple(str(day.astimezone(CHINA_TIME).date()) for day in days)  # type: ignore[return-value]


def _shown_end(moment: datetime, field: str) -> str:
    """A moment, or the day that it ends where a day was asked for."""
    if field != "last_day":
        return shown_moment(moment)
    return str((moment - A_DAY).astimezone(CHINA_TIME).date())


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else plain(value)
