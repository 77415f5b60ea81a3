"""Intervals as CSV, as the API takes them by the ten thousand. Pure.

A row that is plainly written is a row of columns; every other is read by itself, and where it cannot be, why.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

import numpy as np

from nzc_api.files.plain import columns_of_lines
from nzc_api.metering.amounts import DECIMALS, millionths
from nzc_api.metering.columns import DIGITS, NO_COLUMNS, Columns, Numbers
from nzc_api.metering.interval_cells import (
    MOST_SHOWN,
    SECONDS,
    MeterOf,
    plain_meter,
    plain_second,
    plain_truth,
    told_of,
)
from nzc_api.metering.numerals import NOT_PLAIN, millionths_of
from nzc_api.metering.once import Once
from nzc_api.metering.readings import MOST_INTERVALS, Item, Reading, seconds
from nzc_api.refusal import InvalidInput, Refusal, Refused

NEEDED = ("meter", "from", "at", "value")
WANTED = ("unit", "estimated")

# What columns have is less.
_MOST = 10**DIGITS

# Fewer intervals of a request than these are no columns.
FEW = 50


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

    def column(name: str, read: Mapping[str, int]) -> Numbers:
        texts = cells.get(name)
        return (
            np.zeros(size, np.int64)
            if texts is None
            else np.fromiter(map(read.__getitem__, texts), np.int64, size)
        )

    second = Once(plain_second)
    found = (
        column("meter", Once(lambda text: plain_meter(text, meter_of))),
        column("from", second),
        column("at", second),
        millionths_of(cells["value"]),
        column("estimated", Once(plain_truth)),
    )
    unit = column("unit", Once(lambda text: NOT_PLAIN if text else 0))

    def row(number: int) -> Reading | Refusal:
        if number in odd:
            return _odd(odd[number], len(heading), number)
        return told_of({name: texts[number] for name, texts in cells.items()}, meter_of, number)

    return rows_from(found, row, unit)


def rows_from(
    found: Sequence[Numbers], row: Callable[[int], Reading | Refusal], *others: Numbers
) -> IntervalRows:
    """The rows whose meters, seconds, millionths and qualities were found, ``NOT_PLAIN`` where one is not plainly
    written, or another column is not; what those rows say."""
    numbers = np.arange(len(found[0]))
    plain = np.minimum.reduce([*found, *others]) > NOT_PLAIN
    columns = Columns(numbers, *found)
    if plain.all():
        return IntervalRows(len(numbers), columns, {})
    return IntervalRows(
        len(numbers), columns.take(plain), {n: row(n) for n in numbers[~plain].tolist()}
    )


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
        and seconds(item.starts_at) in SECONDS
        and seconds(item.at) in SECONDS
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
    check_size(size)


def check_size(size: int) -> None:
    """Raise ``Refused`` where a request has not so many rows as may be."""
    if not 1 <= size <= MOST_INTERVALS:
        raise Refused(
            InvalidInput(
                path=("items",),
                value=str(size) if not size else f">{MOST_INTERVALS}",
                expected_zh=f"每次1至{MOST_INTERVALS}行",
                expected_en=f"1 to {MOST_INTERVALS} rows at once",
            )
        )


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
