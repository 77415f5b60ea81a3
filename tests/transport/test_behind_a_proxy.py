"""NZC behind nginx and Caddy, configured as the documents say."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from tests.conftest import Server, fresh_database
from tests.served import PATIENCE, ROOT, Process, free_ports, served, socket, sse
from tests.world import World, key

DOCUMENT = (ROOT / "docs/how-to/proxy.md").read_text("utf-8")

POSITION = "{ log { position } }"
FOLLOW = "subscription ($after: BigInt) { events(after: $after) { position } }"

BLOCK = re.compile(r"```(nginx|caddyfile)\n(.*?)```", re.DOTALL)
ASSET = re.compile(r'(?:src|href)="([^"]+)"')

# What surrounds the documents' lines, where a test runs them as whoever it is, in its own folder.
NGINX_CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {lines}
}}
"""
CADDY_CONFIGURATION = "{{\n admin off\n}}\n{lines}"


@dataclass(frozen=True)
class Proxied:
    """NZC's root as it is outside, and its world, reached inside."""

    address: str
    world: World


def configured(name: str, folder: Path, listen: int, upstream: str) -> list[str | Path]:
    """Write the document's configuration; the command that runs it."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    lines = dict(BLOCK.findall(DOCUMENT))["nginx" if name == "nginx" else "caddyfile"]
    for said, here in ((":8080", f":{listen}"), ("listen 8080", f"listen 127.0.0.1:{listen}")):
        lines = lines.replace(said, here)
    lines = lines.replace("127.0.0.1:8000", upstream)
    configuration = NGINX_CONFIGURATION if name == "nginx" else CADDY_CONFIGURATION
    file = folder / "configuration"
    file.write_text(configuration.format(folder=folder, lines=lines), "utf-8")
    if name == "nginx":
        return [program, "-e", "stderr", "-p", folder, "-c", file]
    return [program, "run", "--config", file, "--adapter", "caddyfile"]


async def answers(http: httpx.AsyncClient, address: str, process: Process) -> None:
    """Wait until a proxy answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                assert (await http.get(address + "/health/live")).json() == {"status": "live"}
            except httpx.TransportError:
                assert process.alive, process.err
                await asyncio.sleep(0.05)
            else:
                return


@pytest_asyncio.fixture(scope="module", params=["nginx", "caddy"])
async def proxied(
    request: pytest.FixtureRequest,
    server: Server,
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Proxied]:
    folder = tmp_path_factory.mktemp(request.param)
    port = free_ports()
    async with (
        fresh_database(server, template) as database,
        served(database.api_url, NZC_TRUSTED_PROXIES="127.0.0.1") as api,
        api.client() as http,
    ):
        command = configured(request.param, folder, port, api.address.removeprefix("http://"))
        process = Process(command, {"HOME": str(folder)}, folder)
        address = f"http://127.0.0.1:{port}/nzc"
        try:
            await answers(http, address, process)
            yield Proxied(address, await World.make(http, database.api_url))
        finally:
            await process.stop()


@pytest_asyncio.fixture
async def http(proxied: Proxied) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30, verify=False, base_url=proxied.address) as client:
        yield client


@pytest.mark.parametrize("path", ["", "/", "/graphql", "/graphql/"])
async def test_graphiql_comes_whole_under_the_path(
    proxied: Proxied, http: httpx.AsyncClient, path: str
) -> None:
    page = await http.get(
        proxied.address + path, headers={"Accept": "text/html"}, follow_redirects=True
    )
    assert str(page.url) == proxied.address + "/graphql"
    assets = [asset for asset in ASSET.findall(page.text) if not asset.startswith("data:")]
    assert len(assets) >= 4
    for asset in assets:
        assert (await http.get(page.url.join(asset))).status_code == 200


async def test_a_query_is_answered(http: httpx.AsyncClient) -> None:
    large = "{ emissionFactors(first: 100) { nodes { code name { zh en } } } }"
    assert (await http.post("/graphql", json={"query": POSITION})).json()["data"]["log"]
    response = await http.post("/graphql", json={"query": large})
    assert response.headers["content-encoding"] == "gzip"
    assert response.json()["data"]["emissionFactors"]["nodes"]


async def test_a_request_may_be_as_large_as_without_a_proxy(http: httpx.AsyncClient) -> None:
    body = f'{{"query": "{POSITION}"}}'.encode()
    headers = {"Content-Type": "application/json"}
    response = await http.post("/graphql", content=body.ljust(4 * 1024 * 1024), headers=headers)
    assert response.json()["data"]["log"]


async def test_events_are_not_held_back(proxied: Proxied, http: httpx.AsyncClient) -> None:
    start = await proxied.world.head()
    async with aclosing(sse(http, FOLLOW, get=True, after=str(start - 1))) as events:  # type: ignore[type-var]
        async with asyncio.timeout(PATIENCE):
            _, heard = await anext(events)
            assert heard == {"data": {"events": {"position": str(start)}}}
            name = {"zh": "甲", "en": "A"}
            await proxied.world.administrator.made(
                "registerOrganisation", "organisation { id }",
                idempotencyKey=key(), name=name, role="VERIFIER",
            )  # fmt: skip
            _, heard = await anext(events)
            assert heard == {"data": {"events": {"position": str(start + 1)}}}


async def test_a_websocket_of_our_own_page_is_let_in(proxied: Proxied) -> None:
    origin = proxied.address.removesuffix("/nzc")
    async with socket(proxied.address, origin=origin) as client:
        await client.initialise()
        assert (await client.answer(POSITION))["data"]


EVIL = "http://evil.example"


@pytest.mark.parametrize(
    "forged", [{}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}]
)
async def test_what_a_client_forges_is_not_believed(
    proxied: Proxied, http: httpx.AsyncClient, forged: dict[str, str]
) -> None:
    headers = {"Origin": EVIL} | forged
    refused = await http.post("/graphql", json={"query": POSITION}, headers=headers)
    assert refused.status_code == 403
    with pytest.raises(InvalidStatus) as refusal:
        async with socket(proxied.address, origin=EVIL, headers=forged):
            pass
    assert refusal.value.response.status_code == 403


def test_both_languages_show_the_same_configuration() -> None:
    chinese = (ROOT / "docs/how-to/proxy.zh.md").read_text("utf-8")
    assert BLOCK.findall(chinese) == BLOCK.findall(DOCUMENT)
    assert len(BLOCK.findall(DOCUMENT)) == 2
