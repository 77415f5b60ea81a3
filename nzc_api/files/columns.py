"""Rows as the API says them, as rows of a table: which columns there are, and where in a row each is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

# What lies at one path of a row more than once is one cell.
BETWEEN = "; "


class Column(NamedTuple):
    """A column: its name, where in a row of the list it is, what it is called, and its datatype (XML Schema's, as
    CSV on the Web has them)."""

    name: str
    path: str
    zh: str
    en: str
    datatype: str = "string"


# What is a number: it is written as it is.
FIGURES = {"integer", "decimal"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as the API says it, exact."""

    text: str

    def __str__(self) -> str:
        return self.text


def cells_of(row: Any, columns: Iterable[Column]) -> list[str | Figure | None]:
    """The cells of a row. A figure is none that a spreadsheet takes for a formula, though it be below zero."""
    return [
        cell if cell is None or column.datatype not in FIGURES else Figure(cell)
        for column in columns
        for cell in [_cell(row, column.path)]
    ]


def _cell(row: Any, path: str) -> str | None:
    for name in filter(None, path.split(".")):
        if isinstance(row, list):
            # Each in its place, so that what is said of the second stands second in every column.
            cells = [_cell(item, path) or "" for item in row]
            return BETWEEN.join(cells) if any(cells) else None
        if row is None:
            return None
        row, path = row.get(name), path.partition(".")[2]
    if isinstance(row, list):
        return BETWEEN.join(str(item) for item in row)
    if isinstance(row, bool):
        return str(row).lower()
    return None if row is None else str(row)
