"""Writing a table that people open in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

# What a spreadsheet would take for a formula.
FORMULA = frozenset("=+-@\t\r")

# Files start with a byte order mark, which spreadsheets ask for.
ENCODING = "utf-8-sig"


def row_writer(file: TextIO) -> Callable[[Iterable[object]], None]:
    """What writes rows as CSV, none of whose cells a spreadsheet takes for a formula."""
    rows = csv.writer(file)

    def write(cells: Iterable[object]) -> None:
        rows.writerow([_harmless(c) if isinstance(c, str) else c for c in cells])

    return write


def column_writer(file: TextIO) -> Callable[[Sequence[Sequence[str]]], None]:
    """The same of many rows at once, given by their columns."""
    rows = csv.writer(file)

    def write(columns: Sequence[Sequence[str]]) -> None:
        rows.writerows(zip(*map(_all_harmless, columns), strict=True))

    return write


def _all_harmless(cells: Sequence[str]) -> Sequence[str]:
    # Many say the same: most columns have nothing to look at one by one.
    return [*map(_harmless, cells)] if any(c[:1] in FORMULA for c in {*cells}) else cells


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in FORMULA else cell
