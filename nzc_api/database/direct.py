"""Statements that are asked all the time, of asyncpg directly."""

from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection


class DirectStatement:
    """SQL with ``:names`` that goes past SQLAlchemy, which takes longer around it than PostgreSQL for it.

    It is asked on connections that leave transactions to the session, as all of ``Database`` do.
    """

    def __init__(self, sql: str) -> None:
        compiled = text(sql).compile(dialect=dialect())  # type: ignore[no-untyped-call]
        self._sql = str(compiled)
        self._names = compiled.positiontup or []

    async def rows(self, connection: AsyncConnection, given: dict[str, Any]) -> list[Any]:
        """The rows of the answer; fields are found by number or name."""
        assert connection.sync_connection is not None
        lent: Any = connection.sync_connection.connection
        # Else SQLAlchemy would begin a transaction at its first statement, and this one might be outside of it.
        assert lent.dbapi_connection.autocommit
        driver = lent.driver_connection
        assert isinstance(driver, asyncpg.Connection)
        return await driver.fetch(self._sql, *[given[name] for name in self._names])
