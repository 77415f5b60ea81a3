"""Recording readings and bills: one entry of the log for all that one request brings."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.china_time import shown_moment
from nzc_api.database.copying import Copy
from nzc_api.database.paging import Page
from nzc_api.ids import MeterId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering import reading_store, recording_store, rollup_store, store
from nzc_api.metering.columns import NO_COLUMNS, Columns, Ordered, rollups_of
from nzc_api.metering.deciding import Decided, decided
from nzc_api.metering.digest_lines import lines_of
from nzc_api.metering.interval_rows import rows_of
from nzc_api.metering.model import Device, ReplaceMeter, midnight, span_of
from nzc_api.metering.reading_rules import (
    Beside,
    decide_correction,
    decide_replacement,
    recorded,
)
from nzc_api.metering.readings import (
    Batch,
    CorrectReading,
    Mode,
    ReadingRow,
    ReadingSeries,
    RecordReadings,
    ToldReading,
    line_of,
)
from nzc_api.metering.rollups import Bucket, Rollups
from nzc_api.metering.service import check_owner, meter_at
from nzc_api.metering.usage import UsageSums
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.rules import LAST_DAY
from nzc_api.refusal import NotFound, Refusal, Refused, refuse
from nzc_api.text import saying_problem


@dataclass(frozen=True, slots=True)
class RecordedReadings:
    """What became of a request's items: its outcome, and why each that was refused was, by its number. Where
    none was accepted there is no outcome, and the key is unused; one of what was rehearsed has no position."""

    outcome: Outcome | None
    refused: Mapping[int, Refusal]


class Said(NamedTuple):
    """What the log calls a batch, what it rests on, and why it is told."""

    kind: EntryKind
    document: str | None = None
    reason: str | None = None


class Prepared(NamedTuple):
    """Columns by meter and time, their lines as a digest covers them, and by how much they change the sums; and the
    columns and the changes as they are sent: made before the head is locked, for which all others wait."""

    columns: Columns
    lines: bytes
    changes: dict[Bucket, UsageSums]
    copy: Copy
    sums: Mapping[str, str]

    @classmethod
    def of(cls, by_meter: Columns) -> "Prepared":
        changes = rollups_of(by_meter).changes
        sent = recording_store.copy_of(by_meter), rollup_store.sent_of(changes)
        return cls(by_meter, lines_of(by_meter), changes, *sent)


NOTHING_PREPARED = Prepared.of(NO_COLUMNS)

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
    ) -> RecordedReadings:
        """Record readings and bills, in order: all or none, or each by itself. Each that is refused says why, by its
        number, as a reading of another's meter, before the last one, or over another; together, one is enough.
        Section 四（三） of the guide."""
        caller = authorise(principal, Action.RECORD_READINGS)
        given = rows_of(command.items)
        ordered = Ordered.of(given.columns)
        prepared = Prepared.of(ordered.columns)

        async def work(transaction: Transaction) -> int:
            decision = await decided(
                transaction.connection, transaction.head, caller, given, ordered
            )
            if decision.refused and command.mode is Mode.ALL_OR_NOTHING:
                raise Refused(next(iter(decision.refused.values())))
            return await write_decided(transaction, caller, decision, prepared)

        request = Request.of(key, "recordReadings", command)
        try:
            outcome = await self._log.once(caller.actor, request, work)
        except NothingAcceptedError as nothing:
            return RecordedReadings(None, nothing.refused)
        return await self._told(command, outcome)

    async def rehearse(
        self, principal: Principal | None, key: str, command: RecordReadings
    ) -> RecordedReadings:
        """What would become of readings and bills. Nothing is written, and the key is not used; where it was used
        before, that is told. Refused as by ``record``."""
        caller = authorise(principal, Action.RECORD_READINGS)
        given = rows_of(command.items)
        ordered = Ordered.of(given.columns)

        async def plan(connection: AsyncConnection, head: Head) -> RecordedReadings:
            _, _, refused, _ = await decided(connection, head, caller, given, ordered)
            if refused and command.mode is Mode.ALL_OR_NOTHING:
                raise Refused(next(iter(refused.values())))
            return RecordedReadings(Outcome(None, None, as_of=head.position), refused)

        request = Request.of(key, "recordReadings", command)
        found = await self._log.rehearse(caller.actor, request, plan)
        return found if isinstance(found, RecordedReadings) else await self._told(command, found)

    async def _told(self, command: RecordReadings, outcome: Outcome) -> RecordedReadings:
        """An outcome, with why items were refused beside those that were accepted."""
        if outcome.position is None or command.mode is Mode.ALL_OR_NOTHING:
            return RecordedReadings(outcome, {})
        batches = await self.batches([outcome.position])
        return RecordedReadings(outcome, batches[outcome.position].refused)

    async def correct(
        self, principal: Principal | None, key: str, command: CorrectReading
    ) -> Outcome:
        """Say what a reading or a bill should have been: what was before stays, as of before. Refused: what is not
        there, another's meter, and what could not have been told in its place."""
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
                transaction.connection, points, [(meter.id, command.at, _a_second_after(command))]
            )
            beside = Beside(meter, series.get(meter.id, ReadingSeries()), transaction.head.at)
            if recorded(command, beside) is None:
                raise Refused(_nothing_there(command))
            told = decide_correction(command, beside)
            if isinstance(told, Refusal):
                raise Refused(told)
            rollups = Rollups()
            rollups.tell(meter, beside.series, told)
            said = Said(EntryKind.READING_CORRECTED, command.document, command.reason)
            rows = [ReadingRow(meter.id, 0, told)]
            return await write_batch(transaction, caller, rows, rollups, {}, said)

        return await self._log.once(caller.actor, Request.of(key, "correctReading", command), work)

    async def replace(
        self, principal: Principal | None, key: str, command: ReplaceMeter
    ) -> Outcome:
        """Say that another device was built in, with the last reading of the old one and its first. Refused: another's
        meter, one that is no register, a time that is not after its last reading, a last reading that cannot be."""
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            meter = await meter_at(transaction, command.meter_id, "meter")
            await check_owner(transaction.connection, caller, meter.pilot_id)
            number = meter.devices[-1].number
            series = await reading_store.read_series(
                transaction.connection, [(meter.id, number, command.at)], []
            )
            beside = Beside(meter, series.get(meter.id, ReadingSeries()), transaction.head.at)
            decided = decide_replacement(command, beside)
            if isinstance(decided, Refusal):
                raise Refused(decided)
            final, first, device = decided
            body = {"device": device.number, "since": shown_moment(device.since)}
            position = transaction.append(caller.actor, EntryKind.METER_REPLACED, body, meter.id)
            await store.insert_device(transaction.connection, _placed(device, position))
            rows, rollups = (
                [ReadingRow(meter.id, 0, final), ReadingRow(meter.id, 1, first)],
                Rollups(),
            )
            for told in (final, first):
                rollups.tell(meter, beside.series, told)
            await write_batch(transaction, caller, rows, rollups, {})
            return meter.id

        return await self._log.once(caller.actor, Request.of(key, "replaceMeter", command), work)

    async def batches(self, ids: Sequence[int]) -> dict[int, Batch]:
        """The batches of readings of these positions; a position of none is left out."""
        async with self._log.database.read() as connection:
            return await reading_store.read_batches(connection, ids)

    async def page_of(
        self, meters: Sequence[MeterId], at: tuple[Position, Page]
    ) -> dict[MeterId, list[ToldReading]]:
        """For each meter a page of what counts of it as of a position, in the meter's unit, and one more."""
        as_of, page = at
        async with self._log.database.read() as connection:
            return await reading_store.page_readings_of(connection, meters, page, as_of)

    async def page_within(
        self, meters: Sequence[MeterId], asked: tuple[DateSpan, tuple[Position, Page]]
    ) -> dict[MeterId, list[ToldReading]]:
        """What each meter's consumption of some days rests on, as of a position."""
        days, at = asked
        async with self._log.database.read() as connection:
            return await reading_store.page_within(connection, meters, span_of(days), at)


