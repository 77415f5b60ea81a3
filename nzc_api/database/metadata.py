"""The one catalogue of tables; each room adds its own in its ``tables.py``."""

from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


class Access(Enum):
    """What the API's role may do with a table; the migration grants exactly this."""

    APPEND = "SELECT, INSERT"
    STATE = "SELECT, INSERT, UPDATE"
    REPLACEABLE = "SELECT, INSERT, DELETE"
    HEAD = "SELECT, UPDATE"


def table(name: str, *items: Any, access: Access) -> Table:
    """A table of the product, with what the API's role may do with it."""
    return Table(name, metadata, *items, info={"access": access})


def position_id() -> Column[int]:
    """The primary key of things that are born in the log: the position of their first entry."""
    return Column("id", BigInteger, primary_key=True, autoincrement=False)


def columns_of(one: Table, alias: str) -> str:
    """SQL for the columns of a table under its alias, each by its name: a ``*`` would be others after a migration that
    adds one, and statements that sessions have prepared would be refused."""
    return ", ".join(f"{alias}.{column.name}" for column in one.columns)
