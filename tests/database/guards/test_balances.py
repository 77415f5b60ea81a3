"""Balances follow from what moved."""

import re

from tests.database.guards.attacks import Attack, Stopped, cases
from tests.database.guards.postings import (
    GIVEN,
    LEFT,
    MOVED,
    RIGHT,
    TRANSFER,
    TRANSFERRED,
    balanced,
    posting,
)


def unbalanced(tonnes: str, *, account: str = "$buying", batch: str = "$A", at: str = "$p") -> str:
    """The good transfer of 301 to 400, with one of its balances, or one more, written otherwise."""
    rows = [balance_row("$holding"), balance_row("$buying")]
    if (account, batch, at) == ("$buying", "$A", "$p"):
        rows.pop()
    rows.append(f"({account}, {batch}, {at}, {tonnes})")
    return re.sub(
        r"balances AS \(.*DO NOTHING\)",
        f"balances AS (INSERT INTO balance VALUES {', '.join(rows)})",
        TRANSFER,
        flags=re.DOTALL,
    )


def latest(account: str) -> str:
    return (f"(SELECT tonnes FROM balance WHERE (account_id, batch_id) = ({account}, $A)"
            " ORDER BY position DESC LIMIT 1)")  # fmt: skip


def balance_row(account: str) -> str:
    sign = "-" if account == "$holding" else "+"
    return f"({account}, $A, $p, {latest(account)} {sign} 100)"


def without_balances(sql: str) -> str:
    return re.sub(r"balances AS \(.*DO NOTHING\),", "", sql, flags=re.DOTALL)


BALANCES = (
    *(Attack(f"a balance of {tonnes} after 100 came", "balance_follows_movements", unbalanced(tonnes))
      for tonnes in (f"{latest('$buying')} + 99", f"{latest('$buying')} + 101", latest("$buying"),
                     "100000", "-5000", "0")),
    Attack("a balance that leaves out what was before", "balance_follows_movements", unbalanced("100")),
    *(Attack(f"a balance more, {what}", "balance_follows_movements", unbalanced("5", **given))
      for what, given in {
          "of another account": {"account": "$retirement"}, "of no account": {"account": "$nobody"},
          "of another batch": {"batch": "$B"}, "where nothing moved": {"at": "$p2"},
          "past the head": {"at": "$beyond"}, "in the past": {"at": "$quiet"},
          "before the log": {"at": "-1"},
      }.items()),
    Attack("balances and no movement", "balance_follows_movements",
           "INSERT INTO balance VALUES ($retirement, $A, $p, 5000)"),
    Attack("a balance of the past", "balance_follows_movements",
           "INSERT INTO balance VALUES ($retirement, $A, $quiet, 5000)"),
    Attack("balances before their movements", "balance_follows_movements",
           f"WITH {balanced(f'VALUES ($p, {MOVED})')} SELECT; {without_balances(TRANSFER)}"),
    Attack("movements without balances", "movements_are_balanced", without_balances(TRANSFER)),
    *(Attack(f"movements without balances, {where} some that have theirs", "movements_are_balanced",
             f"WITH {balanced(f'VALUES ({good}, 0, $holding, $buying, $B, 1, 101)')},"
             f" moved AS (INSERT INTO movement VALUES ({good}, 0, $holding, $buying, $B, 1, 101),"
             f" ({bad}, {MOVED})),"
             f" spent AS (INSERT INTO lot_spent VALUES ($inner_lot, {good}), ($rest, {bad}))"
             f" INSERT INTO lot VALUES ({good}, 0, $buying, $B, 1, 101, {good}), ({bad}, {LEFT}),"
             f" ({bad}, {GIVEN}, {bad}), ({bad}, {RIGHT})")
      for where, bad, good in (("before", "$p", "$p2"), ("after", "$p2", "$p"))),
    Attack("more moved where it was balanced before", "movements_are_balanced",
           posting(moved=["1, $buying, $holding, $A, 1, 101"], spent=["$bought_lot"],
                   made=["9, $holding, $A, 1, 101"]), before=TRANSFERRED),
)  # fmt: skip


@cases(BALANCES)
async def test_balances_follow(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)
