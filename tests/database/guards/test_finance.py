"""Measures are paid for once and their savings pledged once; a loan ends once, while it runs."""

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries
from tests.database.guards.good_rows import new

# What the log says of the rows of ``GOOD_ROWS``: a financing alone; one that pays and pledges.
SAID = """jsonb_build_object('pilot', $metered, 'product', 'SAVINGS_PLEDGE_LOAN', 'amount', '900.5',
    'starts_on', '2024-01-01', 'ends_on', '2024-12-31', 'allocations', {allocations}, 'pledges', {pledges})"""
NOTHING = "'[]'::jsonb"
RECORDED = entries(4, kind="FINANCING_RECORDED",
                   body=SAID.format(allocations=NOTHING, pledges=NOTHING))  # fmt: skip
WHOLE = entries(4, kind="FINANCING_RECORDED", body=SAID.format(
    allocations="jsonb_build_array(jsonb_build_array($pumps, '900.5'))",
    pledges="jsonb_build_array(jsonb_build_array($lamps, '40.5', '2024-06-01', '2024-12-31'))"))  # fmt: skip
ENDED = entries(
    4, kind="FINANCING_ENDED", subject="$lent", body="""'{"on": "2024-06-30"}'::jsonb"""
)

FINANCING, ALLOCATION, PLEDGE = (
    new("financing"), new("financing_allocation"), new("financing_pledge"),
)  # fmt: skip

# What is wrong with a whole is seen behind the comparison with the log.
WHOLE_ALONE = (
    "financing.financing_is_as_logged", "financing_allocation.financing_allocation_is_as_logged",
    "financing_pledge.financing_pledge_is_as_logged",
)  # fmt: skip


def whole(what: str, guard: str, *rows: str) -> Attack:
    """An attack by the owner, before whom the comparison with the log is put down."""
    return Attack(what, guard, "; ".join(rows), by=("owner",), lowered=WHOLE_ALONE)


FINANCINGS = (
    Attack("a financing of no pilot", "financing_pilot_id_fkey", new("financing", pilot_id="$nobody")),
    Attack("a product of no guide", "financing_product_check", new("financing", product="'MAGIC'")),
    Attack("another product without a name", "financing_name_check",
           new("financing", product="'OTHER'")),
    Attack("a product of the guide with another name", "financing_name_check",
           new("financing", name="'a name'")),
    *(Attack(f"an amount of {value}", "financing_amount_check", new("financing", amount=value))
      for value in ("0", "-1", "1e13", "0.001", "'NaN'")),
    Attack("days out of order", "financing_days_check", new("financing", ends_on="'2023-12-31'")),
    Attack("a financing that the log does not know", "financing_is_as_logged", FINANCING),
    Attack("a financing that is otherwise than logged", "financing_is_as_logged",
           new("financing", amount="1"), before=RECORDED),
)  # fmt: skip

ALLOCATIONS = (
    Attack("paid by nothing", "financing_allocation_financing_id_fkey",
           new("financing_allocation", financing_id="$nobody")),
    Attack("paid for nothing", "financing_allocation_measure_id_fkey",
           f"{FINANCING}; {new('financing_allocation', measure_id='$nobody')}"),
    *(Attack(f"{value} paid", "financing_allocation_amount_check",
             f"{FINANCING}; {new('financing_allocation', amount=value)}")
      for value in ("0", "-1", "1e13", "0.001", "'NaN'")),
    Attack("what is paid, added later", "change_is_logged",
           new("financing_allocation", financing_id="$lent", amount="1")),
    Attack("what the log does not know is paid", "financing_is_as_logged",
           f"{FINANCING}; {ALLOCATION}", before=RECORDED),
    whole("more is paid than there is", "allocations_within_amount", FINANCING,
          new("financing_allocation", amount="900.51")),
    whole("more is paid than it costs", "allocations_within_capex", new("financing", amount="1000.01"),
          new("financing_allocation", measure_id="$lamps", amount="1000.01")),
    whole("another pilot's measure is paid for", "financed_of_its_pilot", FINANCING,
          new("financing_allocation", measure_id="$aside")),
)  # fmt: skip

PLEDGES = (
    Attack("pledged for nothing", "financing_pledge_financing_id_fkey",
           new("financing_pledge", financing_id="$nobody")),
    Attack("nothing pledged", "financing_pledge_measure_id_fkey",
           f"{FINANCING}; {new('financing_pledge', measure_id='$nobody')}"),
    *(Attack(f"{value} % pledged", "financing_pledge_share_check",
             f"{FINANCING}; {new('financing_pledge', share=value)}")
      for value in ("0", "-1", "100.01", "0.001", "'NaN'")),
    Attack("pledged on days out of order", "financing_pledge_days_check",
           f"{FINANCING}; {new('financing_pledge', ends_on=chr(39) + '2024-05-31' + chr(39))}"),
    Attack("a pledge added later", "change_is_logged",
           new("financing_pledge", financing_id="$lent", number="2")),
    whole("another pilot's savings are pledged", "financed_of_its_pilot", FINANCING,
          new("financing_pledge", measure_id="$aside")),
    whole("savings are pledged for a lease", "pledge_of_its_product",
          new("financing", product="'GREEN_FINANCE_LEASE'"), PLEDGE),
    whole("savings are pledged before", "pledge_within_financing", FINANCING,
          new("financing_pledge", starts_on="'2023-12-31'")),
    whole("savings are pledged after", "pledge_within_financing", FINANCING,
          new("financing_pledge", ends_on="'2025-01-01'")),
    whole("savings are pledged twice on one day", "savings_pledged_once", FINANCING,
          new("financing_pledge", share="50.01", starts_on="'2024-06-30'")),
    whole("savings are pledged twice until an early end", "savings_pledged_once", FINANCING,
          new("financing_pledge", share="0.01", starts_on="'2024-05-31'", ends_on="'2024-05-31'")),
    whole("savings are pledged twice by one", "savings_pledged_once", FINANCING,
          new("financing_pledge", share="60", starts_on="'2024-07-01'"),
          new("financing_pledge", number="2", share="40.01", starts_on="'2024-12-31'")),
)  # fmt: skip

ENDS = (
    Attack("an end of nothing", "financing_end_financing_id_fkey",
           new("financing_end", financing_id="$nobody")),
    Attack("a second end", "financing_end_financing_id_key",
           new("financing_end", financing_id="$repaid")),
    Attack("an end before it began", "financing_end_within",
           new("financing_end", on_day="'2023-12-31'")),
    Attack("an end after its end", "financing_end_within",
           new("financing_end", on_day="'2025-01-01'")),
    Attack("an end that the log does not know", "financing_end_is_as_logged", new("financing_end")),
    Attack("an end on another day than logged", "financing_end_is_as_logged",
           new("financing_end", on_day="'2024-06-29'"), before=ENDED),
)  # fmt: skip


@cases((*FINANCINGS, *ALLOCATIONS, *PLEDGES, *ENDS))
async def test_finance(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a financing": ([FINANCING], RECORDED),
    "one that pays and pledges": ([FINANCING, ALLOCATION, PLEDGE], WHOLE),
    "an early end": ([new("financing_end")], ENDED),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    statements, said = GOOD[what]
    await let_through(who, statements, said)
