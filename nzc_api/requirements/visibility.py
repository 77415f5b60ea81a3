"""Who sees how far a pilot meets the guide's requirements. Pure."""

from nzc_api.ids import OrganisationId
from nzc_api.inventories.visibility import Sight


def sees_requirements(sight: Sight, operator_id: OrganisationId) -> bool:
    """Whether somebody sees it of an operator's pilots: the operator, and the roles that see of every pilot what was
    submitted. It tells of measures, money and posts, which are never public."""
    return sight.sees_unpublished(operator_id)
