"""Recording readings and bills: one entry of the log for all that one request brings."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, Role, authorise, authorise_owner
from nzc_api.china_time import shown_moment
from nzc_api.database.paging import Page
from nzc_api.ids import MeterId
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering import reading_store, rollup_store, store
from nzc_api.metering.columns import NO_COLUMNS, Columns
from nzc_api.metering.gateways import check_assigned
from nzc_api.metering.model import Device, Meter, ReplaceMeter, midnight, span_of
from nzc_api.metering.reading_rules import (
    Beside,
    decide,
    decide_correction,
    decide_replacement,
    recorded,
)
from nzc_api.metering.readings import (
    Batch,
    Bill,
    CorrectReading,
    Item,
    Mode,
    Point,
    RecordReadings,
    Row,
    Series,
    Span,
    Told,
    digest_of,
    line_of,
)
from nzc_api.metering.rollups import Rollups
from nzc_api.metering.service import check_owner, meter_at, meter_not_found
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.rules import LAST_DAY
from nzc_api.refusal import NotFound, Refusal, Refused, refuse
from nzc_api.text import saying_problem


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a request's items: its outcome, and why each that was refused was, by its number. Where
    none was accepted there is no outcome, and the key is unused; one of what was rehearsed has no position."""

    outcome: Outcome | None
    refused: Mapping[int, Refusal]


class Said(NamedTuple):
    """What the log calls a batch, what it rests on, and why it is told."""

    kind: EntryKind
    document: str | None = None
    reason: str | None = None


RECORDED = Said(EntryKind.READINGS_RECORDED)


class NothingAcceptedError(Exception):
    """All items were refused, each by itself."""

    def __init__(self, refused: Mapping[int, Refusal]) -> None:
        super().__init__()
        self.refused = refused


class RecordingService:
    """What the metering room can do with readings and bills."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def record(
        self, principal: Principal | None, key: str, command: RecordReadings
    ) -> Recorded:
        """Record readings and bills, in order: all or none, or each by itself."""
        caller = authorise(principal, Action.RECORD_READINGS)

        async def work(transaction: Transaction) -> int:
            worlds = await beside_items(
                transaction.connection, transaction.head, caller, command.items
            )
            rows, refused, rollups = decide_items(caller, enumerate(command.items), worlds)
            if refused and command.mode is Mode.ALL_OR_NOTHING:
                raise Refused(next(iter(refused.values())))
            if not rows:
                raise NothingAcceptedError(refused)
            return await write_batch(transaction, caller, rows, rollups, refused)

        request = Request.of(key, "recordReadings", command)
        try:
            outcome = await self._log.once(caller.actor, request, work)
        except NothingAcceptedError as nothing:
            return Recorded(None, nothing.refused)
        return await self._told(command, outcome)

    async def rehearse(
        self, principal: Principal | None, key: str, command: RecordReadings
    ) -> Recorded:
        """What would become of readings and bills. Nothing is written, and the key is not used; where it was
        used before, that is told."""
        caller = authorise(principal, Action.RECORD_READINGS)

        async def plan(connection: AsyncConnection, head: Head) -> Recorded:
            worlds = await beside_items(connection, head, caller, command.items)
            _, refused, _ = decide_items(caller, enumerate(command.items), worlds)
            if refused and command.mode is Mode.ALL_OR_NOTHING:
                raise Refused(next(iter(refused.values())))
            return Recorded(Outcome(None, None, as_of=head.position), refused)

        request = Request.of(key, "recordReadings", command)
        found = await self._log.rehearse(caller.actor, request, plan)
        return found if isinstance(found, Recorded) else await self._told(command, found)

    async def _told(self, command: RecordReadings, outcome: Outcome) -> Recorded:
        """An outcome, with why items were refused beside those that were accepted."""
        if outcome.position is None or command.mode is Mode.ALL_OR_NOTHING:
            return Recorded(outcome, {})
        batches = await self.batches([outcome.position])
        return Recorded(outcome, batches[outcome.position].refused)

    async def correct(
        self, principal: Principal | None, key: str, command: CorrectReading
    ) -> Outcome:
        """Say what a reading or a bill should have been: what was before stays, as of before."""
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            meter = await meter_at(transaction, command.meter_id, "meter")
            await check_owner(transaction.connection, caller, meter.pilot_id)
            refuse(
                saying_problem(command.document, "document")
                or saying_problem(command.reason, "reason"),
            )
            points = [(meter.id, device.number, command.at) for device in meter.devices]
            series = await reading_store.read_series(
                transaction.connection, points, [(meter.id, _a_second_after(command))]
            )
            beside = Beside(meter, series.get(meter.id, Series()), transaction.head.at)
            if recorded(command, beside) is None:
                raise Refused(_nothing_there(command))
            told = decide_correction(command, beside)
            if isinstance(told, Refusal):
                raise Refused(told)
            rollups = Rollups()
            rollups.tell(meter, beside.series, told)
            said = Said(EntryKind.READING_CORRECTED, command.document, command.reason)
            rows = [Row(meter.id, 0, told)]
            return await write_batch(transaction, caller, rows, rollups, {}, said)

        return await self._log.once(caller.actor, Request.of(key, "correctReading", command), work)

    async def replace(
        self, principal: Principal | None, key: str, command: ReplaceMeter
    ) -> Outcome:
        """Say that another device was built in, with the last reading of the old one and its first."""
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            meter = await meter_at(transaction, command.meter_id, "meter")
            await check_owner(transaction.connection, caller, meter.pilot_id)
            number = meter.devices[-1].number
            series = await reading_store.read_series(
                transaction.connection, [(meter.id, number, command.at)], []
            )
            beside = Beside(meter, series.get(meter.id, Series()), transaction.head.at)
            decided = decide_replacement(command, beside)
            if isinstance(decided, Refusal):
                raise Refused(decided)
            final, first, device = decided
            body = {"device": device.number, "since": shown_moment(device.since)}
            position = transaction.append(caller.actor, EntryKind.METER_REPLACED, body, meter.id)
            await store.insert_device(transaction.connection, _placed(device, position))
            rows, rollups = [Row(meter.id, 0, final), Row(meter.id, 1, first)], Rollups()
            for told in (final, first):
                rollups.tell(meter, beside.series, told)
            await write_batch(transaction, caller, rows, rollups, {})
            return meter.id

        return await self._log.once(caller.actor, Request.of(key, "replaceMeter", command), work)

    async def batches(self, ids: Sequence[int]) -> dict[int, Batch]:
        async with self._log.database.read() as connection:
            return await reading_store.read_batches(connection, ids)

    async def page_of(
        self, meters: Sequence[MeterId], at: tuple[int, Page]
    ) -> dict[MeterId, list[Told]]:
        as_of, page = at
        async with self._log.database.read() as connection:
            return await reading_store.page_readings_of(connection, meters, page, as_of)

    async def page_within(
        self, meters: Sequence[MeterId], asked: tuple[DateSpan, tuple[int, Page]]
    ) -> dict[MeterId, list[Told]]:
        """What each meter's consumption of some days rests on, as of a position."""
        days, at = asked
        async with self._log.database.read() as connection:
            return await reading_store.page_within(connection, meters, span_of(days), at)


