"""Writing a table that people open in a spreadsheet."""

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TextIO

# What a spreadsheet would take for a formula.
FORMULA = frozenset("=+-@\t\r")
_QUOTE = '"'
_MARKS = re.compile(r'[",\r\n]')
_FORMULAS = re.compile(r"\n[=+\-@\t\r]")

# Files start with a byte order mark, which spreadsheets ask for.
ENCODING = "utf-8-sig"
MARK = codecs.BOM_UTF8


def row_writer(file: TextIO) -> Callable[[Iterable[object]], None]:
    """What writes rows as CSV, none of whose cells a spreadsheet takes for a formula."""
    rows = csv.writer(file)

    def write(cells: Iterable[object]) -> None:
        rows.writerow([harmless(c) if isinstance(c, str) else c for c in cells])

    return write


def table_of(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as CSV in UTF-8, without the mark that a file starts with: what ``row_writer`` writes, which looks at each
    character of a cell of JSON by itself."""
    # A row of nothing but an empty cell would be no row.
    return "".join([(",".join(map(_cell, row)) or '""') + "\r\n" for row in rows]).encode()


def _cell(value: object) -> str:
    """A cell with its quotes, if it needs some."""
    if value is None:
        return ""
    cell = harmless(value) if isinstance(value, str) else str(value)
    return f'"{cell.replace(_QUOTE, _QUOTE * 2)}"' if _MARKS.search(cell) else cell


class ColumnWriter(Protocol):
    """What writes rows that are given by their columns."""

    def __call__(
        self, columns: Sequence[Sequence[str] | str], behind: Sequence[str] | None = None
    ) -> None:
        """Write them; ``behind``: what stands behind them, as it is written already."""


def column_writer(file: TextIO) -> ColumnWriter:
    """The same of many rows at once, given by their columns, of which the first is one: a text stands in every row."""

    def write(columns: Sequence[Sequence[str] | str], behind: Sequence[str] | None = None) -> None:
        cells = [_cell(of) if isinstance(of, str) else _written(of) for of in columns]
        parts = _folded(cells) if behind is None else [*_folded(cells), behind]
        file.write("\r\n".join([*map(",".join, zip(*parts, strict=True)), ""]))

    return write


def _folded(cells: Sequence[Sequence[str] | str]) -> list[Sequence[str]]:
    """Columns, each with the texts that follow it, which so are put into a row once."""
    found: list[tuple[Sequence[str], list[str]]] = []
    for of in cells:
        if isinstance(of, str):
            found[-1][1].append(of)
        else:
            found.append((of, []))
    return [_with_behind(of, ",".join(("", *texts))) for of, texts in found]


def _with_behind(column: Sequence[str], text: str) -> Sequence[str]:
    return [cell + text for cell in column] if text else column


def _written(column: Sequence[str]) -> Sequence[str]:
    """The cells of a column as they are written. Most have nothing to look at one by one."""
    text = "\n".join(("", *column))
    odd = any(mark in text for mark in '",\r') or text.count("\n") > len(column)
    return [*map(_cell, column)] if odd or _FORMULAS.search(text) else column


def rows_as_written(text: str) -> Sequence[str] | None:
    """The rows of a text that are lines of cells without quotes between commas, where they would be written as they
    are: no cell looks like a formula. Else None."""
    lines = text.replace("\r\n", "\n").removesuffix("\n")
    begins_so = lines.startswith("-") or "\n-" in lines or ",-" in lines
    if begins_so or any(mark in lines for mark in "=+@\t\r"):
        return None
    return lines.split("\n")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in FORMULA else cell
