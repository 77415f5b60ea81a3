"""Who sees meters and their readings. Pure."""

from nzc_api.ids import OrganisationId
from nzc_api.inventories.visibility import Sight


def sees_meters(sight: Sight, operator_id: OrganisationId) -> bool:
    """Whether somebody sees the meters of an operator's pilots: the operator, and the roles that see of every
    pilot what was submitted. What is metered every hour says who is at home: it is never public."""
    return sight.sees_unpublished(operator_id)
