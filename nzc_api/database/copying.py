"""Columns as PostgreSQL's COPY takes them in binary: whole arrays at once, nothing row by row."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import session_of

Column: TypeAlias = NDArray[np.generic]

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_A_PART = 5_000  # rows

# What PostgreSQL counts microseconds from, in seconds since 1970.
_ITS_EPOCH = 946_684_800

# A number as PostgreSQL sends one: here of 2 groups of 4 digits before the point and of 2 behind.
_NUMERIC = np.dtype(
    [("groups", ">i2"), ("weight", ">i2"), ("sign", ">i2"), ("scale", ">i2"), ("digits", ">i2", 4)]
)
_BASE = 10_000
_A_MILLION = 10**6
_DECIMALS = 6


class Copy:
    """Columns of a table, as many rows of each, as they are sent: each row says how many fields it has, and of each how
    many bytes and these."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = list(columns)
        self.size = len(next(iter(columns.values())))
        fields: list[tuple[str, object]] = [("fields", ">i2")]
        for name, column in columns.items():
            fields += [(f"{name} size", ">i4"), (name, column.dtype.newbyteorder(">"))]
        self._rows = np.zeros(self.size, np.dtype(fields))
        self._rows["fields"] = len(columns)
        for name, column in columns.items():
            self._rows[f"{name} size"] = column.dtype.itemsize
            self._rows[name] = column

    def set(self, name: str, value: int) -> None:
        """Say what all rows have in a column."""
        self._rows[name] = value

    async def write(self, connection: AsyncConnection, table: str) -> None:
        """Write the rows into a table; into its columns that are not given, nothing."""
        await session_of(connection).copy_to_table(
            table, source=self._parts(), columns=self._columns, format="binary"
        )

    async def _parts(self) -> AsyncIterator[Any]:
        yield _HEAD
        for start in range(0, self.size, _A_PART):
            yield self._rows[start : start + _A_PART].view(np.uint8)
        yield _END


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
