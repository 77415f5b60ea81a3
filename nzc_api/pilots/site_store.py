"""The SQL of sites: of pilots and of projects, each named by the position of its first entry."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, insert, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.pilots.sites import Beside, Box, SameSite, Site
from nzc_api.pilots.tables import same_site, site

# How many things there may be at one site.
MOST_AT_SITE = 1_000

# What may be at a site, by each thing that says so: the rule looks at each of them. Of those in one locality the
# first are enough: that says little by itself.
CANDIDATES = text("""
    (SELECT 'SITE_CODE' AS by, s.* FROM site AS s
      WHERE s.code = :code AND s.subject_id <> :subject ORDER BY s.position LIMIT :most)
    UNION ALL
    (SELECT 'COORDINATES', s.* FROM site AS s
      WHERE s.latitude BETWEEN :south AND :north
        AND (s.longitude BETWEEN :west AND :east
             OR s.longitude >= CAST(:west AS float8) + 360 OR s.longitude <= CAST(:east AS float8) - 360)
        AND s.subject_id <> :subject ORDER BY s.position LIMIT :most)
    UNION ALL
    (SELECT CASE WHEN CAST(:key AS text) LIKE '%:' THEN 'LOCALITY' ELSE 'ADDRESS' END, s.* FROM site AS s
      WHERE s.key = :key AND s.subject_id <> :subject ORDER BY s.position LIMIT :most)
""")

# What each of the subjects is at one site with.
BESIDE = text("""
    SELECT s.subject_id AS of_subject, s.other_id AS beside, s.by FROM same_site AS s
     WHERE s.subject_id = ANY(:subjects)
    UNION ALL
    SELECT s.other_id, s.subject_id, s.by FROM same_site AS s WHERE s.other_id = ANY(:subjects)
""").bindparams(bindparam("subjects", type_=ARRAY(BIGINT)))


async def read_candidates(
    connection: AsyncConnection, subject_id: int, stated: Site, metres: int
) -> dict[SameSite, list[tuple[int, Site]]]:
    """What may be at a site, apart from its subject: by each thing that says so, one more than there may be at most."""
    box = None if stated.point is None else Box.around(stated.point, metres)
    given = {
        "subject": subject_id, "code": stated.code, "key": stated.key, "most": MOST_AT_SITE + 1,
        "south": box and box.south, "north": box and box.north,
        "west": box and box.west, "east": box and box.east,
    }  # fmt: skip
    found: dict[SameSite, list[tuple[int, Site]]] = defaultdict(list)
    for row in await connection.execute(CANDIDATES, given):
        found[SameSite(row.by)].append((row.subject_id, site_in(row)))
    return found


async def insert_site(
    connection: AsyncConnection, position: int, subject_id: int, stated: Site, others: Beside
) -> None:
    """Write what was stated at a position of where something is, and what it is at one site with."""
    if others:
        known = (await read_beside(connection, [subject_id])).get(subject_id, {})
        rows = [
            {
                "subject_id": max(subject_id, other),
                "other_id": min(subject_id, other),
                "by": by,
                "position": position,
            }
            for other, by in others.items()
            if by not in known.get(other, ())
        ]
        if rows:
            await connection.execute(insert(same_site), rows)
    found = stated.read
    await connection.execute(
        insert(site).values(
            position=position,
            subject_id=subject_id,
            address=stated.address,
            division_code=stated.division_code,
            latitude=stated.latitude,
            longitude=stated.longitude,
            code=stated.code,
            key=found and found.key,
            district=found and found.district,
        )
    )


async def read_beside(
    connection: AsyncConnection, subjects: Collection[int]
) -> dict[int, dict[int, frozenset[SameSite]]]:
    """For each subject what it is at one site with, and all that says so."""
    found: dict[int, dict[int, frozenset[SameSite]]] = defaultdict(dict)
    for row in await connection.execute(BESIDE, {"subjects": list(subjects)}):
        of = found[row.of_subject]
        of[row.beside] = of.get(row.beside, frozenset()) | {SameSite(row.by)}
    return found


def site_in(row: Any) -> Site:
    return Site(row.address, row.division_code, row.latitude, row.longitude, row.code)
