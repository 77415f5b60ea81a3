"""Lines of a table that are plainly written, split all at once: no cell has quotes. Others are for `csv` to read."""

import csv
from collections.abc import Sequence
from operator import methodcaller

# Characters that mean more than themselves, to `csv` or to us.
_MARKS = '"\r\0'


def columns_of_lines(text: str, separator: str, width: int) -> list[Sequence[str]] | None:
    """The columns of lines; None where one of them is not plainly written, or has not so many cells."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if any(mark in text for mark in _MARKS):
        return None
    lines = text.removesuffix("\n").split("\n")
    if {*map(methodcaller("count", separator), lines)} != {width - 1}:
        return None
    if max(map(len, lines)) > csv.field_size_limit():
        return None
    cells = separator.join(lines).split(separator)
    return [cells[place::width] for place in range(width)]
