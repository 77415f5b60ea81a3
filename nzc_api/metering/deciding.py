"""What becomes of readings, intervals and bills of a request, beside what is recorded.

Meters with which all is plainly in order are taken as columns; the rows of the others one by one, by the rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Principal, Role, authorise_owner
from nzc_api.ids import MeterId
from nzc_api.log.model import Head
from nzc_api.metering import reading_store, store
from nzc_api.metering.columns import Columns, Ordered, disturbed, in_order
from nzc_api.metering.gateways import check_assigned
from nzc_api.metering.interval_rows import IntervalRows
from nzc_api.metering.model import Meter, midnight, span_of
from nzc_api.metering.reading_rules import Beside, decide
from nzc_api.metering.readings import (
    Bill,
    Item,
    ReadingPoint,
    ReadingRow,
    ReadingSeries,
    ReadingSpan,
)
from nzc_api.metering.rollups import Rollups
from nzc_api.metering.service import meter_not_found
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.rules import LAST_DAY
from nzc_api.refusal import Refusal


class Decided(NamedTuple):
    """What is written, as columns and as rows, why what is not, by its number and in order, and by how much the rows
    change the sums."""

    columns: Columns
    rows: list[ReadingRow]
    refused: Mapping[int, Refusal]
    rollups: Rollups


async def decided(
    connection: AsyncConnection,
    head: Head,
    caller: Principal,
    given: IntervalRows,
    ordered: Ordered,
) -> Decided:
    """What becomes of a request, whose columns are given ``ordered``, too. Raises where the caller may not write one of
    its meters."""
    taken = await _in_order(connection, head, caller, given, ordered) if ordered.meters else set()
    left = given.columns.without(taken).readings() if taken < ordered.meters else ()
    rest = sorted([*given.others.items(), *left], key=lambda item: item[0])
    worlds = await beside_items(connection, head, caller, [item for _, item in rest])
    rows, refused, rollups = decide_items(caller, rest, worlds)
    return Decided(columns=ordered.of_meters(taken), rows=rows, refused=refused, rollups=rollups)


async def _in_order(
    connection: AsyncConnection,
    head: Head,
    caller: Principal,
    given: IntervalRows,
    ordered: Ordered,
) -> set[MeterId]:
    """The meters with whose columns all is plainly in order."""
    apart = {item.meter_id for item in given.others.values() if not isinstance(item, Refusal)}
    meters = await store.read_meters(connection, ordered.meters, head.position)
    await check_owners(connection, caller, meters.values())
    own = {
        meter.id: meter
        for meter in meters.values()
        if meter.id not in apart and check_assigned(meter, caller) is None
    }
    plain = in_order(ordered, own, head.at)
    runs = [run for run in ordered.runs if run.meter_id in plain]
    series = await reading_store.read_series(
        connection, (), [(run.meter_id, run.starts_at, run.ends_at) for run in runs]
    )
    return plain - disturbed(runs, series)


async def beside_items(
    connection: AsyncConnection, head: Head, caller: Principal, items: Sequence[Item | Refusal]
) -> dict[int, Beside]:
    """Each meter that items are of, with what is recorded beside them; raises where the caller may not write
    one of them."""
    told = [item for item in items if not isinstance(item, Refusal)]
    if not told:
        return {}
    meters = await store.read_meters(connection, {item.meter_id for item in told}, head.position)
    await check_owners(connection, caller, meters.values())
    points, spans = set(), set()
    for item in told:
        meter = meters.get(item.meter_id)
        if meter is None:
            continue
        if isinstance(item, Bill):
            spans.add((meter.id, *_time_of(item)))
        elif item.starts_at is None:
            points.add((meter.id, meter.device_at(item.at).number, item.at))
        else:
            spans.add((meter.id, item.starts_at, item.at))
    series = await reading_store.read_series(connection, points, spans)
    return {m.id: Beside(m, series.get(m.id, ReadingSeries()), head.at) for m in meters.values()}


async def check_owners(
    connection: AsyncConnection, caller: Principal, meters: Iterable[Meter]
) -> None:
    """Raise where the caller is no gateway, whose meters are looked at one by one, and may not write one of them."""
    if caller.role is Role.METER_GATEWAY:
        return
    pilots = await pilots_store.read_pilots(connection, {meter.pilot_id for meter in meters})
    for pilot in pilots.values():
        authorise_owner(caller, pilot.operator_id)


def _time_of(bill: Bill) -> tuple[datetime, datetime]:
    """From when until when a bill's days are; of what cannot be one, any time."""
    if bill.days.ends_on < LAST_DAY:
        return span_of(bill.days)
    return (midnight(LAST_DAY),) * 2


def decide_items(
    caller: Principal, items: Iterable[tuple[int, Item | Refusal]], worlds: Mapping[int, Beside]
) -> tuple[list[ReadingRow], dict[int, Refusal], Rollups]:
    """What is written of each item, by its number, that is accepted, which those after it see; why each other is not;
    and by how much the sums change."""
    rows, refused, rollups = list[ReadingRow](), dict[int, Refusal](), Rollups()
    for number, item in items:
        told = _told(caller, item, worlds)
        if isinstance(told, Refusal):
            # What cannot be read is refused as seen from the whole request.
            readable = not isinstance(item, Refusal)
            refused[number] = told.under("items", str(number)) if readable else told
            continue
        assert not isinstance(item, Refusal)
        beside = worlds[item.meter_id]
        rollups.tell(beside.meter, beside.series, told)
        beside.series.add(told)
        rows.append(ReadingRow(item.meter_id, number, told))
    return rows, refused, rollups


def _told(
    caller: Principal, item: Item | Refusal, worlds: Mapping[int, Beside]
) -> ReadingPoint | ReadingSpan | Refusal:
    if isinstance(item, Refusal):
        return item
    beside = worlds.get(item.meter_id)
    if beside is None:
        return meter_not_found(item.meter_id, "meter")
    return check_assigned(beside.meter, caller) or decide(item, beside)
