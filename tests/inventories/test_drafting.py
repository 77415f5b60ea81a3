"""A draft's lines and own terms are amended, and a draft is given up."""

import json
from typing import Any

import asyncpg
import pytest

from tests.conftest import TestDatabase
from tests.world import SINK_BASIS, World, key


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


LINE = "id label category co2e position warnings factor { code } density { value unit } activity { value unit }"
DRAFT = f"""query ($id: ID!) {{ node(id: $id) {{ ... on Inventory {{
    status version gwpSet factorList {{ code version }} startsOn endsOn notOccurring discardedPosition
    emissionSources {{ nodes {{ {LINE} }} }} sinks {{ nodes {{ {LINE} sinkBasis {{ evidence }} }} }}
    allWarnings {{ nodes {{ code line {{ id }} otherLine {{ id }} }} }}
    versions {{ nodes {{ id version status }} }} }} }} }}"""
EVENTS = """query ($after: BigInt!) { events(after: $after, first: 9) {
    position kind subject { ... on Inventory { id } } } }"""

ENERGY = "ENERGY_CONSUMPTION"
GRID = "elec.guangdong.avg.2022"
STEAM = {
    "name": "供热站", "source": "实测报告1号",
    "gases": [{"gas": "CO2", "parts": [{"quantity": "系数", "value": "0.1", "unit": "tCO2/GJ"}]}],
}  # fmt: skip

NOTHING = {
    "name": "光伏", "source": "报告",
    "gases": [{"gas": "CO2", "parts": [{"quantity": "系数", "value": "0", "unit": "kgCO2/kWh"}]}],
}  # fmt: skip


def power(value: str, label: str = "用电", **more: Any) -> dict[str, Any]:
    return source(value, "kWh", GRID, label=label, **more)


def source(
    value: str, unit: str, factor: str, *, category: str = ENERGY, label: str = "x", **more: Any
) -> dict[str, Any]:
    activity = {"value": value, "unit": unit}
    return {"category": category, "label": label, "activity": activity, "factor": factor} | more


async def read(world: World, inventory: str) -> Any:
    return (await world.operator.ask(DRAFT, id=inventory))["node"]


async def lines(world: World, inventory: str, kind: str = "emissionSources") -> list[Any]:
    found: list[Any] = (await read(world, inventory))[kind]["nodes"]
    return found


async def draft(world: World, *given: dict[str, Any], variant: str = "BUILDING_EXISTING") -> str:
    inventory = await world.inventory(await world.pilot(variant))
    if given:
        await world.record(inventory, *given)
    return inventory


async def amend_line(world: World, line: str, **changes: Any) -> None:
    await world.operator.made("amendInventoryLine", "inventory { id }", line=line, **changes)


async def amend(world: World, inventory: str, **changes: Any) -> Any:
    made = ("amendInventory", "inventory { id }")
    await world.operator.made(*made, inventory=inventory, **changes)
    return await read(world, inventory)


async def discard(world: World, inventory: str) -> None:
    await world.operator.made("discardInventory", "inventory { id }", inventory=inventory)


async def repeats(world: World, inventory: str) -> list[tuple[int, int]]:
    """Which lines repeat which, by their places."""
    found = await read(world, inventory)
    places = [line["id"] for line in found["emissionSources"]["nodes"]]
    return [
        (places.index(warning["line"]["id"]), places.index(warning["otherLine"]["id"]))
        for warning in found["allWarnings"]["nodes"]
        if warning["code"] == "RECORDED_TWICE"
    ]


# --- A line -------------------------------------------------------------------------------------


