"""Doing something in one process of all, for longer than a transaction may be idle."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement, session_of

ALONE = DriverStatement("SELECT pg_try_advisory_lock(hashtext(:what))")
NO_MORE = DriverStatement("SELECT pg_advisory_unlock(hashtext(:what))")


@asynccontextmanager
async def alone(connection: AsyncConnection, what: str) -> AsyncIterator[bool]:
    """Whether no other process does ``what``, for as long as the block: held by the connection's session."""
    session = session_of(connection)
    try:
        ((held,),) = await ALONE.rows(connection, {"what": what})
        yield held
        if held:
            await NO_MORE.rows(connection, {"what": what})
    except BaseException:
        # What ended the block may end an unlocking, too: with its session the lock ends in any case.
        session.terminate()
        raise
