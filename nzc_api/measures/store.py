"""The SQL of measures."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.inserting import insert_rows
from nzc_api.database.lookup import is_any_of
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.guide.terms import Catalogue, LifeCycleStage
from nzc_api.ids import MeasureId, PilotId, Position
from nzc_api.inventories.model import Basis
from nzc_api.log.asked import LATEST
from nzc_api.measures.model import (
    Effect,
    EffectMethod,
    EffectTerms,
    Measure,
    MeasurePlan,
    MeasureState,
    Period,
    PotentialAnalysis,
    PotentialTerms,
    Progress,
    Saving,
)
from nzc_api.measures.tables import (
    measure,
    measure_effect,
    measure_exclusion,
    measure_progress,
    measure_saving,
    potential_analysis,
)
from nzc_api.metering.model import Carrier
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.of_pilots_store import read_by_ids, read_by_pilots
from nzc_api.refusal import LocalizedText
from nzc_api.targets.model import TargetRoute

# Measures as they stood: by their ids, or all of pilots. Numbers as text: JSON has none that are exact.
MEASURES = text(f"""
    SELECT {columns_of(measure, "m")}, progress.state, progress.on_day, running.on_day AS running_since,
           to_jsonb(effect) AS effect,
           (SELECT jsonb_agg(jsonb_build_array(carrier, quantity::text, unit, price::text)
                             ORDER BY carrier COLLATE "C")
              FROM measure_saving WHERE measure_id = m.id) AS savings,
           ARRAY(SELECT other_id FROM measure_exclusion WHERE measure_id = m.id
                  ORDER BY other_id) AS excludes,
           ARRAY(SELECT measure_id FROM measure_exclusion WHERE other_id = m.id AND measure_id <= :as_of
                  ORDER BY measure_id) AS excluded_by
      FROM measure AS m
      LEFT JOIN LATERAL (SELECT state, on_day FROM measure_progress
                          WHERE measure_id = m.id AND position <= :as_of
                          ORDER BY position DESC LIMIT 1) AS progress ON true
      LEFT JOIN LATERAL (SELECT on_day FROM measure_progress
                          WHERE measure_id = m.id AND position <= :as_of AND state = 'RUNNING'
                          ORDER BY position LIMIT 1) AS running ON true
      LEFT JOIN LATERAL (SELECT id, verifier_id, method, baseline_starts_on, baseline_ends_on,
                                baseline_co2e::text, routine::text, non_routine::text, starts_on, ends_on,
                                co2e::text, r_squared::text, cv_rmse::text, document
                           FROM measure_effect WHERE measure_id = m.id AND id <= :as_of
                          ORDER BY id DESC LIMIT 1) AS effect ON true
     WHERE m.id <= :as_of AND (m.id = ANY(CAST(:ids AS bigint[])) OR m.pilot_id = ANY(CAST(:pilots AS bigint[])))
     ORDER BY m.id
