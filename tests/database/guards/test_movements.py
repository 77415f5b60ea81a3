"""Lots and movements: what is spent is spent once, and goes where it may."""

from collections.abc import Mapping, Sequence

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    Connection,
    LetThrough,
    Scene,
    Stopped,
    assert_refused,
    attempt,
    cases,
    logged,
)
from tests.database.guards.changes import placed
from tests.database.guards.good_rows import new
from tests.database.guards.postings import (
    BATCH,
    GIVEN,
    ISSUED,
    LEFT,
    MOVED,
    OPENED,
    RIGHT,
    SOURCES,
    TARGETS,
    TRANSFER,
    TRANSFERRED,
    WHOLE,
    asked,
    balanced,
    corrected,
    ended,
    fact,
    found,
    led,
    posting,
    suspected,
)

POSTINGS = (
    # What is spent is spent once.
    Attack("a lot spent twice", "lot_spent_pkey",
           posting(moved=["0, $holding, $buying, $A, 101, 201"], spent=["$spent_lot"],
                   made=["0, $buying, $A, 101, 201", "1, $holding, $A, 201, 1001, $A"])),
    Attack("a lot spent twice, at two positions of one statement", "lot_spent_pkey",
           "INSERT INTO lot_spent (lot_position, lot_piece, position)"
           " VALUES ($rest, $p), ($rest, $p2)"),
    Attack("a lot spent by a later statement too", "lot_spent_pkey",
           posting(at="$p2", moved=[MOVED], spent=["$rest"], made=[LEFT, GIVEN, RIGHT]),
           before=TRANSFERRED),
    Attack("a lot spent before it was made", "lot_spent_later_check",
           posting(at="$transferred", spent=["$rest"])),
    Attack("a lot spent at the position that made it", "lot_spent_later_check",
           posting(at="$retired_at", spent=["$rest"])),
    Attack("a spending of no lot", "lots_tile_what_was_spent", posting(spent=["$retired_at, 99"])),
    # The pieces tile what was spent.
    Attack("spending without pieces", "lots_tile_what_was_spent", posting(spent=["$rest"])),
    Attack("pieces without spending: new tonnes", "lots_come_from_what_was_spent",
           posting(made=["0, $holding, $A, 1001, 1101, $A"])),
    Attack("a copy of a lot", "lots_come_from_what_was_spent",
           posting(made=["0, $holding, $A, 201, 1001, $A"])),
    Attack("pieces one tonne too few", "lots_tile_what_was_spent",
           posting(spent=["$rest"], made=["0, $holding, $A, 201, 1000, $A"])),
    Attack("pieces one tonne too many", "lots_come_from_what_was_spent",
           posting(spent=["$rest"], made=["0, $holding, $A, 201, 1002, $A"])),
    Attack("a gap between the pieces", "lots_tile_what_was_spent",
           posting(spent=["$rest"], made=["0, $holding, $A, 201, 500, $A", "1, $holding, $A, 501, 1001, $A"])),
    Attack("pieces that share a serial", "lots_do_not_overlap",
           posting(spent=["$rest"], made=["0, $holding, $A, 201, 502, $A", "1, $holding, $A, 501, 1000, $A"])),
    Attack("a piece inside another", "lots_do_not_overlap",
           posting(spent=["$rest"], made=["0, $holding, $A, 201, 601, $A", "1, $holding, $A, 301, 701, $A"])),
    Attack("the same piece twice", "lots_do_not_overlap",
           posting(spent=["$rest"], made=["0, $holding, $A, 201, 601, $A", "1, $holding, $A, 201, 601, $A"])),
    Attack("a piece that leaves the spent lot's range", "lots_come_from_what_was_spent",
           posting(spent=["$rest"],
                   made=["0, $holding, $A, 201, 951, $A", "1, $holding, $A, 1001, 1051, $A"])),
    Attack("a piece that leaves its lot's range for that of another batch's lot",
           "lots_come_from_what_was_spent",
           posting(spent=["$inner_lot", "$moving_rest"],
                   made=["0, $holding, $B, 1, 101, $B", "1, $holding, $M, 1, 91, $M"])),
    Attack("a piece of serials that another holds", "lots_come_from_what_was_spent",
           posting(spent=["$rest"], made=["0, $holding, $A, 1, 101, $A", "1, $holding, $A, 301, 1001, $A"])),
    Attack("two neighbouring lots merged", "lots_come_from_what_was_spent",
           posting(at="$p2", spent=["$p, 0", "$p, 1"], made=["0, $holding, $A, 201, 1001, $A"]),
           before=f"{LOGGED}; " + posting(
               spent=["$rest"], made=["0, $holding, $A, 201, 601, $A", "1, $holding, $A, 601, 1001, $A"])),
    Attack("pieces in another batch", "lots_come_from_what_was_spent",
           posting(spent=["$inner_lot"], made=["0, $holding, $M, 1, 101, $M"])),
    Attack("a piece in a batch that is none", "lots_come_from_what_was_spent",
           posting(made=["0, $holding, $nobody, 1, 101, $nobody"])),
    Attack("an empty lot", "lot_range_check", posting(made=["0, $holding, $A, 1001, 1001, $A"])),
    Attack("two pieces of a number", "lot_pkey",
           posting(spent=["$rest"], made=["0, $holding, $A, 201, 601, $A", "0, $holding, $A, 601, 1001, $A"])),
    # A lot knows since when it is where it is.
    Attack("a remainder that says it came now", "lots_come_from_what_was_spent",
           posting(moved=[MOVED], spent=["$rest"],
                   made=["0, $holding, $A, 201, 301", GIVEN, RIGHT])),
    Attack("a remainder that says it came by another posting", "lots_come_from_what_was_spent",
           posting(moved=[MOVED], spent=["$rest"],
                   made=[LEFT, GIVEN, "2, $holding, $A, 401, 1001, $transferred"])),
    Attack("a piece that moved and says it was there before", "lots_come_from_what_was_spent",
           posting(moved=[MOVED], spent=["$rest"],
                   made=[LEFT, "1, $buying, $A, 301, 401, $A", RIGHT])),
    Attack("a retired lot that is cut and says it came by another retirement",
           "lots_come_from_what_was_spent",
           posting(spent=["$retired_lot"], made=["0, $retirement, $A, 101, 201, $confirmed"])),
    Attack("a batch that says it came before", "issuance_is_whole",
           posting(issued=new("credit_batch"), moved=["0, $issuance, $holding, $p, 1001, 1101"],
                   made=["0, $holding, $p, 1001, 1101, $A"])),
    # A lot changes accounts by a movement, and a movement by lots.
    Attack("a lot in another account, and no movement", "lots_come_from_what_was_spent",
           posting(spent=["$rest"], made=[LEFT, GIVEN, RIGHT])),
    Attack("a lot in another account, and only an old movement to it",
           "lots_come_from_what_was_spent",
           posting(at="$p2", spent=["$p, 0"], made=["0, $buying, $A, 1, 101"]),
           before=f"{LOGGED}; " + posting(moved=["0, $buying, $holding, $A, 1, 101"],
                                          spent=["$bought_lot"], made=["0, $holding, $A, 1, 101"])),
    Attack("a movement to one account and its lots in another", "lots_come_from_what_was_spent",
           posting(moved=[MOVED], spent=["$rest"],
                   made=[LEFT, "1, $retirement, $A, 301, 401", RIGHT])),
    Attack("a retired lot back in the holding, and no movement", "lots_come_from_what_was_spent",
           posting(spent=["$retired_lot"], made=["0, $holding, $A, 101, 201"])),
    Attack("a movement without lots", "movements_match_lots", posting(moved=[MOVED])),
    Attack("a movement of lots that stay", "movements_match_lots",
           posting(moved=[MOVED], spent=["$rest"], made=["0, $holding, $A, 201, 1001, $A"])),
    Attack("a movement of lots that are cut and stay", "movements_match_lots",
           posting(moved=[MOVED], spent=["$rest"], made=[LEFT, "1, $holding, $A, 301, 401, $A", RIGHT])),
    Attack("a movement told again later", "movements_match_lots",
           posting(moved=["0, $holding, $buying, $A, 1, 101"])),
    Attack("a movement of what its account held already", "movements_match_lots",
           posting(moved=["0, $holding, $buying, $A, 1, 101"], spent=["$bought_lot"],
                   made=["0, $buying, $A, 1, 101, $transferred"])),
    Attack("a movement of what its account held already, beside a lot of the debited one",
           "movements_match_lots",
           posting(moved=["0, $holding, $buying, $A, 1, 101"], spent=["$bought_lot", "$rest"],
                   made=["0, $buying, $A, 1, 101, $transferred",
                         "1, $holding, $A, 201, 1001, $A"])),
    Attack("a movement whose missing half is another's", "movements_match_lots",
           posting(moved=[MOVED, "1, $holding, $buying, $A, 401, 451"], spent=["$rest"],
                   made=[LEFT, "1, $buying, $A, 301, 351", "2, $holding, $A, 351, 401, $A",
                         "3, $buying, $A, 401, 451", "4, $holding, $A, 451, 1001, $A"])),
    Attack("a movement with its legs swapped", "lots_come_from_what_was_spent",
           posting(moved=["0, $buying, $holding, $A, 301, 401"], spent=["$rest"],
                   made=[LEFT, GIVEN, RIGHT])),
    Attack("a movement one serial too wide", "movements_match_lots",
           posting(moved=["0, $holding, $buying, $A, 301, 402"], spent=["$rest"],
                   made=[LEFT, GIVEN, RIGHT])),
    Attack("a movement one serial too narrow", "lots_come_from_what_was_spent",
           posting(moved=["0, $holding, $buying, $A, 301, 400"], spent=["$rest"],
                   made=[LEFT, GIVEN, RIGHT])),
    Attack("a movement beside its lots", "lots_come_from_what_was_spent",
           posting(moved=["0, $holding, $buying, $A, 302, 402"], spent=["$rest"],
                   made=[LEFT, GIVEN, RIGHT])),
    Attack("a movement of another batch", "lots_come_from_what_was_spent",
           posting(moved=["0, $holding, $buying, $B, 301, 401"], spent=["$rest"],
                   made=[LEFT, GIVEN, RIGHT])),
    Attack("a movement of a batch that is none", "movements_match_lots",
           posting(moved=["0, $holding, $buying, $nobody, 1, 2"])),
    Attack("a movement from an account that did not hold it", "lots_come_from_what_was_spent",
           posting(moved=["0, $green_holding, $buying, $A, 301, 401"], spent=["$rest"],
                   made=[LEFT, GIVEN, RIGHT])),
    Attack("a movement told twice", "movements_match_lots",
           posting(moved=[MOVED, "1, $holding, $buying, $A, 301, 401"], spent=["$rest"],
                   made=[LEFT, GIVEN, RIGHT])),
    Attack("a movement told twice, and another not at all", "lots_come_from_what_was_spent",
           posting(moved=[MOVED, "1, $holding, $buying, $A, 301, 401"], spent=["$rest"],
                   made=[LEFT, GIVEN, "3, $holding, $A, 401, 501, $A", "4, $buying, $A, 501, 601",
                         "5, $holding, $A, 601, 1001, $A"])),
    Attack("two movements of a number", "movement_pkey",
           posting(moved=["0, $holding, $buying, $A, 301, 351", "0, $holding, $buying, $A, 351, 401"],
                   spent=["$rest"], made=[LEFT, GIVEN, RIGHT])),
    Attack("an empty movement", "movement_range_check",
           posting(moved=["0, $holding, $buying, $A, 301, 301"])),
    Attack("a movement that runs backwards", "movement_range_check",
           posting(moved=["0, $holding, $buying, $A, 401, 301"])),
    Attack("a movement to where it came from", "movement_legs_check",
           posting(moved=["0, $holding, $holding, $A, 301, 401"])),
    *(Attack(f"a movement without lots, {where} a good posting of the statement",
             "movements_match_lots",
             f"WITH moved AS (INSERT INTO movement VALUES ({good}, {MOVED}),"
             f" ({bad}, 0, $holding, $buying, $B, 1, 101)),"
             f" spent AS (INSERT INTO lot_spent VALUES ($rest, {good}))"
             f" INSERT INTO lot VALUES ({good}, {LEFT}), ({good}, {GIVEN}, {good}), ({good}, {RIGHT})")
      for where, bad, good in (("before", "$p", "$p2"), ("after", "$p2", "$p"))),
    # Where a movement may lead.
    Attack("a movement to another programme", "movement_joins_accounts",
           posting(moved=["0, $holding, $green_holding, $A, 301, 401"], spent=["$rest"],
                   made=[LEFT, "1, $green_holding, $A, 301, 401", RIGHT])),
    Attack("a movement out of a retirement", "movement_joins_accounts",
           posting(moved=["0, $retirement, $holding, $A, 101, 201"], spent=["$retired_lot"],
                   made=["0, $holding, $A, 101, 201"])),
    Attack("a movement from one retirement to another", "movement_joins_accounts",
           posting(moved=["0, $retirement, $town_retirement, $A, 101, 201"], spent=["$retired_lot"],
                   made=["0, $town_retirement, $A, 101, 201"])),
    Attack("a movement into issuance", "movement_joins_accounts",
           posting(moved=["0, $holding, $issuance, $A, 301, 401"], spent=["$rest"],
                   made=[LEFT, "1, $issuance, $A, 301, 401", RIGHT])),
    Attack("a movement to an account that is none", "movement_joins_accounts",
           posting(moved=["0, $holding, $nobody, $A, 301, 401"], spent=["$rest"],
                   made=[LEFT, "1, $nobody, $A, 301, 401", RIGHT])),
    Attack("issued again, without spending", "lots_come_from_what_was_spent",
           posting(moved=["0, $issuance, $holding, $A, 1001, 1101"],
                   made=["0, $holding, $A, 1001, 1101, $A"])),
    Attack("issued again, for spending another's", "lots_come_from_what_was_spent",
           posting(moved=["0, $issuance, $buying, $A, 301, 401"], spent=["$rest"],
                   made=[LEFT, GIVEN, RIGHT])),
    # Every position is in the log.
    Attack("a posting that the log does not know", "posting_is_logged",
           posting(at="$beyond", moved=[MOVED], spent=["$rest"], made=[LEFT, GIVEN, RIGHT])),
    Attack("a movement that the log does not know", "posting_is_logged",
           posting(at="$beyond", moved=[MOVED])),
    Attack("a lot that the log does not know", "posting_is_logged",
           posting(at="$beyond", made=["0, $holding, $A, 1001, 1101, $A"])),
    Attack("a spending that the log does not know", "posting_is_logged",
           posting(at="$beyond", spent=["$rest"])),
    Attack("an issuance that the log does not know", "posting_is_logged",
           posting(at="$beyond", issued=new("credit_batch", id="$beyond"),
                   moved=["0, $issuance, $holding, $beyond, 1001, 1101"],
                   made=["0, $holding, $beyond, 1001, 1101"])),
)  # fmt: skip