async def test_a_line_is_amended(world: World) -> None:
    """It is accounted anew, keeps its id and its place, and says since when it is so; the log says it."""
    inventory = await draft(world, power("1000", "一层"), power("3000", "二层"))
    first, second = await lines(world, inventory)
    before = await world.head()
    assert (first["co2e"], second["co2e"]) == ("0.440300", "1.320900")
    assert first["position"] < second["position"] == str(before)
    await amend_line(world, first["id"], activity={"value": "2", "unit": "MWh"})
    amended, other = await lines(world, inventory)
    assert amended == first | {
        "activity": {"value": "2", "unit": "MWh"}, "co2e": "0.880600", "position": str(before + 1),
    }  # fmt: skip
    assert other == second
    events = (await world.operator.ask(EVENTS, after=str(before)))["events"]
    assert events == [
        {
            "position": str(before + 1),
            "kind": "INVENTORY_LINE_AMENDED",
            "subject": {"id": inventory},
        }
    ]


async def test_an_amendment_is_replayed(world: World) -> None:
    inventory = await draft(world, power("1000"))
    (line,) = await lines(world, inventory)
    given = {"idempotencyKey": key(), "line": line["id"], "label": "新"}
    for replayed in (False, True):
        payload = await world.operator.do("amendInventoryLine", "inventory { id }", **given)
        assert payload["replayed"] is replayed
    reused = await world.operator.refused("amendInventoryLine", **given | {"label": "又"})
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert [line["label"] for line in await lines(world, inventory)] == ["新"]


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({}, {}),
        ({"label": "办公用电"}, {"label": "办公用电"}),
        (
            {"factor": "prov2025.diesel", "activity": {"value": "10", "unit": "t"}},
            {"factor": {"code": "prov2025.diesel"}, "co2e": "30.959096",
             "warnings": ["FACTOR_OF_ANOTHER_YEAR"],
             "activity": {"value": "10", "unit": "t"}},
        ),
        (
            {"ownFactor": STEAM, "activity": {"value": "5", "unit": "GJ"}},
            {"factor": {"code": "own"}, "co2e": "0.500000", "warnings": ["FACTOR_OWN"],
             "activity": {"value": "5", "unit": "GJ"}},
        ),
        (
            {"category": "PURCHASED_ELECTRICITY"},
            {"category": "PURCHASED_ELECTRICITY"},
        ),
    ],
)  # fmt: skip
async def test_what_is_not_given_stays(
    world: World, changes: dict[str, Any], changed: dict[str, Any]
) -> None:
    inventory = await draft(world, power("1000"))
    (before,) = await lines(world, inventory)
    await amend_line(world, before["id"], **changes)
    (after,) = await lines(world, inventory)
    assert after == before | changed | {"position": str(await world.head())}


async def test_a_factor_of_its_own_stays(world: World) -> None:
    own = power("1000") | {"activity": {"value": "7", "unit": "GJ"}, "ownFactor": STEAM}
    del own["factor"]
    inventory = await draft(world, own)
    (before,) = await lines(world, inventory)
    await amend_line(world, before["id"], activity={"value": "70", "unit": "GJ"})
    (after,) = await lines(world, inventory)
    assert (before["co2e"], after["co2e"]) == ("0.700000", "7.000000")
    assert (after["factor"], after["warnings"]) == ({"code": "own"}, ["FACTOR_OWN"])


async def test_a_density_comes_and_goes(world: World) -> None:
    """Null says that there is none any more; where one is needed, or none, it is said."""
    diesel = source("1", "t", "prov2025.diesel")
    inventory = await draft(world, diesel)
    (line,) = await lines(world, inventory)
    litres = {"value": "1000", "unit": "L"}
    payload = await world.operator.refused("amendInventoryLine", line=line["id"], activity=litres)
    assert payload["code"] == "DENSITY_REQUIRED"
    density = {"value": "0.84", "unit": "kg/L"}
    await amend_line(world, line["id"], activity=litres, density=density)
    (amended,) = await lines(world, inventory)
    assert (amended["density"], amended["co2e"]) == (density, "2.600564")
    tonnes = {"value": "0.84", "unit": "t"}
    payload = await world.operator.refused("amendInventoryLine", line=line["id"], activity=tonnes)
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "density"])
    await amend_line(world, line["id"], activity=tonnes, density=None)
    (amended,) = await lines(world, inventory)
    assert (amended["density"], amended["co2e"]) == (None, "2.600564")


