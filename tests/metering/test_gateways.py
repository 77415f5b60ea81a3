"""Gateways: a key that posts the readings of meters that are assigned to it, and of no others."""

from dataclasses import replace
from typing import Any

from tests.counting import least
from tests.metering.test_meters import meter
from tests.metering.test_recording import BILLS, RECORD, reading
from tests.world import Caller, World, as_kind, key

METERS = """query ($id: ID!, $asOf: BigInt) { node(id: $id) { ... on Organisation {
    meters(first: 2, asOf: $asOf) { totalCount pageInfo { hasNextPage } nodes { code } } } } }"""


async def assign(world: World, meter: Any, *, to: str | None = "") -> Any:
    gateway = world.gateway.organisation if to == "" else to
    wanted = "meter { gateway { id } }"
    return await world.operator.made("assignGateway", wanted, meter=meter["id"], gateway=gateway)


async def record(caller: Caller, *items: dict[str, Any], mode: str = "EACH_INDEPENDENT") -> Any:
    value = {"mode": mode, "items": list(items), "idempotencyKey": key()}
    return (await caller.ask(RECORD, input=value))["recordReadings"]


async def test_a_gateway_posts_for_its_meters_only(shared_world: World) -> None:
    """Another meter's reading is refused by itself, and by its number where all stand or fall together."""
    world = shared_world
    pilot = await world.pilot()
    own, other = await meter(world, pilot), await meter(world, pilot, "E-2")
    nothing = reading(own, 1, "1", meter=as_kind("Meter", pilot["id"]))
    assert await assign(world, own) == {"gateway": {"id": world.gateway.organisation}}
    head = await world.head()
    done = await record(world.gateway, reading(own, 1, "1"), reading(other, 1, "1"), nothing)
    assert [outcome["status"] for outcome in done["outcomes"]] == [
        "COMMITTED", "REJECTED", "REJECTED",
    ]  # fmt: skip
    assert [(one["error"]["code"], one["error"]["path"]) for one in done["outcomes"][1:]] == [
        ("METER_NOT_ASSIGNED", ["input", "items", "1", "meter"]),
        ("NOT_FOUND", ["input", "items", "2", "meter"]),
    ]
    assert done["batch"]["readingCount"] == 1
    assert await world.head() == head + 1
    error = await record(
        world.gateway, reading(own, 2, "2"), reading(other, 2, "2"), mode="ALL_OR_NOTHING"
    )
    assert (error["code"], error["path"]) == (
        "METER_NOT_ASSIGNED",
        ["input", "items", "1", "meter"],
    )
    assert "assignGateway" in error["message"]["zh"]
    assert "assignGateway" in error["message"]["en"]
    assert await world.head() == head + 1


async def test_a_gateway_posts_bills(shared_world: World) -> None:
    world = shared_world
    pilot = await world.pilot()
    own = await meter(world, pilot, meterKind="BILL")
    bill = {"meter": own["id"], "firstDay": "2024-01-01", "lastDay": "2024-01-31", "quantity": "1"}
    value = {"mode": "ALL_OR_NOTHING", "items": [bill], "idempotencyKey": key()}
    error = (await world.gateway.ask(BILLS, input=value))["recordBills"]
    assert error["code"] == "METER_NOT_ASSIGNED"
    await assign(world, own)
    done = (await world.gateway.ask(BILLS, input=value | {"idempotencyKey": key()}))["recordBills"]
    assert done["batch"]["readingCount"] == 1


async def test_an_assignment_ends(shared_world: World) -> None:
    """From then on; the operator posts all the while, and as of then it is still seen."""
    world = shared_world
    own = await meter(world, await world.pilot())
    await assign(world, own)
    then = await world.head()
    assert await assign(world, own) == {"gateway": {"id": world.gateway.organisation}}
    assert await world.head() == then, "what was so already is no entry"
    assert await assign(world, own, to=None) == {"gateway": None}
    [outcome] = (await record(world.gateway, reading(own, 1, "1")))["outcomes"]
    assert outcome["error"]["code"] == "METER_NOT_ASSIGNED"
    [outcome] = (await record(world.operator, reading(own, 1, "1")))["outcomes"]
    assert outcome["status"] == "COMMITTED"


