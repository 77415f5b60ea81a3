"""What materials emitted, construction beside its budget, and the stages of a pilot's life: as worked out by hand."""

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from nzc_api.accounting.gases import GwpSet
from nzc_api.guide.terms import LifeCycleStage
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import Basis, Inventory, StageShare
from nzc_api.plans.life_cycle import LifeCycle, MaterialEmissions, MaterialGap, materials_of
from nzc_api.plans.model import Haul, Material
from nzc_api.refusal import LocalizedText
from nzc_api.statements.reasons import UnknownReason
from tests.plans.drafting import CONCRETE, approved
from tests.world import World

PAGE = (Path(__file__).parent / "材料与施工碳.md").read_text("utf-8")
MATERIALS, BUDGETS = (
    {
        cells[0]: cells[1:]
        for line in part.splitlines()
        if line.startswith("| ")
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    }
    for part in PAGE.split("# 施工预算")
)
EVERY = [what for what in MATERIALS if what not in {"材料", "合计"}]


def material(what: str) -> Material:
    quantity, factor, *haul = map(Decimal, MATERIALS[what][:5])
    return Material(
        name=LocalizedText(what, "x"),
        quantity=quantity,
        unit="t",
        factor=factor,
        haul=Haul(*haul),
        source="手算",
    )


def inventory(
    gwp_set: GwpSet = GwpSet.AR5, method: ElectricityMethod = ElectricityMethod.LOCATION_BASED
) -> Inventory:
    return cast("Inventory", SimpleNamespace(gwp_set=gwp_set, electricity_method=method))


def life(*construction: str, **given: Any) -> LifeCycle:
    """A life of which only construction is known."""
    shares = [StageShare(LifeCycleStage.CONSTRUCTION, Decimal(amount)) for amount in construction]
    facts: dict[str, Any] = {"inventories": [inventory()], "shares": shares, "plan": None}
    return LifeCycle(Basis.OPERATIONAL, **facts | given)


@pytest.mark.parametrize("what", EVERY)
def test_what_a_material_emitted(what: str) -> None:
    found = material(what)
    assert found.embodied == Decimal(MATERIALS[what][5])
    assert found.transport == Decimal(MATERIALS[what][6])


def test_what_materials_emitted_together() -> None:
    every = [material(what) for what in EVERY]
    embodied, transport = map(Decimal, MATERIALS["合计"][5:])
    assert materials_of(every) == MaterialEmissions(embodied, transport)
    unhauled = Material(
        name=LocalizedText("砂", "Sand"),
        quantity=Decimal(1000),
        unit="t",
        factor=Decimal(2),
        haul=None,
        source="手算",
    )
    found = materials_of([*every, unhauled])
    assert found == MaterialEmissions(embodied + 2, None, MaterialGap.HAUL_UNKNOWN)
    assert materials_of([]) == MaterialEmissions(None, None, MaterialGap.NO_MATERIALS)
    assert materials_of(None) == MaterialEmissions(None, None, MaterialGap.NO_PLAN)


@pytest.mark.parametrize("what", [what for what in BUDGETS if what != "情形"])
def test_construction_beside_its_budget(what: str) -> None:
    budget, emitted, remaining, within = BUDGETS[what]
    found = life(*filter(None, emitted.split("、"))).construction(
        None if budget == "无" else Decimal(budget)
    )
    assert found.remaining == (None if remaining == "无" else Decimal(remaining))
    assert found.within_budget == {"是": True, "否": False, "无": None}[within]


def test_what_is_not_known_is_null_with_a_reason() -> None:
    reasons = [
        (life(inventories=[]), UnknownReason.NO_INVENTORY),
        (life(), UnknownReason.NO_SOURCES),
        (
            life("1", inventories=[inventory(), inventory(GwpSet.SAR)]),
            UnknownReason.GWP_SETS_DIFFER,
        ),
        (
            life("1", inventories=[inventory(), inventory(method=ElectricityMethod.MARKET_BASED)]),
            UnknownReason.ELECTRICITY_METHODS_DIFFER,
        ),
    ]
    for found, reason in reasons:
        stage = found.stages[1]
        assert (stage.stage, stage.co2e, stage.unknown) == (
            LifeCycleStage.CONSTRUCTION, None, reason,
        )  # fmt: skip


LIFE = """query ($id: ID!, $at: BigInt, $basis: Basis!) { pilot(by: {id: $id}) {
    lifeCycle(asOf: $at, basis: $basis) { basis inventoryCount stages { stage co2e unknown }
        materials { embodiedCo2e transportCo2e unknown } }
    plan { construction(asOf: $at, basis: $basis) { budgetCo2e co2e unknown remainingCo2e withinBudget } } } }"""


async def test_a_pilots_life(shared_world: World) -> None:
    """A new building: 90 t of construction in two years against 80, and 7 t of operation; no net has its materials."""
    world = shared_world
    pilot = await world.pilot("BUILDING_NEW", 2022, 2023)
    await approved(world, pilot["id"], materials=[CONCRETE])
    before = await world.head()
    for year, phase, tonnes in (
        (2022, "CONSTRUCTION", "60"), (2023, "CONSTRUCTION", "30"), (2023, "OPERATION_MAINTENANCE", "7"),
    ):  # fmt: skip
        inventory = await world.inventory(pilot, year, phase=phase)
        line = {"category": "ENERGY_CONSUMPTION", "label": f"{phase}{year}", "factor": "measured.co2",
                "activity": {"value": tonnes, "unit": "tCO2"}}  # fmt: skip
        await world.record(inventory, line)
        await world.submit(inventory)
    asked = {"id": pilot["id"], "at": None, "basis": "OPERATIONAL"}
    found = (await world.regulator.ask(LIFE, **asked))["pilot"]
    assert found["lifeCycle"] == {
        "basis": "OPERATIONAL", "inventoryCount": 3,
        "stages": [
            {"stage": "RAW_MATERIAL", "co2e": None, "unknown": "NO_SOURCES"},
            {"stage": "CONSTRUCTION", "co2e": "90", "unknown": None},
            {"stage": "OPERATION", "co2e": "7", "unknown": None},
            {"stage": "WASTE", "co2e": None, "unknown": "NO_SOURCES"},
        ],
        "materials": {"embodiedCo2e": "35.4", "transportCo2e": "0.65664", "unknown": None},
    }  # fmt: skip
    assert found["plan"]["construction"] == {
        "budgetCo2e": "80", "co2e": "90", "unknown": None, "remainingCo2e": "-10", "withinBudget": False,
    }  # fmt: skip
    then = (await world.operator.ask(LIFE, **asked | {"at": str(before)}))["pilot"]
    assert then["plan"]["construction"] == {
        "budgetCo2e": "80", "co2e": None, "unknown": "NO_INVENTORY", "remainingCo2e": None, "withinBudget": None,
    }  # fmt: skip
    projected = (await world.operator.ask(LIFE, **asked | {"basis": "PROJECTED"}))["pilot"]
    assert projected["lifeCycle"]["stages"][1]["unknown"] == "NO_INVENTORY"
    for caller in (world.anyone, world.other_operator, world.holder):
        assert (await caller.ask(LIFE, **asked))["pilot"] == {"lifeCycle": None, "plan": None}
    query = """query ($id: ID!) { pilot(by: {id: $id}) {
        netEmissions(period: {year: 2023}) { netCo2e } } }"""
    net = (await world.operator.ask(query, id=pilot["id"]))["pilot"]["netEmissions"]
    assert net["netCo2e"] == "37.000000", "30 + 7: no tonne of materials"
