"""Rows of intervals that are settled all at once: what is told of them, and what the API is asked for, is what it is of
the same rows one by one."""

import io
from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nzc_api.files.table import TablePage, TableRow
from nzc_api.files.vocabulary import columns_of
from nzc_api.ids import MeterId
from nzc_api.importing.load_profiles import Block, block_of
from nzc_api.importing.metered import Layout, MeterItem, MeterOf, item_of, meter_of
from nzc_api.importing.named import Directory
from nzc_api.importing.recording import table_of
from nzc_api.importing.sending import AlikeRows, OutcomeFile, ResultLine
from nzc_api.metering.interval_columns import read_columns
from nzc_api.metering.interval_rows import read_rows

DONE = {"status": "COMMITTED", "position": "7", "replayed": False, "error": None}
METERS = {"A": "A", "=B": "=B", "C,1": "C,1"}

PILOTS = st.sampled_from(["P", " P", "试点"])
NAMED = st.sampled_from([*METERS, " A ", "A\t"])
TIMES = st.sampled_from(
    [
        ("2024-01-01 00:00", "2024-01-01 01:00"),
        ("2024/1/1 1:00", " 2024年1月1日2时"),
        ("2024-01-01 23:00", "2024-01-01 24:00"),
    ]
)
VALUES = st.sampled_from(["0", "1", "10", "0.10", "12.500", "7.0", "123456789.1234567", " 3.20 "])
QUALITIES = st.sampled_from(["", "估抄", "实抄", "是 "])
REMARKS = st.sampled_from(["", "=1", "-x", "a", " b"])
ROWS = st.lists(st.tuples(PILOTS, NAMED, TIMES, VALUES, QUALITIES, REMARKS), min_size=1, max_size=5)

HEADINGS = ("试点", "表号", "开始时间", "结束时间", "用量（kWh）", "估算", "备注")


def directory() -> Directory:
    found = Directory(None)  # type: ignore[arg-type]
    for pilot in ("P", "试点"):
        for number, code in enumerate(METERS):
            found.found[MeterOf(pilot, "code", code)] = [
                {"id": f"{number}", "code": code, "meterKind": "INTERVAL", "unit": "kWh", "carrier": "ELECTRICITY",
                 "validFrom": "2010-01-01", "validTo": None}
            ]  # fmt: skip
    return found


def page_of(rows: list[tuple[Any, ...]], separator: str) -> TablePage:
    cells = [
        [pilot, named, *time, value, quality, remark]
        for pilot, named, time, value, quality, remark in rows
    ]
    lines = [",".join(row) for row in cells] if separator == "," else None
    return TablePage(
        numbers=range(2, 2 + len(rows)),
        cells=[*zip(*cells, strict=True)],
        columns=columns_of(HEADINGS),
        lines=lines,
    )


def written(*settled: Any) -> str:
    file = io.StringIO(newline="")
    outcomes = OutcomeFile(file, HEADINGS, ("further",))
    for one in settled:
        outcomes.write(one)
    return file.getvalue()


def one_by_one(rows: list[TableRow]) -> list[ResultLine]:
    layout, named = Layout.of(HEADINGS), directory()
    lines = []
    for row in rows:
        item = item_of(row.cells, layout, meter_of(row.cells, None), named)
        lines.append(ResultLine(row=row, outcome=DONE, item=item, key="key"))
    return lines


def block(page: TablePage) -> Block:
    found = block_of(page, Layout.of(HEADINGS), None, directory())
    assert found is not None
    return found


# Spaces about a number alone.
PADDED = ("P", "A", ("2024-01-01 00:00", "2024-01-01 01:00"), " 3.20", "", "")


@example([PADDED], ",")
@given(ROWS.filter(lambda rows: all("," not in row[1] for row in rows)), st.sampled_from(",;"))
def test_what_is_told_of_a_block_is_what_is_told_of_its_rows(
    rows: list[tuple[Any, ...]], separator: str
) -> None:
    page = page_of(rows, separator)
    found = block(page)
    alike = AlikeRows(
        numbers=page.numbers, rows=found.rows, read_as=found.read_as(), key="key", outcome=DONE
    )
    lines = one_by_one(page.rows())
    assert written(alike) == written(lines)
    assert [line.item and line.item.read_as for line in found.lines()] == [
        line.item and line.item.read_as for line in lines
    ]


@given(ROWS)
def test_what_is_asked_for_as_columns_is_what_rows_ask_for(rows: list[tuple[Any, ...]]) -> None:
    page = page_of(rows, ";")
    found = block(page)
    asked = [_given(line) for line in one_by_one(page.rows())]
    assert [_given(line) for line in found.lines()] == asked
    columns = read_columns(found.asked, lambda text: MeterId(int(text)))
    table = read_rows(table_of(asked), lambda text: MeterId(int(text)))
    assert columns.size == table.size
    assert columns.others == table.others
    for one, other in zip(astuple(columns.columns), astuple(table.columns), strict=True):
        assert one.tolist() == other.tolist()


def _given(line: ResultLine) -> Any:
    assert isinstance(line.item, MeterItem)
    return {name: cell or "" for name, cell in line.item.given.items()}


@pytest.mark.parametrize(
    "row",
    [
        ("P", "", ("2024-01-01 00:00", "2024-01-01 01:00"), "1", "", ""),
        ("P", "A", ("2024-01-01 00:00", "2024-01-01 25:00"), "1", "", ""),
        ("P", "A", ("2024-01-01 00:00", "2024-01-01 01:00"), "1,0", "", ""),
        ("P", "A", ("2024-01-01 00:00", "2024-01-01 01:00"), "01", "", ""),
        ("P", "A", ("2024-01-01 00:00", "2024-01-01 01:00"), "1kWh", "", ""),
        ("P", "A", ("2024-01-01 00:00", "2024-01-01 01:00"), "1", "perhaps", ""),
        ("", "A", ("2024-01-01 00:00", "2024-01-01 01:00"), "1", "", ""),
    ],
)
def test_what_is_not_plainly_an_interval_is_read_row_by_row(row: tuple[Any, ...]) -> None:
    good = ("P", "A", ("2024-01-02 00:00", "2024-01-02 01:00"), "1", "", "")
    assert block_of(page_of([good, row], ";"), Layout.of(HEADINGS), None, directory()) is None
