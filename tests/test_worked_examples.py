"""The worked examples, exactly, through GraphQL: factors, lines, units, serial blocks, net."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.examples import worked_examples
from tests.world import SINK_BASIS, World


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


LINES = """
    query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources(first: 100) { nodes {
        label co2e gases { gas tonnes co2e } explain { co2e gases { expression } }
    } } } } }
"""

NET = """
    query ($id: ID!, $year: Int!) { pilot(by: {id: $id}) { netEmissions(period: {year: $year}) {
        gross { co2e } sinks { co2e } purchasedReductions { quantity } netCo2e
        creditsToZero furtherCreditsToZero
    } } }
"""

FUELS = {
    "fuel.pub.raw_coal": "prov2011.raw_coal",
    "fuel.pub.coke": "prov2011.coke",
    "fuel.pub.crude_oil": "prov2011.crude_oil",
    "fuel.pub.fuel_oil": "prov2011.fuel_oil",
    "fuel.pub.gasoline": "prov2011.gasoline",
    "fuel.pub.kerosene": "prov2011.kerosene",
    "fuel.pub.diesel": "prov2011.diesel",
    "fuel.pub.lpg": "prov2011.lpg",
    "fuel.pub.refinery_gas": "prov2011.refinery_gas",
    "fuel.pub.natural_gas": "prov2011.natural_gas",
}


def line(
    category: str, label: str, value: Any, unit: str, factor: str | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "category": category,
        "label": label,
        "activity": {"value": str(value), "unit": unit},
        "factor": factor,
    } | more


async def lines_of(world: World, inventory: str) -> dict[str, Any]:
    data = await world.operator.ask(LINES, id=inventory)
    return {item["label"]: item for item in data["node"]["emissionSources"]["nodes"]}


async def net_of(world: World, pilot: dict[str, Any], year: int) -> Any:
    data = await world.operator.ask(NET, id=pilot["id"], year=year)
    return data["pilot"]["netEmissions"]


@pytest.mark.parametrize("example_id", FUELS)
async def test_a_published_fuel_factor(world: World, example_id: str) -> None:
    """The list's factor, and the same parts brought as a factor of one's own, give the published
    value at its printed digits."""
    example = worked_examples()[example_id]
    inputs, expected = example["inputs"], Decimal(example["expected"]["factor"])
    data = await world.anyone.ask(
        "query ($code: String!) { emissionFactor(code: $code) { gases { value unit } } }",
        code=FUELS[example_id],
    )
    gas = data["emissionFactor"]["gases"][0]
    assert gas["unit"] == example["expected"]["unit"].replace(" ", "")
    assert Decimal(gas["value"]).quantize(Decimal("0.0001"), ROUND_HALF_UP) == expected

    gaseous = example_id.endswith("natural_gas")
    heat, unit = ("GJ/10^3Nm3", "10^3Nm3") if gaseous else ("GJ/t", "t")
    pilot = await world.pilot("ENTERPRISE")
    inventory = await world.inventory(pilot)
    own = {
        "name": example["title"],
        "source": example["source"],
        "gases": [
            {
                "gas": "CO2",
                "parts": [
                    {"quantity": "低位发热量", "value": inputs["lhv_GJ_per_unit"], "unit": heat},
                    {"quantity": "含碳量", "value": inputs["carbon_tC_per_TJ"], "unit": "tC/TJ"},
                    {"quantity": "氧化率", "value": inputs["oxidation"], "unit": "1"},
                ],
            }
        ],
    }
    await world.record(inventory, line("FUEL_FIXED_EQUIPMENT", "one", 1, unit, ownFactor=own))
    co2e = Decimal((await lines_of(world, inventory))["one"]["co2e"])
    assert co2e.quantize(Decimal("0.0001"), ROUND_HALF_UP) == expected


async def test_waste_factors(world: World) -> None:
    examples = worked_examples()
    pilot = await world.pilot("TOWN")
    inventory = await world.inventory(pilot, gwpSet="AR5")
    septic, aerobic = examples["waste.2025.ww.septic"], examples["waste.2025.ww.aerobic"]
    concentration = {"value": septic["inputs"]["od_mg_per_L"], "unit": "mgBOD/L"}
    await world.record(
        inventory,
        line("WASTE", "msw", 1, "t", "waste.2025.inc.msw"),
        line("WASTE", "septic", 1, "m3", "waste.ww.dom.septic", density=concentration),
        line("WASTE", "aerobic", 1, "m3", "waste.ww.dom.aerobic", density=concentration),
    )
    found = await lines_of(world, inventory)
    expected = examples["waste.2025.msw"]["expected"]["factor_tCO2_per_t"]
    assert found["msw"]["co2e"] == expected
    for name, example in (("septic", septic), ("aerobic", aerobic)):
        expected = Decimal(example["expected"]["factor_tCO2e_per_m3"])
        assert Decimal(found[name]["co2e"]) == expected


async def test_grid_factors_move_as_published(world: World) -> None:
    example = worked_examples()["elec.trend"]
    codes = {
        "national": "elec.national.avg",
        "south": "elec.south.avg",
        "residual": "elec.national.residual",
        "fossil": "elec.national.fossil",
    }
    data = await world.anyone.ask(
        "{ emissionFactors(kind: ELECTRICITY, first: 100) { nodes { code gases { value unit } } } }"
    )
    gases = {node["code"]: node["gases"][0] for node in data["emissionFactors"]["nodes"]}
    values = {code: Decimal(gas["value"]) for code, gas in gases.items()}
    assert {gas["unit"] for gas in gases.values()} == {"kgCO2/kWh"}
    for name, of_years in example["inputs"].items():
        for year, published in of_years.items():
            assert gases[f"{codes[name]}.{year}"]["value"] == published
    for name, change in example["expected"].items():
        series, year = name.rsplit("_", 1)
        new = values[f"{codes[series]}.{year}"]
        old = values[f"{codes[series]}.{int(year) - 1}"]
        percent = (new - old) / old * 100
        assert abs(percent - Decimal(change.rstrip("%"))) <= Decimal("0.05")


async def test_a_forest_that_will_grow_is_a_sink_not_a_retirement(world: World) -> None:
    """G20: 334 mu × 1 t × 20 years cover the event; nothing of it is retired on day one."""
    example = worked_examples()["event.g20"]
    inputs = example["inputs"]
    pilot = await world.pilot("PARK")
    inventory = await world.inventory(pilot)
    sink = line("FORESTRY_SINK", "forest", inputs["forest_mu"], "亩", "forest.carbonforest.rule")
    await world.record(inventory, sink, sinks=True)
    await world.submit(inventory)
    net = await net_of(world, pilot, 2022)
    a_year = Decimal(net["sinks"]["co2e"])
    assert a_year * inputs["years"] == example["expected"]["uptake_tCO2e"]
    assert net["purchasedReductions"]["quantity"] == "0"


@pytest.mark.parametrize(
    "example_id",
    [
        "serial.19385-941467007-941467431-VCS-VC",
        "serial.19380-941382555-941382741-VCS-VC",
        "serial.19381-941412555-941441125-VCS-VC",
        "serial.GS1-1-KE-GS11603-16-2025-30256-1",
        "serial.CAR-1-US-1335-31-983-KS-2025-920",
        "serial.ACR-FR-1129-2025-2917-30932",
    ],
)
async def test_a_serial_block(world: World, example_id: str) -> None:
    """The text is read, and issued as the block that it is."""
    example = worked_examples()[example_id]
    inputs, expected = example["inputs"], example["expected"]["quantity"]
    data = await world.anyone.ask(
        "query ($t: String!) { serialBlock(text: $t) { first last quantity } }", t=inputs["serial"]
    )
    assert data["serialBlock"] == {
        "first": str(inputs["start"]),
        "last": str(inputs["end"]),
        "quantity": str(expected),
    }
    batch = await world.registry.made(
        "issueCredits",
        "batch { quantity serials { first last } }",
        project=await world.project(),
        programme="CCER",
        serials={"text": inputs["serial"]},
        quantity=str(expected),
        production={"vintage": 2022},
        reductionsRegisteredOn="2024-01-15",
        holder=world.holder.organisation,
    )
    assert batch["quantity"] == str(expected)


async def test_the_registrys_own_example_that_is_off_by_one(world: World) -> None:
    """CAR's user guide states 29,250 t for a range of 29,251 serials: refused, both are named."""
    example = worked_examples()["serial.car_manual_trap"]
    error = await world.registry.refused(
        "issueCredits",
        project=await world.project(),
        programme="CCER",
        serials={"text": example["inputs"]["serial"]},
        quantity=str(example["inputs"]["stated_quantity"]),
        production={"vintage": 2022},
        reductionsRegisteredOn="2024-01-15",
        holder=world.holder.organisation,
    )
    assert error["code"] == "QUANTITY_MISMATCH"
    assert str(example["expected"]["computed"]) in error["message"]["en"]


