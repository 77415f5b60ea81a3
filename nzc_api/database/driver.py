"""Statements that are asked all the time, of the driver (asyncpg) itself."""

from functools import cache
from operator import itemgetter
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy import ClauseElement, text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection

Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# What a session may fail with: what PostgreSQL says, what the driver says, and, of one that is lost, what the driver
# says of itself.
FAILURES = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)


class Row(asyncpg.Record):
    """A row, whose fields are found by number or name, or as attributes, as SQLAlchemy's are."""

    __slots__ = ()

    @property
    def _mapping(self) -> Any:
        return self

    # Without a frame of ours: a row of a batch has sixteen fields. A name that there is not is a KeyError.
    __getattr__ = asyncpg.Record.__getitem__


@cache
def _row_of(names: tuple[str, ...]) -> type[Row]:
    """Rows with these fields, each of which is found as an attribute by its number: a name that has to be looked up
    takes seven times as long."""
    fields = {name: property(itemgetter(number)) for number, name in enumerate(names)}
    own = {name: field for name, field in fields.items() if not hasattr(Row, name)}
    return type("Row", (Row,), {"__slots__": (), **own})


class _ByName:
    """A row whose fields lie elsewhere than those of the rows before it did."""

    def __init__(self, row: Any) -> None:
        self._row = row

    @property
    def _mapping(self) -> Any:
        return self._row

    def __getattr__(self, name: str) -> Any:
        return self._row[name]

    def __getitem__(self, item: Any) -> Any:
        return self._row[item]

    def __len__(self) -> int:
        return len(self._row)


class DriverStatement:
    """SQL with ``:names``, or a statement whose parameters are all named, that goes past SQLAlchemy, which takes
    longer around it than PostgreSQL for it.

    It is asked on connections that leave transactions to the session, as all of ``Database`` do.
    """

    def __init__(self, sql: str | ClauseElement) -> None:
        statement = text(sql) if isinstance(sql, str) else sql
        self.text = str(sql)
        compiled: Any = statement.compile(
            dialect=dialect(),  # type: ignore[no-untyped-call]
            compile_kwargs={"render_postcompile": True},
        )
        self.sql = str(compiled)
        # Its parameters, in the order in which the driver wants them.
        self.names: list[str] = compiled.positiontup or []
        # What its rows are made as: known from the first answer that has some.
        self._row = Row
        # What the statement says itself.
        self._said = {name: value for name, value in compiled.params.items() if value is not None}

    async def rows(self, connection: AsyncConnection, given: dict[str, Any]) -> list[Any]:
        """The rows of the answer."""
        parameters = self._said | given if self._said else given
        values = [parameters[name] for name in self.names]
        made = self._row
        rows: list[Any] = await session_of(connection).fetch(self.sql, *values, record_class=made)
        if rows and (found := _row_of(tuple(rows[0].keys()))) is not made:
            self._row = found
            # The first of all; else the tables have got other columns since.
            return rows if made is Row else [_ByName(row) for row in rows]
        return rows


def session_of(connection: AsyncConnection) -> Session:
    """PostgreSQL's session of a connection, past SQLAlchemy."""
    assert connection.sync_connection is not None
    adapted: Any = connection.sync_connection.connection.dbapi_connection
    # Else SQLAlchemy would begin a transaction at its first statement, and this one might be outside of it.
    assert adapted.autocommit
    session = adapted.driver_connection
    assert isinstance(session, asyncpg.Connection)
    return session
