"""The SQL of what was retired for pilots' periods, and what of it counts, as of positions: one question."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.together import Rows, Together
from nzc_api.ledger.model import HeldTonnes
from nzc_api.ledger.reading.batch_order_store import orders_in, orders_of
from nzc_api.ledger.reading.boundary_store import inside_in, lying_inside
from nzc_api.ledger.reading.retired import Retired, RetiredKey
from nzc_api.ledger.reading.withdrawn_store import WITHDRAWN_FROM_OWNED, withdrawn_in
from nzc_api.ledger.rows import BATCH, batch_in

OWNED = """
    SELECT DISTINCT k.pilot_id, k.period_id, k.as_of, a.id AS account_id
      FROM unnest(CAST(:of_pilots AS bigint[]), CAST(:periods AS bigint[]), CAST(:of_as_ofs AS bigint[]))
        AS k (pilot_id, period_id, as_of)
      JOIN account AS a ON a.pilot_id = k.pilot_id AND a.period_id = k.period_id AND a.kind = 'RETIREMENT'"""

# What each account holds of each batch as of a position: the batches are found by skipping from one
# to the next, so the cost is the number of batches, not of movements.
HELD = """
    WITH RECURSIVE step (account_id, pilot_id, as_of, batch_id) AS (
        SELECT owned.account_id, owned.pilot_id, owned.as_of, first.batch_id
          FROM owned
         CROSS JOIN LATERAL (
                SELECT batch_id FROM balance WHERE balance.account_id = owned.account_id
                 ORDER BY batch_id LIMIT 1) AS first
        UNION ALL
        SELECT step.account_id, step.pilot_id, step.as_of, next.batch_id
          FROM step
         CROSS JOIN LATERAL (
                SELECT batch_id FROM balance
                 WHERE balance.account_id = step.account_id AND balance.batch_id > step.batch_id
                 ORDER BY batch_id LIMIT 1) AS next
    )
    SELECT step.account_id, step.as_of, b.id AS batch_id, b.project_id, b.programme, b.forestry, latest.tonnes,
           step.pilot_id
      FROM step
     CROSS JOIN LATERAL (
            SELECT tonnes FROM balance
             WHERE balance.account_id = step.account_id AND balance.batch_id = step.batch_id
               AND balance.position <= step.as_of
             ORDER BY balance.position DESC LIMIT 1) AS latest
     CROSS JOIN LATERAL (
            SELECT id, project_id, programme, forestry FROM credit_batch
             WHERE credit_batch.id = step.batch_id OFFSET 0) AS b
     WHERE latest.tonnes <> 0
     ORDER BY step.account_id, step.as_of, b.id"""

# For ``Together``: accounts; what they hold; what was withdrawn out of them; what is ordered of whole batches; what
# lies inside; and the batches of which something may count no more.
RETIRED: Mapping[str, str] = {
    "owned": OWNED,
    "held": HELD,
    "gone": WITHDRAWN_FROM_OWNED,
    "ordered": orders_of("ARRAY(SELECT batch_id FROM held UNION SELECT batch_id FROM gone)"),
    "lying": lying_inside("(SELECT project_id, pilot_id, as_of FROM held)"),
    "touched": f"""
    SELECT {BATCH} FROM credit_batch AS b
     WHERE b.id = ANY(ARRAY(
           SELECT batch_id FROM gone UNION SELECT batch_id FROM ordered
           UNION SELECT batch_id FROM held JOIN lying USING (project_id, pilot_id, as_of)))""",  # noqa: S608
}


RETIRED_AS_OF = Together(**RETIRED)


async def read_retired(connection: AsyncConnection, keys: Sequence[RetiredKey]) -> Retired:
    """What was retired for each pilot's period by its position, and what may be in the way of it."""
    return retired_in(await RETIRED_AS_OF.rows(connection, given_keys(keys)))


def given_keys(keys: Sequence[RetiredKey]) -> dict[str, list[int]]:
    """The parameters of ``RETIRED``."""
    return {
        "of_pilots": [pilot_id for pilot_id, _, _ in keys],
        "periods": [period_id for _, period_id, _ in keys],
        "of_as_ofs": [as_of for _, _, as_of in keys],
    }


def retired_in(found: Mapping[str, Rows]) -> Retired:
    """What is known of what was retired."""
    held: dict[tuple[int, int], list[HeldTonnes]] = {}
    for account_id, as_of, *of_batch, _ in found["held"]:
        held.setdefault((account_id, as_of), []).append(HeldTonnes(*of_batch))
    return Retired(
        accounts={
            (row.pilot_id, row.period_id, row.as_of): row.account_id for row in found["owned"]
        },
        held=held,
        withdrawn=withdrawn_in(found["gone"]),
        batches={row.id: batch_in(row) for row in found["touched"]},
        orders=orders_in(found["ordered"]),
        inside=inside_in(found["lying"]),
    )
