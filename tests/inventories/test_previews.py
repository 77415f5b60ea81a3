"""What a dry run shows is what then comes, and nothing is written by it."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.conftest import TestDatabase
from tests.inventories.test_revisions import line
from tests.world import ERROR, SINK_BASIS, Caller, World, key


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


# What a statement says, of one that is and of one that would be.
FIGURES = """fragment Figures on Statement {
    basis assurance netCo2e creditsToZero furtherCreditsToZero surplusCo2e
    unknown { reason categories } notes { code }
    coverage { status daysCovered categoriesCovered gaps { nodes { startsOn endsOn categories } } }
    gross { co2e byCategory { category co2e gases { gas co2e } } byGas { gas co2e } }
    sinks { measuredCo2e soldCo2e co2e byCategory { category co2e } }
    purchasedReductions { quantity } memoSources { category co2e } memoSinks { category co2e } }
"""

PREVIEW = """
    __typename status version gwpSet factorList { code } notOccurring inventory { id status version }
    allWarnings { totalCount nodes { code mustBeAcknowledged message { zh en } line { label }
        otherLine { label } acknowledgement { reason } } }
    previewedLines { totalCount nodes { treatment co2e warnings factor { code } gases { gas gwp co2e }
        line { id label co2e } } }
    statement { counts asOfPosition ...Figures }
    verified: statement(verified: true) { counts ...Figures }
"""

NOW = (
    FIGURES
    + """
    query ($id: ID!, $year: Int!, $asOf: BigInt) { pilot(by: {id: $id}) {
        netEmissions(period: {year: $year}, asOf: $asOf) { ...Figures } } }
