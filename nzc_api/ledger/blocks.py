"""Which batches a range of serials meets. Pure."""

from bisect import bisect_left, insort
from collections.abc import Iterator

from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.serials import SerialRange


class Blocks:
    """Batches by their serial blocks. Those of one registry and prefix never overlap, so no two begin
    with the same serial."""

    def __init__(self) -> None:
        self._spaces: dict[tuple[str, str], list[tuple[int, CreditBatch]]] = {}

    def __iter__(self) -> Iterator[CreditBatch]:
        return (batch for blocks in self._spaces.values() for _, batch in blocks)

    def add(self, batch: CreditBatch) -> None:
        blocks = self._spaces.setdefault(_space(batch.serials), [])
        insort(blocks, (batch.serials.lo, batch))

    def remove(self, batch: CreditBatch) -> None:
        self._spaces[_space(batch.serials)].remove((batch.serials.lo, batch))

    def meeting(self, serials: SerialRange) -> list[CreditBatch]:
        """The batches that share a serial with the range, in order."""
        blocks = self._spaces.get(_space(serials), [])
        start = max(bisect_left(blocks, (serials.lo + 1,)) - 1, 0)
        stop = bisect_left(blocks, (serials.hi,), start)
        return [batch for _, batch in blocks[start:stop] if serials.lo < batch.serials.hi]


def _space(serials: SerialRange) -> tuple[str, str]:
    return serials.registry, serials.prefix
