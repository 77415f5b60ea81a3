"""What a registry can order besides issuing, transferring and retiring: the mutations' inputs."""

from datetime import date, datetime

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.grounds import Grounds
from nzc_api.ledger.commands import ResolveDoubleIssuance
from nzc_api.ledger.model import RequestEnd
from nzc_api.ledger.posting.verbs.acting_on_batch import ActOnBatch, BatchAction
from nzc_api.ledger.posting.verbs.acting_on_serials import ActOnSerials, SerialsAction
from nzc_api.ledger.posting.verbs.confirming import ConfirmRetirement
from nzc_api.ledger.posting.verbs.correcting import CorrectPosting
from nzc_api.ledger.posting.verbs.ending import EndRequest
from nzc_api.ledger.posting.verbs.requesting import RequestRetirement
from nzc_api.ledger.posting.verbs.using import UseCredits
from nzc_api.schema.credits.enums import Finding, Purpose
from nzc_api.schema.credits.inputs import DRY_RUN
from nzc_api.schema.credits.serials import SerialBlockInput
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import (
    ACCOUNTING_PERIOD,
    CREDIT_BATCH,
    ORGANISATION,
    PILOT,
    RETIREMENT_REQUEST,
)
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.programmes.types import ProgrammeCode

KEY = "See `Mutation`."

# What a correction may be of.
POSTINGS = ("Retirement", "CreditUse", "CreditTransfer", "CreditBatch", "LedgerPosting")


@strawberry.input(description="Exact serials of a programme.")
class ProgrammeSerialsInput:
    programme: ProgrammeCode = strawberry.field(description="Their programme.")
    block: SerialBlockInput = strawberry.field(description="Which: within one batch.")


@strawberry.input(
    description="Credits to set aside for a retirement, until its registry confirms it."
)
class RequestRetirementInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    programme: ProgrammeCode = strawberry.field(description="The credits' programme.")
    serials: SerialBlockInput = strawberry.field(description="Exactly these, within one batch.")
    quantity: BigInt | None = strawberry.field(
        default=None, description="If given, must be last − first + 1."
    )
    holder: strawberry.ID | None = strawberry.field(
        default=None, description="If given, must be who holds them."
    )
    pilot: strawberry.ID = strawberry.field(description="The pilot that they are to offset.")
    accounting_period: strawberry.ID = strawberry.field(description="Its accounting period.")
    expires_at: datetime = strawberry.field(
        description="Until when it can be confirmed: within a year. After that the credits go back."
    )

    def command(self, ids: Ids, caller: Principal) -> RequestRetirement:
        holder = ids.optional(self.holder, "input", "holder", kind=ORGANISATION)
        return RequestRetirement(
            serials=self.serials.serials(self.programme, "input", "serials", tonnes=self.quantity),
            programme=self.programme,
            holder_id=holder,
            quantity=self.quantity,
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            period_id=ids.read(
                self.accounting_period, "input", "accountingPeriod", kind=ACCOUNTING_PERIOD
            ),
            expires_at=self.expires_at,
        )


@strawberry.input(description="The registry's confirmation of a requested retirement.")
class ConfirmRetirementInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    request: strawberry.ID = strawberry.field(description="The request.")
    retired_on: date = strawberry.field(description="The day of the retirement in the registry.")
    registry_reference: str = strawberry.field(description="The registry's own number for it.")
    serials: ProgrammeSerialsInput | None = strawberry.field(
        default=None,
        description="Only these of what the request still sets aside; the rest stays set aside until it is confirmed, "
        "cancelled or over. Default: all of it.",
    )
    quantity: BigInt | None = strawberry.field(
        default=None,
        description="Without `serials`: only so many tonnes, the lowest serials first. With them: must be last − "
        "first + 1.",
    )

    def command(self, ids: Ids, caller: Principal) -> ConfirmRetirement:
        request = ids.read(self.request, "input", "request", kind=RETIREMENT_REQUEST)
        serials = None
        if self.serials is not None:
            serials = self.serials.block.serials(
                self.serials.programme, "input", "serials", "block", tonnes=self.quantity
            )
        return ConfirmRetirement(
            request_id=request,
            programme="",
            retired_on=self.retired_on,
            reference=self.registry_reference,
            serials=serials,
            quantity=self.quantity,
        )


@strawberry.input(description="A requested retirement to cancel: its holder gets the credits back.")
class CancelRetirementRequestInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    request: strawberry.ID = strawberry.field(description="The request.")

    def command(self, ids: Ids, caller: Principal) -> EndRequest:
        request = ids.read(self.request, "input", "request", kind=RETIREMENT_REQUEST)
        return EndRequest(request, "", RequestEnd.CANCELLED)


