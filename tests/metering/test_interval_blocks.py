"""Blocks of intervals are the very intervals: as they are made of columns, and as a migration made them of rows."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

import asyncpg
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.china_time import CHINA_TIME
from nzc_api.metering.amounts import amount
from nzc_api.metering.columns import NO_COLUMNS, Columns
from nzc_api.metering.interval_blocks import blocks_of
from nzc_api.metering.model import midnight
from nzc_api.metering.readings import MOST_INTERVALS, seconds
from tests.conftest import TestDatabase, unguarded
from tests.metering.in_rows import INTO_ROWS, OUT_OF_ROWS, ROWS, migration
from tests.metering.test_meters import meter
from tests.world import World

A_DAY = 86_400
FIRST = seconds(midnight(date(2024, 1, 30)))
MOVE = migration("interval_blocks")


class Interval(NamedTuple):
    """An interval as a table of rows has it."""

    meter: int
    starts: int
    ends: int
    millionths: int
    estimated: int


# In which order intervals are told: by meter and time, the other way round, hour by hour over meters, in none.
WAYS: list[Callable[[Interval, random.Random], Any]] = [
    lambda one, _: one,
    lambda one, _: (-one.meter, -one.starts),
    lambda one, _: one.starts,
    lambda _, choices: choices.random(),
]


def some(choices: random.Random, meters: list[int]) -> list[Interval]:
    """Intervals by meter and time: most follow one another, some of another length, or after a while."""
    found = []
    for one in sorted(meters):
        at = FIRST + choices.choice([0, 1800, choices.randrange(A_DAY)])
        for _ in range(choices.randrange(4)):
            length = choices.choice(
                [1, 299, 300, 900, 3600, 3600, 7200, A_DAY, choices.randint(1, A_DAY)]
            )
            at += choices.choice([0, 0, 3600, choices.randrange(A_DAY)])
            estimated = choices.random() < 0.3
            for _ in range(choices.choice([1, 2, 24, 40])):
                millionths = choices.randrange(10**8) * choices.choice([1, 10**6])
                found.append(
                    Interval(
                        meter=one,
                        starts=at,
                        ends=at + length,
                        millionths=millionths,
                        estimated=int(estimated),
                    )
                )
                at += length
    return found


def order(choices: random.Random, intervals: list[Interval]) -> list[int]:
    """The number of each interval in a request that tells them in one of the ways."""
    way = choices.choice(WAYS)
    asked = sorted(range(len(intervals)), key=lambda n: way(intervals[n], choices))
    apart = choices.choice([1, 7, 50])
    numbers = [0] * len(intervals)
    for place, n in enumerate(asked):
        numbers[n] = place * apart
    return numbers


def columns_of(intervals: list[Interval], numbers: list[int]) -> Columns:
    rows = [(number, *one) for number, one in zip(numbers, intervals, strict=True)]
    return Columns(*np.array(rows, np.int64).reshape(-1, 6).T)


class Block(NamedTuple):
    """A block as its table has it."""

    meter: int
    starts: int
    seconds: int
    number: int
    stride: int
    estimated: int
    millionths: tuple[int, ...]

    def intervals(self) -> Iterator[tuple[int, Interval]]:
        """Each interval with its number."""
        for n, millionths in enumerate(self.millionths):
            starts = self.starts + n * self.seconds
            told = Interval(
                meter=self.meter,
                starts=starts,
                ends=starts + self.seconds,
                millionths=millionths,
                estimated=self.estimated,
            )
            yield self.number + n * self.stride, told


def blocks_in(columns: Columns) -> list[Block]:
    found = []
    for many in blocks_of(columns):
        facts = (many.meters, many.starts, many.lengths, many.numbers, many.strides, many.estimated)
        told = zip(
            *(fact.tolist() for fact in facts), map(tuple, many.millionths.tolist()), strict=True
        )
        found += [Block(*one) for one in told]
    return sorted(found)


def day(second: int) -> date:
    return datetime.fromtimestamp(second, CHINA_TIME).date()


def pieces(intervals: list[Interval]) -> int:
    """How many blocks there are where all are numbered evenly: of less than five minutes each interval is one."""

    def alike(one: Interval) -> tuple[int, int, int, date]:
        return one.meter, one.estimated, one.ends - one.starts, day(one.starts)

    goes_on = (
        one.ends == next_one.starts
        and alike(one) == alike(next_one)
        and one.ends - one.starts >= 300
        for one, next_one in pairwise(intervals)
    )
    return len(intervals) - sum(goes_on)


@given(st.randoms(use_true_random=False))
def test_blocks_are_the_very_intervals(choices: random.Random) -> None:
    intervals = some(choices, [3, 7, 8])
    numbers = order(choices, intervals)
    blocks = blocks_in(columns_of(intervals, numbers))
    told = sorted((row for block in blocks for row in block.intervals()), key=lambda row: row[1])
    assert told == [*zip(numbers, intervals, strict=True)]
    # What the table is checked for.
    for block in blocks:
        assert block.millionths
        assert 1 <= block.seconds <= A_DAY
        assert min(block.millionths) >= 0
        assert len({day(one.starts) for _, one in block.intervals()}) == 1
        assert 0 <= block.number < MOST_INTERVALS
        assert abs(block.stride) < MOST_INTERVALS
        assert len(block.millionths) == 1 or block.seconds >= 300


@given(st.randoms(use_true_random=False), st.sampled_from([1, -1, 37]))
def test_what_is_numbered_evenly_is_in_no_more_blocks_than_must_be(
    choices: random.Random, stride: int
) -> None:
    intervals = some(choices, [3, 7, 8])
    numbers = [19_999 * (stride < 0) + n * stride for n in range(len(intervals))]
    assert len(blocks_in(columns_of(intervals, numbers))) == pieces(intervals)


@pytest.mark.parametrize(
    "numbers", [range(1, 25), range(0, 2400, 100), range(23, -1, -1), range(19_999, 0, -800)]
)
def test_a_day_in_hours_is_a_block(numbers: range) -> None:
    hours = [
        Interval(
            meter=7, starts=FIRST + n * 3600, ends=FIRST + (n + 1) * 3600, millionths=n, estimated=0
        )
        for n in range(24)
    ]
    [block] = blocks_in(columns_of(hours, [*numbers][:24]))
    assert block == Block(
        meter=7,
        starts=FIRST,
        seconds=3600,
        number=numbers[0],
        stride=numbers.step,
        estimated=0,
        millionths=tuple(range(24)),
    )


def test_nothing_is_in_no_block() -> None:
    assert blocks_in(NO_COLUMNS) == []


BLOCKS = """
    SELECT meter_id, CAST(extract(epoch FROM starts_at) AS bigint), seconds, number, stride, CAST(estimated AS integer),
           quantities
      FROM interval_block WHERE position = $1 AND array_position(quantities, NULL) IS NULL