async def test_a_partial_transfer_splits_the_block(world: World) -> None:
    """UNDP: the owner keeps the first sub-block and gives the last."""
    example = worked_examples()["serial.undp_issue"]
    project = await world.project()
    for text in example["inputs"]["issue"]:
        reading = (
            await world.anyone.ask(
                "query ($t: String!) { serialBlock(text: $t) { prefix first last quantity } }",
                t=text,
            )
        )["serialBlock"]
        await world.issue(project, reading["prefix"], int(reading["first"]), int(reading["last"]))
    buyer = world.operator.organisation
    moved = await world.registry.made(
        "transferCredits",
        "transfer { quantity programme { code } movements { nodes { quantity } } }",
        programme="CCER",
        serials={"text": "CA0004-VU-CH-356-2001-3000-2023"},
        **{"from": world.holder.organisation, "to": buyer},
    )
    tonnes = str(example["inputs"]["transfer"])
    assert moved == {
        "quantity": tonnes,
        "programme": {"code": "CCER"},
        "movements": {"nodes": [{"quantity": tonnes}]},
    }
    owner = """query ($t: String!) { creditSerial(by: {programme: CCER, text: $t}) {
        account { organisation { id } } } }"""
    for serial, holder in ((1, world.holder), (2000, world.holder), (2001, world.operator),
                           (3000, world.operator), (3001, world.holder)):  # fmt: skip
        found = await world.anyone.ask(owner, t=f"CA0004-VU-CH-356-{serial}")
        assert found["creditSerial"]["account"]["organisation"]["id"] == holder.organisation