""")  # noqa: S608  (our own names)


async def insert_measure(connection: AsyncConnection, item: Measure) -> None:
    plan = item.plan
    await connection.execute(
        insert(measure).values(
            id=item.id,
            pilot_id=item.pilot_id,
            name_zh=plan.name.zh,
            name_en=plan.name.en,
            technology=plan.technology,
            catalogue=plan.catalogue,
            catalogue_item=plan.catalogue_item,
            route=plan.route,
            stage=plan.stage,
            capex=plan.capex,
            opex_change=plan.opex_change,
            life_years=plan.life_years,
            starts_on=plan.starts_on,
            expected=plan.expected,
        )
    )
    savings = [
        {
            "measure_id": item.id,
            "carrier": saving.carrier,
            "quantity": saving.quantity,
            "unit": saving.unit,
            "price": saving.price,
        }
        for saving in plan.savings
    ]
    await insert_rows(connection, measure_saving, savings)
    excluded = [{"measure_id": item.id, "other_id": other} for other in plan.excludes]
    await insert_rows(connection, measure_exclusion, excluded)


async def insert_progress(connection: AsyncConnection, item: Progress) -> None:
    await connection.execute(
        insert(measure_progress).values(
            position=item.id,
            measure_id=item.measure_id,
            state=item.state,
            on_day=item.on,
            document=item.document,
        )
    )


async def insert_effect(connection: AsyncConnection, item: Effect) -> None:
    terms = item.terms
    await connection.execute(
        insert(measure_effect).values(
            id=item.id,
            measure_id=item.measure_id,
            verifier_id=item.verifier_id,
            method=terms.method,
            baseline_starts_on=terms.baseline.span.starts_on,
            baseline_ends_on=terms.baseline.span.ends_on,
            baseline_co2e=terms.baseline.co2e,
            routine=terms.routine,
            non_routine=terms.non_routine,
            starts_on=terms.reporting.span.starts_on,
            ends_on=terms.reporting.span.ends_on,
            co2e=terms.reporting.co2e,
            r_squared=terms.r_squared,
            cv_rmse=terms.cv_rmse,
            document=terms.document,
        )
    )


async def insert_analysis(connection: AsyncConnection, item: PotentialAnalysis) -> None:
    await connection.execute(
        insert(potential_analysis).values(
            id=item.id,
            pilot_id=item.pilot_id,
            period_id=item.terms.period_id,
            basis=item.terms.basis,
            position=item.position,
            year=item.terms.year,
            growth=item.terms.growth,
            growth_source=item.growth_source,
            paragraphs=list(item.paragraphs),
            gross=item.gross,
            business_as_usual=item.business_as_usual,
            expected=item.expected,
            sinks=item.sinks,
            remaining=item.remaining,
        )
    )


async def read_measures(
    connection: AsyncConnection, ids: Collection[MeasureId]
) -> dict[MeasureId, Measure]:
    """The measures with these ids, as they stand."""
    return await read_by_ids(connection, MEASURES, ids, _measure)


async def read_measures_of(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position = LATEST
) -> dict[PilotId, list[Measure]]:
    """All measures of each pilot, in the order of their planning, as they stood."""
    return await read_by_pilots(connection, MEASURES, pilots, as_of, _measure)


async def page_progress_of(
    connection: AsyncConnection, measures: Sequence[int], page: Page
) -> dict[int, list[Progress]]:
    """For each measure a page of its progress and one more, oldest first."""
    parent, key = measure_progress.c.measure_id, measure_progress.c.position
    found: dict[int, list[Progress]] = defaultdict(list)
    query = paged_for_each(select(measure_progress), parent, key, measures, page)
    for row in await connection.execute(query):
        state = MeasureState(row.state)
        found[row.parent].append(
            Progress(
                id=row.position,
                measure_id=row.measure_id,
                state=state,
                on=row.on_day,
                document=row.document,
            )
        )
    return found


async def count_progress_of(connection: AsyncConnection, measures: Sequence[int]) -> dict[int, int]:
    query, parent = select(measure_progress), measure_progress.c.measure_id
    return await count_for_each(connection, query, parent, measures)


async def page_effects_of(
    connection: AsyncConnection, measures: Sequence[int], page: Page
) -> dict[int, list[Effect]]:
    """For each measure a page of what was verified of it and one more, oldest first."""
    parent, key = measure_effect.c.measure_id, measure_effect.c.id
    found: dict[int, list[Effect]] = defaultdict(list)
    query = paged_for_each(select(measure_effect), parent, key, measures, page)
    for row in await connection.execute(query):
        found[row.parent].append(_effect(row.measure_id, row._mapping))
    return found


async def count_effects_of(connection: AsyncConnection, measures: Sequence[int]) -> dict[int, int]:
    query, parent = select(measure_effect), measure_effect.c.measure_id
    return await count_for_each(connection, query, parent, measures)


async def read_analyses(
    connection: AsyncConnection, ids: Collection[int]
) -> dict[int, PotentialAnalysis]:
    query = select(potential_analysis).where(is_any_of(potential_analysis.c.id, ids))
    return {row.id: _analysis(row) for row in await connection.execute(query)}


async def page_analyses_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], page: Page
) -> dict[PilotId, list[PotentialAnalysis]]:
    """For each pilot a page of what was written of its potential and one more, oldest first."""
    parent, key = potential_analysis.c.pilot_id, potential_analysis.c.id
    found: dict[PilotId, list[PotentialAnalysis]] = defaultdict(list)
    query = paged_for_each(select(potential_analysis), parent, key, pilots, page)
    for row in await connection.execute(query):
        found[row.parent].append(_analysis(row))
    return found


async def count_analyses_of(
    connection: AsyncConnection, pilots: Sequence[PilotId]
) -> dict[PilotId, int]:
    query, parent = select(potential_analysis), potential_analysis.c.pilot_id
    return await count_for_each(connection, query, parent, pilots)


def _measure(row: Any) -> Measure:
    plan = MeasurePlan(
        name=LocalizedText(row.name_zh, row.name_en),
        technology=row.technology,
        catalogue=None if row.catalogue is None else Catalogue(row.catalogue),
        catalogue_item=row.catalogue_item,
        route=TargetRoute(row.route),
        stage=LifeCycleStage(row.stage),
        capex=row.capex,
        opex_change=row.opex_change,
        life_years=row.life_years,
        starts_on=row.starts_on,
        expected=row.expected,
        savings=tuple(
            Saving(
                carrier=Carrier(carrier),
                quantity=Decimal(quantity),
                unit=unit,
                price=Decimal(price),
            )
            for carrier, quantity, unit, price in row.savings or ()
        ),
        excludes=tuple(row.excludes),
    )
    return Measure(
        id=row.id,
        pilot_id=row.pilot_id,
        plan=plan,
        excluded=frozenset((*row.excludes, *row.excluded_by)),
        state=MeasureState.PROPOSED if row.state is None else MeasureState(row.state),
        since=row.on_day,
        running_since=row.running_since,
        effect=None if row.effect is None else _effect(row.id, row.effect),
    )


def _effect(measure_id: MeasureId, columns: Any) -> Effect:
    """Of a row, or of one as JSON, whose numbers and days are texts."""
    before = DateSpan(_day(columns["baseline_starts_on"]), _day(columns["baseline_ends_on"]))
    after = DateSpan(_day(columns["starts_on"]), _day(columns["ends_on"]))
    terms = EffectTerms(
        method=EffectMethod(columns["method"]),
        baseline=Period(before, Decimal(columns["baseline_co2e"])),
        routine=Decimal(columns["routine"]),
        non_routine=Decimal(columns["non_routine"]),
        reporting=Period(after, Decimal(columns["co2e"])),
        r_squared=_decimal(columns["r_squared"]),
        cv_rmse=_decimal(columns["cv_rmse"]),
        document=columns["document"],
    )
    return Effect(
        id=columns["id"], measure_id=measure_id, verifier_id=columns["verifier_id"], terms=terms
    )


def _analysis(row: Any) -> PotentialAnalysis:
    return PotentialAnalysis(
        id=row.id,
        pilot_id=row.pilot_id,
        terms=PotentialTerms(
            period_id=row.period_id, basis=Basis(row.basis), year=row.year, growth=row.growth
        ),
        growth_source=row.growth_source,
        paragraphs=tuple(row.paragraphs),
        position=row.position,
        gross=row.gross,
        business_as_usual=row.business_as_usual,
        expected=row.expected,
        sinks=row.sinks,
        remaining=row.remaining,
    )


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
