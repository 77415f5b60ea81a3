"""Many commands in one request: a mutation a command."""

from typing import Annotated

import strawberry

from nzc_api.schema.credits.bulk import BulkOutcomes
from nzc_api.schema.credits.bulk_answers import answer_all
from nzc_api.schema.credits.bulk_inputs import (
    ConfirmRetirementBulkInput,
    FreezeCreditsBulkInput,
    IssueCreditsBulkInput,
    RequestRetirementBulkInput,
    RetireCreditsBulkInput,
    TransferCreditsBulkInput,
    UseCreditsBulkInput,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import IdempotencyKeyReused
from nzc_api.schema.kit.errors import InvalidInput as InvalidInputError
from nzc_api.schema.kit.mutations import GIVEN
from nzc_api.schema.kit.payloads import union

Answered = BulkOutcomes | InvalidInputError | IdempotencyKeyReused

IssueCreditsBulkPayload = Annotated[Answered, union("IssueCreditsBulkPayload")]
TransferCreditsBulkPayload = Annotated[Answered, union("TransferCreditsBulkPayload")]
RetireCreditsBulkPayload = Annotated[Answered, union("RetireCreditsBulkPayload")]
RequestRetirementBulkPayload = Annotated[Answered, union("RequestRetirementBulkPayload")]
ConfirmRetirementBulkPayload = Annotated[Answered, union("ConfirmRetirementBulkPayload")]
UseCreditsBulkPayload = Annotated[Answered, union("UseCreditsBulkPayload")]
FreezeCreditsBulkPayload = Annotated[Answered, union("FreezeCreditsBulkPayload")]


@strawberry.type
class BulkMutations:
    @strawberry.mutation(
        description="Issue up to 1,000 serial blocks. For registries of the programmes."
    )
    async def issue_credits_bulk(
        self, info: Info, input: Annotated[IssueCreditsBulkInput, GIVEN]
    ) -> IssueCreditsBulkPayload:
        return await answer_all(info, input, "CreditBatch")

    @strawberry.mutation(
        description="Transfer up to 1,000 serial ranges. For registries of the programmes."
    )
    async def transfer_credits_bulk(
        self, info: Info, input: Annotated[TransferCreditsBulkInput, GIVEN]
    ) -> TransferCreditsBulkPayload:
        return await answer_all(info, input, "CreditTransfer")

    @strawberry.mutation(
        description="Retire up to 1,000 times (注销), each for a pilot and period of its own. For "
        "registries of the programmes."
    )
    async def retire_credits_bulk(
        self, info: Info, input: Annotated[RetireCreditsBulkInput, GIVEN]
    ) -> RetireCreditsBulkPayload:
        return await answer_all(info, input, "Retirement")

    @strawberry.mutation(
        description="Request up to 1,000 retirements. For registries of the programmes."
    )
    async def request_retirement_bulk(
        self, info: Info, input: Annotated[RequestRetirementBulkInput, GIVEN]
    ) -> RequestRetirementBulkPayload:
        return await answer_all(info, input, "RetirementRequest")

    @strawberry.mutation(
        description="Confirm up to 1,000 requested retirements. For registries of the programmes."
    )
    async def confirm_retirement_bulk(
        self, info: Info, input: Annotated[ConfirmRetirementBulkInput, GIVEN]
    ) -> ConfirmRetirementBulkPayload:
        return await answer_all(info, input, "Retirement")

    @strawberry.mutation(
        description="Use credits up to 1,000 times for something else than a pilot. For registries of the programmes."
    )
    async def use_credits_bulk(
        self, info: Info, input: Annotated[UseCreditsBulkInput, GIVEN]
    ) -> UseCreditsBulkPayload:
        return await answer_all(info, input, "CreditUse")

    @strawberry.mutation(
        description="Carry out up to 1,000 orders to freeze credits. For registries of the programmes."
    )
    async def freeze_credits_bulk(
        self, info: Info, input: Annotated[FreezeCreditsBulkInput, GIVEN]
    ) -> FreezeCreditsBulkPayload:
        return await answer_all(info, input, "LedgerPosting")
