"""Writing a table that people open in a spreadsheet."""

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO, TypeAlias

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


# What each of some rows has, or all of them.
Piece: TypeAlias = Sequence[str] | str


def put_together(pieces: Sequence[Piece], size: int) -> str:
    """So many rows, one behind the other, each of its pieces: all at once, for a row by itself takes five times as
    long."""
    width = len(pieces)
    parts = [""] * (width * size)
    for place, piece in enumerate(pieces):
        parts[place::width] = [piece] * size if isinstance(piece, str) else piece
    return "".join(parts)


def csv_rows(columns: Sequence[Sequence[str]]) -> Sequence[str]:
    """The rows of columns, without their ends: what ``row_writer`` writes."""
    return [*map(",".join, zip(*map(csv_cells, columns), strict=True))]


def csv_cells(column: Sequence[str]) -> Sequence[str]:
    """The cells of a column as they are written. Most have nothing to look at one by one."""
    text = "\n".join(("", *column))
    odd = any(mark in text for mark in '",\r') or text.count("\n") > len(column)
    return [*map(_cell, column)] if odd or _FORMULAS.search(text) else column


def is_plain(cell: str) -> bool:
    """Whether a cell is written as it is."""
    return _cell(cell) == cell


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in FORMULA else cell
