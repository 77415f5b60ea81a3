"""A pilot whose use is to be explained, as short as tests want it."""

from calendar import monthrange
from collections.abc import Sequence
from typing import Any

from tests.metering.test_drafting import billed, metered
from tests.world import World

# Cooling degree days of months from January, and kWh: 1,000 and 2 a degree day.
COOLING = ("0", "10", "40", "90", "160", "250")
USED = tuple(str(1000 + 2 * int(days)) for days in COOLING)

VARIABLE = {"denominatorKind": "COOLING_DEGREE_DAYS"}


def month(number: int) -> tuple[str, str]:
    """The first and the last day of a month of 2022."""
    last = monthrange(2022, number)[1]
    return f"2022-{number:02}-01", f"2022-{number:02}-{last}"


async def explained_pilot(
    world: World, cooling: Sequence[str] = COOLING, used: Sequence[str] = USED
) -> dict[str, Any]:
    """A pilot with a meter of which months of 2022 are billed, and with what there was of cooling degree days."""
    pilot = await world.pilot()
    meter = await metered(world, pilot)
    await billed(world, meter, *((*month(n), quantity) for n, quantity in enumerate(used, 1)))
    for number, value in enumerate(cooling, 1):
        await varied(world, pilot, number, value)
    return pilot | {"meter": meter}


async def varied(
    world: World, pilot: dict[str, Any], number: int, value: str | None, **given: Any
) -> None:
    """Say how much of a variable there was in a month."""
    first, last = month(number)
    said = VARIABLE | {"firstDay": first, "lastDay": last, "value": value, "source": "气象站"}
    await world.operator.made(
        "recordDenominator", "denominator { id }", pilot=pilot["id"], **said | given
    )


async def explained(world: World) -> str:
    """A baseline of such a pilot: its id."""
    given = explaining(await explained_pilot(world))
    made = await world.operator.made("recordEnergyBaseline", "energyBaseline { id }", **given)
    return str(made["id"])


def explaining(pilot: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A baseline of the first half of 2022, by cooling degree days."""
    days = {"startsOn": "2022-01-01", "endsOn": "2022-06-30"}
    asked = {"pilot": pilot["id"], "carrier": "ELECTRICITY", "days": days}
    return asked | {"variables": [VARIABLE]} | given
