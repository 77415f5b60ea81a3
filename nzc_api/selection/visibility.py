"""Who sees which applications. Pure; the store says the same in SQL."""

from nzc_api.access.principals import Principal, Role
from nzc_api.ids import OrganisationId
from nzc_api.selection.model import ApplicationSight

# What NZC itself sees where it decides what somebody does.
EVERYTHING = ApplicationSight(everything=True)

_OF_ROLES = {
    Role.ADMINISTRATOR: EVERYTHING,
    Role.AUDITOR: ApplicationSight(handed_in=True),
    Role.REGULATOR: ApplicationSight(handed_in=True),
}


def application_sight_of(principal: Principal | None) -> ApplicationSight:
    """An applicant sees its own; who decides and who audits, those that were submitted; nobody else any."""
    if principal is None:
        return ApplicationSight()
    if principal.role is Role.PILOT_OPERATOR:
        return ApplicationSight(operator_id=principal.organisation_id)
    return _OF_ROLES.get(principal.role, ApplicationSight())


def sees_application(
    sight: ApplicationSight, operator_id: OrganisationId, *, handed_in: bool
) -> bool:
    """Whether somebody sees an application of an operator; ``handed_in``: it was submitted by then."""
    if sight.everything or sight.operator_id == operator_id:
        return True
    return sight.handed_in and handed_in
