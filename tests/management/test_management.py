"""Posts are held by one person a day, whose name can be erased; duties, rules and upkeep are recorded; what cannot
be is refused, and nothing written."""

from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest

from nzc_api.management.errors import ManagementFull
from nzc_api.management.model import ManagedThing
from nzc_api.management.rules import MOST, check_room
from nzc_api.pilots.model import Pilot
from tests.conftest import TestDatabase
from tests.counting import least, reckoned
from tests.management.managing import (
    appointed,
    appointment,
    assigned,
    duty,
    erased,
    established,
    kept_up,
    post,
    published,
    repealed,
    rule,
    upkeep,
)
from tests.world import World, as_kind, key, unchanged

APPOINTMENT = "id position startsOn vacant holderName nameErased documentName post { code }"
POST = f"""id position code postKind name {{ zh }} responsibilities pilot {{ code }}
    latestAppointment {{ {APPOINTMENT} }} appointments {{ totalCount nodes {{ holderName startsOn }} }}"""
DUTY = """id position unit unitName { zh } year ceilingCo2e documentName inForce actualCo2e unknown pilot { code }"""
RULE = "id position title documentName startsOn publishedLastDay lastDayInForce repealDocument pilot { code }"
UPKEEP = "id position system on done documentName pilot { code }"
LISTS = f"""query ($id: ID!, $at: BigInt) {{ pilot(by: {{id: $id}}) {{
    posts(asOf: $at) {{ totalCount nodes {{ {POST} }} }}
    duties(asOf: $at) {{ totalCount nodes {{ {DUTY} }} }}
    managementRules(asOf: $at) {{ totalCount nodes {{ {RULE} }} }}
    upkeep {{ totalCount nodes {{ {UPKEEP} }} }} }} }}"""
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def lists(world: World, pilot: str, at: int | None = None) -> Any:
    position = None if at is None else str(at)
    return (await world.operator.ask(LISTS, id=pilot, at=position))["pilot"]


async def test_a_post_has_one_holder_a_day(world: World) -> None:
    pilot = await world.pilot()
    before = await world.head()
    made = await world.operator.made("establishPost", f"post {{ {POST} }}", **post(pilot["id"]))
    assert made == {
        "id": made["id"], "position": str(before + 1), "code": "CARBON-1", "postKind": "CARBON_MANAGEMENT",
        "name": {"zh": "碳排放管理岗"}, "responsibilities": ["每月核对用能台账"], "pilot": {"code": pilot["code"]},
        "latestAppointment": None, "appointments": {"totalCount": 0, "nodes": []},
    }  # fmt: skip
    post_id = made["id"]
    first = await world.operator.made(
        "appointHolder", f"appointment {{ {APPOINTMENT} }}", **appointment(post_id)
    )
    assert first == {
        "id": first["id"], "position": str(before + 2), "startsOn": "2024-01-01", "vacant": False,
        "holderName": "张三丰", "nameErased": False, "documentName": "任命书3", "post": {"code": "CARBON-1"},
    }  # fmt: skip
    at = await world.head()
    for on in ("2023-12-31", "2024-01-01"):
        given = appointment(post_id, "李四光", on)
        found = await unchanged(world, world.operator, "appointHolder", **given)
        assert found == ("APPOINTMENT_OUT_OF_ORDER", ["startsOn"])
    await appointed(world, post_id, "李四光", "2024-01-02")
    await appointed(world, post_id, None, "2024-06-01")
    [now], [then] = [(await lists(world, pilot["id"], p))["posts"]["nodes"] for p in (None, at)]
    assert (now["latestAppointment"]["vacant"], now["latestAppointment"]["holderName"]) == (
        True,
        None,
    )
    assert now["latestAppointment"]["nameErased"] is False
    assert then["latestAppointment"] == first
    assert [held["holderName"] for held in now["appointments"]["nodes"]] == [
        "张三丰",
        "李四光",
        None,
    ]


