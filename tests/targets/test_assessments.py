"""How periods stand beside their targets: exact where it is known, and else null with the reason."""

from typing import Any

import pytest

from tests.counting import least, reckoned
from tests.targets.stating import ceilings, recorded, stated, terms, with_target
from tests.world import Caller, World

# Two answers that come back in another order can split a batch in two.
SPLIT = 3

STATUS = """status ceilingCo2e grossCeilingCo2e creditsCeiling gapCo2e onSiteReductionCo2e offsetShare
    baselineChange reasons { reason message { zh en } } netEmissions { netCo2e }"""
ASKED = f"""query ($id: ID!, $year: Int!, $at: BigInt) {{ pilot(by: {{id: $id}}) {{
    targetStatus(period: {{year: $year}}, asOf: $at) {{ {STATUS} }} }} }}"""


async def status(
    caller: Caller, pilot: dict[str, Any], year: int = 2023, at: int | None = None
) -> Any:
    given = {"id": pilot["id"], "year": year, "at": None if at is None else str(at)}
    return (await caller.ask(ASKED, **given))["pilot"]["targetStatus"]


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def test_achieved_and_missed(world: World) -> None:
    """880 where 900 is allowed, 850 where 800 is."""
    pilot = await with_target(world)
    await stated(world, pilot, 2023, "880")
    await stated(world, pilot, 2024, "850")
    found = await status(world.anyone, pilot, 2023)
    assert found == {
        "status": "ACHIEVED", "ceilingCo2e": "900.000000", "grossCeilingCo2e": None,
        "creditsCeiling": None, "gapCo2e": "-20.000000", "onSiteReductionCo2e": "120.000000",
        "offsetShare": "0", "baselineChange": "0", "reasons": [],
        "netEmissions": {"netCo2e": "880.000000"},
    }  # fmt: skip
    found = await status(world.anyone, pilot, 2024)
    assert (found["status"], found["ceilingCo2e"]) == ("MISSED", "800.000000")
    assert (found["gapCo2e"], found["onSiteReductionCo2e"]) == ("50.000000", "150.000000")


async def test_exactly_the_ceiling_is_kept(world: World) -> None:
    pilot = await with_target(world)
    await stated(world, pilot, 2023, "900")
    found = await status(world.anyone, pilot)
    assert (found["status"], found["gapCo2e"]) == ("ACHIEVED", "0.000000")


async def test_credits_close_the_gap_and_are_no_reduction_on_site(world: World) -> None:
    """60 t of 850 t are offset: 60 ÷ 850."""
    pilot = await with_target(world)
    await stated(world, pilot, 2024, "850")
    await world.issue(await world.project(), "GD-T", 1, 100)
    retired = world.retirement(pilot, "GD-T", 1, 60, year=2024)
    await world.registry.made("retireCredits", "retirement { id }", **retired)
    found = await status(world.anyone, pilot, 2024)
    assert (found["status"], found["gapCo2e"]) == ("ACHIEVED", "-10.000000")
    assert found["onSiteReductionCo2e"] == "150.000000"
    assert found["offsetShare"] == "0.070588235294"


async def test_it_is_final_once_the_period_is_over_and_verified(world: World) -> None:
    pilot = await with_target(world)
    good = await stated(world, pilot, 2023, "880", verify=False)
    bad = await stated(world, pilot, 2024, "850", verify=False)
    assert (await status(world.auditor, pilot, 2023))["status"] == "ON_TRACK"
    assert (await status(world.auditor, pilot, 2024))["status"] == "BEHIND"
    at = await world.head()
    for inventory in (good, bad):
        await world.verify(inventory)
    assert (await status(world.auditor, pilot, 2023))["status"] == "ACHIEVED"
    assert (await status(world.auditor, pilot, 2024))["status"] == "MISSED"
    assert (await status(world.auditor, pilot, 2023, at))["status"] == "ON_TRACK"


async def test_a_period_that_is_not_over_is_on_track(world: World) -> None:
    pilot = await with_target(world, 2022, 2090)
    await stated(world, pilot, 2090, "3")
    found = await status(world.operator, pilot, 2090)
    assert (found["status"], found["gapCo2e"]) == ("BEHIND", "3.000000")


