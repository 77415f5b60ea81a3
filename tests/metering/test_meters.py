"""Meters: registering, sub-meters, supply points, the last day."""

from typing import Any

import pytest

from tests.world import World

WANTED = "meter { id code carrier flow meterKind unit supplyPoint validFrom validTo parent { code } }"


async def meter(world: World, pilot: dict[str, Any], code: str = "E-1", **given: Any) -> Any:
    """A meter of a pilot, as it was registered."""
    return await world.operator.made("registerMeter", WANTED, **meter_input(pilot, code, **given))


def meter_input(pilot: dict[str, Any], code: str = "E-1", **given: Any) -> dict[str, Any]:
    return {
        "pilot": pilot["id"],
        "code": code,
        "carrier": "ELECTRICITY",
        "flow": "BOUGHT",
        "meterKind": "REGISTER",
        "unit": "千瓦时",
        "supplyPoint": f"户号 {pilot['code']} {code}",
        "validFrom": "2023-01-01",
        "maximumPerHour": "315",
    } | given


async def test_a_meter_is_registered(shared_world: World) -> None:
    pilot = await shared_world.pilot()
    made = await meter(shared_world, pilot)
    assert made == {
        "id": made["id"],
        "code": "E-1",
        "carrier": "ELECTRICITY",
        "flow": "BOUGHT",
        "meterKind": "REGISTER",
        "unit": "kWh",
        "supplyPoint": f"户号 {pilot['code']} E-1",
        "validFrom": "2023-01-01",
        "validTo": None,
        "parent": None,
    }
