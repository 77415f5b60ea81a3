"""Behind a proxy: what it says is believed where it is trusted, and nobody else's word is."""

from collections.abc import AsyncIterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from nzc_api.transport.front import Front
from tests.conftest import TestDatabase
from tests.served import run, served, socket

PROXY = "10.0.0.1"
CLIENT = "203.0.113.9"


async def seen(request: Request) -> Response:
    """What an application sees of a request."""
    client = request.client
    assert client is not None
    return JSONResponse(
        {
            "client": client.host,
            "scheme": request.url.scheme,
            "host": request.headers["host"],
            "prefix": request.scope["root_path"],
        }
    )


async def ask(
    headers: Mapping[str, str] | list[tuple[str, str]],
    peer: str = PROXY,
    path: str = "/x",
    prefix: str = "",
) -> dict[str, Any]:
    """What the application sees behind the proxies of 10.0.0.0/8 and fd00::/8."""
    trusted = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    app = Starlette(routes=[Route("/x", seen)], middleware=Front((), trusted, prefix).middleware())
    transport = httpx.ASGITransport(app, client=(peer, 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://inside") as http:
        response = await http.get(path, headers=headers)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


DIRECT = {"client": PROXY, "scheme": "http", "host": "inside", "prefix": ""}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, {}),
        ({"X-Forwarded-For": CLIENT}, {"client": CLIENT}),
        ({"X-Forwarded-For": f"{CLIENT}:4711"}, {"client": CLIENT}),
        ({"X-Forwarded-For": "2001:db8::7"}, {"client": "2001:db8::7"}),
        ({"X-Forwarded-For": "[2001:db8::7]:4711"}, {"client": "2001:db8::7"}),
        # Whoever asks may have written the left part; the proxies wrote the right one.
        ({"X-Forwarded-For": f"198.51.100.1, {CLIENT}"}, {"client": CLIENT}),
        ({"X-Forwarded-For": f"198.51.100.1, {CLIENT}, 10.0.0.2, fd00::3"}, {"client": CLIENT}),
        ({"X-Forwarded-For": f"10.0.0.9, {CLIENT}"}, {"client": CLIENT}),
        ({"X-Forwarded-For": "10.0.0.9, 10.0.0.2"}, {"client": "10.0.0.9"}),
        ({"X-Forwarded-For": "unknown"}, {}),
        ({"X-Forwarded-For": "' or 1=1 --"}, {}),
        ({"X-Forwarded-For": ", " * 50}, {}),
        ({"X-Forwarded-For": f"{CLIENT}, " * 1000}, {}),
        ({"X-Forwarded-Proto": "https"}, {"scheme": "https"}),
        ({"X-Forwarded-Proto": "HTTPS"}, {"scheme": "https"}),
        ({"X-Forwarded-Proto": "gopher"}, {}),
        (
            {"X-Forwarded-For": f"{CLIENT}, 10.0.0.2", "X-Forwarded-Proto": "https, http"},
            {"client": CLIENT, "scheme": "https"},
        ),
        (
            {"X-Forwarded-For": f"{CLIENT}, 10.0.0.2", "X-Forwarded-Proto": "https"},
            {"client": CLIENT, "scheme": "https"},
        ),
        ({"X-Forwarded-Host": "nzc.example:8443"}, {"host": "nzc.example:8443"}),
        ({"X-Forwarded-Host": "a b"}, {}),
        ({"X-Forwarded-Prefix": "/carbon/nzc/"}, {"prefix": "/carbon/nzc"}),
        ({"X-Forwarded-Prefix": "/"}, {}),
        ({"X-Forwarded-Prefix": "//evil.example"}, {}),
        ({"X-Forwarded-Prefix": "nzc"}, {}),
        (
            {"Forwarded": f"for={CLIENT};proto=https;host=nzc.example"},
            {"client": CLIENT, "scheme": "https", "host": "nzc.example"},
        ),
        (
            {"Forwarded": f'For="[2001:db8::7]:4711";Proto=HTTPS;by={PROXY}'},
            {"client": "2001:db8::7", "scheme": "https"},
        ),
        (
            {"Forwarded": f"for=evil;host=evil.example, for={CLIENT};host=a.example, for=10.0.0.2"},
            {"client": CLIENT, "host": "a.example"},
        ),
        ({"Forwarded": 'for="_hidden, \\"x";proto=https'}, {"scheme": "https"}),
        ({"Forwarded": "for=unknown;proto=http"}, {}),
        ({"Forwarded": '"' + '\\"' * 900}, {}),
        ({"Forwarded": "garbage"}, {}),
        # A proxy that sets the one may pass on anybody's other.
        (
            {"Forwarded": "for=198.51.100.1;proto=https", "X-Forwarded-For": CLIENT},
            {"client": CLIENT},
        ),
    ],
)
async def test_a_trusted_proxy_is_believed(
    headers: dict[str, str], expected: dict[str, str]
) -> None:
    assert await ask(headers) == DIRECT | expected


