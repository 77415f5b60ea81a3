"""Filling gaps: what a meter used on days of which nothing is known, estimated in a way that is said."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.ids import Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering import reading_store, usage_store
from nzc_api.metering.amounts import millionths
from nzc_api.metering.gap_rules import (
    MOST_GAPS,
    FillGap,
    Gap,
    check_gap,
    check_missing,
    check_reference,
    items_of,
    quantity_of,
    reference_of,
)
from nzc_api.metering.model import Meter, span_of
from nzc_api.metering.reading_rules import Beside, decide
from nzc_api.metering.readings import ReadingRow, ReadingSeries
from nzc_api.metering.recording import Said, write_batch
from nzc_api.metering.rollups import Rollups
from nzc_api.metering.service import check_owner, meter_at
from nzc_api.refusal import Refusal, Refused, refuse

# What a gap calls the fields of an interval.
_FIELDS = {"from": "first_day", "at": "last_day", "value": "quantity"}


class GapService:
    """What fills gaps."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def fill(self, principal: Principal | None, key: str, command: FillGap) -> Outcome:
        """Record estimates of what a meter used on those of some days of which nothing is known. Refused: another's
        meter, a register, too many days, days of which nothing is missing, reference days of which not all is
        known."""
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            meter = await meter_at(transaction, command.meter_id, "meter")
            await check_owner(connection, caller, meter.pilot_id)
            refuse(check_gap(command, meter))
            gaps = await reading_store.read_gaps(
                connection, meter.id, span_of(command.days), MOST_GAPS + 1
            )
            refuse(check_missing(command, meter, gaps))
            as_of = transaction.head.position
            quantity = await _quantity(connection, command, meter, gaps, as_of)
            rows, rollups = _filled(meter, gaps, quantity, transaction.head.at)
            said = Said(EntryKind.GAP_FILLED, command.document, command.method)
            return await write_batch(transaction, caller, rows, rollups, {}, said)

        return await self._log.once(caller.actor, Request.of(key, "fillGap", command), work)


async def _quantity(
    connection: AsyncConnection, command: FillGap, meter: Meter, gaps: list[Gap], as_of: Position
) -> int:
    """What was used in the gaps, in millionths."""
    days = reference_of(command)
    if days is None:
        assert command.quantity is not None
        return millionths(command.quantity)
    found = await usage_store.read_usages(connection, [meter], (days, None), as_of)
    [usage] = found[meter.id]
    refuse(check_reference(command, meter, days, usage))
    return quantity_of(gaps, days, usage)


def _filled(
    meter: Meter, gaps: list[Gap], quantity: int, now: datetime
) -> tuple[list[ReadingRow], Rollups]:
    """The rows that fill gaps, each as any other reading or bill must be, and by how much they change the sums."""
    beside, rows, rollups = Beside(meter, ReadingSeries(), now), list[ReadingRow](), Rollups()
    for number, item in enumerate(items_of(meter, gaps, quantity)):
        told = decide(item, beside)
        if isinstance(told, Refusal):
            raise Refused(replace(told, path=(_FIELDS.get(told.path[0], told.path[0]),)))
        rollups.tell(meter, beside.series, told)
        rows.append(ReadingRow(meter.id, number, told))
    return rows, rollups
