"""Emission sources drafted from meters: what they rest on, what is missing, and that nothing counts twice."""

from typing import Any

import pytest

from tests.counting import least
from tests.metering.test_meters import meter
from tests.world import World, as_kind, key

LINES = """query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources(first: 100) { nodes {
    id label category activity { value unit } warnings co2e
    explain { meterBasis { startsOn endsOn quantity estimatedQuantity quantityNow measuredDays estimatedDays
        missingDays meter { code } readings(first: 3) { pageInfo { hasNextPage endCursor }
            nodes { startsAt endsAt value cost } } } } } } } } }"""


async def lines_of(world: World, inventory: str) -> list[dict[str, Any]]:
    found = await world.operator.ask(LINES, id=inventory)
    nodes: list[dict[str, Any]] = found["node"]["emissionSources"]["nodes"]
    return nodes


async def metered(world: World, pilot: Any, code: str = "E-1", **given: Any) -> Any:
    facts = {"meterKind": "BILL", "validFrom": "2021-01-01"} | given
    return await meter(world, pilot, code, **facts)


async def billed(world: World, meter: Any, /, *bills: tuple[str, str, str], **given: Any) -> None:
    items = [
        {"meter": meter["id"], "firstDay": first, "lastDay": last, "quantity": quantity} | given
        for first, last, quantity in bills
    ]
    await world.operator.made("recordBills", "batch { id }", items=items)


def source(meter: Any, /, **given: Any) -> dict[str, Any]:
    facts = {"category": "ENERGY_CONSUMPTION", "factor": "elec.guangdong.avg.2022"}
    return {"meter": meter["id"]} | facts | given


async def draft(world: World, inventory: str, *sources: dict[str, Any]) -> Any:
    return await world.operator.made(
        "draftFromMeters", "inventory { id }", inventory=inventory, sources=list(sources)
    )


async def refused(world: World, inventory: str, *sources: dict[str, Any]) -> Any:
    given = {"inventory": inventory, "sources": list(sources)}
    return await world.operator.refused("draftFromMeters", **given)


async def test_a_line_leads_to_each_bill(world: World) -> None:
    """The year's share of each bill, exactly; what is missing is said and doubted, and it is no zero."""
    pilot = await world.pilot()
    supply = await metered(world, pilot)
    await billed(
        world, supply, ("2021-12-17", "2022-01-15", "3000"), ("2022-01-16", "2022-06-30", "16600")
    )
    await billed(world, supply, ("2022-12-01", "2023-01-31", "6200"), estimated=True, cost="4000.5")
    inventory = await world.inventory(pilot)
    await draft(world, inventory, source(supply))
    [line] = await lines_of(world, inventory)
    # 15 of 30 days at 100, the whole second bill, 31 of 62 days at 100.
    assert line["activity"] == {"value": "21200", "unit": "kWh"}
    assert (line["label"], line["warnings"]) == ("E-1", ["METER_DAYS_MISSING"])
    basis = line["explain"]["meterBasis"]
    assert basis == {
        "startsOn": "2022-01-01", "endsOn": "2022-12-31", "quantity": "21200", "estimatedQuantity": "3100",
        "quantityNow": "21200", "measuredDays": "181", "estimatedDays": "31", "missingDays": "153",
        "meter": {"code": "E-1"},
        "readings": {"pageInfo": {"hasNextPage": False, "endCursor": basis["readings"]["pageInfo"]["endCursor"]},
                     "nodes": [
            {"startsAt": "2021-12-16T16:00:00Z", "endsAt": "2022-01-15T16:00:00Z", "value": "3000", "cost": None},
            {"startsAt": "2022-01-15T16:00:00Z", "endsAt": "2022-06-30T16:00:00Z", "value": "16600",
             "cost": None},
            {"startsAt": "2022-11-30T16:00:00Z", "endsAt": "2023-01-31T16:00:00Z", "value": "6200",
             "cost": "4000.5"},
        ]},
    }  # fmt: skip
    # What is recorded later is not what the line rests on; that it differs is seen.
    await billed(world, supply, ("2022-07-01", "2022-11-30", "1"))
    [line] = await lines_of(world, inventory)
    basis = line["explain"]["meterBasis"]
    assert (line["activity"]["value"], basis["quantityNow"]) == ("21200", "21201")
    assert [one["value"] for one in basis["readings"]["nodes"]] == ["3000", "16600", "6200"]
    # It is seen as meters are: of a line that all see, its meter and bills are not.
    await world.submit(inventory, verify=False)
    warnings = await world.verifier.ask(
        """query ($id: ID!) { node(id: $id) { ... on Inventory { allWarnings { nodes {
            code mustBeAcknowledged message { zh en } } } } } }""",
        id=inventory,
    )
    [missing] = [
        one
        for one in warnings["node"]["allWarnings"]["nodes"]
        if one["code"] == "METER_DAYS_MISSING"
    ]
    assert missing["mustBeAcknowledged"]
    assert "365天中有153天" in missing["message"]["zh"]
    assert "153 of the inventory's 365 days" in missing["message"]["en"]


