"""Postings are what their entries say."""

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
from tests.database.guards.postings import BATCH, ISSUED, OPENED, WHOLE, asked, ended, led, posting


def said(what: str, sql: str, before: str) -> Attack:
    return Attack(f"{what} than its entry says", "posting_is_as_logged", sql, before=before)


# Into which kind of account each kind of entry moves.
INTO = {
    "CREDITS_ISSUED": "HOLDING", "CREDITS_TRANSFERRED": "HOLDING", "CREDITS_RETIRED": "RETIREMENT",
    "RETIREMENT_REQUESTED": "PENDING", "RETIREMENT_REQUEST_CANCELLED": "HOLDING",
    "RETIREMENT_REQUEST_EXPIRED": "HOLDING", "CREDITS_USED": "OTHER_USE", "CREDITS_FROZEN": "FROZEN",
    "CREDITS_UNFROZEN": "HOLDING", "CREDITS_INVALIDATED": "INVALIDATED", "POSTING_CORRECTED": "HOLDING",
}  # fmt: skip
HELD_TO = {
    "HOLDING": led("held", "another holder"), "RETIREMENT": led("held", "a retirement"),
    "OTHER_USE": led("held", "its holder's use"), "FROZEN": led("held", "its holder's frozen"),
    "INVALIDATED": led("held", "invalidated"),
}  # fmt: skip
FOR_ALONE = HELD_TO["RETIREMENT"]
# What it moves, as an entry names it.
SERIALS = "jsonb_build_array(jsonb_build_object('batch', $S, 'first', 71, 'last', 100))"

# What moves is what its entry says, whoever else would let it through.
SAID = (
    said("retired for another pilot", FOR_ALONE, logged("$town", "$town_2022")),
    said("retired for another period", FOR_ALONE, logged(period="$alone_2023")),
    said("retired for another period, in an account that it opens",
         led("held", "another year's retirement"), f"{LOGGED}; {OPENED}"),
    said("retired for a pilot rather", FOR_ALONE, logged("NULL", "NULL")),
    said("requested for another pilot", f"{asked()}; {led('held', 'a request')}",
         logged("$town", "$town_2022")),
    said("confirmed for another period", f"{ended('CONFIRMED')}; {led('requested', 'a retirement')}",
         logged(period="$alone_2023")),
    said("retired of another holder", FOR_ALONE, logged(holder="$buyer")),
    said("transferred to another", HELD_TO["HOLDING"], logged(**{"from": "$holder", "to": "$holder"})),
    said("transferred from another", HELD_TO["HOLDING"], logged(**{"from": "$buyer", "to": "$buyer"})),
    said("issued to another", posting(issued=BATCH, moved=[ISSUED], made=[WHOLE]),
         logged(holder="$buyer")),
    said("used for another purpose", HELD_TO["OTHER_USE"], logged(purpose="'OWN_SINK'")),
    said("fewer tonnes retired", FOR_ALONE, logged(quantity="31")),
    said("more tonnes retired", FOR_ALONE, logged(quantity="29")),
    *(said(f"{what} retired", FOR_ALONE, logged(serials=serials)) for what, serials in {
        "serials where it names none": "'[]'::jsonb",
        "serials in fewer pieces": f"{SERIALS} || {SERIALS}",
        "serials of another batch": f"jsonb_set({SERIALS}, '{{0,batch}}', '1')",
        "other serials": f"jsonb_set({SERIALS}, '{{0,first}}', '70')",
        "serials up to another": f"jsonb_set({SERIALS}, '{{0,last}}', '101')",
        "unsaid serials": f"{SERIALS} #- '{{0,first}}'",
    }.items()),
    *(said(f"into {account} rather, with {kind},", sql, logged(kind=kind))
      for account, sql in HELD_TO.items() for kind, into in INTO.items() if into != account),
)  # fmt: skip


def ordered(**says: str) -> str:
    """Four entries of retirements for a pilot, with the number of the story's confirmed retirement."""
    facts = {"programme": "'CCER'", "reference": "'R-1'", "retired_on": "'2024-07-01'"} | says
    return logged(kind="CREDITS_RETIRED", **facts)


# A number of a registry names one order: here that of `confirmed`, for `alone` in 2022 on a day.
ORDERS = (
    *(Attack(f"a registry's number for {what}", "reference_names_one_order", FOR_ALONE,
             before=ordered(**says))
      for what, says in {
          "another day": {"retired_on": "'2024-07-02'"},
          "another day, written otherwise": {"retired_on": "'2024-07-02'", "reference": "'r_1'"},
          "somebody besides": {"beneficiary": "'A run'"},
          "another pilot": {"pilot": "$town", "accounting_period": "$town_2022"},
          "another period": {"accounting_period": "$alone_2023"},
      }.items()),
)  # fmt: skip


@cases(SAID + ORDERS)
async def test_postings_are_as_logged(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "serials that its entry names": [FOR_ALONE],
    "another line of what a registry's number names": [FOR_ALONE],
}  # fmt: skip

# What their entries say, where any four would not do.
GOOD_ENTRIES = {
    "serials that its entry names": logged(serials=SERIALS),
    "another line of what a registry's number names": ordered(),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], GOOD_ENTRIES.get(what, LOGGED))