async def test_a_sink_is_amended(world: World) -> None:
    """It stays one: what is refused as it is recorded is refused here, too."""
    inventory = await draft(world, variant="TOWN")
    grown = (
        source("100", "tCO2", "measured.co2", category="FORESTRY_SINK", label="造林") | SINK_BASIS
    )
    await world.record(inventory, grown, sinks=True)
    (sink,) = await lines(world, inventory, "sinks")
    await amend_line(world, sink["id"], activity={"value": "90", "unit": "tCO2"})
    (amended,) = await lines(world, inventory, "sinks")
    assert amended == sink | {
        "activity": {"value": "90", "unit": "tCO2"}, "co2e": "90.000000",
        "position": str(await world.head()),
    }  # fmt: skip
    for changes, code, path in (
        ({"label": "购买CCER 90吨"}, "NOT_A_SINK", "label"),
        ({"sinkBasis": None}, "SINK_BASIS_REQUIRED", "sinkBasis"),
        ({"category": "WASTE"}, "CATEGORY_ROLE_MISMATCH", "category"),
        ({"activity": {"value": "1000000", "unit": "tCO2"}}, "SINK_IMPLAUSIBLE", "activity.value"),
    ):
        payload = await world.operator.refused("amendInventoryLine", line=sink["id"], **changes)
        assert (payload["code"], ".".join(payload["path"])) == (code, f"input.{path}")
    assert await lines(world, inventory, "sinks") == [amended]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"label": ""}, "INVALID_INPUT", "label"),
        ({"label": None}, "INVALID_INPUT", "label"),
        ({"category": None}, "INVALID_INPUT", "category"),
        ({"activity": None}, "INVALID_INPUT", "activity"),
        ({"factor": None}, "INVALID_INPUT", "factor"),
        ({"ownFactor": None}, "INVALID_INPUT", "ownFactor"),
        ({"factor": GRID, "ownFactor": STEAM}, "INVALID_INPUT", "factor"),
        ({"factor": "elec.guangdong.avg.2023"}, "FACTOR_NOT_IN_LIST", "factor"),
        ({"factor": "prov2025.diesel"}, "UNIT_DOES_NOT_FIT", "activity.unit"),
        ({"activity": {"value": "1", "unit": "某"}}, "UNIT_UNKNOWN", "activity.unit"),
        ({"activity": {"value": "-1", "unit": "kWh"}}, "ACTIVITY_OUT_OF_RANGE", "activity.value"),
        ({"category": "FORESTRY_SINK"}, "CATEGORY_ROLE_MISMATCH", "category"),
        ({"category": "PURCHASED_HEAT"}, "FACTOR_DOES_NOT_FIT_CATEGORY", "factor"),
        ({"sinkBasis": SINK_BASIS["sinkBasis"]}, "INVALID_INPUT", "sinkBasis"),
        ({"density": {"value": "1", "unit": "kg/L"}}, "INVALID_INPUT", "density"),
        ({"ownFactor": NOTHING}, "ZERO_FACTOR_UNEXPLAINED", "zeroFactorBasis"),
    ],
)
async def test_what_cannot_be_recorded_cannot_be_amended_so(
    shared_world: World, changes: dict[str, Any], code: str, path: str
) -> None:
    world = shared_world
    inventory = await draft(world, power("1000"))
    (line,) = await lines(world, inventory)
    before = await world.head()
    payload = await world.operator.refused("amendInventoryLine", line=line["id"], **changes)
    assert (payload["code"], ".".join(payload["path"])) == (code, f"input.{path}")
    assert await world.head() == before, "something was written"
    assert await lines(world, inventory) == [line]


