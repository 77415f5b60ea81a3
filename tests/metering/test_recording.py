"""Readings and bills in bulk, over HTTP: their keys, what stands and falls together, who may, what is seen."""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nzc_api.china_time import CHINA_TIME
from nzc_api.metering.model import midnight
from nzc_api.metering.readings import seconds
from nzc_api.metering.usage import Step, Used, steps_of, usages
from nzc_api.pilots.model import DateSpan
from tests.conftest import TestDatabase
from tests.counting import least
from tests.database.guards.story import position
from tests.metering.test_meters import meter
from tests.metering.test_scenarios import USAGE
from tests.metering.test_usage import METER
from tests.world import World, key

RECORD = """mutation ($input: RecordReadingsInput!) { recordReadings(input: $input) {
    ... on RecordReadingsSuccess { replayed batch { id readingCount digest }
        outcomes { index status position error { code path } result { id } } }
    ... on UserError { code path message { zh en } } } }"""
BILLS = (
    RECORD.replace("eadings", "ills").replace("RecordR", "RecordB").replace("recordR", "recordB")
)
LINES = """query ($id: ID!, $after: String) { node(id: $id) { ... on Meter {
    readings(first: 2, after: $after) { pageInfo { hasNextPage endCursor } nodes {
        startsAt endsAt value estimated device turns cost position } } } } }"""


def at(day: int, hour: int = 0) -> str:
    return f"2024-01-{day:02}T{hour:02}:00:00+08:00"


def reading(meter: Any, /, day: int, value: str, **given: Any) -> dict[str, Any]:
    return {"meter": meter["id"], "at": at(day), "value": value} | given


async def record(world: World, mode: str, *items: dict[str, Any], **given: Any) -> Any:
    value = {"mode": mode, "items": list(items), "idempotencyKey": key()} | given
    return (await world.operator.ask(RECORD, input=value))["recordReadings"]


async def test_each_by_itself(shared_world: World) -> None:
    """Items see each other's effects; one that is refused or malformed stops no other, and all is told again."""
    one = await meter(shared_world, await shared_world.pilot())
    items = [
        reading(one, 1, "100"),
        reading(one, 2, "90"),  # backwards
        reading(one, 3, "120"),
        reading(one, 2, "110"),  # out of order
        reading(one, 2, "110", late=True),
        reading(one, 4, "130", meter="nonsense"),
        reading(one, 3, "120"),  # twice
    ]
    head = await shared_world.head()
    done = await record(shared_world, "EACH_INDEPENDENT", *items, idempotencyKey="each")
    assert [outcome["status"] for outcome in done["outcomes"]] == [
        "COMMITTED", "REJECTED", "COMMITTED", "REJECTED", "COMMITTED", "REJECTED", "REJECTED",
    ]  # fmt: skip
    errors = [outcome["error"] for outcome in done["outcomes"]]
    assert [error and error["code"] for error in errors] == [
        None, "READING_RUNS_BACKWARDS", None, "READING_OUT_OF_ORDER", None, "INVALID_INPUT",
        "READING_ALREADY_RECORDED",
    ]  # fmt: skip
    assert errors[1]["path"] == ["input", "items", "1", "value"]
    assert errors[5]["path"] == ["input", "items", "5", "meter"]
    assert done["batch"]["readingCount"] == 3
    # One entry of the log for all of them.
    assert await shared_world.head() == head + 1
    assert {outcome["position"] for outcome in done["outcomes"]} == {str(head + 1), None}
    assert done["outcomes"][0]["result"]["id"] == done["batch"]["id"]

    again = await record(shared_world, "EACH_INDEPENDENT", *items, idempotencyKey="each")
    assert again["replayed"]
    assert [outcome["status"] for outcome in again["outcomes"]][:3] == [
        "REPLAYED",
        "REJECTED",
        "REPLAYED",
    ]
    assert [outcome["error"] for outcome in again["outcomes"]] == errors
    assert await shared_world.head() == head + 1
    other = await record(shared_world, "EACH_INDEPENDENT", items[0], idempotencyKey="each")
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_where_none_is_accepted_the_key_is_unused(shared_world: World) -> None:
    one = await meter(shared_world, await shared_world.pilot())
    wrong, right = reading(one, 1, "-1"), reading(one, 1, "1")
    head = await shared_world.head()
    done = await record(shared_world, "EACH_INDEPENDENT", wrong, wrong, idempotencyKey="none")
    assert [outcome["status"] for outcome in done["outcomes"]] == ["REJECTED", "REJECTED"]
    assert (done["batch"], done["replayed"]) == (None, False)
    assert await shared_world.head() == head
    done = await record(shared_world, "EACH_INDEPENDENT", right, idempotencyKey="none")
    assert done["outcomes"][0]["status"] == "COMMITTED"


