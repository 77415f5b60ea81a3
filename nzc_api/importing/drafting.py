"""What becomes of rows of activity data: each pilot's and period's are the lines of a draft inventory.

An inventory that lacks a line is a wrong number, so all rows of one are drafted in one request, or none is. The key of
that request follows from what it asks for: the same rows again are told as they stand. Nothing is ever submitted.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from nzc_api.files.cells import UnreadableCell
from nzc_api.files.table import TableRow
from nzc_api.importing.api import ApiClient, Refusing
from nzc_api.importing.drafted import (
    Cells,
    InventoryPlace,
    LineItem,
    check_no_total,
    filled,
    line_of,
    place_of,
)
from nzc_api.importing.drafts import COLUMNS, EXISTS, Draft, exists
from nzc_api.importing.earlier import as_of_then
from nzc_api.importing.factors import Factors
from nzc_api.importing.metered import Layout
from nzc_api.importing.named import Directory
from nzc_api.importing.sending import ItemOutcome, OneByOne, ResultLine, or_rejected
from nzc_api.refusal import LocalizedText

# Rows of one inventory may stand anywhere in a file: it is read as a whole.
MOST_ROWS = 20_000

_CREATE = """mutation ($input: CreateInventoryInput!) { createInventory(input: $input) {
    ... on CreateInventorySuccess { replayed asOfPosition inventory { id status }
        lines { id position co2e treatment warnings } }
    ... on NewInventoryPreview { firstDay lastDay
        previewedLines { co2e treatment warnings error { code message { zh en } } } }
    ... on UserError { code message { zh en } path replayed asOfPosition } } }"""

_BESIDE = """query ($pilot: ID!, $period: ID!) {
    inventories(filter: {pilot: $pilot, accountingPeriod: $period}, last: 100) {
        nodes { id status phase basis version startsOn endsOn } } }"""

# Which line of the request it was is nothing to whoever reads the file's outcomes.
_ITEM = re.compile(r"\$?input\.(?:sources|sinks)\.[0-9]+\.")

# What the API says at the top level of one inventory: the others go on.
_OF_ONE = {"INVALID_INPUT", "BAD_USER_INPUT", "FORBIDDEN"}


@dataclass(slots=True)
class Drafting(OneByOne):
    """Rows of inventories, drafted; ``dry_run``: find out what would be, and draft nothing. ``defaults``: what is said
    of all rows that do not say otherwise."""

    api: ApiClient
    layout: Layout
    defaults: Cells
    dry_run: bool = False
    at_once: int = MOST_ROWS
    columns: Sequence[str] = COLUMNS
    directory: Directory = field(init=False)
    drafts: dict[InventoryPlace, Draft] = field(default_factory=dict)
    factors: dict[str, Factors] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.directory = Directory(self.api)

    def lines(self, rows: Sequence[TableRow]) -> list[ResultLine]:
        """A line for each row; those of one inventory are kept together."""
        read = [(row, filled(row.cells, self.defaults)) for row in rows]
        places = [_place(row, cells) for row, cells in read]
        self.directory.learn(place.period for place in places if isinstance(place, InventoryPlace))
        drafts = [self._draft_of(place) for place in places]
        for (row, cells), draft in zip(read, drafts, strict=True):
            if isinstance(draft, Draft):
                draft.say(row, cells)
        found = [self._line(*one, draft) for one, draft in zip(read, drafts, strict=True)]
        for (row, cells), place in zip(read, places, strict=True):
            if not isinstance(place, InventoryPlace):
                self._hold_back(row.number, cells.get("pilot"))
        return found

    def settle(self, lines: Sequence[ResultLine]) -> None:
        """Say what became of lines: of all that can be read, inventory by inventory."""
        assert len(lines) == sum(len(draft.lines) for draft in self.drafts.values())
        for draft in self.drafts.values():
            if draft.lines:
                self._settle(draft)

    def _draft_of(self, place: InventoryPlace | ItemOutcome) -> Draft | ItemOutcome:
        """The draft of a place, whose rows are kept together; or why there is none."""
        if not isinstance(place, InventoryPlace):
            return place
        period = place.period
        found: Mapping[str, Any] = or_rejected(lambda: self.directory.id_of(period))
        if "phase" not in found:
            return found
        place = place._replace(phase=place.phase or found["phase"])
        return self.drafts.setdefault(place, Draft(place))

    def _hold_back(self, number: int, pilot: str | None) -> None:
        """A row of which one cannot tell whose line it is may be of any inventory: of its pilot's, if it says that."""
        for draft in self.drafts.values():
            if pilot in (None, draft.place.period.beneficiary.pilot):
                draft.missing.append(number)

    def _line(self, row: TableRow, cells: Cells, draft: Draft | ItemOutcome) -> ResultLine:
        if not isinstance(draft, Draft):
            return ResultLine(row, draft)
        item: LineItem | ItemOutcome = or_rejected(lambda: self._read(row, cells, draft))
        if not isinstance(item, LineItem):
            draft.missing.append(row.number)
            return ResultLine(row, item)
        line = ResultLine(row, None, item)
        draft.lines.append(line)
        return line

    def _read(self, row: TableRow, cells: Cells, draft: Draft) -> LineItem | ItemOutcome:
        if row.number in draft.wrong:
            return draft.wrong[row.number]
        if "factor_list" not in draft.said:
            raise UnreadableCell(_NO_LIST)
        return line_of(cells, self.layout, self._factors(draft.said["factor_list"]))

    def _factors(self, code: str) -> Factors:
        if code not in self.factors:
            self.factors[code] = Factors.read(self.api, code)
        return self.factors[code]

    def _settle(self, draft: Draft) -> None:
        given = draft.given(self.directory.id_of(draft.place.period))
        key = draft.said.get("idempotency_key") or _key_of(given)
        for line in draft.lines:
            line.key = key
        try:
            self._draft(draft, given | {"idempotencyKey": key})
        except Refusing as refusing:
            codes = {(error.get("extensions") or {}).get("code") for error in refusing.errors}
            if not codes or not codes <= _OF_ONE:
                raise
            for error in refusing.errors:
                facts = error["extensions"]
                told = facts["localizedMessage"].items()
                message = {language: _ITEM.sub("", text) for language, text in told}
                draft.refuse(facts["code"], message, facts.get("inputPath") or ())
        draft.hold()

    def _draft(self, draft: Draft, given: Mapping[str, Any]) -> None:
        """Draft the inventory, if each of its lines can stand, none is missing, and none is there yet."""
        answer = self._create({**given, "dryRun": True})
        if "previewedLines" in answer:
            draft.preview(answer["previewedLines"])
            if not draft.is_whole:
                return
            there = self._there(given, answer)
            if there is not None:
                draft.refuse(EXISTS, exists(there))
                return
            if self.dry_run:
                draft.ready()
                return
            answer = self._create(given)
        if "code" in answer:
            error = self._refused_before(given, answer) if answer["replayed"] else answer
            draft.refuse(error["code"], error["message"], answer["path"])
        else:
            draft.show(answer)

    def _create(self, given: Mapping[str, Any]) -> Any:
        return self.api.ask(_CREATE, input=given)["createInventory"]

    def _refused_before(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> Any:
        """What was refused before under the key is told as of when, and what would be the answer today."""
        now = self._create({**given, "idempotencyKey": str(uuid4()), "dryRun": True})
        errors = [_error(answer) if "code" in answer else None for answer in (before, now)]
        then = {"error": errors[0], "asOfPosition": before["asOfPosition"]}
        return as_of_then(then, {"error": errors[1]})

    def _there(self, given: Mapping[str, Any], preview: Mapping[str, Any]) -> Any:
        """The inventory that has these days already, if one has: the latest version of it."""
        found = self.api.ask(_BESIDE, pilot=given["pilot"], period=given["accountingPeriod"])
        beside = [
            item
            for item in found["inventories"]["nodes"]
            if item["status"] != "DISCARDED"
            and (item["phase"], item["basis"]) == (given["phase"], given["basis"])
            and item["startsOn"] <= preview["lastDay"]
            and item["endsOn"] >= preview["firstDay"]
        ]
        return max(beside, key=lambda item: item["version"], default=None)


_NO_LIST = LocalizedText(
    "须写明因子列表：在factor_list（因子列表）列或以--factor-list，如prov2025-gd-2023；全部列表见factorLists",
    "a factor list is needed, in a column factor_list or by --factor-list, such as prov2025-gd-2023: `factorLists` has "
    "all of them",
)


def _place(row: TableRow, cells: Cells) -> InventoryPlace | ItemOutcome:
    """The inventory that a row is of; or why it cannot be read."""

    def read() -> InventoryPlace:
        if row.problem is not None:
            raise UnreadableCell(row.problem)
        if "category" not in cells:
            check_no_total(row.given)
        return place_of(cells)

    return or_rejected(read)


def _error(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"code": answer["code"], "message": answer["message"]}


def _key_of(given: Mapping[str, Any]) -> str:
    content = json.dumps(["lines", given], sort_keys=True, ensure_ascii=False)
    return f"lines-{hashlib.sha256(content.encode()).hexdigest()[:40]}"
