"""The SQL of projects and of their enrolments in programmes."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.among import rows_among
from nzc_api.ledger.methodologies import is_of_sink
from nzc_api.ledger.model import Enrolment, Project
from nzc_api.ledger.rows import enrolment_in, project_in
from nzc_api.ledger.rules.issued_by_one import site_key
from nzc_api.ledger.tables import enrolment, project


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
            site_key=site_key(item.site),
            pilot_id=item.pilot_id,
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
    rows = await connection.execute(rows_among(project.c.id), {"ids": list(ids)})
    return {row.id: project_in(row) for row in rows}


async def find_project(connection: AsyncConnection, code: str) -> Project | None:
    row = (await connection.execute(select(project).where(project.c.code == code))).first()
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
    query = select(enrolment).where(
        enrolment.c.programme == programme, enrolment.c.number == number
    )
    row = (await connection.execute(query)).first()
    return None if row is None else enrolment_in(row)
