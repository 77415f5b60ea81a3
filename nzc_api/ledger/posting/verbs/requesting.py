"""Requesting a retirement: exact serials are set aside, until their registry confirms it."""

from dataclasses import dataclass
from datetime import datetime

from nzc_api.ids import OrganisationId, PeriodId, PilotId, Position
from nzc_api.ledger.model import AccountKey, AccountKind
from nzc_api.ledger.posting.kit.beneficiaries import check_beneficiary
from nzc_api.ledger.posting.kit.dates import check_expiry
from nzc_api.ledger.posting.kit.needs import CreditedAccounts, Needs
from nzc_api.ledger.posting.kit.posting import Decision, RequestOpened, move_all
from nzc_api.ledger.posting.kit.retirements import facts_of, holder_of, pieces_for
from nzc_api.ledger.posting.kit.verb import Verb
from nzc_api.ledger.posting.rules.quantity import check_range
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import Refusal


@dataclass(frozen=True, slots=True)
class RequestRetirement:
    """Set exact serials aside for a retirement that the registry is yet to confirm."""

    serials: SerialRange
    programme: str
    holder_id: OrganisationId | None
    quantity: int | None
    pilot_id: PilotId
    period_id: PeriodId
    expires_at: datetime


def malformed(command: RequestRetirement) -> Refusal | None:
    return check_range(command.serials)


def needs(command: RequestRetirement) -> Needs:
    return Needs(
        serials=command.serials,
        organisations=(command.holder_id,),
        beneficiary=(command.pilot_id, command.period_id),
        credited=CreditedAccounts.OWN,
    )


def request(state: State, command: RequestRetirement, position: Position) -> Decision:
    """Set serials aside; what would refuse the retirement today refuses the request."""
    problem = check_beneficiary(state, command.pilot_id, command.period_id) or check_expiry(
        command.expires_at, state.now
    )
    pieces = problem or pieces_for(state, command, state.today)
    if isinstance(pieces, Refusal):
        return pieces
    holder = holder_of(state, pieces)
    facts = facts_of(pieces, holder, command.programme, command.pilot_id, command.period_id)
    target = AccountKey(
        AccountKind.PENDING, command.programme, holder, command.pilot_id, command.period_id
    )
    opened = RequestOpened(command.expires_at)
    return move_all(state, position, EntryKind.RETIREMENT_REQUESTED, pieces, target, facts, opened)


VERB = Verb(
    name="requestRetirement",
    command=RequestRetirement,
    malformed=malformed,
    needs=needs,
    decide=request,
    kinds={EntryKind.RETIREMENT_REQUESTED: None},
)
