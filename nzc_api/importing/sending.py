"""Sending a file's rows to an NZC, some at a time, and keeping an outcome a row."""

import gc
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from nzc_api.files.cells import UnreadableCell
from nzc_api.files.table import Table, TableRow
from nzc_api.files.writing import ENCODING, row_writer
from nzc_api.importing.api import Refusing
from nzc_api.importing.aside import begun
from nzc_api.importing.named import Missing

AT_ONCE = 1000

COLUMNS = (
    "row", "idempotency_key", "status", "position", "code", "message_zh", "message_en", "read_as",
)  # fmt: skip

ItemOutcome = Mapping[str, Any]

T = TypeVar("T")


@dataclass(slots=True)
class Item:
    """What is asked for, as the API's input without a key; and what was read, as a text."""

    given: Mapping[str, Any]
    read_as: str


@dataclass(slots=True)
class Line:
    """A line of the result: a row, what it asked for, under which key, what became of it, and what its work has to
    show of it, by column."""

    row: TableRow
    outcome: ItemOutcome | None = None
    item: Item | None = None
    key: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)


class Work(Protocol):
    """What is done with rows: so many ``at_once``, and what it shows of them in ``columns`` of its own."""

    at_once: int
    columns: Sequence[str]

    def lines(self, rows: Sequence[TableRow]) -> list[Line]:
        """A line for each thing that rows ask for, or for a row that cannot be read."""

    def settle(self, lines: Sequence[Line]) -> None:
        """Say what became of lines that can be read."""


def import_file(
    work: Work, table: Table, result: Path, done: Callable[[int], None]
) -> Counter[str]:
    """Do what the rows ask for and write an outcome each; how many of each status there are.

    ``done`` hears how many rows are done, each time that some are. Raises ``Refusing``.
    """
    counts: Counter[str] = Counter()
    unfinished = result.with_name(result.name + ".unfinished")
    with unfinished.open("w", encoding=ENCODING, newline="") as file, _no_search_for_cycles():
        write = row_writer(file)
        write((*COLUMNS, *work.columns, *_repeated(table.headings, work.columns)))
        for rows, lines in _settled(work, table):
            for line in lines:
                assert line.outcome is not None
                counts[line.outcome["status"]] += 1
                write(_cells(line, work.columns))
            done(rows)
    unfinished.replace(result)
    return counts


def _settled(work: Work, table: Table) -> Iterator[tuple[int, list[Line]]]:
    """The lines of so many rows, again and again, of which it is known what became: what comes next is read while the
    API is at work on those."""
    before: tuple[int, list[Line], Callable[[], None]] | None = None
    for some in parts(table.rows(), work.at_once):
        lines = work.lines(some)
        if before is not None:
            before[2]()
        settled = begun(lambda lines=lines: _settle(work, lines))  # type: ignore[misc]
        if before is not None:
            yield before[:2]
        before = (len(some), lines, settled)
    if before is not None:
        before[2]()
        yield before[:2]


def _settle(work: Work, lines: Sequence[Line]) -> None:
    for items in parts((line for line in lines if line.outcome is None), work.at_once):
        work.settle(items)


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


def send(lines: Sequence[Line], post: Callable[[Sequence[Line]], Sequence[ItemOutcome]]) -> None:
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


def _repeated(headings: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The file's headings, none of which is one of the outcomes'."""
    own = {*COLUMNS, *columns}
    return [f"{name} (file)" if name in own else name for name in headings]


def _cells(line: Line, columns: Sequence[str]) -> tuple[object, ...]:
    outcome = line.outcome or {}
    error = outcome["error"] or {"code": "", "message": {"zh": "", "en": ""}}
    return (
        line.row.number, line.key, outcome["status"], outcome["position"] or "", error["code"],
        error["message"]["zh"], error["message"]["en"], "" if line.item is None else line.item.read_as,
        *(line.shown.get(name, "") for name in columns), *line.row.given,
    )  # fmt: skip


def parts(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Some at a time."""
    source = iter(rows)
    while some := list(islice(source, size)):
        yield some
