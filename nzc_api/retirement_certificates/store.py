"""The SQL of certificates: which retirements one is of, and what their batches were registered as."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.ids import BatchId
from nzc_api.ledger.model import Enrolment
from nzc_api.ledger.rows import enrolment_in

# Of a retirement's position that retirement; of an accounting period's, what was retired for that.
RETIREMENTS = DriverStatement("""
    SELECT e.position, e.at, e.body FROM log_entry AS e
     WHERE e.kind = 'CREDITS_RETIRED' AND e.position <= :as_of
       AND e.position = ANY(ARRAY(
           SELECT CAST(:position AS bigint)
           UNION
           SELECT m.position FROM accounting_period AS p
             JOIN account AS a ON a.pilot_id = p.pilot_id AND a.period_id = p.id AND a.kind = 'RETIREMENT'
             JOIN movement AS m ON m.credit_id = a.id
            WHERE p.id = :position))
     ORDER BY e.position LIMIT :most
""")

# The registration of each batch's project as of a position, and whether its issuance says when it was produced.
REGISTERED = DriverStatement("""
    SELECT b.id AS batch_id, issued.body ? 'produced_to' AS names_production,
           e.id, e.project_id, e.programme, e.rule, e.number, e.registered_on,
           coalesce(e.methodology, m.methodology) AS methodology
      FROM credit_batch AS b
      JOIN log_entry AS issued ON issued.position = b.id
      JOIN enrolment AS e ON e.project_id = b.project_id AND e.programme = b.programme
      LEFT JOIN enrolment_methodology AS m ON m.enrolment_id = e.id AND m.position <= :as_of
     WHERE b.id = ANY(CAST(:batches AS bigint[]))
""")


async def read_retirements(
    connection: AsyncConnection, position: int, as_of: int, most: int
) -> Sequence[Any]:
    """Position, time and body of the entries of the retirements that a certificate is of, as of a position."""
    given = {"position": position, "as_of": as_of, "most": most}
    return await RETIREMENTS.rows(connection, given)


async def read_registered(
    connection: AsyncConnection, batches: Collection[BatchId], as_of: int
) -> dict[BatchId, tuple[Enrolment, bool]]:
    """For each batch the enrolment of its project, and whether its entry says when it was produced."""
    rows = await REGISTERED.rows(connection, {"batches": list(batches), "as_of": as_of})
    return {row.batch_id: (enrolment_in(row), row.names_production) for row in rows}
