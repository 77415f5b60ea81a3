"""Serial numbers: what registries print, read exactly, however people have typed it."""

import csv
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nzc_api.ledger.errors.issuing import QuantityMismatch
from nzc_api.ledger.posting.rules.quantity import check_quantity
from nzc_api.ledger.serials import (
    LARGEST_SERIAL,
    PREFIX,
    BlockReading,
    SerialRange,
    Unclear,
    block_text,
    normalise,
    normalise_prefix,
    read_block,
    read_blocks,
    read_serial,
    readings,
    written_text,
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
    ("BR-5-1072386-1-1-0-114 to BR-5-1072390-1-1-0-114", "CDM", "BR-5-1-1-0-114", 1072386, 1072390),
    ("BR-5-1072386-1-1-0-114 - BR-5-1072390-1-1-0-114", "CDM", "BR-5-1-1-0-114", 1072386, 1072390),
    ("BR-5-7-1-1-0-114 to BR-5-7-1-1-0-114", "CDM", "BR-5-1-1-0-114", 7, 7),
    ("CDC_10_8_CO_1_2018_from 4426 to 4971", "CERCARBONO", "CDC_10_8_CO_1_2018", 4426, 4971),
    ("CDC-10 FROM 4426 TO 4971", "CERCARBONO", "CDC-10", 4426, 4971),
    ("GD从4426至4971", "CERCARBONO", "GD", 4426, 4971),
    ("GD-1", "SINGLE", "GD", 1, 1),
    ("GD-2024", "SINGLE", "GD", 2024, 2024),
    ("GD-5-1", "SINGLE", "GD-5", 1, 1),
    ("CR0000000001", "SINGLE", "CR", 1, 1),
    ("CR0000000001 to CR0000000500", "TWO_SERIALS", "CR", 1, 500),
    ("CR0000000001-CR0000000500", "TWO_SERIALS", "CR", 1, 500),
    ("CR0000000001—CR0000000500", "TWO_SERIALS", "CR", 1, 500),
    ("CR0000000001 to 0000000500", "RANGE", "CR", 1, 500),
    ("GD-2023-301-GD-2023-400", "TWO_SERIALS", "GD-2023", 301, 400),
    ("GD-2023-301 至 GD-2023-400", "TWO_SERIALS", "GD-2023", 301, 400),
    ("GD-2023-301—400", "CAR_OR_ACR", "GD-2023", 301, 400),
    ("粤环函〔2024〕12号-1 to 5", "CAR_OR_ACR", "粤环函〔2024〕12号", 1, 5),
    ("粤环函(2024)12号-1至5", "CAR_OR_ACR", "粤环函〔2024〕12号", 1, 5),
    *((f"GD-2023-301{to}400", "CAR_OR_ACR", "GD-2023", 301, 400)
      for to in ("至", " 到 ", "~", "～", " 〜 ", "——", "→")),
]  # fmt: skip

NONSENSE = [
    "", " ", "-", "to", "GD", "GD-", "GD-1 to", "GD-1 to x", "GD-x to 5", "1 to 5",
    "-1 to 5", "GD 1 to 5", "GD-1-5", "GD-1to5", "GD-1 to 5 to 9", "GD-1 to -5", "GD-1.5 to 2",
    "GD-1 to 12345678901234567890", "GD-٣ to ٥", "至-1 to 5", "😀-1 to 5", "*-1 to 5", "\x00-1 to 5",
    "X" * 81 + "-1 to 5", "A-" * 200 + "1", "VCS", "1-2-3-VCS", "CA0004-1-3000",
    "GD-1 to GD-5 to 9", "GD-2023-1 to GD-2024-9", "CR" + "0" * 20, "BR-5-1-1-1-0-114 to BR-5-9-1-1-0-115",
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
    assert read_block(text) == BlockReading(format=form, prefix=prefix, first=first, last=last)


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
        serials = SerialRange(
            registry="R", prefix=reading.prefix, first=reading.first, last=reading.last
        )
        assert serials.quantity == example_["expected"]["quantity"]


def test_the_example_of_a_manual_that_is_one_off(examples: dict[str, Any]) -> None:
    example_ = examples["serial.car_manual_trap"]
    given_, expected = example_["inputs"], example_["expected"]
    reading = read_block(given_["serial"])
    assert reading is not None
    serials = SerialRange(
        registry="CAR", prefix=reading.prefix, first=reading.first, last=reading.last
    )
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
            serials = SerialRange(
                registry="CAR", prefix=reading.prefix, first=reading.first, last=reading.last
            )
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
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in prefix)
    for typed in (prefix.lower(), f" {prefix} ", prefix.replace("-", f" {dash} "), wide):
        assert normalise_prefix(typed) == prefix


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "--",
        "/",
        ".",
        "_",
        "A_",
        "/A",
        "至",
        "A到B",
        "A*",
        "〕A",
        "A〔",
        "A\x00B",
        "X" * 81,
        "Ä",
        "٣",
    ],
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
    text = str(SerialRange(registry="R", prefix=prefix, first=first, last=last))
    assert text == block_text(prefix, first, last + 1)
    reading = read_block(text)
    assert reading is not None
    assert (reading.prefix, reading.first, reading.last) == (prefix, first, last)


