"""The regulator's page: roots' emissions once, each tonne once, by kind and by city; what is not known apart."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.province import service
from tests.counting import least, reckoned
from tests.statements.test_portfolio import emitting
from tests.targets.stating import ceilings, recorded, stated
from tests.world import World

SUMS = "rootCount grossCo2e sinksCo2e purchasedQuantity fromInsideQuantity netCo2e"
FIGURES = f"""figures {{ pilotCount withoutStatementCount gwpSets electricityMethods
    allRoots {{ {SUMS} }} knownRoots {{ {SUMS} }} unknown {{ reason rootCount }}
    coverage {{ status pilotCount }} targets {{ status pilotCount }} notAssessable {{ reason pilotCount }} }}"""
PAGE = f"""query ($year: Int!, $filter: PilotFilterInput, $asOf: BigInt) {{
    province(year: $year, filter: $filter, asOf: $asOf) {{ asOfPosition {FIGURES}
        byKind {{ kind {FIGURES} }} byAdministrativeDivision {{ administrativeDivision {{ code }} {FIGURES} }}
        overlaps {{ nodes {{ pilots {{ code }} }} }} }} }}"""
BEHIND = """query ($filter: ProvincePilotFilter, $first: Int!, $after: String) { province(year: 2022) { figures {
    pilots(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        nodes { known unknown { reason } pilot { code } root { code } netEmissions { netCo2e }
            targetStatus { status } } } } } }"""


async def page(world: World, year: int = 2022, **given: Any) -> Any:
    return (await world.regulator.ask(PAGE, year=year, **given))["province"]


async def behind(world: World, **narrowed: Any) -> list[str]:
    """The codes of the pilots behind a number."""
    found = await world.regulator.ask(BEHIND, filter=narrowed, first=100)
    pilots = found["province"]["figures"]["pilots"]
    assert pilots["totalCount"] == len(pilots["nodes"])
    return [node["pilot"]["code"] for node in pilots["nodes"]]


def counted(rows: list[dict[str, Any]]) -> dict[str, int]:
    """What was counted of each word, where it is not 0."""
    counts = {next(iter(row.values())): list(row.values())[1] for row in rows}
    return {word: count for word, count in counts.items() if count}


@pytest_asyncio.fixture
async def region(world: World) -> dict[str, dict[str, Any]]:
    """A town with a park in it, which has a building; a building in another city with a target; one without an
    inventory, and one without the year."""
    town = await emitting(world, "TOWN", 1000)
    park = await emitting(world, "PARK", 100, surroundingPilot=town["id"])
    inside = await emitting(world, "BUILDING_EXISTING", 40, surroundingPilot=park["id"])
    aimed = await world.pilot("BUILDING_EXISTING", 2021, 2022, administrativeDivision="440300")
    await stated(world, aimed, 2022, "1000", "HISTORICAL")
    await recorded(world, aimed, ceilings(("2026", "600"), ("2030", "0")))
    await stated(world, aimed, 2022, "900")
    empty = await world.pilot("ENTERPRISE", 2022, administrativeDivision="440300")
    late = await world.pilot("ENTERPRISE", 2023)
    return {
        "town": town,
        "park": park,
        "inside": inside,
        "aimed": aimed,
        "empty": empty,
        "late": late,
    }


async def test_roots_count_once_by_kind_and_by_city(
    world: World, region: dict[str, dict[str, Any]]
) -> None:
    # From outside: 30 for the building inside, of which the town has the benefit. Of the park's own: none.
    await world.issue(await world.project(), "GD", 1, 100)
    given = world.retirement(region["inside"], "GD", 1, 30)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    await world.issue(await world.project(pilot=region["park"]["id"]), "GD-P", 1, 100)
    given = world.retirement(region["aimed"], "GD-P", 1, 20)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    found = await page(world)
    whole = found["figures"]
    assert whole["pilotCount"] == 6
    assert whole["knownRoots"] == {
        "rootCount": 2, "grossCo2e": "1900.000000", "sinksCo2e": "0.000000", "purchasedQuantity": "30",
        "fromInsideQuantity": "20", "netCo2e": "1870.000000",
    }  # fmt: skip
    assert whole["allRoots"]["rootCount"] == 4
    assert (whole["allRoots"]["grossCo2e"], whole["allRoots"]["netCo2e"]) == (None, None)
    assert counted(whole["unknown"]) == {"NO_INVENTORY": 1, "NO_PERIOD": 1}
    assert whole["withoutStatementCount"] == 1
    # The building inside is a building, and its tonnes are the town's.
    kinds = {row["kind"]: row["figures"] for row in found["byKind"]}
    assert {kind: figures["pilotCount"] for kind, figures in kinds.items()} == {
        "TOWN": 1, "BUILDING": 2, "TRANSPORT": 0, "COMMUNITY": 0, "PARK": 1, "ENTERPRISE": 2,
    }  # fmt: skip
    assert kinds["TOWN"]["allRoots"]["netCo2e"] == "970.000000"
    assert kinds["BUILDING"]["allRoots"]["netCo2e"] == "900.000000"
    for nothing in ("PARK", "TRANSPORT", "ENTERPRISE"):
        assert kinds[nothing]["knownRoots"]["grossCo2e"] is None
    for cells in (found["byKind"], found["byAdministrativeDivision"]):
        adds_up([cell["figures"] for cell in cells], whole)
    assert len(found["byAdministrativeDivision"]) == 21


def adds_up(cells: list[dict[str, Any]], whole: dict[str, Any]) -> None:
    """Each tonne and each pilot is in one cell."""
    assert sum(cell["pilotCount"] for cell in cells) == whole["pilotCount"]
    for name in ("rootCount", "grossCo2e", "netCo2e", "purchasedQuantity", "fromInsideQuantity"):
        of_cells = sum(Decimal(cell["knownRoots"][name] or 0) for cell in cells)
        assert of_cells == Decimal(whole["knownRoots"][name]), name


async def test_behind_each_number_are_its_pilots(
    world: World, region: dict[str, dict[str, Any]]
) -> None:
    codes = {name: pilot["code"] for name, pilot in region.items()}
    whole = (await page(world))["figures"]
    assert counted(whole["targets"]) == {"ACHIEVED": 1, "NOT_ASSESSABLE": 5}
    assert await behind(world, root=True) == [codes[n] for n in ("town", "aimed", "empty", "late")]
    assert await behind(world, root=False) == [codes[n] for n in ("park", "inside")]
    assert await behind(world, known=True) == [codes[n] for n in ("town", "aimed")]
    assert await behind(world, known=False) == [codes[n] for n in ("empty", "late")]
    assert await behind(world, unknown="NO_PERIOD") == [codes["late"]]
    assert await behind(world, stated=False) == [codes["late"]]
    assert await behind(world, coverage="NONE") == [codes["empty"]]
    for name, field in (
        ("targets", "target"),
        ("notAssessable", "notAssessable"),
        ("coverage", "coverage"),
    ):
        for word, count in counted(whole[name]).items():
            assert len(await behind(world, **{field: word})) == count, (name, word)
    found = await world.regulator.ask(BEHIND, filter={"root": False}, first=1)
    first = found["province"]["figures"]["pilots"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    after = first["pageInfo"]["endCursor"]
    found = await world.regulator.ask(BEHIND, filter={"root": False}, first=1, after=after)
    [node] = found["province"]["figures"]["pilots"]["nodes"]
    assert (node["pilot"]["code"], node["root"]["code"]) == (codes["inside"], codes["town"])
    assert (node["known"], node["netEmissions"]["netCo2e"]) == (False, "40.000000")


async def test_a_filter_makes_other_roots(world: World, region: dict[str, dict[str, Any]]) -> None:
    """Of buildings alone the one in the park is a root."""
    found = await page(world, filter={"kind": "BUILDING"})
    assert found["figures"]["allRoots"] == {
        "rootCount": 2, "grossCo2e": "940.000000", "sinksCo2e": "0.000000", "purchasedQuantity": "0",
        "fromInsideQuantity": "0", "netCo2e": "940.000000",
    }  # fmt: skip


async def test_it_is_as_of_a_position(world: World, region: dict[str, dict[str, Any]]) -> None:
    before = await world.head()
    then = await page(world)
    await emitting(world, "PARK", 500)
    assert (await page(world))["figures"]["pilotCount"] == 7
    assert await page(world, asOf=str(before)) == then


async def test_what_is_not_shown_is_not_known(
    world: World, region: dict[str, dict[str, Any]]
) -> None:
    closed = await emitting(world, "PARK", 500, statementVisibility="ROLES")
    assert (await page(world))["figures"]["knownRoots"]["grossCo2e"] == "2400.000000"
    seen = (await world.anyone.ask(PAGE, year=2022))["province"]["figures"]
    assert seen["knownRoots"]["grossCo2e"] == "1900.000000"
    assert counted(seen["unknown"]) == {"NO_INVENTORY": 1, "NO_PERIOD": 1, "NOT_SHOWN": 1}
    assert counted(seen["notAssessable"])["NOT_SHOWN"] == 1
    assert closed["code"] not in str(seen)


async def test_what_is_kept_is_not_shown_to_who_sees_it_no_more(
    world: World, region: dict[str, dict[str, Any]]
) -> None:
    """Who sees what follows from the settings as they are now, of a page of whatever position."""
    at = {"year": 2022, "asOf": str(await world.head())}
    seen = (await world.anyone.ask(PAGE, **at))["province"]
    assert (await world.anyone.ask(PAGE, **at))["province"] == seen
    closing = {"pilot": region["town"]["id"], "statementVisibility": "ROLES"}
    await world.operator.made("amendPilot", "pilot { id }", **closing)
    closed = (await world.anyone.ask(PAGE, **at))["province"]
    assert counted(closed["figures"]["unknown"])["NOT_SHOWN"] == 1
    assert "NOT_SHOWN" not in counted(seen["figures"]["unknown"])


async def test_other_warming_potentials_are_no_one_sum(
    world: World, region: dict[str, dict[str, Any]]
) -> None:
    await emitting(world, "PARK", 500, gwp_set="AR6")
    found = await page(world)
    whole = found["figures"]
    assert whole["gwpSets"] == ["AR5", "AR6"]
    assert whole["electricityMethods"] == ["LOCATION_BASED"]
    assert (whole["knownRoots"]["grossCo2e"], whole["knownRoots"]["sinksCo2e"]) == (None, None)
    kinds = {row["kind"]: row["figures"] for row in found["byKind"]}
    assert kinds["PARK"]["allRoots"]["grossCo2e"] == "500.000000"


async def test_shared_ground_is_said(world: World, region: dict[str, dict[str, Any]]) -> None:
    one, two = region["aimed"], region["empty"]
    pair = {"pilot": one["id"], "other": two["id"]}
    await world.operator.made("recordPilotOverlap", "pilot { id }", **pair)
    [found] = (await page(world))["overlaps"]["nodes"]
    assert [pilot["code"] for pilot in found["pilots"]] == [one["code"], two["code"]]


async def test_its_statements_do_not_grow_with_the_pilots(
    world: World, region: dict[str, dict[str, Any]]
) -> None:
    async def taken() -> int:
        # As of another position each time it is reckoned anew.
        at = itertools.count(await world.head(), -1)
        return await least(lambda: world.regulator.ask(PAGE, year=2022, asOf=str(next(at))))

    before = await taken()
    for tonnes in (100, 200, 300):
        await emitting(world, "PARK", tonnes)
    assert await taken() == before <= reckoned(PAGE, {"year": 2022}).statements


async def test_too_many_pilots_are_refused(
    world: World, region: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_PILOTS", 5)
    error = await world.regulator.fail(PAGE, year=2022)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert "5" in error["extensions"]["localizedMessage"]["zh"]
    assert (await page(world, filter={"kind": "TOWN"}))["figures"]["pilotCount"] == 1
