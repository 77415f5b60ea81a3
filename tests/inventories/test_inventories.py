"""Inventories: how lines count, and the way from draft to verified."""

from decimal import Decimal
from typing import Any

import pytest

from nzc_api.inventories import rules
from tests.world import World


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


INVENTORY = """
    query ($id: ID!) { node(id: $id) { ... on Inventory {
        status version startsOn endsOn submittedPosition verifiedPosition
        verifier { id } versions { nodes { id version status } }
        emissionSources { nodes { label treatment warnings co2e
            factor { code version sources { title confidence } } } }
        sinks { nodes { label co2e } } } } }
"""


def source(category: str = "ENERGY_CONSUMPTION", **more: Any) -> dict[str, Any]:
    return {
        "category": category,
        "label": "电",
        "activity": {"value": "1000", "unit": "kWh"},
        "factor": "elec.guangdong.avg.2022",
    } | more


def measured(category: str, value: str = "1", gas: str = "co2", unit: str = "tCO2") -> Any:
    return {
        "category": category,
        "label": category,
        "activity": {"value": value, "unit": unit},
        "factor": f"measured.{gas}",
    }


async def read(world: World, inventory: str) -> Any:
    return (await world.operator.ask(INVENTORY, id=inventory))["node"]


@pytest.mark.parametrize(
    ("variant", "category", "treatment"),
    [
        ("TOWN", "WASTE", "IN_SCOPE"),
        ("TOWN", "OTHER", "MEMO"),
        ("BUILDING_EXISTING", "OTHER", "MEMO"),
        ("BUILDING_EXISTING", "INDUSTRIAL_PROCESSES", "MEMO"),
        ("TRANSPORT", "WASTE", "MEMO"),
        ("COMMUNITY_URBAN", "WASTE", "IN_SCOPE"),
        ("COMMUNITY_URBAN", "INDUSTRIAL_PROCESSES", "COUNTED_UNLISTED"),
        ("COMMUNITY_RURAL", "LIVESTOCK", "IN_SCOPE"),
        ("PARK", "FUEL_FIXED_EQUIPMENT", "COUNTED_UNLISTED"),
        ("ENTERPRISE", "WASTE", "COUNTED_UNLISTED"),
    ],
)
async def test_how_a_line_counts(world: World, variant: str, category: str, treatment: str) -> None:
    """A category that the guide does not name is never lost: it counts with a warning where the
    list is open, and is a memo line outside the net where it is closed."""
    pilot = await world.pilot(variant)
    inventory = await world.inventory(pilot)
    await world.record(inventory, measured(category, "7"))
    await world.submit(inventory)
    line = (await read(world, inventory))["emissionSources"]["nodes"][0]
    assert line["treatment"] == treatment
    warning = {"MEMO": ["CATEGORY_OUT_OF_SCOPE"], "COUNTED_UNLISTED": ["CATEGORY_UNLISTED"]}
    assert line["warnings"] == warning.get(treatment, [])
    data = await world.operator.ask(
        """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
            gross { co2e } memoSources { co2e } } } }""",
        id=pilot["id"],
    )
    net = data["pilot"]["netEmissions"]
    memo = treatment == "MEMO"
    gross = net["gross"]["co2e"]
    assert gross is None if memo else Decimal(gross) == 7, "where nothing counts, nothing is known"
    assert [Decimal(item["co2e"]) for item in net["memoSources"]] == ([Decimal(7)] if memo else [])


async def test_a_gas_outside_the_basket_is_a_memo_line(world: World) -> None:
    pilot = await world.pilot("PARK")
    inventory = await world.inventory(pilot)
    line = measured("INDUSTRIAL_PROCESSES", "3", "hcfc22", "kgHCFC22")
    await world.record(inventory, line)
    found = (await read(world, inventory))["emissionSources"]["nodes"][0]
    assert found["treatment"] == "MEMO"
    assert found["warnings"] == ["GAS_OUTSIDE_BASKET"]


