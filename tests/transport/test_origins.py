"""Who may ask from a page: our own origin, those that are allowed, and no others."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from tests.conftest import Server, TestDatabase, fresh_database
from tests.served import NZC, Process, Served, run, served, socket, told

POSITION = "{ log { position } }"

ALLOWED = "https://pilots.example"
OTHER = "http://other.example:8080"
REFUSED = [
    "https://evil.example",
    "http://pilots.example",
    "https://pilots.example:8443",
    "https://pilots.example.evil.example",
    "http://localhost:3000",
    "null",
    "x",
    "http://[",
]

# What clients put in their headers, beside what browsers let them anyway.
HEADERS = "authorization,content-type,idempotency-key,last-event-id,traceparent,x-request-cost,x-request-id"


@pytest_asyncio.fixture(scope="module")
async def database(server: Server, template: str) -> AsyncIterator[TestDatabase]:
    async with fresh_database(server, template) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def api(database: TestDatabase) -> AsyncIterator[Served]:
    origins = f"{ALLOWED.upper()}:443/, {OTHER}"
    async with served(database.api_url, NZC_ALLOWED_ORIGINS=origins) as running:
        yield running


@pytest_asyncio.fixture
async def http(api: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with api.client() as client:
        yield client


async def post(http: httpx.AsyncClient, origin: str, **headers: str) -> httpx.Response:
    return await http.post(
        "/graphql", json={"query": POSITION}, headers={"Origin": origin} | headers
    )


async def preflight(
    http: httpx.AsyncClient, origin: str, path: str = "/graphql", method: str = "POST"
) -> httpx.Response:
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": HEADERS}
    return await http.options(path, headers={"Origin": origin} | asked)


def words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(",")}


@pytest.mark.parametrize("origin", [ALLOWED, OTHER])
async def test_a_page_that_is_allowed_may_ask(http: httpx.AsyncClient, origin: str) -> None:
    response = await post(http, origin)
    assert response.json()["data"]["log"]["position"]
    assert response.headers["access-control-allow-origin"] == origin
    assert response.headers["access-control-allow-credentials"] == "true"
    exposed = words(response.headers["access-control-expose-headers"])
    assert exposed >= {"etag", "retry-after", "x-request-id", "x-request-cost"}
    assert "origin" in words(response.headers["vary"])


@pytest.mark.parametrize("path", ["/graphql", "/health/ready", "/health/live"])
async def test_a_page_that_is_allowed_may_send_our_headers(
    http: httpx.AsyncClient, path: str
) -> None:
    response = await preflight(http, ALLOWED, path)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == ALLOWED
    assert words(response.headers["access-control-allow-methods"]) == {"get", "head", "post"}
    assert words(response.headers["access-control-allow-headers"]) >= words(HEADERS)
    assert int(response.headers["access-control-max-age"]) > 0


async def test_a_page_may_not_use_a_method_that_we_have_not(http: httpx.AsyncClient) -> None:
    assert (await preflight(http, ALLOWED, method="DELETE")).status_code == 400


@pytest.mark.parametrize("origin", REFUSED)
async def test_another_page_is_told_that_it_may_not(http: httpx.AsyncClient, origin: str) -> None:
    for response in (
        await post(http, origin),
        await preflight(http, origin),
        await http.get("/graphql", params={"query": POSITION}, headers={"Origin": origin}),
        await http.get("/health/ready", headers={"Origin": origin}),
    ):
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
        answer = response.json()
        assert list(answer) == ["errors"]
        told(answer["errors"][0], "ORIGIN_NOT_ALLOWED")
        assert "NZC_ALLOWED_ORIGINS" in answer["errors"][0]["message"]


async def test_the_log_names_the_setting_and_the_origin_once(
    api: Served, http: httpx.AsyncClient
) -> None:
    for _ in range(3):
        await post(http, "https://noted.example")
    lines = [line for line in api.process.err.splitlines() if "https://noted.example" in line]
    assert len(lines) == 1
    assert "NZC_ALLOWED_ORIGINS" in lines[0]


async def test_what_is_repeated_of_an_origin_has_an_end(
    api: Served, http: httpx.AsyncClient
) -> None:
    response = await post(http, "https://" + "x" * 5000)
    assert len(response.content) < 2000
    assert "x" * 200 not in api.process.err


@pytest.mark.parametrize("origin", [None, ALLOWED, OTHER])
async def test_a_websocket_is_let_in_by_the_same_list(api: Served, origin: str | None) -> None:
    async with socket(api.address, origin=origin) as client:
        await client.initialise()
        assert (await client.answer(POSITION))["data"]


@pytest.mark.parametrize("origin", REFUSED)
async def test_a_websocket_of_another_page_is_refused_before_the_upgrade(
    api: Served, origin: str
) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with socket(api.address, origin=origin):
            pass
    assert refusal.value.response.status_code == 403
    answer = json.loads(refusal.value.response.body or b"")
    told(answer["errors"][0], "ORIGIN_NOT_ALLOWED")


async def test_our_own_page_needs_no_leave(api: Served, http: httpx.AsyncClient) -> None:
    response = await post(http, api.address)
    assert response.json()["data"]
    assert "access-control-allow-origin" not in response.headers
    behind_a_proxy = await post(http, "https://nzc.example", **{"Sec-Fetch-Site": "same-origin"})
    assert behind_a_proxy.json()["data"]


async def test_all_pages_may_ask_by_a_star_but_without_credentials(database: TestDatabase) -> None:
    async with served(database.api_url, NZC_ALLOWED_ORIGINS="*") as api, api.client() as http:
        response = await post(http, "https://anyone.example")
        assert response.json()["data"]
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
        asked = await preflight(http, "https://anyone.example")
        assert asked.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in asked.headers
        async with socket(api.address, origin="https://anyone.example") as client:
            await client.initialise()
            assert (await client.answer(POSITION))["data"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:5173", 200),
        ("http://127.0.0.1", 200),
        ("https://[::1]:8443", 200),
        ("http://localhost.evil.example", 403),
        ("http://127.0.0.1.evil.example:80", 403),
        ("https://pilots.example", 403),
    ],
)
async def test_pages_on_this_machine_may_ask_the_demo(
    demo: httpx.AsyncClient, origin: str, status: int
) -> None:
    response = await post(demo, origin)
    assert response.status_code == status
    assert (response.headers.get("access-control-allow-origin") == origin) == (status == 200)


@pytest_asyncio.fixture(scope="module")
async def demo(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    folder = tmp_path_factory.mktemp("demo")
    async with fresh_database(server, template) as database:
        environment = {
            "NZC_DATABASE_URL": database.api_url,
            "NZC_MIGRATION_DATABASE_URL": database.owner_url,
            "NZC_DATA_DIR": str(folder / "data"),
            "NZC_PORT": "0",
        }
        process = Process([NZC, "demo"], environment, folder)
        try:
            address = await process.says(r"(http://\S+)/graphql")
            async with Served(address, process).client() as client:
                yield client
        finally:
            await process.stop()


@pytest.mark.parametrize(
    "origins",
    ["*, https://a.example", "pilots.example", "https://a.example/path", "https://", "https://["],
)
async def test_what_is_no_origin_is_said_at_once(tmp_path: Path, origins: str) -> None:
    process = await run(tmp_path, "serve", NZC_ALLOWED_ORIGINS=origins)
    assert process.returncode == 1
    said: list[Any] = process.err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("NZC_ALLOWED_ORIGINS: ")
    assert re.search("[\u4e00-\u9fff]", said[0])
