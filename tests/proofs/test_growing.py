"""The tree grows after the log, once, and nothing is committed to that contradicts what was."""

import asyncio
import base64

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nzc_api.ids import Position
from nzc_api.log.store import read_entries
from nzc_api.proofs.errors import TreeBroken
from nzc_api.proofs.leaf import leaf_of
from nzc_api.proofs.model import TreeHead, origin_of
from nzc_api.proofs.notes import Signer
from nzc_api.proofs.service import ENTRIES_AT_ONCE, ProofService
from nzc_api.proofs.tree import consistent, included, leaf_hash, root_of
from nzc_api.refusal import Refused
from nzc_api.services import Nzc
from tests.conftest import TestDatabase, unguarded
from tests.proofs.growing import grown, log_many, register

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


async def leaves(nzc: Nzc, database: TestDatabase) -> list[bytes]:
    """The hashes of the leaves, from entries and salts."""
    connection = await asyncpg.connect(database.superuser_url)
    salts = [
        row["salt"] for row in await connection.fetch("SELECT salt FROM log_salt ORDER BY position")
    ]
    await connection.close()
    async with nzc.database.read() as reading:
        entries = await read_entries(reading, 0, len(salts))
    return [leaf_hash(leaf_of(entry, salt)) for entry, salt in zip(entries, salts, strict=True)]


async def test_what_is_committed_to_is_the_log(nzc: Nzc, database: TestDatabase) -> None:
    await register(nzc.services, "first")
    first = await grown(nzc)
    await log_many(database.superuser_url, ENTRIES_AT_ONCE + 300)
    size = await grown(nzc)
    assert size == first + ENTRIES_AT_ONCE + 300
    hashes = await leaves(nzc, database)
    proofs = nzc.services.proofs
    head = await nzc.services.log.head()
    for checked in (first, size):
        checkpoint = await proofs.checkpoint(checked)
        assert checkpoint is not None
        assert not checkpoint.is_signed
        assert checkpoint.root == root_of(hashes[:checked])
        assert TreeHead.read(checkpoint.note) == TreeHead(origin_of(head), checked, checkpoint.root)
    for position in (1, first, 255, 256, 257, size):
        proof = await proofs.inclusion(Position(position), None)
        assert proof.salted.hash == hashes[position - 1]
        assert included(proof.salted.hash, position - 1, proof.size, proof.path, root_of(hashes))
    for old in (0, 1, first, 1000, size):
        step = await proofs.consistency(old, size)
        assert (step.old_root, step.new_root) == (root_of(hashes[:old]), root_of(hashes))
        assert consistent(old, size, step.old_root, step.new_root, step.path)


async def test_a_key_signs_what_comes_after_it(nzc: Nzc) -> None:
    await register(nzc.services, "first")
    signing = ProofService(nzc.services.log, KEY)
    await grown(nzc)
    await register(nzc.services, "second")
    # The other one may have been first.
    while not (latest := await signing.latest()) or not latest.is_signed:
        await register(nzc.services, "more")
        await signing.grow()
    verifier = Signer(origin_of(await nzc.services.log.head()), KEY).verifier
    assert verifier.verifies(latest.note)
    assert base64.b64encode(latest.root).decode() in latest.note


async def test_of_many_who_let_it_grow_one_does(nzc: Nzc, database: TestDatabase) -> None:
    await log_many(database.superuser_url, 2_500)
    others = [ProofService(nzc.services.log) for _ in range(3)]
    done = await asyncio.gather(*(one.grow() for one in others))
    assert await grown(nzc) == 2_500
    assert sum(done) <= 2_500
    hashes = await leaves(nzc, database)
    latest = await nzc.services.proofs.latest()
    assert latest is not None
    assert latest.root == root_of(hashes)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE log_node SET hash = sha256(hash) WHERE height = 0 AND index = 18",
        "DELETE FROM log_node WHERE height = 0 AND index = 18",
        "UPDATE log_node SET hash = sha256(hash) WHERE height = 4",
        "UPDATE log_checkpoint SET root = sha256(root)",
    ],
)
async def test_nothing_is_committed_to_that_contradicts_what_was(
    nzc: Nzc, database: TestDatabase, harm: str
) -> None:
    await log_many(database.superuser_url, 19)
    proofs = ProofService(nzc.services.log)
    size = await grown(nzc)
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(harm)
    await register(nzc.services, "more")
    assert await proofs.grow() == 0
    assert proofs.broken
    latest = await proofs.latest()
    assert latest is not None
    assert latest.size == size


async def test_what_is_not_there_is_not_proven(nzc: Nzc, database: TestDatabase) -> None:
    await log_many(database.superuser_url, 19)
    await grown(nzc)
    async with unguarded(database.superuser_url) as connection:
        await connection.execute("DELETE FROM log_node WHERE height = 0 AND index = 18")
        await connection.execute("DELETE FROM log_salt WHERE position = 3")
    with pytest.raises(TreeBroken):
        await nzc.services.proofs.inclusion(Position(2), None)
    with pytest.raises(TreeBroken):
        await nzc.services.proofs.inclusion(Position(3), 16)


async def test_what_lies_beyond_the_head_gets_no_leaf(nzc: Nzc, database: TestDatabase) -> None:
    await register(nzc.services, "first")
    size = await grown(nzc)
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(
            "INSERT INTO log_entry SELECT position + 1, at, kind, 1, NULL, NULL, '{}', digest FROM log_entry "
            "ORDER BY position DESC LIMIT 1"
        )
    assert await nzc.services.proofs.grow() == 0
    latest = await nzc.services.proofs.latest()
    assert latest is not None
    assert latest.size == size


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ((0, None), ("position",)),
        ((-1, None), ("position",)),
        ((4, None), ("position",)),
        ((3, 2), ("position",)),
        ((1, 4), ("size",)),
        ((1, -1), ("size",)),
        ((1, 0), ("position",)),
    ],
)
async def test_what_the_tree_does_not_have(
    nzc: Nzc, database: TestDatabase, asked: tuple[int, int | None], path: tuple[str, ...]
) -> None:
    await log_many(database.superuser_url, 3)
    await grown(nzc)
    with pytest.raises(Refused) as refused:
        await nzc.services.proofs.inclusion(Position(asked[0]), asked[1])
    assert refused.value.refusal.path == path
    # A tree of no entries has no first one.
    assert "1 to 0" not in refused.value.refusal.message.en


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ((4, None), ("from_size",)),
        ((-1, 2), ("from_size",)),
        ((1, 4), ("to_size",)),
        ((3, 2), ("from_size",)),
    ],
)
async def test_which_trees_cannot_be_compared(
    nzc: Nzc, database: TestDatabase, asked: tuple[int, int | None], path: tuple[str, ...]
) -> None:
    await log_many(database.superuser_url, 3)
    await grown(nzc)
    with pytest.raises(Refused) as refused:
        await nzc.services.proofs.consistency(*asked)
    assert refused.value.refusal.path == path
