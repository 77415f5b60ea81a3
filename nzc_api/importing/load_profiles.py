"""Rows of intervals that are plainly written, all at once: a file says the same moments, meters and units over and
over, and each is read once. A block of rows of which one is not so is read row by row (`metered`)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any, NamedTuple

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

HEADING = "meter,from,at,value,unit,estimated"


class _Of(NamedTuple):
    """A meter: its id, its code and its unit."""

    id: str
    code: str
    unit: str
    carrier: str


class _Moment(NamedTuple):
    """A moment, as the API reads it, and as people do."""

    at: datetime
    sent: str
    shown: str


@dataclass(slots=True)
class Block:
    """Rows of intervals, with what each asks for: a line of the API's table, and as people read it."""

    page: Page
    asked: Sequence[str]
    read_as: Sequence[str]
    meters: Sequence[_Of]
    starts: Sequence[_Moment]
    ends: Sequence[_Moment]

    @property
    def table(self) -> str:
        return "\n".join((HEADING, *self.asked))

    def is_apart_from(self, other: "Block") -> bool:
        """Whether no two rows of the one and the other are of one time of a meter: it is all the same which block is
        recorded first."""
        if max(self.ends).at <= min(other.starts).at or max(other.ends).at <= min(self.starts).at:
            return True
        own, others = self._extents(), other._extents()
        return all(
            own[meter][1] <= others[meter][0] or others[meter][1] <= own[meter][0]
            for meter in own.keys() & others.keys()
        )

    def _extents(self) -> dict[str, tuple[datetime, datetime]]:
        """From when to when rows are of each meter."""
        found: dict[str, tuple[datetime, datetime]] = {}
        for meter, start, end in zip(self.meters, self.starts, self.ends, strict=True):
            first, last = found.get(meter.id, (start.at, end.at))
            found[meter.id] = min(first, start.at), max(last, end.at)
        return found

    def lines(self) -> list[Line]:
        """The rows one by one."""
        return [
            Line(row, None, MeterItem(_given(asked), read_as, "recordIntervals"))
            for row, asked, read_as in zip(self.page.rows(), self.asked, self.read_as, strict=True)
        ]


def block_of(page: Page, form: Form, pilot: str | None, directory: Directory) -> Block | None:
    """The rows as a block; None where one of them is not plainly an interval."""
    of = {name: page.cells[place] for name, place in page.columns.items() if any(page.cells[place])}
    if not of.keys() >= _NEEDED or of.keys() - _NEEDED - _WANTED:
        return None
    names = [*zip(of.get("pilot", repeat(pilot)), of["meter"], strict=False)]
    values = [text.rstrip("0").rstrip(".") if "." in text else text for text in of["used"]]
    try:
        meters = _meters(names, pilot, directory)
        moments = {text: _moment(text) for text in {*of["used_from"], *of["used_to"]}}
        estimated = {
            text: "true" if text and yes(text) else "" for text in {*of.get("estimated", ())}
        }
        units = {*of.get("unit", ("",))}
        same = meters is not None and _same(units, form, meters.values())
    except UnreadableCell:
        return None
    if meters is None or not same or not _NUMBERS.fullmatch("\n".join((*of["used"], ""))):
        return None
    which = [*map(meters.__getitem__, names)]
    start, end = ([*map(moments.__getitem__, of[name])] for name in ("used_from", "used_to"))
    is_ = map(estimated.__getitem__, of["estimated"]) if "estimated" in of else repeat("")
    # Twenty thousand times: what a meter and a moment are called is not looked for in them by name.
    ids, codes, units_of, _ = zip(*which, strict=True)
    (_, sent_from, shown_from), (_, sent_to, shown_to) = (
        zip(*at, strict=True) for at in (start, end)
    )
    asked = zip(ids, sent_from, sent_to, values, repeat(""), is_, strict=False)
    read_as = zip(codes, shown_from, shown_to, values, units_of, strict=True)
    return Block(
        page,
        [*map(",".join, asked)],
        [f"{code} {a} – {b}: {value} {unit}" for code, a, b, value, unit in read_as],
        which,
        start,
        end,
    )


def _moment(text: str) -> _Moment:
    at = moment(text)
    return _Moment(at, *written(at))


def _meters(
    names: Iterable[tuple[str | None, str]], pilot: str | None, directory: Directory
) -> Mapping[tuple[str | None, str], _Of] | None:
    """The meters that rows name; None where one is not just one, with intervals."""
    distinct = {*names}
    if not all(meter and (of or pilot) for of, meter in distinct):
        return None
    named = {name: MeterOf(name[0] or pilot or "", "code", name[1]) for name in distinct}
    directory.learn(named.values())
    found: dict[tuple[str | None, str], _Of] = {}
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


def _given(asked: str) -> Mapping[str, Any]:
    return dict(zip(HEADING.split(","), asked.split(","), strict=True))
