"""A statement as of a position is what it was then, to the last digit."""

from typing import Any

from tests.statements.test_net_emissions import STATEMENT
from tests.world import SINK_BASIS, World


def source(value: str, **more: Any) -> dict[str, Any]:
    return {
        "category": "ENERGY_CONSUMPTION",
        "label": "电",
        "activity": {"value": value, "unit": "kWh"},
        "factor": "elec.guangdong.avg.2022",
    } | more


async def test_every_position_keeps_its_statement(world: World) -> None:
    """Through submission, verification, a revision, transfers, retirements and a change of place:
    what was read at each step is read again later, as of that step."""
    pilot = await world.pilot()
    seen: list[tuple[int, Any]] = []

    async def look() -> None:
        data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022)
        statement = data["pilot"]["netEmissions"]
        seen.append((int(statement["asOfPosition"]), statement))

    await look()
    inventory = await world.inventory(pilot)
    await world.record(inventory, source("1234567"))
    await look()
    await world.submit(inventory, verify=False)
    await look()
    project = await world.project()
    await world.issue(project, "GD-Z", 1, 1000)
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD-Z", 101, 200)
    )
    await look()
    await world.verifier.made("verifyInventory", "inventory { id }", inventory=inventory)
    await look()
    second = (
        await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    )["id"]
    await world.record(second, source("7654321"))
    await look()
    forest = await world.project(forestry=True, pilot=pilot["id"])
    await world.issue(forest, "GD-F", 1, 10)
    await world.record(
        second,
        source("40", category="FORESTRY_SINK", factor="measured.co2")
        | {"activity": {"value": "40", "unit": "tCO2"}}
        | SINK_BASIS,
        sinks=True,
    )
    await world.submit(second)
    await look()
    for first in (1, 50, 201, 500):
        await world.registry.made(
            "retireCredits",
            "retirement { id }",
            **world.retirement(pilot, "GD-Z", first, first + 9),
        )
        await look()
    statements = {statement["netCo2e"] for _, statement in seen}
    assert len(statements) >= 7, "the statement did change"
    for position, statement in seen:
        data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022, asOf=str(position))
        assert data["pilot"]["netEmissions"] == statement


async def test_an_inventory_is_shown_as_it_stood(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, source("1000"))
    await world.submit(inventory, verify=False)
    before = await world.head()
    await world.verifier.made("verifyInventory", "inventory { id }", inventory=inventory)
    data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022, asOf=str(before))
    then = data["pilot"]["netEmissions"]
    assert then["assurance"] == "SUBMITTED"
    assert then["inventories"]["nodes"] == [
        {
            "id": inventory,
            "status": "SUBMITTED",
            "submittedPosition": str(before),
            "verifiedPosition": None,
            "verifier": None,
        }
    ]


async def test_there_is_no_statement_before_there_was_a_period(world: World) -> None:
    """Not a statement of zeros: the pilot had no such period then."""
    before = await world.head()
    pilot = await world.pilot("BUILDING_EXISTING", 2022)
    registered = await world.head()
    made = await world.operator.made(
        "registerAccountingPeriod", "accountingPeriod { id }",
        pilot=pilot["id"], startsOn="2023-01-01", endsOn="2023-12-31",
    )  # fmt: skip
    query = """query ($pilot: ID!, $period: ID!, $at: BigInt!) {
        pilot(by: {id: $pilot}) { netEmissions(period: {id: $period}, asOf: $at) { netCo2e } }
        node(id: $period) { ... on AccountingPeriod { netEmissions(asOf: $at) { netCo2e } } } }"""
    for at in (before, registered, registered + 1):
        data = await world.auditor.ask(query, pilot=pilot["id"], period=made["id"], at=str(at))
        expected = {"netCo2e": None} if at > registered else None
        assert data["pilot"]["netEmissions"] == expected
        assert data["node"]["netEmissions"] == expected
    data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022, asOf=str(before))
    assert data["pilot"]["netEmissions"] is None


async def test_a_draft_counts_for_nothing(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, source("1000000"))
    data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022)
    statement = data["pilot"]["netEmissions"]
    assert statement["gross"] == {"co2e": None, "byCategory": [], "byGas": []}
    assert statement["unknown"] == [{"reason": "NO_INVENTORY"}]
    assert statement["coverage"] == {"status": "NONE", "gaps": {"nodes": []}}
    assert statement["assurance"] == "NONE"


async def test_over_retirement_is_shown_and_not_clamped(world: World) -> None:
    pilot = await world.pilot()
    for year in (2022, 2023):
        inventory = await world.inventory(pilot, year)
        await world.record(inventory, source("100000", factor=f"elec.guangdong.avg.{year}"))
        await world.submit(inventory)
    await world.issue(await world.project(), "GD-O", 1, 100)
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD-O", 1, 100)
    )
    data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022)
    statement = data["pilot"]["netEmissions"]
    assert statement["netCo2e"] == "-55.970000"
    assert statement["surplusCo2e"] == "55.970000"
    assert (statement["creditsToZero"], statement["furtherCreditsToZero"]) == ("45", "0")
    other = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2023)
    assert other["pilot"]["netEmissions"]["netCo2e"] == "44.190000", "it does not carry forward"


