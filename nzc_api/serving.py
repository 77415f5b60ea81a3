"""Serving an application over HTTP until one is asked to stop, and then stopping soon."""

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nzc_api.garbage import spare_the_collector
from nzc_api.refusal import Failed, LocalizedText
from nzc_api.shortcuts.packets import gathering
from nzc_api.stopping import Stop
from nzc_api.transport.answers import RequestRefused, refusal
from nzc_api.transport.arrival import BoundedArrival
from nzc_api.transport.hanging_up import hang_up

LARGEST_MESSAGE = 4 * 1024 * 1024

# How many seconds what is being answered gets when NZC stops; a stream would go on for ever.
GRACE = 2.0
GRACE_OF_STREAMS = 0.0

# Where uvicorn loses patience, with a traceback: a connection to a PostgreSQL that hangs takes
# seconds to be given up.
LAST_RESORT = 3


class CannotListen(Failed):
    """The address is not to be had; the text says why and what to do."""


@contextmanager
def listening(host: str, port: int, many: int = 1) -> Iterator[list[socket.socket]]:
    """Sockets that listen on one address, during the block: one for each process that serves."""
    try:
        listeners = _listen(host, port, many)
    except OSError as error:
        raise CannotListen(
            f"NZC无法监听{host}:{port}：{error.strerror}。请停止占用该端口的程序，或将NZC_PORT设为其他端口。",
            f"NZC cannot listen on {host}:{port}: {error.strerror}. Stop what uses it, "
            "or set NZC_PORT to another port.",
        ) from error
    with ExitStack() as open_ones:
        yield [open_ones.enter_context(one) for one in listeners]


def _listen(host: str, port: int, many: int) -> list[socket.socket]:
    listen = partial(
        socket.create_server,
        family=socket.AF_INET6 if ":" in host else socket.AF_INET,
        backlog=2048,
    )
    # Whoever else listens there is found out by the first, which shares with nobody.
    first = listen((host, port))
    if many == 1 or sys.platform != "linux":
        return [first] * many
    # Linux gives each an equal share of the connections. From one socket, the process that is awake
    # takes all that come at once.
    with first:
        address = first.getsockname()[:2]
    return [listen(address, reuse_port=True) for _ in range(many)]


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    app: ASGIApp,
    listener: socket.socket,
    stop: Stop,
    started: Callable[[], object],
    *,
    shortcuts: bool = True,
) -> None:
    """Serve ``app`` until one is asked to stop; ``started`` is called when it serves."""
    spare_the_collector()
    requests = Requests(app)
    config = uvicorn.Config(
        requests,
        http=gathering(BoundedArrival) if shortcuts else BoundedArrival,
        log_config=None,  # Ours is its log as well.
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # Ours: nzc_api.transport.proxies.
        timeout_graceful_shutdown=LAST_RESORT,
        ws_max_size=LARGEST_MESSAGE,
        # It would cost each socket its memory, and large answers the loop's time.
        ws_per_message_deflate=False,
    )
    _Server(config=config, requests=requests, stop=stop, started=started).run(sockets=[listener])


class Requests:
    """The requests that ``app`` is answering, which can be brought to an end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # Of each its task, which does nothing else.
        self._grace: dict[asyncio.Task[Any], float] = {}
        self._over: set[asyncio.Task[Any]] = set()
        self._ending = False

    def end(self) -> None:
        """Let each end when its grace is over; those over WebSocket are ended by uvicorn."""
        self._ending = True
        for task in self._grace:
            self._limit(task)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        task = asyncio.current_task()
        assert task is not None
        end: ASGIApp = _tell_that_it_stops

        async def watched(message: Message) -> None:
            nonlocal end
            if _begins_stream(message):
                self._set_grace(task, GRACE_OF_STREAMS)
                end = _end_of_stream
            elif end is _tell_that_it_stops:
                end = _cut
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                end = _is_whole

        self._set_grace(task, GRACE)
        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            # Unless it is somebody else who cuts it off.
            if task not in self._over or task.uncancel():
                raise
            await end(scope, receive, send)
        finally:
            del self._grace[task]
            self._over.discard(task)

    def _set_grace(self, task: asyncio.Task[Any], seconds: float) -> None:
        self._grace[task] = seconds
        if self._ending:
            self._limit(task)

    def _limit(self, task: asyncio.Task[Any]) -> None:
        task.get_loop().call_later(self._grace[task], self._cut_off, task)

    def _cut_off(self, task: asyncio.Task[Any]) -> None:
        if task in self._grace and task not in self._over:
            self._over.add(task)
            task.cancel()


STOPPING = LocalizedText("NZC正在停止：请稍后重试", "NZC is stopping: try again")


async def _tell_that_it_stops(scope: Scope, receive: Receive, send: Send) -> None:
    answer = refusal(
        Request(scope),
        RequestRefused(
            status=503, message=STOPPING, code="TRY_AGAIN", headers={"Retry-After": "5"}
        ),
    )
    await answer(scope, receive, send)


async def _cut(scope: Scope, receive: Receive, _send: Send) -> None:
    """What has not all been sent is not passed off as whole."""
    await hang_up(scope, receive)


async def _is_whole(_scope: Scope, _receive: Receive, _send: Send) -> None: ...


async def _end_of_stream(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.body"})


def _begins_stream(message: Message) -> bool:
    for name, value in message.get("headers", ()):
        if name == b"content-type":
            return bool(value.startswith(b"text/event-stream"))
    return False


class _Server(uvicorn.Server):
    """Stops as all of NZC does; by itself uvicorn takes a second Ctrl-C for leave to drop all."""

    def __init__(
        self,
        config: uvicorn.Config,
        requests: Requests,
        stop: Stop,
        started: Callable[[], object],
    ) -> None:
        super().__init__(config)
        self._requests = requests
        self._stop = stop
        self._when_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with self._stop.obeyed_by(self._exit):
            yield

    def _exit(self) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._requests.end()
        await super().shutdown(sockets)
