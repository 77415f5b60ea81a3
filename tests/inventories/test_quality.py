"""What an inventory's emissions rest on, and what of them nothing shows."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nzc_api.inventories.model import DataQuality
from nzc_api.inventories.quality import Rests, quality_of
from tests.evidence.test_documents import attach
from tests.metering.test_drafting import billed, draft, metered
from tests.metering.test_drafting import source as of_meter
from tests.world import World

QUALITY = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    qualityOfData { shares { dataQuality co2e } co2eWithoutEvidence linesWithoutEvidence }
    emissionSources { nodes { id label dataQuality co2e } } } } }"""


def measured(value: str, label: str, quality: str | None = None, **given: Any) -> dict[str, Any]:
    line = {
        "category": "ENERGY_CONSUMPTION", "label": label, "factor": "measured.co2",
        "activity": {"value": value, "unit": "tCO2"},
    }  # fmt: skip
    return line | ({} if quality is None else {"dataQuality": quality}) | given


async def read(world: World, inventory: str) -> dict[str, Any]:
    node: dict[str, Any] = (await world.operator.ask(QUALITY, id=inventory))["node"]
    return node


def shares(node: dict[str, Any]) -> dict[str | None, str]:
    return {one["dataQuality"]: one["co2e"] for one in node["qualityOfData"]["shares"]}


async def test_emissions_by_quality(shared_world: World) -> None:
    """Of what counts only; what was not stated is told as that; the best first."""
    world = shared_world
    inventory = await world.inventory(await world.pilot())
    assert (await read(world, inventory))["qualityOfData"] == {
        "shares": [], "co2eWithoutEvidence": "0", "linesWithoutEvidence": 0,
    }  # fmt: skip
    exported = {
        "category": "EXPORTED_ELECTRICITY", "label": "上网", "factor": "elec.guangdong.avg.2022",
        "activity": {"value": "1", "unit": "kWh"}, "dataQuality": "MEASURED",
    }  # fmt: skip
    await world.record(
        inventory, measured("1.5", "a", "DEFAULT"), measured("2", "b", "MEASURED"), measured("4", "c"),
        measured("8", "d", "MEASURED"), exported, measured("16", "memo", "DEFAULT", category="OTHER"),
    )  # fmt: skip
    node = await read(world, inventory)
    assert [one["dataQuality"] for one in node["qualityOfData"]["shares"]] == [
        "MEASURED", "DEFAULT", None,
    ]  # fmt: skip
    assert shares(node) == {"MEASURED": "10.000000", "DEFAULT": "1.500000", None: "4.000000"}
    assert [line["dataQuality"] for line in node["emissionSources"]["nodes"]] == [
        "DEFAULT", "MEASURED", None, "MEASURED", "MEASURED", "DEFAULT",
    ]  # fmt: skip
    assert node["qualityOfData"]["linesWithoutEvidence"] == 4
    assert node["qualityOfData"]["co2eWithoutEvidence"] == "15.500000"
    first = node["emissionSources"]["nodes"][0]["id"]
    await attach(world, first)
    evidenced = (await read(world, inventory))["qualityOfData"]
    assert (evidenced["linesWithoutEvidence"], evidenced["co2eWithoutEvidence"]) == (3, "14.000000")


async def test_what_is_stated_is_amended_and_carried_over(shared_world: World) -> None:
    world = shared_world
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, measured("1", "a", "DEFAULT"), measured("2", "b", "BILLED"))
    first, second = (await read(world, inventory))["emissionSources"]["nodes"]
    amend = ("amendInventoryLine", "inventory { id }")
    await world.operator.made(*amend, line=first["id"], dataQuality="ESTIMATED")
    activity = {"value": "3", "unit": "tCO2"}
    await world.operator.made(*amend, line=second["id"], activity=activity)
    assert shares(await read(world, inventory)) == {"BILLED": "3.000000", "ESTIMATED": "1.000000"}
    await world.operator.made(*amend, line=second["id"], dataQuality=None)
    assert shares(await read(world, inventory)) == {"ESTIMATED": "1.000000", None: "3.000000"}
    await world.submit(inventory)
    made = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    assert shares(await read(world, made["id"])) == {"ESTIMATED": "1.000000", None: "3.000000"}


async def test_a_meters_estimates_are_estimated(world: World) -> None:
    """By their share of the quantity; a meter shows what it measured; of what is amended by hand it says no more."""
    pilot = await world.pilot()
    main, register = (
        await metered(world, pilot),
        await metered(world, pilot, "E-2", meterKind="REGISTER"),
    )
    await billed(world, main, ("2022-01-01", "2022-06-30", "2000"))
    await billed(world, main, ("2022-07-01", "2022-12-31", "1000"), estimated=True)
    items = [
        {"meter": register["id"], "at": f"{day}T00:00:00+08:00", "value": value}
        for day, value in (("2022-01-01", "0"), ("2023-01-01", "1000"))
    ]
    await world.operator.made("recordReadings", "batch { id }", items=items)
    inventory = await world.inventory(pilot)
    await draft(world, inventory, of_meter(main), of_meter(register))
    node = await read(world, inventory)
    of_bills, of_readings = (Decimal(one["co2e"]) for one in node["emissionSources"]["nodes"])
    estimated = round(of_bills / 3, 6)
    assert {quality: Decimal(co2e) for quality, co2e in shares(node).items()} == {
        "MEASURED": of_readings, "BILLED": of_bills - estimated, "ESTIMATED": estimated,
    }  # fmt: skip
    assert node["qualityOfData"]["linesWithoutEvidence"] == 0
    line = node["emissionSources"]["nodes"][0]["id"]
    activity = {"value": "1", "unit": "kWh"}
    await world.operator.made(
        "amendInventoryLine", "inventory { id }", line=line, activity=activity
    )
    node = await read(world, inventory)
    assert node["emissionSources"]["nodes"][0]["dataQuality"] is None
    assert node["qualityOfData"]["linesWithoutEvidence"] == 1


async def test_it_is_seen_where_lines_are(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, measured("1", "a"))
    await world.submit(inventory)
    query = "query ($id: ID!) { node(id: $id) { ... on Inventory { qualityOfData { linesWithoutEvidence } } } }"
    for caller, seen in ((world.anyone, False), (world.auditor, True), (world.verifier, True)):
        found = (await caller.ask(query, id=inventory))["node"]["qualityOfData"]
        assert found == ({"linesWithoutEvidence": 1} if seen else None)


amounts = st.decimals(0, 10**6, places=6)


@st.composite
def rests(draw: st.DrawFn) -> Rests:
    co2e = draw(amounts)
    quality = draw(st.sampled_from([*DataQuality, None]))
    return Rests(
        quality=quality,
        co2e=co2e,
        estimated=draw(st.decimals(0, co2e, places=6)),
        unshown_lines=draw(st.integers(0, 9)),
        unshown_co2e=draw(amounts),
    )


@given(st.lists(rests(), unique_by=lambda share: share.quality))
def test_the_shares_are_the_whole(lines: list[Rests]) -> None:
    found = quality_of(lines)
    assert sum(share.co2e for share in found.shares) == sum(line.co2e for line in lines)
    qualities = [share.quality for share in found.shares]
    assert len(qualities) == len(set(qualities))
    assert all(share.co2e >= 0 for share in found.shares)
