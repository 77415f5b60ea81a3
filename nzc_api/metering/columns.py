"""Intervals by the ten thousand, column by column: the meters with which all is plainly in order are told apart in one
go. What is not is decided reading by reading (`reading_rules`), which says why. Pure; whole numbers only.

A meter is in order where each of its rows would be accepted by the rules, in whatever order they came.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nzc_api.china_time import CHINA_TIME
from nzc_api.ids import MeterId
from nzc_api.metering.amounts import amount, millionths
from nzc_api.metering.model import Meter, MeterKind
from nzc_api.metering.reading_rules import LONGEST_INTERVAL
from nzc_api.metering.readings import Reading, ReadingSeries, seconds
from nzc_api.metering.rollups import Bucket, Rollups, day_of, month_of
from nzc_api.metering.usage import Step, UsageSums

Numbers: TypeAlias = NDArray[np.int64]
Truths: TypeAlias = NDArray[np.bool_]

# Digits before the point that a column takes: what twenty thousand rows sum to is a whole number of 64 bits.
DIGITS = 8

_SECONDS_AN_HOUR = 3600
_LONGEST = int(LONGEST_INTERVAL.total_seconds())

# Before, and after, all that a column has.
_NEVER = 2**62


class Run(NamedTuple):
    """Intervals of a meter that follow one another without a gap: one span, for what lies beside them."""

    meter_id: MeterId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Columns:
    """Intervals: their numbers in the request, their meters, from which second until which, how much was used in
    millionths of the meter's unit, and whether that is estimated (1) or not (0)."""

    numbers: Numbers
    meters: Numbers
    starts: Numbers
    ends: Numbers
    millionths: Numbers
    estimated: Numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, which: Truths | NDArray[np.intp]) -> "Columns":
        """Some of them, or all in another order."""
        return Columns(*(column[which] for column in self._columns()))

    def by_meter(self) -> "Columns":
        """Each meter's, by time."""
        return self.take(np.lexsort((self.starts, self.meters)))

    def of_meters(self, meters: Iterable[MeterId]) -> "Columns":
        return self.take(np.isin(self.meters, [*meters]))

    def without(self, meters: Iterable[MeterId]) -> "Columns":
        return self.take(np.isin(self.meters, [*meters], invert=True))

    def meter_ids(self) -> set[MeterId]:
        return {*map(MeterId, np.unique(self.meters).tolist())}

    def readings(self) -> Iterator[tuple[int, Reading]]:
        """Each by itself, with its number."""
        for number, meter, starts, ends, used, estimated in self._rows():
            quality = bool(estimated)
            at, since = (datetime.fromtimestamp(second, CHINA_TIME) for second in (ends, starts))
            yield number, Reading(MeterId(meter), at, amount(used), None, quality, since, late=True)

    def _rows(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        return zip(*(column.tolist() for column in self._columns()), strict=True)

    def _columns(self) -> Iterator[Numbers]:
        return (getattr(self, field.name) for field in fields(self))


NO_COLUMNS = Columns(*[np.zeros(0, np.int64)] * 6)


@dataclass(frozen=True, slots=True)
class Stretches:
    """Intervals of a meter that follow one another in time, each as long: from which second until which they are, how
    long each is, and the most that was used in one."""

    meters: Numbers
    starts: Numbers
    ends: Numbers
    lengths: Numbers
    most: Numbers

    @classmethod
    def of(cls, columns: Columns) -> "Stretches":
        """Those of columns that are by meter and time."""
        lengths = columns.ends - columns.starts
        goes_on = np.zeros(len(columns), np.bool_)
        goes_on[1:] = (columns.meters[1:] == columns.meters[:-1]) & (lengths[1:] == lengths[:-1])
        begins, ends = pieces(goes_on)
        return cls(
            columns.meters[begins],
            columns.starts[begins],
            columns.ends[ends],
            lengths[begins],
            np.maximum.reduceat(columns.millionths, begins),
        )


@dataclass(frozen=True, slots=True)
class Ordered:
    """Columns by meter and time, with what is asked of them while all others wait: the meters, those of which two rows
    share a second, and the stretches and the runs that they are."""

    columns: Columns
    meters: AbstractSet[MeterId]
    crossed: AbstractSet[MeterId]
    stretches: Stretches
    runs: Sequence[Run]

    @classmethod
    def of(cls, columns: Columns) -> "Ordered":
        by_meter = columns.by_meter()
        crossed = by_meter.take(_follow(by_meter, np.greater)).meter_ids()
        return cls(by_meter, by_meter.meter_ids(), crossed, Stretches.of(by_meter), _runs(by_meter))

    def of_meters(self, meters: AbstractSet[MeterId]) -> Columns:
        """The columns of some of the meters."""
        return self.columns if meters == self.meters else self.columns.of_meters(meters)


def _runs(columns: Columns) -> list[Run]:
    """The runs of columns that are by meter and time."""
    begins, ends = pieces(_follow(columns, np.equal))
    found = (columns.meters[begins], columns.starts[begins], columns.ends[ends])
    return [
        Run(MeterId(meter), *(datetime.fromtimestamp(second, CHINA_TIME) for second in span))
        for meter, *span in zip(*(column.tolist() for column in found), strict=True)
    ]


def pieces(goes_on: Truths) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and the last row of each piece; of each row whether the piece of the one before it goes on."""
    begins = np.flatnonzero(~goes_on)
    return begins, np.append(begins[1:], len(goes_on))[: len(begins)] - 1


def in_order(ordered: Ordered, meters: Mapping[MeterId, Meter], now: datetime) -> set[MeterId]:
    """The meters, of those given, all of whose rows are in order by themselves and beside each other."""
    stretches = ordered.stretches
    bad = (
        (stretches.lengths <= 0) | (stretches.lengths > _LONGEST) | (stretches.ends > seconds(now))
    )
    ids, which = np.unique(stretches.meters, return_inverse=True)
    own = [meters.get(MeterId(meter_id)) for meter_id in ids.tolist()]
    first, last = np.array([_bounds(meter) for meter in own], np.int64).reshape(-1, 2).T
    bad |= (stretches.starts < first[which]) | (stretches.ends > last[which])
    bad |= stretches.most > _most(own, which, np.clip(stretches.lengths, 0, _LONGEST))
    return {*ordered.meters} - ordered.crossed - {*map(MeterId, stretches.meters[bad].tolist())}


def disturbed(runs: Iterable[Run], series: Mapping[int, ReadingSeries]) -> set[MeterId]:
    """The meters of which a part of a run is told already; ``known``: what begins last before each run's end."""
    return {
        run.meter_id
        for run in runs
        if run.meter_id in series
        and series[run.meter_id].overlapping(run.starts_at, run.ends_at) is not None
    }


def rollups_of(columns: Columns) -> Rollups:
    """By how much intervals, by meter and time, change the sums, where none of them was told before."""
    rollups = Rollups()
    if not len(columns):
        return rollups
    first, last = day_of(columns.starts), day_of(columns.ends - 1)
    within_day = first == last
    for bucket, sums in _sums(columns.take(within_day), Step.DAY, first[within_day]):
        rollups.changes[bucket] = sums
    # The month in which a row begins is among what changes, be it by nothing.
    months = _months(first)
    for bucket, sums in _sums(columns, Step.MONTH, months, months == _months(last)):
        rollups.changes[bucket] = sums
    return rollups


def _sums(
    columns: Columns, step: Step, days: Numbers, counted: Truths | None = None
) -> Iterator[tuple[Bucket, UsageSums]]:
    """What columns come to by meter and day, of those that are ``counted``; the days are ordinals, in order."""
    if not len(columns):
        return
    new = np.ones(len(columns), np.bool_)
    new[1:] = (columns.meters[1:] != columns.meters[:-1]) | (days[1:] != days[:-1])
    begins = np.flatnonzero(new)
    one = 1 if counted is None else counted
    lengths, used = (columns.ends - columns.starts) * one, columns.millionths * one
    parts = (used, used * columns.estimated, lengths, lengths * columns.estimated)
    sums = (np.add.reduceat(part, begins).tolist() for part in parts)
    for meter, day, *values in zip(
        columns.meters[begins].tolist(), days[begins].tolist(), *sums, strict=True
    ):
        yield Bucket(meter, step, date.fromordinal(day)), UsageSums(*values)


def _months(days: Numbers) -> Numbers:
    """The first day of each day's month."""
    found, which = np.unique(days, return_inverse=True)
    return np.array([month_of(day).toordinal() for day in found.tolist()], np.int64)[which]


def _follow(columns: Columns, how: Callable[[Numbers, Numbers], Truths]) -> Truths:
    """Of each row whether the end of the one before it, of the same meter, is as it says beside its beginning."""
    found = np.zeros(len(columns), np.bool_)
    same = columns.meters[1:] == columns.meters[:-1]
    found[1:] = same & how(columns.ends[:-1], columns.starts[1:])
    return found


def _bounds(meter: Meter | None) -> tuple[int, int]:
    """From which second until which a meter has intervals; none where it is no meter of such."""
    if meter is None or meter.kind is not MeterKind.INTERVAL:
        return _NEVER, -_NEVER
    return seconds(meter.starts_at), _NEVER if meter.ends_at is None else seconds(meter.ends_at)


def _most(meters: list[Meter | None], which: NDArray[np.intp], lengths: Numbers) -> Numbers:
    """The millionths that pass at full load in so many seconds."""
    found, places = np.unique(which * (_LONGEST + 1) + lengths, return_inverse=True)
    pairs = (divmod(pair, _LONGEST + 1) for pair in found.tolist())
    most = [_passing(meters[number], length) for number, length in pairs]
    return np.array(most, np.int64)[places]


def _passing(meter: Meter | None, length: int) -> int:
    if meter is None or meter.kind is not MeterKind.INTERVAL:
        return -1
    [device] = meter.devices  # Only registers are exchanged.
    an_hour = millionths(device.facts.maximum_per_hour)
    return min(an_hour * length // _SECONDS_AN_HOUR, _NEVER)
