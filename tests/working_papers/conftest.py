"""The evidence of one pilot's year, for all tests of a file."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import Server
from tests.retirement_certificates.certifying import certifying
from tests.working_papers.papering import Papers, papers
from tests.world import World


@pytest_asyncio.fixture(scope="module")
async def pilot_papers(
    server: Server, people: World, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Papers]:
    async with certifying(server, people, tmp_path_factory.mktemp("key")) as given:
        yield await papers(given)


@pytest_asyncio.fixture(scope="module")
async def good(pilot_papers: Papers) -> bytes:
    """What is compared with a position before."""
    return await pilot_papers.evidence(f"?compared={pilot_papers.before}")
