"""Several questions in one statement: a round trip costs more than what most of them find."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement, session_of

Rows = list[Any]


class Together:
    """Questions that are asked at once, by their names. Each is a common table, so that a later one may ask of the rows
    of an earlier one by its name; parameters of one name are one parameter. What is ``aside`` is asked for others of
    them, and not told."""

    def __init__(
        self, aside: Mapping[str, str] = MappingProxyType({}), /, **parts: str | DriverStatement
    ) -> None:
        tables = ", ".join(
            f"{name} AS MATERIALIZED ({_text(part)})" for name, part in {**aside, **parts}.items()
        )
        each = (
            f"SELECT {number} AS part, CAST({name} AS record) AS found FROM {name}"  # noqa: S608  (our own names)
            for number, name in enumerate(parts)
        )
        columns = ", ".join(f"NULL AS {_mark(name)}, {name}.*" for name in parts)
        self._names = tuple(parts)
        self.statement = DriverStatement(f"WITH RECURSIVE {tables} {' UNION ALL '.join(each)}")
        self.columns = DriverStatement(
            f"WITH RECURSIVE {tables} SELECT {columns} FROM {', '.join(parts)}"  # noqa: S608  (our own names)
        )
        self._makers: list[Callable[[Iterable[Any]], Any]] = []

    async def rows(self, connection: AsyncConnection, given: dict[str, Any]) -> dict[str, Rows]:
        """The rows of each question, whose fields are found by number or name."""
        makers = self._makers = self._makers or await self._made(connection)
        found: list[Rows] = [[] for _ in makers]
        for part, row in await self.statement.rows(connection, given):
            found[part].append(makers[part](row))
        return dict(zip(self._names, found, strict=True))

    async def _made(self, connection: AsyncConnection) -> list[Callable[[Iterable[Any]], Any]]:
        """What makes a row of each question: rows within rows come without names, so PostgreSQL is asked for these,
        once a process."""
        prepared = await session_of(connection).prepare(self.columns.sql)
        marks = {_mark(name) for name in self._names}
        columns: list[list[str]] = []
        for column in prepared.get_attributes():
            if column.name in marks:
                columns.append([])
            else:
                columns[-1].append(column.name)
        return [_row(names) for names in columns]


def _mark(name: str) -> str:
    return f"begin_of_{name}"


def _row(names: list[str]) -> Callable[[Iterable[Any]], Any]:
    row: Any = namedtuple("row", names)  # type: ignore[misc]
    make: Callable[[Iterable[Any]], Any] = row._make
    return make


def _text(part: str | DriverStatement) -> str:
    return part if isinstance(part, str) else part.text
