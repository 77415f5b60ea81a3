"""Pages of other origins: which of them may talk to NZC from a browser."""

import logging
import re
from collections.abc import Collection
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.http.websocket_origin import is_same_origin

from nzc_api.refusal import LocalizedText
from nzc_api.schema.kit.told import told
from nzc_api.transport.headers import first_of
from nzc_api.transport.requests import BY_URL, METHODS
from nzc_api.transport.vary import varied

logger = logging.getLogger(__name__)

ANY = "*"

LOOPBACK = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")

# What a page may read of an answer beside its body.
EXPOSED = ("Content-Disposition", "ETag", "Retry-After", "X-Request-Id", "X-Request-Cost")

# How long a browser may remember a preflight; none remembers it for longer.
PREFLIGHT_SECONDS = 7200

# Of a header that anyone may send, as much as is repeated.
LONGEST_SHOWN = 100


class Origins:
    """Lets through what pages of ``allowed`` origins ask, over HTTP and WebSocket, and refuses other
    pages; our own and whoever is no browser are let through as they are."""

    def __init__(self, app: ASGIApp, allowed: Collection[str], loopback: bool) -> None:
        self._app = app
        self._cors = CORSMiddleware(
            app,
            allow_origins=allowed,
            allow_origin_regex=LOOPBACK.pattern if loopback else None,
            allow_methods=METHODS,
            # Whatever is asked for: clients trace and name themselves in headers of their own.
            allow_headers=(ANY,),
            allow_credentials=ANY not in allowed,
            expose_headers=EXPOSED,
            max_age=PREFLIGHT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = first_of(scope, b"origin")
        app = self._app
        if origin is None:
            # What a cache may keep must say that it would be another for another origin.
            if scope.get("method") in BY_URL:
                send = varied(send, b"Origin")
        elif _is_ours(scope, origin):
            pass
        elif self._cors.is_allowed_origin(origin):
            app = self._cors
        else:
            app = _Refusal(origin)
        await app(scope, receive, send)


class _Refusal:
    """Tells the client that pages of its origin are not let in, and the operator how they would be."""

    def __init__(self, origin: str) -> None:
        self._origin = origin[:LONGEST_SHOWN]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _log(self._origin)
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(self._response())
        else:
            await self._response()(scope, receive, send)

    def _response(self) -> Response:
        message = LocalizedText(
            f"不接受来自{self._origin}的网页的请求；运营者可用NZC_ALLOWED_ORIGINS允许该来源",
            f"Pages of {self._origin} are not let in; the operator lets them in by NZC_ALLOWED_ORIGINS",
        )
        error = told("ORIGIN_NOT_ALLOWED", message)
        return JSONResponse({"errors": [error.formatted]}, 403, {"Vary": "Origin"})


@lru_cache(maxsize=256)  # Once an origin: a page asks again and again.
def _log(origin: str) -> None:
    logger.warning(
        "A page of %a was refused. If it may ask, add its origin to NZC_ALLOWED_ORIGINS. "
        "已拒绝该来源的网页；如应允许，请将其加入NZC_ALLOWED_ORIGINS。",
        origin,
    )


def _is_ours(scope: Scope, origin: str) -> bool:
    headers = Headers(scope=scope)
    return headers.get("sec-fetch-site") == "same-origin" or is_same_origin(
        origin, headers.get("host")
    )
