"""What fails midway ends as it says: typed where the form has room for that, else by the connection, and in one line
of the log."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from nzc_api import serving as nzc_serving
from nzc_api.access.principals import AccessDenied
from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.feed import service
from nzc_api.feed.facts import Carried
from nzc_api.ids import Position
from nzc_api.observing.record import RequestRecord
from nzc_api.overload import Overloaded
from nzc_api.refusal import LocalizedText
from nzc_api.serving import Requests
from nzc_api.shortcuts.packets import gathering
from nzc_api.transport import asked, leaving, request_log
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.arrival import BoundedArrival
from nzc_api.transport.compression import Compression
from nzc_api.transport.exporting import LINES, ROWS
from nzc_api.transport.failures import Failures
from nzc_api.transport.leaving import Leaving
from nzc_api.transport.request_log import RequestLog
from tests.served import PATIENCE, running, told
from tests.world import World

Answer = Callable[[Request], Awaitable[Response]]

PART = b"x" * 2000


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the lines of requests say became of them."""
    told: list[str] = []

    def tell(record: RequestRecord) -> None:
        told.append(record.outcome)

    monkeypatch.setattr(request_log, "tell_request", tell)
    return told


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """An application behind HTTP as NZC speaks it: its address."""
    config = uvicorn.Config(app, http=gathering(BoundedArrival), log_config=None)
    async with running(uvicorn.Server(config)) as address:
        yield address


def app_answering(answer: Answer) -> Starlette:
    middleware = [Middleware(RequestLog), Middleware(Failures), Middleware(Compression)]
    return Starlette(routes=[Route("/", answer)], middleware=middleware)


async def failing(cause: Exception | None) -> AsyncGenerator[bytes, None]:
    """A part, and then a failure; without one, nothing more ever."""
    yield PART
    if cause is None:
        await asyncio.Event().wait()
    else:
        raise cause


CAUSES = [
    (None, "TIMED_OUT"),
    (AccessDenied("UNAUTHENTICATED", LocalizedText("密钥已吊销", "The key is revoked")), "UNAUTHENTICATED"),
    (DatabaseUnavailable(OSError()), "DATABASE_UNAVAILABLE"),
    (Overloaded(), "TRY_AGAIN"),
    (RequestRefused(413, LocalizedText("太多", "too many"), "TABLE_TOO_LARGE"), "TABLE_TOO_LARGE"),
    (RuntimeError("a bug"), "INTERNAL_ERROR"),
]  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("cause", "code"), CAUSES)
async def test_lines_end_with_why(
    cause: Exception | None,
    code: str,
    packed: bool,
    outcomes: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def answer(_: Request) -> Response:
        rest = failing(cause)
        return Leaving(first=PART, rest=rest, headers={}, longest=0.05, last_words=LINES.last_words)

    headers = {"Accept-Encoding": "gzip" if packed else "identity"}
    async with serving(app_answering(answer)) as address, httpx.AsyncClient(verify=False) as http:
        found = (await http.get(address, headers=headers)).content
    assert found.startswith(PART + PART)
    [error] = json.loads(found[2 * len(PART) :])["errors"]
    assert told(error, code)
    assert found.endswith(b"\n")
    assert outcomes == [code]
    check_log(caplog, code)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("cause", "code"), CAUSES)
