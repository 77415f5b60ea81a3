"""Columns as PostgreSQL's COPY takes them in binary: whole arrays at once, nothing row by row."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import session_of

Column: TypeAlias = NDArray[np.generic]

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_A_PART = 5_000  # rows

# What PostgreSQL counts microseconds from, in seconds since 1970, and days.
_ITS_EPOCH = 946_684_800
_ITS_FIRST_DAY = date(2000, 1, 1).toordinal()

# A number as PostgreSQL sends one: here of 2 groups of 4 digits before the point and of 2 behind.
_NUMERIC = np.dtype(
    [("groups", ">i2"), ("weight", ">i2"), ("sign", ">i2"), ("scale", ">i2"), ("digits", ">i2", 4)]
)
_ELEMENT = np.dtype([("size", ">i4"), ("number", _NUMERIC)])

# What PostgreSQL sends before the elements of an array; by their type's number it knows them.
_OF_ARRAYS = [
    ("dimensions", ">i4"),
    ("missing", ">i4"),
    ("type", ">i4"),
    ("size", ">i4"),
    ("first", ">i4"),
]
_ITS_NUMERIC = 1700

_BASE = 10_000
_A_MILLION = 10**6
_DECIMALS = 6


class Copy:
    """Rows of a table as they are sent: each says how many fields it has, and of each how many bytes and these. They
    are given by columns, as many rows of each; rows whose arrays are of another length as columns of their own."""

    def __init__(self, given: Sequence[Mapping[str, Column]]) -> None:
        self._columns = list(given[0]) if given else []
        self._rows = [_rows_of(columns) for columns in given]
        self.size = sum(map(len, self._rows))

    def set(self, name: str, value: int) -> None:
        """Say what all rows have in a column."""
        for rows in self._rows:
            rows[name] = value

    async def write(self, connection: AsyncConnection, table: str) -> None:
        """Write the rows into a table; into its columns that are not given, nothing."""
        await session_of(connection).copy_to_table(
            table, source=self._parts(), columns=self._columns, format="binary"
        )

    async def _parts(self) -> AsyncIterator[Any]:
        yield _HEAD
        for rows in self._rows:
            for start in range(0, len(rows), _A_PART):
                yield rows[start : start + _A_PART].view(np.uint8)
        yield _END


def _rows_of(columns: Mapping[str, Column]) -> NDArray[np.void]:
    fields: list[tuple[str, object]] = [("fields", ">i2")]
    for name, column in columns.items():
        fields += [(f"{name} size", ">i4"), (name, column.dtype.newbyteorder(">"))]
    rows = np.zeros(len(next(iter(columns.values()))), np.dtype(fields))
    rows["fields"] = len(columns)
    for name, column in columns.items():
        rows[f"{name} size"] = column.dtype.itemsize
        rows[name] = column
    return rows


def days(ordinals: NDArray[np.int64]) -> NDArray[np.int32]:
    """Days, given as ordinals."""
    return (ordinals - _ITS_FIRST_DAY).astype(np.int32)


def moments(seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Moments, given as seconds since 1970."""
    return (seconds - _ITS_EPOCH) * _A_MILLION


def numbers(millionths: NDArray[np.int64]) -> NDArray[np.void]:
    """Numbers from 0 to less than 10^8, given in millionths, without zeros at their ends."""
    found = np.zeros(len(millionths), _NUMERIC)
    found["groups"], found["weight"] = 4, 1
    rest = (millionths // _A_MILLION) * _BASE**2 + (millionths % _A_MILLION) * 100
    for place in reversed(range(4)):
        rest, found["digits"][:, place] = np.divmod(rest, _BASE)
    zeros = sum((millionths % 10**n == 0).astype(np.int16) for n in range(1, _DECIMALS + 1))
    found["scale"] = _DECIMALS - zeros
    return found


def arrays_of_numbers(millionths: NDArray[np.int64]) -> NDArray[np.void]:
    """Of each row of numbers, as ``numbers`` takes them, an array."""
    rows, size = millionths.shape
    found = np.zeros(rows, np.dtype([*_OF_ARRAYS, ("elements", _ELEMENT, size)]))
    found["dimensions"], found["type"], found["size"], found["first"] = 1, _ITS_NUMERIC, size, 1
    found["elements"]["size"] = _NUMERIC.itemsize
    found["elements"]["number"] = numbers(millionths.ravel()).reshape(rows, size)
    return found