async def write_decided(
    transaction: Transaction, caller: Principal, decision: Decided, given: Prepared
) -> int:
    """Write what was accepted; ``given``: the columns of which some may be. Raises ``NothingAcceptedError``."""
    if not decision.rows and not len(decision.columns):
        raise NothingAcceptedError(decision.refused)
    taken = given if len(decision.columns) == len(given.columns) else Prepared.of(decision.columns)
    return await write_batch(
        transaction, caller, decision.rows, decision.rollups, decision.refused, taken=taken
    )


async def write_batch(
    transaction: Transaction,
    caller: Principal,
    rows: Sequence[ReadingRow],
    rollups: Rollups,
    refused: Mapping[int, Refusal],
    said: Said = RECORDED,
    taken: Prepared = NOTHING_PREPARED,
) -> int:
    """Write what was accepted, as rows and as columns, as one entry, which has the digest of all of it."""
    digest = hashlib.sha256(_lines(rows, taken)).digest()
    size = len(rows) + len(taken.columns)
    body = {"size": size, "digest": digest.hex()}
    position = transaction.append(caller.actor, said.kind, body)
    by = caller.organisation_id
    batch = Batch(
        id=position,
        size=size,
        digest=digest,
        refused=dict(refused),
        operators=frozenset(),
        posted_by=by,
        document=said.document,
        reason=said.reason,
    )
    frozen = {number: refusal.freeze() for number, refusal in refused.items()}
    refused_json = json.dumps(frozen, ensure_ascii=False)
    await recording_store.insert_batch(
        transaction.connection, batch, refused_json, rows, taken.copy
    )
    # No meter has both rows and columns.
    sums = rollup_store.sent_of(rollups.changes | taken.changes) if rows else taken.sums
    await rollup_store.insert_rollups(transaction.connection, position, sums)
    return position


def _lines(rows: Sequence[ReadingRow], taken: Prepared) -> bytes:
    """What a digest covers: a line each row, by their numbers; a guard and the audit write the same."""
    if not rows:
        return taken.lines
    lines = [(row.number, line_of(row).encode()) for row in rows]
    lines += zip(np.sort(taken.columns.numbers).tolist(), taken.lines.split(b"\n"), strict=False)
    return b"\n".join(line for _, line in sorted(lines))


def _a_second_after(command: CorrectReading) -> datetime:
    """The end of a search for what began at the correction's moment."""
    return min(command.at, midnight(LAST_DAY)) + timedelta(seconds=1)


def _placed(device: Device, position: Position) -> Device:
    return replace(device, position=position)


def _nothing_there(command: CorrectReading) -> NotFound:
    return NotFound(
        path=("starts_at",),
        value=shown_moment(command.at),
        kind_zh="该计量点在此时间的读数或用量",
        kind_en="reading or consumption of the meter at",
    )
