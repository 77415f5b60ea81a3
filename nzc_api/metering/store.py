"""The SQL of meters, of what is built in, and of which are sub-meters of which."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, count_for_each, counting, paged_for_each
from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.metering.model import (
    AssignGateway,
    Carrier,
    Device,
    DeviceFacts,
    EndMeter,
    Flow,
    GasConditions,
    Meter,
    MeterKind,
    NamedMeters,
    RegisterMeter,
    TakenSupplyPoint,
)
from nzc_api.metering.tables import SUPPLY_KEY, meter, meter_device, meter_gateway, meter_placement

# What names a parent.
K = TypeVar("K", bound=int)

# Each meter with its parent and its devices as of a position; none where it was not registered by then. A last
# day that was said later is not known yet.
METERS = DriverStatement(f"""
    SELECT {columns_of(meter, "m")}, m.ended_position > :as_of AS unended, placed.parent_id,
           assigned.gateway_id, devices.*
      FROM meter AS m
      LEFT JOIN LATERAL (
            SELECT parent_id FROM meter_placement
             WHERE meter_id = m.id AND position <= :as_of ORDER BY position DESC LIMIT 1) AS placed ON true
      LEFT JOIN LATERAL (
            SELECT gateway_id FROM meter_gateway
             WHERE meter_id = m.id AND position <= :as_of ORDER BY position DESC LIMIT 1) AS assigned ON true
     CROSS JOIN LATERAL (
            SELECT array_agg(number ORDER BY number) AS numbers, array_agg(since ORDER BY number) AS sinces,
                   array_agg(position ORDER BY number) AS positions,
                   array_agg(maximum_per_hour ORDER BY number) AS maxima,
                   array_agg(multiplier ORDER BY number) AS multipliers,
                   array_agg(digits ORDER BY number) AS digits
              FROM meter_device WHERE meter_id = m.id AND position <= :as_of) AS devices
     WHERE m.id = ANY(CAST(:meters AS bigint[])) AND m.id <= :as_of
