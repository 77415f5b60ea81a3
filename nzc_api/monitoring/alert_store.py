"""The SQL of alerts: what they rest on, and which were raised and cleared."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.inserting import insert_rows
from nzc_api.database.lookup import is_any_of
from nzc_api.database.metadata import columns_of
from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.metering.counting_store import AS_OF_INTERVAL, AS_OF_POINT, AS_OF_SPAN, ONE, SEVERAL
from nzc_api.metering.store import HAS_METERS
from nzc_api.monitoring.alerts import Alert, AlertKind
from nzc_api.monitoring.tables import monitoring_alert, monitoring_alert_end

# How many of the latest batches with something refused are looked through.
MOST_REFUSED = 1000

# Until when something is known of each meter, and the position at which that was told.
TOLD_UNTIL = text(f"""
    SELECT k.id, coalesce(r.at, c.ends_at) AS until, coalesce(r.position, c.position, 0) AS position
      FROM unnest(CAST(:meters AS bigint[])) AS k (id)
      LEFT JOIN LATERAL (
            SELECT r.at, r.position FROM register_reading AS r WHERE r.meter_id = k.id AND {AS_OF_POINT}
             ORDER BY r.at DESC, r.device DESC LIMIT 1) AS r ON true
      LEFT JOIN LATERAL (
            (SELECT c.ends_at, c.position FROM consumption AS c WHERE c.meter_id = k.id AND {AS_OF_SPAN}
              ORDER BY c.starts_at DESC LIMIT 1)
            UNION ALL
            (SELECT c.ends_at, c.position FROM {ONE} AS c WHERE c.meter_id = k.id AND {AS_OF_INTERVAL}
              ORDER BY c.starts_at DESC LIMIT 1)
            UNION ALL
            (SELECT c.ends_at, c.position FROM {SEVERAL} AS c WHERE c.meter_id = k.id AND {AS_OF_INTERVAL}
              ORDER BY c.starts_on DESC, c.starts_at DESC LIMIT 1)
             ORDER BY ends_at DESC LIMIT 1) AS c ON true
""")  # noqa: S608  (our own text)

# Since when readings of each meter are refused for running backwards, since something was told of it.
BACKWARDS = text("""
    SELECT told.meter_id, min(e.at) AS since
      FROM (SELECT b.id AS position, CAST(item.value ->> 'meter_id' AS bigint) AS meter_id
              FROM (SELECT * FROM reading_batch WHERE refused <> '{}' AND id <= :as_of
                     ORDER BY id DESC LIMIT :most) AS b
             CROSS JOIN jsonb_each(b.refused) AS item
             WHERE item.value ->> 'code' = 'READING_RUNS_BACKWARDS') AS told
      JOIN unnest(CAST(:meters AS bigint[]), CAST(:positions AS bigint[])) AS k (id, position)
        ON k.id = told.meter_id AND told.position >= k.position
      JOIN log_entry AS e ON e.position = told.position
     GROUP BY told.meter_id
""")

# The alerts of pilots that were raised and not cleared.
OPEN = text(f"""
    SELECT {columns_of(monitoring_alert, "a")} FROM monitoring_alert AS a
     WHERE a.pilot_id = ANY(CAST(:pilots AS bigint[]))
       AND NOT EXISTS (SELECT FROM monitoring_alert_end AS e WHERE e.alert_id = a.id)
     ORDER BY a.id
""")  # noqa: S608  (our own names)

# The pilots that have meters, or alerts, after one.
PILOTS = text(f"""
    SELECT id FROM pilot AS p
     WHERE id > :after AND ({HAS_METERS.format(pilot="p.id")}
                            OR EXISTS (SELECT FROM monitoring_alert WHERE pilot_id = p.id))
     ORDER BY id LIMIT :first
""")  # noqa: S608  (our own text)

# Held until the end of the transaction: of all processes one watches.
ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('nzc monitoring'))")


async def watches_alone(connection: AsyncConnection) -> bool:
    """Whether no other process watches, until the end of the transaction."""
    return bool((await connection.execute(ALONE)).scalar())


async def read_watched(connection: AsyncConnection, after: int, first: int) -> list[PilotId]:
    rows = await connection.execute(PILOTS, {"after": after, "first": first})
    return [row.id for row in rows]


async def read_known(
    connection: AsyncConnection, meters: Collection[MeterId], as_of: Position
) -> dict[MeterId, tuple[datetime | None, Position]]:
    """Until when something is known of each meter, and the position at which that was told."""
    rows = await connection.execute(TOLD_UNTIL, {"meters": list(meters), "as_of": as_of})
    return {row.id: (row.until, row.position) for row in rows}


async def read_backwards(
    connection: AsyncConnection, positions: dict[MeterId, Position], as_of: Position
) -> dict[MeterId, datetime]:
    """Since when readings of meters are refused for running backwards, of those of which nothing was told since."""
    given = {
        "meters": list(positions),
        "positions": list(positions.values()),
        "as_of": as_of,
        "most": MOST_REFUSED,
    }
    return {row.meter_id: row.since for row in await connection.execute(BACKWARDS, given)}


async def read_open(connection: AsyncConnection, pilots: Sequence[PilotId]) -> dict[PilotId, Alert]:
    """The alerts of pilots that were raised and not cleared, by their ids."""
    rows = await connection.execute(OPEN, {"pilots": list(pilots)})
    return {row.id: _alert(row) for row in rows}


async def read_alerts(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Alert]:
    rows = await connection.execute(
        select(monitoring_alert).where(is_any_of(monitoring_alert.c.id, ids))
    )
    return {row.id: _alert(row) for row in rows}


async def insert_alerts(connection: AsyncConnection, raised: Mapping[int, Alert]) -> None:
    """Write alerts by the positions at which they are raised."""
    rows = [
        {
            "id": position,
            "pilot_id": alert.pilot_id,
            "meter_id": alert.meter_id,
            "kind": alert.kind,
            "since": alert.since,
            "facts": dict(alert.facts),
        }
        for position, alert in raised.items()
    ]
    await insert_rows(connection, monitoring_alert, rows)


async def insert_ends(connection: AsyncConnection, cleared: Mapping[int, int]) -> None:
    """Write ends by the positions at which alerts are cleared."""
    rows = [{"alert_id": alert_id, "position": position} for position, alert_id in cleared.items()]
    await insert_rows(connection, monitoring_alert_end, rows)


def _alert(row: Any) -> Alert:
    return Alert(
        kind=AlertKind(row.kind),
        pilot_id=row.pilot_id,
        meter_id=row.meter_id,
        since=row.since,
        facts=row.facts,
        id=row.id,
    )
