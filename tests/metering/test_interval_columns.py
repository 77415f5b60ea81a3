"""Intervals as JSON of columns: what is read of them is what is read of the same rows as a table."""

import json
import struct
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.ids import MeterId
from nzc_api.metering.interval_cells import MOST_SHOWN
from nzc_api.metering.interval_columns import read_columns
from nzc_api.metering.interval_rows import read_rows
from nzc_api.metering.readings import MOST_INTERVALS
from nzc_api.refusal import InvalidInput, Refused
from tests.metering.test_bulk import hour, posted
from tests.metering.test_meters import meter
from tests.world import Caller, World, key

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["7", "8", "", "E-1"]),
        st.sampled_from(["2024-01-01T00:00:00+08:00", "2024-01-01", "2024-01-01T00:00:00.5+08:00"]),
        st.sampled_from(["2024-01-01T01:00:00+08:00", "1969-01-01T00:00:00Z", "1"]),
        st.sampled_from(["1", "0.50", "-1", "01", "123456789", "0.1234567", "", "1\n", "１"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def meter_of(text: str) -> MeterId:
    if not text.isdecimal():
        raise Refused(
            InvalidInput(path=("meter",), value=text, expected_zh="数", expected_en="a number")
        )
    return MeterId(int(text))


def packed(numbers: Sequence[int]) -> str:
    return b64encode(struct.pack(f"<{len(numbers)}H", *numbers)).decode()


def columns_of(rows: Sequence[tuple[str, str, str, str, bool]]) -> dict[str, Any]:
    meters, times = sorted({row[0] for row in rows}), sorted({row[1:3] for row in rows})
    return {
        "meters": meters, "times": times, "meter": packed([meters.index(row[0]) for row in rows]),
        "time": packed([times.index(row[1:3]) for row in rows]), "value": ",".join(row[3] for row in rows),
        "estimated": "".join(str(int(row[4])) for row in rows),
    }  # fmt: skip


GOOD = columns_of(
    [("7", "2024-01-01T00:00:00+08:00", "2024-01-01T01:00:00+08:00", value, False) for value in ("1", "2")]
)  # fmt: skip


@given(ROWS)
def test_columns_are_read_as_a_table_is(rows: list[tuple[str, str, str, str, bool]]) -> None:
    table = ["meter,from,at,value,estimated"]
    table += [",".join((*row[:3], f'"{row[3]}"', "true" if row[4] else "")) for row in rows]
    one = read_columns(json.dumps(columns_of(rows)).encode(), meter_of)
    other = read_rows("\n".join(table).encode(), meter_of)
    assert (one.size, one.others) == (other.size, other.others)
    for columns in zip(astuple(one.columns), astuple(other.columns), strict=True):
        assert columns[0].tolist() == columns[1].tolist()


def test_quality_may_be_left_out() -> None:
    given_ = {name: told for name, told in GOOD.items() if name != "estimated"}
    assert read_columns(json.dumps(given_).encode(), meter_of).columns.estimated.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("member", "told"),
    [
        ("meters", None), ("meters", {}), ("meters", [7]), ("meters", []), ("meters", ["7"] * (MOST_INTERVALS + 1)),
        ("times", ["2024-01-01"]), ("times", [["2024-01-01"]]), ("times", [["2024-01-01", 1]]),
        ("times", [["1", "2"]] * (MOST_INTERVALS + 1)),
        ("meter", [0, 0]), ("meter", "!"), ("meter", "AA=="), ("meter", "AAAAA"), ("meter", packed([0, 1])),
        ("meter", "AAé="),
        ("time", packed([0])), ("time", packed([0, 0, 0])), ("time", packed([1, 0])),
        ("value", "1"), ("value", "1,2,3"), ("value", 1), ("value", None),
        ("estimated", "0"), ("estimated", "000"), ("estimated", "02"), ("estimated", None), ("estimated", "é0"),
        ("items", {"unit": "kWh"}), ("items", {"meter": packed([]), "time": packed([]), "value": ""}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(member: str, told: Any) -> None:
    wrong = GOOD | (told if member == "items" else {member: told})
    with pytest.raises(Refused) as refused:
        read_columns(json.dumps(wrong).encode(), meter_of)
    refusal = refused.value.refusal
    assert isinstance(refusal, InvalidInput)
    # Where nothing is of what is named, it is what names that is wrong.
    assert refusal.path == ("meter" if (member, told) == ("meters", []) else member,)
    assert len(refusal.value) <= MOST_SHOWN


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"1", b"\xff", b"{", b"[" * 100_000, b'{"meters": NaN}', b"{}"]
)
def test_what_is_no_object_of_columns_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_columns(body, meter_of)
    assert refused.value.refusal.path == ("items",)


@pytest.mark.parametrize(
    "body", [b'{"times":[' + b"[]," * 200_000 + b"[]]}", b"[" + b"{}," * 200_000 + b"{}]"]
)
def test_what_would_hold_the_decoder_is_not_decoded(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(orjson, "loads")
    with pytest.raises(Refused) as refused:
        read_columns(body, meter_of)
    assert refused.value.refusal.path == ("items",)


def test_each_row_may_be_of_another_meter_and_another_time() -> None:
    numbers = range(MOST_INTERVALS)
    most = {
        "meters": [str(number + 1) for number in numbers],
        "times": [[f"2024-01-01T00:00:00.{n:06}+08:00", "2024-01-02T00:00:00+08:00"] for n in numbers],
        "meter": packed([*numbers]), "time": packed([*numbers]), "value": ",".join(["1"] * MOST_INTERVALS),
        "estimated": "0" * MOST_INTERVALS,
    }  # fmt: skip
    assert read_columns(json.dumps(most).encode(), meter_of).size == MOST_INTERVALS


def test_no_more_rows_than_may_be() -> None:
    size = MOST_INTERVALS + 1
    many = GOOD | {
        "meter": packed([0] * size),
        "time": packed([0] * size),
        "value": ",".join("1" * size),
    }
    with pytest.raises(Refused) as refused:
        read_columns(json.dumps(many).encode(), meter_of)
    assert refused.value.refusal.path == ("items",)


async def test_columns_fare_as_a_table_does(shared_world: World) -> None:
    """Over HTTP: which rows are refused, and what is recorded; told again under its key."""
    world = shared_world
    pilot = await world.pilot()
    kinds = {"meterKind": "INTERVAL", "maximumPerHour": "100", "validFrom": "2010-01-01"}
    one, other = [await meter(world, pilot, code, **kinds) for code in ("E-1", "E-2")]
    told = [hour(one, n, value, is_="true") for n, value in enumerate(["1", "101", "-1", "2.50"])]
    rows = [(metered["id"], start, end, value, True) for metered, start, end, value, _, _ in told]
    columns, named = columns_of([*rows, rows[0], ("x", *rows[0][1:])]), key()
    answer = await asked(world.operator, columns, named)
    twins = [(other, *row[1:]) for row in told]
    table = await posted(world.operator, *twins, twins[0], ({"id": "x"}, *twins[0][1:]))
    alike = json.dumps({**table, "position": answer["position"]}).replace("E-2", "E-1")
    assert answer == json.loads(alike)
    assert [(row["row"], row["column"]) for row in answer["refused"]] == [
        (1, "value"), (2, "value"), (4, "at"), (5, "meter"),
    ]  # fmt: skip
    assert await asked(world.operator, columns, named) == answer | {"replayed": True}


async def asked(caller: Caller, columns: Any, named: str) -> Any:
    headers = {"Content-Type": "application/json", "Idempotency-Key": named,
               "Authorization": f"Bearer {caller.secret}"}  # fmt: skip
    answer = await caller.http.post("/intervals", json=columns, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()