async def test_a_name_can_be_erased(world: World) -> None:
    post_id = await established(world, (await world.pilot())["id"])
    held, vacant = (
        await appointed(world, post_id, "王小明"),
        await appointed(world, post_id, None, "2024-02-01"),
    )
    given = {"appointment": vacant}
    found = await unchanged(world, world.operator, "eraseHolderName", **given)
    assert found == ("HOLDER_NAME_NOT_KEPT", ["appointment"])
    await erased(world, held)
    found = await unchanged(world, world.operator, "eraseHolderName", appointment=held)
    assert found == ("HOLDER_NAME_NOT_KEPT", ["appointment"])
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Appointment {{ {APPOINTMENT} }} }} }}"
    shown = (await world.operator.ask(query, id=held))["node"]
    assert (shown["holderName"], shown["vacant"], shown["nameErased"]) == (None, False, True)
    nothing = as_kind("Appointment", world.operator.organisation)
    found = await unchanged(world, world.operator, "eraseHolderName", appointment=nothing)
    assert found == ("NOT_FOUND", ["appointment"])


async def test_nothing_of_an_erased_name_is_left_in_the_database(
    own_world: World, database: TestDatabase
) -> None:
    post_id = await established(own_world, (await own_world.pilot())["id"])
    held = await appointed(own_world, post_id, "独一无二的名字")
    connection = await asyncpg.connect(database.owner_url)
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    try:
        names = [row[0] for row in await connection.fetch(tables)]

        async def where() -> list[str]:
            sql = "SELECT EXISTS (SELECT FROM {} AS t WHERE t::text LIKE '%独一无二%')"
            return [name for name in names if await connection.fetchval(sql.format(name))]

        assert await where() == ["holder_name"]
        await erased(own_world, held)
        assert await where() == []
    finally:
        await connection.close()


async def test_the_latest_duty_of_a_unit_and_year_counts(world: World) -> None:
    pilot = await world.pilot()
    before = await world.head()
    first = await world.operator.made("assignDuty", f"duty {{ {DUTY} }}", **duty(pilot["id"]))
    assert first == {
        "id": first["id"], "position": str(before + 1), "unit": "U-1", "unitName": {"zh": "一车间"}, "year": 2024,
        "ceilingCo2e": "120.5", "documentName": "责任书1", "inForce": True, "actualCo2e": None,
        "unknown": ["NO_VERIFIED_INVENTORY"], "pilot": {"code": pilot["code"]},
    }  # fmt: skip
    at = await world.head()
    other = await assigned(world, pilot["id"], year=2025)
    unit = await assigned(world, pilot["id"], unit="U-2")
    second = await assigned(world, pilot["id"], ceiling="100")
    shown = (await lists(world, pilot["id"]))["duties"]["nodes"]
    in_force = {item["id"]: item["inForce"] for item in shown}
    assert in_force == {first["id"]: False, other: True, unit: True, second: True}
    assert (await lists(world, pilot["id"], at))["duties"]["nodes"] == [first]


def of_unit(tonnes: str, unit: str | None = None, **given: Any) -> dict[str, Any]:
    activity = {"value": tonnes, "unit": "tCO2"}
    said = {"label": key(), "factor": "measured.co2", "activity": activity, "dutyUnit": unit}
    return {"category": "ENERGY_CONSUMPTION", **said, **given}


async def actual(world: World, pilot: str, at: int | None = None) -> dict[str, Any]:
    """What each unit with a duty emitted, or why that is not known."""
    duties = (await lists(world, pilot, at))["duties"]["nodes"]
    return {item["unit"]: item["actualCo2e"] or item["unknown"] for item in duties}


