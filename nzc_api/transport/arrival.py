"""How a request arrives: head and body are at most so large, and come within so long."""

import asyncio
from typing import Any

from graphql import GraphQLError
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from nzc_api.documents.rules import MOST_BYTES
from nzc_api.refusal import LocalizedText
from nzc_api.schema.engine.encoding import encode
from nzc_api.schema.kit.told import told
from nzc_api.transport.hanging_up import with_hanging_up
from nzc_api.transport.requests import LARGEST_BODY
from nzc_api.transport.requests import TOO_LARGE as BODY_TOO_LARGE

LARGEST_HEAD = 16 * 1024  # bytes: the request line and all headers
LARGEST_REST = 2 * LARGEST_BODY  # bytes: a body as it is sent, in chunks, with what comes after it
LARGEST_UPLOAD = 2 * MOST_BYTES  # bytes: the same of a file that is uploaded
LONGEST_HEAD = 10  # seconds, from its connection or its first byte
LONGEST_BODY = 30  # seconds
LONGEST_TRANSFER = 300  # seconds: a file that is uploaded, or downloaded

# Where files are uploaded to, whatever path a proxy puts before it.
UPLOADS = (b"/documents", b"/reconciliations")

REST_TOO_LARGE = told("BAD_REQUEST", BODY_TOO_LARGE)
TOO_LARGE = told(
    "HEAD_TOO_LARGE",
    LocalizedText(
        f"请求行与请求头合计最多{LARGEST_HEAD}字节",
        f"The request line and the headers have at most {LARGEST_HEAD} bytes together",
    ),
)
NOT_HTTP = told(
    "BAD_REQUEST",
    LocalizedText("收到的不是有效的HTTP/1.1请求", "What came is no request of HTTP/1.1"),
)
TOO_SLOW = told(
    "REQUEST_TOO_SLOW",
    LocalizedText(
        f"请求头须在{LONGEST_HEAD}秒内、请求体须在{LONGEST_BODY}秒内到达，上传的文件须在{LONGEST_TRANSFER}秒内到达",
        f"The head of a request arrives within {LONGEST_HEAD} s, its body within {LONGEST_BODY} s, a file that is "
        f"uploaded within {LONGEST_TRANSFER} s",
    ),
)


class _Closed(list[tuple[bytes, bytes]]):
    """The headers of a head that is there: of what comes after a body nothing is kept."""

    def append(self, header: tuple[bytes, bytes], /) -> None: ...


class BoundedArrival(HttpToolsProtocol):
    """HTTP whose requests arrive in bounds: uvicorn would gather headers, and wait, for as long as it takes."""

    _in_head = True
    _room = LARGEST_HEAD
    _room_for_rest = LARGEST_REST
    # How long what is on its way may take; None where nothing is. A request that comes at once is not timed.
    _seconds: float | None = None
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._seconds = LONGEST_HEAD
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._receive(data)
        self._wait()

    def _receive(self, data: bytes) -> None:
        while data and self._in_head and not self.transport.is_closing():
            if not self._room:
                self._refuse(431, TOO_LARGE)
                return
            head, data = data[: self._room], data[self._room :]
            self._room -= len(head)
            super().data_received(head)
        if data and not self.transport.is_closing():
            self._room_for_rest -= len(data)
            if self._room_for_rest < 0:
                self._refuse(413, REST_TOO_LARGE)
                return
            super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        with_hanging_up(self.scope, self.transport.abort)
        if self._patience is None:
            self._seconds = LONGEST_HEAD

    def on_headers_complete(self) -> None:
        self._in_head = False
        uploads = self.url.partition(b"?")[0].endswith(UPLOADS)
        self._stop_waiting()
        self._seconds = LONGEST_TRANSFER if uploads else LONGEST_BODY
        self._room_for_rest = LARGEST_UPLOAD if uploads else LARGEST_REST
        super().on_headers_complete()
        self.headers = _Closed(self.headers)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._stop_waiting()
        self._in_head, self._room, self._room_for_rest = True, LARGEST_HEAD, LARGEST_REST

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, NOT_HTTP)

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def _wait(self) -> None:
        if self._seconds is not None and self._patience is None:
            self._patience = self.loop.call_later(self._seconds, self._refuse, 408, TOO_SLOW)

    def _stop_waiting(self) -> None:
        self._seconds = None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _refuse(self, status: int, error: GraphQLError) -> None:
        """Answer in the parser's place, unless it was answered before all of it was there, and hang up."""
        self._stop_waiting()
        if not self._in_head and self.cycle.response_started:
            self.transport.close()
            return
        body = encode({"errors": [error.formatted]})
        self.transport.write(
            STATUS_LINE[status]
            + b"content-type: application/json; charset=utf-8\r\n"
            + b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body)
            + body
        )
        self.transport.close()
