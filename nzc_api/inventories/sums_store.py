"""The SQL of what lines of inventories come to: by category and gas, quality, scope and stage, unit, and power."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.gases import Gas
from nzc_api.database.driver import DriverStatement
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, Phase, Treatment
from nzc_api.ids import InventoryId, PilotId, Position
from nzc_api.inventories.electricity import AlikePower, Electricity, electricity_together
from nzc_api.inventories.line_rows import data_quality_in, stage_in
from nzc_api.inventories.line_store import read_certified_lines
from nzc_api.inventories.model import (
    CategoryTotal,
    DutyUnitEmissions,
    LineRole,
    QualityOfData,
    Shares,
    ZeroFactorReason,
)
from nzc_api.inventories.quality import Rests, quality_of
from nzc_api.inventories.shares import AlikeSources, shares_of

_TOTALS = """
    SELECT l.inventory_id, l.role, l.treatment, l.category, g.gas,
           sum(g.tonnes) AS tonnes, sum(g.co2e) AS co2e, coalesce(max(m.missing), 0) AS missing
      FROM inventory_line AS l
     CROSS JOIN LATERAL (SELECT gas, tonnes, co2e FROM line_gas WHERE line_id = l.id OFFSET 0) AS g
      LEFT JOIN LATERAL (SELECT missing FROM line_meter WHERE line_id = l.id OFFSET 0) AS m ON true
     WHERE l.inventory_id = ANY({inventories})
     GROUP BY l.inventory_id, l.role, l.treatment, l.category, g.gas
     ORDER BY l.inventory_id, l.role, l.treatment, l.category, g.gas
"""

TOTALS = DriverStatement(_TOTALS.format(inventories="CAST(:inventories AS bigint[])"))

# After a common table ``effective``: the same of its inventories.
EFFECTIVE_TOTALS = _TOTALS.format(inventories="ARRAY(SELECT id FROM effective)")

# What an inventory's emissions come to by the quality that is stated of them; and what neither a document nor a meter
# shows.
QUALITY = DriverStatement("""
    SELECT l.inventory_id, l.factor ->> 'data_quality' AS quality, sum(g.co2e) AS co2e,
           coalesce(sum(round(g.co2e * m.estimated_quantity / nullif(m.quantity, 0), 6)), 0) AS estimated,
           count(*) FILTER (WHERE NOT shown.so) AS unshown_lines,
           coalesce(sum(g.co2e) FILTER (WHERE NOT shown.so), 0) AS unshown_co2e
      FROM inventory_line AS l
     CROSS JOIN LATERAL (SELECT sum(co2e) AS co2e FROM line_gas WHERE line_id = l.id) AS g
      LEFT JOIN line_meter AS m ON m.line_id = l.id
     CROSS JOIN LATERAL (
            SELECT m.line_id IS NOT NULL OR EXISTS (SELECT FROM attachment WHERE subject_id = l.id) AS so) AS shown
     WHERE l.inventory_id = ANY(CAST(:inventories AS bigint[])) AND l.role = 'SOURCE'
       AND l.treatment NOT IN ('MEMO', 'DEDUCTED')
     GROUP BY l.inventory_id, quality
""")

# Of emission sources that count, what those come to that are of one scope and stage.
SHARES = text("""
    SELECT l.inventory_id, i.phase, l.category, l.factor ->> 'kind' AS kind, l.activity_unit AS unit,
           l.factor ->> 'life_cycle_stage' AS stage, sum(g.co2e) AS co2e
      FROM inventory_line AS l
      JOIN inventory AS i ON i.id = l.inventory_id
      JOIN line_gas AS g ON g.line_id = l.id
     WHERE l.inventory_id = ANY(CAST(:inventories AS bigint[])) AND l.role = 'SOURCE'
       AND l.treatment NOT IN ('MEMO', 'DEDUCTED')
     GROUP BY l.inventory_id, i.phase, l.category, kind, unit, stage
""")

# What units of pilots emitted in a calendar year, by verified inventories of operation as of a position; and whether
# these cover the year. Emission sources that name no unit are of none.
OF_UNITS = text("""
    WITH verified AS (
        SELECT DISTINCT ON (i.series_id) i.id, i.pilot_id, CAST(extract(year FROM a.starts_on) AS int) AS year,
               daterange(i.starts_on, i.ends_on, '[]') AS days
          FROM inventory AS i JOIN accounting_period AS a ON a.id = i.period_id
         WHERE i.pilot_id = ANY(CAST(:pilots AS bigint[])) AND i.basis = 'OPERATIONAL'
           AND i.verified_position <= :as_of AND extract(year FROM a.starts_on) = extract(year FROM a.ends_on)
         ORDER BY i.series_id, i.version DESC
    ), covered AS (
        SELECT pilot_id, year, range_agg(days) @> daterange(make_date(year, 1, 1), make_date(year + 1, 1, 1)) AS whole
          FROM verified GROUP BY pilot_id, year
    )
    SELECT c.pilot_id, c.year, c.whole, counted.unit, sum(counted.co2e) AS co2e
      FROM covered AS c
      JOIN verified AS v USING (pilot_id, year)
      LEFT JOIN LATERAL (
            SELECT l.factor ->> 'duty_unit' AS unit, g.co2e
              FROM inventory_line AS l JOIN line_gas AS g ON g.line_id = l.id
             WHERE l.inventory_id = v.id AND l.role = 'SOURCE' AND l.treatment NOT IN ('MEMO', 'DEDUCTED')
           ) AS counted ON true
     GROUP BY c.pilot_id, c.year, c.whole, counted.unit
