"""Intervals by the ten thousand, over HTTP: each row fares as the same reading by itself does, and so do the sums."""

import random
import threading
import tracemalloc
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.china_time import CHINA_TIME
from nzc_api.database.copying import numbers
from nzc_api.files.parts import parts
from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.metering.columns import Columns, Ordered, in_order, rollups_of
from nzc_api.metering.digest_lines import lines_of
from nzc_api.metering.interval_rows import FEW, read_rows
from nzc_api.metering.model import (
    Carrier,
    Device,
    DeviceFacts,
    Flow,
    Meter,
    MeterKind,
    midnight,
)
from nzc_api.metering.readings import (
    MOST_INTERVALS,
    Reading,
    ReadingRow,
    ReadingSpan,
    line_of,
    seconds,
)
from nzc_api.metering.usage import Step
from nzc_api.refusal import Refused
from nzc_api.schema.engine.encoding import encode
from nzc_api.transport import intervals
from tests.conftest import TestDatabase
from tests.metering.test_meters import meter
from tests.metering.test_recording import LINES, RECORD
from tests.metering.test_rollups import compare
from tests.world import Caller, World, key

FIRST = datetime(2024, 1, 30, 20, tzinfo=CHINA_TIME)
HEADING = "meter,from,at,value,unit,estimated"
READINGS = LINES.replace("first: 2", "first: 100")

Told = tuple[Any, str, str, str, str, str]


async def post(
    caller: Caller, table: str | bytes, *, key_: str = "", **options: str
) -> httpx.Response:
    headers = {"Content-Type": "text/csv", "Idempotency-Key": key_ or key()}
    if caller.secret is not None:
        headers["Authorization"] = f"Bearer {caller.secret}"
    return await caller.http.post("/intervals", content=table, headers=headers, params=options)