async def test_the_other_ceilings(world: World) -> None:
    """The gross from 1,000 in 2022 to 900 in 2026: 975 in 2023; 100 credits from 2026 on, and as many
    before."""
    pilot = await world.pilot()
    await stated(world, pilot, 2022, "1000", "HISTORICAL")
    first = {"year": 2026, "netCo2e": "600", "grossCo2e": "900", "creditsQuantity": "100"}
    await recorded(world, pilot, [first, *ceilings(("2030", "0"))])
    found = await status(world.anyone, pilot)
    assert (found["grossCeilingCo2e"], found["creditsCeiling"]) == ("975.000000", None)


async def test_only_the_days_in_operation(world: World) -> None:
    """Closed at the end of June: 900 × 181/365, and the baseline's 1,000 in as many days."""
    pilot = await with_target(world)
    await world.operator.made(
        "amendPilot", "pilot { id }", pilot=pilot["id"], closedOn="2023-06-30"
    )
    days = {"startsOn": "2023-01-01", "endsOn": "2023-06-30"}
    await stated(world, pilot, 2023, "450", covers=days)
    found = await status(world.anyone, pilot)
    assert found["ceilingCo2e"] == "446.301369"
    assert (found["status"], found["gapCo2e"]) == ("MISSED", "3.698631")
    assert found["onSiteReductionCo2e"] == "45.890410"
    found = await status(world.anyone, pilot, 2024)
    assert "NOT_IN_OPERATION" in of(found)


def of(found: Any) -> list[str]:
    """The reasons of what cannot be assessed, of which no number is told."""
    assert found["status"] == "NOT_ASSESSABLE"
    assert (found["gapCo2e"], found["onSiteReductionCo2e"]) == (None, None)
    for reason in found["reasons"]:
        assert reason["message"]["zh"]
        assert reason["message"]["en"]
    return [reason["reason"] for reason in found["reasons"]]


async def test_what_cannot_be_assessed_says_why(world: World) -> None:
    pilot = await with_target(world)
    none = await world.pilot()
    await stated(world, none, 2023, "5")
    found = await status(world.anyone, none)
    assert of(found) == ["NO_TARGET"]
    assert (found["ceilingCo2e"], found["netEmissions"]) == (None, {"netCo2e": "5.000000"})
    assert of(await status(world.anyone, none, 2050)) == ["NO_PERIOD", "NO_TARGET"]
    assert of(await status(world.anyone, pilot, 2050)) == ["NO_PERIOD"]
    found = await status(world.anyone, pilot, 2023)
    assert of(found) == ["NET_NOT_KNOWN"]
    assert "NO_INVENTORY" in found["reasons"][0]["message"]["zh"]
    assert found["ceilingCo2e"] == "900.000000"
    found = await status(world.anyone, pilot, 2021)
    assert of(found) == ["BEFORE_BASELINE", "NET_NOT_KNOWN"]
    assert found["ceilingCo2e"] is None


async def test_what_covers_less_is_not_compared(world: World) -> None:
    pilot = await with_target(world)
    half = {"startsOn": "2023-01-01", "endsOn": "2023-06-30"}
    await stated(world, pilot, 2023, "300", covers=half)
    assert of(await status(world.anyone, pilot)) == ["COVERAGE_NOT_COMPLETE"]


async def test_like_is_compared_with_like(world: World) -> None:
    pilot = await with_target(world)
    await stated(world, pilot, 2023, "880", gwpSet="AR6")
    found = await status(world.anyone, pilot)
    assert of(found) == ["GWP_SETS_DIFFER"]
    assert "AR6" in found["reasons"][0]["message"]["en"]
    assert "AR5" in found["reasons"][0]["message"]["en"]
    await stated(world, pilot, 2024, "850", factorList="ent-gd-2023")
    assert of(await status(world.anyone, pilot, 2024)) == ["FACTOR_FAMILIES_DIFFER"]


async def test_a_net_by_market_is_not_compared_with_a_baseline_by_location(world: World) -> None:
    pilot = await with_target(world)
    await stated(world, pilot, 2023, "880", electricityMethod="MARKET_BASED")
    found = await status(world.anyone, pilot)
    assert of(found) == ["ELECTRICITY_METHODS_DIFFER"]
    message = found["reasons"][0]["message"]["en"]
    assert message.index("MARKET_BASED") < message.index("LOCATION_BASED")


