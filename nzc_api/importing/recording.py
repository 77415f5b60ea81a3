"""What becomes of rows that are recorded of meters.

Twenty thousand intervals are one request, or a thousand readings or bills, under a key that follows from what it asks
for. A run that was cut off is run again:
what was recorded is told so, whether under the same key or, where rows were added before, by the reading that is there.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from io import StringIO
from typing import Any, NamedTuple

from nzc_api.files.cells import UnreadableCell
from nzc_api.files.parts import parts
from nzc_api.files.table import TablePage, TableRow
from nzc_api.files.vocabulary import columns_of
from nzc_api.importing.api import COLUMNS, TABLE, ApiClient, Refusing
from nzc_api.importing.load_profiles import Block, block_of
from nzc_api.importing.metered import Layout, MeterItem, MeterOf, item_of, meter_of
from nzc_api.importing.named import AT_ONCE, MANY_AT_ONCE, Directory
from nzc_api.importing.sending import (
    AlikeRows,
    ItemOutcome,
    ResultLine,
    Settled,
    Settling,
    or_rejected,
    send,
)
from nzc_api.metering.readings import MOST_INTERVALS, MOST_ITEMS

# How many items one request has, by how they are recorded.
VERBS = {"recordIntervals": MOST_INTERVALS, "recordReadings": MOST_ITEMS, "recordBills": MOST_ITEMS}

# The columns of the API's table of intervals.
HEADING = ("meter", "from", "at", "value", "unit", "estimated")

# What a bill's value is called; every other's is its value.
_VALUES = {"recordBills": "quantity"}


@dataclass(slots=True)
class Recording:
    """Rows of meters, recorded; ``dry_run``: find out what would be, and record nothing; rows see only those
    before them of the same request. ``pilot``: of which all rows are that say none."""

    api: ApiClient
    headings: Sequence[str]
    pilot: str | None = None
    dry_run: bool = False
    at_once: int = MOST_INTERVALS
    columns: Sequence[str] = ()
    layout: Layout = field(init=False)
    directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        self.layout = Layout.of(self.headings)
        has_devices = "multiplier" in columns_of(self.headings)
        self.directory = Directory(self.api, AT_ONCE if has_devices else MANY_AT_ONCE)

    def together(self, page: TablePage) -> "_SettlingBlock | None":
        """What settles rows that are intervals, each plainly written."""
        block = block_of(page, self.layout, self.pilot, self.directory)
        return None if block is None else _SettlingBlock(block, self._settle_block)

    def lines(self, rows: Sequence[TableRow]) -> list[ResultLine]:
        """A line for each row."""
        named = [self._named(row) for row in rows]
        self.directory.learn(one for one in named if isinstance(one, MeterOf))
        return [self._line(row, one) for row, one in zip(rows, named, strict=True)]

    def settle(self, lines: Sequence[ResultLine]) -> None:
        """Say what became of lines."""
        for verb, most in VERBS.items():
            for some in parts((line for line in lines if _item(line).verb == verb), most):
                self._settle(verb, some)

    def _named(self, row: TableRow) -> MeterOf | ItemOutcome:
        """The meter that a row names; or why it cannot be read."""

        def read() -> MeterOf:
            if row.problem is not None:
                raise UnreadableCell(row.problem)
            return meter_of(row.cells, self.pilot)

        return or_rejected(read)

    def _line(self, row: TableRow, named: MeterOf | ItemOutcome) -> ResultLine:
        if not isinstance(named, MeterOf):
            return ResultLine(row, named)
        item = or_rejected(lambda: item_of(row.cells, self.layout, named, self.directory))
        return ResultLine(row, None, item) if isinstance(item, MeterItem) else ResultLine(row, item)

    def _settle(self, verb: str, lines: Sequence[ResultLine]) -> None:
        post = self._post_intervals if verb == "recordIntervals" else partial(self._post, verb)
        waiting = lines
        while waiting:
            send(waiting, post)
            # What was refused beside what was recorded before is told as it was then: it is asked anew.
            waiting = [line for line in waiting if line.outcome and _is_of_then(line.outcome)]

    def _post(self, verb: str, lines: Sequence[ResultLine]) -> Sequence[ItemOutcome]:
        """The outcomes of items, in order."""
        items = [_item(line).given for line in lines]
        content = json.dumps([verb, items], sort_keys=True, ensure_ascii=False)
        key = _key(lines, content.encode())
        name = f"{verb[0].upper()}{verb[1:]}"
        query = f"""mutation ($input: {name}Input!) {{ {verb}(input: $input) {{
            ... on {name}Success {{ outcomes {{ status position replayed error {{
                code message {{ zh en }}
                ... on ReadingAlreadyRecorded {{ recorded recordedAsEstimated recordedCost }} }} }} }}
            ... on UserError {{ code message {{ zh en }} }} }} }}"""
        given = {
            "mode": "EACH_INDEPENDENT", "dryRun": self.dry_run, "items": items, "idempotencyKey": key,
        }  # fmt: skip
        answer = self.api.ask(query, input=given)[verb]
        if "code" in answer:
            raise Refusing(answer["message"]["zh"], answer["message"]["en"])
        outcomes: Sequence[ItemOutcome] = answer["outcomes"]
        values = [Decimal(item[_VALUES.get(verb, "value")]) for item in items]
        return [
            _beside(item, _told(outcome, value), outcome["error"])
            for item, outcome, value in zip(items, outcomes, values, strict=True)
        ]

    def _post_intervals(self, lines: Sequence[ResultLine]) -> Sequence[ItemOutcome]:
        """The outcomes of intervals, in order: they are sent as a table."""
        asked = table_of(_item(line).given for line in lines)
        key = _key(lines, asked)
        answer = self.api.record_intervals(asked, TABLE, key, dry_run=self.dry_run)
        return self._outcomes(lines, answer)

    def _outcomes(self, lines: Sequence[ResultLine], answer: Any) -> Sequence[ItemOutcome]:
        """The outcomes of intervals, in order, of which the answer tells those that are refused."""
        outcomes: list[ItemOutcome] = [self._done(answer)] * len(lines)
        for error in answer["refused"]:
            number = error["row"]
            refused = {
                "status": "REJECTED", "position": None, "replayed": answer["replayed"], "error": error,
            }  # fmt: skip
            outcomes[number] = _told(refused, Decimal(_item(lines[number]).given["value"]))
        return outcomes

    def _done(self, answer: Any) -> ItemOutcome:
        """The outcome of what was not refused."""
        status = "REPLAYED" if answer["replayed"] else "READY" if self.dry_run else "COMMITTED"
        return {
            "status": status, "position": answer["position"], "replayed": answer["replayed"], "error": None,
        }  # fmt: skip

    def _settle_block(self, block: Block) -> Settled:
        """What becomes of a block: of all rows alike, or, where some are refused, of each."""
        asked = block.asked
        key = _key((), asked)
        answer = self.api.record_intervals(asked, COLUMNS, key, dry_run=self.dry_run)
        if not answer["refused"]:
            return AlikeRows(
                numbers=block.page.numbers,
                rows=block.rows,
                read_as=block.read_as(),
                key=key,
                outcome=self._done(answer),
            )
        lines = block.lines()
        for line, outcome in zip(lines, self._outcomes(lines, answer), strict=True):
            line.key, line.outcome = key, outcome
        self._settle(
            "recordIntervals",
            [line for line in lines if line.outcome and _is_of_then(line.outcome)],
        )
        return lines


class _SettlingBlock(NamedTuple):
    """What settles a block."""

    block: Block
    settle: Callable[[Block], Settled]

    def __call__(self) -> Settled:
        return self.settle(self.block)

    def is_apart_from(self, other: Settling) -> bool:
        return isinstance(other, _SettlingBlock) and self.block.is_apart_from(other.block)


def table_of(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The API's table of intervals."""
    table = StringIO(newline="")
    write = csv.DictWriter(table, HEADING).writerow
    write(dict(zip(HEADING, HEADING, strict=True)))
    for row in rows:
        write(row)
    return table.getvalue().encode()