COVERED = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) { coverage {
    status gaps { totalCount } warnings { reason days message { zh en } } } } } }"""
PREVIEWED = """mutation ($input: InventoryInput!) { submitInventory(input: $input) { ... on InventoryPreview {
    statement { coverage { status warnings { reason days } } } } } }"""


async def test_a_meter_that_was_there_on_some_of_the_days(world: World) -> None:
    """What was used before it came is in another line, or was nothing: a verifier says so. What is generated or sold
    may begin whenever it does."""
    pilot = await world.pilot()
    late = {"validFrom": "2022-07-01", "validTo": "2022-12-30"}
    power = await metered(world, pilot, **late)
    solar = await metered(world, pilot, "PV", flow="GENERATED", supplyPoint=None, **late)
    for supply in (power, solar):
        await billed(world, supply, ("2022-07-01", "2022-12-30", "20000"))
    inventory = await world.inventory(pilot)
    own = source(solar, category="OWN_GENERATION", factor="own.pv")
    await draft(world, inventory, source(power), own)
    assert [line["warnings"] for line in await lines_of(world, inventory)] == [
        ["METER_PART_OF_DAYS"],
        [],
    ]
    await world.submit(inventory, verify=False)
    warned = """query ($id: ID!) { node(id: $id) { ... on Inventory { allWarnings { nodes {
        code mustBeAcknowledged message { zh en } } } } } }"""
    found = (await world.verifier.ask(warned, id=inventory))["node"]["allWarnings"]["nodes"]
    [warning] = [one for one in found if one["code"] == "METER_PART_OF_DAYS"]
    assert warning["mustBeAcknowledged"]
    assert "365天中该计量点只有183天启用" in warning["message"]["zh"]
    assert "365 days the meter was there on 183:" in warning["message"]["en"]


async def test_days_that_a_meter_lacks_are_no_coverage(world: World) -> None:
    """Verified or not, a year of which a day of one meter is not known is not covered; once it is known, it is."""
    pilot = await world.pilot()
    one, other = await metered(world, pilot), await metered(world, pilot, "E-2", supplyPoint="2")
    await billed(world, one, ("2022-01-01", "2022-12-31", "40000"))
    await billed(
        world, other, ("2022-01-02", "2022-06-30", "9000"), ("2022-07-02", "2022-12-31", "9000")
    )
    inventory = await world.inventory(pilot)
    await draft(world, inventory, source(one), source(other))
    given = {"inventory": inventory, "dryRun": True, "idempotencyKey": key()}
    preview = (await world.operator.ask(PREVIEWED, input=given))["submitInventory"]
    lacking = {"reason": "METER_DAYS_MISSING", "days": 2}
    assert preview["statement"]["coverage"] == {"status": "PARTIAL", "warnings": [lacking]}
    await world.submit(inventory)
    covered = await world.auditor.ask(COVERED, id=pilot["id"])
    found = covered["pilot"]["netEmissions"]["coverage"]
    [warning] = found["warnings"]
    message = warning.pop("message")
    assert (found["status"], found["gaps"], warning) == ("PARTIAL", {"totalCount": 0}, lacking)
    assert ("缺2天的读数或账单" in message["zh"], "2 days have no reading" in message["en"]) == (
        True,
        True,
    )

    await billed(
        world, other, ("2022-01-01", "2022-01-01", "50"), ("2022-07-01", "2022-07-01", "50")
    )
    leave = [line["id"] for line in await lines_of(world, inventory) if line["label"] == "E-2"]
    second = await world.operator.made(
        "reviseInventory", "inventory { id }", inventory=inventory, leaveOut=leave
    )
    await draft(world, second["id"], source(other))
    await world.submit(second["id"])
    covered = await world.auditor.ask(COVERED, id=pilot["id"])
    assert covered["pilot"]["netEmissions"]["coverage"] == {
        "status": "COMPLETE", "gaps": {"totalCount": 0}, "warnings": [],
    }  # fmt: skip


async def test_of_a_line_that_all_see_the_meter_is_not_seen(world: World) -> None:
    pilot = await world.pilot(lineVisibility="PUBLIC")
    supply = await metered(world, pilot)
    await billed(world, supply, ("2022-01-01", "2022-12-31", "3650"))
    inventory = await world.inventory(pilot)
    await draft(world, inventory, source(supply))
    await world.submit(inventory)
    found = await world.anyone.ask(LINES, id=inventory)
    [line] = found["node"]["emissionSources"]["nodes"]
    basis = line["explain"]["meterBasis"]
    assert (basis["quantity"], basis["measuredDays"]) == ("3650", "365")
    assert (basis["meter"], basis["quantityNow"], basis["readings"]["nodes"]) == (None, None, [])


async def test_a_register_leads_to_the_readings_around_the_days(world: World) -> None:
    pilot = await world.pilot()
    supply = await meter(world, pilot, validFrom="2021-01-01", multiplier="2")
    items = [
        {"meter": supply["id"], "at": f"{day}T00:00:00+08:00", "value": value}
        for day, value in (
            ("2021-06-01", "0"), ("2021-12-31", "100"), ("2022-01-02", "102"), ("2022-12-30", "1000"),
            ("2023-01-03", "1008"), ("2023-02-01", "2000"),
        )
    ]  # fmt: skip
    await world.operator.made("recordReadings", "batch { id }", items=items)
    inventory = await world.inventory(pilot)
    await draft(world, inventory, source(supply, label="总表"))
    [line] = await lines_of(world, inventory)
    # 1 of 2 days, all between, and 2 of 4 days, each times 2.
    assert (line["label"], line["activity"]["value"], line["warnings"]) == ("总表", "1806", [])
    readings = line["explain"]["meterBasis"]["readings"]
    assert [one["value"] for one in readings["nodes"]] == ["100", "102", "1000"]
    more = await world.operator.ask(
        LINES.replace("first: 3", f'first: 3, after: "{readings["pageInfo"]["endCursor"]}"'),
        id=inventory,
    )
    [line] = more["node"]["emissionSources"]["nodes"]
    assert [one["value"] for one in line["explain"]["meterBasis"]["readings"]["nodes"]] == ["1008"]


async def test_gas_is_brought_to_standard_conditions(world: World) -> None:
    pilot = await world.pilot()
    supply = await metered(
        world,
        pilot,
        carrier="GAS",
        unit="m3",
        conditions={"celsius": "20", "kilopascals": "101.325"},
    )
    await billed(world, supply, ("2022-01-01", "2022-12-31", "293.15"))
    inventory = await world.inventory(pilot)
    await draft(world, inventory, source(supply, factor="prov2025.natural_gas"))
    [line] = await lines_of(world, inventory)
    assert line["activity"] == {"value": "273.15", "unit": "Nm3"}
    assert line["explain"]["meterBasis"]["quantity"] == "293.15"


async def test_what_was_not_read_is_not_zero(world: World) -> None:
    """Every meter of which nothing is known is named; a bill of 0 is known."""
    pilot = await world.pilot()
    meters = [await metered(world, pilot, f"E-{n}") for n in range(3)]
    await billed(world, meters[1], ("2022-01-01", "2022-12-31", "0"))
    await billed(world, meters[2], ("2021-01-01", "2021-12-31", "5"))
    inventory = await world.inventory(pilot)
    head = await world.head()
    error = await refused(world, inventory, *map(source, meters))
    assert (error["code"], error["path"]) == ("METERS_NOT_READ", ["input", "sources"])
    assert "E-0, E-2" in error["message"]["en"]
    assert await world.head() == head
    await draft(world, inventory, source(meters[1]))
    [line] = await lines_of(world, inventory)
    assert (line["activity"]["value"], line["warnings"]) == ("0", [])


async def test_a_meters_day_counts_once(world: World) -> None:
    """Not twice in one request or inventory, nor with a meter around it or inside it."""
    pilot = await world.pilot()
    main = await metered(world, pilot, "MAIN")
    part = await metered(world, pilot, "PART", parent=main["id"])
    inner = await metered(world, pilot, "INNER", parent=part["id"])
    beside = await metered(world, pilot, "BESIDE", parent=main["id"])
    for supply in (main, part, inner, beside):
        await billed(world, supply, ("2022-01-01", "2022-12-31", "10"))
    inventory = await world.inventory(pilot)
    for sources, number in (((part, part), 1), ((inner, main), 1), ((beside, main, part), 1)):
        error = await refused(world, inventory, *map(source, sources))
        assert (error["code"], error["path"]) == (
            "METER_ALREADY_ACCOUNTED", ["input", "sources", str(number), "meter"],
        )  # fmt: skip
    await draft(world, inventory, source(part, label="分项"), source(beside))
    for supply in (part, main, inner):
        error = await refused(world, inventory, source(supply, label="again"))
        assert error["code"] == "METER_ALREADY_ACCOUNTED"
        assert "分项" in error["message"]["zh"]
    # What takes the line out makes room.
    first, _ = await lines_of(world, inventory)
    await world.operator.made("removeInventoryLine", "inventory { id }", line=first["id"])
    await draft(world, inventory, source(inner))
    assert [line["label"] for line in await lines_of(world, inventory)] == ["BESIDE", "INNER"]


async def test_it_counts_once_whenever_it_is_placed(world: World) -> None:
    """A meter that is found to be inside another one once both have lines is not counted beside it, in either order."""
    pilot = await world.pilot()
    main, part = (
        await metered(world, pilot, "MAIN"),
        await metered(world, pilot, "PART", supplyPoint="2"),
    )
    inner = await metered(
        world, pilot, "INNER", flow="INTERNAL", supplyPoint=None, parent=part["id"]
    )
    for supply in (main, part, inner):
        await billed(
            world,
            supply,
            ("2022-01-01", "2022-12-31", "9000"),
            ("2023-01-01", "2023-12-31", "9000"),
        )
    drafted = [
        await world.inventory(pilot, year, factorList="prov2025-gd-2022") for year in (2022, 2023)
    ]
    for inventory in drafted:
        await draft(world, inventory, source(main), source(inner))
    await world.submit(drafted[0])
    place = {"meter": part["id"], "parent": main["id"]}
    error = await world.operator.refused("placeMeter", **place)
    assert (error["code"], error["path"]) == ("METER_ALREADY_ACCOUNTED", ["input", "parent"])
    assert (
        "“INNER”所依据的计量点（或其总表、分表）在这些日期的用量已由“MAIN”计入"
        in error["message"]["zh"]
    )

    # What a verified version has left out holds nothing back; the draft of the other year is asked as it is handed in.
    [leave] = [line["id"] for line in await lines_of(world, drafted[0]) if line["label"] == "INNER"]
    revised = ("reviseInventory", "inventory { id }")
    second = await world.operator.made(*revised, inventory=drafted[0], leaveOut=[leave])
    await world.submit(second["id"])
    await world.operator.made("placeMeter", "meter { id }", **place)
    error = await world.operator.refused("submitInventory", inventory=drafted[1])
    assert (error["code"], error["path"]) == ("METER_ALREADY_ACCOUNTED", ["input", "inventory"])
    [line, _] = await lines_of(world, drafted[1])
    await world.operator.made("removeInventoryLine", "inventory { id }", line=line["id"])
    await world.submit(drafted[1])


async def test_it_counts_once_in_what_is_handed_in(world: World) -> None:
    """In the pilot's inventories on one basis: another phase's is refused, as it is drafted or as it is submitted; a
    revision is the same one, and what it has left out is free once it is verified."""
    pilot = await world.pilot("BUILDING_NEW")
    supply = await metered(world, pilot)
    await billed(world, supply, ("2022-01-01", "2022-12-31", "10"))
    phases = ("CONSTRUCTION", "OPERATION_MAINTENANCE")
    one, other = [await world.inventory(pilot, phase=phase) for phase in phases]
    projected = await world.inventory(pilot, phase=phases[0], basis="PROJECTED")
    for inventory in (one, other, projected):
        await draft(world, inventory, source(supply, label=f"of {inventory[-3:]}"))
    await world.submit(one)
    error = await world.operator.refused("submitInventory", inventory=other)
    assert (error["code"], error["path"]) == ("METER_ALREADY_ACCOUNTED", ["input", "inventory"])
    await world.submit(projected)
    [line] = await lines_of(world, other)
    await world.operator.made("removeInventoryLine", "inventory { id }", line=line["id"])
    error = await refused(world, other, source(supply))
    assert error["code"] == "METER_ALREADY_ACCOUNTED"
    revision = (await world.operator.made("reviseInventory", "inventory { id }", inventory=one))[
        "id"
    ]
    [line] = await lines_of(world, revision)
    assert line["explain"]["meterBasis"]["quantity"] == "10"
    await world.operator.made("removeInventoryLine", "inventory { id }", line=line["id"])
    await world.record(
        revision,
        {"category": "OTHER", "label": "x", "factor": "measured.co2",
         "activity": {"value": "1", "unit": "tCO2"}},
    )  # fmt: skip
    await world.submit(revision, verify=False)
    assert (await refused(world, other, source(supply)))["code"] == "METER_ALREADY_ACCOUNTED"
    await world.verify(revision)
    await draft(world, other, source(supply))
    await world.submit(other)


async def test_a_line_that_is_amended(world: World) -> None:
    """With another activity it rests on what somebody states; with other days it is another line."""
    pilot = await world.pilot()
    supply = await metered(world, pilot)
    await billed(world, supply, ("2022-01-01", "2022-12-31", "3650"))
    inventory = await world.inventory(pilot)
    await draft(world, inventory, source(supply))
    [line] = await lines_of(world, inventory)
    amend = ("amendInventoryLine", "inventory { id }")
    await world.operator.made(*amend, line=line["id"], label="楼")
    await world.operator.made(
        "amendInventory", "inventory { id }", inventory=inventory, gwpSet="AR6"
    )
    [line] = await lines_of(world, inventory)
    assert (line["label"], line["explain"]["meterBasis"]["quantity"]) == ("楼", "3650")
    half = {"startsOn": "2022-01-01", "endsOn": "2022-06-30"}
    error = await world.operator.refused("amendInventory", inventory=inventory, covers=half)
    assert (error["code"], error["path"]) == ("LINES_DO_NOT_FIT_TERMS", ["input", "covers"])
    assert "2022-01-01 – 2022-12-31" in error["message"]["en"]
    activity = {"value": "3651", "unit": "kWh"}
    await world.operator.made(*amend, line=line["id"], activity=activity)
    [line] = await lines_of(world, inventory)
    assert line["explain"]["meterBasis"] is None
    await world.operator.made(
        "amendInventory", "inventory { id }", inventory=inventory, covers=half
    )


BAD: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "sold, but not deducted": ({"flow": "SOLD"}, {}, "METER_DOES_NOT_FIT_SOURCE", "category"),
    "bought, but deducted": (
        {}, {"category": "EXPORTED_ELECTRICITY"}, "METER_DOES_NOT_FIT_SOURCE", "category",
    ),
    "bought, but generated": (
        {}, {"category": "OWN_GENERATION", "factor": "own.pv"}, "METER_DOES_NOT_FIT_SOURCE", "category",
    ),
    "water as gas": (
        {"carrier": "WATER", "unit": "m3"}, {"factor": "prov2025.natural_gas"},
        "METER_DOES_NOT_FIT_SOURCE", "factor",
    ),
    "electricity as heat": ({}, {"factor": "heat.default"}, "METER_DOES_NOT_FIT_SOURCE", "factor"),
    "a factor that is none": ({}, {"factor": "x"}, "FACTOR_NOT_IN_LIST", "factor"),
    "no factor": ({}, {"factor": None}, "INVALID_INPUT", "factor"),
    "a label that is none": ({}, {"label": ""}, "INVALID_INPUT", "label"),
    "a meter that is none": ({}, {"meter": "x"}, "INVALID_INPUT", "meter"),
    "a category of sinks": ({}, {"category": "FORESTRY_SINK"}, "CATEGORY_ROLE_MISMATCH", "category"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
async def test_a_source_that_cannot_be(shared_world: World, what: str) -> None:
    facts, given, code, field = BAD[what]
    pilot = await shared_world.pilot()
    supply = await metered(shared_world, pilot, **facts)
    await billed(shared_world, supply, ("2022-01-01", "2022-12-31", "10"))
    inventory = await shared_world.inventory(pilot)
    head = await shared_world.head()
    error = await refused(shared_world, inventory, source(supply, **given))
    assert (error["code"], error["path"]) == (code, ["input", "sources", "0", field])
    assert await shared_world.head() == head


async def test_whose_meters_an_inventory_rests_on(world: World) -> None:
    """A pilot's own, and those of its operator's pilots that lie in it."""
    park, inside, alone = await world.pilot("PARK"), await world.pilot(), await world.pilot()
    await world.operator.made(
        "placePilot", "pilot { id }", pilot=inside["id"], surroundingPilot=park["id"]
    )
    inventory = await world.inventory(park)
    supply, stranger = await metered(world, inside), await metered(world, alone)
    for one in (supply, stranger):
        await billed(world, one, ("2022-01-01", "2022-12-31", "10"))
    error = await refused(world, inventory, source(stranger))
    assert (error["code"], error["path"][-1]) == ("METER_NOT_OF_PILOT", "meter")
    nobody = source(supply, meter=as_kind("Meter", inventory))
    assert (await refused(world, inventory, nobody))["code"] == "NOT_FOUND"
    await draft(world, inventory, source(supply))
    # The building accounts it, too: that is another statement.
    building = await world.inventory(inside)
    await draft(world, building, source(supply))
    for one in (inventory, building):
        await world.submit(one)


async def test_of_how_many_at_once_and_of_a_draft_only(shared_world: World) -> None:
    world = shared_world
    pilot = await world.pilot()
    supply = await metered(world, pilot)
    await billed(world, supply, ("2022-01-01", "2022-12-31", "10"))
    inventory = await world.inventory(pilot)
    for count in (0, 101):
        error = await refused(world, inventory, *[source(supply)] * count)
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "sources"])
    await draft(world, inventory, source(supply))
    await world.submit(inventory)
    assert (await refused(world, inventory, source(supply)))["code"] == "INVENTORY_STATUS_CONFLICT"


async def test_a_hundred_meters_take_as_many_statements_as_one(world: World) -> None:
    pilot = await world.pilot()
    meters = [await metered(world, pilot, f"E-{n}") for n in range(100)]
    for supply in meters:
        await billed(world, supply, ("2022-01-01", "2022-12-31", "10"))
    query = "mutation ($i: DraftFromMetersInput!) { draftFromMeters(input: $i) { __typename } }"
    drafts = iter([await world.inventory(pilot) for _ in range(6)])
    made = set()

    async def count(some: list[Any]) -> int:
        async def once() -> None:
            value = {"inventory": next(drafts), "sources": list(map(source, some))}
            answer = await world.operator.ask(query, i=value | {"idempotencyKey": key()})
            made.add(answer["draftFromMeters"]["__typename"])

        return await least(once)

    # One more where it takes so long that NZC looks at the head meanwhile.
    assert await count(meters) <= await count(meters[:1]) + 1
    assert made == {"DraftFromMetersSuccess"}
