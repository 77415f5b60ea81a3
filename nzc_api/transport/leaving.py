"""Bytes on their way, for as long as that may take; and how it ends where what comes next cannot be had."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

from graphql import GraphQLError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from nzc_api.refusal import LocalizedText, told
from nzc_api.transport.answers import RequestRefused, shown
from nzc_api.transport.arrival import LONGEST_TRANSFER

# How many seconds who reads slowly has to hear that it took too long.
LAST_WORDS_SECONDS = 5

TOO_LONG = LocalizedText(
    "传送超过{seconds}秒，已终止：此前的内容完整；请缩小范围，日志可从最后一个完整的行继续",
    "It took longer than {seconds} s and was ended; what came before is whole. Ask for less; the log goes on after its "
    "last whole line",
)


class Leaving(StreamingResponse):
    """An answer of parts, within some seconds. Where it fails midway, who reads is told by the ``last_words`` for the
    error; where the form has none, by a connection that ends too early, as after any other failure."""

    def __init__(
        self,
        first: bytes,
        rest: AsyncGenerator[bytes, None],
        headers: dict[str, str],
        longest: float = LONGEST_TRANSFER,
        last_words: Callable[[GraphQLError], bytes] | None = None,
    ) -> None:
        super().__init__(self._parts(first), headers=headers)
        self._rest = rest
        self._longest = longest
        self._last_words = last_words

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._until = asyncio.get_running_loop().time() + self._longest
        async with aclosing(self._rest), self._before(self._until + LAST_WORDS_SECONDS):
            await super().__call__(scope, receive, send)

    async def _parts(self, first: bytes) -> AsyncIterator[bytes]:
        yield first
        try:
            while (part := await self._next()) is not None:
                yield part
        except Exception as cause:
            if self._last_words is None:
                raise
            yield self._last_words(shown(cause))

    async def _next(self) -> bytes | None:
        """The next part; None where there is none."""
        async with self._before(self._until):
            return await anext(self._rest, None)

    @asynccontextmanager
    async def _before(self, until: float) -> AsyncIterator[None]:
        """Do something before a time, or raise ``RequestRefused``."""
        try:
            async with asyncio.timeout_at(until) as limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            message = told(TOO_LONG, {"seconds": f"{self._longest:g}"})
            raise RequestRefused(504, message, "TIMED_OUT") from None