async def test_coverage_says_what_is_missing(world: World) -> None:
    pilot = await world.pilot("TRANSPORT", operationStartsOn="2022-03-01")
    spring = await world.inventory(
        pilot,
        covers={"startsOn": "2022-03-01", "endsOn": "2022-06-30"},
        notOccurring=["PURCHASED_HEAT"],
    )
    await world.record(
        spring,
        source("10", category="PURCHASED_ELECTRICITY"),
        source("1", category="VEHICLE_FUEL", factor="prov2025.diesel")
        | {"activity": {"value": "1", "unit": "t"}},
    )
    await world.submit(spring, verify=False)
    data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022)
    statement = data["pilot"]["netEmissions"]
    assert statement["assurance"] == "SUBMITTED"
    scope = ["VEHICLE_FUEL", "EXHAUST_TREATMENT", "PURCHASED_ELECTRICITY", "PURCHASED_HEAT"]
    assert statement["coverage"] == {
        "status": "PARTIAL",
        "gaps": {
            "nodes": [
                {
                    "phase": "OPERATION",
                    "startsOn": "2022-03-01",
                    "endsOn": "2022-06-30",
                    "categories": ["EXHAUST_TREATMENT"],
                },
                {
                    "phase": "OPERATION",
                    "startsOn": "2022-07-01",
                    "endsOn": "2022-12-31",
                    "categories": scope,
                },
            ]
        },
    }


async def test_a_sold_sink_is_not_also_a_sink(world: World) -> None:
    """Rule 6: measured less issued, for the pilot and for those around it, by days of production."""
    park = await world.pilot("PARK")
    building = await world.pilot("BUILDING_EXISTING", surroundingPilot=park["id"])
    for pilot, category in ((park, "BUILDING_ENERGY"), (building, "ENERGY_CONSUMPTION")):
        inventory = await world.inventory(pilot)
        await world.record(inventory, source("1000", category=category))
        sink = source("30", category="FORESTRY_SINK", factor="measured.co2")
        sink["activity"] = {"value": "30", "unit": "tCO2"}
        await world.record(inventory, sink | SINK_BASIS, sinks=True)
        await world.submit(inventory)
    forest = await world.project(forestry=True, pilot=building["id"])
    span = {"monitoringPeriod": {"startsOn": "2021-01-01", "endsOn": "2022-12-31"}}
    await world.issue(forest, "GD-S", 1, 20, production=span)
    for pilot in (park, building):
        data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022)
        statement = data["pilot"]["netEmissions"]
        assert statement["sinks"] == {
            "measuredCo2e": "30.000000", "soldCo2e": "10.000000", "co2e": "20.000000",
        }  # fmt: skip
        assert statement["netCo2e"] == "-19.559700"


async def test_every_term_leads_to_its_rows(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, source("1000000"))
    await world.submit(inventory)
    await world.issue(await world.project(), "GD-W", 1, 100)
    await world.issue(await world.project(forestry=True), "GD-V", 1, 100)
    for prefix in ("GD-W", "GD-V"):
        await world.registry.made(
            "retireCredits", "retirement { id }", **world.retirement(pilot, prefix, 1, 40)
        )
    data = await world.auditor.ask(
        """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
            gross { co2e } inventories { nodes { emissionSources { nodes { co2e explain { co2e } } } } }
            purchasedReductions { quantity forestryQuantity
                byMechanism { mechanism quantity } byProgramme { programme quantity }
                byBatch { nodes { quantity batch { vintage project { code } serials { text } } } }
                retirements { nodes { quantity holder { id } postedBy { id }
                    movements { nodes { quantity serials { text } debit { kind organisation { id } }
                        credit { kind pilot { id } accountingPeriod { id } } } } } } } } } }""",
        id=pilot["id"],
    )
    net = data["pilot"]["netEmissions"]
    lines = net["inventories"]["nodes"][0]["emissionSources"]["nodes"]
    assert sum(float(line["co2e"]) for line in lines) == float(net["gross"]["co2e"]) == 440.3
    bought = net["purchasedReductions"]
    assert bought["quantity"] == "80"
    assert bought["forestryQuantity"] == "40"
    assert {m["mechanism"]: m["quantity"] for m in bought["byMechanism"]} == {
        "CCER": "40", "FORESTRY": "40", "PHCER": "0",
    }  # fmt: skip
    assert bought["byProgramme"] == [{"programme": "CCER", "quantity": "80"}]
    assert [b["batch"]["serials"]["text"] for b in bought["byBatch"]["nodes"]] == [
        "GD-W-1 to 100", "GD-V-1 to 100",
    ]  # fmt: skip
    retirements = bought["retirements"]["nodes"]
    assert [r["movements"]["nodes"][0]["serials"]["text"] for r in retirements] == [
        "GD-W-1 to 40", "GD-V-1 to 40",
    ]  # fmt: skip
    movement = retirements[0]["movements"]["nodes"][0]
    assert movement["debit"] == {
        "kind": "HOLDING", "organisation": {"id": world.holder.organisation},
    }  # fmt: skip
    assert movement["credit"] == {
        "kind": "RETIREMENT", "pilot": {"id": pilot["id"]},
        "accountingPeriod": {"id": pilot["periods"][2022]},
    }  # fmt: skip
