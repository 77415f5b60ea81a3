"""The SQL of which projects lie inside which pilots, and since when.

A project lies in the pilots that it was registered or placed in, and in those at whose site it was found to be; and
thereby inside every pilot that has the ground of one of these (see ``ground_store``).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.probes import NamePlace
from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.reading.standing import Inside, InsideKey
from nzc_api.ledger.rows import BATCH, batch_in
from nzc_api.pilots.ground_store import GROUND_INWARDS, GROUND_NAMED, GROUND_OUTWARDS

# Which project lies in which pilot itself, and during which positions.
LIES = """
    SELECT p.id AS project_id, p.pilot_id, int8range(p.id, (
               SELECT min(later.position) FROM project_placement AS later
                WHERE later.project_id = p.id)) AS during
      FROM project AS p WHERE p.pilot_id IS NOT NULL
    UNION ALL
    SELECT placed.project_id, placed.pilot_id, int8range(placed.position, (
               SELECT min(later.position) FROM project_placement AS later
                WHERE later.project_id = placed.project_id AND later.position > placed.position))
      FROM project_placement AS placed WHERE placed.pilot_id IS NOT NULL
    UNION ALL
    SELECT project.id, pilot.id, int8range(found.position, NULL)
      FROM same_site_resolution AS found
      JOIN project ON project.id = found.subject_id
      JOIN pilot ON pilot.id = found.other_id
     WHERE found.finding = 'SAME'
    UNION ALL
    SELECT project.id, pilot.id, int8range(found.position, NULL)
      FROM same_site_resolution AS found
      JOIN project ON project.id = found.other_id
      JOIN pilot ON pilot.id = found.subject_id
     WHERE found.finding = 'SAME'"""

# Where a pilot is named that a project lies inside of, at any position: none does of one that is in none of these.
LYING_NAMED = (
    *GROUND_NAMED,
    NamePlace("project", "pilot_id"),
    NamePlace("project_placement", "pilot_id"),
    NamePlace("same_site_resolution", "subject_id", "place.finding = 'SAME'"),
    NamePlace("same_site_resolution", "other_id", "place.finding = 'SAME'"),
)

# After a common table ``located (project_id)``: the pilots that its projects are inside of, by each way there: from the
# pilot that a project lies in itself.
WAYS = f"""
    lies (project_id, pilot_id, during) AS (
        SELECT known.project_id, known.pilot_id, known.during
          FROM located
         CROSS JOIN LATERAL (SELECT * FROM ({LIES}) AS lies
                              WHERE lies.project_id = located.project_id OFFSET 0) AS known
    ), begun (start, pilot_id, during) AS (
        SELECT DISTINCT pilot_id, pilot_id, int8range(NULL, NULL) FROM lies
    ), {GROUND_OUTWARDS}, way (project_id, lies_in, pilot_id, during) AS (
        SELECT lies.project_id, lies.pilot_id, ground.pilot_id, lies.during * ground.during
          FROM lies JOIN ground ON ground.start = lies.pilot_id AND ground.during && lies.during
    )"""  # noqa: S608  (our own names)

# After a common table ``paired (project_id, pilot_id)``: the positions during which the project lies inside the pilot.
INSIDE = f"""
    located AS (SELECT DISTINCT project_id FROM paired), {WAYS},
    inside (project_id, pilot_id, during) AS (
        SELECT project_id, pilot_id, range_agg(during)
          FROM way JOIN paired USING (project_id, pilot_id)
         GROUP BY project_id, pilot_id
    )"""  # noqa: S608  (our own names)

# After these: since when the project of ``{key}`` lies inside its pilot as of its position, and where it lies itself.
SINCE = """
    SELECT lower(run.during) AS since,
           (SELECT min(way.lies_in) FROM way
             WHERE way.project_id = {key}.project_id AND way.pilot_id = {key}.pilot_id
               AND way.during @> {key}.as_of) AS lies_in
      FROM inside
     CROSS JOIN LATERAL unnest(inside.during) AS run (during)
     WHERE inside.project_id = {key}.project_id AND inside.pilot_id = {key}.pilot_id
       AND run.during @> {key}.as_of"""


def lying_inside(keys: str) -> str:
    """Which projects lie inside which pilots as of positions, of a table of ``keys`` (project_id, pilot_id, as_of)."""
    return f"""
    WITH RECURSIVE k AS (
        SELECT DISTINCT project_id, pilot_id, as_of FROM {keys} AS k (project_id, pilot_id, as_of)
    ), paired AS (SELECT DISTINCT project_id, pilot_id FROM k), {INSIDE}
    SELECT k.project_id, k.pilot_id, k.as_of, found.since, found.lies_in
      FROM k CROSS JOIN LATERAL ({SINCE.format(key="k")}) AS found"""  # noqa: S608  (our own names)


READ_INSIDE = DriverStatement(
    lying_inside(
        "unnest(CAST(:projects AS bigint[]), CAST(:pilots AS bigint[]), CAST(:as_ofs AS bigint[]))"
    )
)

# The batches that were issued of projects inside pilots as of positions.
ISSUED_INSIDE = DriverStatement(f"""
    WITH RECURSIVE k AS (
        SELECT * FROM unnest(CAST(:pilots AS bigint[]), CAST(:as_ofs AS bigint[])) WITH ORDINALITY
                   AS k (pilot_id, as_of, start)
    ), begun AS (
        SELECT start, pilot_id, int8range(as_of, as_of, '[]') AS during FROM k
    ), {GROUND_INWARDS}, within AS (
        SELECT DISTINCT k.start, k.as_of, known.project_id
          FROM k
          JOIN ground USING (start)
         CROSS JOIN LATERAL (SELECT lies.project_id FROM ({LIES}) AS lies
                              WHERE lies.pilot_id = ground.pilot_id AND lies.during @> k.as_of
                             OFFSET 0) AS known
    )
    SELECT within.start, {BATCH}
      FROM within JOIN credit_batch AS b ON b.project_id = within.project_id AND b.id <= within.as_of
       AND coalesce(b.withdrawn_position > within.as_of, true)
     ORDER BY within.start, b.id
""")  # noqa: S608  (our own names)


async def read_inside(
    connection: AsyncConnection, keys: Collection[InsideKey]
) -> dict[InsideKey, Inside]:
    """Which of the projects lie inside their pilots as of the positions."""
    if not keys:
        return {}
    given = {
        "projects": [key.project_id for key in keys],
        "pilots": [key.pilot_id for key in keys],
        "as_ofs": [key.as_of for key in keys],
    }
    return inside_in(await READ_INSIDE.rows(connection, given))


def inside_in(rows: Iterable[Any]) -> dict[InsideKey, Inside]:
    """Which projects lie inside which pilots as of positions."""
    return {
        InsideKey(row.project_id, row.pilot_id, row.as_of): Inside(row.since, row.lies_in)
        for row in rows
    }


def issued_in(
    rows: Iterable[Any], keys: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], list[CreditBatch]]:
    """For each (pilot, position) the batches that were issued of projects inside the pilot, as of then."""
    batches: dict[int, CreditBatch] = {}
    issued: dict[tuple[int, int], list[CreditBatch]] = defaultdict(list)
    for row in rows:
        if row.id not in batches:
            batches[row.id] = batch_in(row)
        issued[keys[row.start - 1]].append(batches[row.id])
    return issued
