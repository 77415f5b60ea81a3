"""The SQL of pages of retirements, and of what comes along with them: what moved, of which batches and projects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.paging import Direction, Page
from nzc_api.database.together import Rows, Together, TogetherByColumns
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.ledger.model import MovedOf, Movement, PostedWith, Retirement
from nzc_api.ledger.projects.project_store import projects_of
from nzc_api.ledger.reading.lists_model import Alongside
from nzc_api.ledger.rows import BATCH, batch_in, project_in
from nzc_api.log.asked import LATEST

Period = tuple[PilotId, PeriodId]
Pages = dict[Period, list[PostedWith]]

BEFORE_ALL = {Direction.ASC: 0, Direction.DESC: LATEST}
BEFORE_LINES = {Direction.ASC: -1, Direction.DESC: LATEST}
BEYOND = {Direction.ASC: ">", Direction.DESC: "<"}


@cache
def _retired(order: Direction) -> DriverStatement:
    """What was retired for pilots' periods, by pages: the entries at which something moved into their accounts."""
    return DriverStatement(f"""
        SELECT a.pilot_id, a.period_id, e.position, e.at, e.organisation_id, CAST(e.body AS text) AS body
          FROM unnest(CAST(:pilots AS bigint[]), CAST(:periods AS bigint[])) AS k (pilot_id, period_id)
          JOIN account AS a ON a.pilot_id = k.pilot_id AND a.period_id = k.period_id AND a.kind = 'RETIREMENT'
         CROSS JOIN LATERAL (
                SELECT DISTINCT position FROM movement
                 WHERE credit_id = a.id AND position {BEYOND[order]} CAST(:after AS bigint)
                 ORDER BY position {order} LIMIT :limit) AS page
          JOIN log_entry AS e ON e.position = page.position
         ORDER BY a.pilot_id, a.period_id, e.position {order}""")  # noqa: S608  (our own names)


@cache
def _together(order: Direction, of_lines: Direction, *, projects: bool) -> Together:
    """The same, with a page of what moved at each, the batches of that, and their projects."""
    moved = f"""
        SELECT m.position, m.line, m.debit_id, m.credit_id, m.batch_id, m.lo, m.hi
          FROM retired
         CROSS JOIN LATERAL (
                SELECT * FROM movement
                 WHERE movement.position = retired.position AND line {BEYOND[of_lines]} CAST(:after_line AS bigint)
                 ORDER BY line {of_lines} LIMIT :lines) AS m
         ORDER BY m.position, m.line {of_lines}"""  # noqa: S608  (our own names)
    batches = (
        f"SELECT {BATCH} FROM credit_batch AS b WHERE b.id = ANY(ARRAY(SELECT batch_id FROM moved))"  # noqa: S608
    )
    of_batches = {"projects": projects_of("SELECT project_id FROM batches")} if projects else {}
    return TogetherByColumns(retired=_retired(order), moved=moved, batches=batches, **of_batches)


async def page_retired_for(
    connection: AsyncConnection, periods: Sequence[Period], page: Page, alongside: Alongside
) -> Pages:
    """For each (pilot, period) a page of what was retired for it, and one more; with what comes along."""
    given = {
        "pilots": [pilot_id for pilot_id, _ in periods],
        "periods": [period_id for _, period_id in periods],
        "after": BEFORE_ALL[page.direction] if page.after is None else page.after,
        "limit": page.first + 1,
    }
    lines = alongside.lines
    if lines is None:
        rows = await _retired(page.direction).rows(connection, given)
        return _pages(rows, {})
    given["after_line"] = BEFORE_LINES[lines.direction] if lines.after is None else lines.after
    given["lines"] = lines.first + 1
    together = _together(page.direction, lines.direction, projects=alongside.projects)
    found = await together.rows(connection, given)
    return _pages(found["retired"], _moved_in(found))


def _pages(rows: Iterable[Any], moved: Mapping[int, list[MovedOf]]) -> Pages:
    pages: Pages = defaultdict(list)
    for pilot_id, period_id, position, at, posted_by, body in rows:
        retirement = retirement_in(position, at, posted_by, orjson.loads(body))
        pages[pilot_id, period_id].append(PostedWith(retirement, moved.get(position, [])))
    return pages


def _moved_in(found: Mapping[str, Rows]) -> dict[int, list[MovedOf]]:
    projects = {row.id: project_in(row) for row in found.get("projects", ())}
    batches = {row.id: batch_in(row) for row in found["batches"]}
    moved: dict[int, list[MovedOf]] = defaultdict(list)
    for row in found["moved"]:
        movement = Movement._make(row)
        batch = batches[movement.batch_id]
        moved[movement.position].append(MovedOf(movement, batch, projects.get(batch.project_id)))
    return moved


def retirement_in(
    position: Position, at: datetime, posted_by: int | None, body: Mapping[str, Any]
) -> Retirement:
    """The retirement that an entry of the log is."""
    return Retirement(
        position,
        at,
        posted_by,
        body["pilot"],
        body["accounting_period"],
        body["holder"],
        body["programme"],
        date.fromisoformat(body["retired_on"]),
        body["reference"],
        body["quantity"],
        body.get("request"),
    )
