"""Case 2 by site: two projects at one site, however it is written, and issuances of them for the same days."""

from collections.abc import Callable
from itertools import count
from typing import Any

import httpx
import pytest

from nzc_api.app import create_app
from nzc_api.ledger.posting.rules import issued_by_one
from nzc_api.ledger.projects import site_service
from nzc_api.settings import Settings
from tests.conftest import TestDatabase
from tests.world import World

DOUBLES = """query ($id: ID!) { node(id: $id) { ... on CreditBatch {
    suspectedDoubles { nodes { finding other { id } } } } } }"""

GROUNDS = {"document": "D", "reason": "surveyed again"}

_numbers = count(1)


def at(latitude: str, longitude: str = "115.3") -> dict[str, Any]:
    return {"coordinates": {"latitude": latitude, "longitude": longitude}}


async def issued(world: World, site: dict[str, Any], programme: str = "CCER") -> str:
    """A batch of 2022 of a new project at a site."""
    project = await world.project(programme, **site)
    return await world.issue(project, f"GD-SITE-{next(_numbers)}", 1, 10, programme)


async def doubled(world: World, batch: str) -> list[str]:
    data = await world.anyone.ask(DOUBLES, id=batch)
    return [double["other"]["id"] for double in data["node"]["suspectedDoubles"]["nodes"]]


ONE_SITE = {
    "11 m apart": (at("22.7000"), at("22.7001")),
    "99 m apart": (at("21.7"), at("21.70089")),
    "11 m apart, east and west": (at("20.7", "115.3"), at("20.7", "115.30011")),
    "across the date line": (at("0", "179.99996"), at("0", "-179.99996")),
    "one code": ({"siteCode": "粤-7"}, {"siteCode": "粤-7", "site": "Elsewhere"}),
    "one code, in capitals": ({"siteCode": "ST-1a"}, {"siteCode": "st-1A", "site": "Elsewhere"}),
    "one code, with other separators": ({"siteCode": "ST_2"}, {"siteCode": "ST/02", "site": "Elsewhere"}),
    "one code, with other brackets": ({"siteCode": "ST（3）"}, {"siteCode": "ST(3)", "site": "Elsewhere"}),
    "with and without the province": (
        {"site": "汕尾市城区香洲路1号"}, {"site": "广东省汕尾市城区香洲路1号"}),
    "with and without the district": (
        {"site": "汕尾市城区香洲路2号"}, {"site": "香洲路2号", "administrativeDivision": "441500"}),
    "without the kinds of places": ({"site": "广东汕尾海丰公平镇"}, {"site": "广东省汕尾市海丰县公平镇"}),
    "full width, spaces and punctuation": (
        {"site": "广州市 天河区，体育西路１－３号（A座）"}, {"site": "广州市天河区体育西路1-3号A座"}),
    "English, in either order": (
        {"site": "9 Xiangzhou Road, Shanwei, Guangdong"},
        {"site": "9, xiangzhou road", "administrativeDivision": "441500"}),
    "another province": ({"site": "内蒙古赤峰市某风电场"}, {"site": "内蒙古自治区赤峰市某风电场"}),
}  # fmt: skip


@pytest.mark.parametrize("sites", ONE_SITE.values(), ids=ONE_SITE)
@pytest.mark.parametrize("programme", ["CCER", "PHCER"])
async def test_two_projects_at_one_site_are_suspected(
    shared_world: World, sites: tuple[dict[str, Any], dict[str, Any]], programme: str
) -> None:
    """By one programme as by two. (Each pair of sites is used twice: the earlier ones are there, too.)"""
    first = await issued(shared_world, sites[0])
    assert first in await doubled(shared_world, await issued(shared_world, sites[1], programme))


TWO_SITES = {
    "122 m apart": (at("19.7"), at("19.7011")),
    "two numbers": ({"site": "广州市天河区体育东路1-3号"}, {"site": "广州市天河区体育东路13号"}),
    "two districts": ({"site": "广州市天河区人民路5号"}, {"site": "广州市白云区人民路5号"}),
    "two cities": (
        {"site": "人民路6号", "administrativeDivision": "440100"},
        {"site": "人民路6号", "administrativeDivision": "440300"}),
    "the name of a place": ({"site": "Great Field"}, {"site": "Great Field"}),
    "a city": ({"site": "汕尾市"}, {"site": "广东省汕尾市"}),
    "one sea area, 20 km apart": (
        {"site": "阳江市阳西县沙扒镇海域"} | at("21.3", "111.5"),
        {"site": "阳江市阳西县沙扒镇海域"} | at("21.3", "111.7")),
}  # fmt: skip


