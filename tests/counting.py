"""Counting the statements that reach PostgreSQL, and reckoning them beforehand."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphql import parse
from sqlalchemy import event
from sqlalchemy.engine import Engine

from nzc_api.database.driver import DriverStatement
from nzc_api.log.store import READ_HEAD
from nzc_api.schema.engine.limits import Cost, Reckoner
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema


def by_itself() -> bool:
    """Whether this is what NZC does every few seconds, whoever asks anything."""
    task = asyncio.current_task()
    return task is not None and task.get_name() == "chore"


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach any database while the block runs."""
    statements: list[str] = []
    rows = DriverStatement.rows

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not by_itself():
            statements.append(statement)

    async def counted_rows(self: DriverStatement, *args: Any) -> list[Any]:
        # Every tenth of a second the head is looked at for whoever asks next.
        if self is not READ_HEAD and not by_itself():
            statements.append(self.sql)
        return await rows(self, *args)

    event.listen(Engine, "before_cursor_execute", note)
    DriverStatement.rows = counted_rows  # type: ignore[assignment,method-assign]
    try:
        yield statements
    finally:
        DriverStatement.rows = rows  # type: ignore[method-assign]
        event.remove(Engine, "before_cursor_execute", note)


def reckoned(query: str, variables: dict[str, Any]) -> Cost:
    """What the operation of a document is reckoned to take."""
    return Reckoner(core_schema(schema), parse(query), variables).cost_of(None)


async def least(ask: Callable[[], Awaitable[Any]]) -> int:
    """How many statements it takes: the least of three times, as NZC asks some by the clock besides."""
    found = []
    for _ in range(3):
        with counted() as statements:
            await ask()
        found.append(len(statements))
    return min(found)
