"""Lines under factors that were found since the first release, and what is known of them, through
GraphQL."""

from typing import Any

import pytest

from tests.inventories.test_refused_lines import line
from tests.world import World

READ = """
    query ($id: ID!) { node(id: $id) { ... on Inventory { factorList { version }
        emissionSources { nodes { treatment warnings co2e factor { code version } } }
        sinks { nodes { co2e factor { code version } } } } } }
"""

FOREST = "forest.carbonforest.rule"

# Town lines by AR5, worked out by hand (tests/accounting/test_found_factors.py has each factor's).
LINES: list[tuple[str, str, str, str, tuple[str, str] | None, str]] = [
    ("INDUSTRIAL_PROCESSES", "1000", "t", "proc.ipcc.clinker", None, "520"),
    ("INDUSTRIAL_PROCESSES", "100", "t", "proc.ipcc.carbonate.dolomite", None, "47.732"),
    ("INDUSTRIAL_PROCESSES", "10", "公斤R410A", "blend.r410a", None, "19.235"),
    ("WASTE", "1000", "吨", "waste.ipcc.lf.msw_cn.managed", None, "1580.376"),
    ("WASTE", "1000", "m3", "waste.ipcc.ww.ind.reactor", ("500", "mgCOD/L"), "2.8"),
    ("WASTE", "7000", "m3", "waste.ipcc.ww.n2o.plant", ("40", "mgN/L"), "1.8656"),
    ("WASTE", "1000", "吨", "waste.ipcc.sludge.compost", None, "175.6"),
    ("AGRICULTURE", "7", "吨氮", "soil.ipcc2019.synthetic_wet", None, "46.64"),
    ("AGRICULTURE", "1000", "头", "live.gbt32151.manure_n2o.swine", None, "41.605"),
    ("AGRICULTURE", "1000", "头", "live.gbt32151.enteric.swine", None, "42"),
    ("LUCF", "450", "亩", "land.gd.forest_cleared", None, "2531.1"),
    ("ENERGY_ACTIVITIES", "1000", "t", "biomass.ipcc.wood.plant", None, "29.64"),
]


def given(
    category: str, value: str, unit: str, factor: str, density: tuple[str, str] | None
) -> dict[str, Any]:
    converted = {} if density is None else {"density": {"value": density[0], "unit": density[1]}}
    return line(category, value, unit, factor) | converted


async def test_a_town_records_what_it_had_no_factor_for(world: World) -> None:
    inventory = await world.inventory(await world.pilot("TOWN"), gwpSet="AR5")
    await world.record(inventory, *(given(*stated[:5]) for stated in LINES))
    data = await world.operator.ask(READ, id=inventory)
    found = data["node"]["emissionSources"]["nodes"]
    assert [float(source["co2e"]) for source in found] == [float(worked) for *_, worked in LINES]
    assert {source["treatment"] for source in found} == {"IN_SCOPE"}


async def test_what_biomass_gives_counts_and_is_no_memo_line(world: World) -> None:
    inventory = await world.inventory(await world.pilot("COMMUNITY_RURAL"), gwpSet="AR5")
    await world.record(
        inventory, line("BIOMASS_BURNING", "1000", "t", "biomass.ipcc.solid.household")
    )
    data = await world.operator.ask(READ, id=inventory)
    (source,) = data["node"]["emissionSources"]["nodes"]
    assert (source["treatment"], source["warnings"]) == ("IN_SCOPE", [])
    assert float(source["co2e"]) == float("109.736")


async def test_land_that_is_converted_is_refused_as_a_sink(world: World) -> None:
    inventory = await world.inventory(await world.pilot("TOWN"))
    payload = await world.operator.refused(
        "recordSinks",
        inventory=inventory,
        sinks=[line("LUCF", "1", "ha", "land.gd.forest_cleared")],
    )
    assert payload["code"] == "FACTOR_DOES_NOT_FIT_CATEGORY"


