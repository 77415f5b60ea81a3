"""What changes applications."""

from typing import Annotated

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.selection.inputs import (
    ClaimCriterionInput,
    DecideApplicationInput,
    JudgeCriterionInput,
    OpenApplicationInput,
    SubmitApplicationInput,
    WithdrawApplicationInput,
)
from nzc_api.schema.selection.payloads import (
    ClaimCriterionPayload,
    ClaimCriterionSuccess,
    DecideApplicationPayload,
    DecideApplicationSuccess,
    JudgeCriterionPayload,
    JudgeCriterionSuccess,
    OpenApplicationPayload,
    OpenApplicationSuccess,
    SubmitApplicationPayload,
    SubmitApplicationSuccess,
    WithdrawApplicationPayload,
    WithdrawApplicationSuccess,
)


@strawberry.type
class SelectionMutations:
    @strawberry.mutation(
        description="Open an application for a pilot (section 二 of the guide); nobody else sees it before it is "
        "submitted. For pilot operators."
    )
    async def open_application(
        self, info: Info, input: Annotated[OpenApplicationInput, GIVEN]
    ) -> OpenApplicationPayload:
        verb = info.context.services.selection.open
        return await answer(info, input, verb, OpenApplicationSuccess)

    @strawberry.mutation(
        description="Claim that an application meets something that the guide asks, with what shows it; what was "
        "claimed before stays beside it. For its applicant, before it is submitted, or when it was returned."
    )
    async def claim_criterion(
        self, info: Info, input: Annotated[ClaimCriterionInput, GIVEN]
    ) -> ClaimCriterionPayload:
        verb = info.context.services.selection.claim
        return await answer(info, input, verb, ClaimCriterionSuccess)

    @strawberry.mutation(
        description="Hand an application in; a criterion that is not claimed refuses nothing. For its applicant."
    )
    async def submit_application(
        self, info: Info, input: Annotated[SubmitApplicationInput, GIVEN]
    ) -> SubmitApplicationPayload:
        verb = info.context.services.selection.submit
        return await answer(info, input, verb, SubmitApplicationSuccess)

    @strawberry.mutation(
        description="Take an application back that was not decided; it ends there. For its applicant."
    )
    async def withdraw_application(
        self, info: Info, input: Annotated[WithdrawApplicationInput, GIVEN]
    ) -> WithdrawApplicationPayload:
        verb = info.context.services.selection.withdraw
        return await answer(info, input, verb, WithdrawApplicationSuccess)

    @strawberry.mutation(
        description="Find whether an application that was submitted meets something that the guide asks, claimed or "
        "not; the latest finding counts, and all of them stay. For regulators."
    )
    async def judge_criterion(
        self, info: Info, input: Annotated[JudgeCriterionInput, GIVEN]
    ) -> JudgeCriterionPayload:
        verb = info.context.services.selection.judge
        return await answer(info, input, verb, JudgeCriterionSuccess)

    @strawberry.mutation(
        description="Decide an application that was submitted. SELECTED registers its pilot in the same commit, "
        "written by the applicant; RETURNED lets the applicant claim more and submit it again. For regulators."
    )
    async def decide_application(
        self, info: Info, input: Annotated[DecideApplicationInput, GIVEN]
    ) -> DecideApplicationPayload:
        verb = info.context.services.selection.decide
        return await answer(info, input, verb, DecideApplicationSuccess)
