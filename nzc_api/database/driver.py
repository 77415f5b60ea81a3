"""Statements that are asked all the time, of the driver (asyncpg) itself."""

from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection


class DriverStatement:
    """SQL with ``:names`` that goes past SQLAlchemy, which takes longer around it than PostgreSQL for it."""

    def __init__(self, sql: str) -> None:
        compiled = text(sql).compile(dialect=dialect())  # type: ignore[no-untyped-call]
        self._sql = str(compiled)
        self._names = compiled.positiontup or []

    async def rows(self, connection: AsyncConnection, given: dict[str, Any]) -> list[Any]:
        """The rows of the answer; fields are found by number or name."""
        assert connection.sync_connection is not None
        driver = connection.sync_connection.connection.driver_connection
        assert isinstance(driver, asyncpg.Connection)
        return await driver.fetch(self._sql, *[given[name] for name in self._names])
