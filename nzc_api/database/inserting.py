"""Many rows written in one statement: a trigger of a statement then runs once, not once a row."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Table, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_rows(
    connection: AsyncConnection, into: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write rows that all name the same columns; none is nothing to do."""
    if not rows:
        return
    names = list(rows[0])
    given = [literal([row[name] for row in rows], ARRAY(into.c[name].type)) for name in names]
    sent = func.unnest(*given).table_valued(*names).render_derived()
    await connection.execute(insert(into).from_select(names, select(*sent.c)))
