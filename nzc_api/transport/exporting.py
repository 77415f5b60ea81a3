"""The log with its facts in one stream: `GET /export?after=…&until=…`, a line of JSON each event, or a row of CSV.

It holds one stretch of the log at a time, however long the log is. Who is cut off goes on after the last whole line.
"""

import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response

from nzc_api.feed.facts import PayloadAbsence
from nzc_api.feed.lines import line_of, said_of
from nzc_api.feed.payloads.shapes import NameOf
from nzc_api.feed.rows import COLUMNS, cells_of
from nzc_api.feed.viewers import Viewer
from nzc_api.files.writing import MARK, table_of
from nzc_api.log.asked import position_asked
from nzc_api.log.model import Entry
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.engine.encoding import encode
from nzc_api.schema.kit.context import Context
from nzc_api.transport.asked import when_there_is_room
from nzc_api.transport.documents import AtOnce, answered, asker_of, without_body
from nzc_api.transport.leaving import Leaving
from nzc_api.transport.media_types import preferred
from nzc_api.transport.parameters import check_names
from nzc_api.transport.view import GraphQLView

# How many exports a process gives out at once, and of these one organisation, or address.
MOST_EXPORTS = 4
MOST_EXPORTS_OF_ONE = 2

HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}

Exported = Sequence[tuple[Entry, Mapping[str, Any] | PayloadAbsence]]


class Form(NamedTuple):
    """How an export is written: its media type, what it begins with, a stretch of it, and that it ends too early."""

    media_type: str
    beginning: bytes
    written: Callable[[Exported, NameOf], bytes]
    # What tells of a failure midway; None where that would be read as data.
    last_words: Callable[[GraphQLError], bytes] | None = None


def _as_lines(stretch: Exported, name_of: NameOf) -> bytes:
    return b"".join(line_of(entry, found, name_of) for entry, found in stretch)


def _as_rows(stretch: Exported, name_of: NameOf) -> bytes:
    return table_of(cells_of(said_of(entry, found, name_of)) for entry, found in stretch)


def _as_line(error: GraphQLError) -> bytes:
    return encode({"errors": [error.formatted]}) + b"\n"


LINES = Form("application/x-ndjson", b"", _as_lines, _as_line)
ROWS = Form("text/csv; charset=utf-8", MARK + table_of([COLUMNS]), _as_rows)
FORMS = {"application/x-ndjson": LINES, "text/csv": ROWS}

_POSITION = re.compile("[0-9]{1,18}")


class LogExport:
    """Answers for the log as lines of JSON; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView) -> None:
        self._view = view
        self._leaving = AtOnce(MOST_EXPORTS, MOST_EXPORTS_OF_ONE)

    async def export(self, request: Request) -> Response:
        """`GET /export`, in the form that is accepted."""
        form = FORMS[preferred(request.headers.get("accept"), tuple(FORMS)) or LINES.media_type]
        return await answered(self._view, request, partial(self._send, form))

    async def export_rows(self, request: Request) -> Response:
        """`GET /export.csv`."""
        return await answered(self._view, request, partial(self._send, ROWS))

    async def _send(self, form: Form, request: Request) -> Response:
        check_names(request, "after", "until")
        context = await self._view.get_context(request, Response())
        until = position_asked(_given(request, "until"), await context.now(), "until")
        after = position_asked(_given(request, "after") or 0, until, "after")
        headers = HEADERS | {"Content-Type": form.media_type, "Nzc-Position": str(until)}
        if request.method == "HEAD":
            return without_body(headers)  # Nobody reads the lines: they need not be gathered.
        lines = self._lines(form, context, after, until, await asker_of(context, request))
        first = await anext(lines, b"")  # Where there is none, that is told.
        return Leaving(first, lines, headers, last_words=form.last_words)

    async def _lines(
        self, form: Form, context: Context, after: int, until: int, whose: object
    ) -> AsyncGenerator[bytes, None]:
        """The lines, a stretch at a time: each is put together where it keeps nobody waiting."""
        begun, beginning = False, form.beginning
        with self._leaving.one(whose):
            while after < until:
                stretch = partial(_stretch, form, context, after, until, await context.viewer())
                work = partial(context.execution.worker.run, stretch)
                part, after = await (when_there_is_room(work) if begun else work())
                yield beginning + part
                begun, beginning = True, b""
            if beginning:
                yield beginning


async def _stretch(
    form: Form, context: Context, after: int, until: int, viewer: Viewer
) -> tuple[bytes, int]:
    """The first lines after a position, in the worker's thread, and up to where they are all that there are."""
    stretch = await context.execution.services.feed.carried(after, until, viewer)
    part = form.written(stretch, context.ids.of)
    return part, stretch[-1][0].position if stretch else until


def _given(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None or _POSITION.fullmatch(text):
        return None if text is None else int(text)
    raise Refused(
        InvalidInput(
            path=(name,),
            value=text[:80],
            expected_zh="日志中的位置，0至18位的整数",
            expected_en="a position of the log, a whole number of up to 18 digits",
        )
    )
