"""GraphQL over HTTP, as its specification has it, on the real server."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from unittest.mock import Mock

import httpx
import pytest
import pytest_asyncio

from nzc_api.shortcuts.packets import GatheringTransport
from tests.conftest import Server, TestDatabase, fresh_database
from tests.served import INSIDES, Served, served, socket, told
from tests.world import World, key

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
SSE = "text/event-stream"

POSITION = "{ log { position } }"

LARGEST_BODY = 4 * 1024 * 1024

REGISTER = """mutation A($input: RegisterOrganisationInput!) {
    registerOrganisation(input: $input) { __typename } }"""


@pytest_asyncio.fixture(scope="module")
async def database(server: Server, template: str) -> AsyncIterator[TestDatabase]:
    async with fresh_database(server, template) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def api(database: TestDatabase) -> AsyncIterator[Served]:
    async with served(database.api_url) as running:
        yield running


@pytest_asyncio.fixture
async def http(api: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with api.client() as client:
        yield client


@pytest_asyncio.fixture
async def world(database: TestDatabase, http: httpx.AsyncClient) -> World:
    return await World.make(http, database.api_url)


async def post(http: httpx.AsyncClient, body: Any, accept: str = JSON) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await http.post(
        "/graphql", content=content, headers={"Content-Type": JSON, "Accept": accept}
    )


async def get(http: httpx.AsyncClient, accept: str = JSON, **parameters: str) -> httpx.Response:
    return await http.get("/graphql", params=parameters, headers={"Accept": accept})


def media_type(response: httpx.Response) -> str:
    kind, _, parameters = response.headers["content-type"].partition(";")
    assert parameters.strip() == "charset=utf-8"
    return str(kind)


def refused(
    response: httpx.Response, *statuses: int, codes: tuple[str, ...] = ()
) -> Mapping[str, Any]:
    """Check a response that has errors and no data: the facts of its first error."""
    assert not INSIDES.search(response.text), response.text
    assert media_type(response) in (JSON, GRAPHQL), response.text
    answer = json.loads(response.content.decode("utf-8"))
    assert response.status_code in statuses, (response.status_code, answer)
    assert "data" not in answer, answer
    facts = [told(error, *codes) for error in answer["errors"]]
    assert facts, answer
    assert all(fact["code"] != "INTERNAL_ERROR" for fact in facts), answer
    return facts[0]


async def position(http: httpx.AsyncClient) -> int:
    return int((await post(http, {"query": POSITION})).json()["data"]["log"]["position"])


# What is served, and as what.


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{GRAPHQL};charset=utf-8, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL}; q=0.5, image/png", GRAPHQL),
        ("Application/JSON", JSON),
        ("image/png, */*;q=0.1", JSON),
        (f"{JSON};q=0.2, {GRAPHQL};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.2, {JSON};q=0.9", JSON),
        (f"{JSON};q=0, {GRAPHQL}", GRAPHQL),
    ],
)
async def test_the_best_media_type_that_is_accepted_is_sent(
    http: httpx.AsyncClient, accept: str, expected: str
) -> None:
    for response in (
        await post(http, {"query": POSITION}, accept),
        await get(http, accept, query=POSITION),
    ):
        assert response.status_code == 200
        assert media_type(response) == expected
        assert response.json()["data"]["log"]["position"]


async def test_a_client_that_names_no_media_type_is_served(api: Served) -> None:
    async with api.client() as http:
        del http.headers["accept"]
        response = await http.post("/graphql", json={"query": POSITION})
        assert response.status_code == 200
        assert media_type(response) in (JSON, GRAPHQL)


@pytest.mark.parametrize(
    "accept", ["image/png", "text/plain, application/xml", "application/jsonx"]
)
async def test_a_media_type_that_we_have_not_is_not_acceptable(
    http: httpx.AsyncClient, accept: str
) -> None:
    refused(await post(http, {"query": POSITION}, accept), 406)
    refused(await get(http, accept, query=POSITION), 406)


async def test_chinese_is_written_as_utf_8_and_readable_as_it_is(http: httpx.AsyncClient) -> None:
    response = await post(http, {"query": "{ programmes { name { zh } } }"})
    assert re.search("[\u4e00-\u9fff]", response.content.decode("utf-8"))


@pytest.mark.parametrize(
    ("accept", "request_errors"), [(JSON, (200, 400)), (GRAPHQL, (400,))], ids=["json", "graphql"]
)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{ log { position }"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ \u0000 }"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{log" * 1000}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{" + " log{position}" * 2000 + "}"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ log { position(x: 1) } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ ...A } fragment A on Query { ...A }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ log @defer { position } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query ($a: BigInt!) { events(after: $a) { position } }"}, None),
        (
            {
                "query": "query ($a: BigInt!) { events(after: $a) { position } }",
                "variables": {"a": 5},
            },
            "INVALID_INPUT",
        ),
    ],
)
async def test_a_request_that_cannot_be_executed_has_no_data(
    http: httpx.AsyncClient,
    accept: str,
    request_errors: tuple[int, ...],
    body: dict[str, Any],
    code: str | None,
) -> None:
    response = await post(http, body, accept)
    refused(response, *request_errors, codes=(code,) if code else ())
    assert media_type(response) == accept


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_an_error_in_execution_is_a_good_answer(http: httpx.AsyncClient, accept: str) -> None:
    response = await post(http, {"query": '{ events(after: "-1") { position } }'}, accept)
    assert response.status_code == 200
    assert response.json()["data"] is None
    told(response.json()["errors"][0], "INVALID_INPUT")


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_an_answer_in_part_is_a_good_answer(http: httpx.AsyncClient, accept: str) -> None:
    query = '{ log { position } node(id: "no-id") { id } }'
    response = await post(http, {"query": query}, accept)
    assert response.status_code == 200
    answer = response.json()
    assert answer["data"]["log"]["position"]
    assert answer["data"]["node"] is None
    assert answer["errors"][0]["path"] == ["node"]
    told(answer["errors"][0], "INVALID_INPUT")


# Queries by GET.


async def test_a_query_may_be_sent_by_get(http: httpx.AsyncClient) -> None:
    response = await get(
        http,
        query="query A { log { at } } query B($a: BigInt!) { events(after: $a) { position } }",
        operationName="B",
        variables='{"a": "9223372036854775807"}',
    )
    assert response.json() == {"data": {"events": []}}


async def test_an_empty_operation_name_in_a_url_is_none(http: httpx.AsyncClient) -> None:
    response = await get(http, query=POSITION, operationName="")
    assert response.json().get("data"), response.text


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": ""},
        {"query": POSITION, "variables": "{"},
        {"query": POSITION, "variables": "5"},
        {"query": POSITION, "variables": "[]"},
        {"query": POSITION, "variables": "[" * 5000},
        {"query": POSITION, "variables": "{" + '"a":' + "1" * 5000 + "}"},
        {"query": POSITION, "extensions": "{"},
        {"query": POSITION, "extensions": "[]"},
        {"query": POSITION, "operationName": "Nothing"},
    ],
    ids=lambda parameters: ",".join(f"{k}={v[:20]}" for k, v in parameters.items()) or "nothing",
)
async def test_a_malformed_url_is_refused(
    http: httpx.AsyncClient, parameters: dict[str, str]
) -> None:
    refused(await get(http, **parameters), 400)


@pytest.mark.parametrize("accept", [JSON, GRAPHQL, SSE])
async def test_a_mutation_is_not_done_by_get(
    http: httpx.AsyncClient, world: World, accept: str
) -> None:
    before = await position(http)
    response = await http.get(
        "/graphql",
        params={
            "query": "query B { log { position } } " + REGISTER,
            "operationName": "A",
            "variables": json.dumps({"input": organisation()}),
        },
        headers={"Accept": accept, "Authorization": f"Bearer {world.administrator.secret}"},
    )
    assert await position(http) == before
    refused(response, 405, codes=("METHOD_NOT_ALLOWED",))
    assert "POST" in response.headers["allow"]


def organisation() -> dict[str, Any]:
    name = {"zh": "甲", "en": "A"}
    return {"idempotencyKey": key(), "name": name, "role": "VERIFIER"}


# Malformed requests.

MALFORMED = {
    "nothing": b"",
    "no JSON": b"query { log }",
    "half JSON": b'{"query": "{ log',
    "two values": b'{"query": "{ log { position } }"} {}',
    "invalid UTF-8": b'{"query": "\xff\xfe"}',
    "null": b"null",
    "a number": b"5",
    "a string": b'"{ log { position } }"',
    "true": b"true",
    "an empty list": b"[]",
    "a list of requests": b'[{"query": "{ log { position } }"}]',
    "a list of nothing": b"[null]",
    "deep lists": b"[" * 100_000,
    "deep variables": b'{"query": "{log{position}}", "variables": {"a": '
    + b"[" * 50_000
    + b"]" * 50_000
    + b"}}",
    "a huge number": b'{"query": "{log{position}}", "variables": {"a": ' + b"9" * 5000 + b"}}",
    "no query": b"{}",
    "query null": b'{"query": null}',
    "query empty": b'{"query": ""}',
    "query a number": b'{"query": 5}',
    "query a list": b'{"query": ["{ log { position } }"]}',
    "query an object": b'{"query": {}}',
    "variables a list": b'{"query": "{ log { position } }", "variables": []}',
    "variables a string": b'{"query": "{ log { position } }", "variables": "{}"}',
    "variables a number": b'{"query": "{ log { position } }", "variables": 0}',
    "variables false": b'{"query": "{ log { position } }", "variables": false}',
    "operationName a number": b'{"query": "{ log { position } }", "operationName": 5}',
    "operationName zero": b'{"query": "{ log { position } }", "operationName": 0}',
    "operationName false": b'{"query": "{ log { position } }", "operationName": false}',
    "operationName a list": b'{"query": "query A { log { position } }", "operationName": ["A"]}',
    "operationName an object": b'{"query": "{ log { position } }", "operationName": {}}',
    "operationName half a character": b'{"query": "{log{position}}", "operationName": "\\ud800"}',
    "extensions a string": b'{"query": "{ log { position } }", "extensions": "x"}',
    "extensions a list": b'{"query": "{ log { position } }", "extensions": []}',
}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL, SSE])
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_request_is_refused(
    http: httpx.AsyncClient, body: bytes, accept: str
) -> None:
    response = await post(http, body, accept)
    refused(response, 400)
    if accept == GRAPHQL:
        assert media_type(response) == GRAPHQL


@pytest.mark.parametrize("accept", [JSON, GRAPHQL, SSE])
@pytest.mark.parametrize(
    "body",
    [
        {"query": POSITION, "operationName": "Nothing"},
        {"query": "query A { log { position } }", "operationName": "B"},
        {"query": "fragment A on Query { log { position } }"},
        {"query": "query A { log { position } } query B { log { at } }"},
    ],
    ids=["unknown", "other", "none", "ambiguous"],
)
async def test_an_operation_that_cannot_be_told_is_not_executed(
    http: httpx.AsyncClient, body: dict[str, str], accept: str
) -> None:
    response = await post(http, body, accept)
    if accept == SSE and response.status_code == 200:
        assert media_type_of_stream(response)
        errors = first_of_stream(response)["errors"]
        assert all(told(error)["code"] != "INTERNAL_ERROR" for error in errors)
        return
    refused(response, *((200, 400) if accept == JSON else (400,)))


def media_type_of_stream(response: httpx.Response) -> bool:
    return str(response.headers["content-type"]).startswith(SSE)


def first_of_stream(response: httpx.Response) -> dict[str, Any]:
    data = next(line for line in response.text.splitlines() if line.startswith("data: {"))
    first: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return first


async def test_nothing_is_written_where_it_is_not_said_which_mutation(
    http: httpx.AsyncClient, world: World
) -> None:
    before = await position(http)
    query = REGISTER + " mutation B { __typename }"
    answer = (await world.administrator.post(query, input=organisation())).json()
    assert "data" not in answer, answer
    assert await position(http) == before


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_a_subscription_without_a_stream_says_how_to_follow(
    http: httpx.AsyncClient, accept: str
) -> None:
    query = 'subscription { events(after: "0") { position } }'
    for response in (
        await post(http, {"query": query}, accept),
        await get(http, accept, query=query),
    ):
        answer = response.json()
        assert answer.get("data") is None
        for error in answer["errors"]:
            assert told(error)["code"] != "INTERNAL_ERROR", answer


async def test_half_a_character_in_a_value_is_refused(http: httpx.AsyncClient) -> None:
    query = "query ($a: BigInt!) { events(after: $a) { position } }"
    response = await post(http, {"query": query, "variables": {"a": "\ud800"}})
    refused(response, 200, 400)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_not_allowed(http: httpx.AsyncClient, method: str) -> None:
    response = await http.request(method, "/graphql", content=b"{}")
    refused(response, 405, codes=("METHOD_NOT_ALLOWED",))
    assert response.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("accept", [JSON, "text/html"])
async def test_a_head_is_what_a_get_would_begin_with(http: httpx.AsyncClient, accept: str) -> None:
    given = {"query": POSITION} if accept == JSON else {}
    by_get = await http.get("/graphql", params=given, headers={"Accept": accept})
    by_head = await http.head("/graphql", params=given, headers={"Accept": accept})
    assert (by_head.status_code, by_head.content) == (by_get.status_code, b"") == (200, b"")
    of_one = {"date", "x-request-id"}
    assert by_head.headers.keys() == by_get.headers.keys()
    for name in by_head.headers.keys() - of_one:
        assert by_head.headers[name] == by_get.headers[name]


async def test_a_head_begins_no_stream_and_does_nothing(http: httpx.AsyncClient) -> None:
    for query in ("subscription { events { position } }", "mutation { __typename }"):
        headers = {"Accept": SSE}
        response = await http.head("/graphql", params={"query": query}, headers=headers)
        assert response.status_code == (400 if query.startswith("s") else 405)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/graphql",
        "application/graphql-response+json",
    ],
)
async def test_other_content_types_are_unsupported(
    http: httpx.AsyncClient, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    body = json.dumps({"query": POSITION}).encode()
    refused(await http.post("/graphql", content=body, headers=headers), 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
async def test_the_content_type_may_be_written_in_full(
    http: httpx.AsyncClient, content_type: str
) -> None:
    body = json.dumps({"query": POSITION}).encode()
    response = await http.post("/graphql", content=body, headers={"Content-Type": content_type})
    assert response.json()["data"]["log"]


async def test_the_body_has_a_limit(http: httpx.AsyncClient) -> None:
    body = json.dumps({"query": POSITION}).encode()
    assert (await post(http, body.ljust(LARGEST_BODY))).json()["data"]["log"]
    refused(await post(http, body.ljust(LARGEST_BODY + 1)), 413)


async def test_the_limit_holds_where_no_length_is_said(http: httpx.AsyncClient) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 1024 * 1024

    response = await http.post("/graphql", content=parts(), headers={"Content-Type": JSON})
    refused(response, 413)


# What stays inside.


async def test_a_key_that_is_none_is_told_so(http: httpx.AsyncClient) -> None:
    for header in ("Bearer nzc_wrong", "Basic abc", "Bearer", "", "Bearer \xff"):
        answer = await http.post(
            "/graphql",
            json={"query": REGISTER, "variables": {"input": organisation()}},
            headers={b"Authorization": header.encode("latin-1")},
        )
        assert answer.json()["data"] is None
        told(answer.json()["errors"][0], "UNAUTHENTICATED")


async def test_a_clients_mistake_leaves_no_traceback_in_the_log(
    api: Served, http: httpx.AsyncClient
) -> None:
    before = len(api.process.err)
    await post(http, {"query": "{ nothing }"})
    await post(http, {"query": REGISTER, "variables": {"input": organisation()}})
    await post(http, {"query": '{ events(after: "-1") { position } }'})
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("one", 'subscription { events(after: "-1") { position } }')
        await client.receive()
    assert "Traceback" not in api.process.err[before:]


async def test_a_client_that_hangs_up_leaves_no_traceback_in_the_log(api: Served) -> None:
    before = len(api.process.err)
    host = httpx.URL(api.address)
    for sent in (b"", b"{", b'{"query": "{ log { position } }"}'):
        _, writer = await asyncio.open_connection(host.host, host.port)
        head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: 100\r\n\r\n".encode() + sent)
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()
    await asyncio.sleep(0.5)
    assert "Traceback" not in api.process.err[before:]


async def test_the_server_still_works_after_all_this(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health/ready")).json()["status"] == "ready"
    assert (await http.get("/health/live")).json() == {"status": "live"}


# GraphiQL.

ASSET = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)["']""")
ORIGIN = re.compile(r"""(?:https?:|wss?:)?//[\w-]+(?:\.[\w-]+|:\d+)""")


