"""Statements of pilots that are by themselves, beside the same with everything asked that there may be of others."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.ids import PilotId
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.statements.model import StatementKey
from nzc_api.statements.store import read_by_themselves, read_further


async def company_of(connection: AsyncConnection, keys: Sequence[StatementKey]) -> set[PilotId]:
    """The pilots whose statements say something that they would not by themselves: of each is told that it may not be
    by itself."""
    alone, more = await read_by_themselves(connection, keys, EVERYTHING)
    whole = await read_further(connection, alone, keys)
    found = alone.periods_of(keys, EVERYTHING)
    assert found == whole.periods_of(keys, EVERYTHING)
    accompanied = {
        key.pilot_id
        for key, period in found.items()
        if alone.statement(key, period) != whole.statement(key, period)
        or whole.retired_inside(key, period)
    }
    assert accompanied <= more
    return accompanied
