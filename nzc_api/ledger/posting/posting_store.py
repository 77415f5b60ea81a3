"""The SQL that writes postings: all of them in one statement, and what is rare in one more a table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import columns, unnested
from nzc_api.database.driver import DriverStatement
from nzc_api.database.inserting import insert_rows
from nzc_api.grounds import Grounds
from nzc_api.ids import BatchId
from nzc_api.ledger.model import (
    Account,
    AccountKey,
    AccountKind,
    CreditBatch,
    DoubleIssuance,
)
from nzc_api.ledger.posting.kit.posting import (
    BatchFact,
    Corrected,
    Effect,
    Posting,
    ProposalClosed,
    Proposed,
    RequestClosed,
    RequestConfirmedInPart,
    RequestOpened,
)
from nzc_api.ledger.tables import (
    batch_fact,
    correction,
    double_issuance,
    grounds,
    proposal,
    proposal_end,
    request_end,
    request_part,
    retirement_request,
)

# What is sent of movements, of lots that are spent, and of those that are made: the columns of their
# tables, and the vintage of a lot that is on offer then (0: it is not).
_MOVED = "positions lines debits credits batches los his"
_SPENT = "spent_positions spent_pieces spent_at"
_MADE = "lot_positions lot_pieces lot_accounts lot_batches lot_los lot_his lot_since lot_vintages"

# What is issued, and the accounts that are opened.
_BEGUN = """issued AS (
        INSERT INTO credit_batch (id, project_id, programme, forestry, vintage, produced_from,
                                  produced_to, reductions_registered_on, registry, prefix, lo, hi,
                                  quantity, by_certificate, written, production_basis,
                                  production_document, issuance, issuance_quantity,
                                  reductions_applied_on)
        SELECT * FROM unnest(
            CAST(:issued_ids AS bigint[]), CAST(:issued_projects AS bigint[]),
            CAST(:issued_programmes AS text[]), CAST(:issued_forestry AS boolean[]),
            CAST(:issued_vintages AS int[]), CAST(:issued_from AS date[]),
            CAST(:issued_to AS date[]), CAST(:issued_registered AS date[]),
            CAST(:issued_registries AS text[]), CAST(:issued_prefixes AS text[]),
            CAST(:issued_los AS bigint[]), CAST(:issued_his AS bigint[]),
            CAST(:issued_quantities AS bigint[]), CAST(:issued_certified AS boolean[]),
            CAST(:issued_written AS text[]), CAST(:issued_bases AS text[]),
            CAST(:issued_documents AS text[]), CAST(:issued_parts AS text[]),
            CAST(:issued_wholes AS bigint[]), CAST(:issued_applied AS date[]))
    ), opened AS (
        INSERT INTO account (id, kind, programme, organisation_id, pilot_id, period_id, purpose)
        SELECT * FROM unnest(
            CAST(:account_ids AS bigint[]), CAST(:account_kinds AS text[]),
            CAST(:account_programmes AS text[]), CAST(:account_organisations AS bigint[]),
            CAST(:account_pilots AS bigint[]), CAST(:account_periods AS bigint[]),
            CAST(:account_purposes AS text[]))
    ), """


def _writing(begun: str) -> DriverStatement:
    """All that postings write, in one statement: the guards then see each posting whole."""
    return DriverStatement(f"""
    WITH {begun}moves (position, line, debit_id, credit_id, batch_id, lo, hi) AS (
        SELECT * FROM {unnested(_MOVED)}
    ), gone (lot_position, lot_piece, position) AS (
        SELECT * FROM {unnested(_SPENT)}
    ), pieces (position, piece, account_id, batch_id, lo, hi, since, vintage) AS (
        SELECT * FROM {unnested(_MADE)}
    ), moved AS (
        INSERT INTO movement (position, line, debit_id, credit_id, batch_id, lo, hi)
        SELECT position, line, debit_id, credit_id, batch_id, lo, hi FROM moves
    ), spent AS (
        INSERT INTO lot_spent (lot_position, lot_piece, position)
        SELECT lot_position, lot_piece, position FROM gone
    ), delta (account_id, batch_id, position, tonnes) AS (
        SELECT account_id, batch_id, position, sum(tonnes)
          FROM (SELECT credit_id, batch_id, position, hi - lo FROM moves
                UNION ALL SELECT debit_id, batch_id, position, lo - hi FROM moves)
            AS leg (account_id, batch_id, position, tonnes)
         GROUP BY account_id, batch_id, position
    ), balances AS (
        -- What there was before is looked up once for an account and batch: each further time, the
        -- search would pass by all that this very statement has written.
        INSERT INTO balance (account_id, batch_id, position, tonnes)
        SELECT account_id, batch_id, position,
               sum(tonnes + CASE WHEN nth > 1 THEN 0 ELSE coalesce(
                       (SELECT tonnes FROM balance AS before
                         WHERE before.account_id = numbered.account_id
                           AND before.batch_id = numbered.batch_id
                         ORDER BY before.position DESC LIMIT 1), 0) END)
               OVER (PARTITION BY account_id, batch_id ORDER BY position)
          FROM (SELECT delta.*, row_number() OVER (
                           PARTITION BY account_id, batch_id ORDER BY position) AS nth
                  FROM delta) AS numbered
    ), taken AS (
        DELETE FROM available_lot USING gone
         WHERE available_lot.lot_position = gone.lot_position
           AND available_lot.lot_piece = gone.lot_piece
    ), offered AS (
        INSERT INTO available_lot (lot_position, lot_piece, account_id, vintage, batch_id, lo, hi,
                                   since)
        SELECT position, piece, account_id, vintage, batch_id, lo, hi, since
          FROM pieces WHERE vintage > 0
    )
    INSERT INTO lot (position, piece, account_id, batch_id, lo, hi, since)
    SELECT position, piece, account_id, batch_id, lo, hi, since FROM pieces
