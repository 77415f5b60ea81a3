"""What a statement says of credits that no longer stand for what they were retired or issued for."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.world import SINK_BASIS, World

NET = """query ($id: ID!, $asOf: BigInt) { pilot(by: {id: $id}) {
    netEmissions(period: {year: 2022}, asOf: $asOf) {
        netCo2e sinks { measuredCo2e soldCo2e co2e }
        purchasedReductions { quantity shortfallQuantity
            invalidated { nodes { quantity batch { id } posting { entryKind position grounds { document reason } } } }
            byMechanism { quantity } } } } }"""

GROUNDS = {"document": "粤环函〔2025〕1号", "reason": "减排量被核证机构撤销"}


async def net(world: World, pilot: dict[str, Any], as_of: int | None = None) -> Any:
    data = await world.auditor.ask(NET, id=pilot["id"], asOf=None if as_of is None else str(as_of))
    return data["pilot"]["netEmissions"]


async def emitting(world: World, tonnes: str = "100") -> dict[str, Any]:
    pilot = await world.pilot("TOWN")
    inventory = await world.inventory(pilot)
    await world.record(
        inventory,
        {
            "category": "ENERGY_ACTIVITIES",
            "label": "x",
            "activity": {"value": tonnes, "unit": "tCO2"},
            "factor": "measured.co2",
        },
    )
    await world.submit(inventory)
    return pilot


def serials(text: str) -> dict[str, Any]:
    return {"serials": {"programme": "CCER", "block": {"text": text}}}


async def order(world: World, verb: str, target: dict[str, Any]) -> int:
    made = await world.registry.made(verb, "posting { position }", target=target, **GROUNDS)
    return int(made["position"])


async def test_the_net_rises_again_and_says_why(world: World) -> None:
    pilot = await emitting(world)
    one = await world.issue(await world.project(), "GD-1", 1, 100)
    two = await world.issue(await world.project(), "GD-2", 1, 100)
    for prefix in ("GD-1", "GD-2"):
        given = world.retirement(pilot, prefix, 1, 20)
        await world.registry.made("retireCredits", "retirement { id }", **given)
    before = await world.head()
    assert (await net(world, pilot))["netCo2e"] == "60.000000"

    part = await order(world, "invalidateCredits", serials("GD-1-11 to 30"))
    whole = await order(world, "invalidateCredits", {"batch": two})
    now = await net(world, pilot)
    assert now["netCo2e"] == "90.000000"
    bought = now["purchasedReductions"]
    assert (bought["quantity"], bought["shortfallQuantity"]) == ("10", "30")
    assert bought["invalidated"]["nodes"] == [
        {
            "quantity": "10",
            "batch": {"id": one},
            "posting": {
                "entryKind": "CREDITS_INVALIDATED",
                "position": str(part),
                "grounds": GROUNDS,
            },
        },
        {
            "quantity": "20",
            "batch": {"id": two},
            "posting": {
                "entryKind": "BATCH_INVALIDATED",
                "position": str(whole),
                "grounds": GROUNDS,
            },
        },
    ]
    # What was so as of then is so for ever.
    then = await net(world, pilot, before)
    assert then["netCo2e"] == "60.000000"
    assert then["purchasedReductions"]["invalidated"]["nodes"] == []
    between = await net(world, pilot, part)
    assert between["netCo2e"] == "70.000000"


async def test_a_corrected_retirement_counts_no_more(world: World) -> None:
    pilot, other = await emitting(world), await emitting(world)
    await world.issue(await world.project(), "GD-1", 1, 100)
    given = world.retirement(pilot, "GD-1", 1, 20)
    wrong = await world.registry.made("retireCredits", "retirement { id }", **given)
    await world.registry.made("correctPosting", "posting { id }", posting=wrong["id"], **GROUNDS)
    assert (await net(world, pilot))["netCo2e"] == "100.000000"
    assert (await net(world, pilot))["purchasedReductions"]["invalidated"]["nodes"] == []
    right = world.retirement(other, "GD-1", 1, 20)
    await world.registry.made("retireCredits", "retirement { id }", **right)
    assert (await net(world, other))["netCo2e"] == "80.000000"


async def test_requested_and_used_otherwise_count_in_no_net(world: World) -> None:
    pilot = await emitting(world)
    await world.issue(await world.project(), "GD-1", 1, 100)
    requested = world.retirement(pilot, "GD-1", 1, 20) | {"expiresAt": in_a_day()}
    del requested["retiredOn"]
    request = await world.registry.made("requestRetirement", "request { id }", **requested)
    await world.registry.made(
        "useCredits", "use { id }", programme="CCER", serials={"text": "GD-1-21 to 40"},
        purpose="ETS_COMPLIANCE", beneficiary="某控排企业", usedOn="2024-07-01",
    )  # fmt: skip
    assert (await net(world, pilot))["netCo2e"] == "100.000000"
    await world.registry.made(
        "confirmRetirement", "retirement { id }", request=request["id"], retiredOn="2024-07-01",
        registryReference="R-NET-1",
    )  # fmt: skip
    assert (await net(world, pilot))["netCo2e"] == "80.000000"


async def test_a_sink_that_was_sold_comes_back(world: World) -> None:
    """By invalidation, or where the pilot cancels its own credits: the sink, never an offset."""
    pilot = await emitting(world)
    draft = await world.operator.made(
        "reviseInventory", "inventory { id }", inventory=await verified_of(world, pilot)
    )
    await world.record(
        draft["id"],
        {
            "category": "FORESTRY_SINK",
            "label": "林",
            "activity": {"value": "50", "unit": "tCO2"},
            "factor": "measured.co2",
        }
        | SINK_BASIS,
        sinks=True,
    )
    await world.submit(draft["id"])
    assert (await net(world, pilot))["netCo2e"] == "50.000000"
    project = await world.project(forestry=True, pilot=pilot["id"])
    await world.issue(project, "GD-F", 1, 40)
    assert await sold(world, pilot) == 40
    given: dict[str, Any] = {
        "programme": "CCER", "serials": {"text": "GD-F-1 to 15"}, "purpose": "OWN_SINK",
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022], "usedOn": "2024-07-01",
    }  # fmt: skip
    use = await world.registry.made("useCredits", "use { id }", **given)
    assert await sold(world, pilot) == 25
    await order(world, "invalidateCredits", serials("GD-F-16 to 20"))
    assert await sold(world, pilot) == 20
    await world.registry.made("correctPosting", "posting { id }", posting=use["id"], **GROUNDS)
    assert await sold(world, pilot) == 35
    # What was cancelled for the sink is not gone twice when it is invalidated too.
    await world.registry.made("useCredits", "use { id }", **given)
    assert await sold(world, pilot) == 20
    await order(world, "invalidateCredits", serials("GD-F-6 to 15"))
    assert await sold(world, pilot) == 20
    # Credits from anywhere else give no sink back.
    await world.issue(await world.project(), "GD-1", 1, 10)
    refused = await world.registry.refused(
        "useCredits", **(given | {"serials": {"text": "GD-1-1 to 5"}})
    )
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "purpose"])


async def verified_of(world: World, pilot: dict[str, Any]) -> str:
    data = await world.auditor.ask(
        "query ($id: ID!) { pilot(by: {id: $id}) { inventories { nodes { id status } } } }",
        id=pilot["id"],
    )
    nodes = data["pilot"]["inventories"]["nodes"]
    return str(next(node["id"] for node in nodes if node["status"] == "VERIFIED"))


async def sold(world: World, pilot: dict[str, Any]) -> Decimal:
    """The sold part of the sinks; the rest is usable, and of measured sinks of 50 t."""
    sinks = (await net(world, pilot))["sinks"]
    measured, part, usable = (Decimal(sinks[n]) for n in ("measuredCo2e", "soldCo2e", "co2e"))
    assert measured == 50
    assert usable == measured - part
    return part


def in_a_day() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
