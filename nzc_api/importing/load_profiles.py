"""Rows of intervals that are plainly written, all at once: a file says the same moments, meters and units over and
over, and each is read once. A block of rows of which one is not so is read row by row (`metered`)."""

import base64
import json
import re
import struct
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from nzc_api.files.cells import UnreadableCell, moment, yes
from nzc_api.files.table import TablePage, stripped
from nzc_api.files.writing import Piece, csv_cells, csv_rows, is_plain
from nzc_api.importing.metered import Layout, MeterItem, MeterOf, factor_of, written
from nzc_api.importing.named import Directory
from nzc_api.importing.sending import ResultLine
from nzc_api.metering.model import MeterKind

_NEEDED = {"meter", "used_from", "used_to", "used"}
_WANTED = {"pilot", "unit", "estimated"}

# Numbers, each on a line.
_NUMBERS = re.compile(r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\n)*")

# A pilot and a meter of it, as a row names them.
_Name: TypeAlias = tuple[str, str]

_Extent: TypeAlias = tuple[datetime, datetime]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Meter(NamedTuple):
    """A meter: its id, its code and its unit."""

    id: str
    code: str
    unit: str
    carrier: str


class _Time(NamedTuple):
    """From when to when, as the API reads it, and as people do."""

    starts_at: datetime
    ends_at: datetime
    sent: tuple[str, str]
    shown: str


@dataclass(frozen=True, slots=True)
class _Column(Generic[K]):
    """What rows say, each once; and which of these each row says."""

    said: Sequence[K]
    which: Sequence[int]

    @classmethod
    def of(cls, rows: Iterable[K]) -> "_Column[K]":
        numbers = _Numbers[K]()
        which = [*map(numbers.__getitem__, rows)]
        return cls([*numbers], which)

    def each(self, told: Callable[[K], V]) -> Sequence[V]:
        """What is told of each row."""
        return [*map([*map(told, self.said)].__getitem__, self.which)]

    def means(self, read: Callable[[K], V]) -> "_Column[V]":
        """The same rows, with what is read of what they say."""
        return _Column([*map(read, self.said)], self.which)


