"""The SQL of sites: of pilots and of projects, each named by the position of its first entry."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.inserting import insert_rows
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, counting
from nzc_api.database.probes import NamePlace
from nzc_api.ids import Position
from nzc_api.pilots.sites import AtSite, Beside, Box, SameSite, Site, SiteFinding
from nzc_api.pilots.tables import same_site, same_site_resolution, site

# How many things there may be at one site.
MOST_AT_SITE = 1_000

_STATED = columns_of(site, "s")

# What may be at a site, by each thing that says so: the rule looks at each of them. Of those in one locality the
# first are enough: that says little by itself.
CANDIDATES = DriverStatement(f"""
    (SELECT 'SITE_CODE' AS by, {_STATED} FROM site AS s
      WHERE s.code_key = :code_key AND s.subject_id <> :subject ORDER BY s.position LIMIT :most)
    UNION ALL
    (SELECT 'COORDINATES', {_STATED} FROM site AS s
      WHERE s.latitude BETWEEN :south AND :north
        AND (s.longitude BETWEEN :west AND :east
             OR s.longitude >= CAST(:west AS float8) + 360 OR s.longitude <= CAST(:east AS float8) - 360)
        AND s.subject_id <> :subject ORDER BY s.position LIMIT :most)
    UNION ALL
    (SELECT CASE WHEN CAST(:key AS text) LIKE '%:' THEN 'LOCALITY' ELSE 'ADDRESS' END, {_STATED} FROM site AS s
      WHERE s.key = :key AND s.subject_id <> :subject ORDER BY s.position LIMIT :most)
""")  # noqa: S608  (our own names)

# What each of the subjects is at one site with.
BESIDE = DriverStatement("""
    SELECT s.subject_id AS of_subject, s.other_id AS beside, s.by FROM same_site AS s
     WHERE s.subject_id = ANY(CAST(:subjects AS bigint[]))
    UNION ALL
    SELECT s.other_id, s.subject_id, s.by FROM same_site AS s WHERE s.other_id = ANY(CAST(:subjects AS bigint[]))
