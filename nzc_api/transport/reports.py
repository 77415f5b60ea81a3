"""Reports as files over HTTP: made anew each time, the same bytes of one position, for who sees the inventory."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nzc_api.ids import Position
from nzc_api.refusal import InvalidInput, LocalizedText, Refused
from nzc_api.reports.files import FILES, NOT_INSTALLED, ReportFile
from nzc_api.reports.model import Report, ReportKey, ReportLanguage
from nzc_api.schema.kit.context import Context
from nzc_api.schema.kit.kinds import INVENTORY
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.documents import (
    AtOnce,
    answered,
    asker_of,
    attachment,
    seen,
    without_body,
)
from nzc_api.transport.parameters import check_names, position_given
from nzc_api.transport.view import GraphQLView

# How many are made at once, and of these for one organisation or, who has no key, for one address.
MOST_MADE = 2
MOST_MADE_FOR_ONE = 1

# Who sees an inventory sees its report: it is asked for as anybody asks for it.
SEEN = "query ($id: ID!) { node(id: $id) { ... on Inventory { id } } }"

NOT_HANDED_IN = LocalizedText(
    "该清单在所问的位置尚未提交：草稿的内容会变，提交后才有报告",
    "The inventory was not submitted by that position: what a draft says changes, so it has no report yet",
)


class ReportFiles:
    """Answers for reports as files; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView) -> None:
        self._view = view
        self._made = AtOnce(MOST_MADE, MOST_MADE_FOR_ONE)
        # Where a client goes away, what it asked for is made to its end: no more than these at once.
        self._makers = ThreadPoolExecutor(MOST_MADE, "report")

    @property
    def routes(self) -> list[Route]:
        """`GET /inventories/{id}/report.pdf?language=zh&asOf=…`, and of each other kind of file."""
        return [
            Route(
                f"/inventories/{{id}}/report.{kind.suffix}",
                partial(self._download, kind),
                methods=["GET"],
            )
            for kind in FILES.values()
        ]

    async def _download(self, file: ReportFile, request: Request) -> Response:
        return await answered(self._view, request, partial(self._answer, file))

    async def _answer(self, file: ReportFile, request: Request) -> Response:
        if not file.is_there:
            raise RequestRefused(501, NOT_INSTALLED, "REPORTS_NOT_INSTALLED")
        check_names(request, "language", "asOf")
        language, as_of = _language(request), position_given(request)
        context = await self._view.get_context(request, Response())
        inventory = request.path_params["id"]
        await seen(self._view, context, SEEN, inventory, "清单", "inventory")
        with self._made.one(await asker_of(context, request)):
            report = await self._report(context, inventory, language, as_of)
            if report is None:
                raise RequestRefused(404, NOT_HANDED_IN, "REPORT_OF_DRAFT")
            if request.method == "HEAD":
                return without_body(_headers(file, report))  # The file itself would take seconds.
            made = await self._file(file, report)
        return Response(made, headers=_headers(file, report))

    async def pdf(
        self, context: Context, whose: object, inventory: str, position: Position
    ) -> bytes | None:
        """The report of an inventory that is seen, in Chinese; None where it cannot be made, or there is none."""
        file = FILES["pdf"]
        if not file.is_there:
            return None
        with self._made.one(whose):
            report = await self._report(context, inventory, ReportLanguage.ZH, position)
            return None if report is None else await self._file(file, report)

    async def _file(self, file: ReportFile, report: Report) -> bytes:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._makers, file.made_of, report)

    async def _report(
        self, context: Context, inventory: str, language: ReportLanguage, as_of: int | None
    ) -> Report | None:
        """What the report says, put together where it keeps nobody waiting."""
        apart = context.apart()

        async def read() -> Report | None:
            key = ReportKey(
                apart.ids.read(inventory, "id", kind=INVENTORY), language, await apart.as_of(as_of)
            )
            return await apart.services.reports.report(key, await apart.sight())

        return await context.execution.worker.run(read)


def _headers(file: ReportFile, report: Report) -> dict[str, str]:
    return attachment(file.media_type, f"{report.name}.{file.suffix}", report.key.as_of)


def _language(request: Request) -> ReportLanguage:
    given = request.query_params.get("language", "zh")
    if given.upper() not in ReportLanguage.__members__:
        raise Refused(
            InvalidInput(
                path=("language",), value=given[:80], expected_zh="zh或en", expected_en="zh or en"
            )
        )
    return ReportLanguage[given.upper()]
