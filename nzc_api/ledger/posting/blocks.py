"""Which batches a range of serials meets. Pure."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.serials import SerialRange
from nzc_api.numbers import number_key


class _Space(NamedTuple):
    """The batches of one registry and prefix in order, with where each begins. They never overlap, so
    no two begin with the same serial."""

    los: list[int]
    batches: list[CreditBatch]


_EMPTY = _Space([], [])


class SerialBlocks:
    """Batches by their serial blocks."""

    def __init__(self) -> None:
        self._spaces: dict[tuple[str, str], _Space] = {}
        # The prefixes of a registry that are one, but for how they are written.
        self._alike: dict[tuple[str, str], set[str]] = defaultdict(set)

    def __iter__(self) -> Iterator[CreditBatch]:
        return (batch for space in self._spaces.values() for batch in space.batches)

    def add(self, batch: CreditBatch) -> None:
        los, batches = self._spaces.setdefault(_key(batch.serials), _Space([], []))
        self._alike[_key_of_alike(batch.serials)].add(batch.serials.prefix)
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

    def meeting_however_written(self, serials: SerialRange) -> list[CreditBatch]:
        """The same, of prefixes that differ from the range's in how they are written only, too."""
        prefixes = self._alike.get(_key_of_alike(serials), ())
        return [b for p in sorted(prefixes) for b in self.meeting(replace(serials, prefix=p))]


def _key_of_alike(serials: SerialRange) -> tuple[str, str]:
    return serials.registry, number_key(serials.prefix)


def _key(serials: SerialRange) -> tuple[str, str]:
    return serials.registry, serials.prefix
