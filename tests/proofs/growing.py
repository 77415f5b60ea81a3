"""Letting the log grow, and its tree with it."""

import asyncpg

from nzc_api.access.model import RegisterOrganisation
from nzc_api.access.principals import Role
from nzc_api.log.requests import Actor
from nzc_api.refusal import LocalizedText
from nzc_api.services import Nzc, Services
from tests.world import key

# Entries of the log, as many as one likes: the guard of the log chains them, as the API does.
MANY = """
    WITH RECURSIVE chain AS (
        SELECT position AS n, digest FROM log_head
        UNION ALL
        SELECT n + 1, nzc_digest(digest, n + 1, now(), 'API_KEY_REVOKED', 1, NULL, NULL, '{}')
          FROM chain WHERE n < (SELECT position FROM log_head) + $1
    ), entries AS (
        INSERT INTO log_entry (position, at, kind, subject_id, organisation_id, api_key_id, body, digest)
        SELECT n, now(), 'API_KEY_REVOKED', 1, NULL, NULL, '{}', digest FROM chain
         WHERE n > (SELECT position FROM log_head)
    )
    UPDATE log_head SET position = position + $1, at = now(),
                        digest = (SELECT digest FROM chain ORDER BY n DESC LIMIT 1)
"""


async def register(services: Services, name: str) -> int:
    """An entry more, of an organisation: its position."""
    command = RegisterOrganisation(LocalizedText(f"某{name}", name), Role.REGULATOR)
    outcome = await services.access.register_organisation_as(Actor(), key(), command)
    assert outcome.position is not None
    return outcome.position


async def log_many(superuser_url: str, number: int) -> None:
    """So many entries more."""
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(MANY, number)
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
