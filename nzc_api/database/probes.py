"""Whether a thing is named anywhere: what nearly always is not, told before it is asked for."""

from typing import NamedTuple


class NamePlace(NamedTuple):
    """A column of a table that names things, and which of its rows count. It is indexed."""

    table: str
    column: str
    rows: str = "true"


def is_named(thing: str, *places: NamePlace) -> str:
    """In SQL, whether a row of these names the ``thing``: true, or else null. Each is one probe of an index for each
    thing, also where the planner would read a table whole, once for all of them, as it does for EXISTS."""
    probes = (
        f"(SELECT true FROM {table} AS place WHERE place.{column} = {thing} AND {rows} LIMIT 1)"  # noqa: S608
        for table, column, rows in places
    )
    return f"coalesce({', '.join(probes)})"
