"""What is sold beyond the boundary is deducted; what is generated for oneself is zero, with its reason."""

from typing import Any

import pytest

from tests.conftest import TestDatabase, unguarded
from tests.statements.test_coverage import coverage
from tests.statements.test_net_emissions import line, statement
from tests.world import World


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


SOURCES = """query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes {
    category co2e treatment warnings gases { gas tonnes co2e } factor { code name { zh en }
    sources { title confidence } } explain { co2e gases { expression } } } } } } }"""

PORTFOLIO = """query ($pilots: [ID!]!) { portfolioNetEmissions(pilots: $pilots, year: 2022) {
    grossCo2e netCo2e unknown { reason grossCo2e insideCo2e } } }"""

RANKING = """query ($code: String!) { pilotRanking(year: 2022, filter: {text: $code}) { nodes {
    pilot { id } netEmissions { netCo2e } } } }"""

VARIANTS = [
    "TOWN", "BUILDING_NEW", "BUILDING_EXISTING", "TRANSPORT", "COMMUNITY_URBAN", "COMMUNITY_RURAL", "PARK",
    "ENTERPRISE",
]  # fmt: skip

GRID = "elec.guangdong.avg.2022"


async def sources(world: World, inventory: str) -> Any:
    data = await world.operator.ask(SOURCES, id=inventory)
    return data["node"]["emissionSources"]["nodes"]


async def stated(world: World, variant: str, *lines: dict[str, Any], **given: Any) -> Any:
    """The pilot whose year has these lines, and what it then states."""
    pilot = await world.pilot(variant, **given)
    inventory = await world.inventory(pilot)
    await world.record(inventory, *lines)
    await world.submit(inventory)
    return pilot, await statement(world, pilot)


@pytest.mark.parametrize("variant", VARIANTS)
async def test_heat_and_power_that_are_sold_are_deducted(world: World, variant: str) -> None:
    """50,000 GJ × 0.11 = 5,500 t, and 1,000 MWh × 0.4403 = 440.3 t, of every kind of pilot."""
    counted = "PURCHASED_ELECTRICITY"
    pilot, found = await stated(
        world,
        variant,
        line(counted, GRID, "20000", "MWh"),
        line("EXPORTED_HEAT", "heat.default", "50000", "GJ"),
        line("EXPORTED_ELECTRICITY", GRID, "1000", "MWh"),
    )
    assert found["gross"]["co2e"] == found["netCo2e"] == "2865.700000"
    assert found["gross"]["byCategory"] == [
        {"category": counted, "co2e": "8806.000000"},
        {"category": "EXPORTED_ELECTRICITY", "co2e": "-440.300000"},
        {"category": "EXPORTED_HEAT", "co2e": "-5500.000000"},
    ]
    [gas] = found["gross"]["byGas"]
    assert (gas["gas"], gas["co2e"]) == ("CO2", "2865.700000")
    assert float(gas["tonnes"]) == 2865.7
    assert found["creditsToZero"] == "2866"
    assert found["memoSources"] == []
    nodes = await sources(world, found["inventories"]["nodes"][0]["id"])
    assert [(n["category"], n["treatment"], n["co2e"], n["warnings"]) for n in nodes] == [
        (counted, "IN_SCOPE", "8806.000000", []),
        ("EXPORTED_HEAT", "DEDUCTED", "5500.000000", []),
        ("EXPORTED_ELECTRICITY", "DEDUCTED", "440.300000", []),
    ]
    assert nodes[1]["explain"]["co2e"] == "5500.000000"
    ranked = (await world.auditor.ask(RANKING, code=pilot["code"]))["pilotRanking"]["nodes"]
    assert ranked == [{"pilot": {"id": pilot["id"]}, "netEmissions": {"netCo2e": "2865.700000"}}]


async def test_steam_is_sold_by_the_tonne(world: World) -> None:
    """1,000 t × 2.76 GJ/t × 0.11 = 303.6 t."""
    steam = line("EXPORTED_HEAT", "heat.default", "1000", "t")
    _, found = await stated(
        world,
        "ENTERPRISE",
        line("PURCHASED_HEAT", "heat.default", "5000", "GJ"),
        steam | {"density": {"value": "2.76", "unit": "GJ/t"}},
    )
    assert found["gross"]["co2e"] == "246.400000"


