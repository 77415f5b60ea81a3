"""Financings, as GraphQL."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Self

import strawberry

from nzc_api.accounting.exact import simplest
from nzc_api.finance import model as domain
from nzc_api.finance import sums
from nzc_api.finance.model import Financing as DomainFinancing
from nzc_api.finance.rules import MOST_ALLOCATIONS, MOST_PLEDGES
from nzc_api.finance.sums import allocated_to, pledged_of, share_on, sums_by_product
from nzc_api.ids import FinancingId, MeasureId
from nzc_api.measures.visibility import sees_measures
from nzc_api.schema.documents.types import Documented
from nzc_api.schema.guide.enums import FinanceProduct
from nzc_api.schema.kit.connections import Connection, page_by_position, page_of
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.nodes import node
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.measures.types import Measure, shown
from nzc_api.schema.pilots.types import Pilot


@strawberry.type(description="What a financing pays of a measure.")
class FinancingAllocation:
    domain: strawberry.Private[domain.Allocation]

    amount = number("amount", "How much, CNY.")

    @strawberry.field(description="The measure. Never null.")
    async def measure(self, info: Info) -> Measure | None:
        return await _measure(info, self.domain.measure_id)


@strawberry.type(description="A share of what a measure saves, which is pledged.")
class SavingsPledge:
    domain: strawberry.Private[domain.Pledge]

    share = number("share", "How much of it, percent.")
    starts_on = attribute(date, "span.starts_on", "The first day on which it holds.")
    ends_on = attribute(
        date,
        "span.ends_on",
        "The last day on which it holds: an early end of the financing ends it.",
    )

    @strawberry.field(description="The measure. Never null.")
    async def measure(self, info: Info) -> Measure | None:
        return await _measure(info, self.domain.measure_id)


@node()
@strawberry.type(
    description="What pays for measures of a pilot (section 四（三） of the guide). Whoever sees the measures sees it."
)
class Financing(Documented):
    domain: strawberry.Private[domain.Financing]

    position = attribute(BigInt, "id", "The position at which it was recorded.")
    finance_product = attribute(
        FinanceProduct, "terms.product", "Which of the guide's products it is."
    )
    product_name = attribute(
        str | None, "terms.name", "What a product that is OTHER is called; null of the guide's."
    )
    financier = attribute(str, "terms.financier", "Who lends, or lets.")
    amount = number("terms.amount", "How much, CNY.")
    starts_on = attribute(date, "terms.span.starts_on", "Its first day.")
    ends_on = attribute(date, "terms.span.ends_on", "Its last day, as it was agreed.")

    @strawberry.field(description="The last day of one that ended early; null where it did not.")
    def ended_on(self) -> date | None:
        return None if self.domain.end is None else self.domain.end.on

    @strawberry.field(
        description="The document that shows the early end; null where it did not end early."
    )
    def end_document(self) -> str | None:
        return None if self.domain.end is None else self.domain.end.document

    @strawberry.field(description="What of it is allocated to measures, CNY.")
    def allocated(self) -> Decimal:
        return simplest(sums.allocated(self.domain.terms.allocations))

    @short_list("What it pays of which measure.", MOST_ALLOCATIONS)
    def allocations(self) -> list[FinancingAllocation]:
        return [FinancingAllocation(domain=item) for item in self.domain.terms.allocations]

    @short_list("What is pledged for it, on the days on which that holds.", MOST_PLEDGES)
    def pledges(self) -> list[SavingsPledge]:
        return [SavingsPledge(domain=item) for item in self.domain.pledges]

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.financing.load(FinancingId(position))
        if found is None or not await shown(info, found.pilot_id):
            return None
        return cls(domain=found)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The financings of a pilot, for those who see its measures; for others there are none."""
        rows = await _financings(info, pilot, as_of)
        return cls._page(rows, first, after)

    @classmethod
    async def of_measure(
        cls, info: Info, measure: Measure, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The financings that pay for a measure, or for which its savings were pledged."""
        rows = await _financings_beside(info, measure, as_of)
        return cls._page([row for row in rows if row.pays_for(measure.domain.id)], first, after)

    @classmethod
    def _page(
        cls, rows: Sequence[DomainFinancing], first: int, after: str | None
    ) -> Connection[Self]:
        page = page_by_position(first, after)
        return page_of(rows, page, lambda row: row.id, lambda row: cls(domain=row))


@registered
@strawberry.type(description="What a pilot's financings of a product come to.")
class FinancingSum:
    domain: strawberry.Private[sums.ProductSum]

    finance_product = attribute(FinanceProduct, "product", "The product.")
    count = attribute(int, "count", "How many there are, those that ended included.")
    amount = number("amount", "How much they are together, CNY.")
    allocated = number("allocated", "What of that is allocated to measures, CNY.")

    @classmethod
    async def of_pilot(cls, info: Info, pilot: Pilot, as_of: int | None) -> list[Self]:
        found = await _financings(info, pilot, as_of)
        return [cls(domain=item) for item in sums_by_product(found)]


@registered
@strawberry.type(description="How a measure is paid for, and what of its savings is pledged.")
class MeasureFinance:
    measure: strawberry.Private[Measure]
    financings: strawberry.Private[Sequence[domain.Financing]]
    day: strawberry.Private[date]

    @strawberry.field(description="What financings pay of it, CNY; one that ended did pay.")
    def allocated(self) -> Decimal:
        return simplest(allocated_to(self.financings, self.measure.domain.id))

    @strawberry.field(description="What is left to be paid otherwise, CNY: capex − allocated.")
    def unallocated(self) -> Decimal:
        domain_measure = self.measure.domain
        return simplest(
            domain_measure.plan.capex - allocated_to(self.financings, domain_measure.id)
        )

    @strawberry.field(description="What of its savings is pledged on the day, percent.")
    def pledged_share(self) -> Decimal:
        return simplest(share_on(pledged_of(self.financings, self.measure.domain.id), self.day))

    @classmethod
    async def of_measure(
        cls, info: Info, measure: Measure, day: date, as_of: int | None
    ) -> "MeasureFinance":
        found = await _financings_beside(info, measure, as_of)
        return cls(measure=measure, financings=found, day=day)


async def _financings(info: Info, pilot: Pilot, as_of: int | None) -> list[domain.Financing]:
    """The financings of a pilot as they stood, for those who see its measures; for others there are none."""
    at = await info.context.as_of(as_of)
    if not sees_measures(await info.context.sight(), pilot.domain.operator_id):
        return []
    return await info.context.loaders.financings_of.load((pilot.domain.id, at))


async def _financings_beside(
    info: Info, measure: Measure, as_of: int | None
) -> list[domain.Financing]:
    """All financings of the pilot that a measure is of."""
    return await _financings(info, await Pilot.at(info, measure.domain.pilot_id), as_of)


async def _measure(info: Info, measure_id: MeasureId) -> Measure | None:
    found = await info.context.loaders.measure.load(measure_id)
    return None if found is None else Measure(domain=found)
