"""What comes from inside a boundary never offsets it; a sink gets back what it gave up."""

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
from tests.database.guards.changes import placed
from tests.database.guards.good_rows import new
from tests.database.guards.postings import (
    fact,
    issued_again,
    pending_account,
    posting,
    retired,
    taken,
)


def retirement_account(pilot: str) -> str:
    return new("account", pilot_id=f"${pilot}", period_id=f"${pilot}_2022")


def inside(what: str, pilot: str, sql: str) -> Attack:
    before = f"{LOGGED}; {retirement_account(pilot)}"
    return Attack(what, "credit_from_outside_boundary", sql, before=before)


BOUNDARIES = (
    inside("retired for the pilot that it comes from", "building", retired("$inner_lot", "$B", 1)),
    inside("retired for the pilot around that", "park", retired("$inner_lot", "$B", 1)),
    Attack("retired for the pilot two steps around", "credit_from_outside_boundary",
           retired("$inner_lot", "$B", 1, "$town_retirement")),
    Attack("retired for a pilot that its project was moved into since", "credit_from_outside_boundary",
           retired("$moving_rest", "$M", 11, "$town_retirement")),
    Attack("retired for a pilot that the park is moved into just before",
           "credit_from_outside_boundary",
           posting(at="$p2", moved=["0, $holding, $retirement, $B, 1, 101"], spent=["$inner_lot"],
                   made=["0, $retirement, $B, 1, 101"]),
           before=f"{LOGGED}; {placed('$park', '$alone')}"),
    Attack("requested for a pilot that it comes from", "credit_from_outside_boundary",
           retired("$inner_lot", "$B", 1),
           before=f"{LOGGED}; {pending_account('$town', '$town_2022')};"
           f" {new('retirement_request')}"),
    Attack("retired beside a retirement that is in order", "credit_from_outside_boundary",
           posting(moved=["0, $holding, $town_retirement, $A, 201, 1001",
                          "1, $holding, $town_retirement, $B, 1, 101"],
                   spent=["$rest", "$inner_lot"],
                   made=["0, $town_retirement, $A, 201, 1001", "1, $town_retirement, $B, 1, 101"])),
)  # fmt: skip


def own_sink(
    pilot: str = "$building", period: str = "$building_2022", purpose: str = "OWN_SINK"
) -> str:
    """The account of a sink that is given back to a pilot for a period."""
    return new("account", kind="'OTHER_USE'", programme="'CCER'", organisation_id="$holder",
               pilot_id=pilot, period_id=period, purpose=f"'{purpose}'")  # fmt: skip


def given_back(pilot: str = "$building", period: str = "$building_2022") -> str:
    """Four entries that say so, and the account."""
    return f"{said_of_sink(pilot, period)}; {own_sink(pilot, period)}"


def said_of_sink(pilot: str, period: str) -> str:
    return logged(pilot, period, purpose="'OWN_SINK'")


SINKS = (
    Attack("given back to a sink, and no forestry", "own_sink_is_own",
           posting(moved=["0, $holding, $account, $B, 1, 101"], spent=["$inner_lot"],
                   made=["0, $account, $B, 1, 101"]), before=given_back()),
    Attack("given back to a sink, and in no pilot", "own_sink_is_own",
           taken("Z", "$account"), before=given_back()),
    Attack("given back to nobody", "own_sink_is_own", taken("W", "$account"),
           before=given_back("NULL", "NULL")),
    *(Attack(f"given back to {what}", "own_sink_is_own", taken("W", "$account"),
             before=given_back(pilot, f"{pilot}_2022"))
      for what, pilot in (("another pilot", "$alone"), ("a pilot that moved in beside it", "$moving"))),
    Attack("given back for a period of other days", "own_sink_is_own", taken("W", "$account"),
           before=given_back(period="$building_2023")),
    Attack("given back, and counted by another country", "batch_is_free", taken("W", "$account"),
           before=f"{given_back()}; {fact('EXPORT', batch='$W')}"),
    Attack("a pilot's event", "account_own_sink_check", own_sink(purpose="EVENT")),
)  # fmt: skip


@cases(BOUNDARIES)
async def test_boundaries(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


@cases(SINKS)
async def test_sinks(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a credit from inside, for a pilot beside": [
        posting(moved=["0, $holding, $retirement, $B, 1, 101"], spent=["$inner_lot"],
                made=["0, $retirement, $B, 1, 101"])],
    "a credit from inside, for a pilot that it was moved out of just before": [
        placed("$moving", "NULL"),
        posting(at="$p2", moved=["0, $holding, $town_retirement, $M, 11, 101"],
                spent=["$moving_rest"], made=["0, $town_retirement, $M, 11, 101"])],
    "a credit from inside, by where the pilots lay at its position": [
        placed("$park", "$alone", "$p2"), retired("$inner_lot", "$B", 1, "$retirement")],
    "a credit from around, for a pilot inside": [
        new("project", pilot_id="$town"),
        new("enrolment", id="$p2", project_id="$p", programme="'CCER'"),
        retirement_account("building"),
        issued_again("$p3", project_id="$p"),
        posting(at="$p4", moved=["0, $holding, $account, $p3, 1001, 1101"], spent=["$p3, 0"],
                made=["0, $account, $p3, 1001, 1101"])],
    "retired for a pilot that its project was taken out of": [
        new("project_placement", pilot_id="$alone"),
        new("project_placement", position="$p2", pilot_id="NULL"),
        posting(at="$p3", moved=["0, $holding, $retirement, $A, 201, 1001"], spent=["$rest"],
                made=["0, $retirement, $A, 201, 1001"])],
    "forestry of a pilot given back to its sink": [own_sink(), taken("W", "$account")],
    "forestry of a pilot given back to one around it": [
        own_sink("$town", "$town_2022"), taken("W", "$account")],
}  # fmt: skip

# What their entries say, where any four would not do.
GOOD_ENTRIES = {
    "a credit from inside, for a pilot that it was moved out of just before": logged(
        "$town", "$town_2022"
    ),
    "a credit from around, for a pilot inside": logged("$building", "$building_2022"),
    "forestry of a pilot given back to its sink": said_of_sink("$building", "$building_2022"),
    "forestry of a pilot given back to one around it": said_of_sink("$town", "$town_2022"),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], GOOD_ENTRIES.get(what, LOGGED))