async def test_a_new_inventory_has_the_latest_list_and_its_forest(world: World) -> None:
    inventory = await world.inventory(await world.pilot("PARK"))
    await world.record(inventory, line("FORESTRY_SINK", "100", "亩", FOREST), sinks=True)
    node = (await world.operator.ask(READ, id=inventory))["node"]
    assert node["factorList"] == {"version": 4}
    assert [sink["factor"] for sink in node["sinks"]["nodes"]] == [{"code": FOREST, "version": 2}]


# What is known of factors and their lists.


async def test_the_forest_of_a_news_item_says_so(shared_world: World) -> None:
    data = await shared_world.anyone.ask(
        """query ($code: String!) { emissionFactor(code: $code) {
            version sources { confidence } cautions { code text { zh en } } } }""",
        code=FOREST,
    )
    found = data["emissionFactor"]
    assert (found["version"], found["sources"]) == (2, [{"confidence": "REPORTED"}])
    (caution,) = found["cautions"]
    assert caution["code"] == "FAR_ABOVE_OTHERS"
    assert "蓄积量" in caution["text"]["zh"]
    assert "prefer the change of measured stocks" in caution["text"]["en"]


async def test_each_version_of_a_factor_is_in_the_lists_that_have_it(shared_world: World) -> None:
    data = await shared_world.anyone.ask(
        """{ emissionFactors(kind: FORESTRY) { totalCount nodes {
            code version lists(first: 1) { totalCount nodes { code version } } } } }"""
    )
    assert data["emissionFactors"]["totalCount"] == 2
    found = [
        (factor["code"], factor["version"], factor["lists"]["totalCount"], factor["lists"]["nodes"])
        for factor in data["emissionFactors"]["nodes"]
    ]
    first, second = {"code": "ent-gd-2021", "version": 1}, {"code": "ent-gd-2021", "version": 2}
    assert found == [(FOREST, 1, 85, [first]), (FOREST, 2, 306, [second])]


async def test_lists_are_offered_once_in_their_latest_version(shared_world: World) -> None:
    data = await shared_world.anyone.ask(
        """{ factorLists(first: 100) { totalCount nodes { code version } }
            factorList(code: "prov2025-gd-2022") { version } }"""
    )
    assert data["factorLists"]["totalCount"] == 102
    codes = [item["code"] for item in data["factorLists"]["nodes"]]
    assert codes == sorted(set(codes))
    assert data["factorList"] == {"version": 4}


@pytest.mark.parametrize(
    ("kind", "size", "count"),
    [("FORESTRY", 1, 2), ("FORESTRY", 2, 2), ("RICE", 1, 4), ("RICE", 3, 4)],
)
async def test_no_version_is_lost_between_pages(
    shared_world: World, kind: str, size: int, count: int
) -> None:
    found: list[tuple[str, int]] = []
    after = None
    for _ in range(count + 1):
        data = await shared_world.anyone.ask(
            """query ($kind: FactorKind!, $first: Int!, $after: String) {
                emissionFactors(kind: $kind, first: $first, after: $after) {
                    nodes { code version } pageInfo { endCursor hasNextPage } } }""",
            kind=kind,
            first=size,
            after=after,
        )
        page = data["emissionFactors"]
        found += [(factor["code"], factor["version"]) for factor in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == sorted(set(found))
    assert len(found) == count


async def test_what_is_missing_says_where_it_would_be(shared_world: World) -> None:
    data = await shared_world.anyone.ask(
        """{ missingFactors { code category name { zh en } wouldBeIn { zh en } reason { zh en } } }"""
    )
    by_code = {missing["code"]: missing for missing in data["missingFactors"]}
    rice = by_code["prov.rice"]
    assert rice["category"] == "AGRICULTURE"
    assert "省级温室气体清单编制指南" in rice["wouldBeIn"]["zh"]
    assert "rice.ipcc" in rice["reason"]["en"]
    assert all(text for missing in by_code.values() for text in missing["wouldBeIn"].values())
