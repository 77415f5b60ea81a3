"""A pooler that lends sessions by the transaction is refused with the reason: settings and prepared statements
are a session's. What stands here between does as PgBouncer 1.18 does."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import TestDatabase
from tests.database.test_checks import fitness
from tests.served import NZC, Process

SOCKET = ".s.PGSQL.5432"

# What PgBouncer takes of a session's beginning.
TAKEN = {"user", "database", "client_encoding", "timezone", "application_name"}

Parameters = dict[str, str]


async def beginning(reader: asyncio.StreamReader) -> tuple[bytes, Parameters]:
    """A session's first message: the protocol, and what the session is to be set to."""
    (length,) = struct.unpack("!i", await reader.readexactly(4))
    body = await reader.readexactly(length - 4)
    words = body[4:].decode().split("\0")
    return body[:4], dict(zip(words[::2], words[1::2], strict=False))


def refusing(parameters: Parameters) -> bytes:
    """PgBouncer as it is installed: it refuses what it does not know."""
    unknown = next(name for name in parameters if name and name not in TAKEN)
    said = f"SFATAL\0C08P01\0Munsupported startup parameter: {unknown}\0\0".encode()
    return b"E" + struct.pack("!i", len(said) + 4) + said


def ignoring(parameters: Parameters) -> bytes:
    """With `ignore_startup_parameters`: it leaves them out."""
    return b""


@asynccontextmanager
async def pooled(
    url: str, folder: Path, answer: Callable[[Parameters], bytes]
) -> AsyncIterator[str]:
    """The URL of the database behind a pooler that answers to a session's beginning, or goes on."""
    server = parse_qs(urlsplit(url).query)["host"][0]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol, parameters = await beginning(reader)
        said = answer(parameters)
        if said:
            writer.write(said)
        else:
            there, to_there = await asyncio.open_unix_connection(f"{server}/{SOCKET}")
            kept = {name: value for name, value in parameters.items() if name in TAKEN}
            words = "".join(f"{name}\0{value}\0" for name, value in kept.items()).encode() + b"\0"
            to_there.write(struct.pack("!i", len(words) + 8) + protocol + words)
            await asyncio.gather(carry(reader, to_there), carry(there, writer))
        writer.close()

    listener = await asyncio.start_unix_server(serve, folder / SOCKET)
    try:
        yield url.replace(server, str(folder))
    finally:
        listener.close()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
    writer.close()


@pytest.mark.parametrize(
    ("answer", "said"),
    [(refusing, "unsupported startup parameter: lock_timeout"), (ignoring, "lock_timeout = 0")],
)
async def test_a_pooler_in_between_is_refused_with_the_reason(
    database: TestDatabase, tmp_path: Path, answer: Callable[[Parameters], bytes], said: str
) -> None:
    if "host=" not in database.api_url:
        pytest.skip("a server of somebody else's, which may listen at no socket")
    async with pooled(database.api_url, tmp_path, answer) as url:
        unfit = await fitness(url)
        assert said in unfit
        assert "such as PgBouncer" in unfit
        assert "直接指向PostgreSQL" in unfit
        process = Process([NZC, "serve"], {"NZC_DATABASE_URL": url, "NZC_PORT": "0"}, tmp_path)
        try:
            assert await process.ended() == 1
        finally:
            await process.stop()
        assert said in process.err
        assert len(process.err.splitlines()) == 1
