"""Which batches a range of serials meets. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.serials import SerialRange


class _Space(NamedTuple):
    """The batches of one registry and prefix in order, with where each begins. They never overlap, so
    no two begin with the same serial."""

    los: list[int]
    batches: list[CreditBatch]


_EMPTY = _Space([], [])


class Blocks:
    """Batches by their serial blocks."""

    def __init__(self) -> None:
        self._spaces: dict[tuple[str, str], _Space] = {}

    def __iter__(self) -> Iterator[CreditBatch]:
        return (batch for space in self._spaces.values() for batch in space.batches)

    def add(self, batch: CreditBatch) -> None:
        los, batches = self._spaces.setdefault(_key(batch.serials), _Space([], []))
        place = bisect_left(los, batch.serials.lo)
        los.insert(place, batch.serials.lo)
        batches.insert(place, batch)

    def remove(self, batch: CreditBatch) -> None:
        los, batches = self._spaces[_key(batch.serials)]
        place = bisect_left(los, batch.serials.lo)
        del los[place], batches[place]

    def meeting(self, serials: SerialRange) -> list[CreditBatch]:
        """The batches that share a serial with the range, in order."""
        los, batches = self._spaces.get(_key(serials), _EMPTY)
        start = max(bisect_right(los, serials.first) - 1, 0)
        stop = bisect_right(los, serials.last, start)
        return [b for b in batches[start:stop] if serials.first <= b.serials.last]


def _key(serials: SerialRange) -> tuple[str, str]:
    return serials.registry, serials.prefix
