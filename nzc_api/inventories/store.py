"""The SQL of inventories: what they are, which of them count, and what verifiers said."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.accounting.factors import LISTS_BY_CODE
from nzc_api.accounting.gases import GwpSet
from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import is_any_of
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, PagesOfEach, count, count_for_each, paged, paged_for_each
from nzc_api.guide.terms import Category, Phase
from nzc_api.ids import InventoryId, OrganisationId, PeriodId, PilotId, Position
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import (
    Acknowledgement,
    AssuranceLevel,
    Basis,
    FactorChange,
    Inventory,
    InventoryFilter,
    Opinion,
    PeriodKey,
)
from nzc_api.inventories.tables import inventory, inventory_line, verification_opinion
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.visibility_store import (
    MOST_SIGHTS,
    SEEN_AS_OF,
    given_as_of,
    seen_inventory,
)
from nzc_api.inventories.warnings import WarningCode
from nzc_api.pilots.errors import MOST_RESTING
from nzc_api.pilots.model import DateSpan, Resting
from nzc_api.pilots.store import resting_in

# Of each series the version that counts as of a position, of those that are seen: the latest verified,
# else the latest submitted one.
EFFECTIVE = DriverStatement(f"""
    SELECT DISTINCT ON (k.period_id, k.basis, k.as_of, i.series_id)
           k.period_id AS key_period, k.basis AS key_basis, k.as_of AS key_as_of, {columns_of(inventory, "i")}
      FROM unnest(CAST(:periods AS bigint[]), CAST(:bases AS text[]), CAST(:of_as_ofs AS bigint[]))
        AS k (period_id, basis, as_of)
      JOIN inventory AS i ON i.period_id = k.period_id AND i.basis = k.basis
      JOIN pilot AS p ON p.id = i.pilot_id
     WHERE i.submitted_position <= k.as_of AND {SEEN_AS_OF}
     ORDER BY k.period_id, k.basis, k.as_of, i.series_id,
              coalesce(i.verified_position <= k.as_of, false) DESC, i.version DESC
""")  # noqa: S608  (our own text)


async def insert_inventory(connection: AsyncConnection, item: Inventory) -> None:
    await connection.execute(
        insert(inventory).values(
            id=item.id,
            pilot_id=item.pilot_id,
            period_id=item.period_id,
            phase=item.phase,
            basis=item.basis,
            **_terms(item),
            series_id=item.series_id,
            version=item.version,
        )
    )


async def insert_opinion(
    connection: AsyncConnection, inventory_id: InventoryId, position: Position, opinion: Opinion
) -> None:
    await connection.execute(
        insert(verification_opinion).values(
            position=position,
            inventory_id=inventory_id,
            level=opinion.level,
            findings=list(opinion.findings),
            acknowledged=[
                {"code": said.code, "line": said.line_id, "reason": said.reason}
                for said in opinion.acknowledged
            ],
            report_hash=opinion.report_hash,
        )
    )


async def read_opinions(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, Opinion]:
    """What verifiers said of inventories."""
    said = verification_opinion.c
    query = select(verification_opinion).where(is_any_of(said.inventory_id, inventories))
    return {row.inventory_id: _opinion(row) for row in await connection.execute(query)}


async def mark_submitted(
    connection: AsyncConnection, inventory_id: InventoryId, position: Position
) -> None:
    await connection.execute(
        update(inventory).where(inventory.c.id == inventory_id).values(submitted_position=position)
    )


async def mark_verified(
    connection: AsyncConnection,
    inventory_id: InventoryId,
    position: Position,
    verifier_id: OrganisationId,
) -> None:
    await connection.execute(
        update(inventory)
        .where(inventory.c.id == inventory_id)
        .values(verified_position=position, verifier_id=verifier_id)
    )


async def mark_discarded(
    connection: AsyncConnection, inventory_id: InventoryId, position: Position
) -> None:
    await connection.execute(
        update(inventory).where(inventory.c.id == inventory_id).values(discarded_position=position)
    )


async def update_terms(connection: AsyncConnection, item: Inventory) -> None:
    """Write a draft's own terms."""
    await connection.execute(
        update(inventory).where(inventory.c.id == item.id).values(**_terms(item))
    )


