"""Everything that changes something: one verb a mutation, one union of failures each."""

from functools import partial
from typing import Annotated, Any

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.access.service import IssueApiKey
from nzc_api.inventories.model import VerifyInventory
from nzc_api.inventories.service import REVISION, SUBMISSION, VERIFICATION, Step
from nzc_api.log.store import Outcome
from nzc_api.schema.answering import GIVEN, Verb, answer
from nzc_api.schema.bulk import BulkMutation
from nzc_api.schema.context import Info
from nzc_api.schema.documents import AttachDocumentInput
from nzc_api.schema.fields import whole_inventory
from nzc_api.schema.inventories import (
    AmendInventoryInput,
    AmendInventoryLineInput,
    CreateInventoryInput,
    DiscardInventoryInput,
    InventoryInput,
    RecordEmissionSourcesInput,
    RecordSinksInput,
    RemoveInventoryLineInput,
    ReviseInventoryInput,
    submitted,
)
from nzc_api.schema.ledger_mutation import LedgerMutation
from nzc_api.schema.metering_mutation import MeteringMutation
from nzc_api.schema.organisations import (
    AmendOrganisationInput,
    IssueApiKeyInput,
    RegisterOrganisationInput,
    RevokeApiKeyInput,
)
from nzc_api.schema.payloads import (
    AmendInventoryLinePayload,
    AmendInventoryLineSuccess,
    AmendInventoryPayload,
    AmendInventorySuccess,
    AmendOrganisationPayload,
    AmendOrganisationSuccess,
    AmendPilotPayload,
    AmendPilotSuccess,
    AttachDocumentPayload,
    AttachDocumentSuccess,
    CreateInventoryPayload,
    CreateInventorySuccess,
    DiscardInventoryPayload,
    DiscardInventorySuccess,
    IssueApiKeyPayload,
    IssueApiKeySuccess,
    PlacePilotPayload,
    PlacePilotSuccess,
    RecordEmissionSourcesPayload,
    RecordEmissionSourcesSuccess,
    RecordPilotOverlapPayload,
    RecordPilotOverlapSuccess,
    RecordSinksPayload,
    RecordSinksSuccess,
    RecordTargetPayload,
    RecordTargetSuccess,
    RegisterAccountingPeriodPayload,
    RegisterAccountingPeriodSuccess,
    RegisterOrganisationPayload,
    RegisterOrganisationSuccess,
    RegisterPilotPayload,
    RegisterPilotSuccess,
    RemoveInventoryLinePayload,
    RemoveInventoryLineSuccess,
    ReviseInventoryPayload,
    ReviseInventorySuccess,
    ReviseTargetPayload,
    ReviseTargetSuccess,
    RevokeApiKeyPayload,
    RevokeApiKeySuccess,
    SubmitInventoryPayload,
    SubmitInventorySuccess,
    VerifyInventoryPayload,
    VerifyInventorySuccess,
    WithdrawAccountingPeriodPayload,
    WithdrawAccountingPeriodSuccess,
)
from nzc_api.schema.pilots import (
    AmendPilotInput,
    PlacePilotInput,
    RecordPilotOverlapInput,
    RegisterAccountingPeriodInput,
    RegisterPilotInput,
    WithdrawAccountingPeriodInput,
)
from nzc_api.schema.previews import InventoryPreview
from nzc_api.schema.proposal_mutation import ProposalMutation
from nzc_api.schema.targets import RecordTargetInput, ReviseTargetInput


