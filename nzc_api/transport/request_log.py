"""A request has an id, which it may bring and which its answer says; a line tells of it when it ends."""

import os
import re
from asyncio import CancelledError
from contextlib import AbstractContextManager
from types import TracebackType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nzc_api.observing.log import tell_request
from nzc_api.observing.metrics import count_request
from nzc_api.observing.record import RequestRecord, current_id, set_current
from nzc_api.observing.tracing import request_span

REQUEST_ID = b"x-request-id"
WELL_FORMED = re.compile(rb"[\x21-\x7e]{1,128}")

LONGEST_PATH = 200

# Who asks how NZC is asks all the time.
QUIET = "/health/"

# What begins an answer, and so carries its headers.
BEGINS = {"http.response.start", "websocket.accept", "websocket.http.response.start"}

# Who was cut off: by NZC that stops, or by the client that went away.
WEBSOCKET = "WEBSOCKET"

CUT_OFF = "CUT_OFF"
INTERNAL_ERROR = "INTERNAL_ERROR"
LEAST_FAILURE = 400


class RequestLog:
    """Tells of the requests that ``app`` answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        record = RequestRecord(
            _id_of(headers),
            path=scope["path"][:LONGEST_PATH],
            method=scope.get("method", WEBSOCKET),
        )

        async def marked(message: Message) -> None:
            if message["type"] in BEGINS:
                mark = (REQUEST_ID, record.id.encode("ascii"))
                message["headers"] = [*message.get("headers", ()), mark]
                record.status = message.get("status")
            await send(message)

        with _Told(record, headers):
            await self._app(scope, receive, marked)


def operation() -> AbstractContextManager[None]:
    """One operation of a WebSocket, which has many: told of as requests are."""
    return _Told(RequestRecord(_new_id(), connection=current_id()), [])


class _Told:
    """A request, of which is told when it ends; as a class, because everybody who asks waits for it."""

    __slots__ = ("_record", "_span")

    def __init__(self, record: RequestRecord, headers: list[tuple[bytes, bytes]]) -> None:
        self._record = record
        self._span = request_span(record, headers)

    def __enter__(self) -> None:
        set_current(self._record)
        self._span.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        record = self._record
        self._span.__exit__(kind, failure, trace)
        if isinstance(failure, CancelledError):
            record.failed(CUT_OFF)
        elif isinstance(failure, Exception):
            record.failed(INTERNAL_ERROR)
        if (record.status or 0) >= LEAST_FAILURE:
            record.failed(f"HTTP_{record.status}")
        count_request(record)
        if record.path is None or QUIET not in record.path:
            tell_request(record)


def _id_of(headers: list[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == REQUEST_ID and WELL_FORMED.fullmatch(value):
            return value.decode("ascii")
    return _new_id()


def _new_id() -> str:
    return os.urandom(16).hex()
