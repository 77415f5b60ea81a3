"""Waiting for work only as long as it may take, and as long as somebody wants it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

# Most work is done sooner, and nobody need be watched for it.
WATCHED_AFTER = 0.25  # seconds


class Departed(Exception):
    """Who asked has gone away."""


async def wait_for(
    work: Coroutine[Any, Any, T], seconds: float, departure: Callable[[], Awaitable[None]] | None
) -> T:
    """What ``work`` returns. Raises ``TimeoutError`` where it takes longer than ``seconds``, and ``Departed``
    where ``departure`` returns before; then ``work`` is cancelled, and its end is not waited for."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    over: asyncio.Future[None] = loop.create_future()
    late: asyncio.TimerHandle | None = None
    watch: asyncio.Task[None] | None = None

    def end(_done: object = None) -> None:
        if not over.done():
            over.set_result(None)

    async def until_departure() -> None:
        assert departure is not None
        await departure()
        if not over.done():
            over.set_exception(Departed())

    def look() -> None:
        nonlocal late, watch
        late = loop.call_later(max(seconds - WATCHED_AFTER, 0), end)
        if departure is not None:
            watch = loop.create_task(until_departure())

    task.add_done_callback(end)
    soon = loop.call_later(min(WATCHED_AFTER, seconds), look)
    try:
        await over
        if task.done():
            return task.result()
        raise TimeoutError
    finally:
        task.cancel()
        for waiting in (soon, late, watch):
            if waiting is not None:
                waiting.cancel()
