"""The SQL of inventories."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, cast, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.accounting.factors import LISTS_BY_CODE, FactorKind
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import Measurement, Rounding
from nzc_api.accounting.snapshot import freeze_days, freeze_factor, thaw_days, thaw_factor
from nzc_api.certificates.store import certificates_in, insert_certificates
from nzc_api.certificates.tables import line_certificate
from nzc_api.database.among import among
from nzc_api.database.driver import DriverStatement
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import (
    Page,
    PagesOfEach,
    count,
    count_for_each,
    paged,
    paged_for_each,
)
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, LifeCycleStage, Phase, Treatment
from nzc_api.ids import InventoryId, LineId, OrganisationId, PeriodId, PilotId
from nzc_api.inventories.electricity import AlikePower, Electricity, electricity_together
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.line_rules import AccountedLine
from nzc_api.inventories.model import (
    Acknowledgement,
    AssuranceLevel,
    Basis,
    CategoryTotal,
    DataQuality,
    FactorChange,
    GasMass,
    Inventory,
    InventoryFilter,
    Line,
    LineRole,
    MeterBasis,
    Opinion,
    PeriodKey,
    QualityOfData,
    Shares,
    SinkBasis,
    UnitEmissions,
    ZeroFactorBasis,
    ZeroFactorReason,
)
from nzc_api.inventories.quality import Rests, quality_of
from nzc_api.inventories.repeated import Recorded, amounts_in
from nzc_api.inventories.shares import Alike, shares_of
from nzc_api.inventories.tables import (
    inventory,
    inventory_line,
    inventory_warning,
    line_gas,
    line_meter,
    verification_opinion,
)
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.visibility_store import (
    SEEN_AS_OF,
    given_as_of,
    seen_inventory,
    seen_line,
    seen_warning,
)
from nzc_api.inventories.warnings import (
    InventoryWarning,
    WarningCode,
    freeze_facts,
    thaw_facts,
)
from nzc_api.pilots.errors import MOST_RESTING
from nzc_api.pilots.model import DateSpan, Resting
from nzc_api.pilots.store import resting_in

# For how many who see different things statements are kept: there are a few roles, and each operator.
MOST_SIGHTS = 100

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

_TOTALS = """
    SELECT l.inventory_id, l.role, l.treatment, l.category, g.gas,
           sum(g.tonnes) AS tonnes, sum(g.co2e) AS co2e, coalesce(max(m.missing), 0) AS missing
      FROM inventory_line AS l
      JOIN line_gas AS g ON g.line_id = l.id
      LEFT JOIN line_meter AS m ON m.line_id = l.id
     WHERE l.inventory_id = ANY({inventories})
     GROUP BY l.inventory_id, l.role, l.treatment, l.category, g.gas
     ORDER BY l.inventory_id, l.role, l.treatment, l.category, g.gas
"""
TOTALS = DriverStatement(_TOTALS.format(inventories="CAST(:inventories AS bigint[])"))

# After a common table ``effective``: the same of its inventories.
EFFECTIVE_TOTALS = _TOTALS.format(inventories="ARRAY(SELECT id FROM effective)")

# Warnings are numbered in the order in which they are kept; those of removed lines leave gaps.
WARN = DriverStatement("""
    INSERT INTO inventory_warning (inventory_id, number, line_id, other_line_id, code, facts)
    SELECT :inventory,
           (SELECT coalesce(max(number), 0) FROM inventory_warning WHERE inventory_id = :inventory) + w.place,
           w.line_id, w.other_line_id, w.code, CAST(w.facts AS jsonb)
      FROM unnest(CAST(:lines AS bigint[]), CAST(:others AS bigint[]), CAST(:codes AS text[]),
                  CAST(:facts AS text[])) WITH ORDINALITY AS w (line_id, other_line_id, code, facts, place)
""")

# Lines as far as another may repeat them, in the order of their recording.
_RECORDED = """
    SELECT id, role, category, label, activity_value, activity_unit, factor->>'subject' AS subject,
           factor->>'kind' AS kind, jsonb_path_query_array(factor, '$.gases[*].gas') AS gases
      FROM inventory_line
     WHERE inventory_id = :inventory
