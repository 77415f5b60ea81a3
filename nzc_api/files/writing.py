"""Writing a table that people open in a spreadsheet."""

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

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


def column_writer(file: TextIO) -> Callable[[Sequence[Sequence[str] | str]], None]:
    """The same of many rows at once, given by their columns; a text that is no column stands in every row, behind the
    column before it."""
    rows = csv.writer(file)

    def write(columns: Sequence[Sequence[str] | str]) -> None:
        cells = [harmless(of) if isinstance(of, str) else _all_harmless(of) for of in columns]
        size, width = len(cells[0]), len(cells)
        text = "\r\n".join([*map(",".join, zip(*_folded(cells), strict=True)), ""])
        # Where no cell has a character that needs quotes, that is what the writer would write.
        if '"' not in text and (*map(text.count, ",\r\n"),) == (size * (width - 1), size, size):
            file.write(text)
        else:
            whole = ([of] * size if isinstance(of, str) else of for of in cells)
            rows.writerows(zip(*whole, strict=True))

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


def _all_harmless(cells: Sequence[str]) -> Sequence[str]:
    # Most columns have nothing to look at one by one.
    return [*map(harmless, cells)] if _FORMULAS.search("\n".join(("", *cells))) else cells


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in FORMULA else cell
