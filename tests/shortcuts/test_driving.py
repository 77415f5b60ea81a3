"""What is awaited together in one task comes to what each would come to in a task of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from nzc_api.schema.kit.loader import Loader
from nzc_api.shortcuts.driving import settled

LONG = 60.0


async def test_outcomes_are_in_their_order() -> None:
    async def plain() -> int:
        return 1

    async def slow() -> int:
        await asyncio.sleep(0.01)
        return 2

    async def turns() -> int:
        for _ in range(3):
            await asyncio.sleep(0)
        return 3

    async def wrong() -> int:
        await asyncio.sleep(0)
        raise ValueError("4")

    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.005, future.set_result, 5)
    found = await settled([slow(), plain(), turns(), wrong(), future])
    assert [found[0], found[1], found[2], found[4]] == [2, 1, 3, 5]
    assert isinstance(found[3], ValueError)
    assert [str(error) for error in await settled([wrong()])] == ["4"]
    assert await settled([]) == []


async def test_who_waits_for_another_of_them_is_not_waited_for_alone() -> None:
    """The first waits for what only the second gives back, later."""
    lock, taken = asyncio.Lock(), asyncio.Event()

    async def second() -> str:
        async with lock:
            taken.set()
            await asyncio.sleep(0.01)
        return "second"

    async def first() -> str:
        await taken.wait()
        async with lock:
            return "first"

    async with asyncio.timeout(LONG):
        assert await settled([first(), second(), first()]) == ["first", "second", "first"]


async def test_nobody_who_may_go_on_waits_for_the_slowest() -> None:
    slowest: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def in_steps() -> str:
        await asyncio.sleep(0.001)
        await asyncio.sleep(0.001)
        slowest.set_result("slowest")
        return "in steps"

    async def waits() -> str:
        return await slowest

    async with asyncio.timeout(LONG):
        assert await settled([waits(), in_steps()]) == ["slowest", "in steps"]


def of_a_loader() -> Callable[[], Awaitable[Any]]:
    async def fetch(keys: list[int]) -> list[int]:
        await asyncio.sleep(LONG)
        return keys

    loader = Loader(fetch)
    return lambda: loader.load(1)


@pytest.mark.parametrize(
    "wait", [lambda: asyncio.sleep(LONG), of_a_loader()], ids=["by itself", "with others"]
)
async def test_cut_off_all_clean_up(wait: Callable[[], Awaitable[Any]]) -> None:
    cleaned: list[str] = []

    async def waits(name: str) -> None:
        try:
            await wait()
        finally:
            await asyncio.sleep(0.001)  # Its own cleaning up is not cut off.
            cleaned.append(name)

    async def ends() -> str:
        return "ended"

    task = asyncio.ensure_future(settled([waits("a"), ends(), waits("b")]))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task], timeout=LONG / 4)
    assert task.cancelled()
    assert sorted(cleaned) == ["a", "b"]


async def test_who_waits_alone_for_what_is_fetched_is_cut_off_at_once() -> None:
    waited = asyncio.ensure_future(settled([of_a_loader()()]))
    await asyncio.sleep(0.01)
    waited.cancel()
    await asyncio.wait([waited], timeout=LONG / 4)
    assert waited.cancelled()


async def test_one_of_two_tasks_that_is_cut_off_leaves_the_other_its_answer() -> None:
    begun = asyncio.Event()

    async def fetch(keys: list[int]) -> list[int]:
        await begun.wait()
        return keys

    loader = Loader(fetch)
    tasks = [asyncio.ensure_future(settled([loader.load(key)])) for key in (1, 2)]
    await asyncio.sleep(0.01)
    tasks[0].cancel()
    begun.set()
    assert await tasks[1] == [2]
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]


async def test_one_cut_off_cuts_off_the_others() -> None:
    cleaned = asyncio.Event()

    async def waits() -> None:
        try:
            await asyncio.sleep(LONG)
        finally:
            cleaned.set()

    async def cut_off() -> None:
        await asyncio.sleep(0)
        raise asyncio.CancelledError

    def both() -> list[Coroutine[Any, Any, None]]:
        return [waits(), cut_off()]

    task = asyncio.ensure_future(settled(both()))
    await asyncio.wait([task], timeout=LONG / 4)
    assert task.cancelled()
    assert cleaned.is_set()
