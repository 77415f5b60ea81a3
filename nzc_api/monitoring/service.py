"""What the monitoring room can do: record denominators, and say what pilots use, emit and pay by steps of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.accounting.exact import plain, rounded
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.ids import PilotId, Position
from nzc_api.inventories.owned import own_pilot
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering.usage import Step, check_steps, steps_of
from nzc_api.monitoring import store
from nzc_api.monitoring.intensities import Intensity, intensities_of
from nzc_api.monitoring.model import Denominator, RecordDenominator
from nzc_api.monitoring.monitored import read_whole
from nzc_api.monitoring.rules import check_beside, check_denominator
from nzc_api.monitoring.series import Monitored, Series, series_of
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import refuse


@dataclass(frozen=True, slots=True)
class SeriesAsked:
    """Which days of pilots are asked for, by which steps, as of which position; ``annualised`` as in `intensities`."""

    days: DateSpan
    step: Step
    as_of: Position
    annualised: bool = False


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What a pilot used, emitted and paid, and what that is per its denominators."""

    series: tuple[Series, ...]
    intensities: tuple[Intensity, ...]


class MonitoringService:
    """What the monitoring room can do."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def record_denominator(
        self, principal: Principal | None, key: str, command: RecordDenominator
    ) -> Outcome:
        """Record how much of something the caller's own pilot has or made, in the kind's unit; of the very same days it
        takes the place of what was recorded before.

        Refused: other days that overlap (`DenominatorOverlaps`); 0 or less where that cannot be
        (`DenominatorNotPositive`).
        """
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            connection, head = transaction.connection, transaction.head
            await own_pilot(connection, caller, command.pilot_id)
            refuse(check_denominator(command, china_day(head.at)))
            counting = await store.read_counting(connection, [command.pilot_id], head.position)
            refuse(check_beside(command, counting[command.pilot_id]))
            item = Denominator(
                id=transaction.next_position,
                pilot_id=command.pilot_id,
                kind=command.kind,
                product=command.product,
                days=command.days,
                value=command.value,
                source=command.source,
            )
            transaction.append(caller.actor, EntryKind.DENOMINATOR_RECORDED, _said(item))
            await store.insert_denominator(connection, item)
            return item.id

        request = Request.of(key, "recordDenominator", command)
        return await self._log.once(caller.actor, request, work)

    async def denominators(self, ids: Sequence[int]) -> dict[int, Denominator]:
        """The denominators of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_denominators(connection, ids)

    async def page_of(
        self, pilots: Sequence[PilotId], at: tuple[Position, Page]
    ) -> dict[PilotId, list[Denominator]]:
        """For each pilot a page of its denominators as of a position, and one more."""
        as_of, page = at
        async with self._log.database.read() as connection:
            return await store.page_denominators_of(connection, pilots, page, as_of)

    async def count_of(self, pilots: Sequence[PilotId], as_of: Position) -> dict[PilotId, int]:
        """How many denominators each pilot had as of a position."""
        async with self._log.database.read() as connection:
            return await store.count_denominators_of(connection, pilots, as_of)

    async def metered_shares(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, Decimal]:
        """Which part of the emissions of each pilot's latest inventory with lines of meters is of those lines."""
        async with self._log.database.read() as connection:
            found = await store.read_metered_shares(connection, pilots, as_of)
        return {pilot: rounded(share) for pilot, share in found.items()}

    async def monitoring(
        self, pilots: Sequence[PilotId], asked: SeriesAsked
    ) -> dict[PilotId, Monitoring]:
        """What each pilot used, emitted and paid, by steps: in a constant number of statements."""
        refuse(check_steps(asked.days, asked.step))
        async with self._log.database.read() as connection:
            read = await read_whole(connection, pilots, (asked.days, asked.step), asked.as_of)
        return {pilot: _monitoring(*found, asked) for pilot, found in read.items()}


def _monitoring(
    meters: Sequence[Monitored], denominators: Sequence[Denominator], asked: SeriesAsked
) -> Monitoring:
    series, moments = series_of(meters), steps_of(asked.days, asked.step)
    intensities = intensities_of(series, denominators, moments, annualised=asked.annualised)
    return Monitoring(tuple(series), tuple(intensities))


def _said(item: Denominator) -> Mapping[str, object]:
    """What the log says of an amount: all of it. Numbers are texts, so that they stay exact."""
    return {
        "pilot": item.pilot_id,
        "denominator": item.kind,
        "product": item.product,
        "starts_on": str(item.days.starts_on),
        "ends_on": str(item.days.ends_on),
        "value": None if item.value is None else plain(item.value),
        "source": item.source,
    }
