"""What changes evaluations."""

from typing import Annotated

import strawberry

from nzc_api.schema.evaluation.inputs import (
    AnswerFindingInput,
    AppointPanelInput,
    CloseFindingInput,
    DecideEvaluationInput,
    EraseExpertNameInput,
    FollowUpInput,
    OpenEvaluationInput,
    RecordFindingInput,
    RecordSiteVisitInput,
    ScoreItemInput,
    SelfEvaluateInput,
)
from nzc_api.schema.evaluation.payloads import (
    AnswerFindingPayload,
    AnswerFindingSuccess,
    AppointPanelPayload,
    AppointPanelSuccess,
    CloseFindingPayload,
    CloseFindingSuccess,
    DecideEvaluationPayload,
    DecideEvaluationSuccess,
    EraseExpertNamePayload,
    EraseExpertNameSuccess,
    FollowUpPayload,
    FollowUpSuccess,
    OpenEvaluationPayload,
    OpenEvaluationSuccess,
    RecordFindingPayload,
    RecordFindingSuccess,
    RecordSiteVisitPayload,
    RecordSiteVisitSuccess,
    ScoreItemPayload,
    ScoreItemSuccess,
    SelfEvaluatePayload,
    SelfEvaluateSuccess,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer


@strawberry.type
class EvaluationMutations:
    @strawberry.mutation(
        description="Open an evaluation of a pilot (section 五 of the guide) that is built and has run stably for as "
        "long as the scheme asks: of a range, and of whole accounting periods. For regulators."
    )
    async def open_evaluation(
        self, info: Info, input: Annotated[OpenEvaluationInput, GIVEN]
    ) -> OpenEvaluationPayload:
        verb = info.context.services.evaluation.open
        return await answer(info, input, verb, OpenEvaluationSuccess)

    @strawberry.mutation(
        description="Say how one's own pilot did; what was said before stays. For the pilot's operator, before it is "
        "decided."
    )
    async def self_evaluate(
        self, info: Info, input: Annotated[SelfEvaluateInput, GIVEN]
    ) -> SelfEvaluatePayload:
        verb = info.context.services.evaluation.self_evaluate
        return await answer(info, input, verb, SelfEvaluateSuccess)

    @strawberry.mutation(
        description="Appoint the experts of an evaluation, after the pilot evaluated itself. A panel that is appointed "
        "later takes the place of the one before, and scores anew. For regulators."
    )
    async def appoint_panel(
        self, info: Info, input: Annotated[AppointPanelInput, GIVEN]
    ) -> AppointPanelPayload:
        verb = info.context.services.evaluation.appoint
        return await answer(info, input, verb, AppointPanelSuccess)

    @strawberry.mutation(
        description="Erase the name of an expert: it is null from then on, and nothing else changes. For regulators."
    )
    async def erase_expert_name(
        self, info: Info, input: Annotated[EraseExpertNameInput, GIVEN]
    ) -> EraseExpertNamePayload:
        verb = info.context.services.evaluation.erase_name
        return await answer(info, input, verb, EraseExpertNameSuccess)

    @strawberry.mutation(
        description="Record what the panel saw at the site. For regulators, after the panel was appointed."
    )
    async def record_site_visit(
        self, info: Info, input: Annotated[RecordSiteVisitInput, GIVEN]
    ) -> RecordSiteVisitPayload:
        verb = info.context.services.evaluation.record_visit
        return await answer(info, input, verb, RecordSiteVisitSuccess)

    @strawberry.mutation(
        description="Record what an expert of the latest panel gave for an item of the scheme: once, and it stays. For "
        "regulators, after the panel was appointed and the site visited."
    )
    async def score_item(
        self, info: Info, input: Annotated[ScoreItemInput, GIVEN]
    ) -> ScoreItemPayload:
        verb = info.context.services.evaluation.score
        return await answer(info, input, verb, ScoreItemSuccess)

    @strawberry.mutation(
        description="Record what is to be put right, or better, and by when. For regulators, after the panel was "
        "appointed."
    )
    async def record_finding(
        self, info: Info, input: Annotated[RecordFindingInput, GIVEN]
    ) -> RecordFindingPayload:
        verb = info.context.services.evaluation.find
        return await answer(info, input, verb, RecordFindingSuccess)

    @strawberry.mutation(
        description="Say what was done about a finding, also after the evaluation was decided. For the pilot's "
        "operator."
    )
    async def answer_finding(
        self, info: Info, input: Annotated[AnswerFindingInput, GIVEN]
    ) -> AnswerFindingPayload:
        verb = info.context.services.evaluation.answer
        return await answer(info, input, verb, AnswerFindingSuccess)

    @strawberry.mutation(description="Close a finding that was answered. For regulators.")
    async def close_finding(
        self, info: Info, input: Annotated[CloseFindingInput, GIVEN]
    ) -> CloseFindingPayload:
        verb = info.context.services.evaluation.close
        return await answer(info, input, verb, CloseFindingSuccess)

    @strawberry.mutation(
        description="Decide an evaluation, once, on the numbers as of a position; score and numbers stay. For "
        "regulators."
    )
    async def decide_evaluation(
        self, info: Info, input: Annotated[DecideEvaluationInput, GIVEN]
    ) -> DecideEvaluationPayload:
        verb = info.context.services.evaluation.decide
        return await answer(info, input, verb, DecideEvaluationSuccess)

    @strawberry.mutation(
        description="Say that a measure follows from an evaluation, or from a finding of it. For the pilot's operator."
    )
    async def follow_up(
        self, info: Info, input: Annotated[FollowUpInput, GIVEN]
    ) -> FollowUpPayload:
        verb = info.context.services.evaluation.follow_up
        return await answer(info, input, verb, FollowUpSuccess)
