"""Requests to retire, and corrections."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    LetThrough,
    Stopped,
    cases,
    entries,
)
from tests.database.guards.good_rows import new
from tests.database.guards.postings import (
    BACK,
    GIVEN,
    LEFT,
    OPENED,
    RIGHT,
    TAKEN_BACK,
    TARGETS,
    asked,
    corrected,
    ended,
    led,
    pending_account,
    posting,
)


def in_part(request: str = "$requested", at: str = "$p") -> str:
    return new("request_part", request_id=request, position=at)


# Half of what was requested is retired, and what else some of it may do.
HALF = posting(moved=["0, $pending, $retirement, $S, 1, 6"], spent=["$requested_lot"],
               made=["0, $retirement, $S, 1, 6", "1, $pending, $S, 6, 11, $requested"])  # fmt: skip
REST = posting(at="$p2", moved=["0, $pending, $retirement, $S, 6, 11"], spent=["$p, 1"],
               made=["0, $retirement, $S, 6, 11"])  # fmt: skip

# A request at $p of ten of the serials that are held: as many as ``S`` has requested.
TEN_ASKED = asked() + "; " + posting(
    moved=["0, $holding, $pending, $S, 71, 81"], spent=["$held_lot"],
    made=["0, $pending, $S, 71, 81", "1, $holding, $S, 81, 101, $S"],
)  # fmt: skip

REQUESTS = (
    Attack("a request that is over when it is made", "request_sets_aside",
           f"{asked(expires_at='now()')}; {led('held', 'a request')}"),
    Attack("a request of nothing", "credits_move", asked()),
    Attack("a request that transfers", "request_sets_aside",
           f"{asked()}; {led('held', 'another holder')}"),
    Attack("a request that retires", "request_sets_aside",
           f"{asked()}; {led('held', 'a retirement')}"),
    Attack("a request that retires a part", "request_sets_aside",
           asked() + "; " + posting(
               moved=["0, $holding, $pending, $S, 71, 81", "1, $holding, $retirement, $S, 81, 101"],
               spent=["$held_lot"],
               made=["0, $pending, $S, 71, 81", "1, $retirement, $S, 81, 101"])),
    Attack("a request for two pilots", "request_sets_aside",
           asked() + "; " + posting(
               moved=["0, $holding, $pending, $S, 71, 81", "1, $holding, $account, $S, 81, 101"],
               spent=["$held_lot"],
               made=["0, $pending, $S, 71, 81", "1, $account, $S, 81, 101"]),
           before=f"{LOGGED}; {pending_account('$town', '$town_2022')}"),
    Attack("a request for another holder", "movement_joins_accounts",
           f"{asked()}; {led('held', 'another holder' + chr(39) + 's request')}",
           before=f"{LOGGED}; {OPENED}"),
    # How it ends.
    Attack("an end of no request", "request_end_request_id_fkey", ended("CANCELLED", "$retired_at")),
    Attack("an end before its request", "request_end_later_check",
           ended("CANCELLED", at="$requested")),
    Attack("an end of no kind", "request_end_outcome_check", ended("OPEN")),
    Attack("two ends at a position", "request_end_position_key",
           f"{ended('CANCELLED', at='$p2')}; {ended('CANCELLED', '$p', '$p2')}",
           before=f"{LOGGED}; {TEN_ASKED}"),
    Attack("a request that is confirmed after it was cancelled", "request_end_pkey",
           f"{ended('CONFIRMED', '$cancelled')}; {led('requested', 'a retirement')}"),
    Attack("a request that ends twice", "request_end_pkey",
           ended("CANCELLED", "$p", "$p3"),
           before=f"{LOGGED}; {TEN_ASKED}; {ended('CONFIRMED', '$p', '$p2')}; "
           + posting(at="$p2", moved=["0, $pending, $retirement, $S, 71, 81"], spent=["$p, 0"],
                     made=["0, $retirement, $S, 71, 81"])),
    Attack("an end of nothing", "credits_move", ended("CANCELLED")),
    *(Attack(f"a request that is {outcome.lower()}: to {target}", "movement_joins_accounts",
             f"{ended(outcome)}; {led('requested', target)}", before=f"{LOGGED}; {OPENED}")
      for outcome, right in (("CONFIRMED", "a retirement"), ("CANCELLED", "its holder"),
                             ("EXPIRED", "its holder"))
      for target in TARGETS if target not in (right, "a request")),
    Attack("a request that expires before its time", "request_ends_whole",
           f"{ended('EXPIRED')}; {led('requested', 'its holder')}"),
    Attack("a request that is confirmed in part", "request_ends_whole",
           ended("CONFIRMED") + "; " + posting(
               moved=["0, $pending, $retirement, $S, 1, 6"], spent=["$requested_lot"],
               made=["0, $retirement, $S, 1, 6", "1, $pending, $S, 6, 11, $requested"])),
    Attack("a part of no request", "request_part_request_id_fkey", in_part("$retired_at")),
    Attack("a part before its request", "request_part_later_check", in_part(at="$requested")),
    Attack("two parts at a position", "request_part_pkey",
           f"{in_part(at='$p2')}; {in_part('$p', '$p2')}", before=f"{LOGGED}; {TEN_ASKED}"),
    Attack("a part of nothing", "credits_move", in_part()),
    Attack("a part given back", "movement_joins_accounts",
           in_part() + "; " + posting(
               moved=["0, $pending, $holding, $S, 1, 6"], spent=["$requested_lot"],
               made=["0, $holding, $S, 1, 6", "1, $pending, $S, 6, 11, $requested"])),
    Attack("some of a request retired, and no word of it", "movement_joins_accounts", HALF),
    Attack("a part that leaves nothing", "request_part_leaves_some",
           f"{in_part()}; {led('requested', 'a retirement')}"),
    Attack("a last part that is no end", "request_part_leaves_some", f"{in_part(at='$p2')}; {REST}",
           before=f"{LOGGED}; {in_part()}; {HALF}"),
    Attack("a part of what another one set aside", "request_part_leaves_some",
           in_part("$p", "$p2") + "; " + posting(
               at="$p2", moved=["0, $pending, $retirement, $S, 1, 6"], spent=["$requested_lot"],
               made=["0, $retirement, $S, 1, 6", "1, $pending, $S, 6, 11, $requested"]),
           before=f"{LOGGED}; {TEN_ASKED}"),
    Attack("a request that ends with less than its parts left", "request_ends_whole",
           ended("CONFIRMED", at="$p2") + "; " + posting(
               at="$p2", moved=["0, $pending, $retirement, $S, 6, 8"], spent=["$p, 1"],
               made=["0, $retirement, $S, 6, 8", "1, $pending, $S, 8, 11, $requested"]),
           before=f"{LOGGED}; {in_part()}; {HALF}"),
    Attack("a request that ends with what another one set aside", "request_ends_whole",
           f"{ended('CONFIRMED', '$p', '$p2')}; {led('requested', 'a retirement', '$p2')}",
           before=f"{LOGGED}; {TEN_ASKED}"),
    Attack("a request that ends with another one", "request_ends_whole",
           ended("CONFIRMED", at="$p2") + "; " + posting(
               at="$p2", spent=["$requested_lot", "$p, 0"],
               moved=["0, $pending, $retirement, $S, 1, 11", "1, $pending, $retirement, $S, 71, 81"],
               made=["0, $retirement, $S, 1, 11", "1, $retirement, $S, 71, 81"]),
           before=f"{LOGGED}; {TEN_ASKED}"),
    Attack("a request that ends with what was held", "request_ends_whole",
           ended("CANCELLED") + "; " + posting(
               moved=["0, $holding, $buying, $S, 71, 81"], spent=["$held_lot"],
               made=["0, $buying, $S, 71, 81", "1, $holding, $S, 81, 101, $S"])),
)  # fmt: skip


def exchanged(at: str, giver: str, taker: str, lot: str) -> str:
    """The serials of the story's transfer, moved again."""
    return posting(at=at, moved=[f"0, {giver}, {taker}, $A, 1, 101"], spent=[lot],
                   made=[f"0, {taker}, $A, 1, 101"])  # fmt: skip