async def test_registered_is_not_issued(world: World) -> None:
    """Shanwei's wind farm is registered and has no CCER number yet: there is nothing to retire."""
    example = worked_examples()["ccer.shanwei"]
    await world.project(name={"zh": example["title"], "en": "Shanwei Jiazi I offshore wind"})
    pilot = await world.pilot()
    error = await world.registry.refused(
        "retireCredits", **world.retirement(pilot, "GD-SHANWEI", 1, 10)
    )
    assert error["code"] == "SERIALS_NOT_ISSUED"


async def test_the_constructed_building(world: World) -> None:
    example = worked_examples()["constructed.building"]
    inputs, expected = example["inputs"], example["expected"]
    pilot = await world.pilot("BUILDING_EXISTING")
    inventory = await world.inventory(pilot, 2022)
    energy = "ENERGY_CONSUMPTION"
    await world.record(
        inventory,
        line(energy, "electricity", inputs["electricity_kwh"], "kWh", inputs["elec_factor"]),
        line(energy, "gas", inputs["natural_gas_1e4Nm3"], "10⁴Nm³", inputs["gas_factor"]),
    )
    sink = line("FORESTRY_SINK", "sink", inputs["forestry_sink_tCO2"], "tCO2", "measured.co2")
    await world.record(inventory, sink | SINK_BASIS, sinks=True)
    await world.submit(inventory)
    await world.issue(await world.project(), "GD-B")
    await world.registry.made(
        "retireCredits",
        "retirement { id }",
        **world.retirement(pilot, "GD-B", 1, inputs["retired_outside_units"]),
    )
    found = await lines_of(world, inventory)
    assert found["electricity"]["co2e"] == expected["electricity_tCO2"]
    assert found["gas"]["co2e"] == expected["gas_tCO2"]
    net = await net_of(world, pilot, 2022)
    assert net["gross"]["co2e"] == expected["gross_tCO2"]
    assert net["netCo2e"] == expected["net_tCO2"]
    assert net["creditsToZero"] == expected["units_to_reach_zero"]
    assert net["furtherCreditsToZero"] == expected["further_units"]


