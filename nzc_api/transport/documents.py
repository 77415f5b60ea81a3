"""The bytes of documents over HTTP: handed in whole under their hash, and served to who sees the document.

What is served is inert: an attachment, of a type from a short list, of which no browser guesses another.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from nzc_api.access.principals import AccessDenied
from nzc_api.database.engine import DatabaseUnavailable, UnfitDatabase
from nzc_api.documents.model import KeptDocument, NewUpload
from nzc_api.documents.objects import StoreFailed, StoreFull
from nzc_api.documents.rules import MEDIA_TYPES
from nzc_api.documents.upload_rules import KEPT_UNATTACHED, TooManyUploads
from nzc_api.documents.uploads import UploadService
from nzc_api.ids import Position
from nzc_api.overload import Overloaded
from nzc_api.patience import Departed
from nzc_api.refusal import LocalizedText, NotFound, Refused
from nzc_api.schema.kit.context import Context
from nzc_api.transport.answers import RequestRefused, presented, refusal, unavailability
from nzc_api.transport.asked import RequestQuestions
from nzc_api.transport.clients import client_of
from nzc_api.transport.conditional import is_known
from nzc_api.transport.leaving import Leaving
from nzc_api.transport.media_types import plain
from nzc_api.transport.view import GraphQLView

# How many files a process takes in, and gives out, at once; and of these one organisation, or, who has no key, one
# address: who reads slowly, or not at all, would leave no room for others.
MOST_UPLOADS = 8
MOST_UPLOADS_OF_ONE = 2
MOST_DOWNLOADS = 32
MOST_DOWNLOADS_OF_ONE = 8

# With which status what is told is told; all else is 400.
STATUSES = {
    "TRY_AGAIN": 503,
    "TIMED_OUT": 504,
    "INTERNAL_ERROR": 500,
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "DOCUMENT_TOO_LARGE": 413,
    "DOCUMENT_TYPE_NOT_ACCEPTED": 415,
}

# Where a document is seen, so are its bytes: it is asked for as anybody asks for it.
SEEN = "query ($id: ID!) { node(id: $id) { ... on Document { position } } }"

BYTES_NOT_KEPT = LocalizedText(
    "该文件的内容不在此处：只登记了其SHA-256，或上传它的不是附上它的单位",
    "The bytes of this document are not here: only its SHA-256 was registered, or they were not uploaded by who "
    "attached it",
)

# Whatever a browser takes the bytes for, it neither runs nor shows them.
INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class AtOnce:
    """So many at once, and of one of those who ask; who comes then is told to come again."""

    def __init__(self, most: int, of_one: int) -> None:
        self._most = most
        self._of_one = of_one
        self._under_way: dict[object, int] = {}

    @contextmanager
    def one(self, whose: object) -> Iterator[None]:
        """One of them, during the block; raises ``Overloaded`` where there are as many as may be."""
        own = self._under_way.get(whose, 0)
        if own >= self._of_one or sum(self._under_way.values()) >= self._most:
            raise Overloaded
        self._under_way[whose] = own + 1
        try:
            yield
        finally:
            self._under_way[whose] -= 1
            if not self._under_way[whose]:
                del self._under_way[whose]


class DocumentFiles:
    """Answers for the bytes of documents; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView, uploads: UploadService) -> None:
        self._view = view
        self._uploads = uploads
        self._arriving = AtOnce(MOST_UPLOADS, MOST_UPLOADS_OF_ONE)
        self._leaving = AtOnce(MOST_DOWNLOADS, MOST_DOWNLOADS_OF_ONE)

    async def upload(self, request: Request) -> Response:
        """`POST /documents?sha256=…`, with the bytes as the body."""
        return await answered(self._view, request, self._receive)

    async def download(self, request: Request) -> Response:
        """`GET /documents/{id}`."""
        return await answered(self._view, request, self._send)

    async def _receive(self, request: Request) -> Response:
        given = NewUpload(
            request.query_params.get("sha256", ""),
            plain(request.headers.get("content-type")),
            _length(request),
        )
        context = await self._context(request)
        caller = await self._uploads.check(await context.principal(), given)
        with self._arriving.one(caller.organisation_id):
            kept = await self._uploads.receive(caller, given.sha256, _body(request))
        until = kept.received_at + KEPT_UNATTACHED
        return JSONResponse(
            {
                "sha256": kept.sha256,
                "size": str(kept.size),
                # What is attached by then is kept for good.
                "attachBefore": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            201,
        )

    async def _send(self, request: Request) -> Response:
        context = await self._context(request)
        position = await self._seen(context, request.path_params["id"])
        kept = await context.loaders.kept_document.load(position)
        if kept is None:
            raise RequestRefused(404, BYTES_NOT_KEPT, "DOCUMENT_BYTES_NOT_KEPT")
        headers = headers_of(kept)
        if is_known(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if request.method == "HEAD":
            return Response(headers=headers | {"Content-Length": str(kept.size)})
        parts = self._leave(kept, await asker_of(context, request))
        first = await anext(parts)  # Where there is none, that is told.
        return Leaving(first, parts, headers | {"Content-Length": str(kept.size)})

    async def kept(self, context: Context, document: str) -> AsyncIterator[bytes] | None:
        """The bytes of a document that whoever asks sees; None where they are not here."""
        found = await context.loaders.kept_document.load(await self._seen(context, document))
        return None if found is None else self._uploads.open(found.sha256)

    async def _leave(self, kept: KeptDocument, whose: object) -> AsyncGenerator[bytes, None]:
        with self._leaving.one(whose):
            async for part in self._uploads.open(kept.sha256):
                yield part

    async def _seen(self, context: Context, document: str) -> int:
        """The position of a document that whoever asks sees."""
        found = await seen(self._view, context, SEEN, document, "文件", "document")
        return int(found["position"])

    async def _context(self, request: Request) -> Context:
        return await self._view.get_context(request, Response())


async def answered(
    view: GraphQLView, request: Request, answer: Callable[[Request], Awaitable[Response]]
) -> Response:
    """What is answered to a request of something beside GraphQL; failures are told as GraphQL's are."""
    try:
        view.rates.check(client_of(request.scope))
        return await answer(request)
    except (ClientDisconnect, Departed):
        return Response(status_code=400)  # Nobody is left to be answered.
    except (RequestRefused, TooManyUploads, StoreFailed) as refused:
        return refusal(request, _refused(refused))
    except (DatabaseUnavailable, UnfitDatabase, Overloaded) as cause:
        return unavailability(request, cause)
    except (Refused, AccessDenied) as cause:
        return presented(request, GraphQLError("", original_error=cause), STATUSES)
    except GraphQLError as error:
        return presented(request, error, STATUSES)


async def seen(
    view: GraphQLView, context: Context, query: str, given: str, kind_zh: str, kind_en: str
) -> Any:
    """What a query shows of a node to whoever asks; raises ``Refused`` where they see none of the kind."""
    node = (await RequestQuestions(view, context).ask(query, id=given))["node"]
    if not node:
        raise Refused(NotFound(path=("id",), value=given[:80], kind_zh=kind_zh, kind_en=kind_en))
    return node


async def asker_of(context: Context, request: Request) -> object:
    """Of whom ``AtOnce`` counts: the organisation that asks, or, who has no key, the address."""
    caller = await context.principal()
    return client_of(request.scope).address if caller is None else caller.organisation_id


def without_body(headers: dict[str, str]) -> Response:
    """The answer to who asks for no bytes, where only making them would tell how many there are."""
    answer = Response(headers=headers)
    del answer.headers["Content-Length"]
    return answer


def headers_of(kept: KeptDocument) -> dict[str, str]:
    """What a document is served with."""
    is_listed = kept.media_type in MEDIA_TYPES
    media_type = kept.media_type if is_listed else "application/octet-stream"
    return attachment(media_type, kept.name) | {
        "ETag": f'"{kept.sha256}"',
        "Accept-Ranges": "none",
    }


def attachment(media_type: str, name: str, as_of: Position | None = None) -> dict[str, str]:
    """What a file is served with, of a position if it is. Its bytes hardly change, but who sees it may."""
    return INERT | {
        "Content-Type": media_type,
        "Content-Disposition": disposition_of(name),
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization",
        **({} if as_of is None else {"NZC-As-Of-Position": str(as_of)}),
    }


def _refused(error: RequestRefused | TooManyUploads | StoreFailed) -> RequestRefused:
    match error:
        case TooManyUploads():
            return RequestRefused(429, error.message, "TOO_MANY_UPLOADS")
        case StoreFull():
            return RequestRefused(507, error.message, "DOCUMENTS_FULL")
        case StoreFailed():
            return RequestRefused(503, error.message, "DOCUMENTS_UNAVAILABLE")
        case RequestRefused():
            return error


def _length(request: Request) -> int | None:
    given = request.headers.get("content-length")
    return None if given is None else int(given)


async def _body(request: Request) -> AsyncIterator[bytes]:
    async for part in request.stream():
        if part:
            yield part


def disposition_of(name: str) -> str:
    """An attachment of that name (RFC 6266), in ASCII for who knows no better."""
    plainly = "".join(
        c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name
    )
    return f"attachment; filename=\"{plainly}\"; filename*=UTF-8''{quote(name, safe='')}"