ISSUED_NOW = f"{LOGGED}; {posting(issued=BATCH, moved=[ISSUED], made=[WHOLE])}"


def additions(at: str, moved_serials: str) -> Sequence[tuple[str, str, str]]:
    """What could be added at a transfer from the holding to the buyer: what, which guard, how."""
    return (
        ("a movement", "movements_match_lots",
         posting(at=at, moved=["9, $holding, $buying, $A, 501, 601"])),
        ("the same movement once", "movements_match_lots",
         posting(at=at, moved=[f"9, $holding, $buying, $A, {moved_serials}"])),
        ("a movement of another batch", "movements_match_lots",
         posting(at=at, moved=["9, $holding, $buying, $B, 1, 101"])),
        ("a lot", "lots_come_from_what_was_spent", posting(at=at, made=["9, $holding, $A, 1001, 1101, $A"])),
        ("the same lot once", "lots_do_not_overlap",
         posting(at=at, made=[f"9, $buying, $A, {moved_serials}"])),
        ("a lot of another batch", "lots_come_from_what_was_spent",
         posting(at=at, made=["9, $holding, $B, 1, 101, $B"])),
    )  # fmt: skip


# What an earlier statement of the transaction wrote is not added to.
ADDITIONS = (
    *(Attack(f"{what} more, in a later statement", guard, sql, before=TRANSFERRED)
      for what, guard, sql in additions("$p", "301, 401")),
    Attack("a spending more, in a later statement", "lots_tile_what_was_spent",
           posting(spent=["$inner_lot"]), before=TRANSFERRED),
    Attack("a movement more, at an issuance", "issuance_is_whole",
           posting(moved=["1, $issuance, $holding, $p, 2001, 2101"]), before=ISSUED_NOW),
    Attack("a movement of another batch, at an issuance", "movements_match_lots",
           posting(moved=["1, $holding, $buying, $A, 301, 401"]), before=ISSUED_NOW),
    Attack("a lot more, at an issuance", "issuance_is_whole",
           posting(made=["1, $holding, $p, 2001, 2101"]), before=ISSUED_NOW),
    Attack("a transfer of another batch, at an issuance", "issuance_is_whole",
           posting(moved=["1, $holding, $buying, $B, 1, 101"], spent=["$inner_lot"],
                   made=["1, $buying, $B, 1, 101"]), before=ISSUED_NOW),
    Attack("a spending more, at an issuance", "lots_tile_what_was_spent",
           posting(spent=["$inner_lot"]), before=ISSUED_NOW),
)  # fmt: skip

