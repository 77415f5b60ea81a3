"""Connections that are lent again as they are. SQLAlchemy's own pool takes as long to lend one as four statements."""

import asyncio
from collections import deque
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import session_of
from nzc_api.overload import Overloaded

# How long who finds all connections busy waits for one.
PATIENCE_SECONDS = 5


class Pool:
    """At most ``size`` connections that commit by themselves. The one used last is lent next: it has its statements
    planned, others need not. Who waits longest is lent the next that is given back.

    ``connect`` makes a connection, which is opened by awaiting it.
    """

    def __init__(self, connect: Callable[[], AsyncConnection], size: int) -> None:
        self._connect = connect
        self._size = size
        # How many there are: lent, idle, or being opened.
        self._many = 0
        self._idle: list[AsyncConnection] = []
        self._closed = False
        # Each is told the connection that it is lent, or None: it may open one.
        self._waiting: deque[asyncio.Future[AsyncConnection | None]] = deque()

    @property
    def in_use(self) -> int:
        """How many connections are lent now."""
        return self._many - len(self._idle)

    async def take(self) -> AsyncConnection:
        """Be lent a connection, until it is given back. Raises ``Overloaded`` where all stay busy, and why none could
        be opened."""
        closed: AsyncConnection | None = None
        if self._idle:
            connection = self._idle.pop()
            # A ping would cost three round trips; the socket knows without asking.
            if _is_open(connection):
                return connection
            closed = connection
        elif self._many < self._size:
            self._many += 1
        elif (given := await self._given()) is not None:
            return given
        return await self._opened(closed)

    async def give_back(self, connection: AsyncConnection, *, lost: bool = False) -> None:
        """Let it be lent again, unless it may be ``lost``, or nobody is lent any more."""
        if lost or self._closed or not _is_open(connection):
            try:
                await _end(connection)
            finally:
                self._pass_on(None)
            return
        assert connection.sync_connection is not None
        # Of its session SQLAlchemy's transaction, which a composed statement begins, is nothing.
        if connection.sync_connection.in_transaction():
            connection.sync_connection.rollback()
        self._pass_on(connection)

    async def close(self) -> None:
        """Close those that are idle, and each that is lent as soon as it is given back."""
        self._closed = True
        idle, self._idle = self._idle, []
        self._many -= len(idle)
        for connection in idle:
            await connection.close()

    async def _opened(self, closed: AsyncConnection | None) -> AsyncConnection:
        """A new connection, instead of one that the server ``closed``. In a task of its own: how long opening takes is
        a matter of whose task it is."""
        opening = asyncio.create_task(self._open(closed))
        try:
            return await opening
        except BaseException:
            opening.add_done_callback(self._opened_in_vain)
            raise

    async def _open(self, closed: AsyncConnection | None) -> AsyncConnection:
        if closed is not None:
            await _end(closed)
        return await self._connect()

    def _opened_in_vain(self, opening: "asyncio.Task[AsyncConnection]") -> None:
        """Whoever asked was told why, or went away when it was open already."""
        failed = opening.cancelled() or opening.exception() is not None
        self._pass_on(None if failed else opening.result())

    async def _given(self) -> AsyncConnection | None:
        """What one is told who waits. A timeout would end whose task this is, which may do more than this."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[AsyncConnection | None] = loop.create_future()
        self._waiting.append(waiter)
        late = loop.call_later(PATIENCE_SECONDS, _refuse, waiter)
        try:
            return await waiter
        except BaseException:
            if not (waiter.cancel() or waiter.cancelled() or waiter.exception()):
                self._pass_on(waiter.result())  # Whoever waited went away before it knew.
            raise
        finally:
            late.cancel()

    def _pass_on(self, connection: AsyncConnection | None) -> None:
        """Tell who waits longest of a connection, or that it may open one."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        if connection is None:
            self._many -= 1
        else:
            self._idle.append(connection)


def _is_open(connection: AsyncConnection) -> bool:
    assert connection.sync_connection is not None
    return not (connection.sync_connection.invalidated or session_of(connection).is_closed())


async def _end(connection: AsyncConnection) -> None:
    """Hang up, without waiting for what its session is at."""
    try:
        await connection.invalidate()
    finally:
        await connection.close()


def _refuse(waiter: "asyncio.Future[AsyncConnection | None]") -> None:
    if not waiter.done():
        waiter.set_exception(Overloaded())