async def test_the_root_leads_to_graphiql(http: httpx.AsyncClient) -> None:
    response = await http.get("/", headers={"Accept": "text/html"}, follow_redirects=True)
    assert response.history[0].is_redirect
    assert response.history[0].headers["location"] == "graphql"
    assert response.url.path == "/graphql"
    assert response.headers["content-type"].startswith("text/html")


async def test_graphiql_comes_whole_from_this_server(http: httpx.AsyncClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
    page = await http.get("/graphql", headers={"Accept": accept})
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert not ORIGIN.search(page.text)
    assets = [asset for asset in ASSET.findall(page.text) if not asset.startswith("data:")]
    assert len(assets) >= 4
    for asset in assets:
        assert re.match(r"graphiql/[0-9a-f]{16}/", asset)  # Relative, and by a digest of them all.
        served_asset = await http.get(page.url.join(asset))
        assert served_asset.status_code == 200, asset
        expected = "text/css" if asset.endswith(".css") else "javascript"
        assert expected in served_asset.headers["content-type"], asset
        if asset.endswith(".css"):
            fetched = re.findall(r"url\(\s*[\"']?([^)\"']+)", served_asset.text)
            assert all(reference.startswith(("data:", "#")) for reference in fetched)
            assert "@import" not in served_asset.text
        if asset.endswith("start.js"):
            assert not ORIGIN.search(served_asset.text)


async def test_graphiql_lets_nobody_put_a_frame_around_it_or_a_script_into_it(
    http: httpx.AsyncClient,
) -> None:
    page = await http.get("/graphql", headers={"Accept": "text/html"})
    said = (part.split() for part in page.headers["content-security-policy"].split(";"))
    policy = {name: sources for name, *sources in said}
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["script-src"] == policy["connect-src"] == ["'self'"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-cache"


async def test_what_graphiql_is_made_of_is_fetched_once(http: httpx.AsyncClient) -> None:
    page = await http.get("/graphql", headers={"Accept": "text/html"})
    assets = [asset for asset in ASSET.findall(page.text) if not asset.startswith("data:")]
    for asset in assets:
        response = await http.get(page.url.join(asset))
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["x-content-type-options"] == "nosniff"
        again = await http.get(
            page.url.join(asset), headers={"If-None-Match": response.headers["etag"]}
        )
        assert again.status_code == 304
        assert "immutable" in again.headers["cache-control"]
    # Those of another release are not to be had under this one's name, nor the reverse.
    assert (await http.get("/graphiql/0123456789abcdef/start.js")).status_code == 404


async def test_graphiql_starts_with_a_query_that_is_valid(http: httpx.AsyncClient) -> None:
    page = await http.get("/graphql", headers={"Accept": "text/html"})
    start = next(asset for asset in ASSET.findall(page.text) if asset.endswith("start.js"))
    script = (await http.get(page.url.join(start))).text
    found = re.search(r"firstQuery = `([^`]+)`", script)
    assert found
    answer = (await post(http, {"query": found[1]})).json()
    assert answer == {"data": {"pilot": None}}


async def test_a_query_in_the_url_is_answered_to_a_browser_too(http: httpx.AsyncClient) -> None:
    response = await get(http, "text/html,*/*;q=0.8", query=POSITION)
    assert response.json()["data"]["log"]


@pytest.mark.parametrize(
    "path",
    ["/graphiql/", "/graphiql/none.js", "/graphiql/..%2fview.py", "/graphiql/%2e%2e/view.py"],
)
async def test_nothing_else_is_served_beside_graphiql(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path)
    assert response.status_code == 404
    assert not INSIDES.search(response.text)


def raw(*headers: str) -> bytes:
    """A small request as it goes over the wire."""
    body = json.dumps({"query": POSITION})
    lines = ("POST /graphql HTTP/1.1", "Host: nzc.test", f"Content-Type: {JSON}", *headers)
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


@contextlib.asynccontextmanager
async def connection(
    api: Served,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    url = httpx.URL(api.address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def test_a_small_answer_is_one_packet(api: Served) -> None:
    """Its head and its body do not wait for one another, and cost one call of the system."""
    async with connection(api) as (reader, writer):
        for _ in range(20):
            writer.write(raw())
            answer = await reader.read(1 << 16)
            assert answer.startswith(b"HTTP/1.1 200")
            assert answer.endswith(b'"}}}')


async def test_whoever_is_gone_is_sent_nothing() -> None:
    """What was to go out in one packet is dropped where the connection was closed meanwhile."""
    beneath = Mock(spec=asyncio.Transport)
    beneath.is_closing.return_value = True
    gathering = GatheringTransport(beneath)
    gathering.write(b"late")
    gathering.flush()
    beneath.write.assert_not_called()


async def test_requests_sent_together_are_answered_in_turn(api: Served) -> None:
    async with connection(api) as (reader, writer):
        writer.write(raw() + raw("Connection: close"))
        answers = (await asyncio.wait_for(reader.read(), 10)).split(b"HTTP/1.1 200 OK\r\n")
    assert [answer.endswith(b'"}}}') for answer in answers] == [False, True, True]
    assert b"connection: close" in answers[2]
