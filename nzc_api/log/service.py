"""Writing the log: the head is the first lock of every change, in every room."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database
from nzc_api.log import store
from nzc_api.log.errors import IdempotencyKeyReused
from nzc_api.log.kinds import EntryKind
from nzc_api.log.requests import Actor, Request
from nzc_api.log.store import Entry, Head, Mark, Outcome, StoredOutcome
from nzc_api.refusal import Refused

P = TypeVar("P")

# The scope of keys that the operator's own command line uses.
OPERATOR_SCOPE = 0


class Transaction:
    """A change in the making: an open transaction that holds the head."""

    def __init__(self, connection: AsyncConnection, head: Head, *, follows: bool) -> None:
        self.connection = connection
        self.head = head
        # Whether the log is still the one in which the mark was seen.
        self.follows = follows
        self._entries: list[Entry] = []
        self._outcomes: list[tuple[int, Request, Outcome]] = []

    @property
    def next_position(self) -> int:
        """The position that the next entry gets."""
        return self.head.position + len(self._entries) + 1

    def append(
        self, actor: Actor, kind: EntryKind, body: Mapping[str, Any], subject: int | None = None
    ) -> int:
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
        """Write what was appended and concluded so far, and move the head."""
        if self._entries or self._outcomes:
            self.head = Head(self.head.log_id, self.next_position - 1, self.head.at)
            await store.append(self.connection, self.head, self._entries, self._outcomes)
            self._entries, self._outcomes = [], []


class Log:
    """The log of one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        # The last position that this process saw; for whoever watches.
        self.seen = 0

    @asynccontextmanager
    async def write(self, mark: Mark | None = None) -> AsyncIterator[Transaction]:
        """A transaction that holds the head; what was appended is committed with it."""
        async with self.database.write() as connection:
            head, follows = await store.lock_head(connection, mark)
            transaction = Transaction(connection, head, follows=follows)
            yield transaction
            await transaction.flush()
        self.seen = transaction.head.position

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
            outcome = await _attempt(transaction, work)
            if outcome.refusal is None or not outcome.refusal.malformed:
                transaction.conclude(actor, request, outcome)
            return outcome

    async def rehearse(
        self, actor: Actor, request: Request, plan: Callable[[AsyncConnection, Head], Awaitable[P]]
    ) -> P | Outcome:
        """What ``plan`` finds where ``once`` would do its work; else the outcome that it would have.

        Nothing is written or locked, and the key is not used.
        """
        async with self.database.read() as connection:
            earlier = await store.read_outcomes(connection, [(scope_of(actor), request.key)])
            for stored in earlier.values():
                return replay(stored, request)
            try:
                return await plan(connection, await store.read_head(connection))
            except Refused as refused:
                return Outcome(None, refused.refusal)

    async def head(self) -> Head:
        async with self.database.read() as connection:
            head = await store.read_head(connection)
        self.seen = head.position
        return head


def replay(stored: StoredOutcome, request: Request) -> Outcome:
    """The earlier outcome, if it answers this very request; else a conflict about the key."""
    if stored.fingerprint == request.fingerprint:
        return stored.outcome
    path = ("input", "idempotencyKey")
    return Outcome(None, IdempotencyKeyReused(key=request.key, path=path))


def scope_of(actor: Actor) -> int:
    """Whose keys these are: two organisations may use the same key."""
    return OPERATOR_SCOPE if actor.organisation_id is None else actor.organisation_id


async def _attempt(
    transaction: Transaction, work: Callable[[Transaction], Awaitable[int]]
) -> Outcome:
    try:
        async with transaction.all_or_nothing():
            return Outcome(await work(transaction), None)
    except Refused as refused:
        return Outcome(None, refused.refusal)
