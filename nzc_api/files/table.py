"""Reading a table as people keep it, row by row: CSV in any of their dresses, or JSON Lines.

A CSV may be UTF-8, UTF-16 or GB18030, with or without a byte order mark; its separator a comma, a
semicolon, a tab, or the full-width ones; its headings Chinese or English, after some lines of titles.
"""

import codecs
import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain, count, islice
from pathlib import Path
from typing import NamedTuple, TextIO

from nzc_api.files.parts import parts
from nzc_api.files.plain import columns_of_lines, without_last_end
from nzc_api.files.vocabulary import COLUMNS, columns_of
from nzc_api.refusal import Failed, LocalizedText

SEPARATORS = ",;\t，；|"

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip

# In this order: what is UTF-8 is hardly ever anything else, and GB18030 can be nearly anything.
ENCODINGS = ("utf-8", "gb18030")

# What workbooks begin with: those of Excel since 2007, and before.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

CHUNK = 1 << 20
HEAD = 1 << 12

LONGEST_LINE = 1 << 20  # characters

# How much is taken in at once: characters, and rows.
A_BLOCK = 1 << 20
LARGEST_BLOCK = 1 << 26
A_PAGE = 20_000

# A cell in quotes may have separators and lines of its own.
_QUOTE = '"'

# The heading is looked for in so many rows.
MOST_TITLES = 30

JSON_LINES = {".jsonl", ".ndjson"}

# The columns that a table needs: of each group one.
Needed = Sequence[Sequence[str]]


class UnreadableTable(Failed):
    """The file as a whole is no table that was asked for; the text says why and what would be right."""

    def __init__(self, why: LocalizedText) -> None:
        super().__init__(why.zh, why.en)


class TableRow(NamedTuple):
    """A row: its number as a spreadsheet has it (the first row of the file is 1), all cells as they are, where
    those of the columns stand that we know by our names; and why it cannot be read, if so."""

    number: int
    given: Sequence[str]
    columns: Mapping[str, int]
    problem: LocalizedText | None = None

    @property
    def cells(self) -> Mapping[str, str]:
        """The cells of the columns that we know, by our names, as far as they are not empty."""
        given = self.given
        return {name: given[place] for name, place in self.columns.items() if given[place]}


class TablePage(NamedTuple):
    """Rows by their columns: their numbers, all cells by headings, with the spaces about them, where those of the
    columns stand that we know by our names; and, where commas part its cells, each row as the file has it."""

    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]
    columns: Mapping[str, int]
    lines: Sequence[str] | None = None

    def rows(self) -> list[TableRow]:
        """Each by itself."""
        given = map(list, zip(*map(stripped, self.cells), strict=True))
        return [
            TableRow(number, cells, self.columns)
            for number, cells in zip(self.numbers, given, strict=True)
        ]


