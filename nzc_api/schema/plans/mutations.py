"""What changes plans."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.plans.inputs import (
    ApprovePlanInput,
    DraftPlanInput,
    ReachMilestoneInput,
    RecordCompletionInput,
    ReturnPlanInput,
    RevisePlanInput,
    SubmitPlanInput,
)
from nzc_api.schema.plans.payloads import (
    ApprovePlanPayload,
    ApprovePlanSuccess,
    DraftPlanPayload,
    DraftPlanSuccess,
    ReachMilestonePayload,
    ReachMilestoneSuccess,
    RecordCompletionPayload,
    RecordCompletionSuccess,
    ReturnPlanPayload,
    ReturnPlanSuccess,
    RevisePlanPayload,
    RevisePlanSuccess,
    SubmitPlanPayload,
    SubmitPlanSuccess,
)


@strawberry.type
class PlanMutations:
    @strawberry.mutation(
        description="Draft the first version of a pilot's plan: work packages, milestones, a budget of carbon, "
        "materials. For the pilot's operator."
    )
    async def draft_plan(
        self, info: Info, input: Annotated[DraftPlanInput, GIVEN]
    ) -> DraftPlanPayload:
        return await answer(info, input, info.context.services.plans.draft, DraftPlanSuccess)

    @strawberry.mutation(
        description="Draft the next version of a plan, with its reason: old versions stay, and what was approved "
        "is in force until the new one is. For the pilot's operator."
    )
    async def revise_plan(
        self, info: Info, input: Annotated[RevisePlanInput, GIVEN]
    ) -> RevisePlanPayload:
        return await answer(info, input, info.context.services.plans.revise, RevisePlanSuccess)

    @strawberry.mutation(description="Hand a draft in, to be decided. For the pilot's operator.")
    async def submit_plan(
        self, info: Info, input: Annotated[SubmitPlanInput, GIVEN]
    ) -> SubmitPlanPayload:
        return await answer(info, input, info.context.services.plans.submit, SubmitPlanSuccess)

    @strawberry.mutation(
        description="Approve a version that was submitted: it is in force from now on. For regulators."
    )
    async def approve_plan(
        self, info: Info, input: Annotated[ApprovePlanInput, GIVEN]
    ) -> ApprovePlanPayload:
        return await answer(info, input, info.context.services.plans.approve, ApprovePlanSuccess)

    @strawberry.mutation(
        description="Return a version that was submitted, with the reason; a new version answers it. For regulators."
    )
    async def return_plan(
        self, info: Info, input: Annotated[ReturnPlanInput, GIVEN]
    ) -> ReturnPlanPayload:
        return await answer(info, input, info.context.services.plans.send_back, ReturnPlanSuccess)

    @strawberry.mutation(
        description="Say that a milestone of the plan in force was reached, and by what that is shown. "
        "For the pilot's operator."
    )
    async def reach_milestone(
        self, info: Info, input: Annotated[ReachMilestoneInput, GIVEN]
    ) -> ReachMilestonePayload:
        return await answer(info, input, info.context.services.plans.reach, ReachMilestoneSuccess)

    @strawberry.mutation(
        description="Say when the pilot was built, and since when it runs stably: all building "
        "milestones were reached. What is said last counts. For the pilot's operator."
    )
    async def record_completion(
        self, info: Info, input: Annotated[RecordCompletionInput, GIVEN]
    ) -> RecordCompletionPayload:
        return await answer(
            info, input, info.context.services.plans.complete, RecordCompletionSuccess
        )
