"""Targets are recorded and revised, as of positions; what cannot be one is refused, and nothing written."""

from typing import Any

import pytest

from tests.targets.stating import ROUTES, ceilings, recorded, stated, terms, with_target
from tests.world import World, as_kind

TARGET = """id version position zeroYear revisionReason weakened routes pilot { code }
    baseline { basis asOfPosition year grossCo2e netCo2e accountingPeriod { startsOn } }
    ceilings { year netCo2e grossCo2e creditsQuantity }"""
OF_PILOT = f"""query ($id: ID!, $at: BigInt) {{ pilot(by: {{id: $id}}) {{ target(asOf: $at) {{ {TARGET} }}
    targets {{ totalCount nodes {{ version weakened }} }} }} }}"""


async def of_pilot(world: World, pilot: dict[str, Any], at: int | None = None) -> Any:
    given = {"id": pilot["id"], "at": None if at is None else str(at)}
    return (await world.anyone.ask(OF_PILOT, **given))["pilot"]


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def test_a_target_is_recorded(world: World) -> None:
    pilot = await world.pilot()
    await stated(world, pilot, 2022, "1000.5", "HISTORICAL")
    before = await world.head()
    targets = [
        {"year": 2025, "netCo2e": "700", "grossCo2e": "900.25", "creditsQuantity": "200"},
        *ceilings(("2040", "0")),
    ]
    made = await world.operator.made(
        "recordTarget", f"target {{ {TARGET} }}", pilot=pilot["id"], **terms(pilot, targets)
    )
    expected = {
        "id": made["id"], "version": 1, "position": str(before + 1), "zeroYear": 2040, "revisionReason": None,
        "weakened": False, "routes": ROUTES, "pilot": {"code": pilot["code"]},
        "baseline": {
            "basis": "HISTORICAL", "asOfPosition": str(before), "year": 2022,
            "grossCo2e": "1000.500000", "netCo2e": "1000.500000",
            "accountingPeriod": {"startsOn": "2022-01-01"},
        },
        "ceilings": [
            {"year": 2025, "netCo2e": "700", "grossCo2e": "900.25", "creditsQuantity": "200"},
            {"year": 2040, "netCo2e": "0", "grossCo2e": None, "creditsQuantity": None},
        ],
    }  # fmt: skip
    assert made == expected
    assert (await of_pilot(world, pilot))["target"] == expected
    assert (await of_pilot(world, pilot, before))["target"] is None
    node = "query ($id: ID!) { node(id: $id) { ... on Target { version } } }"
    assert (await world.anyone.ask(node, id=made["id"]))["node"] == {"version": 1}
    events = await world.anyone.ask(
        "query ($after: BigInt!) { events(after: $after) { kind subject { id } } }",
        after=str(before),
    )
    assert events["events"] == [{"kind": "TARGET_RECORDED", "subject": {"id": made["id"]}}]


async def test_the_same_request_again_is_the_same_target(world: World) -> None:
    pilot = await world.pilot()
    await stated(world, pilot, 2022, "1000", "HISTORICAL")
    given = {"pilot": pilot["id"], "idempotencyKey": "t-1", **terms(pilot, ceilings(("2030", "0")))}
    first = await world.operator.do("recordTarget", "target { id }", **given)
    before = await world.head()
    again = await world.operator.do("recordTarget", "target { id }", **given)
    assert again == first | {"replayed": True}
    assert await world.head() == before


async def test_a_revision_supersedes_as_of_its_position(world: World) -> None:
    pilot = await with_target(world)
    before = await world.head()
    first = (await of_pilot(world, pilot))["target"]
    # 2024: 820 instead of 800; 2030: 0 as before.
    weaker = ceilings(("2025", "730"), ("2030", "0"))
    made = await world.operator.made(
        "reviseTarget", f"target {{ {TARGET} }}", target=pilot["target"], revisionReason="AMBITION",
        **terms(pilot, weaker),
    )  # fmt: skip
    assert (made["version"], made["revisionReason"], made["weakened"]) == (2, "AMBITION", True)
    stronger = ceilings(("2025", "500"), ("2028", "0"))
    third = await world.operator.made(
        "reviseTarget", f"target {{ {TARGET} }}", target=made["id"], revisionReason="METHOD",
        **terms(pilot, stronger),
    )  # fmt: skip
    assert (third["version"], third["weakened"], third["zeroYear"]) == (3, False, 2028)
    now = await of_pilot(world, pilot)
    assert now["target"] == third
    assert now["targets"] == {
        "totalCount": 3,
        "nodes": [
            {"version": 1, "weakened": False},
            {"version": 2, "weakened": True},
            {"version": 3, "weakened": False},
        ],
    }
    assert (await of_pilot(world, pilot, before))["target"] == first
    assert (await of_pilot(world, pilot, before + 1))["target"] == made


