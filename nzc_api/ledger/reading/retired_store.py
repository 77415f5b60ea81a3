"""The SQL of what was retired for pilots' periods, and what of it counts, as of positions: one question."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.probes import is_named
from nzc_api.database.sql_files import sql_in
from nzc_api.database.together import Rows, Together
from nzc_api.ledger.model import HeldTonnes, RetiredAsOf
from nzc_api.ledger.reading.batch_order_store import ORDERED_NAMED, orders_in, orders_of
from nzc_api.ledger.reading.boundary_store import inside_in, lying_inside
from nzc_api.ledger.reading.retired import RetiredKey, RetiredOfPeriods
from nzc_api.ledger.reading.withdrawn_store import (
    OWNED_WITHDRAWN,
    WITHDRAWN_FROM_OWNED,
    withdrawn_in,
)
from nzc_api.ledger.rows import BATCH, batch_in

OWNED = """
    SELECT DISTINCT k.pilot_id, k.period_id, k.as_of, a.id AS account_id
      FROM unnest(CAST(:of_pilots AS bigint[]), CAST(:periods AS bigint[]), CAST(:of_as_ofs AS bigint[]))
        AS k (pilot_id, period_id, as_of)
      JOIN account AS a ON a.pilot_id = k.pilot_id AND a.period_id = k.period_id AND a.kind = 'RETIREMENT'"""

# What each account holds of each batch as of a position: the batches are found by skipping from one
# to the one before it, so the cost is the number of batches, not of movements. The last balance of each, which that
# finds, is mostly the one that is asked for.
HELD = sql_in(__package__)("held")

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

# After a common table ``held``: all that was retired for each period, as arrays, which are read five times as fast as
# rows; of numbers and texts, which is what the driver reads in records.
RETIRED_AT_ALL = """
    SELECT pilot_id, period_id, as_of, array_agg(batch_id ORDER BY batch_id) AS batches,
           array_agg(project_id ORDER BY batch_id) AS projects,
           array_agg(programme ORDER BY batch_id) AS programmes,
           array_agg(CAST(CAST(forestry AS int) AS bigint) ORDER BY batch_id) AS forestry,
           array_agg(tonnes ORDER BY batch_id) AS tonnes
      FROM held GROUP BY pilot_id, period_id, as_of"""

# After ``owned`` and ``held``: the pilots of which some of that may count no more, but for what lies inside.
MAY_BE_WITHDRAWN = f"""
    SELECT owned.pilot_id FROM owned JOIN ({OWNED_WITHDRAWN}) AS gone ON gone.account_id = owned.account_id
    UNION ALL
    SELECT held.pilot_id FROM held WHERE {is_named("held.batch_id", *ORDERED_NAMED)}"""  # noqa: S608  (our own names)

RETIRED_AS_OF = Together(**RETIRED)


async def read_retired(connection: AsyncConnection, keys: Sequence[RetiredKey]) -> RetiredOfPeriods:
    """What was retired for each pilot's period by its position, and what may be in the way of it."""
    return retired_in(await RETIRED_AS_OF.rows(connection, given_keys(keys)))


def given_keys(keys: Sequence[RetiredKey]) -> dict[str, list[int]]:
    """The parameters of ``RETIRED``."""
    return {
        "of_pilots": [pilot_id for pilot_id, _, _ in keys],
        "periods": [period_id for _, period_id, _ in keys],
        "of_as_ofs": [as_of for _, _, as_of in keys],
    }


def retired_in(found: Mapping[str, Rows]) -> RetiredOfPeriods:
    """What is known of what was retired."""
    held: dict[tuple[int, int], list[HeldTonnes]] = {}
    for account_id, as_of, *of_batch, _, _ in found["held"]:
        held.setdefault((account_id, as_of), []).append(HeldTonnes(*of_batch))
    return RetiredOfPeriods(
        accounts={
            (row.pilot_id, row.period_id, row.as_of): row.account_id for row in found["owned"]
        },
        held=held,
        withdrawn=withdrawn_in(found["gone"]),
        batches={row.id: batch_in(row) for row in found["touched"]},
        orders=orders_in(found["ordered"]),
        inside=inside_in(found["lying"]),
    )


def retired_at_all_in(rows: Rows) -> dict[RetiredKey, RetiredAsOf]:
    """What was retired for each pilot's period, of which there is any: all of it counts."""
    return {
        (pilot_id, period_id, as_of): RetiredAsOf(
            tuple(map(HeldTonnes, batches, projects, programmes, map(bool, forestry), tonnes))
        )
        for pilot_id, period_id, as_of, batches, projects, programmes, forestry, tonnes in rows
    }
