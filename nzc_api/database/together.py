"""Several questions in one statement: each round trip costs more than what most of them find."""

from collections import namedtuple
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement, session_of

Rows = list[Any]


class Together:
    """Questions that are asked at once, by their names. Each is a common table, so that a later one may ask of the rows
    of an earlier one by its name; parameters of one name are one parameter."""

    def __init__(self, **parts: str | DriverStatement) -> None:
        tables = ", ".join(
            f"{name} AS MATERIALIZED ({_text(part)})" for name, part in parts.items()
        )
        found = ", ".join(_all_of(name) for name in parts)
        self.parts = dict(parts)
        self.statement = DriverStatement(f"WITH RECURSIVE {tables} SELECT {found}")
        self._columns = {
            name: DriverStatement(f"WITH RECURSIVE {tables} SELECT * FROM {name}")  # noqa: S608
            for name in parts
        }
        self._makers: dict[str, Callable[[Iterable[Any]], Any]] = {}

    async def rows(self, connection: AsyncConnection, given: dict[str, Any]) -> dict[str, Rows]:
        """The rows of each question, whose fields are found by number or name."""
        if not self._makers:
            self._makers = {
                name: await _maker(connection, statement)
                for name, statement in self._columns.items()
            }
        [found] = await self.statement.rows(connection, given)
        return {name: list(map(make, found[name] or ())) for name, make in self._makers.items()}


def _all_of(name: str) -> str:
    return f"(SELECT array_agg({name}) FROM {name}) AS {name}"  # noqa: S608  (our own names)


def _text(part: str | DriverStatement) -> str:
    return part if isinstance(part, str) else part.text


async def _maker(
    connection: AsyncConnection, statement: DriverStatement
) -> Callable[[Iterable[Any]], Any]:
    """Rows of rows come without their names: PostgreSQL is asked for them, once a process."""
    prepared = await session_of(connection).prepare(statement.sql)
    names = [column.name for column in prepared.get_attributes()]
    row: Any = namedtuple("row", names)  # type: ignore[misc]
    make: Callable[[Iterable[Any]], Any] = row._make
    return make
