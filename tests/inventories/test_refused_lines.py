"""Lines that an inventory does not take: why, and where in the input."""

from typing import Any

import pytest

from nzc_api.inventories.service import MOST_LINES_AT_ONCE
from tests.world import SINK_BASIS, World, key


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all: what is refused leaves nothing behind."""
    return shared_world


def own(*gases: tuple[str, str]) -> dict[str, Any]:
    """A factor of one's own: each gas with the unit of its only part."""
    return {
        "name": "供热站实测",
        "source": "报告",
        "gases": [
            {"gas": gas, "parts": [{"quantity": "系数", "value": "0.44", "unit": unit}]}
            for gas, unit in gases
        ],
    }


def line(category: str, value: str, unit: str, factor: Any) -> dict[str, Any]:
    given = {"ownFactor": factor} if isinstance(factor, dict) else {"factor": factor}
    return {"category": category, "label": "x", "activity": {"value": value, "unit": unit}} | given


async def refused(
    world: World, variant: str, given: dict[str, Any], *, sink: bool = False, **terms: Any
) -> Any:
    inventory = await world.inventory(await world.pilot(variant), **terms)
    verb, field = ("recordSinks", "sinks") if sink else ("recordEmissionSources", "sources")
    before = await world.head()
    payload = await world.operator.refused(verb, inventory=inventory, **{field: [given]})
    assert await world.head() == before, "something was written"
    assert payload["path"][:3] == ["input", field, "0"]
    return payload | {"path": ".".join(payload["path"][3:])}


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        (
            line("FORESTRY_SINK", "1000000", "kWh", own(("CO2", "kgCO2/kWh"))),
            "UNIT_DOES_NOT_FIT",
            "ownFactor.gases.0.parts.0.unit",
        ),
        (line("FORESTRY_SINK", "1", "kgSF6", "measured.sf6"), "SINK_GAS_REFUSED", "factor"),
        (
            line("FORESTRY_SINK", "1", "ha·yr", own(("CO2", "tCO2/ha/yr"), ("CH4", "kgCH4/ha/yr"))),
            "SINK_GAS_REFUSED",
            "ownFactor.gases.1.gas",
        ),
        (
            line("FORESTRY_SINK", "1", "t", "prov2025.diesel"),
            "FACTOR_DOES_NOT_FIT_CATEGORY",
            "factor",
        ),
        (line("WASTE", "1", "tCO2", "measured.co2"), "CATEGORY_ROLE_MISMATCH", "category"),
    ],
)
async def test_a_sink_that_is_none(
    world: World, given: dict[str, Any], code: str, path: str
) -> None:
    payload = await refused(world, "PARK", given, sink=True)
    assert (payload["code"], payload["path"]) == (code, path)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("tCO2", "measured.co2"),
        ("tC", own(("CO2", "tCO2/tC"))),
        ("mu*yr", "forest.carbonforest.rule"),
        ("ha·yr", own(("CO2", "tC/ha/yr"))),
    ],
)
async def test_a_sink_that_is_one(world: World, unit: str, factor: Any) -> None:
    inventory = await world.inventory(await world.pilot("PARK"))
    sink = line("FORESTRY_SINK", "3", unit, factor) | SINK_BASIS
    await world.record(inventory, sink, sinks=True)


async def test_the_uptake_of_forests_is_no_source(world: World) -> None:
    given = line("LUCF", "1", "mu*yr", "forest.carbonforest.rule")
    payload = await refused(world, "TOWN", given)
    assert (payload["code"], payload["path"]) == ("FACTOR_DOES_NOT_FIT_CATEGORY", "factor")


async def test_a_gas_outside_the_basket_has_a_line_of_its_own(world: World) -> None:
    """R22 in a blend would make a memo line of the whole, or count what is outside the basket."""
    blend = own(("HFC32", "kgHFC32/t"), ("HCFC22", "kgHCFC22/t"))
    payload = await refused(world, "PARK", line("INDUSTRIAL_PROCESSES", "1", "t", blend))
    assert (payload["code"], payload["path"]) == ("MEMO_GAS_MIXED", "ownFactor.gases.1.gas")
    assert "HCFC22" in payload["message"]["zh"]


async def test_the_carbon_of_burnt_biomass_is_a_memo_line(world: World) -> None:
    """Plants took it up before; what counts of a fire are its CH4 and N2O."""
    fire = own(("CO2", "tCO2/t"), ("CH4", "kgCH4/t"))
    payload = await refused(world, "COMMUNITY_RURAL", line("BIOMASS_BURNING", "1", "t", fire))
    assert (payload["code"], payload["path"]) == ("MEMO_GAS_MIXED", "ownFactor.gases.0.gas")
    inventory = await world.inventory(await world.pilot("COMMUNITY_RURAL"))
    await world.record(
        inventory,
        line("BIOMASS_BURNING", "1", "t", own(("CO2", "tCO2/t"))),
        line("BIOMASS_BURNING", "1", "t", own(("CH4", "kgCH4/t"), ("N2O", "kgN2O/t"))),
    )
    data = await world.operator.ask(
        """query ($id: ID!) { node(id: $id) { ... on Inventory {
            emissionSources { nodes { treatment warnings } } } } }""",
        id=inventory,
    )
    assert data["node"]["emissionSources"]["nodes"] == [
        {"treatment": "MEMO", "warnings": ["CO2_BIOGENIC", "FACTOR_OWN"]},
        {"treatment": "IN_SCOPE", "warnings": ["FACTOR_OWN"]},
    ]


