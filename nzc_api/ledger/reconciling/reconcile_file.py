"""Reading a registry's list of units, and writing what came of comparing it: CSV."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

from nzc_api.files.cells import UnreadableCell, unreadable
from nzc_api.files.table import TableRow, UnreadableTable, open_table
from nzc_api.files.vocabulary import status_of, status_words
from nzc_api.files.writing import row_writer
from nzc_api.ledger.reconciling.reconcile import (
    Compared,
    Difference,
    ListedUnit,
    ReconciliationOutcome,
    Status,
)
from nzc_api.ledger.row_serials import certificate_whole, check_tonnes, serials_of
from nzc_api.refusal import LocalizedText

UnreadableList = UnreadableTable

NEEDED = (("serials", "certificate", "first"), ("status",))

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


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line that says nothing that could be compared."""

    line: int
    text: str
    why: LocalizedText


class Sum(NamedTuple):
    """How many rows of a report have an outcome, and of how many tonnes they are."""

    rows: int
    tonnes: int


@dataclass(frozen=True, slots=True)
class ListedCertificate:
    """Tonnes of a certificate in the list."""

    item: ListedUnit


def check_not_empty(size: int) -> None:
    """Raise ``UnreadableList`` where a file has nothing in it: that is no list of nothing."""
    if not size:
        raise UnreadableList(LocalizedText("文件是空的", "the file is empty"))


def read_list(
    path: Path, registry: str
) -> Iterator[ListedUnit | ListedCertificate | UnreadableLine]:
    """The units in a registry's list. Raises ``UnreadableList`` where it is no such list."""
    for row in open_table(path, NEEDED).rows():
        try:
            yield from _units(row, registry)
        except UnreadableCell as cell:
            text = row.cells.get("serials") or row.cells.get("certificate", "")
            yield UnreadableLine(row.number, text, cell.why)


class ReportWriter:
    """Writes what was compared as CSV, row by row; ``sums`` are of those written so far."""

    def __init__(self, file: TextIO) -> None:
        self._write = row_writer(file)
        self._write(REPORT)
        self.sums: dict[ReconciliationOutcome, Sum] = {}

    def __call__(self, item: Compared | UnreadableLine) -> None:
        self._write(_row(item))
        outcome, tonnes = ReconciliationOutcome.UNREADABLE, 0
        if isinstance(item, Compared):
            outcome, tonnes = item.outcome, item.tonnes
        before = self.sums.get(outcome, Sum(0, 0))
        self.sums[outcome] = Sum(before.rows + 1, before.tonnes + tonnes)


def _units(row: TableRow, registry: str) -> Iterator[ListedUnit | ListedCertificate]:
    """What a line says of units: of each block of it the same."""
    if row.problem is not None:
        raise UnreadableCell(row.problem)
    cells = row.cells
    status = _status(cells.get("status", ""))
    blocks = serials_of(certificate_whole(cells), registry)
    check_tonnes(blocks, cells)
    for found in blocks:
        space = (found.range.registry, found.range.prefix)
        item = ListedUnit(space=space, lo=found.range.lo, hi=found.range.hi, status=status, holder=cells.get("holder"),
                      pilot=cells.get("pilot"), line=row.number)  # fmt: skip
        yield ListedCertificate(item) if found.by_certificate else item


def _status(text: str) -> Status:
    found = status_of(text)
    if found is None:
        statuses = status_words(Status)
        unreadable(text, f"状态应为以下之一：{statuses}", f"a status is one of {statuses}")
    return Status(found.status)


def _row(item: Compared | UnreadableLine) -> tuple[object, ...]:
    if isinstance(item, UnreadableLine):
        why = item.why
        return ReconciliationOutcome.UNREADABLE, item.text, "", item.line, *[""] * 6, why.zh, why.en
    listed, ours = item.listed, item.ours
    reasons = [WHY[difference] for difference in item.differences]
    return (
        item.outcome, item.serials, item.tonnes,
        *(("",) * 4 if listed is None
          else (listed.line, listed.status, listed.holder or "", listed.pilot or "")),
        *(("",) * 3 if ours is None else (ours.status, str(ours.holder), str(ours.pilot))),
        "；".join(reason.zh for reason in reasons), "; ".join(reason.en for reason in reasons),
    )  # fmt: skip
