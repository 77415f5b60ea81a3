"""What pilots' use and emissions are stated per."""

import pytest

from tests.database.guards.attacks import BOTH, LOGGED, Attack, LetThrough, Stopped, cases
from tests.database.guards.good_rows import new


def twice(**changes: str) -> str:
    """An amount of a year, and another one."""
    return f"{new('denominator')}; {new('denominator', id='$p2', **changes)}"


LATER = {"starts_on": "'2024-12-31'", "ends_on": "'2025-12-31'"}

DENOMINATORS = (
    Attack("an amount of no pilot", "denominator_pilot_id_fkey", new("denominator", pilot_id="$nobody")),
    Attack("a product that has no name", "denominator_product_check", new("denominator", kind="'PRODUCT'")),
    Attack("a name of no product", "denominator_product_check", new("denominator", product="'t'")),
    Attack("days that end before they begin", "denominator_order_check",
           new("denominator", ends_on="'2023-12-31'")),
    *(Attack(f"an amount of {value}", "denominator_value_check", new("denominator", value=f"'{value}'"))
      for value in ("0", "-1", "Infinity", "NaN")),
    Attack("an amount twice at a position", "denominator_pkey", f"{new('denominator')}; {new('denominator')}"),
    Attack("two amounts on a day", "denominator_counts_alone", twice(**LATER)),
    Attack("two amounts on a day of which one was put right", "denominator_counts_alone",
           f"{twice(value='120')}; {new('denominator', id='$p3', **LATER)}"),
)  # fmt: skip


@cases(DENOMINATORS)
async def test_denominators(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "an amount put right": [twice(value="120")],
    "an amount taken back, and other days": [
        f"{twice(value='NULL')}; {new('denominator', id='$p3', **LATER)}"],
    "another kind on the same days": [twice(kind="'EMPLOYEES'")],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