""")


# Where subjects are, as it was stated last.
SITES = DriverStatement(f"""
    SELECT {_STATED} FROM unnest(CAST(:subjects AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (SELECT * FROM site WHERE subject_id = k.id ORDER BY position DESC LIMIT 1) AS s
""")  # noqa: S608  (our own names)

# What each subject is at one site with, in the order of the others, and what was found of the two.
AT_SITE = DriverStatement("""
    SELECT k.id AS of_subject, s.other_id, s.bys, s.position, r.finding,
           EXISTS (SELECT FROM pilot WHERE id = s.other_id) AS other_is_pilot
      FROM unnest(CAST(:subjects AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (
            SELECT beside.other_id, array_agg(beside.by) AS bys, min(beside.position) AS position
              FROM (SELECT other_id, by, position FROM same_site
                     WHERE subject_id = k.id AND other_id > :after
                    UNION ALL
                    SELECT subject_id, by, position FROM same_site
                     WHERE other_id = k.id AND subject_id > :after) AS beside
             GROUP BY beside.other_id ORDER BY beside.other_id LIMIT :first) AS s
      LEFT JOIN same_site_resolution AS r
        ON r.subject_id = greatest(k.id, s.other_id) AND r.other_id = least(k.id, s.other_id)
     ORDER BY of_subject, s.other_id
""")

# The other pilots that seem to be the same as each one, as of a position: at one site by more than their locality, not
# found distinct, and neither inside the other.
TWINS = DriverStatement("""
    WITH RECURSIVE pair AS (
        SELECT k.pilot_id, k.as_of, s.other_id
          FROM unnest(CAST(:pilots AS bigint[]), CAST(:as_ofs AS bigint[])) AS k (pilot_id, as_of)
         CROSS JOIN LATERAL (
                SELECT other_id FROM same_site
                 WHERE subject_id = k.pilot_id AND by <> 'LOCALITY' AND position <= k.as_of
                UNION
                SELECT subject_id FROM same_site
                 WHERE other_id = k.pilot_id AND by <> 'LOCALITY' AND position <= k.as_of) AS s
         WHERE NOT EXISTS (SELECT FROM same_site_resolution AS r
                            WHERE r.subject_id = greatest(k.pilot_id, s.other_id)
                              AND r.other_id = least(k.pilot_id, s.other_id)
                              AND r.finding = 'DISTINCT' AND r.position <= k.as_of)
    ), up AS (
        SELECT pair.*, way.goal, way.start AS here, 0 AS depth
          FROM pair CROSS JOIN LATERAL (VALUES (pilot_id, other_id), (other_id, pilot_id)) AS way (start, goal)
        UNION ALL
        SELECT up.pilot_id, up.as_of, up.other_id, up.goal, latest.surrounding_id, up.depth + 1
          FROM up
         CROSS JOIN LATERAL (
                SELECT surrounding_id FROM pilot_placement
                 WHERE pilot_placement.pilot_id = up.here AND position <= up.as_of
                 ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL AND up.depth < 1000
    )
    SELECT pair.pilot_id, pair.as_of, p.code
      FROM pair JOIN pilot AS p ON p.id = pair.other_id
     WHERE NOT EXISTS (SELECT FROM up
                        WHERE (up.pilot_id, up.as_of, up.other_id) = (pair.pilot_id, pair.as_of, pair.other_id)
                          AND up.here = up.goal)
     ORDER BY p.id
""")

# Where a pilot is named that seems to be the same as another, at any position.
TWINS_NAMED = (
    NamePlace("same_site", "subject_id", "place.by <> 'LOCALITY'"),
    NamePlace("same_site", "other_id", "place.by <> 'LOCALITY'"),
)


async def read_candidates(
    connection: AsyncConnection, subject_id: int, stated: Site, metres: int
) -> dict[SameSite, list[tuple[int, Site]]]:
    """What may be at a site, apart from its subject: by each thing that says so, one more than there may be at most."""
    box = None if stated.point is None else Box.of_circle(stated.point, metres)
    given = {
        "subject": subject_id, "code_key": stated.code_key, "key": stated.key, "most": MOST_AT_SITE + 1,
        "south": box and box.south, "north": box and box.north,
        "west": box and box.west, "east": box and box.east,
    }  # fmt: skip
    found: dict[SameSite, list[tuple[int, Site]]] = defaultdict(list)
    for row in await CANDIDATES.rows(connection, given):
        found[SameSite(row.by)].append((row.subject_id, site_in(row)))
    return found


async def insert_site(
    connection: AsyncConnection, position: Position, subject_id: int, stated: Site, others: Beside
) -> None:
    """Write what was stated at a position of where something is, and what it is at one site with."""
    if others:
        beside = (await read_beside(connection, [subject_id])).get(subject_id, {})
        rows = [
            {
                "subject_id": max(subject_id, other),
                "other_id": min(subject_id, other),
                "by": by,
                "position": position,
            }
            for other, by in others.items()
            if by not in beside.get(other, ())
        ]
        await insert_rows(connection, same_site, rows)
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
    for row in await BESIDE.rows(connection, {"subjects": list(subjects)}):
        others = found[row.of_subject]
        others[row.beside] = others.get(row.beside, frozenset()) | {SameSite(row.by)}
    return found


async def read_sites(connection: AsyncConnection, subjects: Collection[int]) -> dict[int, Site]:
    """Where each subject is, as it was stated last; nothing of those that never were."""
    rows = await SITES.rows(connection, {"subjects": list(subjects)})
    return {row.subject_id: site_in(row) for row in rows}


async def page_at_site(
    connection: AsyncConnection, subjects: Sequence[int], page: Page
) -> dict[int, list[AtSite]]:
    """For each subject a page of what it is at one site with, and one more."""
    given = {"subjects": list(subjects), "after": page.after or 0, "first": page.first + 1}
    found: dict[int, list[AtSite]] = defaultdict(list)
    for row in await AT_SITE.rows(connection, given):
        found[row.of_subject].append(at_site_in(row))
    return found


async def count_at_site(connection: AsyncConnection, subjects: Sequence[int]) -> dict[int, int]:
    """With how many things each subject is at one site."""
    given = {"subjects": list(subjects), "after": 0, "first": None}
    rows = await counting(AT_SITE, "of_subject").rows(connection, given)
    return {row[0]: row[1] for row in rows}


def twins_in(rows: Iterable[Any]) -> dict[tuple[int, int], tuple[str, ...]]:
    """For each (pilot, position) the codes of the pilots that seem to be the same."""
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    for pilot_id, as_of, code in rows:
        found[pilot_id, as_of] = (*found.get((pilot_id, as_of), ()), code)
    return found


async def insert_resolution(
    connection: AsyncConnection, position: Position, pair: tuple[int, int], finding: SiteFinding
) -> None:
    await connection.execute(
        insert(same_site_resolution).values(
            position=position, subject_id=max(pair), other_id=min(pair), finding=finding
        )
    )


def at_site_in(row: Any) -> AtSite:
    by = tuple(sorted((SameSite(name) for name in row.bys), key=list(SameSite).index))
    finding = None if row.finding is None else SiteFinding(row.finding)
    return AtSite(
        other_id=row.other_id,
        other_is_pilot=row.other_is_pilot,
        by=by,
        position=row.position,
        finding=finding,
    )


def site_in(row: Any) -> Site:
    return Site(
        address=row.address,
        division_code=row.division_code,
        latitude=row.latitude,
        longitude=row.longitude,
        code=row.code,
    )
