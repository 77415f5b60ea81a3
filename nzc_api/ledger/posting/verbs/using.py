"""Using credits for something else than a pilot's offset: a tonne has one purpose (rule 4)."""

from nzc_api.ledger.model import AccountKey, AccountKind, Order
from nzc_api.ledger.posting.commands import UseCredits
from nzc_api.ledger.posting.rules.issued_by_one import check_not_doubled
from nzc_api.ledger.posting.rules.really_issued import check_vintage
from nzc_api.ledger.posting.rules.sold_sinks import check_own_sink
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verbs.beneficiaries import check_beneficiary
from nzc_api.ledger.posting.verbs.dates import check_past_day
from nzc_api.ledger.posting.verbs.orders import refer
from nzc_api.ledger.posting.verbs.pieces import pieces_held
from nzc_api.ledger.posting.verbs.posting import Decision, move_all
from nzc_api.refusal import Refusal


def use(state: State, command: UseCredits, position: int) -> Decision:
    pieces = (
        _check_pilot(state, command)
        or check_past_day(command.used_on, state.today, "usedOn")
        or pieces_held(state, command, command.holder_id)
    )
    if isinstance(pieces, Refusal):
        return pieces
    batch = state.batches[pieces[0].lot.batch_id]
    problem = (
        check_vintage(batch, command.used_on, "usedOn")
        or check_not_doubled(batch, state)
        or check_own_sink(command, batch, state)
    )
    if problem is not None:
        return problem
    whose = _whose(state, command)
    order = Order(
        position, command.used_on, command.pilot_id, command.period_id, command.purpose, whose
    )
    taken = refer(state, command.programme, command.reference, order)
    if taken is not None:
        return taken
    holder = state.account_keys[pieces[0].lot.account_id].organisation_id
    facts = {
        "purpose": command.purpose, "holder": holder, "programme": command.programme,
        "used_on": str(command.used_on), "beneficiary": whose, "reference": command.reference,
        "quantity": command.serials.quantity,
    }  # fmt: skip
    if command.pilot_id is not None:
        facts |= {"pilot": command.pilot_id, "accounting_period": command.period_id}
    target = AccountKey(
        AccountKind.OTHER_USE, command.programme, holder,
        command.pilot_id, command.period_id, command.purpose,
    )  # fmt: skip
    return move_all(state, position, pieces, target, facts)


def _check_pilot(state: State, command: UseCredits) -> Refusal | None:
    if command.pilot_id is None or command.period_id is None:
        return None
    return check_beneficiary(state, command.pilot_id, command.period_id)


def _whose(state: State, command: UseCredits) -> str | None:
    """Whose use it is, in a word."""
    if command.pilot_id is None:
        return command.beneficiary
    return state.pilots[command.pilot_id].code
