"""Retiring: for a pilot and one of its accounting periods, at once or in two steps."""

from datetime import date
from typing import Any

from nzc_api.ledger.errors import (
    InsufficientCredits,
    RequestEnded,
    TooFragmented,
)
from nzc_api.ledger.model import AccountKey, AccountKind, CreditBatch, Order, RetirementRequest
from nzc_api.ledger.posting.commands import (
    ConfirmRetirement,
    EndRequest,
    RequestEnd,
    RequestRetirement,
    Retire,
    RetireQuantity,
    RetireSerials,
)
from nzc_api.ledger.posting.rules.issued_by_one import check_not_doubled
from nzc_api.ledger.posting.rules.kept_back import check_movable, check_not_exported
from nzc_api.ledger.posting.rules.outside_boundary import check_outside_boundary
from nzc_api.ledger.posting.rules.really_issued import check_vintage
from nzc_api.ledger.posting.state import MOST_LOTS, State
from nzc_api.ledger.posting.verbs.beneficiaries import check_beneficiary
from nzc_api.ledger.posting.verbs.dates import check_expiry, check_past_day
from nzc_api.ledger.posting.verbs.orders import refer
from nzc_api.ledger.posting.verbs.parts import part_of
from nzc_api.ledger.posting.verbs.pieces import check_organisation, cut, pieces_held
from nzc_api.ledger.posting.verbs.posting import (
    Decision,
    Effect,
    Piece,
    RequestClosed,
    RequestConfirmedInPart,
    RequestOpened,
    holding_of,
    move_all,
    tonnes_of,
)
from nzc_api.refusal import InvalidInput, NotFound, Refusal


def retire(state: State, command: Retire, position: int) -> Decision:
    problem = check_beneficiary(state, command.pilot_id, command.period_id) or check_past_day(
        command.retired_on, state.today, "retiredOn"
    )
    if problem is not None:
        return problem
    if isinstance(command, RetireSerials):
        pieces = _pieces_of_serials(state, command, command.retired_on)
    else:
        pieces = _pieces_of_quantity(state, command)
    if isinstance(pieces, Refusal):
        return pieces
    order = Order(position, command.retired_on, command.pilot_id, command.period_id)
    taken = refer(state, command.programme, command.reference, order)
    if taken is not None:
        return taken
    facts = _facts(
        pieces, _holder_of(state, pieces), command.programme, command.pilot_id, command.period_id
    )
    facts |= {"retired_on": str(command.retired_on), "reference": command.reference}
    target = _retirement_of(command.pilot_id, command.period_id)
    return move_all(state, position, pieces, target, facts)


def request(state: State, command: RequestRetirement, position: int) -> Decision:
    """Set serials aside; what would refuse the retirement today refuses the request."""
    problem = check_beneficiary(state, command.pilot_id, command.period_id) or check_expiry(
        command.expires_at, state.now
    )
    pieces = problem or _pieces_of_serials(state, command, state.today)
    if isinstance(pieces, Refusal):
        return pieces
    holder = _holder_of(state, pieces)
    facts = _facts(pieces, holder, command.programme, command.pilot_id, command.period_id)
    target = AccountKey(
        AccountKind.PENDING, command.programme, holder, command.pilot_id, command.period_id
    )
    return move_all(state, position, pieces, target, facts, RequestOpened(command.expires_at))