async def test_what_repeats_what_is_found_anew(world: World) -> None:
    """As a line becomes like another, stops being so, and as the one that others repeat goes."""
    inventory = await draft(world, power("1234"), power("2345"), power("1234"), power("1234"))
    assert await repeats(world, inventory) == [(2, 0), (3, 0)]
    ids = [line["id"] for line in await lines(world, inventory)]

    async def state(place: int, value: str) -> None:
        await amend_line(world, ids[place], activity={"value": value, "unit": "kWh"})

    await state(1, "1234")
    assert await repeats(world, inventory) == [(1, 0), (2, 0), (3, 0)]
    await state(0, "9876")
    assert await repeats(world, inventory) == [(2, 1), (3, 1)]
    await state(3, "9876")
    assert await repeats(world, inventory) == [(2, 1), (3, 0)]
    await state(2, "4567")
    assert await repeats(world, inventory) == [(3, 0)]
    await state(0, "4567")
    assert await repeats(world, inventory) == [(2, 0)]


async def test_a_repeated_line_is_taken_out(world: World) -> None:
    """The two that repeated it repeat each other."""
    inventory = await draft(world, *(power("1234") for _ in range(3)))
    first, *_ = await lines(world, inventory)
    await world.operator.made("removeInventoryLine", "inventory { id }", line=first["id"])
    assert await repeats(world, inventory) == [(1, 0)]


async def test_a_draft_as_amended_is_what_is_submitted(world: World) -> None:
    inventory = await draft(world, power("1000"))
    (line,) = await lines(world, inventory)
    await amend_line(world, line["id"], activity={"value": "500000", "unit": "kWh"})
    await world.submit(inventory)
    assert [found["co2e"] for found in await lines(world, inventory)] == ["220.150000"]


# --- Giving it up -------------------------------------------------------------------------------


def changes_of(inventory: str, line: str) -> list[tuple[str, dict[str, Any], str]]:
    """Everything that changes a draft: the verb, its input, and the field that leads to the draft."""
    return [
        ("recordEmissionSources", {"inventory": inventory, "sources": [power("1")]}, "inventory"),
        ("recordSinks", {"inventory": inventory, "sinks": [power("1")]}, "inventory"),
        ("amendInventoryLine", {"line": line, "label": "y"}, "line"),
        ("removeInventoryLine", {"line": line}, "line"),
        ("amendInventory", {"inventory": inventory, "gwpSet": "SAR"}, "inventory"),
        ("discardInventory", {"inventory": inventory}, "inventory"),
        ("submitInventory", {"inventory": inventory}, "inventory"),
    ]


@pytest.mark.parametrize("state", ["SUBMITTED", "VERIFIED", "DISCARDED"])
async def test_only_a_draft_changes(world: World, state: str) -> None:
    inventory = await draft(world, power("1000"))
    (line,) = await lines(world, inventory)
    if state == "DISCARDED":
        await discard(world, inventory)
    else:
        await world.submit(inventory, verify=state == "VERIFIED")
    kept, head = await read(world, inventory), await world.head()
    for verb, given, field in changes_of(inventory, line["id"]):
        payload = await world.operator.refused(verb, **given)
        assert payload["code"] == "INVENTORY_STATUS_CONFLICT", verb
        assert payload["path"] == ["input", field], verb
    assert await world.head() == head, "something was written"
    assert await read(world, inventory) == kept
    assert kept["status"] == state


async def test_somebody_elses_draft(world: World) -> None:
    """Nobody but its operator changes it; what is no draft, or no line, is not found."""
    inventory = await draft(world, power("1000"))
    (line,) = await lines(world, inventory)
    kept, head = await read(world, inventory), await world.head()
    for verb, given, _ in changes_of(inventory, line["id"]):
        name = "Inventory" if verb == "submitInventory" else verb[0].upper() + verb[1:]
        document = f"mutation ($i: {name}Input!) {{ {verb}(input: $i) {{ __typename }} }}"
        for caller, code in (
            (world.other_operator, "FORBIDDEN"), (world.verifier, "FORBIDDEN"),
            (world.auditor, "FORBIDDEN"), (world.anyone, "UNAUTHENTICATED"),
        ):  # fmt: skip
            error = await caller.fail(document, i=given | {"idempotencyKey": key()})
            assert error["extensions"]["code"] == code, verb
    for verb, given in (
        ("amendInventoryLine", {"line": inventory}), ("amendInventory", {"inventory": line["id"]}),
        ("discardInventory", {"inventory": line["id"]}),
    ):  # fmt: skip
        payload = await world.operator.refused(verb, **given)
        assert payload["code"] in {"INVALID_INPUT", "NOT_FOUND"}, verb
    assert await world.head() == head, "something was written"
    assert await read(world, inventory) == kept


