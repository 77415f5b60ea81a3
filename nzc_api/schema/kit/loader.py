"""What is asked one by one in one turn of the event loop, and answered together.

Strawberry's `DataLoader` gives each question a future and wakes whoever waits for it by itself: for what hundreds of
objects of a page ask, that took as long as reading the rows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Loader(Generic[K, V]):
    """Fetches the values of many keys at once, in their order; keeps none of them."""

    def __init__(self, fetch: Callable[[list[K]], Awaitable[Sequence[V]]]) -> None:
        self._fetch = fetch
        self._next: _Batch[K, V] | None = None

    def load(self, key: K) -> Awaitable[V]:
        """The value of the key; whatever the fetching raised is raised to all who wait for it."""
        batch = self._next
        if batch is None:
            batch = self._next = _Batch(loop=asyncio.get_running_loop())
            batch.get_loop().call_soon(self._begin)
        batch.keys.append(key)
        return _Asked(batch, len(batch.keys) - 1)

    async def load_many(self, keys: Iterable[K]) -> list[V]:
        """The values of the keys."""
        asked = [self.load(key) for key in keys]
        return [await one for one in asked]

    def _begin(self) -> None:
        batch, self._next = self._next, None
        assert batch is not None
        batch.under_way = batch.get_loop().create_task(self._answer(batch))

    async def _answer(self, batch: "_Batch[K, V]") -> None:
        try:
            values = await self._fetch(batch.keys)
            assert len(values) == len(batch.keys)
        except Exception as error:
            if not batch.cancelled():
                batch.set_exception(error)
                batch.exception()  # Nobody may be left to be told.
        else:
            if not batch.cancelled():
                batch.set_result(values)


class _Batch(asyncio.Future[Sequence[V]], Generic[K, V]):
    """What is asked together. Whoever waits no longer cancels nothing of it where others wait for it, too."""

    under_way: "asyncio.Task[None]"

    def __init__(self, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self.keys: list[K] = []

    def cancel(self, msg: Any | None = None) -> bool:
        return len(self.keys) == 1 and super().cancel(msg)


class _Asked(Generic[V]):
    """One of them, which is waited for."""

    __slots__ = ("_batch", "_number")

    def __init__(self, batch: "_Batch[Any, V]", number: int) -> None:
        self._batch, self._number = batch, number

    def __await__(self) -> Generator[Any, None, V]:
        values = yield from self._batch
        return values[self._number]