"""


@pytest.mark.parametrize("seed", [1, 2])
async def test_rows_are_moved_as_they_stand(
    database: TestDatabase, world: World, seed: int
) -> None:
    """Of several requests, and what was corrected to nothing; a migration and the API make the same blocks."""
    choices, pilot = random.Random(seed), await world.pilot()
    for code, kind in (("E-1", "INTERVAL"), ("E-2", "INTERVAL"), ("E-3", "BILL")):
        await meter(world, pilot, code, meterKind=kind)
    async with unguarded(database.superuser_url) as connection:
        ids = [row["id"] for row in await connection.fetch("SELECT id FROM meter ORDER BY id")]
        requests = {}
        for position in range(100, 115):
            intervals = some(choices, ids[:2])
            numbers = order(choices, intervals)
            requests[position] = columns_of(intervals, numbers)
            # Of another request, or none is told of a time at which a row of this one begins.
            nothing = [
                (one, number)
                for one, number in zip(intervals, numbers, strict=True)
                if number % 5 == 4
            ]
            for place, rows in (
                (position, [*zip(intervals, numbers, strict=True)]),
                (position + 100, nothing),
            ):
                await write(connection, place, rows, nothing=place > position)
        await write(
            connection,
            300,
            [
                (
                    Interval(
                        meter=ids[2], starts=FIRST, ends=FIRST + A_DAY, millionths=1, estimated=0
                    ),
                    0,
                )
            ],
        )
        [bill] = await connection.fetch("SELECT * FROM consumption WHERE position = 300")
        before = await connection.fetch(ROWS)
        await connection.execute(MOVE["MOVED"])
        for statement in MOVE["BILLS_ALONE"]:
            await connection.execute(statement)
        assert await connection.fetch("SELECT * FROM consumption") == [bill]
        for position, columns in requests.items():
            moved = [
                Block._make((*row[:6], tuple(int(quantity * 10**6) for quantity in row[6])))
                for row in await connection.fetch(BLOCKS, position)
            ]
            assert sorted(moved) == blocks_in(columns)
        await connection.execute(INTO_ROWS)
        assert await connection.fetch(ROWS) == before
        await connection.execute(OUT_OF_ROWS)


async def write(
    connection: asyncpg.Connection,
    position: int,
    rows: list[tuple[Interval, int]],
    *,
    nothing: bool = False,
) -> None:
    """Write rows of a request as they stood in the table of bills; ``nothing``: each was corrected to no value."""
    moments = [
        [datetime.fromtimestamp(second, CHINA_TIME) for second in row[1:3]] for row, _ in rows
    ]
    given_ = [
        (
            row.meter,
            *span,
            position,
            number,
            bool(row.estimated),
            None if nothing else amount(row.millionths),
        )
        for (row, number), span in zip(rows, moments, strict=True)
    ]
    await connection.executemany(
        "INSERT INTO consumption (meter_id, starts_at, ends_at, position, number, estimated, quantity) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)", given_)  # fmt: skip
