"""Recording intervals by the ten thousand: one entry of the log for all that one request brings.

Meters with which all is plainly in order are taken as columns; the rows of the others one by one, as any reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering import reading_store, store
from nzc_api.metering.columns import Columns, disturbed, in_order, rollups_of, runs_of
from nzc_api.metering.gateways import check_assigned
from nzc_api.metering.interval_rows import IntervalRows
from nzc_api.metering.readings import Reading, Row
from nzc_api.metering.recording import (
    NothingAcceptedError,
    Recorded,
    Taken,
    beside_items,
    check_owners,
    decide_items,
    write_batch,
)
from nzc_api.metering.rollups import Rollups
from nzc_api.refusal import Refusal


@dataclass(frozen=True, slots=True)
class RecordIntervals:
    """Intervals of one request, each by itself; ``sha256``: of the bytes that they came as."""

    rows: IntervalRows
    sha256: str


class _Decided(NamedTuple):
    """What is written, as columns and as rows, why what is not, and by how much the sums change."""

    columns: Columns
    rows: list[Row]
    refused: Mapping[int, Refusal]
    rollups: Rollups


class IntervalService:
    """What the metering room can do with intervals by the ten thousand."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def record(
        self, principal: Principal | None, key: str, command: RecordIntervals
    ) -> Recorded:
        """Record intervals, in order, each by itself."""
        caller = authorise(principal, Action.RECORD_READINGS)
        # Written before the head is locked, for which all others wait.
        lines = dict(command.rows.columns.lines())

        async def work(transaction: Transaction) -> int:
            of = await _decided(transaction.connection, transaction.head, caller, command.rows)
            if not of.rows and not len(of.columns):
                raise NothingAcceptedError(of.refused)
            told = [(number, lines[number]) for number in np.sort(of.columns.numbers).tolist()]
            taken = Taken(of.columns, told)
            return await write_batch(
                transaction, caller, of.rows, of.rollups, of.refused, taken=taken
            )

        try:
            outcome = await self._log.once(caller.actor, _request(key, command), work)
        except NothingAcceptedError as nothing:
            return Recorded(None, nothing.refused)
        return await self._told(outcome)

    async def rehearse(
        self, principal: Principal | None, key: str, command: RecordIntervals
    ) -> Recorded:
        """What would become of intervals. Nothing is written, and the key is not used; where it was used before, that
        is told."""
        caller = authorise(principal, Action.RECORD_READINGS)

        async def plan(connection: AsyncConnection, head: Head) -> Recorded:
            of = await _decided(connection, head, caller, command.rows)
            return Recorded(Outcome(None, None, as_of=head.position), of.refused)

        found = await self._log.rehearse(caller.actor, _request(key, command), plan)
        return found if isinstance(found, Recorded) else await self._told(found)

    async def _told(self, outcome: Outcome) -> Recorded:
        """An outcome, with why rows were refused beside those that were accepted."""
        if outcome.position is None:
            return Recorded(outcome, {})
        async with self._log.database.read() as connection:
            batches = await reading_store.read_batches(connection, [outcome.position])
        return Recorded(outcome, batches[outcome.position].refused)


def _request(key: str, command: RecordIntervals) -> Request:
    return Request.of(key, "recordIntervals", {"sha256": command.sha256})


async def _decided(
    connection: AsyncConnection, head: Head, caller: Principal, given: IntervalRows
) -> _Decided:
    """What becomes of rows. Raises where the caller may not write one of their meters."""
    columns = given.columns.by_meter()
    apart = {item.meter_id for item in given.others.values() if isinstance(item, Reading)}
    meters = await store.read_meters(connection, columns.meter_ids(), head.position)
    await check_owners(connection, caller, meters.values())
    own = {
        meter.id: meter
        for meter in meters.values()
        if meter.id not in apart and check_assigned(meter, caller) is None
    }
    plain = columns.of_meters(in_order(columns, own, head.at))
    runs = runs_of(plain)
    ends = [(run.meter_id, run.ends_at) for run in runs]
    known = await reading_store.read_series(connection, (), ends)
    taken = plain.meter_ids() - disturbed(runs, known)
    plain = plain.of_meters(taken)
    rest = sorted([*given.others.items(), *columns.without(taken).readings()], key=lambda of: of[0])
    worlds = await beside_items(connection, head, caller, [item for _, item in rest])
    rows, refused, rollups = decide_items(caller, rest, worlds)
    rollups.changes |= rollups_of(plain).changes
    return _Decided(plain, rows, refused, rollups)
