"""What is answered over HTTP: its status, its media type, its JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.http import GraphQLHTTPResponse

from nzc_api.documents.objects import StoreFailed
from nzc_api.refusal import LocalizedText
from nzc_api.schema.engine.encoding import encode
from nzc_api.schema.engine.error_presenter import RETRY_AFTER_SECONDS, present_error
from nzc_api.schema.kit.told import told
from nzc_api.transport.headers import first_of
from nzc_api.transport.media_types import ANSWERS, JSON, preferred

# What goes away by itself, or by what the operator does; of what was asked, nothing is to be trusted.
AWAY = {"DATABASE_UNAVAILABLE", "HISTORY_DIVERGED", "COMMIT_UNCONFIRMED"}


class RequestRefused(Exception):
    """A request of which nothing is executed: the status of its answer, and why."""

    def __init__(
        self,
        status: int,
        message: LocalizedText,
        code: str = "BAD_REQUEST",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message.en)
        self.status = status
        self.message = message
        self.code = code
        self.headers = headers or {}


def method_not_allowed(message: LocalizedText, allow: str) -> RequestRefused:
    """A request by a method that its address does not take; ``allow``: those that it takes."""
    return RequestRefused(
        status=405, message=message, code="METHOD_NOT_ALLOWED", headers={"Allow": allow}
    )


class GraphQLResponse(Response):
    """The answer to an operation; its media type and status wait for the request's Accept header."""

    def __init__(self, answer: GraphQLHTTPResponse) -> None:
        super().__init__()
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await response_of(Request(scope), self._answer)(scope, receive, send)


def response_of(
    request: Request, answer: GraphQLHTTPResponse, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to an operation, as its request accepts it."""
    if not answer.get("errors"):
        return _json(request, answer, 200, headers)
    data: dict[str, Any] = dict(answer)
    failed = data.get("data") is None
    # Before execution there is no data at all, not even null.
    if failed and not any(error.get("path") for error in data["errors"]):
        data.pop("data", None)
    codes = set(map(_code, data["errors"]))
    if codes & AWAY or ("TRY_AGAIN" in codes and failed):
        return _unavailable(request, data)
    if "TIMED_OUT" in codes:
        return _json(request, data, 504, headers)
    bad = failed and "data" not in data and _media_type(request) != JSON
    return _json(request, data, 400 if bad else 200, headers)


def answered(request: Request, body: bytes, headers: Mapping[str, str]) -> Response:
    """The answer to an operation that is whole, as JSON already."""
    return _sent(request, body, 200, headers)


def refusal(request: Request, refused: RequestRefused) -> Response:
    """The answer to a request of which nothing is executed."""
    return _json(request, _errors([shown(refused)]), refused.status, refused.headers)


def presented(request: Request, error: GraphQLError, statuses: Mapping[str, int]) -> Response:
    """The answer that is an error and nothing else, with the status of its code; 400 where it has none. Where in a
    document it arose is not told: nobody sent one."""
    problem = shown(error)
    code = (problem.extensions or {}).get("code", "")
    if code in AWAY:
        return _unavailable(request, _errors([problem]))
    return _json(request, _errors([problem]), statuses.get(code, 400))


def shown(cause: Exception) -> GraphQLError:
    """What is told of a failure beside GraphQL, wherever it was; of what NZC did not expect, its number in the log."""
    match cause:
        case RequestRefused():
            return told(cause.code, cause.message)
        case StoreFailed():
            return told("DOCUMENTS_UNAVAILABLE", cause.message)
        case GraphQLError():
            is_coded = "code" in (cause.extensions or {})
            found = cause if is_coded else present_error(cause)
        case _:
            found = present_error(GraphQLError("", original_error=cause))
    return GraphQLError(found.message, extensions=found.extensions)


def unavailability(request: Request, cause: Exception) -> Response:
    """The answer where there is no database to ask."""
    return _unavailable(request, _errors([shown(cause)]))


def _errors(errors: Sequence[GraphQLError]) -> dict[str, Any]:
    return {"errors": [error.formatted for error in errors]}


def _unavailable(request: Request, data: Mapping[str, Any]) -> Response:
    waits = [_wait(error) for error in data.get("errors") or ()]
    return _json(request, data, 503, {"Retry-After": str(max(waits, default=RETRY_AFTER_SECONDS))})


def _wait(error: Any) -> int:
    """After how many seconds an error says to come again."""
    seconds: int = (error.get("extensions") or {}).get("retryAfterSeconds", RETRY_AFTER_SECONDS)
    return seconds


def _code(error: Any) -> str | None:
    return (error.get("extensions") or {}).get("code")


def _media_type(request: Request) -> str:
    """What the client likes best; JSON where it accepts none of ours, to be told so."""
    return preferred(first_of(request.scope, b"accept"), ANSWERS) or JSON


def _json(
    request: Request,
    data: GraphQLHTTPResponse | Mapping[str, Any],
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return _sent(request, encode(data), status, headers)


def _sent(
    request: Request, body: bytes, status: int, headers: Mapping[str, str] | None
) -> Response:
    return Response(
        body,
        status_code=status,
        media_type=f"{_media_type(request)}; charset=utf-8",
        headers=headers,
    )