def test_a_range_counts_both_ends() -> None:
    serials = SerialRange(registry="R", prefix="P", first=101, last=600)
    assert (serials.lo, serials.hi, serials.quantity) == (101, 601, 500)
    assert SerialRange(registry="R", prefix="P", first=7, last=7).quantity == 1


@given(PREFIXES, st.integers(0, LARGEST_SERIAL))
@example("BR-5-7-1-1-0", 114)
def test_a_single_serial_is_read_back(prefix: str, number: int) -> None:
    assert read_serial(f"{prefix}-{number}") == (prefix, number)
    assert read_serial(f" {prefix.lower()} – {number} ") == (prefix, number)


@pytest.mark.parametrize(
    "text", ["", "-", "17", "GD", "GD-", "-17", "GD-17 to 18", "GD 17", "至-17", "GD-x", "GD-٣"]
)
def test_what_is_no_serial(text: str) -> None:
    assert read_serial(text) is None


@pytest.mark.parametrize(
    "read", [normalise, normalise_prefix, read_block, read_blocks, read_serial, readings]
)
@given(text=st.text() | TYPED)
def test_no_text_breaks_a_reader(read: Any, text: str) -> None:
    read(text)


# Texts that may mean several things.


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("GD-WIND-2023-301-400", {"GD-WIND-2023-301 to 400", "GD-WIND-2023-301-400 to 400"}),
        ("GD-1-5", {"GD-1 to 5", "GD-1-5 to 5"}),
        ("GD—1—5", {"GD-1 to 5", "GD-1-5 to 5"}),
        ("CA0004-1-3000", {"CA0004-1 to 3000", "CA0004-1-3000 to 3000"}),
        (
            "BR-5-7-1-1-0-114",
            {"BR-5-1-1-0-114-7 to 7", "BR-5-7-1-1-0-114 to 114", "BR-5-7-1-1-0 to 114"},
        ),
        ("1-2-1-3", {"1-2 to 3", "1-2-1-3 to 3", "1-2-1 to 3"}),
    ],
)
def test_what_may_mean_several_things_means_none(text: str, told: set[str]) -> None:
    assert read_block(text) is None
    assert {str(reading) for reading in readings(text)} == told
    unclear = read_blocks(text)
    assert isinstance(unclear, Unclear)
    assert {str(reading) for reading in unclear.readings} == told


def test_the_tonnes_say_which_it_is() -> None:
    text = "GD-WIND-2023-301-400"
    assert read_block(text, 100) == BlockReading(
        format="RANGE", prefix="GD-WIND-2023", first=301, last=400
    )
    assert read_block(text, 1) == BlockReading(
        format="SINGLE", prefix="GD-WIND-2023-301", first=400, last=400
    )
    assert read_block(text, 99) is None


SERIALS = st.integers(0, 10**18)
HYPHENS = st.sampled_from(["-", "–", " - ", "－"])
REGISTRIES = {"GOLD_STANDARD", "UNDP", "VERRA", "CDM"}


