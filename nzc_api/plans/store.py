"""The SQL of plans."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.inserting import insert_rows
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page
from nzc_api.guide.terms import LifeCycleStage
from nzc_api.ids import PilotId, PlanId, Position
from nzc_api.inventories.model import InventoryStatus
from nzc_api.inventories.visibility import EVERYTHING, Sight
from nzc_api.log.asked import LATEST
from nzc_api.pilots.model import DateSpan
from nzc_api.plans.model import (
    Completion,
    Haul,
    Material,
    Milestone,
    Plan,
    PlanState,
    PlanStep,
    PlanTerms,
    Reached,
    WorkPackage,
)
from nzc_api.plans.tables import (
    completion,
    milestone_reached,
    plan,
    plan_material,
    plan_measure,
    plan_milestone,
    plan_package,
    plan_step,
)
from nzc_api.refusal import LocalizedText

# A version is seen by the pilot's operator, by who sees everybody's drafts, and once it was submitted by who sees what
# was submitted of every pilot.
SEEN = """
    (:drafts OR pilot.operator_id = CAST(:operator AS bigint)
     OR :submitted AND EXISTS (SELECT FROM plan_step WHERE plan_id = p.id AND position <= :as_of))
"""

# The versions that are asked for, as ``wanted``; each with the pilot of which it is.
BY_IDS = f"""
    SELECT p.id FROM plan AS p JOIN pilot ON pilot.id = p.pilot_id
     WHERE p.id = ANY(CAST(:ids AS bigint[])) AND p.id <= :as_of AND {SEEN}
"""  # noqa: S608  (our own text, as below)

PAGED = f"""
    SELECT page.id FROM unnest(CAST(:ids AS bigint[])) AS each (pilot_id)
     CROSS JOIN LATERAL (
            SELECT p.id FROM plan AS p JOIN pilot ON pilot.id = p.pilot_id
             WHERE p.pilot_id = each.pilot_id AND p.id <= :as_of AND {SEEN}
               AND (CAST(:after AS bigint) IS NULL OR p.id > CAST(:after AS bigint))
             ORDER BY p.id LIMIT CAST(:first AS bigint)) AS page
"""  # noqa: S608

LAST = f"""
    SELECT last.id FROM unnest(CAST(:ids AS bigint[])) AS each (pilot_id)
     CROSS JOIN LATERAL (
            SELECT p.id FROM plan AS p JOIN pilot ON pilot.id = p.pilot_id
             WHERE p.pilot_id = each.pilot_id AND p.id <= :as_of AND {SEEN}
               AND (NOT :approved OR EXISTS (SELECT FROM plan_step WHERE plan_id = p.id AND state = 'APPROVED'
                                                                      AND position <= :as_of))
             ORDER BY p.id DESC LIMIT 1) AS last
"""  # noqa: S608

# A draft is superseded by whatever is drafted after it; what was approved, by what is approved after it. Numbers as
# text: JSON has none that are exact.
PLANS = """
    WITH wanted AS ({wanted})
    SELECT {columns},
           (SELECT jsonb_agg(jsonb_build_array(k.name_zh, k.name_en, k.stage, ARRAY(
                       SELECT measure_id FROM plan_measure
                        WHERE plan_id = p.id AND package = k.number ORDER BY measure_id)) ORDER BY k.number)
              FROM plan_package AS k WHERE k.plan_id = p.id) AS packages,
           (SELECT jsonb_agg(jsonb_build_array(code, name_zh, name_en, due_on, building)
                             ORDER BY due_on, code COLLATE "C")
              FROM plan_milestone WHERE plan_id = p.id) AS milestones,
           (SELECT jsonb_agg(jsonb_build_array(
                       name_zh, name_en, quantity::text, unit, factor::text, mass::text, distance::text,
                       haul_factor::text, source) ORDER BY number)
              FROM plan_material WHERE plan_id = p.id) AS materials,
           (SELECT jsonb_agg(jsonb_build_array(position, state, reason) ORDER BY position)
              FROM plan_step WHERE plan_id = p.id AND position <= :as_of) AS steps,
           (SELECT jsonb_agg(jsonb_build_array(r.position, r.plan_id, r.code, r.on_day, r.document))
              FROM milestone_reached AS r JOIN plan_milestone AS m ON m.plan_id = p.id AND m.code = r.code
             WHERE r.pilot_id = p.pilot_id AND r.position <= :as_of) AS reached,
           EXISTS (SELECT FROM plan AS later
                    WHERE later.pilot_id = p.pilot_id AND later.id > p.id AND later.id <= :as_of
                      AND (NOT EXISTS (SELECT FROM plan_step WHERE plan_id = p.id AND state = 'APPROVED'
                                                               AND position <= :as_of)
                           OR EXISTS (SELECT FROM plan_step WHERE plan_id = later.id AND state = 'APPROVED'
                                                              AND position <= :as_of))) AS superseded
      FROM wanted JOIN plan AS p USING (id) ORDER BY p.id