async def test_all_or_nothing(shared_world: World) -> None:
    one = await meter(shared_world, await shared_world.pilot())
    items = [reading(one, 1, "100"), reading(one, 2, "90"), reading(one, 3, "80")]
    head = await shared_world.head()
    refused = await record(shared_world, "ALL_OR_NOTHING", *items, idempotencyKey="all")
    assert (refused["code"], refused["path"]) == (
        "READING_RUNS_BACKWARDS", ["input", "items", "1", "value"],
    )  # fmt: skip
    assert await record(shared_world, "ALL_OR_NOTHING", *items, idempotencyKey="all") == refused
    assert await shared_world.head() == head
    done = await record(shared_world, "ALL_OR_NOTHING", items[0], reading(one, 2, "110"))
    assert [outcome["status"] for outcome in done["outcomes"]] == ["COMMITTED"] * 2
    assert await shared_world.head() == head + 1


async def test_a_thousand_and_no_more(shared_world: World) -> None:
    one = await meter(shared_world, await shared_world.pilot(), meterKind="INTERVAL")

    def hour(n: int) -> dict[str, Any]:
        start = datetime(2024, 1, 1, tzinfo=CHINA_TIME) + timedelta(hours=n)
        end = start + timedelta(hours=1)
        value = {"from": start.isoformat(), "at": end.isoformat(), "value": f"{n % 7}.5"}
        return {"meter": one["id"]} | value

    head = await shared_world.head()
    for count in (0, 1001):
        error = await record(shared_world, "EACH_INDEPENDENT", *map(hour, range(count)))
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "items"])
    done = await record(shared_world, "ALL_OR_NOTHING", *map(hour, range(1000)))
    assert done["batch"]["readingCount"] == 1000
    assert await shared_world.head() == head + 1
    days = {"from": "2024-01-01", "to": "2024-02-29"}
    for step in ("DAY", "MONTH", "YEAR"):
        data = await shared_world.operator.ask(USAGE, id=one["id"], step=step, **days)
        parts = data["node"]["consumption"]
        assert sum(float(part["quantity"] or 0) for part in parts) == sum(
            n % 7 + 0.5 for n in range(1000)
        )
    error = await shared_world.operator.fail(USAGE, id=one["id"], step="HOUR", **days)
    assert error["extensions"]["inputPath"] == ["to"]


async def test_a_batch_takes_a_constant_number_of_statements(world: World) -> None:
    pilot = await world.pilot()
    meters = [await meter(world, pilot, f"M-{n}") for n in range(20)]
    days = iter(range(1, 29))

    async def one() -> None:
        await record(world, "ALL_OR_NOTHING", reading(meters[0], next(days), "0"))

    async def many() -> None:
        day = next(days)
        await record(world, "ALL_OR_NOTHING", *(reading(m, day, "0") for m in meters))

    # One more where it takes so long that NZC looks at the head meanwhile.
    assert await least(many) <= await least(one) + 1


async def test_the_usage_of_many_meters_is_one_statement(world: World) -> None:
    pilot = await world.pilot()
    query = """query ($id: ID!, $first: Int!) { pilot(by: {id: $id}) { meters(first: $first) { nodes {
        consumption(from: "2024-01-01", to: "2024-12-31", step: MONTH) { quantity } } } } }"""
    meters = [await meter(world, pilot, f"M-{n}") for n in range(12)]
    for one in meters:
        await record(world, "ALL_OR_NOTHING", reading(one, 1, "0"), reading(one, 31, "310"))

    async def ask(first: int) -> int:
        async def asked() -> None:
            await world.operator.ask(query, id=pilot["id"], first=first)

        return await least(asked)

    assert await ask(12) <= await ask(1) + 1


