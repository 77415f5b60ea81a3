"""One building registered as two pilots; and projects that lie in a pilot though their registry did not say so."""

from typing import Any

import pytest

from tests.world import World

GROUNDS = {"document": "粤环函〔2026〕3号", "reason": "现场核实"}

AT_SITE = """query ($id: ID!) { pilot(by: {id: $id}) { siteAddress latitude longitude siteCode
    atSite { totalCount nodes { by finding position pilot { id } project { id } } } } }"""

NOTES = """query ($id: ID!, $at: BigInt) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}, asOf: $at) {
    notes { code pilots message { zh en } } } } }"""


def at(latitude: str, longitude: str = "113.3") -> dict[str, Any]:
    return {"coordinates": {"latitude": latitude, "longitude": longitude}}


async def beside(world: World, pilot: dict[str, Any]) -> list[dict[str, Any]]:
    """What is at the site of a pilot: by what, and what was found."""
    nodes: list[dict[str, Any]] = (await world.auditor.ask(AT_SITE, id=pilot["id"]))["pilot"][
        "atSite"
    ]["nodes"]
    return nodes


async def twins(world: World, pilot: dict[str, Any], at: int | None = None) -> list[str]:
    """The codes of the pilots that a pilot's statement warns of."""
    asked = {"id": pilot["id"], "at": None if at is None else str(at)}
    notes = (await world.anyone.ask(NOTES, **asked))["pilot"]["netEmissions"]["notes"]
    assert [note["code"] for note in notes] == ["PILOT_REGISTERED_TWICE"] * len(notes)
    return [code for note in notes for code in note["pilots"]]


async def resolve(
    world: World, subject: str, pilot: dict[str, Any], finding: str
) -> dict[str, Any]:
    return await world.administrator.do(
        "resolveSameSite",
        "pilot { id }",
        subject=subject,
        pilot=pilot["id"],
        finding=finding,
        **GROUNDS,
    )


ONE_BUILDING = {
    "code": ({"siteCode": "B-7"}, {"siteCode": "B-7"}, "SITE_CODE"),
    "coordinates": (at("23.1000"), at("23.1001"), "COORDINATES"),
    "address": ({"site": "天河区体育西路7号"}, {"site": "广东省广州市天河区体育西路７号"}, "ADDRESS"),
}  # fmt: skip


@pytest.mark.parametrize("sites", ONE_BUILDING.values(), ids=ONE_BUILDING)
async def test_one_building_as_two_pilots_is_warned_of_on_both_statements(
    shared_world: World, sites: tuple[dict[str, Any], dict[str, Any], str]
) -> None:
    """Until an administrator found it distinct, once, with grounds; as of then it stays what it was."""
    world = shared_world
    one = await world.pilot(**sites[0])
    other = await world.pilot(**sites[1])
    assert await beside(world, other) == [
        {"by": [sites[2]], "finding": None, "position": str(await born(world, other)), "project": None,
         "pilot": {"id": one["id"]}}
    ]  # fmt: skip
    before = await world.head()
    assert (await twins(world, one), await twins(world, other)) == ([other["code"]], [one["code"]])

    assert (await resolve(world, one["id"], other, "DISTINCT"))["pilot"]["id"] == other["id"]
    assert (await twins(world, one), await twins(world, other)) == ([], [])
    assert await twins(world, one, before) == [other["code"]]
    assert [item["finding"] for item in await beside(world, one)] == ["DISTINCT"]
    again = await resolve(world, other["id"], one, "SAME")
    assert (again["code"], again["path"]) == ("SAME_SITE_RESOLVED", ["input", "subject"])


async def born(world: World, pilot: dict[str, Any]) -> int:
    """The position of a pilot's registration: of what is at its site since then."""
    data = await world.anyone.ask(AT_SITE, id=pilot["id"])
    return max(int(node["position"]) for node in data["pilot"]["atSite"]["nodes"])


