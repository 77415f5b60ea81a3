"""Several questions in one statement: a round trip costs more than what most of them find."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement, session_of

Rows = list[Any]

# The columns of a question, each with its type's name; and what makes a row of one value of each.
Types: TypeAlias = Mapping[str, str]
Maker: TypeAlias = Callable[[Iterable[Any]], Any]

# How PostgreSQL calls the types of arrays: of arrays it makes no array, unless each is in a row.
ARRAY = "[]"


class Together:
    """Questions that are asked at once, by their names. Each is a common table, so that a later one may ask of the rows
    of an earlier one by its name; parameters of one name are one parameter. What is ``aside`` is asked for others of
    them, and not told.
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
        self._makers: list[Maker] = []

    async def rows(self, connection: AsyncConnection, given: dict[str, Any]) -> dict[str, Rows]:
        """The rows of each question, whose fields are found by number or name."""
        statement = await self.statement(connection)
        told = self._told(await statement.rows(connection, given))
        return dict(zip(self._names, told, strict=True))

    async def statement(self, connection: AsyncConnection) -> DriverStatement:
        """What is asked. PostgreSQL is asked for the names and the types of columns before, once a process."""
        if self._statement is None:
            columns = await self._columns(connection)
            self._makers = [_row(list(types)) for types in columns]
            self._statement = DriverStatement(f"{self._tables} {self._gathered(columns)}")
        return self._statement

    def _gathered(self, _columns: Sequence[Types]) -> str:
        """All rows, each with the number of its question."""
        return " UNION ALL ".join(
            f"SELECT {number} AS part, CAST({name} AS record) AS found FROM {name}"  # noqa: S608  (our own names)
            for number, name in enumerate(self._names)
        )

    def _told(self, answer: Rows) -> list[Rows]:
        found: list[Rows] = [[] for _ in self._makers]
        for part, row in answer:
            found[part].append(self._makers[part](row))
        return found

    async def _columns(self, connection: AsyncConnection) -> list[Types]:
        """The columns of each question, each with its type's name."""
        prepared = await session_of(connection).prepare(self.columns.sql)
        marks = set(map(_mark, self._names))
        columns: list[dict[str, str]] = []
        for column in prepared.get_attributes():
            if column.name in marks:
                columns.append({})
            else:
                columns[-1][column.name] = column.type.name
        return list(columns)


class TogetherByColumns(Together):
    """The same of few questions, each of many rows: all is one row, each column of each question an array. The driver
    reads the values of an array in less than half of the time that it takes of rows within rows, each value of which
    says its type; but each column of each question costs PostgreSQL, be it empty.
    """

    # Of each question how many columns it has, and which of these are arrays.
    _shapes: Sequence[tuple[int, Sequence[int]]]

    def _gathered(self, columns: Sequence[Types]) -> str:
        self._shapes = [
            (len(types), [n for n, kind in enumerate(types.values()) if kind.endswith(ARRAY)])
            for types in columns
        ]
        return f"SELECT * FROM {', '.join(map(_in_arrays, self._names, columns))}"  # noqa: S608  (our own names)

    def _told(self, answer: Rows) -> list[Rows]:
        [row] = answer
        values = iter(row)
        return [
            _unfolded([*islice(values, width)], make, arrays)
            for make, (width, arrays) in zip(self._makers, self._shapes, strict=True)
        ]


def _mark(name: str) -> str:
    return f"begin_of_{name}"


def _in_arrays(name: str, types: Types) -> str:
    """Each column of a question as an array."""
    values = (
        f'ROW("{column}")' if kind.endswith(ARRAY) else f'"{column}"'
        for column, kind in types.items()
    )
    arrays = ", ".join(f"array_agg({value})" for value in values)
    return f"(SELECT {arrays} FROM {name}) AS {name}"  # noqa: S608  (our own names)


def _unfolded(columns: list[Any], make: Maker, arrays: Iterable[int]) -> Rows:
    """The rows of columns, of which those of ``arrays`` have each in a row."""
    if columns[0] is None:
        return []
    for number in arrays:
        columns[number] = [value for (value,) in columns[number]]
    return list(map(make, zip(*columns, strict=True)))


def _row(names: list[str]) -> Maker:
    row: Any = namedtuple("row", names)  # type: ignore[misc]
    make: Maker = row._make
    return make


def _text(part: str | DriverStatement) -> str:
    return part if isinstance(part, str) else part.text
