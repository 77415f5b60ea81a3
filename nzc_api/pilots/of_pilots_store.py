"""Reading what pilots have of something as it stood: by ids or all of pilots, by one statement over ``ids``, ``pilots``
and ``as_of``."""

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.ids import PilotId, Position
from nzc_api.log.asked import LATEST

K = TypeVar("K", bound=int)
T = TypeVar("T")


async def read_by_ids(
    connection: AsyncConnection,
    query: TextClause,
    ids: Collection[K],
    made: Callable[[Any], T],
) -> dict[K, T]:
    """The things with these ids, as they stand."""
    given = {"ids": list(ids), "pilots": [], "as_of": LATEST}
    return {row.id: made(row) for row in await connection.execute(query, given)}


async def read_by_pilots(
    connection: AsyncConnection,
    query: TextClause,
    pilots: Collection[PilotId],
    as_of: Position,
    made: Callable[[Any], T],
) -> dict[PilotId, list[T]]:
    """All things of each pilot, in the statement's order, as they stood."""
    found: dict[PilotId, list[T]] = defaultdict(list)
    given = {"ids": [], "pilots": list(pilots), "as_of": as_of}
    for row in await connection.execute(query, given):
        found[row.pilot_id].append(made(row))
    return found
