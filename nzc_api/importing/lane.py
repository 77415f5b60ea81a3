"""Sending a file's rows to an NZC, a thousand at a time, and keeping an outcome a row.

Every row is sent under a key that follows from what it asks for and which of its equals in the file it is,
so a run that was cut off is simply run again, with rows added anywhere: what was posted is answered as a
replay, and the result file is whole at the end.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from nzc_api.files.cells import UnreadableCell
from nzc_api.files.table import Table, TableRow
from nzc_api.files.writing import ENCODING, row_writer
from nzc_api.importing.api import Api, Refusing
from nzc_api.importing.kinds import Item, Kind, OtherProgramme, programme_in
from nzc_api.importing.named import Directory, Missing

AT_ONCE = 1000

# What a row is that could be sent, where nothing is.
READY = "READY"

COLUMNS = (
    "row", "idempotency_key", "status", "position", "code", "message_zh", "message_en", "read_as",
)  # fmt: skip

Outcome = Mapping[str, Any]

T = TypeVar("T")


@dataclass(slots=True)
class Line:
    """A line of the result: a row, what it asked for, under which key, and what became of it."""

    row: TableRow
    outcome: Outcome | None = None
    item: Item | None = None
    key: str = ""


def import_file(
    api: Api,
    kind: Kind,
    table: Table,
    result: Path,
    done: Callable[[int], None],
    *,
    dry_run: bool = False,
) -> Counter[str]:
    """Post what the rows ask for and write an outcome each; how many of each status there are. ``dry_run``:
    read all of it, and post nothing.

    ``done`` hears how many rows are done, after each thousand. Raises ``Refusing``.
    """
    counts: Counter[str] = Counter()
    unfinished = result.with_name(result.name + ".unfinished")
    reading = _Reading(api, kind)
    with unfinished.open("w", encoding=ENCODING, newline="") as file:
        write = row_writer(file)
        write((*COLUMNS, *_repeated(table.headings)))
        for some in _thousands(table.rows()):
            lines = reading.lines(some)
            waiting = [line for line in lines if line.outcome is None]
            for items in _thousands(waiting):
                _settle(api, kind, items, dry_run=dry_run)
            for line in lines:
                assert line.outcome is not None
                counts[line.outcome["status"]] += 1
                write(_cells(line))
            done(len(some))
    unfinished.replace(result)
    return counts


@dataclass(slots=True)
class _Reading:
    """What a file's rows ask for."""

    api: Api
    kind: Kind
    own: Sequence[str] = field(init=False)
    directory: Directory = field(init=False)
    equals: Counter[bytes] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.own = self.api.programmes()
        self.directory = Directory(self.api)

    def lines(self, rows: Sequence[TableRow]) -> list[Line]:
        """A line for each thing that the rows ask for, or for a row that cannot be read."""
        programmes = [self._programme(row) for row in rows]
        self.directory.learn(
            name for found in programmes if isinstance(found, _Known) for name in found.names
        )
        return [
            line
            for row, found in zip(rows, programmes, strict=True)
            for line in (
                [Line(row, found)] if not isinstance(found, _Known) else self._asked(row, found)
            )
        ]

    def _programme(self, row: TableRow) -> "_Known | Outcome":
        """A row's programme and what it names; or why it cannot be read."""

        def read() -> _Known:
            if row.problem is not None:
                raise UnreadableCell(row.problem)
            names = tuple(self.kind.names(row.cells))
            return _Known(programme_in(row.cells, self.own), names)

        return _or_rejected(read)

    def _asked(self, row: TableRow, known: "_Known") -> list[Line]:
        items = _or_rejected(lambda: self.kind.items(row.cells, known.programme, self.directory))
        if isinstance(items, Mapping):
            return [Line(row, items)]
        own = row.cells.get("idempotency_key")
        return [
            Line(row, None, item, self._key(item) if own is None else _own_key(own, number))
            for number, item in enumerate(items, start=1)
        ]

    def _key(self, item: Item) -> str:
        content = json.dumps([self.kind.name, item.given], sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(content.encode()).digest()[:20]
        self.equals[digest] += 1
        nth = self.equals[digest]
        return f"row-{digest.hex()}" if nth == 1 else f"row-{digest.hex()}-{nth}"


@dataclass(frozen=True, slots=True)
class _Known:
    programme: str
    names: tuple[Any, ...]


def _or_rejected(read: Callable[[], T]) -> T | Outcome:
    """What is read of a row; or the outcome of a row that cannot be, which stops no other."""
    try:
        return read()
    except UnreadableCell as cell:
        return _rejected("INVALID_INPUT", {"zh": cell.why.zh, "en": cell.why.en})
    except Missing as missing:
        return _rejected("NOT_FOUND", missing.message)
    except OtherProgramme as other:
        return _rejected("FORBIDDEN", other.message)


def _own_key(key: str, number: int) -> str:
    """A key that the row has itself; of more blocks each has one of its own."""
    return key if number == 1 else f"{key}-{number}"


def _settle(api: Api, kind: Kind, lines: Sequence[Line], *, dry_run: bool) -> None:
    """Say what became of lines: they are sent, and sent again without those that cannot be read."""
    if dry_run:
        for line in lines:
            line.outcome = {"status": READY, "position": None, "error": None}
        return
    waiting = list(lines)
    while waiting:
        try:
            for line, outcome in zip(waiting, _post(api, kind, waiting), strict=True):
                line.outcome = outcome
        except Refusing as refusing:
            unread = _unread(refusing.errors)
            if not unread:
                raise
            for number, outcome in unread.items():
                waiting[number].outcome = outcome
        waiting = [line for line in waiting if line.outcome is None]


def _post(api: Api, kind: Kind, lines: Sequence[Line]) -> Sequence[Outcome]:
    """The outcomes of items, in order."""
    items = [
        {"idempotencyKey": line.key, **(line.item.given if line.item else {})} for line in lines
    ]
    name = f"{kind.mutation}Bulk"
    query = f"""mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{
        ... on BulkOutcomes {{ outcomes {{ status position error {{ code message {{ zh en }} }} }} }}
        ... on UserError {{ code message {{ zh en }} }} }} }}"""
    answer = api.ask(query, input={"mode": "EACH_INDEPENDENT", "items": items})[name]
    if "code" in answer:
        raise Refusing(answer["message"]["zh"], answer["message"]["en"])
    outcomes: Sequence[Outcome] = answer["outcomes"]
    return outcomes


def _unread(errors: Sequence[Any]) -> dict[int, Outcome]:
    """The outcomes of the items, by their numbers, that errors are about."""
    outcomes: dict[int, Outcome] = {}
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
                outcomes.setdefault(int(number), _rejected(facts["code"], message))
    return outcomes


def _rejected(code: str, message: Mapping[str, str]) -> Outcome:
    return {"status": "REJECTED", "position": None, "error": {"code": code, "message": message}}


def _repeated(headings: Sequence[str]) -> list[str]:
    """The file's headings, none of which is one of the outcomes'."""
    return [f"{name} (file)" if name in COLUMNS else name for name in headings]


def _cells(line: Line) -> tuple[object, ...]:
    outcome = line.outcome or {}
    error = outcome["error"] or {"code": "", "message": {"zh": "", "en": ""}}
    return (
        line.row.number, line.key, outcome["status"], outcome["position"] or "", error["code"],
        error["message"]["zh"], error["message"]["en"], "" if line.item is None else line.item.serials,
        *line.row.given,
    )  # fmt: skip


def _thousands(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while some := list(islice(source, AT_ONCE)):
        yield some
