"""The SQL of evaluations."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.inserting import insert_rows
from nzc_api.evaluation.model import (
    Decision,
    EvaluatedRange,
    Evaluation,
    EvaluationFinding,
    EvaluationVerdict,
    Expert,
    FindingSeverity,
    FindingState,
    FindingStep,
    FollowedUp,
    Panel,
    RangeTerms,
    Score,
    SelfEvaluation,
    SiteVisit,
)
from nzc_api.evaluation.tables import (
    evaluation,
    evaluation_decision,
    evaluation_score,
    finding,
    finding_step,
    follow_up,
    panel,
    panel_expert,
    panel_expert_name,
    self_evaluation,
    site_visit,
)
from nzc_api.guide.terms import Category
from nzc_api.ids import EvaluationId, FindingId, PanelId, PilotId, Position
from nzc_api.log.asked import LATEST
from nzc_api.pilots.model import DateSpan

# Evaluations with all that belongs to them, as they stood: by their ids, or of pilots. Numbers as text: JSON has none
# that are exact.
_WHOLE = """
    SELECT e.id, e.pilot_id, e.scheme, e.pilots, e.categories, e.starts_on, e.ends_on, e.opened_on,
           to_jsonb(decision) AS decision,
           (SELECT jsonb_agg(jsonb_build_array(id, statement, document) ORDER BY id)
              FROM self_evaluation WHERE evaluation_id = e.id AND id <= :as_of) AS self_evaluations,
           (SELECT jsonb_agg(jsonb_build_array(p.id, (
                       SELECT jsonb_agg(jsonb_build_array(n.name, x.employer, x.organisation_id) ORDER BY x.number)
                         FROM panel_expert AS x LEFT JOIN panel_expert_name AS n USING (panel_id, number)
                        WHERE x.panel_id = p.id)) ORDER BY p.id)
              FROM panel AS p WHERE p.evaluation_id = e.id AND p.id <= :as_of) AS panels,
           (SELECT jsonb_agg(jsonb_build_array(id, on_day, notes, document) ORDER BY id)
              FROM site_visit WHERE evaluation_id = e.id AND id <= :as_of) AS visits,
           (SELECT jsonb_agg(jsonb_build_array(id, panel_id, expert, item, points::text, met, reason) ORDER BY id)
              FROM evaluation_score
             WHERE id <= :as_of
               AND panel_id = (SELECT max(id) FROM panel WHERE evaluation_id = e.id AND id <= :as_of)) AS scores,
           (SELECT jsonb_agg(jsonb_build_array(f.id, f.severity, f.text, f.due, (
                       SELECT jsonb_agg(jsonb_build_array(position, state, text, document) ORDER BY position)
                         FROM finding_step WHERE finding_id = f.id AND position <= :as_of)) ORDER BY f.id)
              FROM finding AS f WHERE f.evaluation_id = e.id AND f.id <= :as_of) AS findings,
           (SELECT jsonb_agg(jsonb_build_array(id, finding_id, measure_id) ORDER BY id)
              FROM follow_up WHERE evaluation_id = e.id AND id <= :as_of) AS follow_ups
      FROM evaluation AS e
      LEFT JOIN LATERAL (SELECT id, verdict, reason, as_of, score::text, gross::text, sinks::text, purchased,
                                result::text
                           FROM evaluation_decision WHERE evaluation_id = e.id AND id <= :as_of) AS decision ON true
     WHERE e.id <= :as_of AND {which}
     ORDER BY e.id
