"""The SQL of what a site shows to be issued twice: batches of projects that are found at it after they were issued."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.inserting import insert_rows
from nzc_api.database.paging import Page
from nzc_api.ids import BatchId, Position, ProjectId
from nzc_api.ledger.model import DoubleIssuance
from nzc_api.ledger.posting.rules.issued_by_one import MOST_DOUBLES
from nzc_api.ledger.tables import double_issuance
from nzc_api.pilots.sites import Beside, SameSite

# Each batch of a project, and what stands of the others, for one of the same days; the later one first. (Parts of one
# issuance are of one project.)
RAISED = text("""
    SELECT batch_id, other_id
      FROM (SELECT batch_id, other_id, row_number() OVER (PARTITION BY batch_id ORDER BY other_id) AS nth
              FROM (SELECT greatest(own.id, other.id) AS batch_id, least(own.id, other.id) AS other_id
                      FROM unnest(CAST(:others AS bigint[]), CAST(:nears AS boolean[])) AS beside (project_id, near)
                      JOIN credit_batch AS other ON other.project_id = beside.project_id
                      JOIN credit_batch AS own
                        ON own.project_id = :project AND (beside.near OR own.programme <> other.programme)
                       AND own.produced_from <= other.produced_to AND other.produced_from <= own.produced_to
                     WHERE own.withdrawn_position IS NULL AND other.withdrawn_position IS NULL) AS pair
             WHERE NOT EXISTS (SELECT FROM double_issuance AS d
                                WHERE (d.batch_id, d.other_id) = (pair.batch_id, pair.other_id))) AS raised
     WHERE nth <= :most_of_one ORDER BY batch_id, other_id LIMIT :most
""")

# The batches of which something came up at a position.
SUSPECTED_AT = text("""
    SELECT batch_id FROM double_issuance WHERE position = :position AND batch_id > :after
    UNION SELECT other_id FROM double_issuance WHERE position = :position AND other_id > :after
     ORDER BY 1 LIMIT :first
""")


async def read_raised(
    connection: AsyncConnection,
    position: Position,
    project_id: ProjectId,
    others: Beside,
    most: int,
) -> list[DoubleIssuance]:
    """What seems to be issued twice if a project is where the others are found, and was not suspected: of each batch
    the oldest ``MOST_DOUBLES``, and no more than ``most`` in all. It would come up at the position."""
    given = {
        "project": project_id, "others": list(others),
        "nears": [by is not SameSite.LOCALITY for by in others.values()],
        "most_of_one": MOST_DOUBLES, "most": most,
    }  # fmt: skip
    rows = await connection.execute(RAISED, given)
    return [DoubleIssuance(row.batch_id, row.other_id, position) for row in rows]


async def insert_raised(connection: AsyncConnection, raised: Collection[DoubleIssuance]) -> None:
    rows = [
        {"batch_id": d.batch_id, "other_id": d.other_id, "position": d.position} for d in raised
    ]
    await insert_rows(connection, double_issuance, rows)


async def page_suspected_at(
    connection: AsyncConnection, position: Position, page: Page
) -> list[BatchId]:
    """A page of the batches of which a suspicion came up at a position, and one more."""
    given = {"position": position, "after": page.after or 0, "first": page.first + 1}
    return list((await connection.execute(SUSPECTED_AT, given)).scalars())