async def read_now(connection: AsyncConnection) -> datetime:
    """When the transaction began, by the database's clock."""
    return (await connection.execute(select(func.now()))).scalar_one()


async def read_inventories(
    connection: AsyncConnection, ids: Collection[InventoryId], sight: Sight
) -> dict[InventoryId, Inventory]:
    query = select(inventory).where(is_any_of(inventory.c.id, ids), seen_inventory(sight))
    rows = await connection.execute(query)
    return {row.id: _inventory(row) for row in rows}


async def read_beside(connection: AsyncConnection, item: Inventory) -> list[Inventory]:
    """The other inventories of the same pilot, phase and basis."""
    rows = await connection.execute(
        select(inventory)
        .where(
            inventory.c.pilot_id == item.pilot_id,
            inventory.c.phase == item.phase,
            inventory.c.basis == item.basis,
            inventory.c.id != item.id,
        )
        .order_by(inventory.c.id)
    )
    return [_inventory(row) for row in rows]


async def read_all_of(connection: AsyncConnection, pilot_id: PilotId) -> list[Inventory]:
    """All inventories of a pilot."""
    of_pilot = select(inventory).where(inventory.c.pilot_id == pilot_id)
    return [_inventory(row) for row in await connection.execute(of_pilot.order_by(inventory.c.id))]


async def list_inventories(
    connection: AsyncConnection, narrowed: InventoryFilter, sight: Sight, page: Page
) -> list[Inventory]:
    rows = await connection.execute(paged(_narrowed(narrowed, sight), inventory.c.id, page))
    return [_inventory(row) for row in rows]


async def count_inventories(
    connection: AsyncConnection, narrowed: InventoryFilter, sight: Sight
) -> int:
    return await count(connection, _narrowed(narrowed, sight))


async def count_inventories_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], sight: Sight
) -> dict[PilotId, int]:
    """How many inventories that are seen each pilot has."""
    return await count_for_each(connection, _seen(sight), inventory.c.pilot_id, pilots)


async def count_versions_of(
    connection: AsyncConnection, series: Sequence[int], sight: Sight
) -> dict[int, int]:
    """How many versions that are seen each series has."""
    return await count_for_each(connection, _seen(sight), inventory.c.series_id, series)


async def page_inventories_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], sight: Sight, page: Page
) -> dict[PilotId, list[Inventory]]:
    """For each pilot a page of its inventories and one more, in the order of their making."""
    found: dict[PilotId, list[Inventory]] = defaultdict(list)
    for row in await _inventories_of_each(sight).rows(connection, page, parents=pilots):
        found[row.parent].append(_inventory(row))
    return found


