"""Corrupting a database, and what an audit of it finds."""

from typing import Any

import asyncpg

from nzc_api.database.engine import Database
from nzc_api.ledger.auditing.audit import audit


async def corrupt(connection: asyncpg.Connection, statement: str) -> None:
    done = await connection.execute(statement)
    assert not done.endswith(" 0"), done


async def broken(url: str) -> dict[str, Any]:
    database = Database(url, pool_size=1)
    try:
        return {found.check.name.en: found.rows for found in await audit(database)}
    finally:
        await database.close()
