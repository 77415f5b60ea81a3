"""The GraphQL endpoint: GraphQL over HTTP as the specification has it, SSE and WebSocket."""

import json
from pathlib import Path
from typing import Any

from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.types import ExecutionResult

from nzc_api.access.principals import Principal, unauthenticated
from nzc_api.access.service import AccessService
from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.schema.context import Context, Services
from nzc_api.schema.present import RETRY_AFTER_SECONDS, UNAVAILABLE, present_error
from nzc_api.schema.schema import schema

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"

LARGEST_BODY = 4 * 1024 * 1024

GRAPHIQL = Path(__file__).parent / "graphiql"

_ZH = {
    400: "请求格式无效",
    404: "找不到该资源",
    405: "仅支持GET和POST请求",
    406: "不支持所请求的媒体类型",
    413: "请求体过大",
    415: "请求体须为application/json",
}


class WebSocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """Closes with 4400 where a frame is JSON and yet no message, instead of failing."""

    async def handle_message(self, message: Any) -> None:
        if not _is_message(message):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)


class GraphQLView(GraphQL[Context, None]):
    """Strawberry's view, with what the specification asks for and Strawberry leaves out."""

    graphql_transport_ws_handler_class = WebSocketHandler

    def __init__(self, services: Services) -> None:
        super().__init__(
            schema,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
        )
        self._services = services
        self._log_id: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            _check_media_types(request)
            await _read_body(request)
            response = await self.run(request)
        except HTTPException as error:
            response = _failure(request, error.status_code, error.reason)
        except DatabaseUnavailable:
            response = _unavailable(request)
        await response(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except DatabaseUnavailable:
            # 1013: try again later.
            await WebSocket(scope, receive, send).close(1013, UNAVAILABLE.en)

    async def get_root_value(self, request: Request | WebSocket) -> None:
        return None

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        if self._log_id is None:
            self._log_id = (await self._services.log.head()).log_id
        context: Context

        async def authenticate() -> Principal | None:
            given = context.connection_params.get("authorization") or context.connection_params.get(
                "Authorization"
            )
            header = given if isinstance(given, str) else request.headers.get("authorization")
            return await _authenticate(self._services.access, header)

        context = Context(self._services, self._log_id, authenticate)
        return context

    def should_render_graphql_ide(self, request: Any) -> bool:
        wanted = request.headers.get("accept", "")
        return (
            request.method == "GET"
            and request.query_params.get("query") is None
            and "text/html" in wanted
        )

    async def render_graphql_ide(self, request: Request) -> Response:
        return HTMLResponse((GRAPHIQL / "index.html").read_text("utf-8"))

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        # What fails outside of execution, in an extension say, never met the presenter.
        if result.errors:
            result.errors = [
                error if "code" in (error.extensions or {}) else present_error(error)
                for error in result.errors
            ]
        return await super().process_result(request, result)

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        # Batched requests are off, so this is the answer to one operation.
        assert isinstance(response_data, dict)
        return _GraphQLResponse(response_data)


class _GraphQLResponse(Response):
    """An answer whose media type and status wait for the request's Accept header."""

    def __init__(self, data: GraphQLHTTPResponse) -> None:
        super().__init__()
        self._data = data

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        data: dict[str, Any] = dict(self._data)
        failed = bool(data.get("errors")) and data.get("data") is None
        # Before execution there is no data at all, not even null.
        if failed and not any(error.get("path") for error in data["errors"]):
            data.pop("data", None)
        status = 400 if failed and "data" not in data and _media_type(request) != JSON else 200
        headers = {}
        if any(_code(error) == "DATABASE_UNAVAILABLE" for error in data.get("errors") or ()):
            status, headers = 503, {"Retry-After": str(RETRY_AFTER_SECONDS)}
        await _json(request, data, status, headers)(scope, receive, send)


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    return (
        isinstance(message.get("id"), str)
        and isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )


async def _authenticate(access: AccessService, header: str | None) -> Principal | None:
    """Who sent the header; raises where it holds no key in force."""
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    principal = None
    if scheme.lower() == "bearer":
        principal = await access.authenticate(secret.strip())
    if principal is None:
        raise unauthenticated()
    return principal


def _accepted(request: Request) -> list[str]:
    header = request.headers.get("accept") or "*/*"
    return [part.split(";")[0].strip().lower() for part in header.split(",")]


def _media_type(request: Request) -> str:
    """The first of our media types that the client accepts; JSON where it accepts anything."""
    for accepted in _accepted(request):
        if accepted == GRAPHQL_RESPONSE:
            return GRAPHQL_RESPONSE
        if accepted in (JSON, "*/*", "application/*"):
            return JSON
    return JSON


def _check_media_types(request: Request) -> None:
    ours = {GRAPHQL_RESPONSE, JSON, "*/*", "application/*", "text/event-stream", "text/html"}
    if not ours & set(_accepted(request)):
        raise HTTPException(406, f"Accept one of {GRAPHQL_RESPONSE}, {JSON}, text/event-stream")
    if request.method == "POST":
        given = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if given != JSON:
            raise HTTPException(415, f"The body's Content-Type must be {JSON}")


async def _read_body(request: Request) -> None:
    """Read the body once, up to the limit; what reads it later gets the same bytes."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise HTTPException(413, f"A request has at most {LARGEST_BODY} bytes")
        parts.append(part)
    request._body = b"".join(parts)


def _code(error: Any) -> str | None:
    return (error.get("extensions") or {}).get("code")


def _failure(request: Request, status: int, reason: str) -> Response:
    shown = {"zh": f"{_ZH.get(status, '请求无效')}：{reason}", "en": reason}
    error = {
        "message": reason,
        "extensions": {"code": "BAD_REQUEST", "localizedMessage": shown},
    }
    headers = {"Allow": "GET, POST"} if status == 405 else {}  # noqa: PLR2004
    return _json(request, {"errors": [error]}, status, headers)


def _unavailable(request: Request) -> Response:
    error = {
        "message": UNAVAILABLE.en,
        "extensions": {
            "code": "DATABASE_UNAVAILABLE",
            "localizedMessage": {"zh": UNAVAILABLE.zh, "en": UNAVAILABLE.en},
            "retryAfterSeconds": RETRY_AFTER_SECONDS,
        },
    }
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return _json(request, {"errors": [error]}, 503, headers)


def _json(request: Request, data: Any, status: int, headers: dict[str, str]) -> Response:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Response(
        # An error may quote half a surrogate pair, which JSON can only say as an escape.
        text.encode(errors="backslashreplace"),
        status_code=status,
        media_type=f"{_media_type(request)}; charset=utf-8",
        headers=headers,
    )
