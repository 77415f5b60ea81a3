"""The one session that the statements of an operation share: they read as of one moment. It is taken at the first of
them, and given back when the operation has what it needs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import FAILURES, session_of
from nzc_api.database.plans import SET_BY_INDEX, SET_FOR_READING, UNSET_BY_INDEX
from nzc_api.database.pool import Pool

BEGIN = f"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {SET_FOR_READING}"


class ReadTransaction:
    """A transaction that only reads, and begins with ``first``. Statements wait for one another; who has the
    connection asks for it no second time before it gives it back."""

    def __init__(
        self,
        pool: Pool,
        first: Callable[[AsyncConnection], Awaitable[Any]],
        is_lost: Callable[[BaseException], bool],
    ) -> None:
        self._pool = pool
        self._first = first
        self._is_lost = is_lost
        self._found: Any = None
        self._connection: AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._by_index = False
        self._over = False

    async def found(self) -> Any:
        """What ``first`` found."""
        async with self.lent():
            return self._found

    @asynccontextmanager
    async def lent(self, *, by_index: bool | None = False) -> AsyncIterator[AsyncConnection]:
        """The connection, during a block; None: planned either way. Where the block fails, what follows begins anew."""
        async with self._lock:
            try:
                connection = self._connection or await self._begin()
                await self._plan(connection, by_index=by_index)
                yield connection
            except BaseException as error:
                await self._leave(lost=not isinstance(error, Exception) or self._is_lost(error))
                raise
            if self._over:
                await self._leave()

    async def end(self) -> None:
        """Give the session back; where a statement is under way, which nobody waits for any more, after that."""
        self._over = True
        if not self._lock.locked():
            await self._leave()

    async def _begin(self) -> AsyncConnection:
        self._connection = connection = await self._pool.take()
        await session_of(connection).execute(BEGIN)
        self._by_index = False
        self._found = await self._first(connection)
        return connection

    async def _plan(self, connection: AsyncConnection, *, by_index: bool | None) -> None:
        if by_index is not None and by_index is not self._by_index:
            await session_of(connection).execute(SET_BY_INDEX if by_index else UNSET_BY_INDEX)
            self._by_index = by_index

    async def _leave(self, *, lost: bool = False) -> None:
        """End the transaction and give the session back, unless it may be ``lost``."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if not lost:
                await session_of(connection).execute("ROLLBACK")
        except FAILURES:
            lost = True
        except BaseException:
            lost = True
            raise
        finally:
            await self._pool.give_back(connection, lost=lost)
