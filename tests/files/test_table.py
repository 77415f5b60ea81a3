"""Tables in whatever dress people keep them."""

import json
from pathlib import Path

import pytest

from nzc_api.files.table import LONGEST_LINE, TableRow, UnreadableTable, open_table
from nzc_api.files.vocabulary import COLUMNS, columns_of
from nzc_api.files.writing import row_writer

NEEDED = (("serials", "certificate"), ("pilot",))

HEADINGS = ["序列号", "试点", "备注", "数量（吨）"]
ROW = ["GD-1 to 5", "P-1", "甲、乙", "1,000"]


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def rows(path: Path) -> list[TableRow]:
    return list(open_table(path, NEEDED).rows())


def joined(cells: list[str], separator: str) -> str:
    return separator.join(f'"{cell}"' if separator in cell else cell for cell in cells)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "，", "；", "|"])
def test_a_table_in_any_dress(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [
        "全国温室气体自愿减排注册登记系统", "", joined(["导出时间", "2024年8月15日"], separator),
        joined(HEADINGS, separator), joined(ROW, separator), separator * 3, "", joined(ROW, separator),
        " ", separator * 3,
    ]  # fmt: skip
    found = rows(write(tmp_path, "\r\n".join(lines) + "\r\n", encoding))
    cells = {"serials": "GD-1 to 5", "pilot": "P-1", "quantity": "1,000"}
    assert [(row.number, row.cells, row.given) for row in found] == [
        (5, cells, ROW),
        (8, cells, ROW),
    ]


def test_big_endian_with_a_mark(tmp_path: Path) -> None:
    path = write(tmp_path, "\N{BYTE ORDER MARK}serials,pilot\nGD-1,P\n", "utf-16-be")
    assert [row.cells for row in rows(path)] == [{"serials": "GD-1", "pilot": "P"}]


@pytest.mark.parametrize(
    "headings",
    ["Serial Numbers,PILOT", "serial_numbers,Pilot Code", "序列号区间*,试点：", "ＳＥＲＩＡＬＳ,试 点",
     "减排量编号（起止）,受益试点"],
)  # fmt: skip
def test_headings_in_any_case_and_language(tmp_path: Path, headings: str) -> None:
    (row,) = rows(write(tmp_path, f"{headings}\nGD-1,P\n"))
    assert row.cells == {"serials": "GD-1", "pilot": "P"}


def test_of_two_columns_the_more_particular_one(tmp_path: Path) -> None:
    (row,) = rows(write(tmp_path, "编号,序列号,试点\n17,GD-1,P\n"))
    assert row.cells["serials"] == "GD-1"
    assert row.given == ["17", "GD-1", "P"]


def test_a_short_row_lacks_its_last_cells_and_a_long_one_is_told(tmp_path: Path) -> None:
    short, longer, padded = rows(
        write(tmp_path, "serials,pilot,note\nGD-1\nGD-2,P,a,b\nGD-3,P,a,,\n")
    )
    assert (short.cells, short.given, short.problem) == (
        {"serials": "GD-1"}, ["GD-1", "", ""], None,
    )  # fmt: skip
    assert longer.problem is not None
    assert padded.problem is None


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "table.JSONL"
    lines = [{"serials": "GD-1", "pilot": "P", "note": None}, {"试点": 7, "serials": "GD-2"}]
    texts = [*map(json.dumps, lines), "", "[1]", "{"]
    path.write_text("\n".join(texts), "utf-8-sig")
    one, other, no_object, no_json = rows(path)
    assert (one.number, one.cells, one.given) == (
        1, {"serials": "GD-1", "pilot": "P"}, ["GD-1", "P", ""],
    )  # fmt: skip
    assert (other.number, other.cells["pilot"]) == (2, "7")
    assert (no_object.number, no_json.number) == (4, 5)
    assert no_object.problem is not None
    assert no_json.problem is not None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "names nothing"),
        (b"a,b\n1,2\n", "“serials” or “certificate”"),
        ("序列号,数量\nGD-1,1\n".encode(), "“pilot”; it names 序列号, 数量"),
        (b"PK\x03\x04\x14", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1", "an Excel workbook"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"\xff\xff\xff", "UTF-16"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableTable) as raised:
        rows(path)
    assert told in raised.value.message.en
    assert raised.value.message.zh


def test_a_quote_that_is_never_closed_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable):
        rows(write(tmp_path, 'serials,pilot\n"GD-1,P\nGD-2,P\n'))


def test_no_heading_is_that_of_two_columns() -> None:
    for name, words in COLUMNS.items():
        for word in words:
            assert columns_of([word]) == {name: 0}, word


def test_a_year_that_may_be_the_vintage_is_none_of_accounting() -> None:
    assert columns_of(["年份", "年度"]) == {"activity_year": 0}


def test_what_is_written_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        row_writer(file)(["=1+1", "+1", "-1", "@x", "\tx", -1, "a=1"])
    assert path.read_text("utf-8") == "'=1+1,'+1,'-1,'@x,'\tx,-1,a=1\n"


@pytest.mark.parametrize("name", ["long.csv", "long.jsonl"])
def test_a_line_of_millions_of_cells_is_not_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("serials,status\n" + "," * (LONGEST_LINE + 1), "utf-8")
    with pytest.raises(UnreadableTable) as refused:
        [*open_table(path, [("serials",)]).rows()]
    assert "line 2 has more than" in refused.value.message.en
