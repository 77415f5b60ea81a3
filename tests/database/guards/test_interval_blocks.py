"""Intervals, which are kept in blocks. ``hourly`` told of the hours of 15 to 17 January 2024."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise

import pytest

from tests.database.guards.attacks import BOTH, LOGGED, Attack, LetThrough, Stopped, cases
from tests.database.guards.good_rows import BLOCK_LINES, GOOD_ROWS, POINT_LINE, SPAN_LINE, new
from tests.database.guards.test_meters import LINE_END, logged_batch, told

HOUR, DAY = 3600, 86400


@dataclass(frozen=True)
class Block:
    """What was used in each interval from a moment of China's on; the number of the first, and by how much numbers go
    on."""

    first: str
    quantities: str = "100"
    seconds: int = HOUR
    number: int = 0
    stride: int = 1
    meter: str = "hourly"

    def row(self, at: str) -> dict[str, str]:
        return dict(GOOD_ROWS["interval_block"]) | {
            "meter_id": f"${self.meter}", "starts_on": f"'{self.first[:10]}'", "starts_at": f"'{self.first}+08'",
            "ends_at": f"'{self._moments()[-1]}'", "position": at, "seconds": str(self.seconds),
            "number": str(self.number), "stride": str(self.stride), "quantities": f"'{{{self.quantities}}}'",
        }  # fmt: skip

    def lines(self) -> dict[int, str]:
        """As a digest covers them, by their numbers."""
        ends = [f"{moment.timestamp():.0f}" for moment in self._moments()]
        return {
            number: f"{number} ${self.meter} {since} {until} A {shown(quantity)} -"
            for number, (since, until), quantity in zip(
                count(self.number, self.stride),
                pairwise(ends),
                self.quantities.split(","),
                strict=False,
            )
        }

    def _moments(self) -> list[datetime]:
        first = datetime.fromisoformat(f"{self.first}+08:00")
        many = self.quantities.count(",") + 2
        return [first + n * timedelta(seconds=self.seconds) for n in range(many)]


def shown(quantity: str) -> str:
    """As a digest covers it: without zeros at its end."""
    return "-" if quantity == "NULL" else f"{Decimal(quantity).normalize():f}"


def written(*blocks: Block, at: str = "$p") -> str:
    """In one statement."""
    rows = [block.row(at) for block in blocks]
    values = ", ".join(f"({', '.join(row.values())})" for row in rows)
    return f"INSERT INTO interval_block ({', '.join(rows[0])}) VALUES {values}"


def lines_of(*blocks: Block) -> str:
    lines = {number: line for block in blocks for number, line in block.lines().items()}
    return LINE_END.join(lines[number] for number in sorted(lines))


def batch(*blocks: Block, without: str = "") -> list[str]:
    """Blocks after what ``LOGGED`` says, the sums of all their months but one, and their entry."""
    at, lines = "$p4 + 1", lines_of(*blocks)
    sums = [
        new("meter_rollup", position=at, meter_id=f"${meter}", starts_on=f"'{month}-01'")
        for meter, month in sorted({(block.meter, block.first[:7]) for block in blocks})
        if month != without
    ]
    given = {"size": str(lines.count(LINE_END) + 1), "digest": f"sha256('{lines}')"}
    return [told(written(*blocks, at=at), *sums, at=at, **given), logged_batch(lines, "$p4")]


def changed(**changes: str) -> str:
    """The good row, but for what is given, in a batch."""
    return told(new("interval_block", **changes))


def amiss(**changes: str) -> str:
    """A batch of the good row but for what is given, and the entry of the good row's."""
    given = {"size": "2", "digest": f"sha256('{BLOCK_LINES}')"}
    return told(new("interval_block", **changes), **given) + "; " + logged_batch(BLOCK_LINES)


# The hour from now on as a block.
NOW = {
    "starts_on": "CAST(date_trunc('hour', now()) AT TIME ZONE INTERVAL '+08:00' AS date)",
    "starts_at": "date_trunc('hour', now())", "ends_at": "date_trunc('hour', now()) + interval '1 hour'",
    "quantities": "'{1}'",
}  # fmt: skip


