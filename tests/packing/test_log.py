"""The log in a file: whole, in each form, whatever breaks on the way."""

import asyncio
import csv
import gzip
import io
import json
import sys
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet
import pytest
import pytest_asyncio

from nzc_api.feed.lines import COLUMNS
from nzc_api.packing import formats, log
from nzc_api.packing.client import Client
from nzc_api.packing.formats import FileFormat
from nzc_api.refusal import Failed
from tests.conftest import PEOPLED, Server, client_of, fresh_database
from tests.served import Nearby, nearby, run
from tests.world import World


@pytest_asyncio.fixture(scope="module")
async def world(server: Server, people: World) -> AsyncIterator[tuple[World, Nearby]]:
    async with (
        fresh_database(server, PEOPLED) as database,
        client_of(database.api_url) as http,
        nearby(database.api_url) as api,
    ):
        world = people.reached_by(http)
        await world.pilot("TOWN", name={"zh": "=1+1", "en": "@evil"})
        await world.issue(await world.project(), "GD-1", 1, 100)
        yield world, api


def client(api: Nearby, world: World) -> Client:
    return Client(f"{api.address}/graphql", world.auditor.secret or "")


async def exported(api: Nearby, world: World, file: Path, form: FileFormat, **given: int) -> bytes:
    await asyncio.to_thread(log.export, client(api, world), file, form, **given)
    assert names(file.parent) == [file.name]
    return content(file)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def content(file: Path) -> bytes:
    return file.read_bytes()


