"""Fingerprints: a repeated request is known again, and no other request is taken for it."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nzc_api.accounting.gases import Gas
from nzc_api.later import LATER, LATER_ALONE
from nzc_api.log.requests import FORM, Request


@dataclass(frozen=True)
class Line:
    label: str
    value: Decimal
    unit: str | None
    gas: Gas


@dataclass(frozen=True)
class Command:
    """The kinds of values that commands are made of."""

    pilot: int
    final: bool
    day: date
    lines: tuple[Line, ...]
    programmes: frozenset[str]


def fingerprint(content: object, verb: str = "verb") -> bytes:
    return Request.of("key", verb, content).fingerprint


def same_number(value: Decimal) -> st.SearchStrategy[Decimal]:
    """The same number, with other trailing zeros."""
    written = format(value, "f")
    dotted = written if "." in written else f"{written}."
    return st.integers(0, 6).map(lambda zeros: Decimal(dotted + "0" * zeros))


# As wide as a Decimal of the API: 18 digits before the point and 12 after it.
DECIMALS = st.integers(0, 12).flatmap(
    lambda places: st.decimals(min_value=-(10**18) + 1, max_value=10**18 - 1, places=places)
)

LINES = st.builds(
    Line,
    st.text(st.characters(codec="utf-8"), max_size=5),
    DECIMALS,
    st.none() | st.sampled_from(["t", "kWh", "吨"]),
    st.sampled_from(Gas),
)

COMMANDS = st.builds(
    Command,
    st.integers(1, 1 << 62),
    st.booleans(),
    st.dates(),
    st.lists(LINES, max_size=3).map(tuple),
    st.frozensets(st.sampled_from(["CCER", "PHCER", "VCS", "GS"])),
)


def test_the_spelling_of_a_number_does_not_matter() -> None:
    spellings = ["1", "1.0", "1.00", "1E0", "0.1E1"]
    assert len({fingerprint({"value": Decimal(text)}) for text in spellings}) == 1
    assert fingerprint(Decimal(1000)) == fingerprint(Decimal("1E+3"))
    assert fingerprint(Decimal(0)) == fingerprint(Decimal("0.000"))


@given(DECIMALS.flatmap(lambda value: st.tuples(st.just(value), same_number(value))))
def test_no_spelling_of_a_number_matters(pair: tuple[Decimal, Decimal]) -> None:
    one, other = pair
    assert fingerprint({"value": one}) == fingerprint({"value": other})


@given(st.dictionaries(st.text(max_size=3), st.integers(), max_size=6), st.randoms())
def test_the_order_of_keys_does_not_matter(content: dict[str, int], random: Any) -> None:
    items = list(content.items())
    random.shuffle(items)
    assert fingerprint({"inner": dict(items)}) == fingerprint({"inner": content})


def test_the_order_of_a_set_does_not_matter_but_that_of_a_list_does() -> None:
    assert fingerprint(frozenset({"CCER", "PHCER"})) == fingerprint(frozenset({"PHCER", "CCER"}))
    assert fingerprint(["CCER", "PHCER"]) != fingerprint(["PHCER", "CCER"])


def test_the_key_is_no_part_of_the_fingerprint() -> None:
    one, other = Request.of("one", "verb", 1), Request.of("other", "verb", 1)
    assert (one.key, other.key) == ("one", "other")
    assert one.fingerprint == other.fingerprint


@given(COMMANDS)
def test_the_same_command_has_the_same_fingerprint(command: Command) -> None:
    assert fingerprint(command) == fingerprint(dataclasses.replace(command))


@given(COMMANDS, COMMANDS)
def test_commands_have_the_same_fingerprint_only_if_they_are_equal(
    one: Command, other: Command
) -> None:
    assert (fingerprint(one) == fingerprint(other)) is (one == other)


@given(COMMANDS, st.text(st.characters(codec="utf-8")))
def test_another_label_is_other_content(command: Command, label: str) -> None:
    line = Line(label="label", value=Decimal(1), unit=None, gas=Gas.CO2)
    one = dataclasses.replace(command, lines=(line,))
    other = dataclasses.replace(command, lines=(dataclasses.replace(line, label=label),))
    assert (fingerprint(one) == fingerprint(other)) is (label == line.label)


@given(DECIMALS, DECIMALS)
@example(
    Decimal("123456789012345678.000000000001"),
    Decimal("123456789012345678.000000000002"),
)
def test_another_number_is_other_content(one: Decimal, other: Decimal) -> None:
    """Under one key, a client that corrects a digit must hear of it, not get the old outcome."""
    assert (fingerprint(one) == fingerprint(other)) is (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (None, "None"),
        (True, 1),
        (False, 0),
        (1, "1"),
        ("a", "A"),
        ("é", "e\u0301"),
        ([], None),
        ([[]], []),
        (["a", "b"], ["ab"]),
        ({"a": None}, {}),
        ({"a": 1}, {"b": 1}),
        (Decimal(1), Decimal(-1)),
        (Decimal("0.000000000001"), Decimal(0)),
        (date(2024, 1, 2), date(2024, 2, 1)),
    ],
)
def test_what_is_not_the_same(one: object, other: object) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_another_verb_is_another_request() -> None:
    assert fingerprint(7, "submitInventory") != fingerprint(7, "verifyInventory")


@pytest.mark.parametrize("content", [1.5, b"bytes", object()], ids=["float", "bytes", "object"])
def test_a_value_without_a_canonical_form_is_a_bug(content: object) -> None:
    with pytest.raises(AssertionError):
        fingerprint({"value": content})


def test_a_fingerprint_is_the_same_for_ever() -> None:
    """Keys outlive releases: a change of the form needs another ``FORM``, and this test with it."""
    line = Line(label='甲"\\\n', value=Decimal("1.50"), unit=None, gas=Gas.CH4)
    content = {
        "b": Decimal("1.50"),
        "a": [date(2024, 1, 31), Gas.CH4, None, True, "吨"],
        "c": Command(
            pilot=7,
            final=False,
            day=date(2024, 7, 1),
            lines=(line,),
            programmes=frozenset({"PHCER", "CCER"}),
        ),
    }
    command = {
        "day": "2024-07-01",
        "final": False,
        "lines": [{"gas": "CH4", "label": '甲"\\\n', "unit": None, "value": "1.5"}],
        "pilot": 7,
        "programmes": ["CCER", "PHCER"],
    }
    plain = {"a": ["2024-01-31", "CH4", None, True, "吨"], "b": "1.5", "c": command}
    written = json.dumps(["nzc-request-1", "verb", plain], ensure_ascii=False)
    assert FORM == "nzc-request-1"
    assert fingerprint(content) == hashlib.sha256(written.encode()).digest()


def test_a_field_that_came_later_changes_no_request_of_before() -> None:
    @dataclass(frozen=True)
    class Before:
        name: str

    @dataclass(frozen=True)
    class Now:
        name: str
        basis: str | None = field(default=None, metadata=LATER)

    before = Request.of("k", "do", Before("a"))
    assert Request.of("k", "do", Now("a")) == before
    assert Request.of("k", "do", Now("a", "b")) != before
    assert Request.of("k", "do", Now("a", "b")) != Request.of("k", "do", Now("a", "c"))


def test_a_field_that_came_later_still_changes_no_request_of_before() -> None:
    """Neither one with none of the later fields, nor one with some of those that were there."""

    @dataclass(frozen=True)
    class Before:
        name: str
        basis: str | None = field(default=None, metadata=LATER)
        part: str | None = field(default=None, metadata=LATER)

    @dataclass(frozen=True)
    class Now(Before):
        body: str | None = field(default=None, metadata=LATER_ALONE)
        labels: tuple[str, ...] = field(default=(), metadata=LATER_ALONE)

    before: tuple[dict[str, Any], ...] = (
        {},
        {"basis": "b"},
        {"part": "c"},
        {"basis": "b", "part": "c"},
    )
    for said in before:
        now = fingerprint(Now("a", **said))
        assert now == fingerprint(Before("a", **said))
        others: list[dict[str, Any]] = [
            {"body": "x"},
            {"labels": ("x",)},
            {"body": "x", "labels": ("x",)},
        ]
        altered = {fingerprint(Now("a", **said, **other)) for other in others}
        assert len({now, *altered}) == len(others) + 1
