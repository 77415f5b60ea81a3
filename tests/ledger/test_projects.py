"""What a project is called is amended, as of positions; its methodology is stated where its enrolments left it out."""

from typing import Any

import pytest

from tests.world import World, key

GROUNDS = {"document": "D", "reason": "slip"}
THEN = """query ($id: ID!, $at: BigInt) { project(by: {id: $id}, asOf: $at) {
    name { zh en } site siteCode pilot { id } } }"""
NAME = {"zh": "新名", "en": "New name"}


async def shown(world: World, project: str, at: int | None = None) -> Any:
    given = {"id": project, "at": None if at is None else str(at)}
    return (await world.anyone.ask(THEN, **given))["project"]


async def amend(world: World, project: str, **changes: Any) -> Any:
    return await world.registry.made(
        "amendProject", "project { name { zh en } }", project=project, **changes, **GROUNDS
    )


async def test_as_of_each_position(world: World) -> None:
    before = await world.head()
    project, pilot = await world.project(siteCode="S-1"), await world.pilot()
    seen = [(await world.head(), await shown(world, project))]
    for changes, now in (
        ({"name": NAME}, {"name": NAME}),
        ({"siteCode": "S-2", "site": "There"}, {"siteCode": "S-2", "site": "There"}),
        ({"pilot": pilot["id"]}, {"pilot": {"id": pilot["id"]}}),
        ({"name": NAME | {"en": "Yet"}}, {"name": NAME | {"en": "Yet"}}),
    ):
        await amend(world, project, **changes)
        seen.append((await world.head(), seen[-1][1] | now))
        assert await shown(world, project) == seen[-1][1]
    assert await shown(world, project, before) is None
    for at, then in seen:
        assert await shown(world, project, at) == then, at
    found = await world.anyone.ask(
        "query ($text: String!) { projects(filter: {text: $text}) { totalCount nodes { id } } }",
        text="新名",
    )
    assert found["projects"] == {"totalCount": 1, "nodes": [{"id": project}]}


async def test_what_is_so_already_changes_nothing(world: World) -> None:
    project = await world.project(name=NAME)
    head = await world.head()
    assert (await amend(world, project, name=NAME))["name"] == NAME
    assert await world.head() == head


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (None, ["name"]),
        ({"zh": "", "en": "A"}, ["name", "zh"]),
        ({"zh": "甲", "en": "\u200b"}, ["name", "en"]),
    ],
)
async def test_names_that_are_none(shared_world: World, name: Any, path: list[str]) -> None:
    project = await shared_world.project()
    payload = await shared_world.registry.refused(
        "amendProject", project=project, name=name, **GROUNDS
    )
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", *path])


async def test_a_division_is_a_city_of_guangdong(shared_world: World) -> None:
    """Beijing has no code here: a project elsewhere leaves it out."""
    project = await shared_world.project()
    elsewhere = {"site": "北京", "administrativeDivision": "110000"}
    given = {"code": "J-BEIJING", "name": NAME, "forestry": False}
    for verb, more in (
        ("registerProject", given),
        ("amendProject", {"project": project} | GROUNDS),
    ):
        payload = await shared_world.registry.refused(verb, **elsewhere, **more)
        said = (payload["code"], payload["path"])
        assert said == ("INVALID_INPUT", ["input", "administrativeDivision"]), verb


async def test_no_name_says_forestry_where_nothing_says_otherwise(world: World) -> None:
    """As at the enrolment, a methodology that is known has more to say than a name."""
    forest = {"zh": "某县造林项目", "en": "Afforestation of a county"}
    shown_by_number = await world.project()
    assert (await amend(world, shown_by_number, name=forest))["name"] == forest
    unsaid = await world.project(methodology="某方法学第二版")
    payload = await world.registry.refused("amendProject", project=unsaid, name=forest, **GROUNDS)
    assert payload["code"] == "FORESTRY_MISLABELLED"


# The methodology, stated later.

ENROLLED = "project { enrolments { methodology } pilot { id } }"
SOLAR = "CCER-01-002-V01"


async def unsaid(world: World, programme: str = "CCER", **given: Any) -> str:
    """A project outside of pilots whose enrolment names no methodology."""
    caller = world.registry_of(programme)
    code = f"U-{await world.head()}"
    values = {
        "code": code,
        "name": {"zh": "某项目", "en": "Some"},
        "forestry": False,
        "site": "There",
    }
    made = await caller.made("registerProject", "project { id }", **values | given)
    await enrol(world, made["id"], programme)
    return str(made["id"])


