"""What refuses to manage, as GraphQL."""

import nzc_api.management.errors as management
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.management.enums import ManagedThing
from nzc_api.schema.management.types import Appointment, ManagementRule, Post


@explains(management.PostCodeTaken)
class PostCodeTaken(UserError):
    @dear("The post that has it; null where you do not see it.", statements=3)
    async def other_post(self, info: Info) -> Post | None:
        return await Post.seen(info, self.domain.post_id)


@explains(management.ManagementFull)
class ManagementFull(UserError):
    thing = attribute(ManagedThing, "thing", "Of what.")
    most = attribute(int, "most", "How many a pilot may have.")


@explains(management.AppointmentOutOfOrder)
class AppointmentOutOfOrder(UserError):
    since = attribute(str, "since", "Since when it is recorded who holds the post.")

    @dear("The post; null where you do not see it.", statements=3)
    async def held_post(self, info: Info) -> Post | None:
        return await Post.seen(info, self.domain.post_id)


@explains(management.HolderNameNotKept)
class HolderNameNotKept(UserError):
    @dear("The appointment; null where you do not see it.", statements=4)
    async def given_appointment(self, info: Info) -> Appointment | None:
        return await Appointment.seen(info, self.domain.appointment_id)


@explains(management.RuleRepealed)
class RuleRepealed(UserError):
    last_day = attribute(str, "last_day", "The last day on which it is in force.")

    @dear("The rule; null where you do not see it.", statements=3)
    async def repealed_rule(self, info: Info) -> ManagementRule | None:
        return await ManagementRule.seen(info, self.domain.rule_id)