async def test_who_records(shared_world: World) -> None:
    world = shared_world
    one = await meter(world, await world.pilot())
    value = {"items": [reading(one, 1, "1")], "idempotencyKey": "who"}
    for caller, code in (
        (world.anyone, "UNAUTHENTICATED"),
        (world.other_operator, "FORBIDDEN"),
        (world.verifier, "FORBIDDEN"),
    ):
        error = await caller.fail(RECORD, input=value)
        assert error["extensions"]["code"] == code
    made = (await world.operator.ask(RECORD, input=value))["recordReadings"]["batch"]
    query = "query ($id: ID!) { node(id: $id) { ... on ReadingBatch { readingCount digest } } }"
    line = f"0 {position(one['id'])} 1704038400 1 0 A 1"
    seen = {"readingCount": 1, "digest": hashlib.sha256(line.encode()).hexdigest()}
    for caller in (world.operator, world.verifier, world.auditor):
        assert (await caller.ask(query, id=made["id"]))["node"] == seen
    for caller in (world.anyone, world.other_operator, world.holder):
        assert (await caller.ask(query, id=made["id"]))["node"] is None


async def test_readings_are_listed_as_they_count(shared_world: World) -> None:
    world = shared_world
    one = await meter(world, await world.pilot(), digits=5)
    await record(world, "ALL_OR_NOTHING", *(reading(one, day, f"{day}.250") for day in (1, 2, 3)))
    exchange = {"at": at(4), "finalValue": "5", "firstValue": "0", "maximumPerHour": "10"}
    await world.operator.made("replaceMeter", "meter { id }", meter=one["id"], **exchange)
    found: list[Any] = []
    after = None
    while True:
        page = (await world.operator.ask(LINES, id=one["id"], after=after))["node"]["readings"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert [(r["startsAt"][:10], r["value"], r["device"], r["endsAt"]) for r in found] == [
        ("2023-12-31", "1.25", 1, None), ("2024-01-01", "2.25", 1, None), ("2024-01-02", "3.25", 1, None),
        ("2024-01-03", "5", 1, None), ("2024-01-03", "0", 2, None),
    ]  # fmt: skip
    devices = """query ($id: ID!) { node(id: $id) { ... on Meter { devices { ordinal digits multiplier
        maximumPerHour since } } } }"""
    data = await world.operator.ask(devices, id=one["id"])
    assert [tuple(device.values()) for device in data["node"]["devices"]] == [
        (1, 5, "1", "315", "2022-12-31T16:00:00Z"), (2, None, "1", "10", "2024-01-03T16:00:00Z"),
    ]  # fmt: skip


async def test_a_correction_says_why(shared_world: World) -> None:
    one = await meter(shared_world, await shared_world.pilot())
    await record(shared_world, "ALL_OR_NOTHING", reading(one, 1, "1"))
    given = {"meter": one["id"], "startsAt": at(1), "value": "2"}
    for why in ({"document": "-", "reason": "抄错"}, {"document": "通知1", "reason": "无"}):
        error = await shared_world.operator.refused("correctReading", **given, **why)
        assert error["code"] == "INVALID_INPUT"
    wanted = "batch { readingCount document reason }"
    made = await shared_world.operator.made(
        "correctReading", wanted, **given, document="通知1", reason="抄表有误"
    )
    assert made == {"readingCount": 1, "document": "通知1", "reason": "抄表有误"}


async def test_a_cost_that_a_correction_does_not_name_stays(shared_world: World) -> None:
    """Whoever puts the kWh of a bill right says nothing of the yuan; null says that these are not known."""
    one = await meter(shared_world, await shared_world.pilot(), meterKind="BILL")
    days = {"firstDay": "2024-01-01", "lastDay": "2024-01-31"}
    bill = {"meter": one["id"], "quantity": "3100", "cost": "2480.5"} | days
    await shared_world.operator.made("recordBills", "batch { id }", items=[bill])
    given = {"meter": one["id"], "startsAt": at(1), "document": "通知1", "reason": "抄错"}
    wanted = "batch { readingCount }"
    found = []
    for said in ({"value": "3000"}, {"value": "3000", "cost": "-7"}, {"value": "2900"},
                 {"value": "2900", "cost": None}, {"value": "2800"}):  # fmt: skip
        await shared_world.operator.made("correctReading", wanted, **given | said)
        lines = await shared_world.operator.ask(LINES, id=one["id"], after=None)
        [line] = lines["node"]["readings"]["nodes"]
        found.append((line["value"], line["cost"]))
    assert found == [
        ("3000", "2480.5"), ("3000", "-7"), ("2900", "-7"), ("2900", None), ("2800", None),
    ]  # fmt: skip


async def test_a_cost_that_is_corrected_is_an_amount(shared_world: World) -> None:
    one = await meter(shared_world, await shared_world.pilot(), meterKind="BILL")
    bill = {"meter": one["id"], "firstDay": "2024-01-01", "lastDay": "2024-01-31", "quantity": "1"}
    await shared_world.operator.made("recordBills", "batch { id }", items=[bill])
    given = {"meter": one["id"], "startsAt": at(1), "document": "通知1", "reason": "抄错"}
    for cost in ("1000000000000", "-1000000000000", "0.0000001"):
        error = await shared_world.operator.refused("correctReading", **given, value="1", cost=cost)
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "cost"])