""")

# Of emission sources that count and have no certificates of their own, what those come to that are alike; and the MWh
# by which green power is zero.
POWER = text("""
    SELECT l.inventory_id, l.category, l.factor ->> 'kind' AS kind, l.factor ->> 'code' AS code, green.reason,
           count(*) AS lines, sum(g.co2e) AS co2e, coalesce(sum(c.mwh), 0) AS mwh
      FROM inventory_line AS l
     CROSS JOIN LATERAL (SELECT l.factor #>> '{zero_factor_basis,reason}' AS reason) AS green
     CROSS JOIN LATERAL (SELECT sum(co2e) AS co2e FROM line_gas WHERE line_id = l.id) AS g
     CROSS JOIN LATERAL (SELECT sum(mwh) AS mwh FROM line_certificate WHERE line_id = l.id) AS c
     WHERE l.inventory_id = ANY(CAST(:inventories AS bigint[])) AND l.role = 'SOURCE'
       AND l.treatment NOT IN ('MEMO', 'DEDUCTED') AND (c.mwh IS NULL OR green.reason IS NOT NULL)
     GROUP BY l.inventory_id, l.category, kind, code, green.reason
""")


async def read_quality(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, QualityOfData]:
    """What each inventory's emissions rest on."""
    found = defaultdict[InventoryId, list[Rests]](list)
    for row in await QUALITY.rows(connection, {"inventories": list(inventories)}):
        quality = data_quality_in(row.quality)
        rests = Rests(
            quality=quality,
            co2e=row.co2e,
            estimated=row.estimated,
            unshown_lines=row.unshown_lines,
            unshown_co2e=row.unshown_co2e,
        )
        found[row.inventory_id].append(rests)
    return {inventory_id: quality_of(rests) for inventory_id, rests in found.items()}


async def read_shares(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, Shares]:
    """What each inventory's emissions come to by scope and stage."""
    found = defaultdict[InventoryId, list[AlikeSources]](list)
    for row in await connection.execute(SHARES, {"inventories": list(inventories)}):
        category = Category(row.category)
        stage = stage_in(row.stage) or GUIDE.life_cycle_stage(category, Phase(row.phase))
        alike = AlikeSources(
            category=category, kind=FactorKind(row.kind), unit=row.unit, stage=stage, co2e=row.co2e
        )
        found[row.inventory_id].append(alike)
    return {inventory_id: shares_of(alike) for inventory_id, alike in found.items()}


async def read_units(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position
) -> dict[PilotId, dict[int, DutyUnitEmissions]]:
    """What the units of each pilot emitted by calendar year, where some inventory of that year was verified by then."""
    found: dict[PilotId, dict[int, DutyUnitEmissions]] = defaultdict(dict)
    given = {"pilots": list(pilots), "as_of": as_of}
    for row in await connection.execute(OF_UNITS, given):
        emitted = found[row.pilot_id].setdefault(row.year, DutyUnitEmissions(row.whole, {}))
        if row.unit is not None:
            emitted.co2e[row.unit] = row.co2e
    return found


async def read_electricity(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, Electricity]:
    """What each inventory's bought electricity comes to by location and by market."""
    alike = defaultdict[InventoryId, list[AlikePower]](list)
    mwh = defaultdict[InventoryId, Decimal](Decimal)
    for row in await connection.execute(POWER, {"inventories": list(inventories)}):
        reason = None if row.reason is None else ZeroFactorReason(row.reason)
        kind = FactorKind(row.kind)
        alike[row.inventory_id].append(
            AlikePower(
                category=Category(row.category),
                kind=kind,
                factor=row.code,
                reason=reason,
                lines=row.lines,
                co2e=row.co2e,
            )
        )
        mwh[row.inventory_id] += row.mwh
    certified = await read_certified_lines(connection, inventories)
    return {
        item: electricity_together(alike[item], certified[item], mwh[item])
        for item in {*alike, *certified}
    }


async def read_totals(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, list[CategoryTotal]]:
    """The sums of each inventory's lines by role, treatment, category and gas."""
    return totals_in(await TOTALS.rows(connection, {"inventories": list(inventories)}))


def totals_in(rows: Iterable[Any]) -> dict[InventoryId, list[CategoryTotal]]:
    """The sums of each inventory's lines."""
    found: dict[InventoryId, list[CategoryTotal]] = defaultdict(list)
    for inventory_id, role, treatment, category, gas, tonnes, co2e, missing in rows:
        found[inventory_id].append(
            CategoryTotal.of(
                inventory_id,
                LineRole(role),
                Treatment(treatment),
                Category(category),
                Gas(gas),
                tonnes,
                co2e,
                missing,
            )
        )
    return found
