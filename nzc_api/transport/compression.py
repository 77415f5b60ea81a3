"""Large answers go out compressed to those who ask for it."""

from functools import lru_cache

from starlette.middleware.gzip import GZipResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nzc_api.transport.vary import varied

# Smaller ones fit a packet or two as they are.
SMALLEST = 1024

# Half of the best ratio's time, for nearly its ratio.
LEVEL = 5

# From here on others would wait for it: it is done in a thread.
SMALLEST_IN_THREAD = 32 * 1024


class Compression:
    """Starlette's gzip, for who accepts it; a stream of events is never held back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        onward: Send | None = None

        async def sized(message: Message) -> None:
            nonlocal onward
            if onward is None:
                onward = send if _stays(message) else self._compressing(scope, send)
            await onward(message)

        await self._app(scope, receive, sized)

    def _compressing(self, scope: Scope, send: Send) -> Send:
        if not _accepts_gzip(_accepted(scope)):
            return varied(send, b"Accept-Encoding")
        # It serves one answer.
        responder = GZipResponder(
            self._app, SMALLEST, compresslevel=LEVEL, thread_minimum_size=SMALLEST_IN_THREAD
        )
        responder.send = send
        return responder.send_with_compression


def _stays(start: Message) -> bool:
    """Whether an answer goes out as it is: a file, a stream of events, and what says that it is small, as most are."""
    for name, value in start.get("headers", ()):
        if name == b"content-disposition":
            return True
        if name == b"content-type" and value.startswith(b"text/event-stream"):
            return True
        if name == b"content-length" and int(value) < SMALLEST:
            return True
    return False


def _accepted(scope: Scope) -> bytes:
    found = (value for name, value in scope["headers"] if name == b"accept-encoding")
    return b",".join(found)


@lru_cache(maxsize=256)
def _accepts_gzip(accepted: bytes) -> bool:
    """Whether gzip is named, and not with a quality of 0."""
    for part in accepted.decode("latin-1").lower().split(","):
        name, _, quality = part.replace(" ", "").partition(";q=")
        if name == "gzip":
            return quality.strip("0.") != "" or not quality
    return False
