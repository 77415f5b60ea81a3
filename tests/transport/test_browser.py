"""A real browser: pages of other origins, and GraphiQL under its policy."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio

from tests.conftest import Server, fresh_database
from tests.served import PATIENCE, Process, Served, served
from tests.world import World

PAGE = Path(__file__).with_name("page.html")

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--enable-logging=stderr",
)

ALL_REFUSED = {"asked": "refused", "streamed": "refused", "spoken": "refused"}


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is not installed")
    return found


@dataclass
class Pages:
    """A server of the page, on an origin of its own, which is told how the page fared."""

    origin: str = ""
    outcomes: "asyncio.Queue[dict[str, str]]" = field(default_factory=asyncio.Queue)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if head.startswith("POST"):
            lines = head.lower().splitlines()
            length = next(line for line in lines if line.startswith("content-length:"))
            body = await reader.readexactly(int(length.partition(":")[2]))
            self.outcomes.put_nowait(json.loads(body))
        page = PAGE.read_bytes()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n" % len(page) + page
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def pages() -> AsyncIterator[Pages]:
    made = Pages()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    async with server:
        made.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made


@asynccontextmanager
async def opened(chromium: str, *arguments: str) -> AsyncIterator[Process]:
    """A browser, until the end of the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        command: list[str | Path] = [chromium, *OPTIONS, f"--user-data-dir={home}/user", *arguments]
        process = Process(command, {"HOME": folder}, home)
        try:
            yield process
        finally:
            await process.stop()


async def fares(chromium: str, page: Pages, api: Served) -> dict[str, str]:
    """How the page fares with the API."""
    url = f"{page.origin}/?api={quote(api.address + '/graphql')}"
    async with opened(chromium, "--remote-debugging-port=0", url), asyncio.timeout(PATIENCE):
        return await page.outcomes.get()


@pytest_asyncio.fixture(scope="module")
async def allowed() -> AsyncIterator[Pages]:
    async with pages() as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def there(
    server: Server, template: str, allowed: Pages
) -> AsyncIterator[tuple[Served, World]]:
    async with (
        fresh_database(server, template) as database,
        served(database.api_url, NZC_ALLOWED_ORIGINS=allowed.origin) as api,
        api.client() as http,
    ):
        yield api, await World.make(http, database.api_url)


async def test_a_page_that_is_allowed_asks_and_follows(
    chromium: str, allowed: Pages, there: tuple[Served, World]
) -> None:
    api, world = there
    head = await world.head()
    assert await fares(chromium, allowed, api) == {
        "asked": str(head),
        "streamed": "1",
        "spoken": "1",
    }


async def test_another_page_gets_nothing(chromium: str, there: tuple[Served, World]) -> None:
    async with pages() as other:
        assert await fares(chromium, other, there[0]) == ALL_REFUSED
    assert f"{other.origin}" in there[0].process.err
    assert "NZC_ALLOWED_ORIGINS" in there[0].process.err


async def test_graphiql_works_under_its_policy(chromium: str, there: tuple[Served, World]) -> None:
    url = f"{there[0].address}/graphql"
    async with opened(chromium, "--virtual-time-budget=10000", "--dump-dom", url) as browser:
        await browser.ended()
        assert "graphiql-container" in browser.out
        assert "Content Security Policy" not in browser.err
        assert "Uncaught" not in browser.err