def stripped(column: Sequence[str]) -> Sequence[str]:
    """The cells of a column without spaces about them."""
    return [*map(str.strip, column)]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's headings, as they are. Its rows can be read again and again."""

    path: Path
    encoding: str
    separator: str
    heading_row: int
    headings: Sequence[str]

    def ends(self) -> int:
        """How many lines end below the headings: about how many rows there are, told at once."""
        with self.path.open("rb") as file:
            ends = sum(part.count(b"\n") for part in iter(lambda: file.read(CHUNK), b""))
        return max(ends - self.heading_row, 0)

    def size(self) -> int:
        """How many rows there are that are not empty."""
        return sum(
            len(page.numbers) if isinstance(page, TablePage) else len(page)
            for page in self.pages(A_PAGE)
        )

    def rows(self) -> Iterator[TableRow]:
        """The rows that are not empty; raises ``UnreadableTable`` where the file's form ends."""
        for page in self.pages(A_PAGE):
            yield from page.rows() if isinstance(page, TablePage) else page

    def pages(self, most: int) -> Iterator[TablePage | list[TableRow]]:
        """The same, at ``most`` so many at a time: by their columns those that are plainly written."""
        with self._open() as file:
            if not self.separator:
                yield from parts(_json_rows(file, self.headings), most)
                return
            line, number = self._pass_heading(file), self.heading_row
            columns, width = columns_of(self.headings), len(self.headings)
            blocks = _blocks(file, most, line)
            for text in blocks:
                cells = _columns(text, self.separator, width)
                if cells is not None:
                    size = len(cells[0])
                    numbers = range(number + 1, number + size + 1)
                    lines = without_last_end(text).split("\n") if self.separator == "," else None
                    yield TablePage(numbers, cells, columns, lines)
                elif _QUOTE not in text:
                    odd = [*_split((text,), line)]
                    size = len(odd)
                    yield from parts(self._rows(odd, number, line), most)
                else:
                    # A cell may go on in lines after these: where rows end is known only as all are read.
                    rest = _split(chain((text,), blocks), line)
                    yield from parts(self._rows(rest, number, line), most)
                    return
                number, line = number + size, line + size

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.encoding, newline="")

    def _pass_heading(self, file: TextIO) -> int:
        """Go on to what is below the headings; how many lines are above that."""
        reader = csv.reader(_lines(file), delimiter=self.separator, strict=True)
        deque(islice(reader, self.heading_row), maxlen=0)
        return reader.line_num

    def _rows(self, lines: Iterable[str], number: int, line: int) -> Iterator[TableRow]:
        """The rows of lines, which are after so many rows and lines."""
        columns, width = columns_of(self.headings), len(self.headings)
        records = enumerate(_records(lines, self.separator, line), start=number + 1)
        for nth, record in records:
            given = [*map(str.strip, record[:width])]
            problem = _TOO_WIDE if any(map(str.strip, record[width:])) else None
            if problem or any(given):
                given += [""] * (width - len(given))
                yield TableRow(nth, given, columns, problem)


def _columns(text: str, separator: str, width: int) -> list[Sequence[str]] | None:
    """The columns of lines; None where one of them is not plainly written, or may be empty."""
    found = columns_of_lines(text, separator, width)
    if found is None or all("" in map(str.strip, column) for column in found):
        return None
    return found


_TOO_WIDE = LocalizedText(
    "该行的单元格多于表头；含分隔符的单元格须加引号",
    "it has more cells than the heading: a cell with a separator in it must be quoted",
)


def open_table(path: Path, needed: Needed) -> Table:
    """The table in a file. Raises ``UnreadableTable`` where it is none, or lacks a column."""
    encoding = _encoding(path)
    if path.suffix.casefold() in JSON_LINES:
        with path.open(encoding=encoding, newline="") as file:
            names = dict.fromkeys(
                name for given in map(_object, _lines(file)) for name in given or ()
            )
        return Table(path, encoding, "", 0, tuple(names))
    found = [
        (len(columns_of(record)), Table(path, encoding, separator, number, tuple(record)))
        for separator in SEPARATORS
        for number, record in enumerate(_first_records(path, encoding, separator), start=1)
    ]
    most, table = max(found, key=lambda one: one[0], default=(0, None))
    if table is None or not most or not _has_all(columns_of(table.headings), needed):
        headings = () if table is None else table.headings
        raise UnreadableTable(_lacking(columns_of(headings), [h for h in headings if h], needed))
    return table