async def enrol(world: World, project: str, programme: str) -> None:
    rule = {"CCER": "CCER_2023", "PHCER": "PHCER_2022"}[programme]
    await world.registry_of(programme).made(
        "enrolProject", "project { id }", project=project, programme=programme, rule=rule,
        number=f"N-at-{await world.head()}", registeredOn="2023-11-01",
    )  # fmt: skip


async def test_what_is_placed_in_a_pilot_has_a_methodology(world: World) -> None:
    project, pilot = await unsaid(world), await world.pilot()
    placing = {"project": project, "pilot": pilot["id"], **GROUNDS}
    head = await world.head()
    payload = await world.registry.refused("amendProject", **placing)
    assert (payload["code"], payload["path"]) == ("METHODOLOGY_REQUIRED", ["input", "methodology"])
    assert await world.head() == head
    made = await world.registry.made("amendProject", ENROLLED, **placing, methodology=SOLAR)
    assert made == {"enrolments": [{"methodology": SOLAR}], "pilot": {"id": pilot["id"]}}


async def test_it_may_be_stated_before(world: World) -> None:
    project, pilot = await unsaid(world), await world.pilot()
    given = {"project": project, **GROUNDS}
    before = await world.head()
    made = await world.registry.made("amendProject", ENROLLED, **given, methodology=SOLAR)
    assert made == {"enrolments": [{"methodology": SOLAR}], "pilot": None}
    assert await world.head() == before + 1
    again = await world.registry.refused("amendProject", **given, methodology="CCER-01-001-V01")
    assert (again["code"], again["path"]) == ("INVALID_INPUT", ["input", "methodology"])
    assert await world.registry.made("amendProject", ENROLLED, **given, pilot=pilot["id"])


async def test_every_enrolment_has_one(world: World) -> None:
    """Another programme's is not this registry's to state; administrators state all."""
    project, pilot = await world.project(), await world.pilot()
    await enrol(world, project, "PHCER")
    placing = {"project": project, "pilot": pilot["id"], **GROUNDS}
    payload = await world.registry.refused("amendProject", **placing)
    assert payload["code"] == "METHODOLOGY_REQUIRED"
    query = "mutation ($input: AmendProjectInput!) { amendProject(input: $input) { __typename } }"
    given = placing | {"idempotencyKey": key(), "methodology": "PHCER-X 光伏"}
    error = await world.registry.fail(query, input=given)
    assert error["extensions"]["code"] == "FORBIDDEN"
    made = await world.administrator.made(
        "amendProject", ENROLLED, **placing, methodology="PHCER-X 光伏"
    )
    assert made["enrolments"] == [{"methodology": SOLAR}, {"methodology": "PHCER-X 光伏"}]


@pytest.mark.parametrize(
    ("forestry", "methodology", "code"),
    [
        (False, "CCER-14-001-V01", "FORESTRY_MISLABELLED"),
        (False, "造林碳汇方法学", "FORESTRY_MISLABELLED"),
        (True, SOLAR, "FORESTRY_MISLABELLED"),
        (False, "无", "INVALID_INPUT"),
        (False, "", "INVALID_INPUT"),
    ],
)
async def test_it_is_judged_as_at_the_enrolment(
    shared_world: World, forestry: bool, methodology: str, code: str
) -> None:
    world = shared_world
    project = await unsaid(world, forestry=forestry)
    for given in ({}, {"pilot": (await world.pilot())["id"]}):
        payload = await world.registry.refused(
            "amendProject", project=project, methodology=methodology, **given, **GROUNDS
        )
        assert payload["code"] == code


async def test_forestry_needs_none(world: World) -> None:
    project, pilot = await unsaid(world, forestry=True), await world.pilot()
    made = await world.registry.made(
        "amendProject", ENROLLED, project=project, pilot=pilot["id"], **GROUNDS
    )
    assert made == {"enrolments": [{"methodology": None}], "pilot": {"id": pilot["id"]}}


