"""Gaps filled with estimates: by hand, exactly, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import TestDatabase, unguarded
from tests.metering.test_drafting import billed, metered
from tests.metering.test_meters import meter
from tests.world import World

USAGE = """query ($id: ID!, $from: Date!, $to: Date!, $asOf: BigInt) { node(id: $id) { ... on Meter {
    consumption(from: $from, to: $to, step: DAY, asOf: $asOf) { quantity estimatedQuantity missingDays }
    readings(first: 100) { nodes { startsAt value estimated } } } } }"""


MINUTES = """
    INSERT INTO interval_block
    SELECT meter_id, CAST(at AT TIME ZONE INTERVAL '+08:00' AS date), at, at + interval '3 minutes', position, 180,
           0, 0, false, ARRAY[0]
      FROM interval_block, generate_series(
           timestamptz '2024-01-01 00:00+08', timestamptz '2024-12-31 23:54+08', interval '6 minutes') AS at
"""


async def fill(
    world: World, meter: Any, /, first: str, last: str, method: str, **given: Any
) -> Any:
    facts = {
        "meter": meter["id"],
        "firstDay": first,
        "lastDay": last,
        "method": method,
        "document": "补估说明1",
    }
    return await world.operator.made(
        "fillGap", "batch { readingCount document reason }", **facts | given
    )


async def used(world: World, meter: Any, /, first: str, last: str, **given: Any) -> Any:
    found = await world.operator.ask(USAGE, id=meter["id"], **{"from": first, "to": last}, **given)
    return found["node"]


async def loaded(world: World, meter: Any, *hours: tuple[str, str, str]) -> None:
    items = [
        {
            "meter": meter["id"],
            "from": f"{start}:00:00+08:00",
            "at": f"{end}:00:00+08:00",
            "value": value,
        }
        for start, end, value in hours
    ]
    await world.operator.made("recordReadings", "batch { id }", items=items)


async def test_bills_are_filled_at_the_rate_of_before(world: World) -> None:
    """February is missing: 28 days at the rate of the 28 before them; each gap by itself, measured days untouched."""
    supply = await metered(world, await world.pilot())
    await billed(
        world, supply, ("2023-01-01", "2023-01-31", "310"), ("2023-02-11", "2023-02-12", "50")
    )
    head = await world.head()
    assert await fill(world, supply, "2023-02-01", "2023-02-28", "DAYS_BEFORE") == {
        "readingCount": 2, "document": "补估说明1", "reason": "DAYS_BEFORE"}  # fmt: skip
    now = await used(world, supply, "2023-01-31", "2023-03-01")
    quantities = [day["quantity"] for day in now["consumption"]]
    assert quantities == ["10"] * 11 + ["25", "25"] + ["10"] * 16 + [None]
    estimated = [Decimal(day["estimatedQuantity"] or 0) for day in now["consumption"]]
    assert estimated == [0] + [10] * 10 + [0, 0] + [10] * 16 + [0]
    then = await used(world, supply, "2023-02-01", "2023-02-10", asOf=str(head))
    assert all(day["quantity"] is None for day in then["consumption"])


async def test_intervals_are_filled_from_the_year_before(world: World) -> None:
    """29 February of a leap year is reckoned from the 28th; what is there of the day is left out."""
    supply = await meter(world, await world.pilot(), meterKind="INTERVAL")
    await loaded(world, supply, ("2023-02-28T00", "2023-02-28T12", "7"), ("2023-02-28T12", "2023-03-01T00", "17"),
                 ("2024-02-29T03", "2024-02-29T04", "9"))  # fmt: skip
    done = await fill(world, supply, "2024-02-29", "2024-02-29", "YEAR_BEFORE")
    assert done["readingCount"] == 2
    now = await used(world, supply, "2024-02-29", "2024-02-29")
    # 23 of 24 hours at 24 a day, and the 9 that were measured.
    assert now["consumption"] == [{"quantity": "32", "estimatedQuantity": "23", "missingDays": "0"}]
    assert [(supply["value"], supply["estimated"]) for supply in now["readings"]["nodes"]][2:] == [
        ("3", True), ("9", False), ("20", True)]  # fmt: skip


async def test_what_is_stated_is_shared_to_the_last_digit(world: World) -> None:
    supply = await meter(world, await world.pilot(), meterKind="INTERVAL")
    done = await fill(world, supply, "2024-01-01", "2024-01-07", "STATED", quantity="0.000010")
    assert done["readingCount"] == 7
    now = await used(world, supply, "2024-01-01", "2024-01-07")
    parts = [Decimal(day["quantity"]) for day in now["consumption"]]
    assert sum(parts) == Decimal("0.00001")
    assert set(parts) <= {Decimal("0.000001"), Decimal("0.000002")}


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "no gap": ({"firstDay": "2024-01-10", "lastDay": "2024-01-12"}, "GAP_NOT_THERE", "firstDay"),
    "nothing before it": ({"firstDay": "2023-06-01", "lastDay": "2023-06-02"}, "GAP_REFERENCE_UNKNOWN", "method"),
    "nothing a year before": ({"method": "YEAR_BEFORE"}, "GAP_REFERENCE_UNKNOWN", "method"),
    "no quantity": ({"method": "STATED"}, "INVALID_INPUT", "quantity"),
    "a quantity that is not asked for": ({"quantity": "1"}, "INVALID_INPUT", "quantity"),
    "a quantity below nothing": ({"method": "STATED", "quantity": "-1"}, "INVALID_INPUT", "quantity"),
    "a quantity of too many decimals": ({"method": "STATED", "quantity": "0.0000001"}, "INVALID_INPUT", "quantity"),
    "an absurd quantity": ({"method": "STATED", "quantity": "99999999"}, "READING_IMPLAUSIBLE", "quantity"),
    "days in no order": ({"lastDay": "2024-01-31"}, "DATES_OUT_OF_ORDER", "lastDay"),
    "more than a year": ({"lastDay": "2025-02-02"}, "INVALID_INPUT", "lastDay"),
    "no document": ({"document": "无"}, "INVALID_INPUT", "document"),
    "before the meter": ({"firstDay": "2022-12-31", "lastDay": "2022-12-31", "method": "STATED", "quantity": "1"},
                         "READING_OUTSIDE_METER", "lastDay"),
    "days to come": ({"firstDay": "2099-01-01", "lastDay": "2099-01-02", "method": "STATED", "quantity": "1"},
                     "READING_IN_FUTURE", "lastDay"),
}  # fmt: skip


@pytest.fixture
async def january(shared_world: World) -> Any:
    supply = await meter(
        shared_world, await shared_world.pilot(), meterKind="BILL", validFrom="2023-01-01"
    )
    await billed(shared_world, supply, ("2024-01-01", "2024-01-31", "310"))
    return supply


@pytest.mark.parametrize("what", BAD)
async def test_what_cannot_be_filled_is_refused(
    shared_world: World, january: Any, what: str
) -> None:
    given, code, field = BAD[what]
    facts = {"meter": january["id"], "firstDay": "2024-02-01", "lastDay": "2024-02-03", "method": "DAYS_BEFORE",
             "document": "补估说明1"}  # fmt: skip
    head = await shared_world.head()
    error = await shared_world.operator.refused("fillGap", **facts | given)
    assert (error["code"], error["path"][-1]) == (code, field), error
    assert await shared_world.head() == head


async def test_a_gap_of_intervals_is_refused_by_its_own_fields(shared_world: World) -> None:
    supply = await meter(shared_world, await shared_world.pilot(), meterKind="INTERVAL")
    facts = {"meter": supply["id"], "method": "STATED", "document": "补估说明1"}
    absurd = {"firstDay": "2024-02-01", "lastDay": "2024-02-03", "quantity": "99999999"}
    error = await shared_world.operator.refused("fillGap", **facts, **absurd)
    assert (error["code"], error["path"][-1]) == ("READING_IMPLAUSIBLE", "quantity")
    to_come = {"firstDay": "2099-02-01", "lastDay": "2099-02-03", "quantity": "1"}
    error = await shared_world.operator.refused("fillGap", **facts, **to_come)
    assert (error["code"], error["path"][-1]) == ("READING_IN_FUTURE", "lastDay")


async def test_more_gaps_than_are_filled_at_once(database: TestDatabase, world: World) -> None:
    """A gap every 6 minutes of a year: to fill them all would take long, and more numbers than a batch has."""
    supply = await meter(world, await world.pilot(), meterKind="INTERVAL")
    await loaded(world, supply, ("2023-12-31T00", "2023-12-31T01", "1"))
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(MINUTES)
    facts = {"meter": supply["id"], "method": "STATED", "quantity": "1", "document": "补估说明1"}
    error = await world.operator.refused(
        "fillGap", **facts | {"firstDay": "2024-01-01", "lastDay": "2024-12-31"}
    )
    assert (error["code"], error["path"][-1]) == ("INVALID_INPUT", "lastDay")
    done = await fill(world, supply, "2024-01-01", "2024-01-01", "STATED", quantity="1")
    assert done["readingCount"] == 240


async def test_a_register_has_no_gaps(shared_world: World) -> None:
    supply = await meter(shared_world, await shared_world.pilot())
    facts = {
        "firstDay": "2024-02-01",
        "lastDay": "2024-02-03",
        "method": "DAYS_BEFORE",
        "document": "补估说明1",
    }
    error = await shared_world.operator.refused("fillGap", meter=supply["id"], **facts)
    assert (error["code"], error["path"][-1]) == ("METER_KIND_MISMATCH", "meter")
