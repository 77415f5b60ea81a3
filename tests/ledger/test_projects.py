"""What a project is called is amended, as of positions."""

from typing import Any

import pytest

from tests.world import World

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
        "query ($text: String!) { projects(filter: {text: $text}) { totalCount nodes { id } } }", text="新名"
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


async def test_no_name_says_forestry_where_nothing_says_otherwise(world: World) -> None:
    """As at the enrolment, a methodology that is known has more to say than a name."""
    forest = {"zh": "某县造林项目", "en": "Afforestation of a county"}
    shown_by_number = await world.project()
    assert (await amend(world, shown_by_number, name=forest))["name"] == forest
    unsaid = await world.project(methodology="某方法学第二版")
    payload = await world.registry.refused("amendProject", project=unsaid, name=forest, **GROUNDS)
    assert payload["code"] == "FORESTRY_MISLABELLED"
