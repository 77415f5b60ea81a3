"""What NZC did not expect: told as every other failure is, and once in the log."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from nzc_api.observing.record import current
from nzc_api.transport.answers import presented, shown
from nzc_api.transport.hanging_up import hang_up


class Failures:
    """Ends what ``app`` fails to answer: by an answer, or, where one has begun, by hanging up. It is within
    ``RequestLog``, which sees answers begin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except Exception as cause:
            error = shown(cause)
            if current().status is not None:  # An answer has begun.
                await hang_up(scope, receive)
                return
            answer = presented(Request(scope), error, {"INTERNAL_ERROR": 500})
            await answer(scope, receive, send)
