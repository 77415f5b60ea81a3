"""Who sees measures. Pure."""

from nzc_api.ids import OrganisationId
from nzc_api.inventories.visibility import Sight


def sees_measures(sight: Sight, operator_id: OrganisationId) -> bool:
    """Whether somebody sees the measures of an operator's pilots, and the analyses that rest on them: the operator,
    and the roles that see of every pilot what was submitted. What they cost is never public."""
    return sight.sees_unpublished(operator_id)