class _Numbers(dict[K, int]):
    """The number of each key, in the order in which they were first asked for."""

    def __missing__(self, key: K) -> int:
        return self.setdefault(key, len(self))


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of intervals: of which meter and of when each is, how much was used, and whether that is estimated ("1") or
    not ("0"), where one says so; from when to when they are; and each row as CSV has it."""

    page: TablePage
    meters: _Column[_Meter]
    times: _Column[_Time]
    values: Sequence[str]
    estimated: Sequence[str] | None
    extent: _Extent
    rows: Sequence[str]

    @property
    def asked(self) -> bytes:
        """What the API is asked for: columns as JSON."""
        columns = {
            "meters": [meter.id for meter in self.meters.said],
            "times": [time.sent for time in self.times.said],
            "meter": _packed(self.meters.which),
            "time": _packed(self.times.which),
            "value": ",".join(self.values),
        }
        quality = {} if self.estimated is None else {"estimated": "".join(self.estimated)}
        return json.dumps(columns | quality).encode()

    def read_as(self) -> Sequence[Piece]:
        """Each row as people read it, in pieces that CSV has as they are."""
        if not all(is_plain(meter.code) and is_plain(meter.unit) for meter in self.meters.said):
            return [csv_cells(self._texts())]
        return [
            self.meters.each(lambda meter: f"{meter.code} "),
            self.times.each(lambda time: f"{time.shown}: "),
            self.values,
            self.meters.each(lambda meter: f" {meter.unit}"),
        ]

    def lines(self) -> list[ResultLine]:
        """The rows one by one."""
        ids, times = self.meters.each(attrgetter("id")), self.times.each(attrgetter("sent"))
        quality = self.estimated or ["0"] * len(self.values)
        asked = zip(ids, times, self.values, quality, strict=True)
        return [
            ResultLine(row, None, MeterItem(_given(*facts), text, "recordIntervals"))
            for row, facts, text in zip(self.page.rows(), asked, self._texts(), strict=True)
        ]

    def is_apart_from(self, other: "Block") -> bool:
        """Whether no two rows of the one and the other are of one time of a meter: it is all the same which block is
        recorded first."""
        if _are_apart(self.extent, other.extent):
            return True
        own, others = self._extents(), other._extents()
        return all(_are_apart(own[meter], others[meter]) for meter in own.keys() & others.keys())

    def _texts(self) -> Sequence[str]:
        """Each row as people read it."""
        codes, units = (self.meters.each(attrgetter(fact)) for fact in ("code", "unit"))
        rows = zip(codes, self.times.each(attrgetter("shown")), self.values, units, strict=True)
        return [f"{code} {time}: {value} {unit}" for code, time, value, unit in rows]

    def _extents(self) -> dict[str, _Extent]:
        """From when to when rows are of each meter."""
        found = defaultdict[str, set[int]](set)
        for meter, time in {*zip(self.meters.which, self.times.which, strict=True)}:
            found[self.meters.said[meter].id].add(time)
        return {
            meter_id: _extent(map(self.times.said.__getitem__, times))
            for meter_id, times in found.items()
        }


def _packed(numbers: Sequence[int]) -> str:
    """Whole numbers of 16 bits, the low byte first, in base64."""
    return base64.b64encode(struct.pack(f"<{len(numbers)}H", *numbers)).decode()


def _given(meter: str, time: tuple[str, str], value: str, estimated: str) -> Mapping[str, str]:
    """A row of the API's table. It has no unit, for it has the meter's."""
    return {
        "meter": meter, "from": time[0], "at": time[1], "value": value, "unit": "",
        "estimated": "true" if estimated == "1" else "",
    }  # fmt: skip


def _extent(times: Iterable[_Time]) -> _Extent:
    """From when to when times are."""
    starts, ends, _, _ = zip(*times, strict=True)
    return min(starts), max(ends)


def _are_apart(one: _Extent, other: _Extent) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def block_of(
    page: TablePage, layout: Layout, pilot: str | None, directory: Directory
) -> Block | None:
    """The rows as a block; None where one of them is not plainly an interval."""
    cells = {
        name: page.cells[place]
        for name, place in page.columns.items()
        if any(map(str.strip, page.cells[place]))
    }
    if not cells.keys() >= _NEEDED or cells.keys() - _NEEDED - _WANTED:
        return None
    values = _numbers(cells["used"])
    if values is None:
        return None
    none = [""] * len(values)
    names = _Column.of(zip(cells.get("pilot", none), cells["meter"], strict=True))
    spans = _Column.of(zip(cells["used_from"], cells["used_to"], strict=True))
    units = _Column.of(cells.get("unit", none))
    quality = _Column.of(cells.get("estimated", none))
    try:
        meters = _meters(names, pilot, directory)
        times = spans.means(lambda span: _time(*map(str.strip, span)))
        estimated = quality.means(_quality)
        if meters is None or not _same(units.said, layout, meters.said):
            return None
    except UnreadableCell:
        return None
    said = chain(units.said, quality.said, *names.said, *spans.said)
    return Block(
        page=page,
        meters=meters,
        times=times,
        values=[_without_zeros(text) if text[-1] == "0" else text for text in values],
        estimated=estimated.each(str) if "1" in estimated.said else None,
        extent=_extent(times.said),
        rows=_rows(page, cells, said if values is cells["used"] else cells["used"]),
    )


def _numbers(cells: Sequence[str]) -> Sequence[str] | None:
    """The numbers in the cells of a column; None where one is not plainly written."""
    for texts in (cells, stripped(cells)):
        if _NUMBERS.fullmatch("\n".join((*texts, ""))):
            return texts
    return None


def _without_zeros(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _quality(text: str) -> str:
    return "1" if text.strip() and yes(text.strip()) else "0"


def _time(starts: str, ends: str) -> _Time:
    starts_at, ends_at = moment(starts), moment(ends)
    (sent_start, shown_start), (sent_end, shown_end) = written(starts_at), written(ends_at)
    return _Time(
        starts_at=starts_at,
        ends_at=ends_at,
        sent=(sent_start, sent_end),
        shown=f"{shown_start} – {shown_end}",
    )


def _meters(
    names: _Column[_Name], pilot: str | None, directory: Directory
) -> _Column[_Meter] | None:
    """The meters that rows name; None where one is not just one, with intervals."""
    told = [(owner.strip() or pilot, meter.strip()) for owner, meter in names.said]
    named = [MeterOf(owner, "code", meter) for owner, meter in told if owner and meter]
    if len(named) < len(told):
        return None
    directory.learn(named)
    found = [directory.found[one] for one in named]
    if not all(
        len(candidates or ()) == 1 and candidates[0]["meterKind"] == MeterKind.INTERVAL
        for candidates in found
    ):
        return None
    facts = itemgetter("id", "code", "unit", "carrier")
    return _Column([_Meter(*facts(meter)) for [meter] in found], names.which)


def _same(units: Iterable[str], layout: Layout, meters: Iterable[_Meter]) -> bool:
    """Whether the units that rows say are the meters'."""
    said = {text.strip() or layout.units.get("used") for text in units} - {None}
    own = {(meter.unit, meter.carrier) for meter in meters}
    return all(factor_of(text, unit, carrier) == 1 for text in said for unit, carrier in own)


def _rows(page: TablePage, read: Iterable[str], said: Iterable[str]) -> Sequence[str]:
    """Each row as CSV has it: as the file does where all that is ``said`` in the columns that are ``read``, but for
    numbers, and in the others would be written so."""
    places = {page.columns[name] for name in read}
    others = (cells for place, cells in enumerate(page.cells) if place not in places)
    cells = {*said, *chain.from_iterable(others)}
    if page.lines is not None and all(cell == cell.strip() and is_plain(cell) for cell in cells):
        return page.lines
    return csv_rows([*map(stripped, page.cells)])
