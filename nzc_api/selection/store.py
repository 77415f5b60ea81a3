"""The SQL of applications."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.accounting.exact import plain
from nzc_api.database.inserting import insert_rows
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.documents.model import EvidenceKind
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ids import ApplicationId, PilotId, Position
from nzc_api.log.asked import LATEST
from nzc_api.refusal import LocalizedText
from nzc_api.selection.criteria import criteria_of
from nzc_api.selection.model import (
    Application,
    ApplicationFilter,
    ApplicationSight,
    ApplicationState,
    ApplicationStep,
    Boundary,
    Claim,
    ClaimDocument,
    Judgement,
    Verdict,
)
from nzc_api.selection.tables import (
    application,
    application_step,
    claim_document,
    criterion_claim,
    criterion_judgement,
)

# Of every variant, each thing that is judged, and whether its criterion needs all of them.
_JUDGED = [
    (variant, criterion.code, part.code, criterion.needs_all)
    for variant in PilotVariant
    for criterion in criteria_of(variant)
    for part in criterion.judged
]
_NAMES = ("judged_variants", "judged_criteria", "judged_codes", "judged_needs_all")
_GUIDE: dict[str, Any] = dict(zip(_NAMES, map(list, zip(*_JUDGED, strict=True)), strict=True))

# The applications that somebody sees as of a position, each with where it stands and how many criteria it meets by
# the latest judgements: ``criteria.CriterionStanding.met`` in SQL.
RANKED = f"""
    WITH judged AS (
        SELECT * FROM unnest(CAST(:judged_variants AS text[]), CAST(:judged_criteria AS text[]),
                             CAST(:judged_codes AS text[]), CAST(:judged_needs_all AS boolean[]))
                   AS j (variant, criterion, code, needs_all)
    ), seen AS (
        SELECT {columns_of(application, "a")}, coalesce(step.state, 'OPEN') AS state, step.pilot_id
          FROM application AS a
          LEFT JOIN LATERAL (SELECT state, pilot_id FROM application_step
                              WHERE application_id = a.id AND position <= :as_of
                              ORDER BY position DESC LIMIT 1) AS step ON true
         WHERE a.id <= :as_of
           AND (:everything OR a.operator_id = CAST(:operator AS bigint)
                OR :handed_in AND EXISTS (SELECT FROM application_step
                                           WHERE application_id = a.id AND position <= :as_of
                                             AND state = 'SUBMITTED'))
           AND (CAST(:ids AS bigint[]) IS NULL OR a.id = ANY(CAST(:ids AS bigint[])))
           AND (CAST(:variants AS text[]) IS NULL OR a.variant = ANY(CAST(:variants AS text[])))
           AND (CAST(:divisions AS text[]) IS NULL OR a.division_code = ANY(CAST(:divisions AS text[])))
           AND (CAST(:states AS text[]) IS NULL
                OR coalesce(step.state, 'OPEN') = ANY(CAST(:states AS text[])))
    ), latest AS (
        SELECT DISTINCT ON (j.application_id, j.criterion) j.application_id, j.criterion, j.verdict
          FROM criterion_judgement AS j JOIN seen ON seen.id = j.application_id
         WHERE j.id <= :as_of ORDER BY j.application_id, j.criterion, j.id DESC
    ), standing AS (
        SELECT seen.id, CASE WHEN bool_and(judged.needs_all) THEN bool_and(latest.verdict IS NOT DISTINCT FROM 'MET')
                             ELSE bool_or(latest.verdict IS NOT DISTINCT FROM 'MET') END AS met
          FROM seen JOIN judged USING (variant)
          LEFT JOIN latest ON latest.application_id = seen.id AND latest.criterion = judged.code
         GROUP BY seen.id, judged.criterion
    ), counted AS (
        SELECT id, count(*) FILTER (WHERE met) AS criteria_met FROM standing GROUP BY id
    ), ranked AS (
        SELECT seen.*, counted.criteria_met FROM seen JOIN counted USING (id)
    )
"""  # noqa: S608  (our own names)

# Those that meet most first; of equals, who applied first.
PAGE = text(f"""{RANKED}
    SELECT * FROM ranked
     WHERE CAST(:after_met AS bigint) IS NULL OR criteria_met < :after_met
        OR criteria_met = :after_met AND id > CAST(:after_id AS bigint)
     ORDER BY criteria_met DESC, id LIMIT CAST(:first AS bigint)
