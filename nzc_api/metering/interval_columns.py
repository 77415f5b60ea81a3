"""Intervals as JSON of columns, as the API takes them by the ten thousand: each meter and each time is said once. Pure.

What is read of them is what is read of the same rows as a table (`interval_rows`).
"""

import reprlib
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import orjson
from numpy.typing import NDArray

from nzc_api.metering.interval_cells import (
    MOST_SHOWN,
    MeterOf,
    plain_meter,
    plain_second,
    told_of,
)
from nzc_api.metering.interval_rows import IntervalRows, check_size, rows_from
from nzc_api.metering.numerals import millionths_of
from nzc_api.metering.readings import MOST_INTERVALS, Reading
from nzc_api.refusal import InvalidInput, Refusal, Refused

_PACKED_ZH = "从0起的序号，每行一个：16位、低字节在前，以base64编码"
_PACKED_EN = "of each row which it is, from 0: 16 bits, the low byte first, in base64"

# What each member is.
_EXPECTED = {
    "meters": ("计量点id的列表", "a list of ids of meters"),
    "times": ("起止时间的列表", "a list of times, each a list of its beginning and its end"),
    "meter": (f"所属计量点在meters中{_PACKED_ZH}", f"of `meters`: {_PACKED_EN}"),
    "time": (f"所属时间在times中{_PACKED_ZH}", f"of `times`: {_PACKED_EN}"),
    "value": ("每行一个数，以逗号分隔", "a number of each row, with commas between them"),
    "estimated": (
        "每行一个字符：估算为1，实际为0",
        "of each row 1 if it is estimated, and 0 if not",
    ),
}
_WANTED = {"estimated"}

# What parts values; of so many rows, each of another meter and another time, there are so many. The decoder holds the
# interpreter until it is at the end: of four megabytes of lists a fifth of a second.
_MARKS = (b",", b"[", b"{")
_MOST_MARKS = 5 * MOST_INTERVALS + 10


def read_columns(body: bytes, meter_of: MeterOf) -> IntervalRows:
    """The rows of columns. Raises ``Refused`` where they are none as a whole."""
    told = _members(body)
    meters, times = _list(told, "meters", _is_text), _list(told, "times", _is_span)
    meter, time = _which(told, "meter", len(meters)), _which(told, "time", len(times))
    size = len(meter)
    check_size(size)
    values, estimated = _text(told, "value").split(","), _text(told, "estimated", "0" * size)
    for name, column in (("time", time), ("value", values), ("estimated", estimated)):
        if len(column) != size:
            _refuse(told, name)
    if not {*estimated} <= {"0", "1"}:
        _refuse(told, "estimated")

    def row(number: int) -> Reading | Refusal:
        start, end = times[time[number]]
        cells = {
            "meter": meters[meter[number]], "from": start, "at": end, "value": values[number],
            "estimated": "true" if estimated[number] == "1" else "",
        }  # fmt: skip
        return told_of(cells, meter_of, number)

    ids = np.array([plain_meter(text, meter_of) for text in meters], np.int64)
    seconds = np.array([[*map(plain_second, span)] for span in times], np.int64)
    quality = np.frombuffer(estimated.encode(), np.uint8).astype(np.int64) - ord("0")
    return rows_from((ids[meter], *seconds[time].T, millionths_of(values), quality), row)


def _members(body: bytes) -> Mapping[str, Any]:
    """The members of an object that has those that are needed, and no others."""
    if sum(map(body.count, _MARKS)) > _MOST_MARKS:
        raise _no_columns(body[:MOST_SHOWN].decode(errors="replace"))
    try:
        told = orjson.loads(body)
    except ValueError as error:
        raise _no_columns(str(error)) from error
    names = told.keys() if isinstance(told, dict) else set[str]()
    if names - _EXPECTED.keys() or _EXPECTED.keys() - _WANTED - names:
        raise _no_columns(", ".join(names))
    return {name: told[name] for name in names}


def _list(told: Mapping[str, Any], name: str, is_one: Callable[[object], bool]) -> Sequence[Any]:
    items = told[name]
    if not isinstance(items, list) or len(items) > MOST_INTERVALS or not all(map(is_one, items)):
        _refuse(told, name)
    return items


def _is_text(item: object) -> bool:
    return isinstance(item, str)


def _is_span(item: object) -> bool:
    return isinstance(item, list) and [*map(type, item)] == [str, str]


def _text(told: Mapping[str, Any], name: str, otherwise: str = "") -> str:
    text = told.get(name, otherwise)
    if not isinstance(text, str):
        _refuse(told, name)
    return text


def _which(told: Mapping[str, Any], name: str, most: int) -> NDArray[np.uint16]:
    """Whole numbers from 0 that are less than ``most``."""
    try:
        found = np.frombuffer(b64decode(_text(told, name), validate=True), "<u2")
    except ValueError:
        _refuse(told, name)
    if found.max(initial=0) >= most:
        _refuse(told, name)
    return found


def _refuse(told: Mapping[str, Any], name: str) -> NoReturn:
    zh, en = _EXPECTED[name]
    value = told[name]
    # Of megabytes no more is written than is shown.
    shown = value if isinstance(value, str) else reprlib.repr(value)
    raise Refused(
        InvalidInput(path=(name,), value=shown[:MOST_SHOWN], expected_zh=zh, expected_en=en)
    )


def _no_columns(value: str) -> Refused:
    needed = [name for name in _EXPECTED if name not in _WANTED]
    return Refused(
        InvalidInput(
            path=("items",),
            value=value[:MOST_SHOWN],
            expected_zh=f"JSON对象，成员为{'、'.join(needed)}，另可有{'、'.join(_WANTED)}",
            expected_en=f"a JSON object with the members {', '.join(needed)}, and, where wanted, "
            f"{', '.join(_WANTED)}",
        )
    )