@pytest.mark.parametrize("kind", ["BILL", "REGISTER"])
async def test_what_was_estimated_is_not_measured_by_silence(
    shared_world: World, kind: str
) -> None:
    one = await meter(shared_world, await shared_world.pilot(), meterKind=kind)
    bill = {"meter": one["id"], "firstDay": "2024-01-01", "lastDay": "2024-01-01", "quantity": "1"}
    if kind == "BILL":
        items = [bill | {"estimated": True}]
        await shared_world.operator.made("recordBills", "batch { id }", items=items)
    else:
        await record(shared_world, "ALL_OR_NOTHING", reading(one, 1, "1", estimated=True))
    given = {"meter": one["id"], "startsAt": at(1), "document": "通知1", "reason": "抄错"}
    error = await shared_world.operator.refused("correctReading", **given, value="2")
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "estimated"])
    for estimated in (True, False):
        said = given | {"value": "2", "estimated": estimated}
        await shared_world.operator.made("correctReading", "batch { id }", **said)
        lines = await shared_world.operator.ask(LINES, id=one["id"], after=None)
        assert [line["estimated"] for line in lines["node"]["readings"]["nodes"]] == [estimated]
    # Once it is measured, nothing has to be said.
    await shared_world.operator.made("correctReading", "batch { id }", **given, value="3")
    await shared_world.operator.made("correctReading", "batch { id }", **given, value=None)


@pytest.mark.parametrize(
    ("kind", "said", "path"),
    [
        ("BILL", {"value": None, "cost": "5"}, "cost"),
        ("REGISTER", {"value": "2", "cost": "5"}, "cost"),
        ("BILL", {"value": "2", "rolledOver": True}, "rolledOver"),
        ("REGISTER", {"value": None, "rolledOver": True}, "rolledOver"),
    ],
)
async def test_nothing_that_a_correction_says_is_passed_over(
    shared_world: World, kind: str, said: dict[str, Any], path: str
) -> None:
    one = await meter(shared_world, await shared_world.pilot(), meterKind=kind)
    bill = {"meter": one["id"], "firstDay": "2024-01-01", "lastDay": "2024-01-01", "quantity": "1"}
    if kind == "BILL":
        await shared_world.operator.made("recordBills", "batch { id }", items=[bill])
    else:
        await record(shared_world, "ALL_OR_NOTHING", reading(one, 1, "1"))
    given = {"meter": one["id"], "startsAt": at(1), "document": "通知1", "reason": "抄错"}
    error = await shared_world.operator.refused("correctReading", **given | said)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", path])


async def test_the_feed_says_what_happened(shared_world: World) -> None:
    head = await shared_world.head()
    pilot = await shared_world.pilot()
    one = await meter(shared_world, pilot)
    await record(shared_world, "ALL_OR_NOTHING", reading(one, 1, "1"))
    query = (
        """query ($after: BigInt!) { events(after: $after) { kind subject { __typename id } } }"""
    )
    events = (await shared_world.operator.ask(query, after=str(head)))["events"]
    assert [event["kind"] for event in events[-2:]] == ["METER_REGISTERED", "READINGS_RECORDED"]
    assert events[-2]["subject"] == {"__typename": "Meter", "id": one["id"]}
    public = (await shared_world.anyone.ask(query, after=str(head)))["events"]
    assert [event["subject"] for event in public[-2:]] == [None, None]