async def test_a_draft_is_discarded(world: World) -> None:
    """It says so and since when, keeps its lines, and is seen as a draft is; another takes its place."""
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, power("1000"))
    given = {"idempotencyKey": key(), "inventory": inventory}
    for replayed in (False, True):
        wanted = "inventory { status discardedPosition }"
        payload = await world.operator.do("discardInventory", wanted, **given)
        head = await world.head()
        assert payload["replayed"] is replayed
        assert payload["inventory"] == {"status": "DISCARDED", "discardedPosition": str(head)}
    events = (await world.operator.ask(EVENTS, after=str(head - 1)))["events"]
    assert events == [
        {"position": str(head), "kind": "INVENTORY_DISCARDED", "subject": {"id": inventory}}
    ]
    assert [line["co2e"] for line in await lines(world, inventory)] == ["0.440300"]
    listed = """query ($pilot: ID!, $status: InventoryStatus) {
        inventories(filter: {pilot: $pilot, status: $status}) { nodes { id } } }"""
    for status, seen in (("DISCARDED", [{"id": inventory}]), ("DRAFT", [])):
        found = await world.operator.ask(listed, pilot=pilot["id"], status=status)
        assert found["inventories"]["nodes"] == seen
    for caller, seen in (
        (world.verifier, [{"id": inventory}]), (world.administrator, [{"id": inventory}]),
        (world.auditor, []), (world.regulator, []), (world.other_operator, []), (world.anyone, []),
    ):  # fmt: skip
        found = await caller.ask(listed, pilot=pilot["id"], status="DISCARDED")
        assert found["inventories"]["nodes"] == seen
    again = await world.inventory(pilot)
    await world.record(again, power("500000"))
    await world.submit(again)
    assert (await read(world, again))["status"] == "VERIFIED"


async def test_what_was_discarded_counts_for_nothing(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, power("1000"))
    await discard(world, inventory)
    asked = """query ($pilot: ID!, $period: ID!) { pilot(by: {id: $pilot}) {
        netEmissions(period: {id: $period}) { netCo2e coverage { status } } } }"""
    given = {"pilot": pilot["id"], "period": pilot["periods"][2022]}
    found = await world.operator.ask(asked, **given)
    assert found["pilot"]["netEmissions"] == {"netCo2e": None, "coverage": {"status": "NONE"}}


async def test_a_series_of_a_discarded_draft_is_not_revised(world: World) -> None:
    inventory = await draft(world, power("1000"))
    await discard(world, inventory)
    payload = await world.operator.refused("reviseInventory", inventory=inventory)
    assert (payload["code"], payload["path"]) == (
        "INVENTORY_STATUS_CONFLICT",
        ["input", "inventory"],
    )


async def test_a_version_is_revised_anew_after_its_next_was_discarded(world: World) -> None:
    """The number of what was discarded is not used again."""
    inventory = await draft(world, power("1000"))
    await world.submit(inventory, verify=False)

    async def revised() -> str:
        made = ("reviseInventory", "inventory { id }")
        return str((await world.operator.made(*made, inventory=inventory))["id"])

    second = await revised()
    payload = await world.operator.refused("reviseInventory", inventory=inventory)
    assert payload["code"] == "INVENTORY_SUPERSEDED"
    await discard(world, second)
    third = await revised()
    await discard(world, third)
    fourth = await revised()
    found = await read(world, fourth)
    assert found["version"] == 4
    assert [(node["version"], node["status"]) for node in found["versions"]["nodes"]] == [
        (1, "SUBMITTED"), (2, "DISCARDED"), (3, "DISCARDED"), (4, "DRAFT"),
    ]  # fmt: skip
    payload = await world.operator.refused("reviseInventory", inventory=second)
    assert payload["code"] == "INVENTORY_STATUS_CONFLICT"
    await world.submit(fourth)
    assert (await read(world, fourth))["status"] == "VERIFIED"


