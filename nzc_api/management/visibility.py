"""Who sees how a pilot is managed. Pure."""

from nzc_api.ids import OrganisationId
from nzc_api.inventories.visibility import Sight


def sees_management(sight: Sight, operator_id: OrganisationId) -> bool:
    """Whether somebody sees the posts, duties, rules and upkeep of an operator's pilots: the operator, and the roles
    that see of every pilot what was submitted. Who holds a post is never public."""
    return sight.sees_unpublished(operator_id)
