"""Stages side by side: what comes next is made while what came before it is used."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")

# Within so many turns of the loop what is made next has asked for what it waits for: of a database within three.
TURNS = 5


async def ahead(made: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """All that is made, one after the other; no more than one of it waits to be used."""
    async with aclosing(made):
        coming = asyncio.create_task(_next(made))
        try:
            while found := await coming:
                coming = asyncio.create_task(_next(made))
                # Whoever uses this one may compute for long: the next one is asked for before, of a database say.
                for _ in range(TURNS):
                    await asyncio.sleep(0)
                yield found[0]
        finally:
            # Nobody waits for it any more, nor hears why it failed.
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _next(made: AsyncGenerator[T, None]) -> tuple[T] | None:
    """The next one; None where that was all."""
    try:
        return (await anext(made),)
    except StopAsyncIteration:
        return None