def _first_records(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        try:
            yield from islice(_records(_lines(file), separator), MOST_TITLES)
        except UnreadableTable:
            return


def _lines(file: TextIO) -> Iterator[str]:
    """A file's lines, each read when it is asked for, without a mark before the first, which GB18030 may have, too."""
    yield _bounded(file.readline(LONGEST_LINE + 2).lstrip("\N{BYTE ORDER MARK}"), 1)
    for number in count(2):
        line = file.readline(LONGEST_LINE + 2)
        if not line:
            return
        yield _bounded(line, number)


def _blocks(file: TextIO, most: int, above: int) -> Iterator[str]:
    """What follows in a file, above which are so many lines: so many whole lines at a time, or fewer where they are
    long, or end otherwise."""
    text, ends = "", 0
    while part := file.read(A_BLOCK):
        text, ends = text + part, ends + part.count("\n")
        while ends >= most or (ends and len(text) > LARGEST_BLOCK):
            *whole, rest = text.split("\n", most)
            yield text[: len(text) - len(rest)]
            text, ends, above = rest, ends - len(whole), above + len(whole)
        if not ends:
            # What ends with a carriage return may be half of an end.
            cut = text.rfind("\r", 0, -1) + 1
            if cut:
                yield text[:cut]
                text = text[cut:]
        _bounded(text[text.rfind("\n") + 1 :], above + ends + 1)
    if text:
        yield text


def _split(blocks: Iterable[str], above: int) -> Iterator[str]:
    """Lines with their ends, above which are so many."""
    lines = chain.from_iterable(StringIO(text, newline="") for text in blocks)
    return map(_bounded, lines, count(above + 1))


def _bounded(line: str, number: int) -> str:
    """A line that is no longer than may be: one of millions of cells is split in one go, and others wait for it."""
    if len(line) > LONGEST_LINE:
        raise UnreadableTable(
            LocalizedText(
                f"第{number}行超过{LONGEST_LINE}个字符",
                f"line {number} has more than {LONGEST_LINE} characters",
            )
        )
    return line


def _records(lines: Iterable[str], separator: str, above: int = 0) -> Iterator[list[str]]:
    """The records of lines, above which there are so many."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        line = above + reader.line_num
        raise UnreadableTable(
            LocalizedText(f"第{line}行：{error}", f"line {line}: {error}")
        ) from None


def _json_rows(file: TextIO, names: Sequence[str]) -> Iterator[TableRow]:
    at = {name: place for place, name in enumerate(names)}
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        given = _object(line)
        if given is None:
            why = LocalizedText("该行不是JSON对象", "it is no JSON object")
            yield TableRow(number, _padded([line.strip()], len(names)), {}, why)
            continue
        own = list(given)
        columns = {name: at[own[place]] for name, place in columns_of(own).items()}
        yield TableRow(number, [given.get(name, "") for name in names], columns)


def _object(line: str) -> dict[str, str] | None:
    """The members of a JSON object as the file has them; None where a line is no object."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    return {name: _text(value) for name, value in given.items() if value is not None}


def _text(value: object) -> str:
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).strip()


def _padded(cells: Sequence[str], width: int) -> Sequence[str]:
    return [*cells, *[""] * (width - len(cells))]


def _has_all(columns: Mapping[str, int], needed: Needed) -> bool:
    return all(any(name in columns for name in group) for group in needed)


def _lacking(columns: Mapping[str, int], headings: Sequence[str], needed: Needed) -> LocalizedText:
    lacking = [group for group in needed if not any(name in columns for name in group)]
    zh = "、".join("或".join(f"“{_chinese(name)}”" for name in group) for group in lacking)
    en = ", ".join(" or ".join(f"“{COLUMNS[name][0]}”" for name in group) for group in lacking)
    return LocalizedText(
        f"表头须有列{zh}；实际为{'、'.join(headings) or '空'}",
        f"a row of headings must name the columns {en}; it names {', '.join(headings) or 'nothing'}",
    )


def _chinese(name: str) -> str:
    return next((word for word in COLUMNS[name] if not word.isascii()), COLUMNS[name][0])


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(WORKBOOKS):
        raise UnreadableTable(
            LocalizedText(
                "这是Excel工作簿：请另存为“CSV UTF-8（逗号分隔）”",
                "this is an Excel workbook: save it as “CSV UTF-8 (comma delimited)”",
            )
        )
    marked = next((encoding for mark, encoding in MARKS.items() if head.startswith(mark)), None)
    for encoding in _candidates(head) if marked is None else (marked,):
        if _can_be(path, encoding):
            return encoding
    raise UnreadableTable(
        LocalizedText(
            "文件编码须为UTF-8、UTF-16或GB18030", "the file is neither UTF-8, UTF-16 nor GB18030"
        )
    )


def _candidates(head: bytes) -> Sequence[str]:
    """Without a mark, UTF-16 is told by the zeros that every ASCII character has in it."""
    zeros = head.count(0)
    if not zeros:
        return ENCODINGS
    return ("utf-16-be",) if head[::2].count(0) > zeros // 2 else ("utf-16-le",)


def _can_be(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
