"""The SQL of targets."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Text, cast, func, insert, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.inserting import insert_rows
from nzc_api.database.lookup import is_any_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.ids import PeriodId, PilotId, Position, TargetId
from nzc_api.inventories.model import Basis
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.visibility_store import seen_statements
from nzc_api.pilots.errors import MOST_RESTING
from nzc_api.pilots.model import Resting
from nzc_api.pilots.store import resting_in
from nzc_api.pilots.tables import pilot
from nzc_api.targets.model import Baseline, Ceiling, Target, TargetRevisionReason, TargetRoute
from nzc_api.targets.tables import target, target_ceiling

# Numbers as text: JSON has none that are exact.
_CEILINGS = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    target_ceiling.c.year,
                    cast(target_ceiling.c.net, Text),
                    cast(target_ceiling.c.gross, Text),
                    cast(target_ceiling.c.credits, Text),
                ),
                target_ceiling.c.year,
            )
        )
    )
    .where(target_ceiling.c.target_id == target.c.id)
    .scalar_subquery()
    .label("ceilings")
)

TARGETS = select(target, _CEILINGS)

# The latest version of each pilot as of a position.
STOOD = DriverStatement("""
    SELECT k.pilot_id, k.as_of, latest.id
      FROM unnest(CAST(:pilots AS bigint[]), CAST(:as_ofs AS bigint[])) AS k (pilot_id, as_of)
     CROSS JOIN LATERAL (
            SELECT id FROM target WHERE pilot_id = k.pilot_id AND id <= k.as_of
             ORDER BY id DESC LIMIT 1) AS latest
""")


async def insert_target(connection: AsyncConnection, item: Target) -> None:
    base = item.baseline
    await connection.execute(
        insert(target).values(
            id=item.id,
            pilot_id=item.pilot_id,
            version=item.version,
            reason=item.reason,
            weakened=item.weakened,
            routes=list(item.routes),
            baseline_period_id=base.period_id,
            baseline_basis=base.basis,
            baseline_position=base.position,
            baseline_year=base.year,
            baseline_gross=base.gross,
            baseline_net=base.net,
        )
    )
    rows = [
        {"target_id": item.id, "year": c.year, "net": c.net, "gross": c.gross, "credits": c.credits}
        for c in item.ceilings
    ]
    await insert_rows(connection, target_ceiling, rows)


async def read_targets(
    connection: AsyncConnection, ids: Collection[TargetId], sight: Sight
) -> dict[TargetId, Target]:
    """The targets that whoever has the sight sees."""
    rows = await connection.execute(_seen(TARGETS, sight).where(is_any_of(target.c.id, ids)))
    return {row.id: _target(row) for row in rows}


async def read_latest(connection: AsyncConnection, pilot_id: PilotId) -> Target | None:
    """The version of the pilot's target that stands now."""
    query = TARGETS.where(target.c.pilot_id == pilot_id).order_by(target.c.id.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return None if row is None else _target(row)


async def read_stood(
    connection: AsyncConnection, keys: Sequence[tuple[PilotId, Position]], sight: Sight
) -> dict[tuple[PilotId, Position], Target]:
    """For each (pilot, position) the version that stood then; none where there was none, or it is not
    seen."""
    given = {"pilots": [pilot_id for pilot_id, _ in keys], "as_ofs": [as_of for _, as_of in keys]}
    stood = {(row.pilot_id, row.as_of): row.id for row in await STOOD.rows(connection, given)}
    found = await read_targets(connection, set(stood.values()), sight) if stood else {}
    return {key: found[target_id] for key, target_id in stood.items() if target_id in found}


async def page_targets_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], sight: Sight, page: Page
) -> dict[PilotId, list[Target]]:
    """For each pilot a page of its target's versions and one more, in order."""
    query = paged_for_each(_seen(TARGETS, sight), target.c.pilot_id, target.c.id, pilots, page)
    found: dict[PilotId, list[Target]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(_target(row))
    return found


async def count_targets_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], sight: Sight
) -> dict[PilotId, int]:
    """How many versions each pilot's target has."""
    return await count_for_each(connection, _seen(select(target), sight), target.c.pilot_id, pilots)


async def read_targets_on(connection: AsyncConnection, period_id: PeriodId) -> Resting:
    """The versions of targets whose baseline is of an accounting period."""
    resting = select(target.c.id, func.count().over().label("total")).where(
        target.c.baseline_period_id == period_id
    )
    return resting_in(await connection.execute(resting.order_by(target.c.id).limit(MOST_RESTING)))


def _seen(query: Select[Any], sight: Sight) -> Select[Any]:
    """Those of pilots whose statements are seen."""
    return query.join(pilot, pilot.c.id == target.c.pilot_id).where(seen_statements(sight))


def _target(row: Any) -> Target:
    return Target(
        id=row.id,
        pilot_id=row.pilot_id,
        version=row.version,
        baseline=Baseline(
            period_id=row.baseline_period_id,
            basis=Basis(row.baseline_basis),
            position=row.baseline_position,
            year=row.baseline_year,
            gross=row.baseline_gross,
            net=row.baseline_net,
        ),
        ceilings=tuple(_ceiling(*ceiling) for ceiling in row.ceilings),
        routes=tuple(map(TargetRoute, row.routes)),
        reason=None if row.reason is None else TargetRevisionReason(row.reason),
        weakened=row.weakened,
    )


def _ceiling(year: int, net: str, gross: str | None, tonnes: str | None) -> Ceiling:
    return Ceiling(
        year=year,
        net=Decimal(net),
        gross=None if gross is None else Decimal(gross),
        credits=None if tonnes is None else int(tonnes),
    )
