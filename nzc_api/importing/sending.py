"""Sending a file's rows to an NZC, some at a time, and keeping an outcome a row."""

import gc
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TextIO, TypeVar

from nzc_api.files.cells import UnreadableCell
from nzc_api.files.parts import parts
from nzc_api.files.table import Table, TablePage, TableRow
from nzc_api.files.writing import ENCODING, Piece, put_together, row_writer
from nzc_api.importing.api import Refusing
from nzc_api.importing.aside import begun
from nzc_api.importing.named import Missing

AT_ONCE = 1000

# How many requests are under way at a time where their order is all the same: while the database is at work on one,
# the API reads the next.
AT_A_TIME = 2

COLUMNS = (
    "row", "idempotency_key", "status", "position", "code", "message_zh", "message_en", "read_as",
)  # fmt: skip

ItemOutcome = Mapping[str, Any]

T = TypeVar("T")


@dataclass(slots=True)
class SentItem:
    """What is asked for, as the API's input without a key; and what was read, as a text."""

    given: Mapping[str, Any]
    read_as: str


@dataclass(slots=True)
class ResultLine:
    """A line of the result: a row, what it asked for, under which key, what became of it, and what its work has to
    show of it, by column."""

    row: TableRow
    outcome: ItemOutcome | None = None
    item: SentItem | None = None
    key: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class AlikeRows:
    """Rows that had one outcome, under one key: their numbers, each as CSV has it, and, in pieces of it, how each was
    read."""

    numbers: Sequence[int]
    rows: Sequence[str]
    read_as: Sequence[Piece]
    key: str
    outcome: ItemOutcome


# What becomes of rows: a line for each thing that they ask for, or all alike.
Settled = AlikeRows | list[ResultLine]


class Settling(Protocol):
    """What says what becomes of rows."""

    def __call__(self) -> Settled:
        """Ask the API for what the rows ask for."""

    def is_apart_from(self, other: "Settling") -> bool:
        """Whether it is all the same which of two is asked first."""


class Work(Protocol):
    """What is done with rows: so many ``at_once``, and what it shows of them in ``columns`` of its own."""

    at_once: int
    columns: Sequence[str]

    def together(self, page: TablePage) -> Settling | None:
        """What settles rows that are read all at once; None where they are read one by one."""

    def lines(self, rows: Sequence[TableRow]) -> list[ResultLine]:
        """A line for each thing that rows ask for, or for a row that cannot be read."""

    def settle(self, lines: Sequence[ResultLine]) -> None:
        """Say what became of lines that can be read."""


class OneByOne:
    """Work that reads all rows one by one."""

    __slots__ = ()

    def together(self, _page: TablePage) -> None:
        return None


def import_file(
    work: Work, table: Table, result: Path, done: Callable[[int], None]
) -> tuple[int, Counter[str]]:
    """Do what the rows ask for and write an outcome each; how many rows there are, and outcomes of each status.

    ``done`` hears how many rows are done, each time that some are. Raises ``Refusing``.
    """
    total, counts = 0, Counter[str]()
    unfinished = result.with_name(result.name + ".unfinished")
    with unfinished.open("w", encoding=ENCODING, newline="") as file, _no_search_for_cycles():
        outcomes = OutcomeFile(file, table.headings, work.columns)
        for rows, settled in _settled(work, table):
            outcomes.write(settled)
            if isinstance(settled, AlikeRows):
                counts[settled.outcome["status"]] += len(settled.numbers)
            else:
                counts.update(line.outcome["status"] for line in settled if line.outcome)
            total += rows
            done(rows)
    unfinished.replace(result)
    return total, counts


def _settled(work: Work, table: Table) -> Iterator[tuple[int, Settled]]:
    """So many rows, again and again, and what became of them: those that come next are read while the API is at work
    on these; and asked for, too, where it is all the same which are first."""
    under_way = deque[tuple[int, Settling, Callable[[], Settled]]]()
    for page in table.pages(work.at_once):
        size, settling = _settling(work, page)
        while len(under_way) >= AT_A_TIME or not all(
            settling.is_apart_from(other) for _, other, _ in under_way
        ):
            before, _, done = under_way.popleft()
            yield before, done()
        under_way.append((size, settling, begun(settling)))
    for size, _, done in under_way:
        yield size, done()


