"""Power or heat that is bought and accounted at zero, or nearly, says why and by which document."""

from typing import Any

import pytest

from tests.world import World, key

BASIS = {"reason": "RENEWABLE_POWER_SUPPLY", "evidence": "直供协议2022-03"}

SOURCES = """query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes {
    id co2e zeroFactorBasis { reason evidence } } } } } }"""

REFUSED = """mutation ($input: RecordEmissionSourcesInput!) { recordEmissionSources(input: $input) {
    __typename ... on UserError { code path message { zh en } }
    ... on ZeroFactorUnexplained { value least unit accepted } } }"""


def own(
    category: str, value: str, unit: str, activity: str = "kWh", gas: str = "CO2", **more: Any
) -> dict[str, Any]:
    parts = [{"quantity": "系数", "value": value, "unit": unit}]
    factor = {"name": "直供", "source": "合同", "gases": [{"gas": gas, "parts": parts}]}
    stated = {"value": "1000", "unit": activity}
    return {"category": category, "label": "x", "activity": stated, "ownFactor": factor} | more


async def answer(world: World, given: dict[str, Any], verb: str = "recordEmissionSources") -> Any:
    inventory = await world.inventory(await world.pilot("ENTERPRISE"))
    data = await world.operator.ask(
        REFUSED, input={"idempotencyKey": key(), "inventory": inventory, "sources": [given]}
    )
    payload = data[verb]
    return payload | {"path": ".".join(payload.get("path", [])[3:])}


@pytest.mark.parametrize(
    ("given", "value", "least", "unit"),
    [
        (own("PURCHASED_ELECTRICITY", "0", "kgCO2/kWh"), "0", "0.01", "kgCO2e/kWh"),
        (own("PURCHASED_ELECTRICITY", "0.00999", "kgCO2/kWh"), "0.00999", "0.01", "kgCO2e/kWh"),
        (own("PURCHASED_ELECTRICITY", "2", "tCO2/TJ", "GJ"), "0.0072", "0.01", "kgCO2e/kWh"),
        (own("ENERGY_CONSUMPTION", "0", "kgCO2/kWh"), "0", "0.01", "kgCO2e/kWh"),
        (own("ENERGY_ACTIVITIES", "0", "kgCO2e/kWh", gas="CO2E"), "0", "0.01", "kgCO2e/kWh"),
        (own("BUILDING_ENERGY", "0.0003", "kgCH4/kWh", gas="CH4"), "0.0084", "0.01", "kgCO2e/kWh"),
        (own("TRANSPORT_ENERGY", "0", "kgCO2/kWh"), "0", "0.01", "kgCO2e/kWh"),
        (own("OTHER", "0", "kgCO2/kWh"), "0", "0.01", "kgCO2e/kWh"),
        (own("PURCHASED_HEAT", "0.0099", "tCO2/GJ", "GJ"), "0.0099", "0.01", "tCO2e/GJ"),
        (own("PURCHASED_HEAT", "0", "tCO2/t", "t"), "0", "0", "kgCO2e/kWh"),
        (own("VEHICLE_FUEL", "0", "kgCO2/kWh"), "0", "0", "kgCO2e/kWh"),
    ],
)
async def test_a_factor_of_nothing_is_refused_without_its_reason(
    shared_world: World, given: dict[str, Any], value: str, least: str, unit: str
) -> None:
    payload = await answer(shared_world, given)
    assert (payload["code"], payload["path"]) == ("ZERO_FACTOR_UNEXPLAINED", "zeroFactorBasis")
    assert (payload["value"], payload["least"], payload["unit"]) == (value, least, unit)
    assert "WASTE_HEAT_SUPPLY" in payload["accepted"]
    assert "OWN_GENERATION" in payload["message"]["en"]
    assert "自产电力、热力" in payload["message"]["zh"]


@pytest.mark.parametrize(
    "given",
    [
        own("PURCHASED_ELECTRICITY", "0.01", "kgCO2/kWh"),
        own("ENERGY_CONSUMPTION", "0.01", "tCO2/GJ", "GJ"),
        own("PURCHASED_HEAT", "0.01", "tCO2/GJ", "GJ"),
        # A fuel's methane alone is little, and what is sold at zero deducts nothing.
        own("BIOMASS_BURNING", "0.001", "kgCH4/GJ", "GJ", "CH4"),
        own("EXPORTED_ELECTRICITY", "0", "kgCO2/kWh"),
        own("FUEL_FIXED_EQUIPMENT", "0", "tCO2/t", "t"),
    ],
)
async def test_a_factor_that_needs_no_reason(shared_world: World, given: dict[str, Any]) -> None:
    assert (await answer(shared_world, given))["__typename"] == "RecordEmissionSourcesSuccess"
    said = await answer(shared_world, given | {"zeroFactorBasis": BASIS})
    assert (said["code"], said["path"]) == ("INVALID_INPUT", "zeroFactorBasis")


async def test_a_published_factor_and_a_sink_have_none(shared_world: World) -> None:
    world = shared_world
    listed = own("PURCHASED_ELECTRICITY", "0", "kgCO2/kWh", zeroFactorBasis=BASIS)
    listed |= {"ownFactor": None, "factor": "elec.guangdong.avg.2022"}
    payload = await answer(world, listed)
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", "zeroFactorBasis")
    forest = own("FORESTRY_SINK", "0", "tCO2/ha/yr", "ha*yr", zeroFactorBasis=BASIS)
    inventory = await world.inventory(await world.pilot("PARK"))
    refused = await world.operator.refused("recordSinks", inventory=inventory, sinks=[forest])
    assert refused["code"] == "INVALID_INPUT"
    assert refused["path"] == ["input", "sinks", "0", "zeroFactorBasis"]


@pytest.mark.parametrize("evidence", ["", " ", "x" * 501])
async def test_evidence_that_says_nothing(shared_world: World, evidence: str) -> None:
    given = own("PURCHASED_ELECTRICITY", "0", "kgCO2/kWh")
    said = await answer(shared_world, given | {"zeroFactorBasis": BASIS | {"evidence": evidence}})
    assert (said["code"], said["path"]) == ("INVALID_INPUT", "zeroFactorBasis.evidence")


async def test_a_line_shows_why_it_is_zero_in_the_next_version_too(world: World) -> None:
    inventory = await world.inventory(await world.pilot("ENTERPRISE"))
    heat = {"reason": "WASTE_HEAT_SUPPLY", "evidence": "余热供热合同"}
    given = (
        own("PURCHASED_ELECTRICITY", "0", "kgCO2/kWh", zeroFactorBasis=BASIS),
        own("PURCHASED_HEAT", "0.005", "tCO2/GJ", "GJ", zeroFactorBasis=heat),
        own("PURCHASED_HEAT", "0.08", "tCO2/GJ", "GJ"),
    )
    await world.record(inventory, *given)
    await world.submit(inventory)
    revise = world.operator.made
    second = await revise("reviseInventory", "inventory { id }", inventory=inventory)
    await world.submit(second["id"])
    third = await revise(
        "reviseInventory", "inventory { id }", inventory=second["id"], gwpSet="AR6",
        factorList="ipcc2006-gd-2022",
    )  # fmt: skip
    for version in (inventory, second["id"], third["id"]):
        nodes = (await world.operator.ask(SOURCES, id=version))["node"]["emissionSources"]["nodes"]
        assert [(node["co2e"], node["zeroFactorBasis"]) for node in nodes] == [
            ("0.000000", BASIS),
            ("5.000000", heat),
            ("80.000000", None),
        ]