"""
)

KINDS = {"reviseInventory": "ReviseInventoryInput"}

POWER = line("power", "ENERGY_CONSUMPTION", "elec.guangdong.avg.2022", "1000000", "kWh")
FOREST = line("forest", "FORESTRY_SINK", "measured.co2", "12.5", "tCO2", **SINK_BASIS)
METHANE = line("methane", "WASTE", "measured.ch4", "1", "tCH4")


async def send(caller: Caller, verb: str, **given: Any) -> Any:
    """What a dry run answers."""
    name = verb[0].upper() + verb[1:]
    query = f"""{FIGURES} mutation ($input: {KINDS.get(verb, "InventoryInput")}!) {{
        {verb}(input: $input) {{ __typename ... on InventoryPreview {{ {PREVIEW} }}
            ... on {name}Success {{ replayed inventory {{ id }} }} {ERROR} }} }}"""
    given = {"idempotencyKey": key(), "dryRun": True} | given
    return (await caller.ask(query, input=given))[verb]


async def preview(world: World, caller: Caller, verb: str, **given: Any) -> Any:
    """What a dry run shows; nothing is written by it."""
    before = await world.head()
    shown = await send(caller, verb, **given)
    assert shown["__typename"] == "InventoryPreview", shown
    assert await world.head() == before, "something was written"
    return shown


async def statement(world: World, pilot: dict[str, Any], year: int = 2022, **given: Any) -> Any:
    """What the statement says now, to whom sees all."""
    found = await world.verifier.ask(NOW, id=pilot["id"], year=year, **given)
    return found["pilot"]["netEmissions"]


def figures(shown: Any) -> Any:
    return {name: value for name, value in shown.items() if name not in {"counts", "asOfPosition"}}


async def draft(world: World, pilot: dict[str, Any], *lines: dict[str, Any], **given: Any) -> str:
    inventory = await world.inventory(pilot, **{"factorList": "prov2025-gd-2022"} | given)
    await world.record(inventory, *lines)
    return inventory


async def test_what_is_previewed_is_what_comes(world: World) -> None:
    """Each step in turn: its preview, what it leaves as it was, and the step with the same key."""
    pilot = await world.pilot()
    inventory = await draft(world, pilot, POWER)
    await world.record(inventory, FOREST, sinks=True)
    nothing = await statement(world, pilot)
    assert nothing["netCo2e"] is None

    once = key()
    shown = await preview(
        world, world.operator, "submitInventory", inventory=inventory, idempotencyKey=once
    )
    assert (shown["status"], shown["version"], shown["gwpSet"]) == ("SUBMITTED", 1, "AR5")
    assert shown["factorList"]["code"] == "prov2025-gd-2022"
    assert shown["inventory"] == {"id": inventory, "status": "DRAFT", "version": 1}
    would_be = shown["statement"]
    assert (would_be["counts"], would_be["assurance"]) == (True, "SUBMITTED")
    assert (would_be["gross"]["co2e"], would_be["netCo2e"]) == ("440.300000", "427.800000")
    assert int(would_be["asOfPosition"]) == await world.head()
    assert shown["verified"]["assurance"] == "VERIFIED"
    assert await statement(world, pilot) == nothing
    made = await world.operator.do(
        "submitInventory", "inventory { status }", inventory=inventory, idempotencyKey=once
    )
    assert (made["replayed"], made["inventory"]["status"]) == (False, "SUBMITTED")
    assert await statement(world, pilot) == figures(would_be)

    said = [{"code": "SINK_BY_MASS", "reason": "已查阅监测报告"}]
    judged = {
        "inventory": inventory, "idempotencyKey": key(),
        "opinion": {"level": "LIMITED", "acknowledged": said},
    }  # fmt: skip
    shown = await preview(world, world.verifier, "verifyInventory", **judged)
    assert (shown["status"], shown["inventory"]["status"]) == ("VERIFIED", "SUBMITTED")
    assert shown["statement"]["assurance"] == "VERIFIED"
    await world.verifier.made("verifyInventory", "inventory { id }", **judged)
    assert await statement(world, pilot) == figures(shown["statement"])


async def test_the_lines_of_a_preview(world: World) -> None:
    pilot = await world.pilot()
    inventory = await draft(world, pilot, POWER)
    await world.record(inventory, FOREST, sinks=True)
    shown = await preview(world, world.operator, "submitInventory", inventory=inventory)
    power, forest = shown["previewedLines"]["nodes"]
    assert shown["previewedLines"]["totalCount"] == 2
    assert (power["line"]["label"], power["co2e"], power["line"]["co2e"]) == (
        "power", "440.300000", "440.300000",
    )  # fmt: skip
    assert power["gases"] == [{"gas": "CO2", "gwp": "1", "co2e": "440.300000"}]
    assert (forest["line"]["label"], forest["treatment"]) == ("forest", "IN_SCOPE")


async def test_a_revision_is_previewed_as_it_would_be_accounted_anew(world: World) -> None:
    """2023's grid factor on 2022's list, AR6 on SAR; the version before is verified, so the new one counts
    once it is, too."""
    pilot = await world.pilot("TOWN")
    power = POWER | {"category": "ENERGY_ACTIVITIES"}
    first = await draft(world, pilot, power, METHANE, gwpSet="SAR")
    await world.submit(first)
    before = await statement(world, pilot)
    assert before["gross"]["co2e"] == "461.300000"

    change = {"gwpSet": "AR6", "factorList": "prov2025-gd-2023", "notOccurring": ["LUCF"]}
    once = key()
    shown = await preview(
        world, world.operator, "reviseInventory", inventory=first, idempotencyKey=once, **change
    )
    assert (shown["status"], shown["version"], shown["gwpSet"]) == ("DRAFT", 2, "AR6")
    assert shown["factorList"]["code"] == "prov2025-gd-2023"
    assert shown["notOccurring"] == ["LUCF"]
    assert shown["inventory"] == {"id": first, "status": "VERIFIED", "version": 1}
    power, methane = shown["previewedLines"]["nodes"]
    assert (power["line"]["co2e"], power["co2e"]) == ("440.300000", "441.900000")
    assert power["factor"]["code"] == "elec.guangdong.avg.2023"
    assert "FACTOR_OF_ANOTHER_YEAR" in power["warnings"]
    assert (methane["line"]["co2e"], methane["co2e"]) == ("21.000000", "27.900000")
    assert methane["gases"] == [{"gas": "CH4", "gwp": "27.9", "co2e": "27.900000"}]
    assert shown["statement"]["counts"]
    assert shown["statement"]["gross"]["co2e"] == "469.800000"
    assert shown["statement"]["gross"]["byGas"] == [
        {"gas": "CO2", "co2e": "441.900000"}, {"gas": "CH4", "co2e": "27.900000"},
    ]  # fmt: skip
    assert await statement(world, pilot) == before

    made = await world.operator.made(
        "reviseInventory", "inventory { id status }",
        inventory=first, idempotencyKey=once, **change,
    )  # fmt: skip
    assert made["status"] == "DRAFT"
    # Submitted, it does not count beside the verified version; verified it does.
    submitted = await preview(world, world.operator, "submitInventory", inventory=made["id"])
    assert not submitted["statement"]["counts"]
    assert figures(submitted["statement"]) == before
    assert submitted["verified"]["counts"]
    assert figures(submitted["verified"]) == figures(shown["statement"])
    await world.submit(made["id"], verify=False)
    assert await statement(world, pilot) == before
    verified = await preview(world, world.verifier, "verifyInventory", inventory=made["id"])
    assert verified["statement"]["counts"]
    await world.verifier.made("verifyInventory", "inventory { id }", inventory=made["id"])
    assert await statement(world, pilot) == figures(verified["statement"])
    assert await statement(world, pilot) == figures(shown["statement"])


async def test_the_revision_of_what_is_only_submitted(world: World) -> None:
    pilot = await world.pilot()
    first = await draft(world, pilot, POWER)
    await world.submit(first, verify=False)
    change = {"factorList": "prov2025-gd-2023"}
    shown = await preview(world, world.operator, "reviseInventory", inventory=first, **change)
    assert (shown["statement"]["counts"], shown["statement"]["assurance"]) == (True, "SUBMITTED")
    assert shown["statement"]["gross"]["co2e"] == "441.900000"
    assert shown["verified"]["assurance"] == "VERIFIED"
    made = await world.operator.made(
        "reviseInventory", "inventory { id }", inventory=first, **change
    )
    await world.submit(made["id"], verify=False)
    assert await statement(world, pilot) == figures(shown["statement"])


async def test_lines_that_a_revision_leaves_out(world: World) -> None:
    pilot = await world.pilot("TOWN")
    first = await draft(world, pilot, METHANE, METHANE | {"label": "again"})
    await world.submit(first)
    lines = await preview(world, world.operator, "reviseInventory", inventory=first)
    again = lines["previewedLines"]["nodes"][1]["line"]["id"]
    shown = await preview(
        world, world.operator, "reviseInventory", inventory=first, leaveOut=[again]
    )
    assert [i["line"]["label"] for i in shown["previewedLines"]["nodes"]] == ["methane"]
    assert shown["statement"]["gross"]["co2e"] == "28.000000"


async def test_the_other_inventories_of_the_period_stay(world: World) -> None:
    """Half a year is verified; the statement that would be has both halves."""
    pilot = await world.pilot()
    halves = [("2022-01-01", "2022-06-30"), ("2022-07-01", "2022-12-31")]
    first, second = [
        await draft(world, pilot, POWER, covers={"startsOn": start, "endsOn": end})
        for start, end in halves
    ]
    await world.submit(first)
    shown = (await preview(world, world.operator, "submitInventory", inventory=second))["statement"]
    assert (shown["assurance"], shown["gross"]["co2e"]) == ("MIXED", "880.600000")
    assert shown["coverage"]["daysCovered"] == 365


def warned(shown: Any) -> list[tuple[str, str | None, str | None]]:
    """Each warning: its code, its line, the other line."""
    found = [
        (
            warning["code"],
            warning["line"] and warning["line"]["label"],
            warning["otherLine"] and warning["otherLine"]["label"],
        )
        for warning in shown["allWarnings"]["nodes"]
    ]
    assert len(found) == shown["allWarnings"]["totalCount"]
    return found


async def test_every_warning_is_there_before(world: World) -> None:
    """Of lines and of the whole: as submitting finds them, and with another list."""
    pilot = await world.pilot()
    power = POWER | {"activity": {"value": "1234567", "unit": "kWh"}}
    first = await draft(world, pilot, power, power | {"label": "again"})
    twice = ("RECORDED_TWICE", "again", "power")
    shown = await preview(world, world.operator, "submitInventory", inventory=first)
    assert warned(shown) == [twice]
    assert [line["warnings"] for line in shown["previewedLines"]["nodes"]] == [
        [],
        ["RECORDED_TWICE"],
    ]
    await world.operator.made("submitInventory", "inventory { id }", inventory=first)

    # To verify it they must be acknowledged; a dry run says so, and shows what would be once they are.
    refused = await send(world.verifier, "verifyInventory", inventory=first)
    assert refused["code"] == "WARNINGS_NOT_ACKNOWLEDGED"
    acknowledged = [{"code": "RECORDED_TWICE", "reason": "两台电表 / two meters"}]
    opinion = {"level": "LIMITED", "acknowledged": acknowledged}
    shown = await preview(
        world, world.verifier, "verifyInventory", inventory=first, opinion=opinion
    )
    assert (warned(shown), shown["status"]) == ([twice], "VERIFIED")
    await world.verifier.made(
        "verifyInventory", "inventory { id }", inventory=first, opinion=opinion
    )

    change = {"factorList": "prov2025-gd-2023"}
    shown = await preview(world, world.operator, "reviseInventory", inventory=first, **change)
    year = "FACTOR_OF_ANOTHER_YEAR"
    assert warned(shown) == [(year, "power", None), (year, "again", None), twice]
    assert [line["warnings"] for line in shown["previewedLines"]["nodes"]] == [
        [year], [year, "RECORDED_TWICE"],
    ]  # fmt: skip
    assert [warning["acknowledgement"] for warning in shown["allWarnings"]["nodes"]] == [
        None,
        None,
        None,
    ]
    assert "2023" in shown["allWarnings"]["nodes"][0]["message"]["en"]
    made = await world.operator.made(
        "reviseInventory",
        "inventory { allWarnings { nodes { code line { label } otherLine { label } } } }",
        inventory=first, **change,
    )  # fmt: skip
    assert warned(shown) == [
        (
            warning["code"],
            warning["line"]["label"],
            warning["otherLine"] and warning["otherLine"]["label"],
        )
        for warning in made["allWarnings"]["nodes"]
    ]


async def test_what_is_found_of_the_whole_is_there_before(world: World) -> None:
    """An office of ten times another year's emissions: found as it is submitted, so shown before it is."""
    pilot = await world.pilot()
    await world.submit(await draft(world, pilot, POWER, year=2022))
    much = POWER | {"activity": {"value": "20000000", "unit": "kWh"}}
    second = await draft(world, pilot, much, year=2023)
    unlike = ("UNLIKE_OTHER_PERIODS", None, None)
    shown = await preview(world, world.operator, "submitInventory", inventory=second)
    assert unlike in warned(shown)
    assert "8806" in next(
        warning["message"]["en"]
        for warning in shown["allWarnings"]["nodes"]
        if warning["code"] == unlike[0]
    )
    submitted = await world.operator.made(
        "submitInventory", "inventory { allWarnings { nodes { code line { label } otherLine { label } } } }",
        inventory=second,
    )  # fmt: skip
    assert [warning["code"] for warning in submitted["allWarnings"]["nodes"]] == [
        code for code, _, _ in warned(shown)
    ]
    # A revision of it is shown with what would be found once it is submitted.
    shown = await preview(world, world.operator, "reviseInventory", inventory=second)
    assert unlike in warned(shown)


