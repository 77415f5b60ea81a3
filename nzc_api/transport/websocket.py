"""graphql-transport-ws: what Strawberry's handler leaves out."""

from typing import Any

from graphql import GraphQLError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import SubscribeMessage

from nzc_api.refusal import LocalizedText
from nzc_api.schema.kit.context import Context
from nzc_api.schema.kit.told import told
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.rates import Rates
from nzc_api.transport.request_log import operation as told_of

# How many operations a connection may have under way.
MOST_OPERATIONS = 100

TOO_MANY = LocalizedText(
    f"一个连接最多同时有{MOST_OPERATIONS}个操作",
    f"A connection has at most {MOST_OPERATIONS} operations at a time",
)


class WebSocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """Closes with 4400 where a frame is JSON and yet no message, instead of failing, and says in both
    languages that there are too many operations."""

    async def handle_message(self, message: Any) -> None:
        if not _is_message(message):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        # Who was not let in, or uses a name twice, hears of that first.
        regular = self.connection_acknowledged and message["id"] not in self.operations
        refused = self._refused() if regular else None
        if refused is None:
            await super().handle_subscribe(message)
            return
        await self.send_message(
            {"id": message["id"], "type": "error", "payload": [refused.formatted]}
        )

    def _refused(self) -> GraphQLError | None:
        """Why one more operation is not taken; None where it is."""
        if len(self.operations) >= MOST_OPERATIONS:
            return told("TOO_MANY_OPERATIONS", TOO_MANY)
        try:
            rates: Rates = self.view.rates  # type: ignore[attr-defined]
            rates.check(self.context.client)
        except RequestRefused as refused:
            return told(refused.code, refused.message)
        return None

    async def handle_task_exception(self, error: Exception) -> None:
        # Nobody is at fault where a client went away while it was being sent something.
        if not _is_gone(error):
            await super().handle_task_exception(error)

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        with told_of():
            await super().run_operation(operation)


def _is_gone(error: Exception) -> bool:
    """Whether the socket was closed: by the client, or by uvicorn where that answered no ping."""
    by_us = isinstance(error, RuntimeError) and "after sending 'websocket.close'" in str(error)
    return by_us or isinstance(error, WebSocketDisconnected)


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    match message["type"]:
        case "subscribe":
            return isinstance(message.get("id"), str) and _is_operation(message.get("payload"))
        case "complete":
            return isinstance(message.get("id"), str)
        case _:
            return True


def _is_operation(payload: Any) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
