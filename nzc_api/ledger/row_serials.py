"""Which serials a row of a registry's file names: by their text, by columns of first and last, or by a
certificate. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, NoReturn

from nzc_api.files.cells import check_digits, unreadable, whole
from nzc_api.ledger.posting.rules.quantity import check_range
from nzc_api.ledger.serials import (
    BlockReading,
    SerialRange,
    Unclear,
    certificate_serials,
    normalise_prefix,
    read_blocks,
    written_text,
)

# What names serials in a row.
NAMES = ("serials", "certificate", "prefix", "first", "last")

# Each a way to name them.
WAYS = (
    {"serials"}, {"certificate", "first", "last"}, {"prefix", "first", "last"}, {"first", "last"},
)  # fmt: skip


class RowSerials(NamedTuple):
    """Serials of a row, or tonnes of a certificate; and their text as it was read."""

    range: SerialRange
    by_certificate: bool
    text: str


def serials_of(cells: Mapping[str, str], registry: str) -> Sequence[RowSerials]:
    """What a row's cells name. Raises ``UnreadableCell`` where that is nothing, or not clear."""
    tonnes = whole(cells["quantity"]) if "quantity" in cells else None
    return [_checked(item) for item in _named(cells, registry, tonnes)]


def check_tonnes(found: Sequence[RowSerials], cells: Mapping[str, str]) -> None:
    """Raise ``UnreadableCell`` where a row's quantity is not that of its serials."""
    total = sum(item.range.quantity for item in found)
    if "quantity" in cells and whole(cells["quantity"]) != total:
        unreadable(
            cells["quantity"],
            f"数量与序列号不符，序列号共{total}吨",
            f"the quantity is not that of its serials, which are {total} t",
        )


def certificate_whole(cells: Mapping[str, str]) -> Mapping[str, str]:
    """A row of a certificate of which all tonnes are meant, as many as its quantity."""
    if "certificate" not in cells or "serials" in cells:
        return cells
    if "quantity" not in cells:
        unreadable(cells["certificate"], "证书须有数量", "a certificate needs a quantity")
    return {**cells, "first": "1", "last": str(whole(cells["quantity"]))}


def _named(cells: Mapping[str, str], registry: str, tonnes: int | None) -> Sequence[RowSerials]:
    # A prefix beside whole serials is said twice.
    given = [
        name for name in NAMES if name in cells and (name, "serials" in cells) != ("prefix", True)
    ]
    for name in given:
        check_digits(cells[name])
    if {*given} not in WAYS:
        unreadable(
            ", ".join(given) or "–",
            "须有序列号，或证书编号及首末吨，或首末序列号；不可并用",
            "either serials, or certificate, first, last, or first and last serials are needed",
        )
    if "serials" in cells:
        return _blocks(cells["serials"], registry, tonnes)
    if "certificate" in cells or "prefix" in cells:
        return [_numbered(cells, registry)]
    return _blocks(f"{cells['first']} to {cells['last']}", registry, tonnes)


def _numbered(cells: Mapping[str, str], registry: str) -> RowSerials:
    """Serials, or tonnes, of which the numbers are given."""
    certificate = "certificate" in cells
    text = cells["certificate"] if certificate else cells["prefix"]
    first, last = whole(cells["first"]), whole(cells["last"])
    name = normalise_prefix(text)
    if name is None:
        unreadable(
            text,
            "应为汉字、字母、数字或 . _ / - 〔〕 组成的编号",
            "a number of letters, Chinese characters, digits or . _ / - 〔〕 is needed",
        )
    if certificate:
        return RowSerials(certificate_serials(registry, name, first, last), True, text)
    return RowSerials(SerialRange(registry, name, first, last), False, f"{text}-{first} to {last}")


def _blocks(text: str, registry: str, tonnes: int | None) -> Sequence[RowSerials]:
    found = read_blocks(text, tonnes)
    if isinstance(found, Unclear):
        _unclear(text, found)
    return [
        RowSerials(
            SerialRange(registry, block.prefix, block.first, block.last), False, _text(block)
        )
        for block in found
    ]


def _text(block: BlockReading) -> str:
    """A block in its registry's way to write it, which can be read in one way."""
    if block.written is None:
        return str(block)
    return written_text(block.written, block.first, block.last + 1)


def _unclear(text: str, found: Unclear) -> NoReturn:
    zh = "，或".join(f"“{reading}”" for reading in found.readings)
    en = ", or ".join(f"“{reading}”" for reading in found.readings)
    if found.readings:
        unreadable(
            found.text, f"可有多种读法，请写明是{zh}", f"it may mean {en}: write which one is meant"
        )
    unreadable(
        text,
        "应为登记机构的序列号区间，如“GD-2024-1 to 500”",
        "a registry's serial block is needed, such as “GD-2024-1 to 500”",
    )


def _checked(item: RowSerials) -> RowSerials:
    problem = check_range(item.range)
    if problem is not None:
        unreadable(item.text, problem.message.zh, problem.message.en)
    return item