async def test_a_factor_of_another_year_is_said(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot, 2023, factorList="prov2025-gd-2022")
    await world.record(inventory, source())
    found = (await read(world, inventory))["emissionSources"]["nodes"][0]
    assert found["warnings"] == ["FACTOR_OF_ANOTHER_YEAR"]
    assert found["factor"]["sources"][0]["confidence"] == "TRANSCRIPTION"


async def test_the_way_from_draft_to_verified(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, source())
    found = await read(world, inventory)
    assert (found["status"], found["version"]) == ("DRAFT", 1)

    payload = await world.verifier.refused("verifyInventory", inventory=inventory)
    assert payload["code"] == "INVENTORY_STATUS_CONFLICT"
    await world.submit(inventory, verify=False)
    assert (await read(world, inventory))["status"] == "SUBMITTED"

    for verb, given in (
        ("recordEmissionSources", {"sources": [source()]}),
        ("recordSinks", {"sinks": [measured("FORESTRY_SINK")]}),
        ("submitInventory", {}),
    ):
        payload = await world.operator.refused(verb, inventory=inventory, **given)
        assert payload["code"] == "INVENTORY_STATUS_CONFLICT"

    await world.verifier.made("verifyInventory", "inventory { id }", inventory=inventory)
    found = await read(world, inventory)
    assert found["status"] == "VERIFIED"
    assert found["verifier"]["id"] == world.verifier.organisation
    assert int(found["verifiedPosition"]) > int(found["submittedPosition"])
    payload = await world.verifier.refused("verifyInventory", inventory=inventory)
    assert payload["code"] == "INVENTORY_STATUS_CONFLICT"


