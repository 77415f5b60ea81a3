"""The SQL of which entries of the log may change which statements."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.ids import PilotId, Position
from nzc_api.ledger.reading.boundary_store import LIES
from nzc_api.pilots.ground_store import GROUND_INWARDS
from nzc_api.statements.changes import OF_ANY, OF_ONE

# Whose ground is in a pilot at some position counts as if it always were: that is more than may change its statements,
# and never less. What moves nothing and is a correction is of an order about a whole batch.
MAY_CHANGE = DriverStatement(f"""
    WITH RECURSIVE begun AS (
        SELECT id AS start, id AS pilot_id, int8range(NULL, NULL) AS during
          FROM unnest(CAST(:pilots AS bigint[])) AS k (id)
    ), {GROUND_INWARDS}, within AS MATERIALIZED (
        SELECT DISTINCT pilot_id FROM ground
    ), located AS MATERIALIZED (
        SELECT DISTINCT known.project_id
          FROM within
         CROSS JOIN LATERAL (SELECT * FROM ({LIES}) AS lies
                              WHERE lies.pilot_id = within.pilot_id OFFSET 0) AS known
    )
    SELECT e.position
      FROM log_entry AS e
     WHERE e.position > :after AND e.position <= :until
       AND (e.kind = ANY(CAST(:of_any AS text[]))
            OR e.kind = ANY(CAST(:of_one AS text[])) AND (
                EXISTS (SELECT FROM inventory AS i
                         WHERE i.id = e.subject_id AND i.pilot_id = ANY(CAST(:pilots AS bigint[])))
             OR EXISTS (SELECT FROM movement AS m
                          JOIN account AS a ON a.id IN (m.debit_id, m.credit_id)
                         WHERE m.position = e.position AND a.pilot_id IN (SELECT pilot_id FROM within))
             OR EXISTS (SELECT FROM movement AS m
                          JOIN credit_batch AS b ON b.id = m.batch_id
                         WHERE m.position = e.position AND b.project_id IN (SELECT project_id FROM located))
             OR e.kind = 'POSTING_CORRECTED'
                AND NOT EXISTS (SELECT FROM movement AS m WHERE m.position = e.position)))
     ORDER BY e.position
     LIMIT :most
""")  # noqa: S608  (our own names)


async def read_may_change(
    connection: AsyncConnection,
    pilots: Collection[PilotId],
    after: Position,
    until: Position,
    most: int,
) -> list[Position]:
    """The first positions after one and up to another whose entries may change statements of the pilots."""
    given = {
        "pilots": list(pilots),
        "after": after,
        "until": until,
        "most": most,
        "of_any": list(OF_ANY),
        "of_one": list(OF_ONE),
    }
    return [row.position for row in await MAY_CHANGE.rows(connection, given)]