CORRECTIONS = (
    Attack("a posting corrected twice", "correction_pkey", corrected("$slip")),
    Attack("a posting corrected by two", "correction_pkey",
           corrected("$retired_at", "$p2"),
           before=f"{LOGGED}; {corrected('$retired_at')}; {TAKEN_BACK}"),
    Attack("two postings corrected by one", "correction_position_key",
           f"{corrected('$retired_at')}; {corrected('$confirmed')}"),
    Attack("a correction before its posting", "correction_later_check", corrected("$p2")),
    Attack("a correction of nothing", "correction_is_of_posting", corrected("$retired_at")),
    Attack("a correction of a batch's freeze", "correction_is_of_posting", corrected("$p", "$p2"),
           before=f"{LOGGED}; {new('batch_fact')}"),
    Attack("a correction of an export that moves something, too", "correction_reverses_posting",
           f"{corrected('$exported')}; {led('held', 'another holder')}"),
    Attack("a correction of what posted nothing", "correction_reverses_posting",
           f"{corrected('$quiet')}; {TAKEN_BACK}"),
    Attack("a correction of another retirement", "correction_reverses_posting",
           f"{corrected('$confirmed')}; {TAKEN_BACK}"),
    Attack("a correction of a transfer, out of a retirement", "correction_reverses_posting",
           f"{corrected('$transferred')}; {TAKEN_BACK}"),
    Attack("a correction to another holder", "correction_reverses_posting",
           corrected("$retired_at") + "; " + posting(
               moved=["0, $retirement, $buying, $A, 101, 201"], spent=["$retired_lot"],
               made=["0, $buying, $A, 101, 201"])),
    Attack("a correction of what was requested, to another holder", "correction_reverses_posting",
           f"{corrected('$confirmed')}; {led('retired', 'another holder')}"),
    Attack("a correction of another use, to another holder", "correction_reverses_posting",
           f"{corrected('$used')}; {led('used', 'another holder')}"),
    Attack("a correction of a transfer, to a third", "correction_reverses_posting",
           corrected("$transferred") + "; "
           + exchanged("$p", "$buying", "$account", "$bought_lot"),
           before=f"{LOGGED}; " + new("account", kind="'HOLDING'", programme="'CCER'",
                                      organisation_id="$verifier", pilot_id="NULL",
                                      period_id="NULL")),
    *(Attack(f"a correction to {target}", "movement_joins_accounts",
             f"{corrected('$confirmed')}; {led('retired', target)}", before=f"{LOGGED}; {OPENED}")
      for target in TARGETS
      if target not in ("its holder", "another holder", "a retirement", "invalidated")),
    Attack("a correction that invalidates", "correction_reverses_posting",
           f"{corrected('$confirmed')}; {led('retired', 'invalidated')}"),
    Attack("a correction of a part", "correction_reverses_posting",
           corrected("$retired_at") + "; " + posting(
               moved=["0, $retirement, $holding, $A, 101, 151"], spent=["$retired_lot"],
               made=["0, $holding, $A, 101, 151", "1, $retirement, $A, 151, 201, $retired_at"])),
    Attack("a correction of two retirements", "correction_reverses_posting",
           corrected("$retired_at") + "; " + posting(
               moved=["0, $retirement, $holding, $A, 101, 201", "1, $retirement, $holding, $S, 21, 31"],
               spent=["$retired_lot", "$confirmed_lot"],
               made=["0, $holding, $A, 101, 201", "1, $holding, $S, 21, 31"])),
    Attack("a correction that transfers, too", "correction_reverses_posting",
           corrected("$retired_at") + "; " + posting(
               moved=["0, $retirement, $holding, $A, 101, 201", "1, $holding, $buying, $A, 301, 401"],
               spent=["$retired_lot", "$rest"],
               made=["3, $holding, $A, 101, 201", LEFT, GIVEN, RIGHT])),
    Attack("a correction of what has moved since", "correction_reverses_posting",
           corrected("$transferred", "$p3") + "; " + exchanged("$p3", "$buying", "$holding", "$p2, 0"),
           before=f"{LOGGED}; {exchanged('$p', '$buying', '$holding', '$bought_lot')}; "
           + exchanged("$p2", "$holding", "$buying", "$p, 0")),
    # What is not corrected at all, even where all would go back to where it came from.
    Attack("a correction of an issuance", "correction_reverses_posting",
           corrected("$B") + "; " + posting(
               moved=["0, $holding, $buying, $B, 1, 101"], spent=["$inner_lot"],
               made=["0, $buying, $B, 1, 101"])),
    Attack("a correction of a freeze", "correction_reverses_posting",
           f"{corrected('$freezing')}; {led('frozen', 'its holder')}"),
    Attack("a correction of a release", "correction_reverses_posting",
           corrected("$p", "$p2") + "; " + posting(
               at="$p2", moved=["0, $holding, $frozen, $S, 41, 51"], spent=["$p, 0"],
               made=["0, $frozen, $S, 41, 51"]),
           before=f"{LOGGED}; {led('frozen', 'its holder')}"),
    Attack("a correction of a request", "correction_reverses_posting",
           f"{corrected('$requested')}; {ended('CANCELLED')}; {led('requested', 'its holder')}"),
    Attack("a correction of what gave a request back", "correction_reverses_posting",
           corrected("$given_back") + "; " + asked() + "; " + posting(
               moved=["0, $holding, $pending, $S, 11, 21"], spent=["$given_back_lot"],
               made=["0, $pending, $S, 11, 21"])),
    Attack("a correction of a correction", "correction_reverses_posting",
           f"{corrected('$p', '$p2')}; {exchanged('$p2', '$holding', '$buying', '$p, 0')}",
           before=f"{LOGGED}; {corrected('$transferred')}; "
           + exchanged("$p", "$buying", "$holding", "$bought_lot")),
    Attack("a correction of an invalidation, to another holder", "correction_reverses_posting",
           f"{corrected('$invalidation')}; {led('invalidated', 'another holder')}"),
    Attack("a correction of an invalidation, back into a retirement", "movement_joins_accounts",
           f"{corrected('$p', '$p2')}; {led('invalidated', 'a retirement', '$p2')}",
           before=f"{LOGGED}; {led('retired', 'invalidated')}"),
    Attack("a correction of an issuance, and its batch stands", "withdrawn_by_correction",
           f"{corrected('$B')}; {BACK}"),
    Attack("a correction of the issuance of another batch", "movement_joins_accounts",
           f"{corrected('$M')}; {BACK}"),
    Attack("a correction of an issuance of which some was retired", "correction_reverses_posting",
           corrected("$M") + "; " + posting(
               moved=["0, $holding, $issuance, $M, 11, 101"], spent=["$moving_rest"],
               made=["0, $issuance, $M, 11, 101"])),
)  # fmt: skip


