"""Packs over HTTP: put together as they are sent, of what whoever asks sees, the same bytes of one position.

Each part is asked of the API as from without, so a pack of the server's is that of `nzc pack --evaluation`.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response

from nzc_api.ids import Position
from nzc_api.packs.pack import NOT_OPENED, Pack, pack_of_evaluation
from nzc_api.refusal import LocalizedText
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.asked import AskedAnew, when_there_is_room
from nzc_api.transport.documents import (
    AtOnce,
    DocumentFiles,
    answered,
    asker_of,
    attachment,
    seen,
    without_body,
)
from nzc_api.transport.leaving import Leaving
from nzc_api.transport.parameters import check_names, position_given
from nzc_api.transport.reports import ReportFiles
from nzc_api.transport.view import GraphQLView

# How many are made at once, and of these for one organisation or address. Each holds a part of itself in memory.
MOST_PACKS = 2
MOST_PACKS_FOR_ONE = 1

LONGEST_PACK = 1800  # seconds: it may have thousands of documents

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
        headers = attachment("application/zip", f"evaluation-{position}.zip", position)
        if request.method == "HEAD":
            return without_body(headers)  # The file itself would take long.
        whose = await asker_of(context, request)
        within = Within(
            view=self._view,
            request=request,
            whose=whose,
            documents=self._documents,
            reports=self._reports,
        )
        pack = await pack_of_evaluation(within, evaluation, position)
        parts = self._leave(pack, whose)
        first = await anext(parts)  # Where there is none, that is told.
        return Leaving(first=first, rest=parts, headers=headers, longest=LONGEST_PACK)

    async def _leave(self, pack: Pack, whose: object) -> AsyncGenerator[bytes, None]:
        with self._made.one(whose):
            async with aclosing(pack.made()) as made:
                async for part in made:
                    yield part


class Within(AskedAnew):
    """The API as a pack asks it from within, with its files."""

    def __init__(
        self,
        view: GraphQLView,
        request: Request,
        whose: object,
        documents: DocumentFiles,
        reports: ReportFiles,
    ) -> None:
        super().__init__(view, request)
        self._whose = whose
        self._documents = documents
        self._reports = reports

    async def document(self, document: str) -> AsyncIterator[bytes] | None:
        return await self._documents.kept(await self.context(), document)

    async def report(self, inventory: str, position: Position) -> AsyncIterator[bytes] | None:
        async def answer() -> bytes | None:
            return await self._reports.pdf(await self.context(), self._whose, inventory, position)

        made = await when_there_is_room(answer)
        return None if made is None else _one(made)


async def _one(part: bytes) -> AsyncIterator[bytes]:
    yield part
