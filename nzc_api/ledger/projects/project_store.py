"""The SQL of projects, where they are, and of their enrolments in programmes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Function,
    Select,
    Table,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import is_any_of, is_given
from nzc_api.ids import PilotId, Position, ProjectId
from nzc_api.ledger.methodologies import is_of_sink
from nzc_api.ledger.model import Enrolment, ProductionBasis, Project
from nzc_api.ledger.rows import enrolment_in, project_in
from nzc_api.ledger.tables import (
    credit_batch,
    crediting_period,
    enrolment,
    enrolment_methodology,
    project,
    project_amendment,
    project_placement,
)
from nzc_api.log.tables import log_entry
from nzc_api.numbers import number_key
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.sites import SameSite, SiteFinding
from nzc_api.pilots.tables import pilot, same_site, same_site_resolution, site
from nzc_api.refusal import LocalizedText


def _pilots_at_site(found: SiteFinding | None) -> Function[Any]:
    """The pilots at a project's site of which that was found, or nothing yet."""
    pair, resolved = same_site.c, same_site_resolution.c
    finding = (
        select(resolved.finding)
        .where(resolved.subject_id == pair.subject_id, resolved.other_id == pair.other_id)
        .correlate(same_site)
        .scalar_subquery()
    )
    ends = ((pair.subject_id, pair.other_id), (pair.other_id, pair.subject_id))
    # Each by its index: of both at once PostgreSQL would go through all pairs that there are.
    pairs = union_all(
        *(
            select(there.label("there"), finding.label("finding"))
            .where(here == project.c.id, pair.by != SameSite.LOCALITY)
            .correlate(project)
            for here, there in ends
        )
    ).lateral("pairs")
    query = (
        select(pilot.c.id)
        .distinct()
        .select_from(pairs.join(pilot, pilot.c.id == pairs.c.there))
        .where(pairs.c.finding.is_(None) if found is None else pairs.c.finding == found)
        .correlate(project)
    )
    return func.array(query.scalar_subquery())


def _projects(as_of: Position | None = None) -> Select[Any]:
    """Projects as they are now, or were as of a position: what they are called, and where they were said to be last;
    and which pilots are at their sites, now."""
    stated = _latest(site, site.c.subject_id, as_of).lateral("stated")
    placed = _latest(project_placement, project_placement.c.project_id, as_of).lateral("placed")
    names: Sequence[ColumnElement[str]] = (project.c.name_zh, project.c.name_en)
    rows = project.outerjoin(stated, true()).outerjoin(placed, true())
    if as_of is not None:
        next_ = (
            select(project_amendment.c.before)
            .where(project_amendment.c.project_id == project.c.id)
            .where(project_amendment.c.position > as_of)
            .order_by(project_amendment.c.position)
            .limit(1)
            .lateral("next")
        )
        rows = rows.outerjoin(next_, true())
        names = [
            func.coalesce(next_.c.before[name.name].astext, name).label(name.name)
            for name in (project.c.name_zh, project.c.name_en)
        ]
    pilot_id = case((placed.c.position.is_(None), project.c.pilot_id), else_=placed.c.pilot_id)
    return select(
        project.c.id,
        project.c.code,
        *names,
        project.c.forestry,
        stated.c.address.label("site"),
        stated.c.division_code,
        stated.c.latitude,
        stated.c.longitude,
        stated.c.code.label("site_code"),
        pilot_id.label("pilot_id"),
        _pilots_at_site(SiteFinding.SAME).label("found_in"),
        _pilots_at_site(None).label("suspected_in"),
    ).select_from(rows)


def _latest(of_table: Table, project_id: Column[int], as_of: Position | None) -> Select[Any]:
    """The last row of a project, or the last as of a position."""
    rows = select(of_table).where(project_id == project.c.id)
    if as_of is not None:
        rows = rows.where(of_table.c.position <= as_of)
    return rows.order_by(of_table.c.position.desc()).limit(1)


PROJECTS = _projects()
PROJECTS_GIVEN = DriverStatement(PROJECTS.where(is_given(project.c.id)))


def projects_of(ids: str) -> str:
    """The SQL of the projects whose ids a query gives."""
    query = PROJECTS.where(project.c.id == func.any(func.array(text(ids))))
    compiled = query.compile(
        dialect=dialect(),  # type: ignore[no-untyped-call]
        compile_kwargs={"literal_binds": True},
    )
    return str(compiled)


def _enrolments(as_of: Position | None = None) -> Select[Any]:
    """Enrolments with their methodology and crediting period, whenever these were stated, or by a position; what else
    is said of them is in the entries that say it."""
    said, restated = log_entry.alias("said"), log_entry.alias("restated")
    stated = enrolment_methodology.c.enrolment_id == enrolment.c.id
    credited = select(crediting_period).where(crediting_period.c.enrolment_id == enrolment.c.id)
    if as_of is not None:
        stated = and_(stated, enrolment_methodology.c.position <= as_of)
        credited = credited.where(crediting_period.c.position <= as_of)
    days = credited.order_by(crediting_period.c.position.desc()).limit(1).lateral("credited")
    version = (entry.c.body["methodology_version"].astext for entry in (said, restated))
    return select(
        enrolment.c.id,
        enrolment.c.project_id,
        enrolment.c.programme,
        enrolment.c.rule,
        enrolment.c.number,
        enrolment.c.registered_on,
        func.coalesce(enrolment.c.methodology, enrolment_methodology.c.methodology).label(
            "methodology"
        ),
        func.coalesce(*version).label("methodology_version"),
        said.c.body["validation"].label("validation"),
        days.c.starts_on.label("credited_from"),
        days.c.ends_on.label("credited_to"),
    ).select_from(
        enrolment.join(said, said.c.position == enrolment.c.id)
        .outerjoin(enrolment_methodology, stated)
        .outerjoin(restated, restated.c.position == enrolment_methodology.c.position)
        .outerjoin(days, true())
    )


