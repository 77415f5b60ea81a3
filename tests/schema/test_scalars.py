"""Scalars, ids and cursors: one way to write each, and a typed bilingual error for every other."""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.log.ids import entity_uuid
from nzc_api.refusal import InvalidInput, NotFound, Refused
from nzc_api.schema.kit.connections import decode_cursor, encode_cursor, page_by_position
from nzc_api.schema.kit.ids import Ids, decode_id, encode_id
from nzc_api.schema.kit.scalars import SCALARS, BigInt
from tests.world import Caller

CHINESE = re.compile(r"[\u4e00-\u9fff]")

# As the design says it, and written apart from the code's own.
DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,12})?", re.ASCII)

KIND_NAMES: dict[str, object] = {
    "BigInt": BigInt,
    "Decimal": Decimal,
    "Date": date,
    "DateTime": datetime,
}

ACCEPTED: list[tuple[str, str, object]] = [
    ("Decimal", "0", Decimal(0)),
    ("Decimal", "-1", Decimal(-1)),
    ("Decimal", "12.50", Decimal("12.50")),
    ("Decimal", "0.000000000001", Decimal("0.000000000001")),
    ("Decimal", "999999999999999999.999999999999", Decimal("999999999999999999.999999999999")),
    ("BigInt", "0", 0),
    ("BigInt", "-17", -17),
    ("BigInt", "9223372036854775807", 2**63 - 1),
    ("BigInt", "-9223372036854775808", -(2**63)),
    ("Date", "2024-02-29", date(2024, 2, 29)),
    ("Date", "0001-01-01", date(1, 1, 1)),
    ("DateTime", "2024-12-31T08:00:00Z", datetime(2024, 12, 31, 8, tzinfo=UTC)),
    ("DateTime", "2024-12-31T16:00:00+08:00", datetime(2024, 12, 31, 8, tzinfo=UTC)),
    (
        "DateTime",
        "2024-12-31T08:00:00.123456-00:30",
        datetime(2024, 12, 31, 8, 30, 0, 123456, tzinfo=UTC),
    ),
]

# What no number may be written as.
NO_NUMBER: list[object] = [
    "", " ", "NaN", "sNaN", "Infinity", "-Infinity", "1e3", "1E3", "٣", "１", "१", "²", "½", " 1",
    "1 ", "1\n", "\n1", "1_0", "1,000", "01", "-01", "00", "+1", "--1", "-", "1.", ".5", "0x1f",
    "1.5.0", "一", "1\x00", "9" * 5000, 1, 1.5, 0, True, None, [], ["1"], {},
]  # fmt: skip

REFUSED: list[tuple[str, object]] = [
    *(("Decimal", value) for value in NO_NUMBER),
    *(("BigInt", value) for value in NO_NUMBER),
    ("Decimal", "0.1234567890123"),
    ("Decimal", "1000000000000000000"),
    ("Decimal", Decimal("1.5")),
    ("BigInt", "1.0"),
    ("BigInt", "9223372036854775808"),
    ("BigInt", "-9223372036854775809"),
    ("BigInt", "10000000000000000000"),
    ("Date", ""),
    ("Date", "2023-02-29"),
    ("Date", "2024-13-01"),
    ("Date", "0000-01-01"),
    ("Date", "20241231"),
    ("Date", "2024-1-1"),
    ("Date", "2024-W01-1"),
    ("Date", "2024-12-31T00:00:00Z"),
    ("Date", "２０２４-12-31"),
    ("Date", " 2024-12-31"),
    ("Date", "2024-12-31\n"),
    ("Date", 20241231),
    ("Date", None),
    ("DateTime", ""),
    ("DateTime", "2024-12-31T08:00:00"),
    ("DateTime", "2024-12-31"),
    ("DateTime", "2024-12-31 08:00:00Z"),
    ("DateTime", "2024-12-31T08:00Z"),
    ("DateTime", "2024-12-31T25:00:00Z"),
    ("DateTime", "2024-12-31T08:00:60Z"),
    ("DateTime", "2024-12-31T08:00:00+24:00"),
    ("DateTime", "2024-12-31T08:00:00.1234567Z"),
    ("DateTime", "2024-12-31t08:00:00z"),
    ("DateTime", "2024-12-31T08:00:00+0800"),
    ("DateTime", 1735632000),
    ("DateTime", None),
]


