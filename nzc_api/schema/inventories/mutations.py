"""What changes inventories and their lines."""

from collections.abc import Awaitable
from functools import partial
from typing import Annotated

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.inventories import preview as domain
from nzc_api.inventories.model import VerifyInventory
from nzc_api.inventories.service import REVISION, SUBMISSION, VERIFICATION, InventoryStep
from nzc_api.log.model import Outcome
from nzc_api.schema.inventories.creation import NewInventoryPreview
from nzc_api.schema.inventories.inputs import (
    AmendInventoryInput,
    CreateInventoryInput,
    DiscardInventoryInput,
    InventoryInput,
    ReviseInventoryInput,
    submitted,
)
from nzc_api.schema.inventories.line_inputs import (
    AmendInventoryLineInput,
    RecordEmissionSourcesInput,
    RecordSinksInput,
    RemoveInventoryLineInput,
)
from nzc_api.schema.inventories.payloads import (
    AmendInventoryLinePayload,
    AmendInventoryLineSuccess,
    AmendInventoryPayload,
    AmendInventorySuccess,
    CreateInventoryPayload,
    CreateInventorySuccess,
    DiscardInventoryPayload,
    DiscardInventorySuccess,
    RecordEmissionSourcesPayload,
    RecordEmissionSourcesSuccess,
    RecordSinksPayload,
    RecordSinksSuccess,
    RemoveInventoryLinePayload,
    RemoveInventoryLineSuccess,
    ReviseInventoryPayload,
    ReviseInventorySuccess,
    SubmitInventoryPayload,
    SubmitInventorySuccess,
    VerifyInventoryPayload,
    VerifyInventorySuccess,
)
from nzc_api.schema.inventories.previews import InventoryPreview
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import Failure
from nzc_api.schema.kit.fields import whole_inventory
from nzc_api.schema.kit.mutations import GIVEN, C, DryRunInput, S, answer, answer_or_preview


@strawberry.type
class InventoryMutations:
    @strawberry.mutation(
        description="Create an inventory of a pilot's period, as a draft, with the lines that it begins with: all of "
        "them, or nothing. For the pilot's operator."
    )
    async def create_inventory(
        self, info: Info, input: Annotated[CreateInventoryInput, GIVEN]
    ) -> CreateInventoryPayload:
        creation = info.context.services.creation
        return await answer_or_preview(
            info,
            input,
            creation.create,
            CreateInventorySuccess,
            rehearsal=creation.preview,
            preview=NewInventoryPreview,
        )

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
        inventories = info.context.services.inventories

        async def submit(caller: Principal, key: str, command: VerifyInventory) -> Outcome:
            return await inventories.take(SUBMISSION, caller, key, submitted(command))

        async def rehearse(
            caller: Principal, key: str, command: VerifyInventory
        ) -> domain.InventoryPreview | Outcome:
            return await inventories.preview(SUBMISSION, caller, key, submitted(command))

        return await answer_or_preview(
            info,
            input,
            submit,
            SubmitInventorySuccess,
            rehearsal=rehearse,
            preview=InventoryPreview,
        )

    @strawberry.mutation(
        description="Verify a submitted inventory, with your opinion of it. For verifiers."
    )
    async def verify_inventory(
        self, info: Info, input: Annotated[InventoryInput, GIVEN]
    ) -> VerifyInventoryPayload:
        return await _take(info, input, VERIFICATION, VerifyInventorySuccess)

    @whole_inventory(
        "Make the next version of a submitted or verified inventory: a draft with the same "
        "days and lines, which supersedes it once it is verified. With another list or other "
        "potentials every line is accounted anew, with the list's factor of the same code, or "
        "else of the same subject. For the pilot's operator."
    )
    async def revise_inventory(
        self, info: Info, input: Annotated[ReviseInventoryInput, GIVEN]
    ) -> ReviseInventoryPayload:
        return await _take(info, input, REVISION, ReviseInventorySuccess)


def _take(
    info: Info, given: DryRunInput[C], step: InventoryStep[C], success: type[S]
) -> Awaitable[S | InventoryPreview | Failure]:
    """Take a step on an inventory's way, or only preview it."""
    inventories = info.context.services.inventories
    return answer_or_preview(
        info,
        given,
        partial(inventories.take, step),
        success,
        rehearsal=partial(inventories.preview, step),
        preview=InventoryPreview,
    )