def ended(day: str, meter: str = "hourly") -> str:
    """A meter with a last day."""
    return f"UPDATE meter SET ends_on = '{day}', ended_position = $p WHERE id = ${meter}"


OF_TWO_METERS = [Block("2024-05-20 08:00"), Block("2024-06-20 08:00", number=1, meter="untold")]
THREE_MONTHS = [Block(f"2024-0{month}-20 08:00", number=month) for month in (2, 3, 4)]

OVERLAPPING = {
    "in the place of several at once, one of them corrected before": [Block("2024-01-16 04:00", "1,2,3")],
    "in the place of a day's": [Block("2024-01-17 00:00", ",".join("1" * 24))],
    "from before the first of a day": [Block("2024-01-14 23:30")],
    "from the day before until after the first": [Block("2024-01-14 12:00", seconds=DAY)],
    "until after the last of a day": [Block("2024-01-17 23:30")],
    "inside another": [Block("2024-01-16 07:15", seconds=900)],
    "around others": [Block("2024-01-16 06:30", seconds=3 * HOUR)],
    "around all of a day": [Block("2024-01-15 23:30", seconds=DAY)],
    "of several, the last over another": [Block("2024-01-14 22:30", "1,1")],
    "of several, the first over another": [Block("2024-01-16 09:45", "1,1", seconds=900)],
    "of several, each between two others": [Block("2024-01-16 00:30", "1,1,1")],
    "inside one that was corrected": [Block("2024-01-16 05:15", seconds=900)],
    "from where one was corrected, and over the next": [Block("2024-01-16 05:00", seconds=2 * HOUR)],
    "of several, the second over one that it does not correct": [Block("2024-01-16 05:00", "1,1", seconds=5400)],
    "from one that was corrected to nothing into the next": [Block("2024-01-16 10:30")],
    "into one that was corrected to nothing": [Block("2024-01-16 09:30")],
    "longer than the one that was corrected to nothing": [Block("2024-01-16 10:00", seconds=2 * HOUR)],
    "and another, without a gap between them, over one that is there": [
        Block("2024-01-14 23:15", seconds=900), Block("2024-01-14 23:30", seconds=5400, number=1)],
    "and one behind all others with a gap, the first over one that is there": [
        Block("2024-01-14 23:30"), Block("2024-01-20 08:00", number=1)],
    "and one before all others with a gap, the second over one that is there": [
        Block("2024-01-10 08:00"), Block("2024-01-17 23:30", number=1)],
    "inside another, in one statement, and one behind both": [
        Block("2024-01-20 08:00", seconds=2 * HOUR), Block("2024-01-20 08:30", seconds=900, number=1),
        Block("2024-01-20 10:00", number=2)],
    "that shares half an hour with another, in one statement": [
        Block("2024-01-20 08:00", "1,1"), Block("2024-01-20 09:30", "1,1", number=2)],
    "between two of another meter": [
        Block("2024-01-10 08:00", meter="untold"), Block("2024-01-16 07:15", seconds=900, number=1),
        Block("2024-01-20 08:00", number=2, meter="untold")],
    "and one of no quantity over half of one that is there": [
        Block("2024-01-20 08:00"), Block("2024-01-16 07:30", "NULL", number=1)],
}  # fmt: skip

