"""Inventories, their lines, warnings and opinions."""

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    OWNER,
    Attack,
    LetThrough,
    Stopped,
    cases,
    entries,
)
from tests.database.guards.changes import amended, changed, relined, version
from tests.database.guards.good_rows import new


def entry(kind: str, inventory: str, line: str) -> str:
    """A fifth entry of the log, about a line of an inventory."""
    body = f'\'{{"inventory": {inventory}, "line": {line}}}\'::jsonb'
    return entries(1, after="$head + 4", kind=kind, body=body, subject=inventory)


MADE = "inventory.inventory_made"

# What an inventory is about never changes: of a draft as little as of a verified one.
ABOUT = {
    "id": "$p", "pilot_id": "$alone", "period_id": "$alone_2022", "phase": "'CONSTRUCTION'",
    "basis": "'PROJECTED'", "series_id": "$p", "version": "7",
}  # fmt: skip

# A draft's own terms change; the days of a later version are those of the first.
DAYS = {"starts_on": "'2022-01-02'", "ends_on": "'2022-12-30'"}
TERMS = {
    "gwp_set": "'AR6'", "factor_list": "'other'", "factor_list_version": "9",
    "not_occurring": "'{TRANSPORT}'",
}  # fmt: skip

INVENTORIES = (
    Attack("an inventory that starts as submitted", "inventory_starts_as_draft",
           new("inventory", submitted_position="$p2")),
    Attack("an inventory that starts as verified", "inventory_starts_as_draft",
           new("inventory", submitted_position="$p2", verified_position="$p3",
               verifier_id="$verifier")),
    Attack("an inventory that starts as verified and never submitted", "inventory_starts_as_draft",
           new("inventory", verified_position="$p2", verifier_id="$verifier")),
    Attack("an inventory that starts as discarded", "inventory_starts_as_draft",
           new("inventory", discarded_position="$p2")),
    Attack("an inventory that starts before its period", "inventory_inside_period",
           new("inventory", starts_on="'2021-12-31'")),
    Attack("an inventory that ends after its period", "inventory_inside_period",
           new("inventory", ends_on="'2023-01-01'")),
    Attack("an inventory of no period", "inventory_inside_period",
           new("inventory", period_id="$nobody")),
    Attack("an inventory of another pilot's period", "inventory_pilot_id_period_id_fkey",
           new("inventory", period_id="$other_2022")),
    Attack("an inventory that ends before it starts", "inventory_order_check",
           new("inventory", starts_on="'2022-12-31'", ends_on="'2022-01-01'")),
    Attack("a version that jumps", "inventory_follows_version", version("3", "$submitted")),
    Attack("a version of a draft", "inventory_follows_version", version("2", "$rival")),
    Attack("a version of what was discarded", "inventory_follows_version",
           version("2", "$discarded")),
    Attack("a version that jumps over what was discarded", "inventory_follows_version",
           version("4", "$submitted", id="$p3"),
           before=f"{LOGGED}; {version('2', '$submitted')};"
           f" {changed('$p', 'discarded_position = $p2')}"),
    Attack("a version for the number of what was discarded", "inventory_series_id_version_key",
           version("2", "$submitted", id="$p3"),
           before=f"{LOGGED}; {version('2', '$submitted')};"
           f" {changed('$p', 'discarded_position = $p2')}"),
    Attack("a version for another phase", "inventory_follows_version",
           version("2", "$submitted", phase="'CONSTRUCTION'")),
    Attack("a version on another basis", "inventory_follows_version",
           version("2", "$submitted", basis="'PROJECTED'")),
    Attack("a version for fewer days", "inventory_follows_version",
           version("2", "$submitted", ends_on="'2023-12-30'")),
    Attack("a version for another pilot", "inventory_follows_version",
           version("2", "$submitted", pilot_id="$alone", period_id="$alone_2023")),
    Attack("a version for another pilot, in the same period", "inventory_follows_version",
           version("2", "$submitted", pilot_id="$alone")),
    Attack("a version for later days", "inventory_follows_version",
           version("2", "$submitted", starts_on="'2023-01-02'")),
    Attack("a version for another period", "inventory_follows_version",
           version("2", "$submitted", period_id="$reporter_2022", starts_on="'2022-01-01'",
                   ends_on="'2022-12-31'")),
    Attack("a version of nothing", "inventory_follows_version",
           new("inventory", series_id="$nobody", version="2")),
    Attack("a version of nothing, behind the trigger", "inventory_series_id_fkey",
           new("inventory", series_id="$nobody", version="2"), by=[OWNER], lowered=[MADE]),
    Attack("a version used twice", "inventory_series_id_version_key",
           version("2", "$superseded")),
    Attack("a version zero", "inventory_version_check", version("0", "$verified")),
    Attack("a first version in another's series", "inventory_version_check",
           version("1", "$verified")),
    Attack("a later version that starts a series", "inventory_version_check",
           new("inventory", version="2"), by=[OWNER], lowered=[MADE]),
    Attack("two drafts in a series", "inventory_follows_version", version("3", "$verified")),
    Attack("two drafts in a series, behind the trigger", "inventory_one_draft_idx",
           version("3", "$verified"), by=[OWNER], lowered=[MADE]),
    Attack("a draft submitted before it was made", "inventory_submitted_check",
           changed("$draft", "submitted_position = id")),
    Attack("a draft verified without being submitted", "inventory_verified_check",
           changed("$draft", "verified_position = $p", "verifier_id = $verifier")),
    Attack("an inventory verified when it was submitted", "inventory_verified_check",
           changed("$submitted", "verified_position = submitted_position",
                   "verifier_id = $verifier")),
    Attack("an inventory verified by nobody", "inventory_verifier_check",
           changed("$submitted", "verified_position = $p")),
    Attack("a verifier without a verification", "inventory_verifier_check",
           changed("$submitted", "verifier_id = $verifier")),
    Attack("an inventory verified by a stranger", "inventory_verifier_id_fkey",
           changed("$submitted", "verified_position = $p", "verifier_id = $nobody")),
    Attack("days in force twice", "inventory_no_overlap_excl",
           changed("$rival", "submitted_position = $p")),
    Attack("a superseded version that is verified", "inventory_is_latest",
           changed("$superseded", "verified_position = $p", "verifier_id = $verifier")),
    Attack("a submission taken back", "inventory_is_frozen",
           changed("$submitted", "submitted_position = NULL")),
    Attack("a submission moved in time", "inventory_is_frozen",
           changed("$submitted", "submitted_position = $p")),
    Attack("a verification taken back", "inventory_is_frozen",
           changed("$verified", "verified_position = NULL", "verifier_id = NULL")),
    Attack("a verification moved in time", "inventory_is_frozen",
           changed("$verified", "verified_position = $p")),
    Attack("another verifier", "inventory_is_frozen",
           changed("$verified", "verifier_id = $holder")),
    *(Attack(f"a {state} inventory's {column} changed", "inventory_is_frozen",
             changed(f"${state}", f"{column} = {value}"))
      for state, what in {
          "draft": ABOUT, "next_version": ABOUT | DAYS, "submitted": ABOUT | DAYS | TERMS,
          "verified": ABOUT | DAYS | TERMS, "discarded": ABOUT | DAYS | TERMS,
      }.items() for column, value in what.items()),
    Attack("a draft changed while it is submitted", "inventory_is_frozen",
           changed("$draft", "submitted_position = $p", "gwp_set = 'AR6'")),
    Attack("a draft changed while it is discarded", "inventory_is_frozen",
           changed("$draft", "discarded_position = $p", "gwp_set = 'AR6'")),
    Attack("a draft that starts before its period now", "inventory_inside_period",
           changed("$draft", "starts_on = '2021-12-31'")),
    Attack("a draft that ends after its period now", "inventory_inside_period",
           changed("$draft", "ends_on = '2023-01-01'")),
    Attack("a draft that ends before it starts now", "inventory_order_check",
           changed("$draft", "starts_on = '2022-12-31'", "ends_on = '2022-01-01'")),
    Attack("a draft that ends after its pilot was closed now", "inventory_before_closure",
           changed("$p2", "ends_on = '2022-12-31'"),
           before=f"{LOGGED}; {amended('$alone', closed_on='2022-06-30')}; "
           + new("inventory", id="$p2", series_id="$p2", pilot_id="$alone", period_id="$alone_2022",
                 ends_on="'2022-06-30'")),
    Attack("a draft discarded before it was made", "inventory_discarded_check",
           changed("$draft", "discarded_position = id")),
    Attack("a submitted inventory discarded", "inventory_discarded_check",
           changed("$submitted", "discarded_position = $p")),
    Attack("a verified inventory discarded", "inventory_discarded_check",
           changed("$verified", "discarded_position = $p")),
    Attack("a draft submitted and discarded", "inventory_discarded_check",
           changed("$draft", "submitted_position = $p", "discarded_position = $p2")),
    Attack("a discarded inventory submitted", "inventory_discarded_check",
           changed("$discarded", "submitted_position = $p")),
    Attack("what was discarded taken up again", "inventory_is_frozen",
           changed("$discarded", "discarded_position = NULL")),
    Attack("what was discarded moved in time", "inventory_is_frozen",
           changed("$discarded", "discarded_position = $p")),
)  # fmt: skip