"""

READ, PAGE, STOOD = (
    text(PLANS.format(wanted=wanted, columns=columns_of(plan, "p")))
    for wanted in (BY_IDS, PAGED, LAST)
)

COUNT = text(f"""
    SELECT p.pilot_id, count(*) AS count FROM plan AS p JOIN pilot ON pilot.id = p.pilot_id
     WHERE p.pilot_id = ANY(CAST(:ids AS bigint[])) AND p.id <= :as_of AND {SEEN} GROUP BY p.pilot_id
""")  # noqa: S608

# The latest of each pilot as of a position; it is of a version that was approved, so it was submitted.
COMPLETIONS = text(f"""
    SELECT k.as_of, {columns_of(completion, "latest")}
      FROM unnest(CAST(:pilots AS bigint[]), CAST(:as_ofs AS bigint[])) AS k (pilot_id, as_of)
      JOIN pilot ON pilot.id = k.pilot_id
     CROSS JOIN LATERAL (SELECT * FROM completion WHERE pilot_id = k.pilot_id AND position <= k.as_of
                          ORDER BY position DESC LIMIT 1) AS latest
     WHERE :submitted OR pilot.operator_id = CAST(:operator AS bigint)
""")  # noqa: S608  (our own names)


async def insert_plan(connection: AsyncConnection, item: Plan) -> None:
    terms = item.terms
    await connection.execute(
        insert(plan).values(
            id=item.id,
            pilot_id=item.pilot_id,
            version=item.version,
            reason=item.reason,
            starts_on=terms.span.starts_on,
            ends_on=terms.span.ends_on,
            construction_budget=terms.construction_budget,
        )
    )
    of_plan = {"plan_id": item.id}
    await insert_rows(connection, plan_package, [
        of_plan | {"number": number, "name_zh": package.name.zh, "name_en": package.name.en, "stage": package.stage}
        for number, package in enumerate(terms.packages, 1)
    ])  # fmt: skip
    await insert_rows(connection, plan_measure, [
        of_plan | {"package": number, "measure_id": measure_id}
        for number, package in enumerate(terms.packages, 1) for measure_id in package.measures
    ])  # fmt: skip
    await insert_rows(connection, plan_milestone, [
        of_plan | {"code": milestone.code, "name_zh": milestone.name.zh, "name_en": milestone.name.en,
                   "due_on": milestone.due_on, "building": milestone.building}
        for milestone in terms.milestones
    ])  # fmt: skip
    materials = [
        of_plan | _row(number, material) for number, material in enumerate(terms.materials, 1)
    ]
    await insert_rows(connection, plan_material, materials)


def _row(number: int, material: Material) -> dict[str, Any]:
    haul = material.haul
    return {
        "number": number, "name_zh": material.name.zh, "name_en": material.name.en, "quantity": material.quantity,
        "unit": material.unit, "factor": material.factor, "source": material.source,
        "mass": None if haul is None else haul.mass,
        "distance": None if haul is None else haul.distance,
        "haul_factor": None if haul is None else haul.factor,
    }  # fmt: skip


async def insert_step(connection: AsyncConnection, item: PlanStep) -> None:
    values = {"position": item.id, "plan_id": item.plan_id, "state": item.state}
    await connection.execute(insert(plan_step).values(values | {"reason": item.reason}))


async def insert_reached(connection: AsyncConnection, item: Reached) -> None:
    await connection.execute(
        insert(milestone_reached).values(
            position=item.id,
            pilot_id=item.pilot_id,
            plan_id=item.plan_id,
            code=item.milestone,
            on_day=item.on,
            document=item.document,
        )
    )


async def insert_completion(connection: AsyncConnection, item: Completion) -> None:
    await connection.execute(
        insert(completion).values(
            position=item.id,
            pilot_id=item.pilot_id,
            plan_id=item.plan_id,
            built_on=item.built_on,
            stable_from=item.stable_from,
            document=item.document,
        )
    )


async def read_plans(
    connection: AsyncConnection, ids: Collection[PlanId], sight: Sight
) -> dict[PlanId, Plan]:
    """The versions with these ids that whoever has the sight sees, as they stand."""
    rows = await connection.execute(READ, _given(ids, sight))
    return {row.id: _plan(row) for row in rows}


async def read_latest(connection: AsyncConnection, pilot_id: PilotId) -> Plan | None:
    """The version of the pilot's plan that was drafted last."""
    given = _given([pilot_id], EVERYTHING) | {"approved": False}
    row = (await connection.execute(STOOD, given)).first()
    return None if row is None else _plan(row)