"""

BY_IDS = text(_WHOLE.format(which="e.id = ANY(CAST(:ids AS bigint[]))"))
OF_PILOTS = text(_WHOLE.format(which="e.pilot_id = ANY(CAST(:ids AS bigint[]))"))
# Those whose range has one of the pilots, and those of the pilots themselves.
ABOUT = text(
    _WHOLE.format(
        which="(e.pilots && CAST(:ids AS bigint[]) OR e.pilot_id = ANY(CAST(:ids AS bigint[])))"
    )
)


async def insert_evaluation(connection: AsyncConnection, item: Evaluation) -> None:
    categories = item.range.categories
    await connection.execute(
        insert(evaluation).values(
            id=item.id,
            pilot_id=item.pilot_id,
            scheme=item.scheme_code,
            stable_months=item.scheme.stable_months,
            retries=item.scheme.retries,
            pilots=list(item.range.pilots),
            categories=None if categories is None else list(categories),
            starts_on=item.span.starts_on,
            ends_on=item.span.ends_on,
            opened_on=item.opened_on,
        )
    )


async def insert_self_evaluation(
    connection: AsyncConnection, evaluation_id: EvaluationId, item: SelfEvaluation
) -> None:
    await connection.execute(
        insert(self_evaluation).values(
            id=item.id,
            evaluation_id=evaluation_id,
            statement=item.statement,
            document=item.document,
        )
    )


async def insert_panel(
    connection: AsyncConnection, evaluation_id: EvaluationId, item: Panel
) -> None:
    await connection.execute(insert(panel).values(id=item.id, evaluation_id=evaluation_id))
    experts = list(enumerate(item.experts, 1))
    await insert_rows(connection, panel_expert, [
        {"panel_id": item.id, "number": n, "employer": e.employer, "organisation_id": e.organisation_id}
        for n, e in experts
    ])  # fmt: skip
    names = [{"panel_id": item.id, "number": number, "name": e.name} for number, e in experts]
    await insert_rows(connection, panel_expert_name, names)


async def erase_name(connection: AsyncConnection, panel_id: PanelId, number: int) -> None:
    """Delete the name of a panel's member."""
    at = panel_expert_name.c
    await connection.execute(
        delete(panel_expert_name).where(at.panel_id == panel_id, at.number == number)
    )


async def insert_visit(
    connection: AsyncConnection, evaluation_id: EvaluationId, item: SiteVisit
) -> None:
    await connection.execute(
        insert(site_visit).values(
            id=item.id,
            evaluation_id=evaluation_id,
            on_day=item.on,
            notes=item.notes,
            document=item.document,
        )
    )


async def insert_score(
    connection: AsyncConnection, evaluation_id: EvaluationId, item: Score
) -> None:
    await connection.execute(
        insert(evaluation_score).values(
            id=item.id,
            evaluation_id=evaluation_id,
            panel_id=item.panel_id,
            expert=item.expert,
            item=item.item,
            points=item.points,
            met=item.met,
            reason=item.reason,
        )
    )


async def insert_finding(connection: AsyncConnection, item: EvaluationFinding) -> None:
    await connection.execute(
        insert(finding).values(
            id=item.id,
            evaluation_id=item.evaluation_id,
            severity=item.severity,
            text=item.text,
            due=item.due,
        )
    )


async def insert_finding_step(
    connection: AsyncConnection, finding_id: FindingId, item: FindingStep
) -> None:
    await connection.execute(
        insert(finding_step).values(
            position=item.id,
            finding_id=finding_id,
            state=item.state,
            text=item.text,
            document=item.document,
        )
    )


async def insert_decision(
    connection: AsyncConnection, evaluation_id: EvaluationId, item: Decision
) -> None:
    terms = item.terms
    await connection.execute(
        insert(evaluation_decision).values(
            id=item.id,
            evaluation_id=evaluation_id,
            verdict=item.verdict,
            reason=item.reason,
            as_of=item.as_of,
            score=item.score,
            gross=terms.gross,
            sinks=terms.sinks,
            purchased=terms.purchased,
            result=terms.result,
        )
    )


async def insert_follow_up(
    connection: AsyncConnection, evaluation_id: EvaluationId, item: FollowedUp
) -> None:
    await connection.execute(
        insert(follow_up).values(
            id=item.id,
            evaluation_id=evaluation_id,
            finding_id=item.finding_id,
            measure_id=item.measure_id,
        )
    )


