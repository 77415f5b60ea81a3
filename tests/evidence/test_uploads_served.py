"""Uploads to the real server: in constant memory, and nothing stays of a body that stops."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from nzc_api.transport.arrival import LONGEST_BODY, LONGEST_TRANSFER
from tests.conftest import PEOPLED, Server, fresh_database
from tests.evidence.uploading import PDF, Files, headers_of
from tests.served import Served, served
from tests.world import World

LARGE = 50_000_000
PART = 1_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


@pytest_asyncio.fixture(scope="module")
async def api(server: Server, people: World, folder: Path) -> AsyncIterator[Served]:
    async with (
        fresh_database(server, PEOPLED) as database,
        served(database.api_url, NZC_DOCUMENTS_FOLDER=str(folder)) as running,
    ):
        yield running


@pytest_asyncio.fixture
async def files(api: Served, people: World, folder: Path) -> AsyncIterator[Files]:
    async with api.client() as http:
        yield Files(people.reached_by(http), folder)


async def zeros() -> AsyncIterator[bytes]:
    for _ in range(LARGE // PART):
        yield b"\0" * PART


def most_memory(pid: int) -> int:
    """The most bytes that a process ever had in memory."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


async def test_50_mb_come_and_go_in_constant_memory(api: Served, files: Files) -> None:
    world = files.world
    assert (await files.upload(b"first, so that all is loaded")).status_code == 201
    before = most_memory(api.process.pid)
    hashed = sha256(b"\0" * LARGE).hexdigest()
    uploaded = await files.upload(zeros(), sha256=hashed)
    assert (uploaded.status_code, uploaded.json()["size"]) == (201, str(LARGE))
    facts = {
        "attachedTo": (await world.pilot())["id"], "documentKind": "OTHER", "fileName": "a.pdf",
        "mediaType": PDF, "size": str(LARGE), "sha256": hashed,
    }  # fmt: skip
    document = (await world.operator.made("attachDocument", "document { id }", **facts))["id"]
    digest = sha256()
    headers = headers_of(world.operator)
    async with world.http.stream("GET", f"/documents/{document}", headers=headers) as response:
        assert "content-encoding" not in response.headers
        async for part in response.aiter_raw():
            digest.update(part)
    assert digest.hexdigest() == hashed
    assert most_memory(api.process.pid) - before < LARGE / 2


async def test_a_body_that_stops_leaves_nothing(api: Served, files: Files) -> None:
    before = files.kept
    where = urlsplit(api.address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    key = headers_of(files.world.operator)["Authorization"]
    writer.write(
        f"POST /documents?sha256={'a' * 64} HTTP/1.1\r\nHost: nzc\r\nAuthorization: {key}\r\n"
        f"Content-Type: {PDF}\r\nContent-Length: 1000\r\n\r\nhalf".encode()
    )
    await writer.drain()
    async with asyncio.timeout(20):
        while len(files.kept) == len(before):  # noqa: ASYNC110  Until it arrives.
            await asyncio.sleep(0.02)
        writer.close()
        while files.kept != before:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    assert not await reader.read()


async def test_pages_may_not_upload(files: Files) -> None:
    answer = await files.upload(b"x", Origin="https://elsewhere.example")
    assert answer.status_code == 403


def test_files_have_longer_than_operations() -> None:
    """At 50 MB, a line of 1.4 Mbit/s is enough."""
    assert LONGEST_TRANSFER >= 5 * LONGEST_BODY


async def test_methods(files: Files) -> None:
    http: httpx.AsyncClient = files.world.http
    assert (await http.get("/documents")).status_code == 405
    assert (await http.post("/documents/x")).status_code == 405
