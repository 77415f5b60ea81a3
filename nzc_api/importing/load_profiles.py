"""Rows of intervals that are plainly written, all at once: a file says the same moments, meters and units over and
over, and each is read once. A block of rows of which one is not so is read row by row (`metered`)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from nzc_api.files.cells import UnreadableCell, moment, yes
from nzc_api.files.table import Page
from nzc_api.importing.metered import Form, MeterItem, MeterOf, factor_of, written
from nzc_api.importing.named import Directory
from nzc_api.importing.sending import Line
from nzc_api.metering.model import MeterKind

_NEEDED = {"meter", "used_from", "used_to", "used"}
_WANTED = {"pilot", "unit", "estimated"}

# Numbers, each on a line.
_NUMBERS = re.compile(r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\n)*")


# The columns of the API's table. A block has no unit, for it has the meters'.
HEADING = ("meter", "from", "at", "value", "unit", "estimated")
_HEADING = ("meter", "from", "at", "value")

# A pilot and a meter of it, as a row names them.
_Name: TypeAlias = tuple[str | None, str]

_Extent: TypeAlias = tuple[datetime, datetime]


class _Of(NamedTuple):
    """A meter: its id, its code and its unit."""

    id: str
    code: str
    unit: str
    carrier: str


class _Time(NamedTuple):
    """From when to when, as the API reads it, and as people do."""

    starts_at: datetime
    ends_at: datetime
    sent: str
    shown: str


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of intervals: of which meter and of when each is, how much was used, and whether that is estimated, where
    one says so; and from when to when they are."""

    page: Page
    meters: Sequence[_Of]
    times: Sequence[_Time]
    values: Sequence[str]
    estimated: Sequence[str] | None
    extent: _Extent

    @property
    def heading(self) -> Sequence[str]:
        return _HEADING if self.estimated is None else (*_HEADING, "estimated")

    @property
    def table(self) -> bytes:
        """What the API is asked for."""
        return "\n".join((",".join(self.heading), *map(",".join, self._asked()))).encode()

    def read_as(self) -> Sequence[str]:
        """Each row as people read it."""
        codes, units = (_each(self.meters, fact) for fact in ("code", "unit"))
        rows = zip(codes, _each(self.times, "shown"), self.values, units, strict=True)
        return [f"{code} {time}: {value} {unit}" for code, time, value, unit in rows]

    def lines(self) -> list[Line]:
        """The rows one by one."""
        heading = self.heading
        return [
            Line(row, None, MeterItem(_given(heading, ",".join(asked)), text, "recordIntervals"))
            for row, asked, text in zip(
                self.page.rows(), self._asked(), self.read_as(), strict=True
            )
        ]

    def is_apart_from(self, other: "Block") -> bool:
        """Whether no two rows of the one and the other are of one time of a meter: it is all the same which block is
        recorded first."""
        if _are_apart(self.extent, other.extent):
            return True
        own, others = self._extents(), other._extents()
        return all(_are_apart(own[meter], others[meter]) for meter in own.keys() & others.keys())

    def _asked(self) -> Iterator[Sequence[str]]:
        """The rows of the API's table: a meter, a time and how much, and whether that is estimated."""
        columns = [_each(self.meters, "id"), _each(self.times, "sent"), self.values]
        if self.estimated is not None:
            columns.append(self.estimated)
        return zip(*columns, strict=True)

    def _extents(self) -> dict[str, _Extent]:
        """From when to when rows are of each meter."""
        found = defaultdict[str, set[_Time]](set)
        for meter, time in zip(self.meters, self.times, strict=True):
            found[meter.id].add(time)
        return {meter: _extent(times) for meter, times in found.items()}


def _each(rows: Sequence[_Of | _Time], fact: str) -> Sequence[str]:
    return [*map(attrgetter(fact), rows)]


def _given(heading: Sequence[str], asked: str) -> Mapping[str, str]:
    return dict.fromkeys(HEADING, "") | dict(zip(heading, asked.split(","), strict=True))


def _extent(times: Iterable[_Time]) -> _Extent:
    """From when to when times are."""
    starts, ends, _, _ = zip(*times, strict=True)
    return min(starts), max(ends)


def _are_apart(one: _Extent, other: _Extent) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def block_of(page: Page, form: Form, pilot: str | None, directory: Directory) -> Block | None:
    """The rows as a block; None where one of them is not plainly an interval."""
    of = {name: page.cells[place] for name, place in page.columns.items() if any(page.cells[place])}
    if not of.keys() >= _NEEDED or of.keys() - _NEEDED - _WANTED:
        return None
    if not _NUMBERS.fullmatch("\n".join((*of["used"], ""))):
        return None
    names = [*zip(of.get("pilot", repeat(pilot)), of["meter"], strict=False)]
    spans = [*zip(of["used_from"], of["used_to"], strict=True)]
    try:
        meters = _meters(names, pilot, directory)
        times = {span: _time(*span) for span in {*spans}}
        quality = {
            text: "true" if text and yes(text) else "" for text in {*of.get("estimated", ())}
        }
        if meters is None or not _same({*of.get("unit", ("",))}, form, meters.values()):
            return None
    except UnreadableCell:
        return None
    return Block(
        page=page,
        meters=[*map(meters.__getitem__, names)],
        times=[*map(times.__getitem__, spans)],
        values=[text.rstrip("0").rstrip(".") if "." in text else text for text in of["used"]],
        estimated=[quality[text] for text in of["estimated"]] if any(quality.values()) else None,
        extent=_extent(times.values()),
    )


def _time(starts: str, ends: str) -> _Time:
    starts_at, ends_at = moment(starts), moment(ends)
    (sent_start, shown_start), (sent_end, shown_end) = written(starts_at), written(ends_at)
    return _Time(starts_at, ends_at, f"{sent_start},{sent_end}", f"{shown_start} – {shown_end}")


def _meters(
    names: Iterable[_Name], pilot: str | None, directory: Directory
) -> Mapping[_Name, _Of] | None:
    """The meters that rows name; None where one is not just one, with intervals."""
    distinct = {*names}
    if not all(meter and (of or pilot) for of, meter in distinct):
        return None
    named = {name: MeterOf(name[0] or pilot or "", "code", name[1]) for name in distinct}
    directory.learn(named.values())
    found: dict[_Name, _Of] = {}
    for name, meter_of in named.items():
        match directory.known[meter_of]:
            case [meter] if meter["meterKind"] == MeterKind.INTERVAL:
                found[name] = _Of(meter["id"], meter["code"], meter["unit"], meter["carrier"])
            case _:
                return None
    return found


def _same(units: Iterable[str], form: Form, meters: Iterable[_Of]) -> bool:
    """Whether the units that rows say are the meters'."""
    said = {text or form.units.get("used") for text in units} - {None}
    own = {(meter.unit, meter.carrier) for meter in meters}
    return all(factor_of(text, unit, carrier) == 1 for text in said for unit, carrier in own)
