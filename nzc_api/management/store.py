"""The SQL of management."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.ids import AppointmentId, ManagementRuleId, PilotId, Position, PostId
from nzc_api.log.asked import LATEST
from nzc_api.management.model import (
    Appointment,
    Duty,
    ManagementRule,
    Post,
    PostKind,
    Repeal,
    Upkeep,
    UpkeepSystem,
)
from nzc_api.management.tables import (
    appointment,
    duty,
    holder_name,
    management_rule,
    name_erasure,
    post,
    rule_repeal,
    upkeep,
)
from nzc_api.pilots.of_pilots_store import read_by_ids, read_by_pilots
from nzc_api.refusal import LocalizedText

# Posts as they stood, by their ids or all of pilots, each with the latest appointment to it.
POSTS = text(f"""
    SELECT {columns_of(post, "p")}, latest.id AS appointment_id, latest.starts_on, latest.commitment, latest.document,
           named.name AS holder
      FROM post AS p
      LEFT JOIN LATERAL (SELECT {columns_of(appointment, "a")} FROM appointment AS a
                          WHERE post_id = p.id AND id <= :as_of ORDER BY id DESC LIMIT 1) AS latest ON true
      LEFT JOIN holder_name AS named ON named.appointment_id = latest.id
     WHERE p.id <= :as_of AND (p.id = ANY(CAST(:ids AS bigint[])) OR p.pilot_id = ANY(CAST(:pilots AS bigint[])))
     ORDER BY p.id
""")  # noqa: S608  (our own names)

# Duties by their ids; or those of pilots that no later one of the same unit and year had replaced.
DUTIES = text(f"""
    SELECT {columns_of(duty, "d")}, NOT EXISTS (SELECT FROM duty AS later
                             WHERE later.pilot_id = d.pilot_id AND later.unit = d.unit AND later.year = d.year
                               AND later.id > d.id AND later.id <= :as_of) AS in_force
      FROM duty AS d
     WHERE d.id <= :as_of AND (d.id = ANY(CAST(:ids AS bigint[])) OR d.pilot_id = ANY(CAST(:pilots AS bigint[])))
     ORDER BY d.id
""")  # noqa: S608  (our own names)

# Rules as they stood, by their ids or all of pilots.
RULES = text(f"""
    SELECT {columns_of(management_rule, "r")},
           repealed.position AS repeal_position, repealed.on_day, repealed.document AS repeal_document
      FROM management_rule AS r
      LEFT JOIN rule_repeal AS repealed ON repealed.rule_id = r.id AND repealed.position <= :as_of
     WHERE r.id <= :as_of AND (r.id = ANY(CAST(:ids AS bigint[])) OR r.pilot_id = ANY(CAST(:pilots AS bigint[])))
     ORDER BY r.id
