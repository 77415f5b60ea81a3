"""What a registry's number names."""

from nzc_api.ledger.errors import ReferenceTaken
from nzc_api.ledger.model import Order, ReferenceKey
from nzc_api.ledger.posting.rules.one_order import check_one_order
from nzc_api.ledger.posting.state import State


def refer(
    state: State, programme: str, reference: str | None, order: Order
) -> ReferenceTaken | None:
    """Let the number name the order from here on; or why it cannot."""
    taken = check_one_order(programme, reference, order, state)
    if taken is None and reference is not None:
        key = ReferenceKey.of(programme, reference)
        if state.referred_to(key) is None:
            state.refer(key, order)
    return taken