@cases(INVENTORIES)
async def test_inventories(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


LINES = (
    *(
        attack
        for state in ("submitted", "verified", "discarded")
        for attack in (
            Attack(f"a line more in a {state} inventory", "inventory_lines_are_frozen",
                   new("inventory_line", inventory_id=f"${state}")),
            Attack(f"a line less in a {state} inventory", "inventory_lines_are_frozen",
                   f"DELETE FROM inventory_line WHERE id = ${state}_line"),
            Attack(f"a gas more in a {state} inventory", "inventory_lines_are_frozen",
                   new("line_gas", line_id=f"${state}_line")),
            Attack(f"a gas less in a {state} inventory", "inventory_lines_are_frozen",
                   f"DELETE FROM line_gas WHERE line_id = ${state}_line"),
            Attack(f"a warning more in a {state} inventory", "inventory_lines_are_frozen",
                   new("inventory_warning", inventory_id=f"${state}", line_id=f"${state}_line",
                       other_line_id="NULL")),
            Attack(f"a warning of a whole {state} inventory more", "inventory_lines_are_frozen",
                   new("inventory_warning", inventory_id=f"${state}", line_id="NULL",
                       other_line_id="NULL")),
            Attack(f"a warning less in a {state} inventory", "inventory_lines_are_frozen",
                   f"DELETE FROM inventory_warning WHERE inventory_id = ${state}"),
        )
    ),
    Attack("lines more in a draft and in a submitted one", "inventory_lines_are_frozen",
           "INSERT INTO inventory_line SELECT $head + row_number() OVER (), i, l.role, l.category,"
           " l.label, l.activity_value, l.activity_unit, l.density_value, l.density_unit, l.factor,"
           " l.treatment, l.rounding, $head + row_number() OVER () FROM inventory_line AS l,"
           " unnest(ARRAY[$draft, $submitted]) AS i WHERE l.id = $line"),
    Attack("a line in an inventory that this transaction submitted", "inventory_lines_are_frozen",
           new("inventory_line", id="$p2", position="$p2"),
           before=f"{LOGGED}; {changed('$draft', 'submitted_position = $p')}"),
    Attack("a line of a quality that is none", "inventory_line_data_quality_check",
           new("inventory_line", factor="""'{"data_quality": "GOOD"}'""")),
    Attack("a line of a stage that is none", "inventory_line_life_cycle_stage_check",
           new("inventory_line", factor="""'{"life_cycle_stage": "SLEEP"}'""")),
    Attack("a line of a unit that is none", "inventory_line_duty_unit_check",
           new("inventory_line", factor="""'{"duty_unit": "u-1"}'""")),
    Attack("a line of nobody's unit", "inventory_line_duty_unit_check",
           new("inventory_line", factor="""'{"duty_unit": null}'""")),
    Attack("a sink of a unit", "inventory_line_duty_unit_check",
           new("inventory_line", role="'SINK'", factor="""'{"duty_unit": "U-1"}'""")),
    Attack("a line of no inventory", "inventory_line_inventory_id_fkey",
           new("inventory_line", inventory_id="$nobody")),
    Attack("a gas of no line", "line_gas_line_id_fkey", new("line_gas", line_id="$nobody")),
    Attack("a gas twice in a line", "line_gas_pkey", f"{new('line_gas')}; {new('line_gas')}"),
    Attack("a line that is neither source nor sink", "inventory_line_role_check",
           new("inventory_line", role="'OFFSET'")),
    *(Attack(f"an activity of {value}", "inventory_line_activity_check",
             new("inventory_line", activity_value=f"'{value}'"))
      for value in ("-1", "-0.000001", "NaN", "Infinity", "-Infinity", "1000000000000000001")),
    *(Attack(f"a density of {value}", "inventory_line_density_check",
             new("inventory_line", density_value=f"'{value}'", density_unit="'kg/L'"))
      for value in ("NaN", "Infinity", "-Infinity", "-1", "0")),
    Attack("a density without a unit", "inventory_line_density_check",
           new("inventory_line", density_value="1")),
    Attack("a unit without a density", "inventory_line_density_check",
           new("inventory_line", density_unit="'kg/L'")),
    *(Attack(f"{value} tonnes of a gas", "line_gas_amount_check",
             new("line_gas", tonnes=f"'{value}'", gwp="1", co2e=f"'{value}'"))
      for value in ("-1", "-0.000001", "NaN", "Infinity", "0.0000000001", "1000000000000.000001")),
    Attack("CO2e that is not tonnes times GWP", "line_gas_co2e_check",
           new("line_gas", co2e="0.0236")),
    Attack("CO2e rounded to more than a gram", "line_gas_co2e_check",
           new("line_gas", tonnes="0.000001", gwp="27.9", co2e="0.00003")),
    Attack("CO2e below nothing", "line_gas_co2e_check",
           new("line_gas", tonnes="0", co2e="-0.0000001")),
    Attack("a rule of rounding that is none", "inventory_line_rounding_check",
           new("inventory_line", rounding="'NONE'")),
    *(Attack(f"a GWP of {gwp}", "line_gas_co2e_check",
             new("line_gas", tonnes="1", gwp=f"'{gwp}'", co2e=f"'{gwp}'"))
      for gwp in ("NaN", "Infinity", "-1")),
    Attack("CO2e that is no number", "line_gas_co2e_check", new("line_gas", co2e="'NaN'")),
    Attack("a line that is as it is from before it was recorded", "inventory_line_position_check",
           new("inventory_line", position="$head")),
    Attack("a line born where none was recorded", "line_was_recorded",
           new("inventory_line", id="$quiet")),
    Attack("a line that was recorded in another inventory", "line_was_recorded",
           new("inventory_line", inventory_id="$rival")),
    Attack("a source that was recorded as a sink", "line_was_recorded",
           new("inventory_line", role="'SINK'")),
    Attack("a line amended where another was recorded", "line_was_recorded", relined("$p")),
    *(Attack(f"a line amended by {what}", "line_was_recorded", relined("$head + 5"),
             before=f"{LOGGED}; {entry(kind, inventory, line)}")
      for what, kind, inventory, line in (
          ("an amendment of another line", "INVENTORY_LINE_AMENDED", "$draft", "$repeated"),
          ("an amendment of another inventory's line", "INVENTORY_LINE_AMENDED", "$rival", "$line"),
          ("an amendment of another inventory", "INVENTORY_AMENDED", "$rival", "$line"),
          ("its removal", "INVENTORY_LINE_REMOVED", "$draft", "$line"),
      )),
)  # fmt: skip

WARNINGS = (
    Attack("a warning of no inventory", "inventory_warning_inventory_id_fkey",
           new("inventory_warning", inventory_id="$nobody")),
    Attack("a warning of no line", "inventory_warning_line_id_fkey",
           new("inventory_warning", line_id="$nobody")),
    Attack("a warning that names no line", "inventory_warning_other_line_id_fkey",
           new("inventory_warning", other_line_id="$nobody")),
    Attack("a warning of another inventory's line", "warning_of_its_inventory",
           new("inventory_warning", line_id="$rival_line")),
    Attack("a warning that names another inventory's line", "warning_of_its_inventory",
           new("inventory_warning", other_line_id="$rival_line")),
    Attack("a line warned of twice", "inventory_warning_line_id_code_key",
           f"{new('inventory_warning')}; {new('inventory_warning', number='100')}"),
    Attack("a warning zero", "inventory_warning_number_check", new("inventory_warning", number="0")),
    Attack("a warning that names a line beside none", "inventory_warning_other_check",
           new("inventory_warning", line_id="NULL")),
    Attack("a warning that names its own line", "inventory_warning_other_check",
           new("inventory_warning", other_line_id="$line")),
)  # fmt: skip

VERIFIED = changed("$submitted", "verified_position = $p", "verifier_id = $verifier")

OPINIONS = (
    Attack("an opinion of no inventory", "verification_opinion_inventory_id_fkey",
           new("verification_opinion", inventory_id="$nobody")),
    Attack("an opinion of what is not verified", "opinion_when_verified",
           new("verification_opinion")),
    Attack("an opinion of what is verified by another entry", "opinion_when_verified",
           f"{VERIFIED}; {new('verification_opinion', position='$p2')}"),
    Attack("an opinion that is given with another inventory's verification", "opinion_when_verified",
           f"{VERIFIED}; {new('verification_opinion', inventory_id='$draft')}"),
    Attack("two opinions of an inventory", "verification_opinion_inventory_id_key",
           f"{VERIFIED}; {new('verification_opinion')}; {new('verification_opinion', position='$p2')}"),
    Attack("an opinion of no known level", "verification_opinion_level_check",
           new("verification_opinion", level="'NONE'")),
    *(Attack(f"a report's hash of {what}", "verification_opinion_report_hash_check",
             new("verification_opinion", report_hash=value))
      for what, value in (("capitals", "repeat('A', 64)"), ("63 digits", "repeat('a', 63)"),
                          ("65 digits", "repeat('a', 65)"))),
)  # fmt: skip


@cases(LINES + WARNINGS + OPINIONS)
async def test_lines(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "an inventory submitted, verified and revised": [
        changed("$draft", "submitted_position = $p"),
        changed("$draft", "verified_position = $p2", "verifier_id = $verifier"),
        version("2", "$draft", id="$p3")],
    "a third version": [version("3", "$superseded")],
    "a version verified while a later one is a draft": [
        version("2", "$submitted"),
        changed("$submitted", "verified_position = $p2", "verifier_id = $verifier")],
    "another version's factors and warming potentials": [
        version("2", "$submitted", gwp_set="'AR6'", factor_list="'other'")],
    "an inventory for the same days on another basis": [
        new("inventory", phase="(SELECT phase FROM inventory WHERE id = $verified)",
            basis="'PROJECTED'"),
        changed("$p", "submitted_position = $p2")],
    "an inventory verified with an opinion": [VERIFIED, new("verification_opinion")],
    "a version after one that was discarded": [
        version("2", "$submitted"), changed("$p", "discarded_position = $p2"),
        version("3", "$submitted", id="$p3")],
    "another draft for the days of one that was discarded": [
        changed("$rival", "discarded_position = $p"),
        new("inventory", id="$p2", series_id="$p2")],
    "a draft's terms changed": [
        changed("$draft", *(f"{name} = {value}" for name, value in (TERMS | DAYS).items()))],
    "a later version's terms changed": [
        changed("$next_version", *(f"{name} = {value}" for name, value in TERMS.items()))],
    "a draft's line amended": [
        entry("INVENTORY_LINE_AMENDED", "$draft", "$line"), relined("$head + 5")],
    "a draft's line recorded anew as its terms change": [
        entry("INVENTORY_AMENDED", "$draft", "$line"), relined("$head + 5")],
    "a draft's warning of the whole": [
        new("inventory_warning", line_id="NULL", other_line_id="NULL")],
    "a draft's warnings taken out": ["DELETE FROM inventory_warning WHERE inventory_id = $draft"],
    "a draft's line taken out": ["DELETE FROM inventory_line WHERE id = $line"],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
