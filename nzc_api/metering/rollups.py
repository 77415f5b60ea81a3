"""Sums of what was used within days and months, kept as readings come, so that a year is not read reading by reading.
Pure; `rollup_store` keeps them, and an audit sums anew.

A span that lies within a day is in that day's sum, and one that lies within a month in that month's. One over which a
day or a month ends is in no such sum: `usage_store` shares it by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from nzc_api.china_time import SECONDS_A_DAY
from nzc_api.ids import MeterId
from nzc_api.metering.model import Meter
from nzc_api.metering.readings import ReadingPoint, ReadingSeries, ReadingSpan, seconds
from nzc_api.metering.usage import Step, UsageSums, Used, used_in, used_of

_CHINA_SECONDS = 8 * 3600
_FIRST = date(1970, 1, 1).toordinal()

N = TypeVar("N", int, NDArray[np.int64])


class Bucket(NamedTuple):
    """A day of a meter, or a month by its first day."""

    meter_id: MeterId
    step: Step
    starts_on: date


@dataclass(slots=True)
class Rollups:
    """By how much what is told in one request changes the sums."""

    changes: dict[Bucket, UsageSums] = field(default_factory=dict)

    def tell(self, meter: Meter, series: ReadingSeries, told: ReadingPoint | ReadingSpan) -> None:
        """Take what is told of a meter, before it is added to what there is beside it. Its month is among what
        changes, be it by nothing: so that a guard sees that no batch was left out."""
        moment = told.at if isinstance(told, ReadingPoint) else told.starts_at
        self._add(Bucket(meter.id, Step.MONTH, month_of(day_of(seconds(moment)))))
        for used, sign in _changed(meter, series, told):
            first, last = day_of(used.starts), day_of(used.ends - 1)
            if first == last:
                self._add(Bucket(meter.id, Step.DAY, date.fromordinal(first)), used, sign)
            if month_of(first) == month_of(last):
                self._add(Bucket(meter.id, Step.MONTH, month_of(first)), used, sign)

    def _add(self, bucket: Bucket, used: Used | None = None, sign: int = 1) -> None:
        sums = self.changes.get(bucket, UsageSums())
        self.changes[bucket] = sums if used is None else sums.plus(used, sign)


def _changed(
    meter: Meter, series: ReadingSeries, told: ReadingPoint | ReadingSpan
) -> Iterator[tuple[Used, int]]:
    """The spans that there are no more (-1), and those that there are instead (1)."""
    if isinstance(told, ReadingSpan):
        spans = ((series.beginning(told.starts_at), -1), (told, 1))
        yield from (
            (used_in(span), sign)
            for span, sign in spans
            if span is not None and span.quantity is not None
        )
        return
    before, here, after = series.beside(told.at, told.device)
    now = None if told.value is None else told
    for middle, sign in ((here, -1), (now, 1)):
        points = [point for point in (before, middle, after) if point is not None]
        # The first reading of a device has none beside it.
        if len(points) > 1:
            yield from ((used, sign) for used in used_of(points, meter.devices[told.device - 1]))


def day_of(second: N) -> N:
    """China's day on which a second lies, as an ordinal: of one, or of many at once."""
    return _FIRST + (second + _CHINA_SECONDS) // SECONDS_A_DAY


@lru_cache(4096)
def month_of(day: int) -> date:
    """The first day of a day's month."""
    return date.fromordinal(day).replace(day=1)
