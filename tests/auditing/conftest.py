"""Copies of a ledger in which everything happened."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.auditing.sample import all_happened
from tests.conftest import Server, TestDatabase, client_of, named_database, unguarded
from tests.world import World


@pytest_asyncio.fixture(scope="package")
async def sample(server: Server, template: str) -> AsyncIterator[tuple[str, dict[str, int]]]:
    """The name of a database in which everything happened, and the positions of it."""
    name = "nzc_audit_sample"
    async with named_database(server, name, template) as made:
        async with client_of(made.api_url) as http:
            world = await World.make(http, made.api_url)
            positions = await all_happened(world, made.api_url)
        yield name, positions


@pytest_asyncio.fixture
async def copy(server: Server, sample: tuple[str, dict[str, int]]) -> AsyncIterator[TestDatabase]:
    """A copy of the sample."""
    async with named_database(server, "nzc_audit_copy", sample[0]) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def lawless(server: Server, sample: tuple[str, dict[str, int]]) -> AsyncIterator[str]:
    """The name of a copy of the sample that keeps no constraint."""
    name = "nzc_audit_lawless"
    async with named_database(server, name, sample[0]) as made:
        async with unguarded(made.superuser_url) as connection:
            for constraint in await connection.fetch(
                "SELECT conname, conrelid::regclass AS relation FROM pg_constraint "
                "WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace"
            ):
                await connection.execute(
                    f"ALTER TABLE {constraint['relation']} "
                    f'DROP CONSTRAINT "{constraint["conname"]}"'
                )
        yield name


@pytest_asyncio.fixture
async def lawless_copy(server: Server, lawless: str) -> AsyncIterator[TestDatabase]:
    """A copy of the sample that keeps no constraint."""
    async with named_database(server, "nzc_audit_lawless_copy", lawless) as made:
        yield made
