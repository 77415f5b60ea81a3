"""Meters, readings and bills, and lines that rest on them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

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
from tests.database.guards.changes import changed
from tests.database.guards.good_rows import POINT_LINE, SPAN_LINE, new


def told(*rows: str, at: str = "$p", **changes: str) -> str:
    """A batch and its rows, which come before their entry."""
    return "; ".join([new("reading_batch", id=at, **changes), *rows])


def logged_batch(lines: str, after: str = "$head", size: int = 0) -> str:
    """The entry of a batch of so many rows, or that says another size."""
    digest = f"encode(sha256('{lines}'), 'hex')"
    size = size or lines.count(LINE_END) + 1
    body = f"jsonb_build_object('size', {size}, 'digest', {digest})"
    return entries(1, after=after, kind="READINGS_RECORDED", body=body)


def shown(day: str, value: str, **changes: str) -> str:
    """A reading of the first device of ``register``."""
    row = {"device": "1", "at": f"'2024-01-{day} 00:00+08'", "value": value} | changes
    return told(new("register_reading", **row))


def used(first: str, over: str, **changes: str) -> str:
    """A bill of ``billed``."""
    days = {"starts_at": f"'{first} 00:00+08'", "ends_at": f"'{over} 00:00+08'"}
    return told(new("consumption", **days | changes))


ENDED = "UPDATE meter SET ends_on = '2024-01-31', ended_position = $p WHERE id = $billed"

LINE_END = "\n"

# What a batch has.
TABLES = ("register_reading", "consumption", "interval_block")

# Over the last day of the good row's bill.
AFTER_IT = {"starts_at": "'2024-02-10 00:00+08'", "ends_at": "'2024-02-20 00:00+08'"}

THREE_MONTHS = [*pairwise(("2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01"))]
JANUARY, SOME_DAYS = [("2024-01-01", "2024-02-01")], [("2024-01-10", "2024-01-20")]
LATER = [("2024-03-01", "2024-04-01")]
ON_BOTH_SIDES = [("2023-11-01", "2023-12-01"), ("2024-02-01", "2024-03-01")]


def bill_lines(months: Sequence[tuple[str, str]], untold: str = "") -> str:
    """Bills as a digest covers them; of the month that begins ``untold``, that nothing was told."""
    return LINE_END.join(
        " ".join((str(n), "$billed",
                  *(f"{datetime.fromisoformat(f'{day}T00:00+08:00').timestamp():.0f}" for day in ends),
                  "A - -" if ends[0] == untold else "A 100 -"))
        for n, ends in enumerate(months)
    )  # fmt: skip


def bills(
    months: Sequence[tuple[str, str]], at: str = "$p", without: str = "", untold: str = ""
) -> str:
    """Bills of months, in one statement, and the sums of all of these but one."""
    rows = ", ".join(
        f"($billed, '{first} 00:00+08', '{over} 00:00+08', {at}, {n}, false, "
        f"{'NULL' if first == untold else 100}, NULL)"
        for n, (first, over) in enumerate(months)
    )
    sums = [
        new("meter_rollup", position=at, meter_id="$billed", starts_on=f"'{first[:7]}-01'")
        for first, _ in months
        if first != without
    ]
    digest = f"sha256('{bill_lines(months, untold)}')"
    return told(
        f"INSERT INTO consumption VALUES {rows}", *sums, at=at, size=str(len(months)), digest=digest
    )


IN_AN_HOUR = "date_trunc('hour', now()) + interval '1 hour'"
TODAYS_LINE = (
    f"concat_ws(' ', 0, $billed, 1706716800, extract(epoch FROM {IN_AN_HOUR})::bigint, 'A 100 -')"
)

SINK = "'SINK'"

METERED = (
    Attack("a meter of no line", "line_meter_line_id_fkey", new("line_meter", line_id="$nobody")),
    Attack("a meter of a line of no inventory", "line_meter_inventory_id_fkey",
           new("line_meter", inventory_id="$nobody")),
    Attack("a line that rests on two meters", "line_meter_pkey",
           f"{new('line_meter')}; {new('line_meter', meter_id='$billed')}"),
    Attack("a meter in two lines of an inventory", "line_meter_inventory_id_meter_id_key",
           f"{new('line_meter')}; {new('line_meter', line_id='$repeated')}"),
    Attack("days that end before they begin", "line_meter_order_check",
           new("line_meter", ends_on="'2021-12-31'")),
    *(Attack(f"a meter of which {what}", f"line_meter_{guard}_check", new("line_meter", **changes))
      for what, guard, changes in (
          ("less than nothing was used", "quantity", {"quantity": "-1", "estimated_quantity": "-1"}),
          ("more is estimated than was used", "quantity", {"estimated_quantity": "3"}),
          ("less than no time is measured", "seconds", {"measured": "-1", "estimated": "2"}),
          ("less than no time is estimated", "seconds", {"measured": "2", "estimated": "-1"}),
          ("less than no time is missing", "seconds", {"missing": "-1"}),
          ("nothing is known", "seconds", {"measured": "0", "estimated": "0"}))),
    *(Attack(f"a line that rests on {what}", "line_rests_on_its_meter", new("line_meter", **changes))
      for what, changes in (
          ("a meter of nobody", {"meter_id": "$nobody"}),
          ("half of the inventory's days", {"ends_on": "'2022-06-30'"}),
          ("what comes after it", {"as_of": "$head"}),
          ("a meter in another inventory", {"inventory_id": "$rival"}))),
    Attack("a sink that rests on a meter", "line_rests_on_its_meter",
           f"{new('inventory_line', role=SINK)}; {new('line_meter', line_id='$p')}"),
    *(attack for state in ("submitted", "verified", "discarded") for attack in (
        Attack(f"a meter of a line in a {state} inventory", "inventory_lines_are_frozen",
               new("line_meter", line_id=f"${state}_line", inventory_id=f"${state}",
                   starts_on=f"(SELECT starts_on FROM inventory WHERE id = ${state})",
                   ends_on=f"(SELECT ends_on FROM inventory WHERE id = ${state})")),)),
    Attack("a meter less in an inventory that was handed in", "inventory_lines_are_frozen",
           "DELETE FROM line_meter WHERE inventory_id = $first"),
    Attack("a meter's day handed in twice", "meter_day_counts_once",
           changed("$second", "submitted_position = $p")),
    Attack("a meter handed in beside one inside it", "meter_day_counts_once",
           changed("$third", "submitted_position = $p")),
    Attack("a meter placed in another one beside which it counts", "meter_day_counts_once",
           new("meter_placement", meter_id="$apart", parent_id="$both")),
)  # fmt: skip

METERS = (
    Attack("a meter of no pilot", "meter_pilot_id_fkey", new("meter", pilot_id="$nobody")),
    Attack("a code used twice", "meter_pilot_id_code_key", new("meter", code="'BILLED'")),
    Attack("a meter that tells in no way", "meter_kind_check", new("meter", kind="'OTHER'")),
    Attack("a supply point without a number", "meter_supply_key_check",
           new("meter", supply_point="' - '")),
    Attack("a temperature without a pressure", "meter_conditions_check", new("meter", celsius="20")),
    Attack("a pressure without a temperature", "meter_conditions_check",
           new("meter", kilopascals="101.325")),
    Attack("a meter that ends before it begins", "meter_life_check",
           new("meter", ends_on="'2022-12-31'")),
    Attack("a last day said before the meter", "meter_life_check",
           new("meter", ends_on="'2023-12-31'", ended_position="$head")),
    Attack("that a last day was said, without one", "meter_life_check",
           new("meter", ended_position="$p2")),
    *(Attack(f"a supply point taken, written {text}", "meter_supply_point_once_excl",
             new("meter", pilot_id="$alone", supply_point=f"'{text}'"))
      for text in ("SP-far", "sp far", "ＳＰ－ＦＡＲ", "(s.p) far")),
    Attack("a supply point taken on one day", "meter_supply_point_once_excl",
           new("meter", supply_point="'SP-ended'", starts_on="'2023-12-31'")),
    Attack("another code", "meter_ends_once",
           "UPDATE meter SET code = 'X', ends_on = '2024-12-31', ended_position = $p WHERE id = $register"),
    Attack("an end that nothing says", "meter_ends_once",
           "UPDATE meter SET ends_on = '2024-12-31' WHERE id = $register"),
    Attack("another end", "meter_ends_once",
           "UPDATE meter SET ends_on = '2024-12-31', ended_position = $p WHERE id = $ended"),
    Attack("an end before the last reading", "meter_ends_once",
           "UPDATE meter SET ends_on = '2024-01-19', ended_position = $p WHERE id = $register"),
    Attack("an end before the last bill is over", "meter_ends_once",
           "UPDATE meter SET ends_on = '2024-01-30', ended_position = $p WHERE id = $billed"),
    *(Attack(f"an end said at {at}", "change_is_logged",
             f"UPDATE meter SET ends_on = '2024-12-31', ended_position = {at} WHERE id = $sub")
      for at in ("$beyond", "$quiet")),
    Attack("a device of no meter", "meter_device_meter_id_fkey",
           new("meter_device", meter_id="$nobody")),
    *(Attack(f"a device whose {column} is {value}", "meter_device_facts_check",
             new("meter_device", **{column: value}))
      for column, value in (("maximum_per_hour", "0"), ("multiplier", "-1"), ("digits", "0"),
                            ("digits", "13"))),
    Attack("the device after the next", "device_follows", new("meter_device", number="4")),
    Attack("a device built in before the one before", "device_follows",
           new("meter_device", since="'2024-01-20 00:00+08'")),
    Attack("a first device from another day", "device_follows",
           f"{new('meter')}; {new('meter_device', meter_id='$p', number='1')}"),
    Attack("a place of no meter", "meter_placement_meter_id_fkey",
           new("meter_placement", meter_id="$nobody")),
    Attack("a place in no meter", "meter_placement_parent_id_fkey",
           new("meter_placement", parent_id="$nobody")),
    Attack("a sub-meter of another pilot's meter", "submeter_of_one_pilot",
           new("meter_placement", parent_id="$far")),
    Attack("a sub-meter that measures something else", "submeter_of_one_pilot",
           new("meter", carrier="'HEAT'") + "; " + new("meter_placement", position="$p2", meter_id="$p")),
    *(Attack(f"a sub-meter of what is {flow}", "submeter_goes_its_way",
             new("meter", kind="'BILL'", flow=f"'{flow}'") + "; "
             + new("meter_placement", position="$p2", meter_id="$p"))
      for flow in ("GENERATED", "SOLD")),
    *(Attack(f"a meter inside {inner}", "meter_not_inside_itself",
             new("meter_placement", meter_id="$register", parent_id=f"${inner}"))
      for inner in ("register", "sub", "subsub")),
    Attack("a gateway of no meter", "meter_gateway_meter_id_fkey",
           new("meter_gateway", meter_id="$nobody")),
    Attack("a gateway that nobody is", "meter_gateway_gateway_id_fkey",
           new("meter_gateway", gateway_id="$nobody")),
    Attack("a gateway of another role", "gateway_is_one", new("meter_gateway", gateway_id="$holder")),
    Attack("a ring of two, in one statement", "meter_not_inside_itself",
           "INSERT INTO meter_placement VALUES ($p, $register, $billed), ($p2, $billed, $register)"),
)  # fmt: skip

READINGS = (
    Attack("an empty batch", "reading_batch_whole_check", told(size="0"), before=None),
    Attack("a short digest", "reading_batch_whole_check", told(digest="'x'"), before=None),
    Attack("a batch without its rows", "batch_is_whole", told(),
           before=logged_batch(POINT_LINE)),
    Attack("a batch of another row", "batch_is_whole",
           f"{told(new('register_reading', value='101'))}; {logged_batch(POINT_LINE)}", before=None),
    Attack("a batch of another bill", "batch_is_whole",
           told(new("consumption", cost="1"), digest=f"sha256('{SPAN_LINE}')")
           + "; " + logged_batch(SPAN_LINE), before=None),
    Attack("a bill beside the reading of a batch", "batch_is_whole",
           f"{told(new('register_reading'), new('consumption'))}; {logged_batch(POINT_LINE)}", before=None),
    Attack("a batch of which the log says nothing", "batch_is_whole",
           f"{told(new('register_reading'))}; {LOGGED}", before=None),
    Attack("a reading in no batch", "reading_is_of_a_batch",
           f"{new('register_reading')}; {LOGGED}", before=None),
    Attack("a bill in no batch", "reading_is_of_a_batch", f"{new('consumption')}; {LOGGED}",
           before=None),
    *(Attack(f"a {table} of the past", "reading_comes_first",
             new(table, position="(SELECT max(id) FROM reading_batch)"), before=None)
      for table in TABLES),
    *(Attack(f"a {table} at the latest entry", "reading_comes_first",
             told(new(table, position="$head"), at="$head"), before=None)
      for table in TABLES),
    Attack("a reading of no device", "reading_is_of_its_meter",
           shown("12", "200", device="3", at="'2024-03-01 00:00+08'"), before=None),
    Attack("a bill of no meter", "reading_is_of_its_meter", used("2024-02-01", "2024-03-01",
           meter_id="$nobody"), before=None),
    Attack("a reading below nothing", "register_reading_value_check", shown("12", "-1"), before=None),
    Attack("a turn back", "register_reading_value_check", shown("12", "210", turns="-1"), before=None),
    Attack("a bill of no time", "consumption_order_check", used("2024-02-01", "2024-02-01"), before=None),
    Attack("a bill below nothing", "consumption_quantity_check",
           used("2024-02-01", "2024-03-01", quantity="-1"), before=None),
    *(Attack(f"a reading {what}", "reading_is_of_its_meter", shown("12", "210", **given), before=None)
      for what, given in (
          ("of a meter with bills", {"meter_id": "$billed"}),
          ("before the device", {"device": "2"}),
          ("after the device", {"at": "'2024-01-22 00:00+08'"}),
          ("before the meter", {"at": "'2022-12-31 00:00+08'"}),
          ("after the meter", {"meter_id": "$ended", "at": "'2024-01-01 00:01+08'"}),
          ("of tomorrow", {"meter_id": "$sub", "at": "now() + interval '1 hour'"}))),
    *(Attack(f"a bill {what}", "reading_is_of_its_meter",
             used("2024-02-01", "2024-03-01", **given), before=None)
      for what, given in (
          ("of a register", {"meter_id": "$register"}),
          ("before the meter", {"starts_at": "'2022-12-31 00:00+08'", "ends_at": "'2023-02-01 00:00+08'"}),
          ("of the day after tomorrow", {"ends_at": "now() + interval '2 days'"}))),
    Attack("a bill after the meter", "reading_is_of_its_meter",
           told(new("consumption", position="$p4 + 1"), at="$p4 + 1"), before=f"{LOGGED}; {ENDED}"),
    *(Attack(f"a register that shows {value} on the {day}th", "register_counts_on",
             shown(day, value, **given), before=None)
      for day, value, given in (
          ("10", "201", {}), ("12", "199", {}), ("12", "100000", {}), ("10", "150", {"turns": "1"}),
          ("20", "251", {}), ("11", "99", {}))),
    Attack("a turn of a register whose digits nobody knows", "register_counts_on",
           shown("31", "5", device="2", turns="1"), before=None),
    *(Attack(f"a bill from {first} to before {over}", "consumption_does_not_overlap",
             used(first, over), before=None)
      for first, over in (("2023-12-31", "2024-01-02"), ("2024-01-31", "2024-02-02"),
                          ("2024-01-10", "2024-01-11"), ("2023-12-01", "2024-03-01"))),
    Attack("a bill over one of a statement before, of one batch", "consumption_does_not_overlap",
           told(new("consumption"), new("consumption", **AFTER_IT, number="1")), before=None),
    Attack("a bill over one of a statement before, at a later position", "consumption_does_not_overlap",
           used("2024-02-01", "2024-02-11"),
           before=told(new("consumption", **AFTER_IT, position="$p2"), at="$p2")),
    Attack("two bills without a gap between them, over one that is there", "consumption_does_not_overlap",
           told("INSERT INTO consumption VALUES"
                " ($billed, '2023-12-01 00:00+08', '2024-01-10 00:00+08', $p, 0, false, 1, NULL),"
                " ($billed, '2024-01-10 00:00+08', '2024-03-01 00:00+08', $p, 1, false, 1, NULL)"),
           before=None),
    *(Attack(f"two bills with a gap between them, the {which} over one that is there", "consumption_does_not_overlap",
             told("INSERT INTO consumption VALUES"
                  f" ($billed, '{one} 00:00+08', '{one_over} 00:00+08', $p, 0, false, 1, NULL),"
                  f" ($billed, '{two} 00:00+08', '{two_over} 00:00+08', $p, 1, false, 1, NULL)"), before=None)
      for which, one, one_over, two, two_over in (
          ("first", "2023-12-31", "2024-01-02", "2024-03-01", "2024-03-02"),
          ("second", "2023-11-01", "2023-12-01", "2023-12-31", "2024-01-02"))),
    Attack("a bill inside another, in one statement, and one behind both", "consumption_does_not_overlap",
           told("INSERT INTO consumption VALUES"
                " ($billed, '2024-03-01 00:00+08', '2024-05-01 00:00+08', $p, 0, false, 1, NULL),"
                " ($billed, '2024-03-10 00:00+08', '2024-03-20 00:00+08', $p, 1, false, 1, NULL),"
                " ($billed, '2024-05-01 00:00+08', '2024-06-01 00:00+08', $p, 2, false, 1, NULL)"),
           before=None),
    Attack("two bills that share a day, in one statement", "consumption_does_not_overlap",
           told("INSERT INTO consumption VALUES"
                " ($billed, '2024-03-01 00:00+08', '2024-04-01 00:00+08', $p, 0, false, 1, NULL),"
                " ($billed, '2024-03-31 00:00+08', '2024-05-01 00:00+08', $p, 1, false, 1, NULL)"),
           before=None),
)  # fmt: skip


ROLLED = (
    Attack("a reading that no sum has", "batch_is_rolled",
           f"{told(new('register_reading'))}; {logged_batch(POINT_LINE)}", before=None),
    Attack("a bill that another month's sum has", "batch_is_rolled",
           told(new("consumption"), new("meter_rollup", meter_id="$billed"), digest=f"sha256('{SPAN_LINE}')")
           + "; " + logged_batch(SPAN_LINE), before=None),
    *(Attack(f"bills of {len(months)} months, and no sum of {month}", "batch_is_rolled",
             f"{bills(months, without=month)}; {logged_batch(bill_lines(months))}", before=None)
      for months in (THREE_MONTHS, THREE_MONTHS[:2]) for month, _ in months),
    Attack("a sum of the past", "rollup_comes_first",
           new("meter_rollup", position="(SELECT max(id) FROM reading_batch)", starts_on="'2024-05-01'"),
           before=None),
    Attack("a sum of no meter", "rollup_is_of_a_meter", told(new("meter_rollup", meter_id="$nobody")),
           before=None),
    Attack("a sum of no batch", "rollup_is_of_a_batch", new("meter_rollup"), before=None),
    *(Attack(f"a sum of {what}", f"meter_rollup_{guard}_check", told(new("meter_rollup", **given)), before=None)
      for what, guard, given in (
          ("a week", "step", {"step": "'WEEK'"}),
          ("a month from its second day on", "step", {"starts_on": "'2024-01-02'"}),
          ("less than nothing", "millionths", {"millionths": "-1", "estimated_millionths": "-1"}),
          ("more estimated than used", "millionths", {"estimated_millionths": "1"}),
          ("more than a day", "seconds", {"step": "'DAY'", "known": "86401"}),
          ("more than a month", "seconds", {"starts_on": "'2024-02-01'", "known": "29 * 86400 + 1"}),
          ("more time estimated than known", "seconds", {"estimated": "1"}),
          ("no time less than none", "seconds", {"known": "-1", "estimated": "-1", "costed": "-1"}),
          ("more time paid for than known", "seconds", {"costed": "1"}))),
)  # fmt: skip


@cases(METERED + METERS + READINGS + ROLLED)
async def test_meters(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a reading": [told(new("register_reading", position="$p4 + 1"), new("meter_rollup", position="$p4 + 1"),
                       at="$p4 + 1"),
                  logged_batch(POINT_LINE, "$p4")],
    "a bill": [told(new("consumption", position="$p4 + 1"),
                    new("meter_rollup", meter_id="$billed", starts_on="'2024-02-01'", position="$p4 + 1"),
                    at="$p4 + 1", digest=f"sha256('{SPAN_LINE}')"),
               logged_batch(SPAN_LINE, "$p4")],
    **{what: [bills(months, "$p4 + 1"), logged_batch(bill_lines(months), "$p4")]
       for what, months in (("bills of three months", THREE_MONTHS),
                            ("bills on both sides of one that is there", ON_BOTH_SIDES))},
    "a bill before one that is there, and behind it that nothing was told": [
        bills(ON_BOTH_SIDES, "$p4 + 1", untold="2024-02-01"),
        logged_batch(bill_lines(ON_BOTH_SIDES, "2024-02-01"), "$p4")],
    "that nothing was told of some days of a bill, and a bill behind it": [
        bills(SOME_DAYS + LATER, "$p4 + 1", untold="2024-01-10"),
        logged_batch(bill_lines(SOME_DAYS + LATER, "2024-01-10"), "$p4")],
    "a bill of some days of one that was corrected to nothing": [
        bills(JANUARY, "$p4 + 1", untold="2024-01-01"), logged_batch(bill_lines(JANUARY, "2024-01-01"), "$p4"),
        bills(SOME_DAYS, "$p4 + 2"), logged_batch(bill_lines(SOME_DAYS), "$p4 + 1")],
    "a bill of today": [
        told(new("consumption", position="$p4 + 1", ends_at=IN_AN_HOUR),
             new("meter_rollup", meter_id="$billed", starts_on="'2024-02-01'", position="$p4 + 1"),
             at="$p4 + 1", digest=f"sha256(convert_to({TODAYS_LINE}, 'UTF8'))"),
        entries(1, after="$p4", kind="READINGS_RECORDED", body=f"""
            jsonb_build_object('size', 1, 'digest', encode(sha256(convert_to({TODAYS_LINE}, 'UTF8')), 'hex'))""")],
    "a meter with what is built in": [
        new("meter"), new("meter_device", meter_id="$p", number="1", since="'2023-01-01 00:00+08'")],
    "a supply point that is free again": [
        new("meter", supply_point="'SP-ended'", starts_on="'2024-01-01'")],
    "a meter's last day": [ENDED],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
