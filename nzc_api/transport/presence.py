"""Whether the client of a request is still there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request

# Most answers are there sooner, and nobody need be watched for them.
WATCHED_AFTER = 0.25  # seconds


@asynccontextmanager
async def while_present(request: Request) -> AsyncIterator[None]:
    """Cancel the block where the client goes away meanwhile, and raise ``ClientDisconnect``. The request's
    body must have been read."""
    watch: asyncio.Task[None] | None = None
    loop = asyncio.get_running_loop()

    async def wait_for_its_end() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        limit.reschedule(loop.time())

    def begin() -> None:
        nonlocal watch
        watch = loop.create_task(wait_for_its_end())

    begins = loop.call_later(WATCHED_AFTER, begin)
    try:
        async with asyncio.timeout(None) as limit:
            yield
    except TimeoutError:
        if limit.expired():
            raise ClientDisconnect from None
        raise
    finally:
        begins.cancel()
        if watch is not None:
            watch.cancel()