INTERVALS = (
    Attack("a block of another quantity", "batch_is_whole", amiss(quantities="'{100,201}'"), before=None),
    Attack("a block of another estimate", "batch_is_whole", amiss(estimated="true"), before=None),
    Attack("a block of another number", "batch_is_whole", amiss(number="1"), before=None),
    Attack("a block of another stride", "batch_is_whole", amiss(stride="2"), before=None),
    Attack("a block an hour later", "batch_is_whole",
           amiss(starts_at="'2024-01-20 09:00+08'", ends_at="'2024-01-20 11:00+08'"), before=None),
    Attack("a block of shorter intervals", "batch_is_whole",
           amiss(seconds="1800", ends_at="'2024-01-20 09:00+08'"), before=None),
    Attack("a block of an interval less", "batch_is_whole",
           amiss(quantities="'{100}'", ends_at="'2024-01-20 09:00+08'"), before=None),
    Attack("a block of more intervals than it has", "batch_is_whole",
           told(new("interval_block"), size="3", digest=f"sha256('{BLOCK_LINES}')")
           + "; " + logged_batch(BLOCK_LINES, size=3), before=None),
    *(Attack(f"a block beside the {table} of a batch", "batch_is_whole",
             told(new(table), new("interval_block", number="1"), digest=f"sha256('{line}')")
             + "; " + logged_batch(line), before=None)
      for table, line in (("register_reading", POINT_LINE), ("consumption", SPAN_LINE))),
    Attack("a block in no batch", "reading_is_of_a_batch", f"{new('interval_block')}; {LOGGED}", before=None),
    *(Attack(f"a block {what}", "reading_is_of_its_meter", changed(**given), before=None)
      for what, given in (
          ("of no meter", {"meter_id": "$nobody"}),
          ("of a meter with bills", {"meter_id": "$billed"}),
          ("of a register", {"meter_id": "$register"}),
          ("before the meter", {"starts_on": "'2022-12-31'", "starts_at": "'2022-12-31 23:00+08'",
                                "ends_at": "'2023-01-01 01:00+08'", "seconds": "7200", "quantities": "'{1}'"}),
          ("of the hour from now on", NOW))),
    *(Attack(f"a block {what} the meter's last day", "reading_is_of_its_meter",
             told(written(*blocks, at="$p4 + 1"), at="$p4 + 1"), before=f"{LOGGED}; {ended('2024-01-31')}")
      for what, blocks in (
          ("after", [Block("2024-02-01 00:00")]), ("over the end of", [Block("2024-01-31 23:30")]),
          ("after, and one before,", [Block("2024-01-31 08:00"), Block("2024-02-01 00:00", number=1)]))),
    Attack("a block before the meter's first day, and one after", "reading_is_of_its_meter",
           told(written(Block("2022-12-31 23:00"), Block("2024-01-20 08:00", number=1))), before=None),
    *(Attack(f"an end {what}", "meter_ends_once", ended(day))
      for what, day in (("days before the first block", "2024-01-10"), ("before the last block", "2024-01-16"))),
    Attack("an end on a day whose last interval goes on after it", "meter_ends_once", ended("2024-01-31"),
           before="; ".join([LOGGED, *batch(Block("2024-01-31 23:30"))])),
    Attack("a bill of a meter with intervals", "reading_is_of_its_meter",
           told(new("consumption", meter_id="$hourly")), before=None),
    *(Attack(f"an interval {what}", "consumption_does_not_overlap", told(written(*blocks)), before=None)
      for what, blocks in OVERLAPPING.items()),
    Attack("an interval over one of a statement before, in one transaction", "consumption_does_not_overlap",
           told(written(Block("2024-01-20 08:30"), at="$p2"), at="$p2"),
           before=told(written(Block("2024-01-20 08:00", "1,1")))),
    *(Attack(f"a block that the sum of {what} has", "batch_is_rolled",
             told(new("interval_block"), new("meter_rollup", **given), size="2", digest=f"sha256('{BLOCK_LINES}')")
             + "; " + logged_batch(BLOCK_LINES), before=None)
      for what, given in (
          ("another meter's month", {}), ("the month's first day", {"meter_id": "$hourly", "step": "'DAY'"}))),
    Attack("an interval over one of a statement before, at a later position", "consumption_does_not_overlap",
           told(written(Block("2024-01-20 08:00"))),
           before=told(written(Block("2024-01-20 08:30"), at="$p2"), at="$p2")),
    Attack("an interval until after midnight, over one of a later position", "consumption_does_not_overlap",
           told(written(Block("2024-01-19 23:30"))),
           before=told(written(Block("2024-01-20 00:00"), at="$p2"), at="$p2")),
    Attack("an interval from midnight on, over one of a later position", "consumption_does_not_overlap",
           told(written(Block("2024-01-20 00:00"))),
           before=told(written(Block("2024-01-19 23:30"), at="$p2"), at="$p2")),
    Attack("an interval over one of a statement before, of one batch", "consumption_does_not_overlap",
           told(written(Block("2024-01-20 08:00")), written(Block("2024-01-20 08:30", number=1))), before=None),
    Attack("an interval from midnight on, over one of the day before", "consumption_does_not_overlap",
           told(written(Block("2024-01-21 00:00"), at="$p2"), at="$p2"),
           before=told(written(Block("2024-01-20 23:30")))),
    Attack("an interval over one of which another meter told later", "consumption_does_not_overlap",
           told(written(Block("2024-01-16 07:15", seconds=900), at="$p2"), at="$p2"),
           before=told(written(Block("2024-01-16 07:00", meter="untold")))),
    *(Attack(f"blocks of {len(blocks)} months, and no sum of {block.first[:7]}", "batch_is_rolled",
             "; ".join(batch(*blocks, without=block.first[:7])))
      for blocks in (THREE_MONTHS, THREE_MONTHS[:2], THREE_MONTHS[:1], OF_TWO_METERS) for block in blocks),
)  # fmt: skip

