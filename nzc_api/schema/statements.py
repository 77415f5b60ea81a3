"""Net-emissions statements, as GraphQL."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.accounting.exact import total
from nzc_api.accounting.gases import Gas
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, Phase
from nzc_api.inventories.model import Basis, CategoryTotal
from nzc_api.ledger import model as ledger
from nzc_api.ledger.programmes import PROGRAMMES, Mechanism, mechanism_of
from nzc_api.schema.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    counted,
    page_by_position,
    page_of,
)
from nzc_api.schema.context import Info
from nzc_api.schema.credits import CreditBatch, Retirement
from nzc_api.schema.fields import attribute, dear, described_enum, short_list
from nzc_api.schema.guide import MOST_CATEGORIES, Formula
from nzc_api.schema.inventories import Inventory
from nzc_api.schema.nodes import LocalizedText
from nzc_api.schema.pilots import AccountingPeriod, Pilot, pilot_at
from nzc_api.schema.postings import LedgerPosting, posting_at
from nzc_api.schema.programmes import ProgrammeCode
from nzc_api.schema.scalars import BigInt
from nzc_api.statements import model as domain
from nzc_api.statements.model import Assurance, CoverageStatus

described_enum(
    CoverageStatus,
    "How much of the period and of the scope a statement's inventories cover.",
    {
        "COMPLETE": "every day of operation, every category of sources in scope",
        "PARTIAL": "some: the gaps say what is missing",
        "NONE": "no inventory was submitted",
    },
)
described_enum(
    Assurance,
    "Whether the inventories that a statement rests on are verified.",
    {
        "VERIFIED": "all of them",
        "MIXED": "some of them",
        "SUBMITTED": "none of them",
        "NONE": "there are none",
    },
)


@strawberry.type(
    description="Days of a phase that no inventory covers, or categories that one leaves out."
)
class CoverageGap:
    domain: strawberry.Private[domain.CoverageGap]

    phase = attribute(Phase, "phase", "The phase.")
    starts_on = attribute(date, "span.starts_on", "The first day.")
    ends_on = attribute(date, "span.ends_on", "The last day.")
    categories = attribute(
        list[Category],
        "categories",
        "The categories that are neither recorded nor declared not to occur.",
        at_most=MOST_CATEGORIES,
    )


@strawberry.type(description="How much of the period and of the scope is covered.")
class Coverage:
    domain: strawberry.Private[domain.Coverage]

    status = attribute(CoverageStatus, "status", "In one word.")

    @strawberry.field(description="What is missing, in the order of its days.")
    def gaps(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[CoverageGap]:
        page = page_by_position(first, after)
        rows = enumerate(self.domain.gaps, 1)
        return page_of(rows, page, lambda row: row[0], lambda row: CoverageGap(domain=row[1]))


@strawberry.type(description="What is emitted or removed of one gas.")
class GasTotal:
    gas: Gas = strawberry.field(description="The gas.")
    tonnes: Decimal = strawberry.field(description="Tonnes of the gas.")
    co2e: Decimal = strawberry.field(description="t CO2e.")


@strawberry.type(description="What is emitted or removed under one category.")
class CategoryShare:
    category: Category = strawberry.field(description="The category.")
    co2e: Decimal = strawberry.field(description="t CO2e.")
    gases: list[GasTotal] = short_list("By gas.", len(Gas))

    @strawberry.field(description="Its name in the guide.")
    def name(self) -> LocalizedText:
        return LocalizedText.of(GUIDE.category(self.category).name)


@strawberry.type(description="Emissions inside the boundary: the first term.")
class GrossEmissions:
    rows: strawberry.Private[tuple[CategoryTotal, ...]]

    @strawberry.field(description="t CO2e.")
    def co2e(self) -> Decimal:
        return total(row.co2e for row in self.rows)

    @short_list("By category.", len(Category))
    def by_category(self) -> list[CategoryShare]:
        return by_category(self.rows)

    @short_list("By gas.", len(Gas))
    def by_gas(self) -> list[GasTotal]:
        return by_gas(self.rows)


@strawberry.type(description="Credits issued for an activity inside the boundary.")
class IssuedInside:
    domain: strawberry.Private[domain.IssuedInside]

    quantity = attribute(
        BigInt,
        "tonnes",
        "The whole tonnes of the batch that fall to the period, by days of production.",
    )

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch)


@strawberry.type(
    description="Sinks inside the boundary: the second term. What was sold as credits is not also a sink."
)
class SinksTerm:
    domain: strawberry.Private[domain.NetEmissions]

    measured_co2e = attribute(Decimal, "measured_sinks_co2e", "Measured, t CO2e.")
    sold_co2e = attribute(
        Decimal, "sinks_sold_co2e", "The part of it whose credits were issued, t CO2e."
    )
    co2e = attribute(Decimal, "usable_sinks_co2e", "Usable: measured less sold, t CO2e.")

    @short_list("Measured, by category.", len(Category))
    def by_category(self) -> list[CategoryShare]:
        return by_category(self.domain.sinks)

    @strawberry.field(
        description="The credits issued for forestry inside the boundary, oldest batch first."
    )
    def issued(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[IssuedInside]:
        return _issued(self.domain, first, after, forestry=True)


@strawberry.type(description="Credits retired under one mechanism.")
class MechanismShare:
    mechanism: Mechanism = strawberry.field(description="The mechanism.")
    quantity: BigInt = strawberry.field(description="Tonnes.")


@strawberry.type(description="Credits retired of one programme.")
class ProgrammeShare:
    programme: ProgrammeCode = strawberry.field(description="The programme.")
    quantity: BigInt = strawberry.field(description="Tonnes.")


@strawberry.type(description="Credits retired of one batch.")
class BatchShare:
    domain: strawberry.Private[ledger.RetiredTonnes]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch)


@strawberry.type(description="Credits that were retired for the period and invalidated since.")
class InvalidatedShare:
    domain: strawberry.Private[ledger.InvalidatedTonnes]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch)

    @dear("What invalidated them, and why.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await posting_at(info, self.domain.position)


@strawberry.type(
    description="Reductions produced outside the boundary, bought and retired for the period: the third "
    "term."
)
class PurchasedReductions:
    domain: strawberry.Private[domain.NetEmissions]

    quantity = attribute(BigInt, "purchased_tonnes", "Tonnes.")

    @short_list("By the guide's three mechanisms: each tonne under one.", len(Mechanism))
    def by_mechanism(self) -> list[MechanismShare]:
        sums = dict.fromkeys(Mechanism, 0)
        for item in self.domain.retired:
            programme = PROGRAMMES[item.batch.programme]
            sums[mechanism_of(programme, forestry=item.batch.forestry)] += item.tonnes
        return [MechanismShare(mechanism=m, quantity=BigInt(n)) for m, n in sums.items()]

    @short_list("By programme, forestry included.", len(ProgrammeCode))
    def by_programme(self) -> list[ProgrammeShare]:
        sums: dict[str, int] = defaultdict(int)
        for item in self.domain.retired:
            sums[item.batch.programme] += item.tonnes
        return [
            ProgrammeShare(programme=ProgrammeCode(p), quantity=BigInt(n)) for p, n in sums.items()
        ]

    @strawberry.field(description="Of which forestry, of whichever programme: tonnes.")
    def forestry_quantity(self) -> BigInt:
        return BigInt(sum(i.tonnes for i in self.domain.retired if i.batch.forestry))

    @strawberry.field(description="By batch, oldest first.")
    def by_batch(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[BatchShare]:
        page = page_by_position(first, after)
        rows = self.domain.retired
        return page_of(rows, page, lambda row: row.batch.id, lambda row: BatchShare(domain=row))

    shortfall_quantity = attribute(
        BigInt,
        "shortfall_tonnes",
        "Tonnes that were retired for the period and were invalidated since: they count no more.",
    )

    @strawberry.field(description="What opened the shortfall, oldest first.")
    def invalidated(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[InvalidatedShare]:
        page = page_by_position(first, after)
        rows = self.domain.invalidated
        # A posting invalidates serials of one batch.
        return page_of(
            rows, page, lambda row: row.position, lambda row: InvalidatedShare(domain=row)
        )

    @dear("The retirements, oldest first, up to the statement's position.", statements=4)
    async def retirements(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Retirement]:
        page = page_by_position(first, after)
        key = self.domain.key
        rows = await info.context.loaders.retirements.load(((key.pilot_id, key.period_id), page))
        known = [row for row in rows if row.id <= key.as_of]
        return connection(
            known,
            page,
            lambda row: row.id,
            lambda row: Retirement(domain=row),
            counted(
                info.context.loaders.retirements_count, ((key.pilot_id, key.period_id), key.as_of)
            ),
        )


@strawberry.type(description="Credits retired for a pilot inside.")
class RetiredInside:
    domain: strawberry.Private[domain.RetiredInside]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The pilot inside, which they offset.")
    async def pilot(self, info: Info) -> Pilot:
        return await pilot_at(info, self.domain.pilot_id)


@strawberry.type(
    description="A statement of net emissions: the guide's formula (section 五), every term of it, and "
    "what it rests on."
)
class NetEmissions:
    domain: strawberry.Private[domain.NetEmissions]

    basis = attribute(Basis, "key.basis", "Which inventories were used.")
    as_of_position = attribute(
        BigInt, "key.as_of", "The position of the log as of which everything here holds."
    )
    assurance = attribute(Assurance, "assurance", "Whether the inventories are verified.")
    net_co2e = attribute(
        Decimal,
        "net_co2e",
        "Gross − usable sinks − purchased reductions, t CO2e; negative below zero, never clamped.",
    )
    credits_to_zero = attribute(
        BigInt,
        "credits_to_zero",
        "Tonnes of reductions that the period needs in all to reach zero.",
    )
    further_credits_to_zero = attribute(
        BigInt, "further_credits_to_zero", "Tonnes of reductions still missing to zero."
    )
    surplus_co2e = attribute(
        Decimal, "surplus_co2e", "How far below zero, t CO2e; it does not carry forward."
    )

    @strawberry.field(description="The pilot.")
    def pilot(self) -> Pilot:
        return Pilot(domain=self.domain.pilot)

    @strawberry.field(description="The accounting period.")
    def accounting_period(self) -> AccountingPeriod:
        return AccountingPeriod(domain=self.domain.period)

    @strawberry.field(description="The formula.")
    def formula(self) -> Formula:
        return Formula(domain=GUIDE.formula)

    @strawberry.field(description="How much of the period and of the scope is covered.")
    def coverage(self) -> Coverage:
        return Coverage(domain=self.domain.coverage)

    @strawberry.field(
        description="The inventories that it rests on, as they stood at its position; the series begun "
        "first before others."
    )
    def inventories(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Inventory]:
        page = page_by_position(first, after)
        rows = self.domain.inventories
        return page_of(rows, page, lambda row: row.series_id, lambda row: Inventory(domain=row))

    @strawberry.field(description="Emissions inside the boundary.")
    def gross(self) -> GrossEmissions:
        return GrossEmissions(rows=self.domain.sources)

    @strawberry.field(description="Sinks inside the boundary.")
    def sinks(self) -> SinksTerm:
        return SinksTerm(domain=self.domain)

    @strawberry.field(description="Purchased reductions from outside the boundary.")
    def purchased_reductions(self) -> PurchasedReductions:
        return PurchasedReductions(domain=self.domain)

    @strawberry.field(
        description="The credits retired for pilots inside this one, at any depth, in their periods that "
        "share a day with this one. For information: each tonne has one beneficiary, so this "
        "pilot's net does not include them. In the order of the pilots' registration."
    )
    def retired_for_pilots_inside(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[RetiredInside]:
        page = page_by_position(first, after)
        rows = self.domain.retired_inside
        return page_of(rows, page, lambda row: row.pilot_id, lambda row: RetiredInside(domain=row))

    @short_list("Memo emission sources: recorded, and outside the net.", len(Category))
    def memo_sources(self) -> list[CategoryShare]:
        return by_category(self.domain.memo_sources)

    @short_list("Memo sinks: recorded, and outside the net.", len(Category))
    def memo_sinks(self) -> list[CategoryShare]:
        return by_category(self.domain.memo_sinks)

    @strawberry.field(
        description="Reductions inside the boundary, other than forestry, that were issued as credits: "
        "disclosed, outside the net. Oldest batch first."
    )
    def reductions_issued_inside(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[IssuedInside]:
        return _issued(self.domain, first, after, forestry=False)


def by_gas(rows: Iterable[CategoryTotal]) -> list[GasTotal]:
    """The sums of each gas."""
    grouped: dict[Gas, list[CategoryTotal]] = defaultdict(list)
    for row in rows:
        grouped[row.gas].append(row)
    return [
        GasTotal(
            gas=gas, tonnes=total(row.tonnes for row in of), co2e=total(row.co2e for row in of)
        )
        for gas, of in grouped.items()
    ]


def by_category(rows: Iterable[CategoryTotal]) -> list[CategoryShare]:
    """The sums of each category, in the guide's order."""
    grouped: dict[Category, list[CategoryTotal]] = {category: [] for category in Category}
    for row in rows:
        grouped[row.category].append(row)
    return [
        CategoryShare(category=category, co2e=total(row.co2e for row in of), gases=by_gas(of))
        for category, of in grouped.items()
        if of
    ]


def _issued(
    of: domain.NetEmissions, first: int, after: str | None, *, forestry: bool
) -> Connection[IssuedInside]:
    """A page of what was issued for activities inside."""
    page = page_by_position(first, after)
    rows = (item for item in of.issued_inside if item.batch.forestry == forestry)
    return page_of(rows, page, lambda row: row.batch.id, lambda row: IssuedInside(domain=row))
