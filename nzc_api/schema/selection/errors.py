"""What refuses applications, as GraphQL."""

import nzc_api.selection.errors as selection
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.selection.enums import ApplicationState
from nzc_api.schema.selection.types import Application

# Of a kind's criteria and parts; tests count them.
MOST_ACCEPTED = 12


@explains(selection.ApplicationNotInState)
class ApplicationNotInState(UserError):
    application_state = attribute(ApplicationState, "state", "Where the application stands.")
    accepted_states = attribute(
        list[ApplicationState],
        "accepted",
        "Where it would have to.",
        at_most=len(ApplicationState),
    )

    @dear("The application.", statements=2)
    async def standing_application(self, info: Info) -> Application | None:
        return await Application.seen(info, self.domain.application_id)


@explains(selection.ApplicationDecided)
class ApplicationDecided(UserError):
    application_state = attribute(ApplicationState, "state", "What was decided.")

    @dear("The application.", statements=2)
    async def standing_application(self, info: Info) -> Application | None:
        return await Application.seen(info, self.domain.application_id)

    @dear("The pilot that was registered of it; null where it was not selected.", statements=2)
    async def registered_pilot(self, info: Info) -> Pilot | None:
        pilot_id = self.domain.pilot_id
        return None if pilot_id is None else await Pilot.seen(info, pilot_id)


@explains(selection.CriterionNotOfKind)
class CriterionNotOfKind(UserError):
    criterion = attribute(str, "criterion", "The code as it was given, shortened.")
    section = attribute(str, "section", "The guide's section on the kind.")
    accepted_criteria = attribute(
        list[str], "accepted", "The codes of its kind.", at_most=MOST_ACCEPTED
    )
