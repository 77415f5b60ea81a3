"""Lists as CSV over HTTP, with what their columns are: streamed page by page, as whoever asks is shown them."""

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Any

from graphql import GraphQLInputObjectType
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nzc_api.files.columns import cells_of
from nzc_api.files.writing import MARK, table_of
from nzc_api.ids import Position
from nzc_api.packs.asking import walked
from nzc_api.refusal import InvalidInput, LocalizedText, NotFound, Refused
from nzc_api.schema.kit.kinds import PILOT
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.asked import RequestQuestions
from nzc_api.transport.columns import ServedTable, described
from nzc_api.transport.documents import AtOnce, answered, asker_of, without_body
from nzc_api.transport.filters import filter_in
from nzc_api.transport.known_tables import TABLES
from nzc_api.transport.leaving import Leaving
from nzc_api.transport.view import GraphQLView

# How many tables a process gives out at once, and of these one organisation, or address.
MOST_TABLES = 8
MOST_TABLES_OF_ONE = 2

# How many rows a table has at most.
MOST_ROWS = 100_000

TOO_MANY_ROWS = LocalizedText(
    f"该列表超过{MOST_ROWS}行：请缩小筛选范围，或用GET /export导出整个日志",
    f"The list has more than {MOST_ROWS} rows: narrow its filter, or export the whole log (`GET /export`)",
)


class Tables:
    """Answers for lists as tables; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView) -> None:
        self._view = view
        self._leaving = AtOnce(MOST_TABLES, MOST_TABLES_OF_ONE)

    @property
    def routes(self) -> list[Route]:
        """`GET /retirements.csv?programmes=CCER`, and of each other table; beside each its metadata."""
        return [
            route
            for table in TABLES
            for route in (
                Route(table.address, partial(self._answer, table), methods=["GET"]),
                Route(f"{table.address}-metadata.json", partial(_describe, table), methods=["GET"]),
            )
        ]

    async def _answer(self, table: ServedTable, request: Request) -> Response:
        return await answered(self._view, request, partial(self._send, table))

    async def _send(self, table: ServedTable, request: Request) -> Response:
        asked = RequestQuestions(self._view, await self._view.get_context(request, Response()))
        given = _given(table, request)
        position = await asked.context.now()
        headers = {
            "Content-Type": "text/csv; charset=utf-8",
            "Cache-Control": "private, no-cache",
            "Vary": "Authorization",
            "Link": f'<{request.url.path.rpartition("/")[2]}-metadata.json>; rel="describedby"; '
            'type="application/csvm+json"',
            "Nzc-Position": str(position),
        }
        await _check(table, asked, given)
        if request.method == "HEAD":
            return without_body(headers)
        rows = self._rows(table, asked, given, position, await asker_of(asked.context, request))
        return Leaving(await anext(rows), rows, headers)

    async def _rows(
        self,
        table: ServedTable,
        asked: RequestQuestions,
        given: dict[str, Any],
        position: Position,
        whose: object,
    ) -> AsyncGenerator[bytes, None]:
        """The table, a page at a time; without what came after it was asked for."""
        beginning, count = MARK + table_of([[column.name for column in table.columns]]), 0
        with self._leaving.one(whose):
            async for page in asked.pages(table.query, **given):
                count += len(page)
                if count > MOST_ROWS:
                    raise RequestRefused(413, TOO_MANY_ROWS, "TABLE_TOO_LARGE")
                rows = [row for row in page if int(row.get("position", 0)) <= position]
                yield beginning + table_of(cells_of(row, table.columns) for row in rows)
                beginning = b""
            if beginning:
                yield beginning


async def _describe(table: ServedTable, _request: Request) -> Response:
    headers = {"Cache-Control": "public, max-age=3600"}
    return JSONResponse(described(table), media_type="application/csvm+json", headers=headers)


async def _check(table: ServedTable, asked: RequestQuestions, given: dict[str, Any]) -> None:
    """Raise where there is nothing that has such a list, or it has too many rows."""
    query = table.count if table.counted else table.query
    found = walked(await asked.ask(query, **given))
    if found is None:
        thing = NotFound(
            path=("id",), value=given["id"][:80], kind_zh="对象", kind_en="thing with such a list"
        )
        raise Refused(thing)
    rows = found["totalCount"] if table.counted else await _moved(asked, given["id"])
    if rows > MOST_ROWS:
        raise RequestRefused(413, TOO_MANY_ROWS, "TABLE_TOO_LARGE")


async def _moved(asked: RequestQuestions, pilot: str) -> int:
    """How many movements there are for a pilot, counted until they are too many: no list counts them."""
    context = asked.context
    position = context.ids.read(pilot, "id", kind=PILOT)
    questions = context.services.trace.questions
    return await questions.moved_for_pilot(position, await context.now(), MOST_ROWS + 1)


def _given(table: ServedTable, request: Request) -> dict[str, Any]:
    """What a request says which list is meant, and which of its rows."""
    given: dict[str, Any] = {"id": request.path_params["id"]} if table.parent else {}
    parameters: Sequence[tuple[str, str]] = request.query_params.multi_items()
    kind = core_schema(schema).get_type(table.filtered_by or "")
    if isinstance(kind, GraphQLInputObjectType):
        return given | {"filter": filter_in(kind, parameters) or None}
    for name, text in parameters:
        raise Refused(
            InvalidInput(
                path=(name,),
                value=text[:80],
                expected_zh="此列表没有筛选条件",
                expected_en="nothing: this list has no filter",
            )
        )
    return given
