"""Densities, loads and heating values as a client states them: what is taken, and what is a slip."""

from decimal import Decimal
from typing import Any

import pytest

from tests.world import World, key

REFUSED = """mutation ($input: RecordEmissionSourcesInput!) { recordEmissionSources(input: $input) {
    ... on UserError { code path message { zh en } }
    ... on ConversionImplausible { value unit subject leastPlausible mostPlausible typical rangeUnit
        meant locator confidence source { zh en } } } }"""
READ = """query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes { co2e } } } } }"""

OWN = {
    "name": "实测柴油",
    "source": "报告",
    "gases": [
        {"gas": "CO2", "parts": [{"quantity": "系数", "value": "3.1", "unit": "tCO2/t"}]},
    ],
}


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all: what is refused leaves nothing behind."""
    return shared_world


def line(
    category: str, value: str, unit: str, factor: Any, density: tuple[str, str]
) -> dict[str, Any]:
    given = {"ownFactor": factor} if isinstance(factor, dict) else {"factor": factor}
    return {
        "category": category,
        "label": "x",
        "activity": {"value": value, "unit": unit},
        "density": {"value": density[0], "unit": density[1]},
    } | given


@pytest.mark.parametrize(
    ("variant", "given", "expected"),
    [
        (
            "PARK",
            line("ENERGY_CONSUMPTION", "1000", "L", "prov2025.diesel", ("840", "kg/L")),
            ("0.78", "0.92", "0.84", "kg/L", "kg/m3", "TRANSCRIPTION"),
        ),
        (
            "PARK",
            line("ENERGY_CONSUMPTION", "1000", "L", "prov2025.gasoline", ("0.0007", "kg/L")),
            ("0.68", "0.8", "0.74", "kg/L", "t/L", "COMPUTED"),
        ),
        (
            "TOWN",
            line("WASTE", "1000", "m3", "waste.ww.dom.septic", ("150", "kgBOD/m3")),
            ("1", "20000", "200", "mgBOD/L", "mgBOD/L", "COMPUTED"),
        ),
        (
            "PARK",
            line("ENERGY_CONSUMPTION", "100", "t", "heat.default", ("28", "GJ/t")),
            ("1.8", "3.6", "2.76", "GJ/t", None, "COMPUTED"),
        ),
        (
            "PARK",
            line("ENERGY_CONSUMPTION", "1000", "L", OWN, ("840", "kg/L")),
            ("0.00005", "25", "1", "t/m3", "kg/m3", "COMPUTED"),
        ),
    ],
)
async def test_a_slip_is_refused_with_what_would_be_right(
    world: World, variant: str, given: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    inventory = await world.inventory(await world.pilot(variant))
    before = await world.head()
    values = {"idempotencyKey": key(), "inventory": inventory, "sources": [given]}
    data = await world.operator.ask(REFUSED, input=values)
    refused = data["recordEmissionSources"]
    assert await world.head() == before, "something was written"
    assert refused["code"] == "CONVERSION_IMPLAUSIBLE"
    assert refused["path"] == ["input", "sources", "0", "density", "value"]
    names = ("leastPlausible", "mostPlausible", "typical", "rangeUnit", "meant", "confidence")
    assert tuple(refused[name] for name in names) == expected
    assert (refused["value"], refused["unit"]) == tuple(given["density"].values())
    assert refused["subject"] == given.get("factor", OWN["name"])
    for language in ("zh", "en"):
        assert refused["source"][language] in refused["message"][language]
    assert ("did you mean" in refused["message"]["en"]) == (refused["meant"] is not None)


@pytest.mark.parametrize(
    ("category", "value", "unit", "factor", "density"),
    [
        ("ENERGY_CONSUMPTION", "1000", "L", "prov2025.diesel", ("840", "kg/m3")),
        ("ENERGY_CONSUMPTION", "1", "m3", "prov2025.diesel", ("0.84", "kg/L")),
    ],
)
async def test_a_thousand_litres_of_diesel(
    world: World, category: str, value: str, unit: str, factor: str, density: tuple[str, str]
) -> None:
    """840 kg, whichever way it is written: not 2,642 t."""
    inventory = await world.inventory(await world.pilot("PARK"))
    await world.record(inventory, line(category, value, unit, factor, density))
    mass = {"category": category, "label": "y", "activity": {"value": "840", "unit": "kg"}}
    await world.record(inventory, mass | {"factor": factor})
    data = await world.operator.ask(READ, id=inventory)
    litres, kilograms = data["node"]["emissionSources"]["nodes"]
    assert litres["co2e"] == kilograms["co2e"]
    assert Decimal("2.6") < Decimal(litres["co2e"]) < Decimal("2.7")


async def test_steam_at_its_enthalpy_is_taken(world: World) -> None:
    """100 t × 2.76 GJ/t, as much as 276 GJ."""
    inventory = await world.inventory(await world.pilot("PARK"))
    steam = line("ENERGY_CONSUMPTION", "100", "t", "heat.default", ("2.76", "GJ/t"))
    heat = {"category": "ENERGY_CONSUMPTION", "label": "y", "factor": "heat.default"}
    await world.record(inventory, steam, heat | {"activity": {"value": "276", "unit": "GJ"}})
    data = await world.operator.ask(READ, id=inventory)
    by_mass, by_heat = data["node"]["emissionSources"]["nodes"]
    assert by_mass["co2e"] == by_heat["co2e"] != "0.000000"
