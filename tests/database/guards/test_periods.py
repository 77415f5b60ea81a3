"""Accounting periods are withdrawn only while nothing rests on them."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    LetThrough,
    Stopped,
    cases,
    logged,
)
from tests.database.guards.changes import TAKEN_PERIOD, changed, withdrawn
from tests.database.guards.good_rows import new
from tests.database.guards.postings import asked, corrected, posting

WITHDRAWALS = (
    Attack("a period withdrawn before it was registered", "accounting_period_withdrawn_check",
           withdrawn("$quiet_2022", "$quiet_2022")),
    Attack("a period registered as withdrawn", "period_starts_standing",
           new("accounting_period", withdrawn_position="$p2")),
    *(Attack(f"a period's {column} changed", "period_is_frozen",
             f"UPDATE accounting_period SET {column} = {value} WHERE id = $quiet_2022")
      for column, value in {"id": "$p", "pilot_id": "$alone", "starts_on": "'2022-01-02'",
                            "ends_on": "'2022-12-30'"}.items()),
    Attack("a withdrawn period put back", "period_is_frozen",
           "UPDATE accounting_period SET withdrawn_position = NULL WHERE id = $quiet_2022",
           before=f"{LOGGED}; {TAKEN_PERIOD}"),
    Attack("a period withdrawn twice", "period_is_frozen", withdrawn("$quiet_2022", "$p2"),
           before=f"{LOGGED}; {TAKEN_PERIOD}"),
    *(Attack(f"a period withdrawn that has {what}", "period_rests_on_nothing", withdrawn(period))
      for what, period in {"an inventory": "$reporter_2022", "retired credits": "$town_2022",
                           "a target": "$aimed_2022"}.items()),
    Attack("a period withdrawn that has a request", "period_rests_on_nothing",
           withdrawn("$alone_2023", "$p4"), before="; ".join(
               [logged(period="$alone_2023"),
                new("account", kind="'PENDING'", programme="'CCER'", organisation_id="$holder",
                    period_id="$alone_2023"),
                asked(), posting(moved=["0, $holding, $account, $S, 71, 101"], spent=["$held_lot"],
                                 made=["0, $account, $S, 71, 101"])])),
    Attack("an inventory of a withdrawn period", "period_stands",
           new("inventory", pilot_id="$quiet_pilot", period_id="$quiet_2022"),
           before=f"{LOGGED}; {withdrawn('$quiet_2022', '$p2')}"),
    Attack("a target from a withdrawn period", "period_stands",
           new("target", pilot_id="$quiet_pilot", baseline_period_id="$quiet_2022"),
           before=f"{LOGGED}; {withdrawn('$quiet_2022', '$p2')}"),
    Attack("an account of a withdrawn period", "period_stands",
           new("account", pilot_id="$quiet_pilot", period_id="$quiet_2022"),
           before=f"{LOGGED}; {TAKEN_PERIOD}"),
    Attack("retired for a withdrawn period", "credited_period_stands",
           posting(at="$p2", moved=["0, $holding, $account, $A, 201, 1001"], spent=["$rest"],
                   made=["0, $account, $A, 201, 1001"]),
           before="; ".join([logged("$quiet_pilot", "$quiet_2022"),
                             new("account", pilot_id="$quiet_pilot", period_id="$quiet_2022"),
                             TAKEN_PERIOD])),
)  # fmt: skip


@cases(WITHDRAWALS)
async def test_withdrawals(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a period withdrawn, and another in its place": [
        TAKEN_PERIOD, new("accounting_period", id="$p2", pilot_id="$quiet_pilot", starts_on="'2022-01-01'",
                       ends_on="'2022-12-31'")],
    "a period withdrawn whose retirement was corrected": [
        corrected("$early_at"),
        posting(moved=["0, $town_retirement, $holding, $M, 1, 11"], spent=["$early_lot"],
                made=["0, $holding, $M, 1, 11"]),
        withdrawn("$town_2022", "$p2")],
    "a period withdrawn whose inventory was discarded": [
        new("inventory", pilot_id="$alone", period_id="$alone_2023", starts_on="'2023-01-01'",
            ends_on="'2023-12-31'"),
        changed("$p", "discarded_position = $p2"), withdrawn("$alone_2023", "$p3")],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
