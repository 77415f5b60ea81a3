"""Connections that are lent again as they are: to whom, how many, and which never again."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database import pool as pools
from nzc_api.database.driver import session_of
from nzc_api.database.engine import DatabaseUnavailable, Lent, open_engine
from nzc_api.database.pool import Pool
from nzc_api.overload import Overloaded
from tests.conftest import Server


@pytest_asyncio.fixture
async def pool(server: Server) -> AsyncIterator[Pool]:
    engine = open_engine(server.api, role=None)
    made = Pool(engine.execution_options(isolation_level="AUTOCOMMIT").connect, 2)
    yield made
    await made.close()
    assert made.in_use == 0


async def settle() -> None:
    """Let go on whoever can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_connection_is_lent_again_as_it_is(pool: Pool) -> None:
    one = await pool.take()
    await pool.give_back(one)
    assert await pool.take() is one
    assert pool.in_use == 1
    await pool.give_back(one)


async def test_who_waits_longest_is_lent_the_next(pool: Pool) -> None:
    one, two = await pool.take(), await pool.take()
    first, second = asyncio.create_task(pool.take()), asyncio.create_task(pool.take())
    await settle()
    await pool.give_back(two)
    await settle()
    assert (first.done(), second.done()) == (True, False)
    assert await first is two
    await pool.give_back(one, lost=True)
    other = await second
    assert other not in (one, two), "what was lost is lent to nobody: another one is opened"
    assert pool.in_use == 2
    await pool.give_back(two)
    await pool.give_back(other)


async def test_what_is_lent_as_it_closes_is_closed_when_it_is_given_back(pool: Pool) -> None:
    one = await pool.take()
    await pool.close()
    await pool.give_back(one)
    assert one.closed
    assert pool.in_use == 0


async def test_who_finds_all_busy_is_told_so(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "PATIENCE_SECONDS", 0.01)
    one, two = await pool.take(), await pool.take()
    with pytest.raises(Overloaded):
        await pool.take()
    await pool.give_back(one)
    assert await pool.take() is one, "whoever waits no longer is lent nothing"
    await pool.give_back(one)
    await pool.give_back(two)


async def test_who_goes_away_as_he_is_lent_one_takes_it_from_nobody(pool: Pool) -> None:
    one, two = await pool.take(), await pool.take()
    gone, next_one = asyncio.create_task(pool.take()), asyncio.create_task(pool.take())
    await settle()
    await pool.give_back(one)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await next_one is one
    await pool.give_back(one)
    await pool.give_back(two)


async def test_what_cannot_be_opened_takes_no_place(server: Server) -> None:
    def refuse() -> AsyncConnection:
        raise DatabaseUnavailable(None)

    pool = Pool(refuse, 1)
    told = await asyncio.gather(*(pool.take() for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in told] == [DatabaseUnavailable] * 3
    await settle()
    assert pool.in_use == 0


async def test_who_goes_away_while_one_is_opened_takes_no_place(pool: Pool) -> None:
    for turns in range(40):
        going = asyncio.create_task(pool.take())
        for _ in range(turns):
            await asyncio.sleep(0)
        going.cancel()
        await asyncio.wait((going,))
        if not going.cancelled():
            await pool.give_back(going.result())
    one, two = await pool.take(), await pool.take()
    await pool.give_back(one)
    await pool.give_back(two)


async def test_one_that_the_server_closed_is_opened_anew(pool: Pool) -> None:
    one = await pool.take()
    await pool.give_back(one)
    session_of(one).terminate()
    two = await pool.take()
    assert (await two.execute(text("SELECT 1"))).scalar_one() == 1
    assert pool.in_use == 1
    session_of(two).terminate()
    await pool.give_back(two)
    assert pool.in_use == 0


async def test_a_composed_statement_leaves_nothing_behind(pool: Pool) -> None:
    one = await pool.take()
    await one.execute(text("SELECT 1"))
    assert one.in_transaction()
    await pool.give_back(one)
    assert await pool.take() is one
    assert not one.in_transaction()
    await pool.give_back(one)


async def test_one_that_was_set_otherwise_is_lent_to_nobody_else(pool: Pool) -> None:
    async with Lent(pool, again=False) as one:
        await one.execution_options(isolation_level="REPEATABLE READ")
    assert pool.in_use == 0
    async with Lent(pool) as other:
        assert other is not one


async def test_never_more_than_there_may_be(pool: Pool) -> None:
    """Whoever asks, goes away or loses a connection: in the end each place is free again."""
    chance = random.Random(53)
    most = 0

    async def use() -> None:
        nonlocal most
        connection = await pool.take()
        most = max(most, pool.in_use)
        try:
            await asyncio.sleep(chance.choice((0, 0.001)))
        finally:
            await pool.give_back(connection, lost=chance.random() < 0.1)

    users = []
    for _ in range(150):
        users.append(asyncio.create_task(use()))
        if chance.random() < 0.3:
            await asyncio.sleep(0)
            chance.choice(users).cancel()
    await asyncio.wait(users)
    await settle()
    assert (most, pool.in_use) == (2, 0)