@pytest.mark.parametrize("sites", TWO_SITES.values(), ids=TWO_SITES)
async def test_two_projects_at_two_sites_are_not(
    shared_world: World, sites: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    await issued(shared_world, sites[0])
    assert await doubled(shared_world, await issued(shared_world, sites[1])) == []


async def test_a_locality_is_enough_where_the_programmes_differ(shared_world: World) -> None:
    """汕尾市 and 广东省汕尾市: many of one registry's projects may be there."""
    first = await issued(shared_world, {"site": "云浮市"})
    second = await issued(shared_world, {"site": "广东省云浮市"})
    assert await doubled(shared_world, second) == []
    third = await issued(
        shared_world, {"site": "云浮", "administrativeDivision": "445300"}, "PHCER"
    )
    assert await doubled(shared_world, third) == [first, second]


async def test_how_near_is_near_is_a_setting(database: TestDatabase) -> None:
    app = create_app(database.api_url, Settings(same_site_metres=10, requests_per_second=0))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://nzc.test") as http:
            world = await World.make(http, database.api_url)
            near = await issued(world, at("22.70000"))
            far = await issued(world, at("22.70010"))
            assert await doubled(world, far) == []
            nearer = await issued(world, at("22.70005"))
            assert await doubled(world, nearer) == [near, far]


async def test_of_one_batch_a_hundred_suspicions_are_recorded(shared_world: World) -> None:
    """The oldest ones: as long as one of them is open, the batch serves nobody."""
    world = shared_world
    project = await world.project()
    items = [
        {
            "idempotencyKey": f"crowd-{n}", "project": project, "programme": "CCER",
            "serials": {"text": f"CROWD{n}-1 to 10"}, "quantity": "10", "production": {"vintage": 2022},
            "reductionsRegisteredOn": "2024-01-15", "holder": world.holder.organisation,
        }
        for n in range(102)
    ]  # fmt: skip
    data = await world.registry.ask(
        """mutation ($input: IssueCreditsBulkInput!) { issueCreditsBulk(input: $input) {
            ... on BulkOutcomes { outcomes { status result { ... on CreditBatch {
                id suspectedDoubles { totalCount } } } } } } }""",
        input={"mode": "EACH_INDEPENDENT", "items": items},
    )
    told = [outcome["result"] for outcome in data["issueCreditsBulk"]["outcomes"]]
    # The first has all later ones against it but the last, whose hundred are others.
    assert told[101]["suspectedDoubles"]["totalCount"] == 100
    assert told[0]["suspectedDoubles"]["totalCount"] == 101


def block_of(world: World, project: str, prefix: str, **given: Any) -> dict[str, Any]:
    return {
        "project": project, "programme": "CCER", "serials": {"text": f"{prefix}-1 to 10"}, "quantity": "10",
        "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-15",
        "holder": world.holder.organisation,
    } | given  # fmt: skip


async def test_a_locality_is_not_enough_within_one_request_either(shared_world: World) -> None:
    world = shared_world
    items = [
        block_of(world, await world.project(site="河源市"), f"LOC{n}")
        | {"idempotencyKey": f"loc-{n}"}
        for n in range(2)
    ]
    data = await world.registry.ask(
        """mutation ($input: IssueCreditsBulkInput!) { issueCreditsBulk(input: $input) {
            ... on BulkOutcomes { outcomes { result { ... on CreditBatch {
                suspectedDoubles { totalCount } } } } } } }""",
        input={"mode": "EACH_INDEPENDENT", "items": items},
    )
    told = [outcome["result"] for outcome in data["issueCreditsBulk"]["outcomes"]]
    assert told == [{"suspectedDoubles": {"totalCount": 0}}] * 2


async def test_parts_of_one_registration_are_of_one_programme(shared_world: World) -> None:
    """Two registries may number alike: what they register of one site is no part of the other's."""
    world, site = shared_world, {"siteCode": "PARTS-1"}
    part: dict[str, Any] = {"issuance": {"reference": "DJ-77", "quantity": "20"}}
    first = await world.issue(await world.project(**site), "PARTS", 1, 10, **part)
    second = await world.issue(
        await world.project("PHCER", **site), "PARTS", 1, 10, "PHCER", **part
    )
    assert await doubled(world, second) == [first]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        (lambda _: {"reductionsRegisteredOn": "2024-01-16"}, ["reductionsRegisteredOn"]),
        (
            lambda number: {"issuance": {"reference": number, "quantity": "21"}},
            ["issuance", "quantity"],
        ),
    ],
    ids=["another day", "another total"],
)
async def test_parts_of_one_registration_agree(
    shared_world: World, changes: Callable[[str], dict[str, Any]], path: list[str]
) -> None:
    world = shared_world
    number = f"DJ-78-{next(_numbers)}"
    part = {"issuance": {"reference": number, "quantity": "20"}}
    prefix = f"AGREE{next(_numbers)}"
    project = await world.project()
    await world.registry.made(
        "issueCredits", "batch { id }", **block_of(world, project, prefix, **part)
    )
    other = block_of(world, project, f"{prefix}B", **part) | changes(number)
    refused = await world.registry.refused("issueCredits", **other)
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", *path])


