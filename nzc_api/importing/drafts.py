"""The rows of one inventory, and what is said of each."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nzc_api.files.cells import unreadable
from nzc_api.files.table import TableRow
from nzc_api.importing.drafted import Cells, InventoryPlace, LineItem, terms_said
from nzc_api.importing.earlier import NEW_KEY_EN, NEW_KEY_ZH, NOT_IN_FORCE
from nzc_api.importing.sending import ItemOutcome, ResultLine, or_rejected, rejected

# What is shown of a line: where it is, and what it comes to as the API has it; empty where a message says why.
COLUMNS = ("inventory", "line", "co2e_t", "treatment", "warnings")

# Why a row is not drafted that could be: because of another row, or of an inventory that is there.
NOT_DRAFTED = "INVENTORY_NOT_DRAFTED"
EXISTS = "INVENTORY_EXISTS"

_FIELDS = {"SOURCE": "sources", "SINK": "sinks"}

_NUMBER = re.compile("([0-9]+)")

# How many rows a message names.
_NAMED = 10

Message = Mapping[str, str]


@dataclass(slots=True)
class Draft:
    """The rows of one inventory: those that are its ``lines``, the numbers of those that are ``missing`` among them,
    what they say of it as a whole, and of which it is ``wrong``."""

    place: InventoryPlace
    said: dict[str, Any] = field(default_factory=dict)
    wrong: dict[int, ItemOutcome] = field(default_factory=dict)
    lines: list[ResultLine] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)

    def say(self, row: TableRow, cells: Cells) -> None:
        """Take what a row says of the inventory as a whole: all that say something say the same."""

        def read() -> None:
            for name, value in terms_said(cells).items():
                if self.said.setdefault(name, value) != value:
                    unreadable(
                        cells[name],
                        "同一清单的各行应一致，与前面的行不同",
                        "all rows of one inventory say the same here, and one before it says otherwise",
                    )

        problem = or_rejected(read)
        if problem is not None:
            self.wrong[row.number] = problem

    def given(self, ids: Mapping[str, str]) -> dict[str, Any]:
        """What the API is asked for, without a key."""
        covers = self.said.get("covers")
        given: dict[str, Any] = {
            "pilot": ids["pilot"],
            "accountingPeriod": ids["period"],
            "phase": self.place.phase or ids["phase"],
            "basis": self.place.basis,
            "factorList": self.said["factor_list"],
            "covers": covers and {"startsOn": covers[0], "endsOn": covers[1]},
        }
        for name, field_ in (("gwp_set", "gwpSet"), ("electricity_method", "electricityMethod")):
            if name in self.said:
                given[field_] = self.said[name]
        for role, name in _FIELDS.items():
            given[name] = [_item(line).given for line in self._lines_of(role)]
        return given

    def preview(self, previewed: Sequence[Any]) -> None:
        """Show what each line would come to, or why it cannot stand."""
        for line, found in zip(self._ordered, previewed, strict=True):
            if found["error"] is not None:
                line.outcome = rejected(found["error"]["code"], found["error"]["message"])
            else:
                line.shown = _figures(found)

    @property
    def is_whole(self) -> bool:
        """Whether no row of it is missing or refused."""
        return not self.missing and all(line.outcome is None for line in self.lines)

    def ready(self) -> None:
        """Say that all of it would be drafted."""
        for line in self.lines:
            line.outcome = _outcome("READY")

    def show(self, made: Mapping[str, Any]) -> None:
        """Show what was drafted, now or before, as it is now."""
        inventory, position = made["inventory"], made["asOfPosition"]
        done = "REPLAYED" if made["replayed"] else "COMMITTED"
        status = NOT_IN_FORCE if inventory["status"] == "DISCARDED" else done
        for line, found in zip(self._ordered, made["lines"], strict=True):
            line.shown = {"inventory": inventory["id"]}
            if found is not None:
                line.shown |= {"line": found["id"]} | _figures(found)
            message = _DISCARDED if status == NOT_IN_FORCE else _since(found, position)
            code = "" if status == done else status
            error = None if message is None else {"code": code, "message": message}
            line.outcome = _outcome(status, position, error)

    def refuse(self, code: str, message: Message, path: Sequence[str] = ()) -> None:
        """Refuse the line that a path of the input leads to, or else all of them."""
        line = self._at(path)
        for each in self.lines if line is None else [line]:
            each.outcome = rejected(code, message)

    def hold(self) -> None:
        """Say of lines that could stand that they are not drafted without those that cannot."""
        waiting = [line for line in self.lines if line.outcome is None]
        if not waiting:
            return
        refused = [line.row.number for line in self.lines if line.outcome is not None]
        error = {"code": NOT_DRAFTED, "message": _held(sorted(self.missing + refused))}
        for line in waiting:
            line.outcome = _outcome("NOT_ATTEMPTED", error=error)

    @property
    def _ordered(self) -> list[ResultLine]:
        """Its lines as the API has them: sources, then sinks."""
        return [line for role in _FIELDS for line in self._lines_of(role)]

    def _lines_of(self, role: str) -> list[ResultLine]:
        return sorted((line for line in self.lines if _item(line).role == role), key=_order)

    def _at(self, path: Sequence[str]) -> ResultLine | None:
        by_field = {name: role for role, name in _FIELDS.items()}
        match list(path):
            case ["input", name, number, *_] if name in by_field:
                return self._lines_of(by_field[name])[int(number)]
        return None


_DISCARDED = {
    "zh": f"该行此前已写入草稿，但该草稿此后被放弃，不算完成；如需重新起草，{NEW_KEY_ZH}（同一清单的各行用同一个键）",
    "en": "It was drafted before, but the draft was discarded since, so it does not count as done; to draft it anew, "
    f"{NEW_KEY_EN}, the same for all rows of the inventory",
}

_REMOVED = {
    "zh": "该行此前已写入草稿，此后被移出清单",
    "en": "It was drafted before, and taken out of the inventory since",
}


def _since(found: Any, position: str) -> Message | None:
    """What became of a line since it was drafted, if something did."""
    if found is None:
        return _REMOVED
    now = found["position"]
    if int(now) <= int(position):
        return None
    return {
        "zh": f"该行此后在记录位置{now}被修改或重新核算，所示为现值",
        "en": f"It was amended or accounted anew since, at position {now}, and is shown as it is now",
    }


def _held(rows: Sequence[int]) -> Message:
    shown = ", ".join(map(str, rows[:_NAMED])) + (", …" if len(rows) > _NAMED else "")
    return {
        "zh": f"未起草该清单：第{shown}行被拒，缺少这些行，清单的合计就不正确；请更正后重新导入",
        "en": f"The inventory is not drafted: rows {shown} are rejected, and without them its total would be wrong; "
        "put them right and import again",
    }


def exists(there: Mapping[str, Any]) -> Message:
    """What to do about an inventory that has the days already."""
    days, number = f"{there['startsOn']} – {there['endsOn']}", there["id"]
    if there["status"] == "DRAFT":
        return {
            "zh": f"该试点已有{days}的草稿（{number}），不会被覆盖：可先放弃它（discardInventory）再导入，"
            "或在其中修改各行（amendInventoryLine、recordEmissionSources、recordSinks）",
            "en": f"The pilot has a draft of {days} already ({number}), which is not overwritten: discard it "
            "(discardInventory) and import again, or change its lines (amendInventoryLine, recordEmissionSources, "
            "recordSinks)",
        }
    return {
        "zh": f"该试点已提交{days}的清单（{number}），不会被覆盖："
        "请新建其下一版本（reviseInventory），并在其中修改各行",
        "en": f"The pilot has submitted an inventory of {days} already ({number}), which is not overwritten: make its "
        "next version (reviseInventory), and change the lines of that",
    }


def _figures(found: Mapping[str, Any]) -> dict[str, str]:
    return {
        "co2e_t": found["co2e"],
        "treatment": found["treatment"],
        "warnings": " ".join(found["warnings"]),
    }


def _outcome(status: str, position: str | None = None, error: Any = None) -> ItemOutcome:
    return {
        "status": status,
        "position": position,
        "replayed": status == "REPLAYED",
        "error": error,
    }


def _order(line: ResultLine) -> tuple[Any, ...]:
    """Where a line stands in its inventory: by category and label, numbers by what they count. It follows from what
    lines are, so that a file whose rows were sorted anew asks for the same."""
    given = _item(line).given
    parts = enumerate(_NUMBER.split(given["label"]))
    label = [int(part) if number % 2 else part for number, part in parts]
    return given["category"], label, json.dumps(given, sort_keys=True)


def _item(line: ResultLine) -> LineItem:
    assert isinstance(line.item, LineItem)
    return line.item
