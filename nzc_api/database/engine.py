"""Reaching PostgreSQL: one pool a process, always as the role that may only append."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import partial
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import orjson
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from nzc_api.database.availability import Availability
from nzc_api.database.conditions import Condition, condition_of
from nzc_api.database.driver import FAILURES, Session, session_of
from nzc_api.database.plans import ONCE, SET_BY_INDEX, SET_FOR_READING
from nzc_api.database.pool import Pool
from nzc_api.database.reading import ReadTransaction
from nzc_api.database.replication import Replication, confirmed
from nzc_api.overload import Overloaded
from nzc_api.refusal import Failed, LocalizedText
from nzc_api.unreached import why_unreached

API_ROLE = "nzc_api"

# How long a commit is waited for.
COMMIT_SECONDS = 5.0

SESSION = {
    "application_name": "nzc",
    "timezone": "UTC",
    # So that who waits for one that somebody keeps is told in time: an operation has 10 s.
    "lock_timeout": "4s",
    "statement_timeout": "1min",
    "idle_in_transaction_session_timeout": "15s",
} | ONCE


# Of what is asked again: of several questions together, 20,000 bytes. The driver would have a longer one planned anew
# each time.
LARGEST_STATEMENT = 64 * 1024

# What PostgreSQL's codes say of a session that it does not begin, beside its own conditions, in words that tell
# no names.
REASONS: Mapping[str, LocalizedText] = {
    "22023": LocalizedText(
        f"数据库没有角色{API_ROLE}：请运行`nzc migrate`",
        f"the database has no role {API_ROLE}: run `nzc migrate`",
    ),
    "28000": LocalizedText("数据库拒绝该登录名", "the database refuses the login"),
    "28P01": LocalizedText("数据库拒绝该登录名的密码", "the database refuses the login's password"),
    "3D000": LocalizedText("数据库不存在", "the database does not exist"),
    "42501": LocalizedText(
        f"数据库不允许该登录名以{API_ROLE}的身份进入",
        f"the database does not let the login in as {API_ROLE}",
    ),
}

# A statement that this session prepared is not there, or is there already: it was another session's turn.
POOLED = frozenset({"26000", "42P05"})

STANDBY_AWAY = LocalizedText(
    "同步备库没有应答，提交尚未确认",
    "a synchronous standby does not answer, and a commit is not confirmed",
)

# Which server this is, since when it runs, and on which timeline.
STANDING = """
    SELECT inet_server_addr()::text, inet_server_port(), pg_postmaster_start_time(),
           CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END
"""

# What the operation at hand shares, and of which database.
shared: ContextVar[tuple["Database | None", ReadTransaction | None]] = ContextVar(
    "shared", default=(None, None)
)

UNREACHED = LocalizedText("数据库无法连接", "the database cannot be reached")


class DatabaseUnavailable(Failed):
    """PostgreSQL cannot be reached, or broke off; the caller may try again later. ``reason`` says why
    to whoever asks, the exception's own text, with the server's place, to the operator."""

    def __init__(self, cause: BaseException | None, place: str = "") -> None:
        self.reason = _reason(cause) or UNREACHED
        why = _told(cause)
        super().__init__(
            f"无法连接PostgreSQL{place and f'（{place}）'}：{why.zh}。请检查NZC_DATABASE_URL以及数据库是否运行。",
            f"PostgreSQL cannot be reached{place and f' at {place}'}: {why.en}. Check NZC_DATABASE_URL, "
            "and whether the database runs.",
        )


class CommitUnconfirmed(DatabaseUnavailable):
    """A commit waits for a synchronous standby for too long. It stays as it is: when the standby is back it is done,
    and the same request is answered as one that was."""

    def __init__(self) -> None:
        self.reason = STANDBY_AWAY
        Failed.__init__(self, STANDBY_AWAY.zh, STANDBY_AWAY.en)


class StandbyAway(CommitUnconfirmed):
    """What can be seen may not be on the synchronous standby yet, and might be lost with the primary."""


class UnfitDatabase(Failed):
    """The database answers, but NZC must not serve from it; the text says why and what to do."""


class BehindPooler(UnfitDatabase):
    """Sessions are not PostgreSQL's own: a pooler is in between, and does not keep what they are set to."""

    def __init__(self, said: str) -> None:
        super().__init__(
            f"NZC与PostgreSQL之间的连接池（如PgBouncer）不保留会话的设置与预备语句（{said}）：请将NZC_DATABASE_URL直接指向PostgreSQL，"
            "NZC自带连接池。",
            "Between NZC and PostgreSQL is a pooler, such as PgBouncer, which does not keep a session's settings "
            f"and prepared statements ({said}): let NZC_DATABASE_URL lead to PostgreSQL itself; NZC has a pool of "
            "its own.",
        )


