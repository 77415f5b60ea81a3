"""A document that was valid once is not parsed again, and memory stays bounded."""

import pytest
from graphql import parse

from nzc_api.schema.engine import known_documents
from nzc_api.schema.engine.known_documents import LONGEST_DOCUMENT, MOST_DOCUMENTS
from tests.world import World


def test_only_so_many_are_known_and_those_asked_for_last() -> None:
    documents = [f"{{ log {{ position }} }} # {n}" for n in range(MOST_DOCUMENTS + 1)]
    for text in documents[:-1]:
        known_documents.remember(text, parse(text))
    first, second = documents[:2]
    assert known_documents.find(first) is not None  # asked for again, so it is not the oldest
    known_documents.remember(documents[-1], parse(documents[-1]))
    assert known_documents.find(first) is not None
    assert known_documents.find(second) is None
    assert known_documents.find(documents[-1]) is not None


def test_a_long_one_is_never_known() -> None:
    text = "{ log { position } } #" + "x" * LONGEST_DOCUMENT
    known_documents.remember(text, parse(text))
    assert known_documents.find(text) is None


@pytest.mark.parametrize(
    "query",
    [
        "{ log { position }",
        "{ nothing }",
        "{ pilot { id } }",
    ],
)
async def test_a_wrong_one_is_told_so_every_time(world: World, query: str) -> None:
    told = [(await world.anyone.fail(query))["extensions"]["code"] for _ in range(3)]
    assert len(set(told)) == 1
    assert known_documents.find(query) is None


async def test_a_known_one_is_checked_for_its_variables_and_its_operation(world: World) -> None:
    query = """query one($first: Int!) { pilots(first: $first) { nodes { id } } }
               query other { log { position } }"""
    for _ in range(2):
        body = {"query": query, "variables": {"first": 2}, "operationName": "one"}
        good = (await world.http.post("/graphql", json=body)).json()
        assert good["data"]["pilots"]["nodes"] == []
        wrong = (await world.http.post("/graphql", json=body | {"variables": {}})).json()
        assert wrong["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        unnamed = (await world.http.post("/graphql", json={"query": query})).json()
        assert unnamed["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


SEVERAL = (
    "query one($n: Int!) { pilots(first: $n) { nodes { code } } } query two { log { position } }"
)
FOLLOW = "subscription { events(after: 0) { position } }"


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ log { position } }"},
        {"query": "{ log { position } }", "operationName": "absent"},
        {"query": "query a { log { position } }", "operationName": "a"},
        {"query": SEVERAL},
        {"query": SEVERAL, "operationName": "two"},
        {"query": SEVERAL, "operationName": "three"},
        {"query": SEVERAL, "operationName": "one", "variables": {"n": 1}},
        {"query": SEVERAL, "operationName": "one", "variables": {"n": "many"}},
        {"query": SEVERAL, "operationName": "one", "variables": {"n": 9999}},
        {"query": "query ($w: String!) { pilot(by: {code: $w}) { id } }", "variables": {"w": "\x00"}},
        {"query": "query ($w: String!) { pilot(by: {code: $w}) { id } }", "variables": {"w": "P"}},
        {"query": "{ pilot(by: {id: \"no id\"}) { code } }"},
        {"query": "mutation { revokeApiKey(input: {idempotencyKey: \"k\", apiKey: \"a\"}) { __typename } }"},
        {"query": FOLLOW},
    ],
)  # fmt: skip
async def test_a_known_one_is_answered_as_it_was_at_first(
    world: World, body: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_documents, "DOCUMENTS", {})
    answers = [await world.http.post("/graphql", json=body) for _ in range(3)]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1, answers[0].text
    assert answers[0].json()


async def test_a_known_one_is_no_more_allowed_by_get(world: World) -> None:
    mutation = "mutation { revokeApiKey(input: {idempotencyKey: \"k\", apiKey: \"a\"}) { __typename } }"  # fmt: skip
    for _ in range(2):
        await world.http.post("/graphql", json={"query": mutation})
        answer = await world.http.get("/graphql", params={"query": mutation})
        assert answer.status_code == 405
