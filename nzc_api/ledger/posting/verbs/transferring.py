"""Transferring: exact serials, from one holder to another."""

from dataclasses import dataclass

from nzc_api.ids import OrganisationId, Position
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.kit.pieces import check_organisation, pieces_held
from nzc_api.ledger.posting.kit.posting import Decision, holding_of, move_all
from nzc_api.ledger.posting.kit.verb import Correction, Verb
from nzc_api.ledger.posting.rules.quantity import check_range
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import InvalidInput, Refusal


@dataclass(frozen=True, slots=True)
class TransferCredits:
    """Move an exact serial range from one holder to another."""

    serials: SerialRange
    programme: str
    from_id: OrganisationId
    to_id: OrganisationId
    quantity: int | None


def malformed(command: TransferCredits) -> Refusal | None:
    return check_range(command.serials) or _check_two_holders(command)


def needs(command: TransferCredits) -> Needs:
    return Needs(serials=command.serials, organisations=(command.from_id, command.to_id))


def transfer(state: State, command: TransferCredits, position: Position) -> Decision:
    """Move exact serials, a tonne each, from one holder to another; they count for nobody by that.

    Refused: serials of which ``from_id`` has not all (`SerialsNotHeld`), and what holds them back: frozen, invalidated
    or withdrawn.
    """
    pieces = check_organisation(state, command.to_id, "to") or pieces_held(
        state, command, command.from_id, "from"
    )
    if isinstance(pieces, Refusal):
        return pieces
    facts = {
        "from": command.from_id, "to": command.to_id, "programme": command.programme,
        "quantity": command.serials.quantity,
    }  # fmt: skip
    target = holding_of(command.to_id, command.programme)
    return move_all(state, position, EntryKind.CREDITS_TRANSFERRED, pieces, target, facts)


VERB = Verb(
    name="transferCredits",
    command=TransferCredits,
    malformed=malformed,
    needs=needs,
    decide=transfer,
    kinds={EntryKind.CREDITS_TRANSFERRED: Correction()},
)


def _check_two_holders(command: TransferCredits) -> Refusal | None:
    if command.from_id != command.to_id:
        return None
    return InvalidInput(
        path=("to",),
        value=str(command.to_id),
        position=command.to_id,
        expected_zh="与转出方不同的持有者",
        expected_en="another holder than the one it comes from",
    )
