"""Reading a registry's list of units, and writing what came of comparing it: CSV.

The list may be UTF-8 or GB18030, with or without a byte order mark; its headings Chinese or English.
"""

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from nzc_api.ledger.reconcile import Compared, Difference, Listed, Outcome, Status, folded
from nzc_api.ledger.rules.quantity import check_range
from nzc_api.ledger.serials import (
    SerialRange,
    certificate_serials,
    normalise_prefix,
    read_block,
    read_serial,
)
from nzc_api.refusal import Failed, LocalizedText

ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = ",;\t，；"
CHUNK = 1 << 20

# What each column may be headed with.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "serials": (
        "serials", "serial block", "serial number", "serial numbers", "block", "序列号",
        "序列号区间", "序列号段", "编号", "编号区间",
    ),
    "certificate": ("certificate", "certificate number", "证书", "证书编号", "证书号"),
    "quantity": ("quantity", "tonnes", "数量", "减排量", "吨数"),
    "status": ("status", "state", "状态"),
    "holder": ("holder", "owner", "持有者", "持有人"),
    "pilot": ("pilot", "beneficiary", "试点", "受益试点"),
}  # fmt: skip

STATUS_WORDS: Mapping[Status, tuple[str, ...]] = {
    Status.ISSUED: ("issued", "registered", "签发", "已签发", "登记", "已登记"),
    Status.HELD: ("held", "active", "持有", "持有中", "有效", "可用"),
    Status.CANCELLED: ("cancelled", "canceled", "retired", "注销", "已注销"),
    Status.INVALIDATED: ("invalidated", "revoked", "作废", "已作废", "失效", "已失效"),
}

_COLUMNS = {folded(word): name for name, words in HEADINGS.items() for word in words}
_STATUSES = {folded(word): status for status, words in STATUS_WORDS.items() for word in words}

WHY: Mapping[Difference, LocalizedText] = {
    Difference.STATUS: LocalizedText("状态不同", "the status differs"),
    Difference.HOLDER: LocalizedText("持有者不同", "the holder differs"),
    Difference.PILOT: LocalizedText("试点不同", "the pilot differs"),
    Difference.LISTED_TWICE: LocalizedText("登记机构重复列示", "the registry lists it twice"),
}

REPORT = (
    "outcome", "serials", "tonnes", "line", "registry_status", "registry_holder",
    "registry_pilot", "our_status", "our_holder", "our_pilot", "why_zh", "why_en",
)  # fmt: skip

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnreadableList(Failed):
    """The list as a whole cannot be read; the text says why, in both languages."""

    def __init__(self, why: LocalizedText) -> None:
        super().__init__(why.zh, why.en)


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line that says nothing that could be compared."""

    line: int
    text: str
    why: LocalizedText


@dataclass(frozen=True, slots=True)
class ListedCertificate:
    """Tonnes of a certificate in the list."""

    item: Listed


def read_list(path: Path, registry: str) -> Iterator[Listed | ListedCertificate | UnreadableLine]:
    """The units in a registry's list. Raises ``UnreadableList`` where it is no such list."""
    with path.open(encoding=_encoding(path), newline="") as file:
        heading = file.readline().lstrip("\N{BYTE ORDER MARK}")
        delimiter = max(DELIMITERS, key=heading.count)
        names = [
            _COLUMNS.get(folded(cell), "")
            for cell in next(csv.reader([heading], delimiter=delimiter), [])
        ]
        _check_headings(names)
        rows = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for row in rows:
                if any(cell.strip() for cell in row):
                    yield _unit(dict(zip(names, row, strict=False)), rows.line_num + 1, registry)
        except csv.Error as error:
            why = LocalizedText(
                f"第{rows.line_num + 1}行：{error}。", f"line {rows.line_num + 1}: {error}."
            )
            raise UnreadableList(why) from None


class ReportWriter:
    """Writes what was compared as CSV, row by row."""

    def __init__(self, file: TextIO) -> None:
        self._rows = csv.writer(file)
        self._rows.writerow(REPORT)

    def __call__(self, item: Compared | UnreadableLine) -> tuple[Outcome, int]:
        """Write a row; what it says, and of how many tonnes."""
        self._rows.writerow(map(_harmless, _row(item)))
        if isinstance(item, UnreadableLine):
            return Outcome.UNREADABLE, 0
        return item.outcome, item.tonnes


def _encoding(path: Path) -> str:
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableList(
        LocalizedText("文件编码须为UTF-8或GB18030。", "The file is neither UTF-8 nor GB18030.")
    )


def _check_headings(names: list[str]) -> None:
    if "status" in names and ("serials" in names or "certificate" in names):
        return
    raise UnreadableList(
        LocalizedText(
            "首行须有“序列号”（或“证书编号”）与“状态”两列。",
            "The first line must head a column “serials” (or “certificate”) and one “status”.",
        )
    )


def _unit(
    row: Mapping[str, str], line: int, registry: str
) -> Listed | ListedCertificate | UnreadableLine:
    cells = {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}
    found = _serials(cells, registry)
    status = _STATUSES.get(folded(cells.get("status", "")))
    if status is None:
        found = LocalizedText("状态无法识别", "the status is none that we know")
    if isinstance(found, LocalizedText):
        return UnreadableLine(line, cells.get("serials") or cells.get("certificate", ""), found)
    assert status is not None
    space = (found.registry, found.prefix)
    item = Listed(space, found.lo, found.hi, status, cells.get("holder"), cells.get("pilot"), line)
    return item if "serials" in cells else ListedCertificate(item)


def _serials(cells: Mapping[str, str], registry: str) -> SerialRange | LocalizedText:
    """The serials of a line; or why it has none."""
    quantity = _quantity(cells.get("quantity"))
    if "serials" not in cells:
        prefix = normalise_prefix(cells.get("certificate", ""))
        if prefix is None or not quantity:
            return LocalizedText(
                "须有序列号，或证书编号与数量", "it needs serials, or a certificate and a quantity"
            )
        return certificate_serials(registry, prefix, 1, quantity)
    serials = _block(cells["serials"], registry)
    if serials is None or check_range(serials) is not None:
        return LocalizedText("序列号无法识别", "its serials cannot be read")
    if "quantity" in cells and quantity != serials.quantity:
        return LocalizedText("数量与序列号不符", "its quantity is not that of its serials")
    return serials


def _block(text: str, registry: str) -> SerialRange | None:
    block = read_block(text)
    if block is not None:
        return SerialRange(registry, block.prefix, block.first, block.last)
    single = read_serial(text)
    return None if single is None else SerialRange(registry, single[0], single[1], single[1])


def _quantity(text: str | None) -> int | None:
    digits = folded(text or "").replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) < 19 else None  # noqa: PLR2004


def _row(item: Compared | UnreadableLine) -> tuple[object, ...]:
    if isinstance(item, UnreadableLine):
        why = item.why
        return Outcome.UNREADABLE, item.text, "", item.line, *[""] * 6, why.zh, why.en
    listed, ours = item.listed, item.ours
    reasons = [WHY[difference] for difference in item.differences]
    return (
        item.outcome, item.serials, item.tonnes,
        *(("",) * 4 if listed is None
          else (listed.line, listed.status, listed.holder or "", listed.pilot or "")),
        *(("",) * 3 if ours is None else (ours.status, str(ours.holder), str(ours.pilot))),
        "；".join(reason.zh for reason in reasons), "; ".join(reason.en for reason in reasons),
    )  # fmt: skip


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