async def test_more_may_be_sold_than_is_emitted(world: World) -> None:
    """It is shown, never clamped."""
    _, found = await stated(
        world,
        "ENTERPRISE",
        line("PURCHASED_ELECTRICITY", GRID, "1000", "kWh"),
        line("EXPORTED_HEAT", "heat.default", "100", "GJ"),
    )
    assert found["gross"]["co2e"] == "-10.559700"
    assert (found["creditsToZero"], found["surplusCo2e"]) == ("0", "10.559700")


@pytest.mark.parametrize(
    "given",
    [
        line("EXPORTED_HEAT", "heat.default", "100", "GJ"),
        line("EXPORTED_ELECTRICITY", GRID, "100", "MWh"),
        line("OWN_GENERATION", "own.pv", "100", "MWh"),
    ],
)
async def test_an_export_or_own_generation_alone_makes_nothing_known(
    world: World, given: dict[str, Any]
) -> None:
    pilot, found = await stated(world, "BUILDING_EXISTING", given)
    assert (found["gross"]["co2e"], found["netCo2e"]) == (None, None)
    assert found["unknown"] == [{"reason": "NO_SOURCES"}]
    covered = await coverage(world, pilot)
    assert (covered["status"], covered["categoriesCovered"]) == ("PARTIAL", [])
    assert covered["gaps"]["nodes"][0]["categories"] == ["ENERGY_CONSUMPTION"]
    assert covered["warnings"] == [], "what it emits is not known, so it is not too small either"


async def test_exports_count_in_what_is_implausibly_small(world: World) -> None:
    """4,543 kWh are just enough for a building; less 1 GJ of heat they are not."""
    pilot, _ = await stated(
        world,
        "BUILDING_EXISTING",
        line("ENERGY_CONSUMPTION", GRID, "4543", "kWh"),
        line("EXPORTED_HEAT", "heat.default", "1", "GJ"),
    )
    [warning] = (await coverage(world, pilot))["warnings"]
    assert (warning["reason"], warning["co2e"]) == ("IMPLAUSIBLY_SMALL", "1.890283")


async def test_a_portfolio_subtracts_what_its_pilots_sell(world: World) -> None:
    """So does the comparison with what lies inside: 880.6 − 550 is more than the town's 300."""
    town, _ = await stated(world, "TOWN", line("WASTE", "measured.co2", "300", "tCO2"))
    park, _ = await stated(
        world,
        "PARK",
        line("BUILDING_ENERGY", GRID, "2000", "MWh"),
        line("EXPORTED_HEAT", "heat.default", "5000", "GJ"),
        surroundingPilot=town["id"],
    )
    data = await world.auditor.ask(PORTFOLIO, pilots=[park["id"]])
    assert data["portfolioNetEmissions"] == {
        "grossCo2e": "330.600000", "netCo2e": "330.600000", "unknown": [],
    }  # fmt: skip
    data = await world.auditor.ask(PORTFOLIO, pilots=[town["id"]])
    assert data["portfolioNetEmissions"]["unknown"] == [
        {"reason": "LESS_THAN_INSIDE", "grossCo2e": "300.000000", "insideCo2e": "330.600000"}
    ]


@pytest.mark.parametrize(
    ("category", "factor", "unit", "accepted"),
    [
        ("EXPORTED_HEAT", GRID, "GJ", ["HEAT"]),
        ("EXPORTED_ELECTRICITY", "heat.default", "GJ", ["ELECTRICITY"]),
        ("EXPORTED_ELECTRICITY", "prov2025.diesel", "t", ["ELECTRICITY"]),
        ("OWN_GENERATION", GRID, "kWh", ["OWN_GENERATION"]),
        ("ENERGY_CONSUMPTION", "own.pv", "kWh", None),
        ("PURCHASED_ELECTRICITY", "own.pv", "kWh", ["ELECTRICITY"]),
        ("EXPORTED_ELECTRICITY", "own.pv", "kWh", ["ELECTRICITY"]),
        ("OTHER", "own.pv", "kWh", None),
    ],
)
async def test_each_takes_its_own_factors_only(
    shared_world: World, category: str, factor: str, unit: str, accepted: list[str] | None
) -> None:
    world = shared_world
    inventory = await world.inventory(await world.pilot("ENTERPRISE"))
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[line(category, factor, "1", unit)]
    )
    assert payload["code"] == "FACTOR_DOES_NOT_FIT_CATEGORY"
    assert payload["path"] == ["input", "sources", "0", "factor"]
    if accepted:
        assert all(kind in payload["message"]["en"] for kind in accepted)