"""
RECORDED = DriverStatement(f"{_RECORDED} ORDER BY id")
ALIKE = DriverStatement(f"""{_RECORDED}
       AND ((activity_unit, activity_value) IN
                (SELECT * FROM unnest(CAST(:units AS text[]), CAST(:values AS numeric[])))
            OR CAST(:sinks AS boolean) AND role = 'SINK')
     ORDER BY id
""")  # noqa: S608  (our own text)
UNITS = text("SELECT DISTINCT activity_unit FROM inventory_line WHERE inventory_id = :inventory")

# A line with its gases and its warnings, in their order. Numbers are texts in JSON: so they stay exact.
_gases = line_gas.c
_warned = inventory_warning.c
_of_meter = line_meter.c
_certified = line_certificate.c
LINES = select(
    inventory_line,
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    _gases.gas,
                    *(cast(number, Text) for number in (_gases.tonnes, _gases.gwp, _gases.co2e)),
                ),
                _gases.gas,
            )
        )
    )
    .where(_gases.line_id == inventory_line.c.id)
    .scalar_subquery()
    .label("gases"),
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "number", _warned.number, "code", _warned.code, "facts", _warned.facts,
                    "other_line_id", _warned.other_line_id,
                ),
                _warned.number,
            )
        )
    )
    .where(_warned.line_id == inventory_line.c.id)
    .scalar_subquery()
    .label("warnings"),
    select(
        func.jsonb_build_object(
            "meter_id", _of_meter.meter_id, "starts_on", _of_meter.starts_on, "ends_on", _of_meter.ends_on,
            "as_of", _of_meter.as_of, "quantity", cast(_of_meter.quantity, Text),
            "estimated_quantity", cast(_of_meter.estimated_quantity, Text), "measured", _of_meter.measured,
            "estimated", _of_meter.estimated, "missing", _of_meter.missing,
        )
    )
    .where(_of_meter.line_id == inventory_line.c.id)
    .scalar_subquery()
    .label("meter_basis"),
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "prefix", _certified.prefix, "lo", _certified.lo, "hi", _certified.hi,
                    "mwh", cast(_certified.mwh, Text), "produced_from", _certified.produced_from,
                    "produced_to", _certified.produced_to, "plant", _certified.plant,
                ),
                _certified.number,
            )
        )
    )
    .where(_certified.line_id == inventory_line.c.id)
    .scalar_subquery()
    .label("certificates"),
    select(inventory.c.phase)
    .where(inventory.c.id == inventory_line.c.inventory_id)
    .scalar_subquery()
    .label("phase"),
    select(inventory.c.electricity_method)
    .where(inventory.c.id == inventory_line.c.inventory_id)
    .scalar_subquery()
    .label("electricity_method"),
)  # fmt: skip

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


# What a line keeps of its meter beside its days.
_BASIS = (
    "meter_id", "as_of", "quantity", "estimated_quantity", "measured", "estimated", "missing",
)  # fmt: skip


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


async def insert_lines(
    connection: AsyncConnection,
    inventory_id: InventoryId,
    lines: Sequence[tuple[LineId, int, AccountedLine]],
) -> None:
    """Write lines (id, position of the entry that recorded it so, what it comes to): a statement a table."""
    if not lines:
        return
    await connection.execute(
        insert(inventory_line),
        [
            {
                "id": line_id,
                "position": position,
                "inventory_id": inventory_id,
                "role": line.role,
                "category": line.line.category,
                "label": line.line.label,
                "activity_value": line.activity.value,
                "activity_unit": line.activity.unit,
                "density_value": line.line.density and line.line.density.value,
                "density_unit": line.line.density and line.line.density.unit,
                "factor": freeze_factor(line.factor)
                | freeze_days(line.days_a_year)
                | _freeze_basis("sink_basis", line.line.sink_basis)
                | _freeze_zero_factor_basis(line.line.zero_factor_basis)
                | _freeze_word("data_quality", line.line.data_quality)
                | _freeze_word("life_cycle_stage", line.line.life_cycle_stage)
                | _freeze_word("duty_unit", line.line.duty_unit),
                "treatment": line.treatment,
                "rounding": line.rounding,
            }
            for line_id, position, line in lines
        ],
    )
    await connection.execute(
        insert(line_gas),
        [
            {
                "line_id": line_id,
                "gas": gas.gas,
                "tonnes": gas.tonnes,
                "gwp": gas.gwp,
                "co2e": gas.co2e,
            }
            for line_id, _, line in lines
            for gas in line.gases
        ],
    )
    certified = [
        (line_id, number, item)
        for line_id, _, line in lines
        for number, item in enumerate((*line.line.green_power, *line.line.certificates))
    ]
    await insert_certificates(connection, inventory_id, certified)
    metered = [
        _freeze_meter(inventory_id, line_id, line.line.meter_basis)
        for line_id, _, line in lines
        if line.line.meter_basis is not None
    ]
    if metered:
        await connection.execute(insert(line_meter), metered)


async def insert_warnings(
    connection: AsyncConnection, inventory_id: InventoryId, warnings: Sequence[InventoryWarning]
) -> None:
    """Keep warnings of an inventory and its lines, after those that it has."""
    if not warnings:
        return
    await WARN.rows(
        connection,
        {
            "inventory": inventory_id,
            "lines": [warning.line_id for warning in warnings],
            "others": [warning.other_line_id for warning in warnings],
            "codes": [warning.code for warning in warnings],
            "facts": [json.dumps(freeze_facts(warning.facts)) for warning in warnings],
        },
    )


async def insert_opinion(
    connection: AsyncConnection, inventory_id: InventoryId, position: int, opinion: Opinion
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
    query = select(verification_opinion).where(among(said.inventory_id, inventories))
    return {row.inventory_id: _opinion(row) for row in await connection.execute(query)}


async def read_recorded(connection: AsyncConnection, inventory_id: InventoryId) -> list[Recorded]:
    """The lines of an inventory, as far as another may repeat them, in the order of their recording."""
    return _recorded(await RECORDED.rows(connection, {"inventory": inventory_id}))


async def read_alike(
    connection: AsyncConnection, inventory_id: InventoryId, new: Sequence[Recorded]
) -> list[Recorded]:
    """Those of them that a new line may repeat: of the same amount, or sinks beside a sink."""
    units = (await connection.execute(UNITS, {"inventory": inventory_id})).scalars()
    amounts = list(amounts_in(units, new))
    given = {
        "inventory": inventory_id,
        "units": [unit for unit, _ in amounts],
        "values": [value for _, value in amounts],
        "sinks": any(line.role is LineRole.SINK for line in new),
    }
    return _recorded(await ALIKE.rows(connection, given))


def _recorded(rows: Iterable[Any]) -> list[Recorded]:
    return [
        Recorded(
            row.id,
            LineRole(row.role),
            Category(row.category),
            row.label,
            Measurement(row.activity_value, row.activity_unit),
            row.subject,
            row.kind == FactorKind.OWN,
            frozenset(map(Gas, row.gases)),
        )
        for row in rows
    ]


async def read_warnings(
    connection: AsyncConnection,
    inventory_id: InventoryId,
    codes: Collection[WarningCode] = tuple(WarningCode),
) -> list[InventoryWarning]:
    """The warnings of an inventory and its lines, in order; all of them, or those with one of the codes."""
    query = select(inventory_warning).where(
        _warned.inventory_id == inventory_id, _warned.code.in_(codes)
    )
    rows = await connection.execute(query.order_by(_warned.number))
    return [_warning(dict(row._mapping)) for row in rows]


async def page_warnings_of(
    connection: AsyncConnection, inventories: Sequence[InventoryId], sight: Sight, page: Page
) -> dict[InventoryId, list[InventoryWarning]]:
    """For each inventory a page of its warnings and one more, in order: those of lines where lines are seen."""
    query = paged_for_each(
        _seen_warnings(sight), _warned.inventory_id, _warned.number, inventories, page
    )
    found: dict[InventoryId, list[InventoryWarning]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(_warning(dict(row._mapping)))
    return found


async def count_warnings_of(
    connection: AsyncConnection, inventories: Sequence[InventoryId], sight: Sight
) -> dict[InventoryId, int]:
    """How many warnings each inventory has, of those that are seen."""
    return await count_for_each(
        connection, _seen_warnings(sight), _warned.inventory_id, inventories
    )


async def read_quality(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, QualityOfData]:
    """What each inventory's emissions rest on."""
    found = defaultdict[InventoryId, list[Rests]](list)
    for row in await QUALITY.rows(connection, {"inventories": list(inventories)}):
        quality = _data_quality(row.quality)
        rests = Rests(quality, row.co2e, row.estimated, row.unshown_lines, row.unshown_co2e)
        found[row.inventory_id].append(rests)
    return {inventory_id: quality_of(rests) for inventory_id, rests in found.items()}


