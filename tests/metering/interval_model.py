"""What meters with intervals are to say: a small model, which keeps what was accepted in a list and knows no table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import count, pairwise
from math import floor
from typing import NamedTuple

from nzc_api.metering.model import midnight
from nzc_api.metering.readings import seconds

AN_HOUR, A_DAY = 3600, 86_400
FOREVER = 2**62

Gap = tuple[int, int]


class Interval(NamedTuple):
    """What is told of a meter, one of a list, from a second to another, in millionths; None: nothing after all."""

    meter: int
    starts: int
    ends: int
    millionths: int | None
    estimated: bool

    def share(self, first: int, last: int) -> int:
        """What falls to its part from a second to another: up to each rounded once, half up."""
        return self._until(min(last, self.ends)) - self._until(max(first, self.starts))

    def _until(self, second: int) -> int:
        assert self.millionths is not None
        passed = Fraction(second - self.starts, self.ends - self.starts)
        return floor(self.millionths * passed + Fraction(1, 2))


class Accepted(NamedTuple):
    """An interval, since a position of the log."""

    position: int
    interval: Interval


class Refusal(NamedTuple):
    """Why an interval is refused, and the last one that is in its way."""

    code: str
    other: Interval


class Use(NamedTuple):
    """What was used in some time, how much of that is estimated, and of how many seconds it is measured, estimated
    and missing."""

    millionths: int
    estimated_millionths: int
    measured: int
    estimated: int
    missing: int


@dataclass
class IntervalModel:
    accepted: list[Accepted] = field(default_factory=list)

    def latest(self, meter: int, as_of: int = FOREVER) -> list[Accepted]:
        """What was told last of each beginning, by time."""
        found = {
            one.interval.starts: one
            for one in self.accepted
            if one.interval.meter == meter and one.position <= as_of
        }
        return [found[starts] for starts in sorted(found)]

    def counting(self, meter: int, as_of: int = FOREVER) -> list[Accepted]:
        """What counts: where nothing is told after all, nothing does."""
        return [one for one in self.latest(meter, as_of) if one.interval.millionths is not None]

    def between(self, meter: int, first: int, last: int, as_of: int = FOREVER) -> list[Accepted]:
        """What counts that reaches into some time."""
        return [
            one
            for one in self.counting(meter, as_of)
            if one.interval.starts < last and one.interval.ends > first
        ]

    def refusal(self, told: Interval) -> Refusal | None:
        """Why an interval is refused beside what counts, if it is."""
        there = [one.interval for one in self.between(told.meter, told.starts, told.ends)]
        if not there:
            return None
        if [one[:3] for one in there] == [told[:3]]:
            return Refusal("READING_ALREADY_RECORDED", there[-1])
        return Refusal("CONSUMPTION_OVERLAPS", there[-1])

    def tell(
        self, position: int, told: Sequence[Interval], *, together: bool = False
    ) -> dict[int, Refusal]:
        """Take what is told at once, in order, where it is not refused; ``together``: all of it or nothing. Why each
        other is refused, by its number."""
        refused, before = dict[int, Refusal](), [*self.accepted]
        for number, one in enumerate(told):
            why = self.refusal(one)
            if why is None:
                self.accepted.append(Accepted(position, one))
            else:
                refused[number] = why
        if refused and together:
            self.accepted = before
        return refused

    def correct(self, position: int, told: Interval) -> None:
        self.accepted.append(Accepted(position, told))

    def use(self, meter: int, first: int, last: int, as_of: int = FOREVER) -> Use:
        """What a meter used from a second to another, all of which it was there."""
        used, lengths = [0, 0], [0, 0]
        for _, one in self.between(meter, first, last, as_of):
            used[one.estimated] += one.share(first, last)
            lengths[one.estimated] += min(last, one.ends) - max(first, one.starts)
        return Use(
            millionths=sum(used),
            estimated_millionths=used[True],
            measured=lengths[False],
            estimated=lengths[True],
            missing=last - first - sum(lengths),
        )

    def gaps(self, meter: int, first: int, last: int) -> list[Gap]:
        """The parts of some time of which nothing counts."""
        there = [one.interval for one in self.between(meter, first, last)]
        ends = [first, *(one.ends for one in there)]
        starts = [*(one.starts for one in there), last]
        return [gap for gap in zip(ends, starts, strict=True) if gap[0] < gap[1]]

    def filling(self, meter: int, gaps: Iterable[Gap], millionths: int) -> Iterator[Interval]:
        """What fills gaps with so much, spread evenly over them: each gap until midnight, day by day."""
        parts = [part for gap in gaps for part in _by_days(*gap)]
        whole = Interval(
            meter=meter,
            starts=0,
            ends=sum(end - start for start, end in parts),
            millionths=millionths,
            estimated=True,
        )
        passed = 0
        for start, end in parts:
            share = whole.share(passed, passed + end - start)
            yield Interval(meter=meter, starts=start, ends=end, millionths=share, estimated=True)
            passed += end - start


def second_of(day: date) -> int:
    """The second at which a day of China's begins."""
    return seconds(midnight(day))


def _by_days(start: int, end: int) -> Iterator[Gap]:
    midnights = (second for second in count(second_of(date(2024, 1, 1)), A_DAY) if second > start)
    moments = [start]
    while moments[-1] < end:
        moments.append(min(next(midnights), end))
    return pairwise(moments)