@pytest.mark.parametrize(
    ("more", "change", "assessable"), [("50", "0.05", True), ("50.1", "0.0501", False)]
)
async def test_a_baseline_that_was_restated_obliges_a_revision(
    world: World, more: str, change: str, assessable: bool
) -> None:
    """By more than a twentieth."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    inventory = await stated(world, pilot, 2022, "1000", "HISTORICAL")
    target = await recorded(world, pilot, ceilings(("2026", "600"), ("2030", "0")))
    await stated(world, pilot, 2023, "880")
    at = await world.head()
    revised = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    line = {
        "category": "ENERGY_CONSUMPTION", "label": "漏报", "factor": "measured.co2",
        "activity": {"value": more, "unit": "tCO2"},
    }  # fmt: skip
    await world.record(revised["id"], line)
    await world.submit(revised["id"])
    found = await status(world.anyone, pilot)
    assert found["baselineChange"] == change
    assert (found["status"] != "NOT_ASSESSABLE") == assessable
    assert (await status(world.anyone, pilot, 2023, at))["baselineChange"] == "0"
    if not assessable:
        assert of(found) == ["BASELINE_RESTATED"]
        assert change in found["reasons"][0]["message"]["en"]
        await world.operator.made(
            "reviseTarget", "target { id }", target=target, revisionReason="ERROR",
            **terms(pilot, ceilings(("2026", "600"), ("2030", "0"))),
        )  # fmt: skip
        assert (await status(world.anyone, pilot))["status"] == "ACHIEVED"


async def test_a_target_makes_no_number_of_the_net(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    await stated(world, pilot, 2022, "1000", "HISTORICAL")
    await stated(world, pilot, 2023, "880")
    query = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2023}) {
        netCo2e creditsToZero gross { co2e } sinks { co2e } purchasedReductions { quantity } } } }"""
    before = await world.anyone.ask(query, id=pilot["id"])
    await recorded(world, pilot, ceilings(("2025", "0")))
    assert await world.anyone.ask(query, id=pilot["id"]) == before


async def test_the_way_to_zero_as_one_list(world: World) -> None:
    pilot = await with_target(world, 2022, 2023, 2024)
    await stated(world, pilot, 2023, "880")
    await stated(world, pilot, 2024, "700", "PROJECTED")
    query = """query ($id: ID!) { pilot(by: {id: $id}) { trajectory { earlierPeriods target { version }
        points { kind year netCo2e grossCo2e creditsQuantity startsOn endsOn assurance
            unknown { reason } accountingPeriod { id } } } } }"""
    found = (await world.anyone.ask(query, id=pilot["id"]))["pilot"]["trajectory"]
    assert (found["earlierPeriods"], found["target"]) == (0, {"version": 1})
    names = ("kind", "year", "netCo2e", "grossCo2e", "creditsQuantity", "startsOn", "assurance")
    missing = [{"reason": "NO_INVENTORY"}]
    assert [(*(p[n] for n in names), p["unknown"]) for p in found["points"]] == [
        ("BASELINE", 2022, "1000", "1000", None, None, None, []),
        ("CEILING", 2026, "600", None, None, None, None, []),
        ("CEILING", 2030, "0", None, None, None, None, []),
        ("ACTUAL", 2022, None, None, "0", "2022-01-01", "NONE", missing),
        ("ACTUAL", 2023, "880", "880", "0", "2023-01-01", "VERIFIED", []),
        ("ACTUAL", 2024, None, None, "0", "2024-01-01", "NONE", missing),
        ("PROJECTION", 2024, "700", "700", None, "2024-01-01", "VERIFIED", []),
    ]


LIST = f"""query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Pilot {{
    target {{ version }} targets(first: 1) {{ nodes {{ version }} }}
    targetStatus(period: {{year: 2023}}) {{ {STATUS} }}
    trajectory {{ points {{ kind netCo2e }} }} }} }} }}"""


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    """And no more than is reckoned beforehand."""
    pilots = [await with_target(world) for _ in range(6)]
    for pilot in pilots:
        await stated(world, pilot, 2023, "880")
    ids = [pilot["id"] for pilot in pilots]
    one = await least(lambda: world.anyone.ask(LIST, ids=ids[:1]))
    all_of_them = await least(lambda: world.anyone.ask(LIST, ids=ids))
    assert all_of_them <= one + SPLIT
    assert all_of_them <= reckoned(LIST, {"ids": ids}).statements
