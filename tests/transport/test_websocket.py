"""graphql-transport-ws on the real server, spoken well and badly."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from strawberry.http.exceptions import WebSocketDisconnected
from websockets.exceptions import ConnectionClosed, InvalidStatus

from nzc_api.transport.websocket import WebSocketHandler
from tests.conftest import Server, TestDatabase, fresh_database
from tests.served import INSIDES, PATIENCE, Served, served, socket, told
from tests.world import World, key

POSITION = "{ log { position } }"
FOLLOW = "subscription ($after: BigInt) { events(after: $after) { position kind } }"
REGISTER = """mutation ($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) {
    __typename ... on RegisterOrganisationSuccess { replayed organisation { id } } } }"""


@pytest_asyncio.fixture(scope="module")
async def database(server: Server, template: str) -> AsyncIterator[TestDatabase]:
    async with fresh_database(server, template) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def api(database: TestDatabase) -> AsyncIterator[Served]:
    async with served(database.api_url) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def world(database: TestDatabase, api: Served) -> AsyncIterator[World]:
    async with api.client() as http:
        yield await World.make(http, database.api_url)


def organisation() -> dict[str, Any]:
    name = {"zh": "甲", "en": "A"}
    return {"idempotencyKey": key(), "name": name, "role": "VERIFIER"}


async def head(world: World) -> int:
    return await world.head()


# Spoken well.


async def test_a_query_is_answered_once(api: Served, world: World) -> None:
    async with socket(api.address) as client:
        assert client.connection.subprotocol == "graphql-transport-ws"
        await client.initialise()
        answer = await client.answer(POSITION)
        assert answer == {"data": {"log": {"position": str(await head(world))}}}


async def test_a_subscriber_hears_and_can_stop(api: Served, world: World) -> None:
    start = await head(world)
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("log", FOLLOW, after=str(start - 1))
        first = await client.receive()
        assert (first["id"], first["type"]) == ("log", "next")
        assert first["payload"]["data"]["events"]["position"] == str(start)
        await world.administrator.made(
            "registerOrganisation", "organisation { id }", **organisation()
        )
        second = await client.receive()
        assert second["payload"]["data"]["events"] == {
            "position": str(start + 1),
            "kind": "ORGANISATION_REGISTERED",
        }
        await client.send("complete", id="log")
        await world.administrator.made(
            "registerOrganisation", "organisation { id }", **organisation()
        )
        # After `complete` its name is free, and nothing of the old subscription comes.
        await asyncio.sleep(0.6)
        await client.subscribe("log", POSITION)
        third = await client.receive()
        assert third["payload"] == {"data": {"log": {"position": str(start + 2)}}}


async def test_several_operations_share_a_connection(api: Served, world: World) -> None:
    start = await head(world)
    async with socket(api.address) as client:
        await client.initialise()
        for name in ("a", "b"):
            await client.subscribe(name, FOLLOW, after=str(start - 1))
        await client.subscribe("c", POSITION)
        heard = [await client.receive() for _ in range(4)]
        kinds = sorted((message["id"], message["type"]) for message in heard)
        assert kinds == [("a", "next"), ("b", "next"), ("c", "complete"), ("c", "next")]


async def test_a_ping_is_answered_with_a_pong(api: Served) -> None:
    async with socket(api.address) as client:
        await client.send("ping")
        assert (await client.receive())["type"] == "pong"
        await client.initialise()
        await client.send("ping", payload={"a": 1})
        assert (await client.receive())["type"] == "pong"
        await client.send("pong")
        assert (await client.answer(POSITION))["data"]


async def test_each_operation_sees_what_was_written_before_it(api: Served, world: World) -> None:
    async with socket(api.address) as client:
        await client.initialise(Authorization=f"Bearer {world.administrator.secret}")
        before = int((await client.answer(POSITION))["data"]["log"]["position"])
        made = await client.answer(REGISTER, input=organisation())
        assert made["data"]["registerOrganisation"]["__typename"] == "RegisterOrganisationSuccess"
        after = int((await client.answer(POSITION))["data"]["log"]["position"])
        assert after == before + 1


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_a_key_in_the_first_message_may_write(api: Served, world: World, name: str) -> None:
    given = organisation()
    async with socket(api.address) as client:
        await client.initialise(**{name: f"Bearer {world.administrator.secret}"})
        first = await client.answer(REGISTER, input=given)
        again = await client.answer(REGISTER, input=given)
        made, replayed = (a["data"]["registerOrganisation"] for a in (first, again))
        assert (made["replayed"], replayed["replayed"]) == (False, True)
        assert made["organisation"] == replayed["organisation"]


async def test_a_key_in_the_handshake_may_write(api: Served, world: World) -> None:
    headers = {"Authorization": f"Bearer {world.administrator.secret}"}
    async with socket(api.address, headers=headers) as client:
        await client.initialise()
        assert (await client.answer(REGISTER, input=organisation()))["data"]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Authorization": "Bearer nzc_wrong"},
        {"Authorization": "nzc_wrong"},
        {"Authorization": ""},
        {"Authorization": 5},
        {"Authorization": ["Bearer"]},
        {"Authorization": {"Bearer": "x"}},
        {"headers": {"Authorization": "Bearer nzc_wrong"}},
    ],
)
async def test_without_a_key_nothing_is_written(
    api: Served, world: World, payload: dict[str, Any]
) -> None:
    before = await head(world)
    async with socket(api.address) as client:
        await client.initialise(**payload)
        answer = await client.answer(REGISTER, input=organisation())
        assert answer["data"] is None
        told(answer["errors"][0], "UNAUTHENTICATED")
    assert await head(world) == before


async def test_a_role_that_may_not_is_forbidden(api: Served, world: World) -> None:
    async with socket(api.address) as client:
        await client.initialise(Authorization=f"Bearer {world.verifier.secret}")
        answer = await client.answer(REGISTER, input=organisation())
        told(answer["errors"][0], "FORBIDDEN")


# Errors of operations.


@pytest.mark.parametrize(
    ("query", "variables", "codes"),
    [
        ("{ log {", {}, ("GRAPHQL_PARSE_FAILED",)),
        ("{ nothing }", {}, ("GRAPHQL_VALIDATION_FAILED",)),
        ("subscription { events { nothing } }", {}, ("GRAPHQL_VALIDATION_FAILED",)),
        (FOLLOW, {"after": 5}, ("INVALID_INPUT",)),
        (FOLLOW, {"after": "-1"}, ("INVALID_INPUT",)),
        (FOLLOW, {"after": "9223372036854775808"}, ("INVALID_INPUT",)),
        (FOLLOW, {"after": "１"}, ("INVALID_INPUT",)),
        ('subscription { events(after: "-1") { position } }', {}, ("INVALID_INPUT",)),
        ("subscription { events(after: 1) { position } }", {}, ("INVALID_INPUT",)),
        ("subscription A { a: events { position } b: events { kind } }", {}, ()),
        ("", {}, ()),
        ("fragment A on Query { log { position } }", {}, ()),
        ("query A { log { position } } query B { log { at } }", {}, ()),
    ],
)
async def test_an_operation_that_fails_is_told_why(
    api: Served, query: str, variables: dict[str, Any], codes: tuple[str, ...]
) -> None:
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("bad", query, **variables)
        message = await client.receive()
        assert message["id"] == "bad"
        if message["type"] == "error":
            errors = message["payload"]
        else:
            assert message["payload"].get("data") is None, message
            errors = message["payload"]["errors"]
            assert await client.receive() == {"id": "bad", "type": "complete"}
        for error in errors:
            assert told(error, *codes)["code"] != "INTERNAL_ERROR", error
        # The name is free again, and the connection of use.
        await client.subscribe("bad", POSITION)
        assert (await client.receive())["payload"]["data"]


async def test_an_unknown_operation_name_is_told_so(api: Served) -> None:
    async with socket(api.address) as client:
        await client.initialise()
        payload = {"query": "query A { log { position } }", "operationName": "B"}
        await client.send("subscribe", id="1", payload=payload)
        message = await client.receive()
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert told(errors[0])["code"] != "INTERNAL_ERROR", errors


async def test_too_many_subscriptions_are_told_so_in_both_languages(api: Served) -> None:
    async with socket(api.address) as client:
        await client.initialise()
        for number in range(101):
            await client.subscribe(str(number), FOLLOW)
        message = await client.receive()
        assert (message["id"], message["type"]) == ("100", "error")
        assert message["payload"][0]["message"]
        assert "extensions" in message["payload"][0], message["payload"][0]
        told(message["payload"][0])


# The protocol's own refusals.


async def test_an_operation_before_the_first_message_is_unauthorised(api: Served) -> None:
    async with socket(api.address) as client:
        await client.subscribe("1", POSITION)
        assert await client.closed() == 4401


async def test_a_second_first_message_is_too_many(api: Served) -> None:
    async with socket(api.address) as client:
        await client.initialise()
        await client.send("connection_init")
        assert await client.closed() == 4429


async def test_a_name_in_use_is_refused(api: Served) -> None:
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("same", FOLLOW)
        await client.subscribe("same", POSITION)
        assert await client.closed() == 4409


@pytest.mark.parametrize("protocols", [("graphql-ws",), ("none",)])
async def test_other_protocols_are_not_acceptable(api: Served, protocols: tuple[str, ...]) -> None:
    async with socket(api.address, *protocols) as client:
        assert await client.closed() == 4406


async def test_ours_is_chosen_among_several(api: Served) -> None:
    async with socket(api.address, "graphql-ws", "graphql-transport-ws") as client:
        await client.initialise()
        assert (await client.answer(POSITION))["data"]


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://127.0.0.1:1", "null", "http://127.0.0.1", "x", "http://["],
)
async def test_a_page_from_elsewhere_is_refused(api: Served, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with socket(api.address, origin=origin):
            pass
    assert refusal.value.response.status_code == 403
    assert not INSIDES.search((refusal.value.response.body or b"").decode())


async def test_our_own_page_is_let_in(api: Served) -> None:
    async with socket(api.address, origin=api.address) as client:
        await client.initialise()
        assert (await client.answer(POSITION))["data"]


# Garbage.

SUBSCRIBE = {"type": "subscribe", "id": "1"}
ASK = {"query": POSITION}

GARBAGE: dict[str, str | bytes] = {
    "an empty list": "[]",
    "null": "null",
    "a number": "1",
    "a string": '"x"',
    "an empty object": "{}",
    "a list of messages": '[{"type": "ping"}]',
    "binary": b"\x00\x01",
    "binary JSON": b'{"type": "ping"}',
    "no JSON": "hello",
    "nothing": "",
    "half JSON": '{"type": "pi',
    "deep lists": "[" * 100_000,
    "a huge number": "9" * 5000,
    "a type that is none": '{"type": "nothing"}',
    "a type that is null": '{"type": null}',
    "a type that is a list": '{"type": ["ping"]}',
    "a type of the server": '{"type": "connection_ack"}',
    "next from a client": '{"type": "next", "id": "1", "payload": {}}',
    "the old protocol": '{"type": "start", "id": "1", "payload": {"query": "{ log { position } }"}}',
    "subscribe with nothing": '{"type": "subscribe"}',
    "subscribe without a payload": json.dumps(SUBSCRIBE),
    "subscribe without an id": json.dumps({"type": "subscribe", "payload": ASK}),
    "an id that is a number": json.dumps({"type": "subscribe", "id": 5, "payload": ASK}),
    "an id that is a list": json.dumps({"type": "subscribe", "id": [], "payload": ASK}),
    "an id that is null": json.dumps({"type": "subscribe", "id": None, "payload": ASK}),
    "a payload that is null": json.dumps(SUBSCRIBE | {"payload": None}),
    "a payload that is a list": json.dumps(SUBSCRIBE | {"payload": [ASK]}),
    "a payload that is a string": json.dumps(SUBSCRIBE | {"payload": POSITION}),
    "no query": json.dumps(SUBSCRIBE | {"payload": {}}),
    "a query that is null": json.dumps(SUBSCRIBE | {"payload": {"query": None}}),
    "a query that is a number": json.dumps(SUBSCRIBE | {"payload": {"query": 5}}),
    "variables that are a list": json.dumps(SUBSCRIBE | {"payload": ASK | {"variables": []}}),
    "variables that are a string": json.dumps(SUBSCRIBE | {"payload": ASK | {"variables": "{}"}}),
    "an operationName that is a number": json.dumps(
        SUBSCRIBE | {"payload": ASK | {"operationName": 5}}
    ),
    "complete without an id": '{"type": "complete"}',
    "complete with a list": '{"type": "complete", "id": []}',
    "complete with an object": '{"type": "complete", "id": {}}',
    "complete with a number": '{"type": "complete", "id": 5}',
    "a first message with a list": '{"type": "connection_init", "payload": []}',
    "a first message with a string": '{"type": "connection_init", "payload": "x"}',
}


@pytest.mark.parametrize("initialised", [False, True], ids=["at once", "initialised"])
@pytest.mark.parametrize("frame", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_closes_its_own_connection_and_no_other(
    api: Served, world: World, frame: str | bytes, initialised: bool
) -> None:
    start = await head(world)
    async with socket(api.address) as other, socket(api.address) as client:
        await other.initialise()
        await other.subscribe("log", FOLLOW, after=str(start - 1))
        assert (await other.receive())["type"] == "next"
        if initialised:
            await client.initialise()
        await client.connection.send(frame)
        # 4400 says that a message is none; 4401 and 4429 that it comes at the wrong time.
        assert await client.closed() in (4400, 4401, 4429)
        assert (await other.answer(POSITION))["data"]
    assert api.process.alive


async def test_a_frame_too_large_closes_its_own_connection(api: Served) -> None:
    async with socket(api.address) as client:
        await client.initialise()
        # It is closed in the middle of the frame, so that sending may already hear of it.
        with contextlib.suppress(ConnectionClosed):
            await client.subscribe("1", POSITION + " " * 5 * 1024 * 1024)
        assert await client.closed() == 1009
    async with socket(api.address) as client:
        await client.initialise()
        assert (await client.answer(POSITION))["data"]


async def test_many_that_come_and_go_leave_nothing_behind(api: Served, world: World) -> None:
    last = await head(world) - 1

    async def come_and_go(number: int) -> None:
        async with socket(api.address) as client:
            await client.initialise()
            await client.subscribe("log", FOLLOW, after=str(last))
            await client.receive()
            if number % 2:
                client.cut()

    for _ in range(4):
        await asyncio.gather(*(come_and_go(number) for number in range(25)))
    # Were connections of the pool lost on the way, these would wait for one in vain.
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*(world.anyone.post(POSITION) for _ in range(30)))
    assert all(answer.status_code == httpx.codes.OK for answer in answers)


async def test_nothing_was_logged_as_an_accident(api: Served) -> None:
    assert "Traceback" not in api.process.err


@pytest.mark.parametrize(
    ("error", "told_of"),
    [
        (WebSocketDisconnected(), False),
        (RuntimeError("Unexpected ASGI message 'websocket.send', after sending 'websocket.close'."), False),
        (RuntimeError("anything else"), True),
    ],
)  # fmt: skip
async def test_who_went_away_in_the_middle_is_no_fault_of_ours(
    error: Exception, told_of: bool, caplog: pytest.LogCaptureFixture
) -> None:
    handler = object.__new__(WebSocketHandler)
    handler.task_logger = logging.getLogger("nzc.test")
    await handler.handle_task_exception(error)
    assert bool(caplog.records) is told_of