async def test_what_a_unit_emitted_is_the_sum_of_its_sources(world: World) -> None:
    pilot = await world.pilot()
    for unit in ("U-1", "U-2", "U-3"):
        await assigned(world, pilot["id"], unit=unit, year=2022)
    none = ["NO_VERIFIED_INVENTORY"]
    inventory = await world.inventory(pilot)
    await world.record(
        inventory,
        of_unit("1.000001", "U-1"),
        of_unit("2.5", "U-1"),
        of_unit("4", "U-2"),
        of_unit("8"),
    )
    await world.submit(inventory, verify=False)
    assert await actual(world, pilot["id"]) == {"U-1": none, "U-2": none, "U-3": none}
    submitted = await world.head()
    await world.verify(inventory)
    found = {"U-1": "3.500001", "U-2": "4.000000", "U-3": ["NO_LINES_OF_UNIT"]}
    assert await actual(world, pilot["id"]) == found
    verified = await world.head()
    revised = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    query = "query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes { id dutyUnit } } } } }"
    carried = (await world.operator.ask(query, id=revised["id"]))["node"]["emissionSources"][
        "nodes"
    ]
    assert [line["dutyUnit"] for line in carried] == ["U-1", "U-1", "U-2", None]
    amend = ("amendInventoryLine", "inventory { id }")
    await world.operator.made(*amend, line=carried[0]["id"], dutyUnit=None)
    await world.operator.made(*amend, line=carried[3]["id"], dutyUnit="U-3")
    assert await actual(world, pilot["id"]) == found
    await world.submit(revised["id"])
    assert await actual(world, pilot["id"]) == {
        "U-1": "2.500000",
        "U-2": "4.000000",
        "U-3": "8.000000",
    }
    assert await actual(world, pilot["id"], verified) == found
    assert await actual(world, pilot["id"], submitted) == {"U-1": none, "U-2": none, "U-3": none}


async def test_what_does_not_count_is_not_what_a_unit_emitted(world: World) -> None:
    """What is deducted, as in the inventory; and what is projected, or was before the pilot."""
    pilot = await world.pilot("PARK")
    await assigned(world, pilot["id"], year=2022)
    exported = {
        "factor": "elec.guangdong.avg.2022",
        "activity": {"value": "1000", "unit": "kWh"},
        "category": "EXPORTED_ELECTRICITY",
    }
    for basis in ("PROJECTED", "HISTORICAL", "OPERATIONAL"):
        inventory = await world.inventory(pilot, basis=basis)
        await world.record(
            inventory, of_unit("2", "U-1", category="WASTE"), of_unit("", "U-1", **exported)
        )
        await world.submit(inventory)
    assert await actual(world, pilot["id"]) == {"U-1": "2.000000"}


async def test_of_a_part_of_a_year_nobody_knows_what_a_unit_emitted(world: World) -> None:
    pilot = await world.pilot()
    await assigned(world, pilot["id"], year=2022)
    for first, last, found in (
        ("2022-01-01", "2022-06-30", ["YEAR_NOT_COVERED"]),
        ("2022-07-01", "2022-12-31", "3.000000"),
    ):
        inventory = await world.inventory(pilot, covers={"startsOn": first, "endsOn": last})
        await world.record(inventory, of_unit("1.5", "U-1"))
        await world.submit(inventory)
        assert await actual(world, pilot["id"]) == {"U-1": found}


async def test_a_rule_is_in_force_until_it_is_repealed(world: World) -> None:
    pilot = await world.pilot()
    before = await world.head()
    made = await world.operator.made("publishRule", f"rule {{ {RULE} }}", **rule(pilot["id"]))
    assert made == {
        "id": made["id"], "position": str(before + 1), "title": "碳排放管理办法", "documentName": "文件7号",
        "startsOn": "2024-01-01", "publishedLastDay": None, "lastDayInForce": None, "repealDocument": None,
        "pilot": {"code": pilot["code"]},
    }  # fmt: skip
    ending = await published(world, pilot["id"], endsOn="2024-12-31")
    at = await world.head()
    for repealing, on, document, found in (
        (made["id"], "2023-12-31", "文件9号", ("INVALID_INPUT", ["on"])),
        (ending, "2025-01-01", "文件9号", ("INVALID_INPUT", ["on"])),
        (ending, "2024-06-30", "-", ("INVALID_INPUT", ["document"])),
    ):
        given = {"rule": repealing, "on": on, "document": document}
        assert await unchanged(world, world.operator, "repealRule", **given) == found
    await repealed(world, made["id"], "2090-06-30")
    given = {"rule": made["id"], "on": "2024-06-30", "document": "文件9号"}
    assert await unchanged(world, world.operator, "repealRule", **given) == (
        "RULE_REPEALED",
        ["rule"],
    )
    given["rule"] = as_kind("ManagementRule", pilot["id"])
    assert await unchanged(world, world.operator, "repealRule", **given) == ("NOT_FOUND", ["rule"])
    [now, other] = (await lists(world, pilot["id"]))["managementRules"]["nodes"]
    assert (now["lastDayInForce"], now["repealDocument"], now["publishedLastDay"]) == (
        "2090-06-30",
        "文件9号",
        None,
    )
    assert other["lastDayInForce"] == "2024-12-31"
    assert (await lists(world, pilot["id"], at))["managementRules"]["nodes"][0] == made


