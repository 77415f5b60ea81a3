"""Reading a request: what is not well-formed is refused before anything is executed."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NoReturn

from cross_web import StarletteRequestAdapter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from strawberry.http import GraphQLRequestData
from strawberry.types.graphql import OperationType

from nzc_api.refusal import LocalizedText
from nzc_api.schema.engine.operations import NO_QUERY, NOT_THIS_WAY, is_mutation
from nzc_api.transport.answers import RequestRefused, method_not_allowed
from nzc_api.transport.headers import first_of
from nzc_api.transport.media_types import (
    ANSWERS,
    EVENT_STREAM,
    GRAPHQL_RESPONSE,
    HTML,
    JSON,
    plain,
    preferred,
)

LARGEST_BODY = 4 * 1024 * 1024

# What begins a value in JSON. Decoding a hundred thousand of them takes a tenth of a second, in which
# nobody else is answered.
MARKS = (",", "[", "{")
MOST_MARKS = 100_000

# A HEAD is a GET whose answer has no body.
BY_URL = ("GET", "HEAD")
METHODS = (*BY_URL, "POST")

# What may be answered, and that of it which may be liked best where a stream may be.
TAKEN = (*ANSWERS, EVENT_STREAM, HTML)
STREAMED = (*ANSWERS, EVENT_STREAM)

NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")

NOT_THE_METHOD = LocalizedText("仅支持GET和POST请求", "Requests are sent by GET or POST")
NOT_ACCEPTABLE = LocalizedText(
    f"Accept须包含{GRAPHQL_RESPONSE}、{JSON}或{EVENT_STREAM}",
    f"Accept one of {GRAPHQL_RESPONSE}, {JSON} and {EVENT_STREAM}",
)
NOT_THE_CONTENT = LocalizedText(
    f"请求体的Content-Type须为{JSON}", f"The body's Content-Type must be {JSON}"
)
TOO_LARGE = LocalizedText(
    f"请求体最多{LARGEST_BODY}字节", f"A request has at most {LARGEST_BODY} bytes"
)
TOO_MANY_VALUES = LocalizedText(
    f"请求体中的值最多{MOST_MARKS}个", f"A request has at most {MOST_MARKS} values"
)
NO_JSON = LocalizedText("请求不是可读的JSON", "The request holds no JSON that can be read")
NO_BATCH = LocalizedText("一次请求只能有一个操作", "A request holds one operation, not a list")
NO_OBJECT = LocalizedText("请求体须为JSON对象", "The body must be a JSON object")
NO_STRING = LocalizedText("query须为字符串", "`query` must be a string")
NO_NAME = LocalizedText(
    "operationName须为GraphQL名称或null", "`operationName` must be a GraphQL name or null"
)
NO_VARIABLES = LocalizedText(
    "variables须为JSON对象或null", "`variables` must be a JSON object or null"
)
NO_EXTENSIONS = LocalizedText(
    "extensions须为JSON对象或null", "`extensions` must be a JSON object or null"
)

# The members of a request: what each may be, and what is said if it is not.
MEMBERS: Mapping[str, tuple[type, LocalizedText]] = {
    "query": (str, NO_STRING),
    "operationName": (str, NO_NAME),
    "variables": (dict, NO_VARIABLES),
    "extensions": (dict, NO_EXTENSIONS),
}


class LimitedRequest(StarletteRequestAdapter):
    """A request as Strawberry reads it, whose body is read up to the limit."""

    @property
    def request(self) -> Request:
        return self._request

    async def get_body(self) -> bytes:
        return await _body_of(self._request)


def check_head(request: Request) -> None:
    """Refuse what its method or its media types make hopeless."""
    if request.method not in METHODS:
        raise method_not_allowed(NOT_THE_METHOD, ", ".join(METHODS))
    if preferred(first_of(request.scope, b"accept"), TAKEN) is None:
        raise RequestRefused(406, NOT_ACCEPTABLE)
    if request.method == "POST" and plain(first_of(request.scope, b"content-type")) != JSON:
        raise RequestRefused(415, NOT_THE_CONTENT)


def wants_stream(request: Request) -> bool:
    """Whether the client likes a stream of events best; of a HEAD there would be nothing to stream."""
    if request.method == "HEAD":
        return False
    return preferred(first_of(request.scope, b"accept"), STREAMED) == EVENT_STREAM


async def read_operation(request: Request) -> GraphQLRequestData:
    """The operation that a request asks for, to be answered in one piece."""
    if request.method == "POST":
        asked = _asked(_json(await _body_of(request)))
    else:
        asked = _asked_by_url(request.scope["query_string"])
    return GraphQLRequestData(**asked, protocol="http")


# Who asks again and again asks by the same URL, which is no longer than a head may be.
@lru_cache(maxsize=256)
def _asked_by_url(query_string: bytes) -> Mapping[str, Any]:
    # Empty means absent.
    given: dict[str, Any] = {
        name: value for name, value in QueryParams(query_string).items() if value
    }
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _json(given[name])
    asked = _asked(given)
    if is_mutation(asked["query"], asked["operation_name"]):
        raise method_not_allowed(NOT_THIS_WAY[OperationType.MUTATION], "POST")
    return asked


async def _body_of(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise RequestRefused(413, TOO_LARGE)
        parts.append(part)
    return b"".join(parts)


class TooManyValues(json.JSONDecodeError):
    """JSON of more values than are decoded."""


def decode_json(text: str | bytes) -> Any:
    """Decode JSON. Raises ``JSONDecodeError`` for all that cannot be: no JSON, no UTF-8, numbers too
    long or lists too deep for the decoder, and the constants that only Python knows; of these
    ``TooManyValues`` where it is not even tried."""
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text), "surrogatepass")
        _check_values(text)
        return _DECODER.decode(text)
    except TooManyValues:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError(NO_JSON.en, "", 0) from error


def _check_values(text: str) -> None:
    if sum(map(text.count, MARKS)) > MOST_MARKS:
        raise TooManyValues(TOO_MANY_VALUES.en, "", 0)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


# Python's own `loads` would make one for every request.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _json(text: str | bytes) -> Any:
    try:
        return decode_json(text)
    except TooManyValues as error:
        raise RequestRefused(413, TOO_MANY_VALUES) from error
    except json.JSONDecodeError as error:
        raise RequestRefused(400, NO_JSON) from error


def _asked(given: Any) -> Mapping[str, Any]:
    """The members of a request, which may be as they are."""
    if not isinstance(given, dict):
        raise RequestRefused(400, NO_BATCH if isinstance(given, list) else NO_OBJECT)
    for member, (kind, message) in MEMBERS.items():
        if not isinstance(given.get(member), kind | None):
            raise RequestRefused(400, message)
    if not given.get("query"):
        raise RequestRefused(400, NO_QUERY)
    name = given.get("operationName") or None
    if name is not None and not NAME.fullmatch(name):
        raise RequestRefused(400, NO_NAME)
    return {
        "query": given["query"],
        "variables": given.get("variables"),
        "operation_name": name,
        "extensions": given.get("extensions"),
    }