# Nothing goes anywhere else without a request, its end or a correction.
FREELY = {
    *(("held", target) for target in (
        "another holder", "a retirement", "another year's retirement", "another pilot's retirement",
        "its holder's use", "its holder's frozen", "invalidated")),
    ("retired", "invalidated"),
    ("used", "invalidated"),
    ("frozen", "its holder"),
    ("frozen", "invalidated"),
}  # fmt: skip

JOINS = tuple(
    Attack(f"{source} to {target}", "movement_joins_accounts", led(source, target),
           before=f"{LOGGED}; {OPENED}")
    for source, (_, account, _) in SOURCES.items()
    for target, to in TARGETS.items()
    if account != to and (source, target) not in FREELY
)  # fmt: skip

# A posting is judged by what was written before it; what would have stopped it does not come later.
ACTED = f"{LOGGED}; {posting(at='$p2', moved=[MOVED], spent=['$rest'], made=[LEFT, GIVEN, RIGHT])}"
LATE = (
    *(Attack(f"{what} that comes after what it is about", "facts_come_first", sql, before=ACTED)
      for what, sql in {
          "a freeze": fact("FREEZE", batch="$A"),
          "a pilot's place": placed("$alone", "$town"),
          "a finding": found("DOUBLE"),
          "a match of sites": new("same_site"),
          "a finding of a match": new("same_site_resolution"),
          "a project's place": new("project_placement"),
          "an overlap of pilots": new("pilot_overlap"),
          "a request": asked(),
          "a request of what was transferred": asked("$p2"),
          "an end of a request": ended("CANCELLED"),
          "an end of a request with what was transferred": ended("CANCELLED", at="$p2"),
          "a correction": corrected("$retired_at"),
          "a correction by what was transferred": corrected("$retired_at", "$p2"),
      }.items()),
    Attack("a suspicion that comes after what it is about", "facts_come_first", suspected(other="$D"),
           before=ISSUED_NOW),
)  # fmt: skip