def parse(scalar: str, value: object) -> Any:
    parser: Callable[[object], Any] | None = SCALARS[KIND_NAMES[scalar]].parse_value
    assert parser is not None
    return parser(value)


def serialise(scalar: str, value: object) -> Any:
    serialiser = SCALARS[KIND_NAMES[scalar]].serialize
    assert serialiser is not None
    return serialiser(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1395.0000000", "1395.000000"),
        ("3.4444224", "3.4444224"),
        ("0.440300", "0.440300"),
        ("0E-6", "0.000000"),
        ("40", "40"),
        ("1E+3", "1000"),
        ("-0.12345678900", "-0.123456789"),
    ],
)
def test_a_decimal_has_no_zeros_beyond_the_gram(value: str, text: str) -> None:
    """A potential of 28.0 makes seven decimals of six: 1395.0000000 is no other sum than its neighbour."""
    assert serialise("Decimal", Decimal(value)) == text


@pytest.mark.parametrize(("scalar", "text", "value"), ACCEPTED)
def test_what_is_accepted(scalar: str, text: str, value: object) -> None:
    parsed = parse(scalar, text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("scalar", "value"), REFUSED, ids=lambda item: ascii(item)[:24] if item else repr(item)
)
def test_what_is_refused_and_how(scalar: str, value: object) -> None:
    with pytest.raises(GraphQLError) as refused:
        parse(scalar, value)
    facts = refused.value.extensions
    assert facts is not None
    assert facts["code"] == "INVALID_INPUT"
    given = value if isinstance(value, str) else json.dumps(value, default=str)
    assert facts["value"] == given[:80]
    assert CHINESE.search(facts["localizedMessage"]["zh"])
    assert not CHINESE.search(facts["localizedMessage"]["en"].replace(given[:80], ""))
    assert len(refused.value.message) < 300


# What would be right, for the very value: where there is such a thing, ours is what is read then.
SAYS: list[tuple[str, object, str, str]] = [
    ("BigInt", 1000, '请写作"1000"', 'write it as "1000"'),
    ("BigInt", "1,000", '请写作"1000"', 'write it as "1000"'),
    ("BigInt", "007", '请写作"7"', 'write it as "7"'),
    ("BigInt", "１２", '请写作"12"', 'write it as "12"'),
    ("BigInt", "9223372036854775808", "−2^63至2^63−1", "from -2^63 to 2^63 - 1"),
    ("BigInt", 1.5, '以字符串表示的整数，如"1000"', 'a whole number as a string, such as "1000"'),
    ("Decimal", "00.5", '请写作"0.5"', 'write it as "0.5"'),
    ("Decimal", ".5", '请写作"0.5"', 'write it as "0.5"'),
    ("Decimal", 12.5, '请写作"12.5"', 'write it as "12.5"'),
    ("Decimal", "1e3", "无前导零、无指数", "no leading zeros, no exponent"),
    ("Decimal", True, '以字符串表示的十进制数，如"12.5"', "a decimal number as a string"),
    ("Date", "2024-02-30", "2024年2月有29天", "there is no such day: 2024-02 has 29 days"),
    ("Date", "2023-02-29", "2023年2月有28天", "there is no such day: 2023-02 has 28 days"),
    ("Date", "2024-13-01", "月份为01至12", "months 01 to 12"),
    ("Date", "0000-01-01", "年份为0001至9999", "years are 0001 to 9999"),
    ("Date", "2024年", "仅有年份，须为具体日期", "a year is no day"),
    ("Date", "2024年2月3日", '请写作"2024-02-03"', 'write it as "2024-02-03"'),
    ("Date", "2024/2/3", '请写作"2024-02-03"', 'write it as "2024-02-03"'),
    ("Date", 20241231, '请写作"2024-12-31"', 'write it as "2024-12-31"'),
    ("Date", "2024131", "YYYY-MM-DD格式的日期", "a day as YYYY-MM-DD"),
    ("DateTime", "2024-12-31", "须含时刻和时区偏移", "a time of day and its offset are needed"),
    ("DateTime", "2024-02-30T08:00:00Z", "没有这一天", "there is no such day"),
    ("DateTime", "2024-12-31 08:00", '"2024-12-31T08:00:00+08:00"', '"2024-12-31T08:00:00+08:00"'),
    ("DateTime", "2024-12-31T25:00:00Z", "时00至23", "hours 00 to 23"),
    ("DateTime", "0001-01-01T00:00:00+14:00", "按UTC在0001年至9999年之间", "a year from 0001 to 9999 of UTC"),
    ("DateTime", "9999-12-31T23:59:59-14:00", "按UTC在0001年至9999年之间", "a year from 0001 to 9999 of UTC"),
]  # fmt: skip