async def test_a_discarded_version_lets_the_one_before_be_verified(world: World) -> None:
    inventory = await draft(world, power("500000"))
    await world.submit(inventory, verify=False)
    made = ("reviseInventory", "inventory { id }")
    second = await world.operator.made(*made, inventory=inventory)
    await discard(world, second["id"])
    await world.verify(inventory)
    assert (await read(world, inventory))["status"] == "VERIFIED"


async def test_a_discarded_draft_is_in_no_ones_way(world: World) -> None:
    """Its pilot may be closed, or begin later, though the draft has days outside of its operation."""
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    closing = {"pilot": pilot["id"], "closedOn": "2022-06-30", "operationStartsOn": "2022-02-01"}
    payload = await world.operator.refused("amendPilot", **closing)
    assert payload["code"] == "INVENTORIES_OUTSIDE_OPERATION"
    await discard(world, inventory)
    closed = await world.operator.made("amendPilot", "pilot { closedOn }", **closing)
    assert closed == {"closedOn": "2022-06-30"}


# --- Its own terms ------------------------------------------------------------------------------

METHANE = source("1", "tCH4", "measured.ch4", category="WASTE", label="methane")
DIESEL = source("10", "t", "prov2025.diesel", category="ENERGY_ACTIVITIES", label="diesel")
TOWN_POWER = power("1000", category="ENERGY_ACTIVITIES")


async def test_the_potentials_are_changed(own_world: World, database: TestDatabase) -> None:
    """Every line is accounted anew and keeps its id; the log says what was and what is."""
    inventory = await draft(own_world, METHANE, DIESEL, variant="TOWN")
    before = await lines(own_world, inventory)
    assert [line["co2e"] for line in before] == ["28.000000", "30.959096"]
    found = await amend(own_world, inventory, gwpSet="SAR")
    head = str(await own_world.head())
    assert found["gwpSet"] == "SAR"
    assert found["emissionSources"]["nodes"] == [
        before[0] | {"co2e": "21.000000", "position": head},
        before[1] | {"position": head},
    ]
    connection = await asyncpg.connect(database.owner_url)
    try:
        row = await connection.fetchrow("SELECT * FROM log_entry ORDER BY position DESC LIMIT 1")
    finally:
        await connection.close()
    assert row is not None
    assert row["kind"] == "INVENTORY_AMENDED"
    terms = {
        "starts_on": "2022-01-01", "ends_on": "2022-12-31", "gwp_set": "AR5",
        "factor_list": "prov2025-gd-2022", "factor_list_version": found["factorList"]["version"], "not_occurring": [],
        "electricity_method": "LOCATION_BASED",
    }  # fmt: skip
    assert json.loads(row["body"]) == {"before": terms, "after": terms | {"gwp_set": "SAR"}}


async def test_the_list_is_changed(world: World) -> None:
    """A factor is the new list's, by its code or else of the same subject, and is warned of as such."""
    inventory = await draft(world, METHANE, DIESEL, TOWN_POWER, variant="TOWN")
    found = await amend(world, inventory, factorList="prov2011-gd-2023")
    assert found["factorList"]["code"] == "prov2011-gd-2023"
    assert [line["factor"]["code"] for line in found["emissionSources"]["nodes"]] == [
        "measured.ch4", "prov2011.diesel", "elec.guangdong.avg.2023",
    ]  # fmt: skip
    assert found["emissionSources"]["nodes"][2]["co2e"] == "0.441900"
    assert found["emissionSources"]["nodes"][2]["warnings"] == ["FACTOR_OF_ANOTHER_YEAR"]
    back = await amend(world, inventory, factorList="prov2025-gd-2022")
    assert back["emissionSources"]["nodes"][2]["co2e"] == "0.440300"
    assert back["emissionSources"]["nodes"][2]["warnings"] == []


