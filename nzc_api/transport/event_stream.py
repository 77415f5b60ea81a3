"""Server-sent events whose ids are positions of the log, and what a stream is resumed after."""

import re
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.websockets import WebSocket
from strawberry.http import GraphQLHTTPResponse
from strawberry.http.streaming import SSETransport

from nzc_api.ids import Position
from nzc_api.refusal import LocalizedText
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.headers import first_of
from nzc_api.transport.requests import wants_stream

HIGHEST = 2**63 - 1

NO_POSITION = LocalizedText(
    f"Last-Event-ID须为日志中的位置，0至{HIGHEST}的整数",
    f"`Last-Event-ID` must be a position of the log, an integer from 0 to {HIGHEST}",
)

_POSITION = re.compile("[0-9]{1,19}")


class PlacedResponse(dict[str, Any]):
    """The response to an event, and its position."""

    def __init__(self, response: GraphQLHTTPResponse, position: Position) -> None:
        super().__init__(response)
        self.position = position


class EventStream(SSETransport):
    """Server-sent events; the id of each is its position."""

    def encode_next(
        self, response: GraphQLHTTPResponse, encode_json: Callable[[object], str]
    ) -> str:
        event = super().encode_next(response, encode_json)
        if isinstance(response, PlacedResponse):
            return f"id: {response.position}\r\n{event}"
        return event


def resumed_after(request: Request | WebSocket) -> int | None:
    """The position of the last event that the client of a stream says it got."""
    text = first_of(request.scope, b"last-event-id")
    if not text or not isinstance(request, Request) or not wants_stream(request):
        return None
    if not _POSITION.fullmatch(text) or int(text) > HIGHEST:
        raise RequestRefused(400, NO_POSITION)
    return int(text)
