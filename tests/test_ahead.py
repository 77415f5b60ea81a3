"""Stages side by side: in order, no more than one ahead, and both ended together."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from nzc_api.ahead import ahead


class Source:
    """Makes numbers up to one at which it fails, or hangs for good."""

    def __init__(self, end: int, *, fails: bool = False, hangs: bool = False) -> None:
        self.end, self.fails, self.hangs = end, fails, hangs
        self.made: list[int] = []
        self.closed = False

    async def numbers(self) -> AsyncGenerator[int, None]:
        try:
            for number in range(self.end):
                await asyncio.sleep(0)
                self.made.append(number)
                yield number
            if self.fails:
                raise ValueError("it fails")
            if self.hangs:
                await asyncio.Event().wait()
        finally:
            self.closed = True


async def idle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_one_is_made_while_the_one_before_is_used() -> None:
    source = Source(4)
    used = []
    async for number in ahead(source.numbers()):
        await idle()
        used.append(number)
        assert source.made == [*range(min(number + 2, 4))]
    assert used == [0, 1, 2, 3]
    assert source.closed


async def test_the_next_one_is_asked_for_before_the_one_before_it_is_used() -> None:
    """For whoever uses it may compute for long, and let nobody have a turn."""
    source = Source(4)
    async for number in ahead(source.numbers()):
        assert source.made == [*range(min(number + 2, 4))]


async def test_what_fails_is_told_after_what_came_before_it() -> None:
    source = Source(2, fails=True)
    numbers = ahead(source.numbers())
    for number in (0, 1):
        assert await anext(numbers) == number
        await idle()
    with pytest.raises(ValueError, match="it fails"):
        await anext(numbers)
    assert source.closed


@pytest.mark.parametrize("end", ["fails", "hangs"])
async def test_who_wants_no_more_ends_what_is_made(
    end: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What is under way is cut off, and what failed meanwhile is nobody's concern."""
    source = Source(1, **{end: True})
    async with aclosing(ahead(source.numbers())) as numbers:
        assert await anext(numbers) == 0
        await idle()
    assert source.closed
    assert caplog.records == []


async def test_who_is_cut_off_while_it_waits_cuts_off_what_it_waits_for() -> None:
    source = Source(0, hangs=True)

    async def use() -> None:
        async for _ in ahead(source.numbers()):
            pass

    using = asyncio.create_task(use())
    await idle()
    using.cancel()
    with pytest.raises(asyncio.CancelledError):
        await using
    assert source.closed
