"""The databases that are attacked: copies of the good state, which is made once a process."""

import os
from collections.abc import AsyncIterator, Mapping
from functools import partial

import asyncpg
import pytest
import pytest_asyncio

from nzc_api.database.engine import Database
from nzc_api.proofs.cosignatures import COSIGNATURE, Cosignature
from nzc_api.proofs.notes import Verifier
from nzc_api.proofs.witness_store import insert_cosignatures
from nzc_api.services import Nzc
from tests.conftest import Server, administer, client_of, create_database
from tests.database.guards.attacks import (
    BOTH,
    Connection,
    LetThrough,
    Scene,
    Stopped,
    assert_let_through,
    assert_stopped,
)
from tests.database.guards.story import tell_the_story
from tests.world import World

# The database cannot tell whether it holds.
COSIGNATURE_OF_STORY = Cosignature(Verifier("w.story", bytes(32), COSIGNATURE), 1, bytes(64))


@pytest_asyncio.fixture(scope="session")
async def original(server: Server, template: str) -> AsyncIterator[Scene]:
    """The good state, with nobody connected: copies are made of it."""
    name = f"nzc_test_guards_{os.getpid()}"
    await create_database(server, name, template)
    async with client_of(server.url("api", name)) as client:
        world = await World.make(client, server.url("api", name))
        connection = await asyncpg.connect(server.url("owner", name))
        story = await tell_the_story(world, connection, server.url("api", name))
        await connection.close()
    nzc = Nzc.on(Database(server.url("api", name)))
    await nzc.services.proofs.grow()
    latest = await nzc.services.proofs.latest()
    assert latest is not None
    async with nzc.database.write() as writing:
        await insert_cosignatures(writing, latest.size, [COSIGNATURE_OF_STORY])
    await nzc.database.close()
    yield Scene(server, name, story)
    await administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture(scope="package")
async def scene(original: Scene) -> AsyncIterator[Scene]:
    """The good state, for attacks that are rolled back."""
    name = f"{original.database}_shared"
    await create_database(original.server, name, original.database)
    yield Scene(original.server, name, original.story)
    await administer(original.server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def own_scene(original: Scene) -> AsyncIterator[Scene]:
    """The good state, for a test that commits."""
    name = f"{original.database}_own"
    await create_database(original.server, name, original.database)
    yield Scene(original.server, name, original.story)
    await administer(original.server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture(scope="package")
async def connections(scene: Scene) -> AsyncIterator[Mapping[str, Connection]]:
    """A connection as each role."""
    opened = {who: await scene.connect(who) for who in BOTH}
    yield opened
    for connection in opened.values():
        await connection.close()


@pytest.fixture
def stopped(connections: Mapping[str, Connection], scene: Scene) -> Stopped:
    return partial(assert_stopped, connections, scene.story)


@pytest.fixture
def let_through(connections: Mapping[str, Connection], scene: Scene) -> LetThrough:
    return partial(assert_let_through, connections, scene.story)
