"""Intervals as CSV, as the API takes them by the ten thousand. Pure.

A row that is plainly written is a row of columns; every other is read by itself, and where it cannot be, why.
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import TypeVar

import numpy as np

from nzc_api.files.plain import columns_of_lines
from nzc_api.ids import MeterId
from nzc_api.metering.amounts import DECIMALS, millionths
from nzc_api.metering.columns import DIGITS, NO_COLUMNS, Columns, Numbers
from nzc_api.metering.numerals import NOT_PLAIN, millionths_of
from nzc_api.metering.once import Once
from nzc_api.metering.readings import MOST_INTERVALS, Item, Reading, seconds
from nzc_api.refusal import InvalidInput, Refusal, Refused

NEEDED = ("meter", "from", "at", "value")
WANTED = ("unit", "estimated")

# Characters of a cell that a refusal shows.
MOST_SHOWN = 80

T = TypeVar("T")

# Which meter a text names; raises ``Refused``.
MeterOf = Callable[[str], MeterId]

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_TRUTHS = {"": False, "false": False, "true": True}

# What columns have is less.
_MOST = 10**DIGITS

# Fewer intervals of a request than these are no columns.
FEW = 50

# Whole seconds that a column has: since 1970 began, within the calendar.
_SECONDS = range(253_000_000_000)


@dataclass(frozen=True, slots=True)
class IntervalRows:
    """The rows of a request: those that are plainly written as columns, the others by their numbers from 0."""

    size: int
    columns: Columns
    others: Mapping[int, Item | Refusal]


def read_rows(table: bytes, meter_of: MeterOf) -> IntervalRows:
    """The rows of a table. Raises ``Refused`` where the table as a whole is none."""
    heading, columns, odd = _cells(table)
    size = len(columns[0])
    cells = dict(zip(heading, columns, strict=True))
    told: dict[int, Reading | Refusal] = {
        number: _odd(record, len(heading), number) for number, record in odd.items()
    }

    def column(name: str, read: Mapping[str, int]) -> Numbers:
        texts = cells.get(name)
        return (
            np.zeros(size, np.int64)
            if texts is None
            else np.fromiter(map(read.__getitem__, texts), np.int64, size)
        )

    second = Once(_plain_second)
    found = (
        column("meter", Once(lambda of: _plain_meter(of, meter_of))),
        column("from", second),
        column("at", second),
        millionths_of(cells["value"]),
        column("estimated", Once(lambda of: _TRUTHS.get(of, NOT_PLAIN))),
    )
    plain = (np.minimum.reduce(found) > NOT_PLAIN) & (column("unit", Once(len)) == 0)
    plain_columns = Columns(np.arange(size), *found).of(plain)
    for number in np.flatnonzero(~plain).tolist():
        if number not in told:
            row = {name: texts[number] for name, texts in cells.items()}
            told[number] = _told(row, meter_of, number)
    return IntervalRows(size, plain_columns, told)


def rows_of(items: Sequence[Item | Refusal]) -> IntervalRows:
    """Items of a request as such rows. Few are decided sooner one by one."""
    plain = [
        (number, item)
        for number, item in enumerate(items)
        if isinstance(item, Reading) and _is_plain(item)
    ]
    if len(plain) < FEW:
        return IntervalRows(len(items), NO_COLUMNS, dict(enumerate(items)))
    found = [
        (
            number,
            item.meter_id,
            seconds(item.starts_at),
            seconds(item.at),
            millionths(item.value),
            item.estimated,
        )
        for number, item in plain
        if item.starts_at is not None
    ]
    taken = {number for number, _ in plain}
    others = {number: item for number, item in enumerate(items) if number not in taken}
    return IntervalRows(len(items), Columns(*np.array(found, np.int64).T), others)


def _is_plain(item: Reading) -> bool:
    """Whether a reading is an interval that columns can have."""
    exponent = item.value.as_tuple().exponent
    return (
        item.starts_at is not None
        and item.unit is None
        and isinstance(exponent, int)
        and exponent >= -DECIMALS
        and 0 <= item.value < _MOST
        and not item.starts_at.microsecond
        and not item.at.microsecond
        and seconds(item.starts_at) in _SECONDS
        and seconds(item.at) in _SECONDS
    )


def _cells(table: bytes) -> tuple[Sequence[str], list[Sequence[str]], Mapping[int, Sequence[str]]]:
    """The heading, the columns, and by their numbers the rows that have not as many cells as the heading."""
    try:
        text = table.decode("utf-8-sig")
    except ValueError as error:
        raise _no_table(str(error)) from error
    # Blank lines are rows, too, and may be millions: no more are read than tell that they are too many.
    if text.count("\n") <= MOST_INTERVALS + 1:
        columns = columns_of_lines(text, ",", text.partition("\n")[0].count(",") + 1)
        if columns is not None:
            heading = [column[0] for column in columns]
            _check(heading, len(columns[0]) - 1)
            return heading, [column[1:] for column in columns], {}
    return _records(text)


def _records(text: str) -> tuple[list[str], list[Sequence[str]], dict[int, Sequence[str]]]:
    """The same of a table that is not plainly written."""
    try:
        rows = csv.reader(StringIO(text, newline=""), strict=True)
        heading, *records = islice(rows, MOST_INTERVALS + 2)
    except (ValueError, csv.Error) as error:
        raise _no_table(str(error)) from error
    _check(heading, len(records))
    width = len(heading)
    odd = {number: record for number, record in enumerate(records) if len(record) != width}
    none: Sequence[str] = [""] * width
    whole = (none if number in odd else record for number, record in enumerate(records))
    return heading, [*zip(*whole, strict=True)], {**odd}


def _check(heading: Sequence[str], size: int) -> None:
    """Raise ``Refused`` where a table has other columns, or not so many rows as may be."""
    unknown = sorted({*heading} - {*NEEDED, *WANTED})
    if unknown or not {*NEEDED} <= {*heading} or len({*heading}) < len(heading):
        raise _no_table(",".join(heading))
    if not 1 <= size <= MOST_INTERVALS:
        raise Refused(
            InvalidInput(
                path=("items",),
                value=str(size) if not size else f">{MOST_INTERVALS}",
                expected_zh=f"每次1至{MOST_INTERVALS}行",
                expected_en=f"1 to {MOST_INTERVALS} rows at once",
            )
        )


def _plain_meter(text: str, meter_of: MeterOf) -> int:
    try:
        return meter_of(text)
    except Refused:
        return NOT_PLAIN


def _plain_second(text: str) -> int:
    try:
        moment = _moment(text)
    except ValueError:
        return NOT_PLAIN
    second = seconds(moment)
    return second if not moment.microsecond and second in _SECONDS else NOT_PLAIN


def _told(cells: Mapping[str, str], meter_of: MeterOf, number: int) -> Reading | Refusal:
    """What a row says, or why it cannot be read."""
    try:
        return Reading(
            meter_of(cells["meter"]),
            _read(cells, "at", _moment, "2024-01-01T01:00:00+08:00"),
            _read(cells, "value", _number, "1234.5"),
            cells.get("unit") or None,
            _read(cells, "estimated", _TRUTHS.__getitem__, "true, false"),
            _read(cells, "from", _moment, "2024-01-01T00:00:00+08:00"),
            late=True,
        )
    except Refused as refused:
        return refused.refusal.under("items", str(number))


def _read(cells: Mapping[str, str], name: str, read: Callable[[str], T], example: str) -> T:
    text = cells.get(name, "")
    try:
        return read(text)
    except (ValueError, KeyError, ArithmeticError):
        problem = InvalidInput(
            path=(name,),
            value=text[:MOST_SHOWN],
            expected_zh=f"该列应形如{example}",
            expected_en=f"the column is written as {example}",
        )
        raise Refused(problem) from None


def _moment(text: str) -> datetime:
    """A moment that says where it is."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _odd(record: Sequence[str], width: int, number: int) -> Refusal:
    """That a row has more or fewer cells than the heading."""
    return InvalidInput(
        path=("items", str(number)),
        value=",".join(record)[:MOST_SHOWN],
        expected_zh=f"与表头相同的{width}个单元格",
        expected_en=f"as many cells as the heading has: {width}",
    )


def _no_table(value: str) -> Refused:
    needed, wanted = ",".join(NEEDED), ",".join(WANTED)
    return Refused(
        InvalidInput(
            path=("items",),
            value=value[:MOST_SHOWN],
            expected_zh=f"UTF-8的CSV，表头为{needed}，另可有{wanted}",
            expected_en=f"CSV in UTF-8 with the heading {needed}, and, where wanted, {wanted}",
        )
    )
