"""What many resolvers wait for is waited for by the task that they are all awaited in: a task for each costs more than
most of them do.

Each goes on as soon as what it waits for is there, whatever the others wait for. Who needs to know whose task it is (a
timeout, a group) begins one of its own.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from types import CoroutineType
from typing import Any

Waited = asyncio.Future[Any] | None


async def settled(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """What each comes to, or the exception that it raised. Cut off, they all are."""
    if len(awaitables) == 1:
        return [await _alone(awaitables[0])]
    return await _Driven(awaitables).outcomes()


async def _alone(awaitable: Awaitable[Any]) -> Any:
    """The same of one, as most mutations have."""
    try:
        return await awaitable
    except Exception as error:
        return error


class _Driven:
    """Coroutines that are under way together."""

    def __init__(self, awaitables: Sequence[Awaitable[Any]]) -> None:
        self._outcomes: list[Any] = [None] * len(awaitables)
        self._cut_off: BaseException | None = None
        self._woken: asyncio.Future[None] | None = None
        self._waiting: list[tuple[int, Coroutine[Any, Any, Any], Waited]] = []
        for number, awaitable in enumerate(awaitables):
            self._go_on(number, _coroutine(awaitable))

    async def outcomes(self) -> list[Any]:
        while self._waiting:
            await self._something_done()
            waiting, self._waiting = self._waiting, []
            for number, coroutine, waited in waiting:
                if waited is None or waited.done():
                    self._go_on(number, coroutine)
                else:
                    self._waiting.append((number, coroutine, waited))
        if self._cut_off is not None:
            raise self._cut_off
        return self._outcomes

    def _go_on(
        self, number: int, coroutine: Coroutine[Any, Any, Any], cut: BaseException | None = None
    ) -> None:
        """Let it run up to what it waits for next, or to its end."""
        try:
            waited: Waited = coroutine.send(None) if cut is None else coroutine.throw(cut)
        except StopIteration as end:
            self._outcomes[number] = end.value
        except Exception as error:
            self._outcomes[number] = error
        except BaseException as cut_off:
            self._cut(cut_off)
        else:
            if waited is not None:
                waited._asyncio_future_blocking = False  # It is us who wait, as a task would.
                waited.add_done_callback(self._wake)
            self._waiting.append((number, coroutine, waited))

    async def _something_done(self) -> None:
        if any(waited is None or waited.done() for _, _, waited in self._waiting):
            await asyncio.sleep(0)
            return
        self._woken = asyncio.get_running_loop().create_future()
        try:
            await self._woken
        except asyncio.CancelledError as cut_off:
            self._cut(cut_off)

    def _wake(self, _done: Any) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    def _cut(self, cut_off: BaseException) -> None:
        """Cancel each once, as its task would be: with what it waits for, where that can be. How it cleans up is waited
        for."""
        self._cut_off = self._cut_off or cut_off
        waiting, self._waiting = self._waiting, []
        for number, coroutine, waited in waiting:
            if waited is not None and waited.cancel():
                self._waiting.append((number, coroutine, waited))
            else:
                self._go_on(number, coroutine, asyncio.CancelledError())


def _coroutine(awaitable: Awaitable[Any]) -> Coroutine[Any, Any, Any]:
    return awaitable if isinstance(awaitable, CoroutineType) else _awaiting(awaitable)


async def _awaiting(awaitable: Awaitable[Any]) -> Any:
    return await awaitable
