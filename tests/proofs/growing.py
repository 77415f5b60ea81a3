"""Letting the log grow, and its tree with it."""

import asyncpg

from bench.stage import MORE_ENTRIES
from nzc_api.access.model import RegisterOrganisation
from nzc_api.access.principals import Role
from nzc_api.log.requests import Actor
from nzc_api.refusal import LocalizedText
from nzc_api.services import Nzc, Services
from tests.world import key


async def register(services: Services, name: str) -> int:
    """An entry more, of an organisation: its position."""
    command = RegisterOrganisation(LocalizedText(f"某{name}", name), Role.REGULATOR)
    outcome = await services.access.register_organisation_as(Actor(), key(), command)
    assert outcome.position is not None
    return outcome.position


async def log_many(superuser_url: str, number: int) -> None:
    """So many entries more."""
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(MORE_ENTRIES, number)
    await connection.close()


async def grown(nzc: Nzc) -> int:
    """The size of the tree, once it has all entries, whoever lets it grow."""
    proofs = nzc.services.proofs
    while True:
        await proofs.grow()
        latest = await proofs.latest()
        head = await nzc.services.log.head()
        if latest is not None and latest.size == head.position:
            return latest.size