async def test_what_is_enrolled_after_it_was_placed_names_one(world: World) -> None:
    project, pilot = await world.project(), await world.pilot()
    await amend(world, project, pilot=pilot["id"])
    payload = await world.phcer_registry.refused(
        "enrolProject", project=project, programme="PHCER", rule="PHCER_2022", number="N-X",
        registeredOn="2023-11-01",
    )  # fmt: skip
    assert payload["code"] == "METHODOLOGY_REQUIRED"


async def test_what_is_found_inside_a_pilot_has_one(world: World) -> None:
    """As what is placed there; what is found elsewhere needs none."""
    site = {"siteCode": "FOUND-1"}
    project, pilot = await unsaid(world, **site), await world.pilot(**site)
    other = await world.pilot(**site)
    found = {"subject": project, "pilot": pilot["id"], "finding": "SAME", **GROUNDS}
    for tried in (True, False):
        head = await world.head()
        refused = await world.administrator.refused("resolveSameSite", **found, dryRun=tried)
        told = (refused["code"], refused["path"])
        assert told == ("METHODOLOGY_REQUIRED", ["input", "subject"])
        assert await world.head() == head
    elsewhere = found | {"pilot": other["id"], "finding": "DISTINCT"}
    await world.administrator.made("resolveSameSite", "pilot { id }", **elsewhere)
    await amend_methodology(world, project)
    await world.administrator.made("resolveSameSite", "pilot { id }", **found)
    # What is enrolled after it was found names one, too.
    payload = await world.phcer_registry.refused(
        "enrolProject", project=project, programme="PHCER", rule="PHCER_2022", number="N-F",
        registeredOn="2023-11-01",
    )  # fmt: skip
    assert payload["code"] == "METHODOLOGY_REQUIRED"


async def amend_methodology(world: World, project: str) -> None:
    given = {"project": project, "methodology": SOLAR, **GROUNDS}
    await world.registry.made("amendProject", ENROLLED, **given)


WOULD = "} ... on LedgerPreview { entryKind asOfPosition quantity"


async def test_what_is_amended_and_found_may_be_tried(world: World) -> None:
    """All is checked; nothing is kept, and the same key may do it."""
    site = {"siteCode": "TRIED-1"}
    project, pilot = await world.project(**site), await world.pilot(**site)
    amending = {
        "project": project,
        "name": NAME,
        "siteCode": "TRIED-2",
        "pilot": pilot["id"],
        **GROUNDS,
    }
    finding = {"subject": project, "pilot": pilot["id"], "finding": "DISTINCT", **GROUNDS}
    for caller, verb, given, kind in (
        (world.registry, "amendProject", amending, "PROJECT_AMENDED"),
        (world.administrator, "resolveSameSite", finding, "PROJECT_SITE_RESOLVED"),
    ):
        keyed, head = given | {"idempotencyKey": key()}, await world.head()
        before = await shown(world, project)
        would = await caller.do(verb, WOULD, **keyed, dryRun=True)
        assert would == {
            "__typename": "LedgerPreview", "entryKind": kind, "asOfPosition": str(head), "quantity": None,
        }  # fmt: skip
        assert (await world.head(), await shown(world, project)) == (head, before)
        refused = await caller.refused(verb, **given | {"document": ""}, dryRun=True)
        assert refused["path"] == ["input", "document"]
        await caller.do(verb, "", **keyed)
        assert await world.head() == head + 1
    # What is so already would change nothing, and says so as it does.
    same = await world.registry.do(
        "amendProject", "project { name { zh } }", **amending, dryRun=True
    )
    assert same["project"] == {"name": {"zh": NAME["zh"]}}
    refused = await world.administrator.refused("resolveSameSite", **finding, dryRun=True)
    assert refused["code"] == "SAME_SITE_RESOLVED"


async def test_a_crowded_site_is_refused_when_it_is_tried(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nzc_api.pilots.stating.MOST_AT_SITE", 1)
    for _ in range(2):
        await world.pilot(siteCode="CROWDED")
    registered = {
        "code": "CROWD", "name": NAME, "forestry": False, "site": "There", "siteCode": "CROWDED",
    }  # fmt: skip
    amended = {"project": await world.project(), "siteCode": "CROWDED", **GROUNDS}
    for verb, given in (("registerProject", registered), ("amendProject", amended)):
        told = [
            await world.registry.refused(verb, **given, dryRun=tried) for tried in (True, False)
        ]
        for refused in told:
            assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "siteCode"]), (
                verb
            )