@pytest.mark.parametrize(
    ("reference", "tonnes", "path"),
    [
        ("", "20", "reference"),
        ("DJ 1", "20", "reference"),
        ("D" * 65, "20", "reference"),
        ("DJ-1", "0", "quantity"),
        ("DJ-1", "-20", "quantity"),
        ("DJ-1", str(10**15 + 1), "quantity"),
    ],
)
async def test_no_registration_of_reductions(
    shared_world: World, reference: str, tonnes: str, path: str
) -> None:
    world = shared_world
    given = block_of(
        world,
        await world.project(),
        "NOPART",
        issuance={"reference": reference, "quantity": tonnes},
    )
    refused = await world.registry.refused("issueCredits", **given)
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "issuance", path])


async def test_parts_of_one_request_are_one_registration_however_it_is_written(
    shared_world: World,
) -> None:
    world, project = shared_world, await shared_world.project()
    items = [
        block_of(world, project, f"SPELT{n}", issuance={"reference": written, "quantity": "20"})
        | {"idempotencyKey": f"spelt-{n}"}
        for n, written in enumerate(("DJ-79", "dj_79", "DJ079"))
    ]
    given = {"mode": "EACH_INDEPENDENT", "items": items}
    asked = """mutation ($input: IssueCreditsBulkInput!) { issueCreditsBulk(input: $input) {
        ... on BulkOutcomes { outcomes { error { code } preview { suspectedItems }
            result { ... on CreditBatch { suspectedDoubles { totalCount } } } } } } }"""
    beyond = {"error": {"code": "ISSUANCE_EXCEEDED"}, "preview": None, "result": None}
    would: dict[str, Any] = {"error": None, "preview": {"suspectedItems": []}, "result": None}
    data = await world.registry.ask(asked, input=given | {"dryRun": True})
    assert data["issueCreditsBulk"]["outcomes"] == [would, would, beyond]
    done = {"error": None, "preview": None, "result": {"suspectedDoubles": {"totalCount": 0}}}
    data = await world.registry.ask(asked, input=given)
    assert data["issueCreditsBulk"]["outcomes"] == [done, done, beyond]


AMENDED = """project { id } position: asOfPosition replayed suspectedBatches { nodes { id } }
    affectedRetirements { nodes { countsAgain } }"""
THEN = """query ($at: AsOfInput, $text: String!) { creditSerial(by: {programme: CCER, text: $text}, asOf: $at) {
    batch { suspectedDoubles { totalCount nodes { position finding other { id } } } } } }"""


async def amend(world: World, project: str, **given: Any) -> Any:
    return await world.registry.do("amendProject", AMENDED, project=project, **given, **GROUNDS)


def suspects(payload: Any) -> list[str]:
    return [batch["id"] for batch in payload["suspectedBatches"]["nodes"]]


