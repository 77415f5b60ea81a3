"""Columns as PostgreSQL's COPY takes them in binary: whole arrays at once, nothing row by row."""

from collections.abc import AsyncIterator, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import session_of

Column: TypeAlias = NDArray[np.generic]

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_A_PART = 1 << 19  # bytes

# What PostgreSQL counts microseconds from, in seconds since 1970.
_ITS_EPOCH = 946_684_800

# A number as PostgreSQL sends one: here of 2 groups of 4 digits before the point and of 2 behind.
_NUMERIC = np.dtype(
    [("groups", ">i2"), ("weight", ">i2"), ("sign", ">i2"), ("scale", ">i2"), ("digits", ">i2", 4)]
)
_BASE = 10_000
_A_MILLION = 10**6
_DECIMALS = 6


async def copy_columns(
    connection: AsyncConnection, table: str, columns: Mapping[str, Column], size: int
) -> None:
    """Write so many rows of a table; of its columns that are not given, nothing."""
    stream = _HEAD + _rows(list(columns.values()), size) + _END

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(stream), _A_PART):
            yield stream[start : start + _A_PART]

    await session_of(connection).copy_to_table(
        table, source=parts(), columns=list(columns), format="binary"
    )


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


def _rows(columns: list[Column], size: int) -> bytes:
    """Each row: how many fields, and of each how many bytes and these."""
    fields: list[tuple[str, object]] = [("fields", ">i2")]
    for number, column in enumerate(columns):
        fields += [(f"size {number}", ">i4"), (f"of {number}", column.dtype.newbyteorder(">"))]
    rows = np.zeros(size, np.dtype(fields))
    rows["fields"] = len(columns)
    for number, column in enumerate(columns):
        rows[f"size {number}"] = column.dtype.itemsize
        rows[f"of {number}"] = column
    return rows.tobytes()