""")  # noqa: S608  (our own names)

NAMED = (
    select(appointment, holder_name.c.name)
    .outerjoin(holder_name, holder_name.c.appointment_id == appointment.c.id)
)  # fmt: skip


async def insert_post(connection: AsyncConnection, item: Post) -> None:
    await connection.execute(
        insert(post).values(
            id=item.id,
            pilot_id=item.pilot_id,
            code=item.code,
            kind=item.post_kind,
            name_zh=item.name.zh,
            name_en=item.name.en,
            responsibilities=list(item.responsibilities),
        )
    )


async def insert_appointment(connection: AsyncConnection, item: Appointment, salt: bytes) -> None:
    """An appointment and, of one that is not vacant, the name beside it."""
    await connection.execute(
        insert(appointment).values(
            id=item.id,
            post_id=item.post_id,
            starts_on=item.starts_on,
            commitment=item.commitment,
            document=item.document,
        )
    )
    if item.holder is not None:
        name = {"appointment_id": item.id, "name": item.holder, "salt": salt}
        await connection.execute(insert(holder_name).values(name))


async def erase_name(
    connection: AsyncConnection, appointment_id: AppointmentId, position: Position
) -> None:
    """Delete a name with its salt, and keep that it was erased."""
    erased = {"position": position, "appointment_id": appointment_id}
    await connection.execute(insert(name_erasure).values(erased))
    await connection.execute(
        delete(holder_name).where(holder_name.c.appointment_id == appointment_id)
    )


async def insert_duty(connection: AsyncConnection, item: Duty) -> None:
    await connection.execute(
        insert(duty).values(
            id=item.id,
            pilot_id=item.pilot_id,
            unit=item.unit,
            unit_name_zh=item.unit_name.zh,
            unit_name_en=item.unit_name.en,
            year=item.year,
            ceiling=item.ceiling,
            document=item.document,
        )
    )


async def insert_rule(connection: AsyncConnection, item: ManagementRule) -> None:
    await connection.execute(
        insert(management_rule).values(
            id=item.id,
            pilot_id=item.pilot_id,
            title=item.title,
            document=item.document,
            starts_on=item.starts_on,
            ends_on=item.ends_on,
        )
    )


async def insert_repeal(
    connection: AsyncConnection, rule_id: ManagementRuleId, item: Repeal
) -> None:
    await connection.execute(
        insert(rule_repeal).values(
            position=item.position, rule_id=rule_id, on_day=item.on, document=item.document
        )
    )


async def insert_upkeep(connection: AsyncConnection, item: Upkeep) -> None:
    await connection.execute(
        insert(upkeep).values(
            id=item.id,
            pilot_id=item.pilot_id,
            system=item.system,
            on_day=item.on,
            done=item.done,
            document=item.document,
        )
    )


async def read_posts(connection: AsyncConnection, ids: Collection[PostId]) -> dict[PostId, Post]:
    """The posts with these ids, as they stand."""
    return await read_by_ids(connection, POSTS, ids, _post)


async def read_posts_of(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position = LATEST
) -> dict[PilotId, list[Post]]:
    """All posts of each pilot, in the order in which they were established, as they stood."""
    return await read_by_pilots(connection, POSTS, pilots, as_of, _post)


async def read_appointments(
    connection: AsyncConnection, ids: Collection[AppointmentId]
) -> dict[AppointmentId, Appointment]:
    query = NAMED.where(appointment.c.id.in_(ids))
    return {row.id: _appointment(row, row.name) for row in await connection.execute(query)}


async def page_appointments_of(
    connection: AsyncConnection, posts: Sequence[int], page: Page
) -> dict[int, list[Appointment]]:
    """For each post a page of the appointments to it and one more, oldest first."""
    parent, key = appointment.c.post_id, appointment.c.id
    found: dict[int, list[Appointment]] = defaultdict(list)
    for row in await connection.execute(paged_for_each(NAMED, parent, key, posts, page)):
        found[row.parent].append(_appointment(row, row.name))
    return found


async def count_appointments_of(
    connection: AsyncConnection, posts: Sequence[int]
) -> dict[int, int]:
    query, parent = select(appointment), appointment.c.post_id
    return await count_for_each(connection, query, parent, posts)


async def read_duties(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Duty]:
    return await read_by_ids(connection, DUTIES, ids, _duty)


async def read_duties_of(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position = LATEST
) -> dict[PilotId, list[Duty]]:
    """All duties of each pilot, those that later ones replaced included, as they stood."""
    return await read_by_pilots(connection, DUTIES, pilots, as_of, _duty)


async def read_rules(
    connection: AsyncConnection, ids: Collection[ManagementRuleId]
) -> dict[ManagementRuleId, ManagementRule]:
    return await read_by_ids(connection, RULES, ids, _rule)


async def read_rules_of(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position = LATEST
) -> dict[PilotId, list[ManagementRule]]:
    """All rules of each pilot, in the order in which they were published, as they stood."""
    return await read_by_pilots(connection, RULES, pilots, as_of, _rule)


async def read_upkeep(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Upkeep]:
    query = select(upkeep).where(upkeep.c.id.in_(ids))
    return {row.id: _upkeep(row) for row in await connection.execute(query)}


async def page_upkeep_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], system: UpkeepSystem | None, page: Page
) -> dict[PilotId, list[Upkeep]]:
    """For each pilot a page of its upkeep, of a system or of all, and one more, oldest first."""
    parent, key = upkeep.c.pilot_id, upkeep.c.id
    found: dict[PilotId, list[Upkeep]] = defaultdict(list)
    query = paged_for_each(_upkeep_of(system), parent, key, pilots, page)
    for row in await connection.execute(query):
        found[row.parent].append(_upkeep(row))
    return found


async def count_upkeep_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], system: UpkeepSystem | None
) -> dict[PilotId, int]:
    return await count_for_each(connection, _upkeep_of(system), upkeep.c.pilot_id, pilots)


def _upkeep_of(system: UpkeepSystem | None) -> Select[Any]:
    query = select(upkeep)
    return query if system is None else query.where(upkeep.c.system == system)


def _post(row: Any) -> Post:
    latest = None
    if row.appointment_id is not None:
        latest = Appointment(
            id=row.appointment_id,
            post_id=row.id,
            starts_on=row.starts_on,
            document=row.document,
            commitment=row.commitment,
            holder=row.holder,
        )
    return Post(
        id=row.id,
        pilot_id=row.pilot_id,
        code=row.code,
        post_kind=PostKind(row.kind),
        name=LocalizedText(row.name_zh, row.name_en),
        responsibilities=tuple(row.responsibilities),
        latest=latest,
    )


def _appointment(row: Any, holder: str | None) -> Appointment:
    return Appointment(
        id=row.id,
        post_id=row.post_id,
        starts_on=row.starts_on,
        document=row.document,
        commitment=row.commitment,
        holder=holder,
    )


def _duty(row: Any) -> Duty:
    name = LocalizedText(row.unit_name_zh, row.unit_name_en)
    return Duty(
        id=row.id,
        pilot_id=row.pilot_id,
        unit=row.unit,
        unit_name=name,
        year=row.year,
        ceiling=row.ceiling,
        document=row.document,
        in_force=row.in_force,
    )


def _rule(row: Any) -> ManagementRule:
    repeal = None
    if row.repeal_position is not None:
        repeal = Repeal(row.repeal_position, row.on_day, row.repeal_document)
    return ManagementRule(
        id=row.id,
        pilot_id=row.pilot_id,
        title=row.title,
        document=row.document,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        repeal=repeal,
    )


def _upkeep(row: Any) -> Upkeep:
    system = UpkeepSystem(row.system)
    return Upkeep(
        id=row.id,
        pilot_id=row.pilot_id,
        system=system,
        on=row.on_day,
        done=row.done,
        document=row.document,
    )
