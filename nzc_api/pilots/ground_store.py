"""The SQL of whose ground is whose: the one relation behind what may be retired for a pilot, what of that counts, and
which sinks are sold.

What lies in a pilot lies in the pilots around it and, as far as anybody knows, in every pilot that shares ground with
one of these, and in those around that. Ground is shared once on the way, or a chain of neighbours would be one place.
All of it is recorded as of positions, so that it holds during ranges of them.
"""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.probes import NamePlace
from nzc_api.ids import PilotId, Position

# One step from a pilot to another that has its ground, and the positions during which it may be taken.
_STEP = """
    SELECT placed.pilot_id AS inner_id, placed.surrounding_id AS outer_id,
           int8range(placed.position, (
               SELECT min(later.position) FROM pilot_placement AS later
                WHERE later.pilot_id = placed.pilot_id
                  AND later.position > placed.position)) AS during,
           false AS shared
      FROM pilot_placement AS placed
     WHERE placed.surrounding_id IS NOT NULL
    UNION ALL
    SELECT pilot_id, other_id, int8range(position, NULL), true FROM pilot_overlap
    UNION ALL
    SELECT other_id, pilot_id, int8range(position, NULL), true FROM pilot_overlap"""


def _ground(here: str, there: str) -> str:
    return f"""
    ground (start, pilot_id, during, shared) AS (
        SELECT start, pilot_id, during, false FROM begun
        UNION
        SELECT ground.start, step.{there}, ground.during * step.during, ground.shared OR step.shared
          FROM ground
         CROSS JOIN LATERAL (SELECT * FROM ({_STEP}) AS step WHERE step.{here} = ground.pilot_id) AS step
         WHERE ground.during && step.during AND NOT (ground.shared AND step.shared)
    )"""  # noqa: S608  (our own names)


# Where a pilot is named that has the ground of another, at any position: none does of one that is in none of these.
GROUND_NAMED = (
    NamePlace("pilot_placement", "surrounding_id"),
    NamePlace("pilot_overlap", "pilot_id"),
    NamePlace("pilot_overlap", "other_id"),
)

# After a common table ``begun (start, pilot_id, during)``: the pilots that have the ground of its pilots, itself
# among them, and during which positions; or whose ground its pilots have.
GROUND_OUTWARDS = _ground("inner_id", "outer_id")
GROUND_INWARDS = _ground("outer_id", "inner_id")

READ_GROUND = DriverStatement(f"""
    WITH RECURSIVE begun AS (
        SELECT id AS start, id AS pilot_id, int8range(:as_of, :as_of, '[]') AS during
          FROM unnest(CAST(:pilots AS bigint[])) AS k (id)
    ), {GROUND_OUTWARDS}
    SELECT DISTINCT start, pilot_id FROM ground WHERE pilot_id <> start ORDER BY start, pilot_id
""")  # noqa: S608  (our own names)


async def read_ground(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position
) -> dict[PilotId, tuple[PilotId, ...]]:
    """For each pilot the others that have its ground as of a position."""
    ground: dict[PilotId, tuple[PilotId, ...]] = dict.fromkeys(pilots, ())
    for row in await READ_GROUND.rows(connection, {"pilots": list(pilots), "as_of": as_of}):
        ground[row.start] += (row.pilot_id,)
    return ground