async def read_shares(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, Shares]:
    """What each inventory's emissions come to by scope and stage."""
    found = defaultdict[InventoryId, list[Alike]](list)
    for row in await connection.execute(SHARES, {"inventories": list(inventories)}):
        category = Category(row.category)
        stage = _stage(row.stage) or GUIDE.life_cycle_stage(category, Phase(row.phase))
        alike = Alike(category, FactorKind(row.kind), row.unit, stage, row.co2e)
        found[row.inventory_id].append(alike)
    return {inventory_id: shares_of(alike) for inventory_id, alike in found.items()}


async def read_units(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: int
) -> dict[PilotId, dict[int, UnitEmissions]]:
    """What the units of each pilot emitted by calendar year, where some inventory of that year was verified by then."""
    found: dict[PilotId, dict[int, UnitEmissions]] = defaultdict(dict)
    given = {"pilots": list(pilots), "as_of": as_of}
    for row in await connection.execute(OF_UNITS, given):
        of = found[row.pilot_id].setdefault(row.year, UnitEmissions(row.whole, {}))
        if row.unit is not None:
            of.co2e[row.unit] = row.co2e
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
            AlikePower(Category(row.category), kind, row.code, reason, row.lines, row.co2e)
        )
        mwh[row.inventory_id] += row.mwh
    certified = await _read_certified(connection, inventories)
    return {
        item: electricity_together(alike[item], certified[item], mwh[item])
        for item in {*alike, *certified}
    }


