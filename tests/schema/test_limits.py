"""One operation cannot ask for everything, and finding that out costs little."""

from typing import Any

import httpx
import pytest

from nzc_api.schema.engine import limits
from nzc_api.schema.kit.nodes import OF_EVERY_KIND
from tests.counting import reckoned
from tests.world import Caller


@pytest.mark.parametrize(
    "query",
    [
        """{ pilots(first: 100) { nodes { inventories(first: 100) { nodes {
            emissionSources(first: 100) { nodes { id } } } } } } }""",
        """{ pilots(first: 100) { ...a } }
        fragment a on PilotConnection { nodes { inventories(first: 100) { ...b } } }
        fragment b on InventoryConnection { nodes { sinks(first: 100) { nodes { id } } } }""",
        '{ pilot(by: {code: "x"}) '
        + "{ surroundingPilots { nodes " * 30
        + "{ id }"
        + " } }" * 30
        + " }",
    ],
)
async def test_too_much_is_refused(http: httpx.AsyncClient, query: str) -> None:
    error = await Caller(http).fail(query)
    assert error["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert error["extensions"]["localizedMessage"]["zh"]


async def test_the_page_size_may_be_a_variable(http: httpx.AsyncClient) -> None:
    query = """query ($n: Int!) { pilots(first: $n) { nodes { inventories(first: $n) { nodes {
        emissionSources(first: $n) { nodes { id } } } } } } }"""
    assert (await Caller(http).fail(query, n=100))["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert await Caller(http).ask(query, n=10)


async def test_the_page_size_may_be_the_default_of_a_variable(http: httpx.AsyncClient) -> None:
    query = """query ($n: Int! = 100) { pilots(first: $n) { nodes { inventories(first: $n) { nodes {
        emissionSources(first: $n) { nodes { id } } } } } } }"""
    assert (await Caller(http).fail(query))["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert await Caller(http).ask(query, n=10)


async def test_what_people_ask_for_is_not_too_much(http: httpx.AsyncClient) -> None:
    query = """{ pilots(first: 100) { nodes { code netEmissions(period: {year: 2022}) { netCo2e
        gross { co2e byCategory { category co2e gases { gas tonnes co2e } } } inventories { nodes { id } }
        purchasedReductions { quantity retirements(first: 20) { nodes { quantity } } } } } } }"""
    assert await Caller(http).ask(query)


def test_all_of_an_event_may_be_followed() -> None:
    """It happened to one thing, whose kind alone is asked; what a page of events happened to is of every kind."""
    event = """previousPosition event { position at kind organisation { id } subject { id } }
        payload { schema facts } payloadAbsence"""
    one = f"subscription {{ eventStream {{ ... on StreamedEvent {{ {event} }} }} }}"
    assert reckoned(one, {}).points <= limits.MOST_POINTS_OF_AN_EVENT
    for page in (
        f"{{ eventPage(first: 2) {{ events {{ {event} }} }} }}",
        f"{{ eventPage(first: 2) {{ ...p }} }} fragment p on EventPage {{ events {{ {event} }} }}",
        f"{{ eventPage(first: 2) {{ events {{ ...e }} }} }} fragment e on StreamedEvent {{ {event} }}",
    ):
        assert reckoned(page, {}).statements > OF_EVERY_KIND


async def test_nested_fragments_are_looked_at_once(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """800 bytes in which each fragment spreads the next one twice: 2^24 paths."""
    looked_at = 0
    statements_of = limits.statements_of

    def count(*args: Any, **given: Any) -> Any:
        nonlocal looked_at
        looked_at += 1
        return statements_of(*args, **given)

    monkeypatch.setattr(limits, "statements_of", count)
    chain = " ".join(
        f"fragment f{n} on Pilot {{ a{n}: surroundingPilots {{ nodes {{ ...f{n + 1} }} }} "
        f"b{n}: surroundingPilots {{ nodes {{ ...f{n + 1} }} }} }}"
        for n in range(24)
    )
    query = f'{{ pilot(by: {{code: "x"}}) {{ ...f0 }} }} {chain} fragment f24 on Pilot {{ id }}'
    error = await Caller(http).fail(query)
    assert error["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert looked_at == 1 + 2 * 2 * 24 + 1


async def test_a_document_of_too_many_tokens(http: httpx.AsyncClient) -> None:
    query = "{ " + " ".join(f"a{n}: __typename" for n in range(3000)) + " }"
    error = await Caller(http).fail(query)
    assert error["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
