"""NZC on a database, without a transport: a receiver hears of it as a test lets it deliver."""

from collections.abc import AsyncIterator

import pytest_asyncio

from nzc_api.database.engine import Database
from nzc_api.services import Nzc
from tests.conftest import TestDatabase
from tests.webhooks.receiving import LOOPBACK, Hooks, Receiver, hooks_on, receiving


@pytest_asyncio.fixture
async def hooks(database: TestDatabase) -> AsyncIterator[Hooks]:
    nzc = Nzc.on(Database(database.api_url, pool_size=5), webhook_networks=LOOPBACK)
    made = await hooks_on(nzc)
    yield made
    await nzc.database.close()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made