async def test_generation_takes_no_factor_of_ones_own(shared_world: World) -> None:
    world = shared_world
    inventory = await world.inventory(await world.pilot("ENTERPRISE"))
    own = {
        "name": "屋顶光伏", "source": "报告",
        "gases": [{"gas": "CO2", "parts": [{"quantity": "x", "value": "0", "unit": "kgCO2/kWh"}]}],
    }  # fmt: skip
    given = line("OWN_GENERATION", "", "1", "kWh") | {"factor": None, "ownFactor": own}
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[given]
    )
    assert payload["code"] == "FACTOR_DOES_NOT_FIT_CATEGORY"
    assert payload["path"] == ["input", "sources", "0", "ownFactor"]


async def test_neither_is_a_sink(shared_world: World) -> None:
    world = shared_world
    inventory = await world.inventory(await world.pilot("ENTERPRISE"))
    for category in ("EXPORTED_ELECTRICITY", "EXPORTED_HEAT", "OWN_GENERATION"):
        payload = await world.operator.refused(
            "recordSinks", inventory=inventory, sinks=[line(category, GRID, "1", "kWh")]
        )
        assert payload["code"] == "CATEGORY_ROLE_MISMATCH"


async def test_own_generation_is_zero_and_says_why(world: World) -> None:
    """A CHP is counted by its fuel, once: 100,000 m³ of gas, not its power and heat, too."""
    _, found = await stated(
        world,
        "ENTERPRISE",
        line("FUEL_FIXED_EQUIPMENT", "prov2025.natural_gas", "10", "万m³"),
        line("OWN_GENERATION", "own.chp", "400", "MWh"),
        line("OWN_GENERATION", "own.chp", "1600", "GJ"),
        line("OWN_GENERATION", "own.pv", "12.5", "MWh"),
    )
    assert found["gross"]["co2e"] == "216.218881"
    assert {"category": "OWN_GENERATION", "co2e": "0.000000"} in found["gross"]["byCategory"]
    nodes = (await sources(world, found["inventories"]["nodes"][0]["id"]))[1:]
    assert [(n["treatment"], n["co2e"], n["warnings"]) for n in nodes] == [
        ("IN_SCOPE", "0.000000", [])
    ] * 3
    pv = nodes[2]["factor"]
    assert pv["name"] == {
        "zh": "自有光伏发电（不燃烧燃料）", "en": "own photovoltaic power (no fuel is burnt)",
    }  # fmt: skip
    assert [source["confidence"] for source in pv["sources"]] == ["COMPUTED"]
    assert "no fuel is burnt" in pv["sources"][0]["title"]