async def test_an_empty_inventory_is_not_submitted(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    payload = await world.operator.refused("submitInventory", inventory=inventory)
    assert payload["code"] == "INVENTORY_EMPTY"
    nothing = await world.inventory(pilot, 2023, notOccurring=["ENERGY_CONSUMPTION"])
    await world.submit(nothing)


async def test_a_line_is_taken_out_of_a_draft(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, source(label="one"), source(label="two"))
    query = """query ($id: ID!) { node(id: $id) { ... on Inventory {
        emissionSources { nodes { id label } } } } }"""
    nodes = (await world.operator.ask(query, id=inventory))["node"]["emissionSources"]["nodes"]
    await world.operator.made("removeInventoryLine", "inventory { id }", line=nodes[0]["id"])
    left = (await world.operator.ask(query, id=inventory))["node"]["emissionSources"]["nodes"]
    assert [node["label"] for node in left] == ["two"]
    gone = await world.operator.ask("query ($id: ID!) { node(id: $id) { id } }", id=nodes[0]["id"])
    assert gone["node"] is None
    payload = await world.operator.refused("removeInventoryLine", line=nodes[0]["id"])
    assert payload["code"] == "NOT_FOUND"
    await world.submit(inventory)
    payload = await world.operator.refused("removeInventoryLine", line=nodes[1]["id"])
    assert payload["code"] == "INVENTORY_STATUS_CONFLICT"


async def test_a_second_inventory_over_the_same_days(world: World) -> None:
    """Whether verified or only submitted: the days are taken, and the error says by what."""
    pilot = await world.pilot()
    half = {"startsOn": "2022-01-01", "endsOn": "2022-06-30"}
    first = await world.inventory(pilot, covers=half)
    await world.record(first, source())
    await world.submit(first)
    second = await world.inventory(pilot)
    await world.record(second, source())
    payload = await world.operator.refused("submitInventory", inventory=second)
    assert payload["code"] == "INVENTORY_OVERLAP"
    rest = {"startsOn": "2022-07-01", "endsOn": "2022-12-31"}
    third = await world.inventory(pilot, covers=rest)
    await world.record(third, source())
    await world.submit(third)
    other_basis = await world.inventory(pilot, basis="HISTORICAL")
    await world.record(other_basis, source())
    await world.submit(other_basis)


async def test_a_change_is_a_new_version(world: World) -> None:
    pilot = await world.pilot()
    first = await world.inventory(pilot)
    await world.record(first, source())
    payload = await world.operator.refused("reviseInventory", inventory=first)
    assert payload["code"] == "INVENTORY_STATUS_CONFLICT"
    await world.submit(first)
    second = (await world.operator.made("reviseInventory", "inventory { id }", inventory=first))[
        "id"
    ]
    found = await read(world, second)
    assert (found["version"], found["status"]) == (2, "DRAFT")
    assert [line["co2e"] for line in found["emissionSources"]["nodes"]] == ["0.440300"]
    payload = await world.operator.refused("reviseInventory", inventory=first)
    assert payload["code"] == "INVENTORY_SUPERSEDED"

    await world.record(second, source())
    query = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
        gross { co2e } assurance inventories { nodes { id } } } } }"""

    async def statement() -> Any:
        return (await world.operator.ask(query, id=pilot["id"]))["pilot"]["netEmissions"]

    assert (await statement())["inventories"]["nodes"] == [{"id": first}]
    await world.submit(second, verify=False)
    assert (await statement())["inventories"]["nodes"] == [{"id": first}], (
        "verified beats submitted"
    )
    opinion = {
        "level": "LIMITED",
        "acknowledged": [{"code": "RECORDED_TWICE", "reason": "两台设备的用电量相同"}],
    }
    await world.verifier.made(
        "verifyInventory", "inventory { id }", inventory=second, opinion=opinion
    )
    now = await statement()
    assert now["inventories"]["nodes"] == [{"id": second}]
    assert now["gross"]["co2e"] == "0.880600"
    assert [v["version"] for v in (await read(world, first))["versions"]["nodes"]] == [1, 2]


async def test_a_superseded_version_is_not_verified(world: World) -> None:
    pilot = await world.pilot()
    first = await world.inventory(pilot)
    await world.record(first, source())
    await world.submit(first, verify=False)
    second = (await world.operator.made("reviseInventory", "inventory { id }", inventory=first))[
        "id"
    ]
    await world.submit(second, verify=False)
    payload = await world.verifier.refused("verifyInventory", inventory=first)
    assert payload["code"] == "INVENTORY_SUPERSEDED"


async def test_a_line_shows_its_working(world: World) -> None:
    """The multipliers, multiplied by hand, give the result."""
    pilot = await world.pilot("TRANSPORT")
    inventory = await world.inventory(pilot, 2023)
    line = source(
        "VEHICLE_FUEL", factor="prov2025.diesel", activity={"value": "1000", "unit": "升"},
        density={"value": "0.84", "unit": "kg/L"},
    )  # fmt: skip
    await world.record(inventory, line)
    data = await world.operator.ask(
        """query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes {
            activity { value unit } density { value unit } co2e gases { tonnes }
            explain { co2e gases { gas tonnes expression
                multipliers { name { zh en } value unit source { title } } } } } } } } }""",
        id=inventory,
    )
    found = data["node"]["emissionSources"]["nodes"][0]
    working = found["explain"]["gases"][0]
    product = Decimal(1)
    for multiplier in working["multipliers"]:
        top, _, bottom = multiplier["value"].partition("/")
        product = product * Decimal(top) / Decimal(bottom or 1)
    assert product.quantize(Decimal("0.000000001")) == Decimal(working["tonnes"])
    assert working["tonnes"] == found["gases"][0]["tonnes"] == "2.600564095"
    assert found["activity"]["unit"] == "L"
    assert "44/12" in working["expression"]
    titles = [m["source"]["title"] for m in working["multipliers"] if m["source"]]
    assert titles, "the factor's parts name their source"


async def test_a_factor_of_ones_own(world: World) -> None:
    pilot = await world.pilot("PARK")
    inventory = await world.inventory(pilot)
    own = {
        "name": "供热站实测", "source": "2022年实测报告",
        "gases": [
            {"gas": "CO2", "parts": [{"quantity": "实测", "value": "0.08", "unit": "tCO2/GJ"}]},
            {"gas": "CH4", "parts": [{"quantity": "实测", "value": "1", "unit": "kgCH4/TJ"}]},
        ],
    }  # fmt: skip
    line = source(
        "BUILDING_ENERGY", factor=None, ownFactor=own, activity={"value": "1000", "unit": "GJ"}
    )
    await world.record(inventory, line)
    found = (await read(world, inventory))["emissionSources"]["nodes"][0]
    assert Decimal(found["co2e"]) == Decimal("80.028")
    assert found["warnings"] == ["FACTOR_OWN"]
    assert found["factor"]["sources"] == [{"title": "2022年实测报告", "confidence": "SUPPLIED"}]
    wrong = line | {"activity": {"value": "1", "unit": "km"}}
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[wrong]
    )
    assert payload["code"] == "UNIT_DOES_NOT_FIT"
    no_source = line | {"ownFactor": own | {"source": ""}}
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[no_source]
    )
    assert payload["path"] == ["input", "sources", "0", "ownFactor", "source"]


async def test_a_herd_is_counted_over_a_whole_year(world: World) -> None:
    pilot = await world.pilot("COMMUNITY_RURAL")
    line = {
        "category": "LIVESTOCK", "label": "牛", "factor": "live.ipcc.enteric.dairy",
        "activity": {"value": "100", "unit": "头"},
    }  # fmt: skip
    year = await world.inventory(pilot)
    await world.record(year, line)
    found = (await read(world, year))["emissionSources"]["nodes"][0]
    assert Decimal(found["co2e"]) == Decimal("190.4")
    half = await world.inventory(
        pilot, 2023, covers={"startsOn": "2023-01-01", "endsOn": "2023-06-30"}
    )
    payload = await world.operator.refused("recordEmissionSources", inventory=half, sources=[line])
    assert payload["code"] == "UNIT_DOES_NOT_FIT"
    exact = line | {"activity": {"value": "50", "unit": "head·yr"}}
    await world.record(half, exact)


async def test_what_weighs_little_and_warms_much_is_not_rounded_away(world: World) -> None:
    """0.4 g of SF6 is 9.4 kg CO2e by the fifth report; rounded to a gram first, it was nothing."""
    inventory = await world.inventory(await world.pilot("PARK"))
    await world.record(inventory, measured("INDUSTRIAL_PROCESSES", "0.4", "sf6", "gSF6"))
    data = await world.operator.ask(
        """query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes {
            rounding co2e gases { tonnes co2e } explain { gases { expression } } } } } } }""",
        id=inventory,
    )
    assert data["node"]["emissionSources"]["nodes"] == [
        {
            "rounding": "CO2E",
            "co2e": "0.009400",
            "gases": [{"tonnes": "0.0000004", "co2e": "0.009400"}],
            "explain": {
                "gases": [
                    {"expression": "0.4 gSF6 × 1/1000000 = 0.0000004 t SF6 × 23500 = 0.0094 t CO2e"}
                ]
            },
        }
    ]


async def test_an_inventory_takes_only_so_many_lines(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_LINES", 3)
    inventory = await world.inventory(await world.pilot())
    lines = [source(label=str(n), activity={"value": f"10{n}1", "unit": "kWh"}) for n in range(3)]
    await world.record(inventory, *lines[:2])
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=lines[1:]
    )
    assert (payload["code"], payload["path"]) == ("INVENTORY_FULL", ["input", "inventory"])
    assert payload["message"]["zh"] == (
        "清单已有2行，最多3行，不能再记2行：同类的活动数据可先汇总为一行"
    )
    await world.record(inventory, lines[2])
