"""Whatever of the log or its tree is changed, deleted or inserted by hand is found and named."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from nzc_api.database.arrays import columns
from nzc_api.database.engine import Database
from nzc_api.proofs.comparing import Flaw, Law
from nzc_api.proofs.keys import NoLogKey, make_key, read_key
from nzc_api.proofs.model import TreeHead
from nzc_api.proofs.notes import Verifier
from nzc_api.proofs.store import NODES
from nzc_api.proofs.stored import spans_of
from nzc_api.proofs.tree import LeafRange, inclusion_path
from nzc_api.proofs.verifying import MOST_FLAWS, TOGETHER, Held, verify
from nzc_api.services import Nzc
from tests.conftest import Server, TestDatabase, fresh_database
from tests.proofs.growing import log_many, register
from tests.proofs.keys import KEY, Committed, with_key
from tests.served import run, run_from_nothing

# More than are compared together.
ENTRIES = TOGETHER + 300


@pytest_asyncio.fixture(scope="module")
async def logged(server: Server, template: str) -> AsyncIterator[TestDatabase]:
    async with fresh_database(server, template) as database:
        yield database


@pytest_asyncio.fixture(scope="module")
async def nzc(logged: TestDatabase) -> AsyncIterator[Nzc]:
    found = Nzc.on(Database(logged.api_url), log_key=KEY)
    yield found
    await found.database.close()


@pytest_asyncio.fixture(scope="module")
async def early(nzc: Nzc) -> Committed:
    await register(nzc.services, "first")
    return await with_key(nzc)


@pytest_asyncio.fixture(scope="module")
async def late(nzc: Nzc, logged: TestDatabase, early: Committed) -> Committed:
    await log_many(logged.superuser_url, ENTRIES)
    return await with_key(nzc)


async def flaws(
    nzc: Nzc, database: TestDatabase, *harm: str, held: Held | None = None
) -> Sequence[Flaw]:
    """What is found where somebody whom no guard stops has done harm; it is mended afterwards."""
    connection = await asyncpg.connect(database.superuser_url)
    tables = ("log_entry", "log_salt", "log_node", "log_checkpoint")
    for table in tables:
        await connection.execute(f"CREATE TEMPORARY TABLE kept_{table} AS TABLE {table}")
    await connection.execute("SET session_replication_role = replica")
    try:
        for statement in harm:
            await connection.execute(statement)
        return (await verify(nzc.database, held=held or Held())).flaws
    finally:
        for table in tables:
            await connection.execute(f"DELETE FROM {table}")
            await connection.execute(f"INSERT INTO {table} TABLE kept_{table}")
        await connection.close()


async def test_a_log_that_nobody_touched_is_as_committed_to(
    nzc: Nzc, early: Committed, late: Committed
) -> None:
    held = Held(Verifier.read(late.verifier), TreeHead.read(early.note))
    steps: list[tuple[int, int]] = []
    found = await verify(nzc.database, held=held, progress=lambda *step: steps.append(step))
    assert (found.first, found.last, found.reach) == (1, late.size, late.size)
    assert not found.flaws
    assert steps == [(0, late.size), (TOGETHER, late.size)]
    some = await verify(nzc.database, 3, 17, held)
    assert (some.first, some.last, some.flaws) == (3, 17, [])


async def test_a_proof_reads_the_nodes_that_it_needs_alone(
    nzc: Nzc, logged: TestDatabase, late: Committed
) -> None:
    """However large the tree is: PostgreSQL would join all of it with what is asked for."""
    connection = await asyncpg.connect(logged.superuser_url)
    await connection.execute("ANALYZE log_node")
    spans = spans_of([LeafRange(0, late.size), *inclusion_path(77, late.size)])
    given = columns(spans, "heights firsts ends")
    plan = await connection.fetch(f"EXPLAIN {NODES.sql}", *(given[name] for name in NODES.names))
    await connection.close()
    assert [line for (line,) in plan if "Index Scan" in line]
    assert not [line for (line,) in plan if "Seq Scan" in line]


# Of 4,397 entries: what is done, and what is found.
HARM: dict[str, tuple[tuple[str, ...], set[tuple[Law, str]]]] = {
    "an entry that says something else": (
        ("UPDATE log_entry SET body = '{\"quantity\": 1}' WHERE position = 77",),
        {(Law.ENTRY_IS_AS_COMMITTED, "position=77")},
    ),
    "an entry of another time": (
        ("UPDATE log_entry SET at = at + interval '1 microsecond' WHERE position = 4200",),
        {(Law.ENTRY_IS_AS_COMMITTED, "position=4200")},
    ),
    "an entry by somebody else": (
        ("UPDATE log_entry SET api_key_id = 1 WHERE position = 78",),
        {(Law.ENTRY_IS_AS_COMMITTED, "position=78")},
    ),
    "an entry that is gone": (
        ("DELETE FROM log_entry WHERE position = 79",),
        {(Law.ENTRY_IS_THERE, "position=79")},
    ),
    "an entry in the place of another": (
        ("DELETE FROM log_entry WHERE position = 80",
         "INSERT INTO log_entry SELECT 80, at, 'CREDITS_RETIRED', 80, NULL, NULL, '{}', digest "
         "FROM log_entry WHERE position = 81"),
        {(Law.ENTRY_IS_AS_COMMITTED, "position=80")},
    ),
    "two entries that changed places": (
        ("UPDATE log_entry SET position = 9999 WHERE position = 1",
         "UPDATE log_entry SET position = 1 WHERE position = 2",
         "UPDATE log_entry SET position = 2 WHERE position = 9999"),
        {(Law.ENTRY_IS_AS_COMMITTED, "position=1"), (Law.ENTRY_IS_AS_COMMITTED, "position=2")},
    ),
    "a salt that is gone": (
        ("DELETE FROM log_salt WHERE position = 5",), {(Law.LEAF_IS_THERE, "position=5")},
    ),
    "another salt": (
        ("UPDATE log_salt SET salt = substring(sha256(salt) FOR 16) WHERE position = 5",),
        {(Law.ENTRY_IS_AS_COMMITTED, "position=5")},
    ),
    "an entry and its leaf": (
        ("UPDATE log_entry SET kind = 'CREDITS_RETIRED' WHERE position = 77",
         "UPDATE log_node SET hash = sha256('') WHERE height = 0 AND index = 76"),
        {(Law.ENTRY_IS_AS_COMMITTED, "position=77"), (Law.NODE_FOLLOWS, "height=4 index=4")},
    ),
    "a node above": (
        ("UPDATE log_node SET hash = sha256('') WHERE height = 12 AND index = 0",),
        {(Law.NODE_FOLLOWS, "height=12 index=0")},
    ),
    "a node that is gone": (
        ("DELETE FROM log_node WHERE height = 4 AND index = 3",),
        {(Law.NODE_FOLLOWS, "height=4 index=3"), (Law.NODE_FOLLOWS, "height=8 index=0")},
    ),
    "another root": (
        ("UPDATE log_checkpoint SET root = sha256('') WHERE size = (SELECT max(size) FROM log_checkpoint)",),
        {(Law.CHECKPOINT_IS_OF_THE_TREE, "size={late}")},
    ),
    "another note": (
        ("UPDATE log_checkpoint SET note = 'nzc/0' WHERE size = (SELECT max(size) FROM log_checkpoint)",),
        {(Law.CHECKPOINT_IS_OF_THE_TREE, "size={late}"), (Law.CHECKPOINT_IS_SIGNED, "size={late}")},
    ),
    "a signature that is gone": (
        ("UPDATE log_checkpoint SET note = split_part(note, E'\\n\\n', 1) || E'\\n' "
         "WHERE size = (SELECT max(size) FROM log_checkpoint)",),
        {(Law.CHECKPOINT_IS_SIGNED, "size={late}")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
async def test_what_was_done_by_hand_is_named(
    nzc: Nzc, logged: TestDatabase, late: Committed, harm: str
) -> None:
    statements, expected = HARM[harm]
    held = Held(Verifier.read(late.verifier))
    found = await flaws(nzc, logged, *statements, held=held)
    said = {(flaw.law, flaw.where) for flaw in found}
    wanted = {(law, where.format(late=late.size)) for law, where in expected}
    assert wanted <= said
    # Of what was signed nothing else is wrong but what rests on it.
    assert {law for law, _ in said - wanted} <= {Law.CHECKPOINT_IS_OF_THE_TREE}


async def test_a_log_that_was_made_shorter_does_not_hold_what_was_kept(
    nzc: Nzc, logged: TestDatabase, early: Committed, late: Committed
) -> None:
    """All of it, so that what is left holds by itself."""
    shorter = [
        f"DELETE FROM log_entry WHERE position > {early.size}",
        f"DELETE FROM log_salt WHERE position > {early.size}",
        f"DELETE FROM log_node WHERE (index + 1) << height > {early.size}",
        f"DELETE FROM log_checkpoint WHERE size > {early.size}",
    ]
    assert not await flaws(nzc, logged, *shorter, held=Held(kept=TreeHead.read(early.note)))
    (found,) = await flaws(nzc, logged, *shorter, held=Held(kept=TreeHead.read(late.note)))
    assert found == Flaw(Law.KEPT_CHECKPOINT_HOLDS, f"size={late.size}")


async def test_no_more_is_told_than_anybody_reads(
    nzc: Nzc, logged: TestDatabase, late: Committed
) -> None:
    found = await flaws(nzc, logged, "UPDATE log_entry SET kind = 'CREDITS_USED'")
    assert len(found) == MOST_FLAWS


def test_a_key_is_written_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    key = make_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_key(file).private_bytes_raw() == key.private_bytes_raw()
    with pytest.raises(NoLogKey, match="not overwritten"):
        make_key(file)
    with pytest.raises(NoLogKey, match="cannot be read"):
        read_key(tmp_path / "other")
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\n", b"\xff"):
        file.write_bytes(content)
        with pytest.raises(NoLogKey, match="nzc log key"):
            read_key(file)


async def test_the_commands_say_what_is_wrong(
    nzc: Nzc, logged: TestDatabase, early: Committed, late: Committed, tmp_path: Path
) -> None:
    file, kept = tmp_path / "key", tmp_path / "early.txt"
    await run_from_nothing(tmp_path, "log", "key", str(file))
    kept.write_text(early.note, "utf-8")
    settings = {"NZC_DATABASE_URL": logged.api_url, "NZC_LOG_KEY_FILE": str(file)}
    await _harm(logged, "UPDATE log_entry SET kind = 'CREDITS_USED' WHERE position = 7")
    arguments = ("--key", late.verifier, "--checkpoint", str(kept))
    said, verified, audited = await asyncio.gather(
        run(tmp_path, "log", "verifier", **settings),
        run(tmp_path, "verify", "log", *arguments, **settings),
        run(tmp_path, "audit", **settings),
    )
    assert Verifier.read(said.out).name == Verifier.read(late.verifier).name
    assert (verified.returncode, "position=7\n" in verified.out) == (1, True)
    assert (audited.returncode, "each entry is what was committed to" in audited.out) == (1, True)


async def _harm(database: TestDatabase, statement: str) -> None:
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(statement)
    await connection.close()
