"""Pilots: one of each kind, where they lie, their periods, and lists of them."""

from typing import Any

import pytest

from tests.world import World

VARIANTS = (
    "TOWN", "BUILDING_NEW", "BUILDING_EXISTING", "TRANSPORT", "COMMUNITY_URBAN",
    "COMMUNITY_RURAL", "PARK", "ENTERPRISE",
)  # fmt: skip

LIST = """
    query ($filter: PilotFilterInput, $order: PilotOrder, $first: Int!, $after: String) {
        pilots(filter: $filter, orderBy: $order, first: $first, after: $after) {
            nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            edges { cursor node { code } } } }
"""


@pytest.mark.parametrize("variant", VARIANTS)
async def test_one_of_each_kind(world: World, variant: str) -> None:
    pilot = await world.pilot(variant, 2023)
    data = await world.anyone.ask(
        """query ($code: String!) { pilot(by: {code: $code}) {
            id code variant kind establishment operationStartsOn name { zh en }
            applicantKind applicantName { zh } administrativeDivision { code name { zh en } }
            kindTerms { document } variantTerms { phases categories { category } }
            operator { id } accountingPeriods { nodes { startsOn endsOn } } } }""",
        code=pilot["code"],
    )
    found = data["pilot"]
    assert found["id"] == pilot["id"]
    assert found["variant"] == variant
    assert found["kind"] == variant.split("_", maxsplit=1)[0]
    assert found["administrativeDivision"]["name"]["zh"] == "广州市"
    assert found["operator"]["id"] == world.operator.organisation
    assert found["accountingPeriods"]["nodes"] == [
        {"startsOn": "2023-01-01", "endsOn": "2023-12-31"}
    ]


async def test_a_code_is_unique(world: World) -> None:
    pilot = await world.pilot()
    payload = await world.other_operator.do(
        "registerPilot",
        "",
        code=pilot["code"], variant="TOWN", name={"zh": "镇", "en": "Town"},
        applicantKind="COMPETENT_DEPARTMENT", applicantName={"zh": "某", "en": "Some"},
        administrativeDivision="440100", establishment="NEW",
    )  # fmt: skip
    assert payload["code"] == "PILOT_CODE_TAKEN"


async def codes(world: World, **variables: Any) -> list[str]:
    data = await world.anyone.ask(LIST, **{"first": 100} | variables)
    return [node["code"] for node in data["pilots"]["nodes"]]


async def test_lists_are_narrowed(world: World) -> None:
    town = await world.pilot("TOWN", code="A-TOWN")
    await world.pilot("BUILDING_NEW", code="B-NEW", surroundingPilot=town["id"])
    await world.pilot("BUILDING_EXISTING", code="C-OLD", administrativeDivision="440300")
    assert await codes(world) == ["A-TOWN", "B-NEW", "C-OLD"]
    assert await codes(world, filter={"kind": "BUILDING"}) == ["B-NEW", "C-OLD"]
    assert await codes(world, filter={"variant": "BUILDING_NEW"}) == ["B-NEW"]
    assert await codes(world, filter={"kind": "TOWN", "variant": "BUILDING_NEW"}) == []
    assert await codes(world, filter={"administrativeDivision": "440300"}) == ["C-OLD"]
    assert await codes(world, filter={"surroundingPilot": town["id"]}) == ["B-NEW"]
    operator = {"operator": world.operator.organisation}
    assert len(await codes(world, filter=operator)) == 3
    other = {"operator": world.other_operator.organisation}
    assert await codes(world, filter=other) == []