async def test_a_dry_run_of_what_is_refused_is_refused_alike(world: World) -> None:
    pilot = await world.pilot()
    empty = await world.inventory(pilot)
    submitted = await draft(world, pilot, POWER, year=2023)
    await world.submit(submitted, verify=False)
    overlapping = await draft(world, pilot, POWER, year=2023)
    town = await world.pilot("TOWN")
    nf3 = await draft(
        world, town, line("nf3", "INDUSTRIAL_PROCESSES", "measured.nf3", "1", "kgNF3")
    )
    await world.submit(nf3)
    operator, verifier = world.operator, world.verifier
    cases: list[tuple[Caller, str, dict[str, Any], str]] = [
        (operator, "submitInventory", {"inventory": empty}, "INVENTORY_EMPTY"),
        (operator, "submitInventory", {"inventory": submitted}, "INVENTORY_STATUS_CONFLICT"),
        (operator, "submitInventory", {"inventory": overlapping}, "INVENTORY_OVERLAP"),
        (operator, "submitInventory", {"inventory": pilot["id"]}, "INVALID_INPUT"),
        (verifier, "verifyInventory", {"inventory": empty}, "INVENTORY_STATUS_CONFLICT"),
        (operator, "reviseInventory", {"inventory": empty}, "INVENTORY_STATUS_CONFLICT"),
        (operator, "reviseInventory", {"inventory": nf3, "gwpSet": "SAR"}, "LINES_DO_NOT_FIT_REVISION"),
        (operator, "reviseInventory", {"inventory": nf3, "factorList": "nobody"}, "INVALID_INPUT"),
        (operator, "reviseInventory", {"inventory": nf3, "idempotencyKey": "a b"}, "INVALID_INPUT"),
    ]  # fmt: skip
    for caller, verb, given, code in cases:
        before = await world.head()
        dry = await send(caller, verb, **given)
        assert dry.get("code") == code, (verb, given, dry)
        assert await send(caller, verb, **given | {"dryRun": False}) == dry
        assert await world.head() == before