async def read_evaluations(
    connection: AsyncConnection, ids: Collection[EvaluationId], as_of: Position = LATEST
) -> dict[EvaluationId, Evaluation]:
    """The evaluations with these ids, as they stood."""
    rows = await connection.execute(BY_IDS, {"ids": list(ids), "as_of": as_of})
    return {row.id: _evaluation(row) for row in rows}


async def read_evaluations_of(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position = LATEST
) -> dict[PilotId, list[Evaluation]]:
    """All evaluations of each pilot, oldest first, as they stood."""
    found: dict[PilotId, list[Evaluation]] = defaultdict(list)
    for row in await connection.execute(OF_PILOTS, {"ids": list(pilots), "as_of": as_of}):
        found[row.pilot_id].append(_evaluation(row))
    return found


async def read_evaluations_about(
    connection: AsyncConnection, pilots: Collection[PilotId]
) -> list[Evaluation]:
    """All evaluations of pilots, and those that have one of them in their range, oldest first."""
    rows = await connection.execute(ABOUT, {"ids": list(pilots), "as_of": LATEST})
    return [_evaluation(row) for row in rows]


async def read_evaluation_ids(
    connection: AsyncConnection, findings: Collection[int]
) -> dict[int, EvaluationId]:
    """Of which evaluation each finding is."""
    query = select(finding.c.id, finding.c.evaluation_id).where(finding.c.id.in_(findings))
    return {row.id: EvaluationId(row.evaluation_id) for row in await connection.execute(query)}


def _evaluation(row: Any) -> Evaluation:
    categories = None if row.categories is None else tuple(map(Category, row.categories))
    return Evaluation(
        id=row.id,
        pilot_id=row.pilot_id,
        scheme_code=row.scheme,
        range=EvaluatedRange(tuple(row.pilots), categories),
        span=DateSpan(row.starts_on, row.ends_on),
        opened_on=row.opened_on,
        self_evaluations=tuple(SelfEvaluation(*item) for item in row.self_evaluations or ()),
        panels=tuple(
            Panel(panel_id, tuple(Expert(*e) for e in experts))
            for panel_id, experts in row.panels or ()
        ),
        visits=tuple(
            SiteVisit(id=visit_id, on=date.fromisoformat(on), notes=notes, document=document)
            for visit_id, on, notes, document in row.visits or ()
        ),
        scores=tuple(map(_score, row.scores or ())),
        findings=tuple(_finding(row.id, *item) for item in row.findings or ()),
        follow_ups=tuple(FollowedUp(*item) for item in row.follow_ups or ()),
        decision=None
        if row.decision is None or row.decision["id"] is None
        else _decision(row.decision),
    )


def _score(row: Any) -> Score:
    score_id, panel_id, expert, item, points, met, reason = row
    return Score(
        id=score_id,
        panel_id=panel_id,
        expert=expert,
        item=item,
        points=_number(points),
        met=met,
        reason=reason,
    )


def _finding(
    evaluation_id: EvaluationId,
    finding_id: FindingId,
    severity: str,
    said: str,
    due: str,
    steps: Any,
) -> EvaluationFinding:
    return EvaluationFinding(
        id=finding_id,
        evaluation_id=evaluation_id,
        severity=FindingSeverity(severity),
        text=said,
        due=date.fromisoformat(due),
        steps=tuple(
            FindingStep(id=position, state=FindingState(state), text=text, document=document)
            for position, state, text, document in steps or ()
        ),
    )


def _decision(row: Any) -> Decision:
    gross, sinks, result = (_number(row[name]) for name in ("gross", "sinks", "result"))
    terms = RangeTerms(gross=gross, sinks=sinks, purchased=row["purchased"], result=result)
    verdict = EvaluationVerdict(row["verdict"])
    return Decision(
        id=row["id"],
        verdict=verdict,
        reason=row["reason"],
        as_of=row["as_of"],
        score=_number(row["score"]),
        terms=terms,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