async def test_what_is_found_the_same_stays_warned_of(shared_world: World) -> None:
    world = shared_world
    one, other = [await world.pilot(siteCode="B-8") for _ in range(2)]
    await resolve(world, one["id"], other, "SAME")
    assert await twins(world, one) == [other["code"]]


async def test_a_building_in_a_park_at_one_address_is_no_double(shared_world: World) -> None:
    """Where one was placed in the other, statements of both know of it: until it is placed elsewhere."""
    world = shared_world
    park = await world.pilot("PARK", site="东莞市松山湖大道1号", administrativeDivision="441900")
    building = await world.pilot(
        site="东莞松山湖大道1号", administrativeDivision="441900", surroundingPilot=park["id"]
    )
    assert (await twins(world, park), await twins(world, building)) == ([], [])
    await world.operator.made(
        "placePilot", "pilot { id }", pilot=building["id"], surroundingPilot=None
    )
    assert await twins(world, park) == [building["code"]]


async def test_pilots_of_one_city_are_not_one(shared_world: World) -> None:
    world = shared_world
    one, other = [
        await world.pilot("TOWN", site="汕尾市", administrativeDivision="441500") for _ in range(2)
    ]
    assert (await twins(world, one), await twins(world, other)) == ([], [])
    assert [item["by"] for item in await beside(world, one)] == [["LOCALITY"]]


async def test_a_site_is_stated_later_and_compared_then(shared_world: World) -> None:
    world = shared_world
    one, other = await world.pilot(**at("23.3")), await world.pilot()
    wanted = "pilot { siteAddress latitude longitude siteCode }"
    amended = await world.operator.made("amendPilot", wanted, pilot=other["id"], **at("23.3004"))
    assert amended == {
        "siteAddress": None,
        "latitude": "23.3004",
        "longitude": "113.3",
        "siteCode": None,
    }
    assert await twins(world, one) == [other["code"]]
    # Stated elsewhere since: what was found is resolved, never taken back.
    amended = await world.operator.made(
        "amendPilot", wanted, pilot=other["id"], site="天河区体育西路9号", coordinates=None
    )
    assert amended["latitude"] is None
    assert amended["siteAddress"] == "天河区体育西路9号"
    assert await twins(world, one) == [other["code"]]
    error = await world.operator.refused("amendPilot", pilot=other["id"], **at("91"))
    assert error["path"] == ["input", "coordinates", "latitude"]


# --- Projects at a pilot's site -----------------------------------------------------------------


async def retired(world: World, pilot: dict[str, Any], prefix: str, first: int = 1) -> str:
    """OK, or the code of the refusal."""
    given = world.retirement(pilot, prefix, first, first)
    answer = await world.registry.do("retireCredits", "retirement { id }", **given)
    return str(answer.get("code", "OK"))


async def test_a_project_at_the_site_of_a_pilot_may_lie_in_it(shared_world: World) -> None:
    """Its credits offset neither that pilot nor one around it, until that is resolved."""
    world = shared_world
    town = await world.pilot("TOWN")
    building = await world.pilot(surroundingPilot=town["id"], **at("23.4"))
    project = await world.project(**at("23.4005"))
    await world.issue(project, "IN-SITE", 1, 100)
    assert await retired(world, building, "IN-SITE") == "CREDIT_FROM_INSIDE_SUSPECTED"
    assert await retired(world, town, "IN-SITE") == "CREDIT_FROM_INSIDE_SUSPECTED"
    assert await retired(world, await world.pilot(), "IN-SITE") == "OK"
    assert [item["project"]["id"] for item in await beside(world, building)] == [project]

    await resolve(world, project, building, "DISTINCT")
    assert await retired(world, building, "IN-SITE", 2) == "OK"


