"""Net-emissions statements, as GraphQL."""

from decimal import Decimal

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.ids import Position
from nzc_api.schema.guide.enums import Category
from nzc_api.schema.guide.types import Formula
from nzc_api.schema.inventories.enums import ElectricityMethod
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot, pilots_at
from nzc_api.schema.statements.coverage import Coverage
from nzc_api.schema.statements.enums import Assurance, NoteCode
from nzc_api.schema.statements.purchases import PurchasedReductions
from nzc_api.schema.statements.reasons import MOST_UNKNOWN, StatementNote, Unknown
from nzc_api.schema.statements.sums import CategoryShare, by_category
from nzc_api.schema.statements.terms import GrossEmissions, IssuedInside, SinksTerm, issued_page
from nzc_api.statements import model as domain


@strawberry.type(description="Credits retired for a pilot inside.")
class RetiredInside:
    domain: strawberry.Private[domain.RetiredInside]
    as_of: strawberry.Private[Position]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The pilot inside, which they offset.")
    async def pilot(self, info: Info) -> Pilot:
        [found] = await pilots_at(info, [self.domain.pilot_id], self.as_of)
        return found


@strawberry.interface(
    description="What a statement of net emissions says: the guide's formula (section 五), and every term "
    "of it."
)
class Statement:
    domain: strawberry.Private[domain.NetEmissions]

    basis = attribute(Basis, "key.basis", "Which inventories were used.")
    as_of_position = attribute(
        BigInt, "key.as_of", "The position of the log as of which everything here holds."
    )
    assurance = attribute(Assurance, "assurance", "Whether the inventories are verified.")
    net_co2e = attribute(
        Decimal | None,
        "net_co2e",
        "Gross − usable sinks − purchased reductions that count, t CO2e; negative below zero, never "
        "clamped; null where the gross is not known.",
    )
    electricity_method = attribute(
        ElectricityMethod | None,
        "electricity_method",
        "By which method bought electricity counts; null where no inventory was handed in, or they differ.",
    )
    credits_to_zero = attribute(
        BigInt | None,
        "credits_to_zero",
        "Tonnes of reductions that the period needs in all to reach zero; null where the gross is not "
        "known.",
    )
    further_credits_to_zero = attribute(
        BigInt | None,
        "further_credits_to_zero",
        "Tonnes of reductions still missing to zero; null where the gross is not known.",
    )
    surplus_co2e = attribute(
        Decimal | None,
        "surplus_co2e",
        "How far below zero, t CO2e; it does not carry forward; null where the gross is not known.",
    )

    @short_list(
        "Why the gross and what follows from it are not known, and null; empty where they are, if only "
        "in part (see `coverage`).",
        MOST_UNKNOWN,
    )
    def unknown(self) -> list[Unknown]:
        return [Unknown(domain=item) for item in self.domain.unknown]

    @short_list("What a reader should know, though the numbers stand.", len(NoteCode))
    def notes(self) -> list[StatementNote]:
        return [StatementNote(domain=item) for item in self.domain.notes]

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

    @strawberry.field(description="Emissions inside the boundary.")
    def gross(self) -> GrossEmissions:
        return GrossEmissions(domain=self.domain)

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
        rows, as_of = self.domain.retired_inside, self.domain.key.as_of
        return page_of(
            rows,
            page,
            lambda row: row.pilot_id,
            lambda row: RetiredInside(domain=row, as_of=as_of),
        )

    @short_list("Memo emission sources: recorded, and outside the net.", len(Category))
    def memo_sources(self) -> list[CategoryShare]:
        return by_category(self.domain.memo_sources, self.domain)

    @short_list("Memo sinks: recorded, and outside the net.", len(Category))
    def memo_sinks(self) -> list[CategoryShare]:
        return by_category(self.domain.memo_sinks, self.domain)

    @strawberry.field(
        description="Reductions inside the boundary, other than forestry, that were issued as credits: "
        "disclosed, outside the net. Oldest batch first."
    )
    def reductions_issued_inside(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[IssuedInside]:
        return issued_page(self.domain, first, after, forestry=False)


@registered
@strawberry.type(description="A statement of net emissions, and what it rests on.")
class NetEmissions(Statement):
    domain: strawberry.Private[domain.NetEmissions]

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
