"""Watching: what is warned of begins and ends as entries of the log, posted by one process of all.

A read posts nothing. What was cut off is done by the next round: what is open is asked anew in the transaction that
raises and clears.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.accounting.exact import total
from nzc_api.china_time import CHINA_TIME, china_day
from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.log import store as log_store
from nzc_api.log.kinds import EntryKind
from nzc_api.log.requests import Actor
from nzc_api.log.service import Log, Transaction
from nzc_api.metering import store as metering_store
from nzc_api.metering import usage_store
from nzc_api.metering.model import A_DAY, Flow, Meter, midnight
from nzc_api.metering.usage import Step, Usage
from nzc_api.monitoring import alert_store
from nzc_api.monitoring.alerts import PATIENCE, USUAL_DAYS, Alert, Burn, Watched, alerts_of
from nzc_api.monitoring.monitored import read_monitored
from nzc_api.monitoring.rules import MOST_METERS
from nzc_api.monitoring.series import series_of
from nzc_api.pilots.model import DateSpan
from nzc_api.targets import store as targets_store
from nzc_api.targets.curve import over_days

# Pilots that are looked at together.
PILOTS_AT_ONCE = 50


class WatchService:
    """What raises and clears alerts, and says which there are."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def watch(self) -> int:
        """Raise and clear what has begun and ended by now; how many of them. None where another process does."""
        async with self._log.rehearsal() as (connection, head):
            if not await alert_store.watches_alone(connection):
                return 0
            after, done = 0, 0
            while pilots := await alert_store.read_watched(connection, after, PILOTS_AT_ONCE):
                found = await read_alerts(connection, pilots, head.position, head.at)
                done += await self._post(pilots, found)
                after = pilots[-1]
        return done

    async def alerts(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, list[Alert]]:
        """What is warned of at each pilot as of a position, at the time of that."""
        async with self._log.database.read() as connection:
            entries = await log_store.read_entries_at(connection, [as_of])
            if as_of not in entries:
                return {}
            found = await read_alerts(connection, pilots, as_of, entries[as_of].at)
        return {pilot: [alert for alert in found if alert.pilot_id == pilot] for pilot in pilots}

    async def raised(self, ids: Sequence[int]) -> dict[int, Alert]:
        """The alerts that were raised at positions."""
        async with self._log.database.read() as connection:
            return await alert_store.read_alerts(connection, ids)

    async def _post(self, pilots: Sequence[PilotId], found: Sequence[Alert]) -> int:
        async with self._log.database.read() as connection:
            begun, ended = await _changes(connection, pilots, found)
        if not begun and not ended:
            return 0
        async with self._log.write() as transaction:
            begun, ended = await _changes(transaction.connection, pilots, found)
            raised = {_raised(transaction, alert): alert for alert in begun}
            cleared = {_cleared(transaction, alert_id): alert_id for alert_id in ended}
            await alert_store.insert_alerts(transaction.connection, raised)
            await alert_store.insert_ends(transaction.connection, cleared)
        return len(begun) + len(ended)


async def read_alerts(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position, now: datetime
) -> list[Alert]:
    """What is warned of at pilots, of what is known as of a position, at a moment."""
    today = china_day(now)
    days = DateSpan(today - (USUAL_DAYS + 1) * A_DAY, today - A_DAY)
    this_year = DateSpan(date((today - A_DAY).year, 1, 1), today - A_DAY)
    roots = await metering_store.read_roots(connection, pilots, as_of, MOST_METERS)
    monitored = await read_monitored(connection, roots, (this_year, None), as_of)
    meters = [one.meter for meters in monitored.values() for one in meters]
    used = await usage_store.read_usages(connection, meters, (days, Step.DAY), as_of)
    last_told = await alert_store.read_known(connection, [meter.id for meter in meters], as_of)
    positions = {meter_id: position for meter_id, (_, position) in last_told.items()}
    backwards = await alert_store.read_backwards(connection, positions, as_of)
    months = await _read_months(connection, meters, as_of, today)
    watched = [
        Watched(
            meter=meter,
            known_until=last_told[meter.id][0],
            days=used[meter.id],
            backwards_since=backwards.get(meter.id),
            months=months[meter.id],
        )
        for meter in meters
    ]
    stood = await targets_store.read_stood(connection, [(p, as_of) for p in pilots], EVERYTHING)
    burns = []
    for (pilot, _), target in stood.items():
        ceiling = over_days(target.net_points, this_year)
        series = series_of(monitored.get(pilot, ()))
        emitted = [point.co2e for one in series for point in one.points if point.co2e is not None]
        # What is not known of what is sold would be deducted.
        deducted = not any(one.flow is Flow.SOLD and one.unaccounted for one in series)
        if ceiling is not None and emitted and deducted:
            burns.append(
                Burn(
                    pilot_id=pilot,
                    year_begins=midnight(this_year.starts_on),
                    co2e=total(emitted),
                    ceiling=ceiling,
                )
            )
    return alerts_of(watched, burns, now)


async def _read_months(
    connection: AsyncConnection, meters: Sequence[Meter], as_of: Position, today: date
) -> dict[MeterId, list[Usage]]:
    """What each meter used by months since last year began, up to the day of which something should be known today: a
    statement for each kind of meter."""
    found: dict[MeterId, list[Usage]] = {}
    for kind, patience in PATIENCE.items():
        of_kind = [meter for meter in meters if meter.kind is kind]
        days = DateSpan(date(today.year - 1, 1, 1), today - patience - A_DAY)
        found |= await usage_store.read_usages(connection, of_kind, (days, Step.MONTH), as_of)
    return found


async def _changes(
    connection: AsyncConnection, pilots: Sequence[PilotId], found: Sequence[Alert]
) -> tuple[list[Alert], list[int]]:
    """What is to be raised, for it is not open; and what is to be cleared, for it is not found."""
    opened = await alert_store.read_open(connection, pilots)
    about = {alert.about for alert in opened.values()}
    still = {alert.about for alert in found}
    begun = [alert for alert in found if alert.about not in about]
    return begun, [id_ for id_, alert in opened.items() if alert.about not in still]


def _raised(transaction: Transaction, alert: Alert) -> int:
    return transaction.append(Actor(), EntryKind.MONITORING_ALERT_RAISED, _said(alert))


def _cleared(transaction: Transaction, alert_id: int) -> int:
    body = {"alert": alert_id}
    return transaction.append(Actor(), EntryKind.MONITORING_ALERT_CLEARED, body, alert_id)


def _said(alert: Alert) -> Mapping[str, object]:
    return {
        "alert": alert.kind,
        "pilot": alert.pilot_id,
        "meter": alert.meter_id,
        "since": alert.since.astimezone(CHINA_TIME).isoformat(),
        "facts": dict(alert.facts),
    }
