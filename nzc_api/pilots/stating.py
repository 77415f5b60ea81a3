"""Stating where something is: what it is at one site with is found out and recorded with it."""

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.ids import Position
from nzc_api.log.service import Transaction
from nzc_api.pilots import site_store
from nzc_api.pilots.site_store import MOST_AT_SITE
from nzc_api.pilots.sites import Beside, SameSite, Site, beside
from nzc_api.refusal import InvalidInput, Refused


async def state_site(
    transaction: Transaction, position: Position, subject_id: int, site: Site, metres: int
) -> Beside:
    """Write where a pilot or a project is said to be at a position, and what is at one site with it, which it returns.

    Raises ``Refused`` where too much is at that site already to be compared one by one.
    """
    connection = transaction.connection
    others = await compare_site(connection, subject_id, site, metres)
    await site_store.insert_site(connection, position, subject_id, site, others)
    return others


async def compare_site(
    connection: AsyncConnection, subject_id: int, site: Site, metres: int
) -> Beside:
    """What is at one site with a pilot or a project, if that is there. Raises ``Refused`` as ``state_site`` does."""
    candidates = await site_store.read_candidates(connection, subject_id, site, metres)
    for by, found in candidates.items():
        if by is not SameSite.LOCALITY and len(found) > MOST_AT_SITE:
            raise Refused(_crowded(by, site))
    return beside(site, [other for found in candidates.values() for other in found], metres)


_FIELDS = {
    SameSite.SITE_CODE: "site_code",
    SameSite.COORDINATES: "coordinates",
    SameSite.ADDRESS: "site",
}


def _crowded(by: SameSite, site: Site) -> InvalidInput:
    value = {
        SameSite.SITE_CODE: site.code,
        SameSite.COORDINATES: f"{site.latitude}, {site.longitude}",
    }.get(by, site.address)
    return InvalidInput(
        path=(_FIELDS[by],),
        value=str(value)[:80],
        expected_zh=f"更具体的场址：该处已有{MOST_AT_SITE}个以上项目或试点",
        expected_en=f"a site stated more precisely: more than {MOST_AT_SITE} projects or pilots are there already",
    )
