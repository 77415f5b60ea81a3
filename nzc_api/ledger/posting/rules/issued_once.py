"""Case 1: a serial block issued twice."""

from collections.abc import Iterable

from nzc_api.ledger.errors.issuing import SerialBlockOverlap
from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.serials import SerialRange


def check_issued_once(
    serials: SerialRange, overlapping: Iterable[CreditBatch]
) -> SerialBlockOverlap | None:
    """Refuse a block that shares a serial with an issued batch of the registry, however its prefix is
    written there."""
    for batch in overlapping:
        return SerialBlockOverlap(
            path=("serials",), serials=str(serials), issued=str(batch.serials), batch_id=batch.id
        )
    return None
