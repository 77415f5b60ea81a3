"""Who sees proposals: before they are carried out, they are nobody else's business. Pure."""

from nzc_api.access.principals import Principal, Role
from nzc_api.ledger.programmes import PROGRAMMES

# Whoever oversees registries sees what each of them proposes; a registry what is of its programmes.
OVERSEE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.REGULATOR})


def programmes_seen(principal: Principal | None) -> frozenset[str]:
    """The programmes whose proposals somebody sees; none without a key."""
    if principal is None:
        return frozenset()
    return frozenset(PROGRAMMES) if principal.role in OVERSEE else principal.programmes
