"""Reckoning a statement anew from the tables of evidence, with nothing of what made it: tonnes are added as the tables
write them, to the last digit. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.strict import whole
from nzc_api.retirement_certificates.verifying import NotVerified

Row: TypeAlias = Mapping[str, str]
Rows: TypeAlias = Sequence[Row]

# Each table by its name.
Tables: TypeAlias = Mapping[str, Rows]

_NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?")

# How a line counts in its category.
COUNTS = {"IN_SCOPE": 1, "COUNTED_UNLISTED": 1, "DEDUCTED": -1, "MEMO": 0}

# The terms of a statement, and the columns of a change of each.
TERMS = {
    "grossCo2e": "grossCo2e",
    "sinksCo2e": "sinksCo2e",
    "purchasedQuantity": "purchasedCo2e",
    "netCo2e": "netCo2e",
}


def check_sums(tables: Tables, position: str, days: int) -> None:
    """Raise ``NotVerified`` where a number of the evidence does not follow from its own lines and movements, or the
    accounting period has not so many ``days``."""
    for row in tables["statements"]:
        _check_terms(row, tables["categories"])
        _check_retired_by_then(row, tables)
        _same(row, "daysInPeriod", Fraction(days))
    _check_lines(tables, position)
    _check_retirements(tables)
    now = _statement(tables, position)
    _check_now(now, tables)
    for row in tables["differences"]:
        _check_difference(row, tables)


def lines_are_shown(tables: Tables) -> bool:
    """Whether the lines of all inventories are in it: else they were not shown to whom it was made for."""
    return all(row["linesShown"] == "true" for row in tables["inventories"])


def _check_terms(row: Row, categories: Rows) -> None:
    """Gross and sinks are those of the categories; the net is what they and the purchases leave."""
    position = row["asOfPosition"]
    own = [one for one in categories if one["asOfPosition"] == position]
    if any(one["role"] not in {"SOURCE", "SINK"} for one in own):
        raise _wrong("categories", f"{position}: role")
    parts = {
        role: _sum((one for one in own if one["role"] == role), "co2e")
        for role in ("SOURCE", "SINK")
    }
    _same(row, "sinksMeasuredCo2e", parts["SINK"])
    sinks = parts["SINK"] - exact(row, "sinksSoldCo2e")
    _same(row, "sinksCo2e", sinks)
    purchased = exact(row, "retiredQuantity") if row["basis"] == "OPERATIONAL" else Fraction(0)
    _same(row, "purchasedQuantity", purchased)
    if row["unknown"]:
        _same(row, "grossCo2e", None)
        _same(row, "netCo2e", None)
    else:
        _same(row, "grossCo2e", parts["SOURCE"])
        _same(row, "netCo2e", parts["SOURCE"] - sinks - purchased)


def _check_lines(tables: Tables, position: str) -> None:
    """The lines that count add up to their categories; what is deducted is taken off."""
    if not lines_are_shown(tables):
        return
    added: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in tables["lines"]:
        if line["treatment"] not in COUNTS:
            raise _wrong("lines", line["treatment"])
        added[line["role"], line["category"]] += COUNTS[line["treatment"]] * exact(line, "co2e")
    stated = {  # Each is told once.
        (row["role"], row["category"]): exact(row, "co2e")
        for row in tables["categories"]
        if row["asOfPosition"] == position
    }
    for key in added.keys() | stated.keys():
        if added.get(key, 0) != stated.get(key, 0):
            raise _wrong("lines", " ".join(key))


def _check_retired_by_then(row: Row, tables: Tables) -> None:
    """No more was in force then than had been retired, less what has not been in force since: more may not have been,
    for a boundary may change back."""
    by_then = whole(row["asOfPosition"])
    moved = [
        movement for movement in tables["movements"] if whole(movement["retirement"]) <= by_then
    ]
    gone = [
        withdrawal for withdrawal in tables["withdrawn"] if whole(withdrawal["position"]) <= by_then
    ]
    if exact(row, "retiredQuantity") > _sum(moved, "quantity") - _sum(gone, "quantity"):
        raise _wrong("statements", f"{by_then}: retiredQuantity")


def _check_now(now: Row, tables: Tables) -> None:
    """What the statement says beside its terms follows from the other tables, which are of its position: of the sinks
    that was sold which was issued for them, and no more than was measured."""
    measured, sold = exact(now, "sinksMeasuredCo2e"), _sum(tables["sold"], "quantity")
    _same(now, "sinksSoldCo2e", min(measured, sold))
    _same(now, "retiredQuantity", _sum(tables["retirements"], "quantityInForce"))
    lost = [row for row in tables["withdrawn"] if row["reason"] != "CORRECTED"]
    counts = now["basis"] == "OPERATIONAL"
    _same(now, "shortfallQuantity", _sum(lost, "quantity") if counts else Fraction(0))
    inventories = tables["inventories"]
    if now["assurance"] != _assurance([bool(row["verifiedPosition"]) for row in inventories]):
        raise _wrong("statements", "assurance")
    if any(row["basis"] != now["basis"] for row in inventories):
        raise _wrong("statements", "basis")
    methods = {row["electricityMethod"] for row in inventories}
    if now["electricityMethod"] != (methods.pop() if len(methods) == 1 else ""):
        raise _wrong("statements", "electricityMethod")


def _assurance(verified: Sequence[bool]) -> str:
    if not verified:
        return "NONE"
    if all(verified):
        return "VERIFIED"
    return "MIXED" if any(verified) else "SUBMITTED"


def _check_retirements(tables: Tables) -> None:
    """Each retirement is what it moved; what of it is in force is that, less what was withdrawn."""
    for table in ("movements", "withdrawn"):
        for row in tables[table]:
            if exact(row, "quantity") != exact(row, "last") - exact(row, "first") + 1:
                raise _wrong(table, f"{row['retirement']}: {row['serials']}")
    moved, gone = (_by_retirement(tables[name]) for name in ("movements", "withdrawn"))
    retired = {row["position"] for row in tables["retirements"]}
    for table, rows in (("movements", moved), ("withdrawn", gone)):
        for position in rows.keys() - retired:
            raise _wrong(table, position)
    for row in tables["retirements"]:
        _same_in("retirements", row, "quantity", moved[row["position"]])
        left = moved[row["position"]] - gone[row["position"]]
        _same_in("retirements", row, "quantityInForce", left)


def _check_difference(row: Row, tables: Tables) -> None:
    """What two statements differ by is the difference of their terms, and of all that changed them in between."""
    ends = row["fromPosition"], row["toPosition"]
    statements = {one["asOfPosition"]: one for one in tables["statements"]}
    changes = [one for one in tables["changes"] if (one["fromPosition"], one["toPosition"]) == ends]
    for term, change in TERMS.items():
        before, after = (_number(statements[at], term) if at in statements else None for at in ends)
        if before is None or after is None:
            _same_in("differences", row, change, None)
            continue
        _same_in("differences", row, change, after - before)
        # Where a term was not known for a while, no sum leads across.
        if all(one[change] for one in changes) and _sum(changes, change) != after - before:
            raise _wrong("changes", f"{ends[0]}–{ends[1]}: {change}")
    first = statements.get(ends[0])
    _check_steps(changes, _number(first, "netCo2e") if first else None)


def _check_steps(changes: Rows, net: Fraction | None) -> None:
    """Each change is of a position in between, and leads from the net before it to the net after it."""
    for one in changes:
        if not whole(one["fromPosition"]) < whole(one["position"]) <= whole(one["toPosition"]):
            raise _wrong("changes", f"{one['position']}: position")
        step = _number(one, "netCo2e")
        if net is not None and step is not None:
            _same_in("changes", one, "netAfterCo2e", net + step)
        net = _number(one, "netAfterCo2e")


def _statement(tables: Tables, position: str) -> Row:
    for row in tables["statements"]:
        if row["asOfPosition"] == position:
            return row
    raise _wrong("statements", position)


def _by_retirement(rows: Rows) -> dict[str, Fraction]:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        found[row["retirement"]] += exact(row, "quantity")
    return found


def _sum(rows: Iterable[Row], column: str) -> Fraction:
    return sum((exact(row, column) for row in rows), Fraction(0))


def _number(row: Row, column: str) -> Fraction | None:
    """The number in a cell; None where it is empty, and so not known."""
    return exact(row, column) if row[column] else None


def exact(row: Row, column: str) -> Fraction:
    """The number in a cell, which has one. Raises ``NotVerified``."""
    text = row[column]
    if not _NUMBER.fullmatch(text):
        raise NotVerified(f"{column}：“{text:.80}”不是数", f"{column}: “{text:.80}” is no number")
    return Fraction(text)


def _same(row: Row, column: str, value: Fraction | None) -> None:
    if _number(row, column) != value:
        raise _wrong("statements", f"{row['asOfPosition']}: {column}")


def _same_in(table: str, row: Mapping[str, Any], column: str, value: Fraction | None) -> None:
    if _number(row, column) != value:
        raise _wrong(table, f"{row.get('position') or row['fromPosition']}: {column}")


def _wrong(table: str, where: str) -> NotVerified:
    said = LocalizedText(
        f"{table}.csv与其所依据的各行不符：{where:.120}",
        f"{table}.csv does not follow from the rows that it rests on: {where:.120}",
    )
    return NotVerified(said.zh, said.en)