async def test_generation_is_in_the_latest_version_of_every_list(world: World) -> None:
    """Nine factors, by the kilowatt-hour or the gigajoule; the versions before do not have them."""
    ask = """query ($after: String) { emissionFactors(first: 100, after: $after) {
        pageInfo { endCursor hasNextPage } nodes { code factorKind acceptedUnits
            lists(first: 100) { nodes { version } } } } }"""
    found, after, more = [], None, True
    while more:
        page = (await world.anyone.ask(ask, after=after))["emissionFactors"]
        found += [node for node in page["nodes"] if node["factorKind"] == "OWN_GENERATION"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert [node["code"] for node in found] == [
        "own.boiler", "own.chp", "own.generator", "own.heat_pump", "own.hydro", "own.pv",
        "own.solar_heat", "own.waste_heat", "own.wind",
    ]  # fmt: skip
    for node in found:
        assert {"kWh", "GJ"} <= set(node["acceptedUnits"])
        # One set of fuels came later: its versions are one behind those of the others.
        assert {listed["version"] for listed in node["lists"]["nodes"]} == {2, 3, 4}


@pytest.mark.parametrize("variant", VARIANTS)
async def test_a_forest_that_is_cleared_counts_as_its_uptake_does(
    world: World, variant: str
) -> None:
    """450 亩 of Guangdong's forests: 2,531.1 t, in the net wherever their uptake is."""
    pilot = await world.pilot(variant)
    inventory = await world.inventory(pilot)
    await world.record(
        inventory,
        line("PURCHASED_ELECTRICITY", GRID, "1000", "MWh"),
        line("LUCF", "land.gd.forest_cleared", "450", "亩"),
    )
    uptake = line("FORESTRY_SINK", "forest.carbonforest.rule", "10", "亩")
    await world.record(inventory, uptake, sinks=True)
    await world.submit(inventory)
    found = await statement(world, pilot)
    cleared = {"category": "LUCF", "co2e": "2531.100000"}
    counted = variant != "TRANSPORT"
    assert (cleared in found["gross"]["byCategory"]) is counted
    assert (cleared in found["memoSources"]) is not counted
    assert found["sinks"]["measuredCo2e"] == ("10.000000" if counted else "0.000000")
    assert found["gross"]["co2e"] == ("2971.400000" if counted else "440.300000")
    [_, node] = await sources(world, inventory)
    treatments = {
        "TRANSPORT": ("MEMO", {"CATEGORY_OUT_OF_SCOPE"}),
        "COMMUNITY_RURAL": ("COUNTED_UNLISTED", {"CATEGORY_UNLISTED"}),
    }
    treatment, warnings = treatments.get(variant, ("IN_SCOPE", set()))
    assert node["treatment"] == treatment
    assert {code for code in node["warnings"] if code.startswith("CATEGORY")} == warnings


async def test_a_forest_of_ones_own_figures_is_cleared(world: World) -> None:
    """By the area, too: 2 ha × 80 tC/ha × 44/12."""
    own = {
        "name": "样地实测", "source": "报告",
        "gases": [{"gas": "CO2", "parts": [{"quantity": "碳密度", "value": "80", "unit": "tC/ha"}]}],
    }  # fmt: skip
    given = line("LUCF", "", "2", "ha") | {"factor": None, "ownFactor": own}
    _, found = await stated(world, "BUILDING_EXISTING", given)
    assert found["gross"]["co2e"] == "586.666667"


WARNINGS = """query ($id: ID!) { node(id: $id) { ... on Inventory { allWarnings(first: 100) { nodes {
    code mustBeAcknowledged message { zh en } line { label } } } } } }"""


async def doubts(world: World, *lines: dict[str, Any], variant: str = "ENTERPRISE") -> Any:
    """What a verifier has to acknowledge of an inventory of these lines."""
    inventory = await world.inventory(await world.pilot(variant))
    await world.record(inventory, *lines)
    await world.submit(inventory, verify=False)
    data = await world.verifier.ask(WARNINGS, id=inventory)
    nodes = data["node"]["allWarnings"]["nodes"]
    return [warning for warning in nodes if warning.pop("mustBeAcknowledged")]


def labelled(label: str, *cells: str) -> dict[str, Any]:
    return line(*cells) | {"label": label}


async def test_exports_that_exceed_the_emissions_are_a_doubt(world: World) -> None:
    sold = line("EXPORTED_HEAT", "heat.default", "50000", "GJ")
    assert await doubts(world, line("PURCHASED_HEAT", "heat.default", "50000", "GJ"), sold) == []
    found = await doubts(world, line("PURCHASED_ELECTRICITY", GRID, "10000", "MWh"), sold)
    assert found == [
        {
            "code": "EXPORTS_EXCEED",
            "message": {
                "zh": "输出扣减5500 tCO2e，大于全部计入的排放4403 tCO2e：请核对是否漏报所用的燃料，以及输出是否为自产",
                "en": "exports deduct 5500 t CO2e, more than the 4403 t that count: see whether the fuel that "
                "made them is recorded, and whether they were generated inside",
            },
            "line": None,
        }
    ]


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("屋顶光伏自发自用", "屋顶"), ("厂区自产电", "自产"), ("PV 1号", "pv"), ("Solar roof", "solar"),
        ("CHP", "chp"), ("热电联产机组", "热电联产"), ("余热发电", "余热"), ("自备电厂", "自备"),
    ],
)  # fmt: skip
async def test_own_generation_at_the_grids_factor_is_a_doubt(
    world: World, label: str, word: str
) -> None:
    given = labelled(label, "PURCHASED_ELECTRICITY", GRID, "123", "MWh")
    [warning] = await doubts(world, given)
    assert warning["code"] == "OWN_GENERATION_AT_GRID_FACTOR"
    assert warning["line"] == {"label": label}
    assert f"“{word}”" in warning["message"]["zh"]
    assert "OWN_GENERATION" in warning["message"]["en"]


