"""Where the log is now: looks are shared, and none answers who asked after it began."""

import asyncio
from datetime import UTC, datetime
from typing import cast

import pytest

from nzc_api.database.engine import Database, DatabaseUnavailable
from nzc_api.ids import Position
from nzc_api.log.model import Head
from nzc_api.log.service import Log


class Looked(Log):
    """A log whose looks last until they are let go, and find what stood there as they began."""

    def __init__(self) -> None:
        super().__init__(cast(Database, None))
        self.position = 0
        self.looks = 0
        self.ends = asyncio.Event()
        self.error: Exception | None = None

    async def head(self) -> Head:
        self.looks += 1
        found = Head(1, Position(self.position), datetime.now(UTC), b"")
        await self.ends.wait()
        if self.error is not None:
            raise self.error
        return found


async def begun(log: Looked, many: int) -> list[asyncio.Task[Head]]:
    """So many who ask, as far as they come by themselves."""
    asked = [asyncio.create_task(log.present()) for _ in range(many)]
    for _ in range(5):
        await asyncio.sleep(0)
    return asked


async def positions(asked: list[asyncio.Task[Head]]) -> list[int]:
    return [head.position for head in await asyncio.gather(*asked)]


async def test_who_asks_later_is_answered_by_a_later_look() -> None:
    log = Looked()
    early = await begun(log, 3)
    log.position = 7
    late = await begun(log, 3)
    assert log.looks == 1, "the second waits for the first"
    log.ends.set()
    assert await positions(early) == [0, 0, 0]
    assert await positions(late) == [7, 7, 7]
    assert log.looks == 2


async def test_a_look_that_fails_fails_for_those_who_waited_for_it_alone() -> None:
    log = Looked()
    log.error = DatabaseUnavailable(None)
    early = await begun(log, 2)
    late = await begun(log, 1)
    log.ends.set()
    for asked in (*early, *late):
        with pytest.raises(DatabaseUnavailable):
            await asked
    log.error = None
    assert await positions(await begun(log, 2)) == [0, 0]


async def test_who_goes_away_takes_nobody_along() -> None:
    log = Looked()
    gone, stays = await begun(log, 2)
    gone.cancel()
    log.ends.set()
    assert (await stays).position == 0
    with pytest.raises(asyncio.CancelledError):
        await gone