async def test_what_does_not_occur_is_changed(world: World) -> None:
    inventory = await draft(world, METHANE, variant="TOWN")
    (line,) = await lines(world, inventory)
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory,
        sources=[source("1", "t", "prov2025.diesel", category="WASTE")],
    )  # fmt: skip
    assert payload["code"] == "FACTOR_DOES_NOT_FIT_CATEGORY"
    found = await amend(world, inventory, notOccurring=["ENERGY_ACTIVITIES"])
    assert found["notOccurring"] == ["ENERGY_ACTIVITIES"]
    assert found["emissionSources"]["nodes"] == [line | {"position": str(await world.head())}]
    payload = await world.operator.refused(
        "recordEmissionSources", inventory=inventory, sources=[DIESEL]
    )
    assert payload["code"] == "CATEGORY_DECLARED_NOT_OCCURRING"
    await amend(world, inventory, notOccurring=[])
    await world.record(inventory, DIESEL)
    assert len(await lines(world, inventory)) == 2


UNFIT = """mutation ($input: AmendInventoryInput!) { amendInventory(input: $input) {
    ... on UserError { code path message { zh en } }
    ... on LinesDoNotFitTerms { count lines { reason { zh en } line { id label } } } } }"""


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"notOccurring": ["WASTE"]}, "notOccurring", "CATEGORY"),
        (
            {"factorList": "prov2011-gd-2022", "gwpSet": "SAR"},
            "factorList",
            "prov2025.coke_oven_gas",
        ),
        ({"covers": {"startsOn": "2022-01-01", "endsOn": "2022-06-30"}}, "covers", "head"),
    ],
)
async def test_lines_that_do_not_fit_are_named(
    world: World, changes: dict[str, Any], path: str, reason: str
) -> None:
    """And nothing is changed."""
    pigs = source("100", "头", "live.ipcc.enteric.swine", category="AGRICULTURE", label="pigs")
    gas = source("1", "万m³", "prov2025.coke_oven_gas", category="ENERGY_ACTIVITIES", label="coke")
    inventory = await draft(world, METHANE, gas, pigs, DIESEL, variant="TOWN")
    kept, head = await read(world, inventory), await world.head()
    given = {"inventory": inventory, "idempotencyKey": key()} | changes
    payload = (await world.operator.ask(UNFIT, input=given))["amendInventory"]
    assert (payload["code"], payload["path"]) == ("LINES_DO_NOT_FIT_TERMS", ["input", path])
    label = {"notOccurring": "methane", "factorList": "coke", "covers": "pigs"}[path]
    assert (payload["count"], [line["line"]["label"] for line in payload["lines"]]) == (1, [label])
    assert label in payload["message"]["zh"]
    if reason != "CATEGORY":
        assert reason in payload["lines"][0]["reason"]["en"]
    assert await world.head() == head, "something was written"
    assert await read(world, inventory) == kept


