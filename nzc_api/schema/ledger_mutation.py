"""Every change of the ledger: one verb a mutation, one union of failures each."""

from functools import partial
from typing import Annotated, Any, Protocol

import strawberry

from nzc_api.schema.answering import GIVEN, Input, Verb, answer
from nzc_api.schema.context import Info
from nzc_api.schema.credits import (
    EnrolProjectInput,
    IssueCreditsInput,
    RegisterProjectInput,
    RetireCreditsInput,
    TransferCreditsInput,
)
from nzc_api.schema.ledger_payloads import (
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
from nzc_api.schema.ledger_previews import LedgerPreview
from nzc_api.schema.orders import (
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
from nzc_api.schema.sites import AmendProjectInput, ResolveSameSiteInput


@strawberry.type
class LedgerMutation:
    @strawberry.mutation(
        description="Register a project: the physical activity. For registries and administrators."
    )
    async def register_project(
        self, info: Info, input: Annotated[RegisterProjectInput, GIVEN]
    ) -> RegisterProjectPayload:
        ledger = info.context.services.ledger
        verb = ledger.preview_project if input.dry_run else ledger.register_project
        return await answer(info, input, verb, RegisterProjectSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Change where a project is, which pilot it lies in, and what it is called, from now on: as of "
        "earlier positions it stays as it was. For registries and administrators."
    )
    async def amend_project(
        self, info: Info, input: Annotated[AmendProjectInput, GIVEN]
    ) -> AmendProjectPayload:
        verb = info.context.services.sites.amend_project
        return await answer(info, input, verb, AmendProjectSuccess)

    @strawberry.mutation(
        description="Say what was found of a pilot and of another pilot or a project at its site, once. For "
        "administrators."
    )
    async def resolve_same_site(
        self, info: Info, input: Annotated[ResolveSameSiteInput, GIVEN]
    ) -> ResolveSameSitePayload:
        verb = info.context.services.sites.resolve
        return await answer(info, input, verb, ResolveSameSiteSuccess)

    @strawberry.mutation(
        description="Record a project's registration (项目登记) in a programme. For registries of the "
        "programme and administrators."
    )
    async def enrol_project(
        self, info: Info, input: Annotated[EnrolProjectInput, GIVEN]
    ) -> EnrolProjectPayload:
        ledger = info.context.services.ledger
        verb = ledger.preview_enrolment if input.dry_run else ledger.enrol_project
        return await answer(info, input, verb, EnrolProjectSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Issue a serial block of credits (减排量登记) to a holder. For registries of the programme."
    )
    async def issue_credits(
        self, info: Info, input: Annotated[IssueCreditsInput, GIVEN]
    ) -> IssueCreditsPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, IssueCreditsSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Transfer exact serials from one holder to another. For registries of the programme."
    )
    async def transfer_credits(
        self, info: Info, input: Annotated[TransferCreditsInput, GIVEN]
    ) -> TransferCreditsPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, TransferCreditsSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Retire credits (注销) for a pilot and one of its accounting periods, for good. For "
        "registries of the programme."
    )
    async def retire_credits(
        self, info: Info, input: Annotated[RetireCreditsInput, GIVEN]
    ) -> RetireCreditsPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, RetireCreditsSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Set credits aside for a retirement that the registry is yet to confirm. For "
        "registries of the programme."
    )
    async def request_retirement(
        self, info: Info, input: Annotated[RequestRetirementInput, GIVEN]
    ) -> RequestRetirementPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, RequestRetirementSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Confirm a requested retirement with the registry's own day and number: only now it "
        "counts. For registries of the programme."
    )
    async def confirm_retirement(
        self, info: Info, input: Annotated[ConfirmRetirementInput, GIVEN]
    ) -> ConfirmRetirementPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, ConfirmRetirementSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Cancel a requested retirement: its holder has the credits again. For registries of "
        "the programme."
    )
    async def cancel_retirement_request(
        self, info: Info, input: Annotated[CancelRetirementRequestInput, GIVEN]
    ) -> CancelRetirementRequestPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, CancelRetirementRequestSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Use credits for something else than a pilot: ETS compliance, an event, the public "
        "good. They never count in a net. For registries of the programme."
    )
    async def use_credits(
        self, info: Info, input: Annotated[UseCreditsInput, GIVEN]
    ) -> UseCreditsPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, UseCreditsSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Freeze credits, by order of a court or the registry. For registries of the "
        "programme."
    )
    async def freeze_credits(
        self, info: Info, input: Annotated[FreezeCreditsInput, GIVEN]
    ) -> FreezeCreditsPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, FreezeCreditsSuccess, LedgerPreview)

    @strawberry.mutation(description="Unfreeze credits. For registries of the programme.")
    async def unfreeze_credits(
        self, info: Info, input: Annotated[UnfreezeCreditsInput, GIVEN]
    ) -> UnfreezeCreditsPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, UnfreezeCreditsSuccess, LedgerPreview)

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
        verb = posting(info, input)
        return await answer(info, input, verb, RecordExportSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Correct a clerical error of ours: a linked reversal of an issuance that nothing has moved of, "
        "whose serials can then be issued rightly; of a retirement, another use or a transfer; of an invalidation or "
        "an export; with evidence. For registries of the programme."
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
        verb = ledger.preview_resolution if input.dry_run else ledger.resolve_double_issuance
        return await answer(info, input, verb, ResolveDoubleIssuanceSuccess, LedgerPreview)


class Rehearsable(Input, Protocol):
    dry_run: bool


def posting(info: Info, given: Rehearsable) -> Verb:
    """Posting a command, or only previewing it."""
    ledger = info.context.services.ledger
    return ledger.preview if given.dry_run else ledger.post


async def _ordered_alone(info: Info, given: Rehearsable, success: Any) -> Any:
    """Do what one person may order of so many tonnes; what the same request ordered before counts with it."""
    context = info.context
    ledger = context.services.ledger
    verb = partial(ledger.preview if given.dry_run else ledger.post, alone=context.ordered_alone)
    answered = await answer(info, given, verb, success, LedgerPreview)
    if isinstance(answered, success) and not answered.replayed:
        context.ordered_alone += answered.posting.domain.quantity
    return answered
