"""An inventory is created with its lines: all of them, or nothing; a dry run says of each what it would come to."""

from typing import Any

import asyncpg
import pytest

from tests.conftest import TestDatabase
from tests.world import ERROR, SINK_BASIS, Caller, World, key


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


def line(label: str, value: str, unit: str, factor: str, **more: Any) -> dict[str, Any]:
    activity = {"value": value, "unit": unit}
    given = {"category": "ENERGY_CONSUMPTION", "label": label, "activity": activity}
    return given | {"factor": factor} | more


POWER = line("用电", "61.2", "万度", "elec.guangdong.avg.2022")
DIESEL = line("柴油", "1500", "L", "prov2025.diesel", density={"value": "0.84", "unit": "kg/L"})
WET = line("柴油", "1500", "L", "prov2025.diesel")
FOREST = line("林", "12.5", "tCO2", "measured.co2", category="FORESTRY_SINK", **SINK_BASIS)
BOUGHT = line("林", "12.5", "tCO2e", "measured.co2e", category="FORESTRY_SINK", **SINK_BASIS)

CREATE = f"""mutation ($input: CreateInventoryInput!) {{ createInventory(input: $input) {{ __typename
    ... on CreateInventorySuccess {{ replayed asOfPosition
        inventory {{ id emissionSources {{ nodes {{ id co2e }} }} sinks {{ nodes {{ id co2e }} }} }}
        lines {{ __typename id label co2e position }} }}
    ... on NewInventoryPreview {{ firstDay lastDay
        previewedLines {{ treatment co2e warnings factor {{ code }} gases {{ gas gwp co2e }}
            error {{ code path message {{ zh en }} }} }} }} {ERROR} }} }}"""


def terms(pilot: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022],
        "phase": "OPERATION_MAINTENANCE", "factorList": "prov2025-gd-2022",
    } | given  # fmt: skip


async def create(caller: Caller, **given: Any) -> Any:
    given = {"idempotencyKey": key()} | given
    return (await caller.ask(CREATE, input=given))["createInventory"]


async def test_an_inventory_begins_with_its_lines(world: World) -> None:
    pilot = await world.pilot()
    head = await world.head()
    given = terms(pilot, idempotencyKey=key(), sources=[POWER, DIESEL], sinks=[FOREST])
    made = await create(world.operator, **given)
    assert made["__typename"] == "CreateInventorySuccess", made
    assert await world.head() == head + 4
    assert [
        (row["__typename"], row["label"], row["co2e"], row["position"]) for row in made["lines"]
    ] == [
        ("EmissionSource", "用电", "269.463600", str(head + 2)),
        ("EmissionSource", "柴油", "3.900846", str(head + 3)),
        ("Sink", "林", "12.500000", str(head + 4)),
    ]
    kept = made["inventory"]["emissionSources"]["nodes"] + made["inventory"]["sinks"]["nodes"]
    assert kept == [{name: row[name] for name in ("id", "co2e")} for row in made["lines"]]
    again = await create(world.operator, **given)
    assert again == made | {"replayed": True}
    assert await world.head() == head + 4
    reused = await create(world.operator, **(given | {"sources": [POWER]}))
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_replay_shows_its_lines_as_they_are_now(world: World) -> None:
    given = terms(await world.pilot(), idempotencyKey=key(), sources=[POWER, DIESEL])
    made = await create(world.operator, **given)
    power, diesel = (row["id"] for row in made["lines"])
    activity = {"value": "1", "unit": "kWh"}
    changed = ("amendInventoryLine", "inventory { id }")
    await world.operator.made(*changed, line=power, activity=activity)
    removed = ("removeInventoryLine", "inventory { id }")
    await world.operator.made(*removed, line=diesel)
    # A line of later is none that it began with.
    await world.record(made["inventory"]["id"], POWER)
    again = await create(world.operator, **given)
    assert again["replayed"]
    first, second = again["lines"]
    assert (first["id"], first["co2e"], second) == (power, "0.000440", None)
    assert int(first["position"]) > int(again["asOfPosition"])


