"""The sums of days and months say what the readings say, as of every position, whatever was told in which order."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from nzc_api.china_time import CHINA_TIME
from nzc_api.database.engine import Database
from nzc_api.ids import Position
from nzc_api.metering import store
from nzc_api.metering.usage import Step, Usage, pieces_of, steps_of
from nzc_api.metering.usage_store import read_by_readings, read_usages
from nzc_api.pilots.model import DateSpan
from tests.conftest import TestDatabase, unguarded
from tests.metering.in_rows import in_rows, migration
from tests.metering.test_meters import meter
from tests.world import World

FIRST = datetime(2024, 1, 20, tzinfo=CHINA_TIME)
HOURS = 24 * 60
WHY = {"document": "通知1", "reason": "抄表有误"}
ASKED = [
    (DateSpan(date(2024, 1, 1), date(2024, 3, 31)), None),
    (DateSpan(date(2024, 1, 1), date(2024, 4, 30)), Step.MONTH),
    (DateSpan(date(2024, 1, 27), date(2024, 3, 3)), Step.MONTH),
    (DateSpan(date(2024, 1, 18), date(2024, 3, 20)), Step.DAY),
    (DateSpan(date(2023, 12, 31), date(2024, 2, 29)), Step.YEAR),
]


def moment(hour: int) -> str:
    return (FIRST + timedelta(hours=hour)).isoformat()


async def told(world: World, numbers: random.Random, meters: dict[str, Any], until: int) -> None:
    """A request of a story: readings, intervals and bills, some of them late, some wrong, and what corrects them."""
    register, interval, billed = meters["REGISTER"], meters["INTERVAL"], meters["BILL"]
    hours = sorted(numbers.sample(range(until), 8))
    readings = [
        {"meter": register["id"], "at": moment(hour), "value": f"{hour}.5", "late": True,
         "estimated": numbers.random() < 0.2} for hour in hours
    ]  # fmt: skip
    starts = [numbers.randrange(HOURS) for _ in range(8)]
    intervals = [
        {"meter": interval["id"], "from": moment(start), "at": moment(start + numbers.choice([1, 3, 24])),
         "value": str(numbers.randrange(9)), "estimated": numbers.random() < 0.2} for start in starts
    ]  # fmt: skip
    both = {"items": readings + intervals, "mode": "EACH_INDEPENDENT"}
    await world.operator.do("recordReadings", "batch { id }", **both)
    day = FIRST.date() + timedelta(days=numbers.randrange(50))
    bill = {
        "meter": billed["id"], "firstDay": str(day), "lastDay": str(day + timedelta(days=numbers.choice([0, 6, 30]))),
        "quantity": str(numbers.randrange(10**6)), "estimated": True,
        "cost": numbers.choice([None, "-7.01", "350.000001"]),
    }  # fmt: skip
    await world.operator.do("recordBills", "batch { id }", items=[bill])
    value = numbers.choice([None, f"{hours[0]}.75"])
    wrong = {
        "meter": register["id"],
        "startsAt": moment(hours[0]),
        "value": value,
        "estimated": False,
    }
    await world.operator.do("correctReading", "batch { id }", **wrong | WHY)
    wrong = {"meter": interval["id"], "startsAt": moment(starts[0]), "value": None}
    await world.operator.do("correctReading", "batch { id }", **wrong | WHY)


@pytest.mark.parametrize("seed", [1, 2])
async def test_sums_say_what_readings_say(database: TestDatabase, world: World, seed: int) -> None:
    numbers, pilot = random.Random(seed), await world.pilot()
    meters = {
        kind: await meter(world, pilot, kind, meterKind=kind, maximumPerHour="999999")
        for kind in ("REGISTER", "INTERVAL", "BILL")
    }
    heads = []
    for round_ in range(6):
        await told(world, numbers, meters, HOURS // 2 if round_ < 4 else HOURS)
        if round_ == 3:
            given = {
                "at": moment(HOURS // 2),
                "finalValue": "800",
                "firstValue": "3",
                "maximumPerHour": "99999",
            }
            await world.operator.made(
                "replaceMeter", "meter { id }", meter=meters["REGISTER"]["id"], **given
            )
        heads.append(await world.head())
    whole = await compare(database, heads)
    assert all(used.known and used.estimated_millionths for used in whole)
    if seed == 1:
        # A migration sums what was there before it, as of each batch: intervals were rows then.
        async with unguarded(database.superuser_url) as connection, in_rows(connection):
            await connection.execute("DELETE FROM meter_rollup")
            await connection.execute(migration("rollups")["SUMMED"])
        await compare(database, heads)


async def compare(database: TestDatabase, heads: Sequence[int]) -> list[Usage]:
    """Compare sums with readings as of each head; what each meter used in the first time asked for, as of the last."""
    reading = Database(database.api_url, pool_size=1)
    async with reading.read() as connection:
        ids = (await connection.scalars(text("SELECT id FROM meter"))).all()
        for head in heads:
            found = list((await store.read_meters(connection, ids, Position(head))).values())
            for asked in ASKED:
                summed = await read_usages(connection, found, asked, Position(head))
                assert summed == await read_by_readings(
                    connection, found, steps_of(*asked), Position(head)
                )
        whole = await read_usages(connection, found, ASKED[0], Position(heads[-1]))
    await reading.close()
    return [used for [used] in whole.values()]


def test_days_are_read_as_whole_months_where_they_are() -> None:
    pieces = pieces_of(date(2023, 11, 29), date(2024, 2, 3))
    assert [(piece.step, str(piece.starts_on)) for piece in pieces] == [
        ("DAY", "2023-11-29"), ("DAY", "2023-11-30"), ("MONTH", "2023-12-01"), ("MONTH", "2024-01-01"),
        ("DAY", "2024-02-01"), ("DAY", "2024-02-02"),
    ]  # fmt: skip
    assert pieces_of(date(2023, 12, 1), date(2023, 12, 31))[0].step is Step.DAY
