"""What else is posted in the ledger: requests, other uses, orders and corrections, as GraphQL."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.ledger import model as domain
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.verbs.parts import MOST_PARTS
from nzc_api.schema.context import Info
from nzc_api.schema.credit_warnings import MOST_WARNINGS, CreditWarning, shown
from nzc_api.schema.credits import (
    CorrectableCredits,
    CreditBatch,
    Retirement,
    SpentCredits,
    batch_at,
    organisation_at,
)
from nzc_api.schema.fields import attribute, dear, short_list
from nzc_api.schema.nodes import Node
from nzc_api.schema.organisations import Organisation
from nzc_api.schema.pilots import AccountingPeriod, Pilot, pilot_at
from nzc_api.schema.programmes import Programme
from nzc_api.schema.scalars import BigInt
from nzc_api.schema.words import EntryKind, Purpose, RequestOutcome

if TYPE_CHECKING:
    from nzc_api.schema.proposals import Proposal


@strawberry.type(description="Why something was done.")
class Grounds:
    document: str = strawberry.field(description="The document that orders or shows it.")
    reason: str = strawberry.field(description="The reason in words.")


@strawberry.type(
    description="An entry of the ledger by order of a court or a registry, or a correction."
)
class LedgerPosting(CorrectableCredits):
    domain: strawberry.Private[domain.LedgerPosting]

    entry_kind = attribute(EntryKind, "kind", "What it did.")

    @strawberry.field(description="Why; null where none is asked for.")
    def grounds(self) -> Grounds | None:
        found = self.domain.grounds
        if found is None:
            return None
        return Grounds(document=found.document, reason=found.reason)

    @strawberry.field(description="The batch, where it is about a whole one.")
    async def batch(self, info: Info) -> CreditBatch | None:
        batch_id = self.domain.batch_id
        return None if batch_id is None else await batch_at(info, batch_id)

    @strawberry.field(description="The position of the posting that this one corrects.")
    def corrects(self) -> BigInt | None:
        corrected = self.domain.corrects
        return None if corrected is None else BigInt(corrected)

    @dear(
        "The proposal that it carries out, where two persons ordered it and you see that; null otherwise.",
        statements=2,
    )
    async def proposal(
        self, info: Info
    ) -> Annotated["Proposal", strawberry.lazy("nzc_api.schema.proposals")] | None:
        from nzc_api.schema.proposals import proposal_seen  # noqa: PLC0415  (it is built on this)

        of = self.domain.proposal_id
        return None if of is None else await proposal_seen(info, of)


@strawberry.type(
    description="Credits used for something else than offsetting a pilot. What of them is in force, "
    "`quantityInForce` says."
)
class CreditUse(SpentCredits):
    domain: strawberry.Private[domain.CreditUse]

    purpose = attribute(Purpose, "purpose", "What for.")
    beneficiary = attribute(
        str, "beneficiary", "Whose use it is; of a sink that is given back, the pilot's code."
    )
    used_on = attribute(date, "used_on", "The day of the use in the registry.")
    registry_reference = attribute(str | None, "reference", "The registry's own number for it.")

    @strawberry.field(
        description="The pilot whose sink is given back; null for other purposes, and where that was posted "
        "before pilots were asked for."
    )
    async def pilot(self, info: Info) -> Pilot | None:
        of = self.domain.pilot_id
        return None if of is None else await pilot_at(info, of)

    @strawberry.field(description="The pilot's accounting period for which its sink is given back.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        of = self.domain.period_id
        found = None if of is None else await info.context.loaders.period.load(of)
        return None if found is None else AccountingPeriod(domain=found)

    @strawberry.field(description="Who held the credits.")
    async def holder(self, info: Info) -> Organisation:
        found = await organisation_at(info, self.domain.holder_id)
        assert found is not None
        return found


@strawberry.type(
    description="Credits set aside for a retirement that the registry is yet to confirm. They count "
    "in no net before."
)
class RetirementRequest(Node):
    domain: strawberry.Private[domain.RetirementRequest]

    position = attribute(BigInt, "id", "The position of the log at which it was posted.")
    expires_at = attribute(datetime, "expires_at", "Until when it can be confirmed.")
    quantity = attribute(BigInt, "quantity", "How many tonnes were set aside.")
    outcome = attribute(
        RequestOutcome,
        "outcome",
        "What became of it: of what was confirmed in parts, of the rest.",
    )

    @strawberry.field(
        description="How many of its tonnes are set aside now: neither confirmed nor given back."
    )
    def open_quantity(self) -> BigInt:
        return BigInt(self._open)

    @short_list(
        "The retirements that it was confirmed by, in parts or as a whole, in order.",
        MOST_PARTS + 1,
        statements=1,
    )
    async def confirmations(self, info: Info) -> list[Retirement]:
        found = await info.context.loaders.retirement.load_many(self._confirmed_at)
        return [Retirement(domain=one) for one in found if one is not None]

    @dear(
        "How many of them are in force now: set aside while it is open, retired since they were confirmed, and "
        "neither invalidated nor taken back; what was given back is not.",
        statements=3,
    )
    async def quantity_in_force(self, info: Info) -> BigInt:
        asked, withdrawn = self.domain, info.context.loaders.withdrawn
        now = await info.context.now()
        of_retired = await withdrawn.load_many([(at, now) for at in self._confirmed_at])
        # What is set aside is withdrawn with its whole batch only.
        all_of_it = self._open and await withdrawn.load((asked.id, now)) == asked.quantity
        return BigInt(self._retired - sum(of_retired) + (0 if all_of_it else self._open))

    @property
    def _open(self) -> int:
        return self.domain.left if self.domain.outcome is RequestOutcome.OPEN else 0

    @property
    def _retired(self) -> int:
        asked = self.domain
        whole = asked.outcome is RequestOutcome.CONFIRMED
        return asked.quantity if whole else asked.quantity - asked.left

    @property
    def _confirmed_at(self) -> list[int]:
        """The positions at which some of it was confirmed, or the rest."""
        asked = self.domain
        found = [position for position, _ in asked.parts]
        if asked.outcome is RequestOutcome.CONFIRMED and asked.end is not None:
            found.append(asked.end)
        return found

    @dear(
        "The retirement that it was confirmed by, as a whole or in its last part; null where it was not.",
        statements=1,
    )
    async def retirement(self, info: Info) -> Retirement | None:
        if self.domain.outcome is not RequestOutcome.CONFIRMED or self.domain.end is None:
            return None
        found = await info.context.loaders.retirement.load(self.domain.end)
        return None if found is None else Retirement(domain=found)

    @strawberry.field(
        description="The position of the log at which it ended; null while it is open."
    )
    def ended_position(self) -> BigInt | None:
        ended = self.domain.end
        return None if ended is None else BigInt(ended)

    @strawberry.field(description="The pilot that it is for. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await pilot_at(info, self.domain.pilot_id)

    @strawberry.field(description="The accounting period that it is for. Never null.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)

    @short_list(
        "What a reader should know of its credits, retired on the day on which it was posted.",
        MOST_WARNINGS,
        statements=3,
    )
    async def credit_warnings(self, info: Info) -> list[CreditWarning]:
        loaders, asked = info.context.loaders, self.domain
        period = await loaders.period.load(asked.period_id)
        assert period is not None
        shares = await loaders.shares.load(asked.id) or []
        return shown(shares, period.span, await loaders.day.load(asked.id))

    @strawberry.field(description="Whose credits they are.")
    async def holder(self, info: Info) -> Organisation:
        found = await organisation_at(info, self.domain.holder_id)
        assert found is not None
        return found

    @strawberry.field(description="The programme of the credits.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])


async def posting_at(info: Info, position: int) -> LedgerPosting:
    found = await info.context.loaders.posting.load(position)
    assert found is not None
    return LedgerPosting(domain=found)


async def request_at(info: Info, position: int) -> RetirementRequest:
    found = await info.context.loaders.request.load(position)
    assert found is not None
    return RetirementRequest(domain=found)
