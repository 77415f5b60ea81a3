"""Serial numbers: what registries print, read exactly, however people have typed it."""

import csv
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nzc_api.ledger.errors import QuantityMismatch
from nzc_api.ledger.rules.quantity import check_quantity
from nzc_api.ledger.serials import (
    LARGEST_SERIAL,
    PREFIX,
    BlockReading,
    SerialRange,
    block_text,
    normalise,
    normalise_prefix,
    read_block,
    read_serial,
)
from tests.examples import shared, worked_examples

BLOCKS = [
    ("GD-2024-1 to 500", "CAR_OR_ACR", "GD-2024", 1, 500),
    ("gd-2024-1 TO 500", "CAR_OR_ACR", "GD-2024", 1, 500),
    ("  GD - 2024 -1  to\t500 ", "CAR_OR_ACR", "GD-2024", 1, 500),
    ("ＧＤ－２０２４－１　ｔｏ　５００", "CAR_OR_ACR", "GD-2024", 1, 500),
    ("GD–2024—1 to 500", "CAR_OR_ACR", "GD-2024", 1, 500),
    ("GD-1 to 1", "CAR_OR_ACR", "GD", 1, 1),
    ("X-1 to 4611686018427387903", "CAR_OR_ACR", "X", 1, LARGEST_SERIAL),
    ("7-10-19-VCS-VCU-1-VER-CN-1-1-01012020-31122020-0", "VERRA", "VCS", 10, 19),
    ("GS1-1-KE-GS11603-16-2025-30256-110-5463", "GOLD_STANDARD", "GS1-1-KE-GS11603-16-2025-30256",
     110, 5463),
    ("CA0004-VU-CH-356-1-3000-2023", "UNDP", "CA0004-VU-CH-356", 1, 3000),
]  # fmt: skip

NONSENSE = [
    "", " ", "-", "to", "GD", "GD-", "GD-1", "GD-2024", "GD-1 to", "GD-1 to x", "GD-x to 5", "1 to 5",
    "-1 to 5", "GD 1 to 5", "GD-1-5", "GD-1to5", "GD-1 to 5 to 9", "GD-1 to -5", "GD-1.5 to 2",
    "GD-1 to 12345678901234567890", "GD-٣ to ٥", "中文-1 to 5", "😀-1 to 5", "*-1 to 5", "\x00-1 to 5",
    "X" * 81 + "-1 to 5", "VCS", "1-2-3-VCS", "GS1-5463", "CA0004-1-3000",
]  # fmt: skip

DASHES = ["‐", "‑", "‒", "–", "—", "―", "−", "－", "﹣", "﹘", "⁻"]

# Letters, digits and what people put between them, in the widths that their keyboards have.
TYPED = st.text(st.sampled_from("aZ09.-_/ \t　ａＺ０９．－／–—−年号"), max_size=20)

PREFIXES = st.from_regex(PREFIX, fullmatch=True)


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    return worked_examples()


@pytest.mark.parametrize(("text", "form", "prefix", "first", "last"), BLOCKS)
def test_a_block(text: str, form: str, prefix: str, first: int, last: int) -> None:
    assert read_block(text) == BlockReading(form, prefix, first, last)


@pytest.mark.parametrize("text", NONSENSE)
def test_what_is_no_block(text: str) -> None:
    assert read_block(text) is None


FORMATS = {
    "Verra serial block": "VERRA",
    "Gold Standard serial block": "GOLD_STANDARD",
    "CAR serial block": "CAR_OR_ACR",
    "ACR serial block": "CAR_OR_ACR",
}


def test_the_blocks_that_registries_published(examples: dict[str, Any]) -> None:
    published = [example for example in examples.values() if example["title"] in FORMATS]
    assert len(published) == 6
    for example_ in published:
        given_ = example_["inputs"]
        reading = read_block(given_["serial"])
        assert reading is not None, example_["id"]
        assert reading.format == FORMATS[example_["title"]]
        assert (reading.first, reading.last) == (given_["start"], given_["end"])
        serials = SerialRange("R", reading.prefix, reading.first, reading.last)
        assert serials.quantity == example_["expected"]["quantity"]


def test_the_example_of_a_manual_that_is_one_off(examples: dict[str, Any]) -> None:
    example_ = examples["serial.car_manual_trap"]
    given_, expected = example_["inputs"], example_["expected"]
    reading = read_block(given_["serial"])
    assert reading is not None
    serials = SerialRange("CAR", reading.prefix, reading.first, reading.last)
    assert serials.quantity == expected["computed"]
    refusal = check_quantity(serials, given_["stated_quantity"])
    assert (refusal is not None) is expected["must_reject_mismatch"]
    assert isinstance(refusal, QuantityMismatch)
    assert (refusal.stated, refusal.computed) == (given_["stated_quantity"], expected["computed"])
    assert check_quantity(serials, expected["computed"]) is None


