"""Looks at the database that many wait for at once: one follows another, by one connection."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database, DatabaseUnavailable

K = TypeVar("K")
V = TypeVar("V")

# So that a look whose session hangs does not keep those waiting that come when the database is back: how long looks by
# one connection may take. The last of them begins when it has been kept for long enough.
LONGEST_SECONDS = 2

# To be lent a connection takes as long as five looks: it is kept for those who ask soon, and then given back, for
# others wait for it, too.
KEPT_SECONDS = 0.1


class Looks(Generic[K, V]):
    """Answers whoever asks by a look that begins afterwards: all who ask while one is under way share the next.

    ``look`` answers keys in their order, by a connection that commits by itself. What it raises is raised to all who
    wait for it, and ``DatabaseUnavailable`` where it takes longer than ``LONGEST_SECONDS``.
    """

    def __init__(
        self,
        database: Database,
        look: Callable[[AsyncConnection, list[K]], Awaitable[Sequence[V]]],
    ) -> None:
        self._database = database
        self._look = look
        # Those who wait for the look that is under way, and for the next one.
        self._asked: list[tuple[K, asyncio.Future[V]]] = []
        self._waiting: list[tuple[K, asyncio.Future[V]]] = []
        self._looking: asyncio.Task[None] | None = None
        # Ends when somebody asks while nobody waits.
        self._idle: asyncio.Future[None] | None = None

    async def answer(self, key: K) -> V:
        """What is so of a key from now on."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[V] = loop.create_future()
        self._waiting.append((key, waiter))
        if self._looking is None:
            # In nobody's context: it is neither within what one of them reads as of one moment, nor of one's trace.
            self._looking = loop.create_task(self._look_on(), context=Context())
        elif self._idle is not None:
            _end(self._idle)
        return await waiter

    async def stop(self) -> None:
        """Give the connection back; whoever waits is told of nothing."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait((self._looking,))

    async def _look_on(self) -> None:
        """Look for as long as anybody waits."""
        try:
            while self._waiting:
                try:
                    await self._look_in_a_row()
                except TimeoutError as error:
                    self._fail(DatabaseUnavailable(error))
                except Exception as error:
                    self._fail(error)
        finally:
            self._looking = None

    async def _look_in_a_row(self) -> None:
        """Look by one connection, for as long as it is kept."""
        now = asyncio.get_running_loop().time
        async with asyncio.timeout(LONGEST_SECONDS), self._database.read() as connection:
            given_back = now() + KEPT_SECONDS
            while self._waiting:
                self._database.check_standby()
                await self._look_once(connection)
                if now() > given_back:
                    break
                await self._asked_again(given_back)

    async def _asked_again(self, until: float) -> None:
        """Return when somebody waits, or at a time of the event loop."""
        if self._waiting:
            return
        loop = asyncio.get_running_loop()
        self._idle = idle = loop.create_future()
        over = loop.call_at(until, _end, idle)
        try:
            await idle
        finally:
            over.cancel()

    async def _look_once(self, connection: AsyncConnection) -> None:
        self._asked, self._waiting = self._waiting, []
        found = await self._look(connection, [key for key, _ in self._asked])
        asked, self._asked = self._asked, []
        for (_, waiter), value in zip(asked, found, strict=True):
            if not waiter.done():  # Whoever went away meanwhile takes nobody along.
                waiter.set_result(value)

    def _fail(self, error: Exception) -> None:
        """Tell those whose look failed; where there was no connection to look by, those who wait for one."""
        if not self._asked:
            self._asked, self._waiting = self._waiting, []
        for _, waiter in self._asked:
            if not waiter.done():
                waiter.set_exception(error)
        self._asked = []


def _end(idle: asyncio.Future[None]) -> None:
    if not idle.done():
        idle.set_result(None)
