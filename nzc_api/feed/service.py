"""Reading the log from a position, once or for as long as one cares to follow."""

import asyncio
import logging
from bisect import bisect_right
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from itertools import accumulate
from typing import Any, TypeAlias

from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.feed import about_store, facts_store, stretch_store
from nzc_api.feed.facts import Carried, PayloadAbsence, facts_of, with_rows
from nzc_api.feed.matching import is_about, says
from nzc_api.feed.model import EVERYTHING, About, Begun, EventFilter, P, Scanned, Stretch, ToldEntry
from nzc_api.feed.viewers import PUBLIC, Viewer
from nzc_api.ids import Position
from nzc_api.ledger.posting.state import MOST_LOTS
from nzc_api.log import store
from nzc_api.log.model import Entry, Head
from nzc_api.log.service import Log
from nzc_api.overload import Overloaded
from nzc_api.turns import Turns

logger = logging.getLogger(__name__)

PAGE = 100

# How soon followers hear of what was written, by whichever process.
POLL_SECONDS = 0.05

# How soon a database that is away is asked again.
RETRY_SECONDS = 1

# How many entries a page is looked for among, and how many events it has at most. A page ends earlier where the facts
# of its events have more rows: lines of inventories, and movements.
MOST_SCANNED = 5_000
LARGEST_PAGE = 1_000
MOST_ROWS = 5_000

# How soon who follows some entries is told how far the others were looked at, though none is for them.
PROGRESS_SECONDS = 5

# What entries are about is kept of so many.
MOST_KEPT = 10_000

ReadAbout = Callable[[Sequence[Position]], Awaitable[Mapping[int, About]]]

# What whoever follows sees: asked anew of each page, for their key may be revoked meanwhile.
AskViewer = Callable[[], Awaitable[Viewer]]

# What of a page's entries is followed, in their order.
Find: TypeAlias = Callable[[Sequence[Entry]], Awaitable[Sequence[P]]]


