"""The SQL of which projects lie inside which pilots, and since when.

A project lies in the pilot that its registration names, in the pilots around that one, and, as far as
anybody knows, in every pilot that shares ground with one of these, and in those around it. All of that is
recorded as of positions, so that a project lies inside a pilot during ranges of them.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# After a common table ``located (project_id)``: the positions during which each of its projects lies in a
# pilot (``lies``), and in whichever pilots are known to have that ground (``ground``), by every way there.
GROUND = """
    lies (project_id, pilot_id, during) AS (
        SELECT p.id, p.pilot_id, int8range(p.id, NULL)
          FROM located
         CROSS JOIN LATERAL (SELECT id, pilot_id FROM project
                              WHERE project.id = located.project_id OFFSET 0) AS p
         WHERE p.pilot_id IS NOT NULL
    ), ground (project_id, pilot_id, during, shared) AS (
        SELECT project_id, pilot_id, during, false FROM lies
        UNION
        SELECT ground.project_id, next.pilot_id, ground.during * next.during,
               ground.shared OR next.shared
          FROM ground
         CROSS JOIN LATERAL (
                SELECT placed.surrounding_id AS pilot_id,
                       int8range(placed.position, (
                           SELECT min(later.position) FROM pilot_placement AS later
                            WHERE later.pilot_id = placed.pilot_id
                              AND later.position > placed.position)) AS during,
                       false AS shared
                  FROM pilot_placement AS placed
                 WHERE placed.pilot_id = ground.pilot_id AND placed.surrounding_id IS NOT NULL
                UNION ALL
                SELECT CASE o.pilot_id WHEN ground.pilot_id THEN o.other_id ELSE o.pilot_id END,
                       int8range(o.position, NULL), true
                  FROM pilot_overlap AS o
                 WHERE ground.pilot_id IN (o.pilot_id, o.other_id) AND NOT ground.shared) AS next
         WHERE ground.during && next.during
    )"""

# After a common table ``paired (project_id, pilot_id)``: the positions during which the project lies inside
# the pilot.
INSIDE = f"""
    located AS (SELECT DISTINCT project_id FROM paired), {GROUND},
    inside (project_id, pilot_id, during) AS (
        SELECT project_id, pilot_id, range_agg(during)
          FROM ground JOIN paired USING (project_id, pilot_id)
         GROUP BY project_id, pilot_id
    )"""  # noqa: S608  (our own names)

READ_INSIDE = text(f"""
    WITH RECURSIVE k AS (
        SELECT * FROM unnest(CAST(:projects AS bigint[]), CAST(:pilots AS bigint[]),
                             CAST(:as_ofs AS bigint[])) AS k (project_id, pilot_id, as_of)
    ), paired AS (SELECT DISTINCT project_id, pilot_id FROM k), {INSIDE}
    SELECT k.project_id, k.pilot_id, k.as_of, lower(run.during) AS since, lies.pilot_id AS lies_in
      FROM k
      JOIN inside USING (project_id, pilot_id)
     CROSS JOIN LATERAL unnest(inside.during) AS run (during)
      JOIN lies ON lies.project_id = k.project_id AND lies.during @> k.as_of
     WHERE run.during @> k.as_of
""")  # noqa: S608  (our own names)


class InsideKey(NamedTuple):
    """A project and a pilot, as of a position."""

    project_id: int
    pilot_id: int
    as_of: int


class Inside(NamedTuple):
    """That a project lies inside a pilot: since which position, and the pilot that it lies in itself."""

    since: int
    lies_in: int


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
    return {
        InsideKey(row.project_id, row.pilot_id, row.as_of): Inside(row.since, row.lies_in)
        for row in await connection.execute(READ_INSIDE, given)
    }
