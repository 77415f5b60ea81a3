"""Green certificates: of which lines, once, and of power that nobody was credited for."""

import pytest

from tests.database.guards.attacks import BOTH, LOGGED, Attack, LetThrough, Stopped, cases
from tests.database.guards.changes import changed
from tests.database.guards.good_rows import new
from tests.database.guards.postings import ISSUED, WHOLE, posting

# What serves ``claiming`` already.
TAKEN = {"prefix": "'gec'", "lo": "10", "hi": "11", "mwh": "1"}

GRID = """'{"kind": "ELECTRICITY"}'"""

GREEN = """'{"zero_factor_basis": {"reason": "GREEN_POWER_CONTRACT"}}'"""


def certified(**changes: str) -> str:
    return new("line_certificate", **changes)


# Of a line that is recorded in the draft.
OF_LINE = certified(line_id="$p", inventory_id="$draft", series_id="$draft")

CERTIFICATES = (
    Attack("certificates of no line", "line_certificate_line_id_fkey", certified(line_id="$nobody")),
    Attack("certificates of no inventory", "line_certificate_inventory_id_fkey",
           certified(inventory_id="$nobody")),
    *(Attack(f"certificates with {what}", f"line_certificate_{guard}_check", certified(**changes))
      for what, guard, changes in (
          ("a place below zero", "number", {"number": "-1"}),
          ("no prefix", "prefix", {"prefix": "''"}),
          ("a prefix that is a text", "prefix", {"prefix": "repeat('a', 65)"}),
          ("no plant", "plant", {"plant": "''"}),
          ("numbers below zero", "range", {"lo": "-1", "mwh": "12"}),
          ("no numbers", "range", {"hi": "1", "mwh": "0"}),
          ("other MWh than numbers", "mwh", {"mwh": "11"}),
          ("days the wrong way about", "days", {"produced_to": "'2021-12-31'"}),
      )),
    Attack("a certificate that serves another inventory", "line_certificate_one_inventory_excl",
           certified(**TAKEN)),
    Attack("a certificate twice in an inventory", "line_certificate_once_excl",
           f"{certified()}; {certified(number='2', lo='10', hi='20')}"),
    Attack("certificates of what is not electricity", "certificate_of_its_line",
           certified(line_id="$line", inventory_id="$draft", series_id="$draft")),
    *(Attack(f"certificates of {what}", "certificate_of_its_line",
             f"{new('inventory_line', factor=factor, category=category)}; {OF_LINE}")
      for what, category, factor in (
          ("power that is sold", "'EXPORTED_ELECTRICITY'", GRID),
          ("heat", "'PURCHASED_HEAT'", """'{"kind": "OWN"}'"""),
          ("power at zero for another reason", "'PURCHASED_ELECTRICITY'",
           """'{"kind": "OWN", "zero_factor_basis": {"reason": "RENEWABLE_POWER_SUPPLY"}}'"""),
      )),
    Attack("green power at zero by location", "green_power_is_by_market",
           f"{new('inventory_line', factor=GREEN)}; {OF_LINE}"),
    Attack("an inventory of green power at zero that counts by location", "green_power_is_by_market",
           changed("$powered", "electricity_method = 'LOCATION_BASED'")),
    Attack("an inventory that counts otherwise", "inventory_electricity_method_check",
           changed("$draft", "electricity_method = 'BOTH'")),
    Attack("certificates of another inventory's line", "certificate_of_its_line",
           certified(inventory_id="$draft", series_id="$draft")),
    Attack("certificates of another series", "certificate_of_its_line", certified(series_id="$draft")),
    *(Attack(f"certificates of power produced {when}", "certificate_of_its_line", certified(**changes))
      for when, changes in (("before", {"produced_from": "'2021-12-31'"}),
                            ("afterwards", {"produced_to": "'2023-01-01'"}))),
    Attack("green power without certificates", "green_power_has_certificates",
           new("inventory_line", factor=GREEN, inventory_id="$powered")),
    Attack("certificates taken from green power", "inventory_lines_are_frozen",
           "DELETE FROM line_certificate WHERE inventory_id = $claiming"),
    Attack("certificates more in what was handed in", "inventory_lines_are_frozen",
           certified(line_id="$claiming_line", inventory_id="$claiming", series_id="$claiming")),
    Attack("power handed in that was credited", "certified_power_is_not_credited",
           changed("$powered", "submitted_position = $p")),
    Attack("power credited that is certified", "credited_power_is_not_certified",
           posting(issued=new("credit_batch", project_id="$solar", issuance="NULL", issuance_quantity="NULL"),
                   moved=[ISSUED], made=[WHOLE])),
)  # fmt: skip


@cases(CERTIFICATES)
async def test_certificates(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "certificates of power at a grid's factor": [
        new("inventory_line", factor=GRID), OF_LINE,
    ],
    "certificates beside others": [certified()],
    "certificates given back": ["DELETE FROM line_certificate WHERE inventory_id = $powered", certified()],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