def test_the_blocks_of_a_national_registry_before_and_after_a_transfer(
    examples: dict[str, Any],
) -> None:
    example_ = examples["serial.undp_issue"]

    def read(text: str) -> BlockReading:
        reading = read_block(text)
        assert reading is not None
        assert (reading.format, reading.prefix) == ("UNDP", "CA0004-VU-CH-356")
        return reading

    issued = [read(text) for text in example_["inputs"]["issue"]]
    assert [(block.first, block.last) for block in issued] == [(1, 3000), (3001, 5000)]
    kept, moved = (read(text) for text in example_["expected"]["after"])
    whole = read(example_["inputs"]["from"])
    assert (kept.first, moved.last) == (whole.first, whole.last)
    assert kept.last + 1 == moved.first
    assert moved.last - moved.first + 1 == example_["inputs"]["transfer"]


def test_every_real_retirement_is_read() -> None:
    """The Climate Action Reserve's retirements to 2021: nothing skipped, nothing off by one."""
    prefixes: set[str] = set()
    total = rows = 0
    with shared("data/car_retirements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            reading = read_block(row["serial_numbers"])
            assert reading is not None, row
            assert reading.format == "CAR_OR_ACR"
            serials = SerialRange("CAR", reading.prefix, reading.first, reading.last)
            assert serials.quantity == int(row["quantity"]), row
            assert str(serials) == row["serial_numbers"]
            prefixes.add(reading.prefix)
            total += serials.quantity
            rows += 1
    assert (rows, len(prefixes), total) == (5351, 1537, 49_547_885)


# Normalisation.


@pytest.mark.parametrize("dash", DASHES, ids=ascii)
def test_every_dash_is_a_dash(dash: str) -> None:
    assert normalise(f"GD{dash}2024 {dash} 1 to 5") == "GD-2024-1 TO 5"


@given(TYPED)
def test_normalising_what_people_type_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
@example("ΐ-1 to 5")
def test_normalising_any_text_again_changes_nothing(text: str) -> None:
    """Two ways to write one serial would be two serials."""
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_a_prefix_is_named_in_one_way(text: str) -> None:
    prefix = normalise_prefix(text)
    if prefix is not None:
        assert PREFIX.fullmatch(prefix)
        assert normalise_prefix(prefix) == prefix


@given(PREFIXES, st.sampled_from(DASHES))
def test_a_prefix_does_not_depend_on_how_it_is_typed(prefix: str, dash: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in prefix)
    for typed in (prefix.lower(), f" {prefix} ", prefix.replace("-", f" {dash} "), wide):
        assert normalise_prefix(typed) == prefix


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "--", "/", ".", "_", "A_", "/A", "中文", "A*", "A\x00B", "X" * 81, "Ä", "٣"],
)
def test_what_is_no_prefix(text: str) -> None:
    assert normalise_prefix(text) is None


# What NZC writes.


@given(PREFIXES, st.integers(0, LARGEST_SERIAL), st.integers(0, 10**9))
@example("1-2-3-VCS-A", 1, 4)
@example("GS1-CN-7", 1, 4)
@example("CA0004-VU-1", 1, 4)
def test_a_block_that_nzc_writes_is_read_back(prefix: str, first: int, more: int) -> None:
    last = min(first + more, LARGEST_SERIAL)
    text = str(SerialRange("R", prefix, first, last))
    assert text == block_text(prefix, first, last + 1)
    reading = read_block(text)
    assert reading is not None
    assert (reading.prefix, reading.first, reading.last) == (prefix, first, last)


def test_a_range_counts_both_ends() -> None:
    serials = SerialRange("R", "P", 101, 600)
    assert (serials.lo, serials.hi, serials.quantity) == (101, 601, 500)
    assert SerialRange("R", "P", 7, 7).quantity == 1


@given(PREFIXES, st.integers(0, LARGEST_SERIAL))
def test_a_single_serial_is_read_back(prefix: str, number: int) -> None:
    assert read_serial(f"{prefix}-{number}") == (prefix, number)
    assert read_serial(f" {prefix.lower()} – {number} ") == (prefix, number)


@pytest.mark.parametrize(
    "text", ["", "-", "17", "GD", "GD-", "-17", "GD-17 to 18", "GD 17", "中文-17", "GD-x", "GD-٣"]
)
def test_what_is_no_serial(text: str) -> None:
    assert read_serial(text) is None


@pytest.mark.parametrize("read", [normalise, normalise_prefix, read_block, read_serial])
@given(text=st.text() | TYPED)
def test_no_text_breaks_a_reader(read: Any, text: str) -> None:
    read(text)
