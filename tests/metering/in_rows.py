"""Intervals as they stood in the table of bills before they were kept in blocks: a row each."""

import runpy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tools.guard_files import FOLDER

INTO_ROWS = """
    INSERT INTO consumption (meter_id, starts_at, ends_at, position, number, estimated, quantity)
    SELECT meter_id, starts_at + (n - 1) * seconds * interval '1 second', starts_at + n * seconds * interval '1 second',
           position, number + (n - 1) * stride, estimated, quantity
      FROM interval_block CROSS JOIN LATERAL unnest(quantities) WITH ORDINALITY AS told (quantity, n)
"""
OUT_OF_ROWS = (
    "DELETE FROM consumption USING meter AS m WHERE m.id = meter_id AND m.kind = 'INTERVAL'"
)
ROWS = "SELECT * FROM consumption ORDER BY meter_id, starts_at, position"


def migration(name: str) -> dict[str, Any]:
    """What a migration defines."""
    [file] = FOLDER.parent.glob(f"versions/*_{name}.py")
    return runpy.run_path(str(file))


@asynccontextmanager
async def in_rows(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """All intervals as rows, too, until the end of the block; no guard may be on the connection."""
    await connection.execute(INTO_ROWS)
    yield
    await connection.execute(OUT_OF_ROWS)