@cases(POSTINGS + ADDITIONS + LATE)
async def test_postings(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


@cases(JOINS)
async def test_where_serials_may_go(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


# What is committed is not added to: not by what would never be in order, nor by what would be in order
# at a position of its own, because it changes what the ledger said as of then.
COMMITTED = (
    *(Attack(f"{what} more", "", sql) for what, _, sql in additions("$transferred", "1, 101")),
    Attack("a spending, where nothing was posted", "", posting(at="$quiet", spent=["$rest"])),
    Attack("a movement more, at an issuance", "",
           posting(at="$A", moved=["1, $issuance, $holding, $A, 1001, 1101"])),
    Attack("a lot more, at an issuance", "",
           posting(at="$A", made=["1, $holding, $A, 1001, 1101, $A"])),
    Attack("a spending, at an issuance", "", posting(at="$M", spent=["$inner_lot"])),
    Attack("a whole transfer, where nothing was posted", "",
           posting(at="$quiet", moved=[MOVED], spent=["$rest"], made=[LEFT, GIVEN, RIGHT])),
    Attack("a whole transfer more, at a transfer", "",
           posting(at="$transferred", moved=["9, $holding, $buying, $B, 1, 101"],
                   spent=["$inner_lot"], made=["9, $buying, $B, 1, 101"])),
    Attack("a whole retirement more, at a retirement", "",
           posting(at="$retired_at", moved=["9, $green_holding, $retirement, $G, 1, 101"],
                   spent=["$green_lot"], made=["9, $retirement, $G, 1, 101"])),
    Attack("a whole issuance, where nothing was posted", "",
           posting(at="$quiet", issued=new("credit_batch", id="$quiet"),
                   moved=["0, $issuance, $holding, $quiet, 1001, 1101"],
                   made=["0, $holding, $quiet, 1001, 1101"])),
)  # fmt: skip


@cases(COMMITTED)
async def test_the_past_is_not_added_to(
    connections: Mapping[str, Connection], scene: Scene, who: str, attack: Attack
) -> None:
    """Whichever guard says so."""
    error = await attempt(connections[who], scene.story, attack.sql, prepare=[LOGGED])
    assert_refused(error, None)


GOOD = {
    "a transfer out of the middle of a lot": [TRANSFER],
    "a transfer of a whole lot": [
        posting(moved=["0, $holding, $buying, $A, 201, 1001"], spent=["$rest"],
                made=["0, $buying, $A, 201, 1001"])],
    "a retirement": [
        posting(moved=["0, $holding, $retirement, $A, 201, 301"], spent=["$rest"],
                made=["0, $retirement, $A, 201, 301", "1, $holding, $A, 301, 1001, $A"])],
    "a retirement in an account that it opens": [
        f"WITH opened AS ({new('account')}), " + posting(
            moved=["0, $holding, $account, $A, 201, 1001"], spent=["$rest"],
            made=["0, $account, $A, 201, 1001"]).removeprefix("WITH ")],
    "the same numbers of two batches at one position": [
        posting(moved=["0, $holding, $buying, $B, 1, 101", "1, $holding, $buying, $M, 11, 101"],
                spent=["$inner_lot", "$moving_rest"],
                made=["0, $buying, $B, 1, 101", "1, $buying, $M, 11, 101"])],
    "the same serials at two positions of one statement": [
        "WITH moved AS (INSERT INTO movement VALUES ($p, 0, $holding, $buying, $A, 201, 1001),"
        " ($p2, 0, $buying, $holding, $A, 201, 1001)),"
        + balanced("VALUES ($p, 0, $holding, $buying, $A, 201, 1001),"
                   " ($p2, 0, $buying, $holding, $A, 201, 1001)") + ","
        " spent AS (INSERT INTO lot_spent VALUES ($rest, $p), ($p, 0, $p2))"
        " INSERT INTO lot VALUES ($p, 0, $buying, $A, 201, 1001, $p),"
        " ($p2, 0, $holding, $A, 201, 1001, $p2)"],
    "a lot cut, and its neighbours moved by one movement": [
        posting(spent=["$rest"], made=["0, $holding, $A, 201, 601, $A", "1, $holding, $A, 601, 1001, $A"]),
        posting(at="$p2", moved=["0, $holding, $buying, $A, 501, 701"], spent=["$p, 0", "$p, 1"],
                made=["0, $holding, $A, 201, 501, $A", "1, $buying, $A, 501, 601",
                      "2, $buying, $A, 601, 701", "3, $holding, $A, 701, 1001, $A"])],
    "a retired lot that is cut where it is": [
        posting(spent=["$retired_lot"],
                made=["0, $retirement, $A, 101, 151, $retired_at",
                      "1, $retirement, $A, 151, 201, $retired_at"])],
    **{f"{source} to {target}": [OPENED, led(source, target)] for source, target in sorted(FREELY)},
    "a part of a retirement invalidated": [
        posting(moved=["0, $retirement, $invalidated, $A, 121, 141"], spent=["$retired_lot"],
                made=["0, $retirement, $A, 101, 121, $retired_at", "1, $invalidated, $A, 121, 141",
                      "2, $retirement, $A, 141, 201, $retired_at"])],
}  # fmt: skip

# What their entries say, where any four would not do.
GOOD_ENTRIES = {
    "a retirement in an account that it opens": logged(period="$alone_2023"),
    "held to another year's retirement": logged(period="$alone_2023"),
    "held to another pilot's retirement": logged("$town", "$town_2022"),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], GOOD_ENTRIES.get(what, LOGGED))