ENROLMENTS = _enrolments()


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
    connection: AsyncConnection, position: Position, project_id: ProjectId, pilot_id: PilotId | None
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
    if item.crediting_period is not None:
        await state_crediting_period(connection, Position(item.id), item.id, item.crediting_period)


async def state_crediting_period(
    connection: AsyncConnection, position: Position, enrolment_id: int, credited: DateSpan
) -> None:
    """Write for which days the reductions of an enrolment are credited from a position on."""
    row = {"enrolment_id": enrolment_id, "position": position, "starts_on": credited.starts_on}
    await connection.execute(insert(crediting_period).values(row | {"ends_on": credited.ends_on}))


async def find_monitored_outside(
    connection: AsyncConnection, item: Enrolment, credited: DateSpan
) -> DateSpan | None:
    """The first monitoring period that was issued of an enrolment, and stands, and does not lie in days."""
    batch = credit_batch.c
    query = (
        select(batch.produced_from, batch.produced_to)
        .where(batch.project_id == item.project_id, batch.programme == item.programme)
        .where(batch.production_basis == ProductionBasis.MONITORING_PERIOD)
        .where(batch.withdrawn_position.is_(None))
        .where(or_(batch.produced_from < credited.starts_on, batch.produced_to > credited.ends_on))
        .order_by(batch.id)
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else DateSpan(row.produced_from, row.produced_to)


async def state_methodology(
    connection: AsyncConnection,
    position: Position,
    enrolments: Sequence[Enrolment],
    methodology: str,
) -> None:
    """Write the methodology of enrolments that named none."""
    sink = is_of_sink(methodology)
    rows = [
        {"enrolment_id": e.id, "position": position, "methodology": methodology, "sink": sink}
        for e in enrolments
    ]
    await connection.execute(insert(enrolment_methodology).values(rows))


async def read_projects(
    connection: AsyncConnection, ids: Collection[ProjectId]
) -> dict[ProjectId, Project]:
    rows = await PROJECTS_GIVEN.rows(connection, {"ids": list(ids)})
    return {row.id: project_in(row) for row in rows}


async def read_projects_then(
    connection: AsyncConnection, ids: Collection[ProjectId], as_of: Position
) -> dict[ProjectId, Project]:
    """The projects as they were as of a position; none of those that were not registered by then."""
    there = _projects(as_of).where(is_any_of(project.c.id, ids), project.c.id <= as_of)
    return {row.id: project_in(row) for row in await connection.execute(there)}


async def rename_project(
    connection: AsyncConnection, position: Position, item: Project, name: LocalizedText
) -> None:
    """Call a project otherwise from a position on."""
    row = {
        "position": position,
        "project_id": item.id,
        "before": _names(item.name),
        "after": _names(name),
    }
    await connection.execute(insert(project_amendment).values(row))
    renamed = update(project).where(project.c.id == item.id).values(_names(name))
    await connection.execute(renamed)


def _names(name: LocalizedText) -> dict[str, str]:
    return {"name_zh": name.zh, "name_en": name.en}


async def find_project(connection: AsyncConnection, code: str) -> Project | None:
    row = (await connection.execute(PROJECTS.where(project.c.code == code))).first()
    return None if row is None else project_in(row)


async def read_enrolments_of(
    connection: AsyncConnection, projects: Collection[ProjectId]
) -> dict[ProjectId, list[Enrolment]]:
    return await _of_projects(connection, ENROLMENTS, projects)


async def read_enrolments_then(
    connection: AsyncConnection, projects: Collection[ProjectId], as_of: Position
) -> dict[ProjectId, list[Enrolment]]:
    """The enrolments that there were as of a position, with what was stated of them by then."""
    there = _enrolments(as_of).where(enrolment.c.id <= as_of)
    return await _of_projects(connection, there, projects)


async def _of_projects(
    connection: AsyncConnection, enrolments: Select[Any], projects: Collection[ProjectId]
) -> dict[ProjectId, list[Enrolment]]:
    of_projects = enrolments.where(is_any_of(enrolment.c.project_id, projects))
    found: dict[ProjectId, list[Enrolment]] = defaultdict(list)
    for row in await connection.execute(of_projects.order_by(enrolment.c.id)):
        found[row.project_id].append(enrolment_in(row))
    return found


async def find_enrolment(
    connection: AsyncConnection, programme: str, number: str
) -> Enrolment | None:
    """What is registered in a programme under a number, however it is written."""
    query = ENROLMENTS.where(
        enrolment.c.programme == programme, enrolment.c.number_key == number_key(number)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else enrolment_in(row)
