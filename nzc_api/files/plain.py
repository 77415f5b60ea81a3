"""Lines of a table that are plainly written, split all at once: no cell has quotes. Others are for `csv` to read."""

import csv
from collections.abc import Sequence

# Characters that mean more than themselves, to `csv` or to us.
_MARKS = '"\r\0'


def columns_of_lines(text: str, separator: str, width: int) -> list[Sequence[str]] | None:
    """The columns of lines; None where one of them is not plainly written, or has not so many cells."""
    text = without_last_end(text)
    if any(mark in text for mark in _MARKS) or _has_longer(text, csv.field_size_limit()):
        return None
    # Between the cells of two lines stands one that says so: where each line has its cells, these are a column, too.
    cells = text.replace("\n", f"{separator}\n{separator}").split(separator)
    ends = cells[width :: width + 1]
    if len(cells) % (width + 1) != width or not text.count("\n") == ends.count("\n") == len(ends):
        return None
    return [cells[place :: width + 1] for place in range(width)]


def without_last_end(text: str) -> str:
    """Lines, each ended by a newline alone, the last one by nothing."""
    return text.replace("\r\n", "\n").removesuffix("\n")


def _has_longer(text: str, most: int) -> bool:
    """Whether a line is longer."""
    begin = 0
    while len(text) - begin > most:
        end = text.rfind("\n", begin, begin + most + 1)
        if end < 0:
            return True
        begin = end + 1
    return False