@pytest.mark.parametrize("field", ["CODE", "REGISTERED"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_pages_are_complete_and_in_order(world: World, field: str, direction: str) -> None:
    for code in ("D", "B", "A", "E", "C"):
        await world.pilot("TOWN", code=code)
    expected = {"CODE": "ABCDE", "REGISTERED": "DBAEC"}[field]
    if direction == "DESC":
        expected = expected[::-1]
    found, after = "", None
    for number in range(3):
        data = await world.anyone.ask(
            LIST, first=2, after=after, order={"field": field, "direction": direction}
        )
        page = data["pilots"]
        found += "".join(node["code"] for node in page["nodes"])
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        assert page["pageInfo"]["hasNextPage"] == (number < 2)
        assert page["pageInfo"]["hasPreviousPage"] == (number > 0)
        after = page["pageInfo"]["endCursor"]
    assert found == expected


async def test_pilots_lie_in_one_another(world: World) -> None:
    town = await world.pilot("TOWN")
    park = await world.pilot("PARK")
    building = await world.pilot("BUILDING_EXISTING", surroundingPilot=park["id"])
    before = await world.head()
    await world.operator.made(
        "placePilot", "pilot { id }", pilot=park["id"], surroundingPilot=town["id"]
    )
    query = """query ($id: ID!, $p: BigInt) { pilot(by: {id: $id}) {
        surroundingPilots(asOf: $p) { nodes { code } } pilotsInside(asOf: $p) { nodes { code } } } }"""
    inner = (await world.anyone.ask(query, id=building["id"]))["pilot"]
    assert [p["code"] for p in inner["surroundingPilots"]["nodes"]] == [park["code"], town["code"]]
    outer = (await world.anyone.ask(query, id=town["id"]))["pilot"]
    assert [p["code"] for p in outer["pilotsInside"]["nodes"]] == [park["code"]]
    then = (await world.anyone.ask(query, id=building["id"], p=str(before)))["pilot"]
    assert [p["code"] for p in then["surroundingPilots"]["nodes"]] == [park["code"]]

    payload = await world.operator.refused(
        "placePilot", pilot=town["id"], surroundingPilot=building["id"]
    )
    assert payload["code"] == "SURROUNDING_PILOT_CYCLE"
    payload = await world.operator.refused(
        "placePilot", pilot=town["id"], surroundingPilot=town["id"]
    )
    assert payload["code"] == "SURROUNDING_PILOT_CYCLE"

    for nowhere in ({"surroundingPilot": None}, {}):
        await world.operator.made("placePilot", "pilot { id }", pilot=park["id"], **nowhere)
        now = (await world.anyone.ask(query, id=building["id"]))["pilot"]
        assert [p["code"] for p in now["surroundingPilots"]["nodes"]] == [park["code"]]
        await world.operator.made(
            "placePilot", "pilot { id }", pilot=park["id"], surroundingPilot=town["id"]
        )


async def test_periods_do_not_overlap(world: World) -> None:
    pilot = await world.pilot("TOWN", 2022)
    payload = await world.operator.refused(
        "registerAccountingPeriod", pilot=pilot["id"], startsOn="2022-12-31", endsOn="2023-12-30"
    )
    assert payload["code"] == "ACCOUNTING_PERIOD_OVERLAP"
    await world.operator.made(
        "registerAccountingPeriod",
        "accountingPeriod { id }",
        pilot=pilot["id"], startsOn="2023-01-01", endsOn="2023-12-31",
    )  # fmt: skip


async def test_a_period_is_found_by_id_year_or_day(world: World) -> None:
    pilot = await world.pilot("TOWN", 2022, 2023)
    query = """query ($id: ID!, $by: AccountingPeriodBy!) { pilot(by: {id: $id}) {
        accountingPeriod(by: $by) { id } } }"""
    wanted = {"id": pilot["periods"][2022]}
    for by in ({"year": 2022}, {"containing": "2022-06-30"}, {"id": pilot["periods"][2022]}):
        data = await world.anyone.ask(query, id=pilot["id"], by=by)
        assert data["pilot"]["accountingPeriod"] == wanted
    for by in ({"year": 2030}, {"year": 99999}, {"year": 0}, {"containing": "2030-01-01"}):
        data = await world.anyone.ask(query, id=pilot["id"], by=by)
        assert data["pilot"]["accountingPeriod"] is None


async def test_every_node_is_found_again(world: World) -> None:
    pilot = await world.pilot()
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    ids = [pilot["id"], *pilot["periods"].values(), world.operator.organisation]
    data = await world.anyone.ask(query, ids=ids)
    assert [node["id"] for node in data["nodes"]] == ids
    kinds = [node["__typename"] for node in data["nodes"]]
    assert kinds == ["Pilot", "AccountingPeriod", "AccountingPeriod", "Organisation"]
