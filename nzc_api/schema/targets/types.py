"""Targets, as GraphQL."""

from decimal import Decimal
from typing import Self

import strawberry

from nzc_api.ids import TargetId
from nzc_api.schema.documents.types import Document, documents_of
from nzc_api.schema.kit.connections import DEFAULT_FIRST, After, Connection, First
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.targets.enums import TargetRevisionReason, TargetRoute
from nzc_api.targets import model as domain
from nzc_api.targets.model import Ceiling
from nzc_api.targets.rules import MOST_CEILINGS


@strawberry.type(
    description="Where a target begins: what the pilot states of a whole year, as of a position, so it never "
    "changes. It is verified and complete."
)
class TargetBaseline:
    domain: strawberry.Private[domain.Baseline]

    basis = attribute(Basis, "basis", "A survey of the past or a projection.")
    as_of_position = attribute(BigInt, "position", "The position as of which it is stated.")
    year = attribute(int, "year", "The calendar year in which its period ends.")
    gross_co2e = attribute(Decimal, "gross", "Emissions inside the boundary, t CO2e a year.")
    net_co2e = attribute(Decimal, "net", "Net emissions, t CO2e a year: gross less sinks.")

    @strawberry.field(description="The accounting period.")
    async def accounting_period(self, info: Info) -> AccountingPeriod:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)


@strawberry.type(description="What a calendar year may come to at most.")
class TargetCeiling:
    domain: strawberry.Private[Ceiling]

    year = attribute(int, "year", "The calendar year.")
    net_co2e = number("net", "Of the net emissions, t CO2e.")
    gross_co2e = number(
        "gross", "Of the emissions inside the boundary, t CO2e; null where not said.", optional=True
    )
    credits_quantity = attribute(
        BigInt | None, "credits", "Of the credits retired for it, tonnes; null where not said."
    )


@node()
@strawberry.type(
    description="A version of a pilot's target: ceilings that fall step by step to zero (section 一 of the "
    "guide). It stands since its own position until the next version. It is no part of any net."
)
class Target(Node):
    domain: strawberry.Private[domain.Target]

    position = attribute(BigInt, "id", "The position at which it was recorded.")
    version = attribute(int, "version", "1, 2, 3, … of the pilot's target.")
    zero_year = attribute(int, "zero_year", "The first year whose ceiling is zero.")
    revision_reason = attribute(
        TargetRevisionReason | None,
        "reason",
        "Why there is another version; null for the first.",
    )
    weakened = attribute(
        bool,
        "weakened",
        "Whether in some year it allows more than the version before, or no longer limits it: its baseline is later.",
    )
    routes = attribute(
        list[TargetRoute], "routes", "How it is to be reached.", at_most=len(TargetRoute)
    )

    @strawberry.field(description="Where it begins.")
    def baseline(self) -> TargetBaseline:
        return TargetBaseline(domain=self.domain.baseline)

    @short_list(
        "What years may come to, in their order. Between two years, and from the baseline to the first, it is "
        "linear; after the last it stays.",
        MOST_CEILINGS,
    )
    def ceilings(self) -> list[TargetCeiling]:
        return [TargetCeiling(domain=ceiling) for ceiling in self.domain.ceilings]

    @strawberry.field(description="The documents that it rests on, oldest first.")
    async def documents(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Document]:
        return await documents_of(info, self.domain.id, first, after)

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.target.load(
            (TargetId(position), await info.context.sight())
        )
        return None if found is None else cls(domain=found)
