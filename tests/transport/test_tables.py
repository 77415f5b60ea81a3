"""Lists as CSV: what GraphQL shows, at an address, with what the columns are."""

import csv
import io
from typing import Any

import httpx
import pytest
from strawberry.types.execution import ExecutionContext

from nzc_api.files.columns import Column, cells_of
from nzc_api.files.vocabulary import columns_of
from nzc_api.files.writing import table_of
from nzc_api.importing.verified import verified_in
from nzc_api.overload import Overloaded
from nzc_api.packs.verified import verified_columns
from nzc_api.schema.engine import execution
from nzc_api.transport import asked, tables
from nzc_api.transport.columns import selection_of
from nzc_api.transport.graphiql import ASSETS
from nzc_api.transport.known_tables import PILOTS, RETIREMENTS, TABLES
from tests.feed.telling import GAS
from tests.ledger.test_verifications import DAYS, HASH, PERIOD, SAID, registered
from tests.world import Caller, World

HEADINGS = {table.address: [column.name for column in table.columns] for table in TABLES}


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def get(caller: Caller, address: str, **given: Any) -> httpx.Response:
    key = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
    return await caller.http.get(address, params=given, headers=key)


async def rows(caller: Caller, address: str, **given: Any) -> list[dict[str, str]]:
    answer = await get(caller, address, **given)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def refused(caller: Caller, address: str, **given: Any) -> tuple[int, str, Any]:
    answer = await get(caller, address, **given)
    [error] = answer.json()["errors"]
    assert set(error["extensions"]["localizedMessage"]) == {"zh", "en"}
    return answer.status_code, error["extensions"]["code"], error["extensions"].get("inputPath")


async def retiring(world: World, prefix: str) -> dict[str, Any]:
    pilot = await world.pilot("BUILDING_EXISTING", name={"zh": "=危险", "en": "@evil"})
    await world.issue(await world.project(), prefix, 1, 300)
    for first in range(1, 300, 2):
        given = world.retirement(pilot, prefix, first, first)
        await world.registry.made("retireCredits", "retirement { id }", **given)
    return pilot


async def test_retirements_are_those_of_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = await retiring(world, "GD-T")
    found = await rows(world.anyone, "/retirements.csv", pilots=pilot["id"])
    assert len(found) == 150
    data = await world.anyone.ask(
        """query ($id: ID!) { retirements(filter: {pilots: [$id]}, first: 100) { nodes {
            id position postedAt quantity pilot { code } } } }""",
        id=pilot["id"],
    )
    nodes = data["retirements"]["nodes"]
    assert [(r["id"], r["position"], r["postedAt"], r["quantity"]) for r in found[:100]] == [
        (n["id"], n["position"], n["postedAt"], n["quantity"]) for n in nodes
    ]
    assert found[0]["periodEndsOn"] == "2022-12-31"
    given = {"retiredOn.from": "2024-07-01", "retiredOn.to": "2024-07-01", "vintage": 2022}
    narrowed = await rows(world.anyone, "/retirements.csv", pilots=pilot["id"], **given)
    assert narrowed == found
    assert await rows(world.anyone, "/retirements.csv", **{"retiredOn.to": "2024-06-30"}) == []
    programmes = ["CCER", "PHCER"]
    assert await rows(world.anyone, "/retirements.csv", programmes=programmes) == found
    answer = await get(world.anyone, "/retirements.csv")
    assert answer.headers["nzc-position"] == str(await world.head())
    moved = await rows(world.anyone, f"/pilots/{pilot['id']}/movements.csv")
    assert [row["position"] for row in moved] == [row["position"] for row in found]
    assert moved[-1]["balance"] == "150"
    assert moved[1]["serials"] == "GD-T-3 to 3"
    monkeypatch.setattr(tables, "MOST_ROWS", 150)
    assert await rows(world.anyone, f"/pilots/{pilot['id']}/movements.csv") == moved
    monkeypatch.setattr(tables, "MOST_ROWS", 149)
    for address in ("/retirements.csv", f"/pilots/{pilot['id']}/movements.csv"):
        assert (await refused(world.anyone, address))[:2] == (413, "TABLE_TOO_LARGE")