async def _read_certified(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, list[Line]]:
    """The lines of each inventory that have certificates of their own."""
    of_its = line_certificate.c.inventory_id == inventory_line.c.inventory_id
    held = exists().where(line_certificate.c.line_id == inventory_line.c.id, of_its)
    no_basis = inventory_line.c.factor["zero_factor_basis"].is_(None)
    rows = await connection.execute(
        LINES.where(among(inventory_line.c.inventory_id, inventories), held, no_basis)
    )
    found = defaultdict[InventoryId, list[Line]](list)
    for line in map(_line, rows):
        found[line.inventory_id].append(line)
    return found


async def delete_line(connection: AsyncConnection, line_id: LineId) -> None:
    """With what it comes to, and the warnings of it and of those that name it."""
    await connection.execute(delete(inventory_line).where(inventory_line.c.id == line_id))


async def delete_lines_of(connection: AsyncConnection, inventory_id: InventoryId) -> None:
    """All lines of a draft, with what they come to and their warnings."""
    of_it = inventory_line.c.inventory_id == inventory_id
    await connection.execute(delete(inventory_line).where(of_it))


async def delete_warnings(
    connection: AsyncConnection, inventory_id: InventoryId, code: WarningCode
) -> None:
    await connection.execute(
        delete(inventory_warning).where(_warned.inventory_id == inventory_id, _warned.code == code)
    )


async def mark_submitted(
    connection: AsyncConnection, inventory_id: InventoryId, position: int
) -> None:
    await connection.execute(
        update(inventory).where(inventory.c.id == inventory_id).values(submitted_position=position)
    )


async def mark_verified(
    connection: AsyncConnection,
    inventory_id: InventoryId,
    position: int,
    verifier_id: OrganisationId,
) -> None:
    await connection.execute(
        update(inventory)
        .where(inventory.c.id == inventory_id)
        .values(verified_position=position, verifier_id=verifier_id)
    )