async def test_a_dry_run_says_what_each_line_would_come_to(
    database: TestDatabase, world: World
) -> None:
    pilot = await world.pilot()
    sources = [POWER, WET, DIESEL, POWER, POWER | {"factor": "elec.guangdong.avg.2021"}]
    given = terms(pilot, idempotencyKey=key(), sources=sources, sinks=[FOREST, BOUGHT])
    head = await world.head()
    shown = await create(world.operator, **given, dryRun=True)
    assert (shown["firstDay"], shown["lastDay"]) == ("2022-01-01", "2022-12-31")
    lines = shown["previewedLines"]
    assert [row["co2e"] for row in lines] == [
        "269.463600", None, "3.900846", "269.463600", None, "12.500000", None,
    ]  # fmt: skip
    assert [row["error"] and (row["error"]["code"], row["error"]["path"]) for row in lines] == [
        None,
        ("DENSITY_REQUIRED", ["input", "sources", "1", "density"]),
        None,
        None,
        ("FACTOR_NOT_IN_LIST", ["input", "sources", "4", "factor"]),
        None,
        ("SINK_GAS_REFUSED", ["input", "sinks", "1", "factor"]),
    ]
    assert lines[0]["gases"] == [{"gas": "CO2", "gwp": "1", "co2e": "269.463600"}]
    assert [lines[n]["treatment"] for n in (0, 1, 5)] == ["IN_SCOPE", None, "IN_SCOPE"]
    assert "RECORDED_TWICE" in lines[3]["warnings"]
    assert "RECORDED_TWICE" not in lines[0]["warnings"]
    assert (lines[1]["warnings"], lines[1]["gases"], lines[1]["factor"]) == ([], [], None)
    assert await world.head() == head
    # What cannot stand keeps all from being created.
    refused = await create(world.operator, **given)
    assert (refused["code"], refused["path"]) == (
        "DENSITY_REQUIRED", ["input", "sources", "1", "density"],
    )  # fmt: skip
    assert await world.head() == head
    owner = await asyncpg.connect(database.owner_url)
    try:
        assert await owner.fetchval("SELECT count(*) FROM inventory WHERE id > $1", head) == 0
    finally:
        await owner.close()


async def test_what_a_dry_run_shows_is_what_then_comes(world: World) -> None:
    given = terms(
        await world.pilot(), idempotencyKey=key(), sources=[POWER, DIESEL, POWER], sinks=[FOREST]
    )
    shown = await create(world.operator, **given, dryRun=True)
    made = await create(world.operator, **given)
    assert [row["co2e"] for row in shown["previewedLines"]] == [
        row["co2e"] for row in made["lines"]
    ]
    answer = await world.operator.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on InventoryLine { warnings treatment } } }",
        ids=[row["id"] for row in made["lines"]],
    )
    assert answer["nodes"] == [
        {name: row[name] for name in ("warnings", "treatment")} for row in shown["previewedLines"]
    ]
    again = await create(world.operator, **given, dryRun=True)
    assert again == made | {"replayed": True}, "the key is used by now"


@pytest.mark.parametrize("dry_run", [False, True])
async def test_so_many_lines_and_no_more(world: World, dry_run: bool) -> None:
    pilot = await world.pilot()
    head = await world.head()
    sources = [line(f"表{n}", str(n), "kWh", "elec.guangdong.avg.2022") for n in range(1, 1001)]
    refused = await create(
        world.operator, **terms(pilot, sources=sources, sinks=[FOREST]), dryRun=dry_run
    )
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "sources"])
    assert "1000" in refused["message"]["en"]
    assert await world.head() == head
    made = await create(world.operator, **terms(pilot, sources=sources), dryRun=dry_run)
    found = made["previewedLines" if dry_run else "lines"]
    assert (len(found), found[-1]["co2e"]) == (1000, "0.440300")


@pytest.mark.parametrize("dry_run", [False, True])
async def test_another_operators_pilot(world: World, dry_run: bool) -> None:
    given = terms(await world.pilot(), sources=[POWER])
    error = await world.other_operator.fail(
        CREATE, input={"idempotencyKey": key(), "dryRun": dry_run} | given
    )
    assert error["extensions"]["code"] == "FORBIDDEN"
