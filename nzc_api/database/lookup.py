"""Looking rows up by their ids, many at once."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    any_,
    bindparam,
    literal,
    select,
)

from nzc_api.database.driver import DriverStatement

_IDS = ARRAY(BigInteger)


def is_any_of(column: ColumnElement[int], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether ``column`` is one of ``ids``. Unlike ``IN``, with a parameter an id, it is the same
    statement however many there are, so that it is prepared once."""
    return column == any_(literal(list(ids), _IDS))


@cache
def rows_by(column: Column[int], *order: Column[Any]) -> DriverStatement:
    """The rows of the column's table where it is one of the parameter ``ids``, in an order; for what
    is asked all the time: the statement is made once."""
    return DriverStatement(select(column.table).where(is_given(column)).order_by(*order))


def is_given(column: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether ``column`` is one of the parameter ``ids``."""
    return column == any_(bindparam("ids", None, type_=_IDS))