async def mark_discarded(
    connection: AsyncConnection, inventory_id: InventoryId, position: int
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
    query = select(inventory).where(among(inventory.c.id, ids), seen_inventory(sight))
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


async def count_lines_of(
    connection: AsyncConnection, inventories: Sequence[InventoryId], role: LineRole, sight: Sight
) -> dict[InventoryId, int]:
    """How many lines of the role each inventory has, where they are seen."""
    lines = select(inventory_line).where(inventory_line.c.role == role, seen_line(sight))
    return await count_for_each(connection, lines, inventory_line.c.inventory_id, inventories)


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


async def count_lines_of_each(
    connection: AsyncConnection, inventories: Sequence[InventoryId]
) -> dict[InventoryId, int]:
    """How many lines each inventory has, of either role."""
    lines = select(inventory_line)
    return await count_for_each(connection, lines, inventory_line.c.inventory_id, inventories)


async def count_lines(connection: AsyncConnection, inventory_id: InventoryId) -> int:
    query = select(func.count()).where(inventory_line.c.inventory_id == inventory_id)
    return (await connection.execute(query)).scalar_one()


async def read_lines(
    connection: AsyncConnection, ids: Collection[LineId], sight: Sight
) -> dict[LineId, Line]:
    query = LINES.where(among(inventory_line.c.id, ids), seen_line(sight))
    rows = await connection.execute(query)
    return {line.id: line for line in map(_line, rows)}


async def read_lines_of(connection: AsyncConnection, inventory_id: InventoryId) -> list[Line]:
    """All lines of an inventory, for its next version."""
    return (await read_lines_of_each(connection, [inventory_id])).get(inventory_id, [])


async def read_lines_of_each(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, list[Line]]:
    """All lines of each inventory."""
    rows = await connection.execute(
        LINES.where(among(inventory_line.c.inventory_id, inventories)).order_by(inventory_line.c.id)
    )
    found: dict[InventoryId, list[Line]] = defaultdict(list)
    for line in map(_line, rows):
        found[line.inventory_id].append(line)
    return found


async def page_lines_of(
    connection: AsyncConnection,
    inventories: Sequence[InventoryId],
    role: LineRole,
    sight: Sight,
    page: Page,
) -> dict[InventoryId, list[Line]]:
    """For each inventory a page of its lines of the role and one more."""
    rows = await _lines_of_each(role, sight).rows(connection, page, parents=inventories)
    found: dict[InventoryId, list[Line]] = defaultdict(list)
    for line in map(_line, rows):
        found[line.inventory_id].append(line)
    return found


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


def _seen(sight: Sight) -> Select[Any]:
    return select(inventory).where(seen_inventory(sight))


@lru_cache(MOST_SIGHTS)
def _inventories_of_each(sight: Sight) -> PagesOfEach:
    return PagesOfEach(_seen(sight), inventory.c.pilot_id, inventory.c.id)


@lru_cache(MOST_SIGHTS)
def _lines_of_each(role: LineRole, sight: Sight) -> PagesOfEach:
    lines = _seen_lines(role, sight)
    return PagesOfEach(lines, inventory_line.c.inventory_id, inventory_line.c.id)


def _seen_lines(role: LineRole, sight: Sight) -> Select[Any]:
    return LINES.where(inventory_line.c.role == role, seen_line(sight))


def _seen_warnings(sight: Sight) -> Select[Any]:
    return select(inventory_warning).where(seen_warning(sight))


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
    of, before, after = counted.c, change.before, change.after
    query: Select[Any] = select(counted)
    if before.factor_list is not None:
        query = query.where(of.factor_list == before.factor_list)
    if before.gwp_set is not None:
        query = query.where(of.gwp_set == before.gwp_set)
    others = []
    if after.factor_list is not None:
        version = LISTS_BY_CODE[after.factor_list].version
        others += [of.factor_list != after.factor_list, of.factor_list_version != version]
    if after.gwp_set is not None:
        others.append(of.gwp_set != after.gwp_set)
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
        row.id,
        row.pilot_id,
        row.period_id,
        Phase(row.phase),
        Basis(row.basis),
        GwpSet(row.gwp_set),
        row.factor_list,
        row.factor_list_version,
        DateSpan(row.starts_on, row.ends_on),
        tuple(dict.fromkeys(map(Category, row.not_occurring))),
        row.series_id,
        row.version,
        row.submitted_position,
        row.verified_position,
        row.verifier_id,
        row.discarded_position,
        ElectricityMethod(row.electricity_method),
    )