def _key(lines: Sequence[ResultLine], content: bytes) -> str:
    """The key under which lines are sent, which follows from what they ask for."""
    key = f"rows-{hashlib.sha256(content).hexdigest()[:40]}"
    for line in lines:
        line.key = key
    return key


def _told(outcome: ItemOutcome, value: Decimal) -> ItemOutcome:
    """The outcome of an item; one that is recorded already, with the same value, is done."""
    recorded = (outcome["error"] or {}).get("recorded")
    if recorded is None or Decimal(recorded) != value:
        return outcome
    return {**outcome, "status": "REPLAYED", "error": None}


def _beside(item: Mapping[str, Any], told: ItemOutcome, refused: Any) -> ItemOutcome:
    """The outcome of an item whose value is recorded already: with another cost or quality it is another bill."""
    if told["status"] != "REPLAYED" or refused is None:
        return told
    costs = [
        None if cost is None else Decimal(cost)
        for cost in (item.get("cost"), refused["recordedCost"])
    ]
    differ = costs[0] is not None and costs[0] != costs[1]
    if not differ and refused["recordedAsEstimated"] in {None, item["estimated"]}:
        return told
    zh, en = ("估算", "estimated") if refused["recordedAsEstimated"] else ("实际", "actual")
    cost = refused["recordedCost"] or "–"
    message = {
        "zh": f"已按此用量记录，但费用（{cost}元）或性质（{zh}）不同：请用correctReading更正",
        "en": f"recorded with this amount already, but with another cost ({cost} CNY) or quality ({en}): correct it by "
        "`correctReading`",
    }
    return {**told, "status": "REJECTED", "error": {**refused, "message": message}}


def _is_of_then(outcome: ItemOutcome) -> bool:
    return bool(outcome["replayed"] and outcome["error"] is not None)


def _item(line: ResultLine) -> MeterItem:
    assert isinstance(line.item, MeterItem)
    return line.item
