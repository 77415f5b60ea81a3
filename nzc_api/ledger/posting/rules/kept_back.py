"""Case 10 (exported with a corresponding adjustment), and what else holds a whole batch back."""

from nzc_api.ledger.errors.orders import (
    BatchWithdrawn,
    CreditsExported,
    CreditsFrozen,
    CreditsInvalidated,
)
from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.posting.state import State


def check_movable(batch: CreditBatch, state: State) -> CreditsInvalidated | CreditsFrozen | None:
    """Refuse to move credits of a batch that is invalidated or frozen."""
    facts = state.facts_of(batch.id)
    if facts.invalidated is not None:
        return CreditsInvalidated(
            path=("serials",), serials=str(batch.serials), position=facts.invalidated
        )
    if facts.frozen is not None:
        return CreditsFrozen(path=("serials",), serials=str(batch.serials), position=facts.frozen)
    return None


def check_standing(batch: CreditBatch) -> BatchWithdrawn | None:
    """Refuse to order anything of a batch whose issuance was taken back."""
    if batch.withdrawn_position is None:
        return None
    return BatchWithdrawn(
        path=("batch",), serials=str(batch.serials), position=batch.withdrawn_position
    )


def check_not_exported(batch: CreditBatch, state: State) -> CreditsExported | None:
    """Refuse to offset a pilot with reductions that another country counts, to give it their sink back, to export them
    again, or to withdraw them."""
    exported = state.facts_of(batch.id).exported
    if exported is None:
        return None
    return CreditsExported(path=("serials",), serials=str(batch.serials), position=exported)
