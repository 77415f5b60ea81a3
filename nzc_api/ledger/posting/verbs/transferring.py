"""Transferring: exact serials, from one holder to another."""

from nzc_api.ledger.posting.commands import TransferCredits
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verbs.pieces import check_organisation, pieces_held
from nzc_api.ledger.posting.verbs.posting import Decision, holding_of, move_all
from nzc_api.refusal import Refusal


def transfer(state: State, command: TransferCredits, position: int) -> Decision:
    pieces = check_organisation(state, command.to_id, "to") or pieces_held(
        state, command, command.from_id, "from"
    )
    if isinstance(pieces, Refusal):
        return pieces
    facts = {
        "from": command.from_id, "to": command.to_id, "programme": command.programme,
        "quantity": command.serials.quantity,
    }  # fmt: skip
    return move_all(state, position, pieces, holding_of(command.to_id, command.programme), facts)
