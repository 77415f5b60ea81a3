"""The SQL of lists of the ledger's things: a page of them, or how many there are."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    column,
    exists,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import INT8RANGE
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.lookup import is_any_of
from nzc_api.database.paging import Page, count, paged
from nzc_api.database.search import found_in, searched
from nzc_api.ids import OrganisationId
from nzc_api.ledger.model import AccountKind, BatchStatus, CreditBatch, Project, RequestOutcome
from nzc_api.ledger.projects.project_store import PROJECTS
from nzc_api.ledger.reading.batch_order_store import ORDERS
from nzc_api.ledger.reading.lists_model import BatchFilter, RequestFilter, RetirementFilter
from nzc_api.ledger.rows import batch_in, project_in
from nzc_api.ledger.tables import (
    account,
    available_lot,
    balance,
    credit_batch,
    movement,
    project,
    request_end,
    retirement_request,
)
from nzc_api.log.tables import log_entry

# Written into the statement: the index of retirements is of them alone.
RETIRED: ColumnElement[str] = literal_column("'CREDITS_RETIRED'")

_ORDERS = (
    text(ORDERS)
    .columns(column("batch_id", BigInteger), column("status", Text), column("during", INT8RANGE))
    .subquery("ordered")
)


async def list_projects(
    connection: AsyncConnection, wanted: str | None, page: Page
) -> list[Project]:
    rows = await connection.execute(paged(_projects(wanted), project.c.id, page))
    return [project_in(row) for row in rows]


async def count_projects(connection: AsyncConnection, wanted: str | None) -> int:
    return await count(connection, _projects(wanted))


async def list_batches(
    connection: AsyncConnection, narrowed: BatchFilter, page: Page
) -> list[CreditBatch]:
    rows = await connection.execute(paged(_batches(narrowed), credit_batch.c.id, page))
    return [batch_in(row) for row in rows]


async def count_batches(connection: AsyncConnection, narrowed: BatchFilter) -> int:
    return await count(connection, _batches(narrowed))


async def list_retirements(
    connection: AsyncConnection,
    narrowed: RetirementFilter,
    posted: tuple[int | None, int | None],
    page: Page,
) -> list[int]:
    """The positions of a page of retirements and one more. ``posted`` are the first and the last position
    of the times that are meant."""
    query = paged(_retirements(narrowed, posted), log_entry.c.position, page)
    return list((await connection.execute(query)).scalars())


async def count_retirements(
    connection: AsyncConnection, narrowed: RetirementFilter, posted: tuple[int | None, int | None]
) -> int:
    return await count(connection, _retirements(narrowed, posted))


async def list_requests(
    connection: AsyncConnection, narrowed: RequestFilter, page: Page
) -> list[int]:
    """The positions of a page of retirement requests and one more."""
    query = paged(_requests(narrowed), retirement_request.c.id, page)
    return list((await connection.execute(query)).scalars())


async def count_requests(connection: AsyncConnection, narrowed: RequestFilter) -> int:
    return await count(connection, _requests(narrowed))


def _projects(wanted: str | None) -> Select[Any]:
    query = PROJECTS
    if wanted is None:
        return query
    return query.where(
        found_in(searched(project.c.code, project.c.name_zh, project.c.name_en), wanted)
    )


def _batches(narrowed: BatchFilter) -> Select[Any]:
    query = select(credit_batch)
    if narrowed.programme is not None:
        query = query.where(credit_batch.c.programme == narrowed.programme)
    if narrowed.project_id is not None:
        query = query.where(credit_batch.c.project_id == narrowed.project_id)
    if narrowed.vintage is not None:
        query = query.where(credit_batch.c.vintage == narrowed.vintage)
    if narrowed.holder_id is not None:
        query = query.where(_is_held_by(narrowed.holder_id))
    if narrowed.status is not None:
        query = query.where(_has_status(narrowed.status))
    return query


def _is_held_by(organisation_id: OrganisationId) -> ColumnElement[bool]:
    """Whether an organisation holds some of a batch: the lots of its holdings are at hand, by age."""
    return exists().where(
        account.c.organisation_id == organisation_id,
        account.c.kind == AccountKind.HOLDING,
        available_lot.c.account_id == account.c.id,
        available_lot.c.vintage == credit_batch.c.vintage,
        available_lot.c.batch_id == credit_batch.c.id,
    )


def _has_status(status: BatchStatus) -> ColumnElement[bool]:
    withdrawn = credit_batch.c.withdrawn_position.is_not(None)
    if status is BatchStatus.WITHDRAWN:
        return withdrawn
    standing = exists().where(
        _ORDERS.c.batch_id == credit_batch.c.id, func.upper_inf(_ORDERS.c.during)
    )
    if status is BatchStatus.IN_FORCE:
        return ~withdrawn & ~standing
    return standing.where(_ORDERS.c.status == status)


def _retirements(narrowed: RetirementFilter, posted: tuple[int | None, int | None]) -> Select[Any]:
    position = log_entry.c.position
    first, last = posted
    query = select(position).where(log_entry.c.kind == RETIRED)
    if first is not None:
        query = query.where(position >= first)
    if last is not None:
        query = query.where(position <= last)
    if narrowed.pilot_ids is not None:
        query = query.where(position.in_(_into(AccountKind.RETIREMENT, narrowed.pilot_ids)))
    if narrowed.programmes is not None:
        query = query.where(_said("programme").in_(narrowed.programmes))
    if narrowed.retired_from is not None:
        query = query.where(_said("retired_on") >= narrowed.retired_from.isoformat())
    if narrowed.retired_to is not None:
        query = query.where(_said("retired_on") <= narrowed.retired_to.isoformat())
    if narrowed.reference is not None:
        query = query.where(_said("reference") == narrowed.reference)
    if narrowed.holder_id is not None:
        query = query.where(
            position.in_(_changed_of(narrowed.holder_id)),
            _said("holder").cast(BigInteger) == narrowed.holder_id,
        )
    if narrowed.vintage is not None:
        query = query.where(_moved(credit_batch.c.vintage == narrowed.vintage))
    if narrowed.project_id is not None:
        query = query.where(_moved(credit_batch.c.project_id == narrowed.project_id))
    return query


def _requests(narrowed: RequestFilter) -> Select[Any]:
    request_id = retirement_request.c.id
    query = select(request_id)
    if narrowed.pilot_ids is not None:
        query = query.where(request_id.in_(_into(AccountKind.PENDING, narrowed.pilot_ids)))
    if narrowed.period_id is not None:
        set_aside = _into_pending().where(account.c.period_id == narrowed.period_id)
        query = query.where(request_id.in_(set_aside))
    if narrowed.holder_id is not None:
        query = query.where(request_id.in_(_into_of(narrowed.holder_id)))
    if narrowed.programmes is not None:
        said = select(_said("programme")).where(log_entry.c.position == request_id)
        query = query.where(said.scalar_subquery().in_(narrowed.programmes))
    if narrowed.outcome is not None:
        ended = select(request_end.c.outcome).where(request_end.c.request_id == request_id)
        outcome = func.coalesce(ended.scalar_subquery(), RequestOutcome.OPEN)
        query = query.where(outcome == narrowed.outcome)
    return query


def _said(name: str) -> ColumnElement[str]:
    """What an entry says of itself; written into the statement, since an index is of one name."""
    return literal_column(f"(log_entry.body ->> '{name}')", Text)


def _into(kind: AccountKind, pilots: tuple[int, ...]) -> Select[Any]:
    """The positions at which something moved into the pilots' accounts of a kind."""
    into = movement.join(account, account.c.id == movement.c.credit_id)
    return (
        select(movement.c.position)
        .select_from(into)
        .where(account.c.kind == kind, is_any_of(account.c.pilot_id, pilots))
    )


def _into_of(organisation_id: OrganisationId) -> Select[Any]:
    """The positions at which something of an organisation's was set aside."""
    return _into_pending().where(account.c.organisation_id == organisation_id)


def _into_pending() -> Select[Any]:
    """The positions at which something was set aside."""
    into = movement.join(account, account.c.id == movement.c.credit_id)
    rows = select(movement.c.position).select_from(into)
    return rows.where(account.c.kind == AccountKind.PENDING)


def _changed_of(organisation_id: OrganisationId) -> Select[Any]:
    """The positions at which what an organisation holds, or has set aside, changed."""
    return (
        select(balance.c.position)
        .select_from(balance.join(account, account.c.id == balance.c.account_id))
        .where(account.c.organisation_id == organisation_id)
    )


def _moved(of_batch: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether some of what a retirement moved is of such a batch."""
    return exists().where(
        movement.c.position == log_entry.c.position,
        credit_batch.c.id == movement.c.batch_id,
        of_batch,
    )
