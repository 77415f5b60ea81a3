"""Reading the log from a position, once or for as long as one cares to follow."""

import asyncio
import logging
from collections.abc import AsyncIterator

from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.log import store
from nzc_api.log.model import Entry, Head
from nzc_api.log.service import Log
from nzc_api.overload import Overloaded
from nzc_api.turns import Turns

logger = logging.getLogger(__name__)

PAGE = 100

# How soon followers hear of what was written, by whichever process.
POLL_SECONDS = 0.25

# How soon a database that is away is asked again.
RETRY_SECONDS = 1


class Feed:
    """The log as a feed. The position is the cursor: what follows it comes, once and in order."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._position = 0
        # The entries up to that position that were new at the last look: read once for all who wait.
        self._new: list[Entry] = []
        self._moved = asyncio.Condition()
        self._turns = Turns()
        # Where each follower is.
        self._reached: dict[object, int] = {}
        self._watch: asyncio.Task[None] | None = None

    @property
    def lag(self) -> int:
        """How many entries the follower that is furthest behind has not had yet."""
        return max((self._position - reached for reached in [*self._reached.values()]), default=0)

    async def entries(self, after: int, first: int) -> list[Entry]:
        """Up to ``first`` entries after a position."""
        self._log.history.check()
        async with self._log.database.read() as connection:
            return await store.read_entries(connection, after, first)

    async def follow(self, after: int) -> AsyncIterator[Entry]:
        """All entries after a position, and then every new one; a database that is away is waited
        for."""
        follower = object()
        self._reached[follower] = after
        if self._watch is None:
            self._watch = asyncio.create_task(self._watch_head(), name="feed-head")
        try:
            while True:
                try:
                    page = self._among_new(after) or await self.entries(after, PAGE)
                except (DatabaseUnavailable, Overloaded):
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                for entry in page:
                    yield entry
                    self._reached[follower] = after = entry.position
                if len(page) < PAGE:
                    await self._wait_beyond(after)
                    await self._turns.mine()
        finally:
            del self._reached[follower]
            if not self._reached and self._watch is not None:
                watch, self._watch = self._watch, None
                self._new = []
                watch.cancel()
                await asyncio.wait((watch,))

    def _among_new(self, after: int) -> list[Entry]:
        """What follows a position among the new entries; nothing where some of it is not among them."""
        if not self._new or self._new[0].position > after + 1:
            return []
        return [entry for entry in self._new if entry.position > after]

    async def _wait_beyond(self, position: int) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._position > position)

    async def _watch_head(self) -> None:
        while True:
            try:
                await self._look(await self._log.head())
            except (DatabaseUnavailable, Overloaded):
                self._new = []  # It may come back with another history.
            except Exception:
                # Followers wait for this task: it must outlive whatever happens to one look.
                logger.exception("the head of the log could not be read")
            await asyncio.sleep(POLL_SECONDS)

    async def _look(self, head: Head) -> None:
        if head.position < self._position:
            self._new = []
        if head.position <= self._position:
            return
        # At the first look nobody knows what is new.
        new = await self.entries(self._position, PAGE) if self._position else []
        async with self._moved:
            self._new = new
            self._position = max(head.position, new[-1].position if new else 0)
            self._moved.notify_all()
