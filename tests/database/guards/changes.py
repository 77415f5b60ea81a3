"""Statements that change pilots, accounting periods and inventories, in order."""

import json
from collections.abc import Mapping

from tests.database.guards.good_rows import new
from tests.database.guards.postings import posting


def withdrawn(period: str, at: str = "$p") -> str:
    return f"UPDATE accounting_period SET withdrawn_position = {at} WHERE id = {period}"


TAKEN_PERIOD = withdrawn("$quiet_2022")


def placed(pilot: str, surrounding: str, at: str = "$p") -> str:
    return new("pilot_placement", position=at, pilot_id=pilot, surrounding_id=surrounding)


def amendment(pilot: str, said: Mapping[str, str], at: str = "$p") -> str:
    """An amendment that says so of the pilot."""
    facts = f"(SELECT nzc_pilot_facts(p) FROM pilot AS p WHERE id = {pilot})"
    return new(
        "pilot_amendment",
        position=at,
        pilot_id=pilot,
        before=facts,
        after=f"{facts} || '{json.dumps(said)}'",
    )


def changed_to(pilot: str, facts: Mapping[str, str]) -> str:
    values = ", ".join(f"{name} = '{value}'" for name, value in facts.items())
    return f"UPDATE pilot SET {values} WHERE id = {pilot}"


def amended(pilot: str, at: str = "$p", **facts: str) -> str:
    """A pilot amended, in order."""
    return f"{amendment(pilot, facts, at)}; {changed_to(pilot, facts)}"


def retired_for_closed() -> str:
    """What is held goes to the account that was opened before."""
    return posting(
        moved=["0, $holding, $account, $A, 201, 1001"],
        spent=["$rest"],
        made=["0, $account, $A, 201, 1001"],
    )


SAME = ("pilot_id", "period_id", "phase", "basis", "starts_on", "ends_on")


def version(number: str, inventory: str, /, **changes: str) -> str:
    """An INSERT of a version of the series of inventory ``of``, about the same as that."""
    same = {column: f"(SELECT {column} FROM inventory WHERE id = {inventory})" for column in SAME}
    return new("inventory", **{"series_id": inventory, "version": number, **same, **changes})


def changed(inventory: str, *changes: str) -> str:
    return f"UPDATE inventory SET {', '.join(changes)} WHERE id = {inventory}"


def relined(at: str) -> str:
    """The draft's line written anew, as it was amended at a position."""
    line = new("inventory_line", id="$line", position=at)
    return f"DELETE FROM inventory_line WHERE id = $line; {line}"
