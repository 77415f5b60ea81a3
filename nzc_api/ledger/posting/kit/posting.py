"""What an accepted command writes, and how lots are spent and made for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from nzc_api.grounds import Grounds
from nzc_api.ids import AccountId, BatchId, OrganisationId, Position, ProposalId, RequestId
from nzc_api.ledger.model import (
    Account,
    AccountKey,
    AccountKind,
    CreditBatch,
    DoubleIssuance,
    Lot,
    LotId,
    Movement,
    RequestEnd,
    registry_text,
)
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.proposing.proposals import ProposalState
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import Refusal


class Piece(NamedTuple):
    """Serials (half-open) of one lot."""

    lot: Lot
    lo: int
    hi: int

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo


@dataclass(frozen=True, slots=True)
class BatchFact:
    """That something holds of a whole batch from here on."""

    batch_id: BatchId
    kind: str


@dataclass(frozen=True, slots=True)
class RequestOpened:
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RequestClosed:
    """``end`` None: it was confirmed."""

    request_id: RequestId
    end: RequestEnd | None


@dataclass(frozen=True, slots=True)
class RequestConfirmedInPart:
    """Some of it is retired, and the rest is still set aside."""

    request_id: RequestId


@dataclass(frozen=True, slots=True)
class Corrected:
    posting_id: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """That an order waits for a second person: to correct a posting, or to invalidate serials of a batch (half-open;
    None: all of it)."""

    programme: str
    quantity: int
    expires_at: datetime
    posting_id: int | None = None
    batch_id: BatchId | None = None
    lo: int | None = None
    hi: int | None = None


@dataclass(frozen=True, slots=True)
class ProposalClosed:
    proposal_id: ProposalId
    state: ProposalState


Effect = (
    BatchFact
    | RequestOpened
    | RequestClosed
    | RequestConfirmedInPart
    | Corrected
    | Proposed
    | ProposalClosed
    | DoubleIssuance
    | Grounds
)


class Posting(NamedTuple):
    """What an accepted command writes, at one position.

    ``facts`` is the body of its log entry, ``subject`` what that is about where it is not the
    posting itself; ``effects`` are what it says besides movements and lots; ``withdrawn`` is the batch whose
    issuance it takes back. ``kind`` is what the log says.
    """

    position: Position
    kind: EntryKind
    facts: Mapping[str, Any]
    batch: CreditBatch | None = None
    opened: tuple[Account, ...] = ()
    movements: tuple[Movement, ...] = ()
    made: tuple[Lot, ...] = ()
    spent: tuple[Lot, ...] = ()
    effects: tuple[Effect, ...] = ()
    subject: int | None = None
    withdrawn: int | None = None


Decision = Posting | Refusal


def holding_of(organisation_id: OrganisationId, programme: str) -> AccountKey:
    """Where an organisation's credits of a programme sit."""
    return AccountKey(AccountKind.HOLDING, programme, organisation_id)


def tonnes_of(pieces: Sequence[Piece]) -> int:
    return sum([piece.hi - piece.lo for piece in pieces])


def account_of(state: State, key: AccountKey, opened: list[Account]) -> AccountId:
    """The account of the key; one that is opened for it is added to ``opened``."""
    account_id = state.accounts.get(key)
    if account_id is not None:
        return account_id
    opened.append(state.open_account(key))
    return opened[-1].id


def move(
    state: State,
    position: Position,
    kind: EntryKind,
    pieces: Sequence[tuple[Piece, AccountKey]],
    facts: Mapping[str, Any],
    effects: tuple[Effect, ...] = (),
    subject: int | None = None,
) -> Posting:
    """Move each piece to its account; what is left of its lot stays where it was."""
    opened: list[Account] = []
    made: list[Lot] = []
    movements: list[Movement] = []
    for piece, target in pieces:
        credit = account_of(state, target, opened)
        lot = piece.lot
        state.spend_lot(lot)
        for account, since, lo, hi in (
            (lot.account_id, lot.since, lot.lo, piece.lo),
            (credit, position, piece.lo, piece.hi),
            (lot.account_id, lot.since, piece.hi, lot.hi),
        ):
            if lo < hi:
                piece_id = LotId(position, len(made))
                made.append(Lot(piece_id, account, lot.batch_id, lo, hi, since))
        _extend(movements, position, piece, credit)
    serials = [said_of(moved, state.batches[moved.batch_id]) for moved in movements]
    for lot in made:
        state.make_lot(lot)
    spent = tuple(piece.lot for piece, _ in pieces)
    return Posting(
        position,
        kind,
        {**facts, "serials": serials},
        None,
        tuple(opened),
        tuple(movements),
        tuple(made),
        spent,
        effects,
        subject,
    )


def move_all(
    state: State,
    position: Position,
    kind: EntryKind,
    pieces: Sequence[Piece],
    target: AccountKey,
    facts: Mapping[str, Any],
    *effects: Effect,
) -> Posting:
    """Move all pieces to one account."""
    return move(state, position, kind, [(piece, target) for piece in pieces], facts, effects)


def said_of(moved: Movement, batch: CreditBatch) -> dict[str, Any]:
    """What an entry says of serials that move by it, so that its leaf in the log's tree binds them, as their registry
    writes them, too."""
    return {
        "batch": moved.batch_id,
        "first": moved.lo,
        "last": moved.hi - 1,
        "text": registry_text(batch, moved.lo, moved.hi),
    }


def _extend(movements: list[Movement], position: Position, piece: Piece, credit: AccountId) -> None:
    # Neighbouring lots of one account move in one movement, however they came to be cut.
    lot, last = piece.lot, movements[-1] if movements else None
    joined = (lot.account_id, credit, lot.batch_id, piece.lo)
    if last and (last.debit_id, last.credit_id, last.batch_id, last.hi) == joined:
        movements[-1] = Movement(
            position, last.line, last.debit_id, credit, last.batch_id, last.lo, piece.hi
        )
    else:
        movements.append(
            Movement(
                position, len(movements), lot.account_id, credit, lot.batch_id, piece.lo, piece.hi
            )
        )
