"""Meters: registering, sub-meters, supply points, the last day."""

from typing import Any

import pytest

from tests.world import World, as_kind

WANTED = (
    "meter { id code carrier flow meterKind unit supplyPoint validFrom validTo parent { code } }"
)


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


async def refused(world: World, pilot: dict[str, Any], code: str = "E-9", **given: Any) -> Any:
    return await world.operator.refused("registerMeter", **meter_input(pilot, code, **given))


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "a code in small letters": ({"code": "e-1"}, "INVALID_INPUT", "code"),
    "no unit": ({"unit": "kilowatt"}, "UNIT_UNKNOWN", "unit"),
    "electricity in joules": ({"unit": "GJ"}, "UNIT_DOES_NOT_FIT", "unit"),
    "electricity in coal": ({"unit": "tce"}, "UNIT_DOES_NOT_FIT", "unit"),
    "heat in coal": ({"carrier": "HEAT", "unit": "tce"}, "UNIT_DOES_NOT_FIT", "unit"),
    "water in Nm3": ({"carrier": "WATER", "unit": "Nm3"}, "UNIT_DOES_NOT_FIT", "unit"),
    "gas in litres": ({"carrier": "GAS", "unit": "L"}, "UNIT_DOES_NOT_FIT", "unit"),
    "no supply point": ({"supplyPoint": None}, "INVALID_INPUT", "supplyPoint"),
    "an empty one": ({"supplyPoint": "---"}, "INVALID_INPUT", "supplyPoint"),
    "a long one": ({"supplyPoint": "1" * 41}, "INVALID_INPUT", "supplyPoint"),
    "before there were pilots": ({"validFrom": "1989-12-31"}, "INVALID_INPUT", "validFrom"),
    "in the future": ({"validFrom": "2099-01-01"}, "INVALID_INPUT", "validFrom"),
    "ended before it began": ({"validTo": "2022-12-31"}, "DATES_OUT_OF_ORDER", "validTo"),
    "ended in another century": ({"validTo": "2101-01-01"}, "INVALID_INPUT", "validTo"),
    "nothing passes": ({"maximumPerHour": "0"}, "INVALID_INPUT", "maximumPerHour"),
    "too much passes": ({"maximumPerHour": "1000000001"}, "INVALID_INPUT", "maximumPerHour"),
    "4 decimals pass": ({"maximumPerHour": "1.0001"}, "INVALID_INPUT", "maximumPerHour"),
    "multiplied by nothing": ({"multiplier": "0"}, "INVALID_INPUT", "multiplier"),
    "bills multiplied": ({"meterKind": "BILL", "multiplier": "2"}, "INVALID_INPUT", "multiplier"),
    "bills with digits": ({"meterKind": "BILL", "digits": 5}, "INVALID_INPUT", "digits"),
    "no digits": ({"digits": 0}, "INVALID_INPUT", "digits"),
    "13 digits": ({"digits": 13}, "INVALID_INPUT", "digits"),
    "conditions of electricity": (
        {"conditions": {"celsius": "20", "kilopascals": "101.325"}}, "INVALID_INPUT", "conditions",
    ),
    "conditions that the unit says": (
        {"carrier": "GAS", "unit": "Nm3", "conditions": {"celsius": "20", "kilopascals": "101.325"}},
        "INVALID_INPUT", "conditions",
    ),
    "gas colder than any": (
        {"carrier": "GAS", "unit": "m3", "conditions": {"celsius": "-273.15", "kilopascals": "101.325"}},
        "INVALID_INPUT", "celsius",
    ),
    "a gauge's pressure": (
        {"carrier": "GAS", "unit": "m3", "conditions": {"celsius": "20", "kilopascals": "20"}},
        "INVALID_INPUT", "kilopascals",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
async def test_a_meter_that_cannot_be(shared_world: World, what: str) -> None:
    given, code, field = BAD[what]
    pilot = await shared_world.pilot()
    head = await shared_world.head()
    error = await refused(shared_world, pilot, **given)
    assert (error["code"], error["path"][-1]) == (code, field)
    assert await shared_world.head() == head


async def test_a_code_is_one_meters_of_a_pilot(shared_world: World) -> None:
    one, other = await shared_world.pilot(), await shared_world.pilot()
    await meter(shared_world, one)
    again = await refused(shared_world, one, "E-1", supplyPoint="another")
    assert (again["code"], again["path"]) == ("METER_CODE_TAKEN", ["input", "code"])
    await meter(shared_world, other)


async def test_a_supply_point_is_one_meters(shared_world: World) -> None:
    """Also of a pilot that is registered later, another operator's, one around it, and however it is written."""
    pilot = await shared_world.pilot()
    await meter(shared_world, pilot, supplyPoint="粤-0300 12ab")
    later = await shared_world.pilot(operator=None)
    park = await shared_world.pilot("PARK")
    await shared_world.operator.made(
        "placePilot", "pilot { id }", pilot=pilot["id"], surroundingPilot=park["id"]
    )
    for host in (pilot, later, park):
        for text in ("粤-0300 12ab", "粤030012AB", "粤－０３００·12Ab", "粤 (0300) #12.ab"):
            error = await refused(shared_world, host, supplyPoint=text)
            assert error["code"] == "SUPPLY_POINT_TAKEN", text
            assert pilot["code"] in error["message"]["zh"]
            assert "None" not in error["message"]["en"]
    # Another carrier's number is another supply point.
    water = {"carrier": "WATER", "unit": "m3", "supplyPoint": "粤030012AB"}
    await meter(shared_world, later, "W-1", **water)


async def test_a_supply_point_is_free_after_the_last_day(shared_world: World) -> None:
    first, second = await shared_world.pilot(), await shared_world.pilot()
    old = await meter(shared_world, first, supplyPoint="FREE-1", validTo="2023-06-30")
    assert old["validTo"] == "2023-06-30"
    early = await refused(shared_world, second, supplyPoint="FREE-1", validFrom="2023-06-30")
    assert early["code"] == "SUPPLY_POINT_TAKEN"
    new = await meter(shared_world, second, supplyPoint="FREE-1", validFrom="2023-07-01")
    # And before it, until the day before the next one's first.
    ends = {"validFrom": "2022-01-01", "validTo": "2022-12-31", "supplyPoint": "FREE-1"}
    await meter(shared_world, second, "E-0", **ends)
    await shared_world.operator.made(
        "endMeter", "meter { validTo }", meter=new["id"], validTo="2024-01-31"
    )
    await meter(shared_world, first, "E-2", supplyPoint="FREE-1", validFrom="2024-02-01")


async def test_submeters(shared_world: World) -> None:
    world = shared_world
    pilot, other = await world.pilot(), await world.pilot()
    main, far = await meter(world, pilot, "MAIN"), await meter(world, other, "FAR")
    inside = {"flow": "INTERNAL", "supplyPoint": None, "parent": main["id"]}
    floor = await meter(world, pilot, "FLOOR", **inside)
    assert floor["parent"] == {"code": "MAIN"}
    room = await meter(world, pilot, "ROOM", **inside | {"parent": floor["id"], "unit": "MWh"})
    for given in (
        {"parent": far["id"]},
        {"carrier": "HEAT", "unit": "kWh"},
        {"carrier": "HEAT", "unit": "GJ"},
        {"flow": "GENERATED"},
        {"flow": "SOLD", "supplyPoint": "SP-sold"},
    ):
        error = await refused(world, pilot, **inside | given)
        assert (error["code"], error["path"]) == ("SUBMETER_DOES_NOT_FIT", ["input", "parent"])
    place = ("placeMeter", "meter { parent { code } }")
    for outer, inner in ((main, main), (main, floor), (main, room), (floor, room)):
        error = await world.operator.refused("placeMeter", meter=outer["id"], parent=inner["id"])
        assert error["code"] == "METER_CYCLE"
        assert " → " not in error["message"]["en"]
    head = await world.head()
    await world.operator.made(*place, meter=room["id"], parent=floor["id"])  # It is there already.
    assert await world.head() == head
    moved = await world.operator.made(*place, meter=room["id"], parent=main["id"])
    assert moved == {"parent": {"code": "MAIN"}}
    query = """query ($id: ID!, $asOf: BigInt) { node(id: $id) { ... on Meter {
        submeters(asOf: $asOf) { nodes { code } } } } }"""

    async def submeters(at: int | None) -> list[str]:
        data = await world.operator.ask(query, id=main["id"], asOf=at and str(at))
        return [one["code"] for one in data["node"]["submeters"]["nodes"]]

    assert await submeters(None) == ["FLOOR", "ROOM"]
    assert await submeters(head) == ["FLOOR"]
    await world.operator.made(*place, meter=floor["id"])
    assert await submeters(None) == ["ROOM"]


async def test_who_writes_and_sees_meters(shared_world: World) -> None:
    world = shared_world
    pilot = await world.pilot()
    made = await meter(world, pilot)
    mutation = (
        "mutation ($input: RegisterMeterInput!) { registerMeter(input: $input) { __typename } }"
    )
    given = meter_input(pilot, "E-2") | {"idempotencyKey": "who"}
    for caller, code in (
        (world.anyone, "UNAUTHENTICATED"),
        (world.other_operator, "FORBIDDEN"),
        (world.verifier, "FORBIDDEN"),
        (world.administrator, "FORBIDDEN"),
    ):
        error = await caller.fail(mutation, input=given)
        assert error["extensions"]["code"] == code
    query = """query ($id: ID!, $pilot: ID!) { node(id: $id) { id }
        pilot(by: {id: $pilot}) { meters { totalCount nodes { code } } } }"""
    sees = {
        "node": {"id": made["id"]},
        "pilot": {"meters": {"totalCount": 1, "nodes": [{"code": "E-1"}]}},
    }
    nothing = {"node": None, "pilot": {"meters": {"totalCount": 0, "nodes": []}}}
    for caller, expected in (
        (world.operator, sees), (world.verifier, sees), (world.auditor, sees),
        (world.regulator, sees), (world.administrator, sees), (world.anyone, nothing),
        (world.other_operator, nothing), (world.registry, nothing), (world.holder, nothing),
    ):  # fmt: skip
        assert await caller.ask(query, id=made["id"], pilot=pilot["id"]) == expected


async def test_its_last_day_is_not_before_its_first_nor_after_today(shared_world: World) -> None:
    made = await meter(shared_world, await shared_world.pilot())
    for day, code in (("2022-12-31", "DATES_OUT_OF_ORDER"), ("2099-01-01", "INVALID_INPUT")):
        error = await shared_world.operator.refused("endMeter", meter=made["id"], validTo=day)
        assert (error["code"], error["path"]) == (code, ["input", "validTo"])


async def test_of_no_meter(shared_world: World) -> None:
    pilot = await shared_world.pilot()
    nobody = as_kind("Meter", pilot["id"])
    for verb, given in (
        ("placeMeter", {"meter": nobody}),
        ("endMeter", {"meter": nobody, "validTo": "2024-01-01"}),
        ("registerMeter", meter_input(pilot) | {"parent": nobody}),
        ("registerMeter", meter_input(pilot) | {"pilot": as_kind("Pilot", pilot["periods"][2022])}),
    ):
        error = await shared_world.operator.refused(verb, **given)
        assert error["code"] == "NOT_FOUND", verb


async def test_a_meter_is_found_by_what_it_is_called(world: World) -> None:
    """By its code, or by its supply point however that is written, also one that it has no more."""
    pilot, other = await world.pilot(), await world.pilot()
    first = await meter(world, pilot, "A", supplyPoint="粤-0300 12ab", validTo="2023-12-31")
    await meter(world, pilot, "B", supplyPoint="粤0300-12AB", validFrom="2024-01-01")
    await meter(world, other, "A")
    query = """query ($id: ID!, $by: MeterBy!) { pilot(by: {id: $id}) {
        metersNamed(by: $by) { code validFrom } } }"""

    async def found(caller: Any, pilot: dict[str, Any], /, **by: str) -> list[str]:
        data = await caller.ask(query, id=pilot["id"], by=by)
        return [one["code"] for one in data["pilot"]["metersNamed"]]

    assert await found(world.operator, pilot, code="A") == ["A"]
    assert await found(world.operator, pilot, code="a") == []
    assert await found(world.operator, pilot, supplyPoint="粤０３００（12ab）") == ["A", "B"]
    assert await found(world.operator, other, supplyPoint="粤0300-12AB") == []
    assert await found(world.verifier, other, code="A") == ["A"]
    assert await found(world.anyone, pilot, code="A") == []
    assert await found(world.gateway, pilot, supplyPoint="粤030012AB") == []
    gateway = world.gateway.organisation
    await world.operator.made("assignGateway", "meter { id }", meter=first["id"], gateway=gateway)
    assert await found(world.gateway, pilot, supplyPoint="粤030012AB") == ["A"]
    error = await world.operator.fail(query, id=pilot["id"], by={"code": "A", "supplyPoint": "x"})
    assert error["extensions"]["code"] == "INVALID_INPUT"
