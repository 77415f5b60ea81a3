"""An attack, and how it is tried: in a transaction that is rolled back, as the owner or as the API."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import TypeAlias

import asyncpg
import pytest

from nzc_api.database.engine import API_ROLE
from tests.conftest import Server

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Names = Mapping[str, int | str]

OWNER, API = "owner", "api"
BOTH = (OWNER, API)

# An attack that hangs, or waits for another's lock, did not get through either; it must say so soon.
SESSION = {"statement_timeout": "2s", "lock_timeout": "1s"}


def fill(sql: str, names: Names) -> str:
    return Template(sql).substitute(names)


@dataclass(frozen=True)
class Scene:
    """A database that holds the good state, and the story's numbers."""

    server: Server
    database: str
    story: Names

    async def connect(self, who: str) -> Connection:
        settings = SESSION | ({"role": API_ROLE} if who == API else {})
        return await asyncpg.connect(self.server.url(who, self.database), server_settings=settings)


# As a line of the draft has: any entry will do.
OF_DRAFT = """'{"inventory": $draft}'::jsonb"""


# Written as the API writes them: in one statement with the head.
def entries(
    count: int,
    after: str = "$head",
    at: str = "now()",
    kind: str = "EMISSION_SOURCE_RECORDED",
    body: str = OF_DRAFT,
    subject: str = "",
    actor: str = "NULL, NULL",
) -> str:
    """Entries of a test, chained to those before, and the head that follows them; about a ``subject``, or each
    about what it brings about; by an ``actor``: an organisation and its key."""
    digest = f"nzc_digest(digest, n + 1, {at}, '{kind}', {subject or 'n + 1'}, {actor}, {body})"
    return f"""
        WITH RECURSIVE chain AS (
            SELECT position AS n, digest FROM log_head
            UNION ALL
            SELECT n + 1, {digest} FROM chain WHERE n < {after} + {count}
        ), entries AS (
            INSERT INTO log_entry (position, at, kind, subject_id, organisation_id, api_key_id, body, digest)
            SELECT n, {at}, '{kind}', {subject or "n"}, {actor}, {body}, digest FROM chain WHERE n > {after}
        )
        UPDATE log_head SET position = {after} + {count}, at = now(),
                            digest = (SELECT digest FROM chain ORDER BY n DESC LIMIT 1)
    """


def logged(
    pilot: str = "$alone",
    period: str = "$alone_2022",
    kind: str = "EMISSION_SOURCE_RECORDED",
    **says: str,
) -> str:
    """Four entries. Any will do; these are of lines of the draft. They say for which pilot and period
    something is retired or requested, and whatever else they ``say``."""
    facts = {"inventory": "$draft", "pilot": pilot, "accounting_period": period, **says}
    said = ", ".join(f"'{name}', {value}" for name, value in facts.items())
    return entries(4, kind=kind, body=f"jsonb_build_object({said})")


LOGGED = logged()


@dataclass(frozen=True)
class Attack:
    """Something that must not be possible.

    ``before`` is done first, in the same transaction, and is itself in order. ``lowered`` are
    triggers that stand before the guard: they are put down (by the owner, for this attack), so that
    the guard behind them shows that it would hold alone.
    """

    what: str
    guard: str
    sql: str
    by: Sequence[str] = BOTH
    before: str | None = LOGGED
    lowered: Sequence[str] = ()


# Each guard that some test attacks.
ATTACKED: set[str] = set()


def cases(attacks: Sequence[Attack]) -> pytest.MarkDecorator:
    """A test a role and attack."""
    ATTACKED.update(attack.guard for attack in attacks if attack.guard)
    return pytest.mark.parametrize(
        ("who", "attack"),
        [
            pytest.param(who, attack, id=f"{attack.what} ({who})")
            for attack in attacks
            for who in attack.by
        ],
    )


async def attempt(
    connection: Connection, names: Names, *statements: str, prepare: Sequence[str] = ()
) -> asyncpg.PostgresError | None:
    """What PostgreSQL says to the statements, in a transaction that leaves nothing behind.

    ``prepare`` is done first, and must succeed.
    """
    transaction = connection.transaction()
    await transaction.start()
    try:
        for statement in prepare:
            await connection.execute(fill(statement, names))
        try:
            for statement in statements:
                await connection.execute(fill(statement, names))
            # A guard that waits for the commit is a guard too.
            await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except asyncpg.PostgresError as error:
            return error
        return None
    finally:
        await transaction.rollback()


def assert_refused(error: asyncpg.PostgresError | None, guard: str | None) -> None:
    """It was refused as a violation of integrity, by that guard (None: by any)."""
    assert error is not None, f"{guard or 'no guard'} let it through"
    assert (error.sqlstate or "").startswith("23"), repr(error)
    assert guard in {None, error.constraint_name}, repr(error)


async def assert_stopped(
    connections: Mapping[str, Connection], names: Names, who: str, attack: Attack
) -> None:
    """Its guard refuses it, and none before that does."""
    prepare = [f"ALTER TABLE {name.replace('.', ' DISABLE TRIGGER ')}" for name in attack.lowered]
    if attack.before is not None:
        prepare.append(attack.before)
    error = await attempt(connections[who], names, attack.sql, prepare=prepare)
    assert_refused(error, attack.guard)


async def assert_let_through(
    connections: Mapping[str, Connection],
    names: Names,
    who: str,
    statements: Sequence[str],
    entries: str,
) -> None:
    """The statements are in order, with entries that say so."""
    error = await attempt(connections[who], names, *statements, prepare=[entries])
    assert error is None, repr(error)


# Trying an attack as somebody; and statements, with their entries. (See ``conftest.py``.)
Stopped = Callable[[str, Attack], Awaitable[None]]
LetThrough = Callable[[str, Sequence[str], str], Awaitable[None]]
