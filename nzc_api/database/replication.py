"""What a synchronous standby has: nothing is shown that it may lack, and a commit waits for it only so long.

PostgreSQL shows a commit to others when the standby has it, unless its wait is broken off: by a cancellation, by
the end of its session, by a restart. So NZC cancels none, and after such a break asks the standby, by a commit of
its own, before it shows anything: the standby has whatever came before that.
"""

import asyncio
from collections.abc import Awaitable, Callable

from nzc_api.database.driver import FAILURES, Session

# How soon the standby is asked again where the question was broken off.
AGAIN_SECONDS = 0.2

# At the end of a statement's time asyncpg cancels it: a year, in seconds.
AS_LONG_AS_IT_TAKES = 31_536_000.0

# Since when the server runs, and whether it waits for a standby. What a standby itself shows, it has.
SERVER = """
    SELECT pg_postmaster_start_time()::text,
           NOT pg_is_in_recovery() AND current_setting('synchronous_standby_names') <> ''
"""

# A commit that changes nothing; in full, for a commit of nothing waits for nobody.
QUESTION = "SELECT pg_logical_emit_message(true, 'nzc', '')"


class Replication:
    """Whether a synchronous standby is known to have all that can be seen. ``connect`` opens a session."""

    def __init__(self, connect: Callable[[], Awaitable[Session]]) -> None:
        self._connect = connect
        self._synchronous = False
        # The start of the server of which it is known.
        self._start: str | None = None
        self._asking: asyncio.Task[None] | None = None

    @property
    def awaited(self) -> bool:
        """Whether a standby is waited for, longer than a commit may take."""
        return self._asking is not None

    @property
    def certain(self) -> bool:
        """Whether the standby has all that can be seen."""
        return not self._synchronous or self._start is not None

    async def met(self, session: Session, seconds: float) -> bool:
        """Whether all that a new session sees is on the standby: as it was, or as it says within ``seconds``."""
        started, self._synchronous = await _server(session)
        if not self._synchronous or started == self._start:
            return True
        self.doubt()
        assert self._asking is not None
        await asyncio.wait((self._asking,), timeout=seconds)
        return self.certain

    def overdue(self) -> None:
        """A commit waits for the standby for too long; nobody sees it meanwhile."""
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(), name="standby")

    def doubt(self) -> None:
        """A commit may be seen that the standby lacks."""
        if self._synchronous:
            self._start = None
            self.overdue()

    async def stop(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait((self._asking,))

    async def _ask(self) -> None:
        try:
            self._start = await self._answer()
            while self._start is None:
                await asyncio.sleep(AGAIN_SECONDS)
                self._start = await self._answer()
        finally:
            self._asking = None

    async def _answer(self) -> str | None:
        """The start of the server whose standby has all; None where the question was broken off."""
        try:
            session = await self._connect()
        except Exception:
            return None
        try:
            started, _ = await _server(session)
            return started if await confirmed(session, QUESTION) else None
        except FAILURES:
            return None
        finally:
            session.terminate()


async def _server(session: Session) -> tuple[str, bool]:
    row = await session.fetchrow(SERVER)
    assert row is not None
    return row[0], row[1]


async def confirmed(session: Session, statement: str) -> bool:
    """Run a statement that commits, for as long as it takes: whether the standby has it, where one must."""
    warnings: list[object] = []

    def warned(_session: object, message: object) -> None:
        # PostgreSQL says so where it stopped waiting, in whichever language: a commit warns of nothing else.
        if getattr(message, "severity_en", "") == "WARNING":
            warnings.append(message)

    session.add_log_listener(warned)
    try:
        await session.execute(statement, timeout=AS_LONG_AS_IT_TAKES)
    finally:
        if not session.is_closed():
            session.remove_log_listener(warned)
    return not warnings