async def test_a_category_that_is_declared_not_to_occur(world: World) -> None:
    given = line("WASTE", "1", "tCO2", "measured.co2")
    payload = await refused(world, "TOWN", given, notOccurring=["WASTE"])
    assert (payload["code"], payload["path"]) == ("CATEGORY_DECLARED_NOT_OCCURRING", "category")
    narrower = line("LIVESTOCK", "1", "tCH4", "measured.ch4")
    payload = await refused(world, "TOWN", narrower, notOccurring=["AGRICULTURE"])
    assert (payload["code"], payload["path"]) == ("CATEGORY_DECLARED_NOT_OCCURRING", "category")
    sink = line("FORESTRY_SINK", "1", "tCO2", "measured.co2")
    payload = await refused(world, "PARK", sink, sink=True, notOccurring=["FORESTRY_SINK"])
    assert payload["code"] == "CATEGORY_DECLARED_NOT_OCCURRING"


FIRST, SECOND = "ownFactor.gases.0.parts.0.unit", "ownFactor.gases.1.parts.0.unit"


@pytest.mark.parametrize(
    ("factor", "path", "better"),
    [
        pytest.param(own(("CO2", "kgCO2e/kWh")), FIRST, "kgCO2/kWh", id="CO2e for CO2"),
        pytest.param(own(("CO2E", "kgCO2/kWh")), FIRST, "kgCO2e/kWh", id="CO2 for CO2e"),
        pytest.param(own(("CH4", "tC/TJ")), FIRST, "tCH4/TJ", id="carbon for CH4"),
        pytest.param(own(("CO2", "kWh/kgCO2")), FIRST, "kgCO2/kWh", id="upside down"),
        pytest.param(own(("CO2", "kgCO2")), FIRST, "kgCO2/kWh", id="per nothing"),
        pytest.param(own(("CO2", "kgCO2e/kgBOD")), FIRST, "kgCO2/kWh", id="per BOD"),
        pytest.param(own(("CO2", "kgCO2/km")), FIRST, "kgCO2/kWh", id="per distance"),
        pytest.param(
            own(("CO2", "kgCO2/kWh"), ("CH4", "kgCH4/t")), SECOND, "kgCH4/kWh", id="two activities"
        ),
    ],
)
async def test_a_unit_that_a_factor_of_ones_own_cannot_have(
    world: World, factor: dict[str, Any], path: str, better: str
) -> None:
    inventory = await world.inventory(await world.pilot())
    payload = await world.operator.ask(
        """mutation ($input: RecordEmissionSourcesInput!) { recordEmissionSources(input: $input) {
            ... on UnitDoesNotFit { code path message { zh en } accepted } } }""",
        input={
            "idempotencyKey": key(),
            "inventory": inventory,
            "sources": [line("ENERGY_CONSUMPTION", "1", "kWh", factor)],
        },
    )
    error = payload["recordEmissionSources"]
    assert error["code"] == "UNIT_DOES_NOT_FIT"
    assert ".".join(error["path"]) == f"input.sources.0.{path}"
    assert better in error["accepted"]
    assert "“供热站实测”" in error["message"]["zh"]


PART = {"quantity": "系数", "value": "0.44", "unit": "kgCO2/kWh"}
GAS = {"gas": "CO2", "parts": [PART]}


@pytest.mark.parametrize(
    ("gases", "code", "path"),
    [
        pytest.param([], "INVALID_INPUT", "", id="no gas"),
        pytest.param([GAS, GAS], "INVALID_INPUT", ".1.gas", id="a gas twice"),
        pytest.param([GAS | {"parts": []}], "INVALID_INPUT", ".0.parts", id="no part"),
        pytest.param([GAS | {"parts": [PART] * 9}], "INVALID_INPUT", ".0.parts", id="nine parts"),
        *(
            pytest.param([GAS | {"parts": [PART | part]}], code, f".0.parts.0.{name}", id=what)
            for what, code, name, part in (
                ("a part without a name", "INVALID_INPUT", "quantity", {"quantity": " "}),
                ("a part below zero", "INVALID_INPUT", "value", {"value": "-0.44"}),
                ("an unknown unit", "UNIT_UNKNOWN", "unit", {"unit": "kgCO2/furlong"}),
            )
        ),
    ],
)
async def test_a_factor_of_ones_own_that_is_none(
    world: World, gases: list[dict[str, Any]], code: str, path: str
) -> None:
    factor = {"name": "供热站实测", "source": "报告", "gases": gases}
    payload = await refused(world, "PARK", line("ENERGY_CONSUMPTION", "1", "kWh", factor))
    assert (payload["code"], payload["path"]) == (code, f"ownFactor.gases{path}")