""")  # noqa: S608  (our own names)


WRITE = _writing(_BEGUN)

# The same where nothing is issued and no account opened, as mostly: tables that get nothing need not be guarded.
MOVE = _writing("")

WITHDRAW = text("""
    UPDATE credit_batch AS b SET withdrawn_position = w.position
      FROM unnest(CAST(:batches AS bigint[]), CAST(:positions AS bigint[])) AS w (batch_id, position)
     WHERE b.id = w.batch_id
""")


async def write(
    connection: AsyncConnection,
    postings: Sequence[Posting],
    keys: Mapping[int, AccountKey],
    batches: Mapping[BatchId, CreditBatch],
) -> None:
    """Write postings whole; ``keys`` and ``batches`` are those of every account and lot in them."""
    # First, so that the guards see what holds of batches, and what is corrected; and so that serials are free again.
    await _write_effects(connection, postings)
    withdrawn = {p.withdrawn: p.position for p in postings if p.withdrawn is not None}
    if withdrawn:
        await connection.execute(
            WITHDRAW, {"batches": list(withdrawn), "positions": list(withdrawn.values())}
        )
    issued = [posting.batch for posting in postings if posting.batch is not None]
    opened = [item for posting in postings for item in posting.opened]
    movements = [item for posting in postings for item in posting.movements]
    made = [lot for posting in postings for lot in posting.made]
    spent = [(*lot.id, posting.position) for posting in postings for lot in posting.spent]
    # A lot that is made and spent within these postings is never on offer.
    spent_ids = {lot.id for posting in postings for lot in posting.spent}

    holdings = {id_ for id_, key in keys.items() if key.kind is AccountKind.HOLDING}
    on_offer = [
        batches[lot.batch_id].vintage
        if lot.account_id in holdings and lot.id not in spent_ids
        else 0
        for lot in made
    ]
    offered = [(*lot.id, *lot[1:], vintage) for lot, vintage in zip(made, on_offer, strict=True)]
    moves = columns(movements, _MOVED) | columns(spent, _SPENT) | columns(offered, _MADE)
    if issued or opened:
        await WRITE.rows(connection, _issued(issued) | _opened(opened) | moves)
    else:
        await MOVE.rows(connection, moves)


def _issued(batches: Sequence[CreditBatch]) -> dict[str, Any]:
    return {
        "issued_ids": [b.id for b in batches],
        "issued_projects": [b.project_id for b in batches],
        "issued_programmes": [b.programme for b in batches],
        "issued_forestry": [b.forestry for b in batches],
        "issued_vintages": [b.vintage for b in batches],
        "issued_from": [b.produced_from for b in batches],
        "issued_to": [b.produced_to for b in batches],
        "issued_registered": [b.reductions_registered_on for b in batches],
        "issued_registries": [b.serials.registry for b in batches],
        "issued_prefixes": [b.serials.prefix for b in batches],
        "issued_los": [b.serials.lo for b in batches],
        "issued_his": [b.serials.hi for b in batches],
        "issued_quantities": [b.serials.quantity for b in batches],
        "issued_certified": [b.by_certificate for b in batches],
        "issued_written": [b.written for b in batches],
        "issued_parts": [b.issuance and b.issuance.reference for b in batches],
        "issued_wholes": [b.issuance and b.issuance.quantity for b in batches],
        "issued_bases": [b.production_basis for b in batches],
        "issued_documents": [b.production_document for b in batches],
        "issued_applied": [b.reductions_applied_on for b in batches],
    }


def _opened(accounts: Sequence[Account]) -> dict[str, Any]:
    return {
        "account_ids": [a.id for a in accounts],
        "account_kinds": [a.key.kind for a in accounts],
        "account_programmes": [a.key.programme for a in accounts],
        "account_organisations": [a.key.organisation_id for a in accounts],
        "account_pilots": [a.key.pilot_id for a in accounts],
        "account_periods": [a.key.period_id for a in accounts],
        "account_purposes": [a.key.purpose for a in accounts],
    }


async def _write_effects(connection: AsyncConnection, postings: Sequence[Posting]) -> None:
    """Write what postings say besides movements and lots: rare, and in one statement a table."""
    rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
    for posting in postings:
        for effect in posting.effects:
            rows[_TABLES[type(effect)]].append(_effect(posting, effect))
    for into, values in rows.items():
        await insert_rows(connection, into, values)


def _effect(  # noqa: PLR0911  (a case each)
    posting: Posting, effect: Effect
) -> dict[str, Any]:
    at = {"position": posting.position}
    match effect:
        case BatchFact():
            return at | {"batch_id": effect.batch_id, "kind": effect.kind}
        case RequestOpened():
            return {"id": posting.position, "expires_at": effect.expires_at}
        case RequestClosed():
            return at | {"request_id": effect.request_id, "outcome": effect.end or "CONFIRMED"}
        case RequestConfirmedInPart():
            return at | {"request_id": effect.request_id}
        case Corrected():
            return at | {"posting_id": effect.posting_id}
        case Proposed():
            return {"id": posting.position, **asdict(effect)}
        case ProposalClosed():
            return at | {"proposal_id": effect.proposal_id, "outcome": effect.state}
        case DoubleIssuance():
            return at | {"batch_id": effect.batch_id, "other_id": effect.other_id}
        case Grounds():
            return at | {"document": effect.document, "reason": effect.reason}


_TABLES: Mapping[type[Effect], Table] = {
    BatchFact: batch_fact,
    RequestOpened: retirement_request,
    RequestClosed: request_end,
    RequestConfirmedInPart: request_part,
    Corrected: correction,
    Proposed: proposal,
    ProposalClosed: proposal_end,
    DoubleIssuance: double_issuance,
    Grounds: grounds,
}