async def test_power_of_ones_own_that_is_sold_at_the_grids_factor_is_a_doubt(world: World) -> None:
    bought = line("PURCHASED_ELECTRICITY", GRID, "1000", "MWh")
    sold = labelled("光伏余电上网", "EXPORTED_ELECTRICITY", GRID, "123", "MWh")
    [warning] = await doubts(world, bought, sold)
    assert warning["code"] == "OWN_GENERATION_AT_GRID_FACTOR"
    assert "more is deducted than was emitted for it" in warning["message"]["en"]


@pytest.mark.parametrize(
    "given",
    [
        labelled("办公楼水电费", "PURCHASED_ELECTRICITY", GRID, "123", "MWh"),
        labelled("外购热电联产蒸汽", "PURCHASED_HEAT", "heat.default", "123", "GJ"),
        labelled("屋顶光伏", "OWN_GENERATION", "own.pv", "123", "MWh"),
        labelled("余热锅炉补燃", "FUEL_FIXED_EQUIPMENT", "prov2025.diesel", "12", "t"),
    ],
)
async def test_what_is_no_doubt(world: World, given: dict[str, Any]) -> None:
    assert await doubts(world, given) == []


async def test_what_is_bought_and_sold_again_is_not_recorded_twice(world: World) -> None:
    bought = line("PURCHASED_ELECTRICITY", GRID, "1234.5", "MWh")
    sold = line("EXPORTED_ELECTRICITY", GRID, "1234.5", "MWh")
    assert await doubts(world, bought, sold) == []
    again = labelled("转供", "EXPORTED_ELECTRICITY", GRID, "1234500", "kWh")
    twice, exceeding = await doubts(world, bought, sold, again)
    assert (twice["code"], twice["line"]) == ("RECORDED_TWICE", {"label": "转供"})
    assert exceeding["code"] == "EXPORTS_EXCEED"


AS_BEFORE = """UPDATE inventory_line SET treatment = 'MEMO' WHERE category = 'LUCF'"""


async def test_a_forest_that_was_a_memo_line_counts_in_the_next_version(
    own_world: World, database: TestDatabase
) -> None:
    """As the release before kept it; the version that stands is what it was."""
    pilot = await own_world.pilot("BUILDING_EXISTING")
    inventory = await own_world.inventory(pilot)
    await own_world.record(
        inventory,
        line("ENERGY_CONSUMPTION", GRID, "1000", "MWh"),
        line("LUCF", "land.gd.forest_cleared", "450", "亩"),
    )
    await own_world.submit(inventory)
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(AS_BEFORE)
    assert (await statement(own_world, pilot))["gross"]["co2e"] == "440.300000"
    second = await own_world.operator.made(
        "reviseInventory", "inventory { id }", inventory=inventory
    )
    await own_world.submit(second["id"])
    assert (await statement(own_world, pilot))["gross"]["co2e"] == "2971.400000"


async def test_a_zero_factor_of_before_stands_and_is_left_out_of_the_next_version(
    own_world: World, database: TestDatabase
) -> None:
    pilot = await own_world.pilot("ENTERPRISE")
    inventory = await own_world.inventory(pilot)
    own = {
        "name": "直供", "source": "合同",
        "gases": [{"gas": "CO2", "parts": [{"quantity": "x", "value": "0", "unit": "kgCO2/kWh"}]}],
    }  # fmt: skip
    said = {"reason": "RENEWABLE_POWER_SUPPLY", "evidence": "协议"}
    zero = line("PURCHASED_ELECTRICITY", "", "1", "kWh")
    zero |= {"factor": None, "ownFactor": own, "zeroFactorBasis": said}
    await own_world.record(inventory, zero)
    await own_world.submit(inventory)
    async with unguarded(database.superuser_url) as connection:
        await connection.execute("UPDATE inventory_line SET factor = factor - 'zero_factor_basis'")
    data = await own_world.operator.ask(
        """query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes {
            id co2e zeroFactorBasis { reason } } } } } }""",
        id=inventory,
    )
    [node] = data["node"]["emissionSources"]["nodes"]
    assert (node["co2e"], node["zeroFactorBasis"]) == ("0.000000", None)
    payload = await own_world.operator.refused("reviseInventory", inventory=inventory)
    assert (payload["code"], payload["path"]) == (
        "LINES_DO_NOT_FIT_REVISION",
        ["input", "leaveOut"],
    )
    await own_world.operator.made(
        "reviseInventory", "inventory { id }", inventory=inventory, leaveOut=[node["id"]]
    )
