"""The SQL of energy baselines."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Text, cast, func, insert, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.lookup import is_any_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.ids import PilotId, Position
from nzc_api.metering.model import Carrier
from nzc_api.metering.usage import Step
from nzc_api.monitoring.baseline import EnergyBaseline, Fit, FittedVariable, RelevantVariable
from nzc_api.monitoring.model import DenominatorKind
from nzc_api.monitoring.tables import energy_baseline, energy_baseline_variable
from nzc_api.pilots.model import DateSpan

# A baseline with its variables, in their order.
_variable = energy_baseline_variable.c
BASELINES = select(
    energy_baseline,
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    _variable.kind, _variable.product, cast(_variable.slope, Text), cast(_variable.least, Text),
                    cast(_variable.most, Text),
                ),
                _variable.number,
            )
        )
    )
    .where(_variable.baseline_id == energy_baseline.c.id)
    .scalar_subquery()
    .label("variables"),
)  # fmt: skip


async def insert_baseline(connection: AsyncConnection, item: EnergyBaseline) -> None:
    fit = item.fit
    await connection.execute(
        insert(energy_baseline).values(
            id=item.id,
            pilot_id=item.pilot_id,
            carrier=item.carrier,
            unit=item.unit,
            step=item.step,
            starts_on=item.days.starts_on,
            ends_on=item.days.ends_on,
            position=item.position,
            points=fit.points,
            intercept=fit.intercept,
            r_squared=fit.r_squared,
            cv_rmse=fit.cv_rmse,
        )
    )
    await connection.execute(
        insert(energy_baseline_variable),
        [
            {
                "baseline_id": item.id,
                "number": number,
                "kind": variable.variable.kind,
                "product": variable.variable.product,
                "slope": variable.slope,
                "least": variable.least,
                "most": variable.most,
            }
            for number, variable in enumerate(fit.variables)
        ],
    )


async def read_baselines(
    connection: AsyncConnection, ids: Sequence[int]
) -> dict[int, EnergyBaseline]:
    rows = await connection.execute(BASELINES.where(is_any_of(energy_baseline.c.id, ids)))
    return {row.id: _baseline(row) for row in rows}


async def page_baselines_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], page: Page, as_of: Position
) -> dict[PilotId, list[EnergyBaseline]]:
    """For each pilot a page of its baselines and one more, in order."""
    query = BASELINES.where(energy_baseline.c.id <= as_of)
    paged = paged_for_each(query, energy_baseline.c.pilot_id, energy_baseline.c.id, pilots, page)
    found = defaultdict[PilotId, list[EnergyBaseline]](list)
    for row in await connection.execute(paged):
        found[row.pilot_id].append(_baseline(row))
    return found


async def count_baselines_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position
) -> dict[PilotId, int]:
    query = select(energy_baseline).where(energy_baseline.c.id <= as_of)
    return await count_for_each(connection, query, energy_baseline.c.pilot_id, pilots)


def _baseline(row: Any) -> EnergyBaseline:
    variables = tuple(
        FittedVariable(
            variable=RelevantVariable(DenominatorKind(kind), product),
            slope=Decimal(slope),
            least=Decimal(least),
            most=Decimal(most),
        )
        for kind, product, slope, least, most in row.variables
    )
    return EnergyBaseline(
        id=row.id,
        pilot_id=row.pilot_id,
        carrier=Carrier(row.carrier),
        unit=row.unit,
        days=DateSpan(row.starts_on, row.ends_on),
        step=Step(row.step),
        position=row.position,
        fit=Fit(
            points=row.points,
            intercept=row.intercept,
            r_squared=row.r_squared,
            cv_rmse=row.cv_rmse,
            variables=variables,
        ),
    )
