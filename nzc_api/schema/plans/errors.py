"""What refuses plans, as GraphQL."""

import nzc_api.plans.errors as plans
from nzc_api.plans.rules import MOST_MILESTONES
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.plans.enums import PlanState
from nzc_api.schema.plans.types import Plan


@explains(plans.PlanAlreadyDrafted)
class PlanAlreadyDrafted(UserError):
    @dear("The version that was drafted last.", statements=2)
    async def latest_plan(self, info: Info) -> Plan | None:
        return await Plan.seen(info, self.domain.plan_id)


@explains(plans.PlanRevised)
class PlanRevised(UserError):
    @dear("The version that was drafted last.", statements=2)
    async def latest_plan(self, info: Info) -> Plan | None:
        return await Plan.seen(info, self.domain.latest_id)


@explains(plans.PlanNotInState)
class PlanNotInState(UserError):
    plan_state = attribute(PlanState, "state", "Where it stands.")
    accepted_plan_states = attribute(
        list[PlanState], "accepted", "Where it would have to.", at_most=len(PlanState)
    )


@explains(plans.MilestoneOutsidePlan)
class MilestoneOutsidePlan(UserError):
    milestone = attribute(str, "milestone", "Its code.")
    due_on = attribute(str, "due_on", "By which day it is due.")
    starts_on = attribute(str, "starts_on", "The plan's first day.")
    ends_on = attribute(str, "ends_on", "The plan's last day.")


@explains(plans.MilestoneNotInPlan)
class MilestoneNotInPlan(UserError):
    accepted_codes = attribute(
        list[str], "accepted", "The codes of the version's milestones.", at_most=MOST_MILESTONES
    )


@explains(plans.MilestoneAlreadyReached)
class MilestoneAlreadyReached(UserError):
    reached_on = attribute(str, "reached_on", "On which day it was.")
    reached_position = attribute(BigInt, "reached_position", "The position of that entry.")


@explains(plans.MilestonesOpen)
class MilestonesOpen(UserError):
    milestones = attribute(
        list[str], "milestones", "The codes of what was not reached.", at_most=MOST_MILESTONES
    )
