"""A thread for work that would keep others waiting.

The interpreter switches between threads every millisecond, so that whoever is answered here hardly notices
what goes on there, however long it computes without awaiting anything.
"""

import asyncio
import contextlib
import contextvars
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from nzc_api.overload import Overloaded

T = TypeVar("T")

# How long one thread computes, at most, while another wants to.
TURN_SECONDS = 0.001

# How long what is under way gets when the thread is stopped; it may compute without awaiting anything.
GRACE_SECONDS = 1.0


class Worker:
    """Does up to ``at_once`` things in a thread with an event loop of its own; ``most_waiting`` may wait.

    Where a caller goes away or loses patience, what it asked for is cancelled; its place is free when that
    has come to its end.
    """

    def __init__(self, at_once: int, most_waiting: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + most_waiting
        self._load = 0

    @property
    def load(self) -> int:
        """How many things wait or are done."""
        return self._load

    def start(self) -> None:
        sys.setswitchinterval(TURN_SECONDS)
        self._here = asyncio.get_running_loop()
        self._there = type(self._here)()
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        self._there.run_forever()
        self._there.close()

    async def stop(self, last: Callable[[], Awaitable[None]]) -> None:
        """Cancel what is under way, do ``last`` in the thread, and end it."""

        async def end() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await last()

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await self._done_there(end)
        self._there.call_soon_threadsafe(self._there.stop)
        await asyncio.to_thread(self._thread.join, GRACE_SECONDS)

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What ``work`` returns, done in the thread. Raises ``Overloaded`` where too many wait."""
        if self._load >= self._most:
            raise Overloaded
        self._load += 1
        try:
            await self._places.acquire()
        except BaseException:
            self._load -= 1
            raise
        return await self._done_there(work, self._leave)

    def _leave(self) -> None:
        self._load -= 1
        self._places.release()

    async def _done_there(
        self, work: Callable[[], Coroutine[Any, Any, T]], done: Callable[[], None] = lambda: None
    ) -> T:
        answer: asyncio.Future[T] = self._here.create_future()
        context = contextvars.copy_context()  # Which request it is, for logs.
        task: asyncio.Task[T] | None = None

        def begin() -> None:
            nonlocal task
            task = self._there.create_task(work(), context=context)
            task.add_done_callback(tell)

        def tell(task: asyncio.Task[T]) -> None:
            with contextlib.suppress(RuntimeError):  # Nobody is there any more.
                self._here.call_soon_threadsafe(bring, task)

        def bring(task: asyncio.Task[T]) -> None:
            done()
            error = None if task.cancelled() else task.exception()
            if answer.done():
                return
            if task.cancelled():
                answer.cancel()
            elif error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(task.result())

        def cancel() -> None:
            assert task is not None  # It began before, in the same thread.
            task.cancel()

        self._there.call_soon_threadsafe(begin)
        try:
            return await answer
        except asyncio.CancelledError:
            self._there.call_soon_threadsafe(cancel)
            raise