class Feed:
    """The log as a feed. The position is the cursor: what follows it comes, once and in order."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._position = Position(0)
        # The entries up to that position that were new at the last look: read once for all who wait.
        self._new: list[Entry] = []
        self._moved = asyncio.Condition()
        self._turns = Turns()
        # Where each follower is.
        self._reached: dict[object, int] = {}
        self._watch: asyncio.Task[None] | None = None
        self._kept: dict[int, About] = {}
        self._asking = asyncio.Lock()

    @property
    def lag(self) -> int:
        """How many entries the follower that is furthest behind has not had yet."""
        return max((self._position - reached for reached in [*self._reached.values()]), default=0)

    async def entries(self, after: Position, first: int) -> list[Entry]:
        """Up to ``first`` entries after a position."""
        self._log.history.check()
        async with self._log.database.read() as connection:
            return await store.read_entries(connection, after, first)

    async def stretch(
        self,
        after: Position,
        first: int,
        wanted: EventFilter,
        viewer: Viewer,
        most_scanned: int = MOST_SCANNED,
    ) -> Stretch:
        """Up to ``first`` entries after a position that are ``wanted``, looked for among so many, and how far there
        are no others."""
        self._log.history.check()
        async with self._log.database.read() as connection:
            page = await store.read_entries(
                connection, after, first if wanted == EVERYTHING else most_scanned
            )
            found = await self._matching(
                page, wanted, viewer, partial(about_store.read_about, connection)
            )
            serials = {entry.position: facts_store.serials_named(entry) for entry in found[:first]}
            weights = await facts_store.read_weights(connection, serials)
        fit = found[: _fitting(weights)]
        # All that was read is looked at, unless the page ends before.
        seen = page if len(fit) == len(found) else fit
        return Stretch(_told(fit, after), seen[-1].position if seen else after)

    async def facts(
        self, asked: Sequence[tuple[Entry, Viewer]]
    ) -> list[Mapping[str, Any] | PayloadAbsence]:
        """The facts of entries as they were at their positions, each as far as who asks for it may see them."""
        async with self._log.database.read() as connection:
            kinds = {entry.position: entry.kind for entry, _ in asked}
            said = await facts_store.read_facts(connection, kinds)
            moved = await facts_store.read_movements(connection, kinds)
        return [
            facts_of(entry, said.get(entry.position, {}), moved.get(entry.position, ()), viewer)
            for entry, viewer in asked
        ]

    async def carried(self, after: Position, until: Position) -> Carried:
        """The first entries after a position and up to another with all their facts, whoever may see them, as many as
        are held at once; none where there are no more."""
        self._log.history.check()
        async with self._log.database.read() as connection:
            carried, serials = await stretch_store.read_stretch(
                connection, after, until, LARGEST_PAGE, MOST_ROWS + MOST_LOTS
            )
            carried = carried.first(_fitting(await facts_store.read_weights(connection, serials)))
            kinds = dict(zip(carried.positions, carried.kinds, strict=True))
            return with_rows(carried, await facts_store.read_facts(connection, kinds))

    async def follow(self, after: Position) -> AsyncIterator[Entry]:
        """All entries after a position, and then every new one; a database that is away is waited
        for."""
        async with aclosing(self._pages(after)) as pages:
            async for page in pages:
                for entry in page:
                    yield entry

    async def follow_some(
        self, after: Position, wanted: EventFilter, viewer: AskViewer
    ) -> AsyncIterator[Begun | ToldEntry[Entry] | Scanned]:
        """What is ``wanted`` of the entries after a position, and then of every new one; between them, how far the
        others were looked at."""
        find = partial(self._matching_of, wanted, viewer)
        async with aclosing(self.follow_found(after, find)) as found:
            async for told in found:
                yield told

    async def follow_found(
        self, after: Position, find: Find[P]
    ) -> AsyncGenerator[Begun | ToldEntry[P] | Scanned, None]:
        """What is found in the entries after a position, and then in every new one; between that, how far the log was
        looked at. A database that is away is waited for."""
        yield Begun(after)
        previous = scanned = after
        loop = asyncio.get_running_loop()
        due = loop.time() + PROGRESS_SECONDS
        async with aclosing(self._pages(after, PROGRESS_SECONDS)) as pages:
            async for page in pages:
                for told in _told(await _soon(find, page), previous):
                    yield told
                    previous = scanned = told.position
                    due = loop.time() + PROGRESS_SECONDS
                scanned = page[-1].position if page else scanned
                if loop.time() >= due:
                    yield Scanned(scanned)
                    due = loop.time() + PROGRESS_SECONDS

    async def _pages(
        self, after: Position, longest_wait: float | None = None
    ) -> AsyncGenerator[Sequence[Entry], None]:
        """All entries after a position, page by page, and then every new one; an empty page where there was none for
        so long."""
        follower = object()
        self._reached[follower] = after
        if self._watch is None:
            self._watch = asyncio.create_task(self._watch_head(), name="feed-head")
        try:
            while True:
                try:
                    page = self._new_after(after) or await self.entries(after, PAGE)
                except (DatabaseUnavailable, Overloaded):
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                if page:
                    yield page
                    self._reached[follower] = after = page[-1].position
                if len(page) < PAGE:
                    if not await self._wait_beyond(after, longest_wait):
                        yield ()
                    await self._turns.mine()
        finally:
            del self._reached[follower]
            if not self._reached and self._watch is not None:
                watch, self._watch = self._watch, None
                self._new = []
                watch.cancel()
                await asyncio.wait((watch,))

    async def _matching_of(
        self, wanted: EventFilter, viewer: AskViewer, page: Sequence[Entry]
    ) -> Sequence[Entry]:
        seen = PUBLIC if wanted.pilots is None else await viewer()
        return await self._matching(page, wanted, seen, self._about)

    async def _matching(
        self, page: Sequence[Entry], wanted: EventFilter, viewer: Viewer, read: ReadAbout
    ) -> Sequence[Entry]:
        """The entries of a page that are wanted, as far as who asks sees what they are about."""
        said = [entry for entry in page if says(wanted, entry)]
        if not wanted.asks_about or not said:
            return said
        about = await read([entry.position for entry in said])
        return [entry for entry in said if is_about(wanted, entry, about[entry.position], viewer)]

    async def _about(self, positions: Sequence[Position]) -> Mapping[int, About]:
        """What entries are about: asked once for all who follow some of them, until the log goes on."""
        async with self._asking:
            if len(self._kept) > MOST_KEPT:
                self._kept = {}
            # Another look at the log may put another in its place meanwhile.
            kept = self._kept
            missing = [position for position in positions if position not in kept]
            if missing:
                async with self._log.database.read() as connection:
                    kept.update(await about_store.read_about(connection, missing))
        return kept

    def _new_after(self, after: Position) -> list[Entry]:
        """What follows a position among the new entries; nothing where some of it is not among them."""
        if not self._new or self._new[0].position > after + 1:
            return []
        return [entry for entry in self._new if entry.position > after]

    async def _wait_beyond(self, position: Position, longest: float | None) -> bool:
        """Wait until there is more than up to a position; whether that came within so many seconds."""
        try:
            async with asyncio.timeout(longest), self._moved:
                await self._moved.wait_for(lambda: self._position > position)
        except TimeoutError:
            return False
        return True

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
        if head.position != self._position:
            self._kept = {}
        if head.position < self._position:
            self._new = []
        if head.position <= self._position:
            return
        # At the first look nobody knows what is new.
        new = await self.entries(self._position, PAGE) if self._position else []
        async with self._moved:
            self._new = new
            self._position = max(head.position, new[-1].position) if new else head.position
            self._moved.notify_all()


async def _soon(find: Find[P], page: Sequence[Entry]) -> Sequence[P]:
    """What is found in a page; a database that is away is waited for."""
    while page:
        try:
            return await find(page)
        except (DatabaseUnavailable, Overloaded):
            await asyncio.sleep(RETRY_SECONDS)
    return ()


def _told(entries: Sequence[P], after: Position) -> list[ToldEntry[P]]:
    """Entries, each with the position that was told before it."""
    before = [after, *(entry.position for entry in entries)]
    return [ToldEntry(entry, previous) for entry, previous in zip(entries, before, strict=False)]


def _fitting(weights: Sequence[int]) -> int:
    """How many of some entries have facts that fit into a page together; the first one always does."""
    return max(bisect_right([*accumulate(weights)], MOST_ROWS), 1)
