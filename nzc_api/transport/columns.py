"""Lists of the API as tables: which columns they have, what is asked for them, and what these are. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nzc_api.files.columns import Column

PAGE = "pageInfo { hasNextPage endCursor }"


@dataclass(frozen=True, slots=True)
class ServedTable:
    """A list as a table at an address: of what, where it is a thing's; filtered by which input of the schema."""

    address: str
    asked: str
    columns: Sequence[Column]
    parent: str | None = None
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
        parent, by = self.parent, self.filtered_by
        given = [*(["$id: ID!"] if parent else []), *([f"$filter: {by}"] if by else []), further]
        inner = f"node(id: $id) {{ ... on {parent} {{ {walked} }} }}" if parent else walked
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


def described(table: ServedTable) -> Mapping[str, Any]:
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
