"""Several questions in one statement: a round trip costs more than what most of them find."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement, session_of

Rows = list[Any]

# How PostgreSQL calls the types of arrays: of arrays it makes no array, unless each is in a row.
ARRAY = "[]"


class _Part(NamedTuple):
    """A question: how many columns its answer has, which of them are arrays, and what makes a row of one of each."""

    many: int
    arrays: frozenset[int]
    make: Callable[[Iterable[Any]], Any]


class Together:
    """Questions that are asked at once, by their names. Each is a common table, so that a later one may ask of the rows
    of an earlier one by its name; parameters of one name are one parameter. What is ``aside`` is asked for others of
    them, and not told.

    All is one row, each column of each question an array: the driver reads the values of an array in a third of the
    time that it takes of rows within rows, each value of which says its type.
    """

    def __init__(
        self, aside: Mapping[str, str] = MappingProxyType({}), /, **parts: str | DriverStatement
    ) -> None:
        self._tables = "WITH RECURSIVE " + ", ".join(
            f"{name} AS MATERIALIZED ({_text(part)})" for name, part in {**aside, **parts}.items()
        )
        self._names = tuple(parts)
        columns = ", ".join(f"NULL AS {_mark(name)}, {name}.*" for name in parts)
        self.columns = DriverStatement(
            f"{self._tables} SELECT {columns} FROM {', '.join(parts)}"  # noqa: S608  (our own names)
        )
        self._statement: DriverStatement | None = None
        self._parts: list[_Part] = []

    async def rows(self, connection: AsyncConnection, given: dict[str, Any]) -> dict[str, Rows]:
        """The rows of each question, whose fields are found by number or name."""
        statement = await self.statement(connection)
        [answer] = await statement.rows(connection, given)
        columns = iter(answer)
        return {
            name: _rows(part, list(islice(columns, part.many)))
            for name, part in zip(self._names, self._parts, strict=True)
        }

    async def statement(self, connection: AsyncConnection) -> DriverStatement:
        """What is asked. PostgreSQL is asked for the names and the types of columns before, once a process."""
        if self._statement is None:
            columns = await self._columns(connection)
            self._parts = [_part(types) for types in columns]
            gathered = ", ".join(map(_gathered, self._names, columns))
            self._statement = DriverStatement(f"{self._tables} SELECT * FROM {gathered}")  # noqa: S608  (our own names)
        return self._statement

    async def _columns(self, connection: AsyncConnection) -> list[dict[str, str]]:
        """The columns of each question, each with its type's name."""
        prepared = await session_of(connection).prepare(self.columns.sql)
        marks = set(map(_mark, self._names))
        columns: list[dict[str, str]] = []
        for column in prepared.get_attributes():
            if column.name in marks:
                columns.append({})
            else:
                columns[-1][column.name] = column.type.name
        return columns


def _mark(name: str) -> str:
    return f"begin_of_{name}"


def _gathered(name: str, types: Mapping[str, str]) -> str:
    """Each column of a question as an array."""
    values = (
        f'ROW("{column}")' if kind.endswith(ARRAY) else f'"{column}"'
        for column, kind in types.items()
    )
    arrays = ", ".join(f"array_agg({value})" for value in values)
    return f"(SELECT {arrays} FROM {name}) AS {name}"  # noqa: S608  (our own names)


def _part(types: Mapping[str, str]) -> _Part:
    arrays = (number for number, kind in enumerate(types.values()) if kind.endswith(ARRAY))
    return _Part(len(types), frozenset(arrays), _row(list(types)))


def _rows(part: _Part, columns: list[Any]) -> Rows:
    if columns[0] is None:
        return []
    for number in part.arrays:
        columns[number] = [value for (value,) in columns[number]]
    return list(map(part.make, zip(*columns, strict=True)))


def _row(names: list[str]) -> Callable[[Iterable[Any]], Any]:
    row: Any = namedtuple("row", names)  # type: ignore[misc]
    make: Callable[[Iterable[Any]], Any] = row._make
    return make


def _text(part: str | DriverStatement) -> str:
    return part if isinstance(part, str) else part.text
