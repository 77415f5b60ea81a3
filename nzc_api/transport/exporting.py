"""The log with its facts in one stream: `GET /export?after=…&until=…`, a line of JSON each event, or a row of CSV.

It holds three stretches of the log at most, however long the log is. Who is cut off goes on after the last whole line.
"""

import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import NamedTuple

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response

from nzc_api.ahead import ahead
from nzc_api.feed.facts import Carried, Found, seen_by
from nzc_api.feed.lines import COLUMNS, cells_of, lines_of
from nzc_api.feed.payloads.shapes import NameOf
from nzc_api.feed.viewers import Viewer
from nzc_api.files.writing import MARK, table_of
from nzc_api.ids import Position
from nzc_api.log.asked import position_asked
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


class StreamFormat(NamedTuple):
    """How an export is written: its media type, what it begins with, a stretch of it, and that it ends too early."""

    media_type: str
    beginning: bytes
    written: Callable[[Carried, Sequence[Found], NameOf], bytes]
    # What tells of a failure midway; None where that would be read as data.
    last_words: Callable[[GraphQLError], bytes] | None = None


def _as_rows(stretch: Carried, found: Sequence[Found], name_of: NameOf) -> bytes:
    return table_of(cells_of(stretch, found, name_of))


def _as_line(error: GraphQLError) -> bytes:
    return encode({"errors": [error.formatted]}) + b"\n"


LINES = StreamFormat("application/x-ndjson", b"", lines_of, _as_line)
ROWS = StreamFormat("text/csv; charset=utf-8", MARK + table_of([COLUMNS]), _as_rows)
FORMATS = {"application/x-ndjson": LINES, "text/csv": ROWS}

_POSITION = re.compile("[0-9]{1,18}")


class LogExport:
    """Answers with the log as lines of JSON or rows of CSV; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView) -> None:
        self._view = view
        self._leaving = AtOnce(MOST_EXPORTS, MOST_EXPORTS_OF_ONE)

    async def export(self, request: Request) -> Response:
        """`GET /export`, in the format that is accepted."""
        stream_format = FORMATS[
            preferred(request.headers.get("accept"), tuple(FORMATS)) or LINES.media_type
        ]
        return await answered(self._view, request, partial(self._send, stream_format))

    async def export_rows(self, request: Request) -> Response:
        """`GET /export.csv`."""
        return await answered(self._view, request, partial(self._send, ROWS))

    async def _send(self, stream_format: StreamFormat, request: Request) -> Response:
        check_names(request, "after", "until")
        context = await self._view.get_context(request, Response())
        until = position_asked(_given(request, "until"), await context.now(), "until")
        after = position_asked(_given(request, "after") or 0, until, "after")
        headers = HEADERS | {"Content-Type": stream_format.media_type, "Nzc-Position": str(until)}
        if request.method == "HEAD":
            return without_body(headers)  # Nobody reads the lines: they need not be gathered.
        lines = self._lines(stream_format, context, after, until, await asker_of(context, request))
        first = await anext(lines, b"")  # Where there is none, that is told.
        return Leaving(first, lines, headers, last_words=stream_format.last_words)

    async def _lines(
        self,
        stream_format: StreamFormat,
        context: Context,
        after: Position,
        until: Position,
        whose: object,
    ) -> AsyncGenerator[bytes, None]:
        """The lines, a stretch at a time: while one is on its way, the next one is put together and the one after that
        is read."""
        beginning = stream_format.beginning
        read = _read(context, after, until)
        with self._leaving.one(whose):
            async with aclosing(ahead(_written(stream_format, context, ahead(read)))) as parts:
                async for part in parts:
                    yield beginning + part
                    beginning = b""
            if beginning:
                yield beginning


async def _read(
    context: Context, after: Position, until: Position
) -> AsyncGenerator[Carried, None]:
    """The entries between two positions with their facts, as many at a time as are held at once, read in the worker's
    thread. Once it has begun it waits until the server has room."""
    begun, feed = False, context.execution.services.feed
    while after < until:
        read = partial(context.execution.worker.run, partial(feed.carried, after, until))
        carried = await (when_there_is_room(read) if begun else read())
        yield carried
        begun, after = True, carried.positions[-1]


async def _written(
    stream_format: StreamFormat, context: Context, stretches: AsyncGenerator[Carried, None]
) -> AsyncGenerator[bytes, None]:
    """Each stretch of the log as whoever asks may see it then, put together where it keeps nobody waiting."""
    async with aclosing(stretches):
        async for stretch in stretches:
            viewer = await context.viewer()
            write = partial(_write, stream_format, stretch, viewer, context.ids.of)
            yield await when_there_is_room(partial(context.execution.worker.run, write))


async def _write(
    stream_format: StreamFormat, stretch: Carried, viewer: Viewer, name_of: NameOf
) -> bytes:
    return stream_format.written(stretch, seen_by(viewer, stretch), name_of)


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