async def page_versions_of(
    connection: AsyncConnection, series: Sequence[int], sight: Sight, page: Page
) -> dict[int, list[Inventory]]:
    """For each series a page of its versions and one more, in order."""
    query = paged_for_each(_seen(sight), inventory.c.series_id, inventory.c.version, series, page)
    found: dict[int, list[Inventory]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(_inventory(row))
    return found


async def count_lines(connection: AsyncConnection, inventory_id: InventoryId) -> int:
    query = select(func.count()).where(inventory_line.c.inventory_id == inventory_id)
    return (await connection.execute(query)).scalar_one()


async def read_effective(
    connection: AsyncConnection, keys: Sequence[PeriodKey], sight: Sight
) -> dict[PeriodKey, list[Inventory]]:
    """For each key the inventories that a statement rests on, where it is made of those seen."""
    given = {
        "periods": [key.period_id for key in keys],
        "bases": [key.basis for key in keys],
        "of_as_ofs": [key.as_of for key in keys],
    }
    return effective_in(await EFFECTIVE.rows(connection, given | given_as_of(sight)))


def effective_in(rows: Iterable[Any]) -> dict[PeriodKey, list[Inventory]]:
    """For each key the inventories that a statement rests on."""
    found: dict[PeriodKey, list[Inventory]] = defaultdict(list)
    for row in rows:
        key = PeriodKey(row.key_period, Basis(row.key_basis), row.key_as_of)
        found[key].append(_inventory(row))
    return found


async def page_changed(
    connection: AsyncConnection, change: FactorChange, sight: Sight, page: Page
) -> list[Inventory]:
    """A page of the inventories that another basis would change, and one more, by their series."""
    changed = _changed(change, sight)
    rows = await connection.execute(paged(changed, changed.selected_columns.series_id, page))
    return [_inventory(row) for row in rows]


async def count_changed(connection: AsyncConnection, change: FactorChange, sight: Sight) -> int:
    return await count(connection, _changed(change, sight))


def _seen(sight: Sight) -> Select[Any]:
    return select(inventory).where(seen_inventory(sight))


@lru_cache(MOST_SIGHTS)
def _inventories_of_each(sight: Sight) -> PagesOfEach:
    return PagesOfEach(_seen(sight), inventory.c.pilot_id, inventory.c.id)


def _changed(change: FactorChange, sight: Sight) -> Select[Any]:
    """Of each series the version that counts, of those whose lines are seen, where it is on the basis that
    is changed and not yet on the other."""
    versions = select(inventory).where(
        inventory.c.submitted_position.is_not(None), seen_inventory(sight, lines=True)
    )
    if change.pilot_id is not None:
        versions = versions.where(inventory.c.pilot_id == change.pilot_id)
    verified = inventory.c.verified_position.is_not(None)
    counting = versions.ext(distinct_on(inventory.c.series_id)).order_by(
        inventory.c.series_id, verified.desc(), inventory.c.version.desc()
    )
    counted = counting.subquery("counting")
    columns, before, after = counted.c, change.before, change.after
    query: Select[Any] = select(counted)
    if before.factor_list is not None:
        query = query.where(columns.factor_list == before.factor_list)
    if before.gwp_set is not None:
        query = query.where(columns.gwp_set == before.gwp_set)
    others = []
    if after.factor_list is not None:
        version = LISTS_BY_CODE[after.factor_list].version
        others += [columns.factor_list != after.factor_list, columns.factor_list_version != version]
    if after.gwp_set is not None:
        others.append(columns.gwp_set != after.gwp_set)
    return query.where(or_(*others))


async def read_inventories_on(connection: AsyncConnection, period_id: PeriodId) -> Resting:
    """The inventories that rest on an accounting period; not those that were discarded."""
    resting = select(inventory.c.id, func.count().over().label("total")).where(
        inventory.c.period_id == period_id, inventory.c.discarded_position.is_(None)
    )
    return resting_in(
        await connection.execute(resting.order_by(inventory.c.id).limit(MOST_RESTING))
    )


def _narrowed(narrowed: InventoryFilter, sight: Sight) -> Select[Any]:
    query = _seen(sight)
    if narrowed.status is not None:
        query = query.where(inventory.c.status == narrowed.status)
    if narrowed.pilot_id is not None:
        query = query.where(inventory.c.pilot_id == narrowed.pilot_id)
    if narrowed.period_id is not None:
        query = query.where(inventory.c.period_id == narrowed.period_id)
    return query


def _terms(item: Inventory) -> dict[str, Any]:
    return item.terms | {"starts_on": item.span.starts_on, "ends_on": item.span.ends_on}


def _inventory(row: Any) -> Inventory:
    return Inventory(
        id=row.id,
        pilot_id=row.pilot_id,
        period_id=row.period_id,
        phase=Phase(row.phase),
        basis=Basis(row.basis),
        gwp_set=GwpSet(row.gwp_set),
        factor_list=row.factor_list,
        factor_list_version=row.factor_list_version,
        span=DateSpan(row.starts_on, row.ends_on),
        not_occurring=tuple(dict.fromkeys(map(Category, row.not_occurring))),
        series_id=row.series_id,
        version=row.version,
        submitted_position=row.submitted_position,
        verified_position=row.verified_position,
        verifier_id=row.verifier_id,
        discarded_position=row.discarded_position,
        electricity_method=ElectricityMethod(row.electricity_method),
    )


def _opinion(row: Any) -> Opinion:
    return Opinion(
        level=AssuranceLevel(row.level),
        findings=tuple(row.findings),
        acknowledged=tuple(
            Acknowledgement(WarningCode(said["code"]), said["line"], said["reason"])
            for said in row.acknowledged
        ),
        report_hash=row.report_hash,
    )