async def test_the_baseline_is_as_of_a_position(world: World) -> None:
    """What the pilot states of the year later is another baseline, for another target."""
    pilot = await world.pilot()
    inventory = await stated(world, pilot, 2022, "1000", "HISTORICAL")
    at = await world.head()
    revised = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    line = {
        "category": "ENERGY_CONSUMPTION", "label": "又", "factor": "measured.co2",
        "activity": {"value": "20", "unit": "tCO2"},
    }  # fmt: skip
    await world.record(revised["id"], line)
    await world.submit(revised["id"])
    base = terms(pilot, ceilings(("2030", "0")))["baseline"]
    await recorded(world, pilot, ceilings(("2030", "0")), baseline=base | {"asOf": str(at)})
    found = (await of_pilot(world, pilot))["target"]["baseline"]
    assert (found["netCo2e"], found["asOfPosition"]) == ("1000.000000", str(at))


GOOD = (("2026", "600"), ("2030", "0"))

# What is said of a target, and how it is refused: the code, where, and what its message tells.
REFUSED: dict[str, tuple[dict[str, Any], str, list[str], str]] = {
    "it rises": (
        {"ceilings": ceilings(("2025", "700"), ("2028", "700.000001"), ("2030", "0"))},
        "TARGET_RISES", ["ceilings"], "2028",
    ),
    "its gross rises": (
        {"ceilings": [{"year": 2025, "netCo2e": "700", "grossCo2e": "800"},
                      {"year": 2030, "netCo2e": "0", "grossCo2e": "800.1"}]},
        "TARGET_RISES", ["ceilings"], "800.1",
    ),
    "it begins above its baseline": (
        {"ceilings": ceilings(("2025", "1000.000001"), ("2030", "0"))},
        "TARGET_RISES", ["ceilings"], "1000",
    ),
    "its gross begins above its baseline": (
        {"ceilings": [{"year": 2030, "netCo2e": "0", "grossCo2e": "1001"}]},
        "TARGET_RISES", ["ceilings"], "1001",
    ),
    "it does not end at zero": (
        {"ceilings": ceilings(("2025", "700"), ("2030", "0.000001"))},
        "TARGET_DOES_NOT_END_AT_ZERO", ["ceilings"], "0.000001",
    ),
    "a year twice": (
        {"ceilings": ceilings(("2025", "700"), ("2025", "600"), ("2030", "0"))},
        "TARGET_YEARS_DO_NOT_RISE", ["ceilings", "1", "year"], "2025",
    ),
    "years out of order": (
        {"ceilings": ceilings(("2028", "700"), ("2025", "600"), ("2030", "0"))},
        "TARGET_YEARS_DO_NOT_RISE", ["ceilings", "1", "year"], "2028",
    ),
    "before its baseline": (
        {"ceilings": ceilings(("2021", "700"), ("2030", "0"))},
        "TARGET_BEFORE_BASELINE", ["ceilings", "0", "year"], "2021",
    ),
    "in its baseline's year": (
        {"ceilings": ceilings(("2022", "700"), ("2030", "0"))},
        "TARGET_BEFORE_BASELINE", ["ceilings", "0", "year"], "2022",
    ),
    "without a ceiling": ({"ceilings": []}, "INVALID_INPUT", ["ceilings"], "50"),
    "with 51 ceilings": (
        {"ceilings": ceilings(*((str(2030 + n), "0") for n in range(51)))},
        "INVALID_INPUT", ["ceilings"], "50",
    ),
    "below zero": (
        {"ceilings": ceilings(("2030", "-1"))}, "INVALID_INPUT", ["ceilings", "0", "net"], "-1",
    ),
    "finer than a gram": (
        {"ceilings": ceilings(("2025", "0.0000001"), ("2030", "0"))},
        "INVALID_INPUT", ["ceilings", "0", "net"], "6",
    ),
    "more than there is": (
        {"ceilings": ceilings(("2025", "1000000000001"), ("2030", "0"))},
        "INVALID_INPUT", ["ceilings", "0", "net"], "1000000000000",
    ),
    "credits below zero": (
        {"ceilings": [{"year": 2030, "netCo2e": "0", "creditsQuantity": "-1"}]},
        "INVALID_INPUT", ["ceilings", "0", "credits"], "-1",
    ),
    "a gross below the net": (
        {"ceilings": [{"year": 2025, "netCo2e": "5", "grossCo2e": "4"}, *ceilings(("2030", "0"))]},
        "INVALID_INPUT", ["ceilings", "0", "gross"], "5",
    ),
    "a year that nobody plans for": (
        {"ceilings": ceilings(("20300", "0"))}, "INVALID_INPUT", ["ceilings", "0", "year"], "2100",
    ),
    "no route": ({"routes": []}, "INVALID_INPUT", ["routes"], "at least one"),
    "a route twice": (
        {"routes": ["SINK", "SINK"]}, "INVALID_INPUT", ["routes"], "once",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused(world: World, based: dict[str, Any], what: str) -> None:
    said, code, path, told = REFUSED[what]
    await assert_refused(world, based, said, code, path, told)


@pytest.fixture
async def based(world: World, _based: dict[str, Any] = {}) -> dict[str, Any]:  # noqa: B006  (made once)
    """A pilot whose survey of 2022 came to 1,000 t CO2e, without a target."""
    if not _based:
        _based |= await world.pilot("BUILDING_EXISTING", 2021, 2022, 2023)
        await stated(world, _based, 2022, "1000", "HISTORICAL")
    return _based


async def assert_refused(
    world: World, pilot: dict[str, Any], said: dict[str, Any], code: str, path: list[str], told: str
) -> None:
    before = await world.head()
    given = terms(pilot, ceilings(*GOOD)) | said
    error = await world.operator.refused("recordTarget", pilot=pilot["id"], **given)
    assert (error["code"], error["path"]) == (code, ["input", *path])
    assert told in error["message"]["en"]
    assert await world.head() == before


def baseline(pilot: dict[str, Any], year: int, basis: str = "HISTORICAL") -> dict[str, Any]:
    return {"baseline": {"accountingPeriod": pilot["periods"][year], "basis": basis}}


async def test_baselines_that_are_none(world: World, based: dict[str, Any]) -> None:
    unknown = ("TARGET_BASELINE_UNKNOWN", ["baseline"], "NO_INVENTORY")
    await assert_refused(world, based, baseline(based, 2021), *unknown)
    await assert_refused(world, based, baseline(based, 2022, "PROJECTED"), *unknown)
    measured = ("INVALID_INPUT", ["baseline", "basis"], "HISTORICAL or PROJECTED")
    await assert_refused(world, based, baseline(based, 2022, "OPERATIONAL"), *measured)
    other = await world.pilot()
    period = ("PERIOD_NOT_OF_PILOT", ["baseline", "accountingPeriod"], "2022")
    await assert_refused(world, based, baseline(other, 2022), *period)
    beyond = {"baseline": baseline(based, 2022)["baseline"] | {"asOf": "999999"}}
    await assert_refused(world, based, beyond, "INVALID_INPUT", ["baseline", "asOf"], "0 to")


async def test_a_baseline_of_before_there_was_one(world: World, based: dict[str, Any]) -> None:
    early = {"baseline": baseline(based, 2022)["baseline"] | {"asOf": "1"}}
    refusal = ("TARGET_BASELINE_UNKNOWN", ["baseline"], "NO_PERIOD")
    await assert_refused(world, based, early, *refusal)


async def test_a_baseline_that_is_not_verified_or_covers_less(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    inventory = await stated(world, pilot, 2022, "1000", "HISTORICAL", verify=False)
    incomplete = ("TARGET_BASELINE_INCOMPLETE", ["baseline"])
    await assert_refused(world, pilot, {}, *incomplete, "SUBMITTED and COMPLETE")
    await world.verify(inventory)
    half = {"startsOn": "2023-01-01", "endsOn": "2023-06-30"}
    await stated(world, pilot, 2023, "1000", "HISTORICAL", covers=half)
    await assert_refused(world, pilot, baseline(pilot, 2023), *incomplete, "VERIFIED and PARTIAL")


async def test_a_baseline_of_zero_or_below(world: World) -> None:
    """Where nothing occurs, and where sinks take up all that is emitted."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    for year, emitted, taken_up in ((2022, "0", None), (2023, "10", "10")):
        inventory = await world.inventory(pilot, year, basis="HISTORICAL")
        line = {
            "category": "ENERGY_CONSUMPTION", "label": "电", "factor": "measured.co2",
            "activity": {"value": emitted, "unit": "tCO2"},
        }  # fmt: skip
        await world.record(inventory, line)
        if taken_up is not None:
            sink = line | {
                "category": "FORESTRY_SINK", "label": "林",
                "sinkBasis": {"methodology": "CCER-14-001-V01 造林碳汇", "evidence": "报告1"},
            }  # fmt: skip
            await world.record(inventory, sink, sinks=True)
        await world.submit(inventory)
    refusals = {2022: ("INCOMPLETE", "PARTIAL"), 2023: ("NOT_POSITIVE", "10")}
    for year, (code, told) in refusals.items():
        refusal = (f"TARGET_BASELINE_{code}", ["baseline"], told)
        await assert_refused(world, pilot, baseline(pilot, year), *refusal)


async def test_a_baseline_that_is_no_year(world: World) -> None:
    spans = [
        {"startsOn": "2022-01-01", "endsOn": "2022-06-30"},
        {"startsOn": "2023-07-01", "endsOn": "2024-06-30"},
    ]
    pilot = await world.pilot(accountingPeriods=spans, operationStartsOn="2015-01-01")
    no_year = ("INVALID_INPUT", ["baseline", "accountingPeriod"], "exactly a year")
    await assert_refused(world, pilot, {}, *no_year)
    late = await world.pilot(operationStartsOn="2022-02-01")
    await assert_refused(world, late, {}, *no_year)
    # A year that ends in 2024 is called by it.
    await stated(world, pilot, 2023, "1000", "HISTORICAL")
    given = baseline(pilot, 2023)
    before = ("TARGET_BEFORE_BASELINE", ["ceilings", "0", "year"], "2024")
    await assert_refused(world, pilot, given | {"ceilings": ceilings(("2024", "0"))}, *before)
    await recorded(world, pilot, ceilings(("2025", "0")), **given)
    assert (await of_pilot(world, pilot))["target"]["baseline"]["year"] == 2024


async def test_one_target_a_pilot_and_the_version_that_stands(world: World) -> None:
    pilot = await with_target(world)
    code = ("TARGET_ALREADY_RECORDED", ["pilot"], "version 1")
    await assert_refused(world, pilot, {}, *code)
    made = await world.operator.made(
        "reviseTarget", "target { id }", target=pilot["target"], revisionReason="ERROR",
        **terms(pilot, ceilings(*GOOD)),
    )  # fmt: skip
    query = """mutation ($input: ReviseTargetInput!) { reviseTarget(input: $input) {
        ... on TargetSuperseded { code path latestTarget { id } } } }"""
    given = {"target": pilot["target"], "revisionReason": "ERROR", "idempotencyKey": "late",
             **terms(pilot, ceilings(*GOOD))}  # fmt: skip
    error = (await world.operator.ask(query, input=given))["reviseTarget"]
    assert error == {
        "code": "TARGET_SUPERSEDED", "path": ["input", "target"], "latestTarget": {"id": made["id"]}
    }  # fmt: skip
    nothing = as_kind("Target", pilot["id"])
    error = await world.operator.refused("reviseTarget", **given | {
        "target": nothing, "idempotencyKey": "none"})  # fmt: skip
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "target"])


async def test_operators_write_their_own_pilots_targets(
    world: World, based: dict[str, Any]
) -> None:
    query = "mutation ($input: RecordTargetInput!) { recordTarget(input: $input) { __typename } }"
    given = {"pilot": based["id"], "idempotencyKey": "mine", **terms(based, ceilings(*GOOD))}
    before = await world.head()
    for caller in (
        world.other_operator, world.administrator, world.verifier, world.auditor, world.regulator,
        world.registry, world.holder,
    ):  # fmt: skip
        error = await caller.fail(query, input=given)
        assert error["extensions"]["code"] == "FORBIDDEN"
    error = await world.anyone.fail(query, input=given)
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert await world.head() == before


async def test_who_sees_a_target(world: World) -> None:
    """Whoever sees what the pilot states."""
    pilot = await with_target(world, statementVisibility="ROLES")
    query = """query ($id: ID!, $target: ID!) { node(id: $target) { id } pilot(by: {id: $id}) {
        target { version } targets { totalCount nodes { version } }
        trajectory { target { version } points { kind } }
        targetStatus(period: {year: 2022}) { status target { version } reasons { reason } } } }"""
    given = {"id": pilot["id"], "target": pilot["target"]}
    for caller in (
        world.operator,
        world.verifier,
        world.auditor,
        world.regulator,
        world.administrator,
    ):
        found = await caller.ask(query, **given)
        assert found["node"] is not None
        assert found["pilot"]["target"] == {"version": 1}
        assert found["pilot"]["targets"] == {"totalCount": 1, "nodes": [{"version": 1}]}
        assert found["pilot"]["trajectory"]["target"] == {"version": 1}
    for caller in (world.anyone, world.other_operator, world.holder, world.registry):
        found = await caller.ask(query, **given)
        assert found == {
            "node": None,
            "pilot": {
                "target": None,
                "targets": {"totalCount": 0, "nodes": []},
                "trajectory": {"target": None, "points": []},
                "targetStatus": {
                    "status": "NOT_ASSESSABLE", "target": None, "reasons": [{"reason": "NOT_SHOWN"}],
                },
            },
        }  # fmt: skip
