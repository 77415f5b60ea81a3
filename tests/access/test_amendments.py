"""What organisations are called is amended, as of positions: what was read before is read again as of then."""

from typing import Any

import pytest

from tests.world import Caller, World, key

FACTS = "name { zh en } creditCode"
THEN = f"query ($id: ID!, $at: BigInt) {{ organisation(id: $id, asOf: $at) {{ id {FACTS} }} }}"
AMENDMENTS = f"""query ($id: ID!) {{ organisation(id: $id) {{ amendments {{ totalCount nodes {{
    position document reason before {{ {FACTS} }} after {{ {FACTS} }} }} }} }} }}"""
GROUNDS = {"document": "营业执照", "reason": "typed wrongly"}
CODE, OTHER_CODE = "9144030071526726XG", "91440300708461136T"


async def registered(world: World, **given: Any) -> str:
    values = {"name": {"zh": "甲", "en": "A"}, "role": "CREDIT_HOLDER"} | given
    made = await world.administrator.made("registerOrganisation", "organisation { id }", **values)
    return str(made["id"])


async def amend(world: World, organisation: str, /, **changes: Any) -> Any:
    return await world.administrator.made(
        "amendOrganisation",
        f"organisation {{ {FACTS} }}",
        organisation=organisation,
        **changes,
        **GROUNDS,
    )


async def facts(caller: Caller, organisation: str, at: int | None = None) -> Any:
    found = await caller.ask(THEN, id=organisation, at=None if at is None else str(at))
    return found["organisation"] and {n: v for n, v in found["organisation"].items() if n != "id"}


async def test_each_fact_alone_and_as_of_each_position(world: World) -> None:
    before = await world.head()
    organisation = await registered(world)
    seen = [(await world.head(), await facts(world.anyone, organisation))]
    for changes in (
        {"name": {"zh": "乙", "en": "B"}},
        {"creditCode": CODE},
        {"creditCode": OTHER_CODE, "name": {"zh": "丙", "en": "C"}},
        {"creditCode": None},
    ):
        made = await amend(world, organisation, **changes)
        assert made == seen[-1][1] | changes, "the others stay"
        seen.append((await world.head(), made))
    assert await facts(world.anyone, organisation, before) is None
    for at, then in seen:
        assert await facts(world.anyone, organisation, at) == then
    assert await facts(world.anyone, organisation) == seen[-1][1]

    listed = (await world.anyone.ask(AMENDMENTS, id=organisation))["organisation"]["amendments"]
    assert listed["totalCount"] == 4
    assert [node["position"] for node in listed["nodes"]] == [str(at) for at, _ in seen[1:]]
    assert [node["before"] for node in listed["nodes"]] == [then for _, then in seen[:-1]]
    assert [node["after"] for node in listed["nodes"]] == [then for _, then in seen[1:]]
    assert all(node | GROUNDS == node for node in listed["nodes"])

    events = await world.anyone.ask(
        "query ($after: BigInt!) { events(after: $after) { kind subject { id } organisation { id } } }",
        after=str(seen[0][0]),
    )
    assert events["events"] == 4 * [
        {
            "kind": "ORGANISATION_AMENDED",
            "subject": {"id": organisation},
            "organisation": {"id": world.administrator.organisation},
        }
    ]


async def test_what_is_so_already_changes_nothing(world: World) -> None:
    organisation = await registered(world, creditCode=CODE)
    head = await world.head()
    for changes in ({}, {"creditCode": CODE}, {"name": {"zh": "甲", "en": "A"}}):
        assert (await amend(world, organisation, **changes))["creditCode"] == CODE
    assert await world.head() == head


async def test_a_code_that_was_put_right_is_free_again(world: World) -> None:
    one, other = await registered(world, creditCode=CODE), await registered(world)
    taken = await world.administrator.refused(
        "amendOrganisation", organisation=other, creditCode=CODE, **GROUNDS
    )
    assert (taken["code"], taken["path"]) == ("CREDIT_CODE_TAKEN", ["input", "creditCode"])
    await amend(world, one, creditCode=OTHER_CODE)
    assert (await amend(world, other, creditCode=CODE))["creditCode"] == CODE
    found = await world.anyone.ask(
        "query ($code: String!) { organisations(creditCode: $code) { nodes { id } } }",
        code=CODE,
    )
    assert found["organisations"]["nodes"] == [{"id": other}]


async def test_the_ledger_calls_it_by_its_new_name(world: World) -> None:
    """The poster had read its name before."""
    await world.issue(await world.project(), "GD-N", 1, 10)
    given = {
        "programme": "CCER", "serials": {"text": "GD-N-1 to 5"}, "to": world.holder.organisation,
        "from": world.other_operator.organisation,
    }  # fmt: skip
    before = await world.registry.refused("transferCredits", **given)
    await amend(world, world.holder.organisation, name={"zh": "新名字", "en": "New name"})
    after = await world.registry.refused("transferCredits", **given)
    assert "New name" in after["message"]["en"] != before["message"]["en"]
    assert "新名字" in after["message"]["zh"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": {"zh": "", "en": "A"}}, ["name", "zh"]),
        ({"name": {"zh": "甲", "en": "\u200b"}}, ["name", "en"]),
        ({"name": None}, ["name"]),
        ({"creditCode": "9144030071526726XA"}, ["creditCode"]),
        ({"document": ""}, ["document"]),
        ({"reason": ""}, ["reason"]),
    ],
)
async def test_facts_that_cannot_be(
    shared_world: World, changes: dict[str, Any], path: list[str]
) -> None:
    world = shared_world
    organisation = await registered(world)
    given = {"organisation": organisation, **GROUNDS} | changes
    payload = await world.administrator.refused("amendOrganisation", **given)
    assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", *path])


async def test_only_administrators_amend(world: World) -> None:
    query = """mutation ($input: AmendOrganisationInput!) {
        amendOrganisation(input: $input) { __typename } }"""
    given = {"idempotencyKey": key(), "organisation": world.operator.organisation, **GROUNDS}
    for caller in (world.operator, world.registry, world.auditor):
        error = await caller.fail(query, input=given)
        assert error["extensions"]["code"] == "FORBIDDEN"
    nobody = await world.administrator.refused(
        "amendOrganisation", organisation=(await world.pilot())["id"], **GROUNDS
    )
    assert nobody["code"] == "INVALID_INPUT"
