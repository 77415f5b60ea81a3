"""The SQL of what is ordered of whole batches."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from nzc_api.database.probes import NamePlace
from nzc_api.ids import BatchId
from nzc_api.ledger.model import BatchOrder, BatchStatus

# What holds of which batch, and during which positions: from the order to what ends it, which is the unfreezing of what
# was frozen, and the correction of what was invalidated or exported wrongly.
ORDERS = """
    SELECT f.batch_id,
           CASE f.kind WHEN 'FREEZE' THEN 'FROZEN' WHEN 'INVALIDATE' THEN 'INVALIDATED'
                       ELSE 'EXPORTED' END AS status,
           int8range(f.position, (
               SELECT min(ended.position)
                 FROM (SELECT thaw.position FROM batch_fact AS thaw
                        WHERE f.kind = 'FREEZE' AND thaw.kind = 'UNFREEZE'
                          AND thaw.batch_id = f.batch_id AND thaw.position > f.position
                       UNION ALL
                       SELECT c.position FROM correction AS c WHERE c.posting_id = f.position) AS ended))
               AS during
      FROM batch_fact AS f WHERE f.kind <> 'UNFREEZE'"""

# Where a batch is named of which something was ordered as a whole, at any position.
ORDERED_NAMED = (NamePlace("batch_fact", "batch_id"),)


def orders_of(batches: str) -> str:
    """What held of each of an array of ``batches`` as a whole, and during which positions, in their order."""
    return f"""
    SELECT batch_id, status, lower(during) AS since, upper(during) AS until FROM ({ORDERS}) AS o
     WHERE batch_id = ANY({batches}) ORDER BY batch_id, since"""  # noqa: S608  (our own names)


def orders_in(rows: Iterable[Any]) -> dict[BatchId, list[BatchOrder]]:
    """The same by batch."""
    found: dict[BatchId, list[BatchOrder]] = defaultdict(list)
    for batch_id, status, since, until in rows:
        found[batch_id].append(BatchOrder(BatchStatus(status), since, until))
    return found
