"""Whatever is told of meters with intervals, and how: what is read is what a small model says, as of each position."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.china_time import CHINA_TIME, shown_moment
from nzc_api.database.engine import Database
from nzc_api.database.paging import Page
from nzc_api.files.parts import parts
from nzc_api.ids import MeterId, Position
from nzc_api.ledger.auditing.audit import audit
from nzc_api.metering import reading_store
from nzc_api.metering.amounts import amount, millionths
from nzc_api.metering.interval_rows import FEW
from nzc_api.metering.readings import seconds
from nzc_api.monitoring.alert_store import read_known
from tests.conftest import TestDatabase, unguarded
from tests.database.guards.story import position
from tests.metering import test_interval_columns
from tests.metering.in_rows import INTO_ROWS, migration
from tests.metering.interval_model import (
    A_DAY,
    AN_HOUR,
    Accepted,
    Interval,
    IntervalModel,
    Refusal,
    second_of,
)
from tests.metering.test_bulk import as_item, asked, posted
from tests.metering.test_interval_columns import columns_of
from tests.metering.test_meters import meter
from tests.world import World, key

# Days about the end of a month.
FIRST, LAST = date(2024, 1, 30), date(2024, 2, 2)
START, END = second_of(FIRST), second_of(LAST) + A_DAY
WHY = {"document": "通知1", "reason": "抄表有误"}

READINGS = """query ($id: ID!, $first: Int!, $after: String, $asOf: BigInt) { node(id: $id) { ... on Meter {
    readings(first: $first, after: $after, asOf: $asOf) { pageInfo { hasNextPage endCursor }
        nodes { startsAt endsAt value estimated position } } } } }"""
USES = """query ($id: ID!, $from: Date!, $to: Date!, $step: Step!, $asOf: BigInt) { node(id: $id) { ... on Meter {
    consumption(from: $from, to: $to, step: $step, asOf: $asOf) {
        startsAt endsAt quantity estimatedQuantity measuredDays estimatedDays missingDays }
    unmetered(from: $from, to: $to, step: $step, asOf: $asOf) { quantity } } } }"""

# How long intervals are, and of how many that follow one another at most is told at once.
LENGTHS = {900: 60, AN_HOUR: 72, 2 * AN_HOUR: 30, A_DAY: 2, 4271: 20, 59: 5}

# In which order a request tells intervals: by time, the last first, hour by hour over meters, in none.
ORDERS: list[Callable[[Interval, random.Random], Any]] = [
    lambda one, _: one[:2],
    lambda one, _: (one.meter, -one.starts),
    lambda one, _: one.starts,
    lambda _, choices: choices.random(),
]


def codes(refused: Mapping[int, Refusal]) -> dict[int, str]:
    return {number: refusal.code for number, refusal in refused.items()}


def at(second: int) -> datetime:
    return datetime.fromtimestamp(second, CHINA_TIME)


def moment(second: int) -> str:
    return at(second).isoformat()


def second(text: str) -> int:
    return seconds(datetime.fromisoformat(text))


@dataclass
class Story:
    """What was told of meters, the second of which is a part of the first, beside what the model says of it."""

    world: World
    choices: random.Random
    meters: list[dict[str, Any]]
    model: IntervalModel = field(default_factory=IntervalModel)
    heads: list[int] = field(default_factory=list)

    @classmethod
    async def begin(cls, world: World, seed: int) -> "Story":
        choices, pilot = random.Random(seed), await world.pilot()
        facts = {"meterKind": "INTERVAL", "maximumPerHour": "999999999"}
        meters = [await meter(world, pilot, **facts)]
        part = {"flow": "INTERNAL", "supplyPoint": None, "parent": meters[0]["id"]}
        for code in choices.choice([[], ["E-2"], ["E-2"]]):
            meters.append(await meter(world, pilot, code, **facts, **part))
        return cls(world, choices, meters)

    async def go_on(self) -> None:
        """Tell something more, to the API and the model: they agree on what is refused, and why."""
        acts = [
            self.new,
            self.new,
            self.corrected,
            self.corrected,
            self.again,
            self.amiss,
            self.filled,
        ]
        await (self.new if len(self.heads) < 2 else self.choices.choice(acts))()
        self.heads.append(await self.world.head())

    async def new(self) -> None:
        """Intervals that follow one another, of one meter or of all; mostly without those that would be refused."""
        length = self.choices.choice([900, AN_HOUR, *LENGTHS])
        size = self.choices.choice([1, LENGTHS[length] // 2, LENGTHS[length], LENGTHS[length]])
        apart = self.choices.choice([1, 900, AN_HOUR, A_DAY])
        start = START + self.choices.randint(0, (END - START - size * length) // apart) * apart
        every = [*range(len(self.meters))]
        meters = self.choices.choice([every[:1], every[-1:], every, every])
        told = [
            self.interval(each, start + n * length, length) for each in meters for n in range(size)
        ]
        if self.choices.random() < 0.7:
            told = [one for one in told if self.model.refusal(one) is None]
        if told:
            await self.tell(told)

    async def again(self) -> None:
        """What was corrected to nothing, as long as it was or not."""
        for each in range(len(self.meters)):
            gone = [one for _, one in self.model.latest(each) if one.millionths is None]
            if gone:
                one = self.choices.choice(gone)
                length = self.choices.choice([one.ends - one.starts, AN_HOUR, 900, 1])
                await self.tell([self.interval(each, one.starts, length)])

    async def amiss(self) -> None:
        """What is told already, in part or with more; some of it lies beside it, and is taken."""
        _, one = self.any_counting()
        if one is None:
            return
        since, until = one.starts, one.ends
        spans = [
            (since, until), (since + 1, until - 1), (since - 1, until + 1), (since + 1, until + 1), (since, until - 1),
            (since, until + 1), (until - 1, until + AN_HOUR), (since - AN_HOUR, since + 1), (since - 900, since),
            (until, until + 900),
        ]  # fmt: skip
        told = [
            self.interval(one.meter, first, last - first)
            for first, last in self.choices.sample(spans, len(spans))
            if first < last <= first + A_DAY
        ]
        await self.tell(told)

    async def corrected(self) -> None:
        """Some that follow one another, each by itself, to another value or to none; and what is not there."""
        counting = self.model.counting(self.choices.randrange(len(self.meters)))
        if not counting:
            return
        place = self.choices.randrange(len(counting))
        for _, one in counting[place : place + self.choices.choice([1, 1, 4])]:
            value = self.choices.choice([None, self.value()])
            estimated = self.choices.choice([None, False, True])
            given = {"meter": self.meters[one.meter]["id"], "estimated": estimated, **WHY}
            given["value"] = None if value is None else str(amount(value))
            answer = await self.world.operator.do(
                "correctReading", "batch { id }", **given, startsAt=moment(one.starts)
            )
            if one.estimated and value is not None and estimated is None:
                assert (answer["code"], answer["path"]) == ("INVALID_INPUT", ["input", "estimated"])
                continue
            assert "batch" in answer, answer
            quality = one.estimated if value is None else bool(estimated)
            told = one._replace(millionths=value, estimated=quality)
            self.model.correct(await self.world.head(), told)
            beside = moment(one.starts + self.choices.choice([1, AN_HOUR // 4, -1]))
            there = {told.starts for _, told in self.model.counting(one.meter)}
            if second(beside) not in there:
                error = await self.world.operator.refused(
                    "correctReading", **given, startsAt=beside
                )
                assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "startsAt"])

    async def filled(self) -> None:
        """The gaps of some days, at the rate of as many before them or as it is stated."""
        each = self.choices.randrange(len(self.meters))
        first = FIRST + timedelta(days=self.choices.randrange(-1, 4))
        days = self.choices.choice([1, 1, 2])
        since, until = second_of(first), second_of(first) + days * A_DAY
        before = self.model.use(each, since - days * A_DAY, since)
        method = self.choices.choice(["DAYS_BEFORE", "STATED"])
        given = {
            "meter": self.meters[each]["id"],
            "firstDay": str(first),
            "method": method,
            "document": "补估说明1",
        }
        given["lastDay"] = str(first + timedelta(days=days - 1))
        quantity = self.value()
        if method == "STATED":
            given["quantity"] = str(amount(quantity))
        answer = await self.world.operator.do("fillGap", "batch { id }", **given)
        gaps = self.model.gaps(each, since, until)
        if not gaps:
            assert answer["code"] == "GAP_NOT_THERE"
        elif method == "DAYS_BEFORE" and before.missing:
            assert answer["code"] == "GAP_REFERENCE_UNKNOWN"
        else:
            assert "batch" in answer, answer
            if method == "DAYS_BEFORE":
                missing = sum(end - start for start, end in gaps)
                quantity = Interval(
                    meter=each,
                    starts=since - days * A_DAY,
                    ends=since,
                    millionths=before.millionths,
                    estimated=True,
                ).share(since - days * A_DAY, since - days * A_DAY + missing)
            told = [*self.model.filling(each, gaps, quantity)]
            assert self.model.tell(await self.world.head(), told) == {}

    async def tell(self, told: list[Interval]) -> None:
        """Tell intervals in some order and in some way."""
        order = self.choices.choice(ORDERS)
        told.sort(key=lambda one: order(one, self.choices))
        way = self.choices.choice(
            [self.as_table, self.as_columns, self.one_by_one, self.each, self.together]
        )
        await way(told)

    async def as_table(self, told: list[Interval]) -> None:
        await self.posted(told, await posted(self.world.operator, *map(self.row, told)))

    async def as_columns(self, told: list[Interval]) -> None:
        rows = [(row[0]["id"], *row[1:4], row[5] == "true") for row in map(self.row, told)]
        columns = columns_of(rows)
        await self.posted(
            told, await test_interval_columns.asked(self.world.operator, columns, key())
        )

    async def posted(self, told: list[Interval], answer: Any) -> None:
        refused = self.model.tell(await self.world.head(), told)
        assert {row["row"]: row["code"] for row in answer["refused"]} == codes(refused)
        for row in answer["refused"]:
            code, other = refused[row["row"]]
            if code == "READING_ALREADY_RECORDED":
                assert other.millionths == millionths(Decimal(row["recorded"]))
            for bound in (other.starts, other.ends):
                assert shown_moment(at(bound)) in row["message"]["en"]
        assert (answer["position"] is None) == (len(refused) == len(told))

    async def one_by_one(self, told: list[Interval]) -> None:
        """So few at once that none is taken as columns."""
        for few in parts(told, FEW - 1):
            await self.each([*few])

    async def each(self, told: list[Interval]) -> None:
        answer = await asked(self.world, self.items(told), "EACH_INDEPENDENT")
        refused = self.model.tell(await self.world.head(), told)
        found = {one["index"]: one["error"]["code"] for one in answer["outcomes"] if one["error"]}
        assert found == codes(refused)

    async def together(self, told: list[Interval]) -> None:
        answer = await asked(self.world, self.items(told), "ALL_OR_NOTHING")
        refused = self.model.tell(await self.world.head(), told, together=True)
        if refused:
            first = next(iter(refused))
            assert (answer["code"], answer["path"][2]) == (refused[first].code, str(first))
        else:
            assert answer["batch"]["readingCount"] == len(told)

    def items(self, told: list[Interval]) -> list[dict[str, Any]]:
        return [as_item(self.row(one)) for one in told]

    def row(self, told: Interval) -> tuple[Any, str, str, str, str, str]:
        assert told.millionths is not None
        quality = "true" if told.estimated else ""
        return (
            self.meters[told.meter], moment(told.starts), moment(told.ends), str(amount(told.millionths)), "", quality,
        )  # fmt: skip

    def interval(self, each: int, start: int, length: int) -> Interval:
        return Interval(
            meter=each,
            starts=start,
            ends=start + length,
            millionths=self.value(),
            estimated=self.choices.random() < 0.05,
        )

    def value(self) -> int:
        return self.choices.choice(
            [0, 1, self.choices.randrange(10**3) * 10**6, self.choices.randrange(10**8)]
        )

    def any_counting(self) -> tuple[int, Interval] | tuple[None, None]:
        counting = self.model.counting(self.choices.randrange(len(self.meters)))
        return self.choices.choice(counting) if counting else (None, None)


async def read(story: Story, each: int, first: int, as_of: int) -> list[Accepted]:
    """All readings of a meter, page by page."""
    found, after = list[Accepted](), None
    while True:
        given = {"id": story.meters[each]["id"], "first": first, "after": after, "asOf": str(as_of)}
        page = (await story.world.operator.ask(READINGS, **given))["node"]["readings"]
        found += [
            Accepted(
                int(node["position"]),
                Interval(
                    meter=each,
                    starts=second(node["startsAt"]),
                    ends=second(node["endsAt"]),
                    millionths=millionths(Decimal(node["value"])),
                    estimated=node["estimated"],
                ),
            )
            for node in page["nodes"]
        ]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        assert len(page["nodes"]) == first
        after = page["pageInfo"]["endCursor"]


def moments(first: date, last: date, step: str) -> list[int]:
    """When the steps of some days begin, and when the last is over."""
    start, end = second_of(first), second_of(last) + A_DAY
    inner = {
        "HOUR": range(start + AN_HOUR, end, AN_HOUR), "DAY": range(start + A_DAY, end, A_DAY),
        "MONTH": [second_of(date(2024, 2, 1))], "YEAR": [],
    }  # fmt: skip
    return [start, *(one for one in inner[step] if start < one < end), end]


async def check_uses(story: Story, each: int, as_of: int) -> None:
    """What the meter used by hours, days, months and at all, of all the days and of some, and what was left of it."""
    some = sorted(FIRST + timedelta(days=story.choices.randrange(-1, 5)) for _ in range(2))
    for first, last in ((FIRST - timedelta(days=1), LAST + timedelta(days=2)), some):
        for step in ("HOUR", "DAY", "MONTH", "YEAR"):
            given = {"id": story.meters[each]["id"], "from": str(first), "to": str(last)}
            found = (await story.world.operator.ask(USES, **given, step=step, asOf=str(as_of)))[
                "node"
            ]
            bounds = [*pairwise(moments(first, last, step))]
            assert [
                (second(one["startsAt"]), second(one["endsAt"])) for one in found["consumption"]
            ] == bounds
            expected = [story.model.use(each, *between, as_of) for between in bounds]
            for one, use in zip(found["consumption"], expected, strict=True):
                is_known = use.measured + use.estimated > 0
                quantities = (
                    [amount(use.millionths), amount(use.estimated_millionths)]
                    if is_known
                    else [None] * 2
                )
                assert [number(one["quantity"]), number(one["estimatedQuantity"])] == quantities
                lengths = [one["measuredDays"], one["estimatedDays"], one["missingDays"]]
                assert [*map(in_seconds, lengths)] == [use.measured, use.estimated, use.missing]
            if each == 0:
                left = [unmetered(story, between, as_of) for between in bounds]
                assert [number(one["quantity"]) for one in found["unmetered"]] == left


def unmetered(story: Story, between: tuple[int, int], as_of: int) -> Decimal | None:
    """What the first meter measured that the others did not."""
    uses = [story.model.use(each, *between, as_of) for each in range(len(story.meters))]
    if any(use.missing for use in uses):
        return None
    return amount(2 * uses[0].millionths - sum(use.millionths for use in uses))


def number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def in_seconds(days: str) -> int:
    return round(Decimal(days) * A_DAY)


async def check_within(connection: AsyncConnection, story: Story, each: int, as_of: int) -> None:
    """What a line of an inventory shows of the meter, until when something is told of it, and its gaps."""
    meter_id = MeterId(position(story.meters[each]["id"]))
    since, until = sorted(story.choices.sample(range(START, END + 1, 450), 2))
    within = (at(since), at(until))
    found, size = list[Accepted](), story.choices.choice([1, 7, 100])
    while True:
        after = (found[-1].interval.starts, 0) if found else None
        page = await reading_store.page_within(
            connection, [meter_id], within, (Position(as_of), Page(size, after))
        )
        found += [accepted(each, told) for told in page[meter_id][:size]]
        if len(page[meter_id]) <= size:
            break
    assert found == story.model.between(each, since, until, as_of)
    last = [(one.interval.ends, one.position) for one in story.model.counting(each, as_of)]
    until_then = (at(last[-1][0]), last[-1][1]) if last else (None, 0)
    assert await read_known(connection, [meter_id], Position(as_of)) == {meter_id: until_then}
    if as_of == story.heads[-1]:
        gaps = await reading_store.read_gaps(connection, meter_id, within, 1000)
        assert [(seconds(start), seconds(end)) for start, end in gaps] == story.model.gaps(
            each, since, until
        )


def accepted(each: int, told: Any) -> Accepted:
    span = Interval(
        meter=each,
        starts=seconds(told.starts_at),
        ends=seconds(told.ends_at),
        millionths=millionths(told.value),
        estimated=told.estimated,
    )
    return Accepted(told.position, span)


async def check(database: TestDatabase, story: Story, positions: Sequence[int]) -> None:
    """All that is read, as of each position, is what the model says; and the audit finds nothing."""
    whole = Database(database.api_url, pool_size=1)
    for as_of in positions:
        for each in range(len(story.meters)):
            counting = story.model.counting(each, as_of)
            for first in (100, story.choices.choice([1, 3] if len(counting) < 60 else [3, 50])):
                assert await read(story, each, first, as_of) == counting
            await check_uses(story, each, as_of)
            async with whole.read() as connection:
                await check_within(connection, story, each, as_of)
    assert await audit(whole) == []
    await whole.close()


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_read_is_what_a_model_says(
    database: TestDatabase, world: World, seed: int
) -> None:
    story = await Story.begin(world, seed)
    for _ in range(20):
        await story.go_on()
    await check(database, story, [story.heads[-1], *story.choices.sample(story.heads, 3)])
    if seed == 0:
        # So it is where intervals were rows until a migration made blocks of them.
        move = migration("interval_blocks")
        async with unguarded(database.superuser_url) as connection:
            await connection.execute(INTO_ROWS)
            await connection.execute("DELETE FROM interval_block")
            for statement in (move["MOVED"], *move["BILLS_ALONE"]):
                await connection.execute(statement)
        await check(database, story, story.heads[::5])
