"""Packs over HTTP: put together as they are sent, of what whoever asks sees, the same bytes of one position.

Each part is asked of the API as from without, so a pack of the server's is that of `nzc pack --evaluation`.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response
from strawberry.types.graphql import OperationType

from nzc_api.feed.service import RETRY_SECONDS
from nzc_api.overload import Overloaded
from nzc_api.packs.pack import NOT_OPENED, Pack, pack_of_evaluation
from nzc_api.refusal import LocalizedText
from nzc_api.schema.engine.encoding import encode
from nzc_api.schema.kit.context import Context
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.documents import (
    INERT,
    AtOnce,
    DocumentFiles,
    Leaving,
    answered,
    asker_of,
    disposition_of,
    seen,
    without_body,
)
from nzc_api.transport.parameters import check_names
from nzc_api.transport.reports import ReportFiles, position_given
from nzc_api.transport.view import GraphQLView

T = TypeVar("T")

# How many are made at once, and of these for one organisation or address. Each holds a part of itself in memory.
MOST_PACKS = 2
MOST_PACKS_FOR_ONE = 1

LONGEST_PACK = 1800  # seconds: it may have thousands of documents

# How often a part is asked for where the server has too much to do.
ATTEMPTS = 30

# Who sees an evaluation sees its pack: it is asked for as anybody asks for it.
SEEN = "query ($id: ID!) { node(id: $id) { ... on Evaluation { position } } }"


class PackFiles:
    """Answers for packs; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView, documents: DocumentFiles, reports: ReportFiles) -> None:
        self._view = view
        self._documents = documents
        self._reports = reports
        self._made = AtOnce(MOST_PACKS, MOST_PACKS_FOR_ONE)

    async def download(self, request: Request) -> Response:
        """`GET /evaluations/{id}/pack.zip?asOf=…`."""
        return await answered(self._view, request, self._send)

    async def _send(self, request: Request) -> Response:
        check_names(request, "asOf")
        context = await self._view.get_context(request, Response())
        position = await context.as_of(position_given(request))
        evaluation = request.path_params["id"]
        found = await seen(self._view, context, SEEN, evaluation, "评价", "evaluation")
        if int(found["position"]) > position:
            raise RequestRefused(404, LocalizedText(*NOT_OPENED), "EVALUATION_NOT_OPENED")
        headers = _headers(position)
        if request.method == "HEAD":
            return without_body(headers)  # The file itself would take long.
        whose = await asker_of(context, request)
        within = Within(self._view, request, whose, self._documents, self._reports)
        pack = await pack_of_evaluation(within, evaluation, position)
        parts = self._leave(pack, whose)
        first = await anext(parts)  # Where there is none, that is told.
        return Leaving(first, parts, headers, LONGEST_PACK)

    async def _leave(self, pack: Pack, whose: object) -> AsyncGenerator[bytes, None]:
        with self._made.one(whose):
            async with aclosing(pack.made()) as made:
                async for part in made:
                    yield part


class Within:
    """The API as a pack asks it from within, for whoever sent a request: their key is looked at anew each time."""

    def __init__(
        self,
        view: GraphQLView,
        request: Request,
        whose: object,
        documents: DocumentFiles,
        reports: ReportFiles,
    ) -> None:
        self._view = view
        self._request = request
        self._whose = whose
        self._documents = documents
        self._reports = reports

    async def ask(self, query: str, **given: Any) -> Any:
        result = await self._when_there_is_room(
            lambda context: self._view.schema.execute(
                query,
                variable_values=given,
                context_value=context,
                allowed_operation_types=(OperationType.QUERY,),
            )
        )
        for error in result.errors or ():
            raise error
        return orjson.loads(encode(result.data))  # What was reckoned apart is JSON already.

    async def document(self, document: str) -> AsyncIterator[bytes] | None:
        return await self._documents.kept(await self._context(), document)

    async def report(self, inventory: str, position: int) -> AsyncIterator[bytes] | None:
        made = await self._when_there_is_room(
            lambda context: self._reports.pdf(context, self._whose, inventory, position)
        )
        return None if made is None else _one(made)

    async def _context(self) -> Context:
        return await self._view.get_context(self._request, Response())

    async def _when_there_is_room(self, work: Callable[[Context], Awaitable[T]]) -> T:
        """What work returns; where the server has too much to do for the moment, a little later."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await work(await self._context())
            except Overloaded:
                await asyncio.sleep(RETRY_SECONDS)
        return await work(await self._context())


async def _one(part: bytes) -> AsyncIterator[bytes]:
    yield part


def _headers(position: int) -> dict[str, str]:
    return INERT | {
        "Content-Type": "application/zip",
        "Content-Disposition": disposition_of(f"evaluation-{position}.zip"),
        # Of a position it hardly changes, but who sees it may.
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization",
        "NZC-As-Of-Position": str(position),
    }