SHAPES = (
    *(Attack(f"a block {what}", f"interval_block_{guard}_check", changed(**given), before=None)
      for what, guard, given in (
          ("that ends later than its intervals", "intervals", {"ends_at": "'2024-01-20 11:00+08'"}),
          ("that ends before its last interval", "intervals", {"ends_at": "'2024-01-20 09:00+08'"}),
          ("of intervals of no time", "intervals", {"seconds": "0", "ends_at": "'2024-01-20 08:00+08'"}),
          ("of intervals that run back", "intervals", {"seconds": "-60", "ends_at": "'2024-01-20 07:58+08'"}),
          ("of more than a day's seconds", "intervals",
           {"seconds": "86401", "quantities": "'{1}'", "ends_at": "'2024-01-21 08:00:01+08'"}),
          ("from within a second on", "intervals",
           {"starts_at": "'2024-01-20 08:00:00.4+08'", "ends_at": "'2024-01-20 10:00:00.4+08'"}),
          ("of no intervals", "intervals", {"ends_at": "'2024-01-20 08:00+08'", "quantities": "'{}'"}),
          ("of two dimensions", "intervals", {"quantities": "'{{100,200}}'"}),
          ("whose array begins at 0", "intervals", {"quantities": "'[0:1]={100,200}'"}),
          ("of several of less than five minutes", "several",
           {"seconds": "299", "ends_at": "'2024-01-20 08:09:58+08'"}),
          ("of another day", "day", {"starts_on": "'2024-01-19'"}),
          ("of the day that it is in Greenwich", "day",
           {"starts_at": "'2024-01-20 06:00+08'", "ends_at": "'2024-01-20 08:00+08'", "starts_on": "'2024-01-19'"}),
          ("whose intervals begin on two days", "day",
           {"starts_at": "'2024-01-20 23:00+08'", "ends_at": "'2024-01-21 01:00+08'"}),
          ("of the day of its second interval", "day",
           {"starts_at": "'2024-01-19 23:00+08'", "ends_at": "'2024-01-20 01:00+08'"}),
          ("below nothing", "quantities", {"quantities": "'{100,-1}'"}),
          ("of no number", "quantities", {"quantities": "'{100,NaN}'"}),
          ("without an end", "quantities", {"quantities": "'{100,Infinity}'"}),
          ("of nothing told among others", "quantities", {"quantities": "'{100,NULL}'"}))),
)  # fmt: skip


