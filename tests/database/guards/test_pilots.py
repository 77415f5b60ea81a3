"""Pilots: where they lie, what is amended of them, their last day."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    OWNER,
    Attack,
    LetThrough,
    Stopped,
    cases,
    logged,
)
from tests.database.guards.changes import (
    amended,
    amendment,
    changed,
    changed_to,
    placed,
    retired_for_closed,
)
from tests.database.guards.good_rows import new

PILOTS = (
    Attack("a code used twice", "pilot_code_key", f"{new('pilot')}; {new('pilot', id='$p2')}"),
    Attack("a pilot of nobody", "pilot_operator_id_fkey", new("pilot", operator_id="$nobody")),
    Attack("a place of no pilot", "pilot_placement_pilot_id_fkey", placed("$nobody", "NULL")),
    Attack("a place in no pilot", "pilot_placement_surrounding_id_fkey", placed("$alone", "$nobody")),
    Attack("a pilot in itself", "pilot_placement_not_itself_check", placed("$town", "$town")),
    Attack("a pilot in itself, behind the check", "pilot_not_inside_itself",
           "ALTER TABLE pilot_placement DROP CONSTRAINT pilot_placement_not_itself_check; "
           + placed("$town", "$town"), by=[OWNER]),
    Attack("a pilot in what lies in it", "pilot_not_inside_itself", placed("$town", "$park")),
    Attack("a pilot in itself in two steps", "pilot_not_inside_itself",
           placed("$town", "$building")),
    Attack("a ring of three, in three statements", "pilot_not_inside_itself",
           placed("$town", "$moving"),
           before=f"{LOGGED}; {placed('$moving', '$alone', '$p2')};"
           f" {placed('$alone', '$building', '$p3')}"),
    Attack("two pilots in each other, in one statement", "pilot_not_inside_itself",
           "INSERT INTO pilot_placement VALUES ($p, $alone, $town), ($p2, $town, $alone)"),
    Attack("a ring of two that a third is placed in, in one statement", "pilot_not_inside_itself",
           "INSERT INTO pilot_placement VALUES ($p, $alone, $moving), ($p2, $moving, $building),"
           " ($p3, $building, $moving)"),
    Attack("a period that ends before it starts", "accounting_period_order_check",
           new("accounting_period", ends_on="'2023-12-31'")),
    Attack("two periods that share a day", "accounting_period_no_overlap_excl",
           new("accounting_period", starts_on="'2023-12-31'")),
    Attack("two periods that share a day, in one statement", "accounting_period_no_overlap_excl",
           "INSERT INTO accounting_period VALUES ($p, $alone, '2025-01-01', '2025-12-31'),"
           " ($p2, $alone, '2025-12-31', '2026-12-30')"),
    Attack("a period of no pilot", "accounting_period_pilot_id_fkey",
           new("accounting_period", pilot_id="$nobody")),
    Attack("a pilot that shares ground with itself", "pilot_overlap_order_check",
           new("pilot_overlap", other_id="$park")),
    Attack("an overlap told the other way about", "pilot_overlap_order_check",
           new("pilot_overlap", pilot_id="$alone", other_id="$park")),
    Attack("an overlap told twice", "pilot_overlap_pilot_id_other_id_key",
           new("pilot_overlap", pilot_id="$house", other_id="$villa")),
    Attack("an overlap of no pilot", "pilot_overlap_pilot_id_fkey",
           new("pilot_overlap", pilot_id="$holder")),
    Attack("an overlap with no pilot", "pilot_overlap_other_id_fkey",
           new("pilot_overlap", other_id="$nobody")),
)  # fmt: skip


@cases(PILOTS)
async def test_pilots(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


NAMED = {"name_en": "Other"}

# What a pilot is, which no amendment changes.
IDENTITY = {
    "id": "$p", "code": "'OTHER'", "variant": "'PARK'", "applicant_kind": "'PARK_COMMITTEE'",
    "division_code": "'440300'", "establishment": "'NEW'", "operator_id": "$buyer",
}  # fmt: skip

AMENDMENTS = (
    Attack("a pilot changed without an amendment", "pilot_is_as_amended",
           changed_to("$alone", NAMED)),
    Attack("a pilot changed otherwise than the amendment says", "pilot_is_as_amended",
           f"{amendment('$alone', NAMED)}; {changed_to('$alone', {'name_en': 'Another'})}"),
    Attack("a pilot changed more than the amendment says", "pilot_is_as_amended",
           f"{amendment('$alone', NAMED)}; {changed_to('$alone', NAMED | {'name_zh': '又'})}"),
    Attack("a pilot changed twice by one amendment", "pilot_is_as_amended",
           changed_to("$alone", NAMED), before=f"{LOGGED}; {amended('$alone', **NAMED)}"),
    Attack("an amendment that is not carried out", "pilot_is_as_amended",
           amendment("$alone", NAMED)),
    Attack("a pilot put back without an amendment", "pilot_is_as_amended",
           "UPDATE pilot SET closed_on = NULL WHERE id = $closed"),
    *(Attack(f"a pilot's {column} changed", "pilot_is_as_amended",
             f"UPDATE pilot SET {column} = {value} WHERE id = $alone",
             before=f"{LOGGED}; {new('pilot_amendment')}")
      for column, value in IDENTITY.items()),
    Attack("an amendment that begins with what the pilot is not", "amendment_follows_pilot",
           new("pilot_amendment", before="""'{"name_en": "Was"}'""")),
    Attack("an amendment of no pilot", "pilot_amendment_pilot_id_fkey",
           new("pilot_amendment", pilot_id="$nobody")),
    Attack("a pilot closed before it began", "pilot_closed_check",
           amended("$park", closed_on="2014-12-31")),
    Attack("a pilot that nobody sees", "pilot_visibility_check",
           amended("$alone", statement_visibility="NOBODY")),
    Attack("lines that nobody sees", "pilot_visibility_check",
           new("pilot", line_visibility="'NOBODY'")),
    Attack("an inventory after its pilot was closed", "inventory_before_closure",
           new("inventory", pilot_id="$closed", period_id="$closed_2023", starts_on="'2023-01-01'",
               ends_on="'2023-12-31'")),
    Attack("a pilot closed before an inventory ends", "inventory_before_closure",
           amended("$reporter", closed_on="2024-12-30")),
    Attack("retired for a period after the pilot was closed", "retired_before_closure",
           retired_for_closed(),
           before=f"{LOGGED}; {new('account', pilot_id='$closed', period_id='$closed_2023')}"),
    Attack("requested for a period after the pilot was closed", "retired_before_closure",
           retired_for_closed(), before=f"{LOGGED}; " + new(
               "account", kind="'PENDING'", programme="'CCER'", organisation_id="$holder",
               pilot_id="$closed", period_id="$closed_2023")),
    Attack("a pilot closed before a period that was offset", "retired_before_closure",
           amended("$alone", closed_on="2021-12-31")),
)  # fmt: skip


@cases(AMENDMENTS)
async def test_amendments(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a pilot placed elsewhere, and back": [
        placed("$building", "$alone"), placed("$building", "$park", "$p2")],
    "a pilot placed in what lay in it": [
        placed("$park", "NULL"), placed("$town", "$park", "$p2")],
    "a pilot closed before a discarded inventory ends": [
        new("inventory", pilot_id="$alone", period_id="$alone_2022"),
        changed("$p", "discarded_position = $p2"),
        amended("$alone", "$p3", closed_on="2022-06-30")],
    "a pilot amended twice": [amended("$alone", **NAMED), amended("$alone", "$p2", name_en="Yet")],
    "a pilot opened again": [
        new("pilot_amendment", pilot_id="$closed",
            before="(SELECT nzc_pilot_facts(p) FROM pilot AS p WHERE id = $closed)",
            after="""(SELECT nzc_pilot_facts(p) FROM pilot AS p WHERE id = $closed)
                || '{"closed_on": null}'"""),
        "UPDATE pilot SET closed_on = NULL WHERE id = $closed"],
    "a pilot closed with its last inventory": [amended("$reporter", closed_on="2024-12-31")],
    "an inventory up to the closure": [
        new("inventory", pilot_id="$closed", period_id="$closed_2022")],
    "retired for the period in which the pilot was closed": [
        new("account", pilot_id="$closed", period_id="$closed_2022"), retired_for_closed()],
    "a pilot closed after a period that was offset": [amended("$alone", closed_on="2022-01-01")],
}  # fmt: skip

# What their entries say, where any four would not do.
GOOD_ENTRIES = {
    "retired for the period in which the pilot was closed": logged("$closed", "$closed_2022"),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], GOOD_ENTRIES.get(what, LOGGED))