async def lines(world: World, path: str = "/export", **headers: str) -> bytes:
    key = {"Authorization": f"Bearer {world.auditor.secret}"}
    answer = await world.http.get(path, headers=key | headers)
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_the_forms_say_the_same(world: tuple[World, Nearby], tmp_path: Path) -> None:
    people, api = world
    events = [json.loads(line) for line in (await lines(people)).splitlines()]
    said = await exported(api, people, tmp_path / "log.jsonl", FileFormat.JSONL)
    assert said == await lines(people)
    (tmp_path / "log.jsonl").unlink()
    table = await exported(api, people, tmp_path / "log.csv", FileFormat.CSV)
    assert table == await lines(people, "/export.csv") == await lines(people, Accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert [_as_event(row) for row in rows] == events
    (tmp_path / "log.csv").unlink()
    await exported(api, people, tmp_path / "log.parquet", FileFormat.PARQUET)
    kept = pyarrow.parquet.read_table(tmp_path / "log.parquet").to_pylist()
    assert [
        (row["position"], row["kind"], row["facts"] and json.loads(row["facts"])) for row in kept
    ] == [(int(event["position"]), event["kind"], event["facts"]) for event in events]


def _as_event(row: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = {name: row[name] or None for name in COLUMNS}
    return event | {"facts": event["facts"] and json.loads(event["facts"])}


async def test_a_file_is_compressed_where_its_name_says_so(
    world: tuple[World, Nearby], tmp_path: Path
) -> None:
    people, api = world
    file = tmp_path / "log.jsonl.gz"
    packed = await exported(api, people, file, FileFormat.JSONL, after=3, until=9)
    assert gzip.decompress(packed).splitlines() == (await lines(people)).splitlines()[3:9]
    file.unlink()
    assert await exported(api, people, file, FileFormat.JSONL, after=3, until=9) == packed


async def test_what_does_not_fit_is_refused(world: tuple[World, Nearby], tmp_path: Path) -> None:
    people, api = world
    for given in ({"after": 9, "until": 8}, {"until": 10**6}, {"after": -1}):
        with pytest.raises(Failed, match="positions are 0"):
            await exported(api, people, tmp_path / "log.jsonl", FileFormat.JSONL, **given)
    assert names(tmp_path) == []


async def test_parquet_that_is_not_installed_is_said(
    world: tuple[World, Nearby], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, api = world
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(formats, "find_spec", lambda _: None)
    with pytest.raises(Failed, match=r"nzc-api\[parquet\]"):
        await exported(api, people, tmp_path / "log.parquet", FileFormat.PARQUET)


async def test_the_command(world: tuple[World, Nearby], tmp_path: Path) -> None:
    people, api = world
    given = [
        "--key",
        people.auditor.secret or "",
        "--url",
        f"{api.address}/graphql",
        "--until",
        "5",
    ]
    done = await run(tmp_path, "export", str(tmp_path / "log.csv"), "--format", "csv", *given)
    assert done.returncode == 0, done.err
    assert "Positions 1 to 5" in done.out
    assert len((tmp_path / "log.csv").read_text("utf-8").splitlines()) == 6
    wrong = ["--key", "nzc_x", "--url", f"{api.address}/graphql"]
    assert (await run(tmp_path, "export", str(tmp_path / "no"), *wrong)).returncode == 1


# A server whose connections break.

LENGTH = 60
LINES = [
    json.dumps(dict.fromkeys(COLUMNS) | {"position": str(n)}).encode() + b"\n"
    for n in range(1, LENGTH + 1)
]


@contextmanager
def breaking(*cuts: int, lines: list[bytes] = LINES) -> Iterator[tuple[Client, list[int]]]:
    """A server that cuts its answers in turn after so many bytes, and then answers whole; after which positions it
    was asked."""
    left, asked = iter(cuts), list[int]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            head = {"log": {"logId": "one", "position": str(LENGTH)}, "viewer": None}
            self._send(json.dumps({"data": head}).encode(), None)

        def do_GET(self) -> None:
            given = parse_qs(urlsplit(self.path).query)
            after, until = int(given["after"][0]), int(given["until"][0])
            asked.append(after)
            packed = gzip.compress(b"".join(lines[after:until]), 0)
            self._send(packed, next(left, None), {"Content-Encoding": "gzip"})

        def _send(
            self, body: bytes, cut: int | None, headers: dict[str, str] | None = None
        ) -> None:
            self.send_response(200)
            for name, value in ((headers or {}) | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body if cut is None else body[:cut])

        def log_message(self, *_said: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Client(f"http://127.0.0.1:{server.server_port}/graphql", "nzc_"), asked
        finally:
            server.shutdown()
            thread.join()


def test_a_connection_that_breaks_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "PAUSE_SECONDS", 0)
    size = len(LINES[0])
    with breaking(0, size // 2, 3 * size, 7 * size + 40, 20) as (server, asked):
        log.export(server, tmp_path / "log.jsonl", FileFormat.JSONL)
    assert [json.loads(line) for line in (tmp_path / "log.jsonl").read_bytes().splitlines()] == [
        json.loads(line) for line in LINES
    ]
    assert len(asked) == 6
    assert sorted(asked) == asked


def test_a_command_that_was_ended_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(log, "ATTEMPTS", 1)
    file = tmp_path / "log.jsonl"
    with breaking(9 * len(LINES[0])) as (server, asked):
        with pytest.raises(Failed):
            log.export(server, file, FileFormat.JSONL)
        [left] = tmp_path.iterdir()
        with left.open("ab") as spool:
            spool.write(LINES[-1][:9])  # As a kill leaves it.
        log.export(server, file, FileFormat.JSONL)
    assert asked[0] == 0
    assert 5 < asked[1] < 10
    assert len(file.read_bytes().splitlines()) == LENGTH
    assert list(tmp_path.iterdir()) == [file]


def test_a_server_that_leaves_something_out_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(log, "ATTEMPTS", 3)
    short = [*LINES[:7], *LINES[8:]]
    for lines_ in (short, LINES[:9], [b"{}\n"]):
        with (
            breaking(lines=lines_) as (server, _),
            pytest.raises(Failed, match=r"lacks|cut off|no line"),
        ):
            log.export(server, tmp_path / "log.jsonl", FileFormat.JSONL)
        assert not (tmp_path / "log.jsonl").exists()
        for left in tmp_path.iterdir():
            left.unlink()


def told_early(code: str) -> bytes:
    told = {"zh": "为何", "en": "why"}
    error = {"message": "why", "extensions": {"code": code, "localizedMessage": told}}
    return json.dumps({"errors": [error]}).encode() + b"\n"


def test_an_export_that_the_server_ends_goes_on_or_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "PAUSE_SECONDS", 0)
    lines_ = [*LINES[:7], told_early("TIMED_OUT")]
    with breaking(lines=lines_) as (server, asked):
        taken = log.lines_after(server, 0, LENGTH)
        assert [json.loads(next(taken))["position"] for _ in range(7)] == list("1234567")
        lines_[7:] = LINES[7:]
        assert len(list(taken)) == LENGTH - 7
    assert asked == [0, 7]
    ended = [*LINES[:7], told_early("UNAUTHENTICATED")]
    with (
        breaking(lines=ended) as (server, asked),
        pytest.raises(Failed, match=r"early \(UNAUTHENTICATED\): why .*（UNAUTHENTICATED）：为何"),
    ):
        log.export(server, tmp_path / "log.jsonl", FileFormat.JSONL)
    assert asked == [0]
    assert not (tmp_path / "log.jsonl").exists()


def test_it_holds_no_more_of_a_long_log_than_of_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "GROUP", 100)

    def most_held(count: int, form: FileFormat) -> int:
        events = (dict.fromkeys(COLUMNS, "x") | {"position": "1", "at": "2024-01-01T00:00:00Z"}
                  for _ in range(count))  # fmt: skip
        tracemalloc.start()
        formats.write(events, tmp_path / "made", form, packed=False)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    for form in FileFormat:
        most_held(1, form)
        assert most_held(5_000, form) < 2 * most_held(500, form) + 500_000