def _settling(work: Work, page: TablePage | list[TableRow]) -> tuple[int, Settling]:
    """How many rows there are, and what settles them."""
    together = work.together(page) if isinstance(page, TablePage) else None
    if isinstance(page, TablePage) and together is not None:
        return len(page.numbers), together
    rows = page.rows() if isinstance(page, TablePage) else page
    return len(rows), _InOrder(work, work.lines(rows))


class _InOrder(NamedTuple):
    """What settles lines, which stay in the order that they are in."""

    work: Work
    lines: list[ResultLine]

    def __call__(self) -> Settled:
        waiting = (line for line in self.lines if line.outcome is None)
        for items in parts(waiting, self.work.at_once):
            self.work.settle(items)
        return self.lines

    def is_apart_from(self, _other: Settling) -> bool:
        return False


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows refer to nothing that refers to them: looking for that takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def or_rejected(read: Callable[[], T]) -> T | ItemOutcome:
    """What is read of a row; or the outcome of a row that cannot be, which stops no other."""
    try:
        return read()
    except UnreadableCell as cell:
        return rejected("INVALID_INPUT", {"zh": cell.why.zh, "en": cell.why.en})
    except Missing as missing:
        return rejected("NOT_FOUND", missing.message)


def rejected(code: str, message: Mapping[str, str]) -> ItemOutcome:
    error = {"code": code, "message": message}
    return {"status": "REJECTED", "position": None, "replayed": False, "error": error}


def send(
    lines: Sequence[ResultLine], post: Callable[[Sequence[ResultLine]], Sequence[ItemOutcome]]
) -> None:
    """Say what became of lines: they are sent, and sent again without those that the API cannot read."""
    waiting = list(lines)
    while waiting:
        try:
            outcomes = dict(enumerate(post(waiting)))
        except Refusing as refusing:
            outcomes = _unread(refusing.errors)
            if not outcomes:
                raise
        for number, outcome in outcomes.items():
            waiting[number].outcome = outcome
        waiting = [line for number, line in enumerate(waiting) if number not in outcomes]


def _unread(errors: Sequence[Any]) -> dict[int, ItemOutcome]:
    """The outcomes of the items, by their numbers, that errors are about."""
    outcomes: dict[int, ItemOutcome] = {}
    for error in errors:
        facts = error["extensions"]
        match facts.get("inputPath"):
            case ["input", "items", number, *_]:
                # Which item of the request it was is nothing to whoever reads the file's outcomes.
                item = re.compile(rf"\$?input\.items\.{number}\.")
                message = {
                    language: item.sub("", text)
                    for language, text in facts["localizedMessage"].items()
                }
                outcomes.setdefault(int(number), rejected(facts["code"], message))
    return outcomes


class OutcomeFile:
    """The outcomes of rows, as a table: a line each, with what the row was."""

    def __init__(self, file: TextIO, headings: Sequence[str], columns: Sequence[str]) -> None:
        self._file, self._row, self._columns = file, row_writer(file), columns
        own = {*COLUMNS, *columns}
        # The file's headings, none of which is one of the outcomes'.
        given = (f"{name} (file)" if name in own else name for name in headings)
        self._row((*COLUMNS, *columns, *given))

    def write(self, settled: Settled) -> None:
        """Write what became of rows."""
        if isinstance(settled, AlikeRows):
            self._write_alike(settled)
            return
        for line in settled:
            assert line.outcome is not None
            self._row(_cells(line, line.outcome, self._columns))

    def _write_alike(self, settled: AlikeRows) -> None:
        outcome = settled.outcome
        said = ("", settled.key, outcome["status"], str(outcome["position"] or ""), "", "", "", "")
        own = ("", *("" for _ in self._columns), "")
        pieces = [
            [*map(str, settled.numbers)], ",".join(said), *settled.read_as, ",".join(own), settled.rows, "\r\n",
        ]  # fmt: skip
        self._file.write(put_together(pieces, len(settled.numbers)))


def _cells(line: ResultLine, outcome: ItemOutcome, columns: Sequence[str]) -> tuple[object, ...]:
    error = outcome["error"] or {"code": "", "message": {"zh": "", "en": ""}}
    return (
        line.row.number, line.key, outcome["status"], outcome["position"] or "", error["code"],
        error["message"]["zh"], error["message"]["en"], "" if line.item is None else line.item.read_as,
        *(line.shown.get(name, "") for name in columns), *line.row.given,
    )  # fmt: skip
