"""Using credits for something else than a pilot: a tonne has one purpose (rule 4)."""

from nzc_api.ledger.commands import UseCredits
from nzc_api.ledger.model import AccountKey, AccountKind, CreditBatch, Purpose
from nzc_api.ledger.rules.issued_by_one import check_not_doubled
from nzc_api.ledger.rules.kept_back import check_not_exported
from nzc_api.ledger.rules.really_issued import check_vintage
from nzc_api.ledger.state import State
from nzc_api.ledger.verbs.dates import check_past_day
from nzc_api.ledger.verbs.pieces import pieces_held
from nzc_api.ledger.verbs.posting import Decision, move_all
from nzc_api.refusal import InvalidInput, Refusal


def use(state: State, command: UseCredits, position: int) -> Decision:
    pieces = check_past_day(command.used_on, state.today, "usedOn") or pieces_held(
        state, command, command.holder_id
    )
    if isinstance(pieces, Refusal):
        return pieces
    batch = state.batches[pieces[0].lot.batch_id]
    problem = (
        check_vintage(batch, command.used_on, "usedOn")
        or check_not_doubled(batch, state)
        or _check_own_sink(state, batch, command)
    )
    if problem is not None:
        return problem
    holder = state.account_keys[pieces[0].lot.account_id].organisation_id
    facts = {
        "purpose": command.purpose, "holder": holder, "programme": command.programme,
        "used_on": str(command.used_on), "beneficiary": command.beneficiary,
        "reference": command.reference, "quantity": command.serials.quantity,
    }  # fmt: skip
    target = AccountKey(AccountKind.OTHER_USE, command.programme, holder, purpose=command.purpose)
    return move_all(state, position, pieces, target, facts)


def _check_own_sink(state: State, batch: CreditBatch, command: UseCredits) -> Refusal | None:
    """Refuse to give a sink back that was none inside a pilot, or that another country counts."""
    if command.purpose is not Purpose.OWN_SINK:
        return None
    inside = state.projects[batch.project_id].pilot_id is not None
    if batch.forestry and inside:
        return check_not_exported(batch, state)
    return InvalidInput(
        path=("purpose",),
        value=command.purpose,
        expected_zh="仅位于试点边界内的林业项目签发的减排量可为恢复自身碳汇而注销",
        expected_en="only credits of forestry inside a pilot give its sink back",
    )