async def test_what_has_no_last_words_is_cut_off(
    cause: Exception | None,
    code: str,
    packed: bool,
    outcomes: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def answer(_: Request) -> Response:
        return Leaving(
            first=PART, rest=failing(cause), headers={}, longest=0.05, last_words=ROWS.last_words
        )

    headers = {"Accept-Encoding": "gzip" if packed else "identity"}
    async with serving(app_answering(answer)) as address, httpx.AsyncClient(verify=False) as http:
        with pytest.raises(httpx.TransportError):
            await http.get(address, headers=headers)
    assert outcomes == [code]
    check_log(caplog, code)


def check_log(caplog: pytest.LogCaptureFixture, code: str) -> None:
    """What NZC did not expect has its traceback under its number; of all else the line of the request tells alone."""
    said = [record for record in caplog.records if record.levelno >= logging.WARNING]
    if code == "INTERNAL_ERROR":
        [incident] = said
        assert incident.getMessage().startswith("incident ")
    else:
        assert said == []


async def test_who_does_not_read_is_cut_off_a_little_later(
    outcomes: list[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "LAST_WORDS_SECONDS", 0.05)

    async def without_end() -> AsyncGenerator[bytes, None]:
        while True:
            await asyncio.sleep(0)
            yield bytes(1 << 20)

    async def answer(_: Request) -> Response:
        return Leaving(
            first=b"", rest=without_end(), headers={}, longest=0.2, last_words=LINES.last_words
        )

    async with serving(app_answering(answer)) as address:
        there = urlsplit(address)
        _, writer = await asyncio.open_connection(there.hostname, there.port, limit=1)
        writer.write(b"GET / HTTP/1.1\r\nHost: nzc\r\n\r\n")
        async with asyncio.timeout(PATIENCE):
            while not outcomes:  # noqa: ASYNC110  (a line of the log wakes nobody)
                await asyncio.sleep(0.01)
        writer.close()
    assert outcomes == ["TIMED_OUT"]
    check_log(caplog, "TIMED_OUT")


async def test_what_was_not_expected_is_told_with_the_request(
    outcomes: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(_: Request) -> Response:
        raise RuntimeError("a bug")

    async with serving(app_answering(answer)) as address, httpx.AsyncClient(verify=False) as http:
        found = await http.get(address, headers={"X-Request-ID": "mine"})
    assert found.status_code == 500
    assert found.headers["x-request-id"] == "mine"
    [error] = found.json()["errors"]
    assert told(error, "INTERNAL_ERROR")["requestId"] == "mine"
    assert outcomes == ["INTERNAL_ERROR"]
    check_log(caplog, "INTERNAL_ERROR")


async def test_what_is_no_http_is_told_so() -> None:
    async def answer(_: Request) -> Response:
        return Response()

    async with serving(app_answering(answer)) as address:
        there = urlsplit(address)
        reader, writer = await asyncio.open_connection(there.hostname, there.port)
        writer.write(b"no HTTP at all\r\n\r\n")
        async with asyncio.timeout(PATIENCE):
            found = await reader.read()
        writer.close()
    head, _, body = found.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/json" in head
    assert told(json.loads(body)["errors"][0], "BAD_REQUEST")


async def test_what_is_on_its_way_as_nzc_stops_is_not_passed_off_as_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nzc_serving, "GRACE", 0)

    async def answer(_: Request) -> Response:
        return Leaving(PART, failing(None), {})

    requests = Requests(app_answering(answer))

    async def read(http: httpx.AsyncClient, address: str) -> None:
        async with http.stream("GET", address) as begun:
            async for _ in begun.aiter_raw():
                requests.end()

    async with serving(requests) as address, httpx.AsyncClient(verify=False) as http:
        with pytest.raises(httpx.TransportError):
            await read(http, address)


async def test_what_is_whole_as_nzc_stops_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nzc_serving, "GRACE", 0)
    large = bytes(20 << 20)  # More than the system holds for a client.

    async def lingering(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(large)(scope, receive, send)
        requests.end()
        await asyncio.Event().wait()

    requests = Requests(lingering)
    async with serving(requests) as address, httpx.AsyncClient(verify=False) as http:
        assert (await http.get(address)).content == large


async def test_an_export_that_finds_no_room_again_and_again_is_ended(
    shared_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LARGEST_PAGE", 5)
    monkeypatch.setattr(asked, "RETRY_SECONDS", 0)
    carried, tried = service.Feed.carried, 0

    async def busy(feed: service.Feed, after: Position, until: Position) -> Carried:
        nonlocal tried
        if after == 0:
            return await carried(feed, after, until)
        tried += 1
        raise Overloaded

    monkeypatch.setattr(service.Feed, "carried", busy)
    headers = {"Authorization": f"Bearer {shared_world.auditor.secret}"}
    found = await shared_world.http.get("/export", headers=headers)
    assert told(json.loads(found.content.splitlines()[-1])["errors"][0], "TRY_AGAIN")
    assert tried == asked.ATTEMPTS