BIG = {
    "a moment that no calendar has in China": {"at": "9999-12-31T20:00:00Z"},
    "the first of all": {"at": "0001-01-01T00:00:00Z"},
    "a part of a second": {"at": "2024-01-01T00:00:00.5+08:00"},
    "18 digits": {"value": "999999999999999999"},
    "12 decimals": {"value": "0.000000000001"},
    "4 decimals": {"value": "0.0001"},
    "a unit of 10,000 characters": {"unit": "k" * 10_000},
}


@pytest.mark.parametrize("what", BIG)
async def test_what_is_too_much_is_refused(shared_world: World, what: str) -> None:
    one = await meter(shared_world, await shared_world.pilot())
    error = await record(shared_world, "ALL_OR_NOTHING", reading(one, 1, "1") | BIG[what])
    assert error["code"] in {
        "INVALID_INPUT", "READING_IN_FUTURE", "READING_OUTSIDE_METER", "READING_IN_ANOTHER_UNIT",
    }, error  # fmt: skip


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"firstDay": "0001-01-01", "lastDay": "2024-01-01"}, "firstDay"),
        ({"firstDay": "2024-01-01", "lastDay": "9999-12-31"}, "lastDay"),
        ({"firstDay": "2024-01-01", "lastDay": "2025-01-01"}, "lastDay"),
    ],
)
async def test_bills_of_no_days(shared_world: World, days: dict[str, str], field: str) -> None:
    one = await meter(shared_world, await shared_world.pilot(), meterKind="BILL")
    error = await shared_world.operator.refused(
        "recordBills", items=[{"meter": one["id"], "quantity": "1"} | days]
    )
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "items", "0", field])


CHANGES = st.lists(
    st.tuples(st.integers(1, 28), st.integers(1, 6), st.integers(0, 10**6), st.booleans()),
    max_size=12,
)


@given(CHANGES, st.integers(1, 28), st.integers(0, 10))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_the_database_shares_as_the_pure_arithmetic_does(
    shared_world: World, changes: list[tuple[int, int, int, bool]], first: int, length: int
) -> None:
    """Bills with and without gaps, some corrected: PostgreSQL says the same to the last digit, of each position."""
    one = await meter(
        shared_world, await shared_world.pilot(), meterKind="BILL", maximumPerHour="999999"
    )
    told: dict[int, tuple[int, int, bool]] = {}
    states: list[tuple[int, dict[int, tuple[int, int, bool]]]] = []
    january = DateSpan(date(2024, 1, 1), date(2024, 1, 31))
    for day, days, quantity, estimated in changes:
        last = min(day + days - 1, 31)
        item = {"meter": one["id"], "firstDay": f"2024-01-{day:02}", "lastDay": f"2024-01-{last:02}",
                "quantity": f"{quantity}.000001", "estimated": estimated}  # fmt: skip
        if day in told:
            why = {"document": "通知1", "reason": "抄表有误", "startsAt": at(day)}
            value = {"meter": one["id"], "value": f"{quantity}.000001", "estimated": estimated}
            await shared_world.operator.made("correctReading", "batch { id }", **value, **why)
            told = told | {day: (told[day][0], quantity, estimated)}
        elif all(day > end or last < start for start, (end, _, _) in told.items()):
            await shared_world.operator.do("recordBills", "batch { id }", items=[item])
            told = told | {day: (last, quantity, estimated)}
        states.append((await shared_world.head(), told))
    for head, then in states:
        used = [
            Used(
                starts=seconds(midnight(january.starts_on + timedelta(days=start - 1))),
                ends=seconds(midnight(january.starts_on + timedelta(days=end))),
                estimated=estimated,
                millionths=quantity * 1_000_000 + 1,
            )
            for start, (end, quantity, estimated) in then.items()
        ]
        start = january.starts_on + timedelta(days=first - 1)
        span = DateSpan(start, min(start + timedelta(days=length), january.ends_on))
        expected = usages(METER, used, steps_of(span, Step.DAY))
        asked = {"from": str(span.starts_on), "to": str(span.ends_on)}
        data = await shared_world.operator.ask(
            USAGE, id=one["id"], step="DAY", asOf=str(head), **asked
        )
        found = [(u["quantity"], u["estimatedQuantity"]) for u in data["node"]["consumption"]]
        assert [tuple(map(_number, row)) for row in found] == [
            (_number(row.quantity), _number(row.estimated_quantity)) for row in expected
        ]


