"""Many commands in one request: the mutations' inputs."""

import strawberry

from nzc_api.schema.credits.bulk import BulkMode
from nzc_api.schema.credits.inputs import (
    IssueCreditsInput,
    RetireCreditsInput,
    TransferCreditsInput,
)
from nzc_api.schema.credits.order_inputs import (
    ConfirmRetirementInput,
    FreezeCreditsInput,
    RequestRetirementInput,
    UseCreditsInput,
)

KEY = "ALL_OR_NOTHING: the key of the whole request. EACH_INDEPENDENT: not used, so leave it out."
DRY_RUN = (
    "Only find out what would be, item after item, as if those before it were done: one that would be done is READY, "
    "with its `preview`. Nothing is written, and no key is used. An item's own `dryRun` must not be set."
)
ITEMS_GIVEN = "1 to 1,000 items, in order."


@strawberry.input
class _Bulk:
    """What every bulk request says beside its items."""

    mode: BulkMode = strawberry.field(description="How the items stand to each other.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="Up to 1,000 blocks to issue.")
class IssueCreditsBulkInput(_Bulk):
    items: list[IssueCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 transfers.")
class TransferCreditsBulkInput(_Bulk):
    items: list[TransferCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 retirements.")
class RetireCreditsBulkInput(_Bulk):
    items: list[RetireCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 retirements to request.")
class RequestRetirementBulkInput(_Bulk):
    items: list[RequestRetirementInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 requested retirements to confirm.")
class ConfirmRetirementBulkInput(_Bulk):
    items: list[ConfirmRetirementInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 uses.")
class UseCreditsBulkInput(_Bulk):
    items: list[UseCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 orders to freeze.")
class FreezeCreditsBulkInput(_Bulk):
    items: list[FreezeCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


BulkInput = (
    IssueCreditsBulkInput
    | TransferCreditsBulkInput
    | RetireCreditsBulkInput
    | RequestRetirementBulkInput
    | ConfirmRetirementBulkInput
    | UseCreditsBulkInput
    | FreezeCreditsBulkInput
)
