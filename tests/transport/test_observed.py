"""What an operator sees of requests: a line each, figures, traces; and never what they were about."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Server, TestDatabase, fresh_database
from tests.documents import code_of
from tests.served import PATIENCE, Served, free_ports, served, socket, told
from tests.world import World, key

PAGE = "docs/how-to/operator.md"

PLAIN_NAME = "绝密试点"

ORGANISE = """mutation Organise($input: RegisterOrganisationInput!) {
    registerOrganisation(input: $input) { __typename } }"""


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_ports()


@pytest_asyncio.fixture(scope="module")
async def database(server: Server, template: str) -> AsyncIterator[TestDatabase]:
    async with fresh_database(server, template) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def api(database: TestDatabase, metrics_port: int) -> AsyncIterator[Served]:
    settings = {"NZC_LOG_FORMAT": "json", "NZC_METRICS_PORT": str(metrics_port)}
    async with served(database.api_url, **settings) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def world(api: Served, database: TestDatabase) -> AsyncIterator[World]:
    async with api.client() as http:
        yield await World.make(http, database.api_url)


async def line_of(api: Served, request: str) -> dict[str, Any]:
    """The one line about a request."""
    for _ in range(PATIENCE * 20):
        lines = [json.loads(line) for line in api.process.err.splitlines()]
        found = [
            line
            for line in lines
            if line["event"] == "request"
            and request in (line["request_id"], line.get("connection"))
        ]
        if found:
            assert len(found) == 1, found
            return dict(found[0])
        await asyncio.sleep(0.05)
    raise AssertionError(f"nothing was told of {request}:\n{api.process.err}")


async def post(
    api: Served, query: str, request: str, secret: str | None = None, **variables: Any
) -> httpx.Response:
    headers = {"X-Request-ID": request}
    if secret is not None:
        headers["Authorization"] = f"Bearer {secret}"
    async with api.client() as http:
        body = {"query": query, "variables": variables}
        return await http.post("/graphql", json=body, headers=headers)


def organisation(**given: Any) -> dict[str, Any]:
    name = {"zh": PLAIN_NAME, "en": "Top secret"}
    return {"idempotencyKey": key(), "name": name, "role": "VERIFIER"} | given


# Lines.


async def test_a_request_is_a_line(api: Served, world: World) -> None:
    secret = world.administrator.secret
    answer = await post(api, ORGANISE, "r-1", secret, input=organisation())
    assert answer.headers["x-request-id"] == "r-1"
    line = await line_of(api, "r-1")
    viewer = (await world.administrator.ask("{ viewer { id } }"))["viewer"]["id"]
    assert line["principal"] == world_position(viewer)
    assert line["document"] == (await again(api, "r-2", secret))["document"]
    told_of = {
        name: line[name] for name in ("method", "path", "status", "operation", "kind", "level")
    }
    assert told_of == {
        "method": "POST", "path": "/graphql", "status": 200, "operation": "Organise",
        "kind": "mutation", "level": "info",
    }  # fmt: skip
    assert line["outcome"] == "OK"
    assert line["ms"] > 0
    assert line["cost"] > 0
    (shown,) = [json.loads(code) for code in code_of(PAGE) if code.startswith('{"timestamp"')]
    assert list(line) == list(shown)


async def again(api: Served, request: str, secret: str | None) -> dict[str, Any]:
    await post(api, ORGANISE, request, secret, input=organisation(role="REGISTRY"))
    return await line_of(api, request)


def world_position(relay_id: str) -> int:
    from nzc_api.schema.kit.ids import decode_id

    decoded = decode_id(relay_id)
    assert decoded is not None
    return decoded[1].int & ((1 << 62) - 1)


@pytest.mark.parametrize(
    ("name", "query", "outcome", "status"),
    [
        ("syntax", "{", "GRAPHQL_PARSE_FAILED", 200),
        ("validation", "query Q { nothing }", "GRAPHQL_VALIDATION_FAILED", 200),
        ("nobody", ORGANISE, "UNAUTHENTICATED", 200),
        ("value", 'query Q { events(after: "-1") { position } }', "INVALID_INPUT", 200),
        ("empty", "", "BAD_REQUEST", 400),
    ],
)
async def test_a_failure_is_a_line_with_its_code(
    api: Served, name: str, query: str, outcome: str, status: int
) -> None:
    variables: dict[str, Any] = {"input": organisation()} if query == ORGANISE else {}
    await post(api, query, name, None, **variables)
    line = await line_of(api, name)
    assert (line["outcome"], line["status"]) == (outcome, status)
    assert line["principal"] is None


async def test_a_refusal_is_a_line_with_its_code(api: Served, world: World) -> None:
    await post(
        api, ORGANISE, "refused", world.administrator.secret, input=organisation(role="REGISTRY")
    )
    assert (await line_of(api, "refused"))["outcome"] == "INVALID_INPUT"


async def test_operations_of_a_websocket_are_lines(api: Served, world: World) -> None:
    async with socket(api.address, headers={"X-Request-ID": "ws-1"}) as client:
        await client.initialise(authorization=f"Bearer {world.verifier.secret}")
        assert client.connection.response is not None
        assert client.connection.response.headers["X-Request-ID"] == "ws-1"
        await client.answer("query Who { viewer { id } }")
        line = await line_of(api, "ws-1")
        assert line["connection"] == "ws-1"
    assert (line["operation"], line["kind"], line["outcome"]) == ("Who", "query", "OK")
    assert line["principal"] == world_position(world.verifier.organisation)
    assert line["request_id"] != "ws-1"


async def test_what_was_asked_about_is_in_no_line(api: Served, world: World) -> None:
    secret = world.administrator.secret
    assert secret is not None
    for number, given in enumerate((organisation(), organisation(role=PLAIN_NAME))):
        await post(api, ORGANISE, f"about-{number}", secret, input=given)
        await line_of(api, f"about-{number}")
    async with api.client() as http:
        await http.get(
            "/graphql", params={"query": "{ log { at } }", "variables": f'{{"a": "{PLAIN_NAME}"}}'}
        )
    for inside in (secret, secret[4:], PLAIN_NAME, "Top secret"):
        assert inside not in api.process.err


# Ids.


@pytest.mark.parametrize("given", ["a" * 128, "!~", "0"])
async def test_a_request_may_bring_its_id(api: Served, given: str) -> None:
    assert (await post(api, "{ log { at } }", given)).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["a" * 129, "a b", "", "\xe9"])
async def test_an_id_that_cannot_be_is_replaced(api: Served, given: str) -> None:
    async with api.client() as http:
        headers = {b"X-Request-ID": given.encode("latin-1")}
        answer = await http.get("/graphql", params={"query": "{ log { at } }"}, headers=headers)
    made = answer.headers["x-request-id"]
    assert made != given
    assert (await line_of(api, made))["method"] == "GET"


async def test_an_internal_error_names_its_request(server: Server, template: str) -> None:
    async with (
        fresh_database(server, template) as database,
        served(database.api_url, NZC_LOG_FORMAT="json") as api,
    ):
        owner = await asyncpg.connect(database.owner_url)
        await owner.execute("ALTER TABLE project RENAME COLUMN code TO lost")
        await owner.close()
        query = "query Broken($code: String!) { project(by: {code: $code}) { id } }"
        answer = (await post(api, query, "broken", code=PLAIN_NAME)).json()
        facts = told(answer["errors"][0], "INTERNAL_ERROR")
        assert facts["requestId"] == "broken"
        line = await line_of(api, "broken")
        assert line["outcome"] == "INTERNAL_ERROR"
        lines = [json.loads(line) for line in api.process.err.splitlines()]
        (incident,) = [line for line in lines if "exception" in line]
        assert facts["incident"] in incident["event"]
        assert incident["request_id"] == "broken"
        assert PLAIN_NAME not in api.process.err


async def test_plain_lines_are_for_people(database: TestDatabase) -> None:
    async with served(database.api_url) as api:
        await post(api, "query Where { log { at } }", "plain-1")
        (line,) = api.process.err.splitlines()
    assert " level=info event=request request_id=plain-1 " in line
    assert " operation=Where kind=query " in line


async def test_the_level_says_what_is_told(database: TestDatabase) -> None:
    async with served(database.api_url, NZC_LOG_LEVEL="warning") as api:
        assert (await post(api, "{ log { at } }", "quiet")).status_code == 200
        assert api.process.err == ""


# Figures.


async def figures(port: int) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def of_operation(name: str, outcome: str = "OK") -> tuple[str, tuple[tuple[str, str], ...]]:
    return "nzc_requests_total", (("operation", name), ("outcome", outcome))


async def test_operations_are_counted_by_name(api: Served, world: World, metrics_port: int) -> None:
    for number in range(3):
        await post(api, "query Counted { log { at } }", f"counted-{number}")
    await post(api, ORGANISE, "not-counted", input=organisation())
    found = await figures(metrics_port)
    assert found[of_operation("Counted")] == 3
    assert found[of_operation("Organise", "UNAUTHENTICATED")] >= 1
    assert found["nzc_request_seconds_count", (("operation", "Counted"),)] == 3


async def test_what_nzc_is_at_is_shown(api: Served, world: World, metrics_port: int) -> None:
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("log", "subscription { events { position } }")
        await world.administrator.made(
            "registerOrganisation", "organisation { id }", **organisation()
        )
        await client.receive()
        head = await world.head()
        found = {
            name: value
            for (name, labels), value in (await figures(metrics_port)).items()
            if not labels
        }
    assert found["nzc_subscriptions"] == 1
    assert found["nzc_follower_lag_entries"] <= 1
    assert found["nzc_log_position"] == head
    assert found["nzc_database_up"] == 1
    assert found["nzc_pool_size"] == 10
    assert found["nzc_pool_in_use"] >= 0
    assert found["nzc_queue_commands"] == 0


async def test_batches_are_measured(api: Served, world: World, metrics_port: int) -> None:
    before = (await figures(metrics_port))["nzc_batch_commands_sum", ()]
    await world.issue(await world.project(), "GD-FIGURES")
    assert (await figures(metrics_port))["nzc_batch_commands_sum", ()] == before + 1


async def test_names_are_bounded(api: Served, metrics_port: int) -> None:
    async with api.client() as http:
        for number in range(150):
            await http.post("/graphql", json={"query": f"query N{number} {{ __typename }}"})
    found = await figures(metrics_port)
    names = {
        dict(labels).get("operation") for name, labels in found if name == "nzc_requests_total"
    }
    assert len(names) <= 102
    assert found[of_operation("(other)")] >= 50


async def test_figures_are_not_for_everybody(api: Served) -> None:
    async with api.client() as http:
        assert (await http.get("/metrics")).status_code == 404


async def test_each_process_shows_its_own(database: TestDatabase) -> None:
    port = free_ports(2)
    settings = {"NZC_PROCESSES": "2", "NZC_METRICS_PORT": str(port)}
    async with served(database.api_url, **settings) as api:
        for number in range(20):
            await post(api, "query Shared { log { at } }", f"shared-{number}")
        each = [await figures(port + number) for number in range(2)]
    assert sum(found.get(of_operation("Shared"), 0) for found in each) == 20


# Traces.


@contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """Where OpenTelemetry sends spans: its address, and what came."""
    came: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                import gzip

                body = gzip.decompress(body)
            came.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        Thread(target=listener.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listener.server_address[1]}", came
        listener.shutdown()


async def test_a_request_is_a_span_in_its_callers_trace(
    database: TestDatabase, world: World
) -> None:
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    with collector() as (address, came):
        settings = {
            "NZC_TRACES": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_SERVICE_NAME": "ours",
        }  # fmt: skip
        async with served(database.api_url, **settings) as api, api.client() as http:
            headers = {"traceparent": f"00-{trace}-{parent}-01", "X-Request-ID": "traced"}
            body = {"query": "query Traced { log { at } }"}
            await http.post("/graphql", json=body, headers=headers)
    (resources,) = {
        attribute.value.string_value
        for request in came
        for spans in request.resource_spans
        for attribute in spans.resource.attributes
        if attribute.key == "service.name"
    }
    assert resources == "ours"
    spans = [
        span
        for request in came
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
        if span.trace_id.hex() == trace
    ]
    (asked,) = [span for span in spans if span.parent_span_id.hex() == parent]
    assert asked.name == "query Traced"
    facts = {attribute.key: attribute.value.string_value for attribute in asked.attributes}
    assert facts["nzc.request_id"] == "traced"
    assert facts["nzc.outcome"] == "OK"
    inside = [span for span in spans if span.parent_span_id == asked.span_id]
    assert inside
    assert {span.name for span in inside} == {"database read"}
