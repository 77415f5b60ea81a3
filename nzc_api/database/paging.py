"""Keyset paging, for one list or for the lists of many parents in one statement."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    Select,
    Tuple,
    bindparam,
    func,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import is_any_of

# What names a parent.
K = TypeVar("K", bound=int)


class Direction(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


class Page(NamedTuple):
    """Up to ``first`` rows that follow the key ``after`` in ``direction``; ``backwards``, the list is
    shown in the other direction, so they are its last ones before the key."""

    first: int
    after: Any = None
    direction: Direction = Direction.ASC
    backwards: bool = False


def paged(query: Select[Any], key: ColumnElement[Any], page: Page) -> Select[Any]:
    """The page's rows and one more, which says whether another page follows. A key of several columns
    is a tuple."""
    return _paged(query, key, page.direction, page.after, page.first + 1)


def _paged(
    query: Select[Any], key: ColumnElement[Any], direction: Direction, after: Any, limit: Any
) -> Select[Any]:
    ascending = direction is Direction.ASC
    if after is not None:
        query = query.where(key > after if ascending else key < after)
    columns = key.clauses if isinstance(key, Tuple) else [key]
    order = (column.asc() if ascending else column.desc() for column in columns)
    return query.order_by(*order).limit(limit)


def paged_for_each(
    query: Select[Any],
    parent: ColumnElement[Any],
    key: ColumnElement[Any],
    parents: Sequence[int],
    page: Page,
) -> Select[Any]:
    """The pages of many parents in one statement; its column ``parent`` says whose row it is."""
    each = _each(list(parents))
    return _of_each(each, paged(query.where(parent == each.c.parent), key, page))


class Pages:
    """Pages of a list that is asked for all the time, of a ``query`` that is the same for all who ask: the statement of
    each shape of a page is made once."""

    def __init__(self, query: Select[Any], key: ColumnElement[Any]) -> None:
        self._query, self._key = query, key
        self._made: dict[tuple[bool, Direction], DriverStatement] = {}

    async def rows(self, connection: AsyncConnection, page: Page, **given: Any) -> list[Any]:
        """The page's rows and one more."""
        shape = page.after is not None, page.direction
        if shape not in self._made:
            self._made[shape] = DriverStatement(self._shaped(*shape))
        given |= {"limit": page.first + 1, "after": page.after}
        return await self._made[shape].rows(connection, given)

    def _shaped(self, follows: bool, direction: Direction) -> Select[Any]:
        after = bindparam("after", None, type_=self._key.type) if follows else None
        limit = bindparam("limit", None, type_=BigInteger)
        return _paged(self._query, self._key, direction, after, limit)


class PagesOfEach(Pages):
    """The same for many ``parents`` in one statement; its column ``parent`` says whose row it is."""

    def __init__(
        self, query: Select[Any], parent: ColumnElement[Any], key: ColumnElement[Any]
    ) -> None:
        self._each = _each(None)
        super().__init__(query.where(parent == self._each.c.parent), key)

    def _shaped(self, follows: bool, direction: Direction) -> Select[Any]:
        return _of_each(self._each, super()._shaped(follows, direction))


def _each(parents: list[int] | None) -> CTE:
    given = func.unnest(bindparam("parents", parents, type_=ARRAY(BigInteger)))
    return select(given.label("parent")).cte("each_parent")


def _of_each(each: CTE, page: Select[Any]) -> Select[Any]:
    of_one = page.lateral("page")
    return select(each.c.parent, *of_one.c).select_from(each.join(of_one, true()))


async def count(connection: AsyncConnection, query: Select[Any]) -> int:
    """How many rows the whole list has."""
    found = await connection.execute(select(func.count()).select_from(query.subquery()))
    return int(found.scalar_one())


async def count_for_each(
    connection: AsyncConnection,
    query: Select[Any],
    parent: Column[int],
    parents: Sequence[K],
) -> dict[K, int]:
    """How many rows the whole lists of many parents have, in one statement; none where there are
    none."""
    rows = query.where(is_any_of(parent, parents)).subquery()
    parent_column = rows.corresponding_column(parent)
    assert parent_column is not None
    found = await connection.execute(select(parent_column, func.count()).group_by(parent_column))
    return {row[0]: row[1] for row in found}


@cache
def counting(query: DriverStatement, by: str) -> DriverStatement:
    """The statement of how many rows another one gives for each ``by``, a column of its."""
    return DriverStatement(f"SELECT {by}, count(*) FROM ({query.text}) AS list GROUP BY {by}")  # noqa: S608
