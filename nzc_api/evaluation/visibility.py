"""Who sees evaluations. Pure."""

from nzc_api.ids import OrganisationId
from nzc_api.inventories.visibility import Sight


def sees_evaluations(sight: Sight, operator_id: OrganisationId) -> bool:
    """Whether somebody sees the evaluations of an operator's pilots: the operator, and the roles that see of every
    pilot what was submitted. Scores and findings are not public, nor are the experts."""
    return sight.sees_unpublished(operator_id)
