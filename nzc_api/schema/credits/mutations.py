"""What changes the ledger, one verb a mutation, one union of failures each; those of many and proposals lie beside."""

from collections.abc import Awaitable
from functools import partial
from typing import Annotated, TypeVar

import strawberry

from nzc_api.ledger.posting.command import Command
from nzc_api.schema.credits.inputs import (
    IssueCreditsInput,
    RetireCreditsInput,
    TransferCreditsInput,
)
from nzc_api.schema.credits.order_inputs import (
    CancelRetirementRequestInput,
    ConfirmRetirementInput,
    CorrectPostingInput,
    FreezeCreditsInput,
    InvalidateCreditsInput,
    RecordExportInput,
    RequestRetirementInput,
    ResolveDoubleIssuanceInput,
    UnfreezeCreditsInput,
    UseCreditsInput,
)
from nzc_api.schema.credits.payloads import (
    AmendProjectPayload,
    AmendProjectSuccess,
    CancelRetirementRequestPayload,
    CancelRetirementRequestSuccess,
    ConfirmRetirementPayload,
    ConfirmRetirementSuccess,
    CorrectPostingPayload,
    CorrectPostingSuccess,
    EnrolProjectPayload,
    EnrolProjectSuccess,
    FreezeCreditsPayload,
    FreezeCreditsSuccess,
    InvalidateCreditsPayload,
    InvalidateCreditsSuccess,
    IssueCreditsPayload,
    IssueCreditsSuccess,
    RecordExportPayload,
    RecordExportSuccess,
    RegisterProjectPayload,
    RegisterProjectSuccess,
    RequestRetirementPayload,
    RequestRetirementSuccess,
    ResolveDoubleIssuancePayload,
    ResolveDoubleIssuanceSuccess,
    ResolveSameSitePayload,
    ResolveSameSiteSuccess,
    RetireCreditsPayload,
    RetireCreditsSuccess,
    TransferCreditsPayload,
    TransferCreditsSuccess,
    UnfreezeCreditsPayload,
    UnfreezeCreditsSuccess,
    UseCreditsPayload,
    UseCreditsSuccess,
)
from nzc_api.schema.credits.previews import LedgerPreview
from nzc_api.schema.credits.project_inputs import (
    AmendProjectInput,
    EnrolProjectInput,
    RegisterProjectInput,
    ResolveSameSiteInput,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import Failure
from nzc_api.schema.kit.mutations import GIVEN, DryRunInput, S, answer_or_preview


@strawberry.type
class CreditMutations:
    @strawberry.mutation(
        description="Register a project: the physical activity. For registries and administrators."
    )
    async def register_project(
        self, info: Info, input: Annotated[RegisterProjectInput, GIVEN]
    ) -> RegisterProjectPayload:
        ledger = info.context.services.ledger
        return await answer_or_preview(
            info,
            input,
            ledger.register_project,
            RegisterProjectSuccess,
            rehearsal=ledger.preview_project,
            preview=LedgerPreview,
        )

    @strawberry.mutation(
        description="Change where a project is, which pilot it lies in, and what it is called, from now on: as of "
        "earlier positions it stays as it was. For registries and administrators."
    )
    async def amend_project(
        self, info: Info, input: Annotated[AmendProjectInput, GIVEN]
    ) -> AmendProjectPayload:
        sites = info.context.services.sites
        return await answer_or_preview(
            info,
            input,
            sites.amend_project,
            AmendProjectSuccess,
            rehearsal=sites.preview_amendment,
            preview=LedgerPreview,
        )

    @strawberry.mutation(
        description="Say what was found of a pilot and of another pilot or a project at its site, once. For "
        "administrators."
    )
    async def resolve_same_site(
        self, info: Info, input: Annotated[ResolveSameSiteInput, GIVEN]
    ) -> ResolveSameSitePayload:
        sites = info.context.services.sites
        return await answer_or_preview(
            info,
            input,
            sites.resolve,
            ResolveSameSiteSuccess,
            rehearsal=sites.preview_resolution,
            preview=LedgerPreview,
        )

    @strawberry.mutation(
        description="Record a project's registration (项目登记) in a programme. For registries of the "
        "programme and administrators."
    )
    async def enrol_project(
        self, info: Info, input: Annotated[EnrolProjectInput, GIVEN]
    ) -> EnrolProjectPayload:
        ledger = info.context.services.ledger
        return await answer_or_preview(
            info,
            input,
            ledger.enrol_project,
            EnrolProjectSuccess,
            rehearsal=ledger.preview_enrolment,
            preview=LedgerPreview,
        )

    @strawberry.mutation(
        description="Issue a serial block of credits (减排量登记) to a holder. For registries of the programme."
    )
    async def issue_credits(
        self, info: Info, input: Annotated[IssueCreditsInput, GIVEN]
    ) -> IssueCreditsPayload:
        return await post(info, input, IssueCreditsSuccess)

    @strawberry.mutation(
        description="Transfer exact serials from one holder to another. For registries of the programme."
    )
    async def transfer_credits(
        self, info: Info, input: Annotated[TransferCreditsInput, GIVEN]
    ) -> TransferCreditsPayload:
        return await post(info, input, TransferCreditsSuccess)

    @strawberry.mutation(
        description="Retire credits (注销) for a pilot and one of its accounting periods, for good. For "
        "registries of the programme."
    )
    async def retire_credits(
        self, info: Info, input: Annotated[RetireCreditsInput, GIVEN]
    ) -> RetireCreditsPayload:
        return await post(info, input, RetireCreditsSuccess)

    @strawberry.mutation(
        description="Set credits aside for a retirement that the registry is yet to confirm. For "
        "registries of the programme."
    )
    async def request_retirement(
        self, info: Info, input: Annotated[RequestRetirementInput, GIVEN]
    ) -> RequestRetirementPayload:
        return await post(info, input, RequestRetirementSuccess)

    @strawberry.mutation(
        description="Confirm a requested retirement with the registry's own day and number: only now it "
        "counts. For registries of the programme."
    )
    async def confirm_retirement(
        self, info: Info, input: Annotated[ConfirmRetirementInput, GIVEN]
    ) -> ConfirmRetirementPayload:
        return await post(info, input, ConfirmRetirementSuccess)

    @strawberry.mutation(
        description="Cancel a requested retirement: its holder has the credits again. For registries of "
        "the programme."
    )
    async def cancel_retirement_request(
        self, info: Info, input: Annotated[CancelRetirementRequestInput, GIVEN]
    ) -> CancelRetirementRequestPayload:
        return await post(info, input, CancelRetirementRequestSuccess)

    @strawberry.mutation(
        description="Use credits for something else than a pilot: ETS compliance, an event, the public "
        "good. They never count in a net. For registries of the programme."
    )
    async def use_credits(
        self, info: Info, input: Annotated[UseCreditsInput, GIVEN]
    ) -> UseCreditsPayload:
        return await post(info, input, UseCreditsSuccess)

    @strawberry.mutation(
        description="Freeze credits, by order of a court or the registry. For registries of the "
        "programme."
    )
    async def freeze_credits(
        self, info: Info, input: Annotated[FreezeCreditsInput, GIVEN]
    ) -> FreezeCreditsPayload:
        return await post(info, input, FreezeCreditsSuccess)

    @strawberry.mutation(description="Unfreeze credits. For registries of the programme.")
    async def unfreeze_credits(
        self, info: Info, input: Annotated[UnfreezeCreditsInput, GIVEN]
    ) -> UnfreezeCreditsPayload:
        return await post(info, input, UnfreezeCreditsSuccess)

    @strawberry.mutation(
        description="Invalidate credits that their issuer revoked or whose reductions were reversed, "
        "retired ones too. For registries of the programme."
    )
    async def invalidate_credits(
        self, info: Info, input: Annotated[InvalidateCreditsInput, GIVEN]
    ) -> InvalidateCreditsPayload:
        return await _ordered_alone(info, input, InvalidateCreditsSuccess)

    @strawberry.mutation(
        description="Record that a batch was exported with a corresponding adjustment: it cannot serve a "
        "pilot any more. For registries of the programme."
    )
    async def record_export(
        self, info: Info, input: Annotated[RecordExportInput, GIVEN]
    ) -> RecordExportPayload:
        return await post(info, input, RecordExportSuccess)

    @strawberry.mutation(
        description="Correct a clerical error of ours: a linked reversal of an issuance, while whoever it was issued "
        "to holds all of it, so that its serials can be issued rightly; of a retirement, another use or a transfer; of "
        "an invalidation or an export; with evidence. For registries of the programme."
    )
    async def correct_posting(
        self, info: Info, input: Annotated[CorrectPostingInput, GIVEN]
    ) -> CorrectPostingPayload:
        return await _ordered_alone(info, input, CorrectPostingSuccess)

    @strawberry.mutation(description="Resolve a suspected double issuance. For administrators.")
    async def resolve_double_issuance(
        self, info: Info, input: Annotated[ResolveDoubleIssuanceInput, GIVEN]
    ) -> ResolveDoubleIssuancePayload:
        ledger = info.context.services.ledger
        return await answer_or_preview(
            info,
            input,
            ledger.resolve_double_issuance,
            ResolveDoubleIssuanceSuccess,
            rehearsal=ledger.preview_resolution,
            preview=LedgerPreview,
        )


def post(
    info: Info, given: DryRunInput[Command], success: type[S]
) -> Awaitable[S | LedgerPreview | Failure]:
    """Post a command, or only preview it."""
    ledger = info.context.services.ledger
    return answer_or_preview(
        info, given, ledger.post, success, rehearsal=ledger.preview, preview=LedgerPreview
    )


Order = TypeVar("Order", InvalidateCreditsSuccess, CorrectPostingSuccess)


async def _ordered_alone(
    info: Info, given: DryRunInput[Command], success: type[Order]
) -> Order | LedgerPreview | Failure:
    """Do what one person may order of so many tonnes; what the same request ordered before counts with it."""
    context = info.context
    ledger = context.services.ledger
    answered = await answer_or_preview(
        info,
        given,
        partial(ledger.post, alone=context.ordered_alone),
        success,
        rehearsal=partial(ledger.preview, alone=context.ordered_alone),
        preview=LedgerPreview,
    )
    if isinstance(answered, success) and not answered.replayed:
        context.ordered_alone += answered.posting.domain.quantity
    return answered