async def test_a_header_sent_twice_is_one_list() -> None:
    headers = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", CLIENT)]
    assert await ask(headers) == DIRECT | {"client": CLIENT}


@pytest.mark.parametrize("peer", [CLIENT, "2001:db8::1", "testclient"])
async def test_nobody_else_is_believed(peer: str) -> None:
    headers = {
        "X-Forwarded-For": "198.51.100.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "for=198.51.100.1;proto=https;host=evil.example",
    }
    assert await ask(headers, peer) == DIRECT | {"client": peer}


@pytest.mark.parametrize("path", ["/x", "/nzc/x"])
async def test_a_prefix_may_be_on_the_path_or_off_it(path: str) -> None:
    assert (await ask({}, path=path, prefix="/nzc"))["prefix"] == "/nzc"
    assert (await ask({}, CLIENT, path, prefix="/nzc"))["prefix"] == "/nzc"
    assert (await ask({"X-Forwarded-Prefix": "/nzc"}, path=path))["prefix"] == "/nzc"


async def test_what_a_proxy_names_goes_before_the_setting() -> None:
    assert (await ask({"X-Forwarded-Prefix": "/b"}, prefix="/a"))["prefix"] == "/b"


async def test_what_is_mounted_is_found_under_a_prefix() -> None:
    async def mounted(request: Request) -> Response:
        return await seen(request)

    inner = Mount("/m", routes=[Route("/x", mounted)])
    app = Starlette(routes=[inner], middleware=Front((), (), "/nzc").middleware())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://inside") as http:
        for path in ("/m/x", "/nzc/m/x"):
            assert (await http.get(path)).status_code == 200


@pytest.fixture
async def addresses(database: TestDatabase) -> AsyncIterator[tuple[str, str]]:
    """Of a server that trusts proxies of this machine, and of one that trusts none."""
    async with (
        served(database.api_url, NZC_TRUSTED_PROXIES="127.0.0.1, ::1") as trusting,
        served(database.api_url) as other,
    ):
        yield trusting.address, other.address


async def test_an_origin_is_our_own_by_the_host_that_the_proxy_names(
    addresses: tuple[str, str],
) -> None:
    trusting, other = addresses
    headers = {"Origin": "https://nzc.example", "X-Forwarded-Host": "nzc.example"}
    query = {"query": "{ log { position } }"}
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.post(trusting + "/graphql", json=query, headers=headers)
        assert answer.json()["data"]
        refused = await http.post(other + "/graphql", json=query, headers=headers)
        assert refused.status_code == 403
    forwarded = {"X-Forwarded-Host": "nzc.example"}
    async with socket(trusting, origin="https://nzc.example", headers=forwarded) as client:
        await client.initialise()
        assert (await client.answer(query["query"]))["data"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NZC_TRUSTED_PROXIES", "proxy"),
        ("NZC_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("NZC_TRUSTED_PROXIES", "10.0.0.1, *"),
        ("NZC_PATH_PREFIX", "nzc"),
        ("NZC_PATH_PREFIX", "//evil.example"),
        ("NZC_PATH_PREFIX", "/a?b"),
    ],
)
async def test_what_cannot_be_is_said_at_once(tmp_path: Path, name: str, value: str) -> None:
    process = await run(tmp_path, "serve", **{name: value})
    assert process.returncode == 1
    assert len(process.err.strip().splitlines()) == 1
    assert process.err.startswith(f"{name}: ")
