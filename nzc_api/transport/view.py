"""The GraphQL endpoint: GraphQL over HTTP as the specification has it, SSE and WebSocket."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, cast

from cross_web import AsyncHTTPRequestAdapter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.streaming import HTTPStreamTransport
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from nzc_api.access.principals import AccessDenied
from nzc_api.database.engine import DatabaseUnavailable, UnfitDatabase
from nzc_api.overload import Overloaded
from nzc_api.patience import Departed
from nzc_api.schema.engine.encoding import encode
from nzc_api.schema.engine.error_presenter import UNAVAILABLE, present_error
from nzc_api.schema.engine.followers import ShownEvent
from nzc_api.schema.engine.operations import why_not_executed
from nzc_api.schema.kit.context import Context, Execution, in_force, secret_of
from nzc_api.schema.loaders import Loaders
from nzc_api.schema.schema import schema
from nzc_api.services import Services
from nzc_api.transport.answers import (
    GraphQLResponse,
    RequestRefused,
    answered,
    refusal,
    response_of,
    unavailability,
)
from nzc_api.transport.clients import client_of
from nzc_api.transport.conditional import (
    AnswerBasis,
    Answers,
    headers_of,
    is_known,
    is_lasting,
    not_modified,
    product_tag_of,
    standing_of,
    tag_of,
)
from nzc_api.transport.event_stream import EventStream, PlacedResponse, resumed_after
from nzc_api.transport.graphiql import page
from nzc_api.transport.headers import first_of
from nzc_api.transport.health import Readiness
from nzc_api.transport.media_types import HTML
from nzc_api.transport.rates import Rates
from nzc_api.transport.repeats import Repeatable, repeatable_in
from nzc_api.transport.requests import (
    BY_URL,
    LimitedRequest,
    check_head,
    decode_json,
    read_operation,
    wants_stream,
)
from nzc_api.transport.websocket import WebSocketHandler

TRY_AGAIN_LATER = 1013

COST_HEADER = b"x-request-cost"


class GraphQLView(GraphQL[Context, None]):
    """Strawberry's view, with what the specification asks for and Strawberry leaves out."""

    request_adapter_class = LimitedRequest
    graphql_transport_ws_handler_class = WebSocketHandler
    stream_transport_classes_by_protocol: Mapping[str, type[HTTPStreamTransport]] = {
        GRAPHQL_SSE_PROTOCOL: EventStream
    }

    def __init__(
        self,
        services: Services,
        execution: Execution,
        readiness: Readiness,
        rates: Rates,
        answers: Answers,
    ) -> None:
        super().__init__(
            schema,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            # Our handler counts them, and says so in both languages.
            max_subscriptions_per_connection=None,
            allowed_origins=("*",),  # Others are refused before they come here.
        )
        self._services = services
        self._execution = execution
        self._readiness = readiness
        self.rates = rates
        self._answers = answers
        # Shared by all who call: those who call together are looked up together.
        self._loaders = Loaders(services)
        self._log_id: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except (ClientDisconnect, Departed):
            return  # Nobody is left to be answered.
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            if request.method in BY_URL:
                self._count(repeatable_in(request.scope))
            else:
                self.rates.check(client_of(request.scope))
            check_head(request)
            if self.should_render_graphql_ide(request):
                return page()
            if wants_stream(request):
                return await self.run(request)
            if request.method == "POST":
                return await self.operate(request)
            return await self._query(request)
        except RequestRefused as refused:
            return refusal(request, refused)
        except (DatabaseUnavailable, UnfitDatabase, Overloaded) as cause:
            return unavailability(request, cause)

    async def operate(self, request: Request) -> Response:
        """Answer an operation in one piece. Strawberry's way to it asks of every request which of half
        a dozen other things it might be."""
        context = await self.get_context(request)
        operation = await read_operation(request)
        result = await self._execute(request, context, operation)
        return response_of(request, await self.process_result(request, result))

    async def _query(self, request: Request) -> Response:
        """Answer a query that came by GET: not anew, where whoever asks has the answer, or we do."""
        operation = await read_operation(request)
        await self._readiness.sure()
        repeatable = repeatable_in(request.scope)
        standing, tag = None, product_tag_of(request, operation)
        headers = headers_of(request, tag, product=True)
        if tag is None:
            standing = await self._standing(repeatable)
            tag = standing and tag_of(request, standing)
            headers = headers_of(request, tag)
        kept = None if tag is None else self._kept(request, tag, headers)
        if kept is not None:
            repeatable.is_known = True
            return kept
        context = await self.get_context(request)
        result = await self._execute(request, context, operation)
        answer = await self.process_result(request, result)
        # It was answered as of a position from then to now.
        if tag is None or not is_lasting(operation, answer) or await self._moved(standing):
            return response_of(request, answer, headers_of(request, None))
        body = encode(answer)
        self._answers.keep(tag, body, len(body))
        return answered(request, body, headers)

    def _kept(self, request: Request, tag: str, headers: Mapping[str, str]) -> Response | None:
        """The answer of a tag, where whoever asks has it, or we do."""
        if is_known(request, tag):
            return not_modified(headers)
        kept: bytes | None = self._answers.find(tag)
        return None if kept is None else answered(request, kept, headers)

    async def stands(self, request: Repeatable, standing: AnswerBasis | None) -> bool:
        """Whether things stand as they did for who sends a request by GET; without a standing it is enough that it is
        let in. What is found otherwise is said by the answer to it."""
        try:
            self._count(request)
            await self._readiness.sure()
            return standing is None or await self._standing(request) == standing
        except (RequestRefused, DatabaseUnavailable, UnfitDatabase, Overloaded):
            return False

    def _count(self, request: Repeatable) -> None:
        """Count a request once as an operation of its client. Raises ``RequestRefused`` where that asks too often."""
        if not request.counted:
            self.rates.check(request.client)
            request.counted = True

    async def _standing(self, request: Repeatable) -> AnswerBasis | None:
        """How things stand for who asks, found once a request; None where its key is not in force."""
        if request.standing is None:
            authorization = request.client.authorization
            try:
                secret = None if authorization is None else secret_of(authorization)
                head, found = await self._services.access.head_and_principal(secret)
                principal = None if secret is None else in_force(found)
            except AccessDenied:
                return None
            request.standing = standing_of(head, principal)
        return request.standing

    async def _moved(self, standing: AnswerBasis | None) -> bool:
        """Whether the log went on, or is another one; for product data that does not matter."""
        if standing is None:
            return False
        now, _ = await self._services.access.head_and_principal(None)
        return (now.log_id, now.position) != (standing.log_id, standing.position)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except (DatabaseUnavailable, UnfitDatabase, Overloaded):
            await WebSocket(scope, receive, send).close(TRY_AGAIN_LATER, UNAVAILABLE.en)

    async def get_root_value(self, request: Request | WebSocket) -> None:
        return None

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket | None = None
    ) -> Context:
        await self._readiness.sure()
        if self._log_id is None:
            self._log_id = (await self._readiness.head()).log_id

        client = client_of(request.scope)._replace(resumed_after=resumed_after(request))
        return Context(
            services=self._services,
            log_id=self._log_id,
            client=client,
            loaders=self._loaders,
            execution=self._execution,
        )

    def should_render_graphql_ide(self, request: Any) -> bool:
        return (
            request.method in BY_URL
            and HTML in request.headers.get("accept", "")
            and request.query_params.get("query") is None
        )

    def decode_json(self, data: str | bytes) -> object:
        return decode_json(data)

    def encode_json(self, data: object) -> str:
        return encode(data).decode()

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        assert isinstance(request, LimitedRequest)
        operation = await read_operation(request.request)
        return replace(operation, protocol="sse") if wants_stream(request.request) else operation

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        return await self._execute(request, context, request_data)

    async def _execute(
        self, request: Request, context: Context, asked: GraphQLRequestData
    ) -> ExecutionResult:
        context.shows_cost = first_of(request.scope, COST_HEADER) == "1"
        context.departure = partial(departure_of, request)
        try:
            return await self.schema.execute(
                asked.query,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.operation_name,
                allowed_operation_types=(OperationType.QUERY, OperationType.MUTATION),
            )
        except (CannotGetOperationTypeError, InvalidOperationTypeError) as error:
            raise RequestRefused(400, why_not_executed(error)) from error

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        # What fails outside of execution, in an extension say, never met the presenter.
        if result.errors:
            result.errors = [
                error if "code" in (error.extensions or {}) else present_error(error)
                for error in result.errors
            ]
        response = await super().process_result(request, result)
        if isinstance(result, ShownEvent):
            return cast(GraphQLHTTPResponse, PlacedResponse(response, result.position))
        return response

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        # Batched requests are refused, so this is the answer to one operation.
        assert isinstance(response_data, dict)
        return GraphQLResponse(response_data)


async def departure_of(request: Request) -> None:
    """Return when the client has gone away; the request's body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
