"""What a meter measured beside its sub-meters: by hand, and what is not known of it."""

from typing import Any

from nzc_api.metering.unmetered import MOST_PARTS, check_parts
from tests.metering.test_drafting import billed, metered
from tests.metering.test_gateways import assign
from tests.world import World

UNMETERED = """query ($id: ID!, $asOf: BigInt) { node(id: $id) { ... on Meter {
    unmetered(from: "2022-01-01", to: "2022-03-31", asOf: $asOf) { startsAt endsAt quantity } } } }"""


async def left(world: World, meter: Any, as_of: int | None = None) -> list[str | None]:
    asked = {"id": meter["id"], "asOf": as_of and str(as_of)}
    found = await world.operator.ask(UNMETERED, **asked)
    return [part["quantity"] for part in found["node"]["unmetered"]]


async def test_what_no_sub_meter_measured(world: World) -> None:
    """In the meter's unit; below zero where its sub-meters measured more, null where anything of them is missing."""
    pilot = await world.pilot()
    main = await metered(world, pilot, "MAIN")
    months = (
        ("2022-01-01", "2022-01-31"),
        ("2022-02-01", "2022-02-28"),
        ("2022-03-01", "2022-03-31"),
    )

    async def bills(meter: Any, *used: str | None) -> None:
        told = zip(months, used, strict=True)
        await billed(world, meter, *((*days, quantity) for days, quantity in told if quantity))

    await bills(main, "3100", "2800", "3100")
    assert await left(world, main) == ["3100", "2800", "3100"]
    inside = {"flow": "INTERNAL", "supplyPoint": None}
    shops = await metered(world, pilot, "SHOPS", unit="MWh", parent=main["id"], **inside)
    await bills(shops, "1.5", "2.900000", "1")
    lifts = await metered(
        world, pilot, "LIFTS", parent=main["id"], validFrom="2022-02-01", **inside
    )
    await bills(lifts, None, "100", None)
    await metered(
        world, pilot, "SHOP-1", parent=shops["id"], **inside
    )  # Nobody reads it; it is in SHOPS.
    head = await world.head()
    assert await left(world, main) == ["1600", "-200", None]
    await world.operator.made("placeMeter", "meter { id }", meter=lifts["id"])
    assert await left(world, main) == ["1600", "-100", "2100"]
    assert await left(world, main, head) == ["1600", "-200", None]

    await assign(world, main)
    found = await world.gateway.ask(UNMETERED, id=main["id"], asOf=None)
    assert found["node"]["unmetered"] == []


async def test_gas_at_other_conditions_is_no_part(world: World) -> None:
    pilot = await world.pilot()
    gas = {"carrier": "GAS", "unit": "m3"}
    main = await metered(
        world, pilot, "G", **gas, conditions={"celsius": "20", "kilopascals": "101.325"}
    )
    part = await metered(
        world, pilot, "G-1", **gas, flow="INTERNAL", supplyPoint=None, parent=main["id"]
    )
    for supply in (main, part):
        await billed(world, supply, ("2022-01-01", "2022-03-31", "90"))
    assert await left(world, main) == [None, None, None]


def test_so_many_are_read_at_once() -> None:
    assert check_parts(1, MOST_PARTS) is None
    assert check_parts(1, MOST_PARTS + 1) is not None
    assert check_parts(100, 10) is None
    assert check_parts(100, 11) is not None
