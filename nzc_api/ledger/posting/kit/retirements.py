"""What retirements have in common: at once, requested, or confirmed."""

from datetime import date
from typing import Any, Protocol

from nzc_api.ids import OrganisationId, PeriodId, PilotId
from nzc_api.ledger.model import AccountKey, AccountKind, CreditBatch
from nzc_api.ledger.posting.kit.pieces import OfSerials, pieces_held
from nzc_api.ledger.posting.kit.posting import Piece, tonnes_of
from nzc_api.ledger.posting.rules.issued_by_one import check_not_doubled
from nzc_api.ledger.posting.rules.kept_back import check_not_exported
from nzc_api.ledger.posting.rules.outside_boundary import check_outside_boundary
from nzc_api.ledger.posting.rules.really_issued import check_vintage
from nzc_api.ledger.posting.state import State
from nzc_api.refusal import Refusal


class OfSerialsFor(OfSerials, Protocol):
    """What names exact serials, whoever holds them or a holder, and the pilot that they are for."""

    @property
    def holder_id(self) -> OrganisationId | None: ...
    @property
    def pilot_id(self) -> PilotId: ...


def pieces_for(state: State, command: OfSerialsFor, day: date) -> list[Piece] | Refusal:
    """The pieces of exact serials that may offset a pilot on a day."""
    pieces = pieces_held(state, command, command.holder_id)
    if isinstance(pieces, Refusal):
        return pieces
    batch = state.batches[pieces[0].lot.batch_id]
    return check_usable(state, batch, command.pilot_id, day) or pieces


def check_usable(state: State, batch: CreditBatch, pilot_id: PilotId, day: date) -> Refusal | None:
    """Whether credits of the batch may offset the pilot on that day."""
    project = state.projects[batch.project_id]
    return (
        check_vintage(batch, day, "retired_on")
        or check_outside_boundary(project, pilot_id, state.ground, state.pilots)
        or check_not_exported(batch, state)
        or check_not_doubled(batch, state)
    )


def holder_of(state: State, pieces: list[Piece]) -> OrganisationId:
    """Who holds the pieces."""
    holder = state.account_keys[pieces[0].lot.account_id].organisation_id
    assert holder is not None
    return holder


def retirement_of(pilot_id: PilotId, period_id: PeriodId) -> AccountKey:
    """Where what is retired for a pilot's period goes."""
    return AccountKey(AccountKind.RETIREMENT, pilot_id=pilot_id, period_id=period_id)


def facts_of(
    pieces: list[Piece], holder: int, programme: str, pilot_id: PilotId, period_id: PeriodId
) -> dict[str, Any]:
    """What the log says of the pieces."""
    return {
        "pilot": pilot_id, "accounting_period": period_id, "holder": holder,
        "programme": programme, "quantity": tonnes_of(pieces),
    }  # fmt: skip