@given(PREFIXES, SERIALS, SERIALS, HYPHENS)
def test_no_ambiguous_text_is_accepted(prefix: str, one: int, other: int, hyphen: str) -> None:
    """Hyphens alone say nothing of which numbers are serials, unless a registry's form does."""
    first, last = sorted((one, other))
    text = f"{prefix}-{first}-{last}".replace("-", hyphen)
    found = read_block(text)
    if found is not None and found.format not in REGISTRIES:
        # The prefix itself is that of a repeated serial, such as GD-1-GD.
        assert found.format == "TWO_SERIALS"
        assert normalise(text).count(found.prefix) > 1


TO = st.sampled_from(["-", " to ", "至", "~", "～", "—", " from ", ";", ", ", "从", "_", ""])
PIECES = st.one_of(PREFIXES, st.from_regex(r"0{0,3}[0-9]{1,6}", fullmatch=True), TO)


@given(st.lists(PIECES, max_size=7).map("".join) | TYPED)
def test_what_is_read_and_written_again_reads_the_same(text: str) -> None:
    for reading in readings(text):
        ours = str(reading)
        theirs = written_text(
            reading.written or f"{reading.prefix}-#", reading.first, reading.last + 1
        )
        for again in (read_block(ours), read_block(theirs, reading.quantity)):
            assert again is not None, (ours, theirs)
            assert (again.prefix, again.first, again.last) == (
                reading.prefix, reading.first, reading.last,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first", "part"),
    [
        ("GD-PAD-2023-000001 to 000500", "GD-PAD-2023-000001 to GD-PAD-2023-000500",
         "GD-PAD-2023-000011 to GD-PAD-2023-000020"),
        ("CR0000000001-CR0000000500", "CR0000000001 to CR0000000500",
         "CR0000000011 to CR0000000020"),
        ("GD-1 to 500", None, None),
        ("gd 2023-1 to 500", "GD 2023-1 to GD 2023-500", "GD 2023-11 to GD 2023-20"),
        ("7-1-19-VCS-VCU-1-VER-CN-0", "7-1-19-VCS-VCU-1-VER-CN-0", "7-11-20-VCS-VCU-1-VER-CN-0"),
        ("BR-5-1-1-1-0-114 to BR-5-20-1-1-0-114", "BR-5-1-1-1-0-114 to BR-5-20-1-1-0-114",
         "BR-5-11-1-1-0-114 to BR-5-20-1-1-0-114"),
        ("7-1-19-VCS-" + "X" * 200, None, None),
        ("7-1-19-VCS-VCU-#1", None, None),
        ("7-1-19-VCS-VCU-é", None, None),
        ("CDC_10 from 0001 to 0500", "CDC_10 FROM 0001 TO 0500", "CDC_10 FROM 0011 TO 0020"),
    ],
)  # fmt: skip
def test_a_registrys_own_way_to_write(text: str, first: str | None, part: str | None) -> None:
    reading = read_block(text)
    assert reading is not None
    if first is None or part is None:
        assert reading.written is None
        return
    assert reading.written is not None
    assert written_text(reading.written, reading.first, reading.last + 1) == first
    assert written_text(reading.written, 11, 21) == part


def blocks(text: str) -> list[str]:
    found = read_blocks(text)
    assert not isinstance(found, Unclear), text
    return [str(block) for block in found]


@pytest.mark.parametrize(
    "text",
    [
        "GD-1 to 100; GD-201 to 300", "GD-1至100、201至300", "GD-1 to 100,201 to 300",
        "GD-1 to GD-100，GD-201 to GD-300", "GD-1~100\nGD-201~300\n",
    ],
)  # fmt: skip
def test_a_list_of_blocks(text: str) -> None:
    assert blocks(text) == ["GD-1 to 100", "GD-201 to 300"]


def test_thousands_are_no_list() -> None:
    assert str(read_block("GD-1,001 to 2,000")) == "GD-1001 to 2000"
    assert blocks("GD-1 to 1,000") == ["GD-1 to 1000"]
    assert blocks("GD-1,001 to 2,000") == ["GD-1001 to 2000"]
    assert blocks("GD-1 to 1,000, GD-1,001 to 2,000") == ["GD-1 to 1000", "GD-1001 to 2000"]


@pytest.mark.parametrize("text", ["", ";", "GD-5,100", "GD-1 to 5; x", "GD-1 to 5; GD-7-9"])
def test_what_is_no_list_of_blocks(text: str) -> None:
    assert isinstance(read_blocks(text), Unclear)
