"""Cells that people and spreadsheets wrote."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.files.cells import (
    EPOCH,
    UnreadableCell,
    amount,
    authority_number,
    day,
    days,
    moment,
    span,
    whole,
    year,
    yes,
)
from nzc_api.files.vocabulary import programme_of, remark_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1000", 1000), ("1,000", 1000), ("1,234,567", 1234567), ("１，０００", 1000), ("2.00", 2),
        ("2.", 2), ("1000 吨", 1000), ("1000t", 1000), ("5 tCO2e", 5), ("1 000", 1000), ("0", 0),
        ("4611686018427387903", 4611686018427387903),
    ],
)  # fmt: skip
def test_whole_numbers(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize(
    "text", ["", "ten", "1.5", "-1", "1,00", "1,0000", "٣", "1 2", "2.001", "9" * 20, "1e3x"]
)
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(UnreadableCell) as raised:
        whole(text)
    assert f"“{text}”" in raised.value.why.zh
    assert f"“{text}”" in raised.value.why.en


@pytest.mark.parametrize("text", ["1.23E+18", "1.23e18", "１．２３Ｅ＋１８", "4E+10"])
@pytest.mark.parametrize("read", [whole, authority_number])
def test_digits_that_a_spreadsheet_lost(text: str, read: object) -> None:
    assert callable(read)
    with pytest.raises(UnreadableCell) as raised:
        read(text)
    assert "lost" in raised.value.why.en
    assert "丢失" in raised.value.why.zh


@pytest.mark.parametrize(
    "text",
    [
        "2024-08-15", "2024/8/15", "2024.8.15", "2024年8月15日", "2024年08月15", "20240815", "２０２４/８/１５",
        "2024-08-15 00:00:00", "2024/8/15 0:00", "2024-08-15T12:30:00", "2024 年 8 月 15 日", "45519",
        "45519.0", " 2024-8-15 ",
    ],
)  # fmt: skip
def test_days(text: str) -> None:
    assert day(text) == date(2024, 8, 15)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_however_a_spreadsheet_has_it(wanted: date) -> None:
    texts = [wanted.isoformat(), f"{wanted.year}/{wanted.month}/{wanted.day}",
             f"{wanted.year}年{wanted.month}月{wanted.day}日", str((wanted - EPOCH).days)]  # fmt: skip
    assert {day(text) for text in texts} == {wanted}


@pytest.mark.parametrize(
    "text",
    ["", "01/07/2024", "8/15/2024", "15.8.2024", "2024-13-01", "2024-02-30", "2024-8/15", "2024", "1",
     "99999", "soon"],
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(UnreadableCell) as raised:
        day(text)
    assert f"“{text}”" in raised.value.why.en


@pytest.mark.parametrize("text", ["2023", "2023.0", "2023年", "2023年度", "２０２３", " 2023 "])
def test_years(text: str) -> None:
    assert year(text) == 2023


@pytest.mark.parametrize("text", ["", "23", "2023.5", "MMXXIII", "20233"])
def test_what_is_no_year(text: str) -> None:
    with pytest.raises(UnreadableCell):
        year(text)


@pytest.mark.parametrize(
    "text",
    [
        "2023-07-01 to 2024-06-30", "2023年7月1日至2024年6月30日", "2023.7.1—2024.6.30", "2023/7/1～2024/6/30",
        "2023-07-01 - 2024-06-30", "2023-07至2024-06", "2023年7月到2024年6月",
    ],
)  # fmt: skip
def test_times(text: str) -> None:
    assert span(text) == (date(2023, 7, 1), date(2024, 6, 30))


def test_a_year_is_a_time() -> None:
    assert span("2023年") == (date(2023, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    "text", ["", "2023-07-01", "2023-07-01 to", "a to b", "2023 to 2024 to 2025"]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(UnreadableCell):
        span(text)


def test_an_authoritys_number_keeps_its_brackets() -> None:
    assert authority_number(" 粤环函〔２０２４〕１２号 ") == "粤环函〔2024〕12号"
    assert authority_number("ＣＣＥＲ－（2024）") == "CCER-（2024）"


@pytest.mark.parametrize("text", ["ccer", "ＣＣＥＲ", "CCER ", "国家核证自愿减排量"])
def test_a_programme_by_any_of_its_names(text: str) -> None:
    assert programme_of(text) == "CCER"
    assert programme_of("碳普惠") == "PHCER"
    assert programme_of("CCERS") is None


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1,234.5", "1234.5", None), ("１，２３４．５", "1234.5", None), ("1 234.5 kWh", "1234.5", "kWh"),
        ("1.2万kWh", "1.2", "万kWh"), ("10,000.5kWh", "10000.5", "kWh"), ("-3.5元", "-3.5", "元"),
        ("¥8,080.50", "8080.50", None), ("￥80", "80", None), ("0", "0", None), ("12 m³", "12", "m3"),
    ],
)  # fmt: skip
def test_amounts(text: str, number: str, unit: str | None) -> None:
    assert amount(text) == (Decimal(number), unit)


@pytest.mark.parametrize(
    "text",
    ["", "ten", "一万", "1,00", "1,23,456", "1.2.3", "1 2", "--1", ".5", "1,234,5kWh", "1E+5"],
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(UnreadableCell) as raised:
        amount(text)
    assert f"“{text}”" in raised.value.why.zh


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024/1/5", "2024-01-05T00:00:00+08:00"), ("2024-01-05 13:30", "2024-01-05T13:30:00+08:00"),
        ("2024年1月5日8时", "2024-01-05T08:00:00+08:00"), ("2024年1月5日 8点05分09秒", "2024-01-05T08:05:09+08:00"),
        ("2024-01-31 24:00", "2024-02-01T00:00:00+08:00"), ("2024-01-05T05:30:00Z", "2024-01-05T13:30:00+08:00"),
        ("2024-01-05T05:30:00.000-02:00", "2024-01-05T15:30:00+08:00"), ("45296", "2024-01-05T00:00:00+08:00"),
    ],
)  # fmt: skip
def test_moments(text: str, at: str) -> None:
    assert moment(text) == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    "text", ["", "2024-01-05 25:00", "2024-01-05 24:01", "2024-01-05 12:60", "12:00", "2024-02-30 1:00",
             "9999-12-31 24:00", "05/01/2024 12:00"]
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(UnreadableCell):
        moment(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024年2月", "2024-02-01", "2024-02-29"), ("202402", "2024-02-01", "2024-02-29"),
        ("2024-2", "2024-02-01", "2024-02-29"), ("2024/1/5至2024/2/4", "2024-01-05", "2024-02-04"),
        ("2024.01.05-2024.02.04", "2024-01-05", "2024-02-04"), ("2024", "2024-01-01", "2024-12-31"),
        ("2024年1月5日-2024年2月4日", "2024-01-05", "2024-02-04"),
    ],
)  # fmt: skip
def test_days_of_a_bill(text: str, first: str, last: str) -> None:
    assert days(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "202413", "2024年13月", "2024-01-05", "一月"])
def test_what_are_no_days_of_a_bill(text: str) -> None:
    with pytest.raises(UnreadableCell):
        days(text)


def test_yes_and_no() -> None:
    assert all(map(yes, ("是", "Yes", "TRUE", "估抄", "１")))
    assert not any(map(yes, ("否", "no", "False", "实抄", "0")))
    with pytest.raises(UnreadableCell):
        yes("maybe")


def test_what_stands_in_brackets_of_a_heading() -> None:
    assert [remark_of(text) for text in ("用电量（万千瓦时）", "Usage [kWh]*", "用量", "用量（）", "a(b)c")] == [
        "万千瓦时", "kWh", None, None, None,
    ]  # fmt: skip