def _number(value: Any) -> Any:
    return None if value is None else Decimal(value)


async def test_nothing_counts_twice(database: TestDatabase, world: World) -> None:
    """Whatever is accepted, no two of what counts of a meter share a second."""
    one = await meter(world, await world.pilot(), meterKind="INTERVAL", maximumPerHour="9")
    hours = [(1, 3), (2, 4), (3, 5), (0, 1), (0, 24), (5, 6), (4, 6), (4, 5), (23, 24)]
    items = [
        {"meter": one["id"], "from": at(1, a), "at": at(2) if b == 24 else at(1, b), "value": "1"}
        for a, b in hours
    ]
    done = await record(world, "EACH_INDEPENDENT", *items)
    assert sum(outcome["status"] == "COMMITTED" for outcome in done["outcomes"]) == 5
    connection = await asyncpg.connect(database.owner_url)
    twice = await connection.fetchval("""
        SELECT count(*) FROM consumption AS a JOIN consumption AS b
            ON a.meter_id = b.meter_id AND a.starts_at < b.starts_at AND a.ends_at > b.starts_at""")
    await connection.close()
    assert twice == 0


@pytest.mark.parametrize("mode", ["ALL_OR_NOTHING", "EACH_INDEPENDENT"])
async def test_a_dry_run_says_what_would_be_and_writes_nothing(
    shared_world: World, mode: str
) -> None:
    """Items see each other's effects; the key is unused, and what was done under it is told."""
    one = await meter(shared_world, await shared_world.pilot())
    used = {"idempotencyKey": key()}
    head = await shared_world.head()
    items = [reading(one, 1, "100"), reading(one, 2, "110"), reading(one, 3, "120")]
    for _ in range(2):
        dry = await record(shared_world, mode, *items, dryRun=True, **used)
        assert [outcome["status"] for outcome in dry["outcomes"]] == ["READY"] * 3
        assert (dry["batch"], dry["replayed"]) == (None, False)
    wrong = await record(shared_world, mode, *items, reading(one, 4, "90"), dryRun=True, **used)
    if mode == "ALL_OR_NOTHING":
        assert (wrong["code"], wrong["path"][2]) == ("READING_RUNS_BACKWARDS", "3")
    else:
        assert [o["status"] for o in wrong["outcomes"]] == ["READY"] * 3 + ["REJECTED"]
        assert wrong["outcomes"][3]["error"]["code"] == "READING_RUNS_BACKWARDS"
    assert await shared_world.head() == head
    done = await record(shared_world, mode, *items, **used)
    assert [outcome["status"] for outcome in done["outcomes"]] == ["COMMITTED"] * 3
    again = await record(shared_world, mode, *items, dryRun=True, **used)
    assert [outcome["status"] for outcome in again["outcomes"]] == ["REPLAYED"] * 3
    assert (again["batch"], again["replayed"]) == (done["batch"], True)
    other = await record(shared_world, mode, items[0], dryRun=True, **used)
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_dry_run_of_bills(shared_world: World) -> None:
    one = await meter(shared_world, await shared_world.pilot(), meterKind="BILL")
    bill = {"meter": one["id"], "firstDay": "2024-01-01", "lastDay": "2024-01-31", "quantity": "1"}
    head = await shared_world.head()
    value = {"mode": "EACH_INDEPENDENT", "items": [bill, bill], "dryRun": True}
    dry = (await shared_world.operator.ask(BILLS, input=value | {"idempotencyKey": key()}))[
        "recordBills"
    ]
    assert [outcome["status"] for outcome in dry["outcomes"]] == ["READY", "REJECTED"]
    assert await shared_world.head() == head
    error = await shared_world.other_operator.fail(BILLS, input=value | {"idempotencyKey": key()})
    assert error["extensions"]["code"] == "FORBIDDEN"
