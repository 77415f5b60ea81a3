"""The SQL of certificates: which retirements one is of, what their batches were registered as, and what was said of
them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.ids import BatchId, Position
from nzc_api.ledger.rows import enrolment_in
from nzc_api.ledger.verifications import VerifiedReductions
from nzc_api.retirement_certificates.making import Registered

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

# The registration of each batch's project as of a position, whether its issuance says when it was produced, and who
# verified that, by which labels.
REGISTERED = DriverStatement("""
    SELECT b.id AS batch_id, issued.body ? 'produced_to' AS names_production,
           issued.body -> 'verification' AS verification, issued.body -> 'labels' AS labels,
           e.id, e.project_id, e.programme, e.rule, e.number, e.registered_on,
           coalesce(e.methodology, m.methodology) AS methodology,
           coalesce(enrolled.body ->> 'methodology_version', stated.body ->> 'methodology_version')
               AS methodology_version,
           enrolled.body -> 'validation' AS validation, c.starts_on AS credited_from, c.ends_on AS credited_to
      FROM credit_batch AS b
      JOIN log_entry AS issued ON issued.position = b.id
      JOIN enrolment AS e ON e.project_id = b.project_id AND e.programme = b.programme
      JOIN log_entry AS enrolled ON enrolled.position = e.id
      LEFT JOIN enrolment_methodology AS m ON m.enrolment_id = e.id AND m.position <= :as_of
      LEFT JOIN log_entry AS stated ON stated.position = m.position
      LEFT JOIN LATERAL (SELECT starts_on, ends_on FROM crediting_period
                          WHERE enrolment_id = e.id AND position <= :as_of
                          ORDER BY position DESC LIMIT 1) AS c ON true
     WHERE b.id = ANY(CAST(:batches AS bigint[]))
""")


async def read_retirements(
    connection: AsyncConnection, position: Position, as_of: Position, most: int
) -> Sequence[Any]:
    """Position, time and body of the entries of the retirements that a certificate is of, as of a position."""
    given = {"position": position, "as_of": as_of, "most": most}
    return await RETIREMENTS.rows(connection, given)


async def read_registered(
    connection: AsyncConnection, batches: Collection[BatchId], as_of: Position
) -> dict[BatchId, Registered]:
    """What each batch was registered as."""
    rows = await REGISTERED.rows(connection, {"batches": list(batches), "as_of": as_of})
    return {
        row.batch_id: Registered(
            enrolment_in(row),
            row.names_production,
            VerifiedReductions.read(row.verification, row.labels),
        )
        for row in rows
    }