class Database:
    """The API's way to PostgreSQL.

    ``read`` lends a connection that commits by itself, or within ``shared`` the one that the operation shares, which
    is asked for no second time before it is given back; ``snapshot`` one that reads all as of one moment;
    ``write`` one with an open transaction, committed at the end of the block and rolled back when the block
    raises. All raise
    ``DatabaseUnavailable`` where the server is down, or shows what its synchronous standby may lack, and
    ``Overloaded`` where every connection stays busy. A commit that takes longer than ``commit_seconds`` raises
    ``CommitUnconfirmed``.
    """

    def __init__(
        self,
        url: str,
        pool_size: int = 10,
        availability: Availability | None = None,
        commit_seconds: float = COMMIT_SECONDS,
    ) -> None:
        self.pool_size = pool_size
        self.commit_seconds = commit_seconds
        self.replication = Replication(partial(open_session, url, SESSION | {"role": API_ROLE}))
        self.availability = availability or Availability(DatabaseUnavailable)
        self.engine = open_engine(url, role=API_ROLE, met=self._met)
        self.pool = Pool(
            self.engine.execution_options(isolation_level="AUTOCOMMIT").connect, pool_size
        )
        self._url = url
        self._recognising = asyncio.Lock()

    def beside(self, pool_size: int) -> "Database":
        """The same database by other connections, for another thread."""
        return Database(
            url=self._url,
            pool_size=pool_size,
            availability=self.availability,
            commit_seconds=self.commit_seconds,
        )

    @property
    def in_use(self) -> int:
        """How many connections are lent now."""
        return self.pool.in_use

    @property
    def reading(self) -> ReadTransaction | None:
        """What the operation at hand shares, if it does."""
        database, reading = shared.get()
        return reading if database is self else None

    @asynccontextmanager
    async def shared(
        self, first: Callable[[AsyncConnection], Awaitable[Any]]
    ) -> AsyncIterator[None]:
        """During the block one session reads all as of one moment; what is read first is ``Reading.found``."""
        reading = ReadTransaction(self.pool, first, _is_away)
        token = shared.set((self, reading))
        try:
            yield
        finally:
            shared.reset(token)
            await reading.end()

    @asynccontextmanager
    async def read(self, *, by_index: bool | None = False) -> AsyncIterator[AsyncConnection]:
        with self.availability.use("database read"):
            self.check_standby()
            reading = self.reading
            if reading is not None:
                async with unavailability(), reading.lent(by_index=by_index) as connection:
                    yield connection
                return
            async with Lent(self.pool) as connection:
                if not by_index:
                    yield connection
                    return
                session = session_of(connection)
                async with _begun(session, f"BEGIN READ ONLY; {SET_FOR_READING}; {SET_BY_INDEX}"):
                    yield connection
                await session.execute("ROLLBACK")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        async with self.read() as connection:
            session = session_of(connection)
            async with _begun(session, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"):
                yield connection
            await session.execute("ROLLBACK")

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        with self.availability.use("database write"):
            self.check_standby()
            async with Lent(self.pool) as connection:
                session = session_of(connection)
                async with _begun(session, "BEGIN"):
                    yield connection
                await self._commit(session)

    async def close(self) -> None:
        await self.replication.stop()
        await self.pool.close()

    def check_standby(self) -> None:
        """Raise ``StandbyAway`` where what can be seen may not be on the synchronous standby."""
        if not self.replication.certain:
            raise StandbyAway

    async def _met(self, session: Session) -> None:
        if self.availability.server is not None:
            # Of sessions that begin at once, one has the server checked.
            async with self._recognising:
                await self._recognise(session)
        if not await self.replication.met(session, self.commit_seconds):
            raise StandbyAway

    async def _recognise(self, session: Session) -> None:
        """Let a session begin with the server that was found fit; another, or another timeline of it, as after a
        failover, is checked first."""
        server = tuple(await session.fetchrow(STANDING) or ())
        if server == self.availability.server:
            return
        apart = Database(self._url, 1, commit_seconds=self.commit_seconds)
        try:
            found = await self.availability.check(apart)
        except BaseException:
            self.availability.server = None
            raise
        finally:
            await apart.close()
        if found != server:
            raise DatabaseUnavailable(None)  # It was yet another one.
        self.availability.server = server

    async def _commit(self, session: Session) -> None:
        """Commit, and wait for that only so long. It is never cancelled: PostgreSQL would show it to others, and
        the standby might not have it."""
        committing = asyncio.create_task(confirmed(session, "COMMIT"))
        try:
            await asyncio.wait((committing,), timeout=self.commit_seconds)
        finally:
            late = not committing.done()
            if late:
                committing.add_done_callback(lambda done: done.cancelled() or done.exception())
                session.terminate()
        if late:
            self.replication.overdue()
            raise CommitUnconfirmed
        try:
            seen_by_standby = committing.result()
        except Exception as error:
            if _is_away(error):
                self.replication.doubt()
            raise
        if not seen_by_standby:
            self.replication.doubt()
            raise CommitUnconfirmed


def open_engine(
    url: str,
    *,
    role: str | None,
    in_a_hurry: bool = True,
    met: Callable[[Session], Awaitable[None]] | None = None,
) -> AsyncEngine:
    """An engine on ``url`` (libpq form), which keeps no session; with ``role``, every one acts as that role. ``met`` is
    told of each, and may refuse it.

    A statement has a minute, and a lock 4 s, unless it is not ``in_a_hurry``: an index of a large ledger takes
    longer.
    """
    settings = SESSION | ({"role": role} if role else {})
    patience: int | None = 120
    if not in_a_hurry:
        settings |= {"statement_timeout": "0", "lock_timeout": "10s"}
        patience = None

    async def connect() -> Session:
        session = await open_session(url, settings, patience)
        try:
            if met is not None:
                await met(session)
        except BaseException:
            session.terminate()
            raise
        return session

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        poolclass=NullPool,
        # What a statement is about is nobody's business who reads the log.
        hide_parameters=True,
        # Numbers in documents of ours are whole and of 64 bits at most; it reads them in a third of the time.
        json_deserializer=orjson.loads,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


async def open_session(
    url: str, settings: Mapping[str, str], patience: float | None = None
) -> Session:
    """A session of PostgreSQL, set as said."""
    try:
        return await asyncpg.connect(
            url, server_settings=dict(settings), timeout=5, command_timeout=patience,
            max_cacheable_statement_size=LARGEST_STATEMENT,
        )  # fmt: skip
    except asyncpg.ProtocolViolationError as error:
        raise BehindPooler(str(error)) from error
    except FAILURES as error:
        raise DatabaseUnavailable(error, place_of(url)) from error


@asynccontextmanager
async def _begun(session: Session, begin: str) -> AsyncIterator[None]:
    """A transaction of the session, rolled back where the block raises."""
    await session.execute(begin)
    try:
        yield
    except asyncio.CancelledError:
        raise  # Its session is not lent again.
    except BaseException:
        try:
            await session.execute("ROLLBACK")
        except FAILURES:
            session.terminate()  # Else who is lent it next would be in this transaction.
        raise


def place_of(url: str) -> str:
    """Where a PostgreSQL URL leads: its hosts and ports, or the folder of its socket; no login."""
    parts = urlsplit(url)
    hosts = parts.netloc.rpartition("@")[2] or ",".join(parse_qs(parts.query).get("host", ()))
    return hosts or "localhost"


def _told(cause: BaseException | None) -> LocalizedText:
    """Why the server is not reached, as the operator is told."""
    reason = _reason(cause)
    if reason is None:
        return why_unreached(cause)
    return LocalizedText(f"{reason.zh}（{cause}）", f"{reason.en} ({cause})")


def _reason(cause: BaseException | None) -> LocalizedText | None:
    """Why, in words that tell no names; None where PostgreSQL did not say."""
    state = _sqlstate(cause)
    condition = condition_of(state)
    return REASONS.get(state) or (condition and condition.reason)


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """A session that was closed as soon as it was opened is of a server that goes."""
    if connection.driver_connection.is_closed():
        raise DatabaseUnavailable(None)


@asynccontextmanager
async def unavailability() -> AsyncIterator[None]:
    """Turn every way in which a server can be away into ``DatabaseUnavailable``, and be busy into
    ``Overloaded``."""
    try:
        yield
    except Exception as error:
        told = _told_as(error)
        if told is None:
            raise
        raise told from error


class Lent:
    """A connection of a pool, during a block; as a class, because every request has several. Where the block shows that
    its session may be lost, and where it is not to be had ``again``, it is lent to nobody else."""

    __slots__ = ("_again", "_connection", "_pool")

    def __init__(self, pool: Pool, *, again: bool = True) -> None:
        self._pool, self._again = pool, again

    async def __aenter__(self) -> AsyncConnection:
        try:
            self._connection = await self._pool.take()
        except Exception as error:
            told = _told_as(error)
            if told is None:
                raise
            raise told from error
        return self._connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lost = error is not None and (not isinstance(error, Exception) or _is_away(error))
        # It may not know yet that it is lost; what was cancelled may still be on its way.
        await self._pool.give_back(self._connection, lost=lost or not self._again)
        told = _told_as(error) if isinstance(error, Exception) else None
        if told is not None:
            raise told from error


def _told_as(error: Exception) -> Exception | None:
    """As what an error is told; None where it is as it says."""
    if _is_away(error):
        return DatabaseUnavailable(getattr(error, "orig", error))
    if _sqlstate(getattr(error, "orig", error)) in POOLED:
        return BehindPooler(str(getattr(error, "orig", error)))
    busy = _condition(error)
    return None if busy is None else Overloaded(reason=busy.reason)


def _is_away(error: BaseException) -> bool:
    condition = _condition(error)
    if condition is not None:
        return condition.away
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, ValueError)  # That would be an argument of ours.
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(_said(error), (OSError, asyncpg.InternalClientError))


def _condition(error: BaseException) -> Condition | None:
    """The state of the server that an error tells of."""
    return condition_of(_sqlstate(_said(error)))


def _said(error: BaseException) -> BaseException | None:
    """What the driver said, which SQLAlchemy wraps twice, and does not keep the state of each time."""
    if not isinstance(error, DBAPIError):
        return error
    return (error.orig and error.orig.__cause__) or error.orig


def _sqlstate(error: BaseException | None) -> str:
    return getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or ""