async def test_a_gateway_sees_its_meters_and_no_others(world: World) -> None:
    pilot = await world.pilot()
    made = [await meter(world, pilot, f"E-{n}") for n in range(5)]
    for one in (made[3], made[0], made[1]):
        await assign(world, one)
    before = await world.head()
    await assign(world, made[3], to=None)
    query = "query ($id: ID!) { node(id: $id) { ... on Meter { code } } }"
    for one, seen in zip(made, (True, True, False, False, False), strict=True):
        node = (await world.gateway.ask(query, id=one["id"]))["node"]
        assert node == ({"code": one["code"]} if seen else None)
    gateway = world.gateway.organisation

    async def listed(caller: Caller, as_of: int | None = None) -> Any:
        found = await caller.ask(METERS, id=gateway, asOf=as_of and str(as_of))
        page = found["node"]["meters"]
        return [one["code"] for one in page["nodes"]], page["totalCount"]

    assert await listed(world.gateway) == (["E-0", "E-1"], 2)
    assert await listed(world.gateway, before) == (["E-0", "E-1"], 3)
    assert await listed(world.verifier) == (["E-0", "E-1"], 2)
    for caller in (world.anyone, world.operator, world.other_operator):
        assert await listed(caller) == ([], 0)
    done = await record(world.gateway, reading(made[0], 1, "1"))
    batch = done["batch"]["id"]
    query = "query ($id: ID!) { node(id: $id) { id } }"
    for caller, seen in (
        (world.gateway, True), (world.operator, True), (world.anyone, False),
        (world.other_operator, False),
    ):  # fmt: skip
        found = (await caller.ask(query, id=batch))["node"]
        assert found == ({"id": batch} if seen else None)


async def test_a_gateway_sees_nothing_around_its_meters(world: World) -> None:
    """Neither what they are parts of, nor their parts, nor what is read once they are not its own any more."""
    pilot = await world.pilot()
    main = await meter(world, pilot, "MAIN")
    own = await meter(world, pilot, "OWN", supplyPoint=None, parent=main["id"])
    part = await meter(world, pilot, "PART", supplyPoint=None, parent=own["id"])
    await assign(world, own)
    for supply in (main, own, part):
        await record(world.operator, reading(supply, 1, "1"), reading(supply, 2, "2"))
    query = """query ($id: ID!) { node(id: $id) { ... on Meter { parent { code } submeters { totalCount nodes { code } }
        readings { nodes { value } } pilot { code meters { totalCount } } } } }"""
    seen = (await world.operator.ask(query, id=own["id"]))["node"]
    assert (seen["parent"], seen["submeters"]["totalCount"]) == ({"code": "MAIN"}, 1)
    nothing = {"totalCount": 0, "nodes": []}
    found = (await world.gateway.ask(query, id=own["id"]))["node"]
    assert (found["parent"], found["submeters"], len(found["readings"]["nodes"])) == (
        None,
        nothing,
        2,
    )
    assert found["pilot"]["meters"] == {"totalCount": 0}

    then = await world.head()
    await assign(world, own, to=None)
    listing = """query ($asOf: BigInt) { viewer { meters(asOf: $asOf) { nodes { code readings { nodes { value } }
        consumption(from: "2024-01-01", to: "2024-01-01") { quantity } } } } }"""
    found = await world.gateway.ask(listing, asOf=str(then))
    assert found["viewer"]["meters"]["nodes"] == [
        {"code": "OWN", "readings": {"nodes": []}, "consumption": []}
    ]


async def test_what_is_no_gateway(shared_world: World) -> None:
    world = shared_world
    own = await meter(world, await world.pilot())
    for gateway, code in (
        (world.verifier.organisation, "INVALID_INPUT"),
        (as_kind("Organisation", own["id"]), "NOT_FOUND"),
    ):
        error = await world.operator.refused("assignGateway", meter=own["id"], gateway=gateway)
        assert (error["code"], error["path"]) == (code, ["input", "gateway"])


async def test_who_assigns(shared_world: World) -> None:
    world = shared_world
    own = await meter(world, await world.pilot())
    mutation = "mutation ($i: AssignGatewayInput!) { assignGateway(input: $i) { __typename } }"
    value = {"meter": own["id"], "gateway": world.gateway.organisation, "idempotencyKey": key()}
    for caller in (world.gateway, world.other_operator, world.administrator):
        error = await caller.fail(mutation, i=value)
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_gateways_batch_takes_as_many_statements_as_an_operators(world: World) -> None:
    pilot = await world.pilot()
    made = [await meter(world, pilot, f"M-{n}") for n in range(10)]
    for one in made:
        await assign(world, one)
    days = iter(range(1, 29))

    async def count(meters: list[Any]) -> int:
        async def once() -> None:
            day = next(days)
            done = await record(world.gateway, *[reading(one, day, str(day)) for one in meters])
            assert {outcome["status"] for outcome in done["outcomes"]} == {"COMMITTED"}

        return await least(once)

    # One more where it takes so long that NZC looks at the head meanwhile.
    assert await count(made) <= await count(made[:1]) + 1


async def test_what_is_posted_for_two_operators_both_see(world: World) -> None:
    own = await meter(world, await world.pilot())
    swapped = replace(world, operator=world.other_operator)
    other = await meter(swapped, await swapped.pilot())
    await assign(world, own)
    await assign(swapped, other)
    done = await record(world.gateway, reading(own, 1, "1"), reading(other, 1, "1"))
    assert done["batch"]["readingCount"] == 2
    query = "query ($id: ID!) { node(id: $id) { id } }"
    for caller in (world.operator, world.other_operator):
        assert (await caller.ask(query, id=done["batch"]["id"]))["node"] is not None
    assert (await world.anyone.ask(query, id=done["batch"]["id"]))["node"] is None