def _gas(gas: str, tonnes: str, gwp: str, co2e: str) -> GasMass:
    return GasMass(Gas(gas), Decimal(tonnes), Decimal(gwp), Decimal(co2e))


def _line(row: Any) -> Line:
    density = None
    if row.density_value is not None:
        density = Measurement(row.density_value, row.density_unit)
    zero = _zero_factor_basis(row.factor, row.certificates)
    return Line(
        row.id,
        row.inventory_id,
        LineRole(row.role),
        Category(row.category),
        row.label,
        Measurement(row.activity_value, row.activity_unit),
        density,
        thaw_factor(row.factor),
        Treatment(row.treatment),
        tuple(_warning(warning | {"line_id": row.id}) for warning in row.warnings or ()),
        tuple(_gas(*gas) for gas in row.gases or ()),
        thaw_days(row.factor),
        Rounding(row.rounding),
        row.position,
        _sink_basis(row.factor),
        zero,
        _meter_basis(row.meter_basis),
        _data_quality(row.factor.get("data_quality")),
        _stage(row.factor.get("life_cycle_stage")),
        Phase(row.phase),
        () if zero else tuple(map(certificates_in, row.certificates or ())),
        ElectricityMethod(row.electricity_method),
        row.factor.get("duty_unit"),
    )


def _warning(row: Mapping[str, Any]) -> InventoryWarning:
    return InventoryWarning(
        WarningCode(row["code"]),
        thaw_facts(row["facts"]),
        row["line_id"],
        row["other_line_id"],
        row["number"],
    )


def _opinion(row: Any) -> Opinion:
    return Opinion(
        AssuranceLevel(row.level),
        tuple(row.findings),
        tuple(
            Acknowledgement(WarningCode(said["code"]), said["line"], said["reason"])
            for said in row.acknowledged
        ),
        row.report_hash,
    )


def _freeze_basis(name: str, basis: SinkBasis | None) -> dict[str, Any]:
    """What a line rests on, to be kept beside its factor; a line without one has none there."""
    return {} if basis is None else {name: asdict(basis)}


def _freeze_zero_factor_basis(basis: ZeroFactorBasis | None) -> dict[str, Any]:
    """Its certificates have a table of their own."""
    if basis is None:
        return {}
    return {"zero_factor_basis": {"reason": basis.reason, "evidence": basis.evidence}}


def _sink_basis(frozen: dict[str, Any]) -> SinkBasis | None:
    kept = frozen.get("sink_basis")
    return None if kept is None else SinkBasis(**kept)


def _freeze_word(name: str, word: str | None) -> dict[str, Any]:
    return {} if word is None else {name: word}


def _data_quality(kept: str | None) -> DataQuality | None:
    return None if kept is None else DataQuality(kept)


def _stage(kept: str | None) -> LifeCycleStage | None:
    return None if kept is None else LifeCycleStage(kept)


def _freeze_meter(inventory_id: InventoryId, line_id: LineId, basis: MeterBasis) -> dict[str, Any]:
    facts = {name: getattr(basis, name) for name in _BASIS}
    days = {"starts_on": basis.days.starts_on, "ends_on": basis.days.ends_on}
    return {"line_id": line_id, "inventory_id": inventory_id} | days | facts


def _meter_basis(kept: Mapping[str, Any] | None) -> MeterBasis | None:
    if kept is None:
        return None
    return MeterBasis(
        kept["meter_id"],
        DateSpan(date.fromisoformat(kept["starts_on"]), date.fromisoformat(kept["ends_on"])),
        kept["as_of"],
        Decimal(kept["quantity"]),
        Decimal(kept["estimated_quantity"]),
        kept["measured"],
        kept["estimated"],
        kept["missing"],
    )


def _zero_factor_basis(
    frozen: dict[str, Any], certificates: Sequence[Mapping[str, Any]] | None
) -> ZeroFactorBasis | None:
    kept = frozen.get("zero_factor_basis")
    if kept is None:
        return None
    return ZeroFactorBasis(
        ZeroFactorReason(kept["reason"]),
        kept["evidence"],
        tuple(map(certificates_in, certificates or ())),
    )