async def test_batches_and_projects_say_who_verified_what(world: World) -> None:
    project = await registered(
        world,
        methodologyVersion="V01",
        creditingPeriod=DAYS,
        validation={"body": {"name": "某审定公司"}},
    )
    batch = await world.issue(project["id"], "GD-V", 1, 10, production=PERIOD, **SAID)
    plain = await world.issue(await world.project(), "GD-W", 1, 10)
    pilot = await world.pilot()
    given = world.retirement(pilot, "GD-V", 1, 5)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    every = {row["id"]: row for row in await rows(world.anyone, "/batches.csv")}
    said, unsaid = every[batch], every[plain]
    names = [column.name for column in verified_columns()]
    assert {name: said[name] for name in names if said[name]} == {
        "methodology": "CCER-01-002-V01", "methodologyVersion": "V01", "creditedFrom": DAYS["startsOn"],
        "creditedTo": DAYS["endsOn"], "validatedBy": "某审定公司", "verifiedBy": "某核查公司",
        "verificationReport": "HC-2023-1", "verificationReportDated": "2023-06-01",
        "verificationReportSha256": HASH, "labels": "CCP", "labelsZh": "核心碳原则",
        "labelsEn": "Core Carbon Principles", "labelsIssuedBy": "ICVCM", "labelsFrom": "2024-01-01",
        "labelsTo": "2026-12-31",
    }  # fmt: skip
    assert [name for name in names if unsaid[name]] == ["methodology"]
    # `nzc import issuances` reads it as it is shown.
    cells = list(said.values())
    read = {name: cells[place] for name, place in columns_of(list(said)).items() if cells[place]}
    assert verified_in(read) == SAID
    [listed] = [
        row for row in await rows(world.anyone, "/projects.csv") if row["id"] == project["id"]
    ]
    assert [listed[name] for name in ("programmes", "methodologyVersion", "creditedTo", "validatedBy")] == [
        "CCER", "V01", DAYS["endsOn"], "某审定公司",
    ]  # fmt: skip
    [retired] = await rows(world.anyone, "/retirements.csv", pilots=pilot["id"])
    assert (retired["batchCount"], retired["batches"]) == ("1", said["position"])
    [moved] = await rows(world.anyone, f"/pilots/{pilot['id']}/movements.csv")
    assert {name: moved[name] for name in names} == {name: said[name] for name in names}


async def test_what_a_batch_was_registered_as_is_told_as_of_then(world: World) -> None:
    project = await registered(world, creditingPeriod=DAYS)
    batch = await world.issue(project["id"], "GD-T2", 1, 10, production=PERIOD)
    before = await world.head()
    longer = {"startsOn": "2022-01-01", "endsOn": "2041-12-31"}
    await world.registry.made(
        "amendProject", "project { id }", project=project["id"], document="No. 1", reason="renewed",
        creditingPeriod={"programme": "CCER", "days": longer},
    )  # fmt: skip
    asked = """query ($id: ID!, $at: BigInt) { creditBatch(by: {id: $id}) {
        then: enrolment(asOf: $at) { creditingPeriod { endsOn } } now: enrolment { creditingPeriod { endsOn } } } }"""
    shown = (await world.anyone.ask(asked, id=batch, at=str(before)))["creditBatch"]
    assert [shown[when]["creditingPeriod"]["endsOn"] for when in ("then", "now")] == [
        DAYS["endsOn"], longer["endsOn"],
    ]  # fmt: skip


async def test_lines_have_their_working_and_are_shown_to_who_sees_them(world: World) -> None:
    pilot = await world.pilot(name={"zh": "=1+1", "en": "@evil"})
    inventory = await world.inventory(pilot)
    await world.record(
        inventory, GAS | {"category": "ENERGY_CONSUMPTION", "label": "=cmd|' /C calc'!A0"}
    )
    address = f"/inventories/{inventory}/emission-sources.csv"
    assert await refused(world.auditor, address) == (404, "NOT_FOUND", ["id"])
    await world.submit(inventory)
    [row] = await rows(world.auditor, address)
    assert row["label"] == "'=cmd|' /C calc'!A0"
    assert row["co2e"] in row["working"] or row["working"]
    assert await rows(world.auditor, f"/inventories/{inventory}/sinks.csv") == []
    assert await rows(world.anyone, address) == []
    [listed] = await rows(world.anyone, "/pilots.csv", text=pilot["code"])
    assert (listed["nameZh"], listed["nameEn"]) == ("'=1+1", "'@evil")


@pytest.mark.parametrize(
    ("address", "given", "path"),
    [
        ("/retirements.csv", {"nothing": "1"}, ["nothing"]),
        ("/retirements.csv", {"retiredOn": "2022-01-01"}, ["retiredOn"]),
        ("/retirements.csv", {"retiredOn.since": "2022-01-01"}, ["retiredOn.since"]),
        ("/retirements.csv", {"programmes.code": "CCER"}, ["programmes.code"]),
        ("/retirements.csv", {"vintage": "２０２２"}, ["vintage"]),
        ("/retirements.csv", {"vintage": "9" * 5000}, ["vintage"]),
        ("/retirements.csv", {"vintage": "9" * 10}, None),
        ("/retirements.csv", {"pilots": "nobody"}, None),
        ("/retirements.csv", {"programmes": "XYZ"}, None),
        ("/retirements.csv", {"retiredOn.from": "yesterday"}, None),
    ],
)
async def test_a_filter_that_is_none_is_refused(
    world: World, address: str, given: dict[str, str], path: list[str] | None
) -> None:
    status, _, told = await refused(world.anyone, address, **given)
    assert status == 400
    assert path is None or told == path