async def test_a_site_that_is_amended_makes_what_was_issued_before_suspected(
    shared_world: World,
) -> None:
    """From then on: nothing of what was posted before, and until that is resolved."""
    world, pilot = shared_world, await shared_world.pilot()
    one, other = [await world.project(siteCode=f"AMENDED-{n}") for n in range(2)]
    first = await world.issue(one, "GD-AMENDED-1", 1, 10)
    second = await world.issue(other, "GD-AMENDED-2", 1, 10)
    elsewhere = await world.issue(
        other, "GD-AMENDED-3", 1, 10, production={"vintage": 2021}, reductionsRegisteredOn="2024-01-15"
    )  # fmt: skip

    async def retire(number: int, serial: int) -> str:
        given = world.retirement(pilot, f"GD-AMENDED-{number}", serial, serial)
        payload = await world.registry.do("retireCredits", "retirement { id }", **given)
        return str(payload.get("code", "OK"))

    async def doubles(number: int, position: int) -> Any:
        given = {"at": {"position": str(position)}, "text": f"GD-AMENDED-{number}-2"}
        return (await world.anyone.ask(THEN, **given))["creditSerial"]["batch"]["suspectedDoubles"]

    assert [await retire(1, 1), await retire(2, 1)] == ["OK", "OK"]
    before = await world.head()
    dry = await world.registry.ask(
        """mutation ($input: AmendProjectInput!) { amendProject(input: $input) { ... on LedgerPreview {
            entryKind movements { totalCount } suspectedDoubles { totalCount nodes { id } } } } }""",
        input={"idempotencyKey": "amend-dry", "project": one, "siteCode": "AMENDED-1", "dryRun": True} | GROUNDS,
    )  # fmt: skip
    assert dry["amendProject"] == {
        "entryKind": "PROJECT_AMENDED",
        "movements": {"totalCount": 0},
        "suspectedDoubles": {"totalCount": 2, "nodes": [{"id": first}, {"id": second}]},
    }
    assert await world.head() == before

    given = {"siteCode": "AMENDED-1", "idempotencyKey": "amended-one"}
    payload = await amend(world, one, **given)
    position = await world.head()
    assert (suspects(payload), payload["affectedRetirements"]["nodes"]) == ([first, second], [])
    assert position == before + 1
    for number, counterpart in ((1, second), (2, first)):
        told = {"position": str(position), "finding": None, "other": {"id": counterpart}}
        assert await doubles(number, position) == {"totalCount": 1, "nodes": [told]}
        assert await doubles(number, before) == {"totalCount": 0, "nodes": []}
        assert await retire(number, 2) == "DOUBLE_ISSUANCE_SUSPECTED"
    assert await doubled(world, elsewhere) == []
    replayed = await amend(world, one, **given)
    assert (replayed["replayed"], suspects(replayed)) == (True, [first, second])
    # What is said of its site again, otherwise, raises nothing anew.
    assert suspects(await amend(world, one, **at("25.1"), idempotencyKey="amended-again")) == []

    finding = {"batch": second, "other": first, "finding": "DOUBLE", **GROUNDS}
    await world.administrator.made("resolveDoubleIssuance", "batch { id }", **finding)
    assert [await retire(1, 3), await retire(2, 3)] == ["OK", "DOUBLE_ISSUANCE_SUSPECTED"]
    assert (await doubles(1, position))["nodes"][0]["finding"] is None
    assert (await doubles(1, await world.head()))["nodes"][0]["finding"] == "DOUBLE"


async def test_a_locality_that_is_amended_is_enough_where_the_programmes_differ(
    shared_world: World,
) -> None:
    world = shared_world
    project = await world.project(site="Nowhere")
    batch = await world.issue(project, "GD-LOCALITY", 1, 10)
    await issued(world, {"site": "揭阳市"})
    green = await issued(world, {"site": "广东省揭阳市"}, "PHCER")
    withdrawn = await issued(world, {"site": "揭阳市"}, "PHCER")
    await world.phcer_registry.made(
        "correctPosting", "posting { id }", posting=withdrawn, **GROUNDS
    )
    assert suspects(await amend(world, project, site="广东揭阳")) == [batch, green]


async def test_an_amended_site_raises_a_hundred_suspicions_of_one_batch(
    shared_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest ones, and no more in all than can be recorded at once: else it is refused whole."""
    world = shared_world
    crowd, late = await world.project(), await world.project()
    items = [
        block_of(world, crowd, f"CROWDED{n}", issuance={"reference": "DJ-CROWD", "quantity": "1020"})
        | {"idempotencyKey": f"crowded-{n}"}
        for n in range(102)
    ]  # fmt: skip
    asked = """mutation ($input: IssueCreditsBulkInput!) { issueCreditsBulk(input: $input) {
        ... on BulkOutcomes { outcomes { status } } } }"""
    await world.registry.ask(asked, input={"mode": "EACH_INDEPENDENT", "items": items})
    batch = await world.issue(late, "GD-LATE", 1, 10)
    await world.registry.made(
        "amendProject", "project { id }", project=crowd, siteCode="CROWD", **GROUNDS
    )
    for module in (site_service, issued_by_one):
        monkeypatch.setattr(module, "MOST_RAISED", 99)
    before = await world.head()
    refused = await world.registry.refused(
        "amendProject", project=late, siteCode="CROWD", **GROUNDS
    )
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "project"])
    assert await world.head() == before
    monkeypatch.undo()
    found: list[str] = []
    after = "null"
    for _ in range(2):
        page = f"suspectedBatches(first: 100, after: {after}) {{ nodes {{ id }} pageInfo {{ endCursor }} }}"
        given = {"project": late, "siteCode": "CROWD", "idempotencyKey": "crowd-late", **GROUNDS}
        payload = await world.registry.do("amendProject", page, **given)
        found += suspects(payload)
        after = f'"{payload["suspectedBatches"]["pageInfo"]["endCursor"]}"'
    assert (len(set(found)), len(found), found[-1]) == (101, 101, batch)
    asked = "query ($id: ID!) { creditBatch(by: {id: $id}) { suspectedDoubles { totalCount } } }"
    data = await world.anyone.ask(asked, id=batch)
    assert data["creditBatch"]["suspectedDoubles"]["totalCount"] == 100