async def posted(caller: Caller, *rows: Told, **options: str) -> Any:
    lines = [",".join((meter["id"], *cells)) for meter, *cells in rows]
    answer = await post(caller, "\n".join((HEADING, *lines)), **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


def hour(meter: Any, /, number: int, value: str = "1", **given: str) -> Told:
    start = FIRST + timedelta(hours=number)
    end = start + timedelta(hours=1)
    return (
        meter,
        start.isoformat(),
        end.isoformat(),
        value,
        given.get("unit", ""),
        given.get("is_", ""),
    )


def some(numbers_: random.Random, meters: list[Any]) -> list[Told]:
    """Rows, most of them in order: some follow one another, some are told twice, or cannot be."""
    rows: list[Told] = []
    wrong = numbers_.choice([0, 0.1, 0.3])
    for metered in meters:
        start = numbers_.randrange(0, 60)
        rows += [hour(metered, start + n, f"{numbers_.randrange(10**5) / 1000:.3f}", is_=numbers_.choice(["", "true"]))
                 for n in range(numbers_.choice([1, 1, 2, 8]))]  # fmt: skip
    numbers_.shuffle(rows)
    return [amiss(numbers_, row) if numbers_.random() < wrong else row for row in rows]


def amiss(numbers_: random.Random, row: Told) -> Told:
    meter, start, end, value, unit, is_ = row
    value = numbers_.choice([value, "0"])
    since = datetime.fromisoformat(start)
    return numbers_.choice([
        (meter, start, (since + timedelta(hours=3)).isoformat(), value, unit, is_),
        (meter, start, (since + timedelta(days=2)).isoformat(), value, unit, is_),
        (meter, end, start, value, unit, is_),
        (meter, start, start, value, unit, is_),
        (meter, "2009-12-31T23:00:00+08:00", "2010-01-01T00:00:00+08:00", value, unit, is_),
        (meter, "2199-12-31T23:00:00+08:00", "2200-01-01T00:00:00+08:00", value, unit, is_),
        (meter, start, f"{end[:19]}.5+08:00", value, unit, is_),
        (meter, start, end, "100.000001", unit, is_),
        (meter, start, end, "100", unit, is_),
        (meter, start, end, "-1", unit, is_),
        (meter, start, end, "1.0000001", unit, is_),
        (meter, start, end, "123456789012", unit, is_),
        (meter, start, end, value, "MWh", is_),
        (meter, start, end, value, "kWh", is_),
    ])  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
async def test_rows_fare_as_readings_do(database: TestDatabase, world: World, seed: int) -> None:
    numbers_, pilot = random.Random(seed), await world.pilot()
    facts = {"meterKind": "INTERVAL", "maximumPerHour": "100", "validFrom": "2010-01-01"}
    twins = [
        [await meter(world, pilot, f"{side}-{n}", **facts) for n in range(4)]
        + [await meter(world, pilot, f"{side}-ENDED", **facts | {"validTo": "2024-01-31"})]
        + [await meter(world, pilot, f"{side}-REGISTER")]
        for side in "AB"
    ]
    heads = []
    for _ in range(12):
        rows = some(numbers_, numbers_.sample(twins[0], 4))
        answer = await posted(world.operator, *rows)
        other = {meter["id"]: twin for meter, twin in zip(*twins, strict=True)}
        items = [as_item((other[meter["id"]], *cells)) for meter, *cells in rows]
        outcomes = (await asked(world, items, "EACH_INDEPENDENT"))["outcomes"]
        assert [(one["row"], one["code"]) for one in answer["refused"]] == [
            (one["index"], one["error"]["code"]) for one in outcomes if one["error"]
        ]
        heads.append(await world.head())
    for many_meter, twin in zip(*twins, strict=True):
        assert await told(world, many_meter) == await told(world, twin)
    assert any(used.known and used.estimated_millionths for used in await compare(database, heads))


async def test_many_items_fare_as_few_do(database: TestDatabase, world: World) -> None:
    """Intervals of a GraphQL request go by columns where they are many, and one by one where they are few."""
    numbers_, pilot = random.Random(7), await world.pilot()
    facts = {"meterKind": "INTERVAL", "maximumPerHour": "100", "validFrom": "2010-01-01"}
    many, few = [
        [await meter(world, pilot, f"{side}-{n}", **facts) for n in range(3)]
        + [await meter(world, pilot, f"{side}-REGISTER")]
        for side in "AB"
    ]
    rows = [as_item(row) for _ in range(8) for row in some(numbers_, many[:3])]
    rows.insert(5, {"meter": many[3]["id"], "at": FIRST.isoformat(), "value": "1"})
    assert len(rows) > FEW + 20
    wrong = await asked(world, rows, "ALL_OR_NOTHING")
    outcomes = (await asked(world, rows, "EACH_INDEPENDENT"))["outcomes"]
    other = {meter["id"]: twin["id"] for meter, twin in zip(many, few, strict=True)}
    twins = [{**row, "meter": other[row["meter"]]} for row in rows]
    one_by_one = [
        outcome
        for some_ in parts(twins, 10)
        for outcome in (await asked(world, some_, "EACH_INDEPENDENT"))["outcomes"]
    ]
    codes = [one["error"] and one["error"]["code"] for one in outcomes]
    assert codes == [one["error"] and one["error"]["code"] for one in one_by_one]
    assert len({*codes}) > 4
    first = next(number for number, code in enumerate(codes) if code)
    assert (wrong["code"], wrong["path"][:3]) == (codes[first], ["input", "items", str(first)])
    assert [await told(world, meter) for meter in many] == [
        await told(world, meter) for meter in few
    ]
    await compare(database, [await world.head()])


def as_item(row: Told) -> dict[str, Any]:
    meter, start, end, value, unit, is_ = row
    return {"meter": meter["id"], "from": start, "at": end, "value": value, "unit": unit or None,
            "estimated": is_ == "true", "late": True}  # fmt: skip


async def asked(world: World, items: list[dict[str, Any]], mode: str, **given: Any) -> Any:
    made = {"mode": mode, "items": items, "idempotencyKey": key(), **given}
    return (await world.operator.ask(RECORD, input=made))["recordReadings"]


async def told(world: World, meter: Any) -> list[dict[str, Any]]:
    nodes = (await world.operator.ask(READINGS, id=meter["id"]))["node"]["readings"]["nodes"]
    return [{**node, "position": None} for node in nodes]


async def test_a_table_is_one_entry(shared_world: World) -> None:
    """It is told again under its key, and rehearsed without one; a gateway posts for its own meters only."""
    world = shared_world
    pilot = await world.pilot()
    own, other = [await meter(world, pilot, code, meterKind="INTERVAL") for code in ("E-1", "E-2")]
    await world.operator.made(
        "assignGateway", "meter { id }", meter=own["id"], gateway=world.gateway.organisation
    )
    rows, named = [hour(own, 2), hour(other, 1), hour(own, 1, "2.50"), hour(own, 1, "3")], key()
    head = await world.head()
    told_ = await posted(world.gateway, *rows, key_=named, dryRun="true")
    names = ("row", "column", "code", "recorded")
    assert [tuple(row[name] for name in names) for row in told_["refused"]] == [
        (1, "meter", "METER_NOT_ASSIGNED", None), (3, "at", "READING_ALREADY_RECORDED", "2.5"),
    ]  # fmt: skip
    assert (told_["rows"], told_["position"], await world.head()) == (4, None, head)
    done = await posted(world.gateway, *rows, key_=named)
    assert done == told_ | {"position": str(head + 1)}
    assert await posted(world.gateway, *rows, key_=named) == done | {"replayed": True}
    assert (await posted(world.gateway, *rows[1:2]))["position"] is None
    assert await world.head() == head + 1
    # One row says its unit: it is read by itself, and sees the other.
    twice = await posted(world.operator, hour(own, 20), hour(own, 20, unit="kWh"))
    assert [(row["row"], row["code"]) for row in twice["refused"]] == [
        (1, "READING_ALREADY_RECORDED")
    ]
    answer = await post(world.gateway, HEADING, key_=named)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        400,
        "INVALID_INPUT",
    )
    [line] = (",".join((own["id"], *hour(own, 9)[1:])),)
    answer = await post(world.gateway, f"{HEADING}\n{line}", key_=named)
    assert answer.json()["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_what_became_of_rows_is_put_together_where_it_keeps_nobody_waiting(
    shared_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is megabytes where all rows are refused."""
    threads = set[str]()

    def watched(answer: Any) -> bytes:
        threads.add(threading.current_thread().name)
        return encode(answer)

    monkeypatch.setattr(intervals, "encode", watched)
    hourly = await meter(shared_world, await shared_world.pilot(), "E-3", meterKind="INTERVAL")
    answer = await posted(shared_world.operator, hour(hourly, 1), hour(hourly, 1))
    assert (answer["rows"], len(answer["refused"])) == (2, 1)
    assert threads == {"worker"}


async def test_what_is_no_table_of_intervals_is_refused(shared_world: World) -> None:
    world = shared_world
    hourly = await meter(world, await world.pilot(), meterKind="INTERVAL")
    good = ",".join((hourly["id"], *hour(hourly, 1)[1:]))
    head = await world.head()
    for table, code in (
        ("", "INVALID_INPUT"),
        (b"\xff\xfe", "INVALID_INPUT"),
        (f"{HEADING}\n", "INVALID_INPUT"),
        (f"meter,from,at\n{good}", "INVALID_INPUT"),
        (f"{HEADING},{HEADING}\n{good}", "INVALID_INPUT"),
        (f"{HEADING},colour\n{good},red", "INVALID_INPUT"),
        (f'{HEADING}\n"{good}', "INVALID_INPUT"),
        ("\n".join((HEADING, *[","] * (MOST_INTERVALS + 1))), "INVALID_INPUT"),
        (HEADING + "\n" * 4_000_000, "INVALID_INPUT"),
    ):
        answer = await post(world.operator, table)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (400, code), table[:80]
    for caller, status in ((Caller(world.operator.http), 401), (world.verifier, 403)):
        assert (await post(caller, f"{HEADING}\n{good}")).status_code == status
    answer = await world.operator.http.post(
        "/intervals",
        content=good,
        headers={"Authorization": f"Bearer {world.operator.secret}", "Idempotency-Key": key()},
    )
    assert answer.status_code == 415
    assert (await post(world.operator, f"{HEADING}\n{good}", key_="a b")).status_code == 400
    told_ = (await post(world.operator, f"{HEADING}\n{good},,\nx{good}\n{good[:60]}\n")).json()
    assert [(one["row"], one["column"], one["code"]) for one in told_["refused"]] == [
        (0, None, "INVALID_INPUT"), (1, "meter", "INVALID_INPUT"), (2, None, "INVALID_INPUT"),
    ]  # fmt: skip
    assert "6" in told_["refused"][0]["message"]["en"]
    assert await world.head() == head


@pytest.mark.parametrize(
    "given",
    [
        {"dryRun": "1"},
        {"dryRun": "TRUE"},
        {"dryRun": ""},
        {"dryrun": "true"},
        {"dryRun": ["true", "false"]},
    ],
)
async def test_who_misspells_a_rehearsal_records_nothing(world: World, given: Any) -> None:
    hourly = await meter(world, await world.pilot(), meterKind="INTERVAL")
    head = await world.head()
    table = "\n".join((HEADING, ",".join((hourly["id"], *hour(hourly, 1)[1:]))))
    answer = await post(world.operator, table, **given)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["inputPath"]) == (400, [*given])
    assert await world.head() == head


def test_of_a_table_of_millions_of_rows_few_are_read() -> None:
    table = (HEADING + "\n" * 4_000_000).encode()
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            read_rows(table, lambda text: MeterId(int(text)))
        assert tracemalloc.get_traced_memory()[1] < 40 * 1024 * 1024
    finally:
        tracemalloc.stop()


@given(
    st.lists(
        st.tuples(
            st.integers(1, 2**40),
            st.integers(0, 252_999_999_999),
            st.integers(1, 10**6),
            st.one_of(st.integers(0, 10**14 - 1), st.integers(0, 10**8).map(lambda n: n * 10**6)),
            st.booleans(),
        ),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_a_digest_covers_of_columns_what_it_covers_of_rows(
    told: list[tuple[int, int, int, int, bool]], order: random.Random
) -> None:
    rows = [(n, *row) for n, row in zip(order.sample(range(20_000), len(told)), told, strict=True)]
    taken = [(n, meter, at, at + long, used, flag) for n, meter, at, long, used, flag in rows]
    columns = Columns(*np.array(taken, np.int64).reshape(-1, 6).T)
    each = [
        (number, line_of(ReadingRow(r.meter_id, number, _span(r))))
        for number, r in columns.readings()
    ]
    assert lines_of(columns).decode() == "\n".join(line for _, line in sorted(each))


def _span(reading: Reading) -> ReadingSpan:
    assert reading.starts_at is not None
    return ReadingSpan(
        starts_at=reading.starts_at,
        ends_at=reading.at,
        estimated=reading.estimated,
        quantity=reading.value,
        cost=None,
    )


def test_columns_are_what_rows_are() -> None:
    """What a digest covers of columns is what it covers of the same rows."""
    table = "meter,from,at,value,estimated\n7,2024-01-01T00:00:00+08:00,2023-12-31T17:00:00Z,81.640,true\n"
    found = read_rows(table.encode(), lambda text: MeterId(int(text)))
    assert (len(found.columns), found.others) == (1, {})
    assert lines_of(found.columns) == b"0 7 1704038400 1704042000 E 81.64 -"


@pytest.mark.parametrize(
    "value", ["0", "0.000001", "1", "10000", "9999.9999", "99999999.999999", "12345678.9"]
)
def test_numbers_are_sent_as_they_are(value: str) -> None:
    """Groups of four digits, of which the first is multiplied by 10,000, and so many decimals as there are."""
    [sent] = numbers(np.array([int(Decimal(value) * 10**6)]))
    whole = sum(
        int(digit) * 10 ** (4 * (1 - n)) if n < 2 else 0 for n, digit in enumerate(sent["digits"])
    )
    part = sum(
        int(digit) * Decimal(10) ** (4 * (1 - n)) for n, digit in enumerate(sent["digits"][2:], 2)
    )
    assert Decimal(whole) + part == Decimal(value)
    assert sent["scale"] == len(value.partition(".")[2])


def test_columns_take_what_sums_hold() -> None:
    """Twenty thousand of the largest are a whole number of 64 bits."""
    most = Columns(*[np.full(MOST_INTERVALS, 10**14 - 1)] * 6)
    assert int(most.millionths.sum()) == MOST_INTERVALS * (10**14 - 1)


DEVICE = Device(
    MeterId(7), 1, midnight(date(2024, 1, 1)), Position(1), DeviceFacts(Decimal("100.5"))
)
INTERVALS = Meter(
    MeterId(7), PilotId(1), "E-1", Carrier.ELECTRICITY, Flow.BOUGHT, MeterKind.INTERVAL, "kWh", "1", None,
    date(2024, 1, 1), date(2024, 1, 31), None, (DEVICE,),
)  # fmt: skip
NOW = midnight(date(2024, 1, 30))


def columns(*rows: tuple[str, int, int]) -> Columns:
    """Intervals from a moment on, so many seconds long, of so much."""
    starts = [seconds(datetime.fromisoformat(f"2024-{moment}+08:00")) for moment, _, _ in rows]
    ends = [start + length for start, (_, length, _) in zip(starts, rows, strict=True)]
    used = [amount for _, _, amount in rows]
    same = [7] * len(rows), [0] * len(rows)
    return Columns(*map(np.array, ([*range(len(rows))], same[0], starts, ends, used, same[1])))


@pytest.mark.parametrize(
    ("rows", "is_so"),
    [
        ([("01-02 00:00", 86_400, 0)], True),
        ([("01-02 00:00", 86_401, 0)], False),
        ([("01-02 00:00", 0, 0)], False),
        ([("01-02 00:00", -3600, 0)], False),
        ([("01-01 00:00", 3600, 0)], True),
        ([("01-01 00:00", 3600, 100_500_000)], True),
        ([("01-01 00:00", 3600, 100_500_001)], False),
        ([("01-01 00:00", 1, 27_916)], True),
        ([("01-01 00:00", 1, 27_917)], False),
        ([("01-01 00:00", 3600, 0), ("01-01 01:00", 3600, 0)], True),
        ([("01-01 00:00", 3600, 0), ("01-01 00:59", 3600, 0)], False),
        ([("01-29 23:00", 3600, 0)], True),
        ([("01-29 23:00", 3601, 0)], False),
    ],
)
def test_what_is_plainly_in_order(rows: list[tuple[str, int, int]], is_so: bool) -> None:
    assert in_order(Ordered.of(columns(*rows)), {MeterId(7): INTERVALS}, NOW) == (
        {7} if is_so else set()
    )


def test_meters_that_have_no_such_intervals() -> None:
    """Another kind of meter, none, or one that was not there."""
    row = Ordered.of(columns(("01-10 00:00", 3600, 0)))
    for neighbour in (
        replace(INTERVALS, kind=MeterKind.BILL),
        replace(INTERVALS, starts_on=date(2024, 1, 11)),
        replace(INTERVALS, ends_on=date(2024, 1, 9)),
    ):
        assert in_order(row, {MeterId(7): neighbour}, NOW) == set()
    assert in_order(row, {}, NOW) == set()
    assert in_order(row, {MeterId(7): replace(INTERVALS, ends_on=None)}, NOW) == {7}


def test_sums_of_columns() -> None:
    """What ends another day is in no day's sum, and what ends another month changes nothing of its own."""
    rows = [("01-10 22:00", 7200, 5), ("01-11 00:00", 3600, 7), ("01-11 23:30", 3600, 11), ("01-31 23:30", 3600, 13),
            ("02-29 23:30", 3600, 17)]  # fmt: skip
    found = {
        (span.step, str(span.starts_on)): sums
        for span, sums in rollups_of(columns(*rows)).changes.items()
    }
    assert {span: (sums.millionths, sums.known) for span, sums in found.items()} == {
        (Step.DAY, "2024-01-10"): (5, 7200),
        (Step.DAY, "2024-01-11"): (7, 3600),
        (Step.MONTH, "2024-01-01"): (23, 14_400),
        (Step.MONTH, "2024-02-01"): (0, 0),
    }