async def test_a_table_that_has_begun_goes_on_when_there_is_room_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = await retiring(world, "GD-BUSY")
    prepare, turned_away = execution.prepare, 0

    async def busy(operation: ExecutionContext) -> Any:
        nonlocal turned_away
        if (operation.variables or {}).get("after") and turned_away < 2:
            turned_away += 1
            raise Overloaded
        return await prepare(operation)

    monkeypatch.setattr(execution, "prepare", busy)
    monkeypatch.setattr(asked, "RETRY_SECONDS", 0)
    assert len(await rows(world.anyone, "/retirements.csv", pilots=pilot["id"])) == 150
    assert turned_away == 2


@pytest.mark.parametrize(
    ("method", "address", "status", "code", "allow"),
    [
        ("DELETE", "/retirements.csv", 405, "METHOD_NOT_ALLOWED", {"GET", "HEAD"}),
        ("GET", "/intervals", 405, "METHOD_NOT_ALLOWED", {"POST"}),
        ("DELETE", "/health/live", 405, "METHOD_NOT_ALLOWED", {"GET", "HEAD"}),
        ("POST", f"/{ASSETS}/graphiql.min.css", 405, "METHOD_NOT_ALLOWED", {"GET", "HEAD"}),
        ("GET", "/reconciliations", 405, "METHOD_NOT_ALLOWED", {"POST"}),
        ("GET", "/nothing.csv", 404, "ADDRESS_NOT_FOUND", None),
    ],
)
async def test_what_no_route_takes_is_told_as_all_else_is(
    world: World, method: str, address: str, status: int, code: str, allow: set[str] | None
) -> None:
    answer = await world.http.request(method, address)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)
    assert set(error["extensions"]["localizedMessage"]) == {"zh", "en"}
    assert allow is None or {*answer.headers["allow"].split(", ")} == allow


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("/export", {"afer": "5"}),
        ("/export.csv", {"until": ["5", "6"]}),
        ("/inventories/x/report.pdf", {"asof": "5"}),
        ("/inventories/x/report.docx", {"language": ["zh", "en"]}),
        ("/evaluations/x/pack.zip", {"position": "5"}),
        ("/certificates/x.json", {"asof": "5"}),
        ("/certificates/x.pdf", {"asOf": ["5", "6"]}),
    ],
)
async def test_a_parameter_that_is_none_is_refused(
    world: World, address: str, given: dict[str, str]
) -> None:
    status, code, path = await refused(world.anyone, address, **given)
    assert (status, code, path) == (400, "INVALID_INPUT", [*given])


async def test_what_is_not_there_is_not_found(world: World) -> None:
    pilot = await world.pilot()
    for address in ("/pilots/nobody/movements.csv", f"/inventories/{pilot['id']}/sinks.csv"):
        status, *_ = await refused(world.anyone, address)
        assert status in {400, 404}
    assert (await refused(world.anyone, f"/pilots/{pilot['id']}/movements.csv", first="1"))[
        0
    ] == 400
    assert (await get(Caller(world.http, "nzc_x"), "/pilots.csv")).status_code == 401


async def test_each_table_says_what_its_columns_are(world: World) -> None:
    for table in (RETIREMENTS, PILOTS):
        answer = await get(world.anyone, table.address)
        [link] = [answer.links["describedby"]["url"]]
        described = await get(world.anyone, f"/{link}")
        assert described.headers["content-type"] == "application/csvm+json"
        named = described.json()["tableSchema"]["columns"]
        header = answer.content.decode("utf-8-sig").splitlines()[0]
        assert header.split(",") == [column["name"] for column in named] == HEADINGS[table.address]
        assert all(len(column["dc:description"]) == 2 for column in named)


def test_what_selects_paths_and_what_is_found_there() -> None:
    assert selection_of(["a.b", "c", "a.d.e"]) == "a { b d { e } } c"
    row = {"a": [{"b": "1"}, {"b": None}, {"b": "2"}], "c": None, "d": {"e": 3}}
    cells = [Column(name=path, path=path, zh="", en="") for path in ("a.b", "c", "c.x", "d.e")]
    assert cells_of(row, cells) == ["1; ; 2", None, None, "3"]


def test_a_figure_below_zero_is_a_number_and_a_text_is_no_formula() -> None:
    row = {"quantity": "-300", "co2e": "-0.250000", "label": "-1"}
    kinds = {"quantity": "integer", "co2e": "decimal", "label": "string"}
    columns = [
        Column(name=path, path=path, zh="", en="", datatype=kind) for path, kind in kinds.items()
    ]
    assert table_of([cells_of(row, columns)]) == b"-300,-0.250000,'-1\r\n"
