"""What pilots' use and emissions are stated per."""

import pytest

from tests.database.guards.attacks import BOTH, LOGGED, Attack, LetThrough, Stopped, cases
from tests.database.guards.good_rows import new


def twice(**changes: str) -> str:
    """An amount of a year, and another one."""
    return f"{new('denominator')}; {new('denominator', id='$p2', **changes)}"


BACKWARDS = "'BACKWARDS'"
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


ALERT = new("monitoring_alert")
CEILING = "'CEILING_BURN'"

ALERTS = (
    Attack("an alert of no pilot", "monitoring_alert_pilot_id_fkey",
           new("monitoring_alert", pilot_id="$nobody", meter_id="NULL", kind=CEILING)),
    Attack("an alert of no meter", "monitoring_alert_meter_id_fkey", new("monitoring_alert", meter_id="$nobody")),
    Attack("an alert of nothing", "monitoring_alert_kind_check", new("monitoring_alert", kind="'NOISE'")),
    Attack("a gap of no meter", "monitoring_alert_meter_check", new("monitoring_alert", meter_id="NULL")),
    Attack("a ceiling of a meter", "monitoring_alert_meter_check", new("monitoring_alert", kind=CEILING)),
    Attack("an alert twice at a position", "monitoring_alert_pkey", f"{ALERT}; {ALERT}"),
    Attack("an alert that is open already", "alert_opens_once", f"{ALERT}; {new('monitoring_alert', id='$p2')}"),
    Attack("an alert of another pilot's meter", "alert_opens_once", new("monitoring_alert", pilot_id="$alone")),
    Attack("an end of no alert", "monitoring_alert_end_alert_id_fkey",
           new("monitoring_alert_end", alert_id="$nobody", position="$nobody + 1")),
    Attack("an end before its alert", "monitoring_alert_end_later_check",
           f"{new('monitoring_alert', id='$p2')}; {new('monitoring_alert_end', alert_id='$p2', position='$p')}"),
    Attack("an alert that ends twice", "monitoring_alert_end_pkey",
           f"{ALERT}; {new('monitoring_alert_end')}; {new('monitoring_alert_end', position='$p3')}"),
    Attack("two alerts that end at a position", "monitoring_alert_end_position_key",
           f"{ALERT}; {new('monitoring_alert', id='$p2', kind=BACKWARDS)}; "
           f"{new('monitoring_alert_end', position='$p3')}; "
           f"{new('monitoring_alert_end', alert_id='$p2', position='$p3')}"),
)  # fmt: skip


@cases(DENOMINATORS + ALERTS)
async def test_denominators(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "an amount put right": [twice(value="120")],
    "an amount taken back, and other days": [
        f"{twice(value='NULL')}; {new('denominator', id='$p3', **LATER)}"],
    "an alert that ended, and again": [
        f"{new('monitoring_alert')}; {new('monitoring_alert_end')}; {new('monitoring_alert', id='$p3')}"],
    "another kind on the same days": [twice(kind="'EMPLOYEES'")],
}  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], LOGGED)
