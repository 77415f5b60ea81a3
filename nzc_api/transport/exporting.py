"""The log with its facts in one stream: `GET /export?after=…&until=…`, a line of JSON each event.

It holds one stretch of the log at a time, however long the log is. Who is cut off goes on after the last whole line.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from nzc_api.feed.lines import line_of
from nzc_api.feed.service import RETRY_SECONDS
from nzc_api.inventories.visibility import Sight
from nzc_api.log.asked import position_asked
from nzc_api.overload import Overloaded
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.kit.context import Context
from nzc_api.transport.documents import AtOnce, Leaving, answered, asker_of, without_body
from nzc_api.transport.view import GraphQLView

# How many exports a process gives out at once, and of these one organisation, or address.
MOST_EXPORTS = 4
MOST_EXPORTS_OF_ONE = 2

LINES = {
    "Content-Type": "application/x-ndjson",
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization",
}

_POSITION = re.compile("[0-9]{1,18}")


class LogExport:
    """Answers for the log as lines of JSON; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView) -> None:
        self._view = view
        self._leaving = AtOnce(MOST_EXPORTS, MOST_EXPORTS_OF_ONE)

    async def export(self, request: Request) -> Response:
        """`GET /export`."""
        return await answered(self._view, request, self._send)

    async def _send(self, request: Request) -> Response:
        context = await self._view.get_context(request, Response())
        until = position_asked(_given(request, "until"), await context.now(), "until")
        after = position_asked(_given(request, "after") or 0, until, "after")
        headers = LINES | {"Nzc-Position": str(until)}
        if request.method == "HEAD":
            return without_body(headers)  # Nobody reads the lines: they need not be gathered.
        lines = self._lines(context, after, until, await asker_of(context, request))
        first = await anext(lines, b"")  # Where there is none, that is told.
        return Leaving(first, lines, headers)

    async def _lines(
        self, context: Context, after: int, until: int, whose: object
    ) -> AsyncGenerator[bytes, None]:
        """The lines, a stretch at a time: each is put together where it keeps nobody waiting."""
        begun = False
        with self._leaving.one(whose):
            while after < until:
                stretch = partial(_stretch, context, after, until, await context.sight())
                try:
                    part, after = await context.execution.worker.run(stretch)
                except Overloaded:
                    if not begun:
                        raise
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                begun = True
                yield part


async def _stretch(context: Context, after: int, until: int, sight: Sight) -> tuple[bytes, int]:
    """The first lines after a position, in the worker's thread, and up to where they are all that there are."""
    stretch = await context.execution.services.feed.carried(after, until, sight)
    name_of = context.ids.of
    part = b"".join(line_of(entry, found, name_of) for entry, found in stretch)
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