async def test_upkeep_is_recorded_by_system(world: World) -> None:
    pilot = await world.pilot()
    before = await world.head()
    made = await world.operator.made(
        "recordUpkeep", f"upkeep {{ {UPKEEP} }}", **upkeep(pilot["id"])
    )
    assert made == {
        "id": made["id"], "position": str(before + 1), "system": "WATER", "on": "2024-05-01", "done": "更换阀门",
        "documentName": "工单9", "pilot": {"code": pilot["code"]},
    }  # fmt: skip
    trees = await kept_up(world, pilot["id"], "GREENERY")
    query = """query ($id: ID!, $system: UpkeepSystem) { pilot(by: {id: $id}) {
        upkeep(system: $system) { totalCount nodes { id } } } }"""
    for system, ids in (("GREENERY", [trees]), (None, [made["id"], trees]), ("GAS", [])):
        found = (await world.operator.ask(query, id=pilot["id"], system=system))["pilot"]["upkeep"]
        assert found == {"totalCount": len(ids), "nodes": [{"id": node_id} for node_id in ids]}


REFUSED: dict[str, tuple[str, dict[str, Any], str, list[str]]] = {
    "a code that is none": ("establishPost", {"code": "a b"}, "INVALID_INPUT", ["code"]),
    "a post of no name": ("establishPost", {"name": {"zh": "岗", "en": ""}}, "INVALID_INPUT", ["name", "en"]),
    "a post of no Chinese name": (
        "establishPost", {"name": {"zh": "", "en": "x"}}, "INVALID_INPUT", ["name", "zh"],
    ),
    "a post for nothing": ("establishPost", {"responsibilities": []}, "INVALID_INPUT", ["responsibilities"]),
    "a post for too much": (
        "establishPost", {"responsibilities": ["核对台账"] * 21}, "INVALID_INPUT", ["responsibilities"],
    ),
    "a duty that says nothing": (
        "establishPost", {"responsibilities": ["核对台账", "-"]}, "INVALID_INPUT", ["responsibilities", "1"],
    ),
    "a code that is taken": ("establishPost", {}, "POST_CODE_TAKEN", ["code"]),
    "a name that is none": ("appointHolder", {"holderName": "-"}, "INVALID_INPUT", ["holderName"]),
    "no document": ("appointHolder", {"document": "无"}, "INVALID_INPUT", ["document"]),
    "a day to come": ("appointHolder", {"startsOn": "2090-01-01"}, "INVALID_INPUT", ["startsOn"]),
    "a unit without a code": ("assignDuty", {"unit": ""}, "INVALID_INPUT", ["unit"]),
    "a unit without a name": (
        "assignDuty", {"unitName": {"zh": "车间", "en": ""}}, "INVALID_INPUT", ["unitName", "en"],
    ),
    "a unit without a Chinese name": (
        "assignDuty", {"unitName": {"zh": "", "en": "x"}}, "INVALID_INPUT", ["unitName", "zh"],
    ),
    "a year of no plan": ("assignDuty", {"year": 1989}, "INVALID_INPUT", ["year"]),
    "less than nothing": ("assignDuty", {"ceiling": "-1"}, "INVALID_INPUT", ["ceiling"]),
    "finer than a gram": ("assignDuty", {"ceiling": "0.0000001"}, "INVALID_INPUT", ["ceiling"]),
    "a duty without a document": ("assignDuty", {"document": "-"}, "INVALID_INPUT", ["document"]),
    "a rule without a title": ("publishRule", {"title": "-"}, "INVALID_INPUT", ["title"]),
    "a rule without a text": ("publishRule", {"document": "-"}, "INVALID_INPUT", ["document"]),
    "a rule that ends first": ("publishRule", {"endsOn": "2023-12-31"}, "DATES_OUT_OF_ORDER", ["endsOn"]),
    "upkeep to come": ("recordUpkeep", {"on": "2090-01-01"}, "INVALID_INPUT", ["on"]),
    "upkeep of nothing": ("recordUpkeep", {"done": "-"}, "INVALID_INPUT", ["done"]),
    "upkeep that nothing shows": ("recordUpkeep", {"document": "-"}, "INVALID_INPUT", ["document"]),
}  # fmt: skip


