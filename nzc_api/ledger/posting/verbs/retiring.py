"""Retiring at once, for a pilot and one of its accounting periods: exact serials, or so many tonnes of a holder's."""

from dataclasses import dataclass
from datetime import date

from nzc_api.ids import OrganisationId, PeriodId, PilotId, Position, ProjectId
from nzc_api.ledger.errors.retiring import InsufficientCredits, TooFragmented
from nzc_api.ledger.model import Order
from nzc_api.ledger.posting.kit.beneficiaries import check_beneficiary
from nzc_api.ledger.posting.kit.dates import check_past_day
from nzc_api.ledger.posting.kit.needs import CreditedAccounts, Needs
from nzc_api.ledger.posting.kit.pieces import check_organisation
from nzc_api.ledger.posting.kit.posting import Decision, Piece, holding_of, move_all
from nzc_api.ledger.posting.kit.references import check_reference, refer, reference_key
from nzc_api.ledger.posting.kit.retirements import (
    check_usable,
    facts_of,
    holder_of,
    pieces_for,
    retirement_of,
)
from nzc_api.ledger.posting.kit.verb import Correction, Verb
from nzc_api.ledger.posting.rules.kept_back import check_movable
from nzc_api.ledger.posting.rules.quantity import check_range, check_tonnes
from nzc_api.ledger.posting.state import MOST_LOTS, State
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import Refusal


@dataclass(frozen=True, slots=True)
class RetireSerials:
    """Retire an exact serial range for a pilot and one of its accounting periods.

    ``holder_id`` and ``quantity``, where given, must agree with what the ledger says.
    """

    serials: SerialRange
    programme: str
    holder_id: OrganisationId | None
    quantity: int | None
    pilot_id: PilotId
    period_id: PeriodId
    retired_on: date
    reference: str | None


@dataclass(frozen=True, slots=True)
class RetireQuantity:
    """Retire so many tonnes of a holder's, the oldest vintage first."""

    quantity: int
    programme: str
    holder_id: OrganisationId
    project_id: ProjectId | None
    pilot_id: PilotId
    period_id: PeriodId
    retired_on: date
    reference: str | None


def malformed_serials(command: RetireSerials) -> Refusal | None:
    return check_range(command.serials) or check_reference(command.reference)


def malformed_quantity(command: RetireQuantity) -> Refusal | None:
    return check_tonnes(command.quantity) or check_reference(command.reference)


def needs_of_serials(command: RetireSerials) -> Needs:
    return Needs(
        serials=command.serials,
        organisations=(command.holder_id,),
        beneficiary=(command.pilot_id, command.period_id),
        reference=reference_key(command.programme, command.reference),
        credited=CreditedAccounts.RETIREMENT,
    )


def needs_of_quantity(command: RetireQuantity) -> Needs:
    holding = holding_of(command.holder_id, command.programme)
    return Needs(
        oldest=(holding, max(command.quantity, 0)),
        organisations=(command.holder_id,),
        beneficiary=(command.pilot_id, command.period_id),
        reference=reference_key(command.programme, command.reference),
    )


def retire_serials(state: State, command: RetireSerials, position: Position) -> Decision:
    """Retire exact serials, a tonne each, for a pilot's period: they reduce its net (the guide's section 五).

    One holder has all of them, and they are not retired, used, set aside, frozen or invalidated (`Serials…`,
    `Credits…`). Refused besides: a period that is not the pilot's (`PeriodNotOfPilot`) or after its last day, a
    day that is to come or before the vintage (`VintageAfterRetirement`), credits from inside the pilot's
    boundary or suspected to be (`CreditFromInside…`), exported ones (`CreditsExported`), or of what seems to be
    issued twice (`DoubleIssuanceSuspected`).
    """
    return _check(state, command) or _retire(
        state, command, position, pieces_for(state, command, command.retired_on)
    )


def retire_quantity(state: State, command: RetireQuantity, position: Position) -> Decision:
    """Retire so many tonnes of a holder's for a pilot's period, the oldest vintage first, of what may be: the rest
    is told as excluded (`InsufficientCredits`); in more than 1,000 lots it is `TooFragmented`. Refused besides: what
    is of exact serials, too.
    """
    return _check(state, command) or _retire(state, command, position, _oldest(state, command))


# One verb, of two commands.
NAME = "retireCredits"
KINDS = {EntryKind.CREDITS_RETIRED: Correction()}

OF_SERIALS = Verb(
    name=NAME,
    command=RetireSerials,
    malformed=malformed_serials,
    needs=needs_of_serials,
    decide=retire_serials,
    kinds=KINDS,
)
OF_QUANTITY = Verb(
    name=NAME,
    command=RetireQuantity,
    malformed=malformed_quantity,
    needs=needs_of_quantity,
    decide=retire_quantity,
    kinds=KINDS,
)


def _check(state: State, command: RetireSerials | RetireQuantity) -> Refusal | None:
    return check_beneficiary(state, command.pilot_id, command.period_id) or check_past_day(
        command.retired_on, state.today, "retired_on"
    )


def _retire(
    state: State,
    command: RetireSerials | RetireQuantity,
    position: Position,
    pieces: list[Piece] | Refusal,
) -> Decision:
    if isinstance(pieces, Refusal):
        return pieces
    order = Order(position, command.retired_on, command.pilot_id, command.period_id)
    taken = refer(state, command.programme, command.reference, order)
    if taken is not None:
        return taken
    holder = holder_of(state, pieces)
    facts = facts_of(pieces, holder, command.programme, command.pilot_id, command.period_id)
    facts |= {"retired_on": str(command.retired_on), "reference": command.reference}
    target = retirement_of(command.pilot_id, command.period_id)
    return move_all(state, position, EntryKind.CREDITS_RETIRED, pieces, target, facts)


def _oldest(state: State, command: RetireQuantity) -> list[Piece] | Refusal:
    problem = check_organisation(state, command.holder_id, "holder")
    if problem is not None:
        return problem
    account = state.accounts.get(holding_of(command.holder_id, command.programme))
    pieces: list[Piece] = []
    missing, excluded = command.quantity, 0
    for seen, lot in enumerate(() if account is None else state.lots.held(account)):
        if seen == MOST_LOTS:
            return TooFragmented(most=MOST_LOTS, path=("quantity",))
        batch = state.batches[lot.batch_id]
        if command.project_id not in (None, batch.project_id):
            continue
        if check_movable(batch, state) or check_usable(
            state, batch, command.pilot_id, command.retired_on
        ):
            excluded += lot.tonnes
            continue
        pieces.append(Piece(lot, lot.lo, min(lot.hi, lot.lo + missing)))
        missing -= pieces[-1].tonnes
        if missing == 0:
            return pieces
    return InsufficientCredits(
        path=("quantity",),
        requested=command.quantity,
        available=command.quantity - missing,
        excluded=excluded,
    )
