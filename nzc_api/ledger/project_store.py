"""The SQL of projects, where they are, and of their enrolments in programmes."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Function, and_, case, func, insert, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.among import among, rows_among
from nzc_api.ledger.methodologies import is_of_sink
from nzc_api.ledger.model import Enrolment, Project
from nzc_api.ledger.rows import enrolment_in, project_in
from nzc_api.ledger.tables import enrolment, project, project_placement
from nzc_api.numbers import number_key
from nzc_api.pilots.sites import SameSite, SiteFinding
from nzc_api.pilots.tables import pilot, same_site, same_site_resolution, site

_stated = (
    select(site)
    .where(site.c.subject_id == project.c.id)
    .order_by(site.c.position.desc())
    .limit(1)
    .lateral("stated")
)
_placed = (
    select(project_placement)
    .where(project_placement.c.project_id == project.c.id)
    .order_by(project_placement.c.position.desc())
    .limit(1)
    .lateral("placed")
)


def _pilots_at_site(found: ColumnElement[bool]) -> Function[Any]:
    """The pilots at a project's site of which something was found, or nothing."""
    of, resolved = project.c.id, same_site_resolution.c
    other = case((same_site.c.subject_id == of, same_site.c.other_id), else_=same_site.c.subject_id)
    query = (
        select(pilot.c.id)
        .distinct()
        .select_from(
            same_site.join(pilot, pilot.c.id == other).outerjoin(
                same_site_resolution,
                and_(
                    resolved.subject_id == same_site.c.subject_id,
                    resolved.other_id == same_site.c.other_id,
                ),
            )
        )
        .where(
            or_(same_site.c.subject_id == of, same_site.c.other_id == of),
            same_site.c.by != SameSite.LOCALITY,
            found,
        )
        .correlate(project)
    )
    return func.array(query.scalar_subquery())


# Projects as they are now: where they were said to be last, and which pilots are at their sites.
PROJECTS = select(
    project.c.id,
    project.c.code,
    project.c.name_zh,
    project.c.name_en,
    project.c.forestry,
    _stated.c.address.label("site"),
    _stated.c.division_code,
    _stated.c.latitude,
    _stated.c.longitude,
    _stated.c.code.label("site_code"),
    case((_placed.c.position.is_(None), project.c.pilot_id), else_=_placed.c.pilot_id).label(
        "pilot_id"
    ),
    _pilots_at_site(same_site_resolution.c.finding == SiteFinding.SAME).label("found_in"),
    _pilots_at_site(same_site_resolution.c.finding.is_(None)).label("suspected_in"),
).select_from(project.outerjoin(_stated, true()).outerjoin(_placed, true()))


async def insert_project(connection: AsyncConnection, item: Project) -> None:
    await connection.execute(
        insert(project).values(
            id=item.id,
            code=item.code,
            name_zh=item.name.zh,
            name_en=item.name.en,
            forestry=item.forestry,
            site=item.site,
            division_code=item.division_code,
            latitude=item.latitude,
            longitude=item.longitude,
            site_code=item.site_code,
            pilot_id=item.pilot_id,
        )
    )


async def insert_placement(
    connection: AsyncConnection, position: int, project_id: int, pilot_id: int | None
) -> None:
    await connection.execute(
        insert(project_placement).values(
            position=position, project_id=project_id, pilot_id=pilot_id
        )
    )


async def insert_enrolment(connection: AsyncConnection, item: Enrolment) -> None:
    await connection.execute(
        insert(enrolment).values(
            id=item.id,
            project_id=item.project_id,
            programme=item.programme,
            rule=item.rule,
            number=item.number,
            registered_on=item.registered_on,
            methodology=item.methodology,
            sink=None if item.methodology is None else is_of_sink(item.methodology),
        )
    )


async def read_projects(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Project]:
    rows = await connection.execute(PROJECTS.where(among(project.c.id, ids)))
    return {row.id: project_in(row) for row in rows}


async def find_project(connection: AsyncConnection, code: str) -> Project | None:
    row = (await connection.execute(PROJECTS.where(project.c.code == code))).first()
    return None if row is None else project_in(row)


async def read_enrolments_of(
    connection: AsyncConnection, projects: Collection[int]
) -> dict[int, list[Enrolment]]:
    rows = await connection.execute(
        rows_among(enrolment.c.project_id, enrolment.c.id), {"ids": list(projects)}
    )
    found: dict[int, list[Enrolment]] = defaultdict(list)
    for row in rows:
        found[row.project_id].append(enrolment_in(row))
    return found


async def find_enrolment(
    connection: AsyncConnection, programme: str, number: str
) -> Enrolment | None:
    """What is registered in a programme under a number, however it is written."""
    query = select(enrolment).where(
        enrolment.c.programme == programme, enrolment.c.number_key == number_key(number)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else enrolment_in(row)