@pytest.mark.parametrize("verb", ["submitInventory", "verifyInventory", "reviseInventory"])
async def test_who_may_not_do_it_may_not_see_it_either(world: World, verb: str) -> None:
    inventory = await draft(world, await world.pilot(), POWER)
    caller = world.operator if verb == "verifyInventory" else world.other_operator
    for who, code in ((caller, "FORBIDDEN"), (world.anyone, "UNAUTHENTICATED")):
        query = f"""mutation ($input: {KINDS.get(verb, "InventoryInput")}!) {{
            {verb}(input: $input) {{ __typename }} }}"""
        given = {"idempotencyKey": key(), "inventory": inventory, "dryRun": True}
        error = await who.fail(query, input=given)
        assert error["extensions"]["code"] == code


async def test_a_key_that_was_used(world: World) -> None:
    """A dry run answers what the request would: a replay, or that the key was used for another."""
    pilot = await world.pilot()
    inventory, other = [await draft(world, pilot, POWER, year=year) for year in (2022, 2023)]
    once = key()
    await world.operator.made(
        "submitInventory", "inventory { id }", inventory=inventory, idempotencyKey=once
    )
    again = await send(world.operator, "submitInventory", inventory=inventory, idempotencyKey=once)
    assert again == {
        "__typename": "SubmitInventorySuccess", "replayed": True, "inventory": {"id": inventory},
    }  # fmt: skip
    reused = await send(world.operator, "submitInventory", inventory=other, idempotencyKey=once)
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"
    # A refusal is kept with its key; that of a dry run is not.
    empty, once = await world.inventory(await world.pilot()), key()
    dry = await send(world.operator, "submitInventory", inventory=empty, idempotencyKey=once)
    assert dry["code"] == "INVENTORY_EMPTY"
    await world.record(empty, POWER)
    await world.operator.made(
        "submitInventory", "inventory { id }", inventory=empty, idempotencyKey=once
    )


async def test_a_dry_run_waits_for_no_writer(world: World, database: TestDatabase) -> None:
    """Somebody holds the head of the log: who only looks goes on."""
    inventory = await draft(world, await world.pilot(), POWER)
    writer = await asyncpg.connect(database.superuser_url)
    try:
        async with writer.transaction():
            await writer.execute("SELECT FROM log_head FOR UPDATE")
            looking = preview(world, world.operator, "submitInventory", inventory=inventory)
            shown = await asyncio.wait_for(looking, timeout=5)
    finally:
        await writer.close()
    assert shown["status"] == "SUBMITTED"
