"""Asking for many rows at once."""

from collections.abc import Collection

from sqlalchemy import ARRAY, BigInteger, ColumnElement, any_, literal


def among(column: ColumnElement[int], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether ``column`` is one of ``ids``. Unlike ``IN``, with a parameter an id, it is the same
    statement however many there are, so that it is prepared once."""
    return column == any_(literal(list(ids), ARRAY(BigInteger)))
