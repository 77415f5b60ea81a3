"""A session that is lost while it begins is a server that is away, however the driver says it."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import event

from nzc_api.database.engine import DatabaseUnavailable, Lent, open_engine
from nzc_api.database.pool import Pool
from tests.conftest import Server


async def test_what_the_driver_says_of_a_session_that_is_lost_while_it_begins(
    server: Server,
) -> None:
    async def met(_session: object) -> None:
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation is on")

    engine = open_engine(server.api, role=None, met=met)
    with pytest.raises(DatabaseUnavailable):
        async with Lent(Pool(engine.connect, 1)):
            pass
    await engine.dispose()


async def test_a_session_that_is_closed_as_soon_as_it_is_opened(server: Server) -> None:
    def close(opened: Any, _record: object) -> None:
        opened.driver_connection.terminate()

    engine = open_engine(server.api, role=None)
    event.listen(engine.sync_engine, "connect", close)
    with pytest.raises(DatabaseUnavailable):
        async with Lent(Pool(engine.connect, 1)):
            pass
    await engine.dispose()
