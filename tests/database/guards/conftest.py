"""The databases that are attacked: copies of the good state, which is made once a process."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial

import asyncpg
import pytest
import pytest_asyncio

from nzc_api.database.engine import Database
from nzc_api.proofs.cosignatures import COSIGNATURE, Cosignature
from nzc_api.proofs.notes import Verifier
from nzc_api.proofs.witness_store import insert_cosignatures
from nzc_api.services import Nzc
from tests import without
from tests.conftest import Server, administer, client_of, create_database, named_database
from tests.database.guards.attacks import (
    BOTH,
    OWNER,
    Connection,
    LetThrough,
    Scene,
    Stopped,
    assert_let_through,
    assert_stopped,
)
from tests.database.guards.story import tell_the_story
from tests.world import World

# Where the good state was made by another process: what ``given_as`` says of it.
GIVEN = "NZC_TEST_GOOD_STATE"

# The database cannot tell whether it holds.
COSIGNATURE_OF_STORY = Cosignature(Verifier("w.story", bytes(32), COSIGNATURE), 1, bytes(64))


@pytest.fixture(scope="session")
def original(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """The good state, with nobody connected: copies are made of it."""
    if given := os.environ.get(GIVEN):
        yield scene_of(given)
        return
    server = request.getfixturevalue("server")
    made = asyncio.run(good_state(server, request.getfixturevalue("template")))
    yield made
    asyncio.run(administer(server, f"DROP DATABASE {made.database} WITH (FORCE)"))


async def good_state(server: Server, template: str) -> Scene:
    """A database of the story's, made from a migrated one."""
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
    return Scene(server, name, story)


def given_as(scene: Scene) -> str:
    """How a scene is given to another process."""
    return json.dumps(asdict(scene))


def scene_of(given: str) -> Scene:
    scene = json.loads(given)
    return Scene(**scene | {"server": Server(**scene["server"])})


@asynccontextmanager
async def copied(original: Scene, purpose: str) -> AsyncIterator[Scene]:
    """A copy of the good state, without the guard that is taken away."""
    name = f"{original.database}_{os.getpid()}_{purpose}"
    async with named_database(original.server, name, original.database):
        copy = Scene(original.server, name, original.story)
        if sabotage := without.statement():
            connection = await copy.connect(OWNER)
            await connection.execute(sabotage)
            await connection.close()
        yield copy


@pytest_asyncio.fixture(scope="package")
async def scene(original: Scene) -> AsyncIterator[Scene]:
    """The good state, for attacks that are rolled back."""
    async with copied(original, "shared") as copy:
        yield copy


@pytest_asyncio.fixture
async def own_scene(original: Scene) -> AsyncIterator[Scene]:
    """The good state, for a test that commits."""
    async with copied(original, "own") as copy:
        yield copy


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
