"""Writing the log: the head is the first lock of every change, in every room."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database, DatabaseUnavailable
from nzc_api.database.looks import LONGEST_SECONDS
from nzc_api.ids import Position
from nzc_api.log import store
from nzc_api.log.errors import IdempotencyKeyReused
from nzc_api.log.history import History, HistoryDiverged
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry, Head, Outcome, StoredOutcome
from nzc_api.log.requests import Actor, Request
from nzc_api.log.rows import bound
from nzc_api.overload import Overloaded
from nzc_api.refusal import Refused

P = TypeVar("P")

# The scope of keys that the operator's own command line uses.
OPERATOR_SCOPE = 0

# How long one look at the head is good for all who only ask whether it is still the same history.
RECENT_SECONDS = 0.1


class Transaction:
    """A change in the making: an open transaction that holds the head."""

    def __init__(self, connection: AsyncConnection, head: Head) -> None:
        self.connection = connection
        self.head = head
        self._entries: list[Entry] = []
        self._outcomes: list[tuple[int, Request, Outcome]] = []

    @property
    def position(self) -> Position:
        """The position of the last entry so far."""
        return Position(self.head.position + len(self._entries))

    @property
    def next_position(self) -> Position:
        """The position that the next entry gets."""
        return Position(self.position + 1)

    def append(
        self, actor: Actor, kind: EntryKind, body: Mapping[str, Any], subject: int | None = None
    ) -> Position:
        """Say that something happened; without ``subject`` it is what is born here."""
        position = self.next_position
        subject_id = position if subject is None else subject
        self._entries.append(Entry(position, self.head.at, kind, subject_id, actor, body))
        return position

    def conclude(self, actor: Actor, request: Request, outcome: Outcome) -> None:
        """Keep the outcome of a request beside its key, in the same commit."""
        self._outcomes.append((scope_of(actor), request, outcome))

    @asynccontextmanager
    async def all_or_nothing(self) -> AsyncIterator[None]:
        """Undo what the block wrote and appended if it raises."""
        appended = len(self._entries)
        try:
            async with self.connection.begin_nested():
                yield
        except BaseException:
            del self._entries[appended:]
            raise

    async def flush(self) -> None:
        """Write what was appended and concluded so far, before its rows, and move the head."""
        if self._entries or self._outcomes:
            self.head = await store.append(
                self.connection, self.head, self._entries, self._outcomes
            )
            self._entries, self._outcomes = [], []

    async def close(self) -> None:
        """Write the rest, each entry bound to the rows that were written with it."""
        self._entries = await bound(self.connection, self._entries)
        await self.flush()


class Log:
    """The log of one database, and what the process has seen of it."""

    def __init__(self, database: Database, history: History | None = None) -> None:
        self.database = database
        self.history = history or History()
        self._looked = float("-inf")
        self._looking: asyncio.Task[Head] | None = None

    def beside(self, database: Database) -> "Log":
        """The same log by other connections, for another thread."""
        return Log(database, self.history)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that holds the head; what was appended is committed with it. Raises
        ``HistoryDiverged`` where the log lacks what was seen of it."""
        async with self.database.write() as connection:
            seen = self.history.seen
            head, follows = await store.lock_head(connection, seen)
            self.history.look(seen, head, follows=follows)
            self._looked = monotonic()  # Who holds the head knows where it is.
            transaction = Transaction(connection, head)
            yield transaction
            await transaction.close()
        self.history.keep(transaction.head)

    def reading(self) -> AbstractAsyncContextManager[None]:
        """During the block all is read as of one moment, that of ``head``."""
        return self.database.shared(self.head_by)

    async def head(self) -> Head:
        """Where the log stands. Raises ``HistoryDiverged`` where it lacks what was seen of it."""
        reading = self.database.reading
        if reading is not None:
            found: Head = await reading.found()
            return found
        async with self.database.read() as connection:
            return await self.look_by(connection)

    async def look_by(self, connection: AsyncConnection) -> Head:
        """The same, as a connection of its own sees it, outside of what is read as of one moment."""
        began = monotonic()
        head = await self.head_by(connection)
        self._looked = began
        return head

    async def head_by(self, connection: AsyncConnection) -> Head:
        """The same, as a connection sees it."""
        seen = self.history.seen
        head, follows = await store.read_head(connection, seen)
        self.history.look(seen, head, follows=follows)
        return head

    async def recent(self) -> Head:
        """Where the log stood at most ``RECENT_SECONDS`` ago, so that nothing is answered from another history;
        or at last, where the database cannot be asked: who needs it is told so by it."""
        self.history.check()
        seen = self.history.seen
        if seen is not None and monotonic() - self._looked <= RECENT_SECONDS:
            return seen
        # All that come at once wait for one look.
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(self._has_looked)
        try:
            return await asyncio.shield(self._looking)
        except (DatabaseUnavailable, Overloaded) as error:
            if seen is None or isinstance(error, HistoryDiverged):
                raise
            return seen

    async def once(
        self, actor: Actor, request: Request, work: Callable[[Transaction], Awaitable[int]]
    ) -> Outcome:
        """Do ``work`` unless the request was answered before; keep its outcome either way.

        ``work`` returns the position of what it brought about, or raises ``Refused``, and then
        nothing that it wrote remains. Malformed input and any other exception leave no outcome.
        """
        async with self.write() as transaction:
            earlier = await store.read_outcomes(
                transaction.connection, [(scope_of(actor), request.key)]
            )
            for stored in earlier.values():
                return replay(stored, request)
            outcome = (await _attempt(transaction, work))._replace(as_of=transaction.position)
            if outcome.uses_key:
                transaction.conclude(actor, request, outcome)
            return outcome

    async def answered(self, actor: Actor, request: Request) -> Outcome | None:
        """The outcome that ``once`` would have without doing its work; None where it would do it."""
        async with self.database.read() as connection:
            earlier = await store.read_outcomes(connection, [(scope_of(actor), request.key)])
        return next((replay(stored, request) for stored in earlier.values()), None)

    @asynccontextmanager
    async def rehearsal(self) -> AsyncIterator[tuple[AsyncConnection, Head]]:
        """A connection that reads the log's database as of one moment, and the head that the next change would
        find: its time is now. Nothing is locked."""
        async with self.database.snapshot() as connection:
            head = await self.head_by(connection)
            yield connection, replace(head, at=max(head.at, await store.read_time(connection)))

    async def rehearse(
        self, actor: Actor, request: Request, plan: Callable[[AsyncConnection, Head], Awaitable[P]]
    ) -> P | Outcome:
        """What ``plan`` finds where ``once`` would do its work; else the outcome that it would have.

        Nothing is written or locked, and the key is not used.
        """
        async with self.rehearsal() as (connection, head):
            earlier = await store.read_outcomes(connection, [(scope_of(actor), request.key)])
            for stored in earlier.values():
                return replay(stored, request)
            try:
                return await plan(connection, head)
            except Refused as refused:
                return Outcome(None, refused.refusal, as_of=head.position)

    async def _look(self) -> Head:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                return await self.head()
        except TimeoutError as error:
            raise DatabaseUnavailable(error) from error

    def _has_looked(self, look: asyncio.Task[Head]) -> None:
        self._looking = None
        # Those who waited may all have gone away.
        if not look.cancelled():
            look.exception()


def replay(stored: StoredOutcome, request: Request) -> Outcome:
    """The earlier outcome, if it answers this very request; else a conflict about the key."""
    if stored.fingerprint == request.fingerprint:
        return stored.outcome
    return key_reused(request)


def key_reused(request: Request) -> Outcome:
    """That the request's key was used with other content."""
    path = ("idempotency_key",)
    return Outcome(None, IdempotencyKeyReused(key=request.key, path=path))


def scope_of(actor: Actor) -> int:
    """Whose keys these are: two organisations may use the same key."""
    return OPERATOR_SCOPE if actor.organisation_id is None else actor.organisation_id


async def _attempt(
    transaction: Transaction, work: Callable[[Transaction], Awaitable[int]]
) -> Outcome:
    try:
        async with transaction.all_or_nothing():
            return Outcome(Position(await work(transaction)), None)
    except Refused as refused:
        return Outcome(None, refused.refusal)
