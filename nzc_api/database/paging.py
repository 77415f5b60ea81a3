"""Keyset paging, for one list or for the lists of many parents in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Select,
    TextClause,
    Tuple,
    bindparam,
    func,
    select,
    text,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.among import among


class Direction(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class Page:
    """Up to ``first`` rows that follow the key ``after`` in ``direction``; ``backwards``, the list is
    shown in the other direction, so they are its last ones before the key."""

    first: int
    after: Any = None
    direction: Direction = Direction.ASC
    backwards: bool = False


def paged(query: Select[Any], key: ColumnElement[Any], page: Page) -> Select[Any]:
    """The page's rows and one more, which says whether another page follows. A key of several columns
    is a tuple."""
    ascending = page.direction is Direction.ASC
    if page.after is not None:
        query = query.where(key > page.after if ascending else key < page.after)
    columns = key.clauses if isinstance(key, Tuple) else [key]
    order = (column.asc() if ascending else column.desc() for column in columns)
    return query.order_by(*order).limit(page.first + 1)


def paged_for_each(
    query: Select[Any],
    parent: ColumnElement[Any],
    key: ColumnElement[Any],
    parents: Sequence[int],
    page: Page,
) -> Select[Any]:
    """The pages of many parents in one statement; its column ``parent`` says whose row it is."""
    given = func.unnest(bindparam("parents", list(parents), type_=ARRAY(BigInteger)))
    each = select(given.label("parent")).cte("each_parent")
    page_of_one = paged(query.where(parent == each.c.parent), key, page).lateral("page")
    return select(each.c.parent, *page_of_one.c).select_from(each.join(page_of_one, true()))


async def count(connection: AsyncConnection, query: Select[Any]) -> int:
    """How many rows the whole list has."""
    found = await connection.execute(select(func.count()).select_from(query.subquery()))
    return int(found.scalar_one())


async def count_for_each(
    connection: AsyncConnection,
    query: Select[Any],
    parent: Column[int],
    parents: Sequence[int],
) -> dict[int, int]:
    """How many rows the whole lists of many parents have, in one statement; none where there are
    none."""
    rows = query.where(among(parent, parents)).subquery()
    of = rows.corresponding_column(parent)
    assert of is not None
    found = await connection.execute(select(of, func.count()).group_by(of))
    return {row[0]: row[1] for row in found}


def counting(query: TextClause, by: str) -> TextClause:
    """The statement of how many rows another one gives for each ``by``, a column of its."""
    return text(f"SELECT {by}, count(*) FROM ({query.text}) AS list GROUP BY {by}")  # noqa: S608