@strawberry.type(
    description="Every change. Each input has an `idempotencyKey`, chosen by the client and new for each "
    "new request: the same key with the same input gets the same outcome again, flagged as "
    "`replayed`, so it is always safe to send a request again. Expected failures are members of the "
    "payload's union; top-level errors are malformed values, missing authorisation, limits and bugs."
)
class Mutation(LedgerMutation, ProposalMutation, BulkMutation, MeteringMutation):
    @strawberry.mutation(description="Register an organisation. For administrators.")
    async def register_organisation(
        self, info: Info, input: Annotated[RegisterOrganisationInput, GIVEN]
    ) -> RegisterOrganisationPayload:
        verb = info.context.services.access.register_organisation
        return await answer(info, input, verb, RegisterOrganisationSuccess)

    @strawberry.mutation(
        description="Change what an organisation is called, or its unified social credit code, from now on: as of "
        "earlier positions it stays as it was. For administrators."
    )
    async def amend_organisation(
        self, info: Info, input: Annotated[AmendOrganisationInput, GIVEN]
    ) -> AmendOrganisationPayload:
        verb = info.context.services.access.amend_organisation
        return await answer(info, input, verb, AmendOrganisationSuccess)

    @strawberry.mutation(
        description="Issue an API key to an organisation; its secret is shown once. For administrators."
    )
    async def issue_api_key(
        self, info: Info, input: Annotated[IssueApiKeyInput, GIVEN]
    ) -> IssueApiKeyPayload:
        service = info.context.services.access
        secret: str | None = None

        async def issue(caller: Principal, key: str, command: IssueApiKey) -> Outcome:
            nonlocal secret
            issued = await service.issue_api_key(caller, key, command)
            secret = issued.secret
            return issued.outcome

        answered = await answer(info, input, issue, IssueApiKeySuccess)
        if isinstance(answered, IssueApiKeySuccess):
            answered.secret = secret
        return answered

    @strawberry.mutation(description="Revoke an API key, for good. For administrators.")
    async def revoke_api_key(
        self, info: Info, input: Annotated[RevokeApiKeyInput, GIVEN]
    ) -> RevokeApiKeyPayload:
        verb = info.context.services.access.revoke_api_key
        return await answer(info, input, verb, RevokeApiKeySuccess)

    @strawberry.mutation(
        description="Register a pilot with its place and periods. For pilot operators and administrators."
    )
    async def register_pilot(
        self, info: Info, input: Annotated[RegisterPilotInput, GIVEN]
    ) -> RegisterPilotPayload:
        verb = info.context.services.pilots.register_pilot
        return await answer(info, input, verb, RegisterPilotSuccess)

    @strawberry.mutation(
        description="Change facts of a pilot from now on: its names, its days of operation, who sees what. "
        "As of earlier positions they stay what they were. For its operator and administrators."
    )
    async def amend_pilot(
        self, info: Info, input: Annotated[AmendPilotInput, GIVEN]
    ) -> AmendPilotPayload:
        verb = info.context.services.pilots.amend_pilot
        return await answer(info, input, verb, AmendPilotSuccess)

    @strawberry.mutation(
        description="Say which pilot surrounds a pilot from now on. For its operator and administrators."
    )
    async def place_pilot(
        self, info: Info, input: Annotated[PlacePilotInput, GIVEN]
    ) -> PlacePilotPayload:
        verb = info.context.services.pilots.place_pilot
        return await answer(info, input, verb, PlacePilotSuccess)

    @strawberry.mutation(
        description="Record that two pilots share ground though neither lies in the other: a portfolio of "
        "both says so. For the first one's operator and administrators."
    )
    async def record_pilot_overlap(
        self, info: Info, input: Annotated[RecordPilotOverlapInput, GIVEN]
    ) -> RecordPilotOverlapPayload:
        verb = info.context.services.pilots.record_overlap
        return await answer(info, input, verb, RecordPilotOverlapSuccess)

    @strawberry.mutation(
        description="Give a pilot one more accounting period. For its operator and administrators."
    )
    async def register_accounting_period(
        self, info: Info, input: Annotated[RegisterAccountingPeriodInput, GIVEN]
    ) -> RegisterAccountingPeriodPayload:
        verb = info.context.services.pilots.register_period
        return await answer(info, input, verb, RegisterAccountingPeriodSuccess)

    @strawberry.mutation(
        description="Take an accounting period back that was registered wrongly, as long as nothing rests on it: from "
        "now on the pilot has not got it, and another one can be registered for its days. As of earlier "
        "positions it stays. For the pilot's operator and administrators."
    )
    async def withdraw_accounting_period(
        self, info: Info, input: Annotated[WithdrawAccountingPeriodInput, GIVEN]
    ) -> WithdrawAccountingPeriodPayload:
        verb = info.context.services.pilots.withdraw_period
        return await answer(info, input, verb, WithdrawAccountingPeriodSuccess)

    @strawberry.mutation(
        description="Create an inventory of a pilot's period, as a draft. For the pilot's operator."
    )
    async def create_inventory(
        self, info: Info, input: Annotated[CreateInventoryInput, GIVEN]
    ) -> CreateInventoryPayload:
        verb = info.context.services.inventories.create
        return await answer(info, input, verb, CreateInventorySuccess)

    @strawberry.mutation(
        description="Record emission sources in a draft: all, or none. For the pilot's operator."
    )
    async def record_emission_sources(
        self, info: Info, input: Annotated[RecordEmissionSourcesInput, GIVEN]
    ) -> RecordEmissionSourcesPayload:
        verb = info.context.services.inventories.record
        return await answer(info, input, verb, RecordEmissionSourcesSuccess)

    @strawberry.mutation(
        description="Record sinks inside the boundary in a draft: all, or none. For the pilot's operator."
    )
    async def record_sinks(
        self, info: Info, input: Annotated[RecordSinksInput, GIVEN]
    ) -> RecordSinksPayload:
        verb = info.context.services.inventories.record
        return await answer(info, input, verb, RecordSinksSuccess)

    @whole_inventory(
        "Change an emission source or a sink of a draft: it is accounted anew, what there is to "
        "know of it and of lines that repeat it is found anew, and it keeps its id. For the pilot's operator."
    )
    async def amend_inventory_line(
        self, info: Info, input: Annotated[AmendInventoryLineInput, GIVEN]
    ) -> AmendInventoryLinePayload:
        verb = info.context.services.drafts.amend_line
        return await answer(info, input, verb, AmendInventoryLineSuccess)

    @whole_inventory(
        "Change a draft's own terms: its days, potentials, list, and what does not occur. Its "
        "lines are accounted anew and keep their ids; refused where one does not fit. For the pilot's "
        "operator."
    )
    async def amend_inventory(
        self, info: Info, input: Annotated[AmendInventoryInput, GIVEN]
    ) -> AmendInventoryPayload:
        verb = info.context.services.drafts.amend
        return await answer(info, input, verb, AmendInventorySuccess)

    @strawberry.mutation(
        description="Give a draft up, for good: it counts for nothing, and the version before it may be "
        "revised anew. For the pilot's operator."
    )
    async def discard_inventory(
        self, info: Info, input: Annotated[DiscardInventoryInput, GIVEN]
    ) -> DiscardInventoryPayload:
        verb = info.context.services.drafts.discard
        return await answer(info, input, verb, DiscardInventorySuccess)

    @whole_inventory("Take an emission source or a sink out of a draft. For the pilot's operator.")
    async def remove_inventory_line(
        self, info: Info, input: Annotated[RemoveInventoryLineInput, GIVEN]
    ) -> RemoveInventoryLinePayload:
        verb = info.context.services.drafts.remove_line
        return await answer(info, input, verb, RemoveInventoryLineSuccess)

    @strawberry.mutation(
        description="Submit a draft: its lines are frozen and count from now on. For the pilot's operator."
    )
    async def submit_inventory(
        self, info: Info, input: Annotated[InventoryInput, GIVEN]
    ) -> SubmitInventoryPayload:
        verb = _verb(info, input, SUBMISSION)

        async def submit(caller: Principal, key: str, command: VerifyInventory) -> Any:
            return await verb(caller, key, submitted(command))

        return await answer(info, input, submit, SubmitInventorySuccess, InventoryPreview)

    @strawberry.mutation(
        description="Verify a submitted inventory, with your opinion of it. For verifiers."
    )
    async def verify_inventory(
        self, info: Info, input: Annotated[InventoryInput, GIVEN]
    ) -> VerifyInventoryPayload:
        verb = _verb(info, input, VERIFICATION)
        return await answer(info, input, verb, VerifyInventorySuccess, InventoryPreview)

    @whole_inventory(
        "Make the next version of a submitted or verified inventory: a draft with the same "
        "days and lines, which supersedes it once it is verified. With another list or other "
        "potentials every line is accounted anew, with the list's factor of the same code, or "
        "else of the same subject. For the pilot's operator."
    )
    async def revise_inventory(
        self, info: Info, input: Annotated[ReviseInventoryInput, GIVEN]
    ) -> ReviseInventoryPayload:
        verb = _verb(info, input, REVISION)
        return await answer(info, input, verb, ReviseInventorySuccess, InventoryPreview)

    @strawberry.mutation(
        description="Attach a document to an emission source, a sink, an inventory, a target or a pilot: NZC keeps "
        "its SHA-256, not its bytes. For the pilot's operator."
    )
    async def attach_document(
        self, info: Info, input: Annotated[AttachDocumentInput, GIVEN]
    ) -> AttachDocumentPayload:
        verb = info.context.services.documents.attach
        return await answer(info, input, verb, AttachDocumentSuccess)

    @strawberry.mutation(
        description="Record a pilot's target: ceilings that fall step by step from its baseline to zero. For the "
        "pilot's operator."
    )
    async def record_target(
        self, info: Info, input: Annotated[RecordTargetInput, GIVEN]
    ) -> RecordTargetPayload:
        return await answer(info, input, info.context.services.targets.record, RecordTargetSuccess)

    @strawberry.mutation(
        description="Make the next version of a target, with its reason; as of earlier positions the one before "
        "stands. For the pilot's operator."
    )
    async def revise_target(
        self, info: Info, input: Annotated[ReviseTargetInput, GIVEN]
    ) -> ReviseTargetPayload:
        return await answer(info, input, info.context.services.targets.revise, ReviseTargetSuccess)


def _verb(info: Info, given: InventoryInput | ReviseInventoryInput, step: Step[Any]) -> Verb:
    """A step on an inventory's way, taken or only previewed."""
    inventories = info.context.services.inventories
    return partial(inventories.preview if given.dry_run else inventories.take, step)
