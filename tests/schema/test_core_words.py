"""What graphql-core says of a request is told in Chinese, too."""

import re
from typing import Any

import pytest

from nzc_api.schema.engine.core_words import in_chinese
from nzc_api.schema.engine.error_presenter import MOST_ERRORS
from tests.world import World


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


ENGLISH = re.compile(
    r"(?i)\b(expected|value|field|type|variable|unknown|cannot|must|found|provided|represent|mean)\b"
)

RETIRE = "mutation($input: RetireCreditsInput!) { retireCredits(input: $input) { __typename } }"
GIVEN: dict[str, Any] = {
    "idempotencyKey": "k", "programme": "CCER", "pilot": "x", "accountingPeriod": "y",
    "retiredOn": "2024-07-01",
    "serials": {"range": {"prefix": "GD", "first": "1", "last": "2"}},
}  # fmt: skip

VALUES = {
    "nothing": None,
    "no object": 7,
    "a required field left out": {k: v for k, v in GIVEN.items() if k != "pilot"},
    "an unknown field": GIVEN | {"zebra": 1},
    "nearly a field": GIVEN | {"pilots": "x"},
    "a required field that is null": GIVEN | {"pilot": None},
    "none of a one-of": GIVEN | {"serials": {}},
    "two of a one-of": GIVEN | {"serials": GIVEN["serials"] | {"text": "GD-1 to 2"}},
    "a null in a one-of": GIVEN | {"serials": {"text": None}},
    "a wrong enum value": GIVEN | {"programme": "CCERS"},
    "a number for an enum": GIVEN | {"programme": 3},
    "a number for a text": GIVEN | {"idempotencyKey": 3},
    "a list for an id": GIVEN | {"pilot": ["x"]},
    "no date": GIVEN | {"retiredOn": "yesterday"},
}

DOCUMENTS = {
    "an unknown field": "{ zebra }",
    "nearly a field": "{ pilot { id } }",
    "an unknown argument": "{ log(zebra: 1) { position } }",
    "nearly an argument": "{ pilots(frist: 1) { nodes { id } } }",
    "a required argument left out": "{ node { id } }",
    "a wrong argument": '{ pilots(first: "x") { nodes { id } } }',
    "an unknown type": "query($x: Zebra) { log { position } }",
    "an unknown fragment": "{ ...zebra }",
    "an unknown directive": "{ log @zebra { position } }",
    "a scalar's subfields": "{ log { position { id } } }",
    "no subfields": "{ log }",
    "an undeclared variable": "{ pilots(first: $n) { nodes { id } } }",
    "an unused variable": "query($n: Int) { log { position } }",
    "a variable elsewhere": "query($n: String) { pilots(first: $n) { nodes { id } } }",
    "an output variable": "query($n: Pilot) { log { position } }",
    "an unused fragment": "{ log { position } } fragment f on Pilot { id }",
    "two operations, one without a name": "{ log { position } } query q { log { position } }",
    "twice the same": "query($n: Int, $n: Int) { pilots(first: $n) { nodes { id } } }",
}


async def check_chinese(world: World, query: str, **variables: Any) -> None:
    body = {"query": query, "variables": variables}
    answer = (await world.http.post("/graphql", json=body)).json()
    assert answer["errors"]
    for error in answer["errors"]:
        told = error["extensions"]["localizedMessage"]
        assert re.search("[\u4e00-\u9fff]", told["zh"].partition("：")[2] or told["zh"]), told
        assert not ENGLISH.search(re.sub("“[^”]*”", "", told["zh"])), told


@pytest.mark.parametrize("what", VALUES)
async def test_values(world: World, what: str) -> None:
    for _ in range(2):  # of a new document, and of a known one
        await check_chinese(world, RETIRE, input=VALUES[what])


@pytest.mark.parametrize("what", DOCUMENTS)
async def test_documents(world: World, what: str) -> None:
    await check_chinese(world, DOCUMENTS[what])


async def test_a_variable_left_out(world: World) -> None:
    await check_chinese(world, RETIRE)


# What clients send may look like what graphql-core says, and be long; neither may cost much.
HOSTILE = {
    "long": {"x" * 100_000: 1},
    "like a message": {"Int cannot represent non-integer value: " * 2000: 1},
    "like several": {
        "Variable 'a" + "' of type 'a" * 2000 + "' used in position expecting type 'a": 1
    },
    "a short one like several": {"Variable 'a" + "' of type 'a" * 20 + "' used in position": 1},
    "many": {f"unknown{n}": 1 for n in range(1000)},
    "with a place to fill": {"{0}{9}": 1},
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_hostile_names(world: World, what: str) -> None:
    body = {"query": RETIRE, "variables": {"input": GIVEN | HOSTILE[what]}}
    answer = (await world.http.post("/graphql", json=body)).json()
    assert 1 <= len(answer["errors"]) <= MOST_ERRORS
    for error in answer["errors"]:
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert error["extensions"]["inputPath"] == ["input"]


def test_one_that_quotes_nothing() -> None:
    said = in_chinese("This anonymous operation must be the only defined operation.")
    assert said == "未命名的操作须为文档中的唯一操作"


def test_what_is_long_is_left_as_it_is() -> None:
    message = "Value '" + "x" * 10_000 + "' does not exist in 'E' enum."
    assert in_chinese(message) == message
