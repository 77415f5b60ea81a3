"""The SQL of what entries are about: their facts as they were, and how much of them there is."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array
from nzc_api.database.driver import DriverStatement
from nzc_api.database.sql_files import sql_in

_sql = sql_in("nzc_api.feed")

FACTS = DriverStatement(_sql("facts"))
WEIGHTS = DriverStatement(_sql("weights"))

# What a room's rows call what its entries are about, the entry says of itself.
_NOT_FACTS = ("id", "position", "subject_id")


async def read_facts(
    connection: AsyncConnection, positions: Sequence[int]
) -> Mapping[int, Mapping[str, Any]]:
    """For each position what its rows say, beside the entry's body. Numbers that are not whole are texts."""
    found: dict[int, dict[str, Any]] = {position: {} for position in positions}
    for position, said in await FACTS.rows(connection, {"positions": array(positions)}):
        facts = json.loads(said, parse_float=str)
        found[position] |= {name: of for name, of in facts.items() if name not in _NOT_FACTS}
    return found


async def read_weights(connection: AsyncConnection, positions: Sequence[int]) -> dict[int, int]:
    """For each position how many rows its facts have."""
    rows = await WEIGHTS.rows(connection, {"positions": array(positions)})
    return dict(rows)
