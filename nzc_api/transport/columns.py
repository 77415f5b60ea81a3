"""Lists of the API as tables: which columns they have, what is asked for them, and what these are. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

PAGE = "pageInfo { hasNextPage endCursor }"

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


@dataclass(frozen=True, slots=True)
class Table:
    """A list as a table at an address: of what, where it is a thing's; filtered by which input of the schema."""

    address: str
    asked: str
    columns: Sequence[Column]
    of: str | None = None
    filtered_by: str | None = None
    counted: bool = True

    @property
    def query(self) -> str:
        """What asks for a page of it."""
        page = self.asked.format(page="first: 100, after: $after")
        rows = f"nodes {{ {self.selection} }} {PAGE}"
        return self._asking("$after: String", f"walked: {page} {{ {rows} }}")

    @property
    def count(self) -> str:
        """What asks how many rows it has."""
        return self._asking("", f"walked: {self.asked.format(page='first: 1')} {{ totalCount }}")

    @property
    def selection(self) -> str:
        return selection_of(column.path for column in self.columns)

    def _asking(self, further: str, walked: str) -> str:
        of, by = self.of, self.filtered_by
        given = [*(["$id: ID!"] if of else []), *([f"$filter: {by}"] if by else []), further]
        inner = f"node(id: $id) {{ ... on {of} {{ {walked} }} }}" if of else walked
        named = ", ".join(filter(None, given))
        return f"query {f'({named})' if named else ''} {{ {inner} }}"


def selection_of(paths: Iterable[str]) -> str:
    """What selects the fields at some paths: `a.b` and `a.c` are `a { b c }`."""
    inside: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        inside.setdefault(name, []).extend([rest] if rest else [])
    return " ".join(
        f"{name} {{ {selection_of(rests)} }}" if rests else name for name, rests in inside.items()
    )


def cells_of(row: Any, columns: Iterable[Column]) -> list[str | Figure | None]:
    """The cells of a row. A figure is none that a spreadsheet takes for a formula, though it be below zero."""
    return [
        cell if cell is None or column.datatype not in FIGURES else Figure(cell)
        for column in columns
        for cell in [_cell(row, column.path)]
    ]


def described(table: Table) -> Mapping[str, Any]:
    """What a table is, as CSV on the Web (W3C) says it."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": table.address.rpartition("/")[2],
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "dc:description": [
                        {"@value": column.zh, "@language": "zh"},
                        {"@value": column.en, "@language": "en"},
                    ],
                    "datatype": column.datatype,
                }
                for column in table.columns
            ]
        },
    }


def _cell(row: Any, path: str) -> str | None:
    for name in filter(None, path.split(".")):
        if isinstance(row, list):
            return BETWEEN.join(filter(None, (_cell(item, path) for item in row)))
        if row is None:
            return None
        row, path = row.get(name), path.partition(".")[2]
    if isinstance(row, list):
        return BETWEEN.join(str(item) for item in row)
    return None if row is None else str(row)
