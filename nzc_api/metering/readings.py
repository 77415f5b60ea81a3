"""Readings and bills: what is told, what is written, and of one meter what there is beside a new one. Pure."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from nzc_api.accounting.exact import plain
from nzc_api.china_time import CHINA_TIME, SECONDS_A_DAY
from nzc_api.ids import MeterId, OrganisationId, Position
from nzc_api.later import LATER_ALONE
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import Refusal

MOST_ITEMS = 1000

_FIRST = datetime.fromtimestamp(0, CHINA_TIME)

# Intervals of a request that come as a table.
MOST_INTERVALS = 20_000


class Mode(StrEnum):
    """How the items of a request stand to each other."""

    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    EACH_INDEPENDENT = "EACH_INDEPENDENT"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a register showed at a moment, or what was used from ``starts_at`` until then."""

    meter_id: MeterId
    at: datetime
    value: Decimal
    unit: str | None = None
    estimated: bool = False
    starts_at: datetime | None = None
    rolled_over: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Bill:
    """What was billed for days, both ends included; its cost in yuan."""

    meter_id: MeterId
    days: DateSpan
    quantity: Decimal
    unit: str | None = None
    estimated: bool = False
    cost: Decimal | None = None


Item = Reading | Bill


@dataclass(frozen=True, slots=True)
class RecordReadings:
    """Readings and bills of one request, in order; of an item that cannot be read, why."""

    items: tuple[Item | Refusal, ...]
    mode: Mode


@dataclass(frozen=True, slots=True)
class CorrectReading:
    """What a reading or a bill should have been; None: there was none. It is named by its moment, or by the
    moment at which what was used began; a register's at an exchange by its device, too. A bill's cost of which
    nothing is said stays; ``without_cost``: it is said that none is known; ``measured``: that it is no estimate."""

    meter_id: MeterId
    at: datetime
    value: Decimal | None
    document: str
    reason: str
    estimated: bool = False
    rolled_over: bool = False
    cost: Decimal | None = None
    device: int | None = None
    without_cost: bool = field(default=False, metadata=LATER_ALONE)
    measured: bool = field(default=False, metadata=LATER_ALONE)


class ReadingPoint(NamedTuple):
    """What a register showed, as it is written; None: there was no such reading."""

    at: datetime
    device: int
    turns: int
    estimated: bool
    value: Decimal | None


class ReadingSpan(NamedTuple):
    """What was used in [starts_at, ends_at), as it is written; None: nothing was told of it."""

    starts_at: datetime
    ends_at: datetime
    estimated: bool
    quantity: Decimal | None
    cost: Decimal | None


class ReadingRow(NamedTuple):
    """A point or a span of a meter, with its number in the request."""

    meter_id: MeterId
    number: int
    told: ReadingPoint | ReadingSpan


class ToldReading(NamedTuple):
    """A reading or a bill of a meter, as it counts at a position: a register's has no end and no cost, and
    what was used has no device."""

    starts_at: datetime
    ends_at: datetime | None
    device: int
    turns: int
    estimated: bool
    value: Decimal
    cost: Decimal | None
    position: Position


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings and bills that were posted together; why each other item was refused, by its number."""

    id: int
    size: int
    digest: bytes
    refused: dict[int, Refusal]
    operators: frozenset[OrganisationId]
    posted_by: int
    document: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class ReadingSeries:
    """What is known of a meter beside new readings, in order: of each device its points, and the spans; what is
    accepted is added to it."""

    points: dict[int, list[ReadingPoint]] = field(default_factory=dict)
    spans: list[ReadingSpan] = field(default_factory=list)

    def beside(
        self, at: datetime, device: int
    ) -> tuple[ReadingPoint | None, ReadingPoint | None, ReadingPoint | None]:
        """The reading of a device before a moment, at it, and after it."""
        points = self.points.get(device, [])
        place = bisect_left(points, (at,))
        before = points[place - 1] if place else None
        here = points[place] if place < len(points) and points[place].at == at else None
        after = place + (here is not None)
        return before, here, points[after] if after < len(points) else None

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> ReadingSpan | None:
        """What was told of a part of the time already. As nothing there overlaps, the last that begins before
        the end is it, if any is."""
        place = bisect_left(self.spans, (ends_at,))
        last = self.spans[place - 1] if place else None
        return last if last is not None and last.ends_at > starts_at else None

    def beginning(self, starts_at: datetime) -> ReadingSpan | None:
        """What was told of the time from a moment on."""
        place = bisect_left(self.spans, (starts_at,))
        here = self.spans[place] if place < len(self.spans) else None
        return here if here is not None and here.starts_at == starts_at else None

    def add(self, told: ReadingPoint | ReadingSpan) -> None:
        if isinstance(told, ReadingPoint):
            insort(self.points.setdefault(told.device, []), told, key=lambda point: point.at)
        else:
            insort(self.spans, told, key=lambda span: span.starts_at)


def line_of(row: ReadingRow) -> str:
    """A row as a digest covers it; a guard and the audit write the same lines."""
    told = row.told
    facts: Iterable[object]
    if isinstance(told, ReadingPoint):
        facts = (seconds(told.at), told.device, told.turns, "E" if told.estimated else "A",
                 _number(told.value))  # fmt: skip
    else:
        facts = (seconds(told.starts_at), seconds(told.ends_at), "E" if told.estimated else "A",
                 _number(told.quantity), _number(told.cost))  # fmt: skip
    return " ".join(map(str, (row.number, row.meter_id, *facts)))


def seconds(moment: datetime) -> int:
    """A moment as seconds since 1970 began in UTC."""
    since = moment - _FIRST
    return since.days * SECONDS_A_DAY + since.seconds


def _number(value: Decimal | None) -> str:
    return "-" if value is None else plain(value)