""")  # noqa: S608  (our own names)

# A meter's parent, the parent's, and so on. Each is found once, so that a ring ends the walk too.
SURROUNDING = DriverStatement("""
    WITH RECURSIVE surrounding (meter_id, depth) AS (
        SELECT CAST(:meter AS bigint), 0
        UNION
        SELECT latest.parent_id, depth + 1
          FROM surrounding
         CROSS JOIN LATERAL (
                SELECT parent_id FROM meter_placement
                 WHERE meter_id = surrounding.meter_id ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.parent_id IS NOT NULL AND depth < 1000
    )
    SELECT meter_id FROM surrounding WHERE depth > 0 ORDER BY depth
""")

# (A colon of SQL is no parameter.)
_SPACE = r"[\:space\:]"
_ITS_KEY = SUPPLY_KEY.format("CAST(:supply_point AS text)").replace("[:space:]", _SPACE)
TAKEN = text(f"""
    SELECT m.id AS meter_id, m.code AS meter_code, p.id AS pilot_id, p.code AS pilot_code, m.starts_on,
           m.ends_on
      FROM meter AS m JOIN pilot AS p ON p.id = m.pilot_id
     WHERE m.carrier = :carrier AND m.supply_key = {_ITS_KEY}
       AND daterange(m.starts_on, m.ends_on, '[]')
           && daterange(CAST(:starts_on AS date), CAST(:ends_on AS date), '[]')
     ORDER BY m.id LIMIT 1
""")  # noqa: S608  (our own text)

SUBMETERS = DriverStatement("""
    SELECT k.id AS parent, placed.meter_id
      FROM unnest(CAST(:parents AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (
            SELECT meter_id FROM meter_placement AS placed
             WHERE placed.parent_id = k.id AND placed.position <= :as_of AND placed.meter_id > :after
               AND NOT EXISTS (SELECT FROM meter_placement AS later
                                WHERE later.meter_id = placed.meter_id
                                  AND later.position > placed.position AND later.position <= :as_of)
             ORDER BY placed.meter_id LIMIT :first) AS placed
     ORDER BY k.id, placed.meter_id
""")

# The meters that gateways post the readings of, as of a position.
METERS_OF_GATEWAYS = DriverStatement("""
    SELECT k.id AS parent, assigned.meter_id
      FROM unnest(CAST(:parents AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (
            SELECT DISTINCT assigned.meter_id FROM meter_gateway AS assigned
             WHERE assigned.gateway_id = k.id AND assigned.position <= :as_of AND assigned.meter_id > :after
               AND NOT EXISTS (SELECT FROM meter_gateway AS later
                                WHERE later.meter_id = assigned.meter_id
                                  AND later.position > assigned.position AND later.position <= :as_of)
             ORDER BY assigned.meter_id LIMIT :first) AS assigned
     ORDER BY k.id, assigned.meter_id
""")

# The meters of pilots that have a code, or that have or had a supply point, in the order of their first days.
NAMED = DriverStatement(f"""
    SELECT k.number, m.id
      FROM unnest(CAST(:pilots AS bigint[]), CAST(:codes AS text[]), CAST(:supply_points AS text[]))
           WITH ORDINALITY AS k (pilot_id, code, supply_point, number)
      JOIN meter AS m ON m.pilot_id = k.pilot_id AND m.id <= :as_of
       AND (m.code = k.code OR m.supply_key = {SUPPLY_KEY.format("k.supply_point").replace("[:space:]", _SPACE)})
     ORDER BY k.number, m.starts_on, m.id
""")  # noqa: S608  (our own text)

# Of each of ``:meters`` itself and those inside it, now. Each is found once, so that a ring ends the walk.
_DOWN = """down (root, id) AS (
        SELECT id, id FROM unnest(CAST(:meters AS bigint[])) AS k (id)
        UNION
        SELECT down.root, placed.meter_id
          FROM down
          JOIN meter_placement AS placed ON placed.parent_id = down.id
           AND NOT EXISTS (SELECT FROM meter_placement AS later
                            WHERE later.meter_id = placed.meter_id AND later.position > placed.position)
    )"""
WITHIN = DriverStatement(f"WITH RECURSIVE {_DOWN} SELECT id FROM down")  # noqa: S608  (our own text)

# The same with those around it.
RELATIVES = DriverStatement(f"""
    WITH RECURSIVE up (root, id) AS (
        SELECT id, id FROM unnest(CAST(:meters AS bigint[])) AS k (id)
        UNION
        SELECT up.root, latest.parent_id
          FROM up
         CROSS JOIN LATERAL (
                SELECT parent_id FROM meter_placement
                 WHERE meter_id = up.id ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.parent_id IS NOT NULL
    ), {_DOWN}
    SELECT root, array_agg(id) AS ids FROM (SELECT * FROM up UNION SELECT * FROM down) AS either GROUP BY root
""")  # noqa: S608  (our own text)

# The last day up to which a meter's readings or bills go.
LAST_DAY = text("""
    SELECT CAST((max(last) - interval '1 microsecond') AT TIME ZONE INTERVAL '+08:00' AS date)
      FROM (SELECT max(at) AS last FROM register_reading WHERE meter_id = :meter
            UNION ALL
            SELECT max(ends_at) FROM consumption WHERE meter_id = :meter
            UNION ALL
            SELECT max(ends_at) FROM interval_block
             WHERE meter_id = :meter
               AND starts_at >= (SELECT max(starts_at) FROM interval_block
                                  WHERE meter_id = :meter) - interval '2 days') AS recorded
""")

# The meters of pilots that are no sub-meters, as of a position.
ROOTS = text("""
    SELECT k.id AS pilot_id, root.id
      FROM unnest(CAST(:pilots AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (
            SELECT m.id FROM meter AS m
              LEFT JOIN LATERAL (
                    SELECT parent_id FROM meter_placement AS p
                     WHERE p.meter_id = m.id AND p.position <= :as_of
                     ORDER BY p.position DESC LIMIT 1) AS placed ON true
             WHERE m.pilot_id = k.id AND m.id <= :as_of AND placed.parent_id IS NULL
             ORDER BY m.id LIMIT :most) AS root
""")

# Whether a pilot has meters, for other rooms' statements.
HAS_METERS = "EXISTS (SELECT FROM meter WHERE pilot_id = {pilot})"

CARRIERS = text("SELECT DISTINCT carrier FROM meter WHERE pilot_id = :pilot")


async def insert_meter(
    connection: AsyncConnection, meter_id: MeterId, command: RegisterMeter
) -> None:
    """Write a meter; its first device and its place are written beside it."""
    conditions = command.conditions
    row = {
        "id": meter_id,
        "pilot_id": command.pilot_id,
        "code": command.code,
        "carrier": command.carrier,
        "flow": command.flow,
        "kind": command.kind,
        "unit": command.unit,
        "supply_point": command.supply_point,
        "celsius": conditions and conditions.celsius,
        "kilopascals": conditions and conditions.kilopascals,
        "starts_on": command.starts_on,
        "ends_on": command.ends_on,
    }
    await connection.execute(insert(meter).values(row))


async def insert_device(connection: AsyncConnection, device: Device) -> None:
    facts = device.facts
    row = {
        "meter_id": device.meter_id,
        "number": device.number,
        "position": device.position,
        "since": device.since,
        "maximum_per_hour": facts.maximum_per_hour,
        "multiplier": facts.multiplier,
        "digits": facts.digits,
    }
    await connection.execute(insert(meter_device).values(row))


async def insert_placement(
    connection: AsyncConnection, position: Position, meter_id: MeterId, parent_id: MeterId | None
) -> None:
    row = {"position": position, "meter_id": meter_id, "parent_id": parent_id}
    await connection.execute(insert(meter_placement).values(row))


async def insert_gateway(
    connection: AsyncConnection, position: Position, command: AssignGateway
) -> None:
    row = {"position": position, "meter_id": command.meter_id, "gateway_id": command.gateway_id}
    await connection.execute(insert(meter_gateway).values(row))


async def end_meter(connection: AsyncConnection, position: Position, command: EndMeter) -> None:
    ended = update(meter).where(meter.c.id == command.meter_id)
    await connection.execute(ended.values(ends_on=command.ends_on, ended_position=position))


async def read_meters(
    connection: AsyncConnection, ids: Collection[MeterId], as_of: Position
) -> dict[MeterId, Meter]:
    """The meters as they stood at a position."""
    rows = await METERS.rows(connection, {"meters": list(ids), "as_of": as_of})
    return {row.id: _meter(row) for row in rows}


async def read_surrounding(
    connection: AsyncConnection, meter_id: MeterId, as_of: Position
) -> Sequence[Meter]:
    """The meters that a meter is a sub-meter of, innermost first."""
    rows = await SURROUNDING.rows(connection, {"meter": meter_id})
    ids = [row.meter_id for row in rows]
    found = await read_meters(connection, ids, as_of)
    return [found[id_] for id_ in ids]


async def read_inside(connection: AsyncConnection, meter_id: MeterId) -> list[MeterId]:
    """A meter itself with those that are parts of it, at any depth."""
    rows = await WITHIN.rows(connection, {"meters": [meter_id]})
    return [row.id for row in rows]


async def read_relatives(
    connection: AsyncConnection, meters: Sequence[MeterId]
) -> dict[MeterId, frozenset[MeterId]]:
    """For each meter itself with those that it is a part of, and those that are parts of it, at any depth."""
    rows = await RELATIVES.rows(connection, {"meters": list(meters)})
    return {row.root: frozenset(row.ids) for row in rows}


async def find_code(connection: AsyncConnection, pilot_id: PilotId, code: str) -> MeterId | None:
    """The meter of the pilot that has the code."""
    query = select(meter.c.id).where(meter.c.pilot_id == pilot_id, meter.c.code == code)
    return (await connection.execute(query)).scalar()


async def find_named(
    connection: AsyncConnection, named: Sequence[NamedMeters], as_of: Position
) -> dict[NamedMeters, list[Meter]]:
    """For each name the meters that have it."""
    given = {
        "pilots": [one.pilot_id for one in named],
        "codes": [one.code for one in named],
        "supply_points": [one.supply_point for one in named],
        "as_of": as_of,
    }
    ids = defaultdict[NamedMeters, list[MeterId]](list)
    for row in await NAMED.rows(connection, given):
        ids[named[row.number - 1]].append(row.id)
    found = await read_meters(
        connection, {id_ for meter_ids in ids.values() for id_ in meter_ids}, as_of
    )
    return {one: [found[id_] for id_ in meter_ids] for one, meter_ids in ids.items()}


async def find_taken(
    connection: AsyncConnection, command: RegisterMeter
) -> TakenSupplyPoint | None:
    """The meter that has the supply point of a new one in some of its days."""
    given = {
        "carrier": command.carrier,
        "supply_point": command.supply_point,
        "starts_on": command.starts_on,
        "ends_on": command.ends_on,
    }
    row = (await connection.execute(TAKEN, given)).first()
    return None if row is None else TakenSupplyPoint(**row._mapping)


async def read_last_day(connection: AsyncConnection, meter_id: MeterId) -> date | None:
    """The last day of which a meter has a reading or a bill."""
    found: date | None = (await connection.execute(LAST_DAY, {"meter": meter_id})).scalar()
    return found


async def read_roots(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position, most: int
) -> dict[PilotId, list[MeterId]]:
    """For each pilot its meters that are no sub-meters: at most so many."""
    given = {"pilots": list(pilots), "as_of": as_of, "most": most}
    found = defaultdict[PilotId, list[MeterId]](list)
    for row in await connection.execute(ROOTS, given):
        found[row.pilot_id].append(row.id)
    return found


async def read_carriers(connection: AsyncConnection, pilot_id: PilotId) -> frozenset[Carrier]:
    """The carriers that the pilot has, or had, a meter of."""
    rows = await connection.execute(CARRIERS, {"pilot": pilot_id})
    return frozenset(Carrier(row.carrier) for row in rows)


async def page_meters_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], page: Page, as_of: Position
) -> dict[PilotId, list[Meter]]:
    """For each pilot a page of its meters and one more, in the order of their registration."""
    query = paged_for_each(
        select(meter.c.id).where(meter.c.id <= as_of), meter.c.pilot_id, meter.c.id, pilots, page
    )
    ids = defaultdict[PilotId, list[MeterId]](list)
    for row in await connection.execute(query):
        ids[row.parent].append(row.id)
    return await _found(connection, ids, as_of)


async def count_meters_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position
) -> dict[PilotId, int]:
    """How many meters each pilot has."""
    query = select(meter).where(meter.c.id <= as_of)
    return await count_for_each(connection, query, meter.c.pilot_id, pilots)


async def page_submeters_of(
    connection: AsyncConnection, meters: Sequence[MeterId], page: Page, as_of: Position
) -> dict[MeterId, list[Meter]]:
    """For each meter a page of its sub-meters and one more, in the order of their registration."""
    return await _page(connection, SUBMETERS, meters, page, as_of)


async def count_submeters_of(
    connection: AsyncConnection, meters: Sequence[MeterId], as_of: Position
) -> dict[MeterId, int]:
    """How many sub-meters each meter has."""
    return await _count(connection, SUBMETERS, meters, as_of)


async def page_meters_of_gateways(
    connection: AsyncConnection, gateways: Sequence[int], page: Page, as_of: Position
) -> dict[int, list[Meter]]:
    """For each gateway a page of the meters that are assigned to it and one more, in the order of their
    registration."""
    return await _page(connection, METERS_OF_GATEWAYS, gateways, page, as_of)


async def count_meters_of_gateways(
    connection: AsyncConnection, gateways: Sequence[int], as_of: Position
) -> dict[int, int]:
    """How many meters are assigned to each gateway."""
    return await _count(connection, METERS_OF_GATEWAYS, gateways, as_of)


async def _page(
    connection: AsyncConnection,
    below: DriverStatement,
    parents: Sequence[K],
    page: Page,
    as_of: Position,
) -> dict[K, list[Meter]]:
    """For each parent a page, and one more, of the meters that are ``below`` it."""
    given = {
        "parents": list(parents),
        "as_of": as_of,
        "after": page.after or 0,
        "first": page.first + 1,
    }
    ids = defaultdict[K, list[MeterId]](list)
    for row in await below.rows(connection, given):
        ids[row.parent].append(row.meter_id)
    return await _found(connection, ids, as_of)


async def _count(
    connection: AsyncConnection, below: DriverStatement, parents: Sequence[K], as_of: Position
) -> dict[K, int]:
    given = {"parents": list(parents), "as_of": as_of, "after": 0, "first": None}
    rows = await counting(below, "parent").rows(connection, given)
    return {row[0]: row[1] for row in rows}


async def _found(
    connection: AsyncConnection, ids: Mapping[K, Sequence[MeterId]], as_of: Position
) -> dict[K, list[Meter]]:
    found = await read_meters(
        connection, [id_ for meter_ids in ids.values() for id_ in meter_ids], as_of
    )
    return {parent: [found[id_] for id_ in meter_ids] for parent, meter_ids in ids.items()}


def _meter(row: Any) -> Meter:
    conditions = None if row.celsius is None else GasConditions(row.celsius, row.kilopascals)
    columns = zip(
        row.numbers, row.sinces, row.positions, row.maxima, row.multipliers, row.digits, strict=True
    )
    return Meter(
        id=row.id,
        pilot_id=row.pilot_id,
        code=row.code,
        carrier=Carrier(row.carrier),
        flow=Flow(row.flow),
        kind=MeterKind(row.kind),
        unit=row.unit,
        supply_point=row.supply_point,
        conditions=conditions,
        starts_on=row.starts_on,
        ends_on=None if row.unended else row.ends_on,
        parent_id=row.parent_id,
        devices=tuple(
            Device(
                meter_id=row.id,
                number=number,
                since=since,
                position=position,
                facts=DeviceFacts(most, multiplier, digits),
            )
            for number, since, position, most, multiplier, digits in columns
        ),
        gateway_id=row.gateway_id,
    )
