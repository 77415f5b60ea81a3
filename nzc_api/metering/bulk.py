"""Recording intervals by the ten thousand: one entry of the log for all that one request brings."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering import reading_store
from nzc_api.metering.columns import Ordered
from nzc_api.metering.deciding import decided
from nzc_api.metering.interval_rows import IntervalRows
from nzc_api.metering.recording import (
    NothingAcceptedError,
    Prepared,
    RecordedReadings,
    write_decided,
)


@dataclass(frozen=True, slots=True)
class RecordIntervals:
    """Intervals of one request, each by itself; ``sha256``: of the bytes that they came as."""

    rows: IntervalRows
    sha256: str


class IntervalService:
    """What the metering room can do with intervals by the ten thousand."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def record(
        self, principal: Principal | None, key: str, command: RecordIntervals
    ) -> RecordedReadings:
        """Record intervals, in order, each by itself. Each that is refused says why, by its number: another's meter,
        what is told already, what no meter can have used; a request of none or too many is refused whole."""
        caller = authorise(principal, Action.RECORD_READINGS)
        ordered = Ordered.of(command.rows.columns)
        prepared = Prepared.of(ordered.columns)

        async def work(transaction: Transaction) -> int:
            decision = await decided(
                transaction.connection, transaction.head, caller, command.rows, ordered
            )
            return await write_decided(transaction, caller, decision, prepared)

        try:
            outcome = await self._log.once(caller.actor, _request(key, command), work)
        except NothingAcceptedError as nothing:
            return RecordedReadings(None, nothing.refused)
        return await self._told(outcome)

    async def rehearse(
        self, principal: Principal | None, key: str, command: RecordIntervals
    ) -> RecordedReadings:
        """What would become of intervals. Nothing is written, and the key is not used; where it was used before, that
        is told. Refused as by ``record``."""
        caller = authorise(principal, Action.RECORD_READINGS)
        ordered = Ordered.of(command.rows.columns)

        async def plan(connection: AsyncConnection, head: Head) -> RecordedReadings:
            decision = await decided(connection, head, caller, command.rows, ordered)
            return RecordedReadings(Outcome(None, None, as_of=head.position), decision.refused)

        found = await self._log.rehearse(caller.actor, _request(key, command), plan)
        return found if isinstance(found, RecordedReadings) else await self._told(found)

    async def _told(self, outcome: Outcome) -> RecordedReadings:
        """An outcome, with why rows were refused beside those that were accepted."""
        if outcome.position is None:
            return RecordedReadings(outcome, {})
        async with self._log.database.read() as connection:
            batches = await reading_store.read_batches(connection, [outcome.position])
        return RecordedReadings(outcome, batches[outcome.position].refused)


def _request(key: str, command: RecordIntervals) -> Request:
    return Request.of(key, "recordIntervals", {"sha256": command.sha256})
