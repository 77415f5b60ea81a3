"""The SQL of proposals: orders that wait for a second person."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, count, paged
from nzc_api.grounds import Grounds
from nzc_api.ledger.posting.command import Proposable
from nzc_api.ledger.posting.verbs.acting_on_batch import ActOnBatch, BatchAction
from nzc_api.ledger.posting.verbs.acting_on_serials import ActOnSerials, SerialsAction
from nzc_api.ledger.posting.verbs.correcting import CorrectPosting
from nzc_api.ledger.proposing.proposals import Proposal, ProposalFilter, ProposalState
from nzc_api.ledger.serials import SerialRange
from nzc_api.ledger.tables import proposal, proposal_end

PROPOSALS = text(f"""
    SELECT {columns_of(proposal, "p")}, e.body ->> 'order' AS kind, e.api_key_id, k.revoked_position,
           g.document, g.reason,
           b.registry, b.prefix, x.position AS ended, x.outcome, clock_timestamp() AS read_at
      FROM proposal AS p
      JOIN log_entry AS e ON e.position = p.id
      JOIN api_key AS k ON k.id = e.api_key_id
      JOIN grounds AS g ON g.position = p.id
      LEFT JOIN credit_batch AS b ON b.id = p.batch_id
      LEFT JOIN proposal_end AS x ON x.proposal_id = p.id
     WHERE p.id = ANY(CAST(:ids AS bigint[]))
""")  # noqa: S608  (our own names)

PROGRAMMES = text("SELECT id, programme FROM proposal WHERE id = ANY(CAST(:ids AS bigint[]))")

_ENDED = exists().where(proposal_end.c.proposal_id == proposal.c.id)
_OVER = proposal.c.expires_at <= func.clock_timestamp()


async def read_proposals(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Proposal]:
    rows = await connection.execute(PROPOSALS, {"ids": list(ids)})
    return {row.id: _proposal_in(row) for row in rows}


async def read_programmes(connection: AsyncConnection, ids: Collection[int]) -> dict[int, str]:
    """The programme of each proposal."""
    rows = await connection.execute(PROGRAMMES, {"ids": list(ids)})
    return {row.id: row.programme for row in rows}


async def list_proposals(
    connection: AsyncConnection, narrowed: ProposalFilter, page: Page
) -> list[int]:
    """The positions of a page of proposals and one more."""
    query = paged(_proposals(narrowed), proposal.c.id, page)
    return list((await connection.execute(query)).scalars())


async def count_proposals(connection: AsyncConnection, narrowed: ProposalFilter) -> int:
    return await count(connection, _proposals(narrowed))


def _proposals(narrowed: ProposalFilter) -> Select[Any]:
    query = select(proposal.c.id).where(proposal.c.programme.in_(narrowed.programmes))
    return query if narrowed.state is None else query.where(_is(narrowed.state))


def _is(state: ProposalState) -> ColumnElement[bool]:
    match state:
        case ProposalState.OPEN:
            return ~_ENDED & ~_OVER
        case ProposalState.EXPIRED:
            return ~_ENDED & _OVER
        case ProposalState.APPROVED | ProposalState.WITHDRAWN:
            return exists().where(
                proposal_end.c.proposal_id == proposal.c.id, proposal_end.c.outcome == state
            )


def _proposal_in(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        read_at=row.read_at,
        api_key_id=row.api_key_id,
        revoked=row.revoked_position,
        programme=row.programme,
        order=_order_in(row),
        kind=row.kind,
        quantity=row.quantity,
        expires_at=row.expires_at,
        batch_id=row.batch_id,
        lo=row.lo,
        hi=row.hi,
        end=row.outcome and ProposalState(row.outcome),
        ended=row.ended,
    )


def _order_in(row: Any) -> Proposable:
    grounds = Grounds(row.document, row.reason)
    if row.posting_id is not None:
        return CorrectPosting(row.posting_id, row.programme, grounds)
    if row.lo is None:
        return ActOnBatch(
            batch_id=row.batch_id,
            programme=row.programme,
            action=BatchAction.INVALIDATE,
            grounds=grounds,
        )
    serials = SerialRange(registry=row.registry, prefix=row.prefix, first=row.lo, last=row.hi - 1)
    return ActOnSerials(
        serials=serials, programme=row.programme, action=SerialsAction.INVALIDATE, grounds=grounds
    )