async def test_what_cannot_be_managed_so(world: World) -> None:
    pilot = (await world.pilot())["id"]
    post_id = await established(world, pilot)
    good = {
        "establishPost": post(pilot), "appointHolder": appointment(post_id), "assignDuty": duty(pilot),
        "publishRule": rule(pilot), "recordUpkeep": upkeep(pilot),
    }  # fmt: skip
    for what, (verb, said, code, path) in REFUSED.items():
        found = await unchanged(world, world.operator, verb, **good[verb] | said)
        assert found == (code, path), what
    nobody = appointment(as_kind("Post", pilot))
    found = await unchanged(world, world.operator, "appointHolder", **nobody)
    assert found == ("NOT_FOUND", ["post"])


@pytest.mark.parametrize("thing", ManagedThing)
def test_a_pilot_has_so_many_and_no_more(thing: ManagedThing) -> None:
    pilot = cast(Pilot, SimpleNamespace(code="P-1"))
    assert check_room(pilot, thing, MOST[thing] - 1) is None
    refused = check_room(pilot, thing, MOST[thing])
    assert isinstance(refused, ManagementFull)
    assert (refused.path, refused.most) == (("pilot",), MOST[thing])


async def test_who_manages_and_who_sees_it(world: World) -> None:
    """Who holds a post is nobody's business but the operator's and the authorities'."""
    pilot = (await world.pilot())["id"]
    post_id = await established(world, pilot)
    ids = [
        post_id, await appointed(world, post_id), await assigned(world, pilot), await published(world, pilot),
        await kept_up(world, pilot),
    ]  # fmt: skip
    counts = """query ($id: ID!) { pilot(by: {id: $id}) { posts { totalCount } duties { totalCount }
        managementRules { totalCount } upkeep { totalCount nodes { id } } } }"""
    for caller in (
        world.operator,
        world.verifier,
        world.auditor,
        world.regulator,
        world.administrator,
    ):
        for each in ids:
            assert (await caller.ask(NODE, id=each))["node"] is not None
        found = (await caller.ask(counts, id=pilot))["pilot"]
        assert {item["totalCount"] for item in found.values()} == {1}
    for caller in (world.anyone, world.other_operator, world.holder, world.registry):
        for each in ids:
            assert (await caller.ask(NODE, id=each))["node"] is None
        found = (await caller.ask(counts, id=pilot))["pilot"]
        assert {item["totalCount"] for item in found.values()} == {0}
    query = "mutation ($input: %sInput!) { %s(input: $input) { __typename } }"
    error = await world.other_operator.fail(
        query % ("EstablishPost", "establishPost"),
        input=post(pilot, "X-1") | {"idempotencyKey": "no"},
    )
    assert error["extensions"]["code"] == "FORBIDDEN"
    made = await world.administrator.made(
        "eraseHolderName", "appointment { holderName }", appointment=ids[1]
    )
    assert made == {"holderName": None}


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    """And no more than is reckoned beforehand."""
    pilots = [(await world.pilot())["id"] for _ in range(4)]
    for pilot in pilots:
        await appointed(world, await established(world, pilot))
        await assigned(world, pilot)
        await published(world, pilot)
        await kept_up(world, pilot)
    query = f"""query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Pilot {{
        posts {{ totalCount nodes {{ {POST} }} }} duties {{ nodes {{ {DUTY} }} }}
        managementRules {{ nodes {{ {RULE} }} }} upkeep {{ totalCount nodes {{ {UPKEEP} }} }} }} }} }}"""
    one = await least(lambda: world.operator.ask(query, ids=pilots[:1]))
    four = await least(lambda: world.operator.ask(query, ids=pilots))
    assert four <= one + 3, "two answers that come back in another order can split a batch in two"
    assert four <= reckoned(query, {"ids": pilots}).statements
