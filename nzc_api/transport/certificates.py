"""Certificates of retirements over HTTP: a page for anybody that says what is so now, a file that proves itself, and a
document."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from nzc_api.ids import Position
from nzc_api.refusal import InvalidInput, LocalizedText, Refused
from nzc_api.reports.files import NOT_INSTALLED
from nzc_api.retirement_certificates.model import Certificate
from nzc_api.retirement_certificates.page import POLICY, page_of, page_of_message
from nzc_api.retirement_certificates.sheet import sheet_of
from nzc_api.schema.kit.context import Context
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.documents import (
    AtOnce,
    answered,
    asker_of,
    attachment,
    without_body,
)
from nzc_api.transport.parameters import check_names, position_given
from nzc_api.transport.view import GraphQLView

# How many documents are made at once, and of these for one organisation or, who has no key, for one address.
MOST_MADE = 2
MOST_MADE_FOR_ONE = 1

RETRY_SECONDS = 1

# How long an address may be that a QR code leads to.
LONGEST_BASE = 1_000

NEEDS = ("typst", "pylopdf_fonts_zh_cn", "segno")

UNKNOWN = LocalizedText(
    "没有编号为“{number}”的注销证明：编号形如NZC-f8e65c1045f240e-120，其中前段是日志的编号，后段是注销记录或核算期的位置，且该核算期须有注销",
    "There is no certificate with the number “{number}”: one is like NZC-f8e65c1045f240e-120, with the id of the log "
    "and the position of a retirement, or of an accounting period for which something was retired",
)
NOT_PROVEN = LocalizedText(
    "日志尚未为该注销签发检查点：通常在一秒左右之后，请稍后再取",
    "The log has no checkpoint over this retirement yet: it has one within a second or so; ask again then",
)

PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # What it says changes, and so does who sees it.
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization",
}


@dataclass(frozen=True, slots=True)
class CertificateAsked:
    """What is asked for: by a number, as of a position where one is given."""

    number: str
    as_of: int | None

    @property
    def query(self) -> str:
        return "" if self.as_of is None else f"?asOf={self.as_of}"


class CertificateFiles:
    """Answers for certificates; who asks, and what that sees, is the view's to say. ``address``: where NZC is reached
    from outside, for QR codes; None: where it was asked."""

    def __init__(self, view: GraphQLView, address: str | None) -> None:
        self._view = view
        self._address = address
        self._made = AtOnce(MOST_MADE, MOST_MADE_FOR_ONE)
        # Where a client goes away, what it asked for is made to its end: no more than these at once.
        self._makers = ThreadPoolExecutor(MOST_MADE, "certificate")

    @property
    def routes(self) -> list[Route]:
        """`GET /certificates/{number}`, and with `.json` or `.pdf` after it; `?asOf=`."""
        answers = {".json": self._json, ".pdf": self._pdf, "": self._page}
        return [
            Route(f"/certificates/{{number}}{suffix}", partial(self._get, answer), methods=["GET"])
            for suffix, answer in answers.items()
        ]

    async def _get(
        self, answer: Callable[[Context, Request], Awaitable[Response]], request: Request
    ) -> Response:
        async def given(request: Request) -> Response:
            context = await self._view.get_context(request, Response())
            return await answer(context, request)

        return await answered(self._view, request, given)

    async def _page(self, context: Context, request: Request) -> Response:
        try:
            asked = _asked(request)
            now = shown = await _read(context, asked, await context.now())
            if asked.as_of is not None:
                shown = await _read(context, asked, await context.as_of(asked.as_of))
        except RequestRefused as refused:
            return _html(page_of_message(refused.message), refused.status)
        except Refused as refused:
            return _html(page_of_message(refused.refusal.message), 400)
        page = await asyncio.to_thread(_page_of, shown, now, asked)
        return _html(page)

    async def _json(self, context: Context, request: Request) -> Response:
        certificate = await _provable(context, _asked(request))
        document = await _document(context, certificate)
        headers = _headers(certificate, "json", "application/json")
        return Response(document, headers=headers)

    async def _pdf(self, context: Context, request: Request) -> Response:
        if not all(find_spec(module) for module in NEEDS):
            raise RequestRefused(501, NOT_INSTALLED, "REPORTS_NOT_INSTALLED")
        with self._made.one(await asker_of(context, request)):
            certificate = await _provable(context, _asked(request))
            headers = _headers(certificate, "pdf", "application/pdf")
            if request.method == "HEAD":
                return without_body(headers)  # The file itself would take seconds.
            document = await _document(context, certificate)
            make = partial(_pdf_of, certificate, self._page_of(certificate, request), document)
            made = await asyncio.get_running_loop().run_in_executor(self._makers, make)
        return Response(made, headers=headers)

    def _page_of(self, certificate: Certificate, request: Request) -> str:
        """The address of the page of this version."""
        base = (self._address or str(request.base_url)).rstrip("/")
        if len(base) > LONGEST_BASE:  # Of the `Host` that whoever asks says.
            raise Refused(
                InvalidInput(
                    path=("host",),
                    value=base[:80],
                    expected_zh=f"最多{LONGEST_BASE}个字符的地址，供二维码使用",
                    expected_en=f"an address of at most {LONGEST_BASE} characters, for the QR code",
                )
            )
        return f"{base}/certificates/{quote(certificate.number)}?asOf={certificate.as_of}"


def _page_of(shown: Certificate, now: Certificate, asked: CertificateAsked) -> str:
    return page_of(sheet_of(shown, shown.status_beside(now)), asked.query)


def _pdf_of(certificate: Certificate, page: str, document: bytes) -> bytes:
    """The PDF with the note of the file that proves the same."""
    pdf_of = import_module("nzc_api.retirement_certificates.pdf").pdf_of
    note, sheet = json.loads(document)["note"], sheet_of(certificate, certificate.status)
    made: bytes = pdf_of(sheet, page, note, certificate.at)
    return made


async def _read(context: Context, asked: CertificateAsked, as_of: Position) -> Certificate:
    """The certificate as of a position, put together where it keeps nobody waiting."""
    apart = context.apart()

    async def read() -> Certificate | None:
        certificates = apart.services.certificates
        position = await certificates.position(asked.number)
        if position is None:
            return None
        return await certificates.certificate(position, as_of, await apart.sight())

    found: Certificate | None = await context.execution.worker.run(read)
    if found is None:
        zh, en = (text.format(number=asked.number) for text in (UNKNOWN.zh, UNKNOWN.en))
        raise RequestRefused(404, LocalizedText(zh, en), "CERTIFICATE_NOT_FOUND")
    return found


async def _provable(context: Context, asked: CertificateAsked) -> Certificate:
    """The certificate as of the position asked for, or of all that the log has committed to."""
    if asked.as_of is not None:
        return await _read(context, asked, await context.as_of(asked.as_of))
    provable = await context.services.certificates.provable()
    try:
        return await _read(context, asked, provable)
    except RequestRefused:
        await _read(
            context, asked, await context.now()
        )  # Where it is there now, it is proven soon.
        raise _not_proven() from None


async def _document(context: Context, certificate: Certificate) -> bytes:
    document = await context.services.certificates.document(certificate)
    if document is None:
        raise _not_proven()
    return document


def _not_proven() -> RequestRefused:
    again = {"Retry-After": str(RETRY_SECONDS)}
    return RequestRefused(
        status=404, message=NOT_PROVEN, code="CERTIFICATE_NOT_PROVEN_YET", headers=again
    )


def _asked(request: Request) -> CertificateAsked:
    check_names(request, "asOf")
    return CertificateAsked(request.path_params["number"][:80], position_given(request))


def _html(page: str, status: int = 200) -> Response:
    return HTMLResponse(page, status, headers=PAGE_HEADERS)


def _headers(certificate: Certificate, suffix: str, media_type: str) -> dict[str, str]:
    return attachment(media_type, f"{certificate.number}.{suffix}", certificate.as_of)