async def test_the_constructed_transport(world: World) -> None:
    example = worked_examples()["constructed.transport"]
    inputs, expected = example["inputs"], example["expected"]
    pilot = await world.pilot("TRANSPORT")
    inventory = await world.inventory(pilot, 2023, gwpSet="AR5")
    electricity = "elec.guangdong.avg.2023"
    await world.record(
        inventory,
        line("VEHICLE_FUEL", "diesel", inputs["diesel_t"], "t", "prov2025.diesel"),
        line("EXHAUST_TREATMENT", "urea", inputs["urea_kg"], "kg", "trans.urea"),
        line("PURCHASED_ELECTRICITY", "power", inputs["electricity_kwh"], "kWh", electricity),
        line("VEHICLE_FUEL", "km", inputs["heavy_diesel_km"], "km", "trans.heavy.diesel.all"),
    )
    await world.submit(inventory)
    found = await lines_of(world, inventory)
    gases = {gas["gas"]: Decimal(gas["co2e"]) for gas in found["km"]["gases"]}
    assert found["diesel"]["co2e"] == expected["diesel_tCO2"]
    assert found["urea"]["co2e"] == expected["urea_tCO2"]
    assert found["power"]["co2e"] == expected["electricity_tCO2"]
    assert gases["CH4"] == Decimal(expected["ch4_tCO2e"])
    assert gases["N2O"] == Decimal(expected["n2o_tCO2e"])
    net = await net_of(world, pilot, 2023)
    assert Decimal(net["gross"]["co2e"]) == Decimal(expected["gross_tCO2e"])


async def test_the_constructed_nesting(world: World) -> None:
    """One beneficiary a tonne: the credit of the building changes no other pilot's own net."""
    example = worked_examples()["constructed.nesting"]
    inputs, expected = example["inputs"], example["expected"]
    town = await world.pilot("TOWN")
    park = await world.pilot("PARK", surroundingPilot=town["id"])
    building = await world.pilot("BUILDING_EXISTING", surroundingPilot=park["id"])
    for pilot, gross, category in (
        (town, inputs["town_gross_total"], "WASTE"),
        (park, inputs["park_gross_total"], "INDUSTRIAL_PROCESSES"),
    ):
        inventory = await world.inventory(pilot)
        await world.record(inventory, line(category, "all", gross, "tCO2", "measured.co2"))
        await world.submit(inventory)
    inventory = await world.inventory(building)
    own = {
        "name": "whole building",
        "source": "made up",
        "gases": [
            {"gas": "CO2", "parts": [{"quantity": "factor", "value": "1", "unit": "tCO2/GJ"}]}
        ],
    }
    gross = inputs["building_gross"]
    await world.record(inventory, line("ENERGY_CONSUMPTION", "all", gross, "GJ", ownFactor=own))
    await world.submit(inventory)
    await world.issue(await world.project(), "GD-N")
    await world.registry.made(
        "retireCredits",
        "retirement { id }",
        **world.retirement(building, "GD-N", 1, inputs["retired_for_building"]),
    )
    assert Decimal((await net_of(world, building, 2022))["netCo2e"]) == expected["building_net"]
    assert Decimal((await net_of(world, park, 2022))["netCo2e"]) == inputs["park_gross_total"]
    assert Decimal((await net_of(world, town, 2022))["netCo2e"]) == inputs["town_gross_total"]
