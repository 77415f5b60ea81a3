"""What the commands say where they cannot go on: at once, in one line, in both languages."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from nzc_api.database.engine import DatabaseUnavailable
from tests.served import free_ports

NZC = Path(sys.executable).with_name("nzc")
CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[a-z]{3,} [a-z]{2,}")

COMMANDS = {
    "audit": ["audit"],
    "migrate": ["migrate"],
    "demo": ["demo"],
    "organisation": ["organisation", "VERIFIER", "甲", "A"],
}

# Long enough for a slow machine to start Python; far less than the two minutes it once took.
PATIENCE = 60


async def run(folder: Path, *arguments: str, **environment: str) -> tuple[int | None, str]:
    """The command's exit code, and what it complained of."""
    process = await asyncio.create_subprocess_exec(
        NZC,
        *arguments,
        env=os.environ | {"NZC_DATA_DIR": str(folder), "NZC_PORT": "0"} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, said.decode()


def check_line(said: str) -> str:
    """The one line, which is in both languages and shows neither Python nor a traceback."""
    lines = said.splitlines()
    assert len(lines) == 1, said
    assert CHINESE.search(lines[0]), said
    assert ENGLISH.search(lines[0]), said
    assert not re.search(r"None|Errno|\('|Traceback", lines[0]), said
    return lines[0]


@asynccontextmanager
async def server_answering(say: bytes) -> AsyncIterator[int]:
    """A port at which something answers every POST with ``say``, or whoever comes with nothing at all."""
    over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            if not say:
                await over.wait()
                return
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: ([0-9]+)", head)
            assert length is not None
            await reader.readexactly(int(length[1]))
            writer.write(say)
            await writer.drain()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)  # Those who waited go.


@pytest.mark.parametrize("command", COMMANDS)
async def test_nobody_listens_where_the_database_should_be(command: str, tmp_path: Path) -> None:
    port = free_ports()
    url = f"postgresql://me:secret@127.0.0.1:{port}/nzc"
    code, said = await run(tmp_path, *COMMANDS[command], NZC_DATABASE_URL=url)
    assert code == 1
    line = check_line(said)
    assert f"at 127.0.0.1:{port}: nothing listens there" in line
    assert f"（127.0.0.1:{port}）：该地址没有程序监听" in line
    assert "secret" not in line


async def test_the_databases_host_is_no_host(tmp_path: Path) -> None:
    url = "postgresql://me@nowhere.invalid/nzc"
    code, said = await run(tmp_path, "audit", NZC_DATABASE_URL=url)
    assert code == 1
    assert "The database's host is not known: nowhere.invalid" in check_line(said)


async def test_what_is_at_the_address_says_nothing(tmp_path: Path) -> None:
    """As a host that drops what it is sent."""
    async with server_answering(b"") as port:
        url = f"postgresql://me@127.0.0.1:{port}/nzc"
        code, said = await run(tmp_path, "migrate", NZC_DATABASE_URL=url)
    assert code == 1
    assert f"at 127.0.0.1:{port}: it does not answer" in check_line(said)


WRONG = {
    "NZC_PORT": ("x", "须为整数"),
    "NZC_POOL_SIZE": ("1", "须不小于2"),
    "NZC_PROCESSES": ("65", "须不大于64"),
    "NZC_OPERATION_SECONDS": ("0", "须大于0"),
    "NZC_DATABASE_URL": ("mysql://x", "须符合^postgres(ql)?://"),
    "NZC_WITNESSES": ("w.example/1+secret https://w.example", "请同时设置NZC_LOG_KEY_FILE"),
    "NZC_MIGRATION_DATABASE_URL": ("postgres://h:secret/x", "网址形如postgresql://"),
}


async def test_wrong_settings(tmp_path: Path) -> None:
    code, said = await run(tmp_path, "audit", **{name: value for name, (value, _) in WRONG.items()})
    assert code == 1
    lines = {line.partition(":")[0]: check_line(line) for line in said.splitlines()}
    assert lines.keys() == WRONG.keys()
    for name, (_, zh) in WRONG.items():
        assert zh in lines[name]
        assert "secret" not in lines[name]


async def import_to(url: str, folder: Path) -> str:
    file = folder / "rows.csv"
    file.write_text("programme,serials,pilot,year,retired_on\nCCER,GD-1 to 1,P,2022,2024-07-01\n")
    code, said = await run(folder, "import", "retirements", str(file), "--key", "k", "--url", url)
    assert code == 1
    return check_line(said)


async def test_nobody_listens_where_the_api_should_be(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_ports()}/graphql"
    line = await import_to(url, tmp_path)
    assert f"{url} cannot be reached: nothing listens there" in line
    assert f"无法连接{url}：该地址没有程序监听" in line


async def test_the_apis_host_is_no_host(tmp_path: Path) -> None:
    line = await import_to("http://nowhere.invalid/graphql", tmp_path)
    assert "its host's name does not resolve" in line


PAGES = {
    "a page": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html",
    "other JSON": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "a list": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    "nothing found": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("what", PAGES)
async def test_what_answers_is_no_api(what: str, tmp_path: Path) -> None:
    async with server_answering(PAGES[what]) as port:
        line = await import_to(f"http://127.0.0.1:{port}/", tmp_path)
    assert "is no API of NZC" in line


async def test_what_answers_is_the_api_of_somebody_else(tmp_path: Path) -> None:
    body = json.dumps({"errors": [{"message": "no field viewer there"}]}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with server_answering(head + body) as port:
        file = tmp_path / "rows.csv"
        file.write_text("programme,serials,pilot,year,retired_on\n")
        url = f"http://127.0.0.1:{port}/"
        code, said = await run(
            tmp_path, "import", "retirements", str(file), "--key", "k", "--url", url
        )
    assert code == 1
    assert said.splitlines() == ["no field viewer there no field viewer there"]


async def test_an_address_that_is_none(tmp_path: Path) -> None:
    assert "is no API of NZC" in await import_to("127.0.0.1:8000", tmp_path)


@pytest.mark.parametrize(
    "cause",
    [None, OSError("Multiple exceptions: [Errno 111] Connect call failed ('::1', 1, 0, 0)"),
     ConnectionResetError(104, "x"), TimeoutError(), FileNotFoundError(2, "x")],
)  # fmt: skip
def test_every_way_of_not_being_reached(cause: Exception | None) -> None:
    said = str(DatabaseUnavailable(cause, "db.example:5432"))
    assert check_line(said)
    assert "db.example:5432" in said
