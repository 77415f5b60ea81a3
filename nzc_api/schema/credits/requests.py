"""Retirements that are requested, as GraphQL."""

from datetime import datetime

import strawberry

from nzc_api.ids import Position
from nzc_api.ledger import model as domain
from nzc_api.ledger.posting.verbs.confirming import MOST_PARTS
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.schema.credits.enums import RequestOutcome
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.credits.retirements import Retirement
from nzc_api.schema.credits.warnings import MOST_WARNINGS, CreditWarning, shown
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.programmes.types import Programme


@node(CreditLoaders.request)
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
    def _confirmed_at(self) -> list[Position]:
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
        return await Pilot.at(info, self.domain.pilot_id)

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
        shares = await loaders.shares.load(Position(asked.id)) or []
        return shown(shares, period.span, await loaders.day.load(Position(asked.id)))

    @strawberry.field(description="Whose credits they are.")
    async def holder(self, info: Info) -> Organisation:
        return await Organisation.at(info, self.domain.holder_id)

    @strawberry.field(description="The programme of the credits.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])