async def test_a_pilot_registered_later_at_a_projects_site_is_found_too(
    shared_world: World,
) -> None:
    world = shared_world
    project = await world.project(site="广东省广州市越秀区东风路3号")
    await world.issue(project, "IN-LATER", 1, 100)
    building = await world.pilot(site="越秀区东风路3号")
    assert await retired(world, building, "IN-LATER") == "CREDIT_FROM_INSIDE_SUSPECTED"
    await resolve(world, project, building, "SAME")
    assert await retired(world, building, "IN-LATER") == "CREDIT_FROM_INSIDE_BOUNDARY"


async def test_a_project_is_placed_in_a_pilot_later(shared_world: World) -> None:
    """From then on; and only an administrator takes it out of it."""
    world = shared_world
    town = await world.pilot("TOWN")
    park = await world.pilot("PARK", surroundingPilot=town["id"])
    project = await world.project()
    await world.issue(project, "PLACED", 1, 100)
    assert await retired(world, town, "PLACED") == "OK"
    placed = {"project": project, "pilot": park["id"], **GROUNDS}
    amended = await world.registry.made("amendProject", "project { pilot { id } }", **placed)
    assert amended["pilot"]["id"] == park["id"]
    assert await retired(world, town, "PLACED", 2) == "CREDIT_FROM_INSIDE_BOUNDARY"
    assert await retired(world, park, "PLACED", 2) == "CREDIT_FROM_INSIDE_BOUNDARY"
    # Said again it changes nothing.
    head = await world.head()
    await world.registry.made("amendProject", "project { id }", **placed)
    assert await world.head() == head
    out = placed | {"pilot": None, "idempotencyKey": "out"}
    query = "mutation ($i: AmendProjectInput!) { amendProject(input: $i) { __typename } }"
    assert (await world.registry.fail(query, i=out))["extensions"]["code"] == "FORBIDDEN"
    amended = await world.administrator.made("amendProject", "project { pilot { id } }", **out)
    assert amended["pilot"] is None
    assert await retired(world, park, "PLACED", 2) == "OK"


async def test_a_projects_site_is_amended(shared_world: World) -> None:
    world = shared_world
    building = await world.pilot(**at("23.5"))
    project = await world.project()
    await world.issue(project, "MOVED", 1, 100)
    assert await retired(world, building, "MOVED") == "OK"
    amended = await world.registry.made(
        "amendProject", "project { site latitude siteCode atSite { nodes { pilot { id } } } }",
        project=project, siteCode="W-5", **at("23.5005"), **GROUNDS,
    )  # fmt: skip
    assert amended == {
        "site": "Somewhere", "latitude": "23.5005", "siteCode": "W-5",
        "atSite": {"nodes": [{"pilot": {"id": building["id"]}}]},
    }  # fmt: skip
    assert await retired(world, building, "MOVED", 2) == "CREDIT_FROM_INSIDE_SUSPECTED"
    error = await world.registry.refused("amendProject", project=project, site=None, **GROUNDS)
    assert error["path"] == ["input", "site"]


async def test_pilots_that_share_ground_count_as_inside(shared_world: World) -> None:
    """For what lies in one of them, and for what lies in a pilot inside it."""
    world = shared_world
    park, town = await world.pilot("PARK"), await world.pilot("TOWN")
    surrounding = await world.pilot("TOWN")
    await world.operator.made(
        "placePilot", "pilot { id }", pilot=town["id"], surroundingPilot=surrounding["id"]
    )
    building = await world.pilot(surroundingPilot=park["id"])
    await world.issue(await world.project(pilot=building["id"]), "SHARED", 1, 100)
    assert await retired(world, town, "SHARED") == "OK"
    await world.operator.made(
        "recordPilotOverlap", "pilot { id }", pilot=park["id"], other=town["id"]
    )
    assert await retired(world, town, "SHARED", 2) == "CREDIT_FROM_INSIDE_BOUNDARY"
    assert await retired(world, surrounding, "SHARED", 2) == "CREDIT_FROM_INSIDE_BOUNDARY"
    assert await retired(world, await world.pilot(), "SHARED", 2) == "OK"