""")  # noqa: S608  (our own text)

# How they rank is not asked, so nothing of it is reckoned.
COUNT = text(f"{RANKED} SELECT count(*) FROM seen")  # noqa: S608

_DOCUMENTS = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    claim_document.c.kind,
                    claim_document.c.name,
                    claim_document.c.media_type,
                    claim_document.c.size,
                    claim_document.c.sha256,
                ),
                claim_document.c.number,
            )
        )
    )
    .where(claim_document.c.claim_id == criterion_claim.c.id)
    .scalar_subquery()
    .label("documents")
)

CLAIMS = select(criterion_claim, _DOCUMENTS)

# The latest judgements of applications as of a position.
VERDICTS = text("""
    SELECT DISTINCT ON (application_id, criterion) application_id, criterion, verdict
      FROM criterion_judgement
     WHERE application_id = ANY(CAST(:ids AS bigint[])) AND id <= :as_of
     ORDER BY application_id, criterion, id DESC
""")

OF_PILOTS = text("""
    SELECT pilot_id, application_id FROM application_step
     WHERE pilot_id = ANY(CAST(:pilots AS bigint[]))
""")


async def insert_application(connection: AsyncConnection, item: Application) -> None:
    outline = item.boundary.outline
    await connection.execute(
        insert(application).values(
            id=item.id,
            operator_id=item.operator_id,
            variant=item.variant,
            name_zh=item.name.zh,
            name_en=item.name.en,
            applicant_kind=item.applicant_kind,
            applicant_name_zh=item.applicant_name.zh,
            applicant_name_en=item.applicant_name.en,
            division_code=item.division_code,
            establishment=item.establishment,
            operation_starts_on=item.operation_starts_on,
            boundary=item.boundary.words,
            hectares=item.boundary.hectares,
            outline=None if outline is None else [[plain(n), plain(e)] for n, e in outline],
        )
    )


async def insert_claim(connection: AsyncConnection, item: Claim) -> None:
    await connection.execute(
        insert(criterion_claim).values(
            id=item.id,
            application_id=item.application_id,
            criterion=item.criterion,
            statement=item.statement,
        )
    )
    rows = [
        {
            "claim_id": item.id,
            "number": number,
            "kind": document.kind,
            "name": document.name,
            "media_type": document.media_type,
            "size": document.size,
            "sha256": document.sha256,
        }
        for number, document in enumerate(item.documents, 1)
    ]
    await insert_rows(connection, claim_document, rows)


async def insert_judgement(connection: AsyncConnection, item: Judgement) -> None:
    await connection.execute(
        insert(criterion_judgement).values(
            id=item.id,
            application_id=item.application_id,
            criterion=item.criterion,
            verdict=item.verdict,
            reason=item.reason,
        )
    )


async def insert_step(connection: AsyncConnection, item: ApplicationStep) -> None:
    await connection.execute(
        insert(application_step).values(
            position=item.id,
            application_id=item.application_id,
            state=item.state,
            reason=item.reason,
            pilot_id=item.pilot_id,
        )
    )


async def read_applications(
    connection: AsyncConnection,
    ids: Collection[ApplicationId],
    sight: ApplicationSight,
) -> dict[ApplicationId, Application]:
    """The applications with these ids that whoever has the sight sees, as they stand."""
    given = _given(sight, LATEST, ids=ids)
    rows = await connection.execute(PAGE, given | _page(Page(len(ids))))
    return {row.id: _application(row) for row in rows}


async def list_applications(
    connection: AsyncConnection,
    narrowed: ApplicationFilter,
    sight: ApplicationSight,
    as_of: Position,
    page: Page,
) -> list[Application]:
    """A page of applications and one more: those that meet most criteria first."""
    given = _given(sight, as_of, narrowed) | _page(page)
    return [_application(row) for row in await connection.execute(PAGE, given)]


async def count_applications(
    connection: AsyncConnection,
    narrowed: ApplicationFilter,
    sight: ApplicationSight,
    as_of: Position,
) -> int:
    found = await connection.execute(COUNT, _given(sight, as_of, narrowed))
    return int(found.scalar_one())


async def read_verdicts(
    connection: AsyncConnection, ids: Collection[int], as_of: Position
) -> dict[int, dict[str, Verdict]]:
    """Of each application what was found last, by what it was found of."""
    found: dict[int, dict[str, Verdict]] = defaultdict(dict)
    for row in await connection.execute(VERDICTS, {"ids": list(ids), "as_of": as_of}):
        found[row.application_id][row.criterion] = Verdict(row.verdict)
    return found


async def page_claims_of(
    connection: AsyncConnection, applications: Sequence[int], page: Page
) -> dict[int, list[Claim]]:
    """For each application a page of its claims and one more, oldest first."""
    parent, key = criterion_claim.c.application_id, criterion_claim.c.id
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in await connection.execute(paged_for_each(CLAIMS, parent, key, applications, page)):
        found[row.parent].append(_claim(row))
    return found


async def page_judgements_of(
    connection: AsyncConnection, applications: Sequence[int], page: Page
) -> dict[int, list[Judgement]]:
    """For each application a page of what was found and one more, oldest first."""
    parent, key = criterion_judgement.c.application_id, criterion_judgement.c.id
    query = paged_for_each(select(criterion_judgement), parent, key, applications, page)
    found: dict[int, list[Judgement]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(_judgement(row))
    return found


async def page_steps_of(
    connection: AsyncConnection, applications: Sequence[int], page: Page
) -> dict[int, list[ApplicationStep]]:
    """For each application a page of what became of it and one more, oldest first."""
    parent, key = application_step.c.application_id, application_step.c.position
    query = paged_for_each(select(application_step), parent, key, applications, page)
    found: dict[int, list[ApplicationStep]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(_step(row))
    return found


async def count_claims_of(
    connection: AsyncConnection, applications: Sequence[int]
) -> dict[int, int]:
    query, parent = select(criterion_claim), criterion_claim.c.application_id
    return await count_for_each(connection, query, parent, applications)


async def count_judgements_of(
    connection: AsyncConnection, applications: Sequence[int]
) -> dict[int, int]:
    query, parent = select(criterion_judgement), criterion_judgement.c.application_id
    return await count_for_each(connection, query, parent, applications)


async def count_steps_of(
    connection: AsyncConnection, applications: Sequence[int]
) -> dict[int, int]:
    query, parent = select(application_step), application_step.c.application_id
    return await count_for_each(connection, query, parent, applications)


async def read_of_pilots(
    connection: AsyncConnection, pilots: Sequence[PilotId]
) -> dict[PilotId, int]:
    """The application of each pilot that was chosen here."""
    rows = await connection.execute(OF_PILOTS, {"pilots": list(pilots)})
    return {row.pilot_id: row.application_id for row in rows}


def _given(
    sight: ApplicationSight,
    as_of: Position,
    narrowed: ApplicationFilter | None = None,
    ids: Collection[int] | None = None,
) -> dict[str, Any]:
    wanted = narrowed or ApplicationFilter()
    return _GUIDE | {
        "as_of": as_of,
        "everything": sight.everything,
        "handed_in": sight.handed_in,
        "operator": sight.operator_id,
        "ids": None if ids is None else list(ids),
        "variants": None if wanted.variants is None else sorted(wanted.variants),
        "states": None if wanted.states is None else sorted(wanted.states),
        "divisions": None if wanted.division_codes is None else sorted(wanted.division_codes),
    }


def _page(page: Page) -> dict[str, Any]:
    met, after = (None, None) if page.after is None else page.after
    return {"after_met": met, "after_id": after, "first": page.first + 1}


def _application(row: Any) -> Application:
    corners = row.outline
    return Application(
        id=row.id,
        operator_id=row.operator_id,
        variant=PilotVariant(row.variant),
        name=LocalizedText(row.name_zh, row.name_en),
        applicant_kind=ApplicantKind(row.applicant_kind),
        applicant_name=LocalizedText(row.applicant_name_zh, row.applicant_name_en),
        division_code=row.division_code,
        establishment=Establishment(row.establishment),
        operation_starts_on=row.operation_starts_on,
        boundary=Boundary(
            row.boundary,
            row.hectares,
            None if corners is None else tuple((Decimal(n), Decimal(e)) for n, e in corners),
        ),
        state=ApplicationState(row.state),
        criteria_met=row.criteria_met,
        pilot_id=row.pilot_id,
    )


def _claim(row: Any) -> Claim:
    documents = tuple(
        ClaimDocument(EvidenceKind(kind), *document) for kind, *document in row.documents or ()
    )
    return Claim(
        id=row.id,
        application_id=row.application_id,
        criterion=row.criterion,
        statement=row.statement,
        documents=documents,
    )


def _judgement(row: Any) -> Judgement:
    verdict = Verdict(row.verdict)
    return Judgement(
        id=row.id,
        application_id=row.application_id,
        criterion=row.criterion,
        verdict=verdict,
        reason=row.reason,
    )


def _step(row: Any) -> ApplicationStep:
    state = ApplicationState(row.state)
    return ApplicationStep(
        id=row.position,
        application_id=row.application_id,
        state=state,
        reason=row.reason,
        pilot_id=row.pilot_id,
    )
