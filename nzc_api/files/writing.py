"""Writing a table that people open in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable
from typing import TextIO

# What a spreadsheet would take for a formula.
FORMULA = frozenset("=+-@\t\r")

# Files start with a byte order mark, which spreadsheets ask for.
ENCODING = "utf-8-sig"


def row_writer(file: TextIO) -> Callable[[Iterable[object]], None]:
    """What writes rows as CSV, none of whose cells a spreadsheet takes for a formula."""
    rows = csv.writer(file)

    def write(cells: Iterable[object]) -> None:
        rows.writerow([f"'{c}" if isinstance(c, str) and c[:1] in FORMULA else c for c in cells])

    return write