@strawberry.input(description="Credits to use for something else than offsetting a pilot.")
class UseCreditsInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    programme: ProgrammeCode = strawberry.field(description="The credits' programme.")
    serials: SerialBlockInput = strawberry.field(description="Exactly these, within one batch.")
    quantity: BigInt | None = strawberry.field(
        default=None, description="If given, must be last − first + 1."
    )
    holder: strawberry.ID | None = strawberry.field(
        default=None, description="If given, must be who holds them."
    )
    purpose: Purpose = strawberry.field(description="What for.")
    beneficiary: str | None = strawberry.field(
        default=None,
        description="Whose use it is: an ETS entity, an event. 1 to 200 characters. Not of OWN_SINK, which is "
        "a `pilot`'s.",
    )
    pilot: strawberry.ID | None = strawberry.field(
        default=None,
        description="Of OWN_SINK: the pilot whose sink is given back, in which the project lies or which "
        "is around it.",
    )
    accounting_period: strawberry.ID | None = strawberry.field(
        default=None,
        description="Of OWN_SINK: the pilot's period for which it is; it shares a day with the production.",
    )
    used_on: date = strawberry.field(description="The day of the use in the registry.")
    registry_reference: str | None = strawberry.field(
        default=None, description="The registry's own number for it."
    )

    def command(self, ids: Ids, caller: Principal) -> UseCredits:
        holder = ids.optional(self.holder, "input", "holder", kind=ORGANISATION)
        return UseCredits(
            serials=self.serials.serials(self.programme, "input", "serials", tonnes=self.quantity),
            programme=self.programme,
            holder_id=holder,
            quantity=self.quantity,
            purpose=self.purpose,
            used_on=self.used_on,
            beneficiary=self.beneficiary,
            reference=self.registry_reference,
            pilot_id=ids.optional(self.pilot, "input", "pilot", kind=PILOT),
            period_id=ids.optional(
                self.accounting_period, "input", "accountingPeriod", kind=ACCOUNTING_PERIOD
            ),
        )


@strawberry.input(
    description="Exact serials, or a whole batch however fragmented: one of these.", one_of=True
)
class CreditsTargetInput:
    serials: ProgrammeSerialsInput | None = strawberry.field(
        default=strawberry.UNSET, description="Exactly these."
    )
    batch: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="All of this batch, wherever its credits are."
    )

    def command(
        self, ids: Ids, action: SerialsAction, grounds: Grounds
    ) -> ActOnSerials | ActOnBatch:
        if self.serials:
            block = self.serials.block.serials(self.serials.programme, "input", "target", "serials")
            return ActOnSerials(
                serials=block, programme=self.serials.programme, action=action, grounds=grounds
            )
        batch = ids.read(self.batch or "", "input", "target", "batch", kind=CREDIT_BATCH)
        return ActOnBatch(batch_id=batch, programme="", action=BatchAction(action), grounds=grounds)


@strawberry.input(description="Credits to freeze, unfreeze or invalidate, and why.")
class CreditsOrderInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    target: CreditsTargetInput = strawberry.field(description="Which credits.")
    document: str = strawberry.field(
        description="The document that orders it, such as a court's number. 1 to 200 characters."
    )
    reason: str = strawberry.field(description="Why: 1 to 1000 characters.")

    def order(self, ids: Ids, action: SerialsAction) -> ActOnSerials | ActOnBatch:
        return self.target.command(ids, action, Grounds(self.document, self.reason))


@strawberry.input(description="Credits to freeze, by order of a court or their registry.")
class FreezeCreditsInput(CreditsOrderInput):
    def command(self, ids: Ids, caller: Principal) -> ActOnSerials | ActOnBatch:
        return self.order(ids, SerialsAction.FREEZE)


@strawberry.input(description="Credits to unfreeze: their holder can move them again.")
class UnfreezeCreditsInput(CreditsOrderInput):
    def command(self, ids: Ids, caller: Principal) -> ActOnSerials | ActOnBatch:
        return self.order(ids, SerialsAction.UNFREEZE)


@strawberry.input(
    description="Credits that their issuer revoked or whose reductions were reversed, retired ones too: "
    "the net of the pilots that they offset rises again."
)
class InvalidateCreditsInput(CreditsOrderInput):
    def command(self, ids: Ids, caller: Principal) -> ActOnSerials | ActOnBatch:
        return self.order(ids, SerialsAction.INVALIDATE)


@strawberry.input(description="A batch that left the country with a corresponding adjustment.")
class RecordExportInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    batch: strawberry.ID = strawberry.field(description="The batch.")
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="What happened, in words.")

    def command(self, ids: Ids, caller: Principal) -> ActOnBatch:
        batch = ids.read(self.batch, "input", "batch", kind=CREDIT_BATCH)
        grounds = Grounds(self.document, self.reason)
        return ActOnBatch(batch_id=batch, programme="", action=BatchAction.EXPORT, grounds=grounds)


@strawberry.input(
    description="A clerical error to reverse, whole: an issuance, a retirement, another use or a transfer whose "
    "serials did not move again; an invalidation of credits that were held or frozen; an invalidation or an "
    "export of a whole batch."
)
class CorrectPostingInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    posting: strawberry.ID = strawberry.field(
        description="The id of the Retirement, CreditUse or CreditTransfer; of the CreditBatch whose issuance was "
        "wrong; of the LedgerPosting that invalidated credits or recorded an export."
    )
    document: str = strawberry.field(description="The evidence of the error.")
    reason: str = strawberry.field(description="What was wrong.")

    def command(self, ids: Ids, caller: Principal) -> CorrectPosting:
        posting = ids.position(self.posting, "input", "posting", kinds=POSTINGS)
        return CorrectPosting(posting, "", Grounds(self.document, self.reason))


@strawberry.input(description="What was found of a suspected double issuance.")
class ResolveDoubleIssuanceInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    batch: strawberry.ID = strawberry.field(description="The later batch.")
    other: strawberry.ID = strawberry.field(description="The earlier batch.")
    finding: Finding = strawberry.field(description="What was found.")
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="Why.")

    def command(self, ids: Ids, caller: Principal) -> ResolveDoubleIssuance:
        return ResolveDoubleIssuance(
            batch_id=ids.read(self.batch, "input", "batch", kind=CREDIT_BATCH),
            other_id=ids.read(self.other, "input", "other", kind=CREDIT_BATCH),
            finding=self.finding,
            grounds=Grounds(self.document, self.reason),
        )
