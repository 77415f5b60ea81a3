"""Keyset paging, for one list or for the lists of many parents in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    func,
    select,
    true,
)


class Direction(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class Page:
    """Up to ``first`` rows that follow the key ``after`` in ``direction``."""

    first: int
    after: Any = None
    direction: Direction = Direction.ASC


def paged(query: Select[Any], key: ColumnElement[Any], page: Page) -> Select[Any]:
    """The page's rows and one more, which says whether another page follows."""
    ascending = page.direction is Direction.ASC
    if page.after is not None:
        query = query.where(key > page.after if ascending else key < page.after)
    return query.order_by(key.asc() if ascending else key.desc()).limit(page.first + 1)


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