async def test_an_activity_that_does_not_fit_a_factor_of_ones_own(world: World) -> None:
    given = line("ENERGY_CONSUMPTION", "1", "km", own(("CO2", "kgCO2/kWh")))
    payload = await refused(world, "BUILDING_EXISTING", given)
    assert (payload["code"], payload["path"]) == ("UNIT_DOES_NOT_FIT", "activity.unit")
    for text in payload["message"].values():
        assert "“供热站实测”" in text
        assert "own" not in text


async def test_a_gas_of_ones_own_without_a_potential(world: World) -> None:
    factor = own(("CO2", "kgCO2/t"), ("NF3", "kgNF3/t"))
    given = line("INDUSTRIAL_PROCESSES", "1", "t", factor)
    payload = await refused(world, "PARK", given, gwpSet="SAR")
    assert (payload["code"], payload["path"]) == ("GWP_MISSING", "ownFactor.gases.1.gas")


async def test_a_factor_of_another_list(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    query = """mutation ($input: RecordEmissionSourcesInput!) { recordEmissionSources(input: $input) {
        ... on FactorNotInList { message { zh en } lists accepted } } }"""

    async def tried(factor: str) -> Any:
        sources = [line("ENERGY_CONSUMPTION", "1", "kWh", factor)]
        given = {"idempotencyKey": key(), "inventory": inventory, "sources": sources}
        return (await world.operator.ask(query, input=given))["recordEmissionSources"]

    found = await tried("elec.national.avg.2022")
    assert "prov2025-national-2022" in found["lists"]
    assert all(code.endswith("-national-2022") for code in found["lists"])
    assert "prov2025-national-2022" in found["message"]["zh"]
    assert "elec.guangdong.avg.2022" in found["accepted"]
    nowhere = await tried("elec.nowhere")
    assert nowhere["lists"] == []
    assert "lists that have it: –" in nowhere["message"]["en"]


async def test_a_line_with_no_factor_or_with_two(world: World) -> None:
    good = line("ENERGY_CONSUMPTION", "1", "kWh", "elec.guangdong.avg.2022")
    both = good | {"ownFactor": own(("CO2", "kgCO2/kWh"))}
    for given in (both, good | {"factor": None}):
        payload = await refused(world, "BUILDING_EXISTING", given)
        assert (payload["code"], payload["path"]) == ("INVALID_INPUT", "factor")
        assert "None" not in payload["message"]["en"]


async def test_a_frozen_line_is_named_by_the_field_that_names_it(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, line("ENERGY_CONSUMPTION", "1", "GJ", own(("CO2", "tCO2/GJ"))))
    await world.submit(inventory, verify=False)
    data = await world.operator.ask(
        """query ($id: ID!) { node(id: $id) { ... on Inventory {
            emissionSources { nodes { id } } } } }""",
        id=inventory,
    )
    of_it = data["node"]["emissionSources"]["nodes"][0]["id"]
    payload = await world.operator.refused("removeInventoryLine", line=of_it)
    assert payload["code"] == "INVENTORY_STATUS_CONFLICT"
    assert payload["path"] == ["input", "line"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (line("FORESTRY_SINK", "1", "tCO2", "measured.co2"), "CATEGORY_ROLE_MISMATCH"),
        (line("WASTE", "1", "L", "prov2025.diesel"), "FACTOR_DOES_NOT_FIT_CATEGORY"),
        (line("ENERGY_ACTIVITIES", "1", "L", "prov2025.diesel"), "DENSITY_REQUIRED"),
        (line("ENERGY_ACTIVITIES", "1", "t", "prov2011.diesel"), "FACTOR_NOT_IN_LIST"),
        (line("LUCF", "1", "tCO2", "measured.co2"), "CATEGORY_DECLARED_NOT_OCCURRING"),
    ],
)
async def test_a_slip_does_not_use_up_the_key(
    world: World, wrong: dict[str, Any], code: str
) -> None:
    """Decision 4: what follows from the input and from what never changes is not kept."""
    inventory = await world.inventory(await world.pilot("TOWN"), notOccurring=["LUCF"])
    once = key()
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, idempotencyKey=once, sources=[wrong]
    )
    assert payload["code"] == code
    right = line("WASTE", "1", "tCO2", "measured.co2")
    await world.operator.made(
        "recordEmissionSources", "inventory { id }", inventory=inventory, idempotencyKey=once,
        sources=[right],
    )  # fmt: skip


@pytest.mark.parametrize("count", [0, MOST_LINES_AT_ONCE + 1])
async def test_so_many_lines_at_once_and_no_more(world: World, count: int) -> None:
    inventory = await world.inventory(await world.pilot())
    given = line("ENERGY_CONSUMPTION", "1", "kWh", "elec.guangdong.avg.2022")
    before = await world.head()
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[given] * count
    )
    assert await world.head() == before, "something was written"
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "sources"])
