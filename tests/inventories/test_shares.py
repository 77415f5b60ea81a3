"""What an inventory's emissions come to by scope and by stage of the pilot's life."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.accounting.factors import FactorKind
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, CategoryRole, LifeCycleStage, Phase
from nzc_api.inventories.categories import factor_kinds, takes
from nzc_api.inventories.model import LineRole, Scope
from nzc_api.inventories.shares import AlikeSources, scope_of, shares_of
from tests.world import World, unchanged

SHARES = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    emissionShares { scopes { scope co2e } lifeCycleStages { lifeCycleStage co2e } }
    emissionSources { nodes { id label scope lifeCycleStage co2e } }
    sinks { nodes { lifeCycleStage } } } } }"""

# Whose emissions a line has, by its category, its factor and its unit: each by hand.
SCOPES = (
    ("PURCHASED_ELECTRICITY", "ELECTRICITY", "kWh", "SCOPE_2"),
    ("PURCHASED_ELECTRICITY", "OWN", "kWh", "SCOPE_2"),
    ("PURCHASED_HEAT", "HEAT", "GJ", "SCOPE_2"),
    ("PURCHASED_HEAT", "OWN", "t", "SCOPE_2"),
    ("ENERGY_CONSUMPTION", "ELECTRICITY", "10^4kWh", "SCOPE_2"),
    ("ENERGY_CONSUMPTION", "HEAT", "GJ", "SCOPE_2"),
    ("ENERGY_CONSUMPTION", "FUEL", "L", "SCOPE_1"),
    ("ENERGY_CONSUMPTION", "FUEL_HEAT", "GJ", "SCOPE_1"),
    ("ENERGY_CONSUMPTION", "MEASURED_MASS", "tCO2", "SCOPE_1"),
    ("ENERGY_CONSUMPTION", "OWN", "m3", "SCOPE_1"),
    ("ENERGY_CONSUMPTION", "OWN", "kWh", None),
    ("ENERGY_CONSUMPTION", "OWN", "t", None),
    ("TRANSPORT_ENERGY", "ELECTRICITY", "kWh", "SCOPE_2"),
    ("TRANSPORT_ENERGY", "VEHICLE_DISTANCE", "km", "SCOPE_1"),
    ("VEHICLE_FUEL", "OWN", "t", "SCOPE_1"),
    ("INDUSTRIAL_PROCESSES", "OWN", "kWh", "SCOPE_1"),
    ("WASTE", "LANDFILL", "t", "SCOPE_1"),
    ("LUCF", "LAND_CONVERSION", "hm2", "SCOPE_1"),
    ("OWN_GENERATION", "OWN_GENERATION", "kWh", "SCOPE_1"),
    ("OTHER", "ELECTRICITY", "kWh", "SCOPE_2"),
    ("OTHER", "FUEL", "L", None),
    ("OTHER", "OWN", "m3", None),
    ("EXPORTED_ELECTRICITY", "ELECTRICITY", "kWh", None),
    ("EXPORTED_HEAT", "OWN", "GJ", None),
)


@pytest.mark.parametrize(("category", "kind", "unit", "scope"), SCOPES)
def test_scopes(category: str, kind: str, unit: str, scope: str | None) -> None:
    found = scope_of(Category(category), LineRole.SOURCE, FactorKind(kind), unit)
    assert found == (None if scope is None else Scope(scope))


def test_sinks_have_no_scope() -> None:
    kind = FactorKind.FORESTRY
    assert scope_of(Category.FORESTRY_SINK, LineRole.SINK, kind, "hm2") is None


def test_every_published_factor_tells() -> None:
    """But of what may be anything, and of what is sold."""
    for term in GUIDE.categories:
        if not takes(term.category, LineRole.SOURCE):
            continue
        for kind in factor_kinds(term.category, LineRole.SOURCE):
            scope = scope_of(term.category, LineRole.SOURCE, kind, "t")
            told = term.category is not Category.OTHER and term.role is not CategoryRole.EXPORT
            assert (scope is not None) or not told


@pytest.mark.parametrize(
    ("category", "phase", "stage"),
    [
        (Category.ENERGY_CONSUMPTION, Phase.CONSTRUCTION, LifeCycleStage.CONSTRUCTION),
        (Category.ENERGY_CONSUMPTION, Phase.OPERATION, LifeCycleStage.OPERATION),
        (Category.FORESTRY_SINK, Phase.OPERATION_MAINTENANCE, LifeCycleStage.OPERATION),
        (Category.WASTE, Phase.OPERATION, LifeCycleStage.WASTE),
        (Category.WASTE, Phase.CONSTRUCTION, LifeCycleStage.WASTE),
    ],
)
def test_stages(category: Category, phase: Phase, stage: LifeCycleStage) -> None:
    assert GUIDE.life_cycle_stage(category, phase) is stage


def line(category: str, label: str, factor: str, value: str, unit: str, **more: Any) -> Any:
    activity = {"value": value, "unit": unit}
    return {"category": category, "label": label, "factor": factor, "activity": activity} | more


async def read(world: World, inventory: str) -> Any:
    return (await world.operator.ask(SHARES, id=inventory))["node"]