async def test_the_days_are_changed(world: World) -> None:
    """Of a herd over a part of the year they say what it comes to; null: the whole period again."""
    herd = source("3650", "头·天", "live.ipcc.enteric.swine", category="AGRICULTURE", label="pigs")
    inventory = await draft(world, herd, variant="TOWN")
    (line,) = await lines(world, inventory)
    assert line["co2e"] == "0.280000"
    found = await amend(world, inventory, covers={"startsOn": "2022-03-01", "endsOn": "2022-06-30"})
    assert (found["startsOn"], found["endsOn"]) == ("2022-03-01", "2022-06-30")
    assert found["emissionSources"]["nodes"] == [line | {"position": str(await world.head())}]
    found = await amend(world, inventory, covers=None)
    assert (found["startsOn"], found["endsOn"]) == ("2022-01-01", "2022-12-31")


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"factorList": "none"}, "INVALID_INPUT", "factorList"),
        ({"factorList": None}, "INVALID_INPUT", "factorList"),
        ({"gwpSet": None}, "INVALID_INPUT", "gwpSet"),
        ({"notOccurring": None}, "INVALID_INPUT", "notOccurring"),
        ({"notOccurring": ["AGRICULTURE"]}, "INVALID_INPUT", "notOccurring.0"),
        ({"covers": {"startsOn": "2022-06-30", "endsOn": "2022-01-01"}}, "DATES_OUT_OF_ORDER",
         "covers.endsOn"),
        ({"covers": {"startsOn": "2022-01-01", "endsOn": "2023-01-01"}}, "INVENTORY_OUTSIDE_PERIOD",
         "covers"),
        ({"covers": {"startsOn": "2022-02-28", "endsOn": "2022-04-30"}}, "BEFORE_OPERATION", "covers"),
        ({"covers": {"startsOn": "2022-03-01", "endsOn": "2022-11-01"}}, "PILOT_CLOSED", "covers"),
        ({"covers": None}, "BEFORE_OPERATION", "covers"),
    ],
)  # fmt: skip
async def test_terms_that_cannot_be(
    shared_world: World, changes: dict[str, Any], code: str, path: str
) -> None:
    """By the rules of a new inventory; the pilot ran from March to October."""
    world = shared_world
    pilot = await world.pilot(operationStartsOn="2022-03-01")
    await world.operator.made(
        "amendPilot", "pilot { id }", pilot=pilot["id"], closedOn="2022-10-31"
    )
    days = {"startsOn": "2022-03-01", "endsOn": "2022-10-31"}
    inventory = await world.inventory(pilot, covers=days)
    head = await world.head()
    payload = await world.operator.refused("amendInventory", inventory=inventory, **changes)
    assert (payload["code"], ".".join(payload["path"])) == (code, f"input.{path}")
    assert await world.head() == head, "something was written"


async def test_a_later_version_keeps_its_days(world: World) -> None:
    """Its other terms may change; saying its days again is no change."""
    inventory = await draft(world, METHANE, variant="TOWN")
    await world.submit(inventory, verify=False)
    made = ("reviseInventory", "inventory { id }")
    second = (await world.operator.made(*made, inventory=inventory))["id"]
    payload = await world.operator.refused(
        "amendInventory",
        inventory=second,
        covers={"startsOn": "2022-02-01", "endsOn": "2022-12-31"},
    )
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", "covers"])
    found = await amend(world, second, covers=None, gwpSet="SAR")
    assert (found["startsOn"], found["gwpSet"]) == ("2022-01-01", "SAR")
    assert [line["co2e"] for line in found["emissionSources"]["nodes"]] == ["21.000000"]


async def test_an_amendment_of_a_draft_is_replayed(world: World) -> None:
    inventory = await draft(world, METHANE, variant="TOWN")
    given = {"idempotencyKey": key(), "inventory": inventory, "gwpSet": "SAR"}
    for replayed in (False, True):
        payload = await world.operator.do("amendInventory", "inventory { gwpSet }", **given)
        assert payload["replayed"] is replayed
        assert payload["inventory"] == {"gwpSet": "SAR"}
    reused = await world.operator.refused("amendInventory", **given | {"gwpSet": "AR6"})
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_repeats_are_found_in_an_amended_draft(world: World) -> None:
    lines_ = [power("1234", category="ENERGY_ACTIVITIES") for _ in range(2)]
    inventory = await draft(world, *lines_, variant="TOWN")
    before = await repeats(world, inventory)
    await amend(world, inventory, gwpSet="SAR")
    assert before == await repeats(world, inventory) == [(1, 0)]