async def read_in_force(
    connection: AsyncConnection, pilots: Collection[PilotId], sight: Sight, as_of: Position = LATEST
) -> dict[PilotId, Plan]:
    """Of each pilot the version that was approved last, as it stood."""
    given = _given(pilots, sight, as_of) | {"approved": True}
    return {row.pilot_id: _plan(row) for row in await connection.execute(STOOD, given)}


async def page_plans_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], sight: Sight, page: Page
) -> dict[PilotId, list[Plan]]:
    """For each pilot a page of its plan's versions and one more, in order, as they stand."""
    given = _given(pilots, sight) | {"after": page.after, "first": page.first + 1}
    found: dict[PilotId, list[Plan]] = defaultdict(list)
    for row in await connection.execute(PAGE, given):
        found[row.pilot_id].append(_plan(row))
    return found


async def count_plans_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], sight: Sight
) -> dict[PilotId, int]:
    """How many versions each pilot's plan has."""
    rows = await connection.execute(COUNT, _given(pilots, sight))
    return {row.pilot_id: row[1] for row in rows}


async def read_completions(
    connection: AsyncConnection, keys: Sequence[tuple[PilotId, Position]], sight: Sight = EVERYTHING
) -> dict[tuple[PilotId, Position], Completion]:
    """For each (pilot, position) the completion that counted then; none where it was not built, or is not seen."""
    given = {
        "pilots": [pilot_id for pilot_id, _ in keys],
        "as_ofs": [as_of for _, as_of in keys],
        "submitted": InventoryStatus.SUBMITTED in sight.seen,
        "operator": sight.operator_id,
    }
    return {
        (row.pilot_id, row.as_of): Completion(
            id=row.position,
            pilot_id=row.pilot_id,
            plan_id=row.plan_id,
            built_on=row.built_on,
            stable_from=row.stable_from,
            document=row.document,
        )
        for row in await connection.execute(COMPLETIONS, given)
    }


def _given(ids: Collection[int], sight: Sight, as_of: Position = LATEST) -> dict[str, Any]:
    return {
        "ids": list(ids),
        "as_of": as_of,
        "drafts": InventoryStatus.DRAFT in sight.seen,
        "submitted": InventoryStatus.SUBMITTED in sight.seen,
        "operator": sight.operator_id,
    }


def _plan(row: Any) -> Plan:
    steps = (
        PlanStep(id=at, plan_id=row.id, state=PlanState(state), reason=reason)
        for at, state, reason in row.steps or ()
    )
    return Plan(
        id=row.id,
        pilot_id=row.pilot_id,
        version=row.version,
        terms=_terms(row),
        reason=row.reason,
        steps=tuple(steps),
        superseded=row.superseded,
        reached=_reached(row),
    )


def _terms(row: Any) -> PlanTerms:
    return PlanTerms(
        span=DateSpan(row.starts_on, row.ends_on),
        packages=tuple(
            WorkPackage(LocalizedText(zh, en), LifeCycleStage(stage), tuple(measures))
            for zh, en, stage, measures in row.packages
        ),
        milestones=tuple(
            Milestone(
                code=code,
                name=LocalizedText(zh, en),
                due_on=date.fromisoformat(due_on),
                building=building,
            )
            for code, zh, en, due_on, building in row.milestones
        ),
        construction_budget=row.construction_budget,
        materials=tuple(_material(*material) for material in row.materials or ()),
    )


def _material(
    zh: str, en: str, quantity: str, unit: str, factor: str,
    mass: str | None, distance: str | None, haul_factor: str | None, source: str,
) -> Material:  # fmt: skip
    hauled = [Decimal(value) for value in (mass, distance, haul_factor) if value is not None]
    haul = Haul(*hauled) if hauled else None
    return Material(
        name=LocalizedText(zh, en),
        quantity=Decimal(quantity),
        unit=unit,
        factor=Decimal(factor),
        haul=haul,
        source=source,
    )


def _reached(row: Any) -> Mapping[str, Reached]:
    return {
        code: Reached(
            id=at,
            plan_id=plan_id,
            pilot_id=row.pilot_id,
            milestone=code,
            on=date.fromisoformat(on_day),
            document=document,
        )
        for at, plan_id, code, on_day, document in row.reached or ()
    }