async def beside_items(
    connection: AsyncConnection, head: Head, caller: Principal, items: Sequence[Item | Refusal]
) -> dict[int, Beside]:
    """Each meter that items are of, with what is recorded beside them; raises where the caller may not write
    one of them."""
    told = [item for item in items if not isinstance(item, Refusal)]
    meters = await store.read_meters(connection, {item.meter_id for item in told}, head.position)
    await check_owners(connection, caller, meters.values())
    points, spans = set(), set()
    for item in told:
        meter = meters.get(item.meter_id)
        if meter is None:
            continue
        if isinstance(item, Bill):
            spans.add((meter.id, _end_of(item)))
        elif item.starts_at is None:
            points.add((meter.id, meter.device_at(item.at).number, item.at))
        else:
            spans.add((meter.id, item.at))
    series = await reading_store.read_series(connection, points, spans)
    return {m.id: Beside(m, series.get(m.id, Series()), head.at) for m in meters.values()}


async def check_owners(
    connection: AsyncConnection, caller: Principal, meters: Iterable[Meter]
) -> None:
    """Raise where the caller is no gateway, whose meters are looked at one by one, and may not write one of them."""
    if caller.role is Role.METER_GATEWAY:
        return
    pilots = await pilots_store.read_pilots(connection, {meter.pilot_id for meter in meters})
    for pilot in pilots.values():
        authorise_owner(caller, pilot.operator_id)


def _end_of(bill: Bill) -> datetime:
    """The moment at which a bill's days are over; of what cannot be one, any."""
    return span_of(bill.days)[1] if bill.days.ends_on < LAST_DAY else midnight(LAST_DAY)


def decide_items(
    caller: Principal, items: Iterable[tuple[int, Item | Refusal]], worlds: Mapping[int, Beside]
) -> tuple[list[Row], dict[int, Refusal], Rollups]:
    """What is written of each item, by its number, that is accepted, which those after it see; why each other is not;
    and by how much the sums change."""
    rows, refused, rollups = list[Row](), dict[int, Refusal](), Rollups()
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
        rows.append(Row(item.meter_id, number, told))
    return rows, refused, rollups


def _told(
    caller: Principal, item: Item | Refusal, worlds: Mapping[int, Beside]
) -> Point | Span | Refusal:
    if isinstance(item, Refusal):
        return item
    beside = worlds.get(item.meter_id)
    if beside is None:
        return meter_not_found(item.meter_id, "meter")
    return check_assigned(beside.meter, caller) or decide(item, beside)


async def write_batch(
    transaction: Transaction,
    caller: Principal,
    rows: Sequence[Row],
    rollups: Rollups,
    refused: Mapping[int, Refusal],
    said: Said = RECORDED,
    columns: Columns = NO_COLUMNS,
) -> int:
    """Write what was accepted, as rows and as columns, as one entry, which has the digest of all of it."""
    lines = sorted([*((row.number, line_of(row)) for row in rows), *columns.lines()])
    digest = digest_of(line for _, line in lines)
    body = {"size": len(lines), "digest": digest.hex()}
    position = transaction.append(caller.actor, said.kind, body)
    by = caller.organisation_id
    batch = Batch(
        id=position,
        size=len(lines),
        digest=digest,
        refused=dict(refused),
        operators=frozenset(),
        posted_by=by,
        document=said.document,
        reason=said.reason,
    )
    frozen = {number: refusal.freeze() for number, refusal in refused.items()}
    refused_json = json.dumps(frozen, ensure_ascii=False)
    await reading_store.insert_batch(transaction.connection, batch, refused_json, rows, columns)
    await rollup_store.insert_rollups(transaction.connection, position, rollups)
    return position


def _a_second_after(command: CorrectReading) -> datetime:
    """The end of a search for what began at the correction's moment."""
    return min(command.at, midnight(LAST_DAY)) + timedelta(seconds=1)


def _placed(device: Device, position: int) -> Device:
    return replace(device, position=position)


def _nothing_there(command: CorrectReading) -> NotFound:
    return NotFound(
        path=("at",),
        value=shown_moment(command.at),
        kind_zh="该计量点在此时间的读数或用量",
        kind_en="reading or consumption of the meter at",
    )
