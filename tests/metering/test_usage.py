"""What meters used is exact: against a small model that knows only days and fractions."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.metering.amounts import amount, millionths
from nzc_api.metering.model import (
    Carrier,
    Device,
    DeviceFacts,
    Flow,
    Meter,
    MeterKind,
    midnight,
)
from nzc_api.metering.readings import ReadingPoint, seconds
from nzc_api.metering.usage import Step, Used, steps_of, usages, used_of, within
from nzc_api.pilots.model import DateSpan

FIRST = date(2024, 1, 1)
METER = Meter(
    MeterId(1),
    PilotId(1),
    "M",
    Carrier.ELECTRICITY,
    Flow.BOUGHT,
    MeterKind.BILL,
    "kWh",
    None,
    None,
    FIRST,
    None,
)
days = st.integers(0, 800).map(lambda n: FIRST + timedelta(days=n))
quantities = st.integers(0, 10**12)


@st.composite
def bills(draw: st.DrawFn) -> list[Used]:
    """Bills that share no day, some with gaps between them."""
    found, day = [], FIRST
    for _ in range(draw(st.integers(0, 8))):
        day += timedelta(days=draw(st.integers(0, 20)))
        over = day + timedelta(days=draw(st.integers(1, 90)))
        found.append(
            Used(
                starts=seconds(midnight(day)),
                ends=seconds(midnight(over)),
                estimated=draw(st.booleans()),
                millionths=draw(quantities),
            )
        )
        day = over
    return found


def of_days(used: list[Used], first: date, last: date) -> Fraction:
    """The model: each bill's even share of each day, unrounded."""
    total = Fraction(0)
    for n in range((last - first).days + 1):
        start = seconds(midnight(first + timedelta(days=n)))
        total += sum(
            Fraction(bill.millionths, (bill.ends - bill.starts) // 86_400)
            for bill in used
            if bill.starts <= start < bill.ends
        )
    return total


@given(bills(), days, days, st.sampled_from([Step.DAY, Step.MONTH, Step.YEAR]))
def test_steps_are_the_models_and_sum_to_the_whole(
    used: list[Used], one: date, other: date, step: Step
) -> None:
    span = DateSpan(min(one, other), max(one, other))
    moments = steps_of(span, step)
    found = usages(METER, used, moments)
    [whole] = usages(METER, used, [moments[0], moments[-1]])
    assert sum(part.millionths for part in found) == whole.millionths
    assert sum(part.estimated_millionths for part in found) == whole.estimated_millionths
    for name in ("measured", "estimated", "missing"):
        assert sum(getattr(part, name) for part in found) == getattr(whole, name)
    # Each bill is rounded where the days begin and end.
    near = of_days(used, span.starts_on, span.ends_on)
    assert abs(whole.millionths - near) <= len(used)
    for part in found:
        length = (part.ends_at - part.starts_at) // timedelta(seconds=1)
        assert part.measured + part.estimated + part.missing == length
        assert (part.quantity is None) == (part.measured + part.estimated == 0)


@given(quantities, st.integers(1, 10**7), st.lists(st.integers(-10, 10**7), min_size=1))
def test_neighbours_share_a_bill_exactly(quantity: int, length: int, cuts: list[int]) -> None:
    bill = Used(0, length, estimated=False, millionths=quantity)
    moments = sorted({0, length, *cuts})
    parts = [within(bill, a, b).millionths for a, b in pairwise(moments)]
    assert sum(parts) == quantity
    assert all(part >= 0 for part in parts)
    for a, b, part in zip(moments, moments[1:], parts, strict=False):
        inside = max(min(b, length) - max(a, 0), 0)
        assert abs(part - Fraction(quantity * inside, length)) <= 1


@given(
    st.lists(st.integers(0, 10**9), min_size=2, max_size=30),
    st.integers(1, 4),
    st.integers(1, 1000),
)
def test_a_register_is_what_ran_through_it(runs: list[int], digits: int, multiplier: int) -> None:
    """However often it went through all its digits: the model counts what ran, in thousandths."""
    device = Device(
        meter_id=MeterId(1),
        number=1,
        since=midnight(FIRST),
        position=Position(1),
        facts=DeviceFacts(Decimal(1), Decimal(multiplier), digits),
    )
    points, ran = [], 0
    for day, run in enumerate(runs):
        ran += run
        turns, shown = divmod(ran, 1000 * 10**digits)
        at = midnight(FIRST + timedelta(days=day))
        points.append(ReadingPoint(at, 1, turns, estimated=False, value=Decimal(shown).scaleb(-3)))
    used = used_of(points, device)
    assert [usage.millionths for usage in used] == [run * 1000 * multiplier for run in runs[1:]]


@given(st.integers(-(10**15), 10**15))
def test_millionths_and_amounts_are_the_same_numbers(number: int) -> None:
    assert millionths(amount(number)) == number


def test_steps_begin_where_the_calendar_says() -> None:
    span = DateSpan(date(2023, 12, 31), date(2024, 3, 1))
    assert [moment.date().isoformat() for moment in steps_of(span, Step.MONTH)] == [
        "2023-12-31", "2024-01-01", "2024-02-01", "2024-03-01", "2024-03-02",
    ]  # fmt: skip
    assert [moment.date().isoformat() for moment in steps_of(span, Step.YEAR)] == [
        "2023-12-31", "2024-01-01", "2024-03-02",
    ]  # fmt: skip
    assert len(steps_of(span, Step.DAY)) == 31 + 29 + 3
    assert len(steps_of(DateSpan(FIRST, FIRST), Step.HOUR)) == 25