@cases(INTERVALS + SHAPES)
async def test_interval_blocks(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a block": [Block("2024-01-20 08:00", "100,200")],
    "blocks of three months": THREE_MONTHS,
    "blocks of two meters": OF_TWO_METERS,
    "quantities with zeros at their end": [Block("2024-01-20 08:00", "100.50,200.00")],
    "a block whose numbers lie on both sides of another's": [
        Block("2024-01-20 08:00", "1,1", stride=2), Block("2024-01-19 08:00", number=1)],
    "a block before all others and one behind them, without a gap": [
        Block("2024-01-14 22:00", "1,1"), Block("2024-01-18 00:00", "1,1", number=2)],
    "the first hour of the meter's first day": [Block("2023-01-01 00:00")],
    "a day": [Block("2024-01-18 00:00", seconds=DAY)],
    "an interval over midnight": [Block("2024-01-18 23:30")],
    "a day from noon until the first that is there": [Block("2024-01-14 00:00", "1", seconds=DAY)],
    "an interval that was corrected to nothing, again": [Block("2024-01-16 10:00")],
    "shorter ones in its place": [Block("2024-01-16 10:00", "1,1,1,1", seconds=900)],
    "some within its time": [Block("2024-01-16 10:15", "1,1", seconds=900)],
    "a correction": [Block("2024-01-16 07:00", "42")],
    "a correction of one that was corrected": [Block("2024-01-16 05:00", "42")],
    "halves of an hour in its place": [Block("2024-01-16 05:00", "1,1", seconds=1800)],
    "half an hour in the place of an hour": [Block("2024-01-16 07:00", seconds=1800)],
    "that nothing was used": [Block("2024-01-16 07:00", "0")],
    "that nothing is told after all": [Block("2024-01-16 07:00", "NULL")],
    "that nothing is told of one that was never told": [Block("2024-01-20 08:00", "NULL")],
    "blocks of two meters of the same hours": [
        Block("2024-01-20 08:00", "1,1"), Block("2024-01-20 08:00", "1,1", number=2, meter="untold")],
    "blocks of two meters, one over hours of the other that are there": [
        Block("2024-01-16 07:30", meter="untold"), Block("2024-01-20 08:00", number=1)],
    "blocks that are not told by their time": [
        Block("2024-01-20 08:00"), Block("2024-01-19 08:00", number=1), Block("2024-01-20 07:00", number=2)],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, batch(*GOOD[what]), LOGGED)


@pytest.mark.parametrize("who", BOTH)
async def test_all_that_a_batch_may_have_is_let_through(let_through: LetThrough, who: str) -> None:
    """A reading, a bill and a block, each with its line in the digest."""
    at = "$p4 + 1"
    rows = [
        new("register_reading", position=at),
        new("interval_block", position=at, number="1", stride="2", quantities="'{100.0,200.00}'"),
        new("consumption", position=at, number="2"),
        new("meter_rollup", position=at),
        new("meter_rollup", position=at, meter_id="$billed", starts_on="'2024-02-01'"),
        new("meter_rollup", position=at, meter_id="$hourly"),
    ]
    first, second = BLOCK_LINES.split(LINE_END)
    lines = LINE_END.join((POINT_LINE, f"1{first[1:]}", f"2{SPAN_LINE[1:]}", f"3{second[1:]}"))
    given = {"size": "4", "digest": f"sha256('{lines}')"}
    await let_through(who, [told(*rows, at=at, **given), logged_batch(lines, "$p4")], LOGGED)


@pytest.mark.parametrize("who", BOTH)
async def test_the_last_hour_of_a_meters_last_day_is_let_through(
    let_through: LetThrough, who: str
) -> None:
    await let_through(who, [ended("2024-01-31"), *batch(Block("2024-01-31 23:00"))], LOGGED)


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize(("meter", "day"), [("hourly", "2024-01-17"), ("untold", "2024-01-10")])
async def test_a_meter_may_end_where_its_own_last_interval_does(
    let_through: LetThrough, meter: str, day: str, who: str
) -> None:
    await let_through(who, [ended(day, meter)], LOGGED)