async def test_emissions_by_scope_and_stage(shared_world: World) -> None:
    world = shared_world
    inventory = await world.inventory(await world.pilot("PARK"))
    assert (await read(world, inventory))["emissionShares"] == {"scopes": [], "lifeCycleStages": []}
    await world.record(
        inventory,
        line("BUILDING_ENERGY", "电", "elec.guangdong.avg.2022", "1000", "kWh"),
        line("WASTE", "测", "measured.co2", "2", "tCO2"),
        line("BUILDING_ENERGY", "料", "measured.co2", "4", "tCO2", lifeCycleStage="RAW_MATERIAL"),
        line("OTHER", "其他", "measured.co2", "8", "tCO2"),
        line("EXPORTED_ELECTRICITY", "上网", "elec.guangdong.avg.2022", "10", "kWh"),
    )
    node = await read(world, inventory)
    lines = {one["label"]: one for one in node["emissionSources"]["nodes"]}
    assert {label: (one["scope"], one["lifeCycleStage"]) for label, one in lines.items()} == {
        "电": ("SCOPE_2", "OPERATION"), "测": ("SCOPE_1", "WASTE"), "料": ("SCOPE_1", "RAW_MATERIAL"),
        "其他": (None, "OPERATION"), "上网": (None, "OPERATION"),
    }  # fmt: skip
    power = Decimal(lines["电"]["co2e"])
    assert node["emissionShares"] == {
        "scopes": [
            {"scope": "SCOPE_1", "co2e": "6.000000"}, {"scope": "SCOPE_2", "co2e": str(power)},
            {"scope": None, "co2e": "8.000000"},
        ],
        "lifeCycleStages": [
            {"lifeCycleStage": "RAW_MATERIAL", "co2e": "4.000000"},
            {"lifeCycleStage": "OPERATION", "co2e": str(power + 8)},
            {"lifeCycleStage": "WASTE", "co2e": "2.000000"},
        ],
    }  # fmt: skip


async def test_a_stage_is_amended_and_carried_over(shared_world: World) -> None:
    world = shared_world
    inventory = await world.inventory(await world.pilot())
    given = line("ENERGY_CONSUMPTION", "a", "measured.co2", "1", "tCO2", lifeCycleStage="WASTE")
    await world.record(inventory, given)
    await world.submit(inventory)
    revised = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    [carried] = (await read(world, revised["id"]))["emissionSources"]["nodes"]
    assert carried["lifeCycleStage"] == "WASTE"
    amend = ("amendInventoryLine", "inventory { id }")
    for stage, shown in (("RAW_MATERIAL", "RAW_MATERIAL"), (None, "OPERATION")):
        await world.operator.made(*amend, line=carried["id"], lifeCycleStage=stage)
        [amended] = (await read(world, revised["id"]))["emissionSources"]["nodes"]
        assert amended["lifeCycleStage"] == shown


async def test_a_unit_that_is_none(shared_world: World) -> None:
    world = shared_world
    inventory = await world.inventory(await world.pilot())
    measured = ("measured.co2", "1", "tCO2")
    for unit in ("", "u-1", "一车间", "-A"):
        given = line("ENERGY_CONSUMPTION", "a", *measured, dutyUnit=unit)
        assert await unchanged(
            world, world.operator, "recordEmissionSources", inventory=inventory, sources=[given]
        ) == ("INVALID_INPUT", ["sources", "0", "dutyUnit"])
    basis = {"methodology": "监测", "evidence": "报告"}
    sink = line("FORESTRY_SINK", "林", *measured, dutyUnit="U-1", sinkBasis=basis)
    assert await unchanged(
        world, world.operator, "recordSinks", inventory=inventory, sinks=[sink]
    ) == ("INVALID_INPUT", ["sinks", "0", "dutyUnit"])


async def test_they_are_seen_where_lines_are(shared_world: World) -> None:
    world = shared_world
    inventory = await world.inventory(await world.pilot())
    await world.record(inventory, line("ENERGY_CONSUMPTION", "a", "measured.co2", "1", "tCO2"))
    await world.submit(inventory)
    query = "query ($id: ID!) { node(id: $id) { ... on Inventory { emissionShares { scopes { co2e } } } } }"
    for caller, seen in ((world.anyone, False), (world.auditor, True), (world.verifier, True)):
        found = (await caller.ask(query, id=inventory))["node"]["emissionShares"]
        assert found == ({"scopes": [{"co2e": "1.000000"}]} if seen else None)


@st.composite
def alikes(draw: st.DrawFn) -> AlikeSources:
    category = draw(st.sampled_from([c for c in Category if takes(c, LineRole.SOURCE)]))
    kinds = sorted({*factor_kinds(category, LineRole.SOURCE), FactorKind.OWN})
    unit = draw(st.sampled_from(["kWh", "t", "m3"]))
    stage = draw(st.sampled_from(LifeCycleStage))
    return AlikeSources(
        category=category,
        kind=draw(st.sampled_from(kinds)),
        unit=unit,
        stage=stage,
        co2e=draw(st.decimals(0, 10**6, places=6)),
    )


@given(st.lists(alikes()))
def test_each_list_is_the_whole(lines: list[AlikeSources]) -> None:
    shares = shares_of(lines)
    whole = sum((line.co2e for line in lines), Decimal(0))
    assert sum(share.co2e for share in shares.scopes) == whole
    assert sum(share.co2e for share in shares.stages) == whole
    assert len({share.scope for share in shares.scopes}) == len(shares.scopes)
    assert len({share.stage for share in shares.stages}) == len(shares.stages)
