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
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from nzc_api.files.cells import UnreadableCell
from nzc_api.files.table import Table, TableRow
from nzc_api.files.writing import ENCODING, row_writer
from nzc_api.importing.api import Api, Refusing
from nzc_api.importing.earlier import NOT_IN_FORCE, Standing, as_of_then
from nzc_api.importing.kinds import Item, Kind, OtherProgramme, programme_in
from nzc_api.importing.named import Directory, Missing

AT_ONCE = 1000

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
    find out what would be, and post nothing; rows see only those before them of the same thousand.

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
    """Say what became of lines: they are sent, and sent again without those that cannot be read. Of what was
    answered before it is said how it stands now."""
    waiting = list(lines)
    while waiting:
        try:
            for line, outcome in zip(
                waiting, _post(api, kind, waiting, dry_run=dry_run), strict=True
            ):
                line.outcome = outcome
        except Refusing as refusing:
            unread = _unread(refusing.errors)
            if not unread:
                raise
            for number, outcome in unread.items():
                waiting[number].outcome = outcome
        waiting = [line for line in waiting if line.outcome is None]
    answered = [(line, line.outcome) for line in lines if line.outcome and line.outcome["replayed"]]
    _look_at_done(api, kind, [pair for pair in answered if pair[1]["error"] is None], dry_run)
    _look_at_refused(api, kind, [pair for pair in answered if pair[1]["error"] is not None])


def _look_at_done(
    api: Api, kind: Kind, answered: Sequence[tuple[Line, Outcome]], dry_run: bool
) -> None:
    """What was done before and was taken back since does not count as done."""
    if not answered:
        return
    lines = [line for line, _ in answered]
    asked = f"result {{ {kind.standing} }}"
    for (line, before), now in zip(
        answered, _post(api, kind, lines, asked, dry_run=dry_run), strict=True
    ):
        standing = Standing.of(now["result"])
        if standing.lost:
            error = {"code": NOT_IN_FORCE, "message": standing.message(before["position"])}
            line.outcome = {**before, "status": NOT_IN_FORCE, "error": error}


def _look_at_refused(api: Api, kind: Kind, answered: Sequence[tuple[Line, Outcome]]) -> None:
    """What was refused before is told as of when, and what would be the answer today."""
    if not answered:
        return
    fresh = [replace(line, key=str(uuid4())) for line, _ in answered]
    for (line, before), now in zip(answered, _post(api, kind, fresh, dry_run=True), strict=True):
        line.outcome = {**before, "error": as_of_then(before, now)}


def _post(
    api: Api, kind: Kind, lines: Sequence[Line], asked: str = "", *, dry_run: bool
) -> Sequence[Outcome]:
    """The outcomes of items, in order, with what else is ``asked`` of each."""
    items = [
        {"idempotencyKey": line.key, **(line.item.given if line.item else {})} for line in lines
    ]
    name = f"{kind.mutation}Bulk"
    query = f"""mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{
        ... on BulkOutcomes {{ outcomes {{ status position replayed asOfPosition {asked}
                                           error {{ code message {{ zh en }} }} }} }}
        ... on UserError {{ code message {{ zh en }} }} }} }}"""
    given = {"mode": "EACH_INDEPENDENT", "dryRun": dry_run, "items": items}
    answer = api.ask(query, input=given)[name]
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
    error = {"code": code, "message": message}
    return {"status": "REJECTED", "position": None, "replayed": False, "error": error}


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
