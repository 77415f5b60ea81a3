"""What becomes of rows that post in the ledger.

Every row is sent under a key that follows from what it asks for and which of its equals in the file it is,
so a run that was cut off is simply run again, with rows added anywhere: what was posted is answered as a
replay, and the result file is whole at the end.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import uuid4

from nzc_api.files.cells import UnreadableCell
from nzc_api.files.table import TableRow
from nzc_api.importing.api import ApiClient, Refusing
from nzc_api.importing.earlier import NOT_IN_FORCE, StandingTonnes, as_of_then
from nzc_api.importing.kinds import Kind, OtherProgramme, programme_in
from nzc_api.importing.named import Directory
from nzc_api.importing.sending import (
    AT_ONCE,
    ItemOutcome,
    OneByOne,
    ResultLine,
    SentItem,
    or_rejected,
    rejected,
    send,
)

T = TypeVar("T")


@dataclass(slots=True)
class PostedRows(OneByOne):
    """Rows of a kind, posted; ``dry_run``: find out what would be, and post nothing; rows see only those before
    them of the same thousand."""

    api: ApiClient
    kind: Kind
    dry_run: bool = False
    at_once: int = AT_ONCE
    columns: Sequence[str] = ()
    own: Sequence[str] = field(init=False)
    directory: Directory = field(init=False)
    equals: Counter[bytes] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.own = self.api.programmes()
        self.directory = Directory(self.api)

    def lines(self, rows: Sequence[TableRow]) -> list[ResultLine]:
        """A line for each thing that the rows ask for, or for a row that cannot be read."""
        programmes = [self._programme(row) for row in rows]
        self.directory.learn(
            name for found in programmes if isinstance(found, _RowNames) for name in found.names
        )
        return [
            line
            for row, found in zip(rows, programmes, strict=True)
            for line in (
                [ResultLine(row, found)]
                if not isinstance(found, _RowNames)
                else self._asked(row, found)
            )
        ]

    def settle(self, lines: Sequence[ResultLine]) -> None:
        """Say what became of lines; of what was answered before it is said how it stands now."""
        send(lines, lambda some: _post(self.api, self.kind, some, dry_run=self.dry_run))
        answered = [
            (line, line.outcome) for line in lines if line.outcome and line.outcome["replayed"]
        ]
        done = [pair for pair in answered if pair[1]["error"] is None]
        _look_at_done(self.api, self.kind, done, self.dry_run)
        refused = [pair for pair in answered if pair[1]["error"] is not None]
        _look_at_refused(self.api, self.kind, refused)

    def _programme(self, row: TableRow) -> "_RowNames | ItemOutcome":
        """A row's programme and what it names; or why it cannot be read."""

        def read() -> _RowNames:
            if row.problem is not None:
                raise UnreadableCell(row.problem)
            names = tuple(self.kind.names(row.cells))
            return _RowNames(programme_in(row.cells, self.own), names)

        return _or_rejected(read)

    def _asked(self, row: TableRow, named: "_RowNames") -> list[ResultLine]:
        items = _or_rejected(lambda: self.kind.items(row.cells, named.programme, self.directory))
        if isinstance(items, Mapping):
            return [ResultLine(row, items)]
        own = row.cells.get("idempotency_key")
        return [
            ResultLine(
                row=row,
                outcome=None,
                item=item,
                key=self._key(item) if own is None else _own_key(own, number),
            )
            for number, item in enumerate(items, start=1)
        ]

    def _key(self, item: SentItem) -> str:
        content = json.dumps([self.kind.name, item.given], sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(content.encode()).digest()[:20]
        self.equals[digest] += 1
        nth = self.equals[digest]
        return f"row-{digest.hex()}" if nth == 1 else f"row-{digest.hex()}-{nth}"


@dataclass(frozen=True, slots=True)
class _RowNames:
    programme: str
    names: tuple[Any, ...]


def _or_rejected(read: Callable[[], T]) -> T | ItemOutcome:
    try:
        return or_rejected(read)
    except OtherProgramme as other:
        return rejected("FORBIDDEN", other.message)


def _own_key(key: str, number: int) -> str:
    """A key that the row has itself; of more blocks each has one of its own."""
    return key if number == 1 else f"{key}-{number}"


def _look_at_done(
    api: ApiClient, kind: Kind, answered: Sequence[tuple[ResultLine, ItemOutcome]], dry_run: bool
) -> None:
    """What was done before and was taken back since does not count as done."""
    if not answered:
        return
    lines = [line for line, _ in answered]
    asked = f"result {{ {kind.standing} }}"
    for (line, before), now in zip(
        answered, _post(api, kind, lines, asked, dry_run=dry_run), strict=True
    ):
        standing = StandingTonnes.of(now["result"])
        if standing.lost:
            error = {"code": NOT_IN_FORCE, "message": standing.message(before["position"])}
            line.outcome = {**before, "status": NOT_IN_FORCE, "error": error}


def _look_at_refused(
    api: ApiClient, kind: Kind, answered: Sequence[tuple[ResultLine, ItemOutcome]]
) -> None:
    """What was refused before is told as of when, and what would be the answer today."""
    if not answered:
        return
    fresh = [replace(line, key=str(uuid4())) for line, _ in answered]
    for (line, before), now in zip(answered, _post(api, kind, fresh, dry_run=True), strict=True):
        line.outcome = {**before, "error": as_of_then(before, now)}


def _post(
    api: ApiClient, kind: Kind, lines: Sequence[ResultLine], asked: str = "", *, dry_run: bool
) -> Sequence[ItemOutcome]:
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
    outcomes: Sequence[ItemOutcome] = answer["outcomes"]
    return outcomes
