"""Who follows the log, by what the API would show them. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from nzc_api.access.principals import Principal
from nzc_api.inventories.visibility import Sight, sight_of
from nzc_api.ledger.proposing.proposals_seen import programmes_seen
from nzc_api.selection.model import ApplicationSight
from nzc_api.selection.visibility import application_sight_of


@dataclass(frozen=True, slots=True)
class Viewer:
    """What somebody sees: of pilots and of applications; proposals and registries' lists of which programmes. Whose
    keys and endpoints, follows from who it is."""

    principal: Principal | None
    sight: Sight
    applications: ApplicationSight
    programmes: frozenset[str]


@lru_cache(1024)  # It is asked of each event, and callers are few.
def viewer_of(principal: Principal | None) -> Viewer:
    """What a caller sees; without a key, what is public."""
    return Viewer(
        principal,
        sight_of(principal),
        application_sight_of(principal),
        programmes_seen(principal),
    )


# Who has no key.
PUBLIC = viewer_of(None)
