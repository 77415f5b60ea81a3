"""A registry's own number for what it did: what it is, and what it names."""

from nzc_api.ledger.errors.orders import ReferenceTaken
from nzc_api.ledger.model import Order, ReferenceKey
from nzc_api.ledger.posting.rules.one_order import check_one_order
from nzc_api.ledger.posting.state import State
from nzc_api.numbers import check_number
from nzc_api.refusal import Refusal


def check_reference(reference: str | None) -> Refusal | None:
    """Refuse what is no registry's number, where one is given."""
    return None if reference is None else check_number(reference, "registry_reference")


def reference_key(programme: str, reference: str | None) -> ReferenceKey | None:
    """The number as a key, where one is given."""
    return None if reference is None else ReferenceKey.of(programme, reference)


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
