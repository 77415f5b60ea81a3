"""A query by GET is answered with a tag, which holds as long as the log stands where it stood: who has the answer is
told so, and what is kept is given out to whoever asks the same and sees the same."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from nzc_api.app import create_app
from nzc_api.schema.engine.limits import statements_of
from nzc_api.schema.schema import schema
from nzc_api.settings import Settings
from nzc_api.shortcuts.handles import core_schema
from nzc_api.transport.conditional import Answers
from tests.conftest import TestDatabase
from tests.world import Caller, World

POSITION = "{ log { position } viewer { id } }"
PILOTS = "query ($first: Int!) { pilots(first: $first) { nodes { code } } }"


async def get(caller: Caller, query: str, tag: str = "", **more: str) -> httpx.Response:
    headers = {"Accept": "application/json"} | ({"If-None-Match": tag} if tag else {})
    if caller.secret is not None:
        headers["Authorization"] = f"Bearer {caller.secret}"
    return await caller.http.get("/graphql", params={"query": query, **more}, headers=headers)


async def test_who_has_the_answer_is_told_so(world: World) -> None:
    first = await get(world.anyone, POSITION)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    assert {"Authorization", "Accept"} <= set(first.headers["vary"].split(", "))
    again = await get(world.anyone, POSITION, tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert "content-type" not in again.headers
    # Among others, and strong or weak: tags of answers are compared as weak ones.
    for given in (f'"of another", {tag}', tag.removeprefix("W/")):
        assert (await get(world.anyone, POSITION, given)).status_code == 304
    assert (await get(world.anyone, POSITION, '"of another"')).status_code == 200
    assert (await get(world.anyone, POSITION, "*")).status_code == 304
    # A cache takes over what it says: compressed answers are told apart still.
    assert "Accept-Encoding" in again.headers["vary"]
    as_it_is = {"If-None-Match": tag, "Accept-Encoding": "identity"}
    plain = await world.anyone.http.get("/graphql", params={"query": POSITION}, headers=as_it_is)
    named = plain.headers["vary"].split(", ")
    assert "Accept-Encoding" in named
    assert len(named) == len(set(named))


async def test_an_entry_of_the_log_makes_it_stale(world: World) -> None:
    first = await get(world.anyone, POSITION)
    await world.pilot()
    second = await get(world.anyone, POSITION, first.headers["etag"])
    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]
    before, after = (int(answer.json()["data"]["log"]["position"]) for answer in (first, second))
    assert after == await world.head() > before


async def test_a_tag_is_of_who_asks_and_of_what(world: World) -> None:
    asked = [
        await get(world.anyone, POSITION),
        await get(world.operator, POSITION),
        await get(world.auditor, POSITION),
        await get(world.anyone, POSITION + " "),
        await get(world.anyone, PILOTS, variables='{"first": 1}'),
        await get(world.anyone, PILOTS, variables='{"first": 2}'),
        await get(world.anyone, "query A { __typename } query B { __typename }", operationName="A"),
        await get(world.anyone, "query A { __typename } query B { __typename }", operationName="B"),
    ]
    assert len({answer.headers["etag"] for answer in asked}) == len(asked)
    assert asked[0].json()["data"]["viewer"] is None
    assert asked[1].json()["data"]["viewer"]["id"] == world.operator.organisation
    assert asked[1].headers["cache-control"] == "private, no-cache"
    for caller, answer in zip((world.anyone, world.operator, world.auditor), asked, strict=False):
        kept = await get(caller, POSITION)
        assert kept.json() == answer.json()


async def test_a_key_that_is_revoked_is_given_nothing_kept(world: World) -> None:
    issued = await world.administrator.do(
        "issueApiKey",
        "apiKey { id } secret",
        organisation=world.operator.organisation,
        label="second",
    )
    second = Caller(world.http, issued["secret"])
    first = await get(second, POSITION)
    assert first.status_code == 200
    await world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=issued["apiKey"]["id"])
    after = await get(second, POSITION, first.headers["etag"])
    assert after.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert after.headers["cache-control"] == "no-store"
    assert "etag" not in after.headers


@pytest.mark.parametrize(
    "query",
    [
        "{ ledgerHealth { position } }",
        "{ proposals { totalCount } }",
        'query ($id: ID = "") { node(id: $id) { ... on Proposal { state } } }',
        "query ($id: ID!) { node(id: $id) { ... on Pilot { code } } }",
        "{ nothing }",
        "{",
    ],
)
async def test_what_is_no_function_of_the_position_has_no_tag(world: World, query: str) -> None:
    """The running check goes on without an entry of the log; and what failed may not fail again."""
    answer = await get(world.anyone, query)
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


OF_A_RELEASE = {
    "emissionFactor", "emissionFactors", "enumLabels", "evaluationSchemes", "factorList",
    "factorLists", "guide", "gwpTables", "missingFactors", "programmes", "referenceValues", "serialBlock",
    "serialBlocks",
}  # fmt: skip


async def test_product_data_is_kept_without_asking(world: World) -> None:
    query = '{ factorList(code: "prov2025-gd-2022") { code } gwpTables { gwpSet } }'
    await get(world.anyone, query)
    first = await get(world.anyone, query)
    assert first.headers["cache-control"] == "public, max-age=3600, immutable"
    await world.pilot()
    for caller in (world.anyone, world.operator):
        again = await get(caller, query)
        assert (again.headers["etag"], again.content) == (first.headers["etag"], first.content)
        assert (await get(caller, query, first.headers["etag"])).status_code == 304
    other = await get(world.anyone, query.replace("{ code }", "{ id }"))
    assert other.headers["etag"] != first.headers["etag"]
    beside = f"{query[:-1]} log {{ position }} }}"
    for _ in range(2):
        assert (await get(world.anyone, beside)).headers["cache-control"] == "public, no-cache"


def test_what_reads_nothing_is_of_a_release() -> None:
    """Whatever else would be kept for an hour, though somebody recorded something."""
    root = core_schema(schema).query_type
    assert root is not None
    found = {name for name, field in root.fields.items() if not statements_of(field, many=True)}
    assert found == OF_A_RELEASE


async def test_a_mutation_is_not_done_by_get(world: World) -> None:
    answer = await get(world.anyone, "mutation { registerPilot { __typename } }")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest_asyncio.fixture
async def keeping_nothing(database: TestDatabase) -> AsyncIterator[httpx.AsyncClient]:
    """The application with no room for answers."""
    settings = Settings(pool_size=5, requests_per_second=0, kept_answers_megabytes=0)
    app = create_app(database.api_url, settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://nzc.test") as client:
            yield client


async def test_the_same_is_answered_with_and_without_what_is_kept(
    world: World, keeping_nothing: httpx.AsyncClient
) -> None:
    await world.pilot()
    answers = [await get(world.anyone, PILOTS, variables='{"first": 9}') for _ in range(2)]
    answers.append(await get(Caller(keeping_nothing), PILOTS, variables='{"first": 9}'))
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["etag"] for answer in answers}) == 1


def test_answers_not_asked_for_longest_make_room() -> None:
    answers = Answers(100)
    for name in ("a", "b"):
        answers.keep(name, b"x" * 40, 40)
    assert answers.find("a") is not None
    answers.keep("c", b"x" * 40, 40)
    assert [answers.find(name) is not None for name in "abc"] == [True, False, True]
    answers.keep("d", b"x" * 101, 101)
    assert [answers.find(name) is not None for name in "acd"] == [True, True, False]
