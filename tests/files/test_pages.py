"""A table by its columns, many rows at a time, is the table that `csv` reads row by row."""

import csv
import io
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.files import table
from nzc_api.files.plain import columns_of_lines
from nzc_api.files.table import Table, TablePage, TableRow, UnreadableTable
from nzc_api.files.writing import csv_rows, is_plain, put_together, row_writer, table_of

HEADINGS = ("序列号", "试点", "备注")

CELLS = st.sampled_from(
    ["", " ", "a", " b ", "-2", "c@d", "甲，乙", '"c"', '"d,e"', '"f\ng"', "h;i", "=1", "\u3000"]
)
LINES = st.lists(st.lists(CELLS, min_size=0, max_size=4).map(",".join), max_size=12)


def read(
    text: str, most: int, block: int = table.A_BLOCK
) -> tuple[list[TablePage | list[TableRow]], int]:
    with TemporaryDirectory() as folder, mock.patch.object(table, "A_BLOCK", block):
        path = Path(folder) / "table.csv"
        path.write_bytes(text.encode())
        found = Table(path=path, encoding="utf-8", separator=",", heading_row=2, headings=HEADINGS)
        return [*found.pages(most)], found.size()


def rows_of(pages: list[TablePage | list[TableRow]]) -> list[TableRow]:
    return [row for page in pages for row in (page.rows() if isinstance(page, TablePage) else page)]


@given(
    LINES,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from([1, 2, 3, 100]),
    st.sampled_from([1, 7, 40, table.A_BLOCK]),
)
def test_pages_are_the_rows(lines: list[str], end: str, last: bool, most: int, block: int) -> None:
    """However much of the file is taken in at once."""
    text = end.join(["a title", ",".join(HEADINGS), *lines, *[""] * last])
    records = [*csv.reader(io.StringIO(text, newline=""))]
    expected = []
    for number, record in enumerate(records[2:], start=3):
        cells = [cell.strip() for cell in record]
        if any(cells):
            expected.append((number, [*cells[:3], *[""] * (3 - len(cells))], any(cells[3:])))
    pages, size = read(text, most, block)
    rows = rows_of(pages)
    assert [(row.number, row.given, row.problem is not None) for row in rows] == expected
    assert size == len(rows)
    sizes = [len(page.numbers) if isinstance(page, TablePage) else len(page) for page in pages]
    assert all(size <= most for size in sizes)


@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_lines_are_the_rows_as_the_file_has_them(lines: list[str], end: str) -> None:
    pages, _ = read(end.join(["a title", ",".join(HEADINGS), *lines]), 3)
    for page in pages:
        if isinstance(page, TablePage):
            assert page.lines is not None
            assert [line.split(",") for line in page.lines] == [
                [*cells] for cells in zip(*page.cells, strict=True)
            ]


def test_a_page_has_all_rows_that_may_be_in_it() -> None:
    """What is drafted of a file is drafted of all its rows at once, be the last without an end."""
    text = "\n".join(["a title", ",".join(HEADINGS), *["1,2,3"] * 5])
    assert [len(page.numbers) for page in read(text, 5, 4)[0] if isinstance(page, TablePage)] == [5]
    assert [len(page.numbers) for page in read(text, 2, 7)[0] if isinstance(page, TablePage)] == [
        2,
        2,
        1,
    ]


def test_a_line_that_is_too_long_is_told_by_its_number() -> None:
    for text, number in ((f"{'1,' * 600_000}\n", 3), (f"1,2,3\n4,5,6\n{'7' * 1_100_000}", 5)):
        with pytest.raises(UnreadableTable, match=f"line {number} has more than"):
            read(f"a title\n{','.join(HEADINGS)}\n{text}", 2)


def test_plain_rows_come_by_columns() -> None:
    """After a page with an odd row the next one is read by columns again; after one with quotes none is."""
    head = f"a title\n{','.join(HEADINGS)}\n"
    pages, _ = read(f"{head}1,2,3\n4,5, 6 \n\n7,8\n9,10,11\n", 2)
    assert [isinstance(page, TablePage) for page in pages] == [True, False, True]
    assert isinstance(pages[0], TablePage)
    assert pages[0].cells == [["1", "4"], ["2", "5"], ["3", " 6 "]]
    assert [row.given for row in pages[0].rows()] == [["1", "2", "3"], ["4", "5", "6"]]
    pages, _ = read(f'{head}1,2,"3\n4,",6\n7,8,9\n7,8,9\n', 2)
    assert not any(isinstance(page, TablePage) for page in pages)


@pytest.mark.parametrize(
    "text",
    ['1,2\n"3",4\n', "1,2\n3\n", "1,2\r3,4\n", "1,2\n\n", "1,2\n3,4\0\n", f"1,{'2' * 131_100}\n"],
)
def test_what_is_not_plainly_written_is_left_to_csv(text: str) -> None:
    assert columns_of_lines(text, ",", 2) is None


CELLS = st.sampled_from(["a", "", "=b", "-1", "c,d", 'e"', "f\ng", "h\r", "@"])


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6))
def test_columns_are_written_as_rows_are(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    write = row_writer(file)
    for row in rows:
        write(row)
    columns = [*zip(*rows, strict=True)]
    written = csv_rows(columns)
    assert put_together([written, "\r\n"], len(rows)) == file.getvalue()
    if all(map(is_plain, chain(*rows))):
        assert written == [*map(",".join, rows)]


def test_rows_are_put_together_of_pieces() -> None:
    assert put_together([["1", "2"], ",", ["a", "b"], "\n"], 2) == "1,a\n2,b\n"
    with pytest.raises(ValueError, match="size"):
        put_together([["1", "2"], ","], 3)


@given(
    st.lists(
        st.lists(CELLS | st.none() | st.integers() | st.text(), min_size=1, max_size=4), max_size=4
    )
)
def test_a_table_is_written_as_its_rows_are(rows: list[list[object]]) -> None:
    file = io.StringIO(newline="")
    write = row_writer(file)
    for row in rows:
        write(row)
    assert table_of(rows) == file.getvalue().encode()