@cases(REQUESTS)
async def test_requests(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


@cases(CORRECTIONS)
async def test_corrections(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a request, confirmed, and that corrected": [
        TEN_ASKED, ended("CONFIRMED", "$p", "$p2"),
        posting(at="$p2", moved=["0, $pending, $retirement, $S, 71, 81"], spent=["$p, 0"],
                made=["0, $retirement, $S, 71, 81"]),
        corrected("$p2", "$p3"),
        posting(at="$p3", moved=["0, $retirement, $holding, $S, 71, 81"], spent=["$p2, 0"],
                made=["0, $holding, $S, 71, 81"])],
    "a request of two lots, cut since, and cancelled": [
        asked(), posting(moved=["0, $holding, $pending, $S, 71, 101",
                                "1, $holding, $pending, $S, 11, 21"],
                         spent=["$held_lot", "$given_back_lot"],
                         made=["0, $pending, $S, 71, 101", "1, $pending, $S, 11, 21"]),
        posting(at="$p2", spent=["$p, 0"],
                made=["0, $pending, $S, 71, 81, $p", "1, $pending, $S, 81, 101, $p"]),
        ended("CANCELLED", "$p", "$p3"),
        posting(at="$p3", moved=["0, $pending, $holding, $S, 71, 101",
                                 "1, $pending, $holding, $S, 11, 21"],
                spent=["$p2, 0", "$p2, 1", "$p, 1"],
                made=["0, $holding, $S, 71, 81", "1, $holding, $S, 81, 101",
                      "2, $holding, $S, 11, 21"])],
    "a request that expires when its time is over": [
        asked(expires_at="now() + interval '1 microsecond'"), led("held", "a request"),
        entries(1, after="$head + 4", at="now() + interval '1 microsecond'"),
        ended("EXPIRED", "$p", "$head + 5"),
        posting(at="$head + 5", moved=["0, $pending, $holding, $S, 71, 101"], spent=["$p, 0"],
                made=["0, $holding, $S, 71, 101"])],
    "a retirement corrected": [corrected("$retired_at"), TAKEN_BACK],
    "a retirement corrected that was cut since, and retired again": [
        posting(spent=["$retired_lot"], made=["0, $retirement, $A, 101, 151, $retired_at",
                                              "1, $retirement, $A, 151, 201, $retired_at"]),
        corrected("$retired_at", "$p2"),
        posting(at="$p2", moved=["0, $retirement, $holding, $A, 101, 201"],
                spent=["$p, 0", "$p, 1"],
                made=["0, $holding, $A, 101, 151", "1, $holding, $A, 151, 201"]),
        posting(at="$p3", moved=["0, $holding, $retirement, $A, 101, 151"], spent=["$p2, 0"],
                made=["0, $retirement, $A, 101, 151"]),
        corrected("$p3", "$p4"),
        posting(at="$p4", moved=["0, $retirement, $holding, $A, 101, 151"], spent=["$p3, 0"],
                made=["0, $holding, $A, 101, 151"])],
    "another use corrected": [corrected("$used"), led("used", "its holder")],
    "a confirmed request corrected": [corrected("$confirmed"), led("retired", "its holder")],
    "a transfer corrected": [
        corrected("$transferred"), exchanged("$p", "$buying", "$holding", "$bought_lot")],
    "a retirement of two batches corrected": [
        posting(moved=["0, $holding, $retirement, $B, 1, 101", "1, $holding, $retirement, $M, 11, 101"],
                spent=["$inner_lot", "$moving_rest"],
                made=["0, $retirement, $B, 1, 101", "1, $retirement, $M, 11, 101"]),
        corrected("$p", "$p2"),
        posting(at="$p2", spent=["$p, 0", "$p, 1"],
                moved=["0, $retirement, $holding, $B, 1, 101", "1, $retirement, $holding, $M, 11, 101"],
                made=["0, $holding, $B, 1, 101", "1, $holding, $M, 11, 101"])],
    "a request confirmed in part, and its rest": [
        in_part(), HALF, ended("CONFIRMED", at="$p2"), REST],
    "a request confirmed in part, and its rest given back": [
        in_part(), HALF, ended("CANCELLED", at="$p2"),
        posting(at="$p2", moved=["0, $pending, $holding, $S, 6, 11"], spent=["$p, 1"],
                made=["0, $holding, $S, 6, 11"])],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
