"""Looks that many wait for: they are shared, none answers who asked after it began, and they keep no connection from
others for long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database import looks
from nzc_api.database.engine import Database, DatabaseUnavailable, StandbyAway
from nzc_api.database.looks import Looks


class Looked:
    """A database whose looks last until they are let go, and find the number that it had as they began."""

    def __init__(self) -> None:
        self.number = 0
        self.asked: list[list[str]] = []
        self.lent = self.in_use = 0
        self.ends = asyncio.Event()
        self.certain = True
        self.looks = Looks(cast(Database, self), self.look)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        self.check_standby()
        self.lent += 1
        self.in_use += 1
        try:
            yield cast(AsyncConnection, None)
        finally:
            self.in_use -= 1

    def check_standby(self) -> None:
        if not self.certain:
            raise StandbyAway

    async def look(self, _connection: AsyncConnection, keys: list[str]) -> list[tuple[str, int]]:
        self.asked.append(keys)
        found = self.number
        await self.ends.wait()
        if "fails" in keys:
            raise DatabaseUnavailable(None)
        return [(key, found) for key in keys]


Asked = list[asyncio.Task[tuple[str, int]]]


@pytest_asyncio.fixture
async def looked() -> AsyncIterator[Looked]:
    made = Looked()
    yield made
    await made.looks.stop()
    assert made.in_use == 0


async def begun(looked: Looked, *keys: str) -> Asked:
    """Those who ask, as far as they come by themselves."""
    asked = [asyncio.create_task(looked.looks.answer(key)) for key in keys]
    for _ in range(5):
        await asyncio.sleep(0)
    return asked


async def test_who_asks_later_is_answered_by_a_later_look(looked: Looked) -> None:
    early = await begun(looked, "a", "b", "c")
    looked.number = 7
    late = await begun(looked, "d", "a")
    assert looked.asked == [["a", "b", "c"]], "the second waits for the first"
    looked.ends.set()
    assert await asyncio.gather(*early) == [("a", 0), ("b", 0), ("c", 0)]
    assert await asyncio.gather(*late) == [("d", 7), ("a", 7)]
    assert looked.asked[1:] == [["d", "a"]]


async def test_looks_that_follow_one_another_share_a_connection_for_a_while(
    looked: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "KEPT_SECONDS", 60)
    looked.ends.set()
    for _ in range(3):
        await asyncio.gather(*await begun(looked, "a"))
    assert (looked.lent, looked.in_use) == (1, 1)
    await looked.looks.stop()
    monkeypatch.setattr(looks, "KEPT_SECONDS", 0)
    for _ in range(3):
        await asyncio.gather(*await begun(looked, "a"))
        for _ in range(5):
            await asyncio.sleep(0)
        assert looked.in_use == 0
    assert looked.lent == 4


async def test_who_asks_without_end_leaves_others_the_connection(
    looked: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "KEPT_SECONDS", -1)
    early = await begun(looked, "a")
    late = await begun(looked, "b")
    looked.ends.set()
    await asyncio.gather(*early, *late)
    assert looked.lent == 2


async def test_each_look_is_of_what_the_standby_has(looked: Looked) -> None:
    """The connection was lent before it went away."""
    looked.ends.set()
    await asyncio.gather(*await begun(looked, "a"))
    looked.certain = False
    with pytest.raises(StandbyAway):
        await looked.looks.answer("a")
    assert len(looked.asked) == 1
    looked.certain = True
    assert await looked.looks.answer("a") == ("a", 0)


async def test_a_look_that_fails_fails_for_those_who_waited_for_it_alone(looked: Looked) -> None:
    early = await begun(looked, "fails", "b")
    late = await begun(looked, "c")
    looked.ends.set()
    for asked in early:
        with pytest.raises(DatabaseUnavailable):
            await asked
    assert await asyncio.gather(*late) == [("c", 0)]


async def test_a_look_that_hangs_is_not_waited_for(
    looked: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "LONGEST_SECONDS", 0.05)
    with pytest.raises(DatabaseUnavailable):
        await looked.looks.answer("a")
    assert looked.in_use == 0
    looked.ends.set()
    assert await looked.looks.answer("a") == ("a", 0)


async def test_who_goes_away_takes_nobody_along(looked: Looked) -> None:
    gone, stays = await begun(looked, "a", "b")
    gone.cancel()
    looked.ends.set()
    assert await stays == ("b", 0)
    with pytest.raises(asyncio.CancelledError):
        await gone