@pytest.mark.parametrize(("scalar", "value", "zh", "en"), SAYS)
def test_what_would_be_right_for_the_value(scalar: str, value: object, zh: str, en: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        parse(scalar, value)
    told = (refused.value.extensions or {})["localizedMessage"]
    # What comes after the value.
    assert zh in told["zh"].partition("”")[2]
    assert en in told["en"].partition("”")[2]
    written = re.search('"([^"]+)"', en)
    if written is not None:
        parse(scalar, written[1])


@given(st.sampled_from(sorted(KIND_NAMES)), st.text(max_size=40) | st.integers() | st.floats())
def test_whatever_is_refused_says_what_would_be_right(scalar: str, value: object) -> None:
    try:
        parse(scalar, value)
    except GraphQLError as refused:
        told = (refused.extensions or {})["localizedMessage"]
        assert told["zh"]
        assert told["en"]


@given(st.text("0123456789.-+eE _٣１", max_size=34) | st.from_regex(DECIMAL, fullmatch=True))
def test_a_decimal_is_what_the_design_says(text: str) -> None:
    if DECIMAL.fullmatch(text):
        assert parse("Decimal", text) == Decimal(text)
    else:
        with pytest.raises(GraphQLError):
            parse("Decimal", text)


def test_a_zero_has_no_sign() -> None:
    """``-0`` and ``0`` are one number: they must not be two contents under one key."""
    assert str(parse("Decimal", "-0.00")) == "0.00"
    assert parse("BigInt", "-0") == 0


@given(st.integers(0, 12).flatmap(lambda n: st.decimals(-(10**18) + 1, 10**18 - 1, places=n)))
def test_a_decimal_that_is_answered_is_accepted_again(value: Decimal) -> None:
    text = serialise("Decimal", value)
    assert "E" not in text
    assert parse("Decimal", text) == value


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_whole_number_that_is_answered_is_accepted_again(value: int) -> None:
    text = serialise("BigInt", value)
    assert isinstance(text, str)
    assert parse("BigInt", text) == value


@given(st.dates())
def test_a_day_that_is_answered_is_accepted_again(value: date) -> None:
    assert parse("Date", serialise("Date", value)) == value


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001


@given(MOMENTS)
def test_a_moment_is_answered_in_utc_and_accepted_again(value: datetime) -> None:
    text = serialise("DateTime", value)
    assert text.endswith("Z")
    assert parse("DateTime", text) == value


# Ids.

KINDS = st.sampled_from(["Pilot", "Inventory", "CreditBatch", "EmissionFactor", "Retirement"])
OURS = Ids(7)


@given(KINDS, st.uuids())
def test_an_id_gives_its_type_and_uuid_back(kind: str, uuid: UUID) -> None:
    text = encode_id(kind, uuid)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert decode_id(text) == (kind, uuid)


@given(
    KINDS,
    st.integers(0, 2**60 - 1),
    st.integers(1, 2**62 - 5000),
    st.sampled_from([16, 256, 4096]),
)
def test_ids_of_neighbours_are_each_its_own(
    kind: str, log_id: int, position: int, block: int
) -> None:
    """However many of their letters they share: around one, and around where those change."""
    border = position // block * block
    for near in {*range(position, position + 3), *range(border, border + 3), border + block} - {0}:
        assert Ids(log_id).of(kind, near) == encode_id(kind, entity_uuid(log_id, near))


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_an_id_is_canonical_or_refused(text: str) -> None:
    """Two spellings of one id would be two cache entries, and two keys of a client's map."""
    decoded = decode_id(text)
    assert decoded is None or encode_id(*decoded) == text


@given(KINDS, st.uuids(), st.data())
def test_no_other_spelling_of_an_id_is_accepted(kind: str, uuid: UUID, data: st.DataObject) -> None:
    inner = data.draw(
        st.sampled_from(
            [
                f"{kind}:{uuid.hex}",
                f"{kind}:{{{uuid}}}",
                f"{kind}:urn:uuid:{uuid}",
                f"{kind}: {uuid}",
                f"{kind}:{uuid}\n",
                f"{kind}{uuid}",
                str(uuid),
            ]
        )
    )
    text = encode_id(kind, uuid)
    encoded = base64.urlsafe_b64encode(inner.encode()).rstrip(b"=").decode()
    for other in (encoded, f"{text}=", f"{text}==", f" {text}", f"{text}\n", f"{kind}:{uuid}"):
        assert decode_id(other) is None


def test_an_id_of_this_log_names_its_position() -> None:
    text = OURS.of("Pilot", 42)
    assert OURS.position(text, "pilot", kinds=("Pilot",)) == 42
    assert OURS.find(text) == ("Pilot", 42)


def test_an_id_of_another_log_names_nothing_here() -> None:
    text = Ids(8).of("Pilot", 42)
    with pytest.raises(Refused) as refused:
        OURS.position(text, "input", "pilot", kinds=("Pilot",))
    assert refused.value.refusal == NotFound(
        path=("input", "pilot"), value=text, kind_zh="试点", kind_en="Pilot"
    )
    assert OURS.find(text) == ("Pilot", UUID(entity_uuid(8, 42)))


@pytest.mark.parametrize("text", ["", "abc", "UGlsb3Q6MQ", "试点", "x" * 10_000])
def test_a_malformed_id_is_malformed_input(text: str) -> None:
    with pytest.raises(Refused) as refused:
        OURS.position(text, "pilot", kinds=("Pilot", "Inventory"))
    refusal = refused.value.refusal
    assert isinstance(refusal, InvalidInput)
    assert refusal.path == ("pilot",)
    assert refusal.value == text[:80]
    assert "试点、清单" in refusal.expected_zh
    assert "Pilot or Inventory" in refusal.expected_en


def test_an_id_of_another_type_is_malformed_input() -> None:
    with pytest.raises(Refused) as refused:
        OURS.position(OURS.of("Inventory", 42), "pilot", kinds=("Pilot",))
    assert isinstance(refused.value.refusal, InvalidInput)
    with pytest.raises(Refused) as refused:
        OURS.product(OURS.of("Inventory", 42), "factor", kind="EmissionFactor")
    assert isinstance(refused.value.refusal, InvalidInput)


def test_product_data_is_named_by_its_uuid() -> None:
    uuid = uuid4()
    assert OURS.product(encode_id("FactorList", uuid), "list", kind="FactorList") == uuid
    assert OURS.find(encode_id("FactorList", uuid)) == ("FactorList", uuid)


# Cursors.


def key_of(cursor: str) -> str | None:
    try:
        return decode_cursor(cursor)
    except Refused:
        return None


@given(st.text(st.characters(codec="utf-8")) | st.integers(0).map(str))
def test_a_cursor_gives_its_key_back(key: str) -> None:
    assert decode_cursor(encode_cursor(key)) == key


@given(st.integers(0, 2**62 - 1))
def test_a_cursor_of_a_position_is_a_page_after_it(position: int) -> None:
    assert page_by_position(20, encode_cursor(position)).after == position


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_a_cursor_is_canonical_or_refused(text: str) -> None:
    key = key_of(text)
    assert key is None or encode_cursor(key) == text


@pytest.mark.parametrize(
    "text", ["", "abc", "YWZ0ZXI6NQ==", "试点", "x" * 10_000, encode_cursor(5)[:-1]]
)
def test_a_malformed_cursor_is_malformed_input(text: str) -> None:
    with pytest.raises(Refused) as refused:
        page_by_position(20, text)
    refusal = refused.value.refusal
    assert isinstance(refusal, InvalidInput)
    assert (refusal.path, refusal.value) == (("after",), text[:80])


@pytest.mark.parametrize("key", ["", "x", "-1", "1.5", "٣", "²", str(2**63), "9" * 19, "9" * 20])
def test_a_cursor_without_a_position_is_refused(key: str) -> None:
    with pytest.raises(Refused):
        page_by_position(20, encode_cursor(key))


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
def test_a_page_has_1_to_100_items(first: int) -> None:
    with pytest.raises(Refused) as refused:
        page_by_position(first, None)
    assert refused.value.refusal.path == ("first",)


# Through HTTP, where a value comes as a variable or stands in the query.

RECORD = """mutation ($input: RecordEmissionSourcesInput!) {
    recordEmissionSources(input: $input) { __typename } }"""


async def errors_of(http: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = (await Caller(http).post(query, **variables)).json()
    assert answer.get("errors"), answer
    for error in answer["errors"]:
        message = error["extensions"]["localizedMessage"]
        assert CHINESE.search(message["zh"])
        assert message["en"]
    return answer["errors"]


async def test_a_whole_number_over_http(http: httpx.AsyncClient) -> None:
    query = "query ($after: BigInt!) { events(after: $after) { position } }"
    refused = [value for scalar, value in REFUSED if scalar == "BigInt" and value is not None]
    for value in refused:
        (error,) = await errors_of(http, query, after=value)
        facts = error["extensions"]
        assert (facts["code"], facts["inputPath"]) == ("INVALID_INPUT", ["after"]), value
    for text in ("0", "9223372036854775807"):
        assert await Caller(http).ask(query, after=text) == {"events": []}


@pytest.mark.parametrize("literal", ["5", "1.5", "true", '"05"', '"NaN"', '"1e3"', "FIVE", "[]"])
async def test_a_whole_number_in_a_query(http: httpx.AsyncClient, literal: str) -> None:
    (error,) = await errors_of(http, f"{{ events(after: {literal}) {{ position }} }}")
    assert error["extensions"]["code"] == "INVALID_INPUT"


async def test_a_decimal_deep_in_an_input_names_its_place(http: httpx.AsyncClient) -> None:
    refused = [value for scalar, value in REFUSED if scalar == "Decimal" and type(value) is str]
    for value in [*refused, 1, 1.5]:
        source = {
            "category": "OTHER",
            "label": "x",
            "activity": {"value": value, "unit": "t"},
            "factor": "prov2025.diesel",
        }
        given_ = {"idempotencyKey": "k", "inventory": "x", "sources": [source]}
        (error,) = await errors_of(http, RECORD, input=given_)
        facts = error["extensions"]
        assert facts["code"] == "INVALID_INPUT", value
        assert facts["inputPath"] == ["input", "sources", "0", "activity", "value"]


async def test_every_malformed_value_of_a_request_is_told_at_once(http: httpx.AsyncClient) -> None:
    source = {"category": "OTHER", "label": "x", "activity": {"value": 1, "unit": "t"}}
    worse = source | {"activity": {"value": "1e3", "unit": "t"}}
    given_ = {"idempotencyKey": "k", "inventory": "x", "sources": [source, worse]}
    errors = await errors_of(http, RECORD, input=given_)
    assert [error["extensions"]["inputPath"] for error in errors] == [
        ["input", "sources", "0", "activity", "value"],
        ["input", "sources", "1", "activity", "value"],
    ]


async def test_a_moment_is_answered_in_utc(http: httpx.AsyncClient) -> None:
    head = (await Caller(http).ask("{ log { position at } }"))["log"]
    assert parse("BigInt", head["position"]) == 0
    assert parse("DateTime", head["at"]).utcoffset() == timedelta(0)
    assert head["at"].endswith("Z")


BLOCK = "query ($text: String!) { serialBlock(text: $text) { first last quantity } }"


@pytest.mark.parametrize("text", ["GD-1 to 9999999999999999999", "GD-9223372036854775808 to 1"])
async def test_no_answer_is_beyond_what_its_scalar_can_be(
    http: httpx.AsyncClient, text: str
) -> None:
    """Typed clients read a BigInt into 64 bits."""
    answer = (await Caller(http).post(BLOCK, text=text)).json()
    if "errors" in answer:
        assert [e["extensions"]["code"] for e in answer["errors"]] == ["SERIAL_RANGE_INVALID"]
    else:
        for value in answer["data"]["serialBlock"].values():
            assert -(2**63) <= int(value) < 2**63


async def test_a_block_has_no_negative_quantity(http: httpx.AsyncClient) -> None:
    answer = (await Caller(http).post(BLOCK, text="GD-10 to 1")).json()
    if "errors" in answer:
        assert [e["extensions"]["code"] for e in answer["errors"]] == ["SERIAL_RANGE_INVALID"]
    else:
        assert int(answer["data"]["serialBlock"]["quantity"]) > 0


PILOTS = "pilots(after: $value) { nodes { id } }"
INVENTORIES = "inventories(after: $value) { nodes { id } }"
SERIAL = "creditSerial(by: {programme: CCER, text: $value}) { serial }"
BATCH = "creditBatch(by: {serial: {programme: CCER, text: $value}}) { id }"

# NUL is no text to PostgreSQL, and its whole numbers end at 2^63 - 1.
HOSTILE = {
    "a cursor of nineteen nines": (INVENTORIES, encode_cursor("9" * 19)),
    "a cursor of 2^63": (INVENTORIES, encode_cursor(2**63)),
    "a cursor of a NUL": (PILOTS, encode_cursor("\x00")),
    "a pilot called NUL": ("pilot(by: {code: $value}) { id }", "\x00"),
    "a project called NUL": ("project(by: {code: $value}) { id }", "\x00"),
    "a factor list called NUL": ("factorList(code: $value) { id }", "\x00"),
    "a block called NUL": ("serialBlock(text: $value) { first }", "\x00"),
    "a serial with a NUL": (SERIAL, "G\x00D-1"),
    "serial nineteen nines": (SERIAL, "GD-" + "9" * 19),
    "the batch of serial 2^63": (BATCH, f"GD-{2**63}"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_text_is_an_internal_error(http: httpx.AsyncClient, name: str) -> None:
    """What a database cannot hold names nothing: the client's mistake, not our incident."""
    field, value = HOSTILE[name]
    query = f"query ($value: String!) {{ {field} }}"
    answer = (await Caller(http).post(query, value=value)).json()
    codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
    assert codes in ([], ["INVALID_INPUT"], ["SERIAL_RANGE_INVALID"])
