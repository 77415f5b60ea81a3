"""A registry's number names one order: its lines are for one beneficiary on one day."""

from nzc_api.ledger.errors.orders import ReferenceTaken
from nzc_api.ledger.model import Order, ReferenceKey
from nzc_api.ledger.posting.state import State


def check_one_order(
    programme: str, reference: str | None, order: Order, state: State
) -> ReferenceTaken | None:
    """Refuse a number that names another order, unless that was corrected."""
    if reference is None:
        return None
    named = state.referred_to(ReferenceKey.of(programme, reference))
    if named is None or named.is_one_with(order):
        return None
    pilot = None if named.pilot_id is None else state.pilots.get(named.pilot_id)
    return ReferenceTaken(
        path=("registry_reference",),
        programme=programme,
        reference=reference,
        posting_id=named.id,
        day=str(named.day),
        beneficiary=named.beneficiary or ("–" if pilot is None else pilot.code),
    )