def confirm(state: State, command: ConfirmRetirement, position: int) -> Decision:
    found = _open_request(state, command)
    if isinstance(found, Refusal):
        return found
    left = _pieces_of_request(state, found)
    batch = state.batches[left[0].lot.batch_id]
    pieces = part_of(left, found, batch, command)
    if isinstance(pieces, Refusal):
        return pieces
    order = Order(position, command.retired_on, found.pilot_id, found.period_id)
    problem = (
        check_past_day(command.retired_on, state.today, "retiredOn")
        or check_movable(batch, state)
        or _check_usable(state, batch, found.pilot_id, command.retired_on)
        or refer(state, found.programme, command.reference, order)
    )
    if problem is not None:
        return problem
    facts = _facts(pieces, found.holder_id, found.programme, found.pilot_id, found.period_id) | {
        "retired_on": str(command.retired_on),
        "reference": command.reference,
        "request": found.id,
    }
    effect: Effect
    if tonnes_of(pieces) == tonnes_of(left):
        state.end_request(found.id, position)
        effect = RequestClosed(found.id, None)
    else:
        state.confirm_part(found.id, position, tonnes_of(pieces))
        effect = RequestConfirmedInPart(found.id)
    target = _retirement_of(found.pilot_id, found.period_id)
    return move_all(state, position, pieces, target, facts, effect)


def end_request(state: State, command: EndRequest, position: int) -> Decision:
    """Give what was requested back: cancelled, or past its time."""
    found = _open_request(state, command)
    if isinstance(found, Refusal):
        return found
    if command.end is RequestEnd.EXPIRED and state.now < found.expires_at:
        return InvalidInput(
            path=("request",),
            value=found.expires_at.isoformat(),
            expected_zh="已过有效期的注销申请",
            expected_en="a request whose time is over",
        )
    pieces = _pieces_of_request(state, found)
    facts = {"request": found.id, "programme": found.programme, "quantity": tonnes_of(pieces)}
    state.end_request(found.id, position)
    target = holding_of(found.holder_id, found.programme)
    return move_all(state, position, pieces, target, facts, RequestClosed(found.id, command.end))


def _pieces_of_serials(
    state: State, command: RetireSerials | RequestRetirement, day: date
) -> list[Piece] | Refusal:
    pieces = pieces_held(state, command, command.holder_id)
    if isinstance(pieces, Refusal):
        return pieces
    batch = state.batches[pieces[0].lot.batch_id]
    return _check_usable(state, batch, command.pilot_id, day) or pieces


def _pieces_of_quantity(state: State, command: RetireQuantity) -> list[Piece] | Refusal:
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
        if check_movable(batch, state) or _check_usable(
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


def _check_usable(state: State, batch: CreditBatch, pilot_id: int, day: date) -> Refusal | None:
    """Whether credits of the batch may offset the pilot on that day."""
    project = state.projects[batch.project_id]
    return (
        check_vintage(batch, day, "retiredOn")
        or check_outside_boundary(project, pilot_id, state.ground, state.pilots)
        or check_not_exported(batch, state)
        or check_not_doubled(batch, state)
    )


def _open_request(
    state: State, command: ConfirmRetirement | EndRequest
) -> RetirementRequest | Refusal:
    found = state.requests.get(command.request_id)
    if found is None or found.programme != command.programme:
        return NotFound.born_at(command.request_id, "注销申请", "retirement request", "request")
    if found.end is not None:
        return RequestEnded(path=("request",), request_id=found.id, position=found.end)
    return found


def _pieces_of_request(state: State, found: RetirementRequest) -> list[Piece]:
    """What a request still sets aside, in order of its serials."""
    pieces: list[Piece] = []
    for moved in state.posted[found.id].movements:
        pieces += cut(state.lots.covering(moved.batch_id, moved.lo, moved.hi), moved.lo, moved.hi)
    return [piece for piece in pieces if piece.lot.since == found.id]


def _holder_of(state: State, pieces: list[Piece]) -> int:
    holder = state.account_keys[pieces[0].lot.account_id].organisation_id
    assert holder is not None
    return holder


def _retirement_of(pilot_id: int, period_id: int) -> AccountKey:
    return AccountKey(AccountKind.RETIREMENT, pilot_id=pilot_id, period_id=period_id)


def _facts(
    pieces: list[Piece], holder: int, programme: str, pilot_id: int, period_id: int
) -> dict[str, Any]:
    return {
        "pilot": pilot_id, "accounting_period": period_id, "holder": holder,
        "programme": programme, "quantity": tonnes_of(pieces),
    }  # fmt: skip
