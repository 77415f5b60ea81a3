"""The first two terms of the formula, as GraphQL: emissions and sinks inside the boundary."""

from decimal import Decimal

import strawberry

from nzc_api.ids import Position
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.factors.enums import Gas
from nzc_api.schema.guide.enums import Category
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.statements.sums import CategoryShare, GasTotal, by_category, by_gas
from nzc_api.statements import model as domain


@strawberry.type(
    description="Emissions inside the boundary, less what is exported: the first term."
)
class GrossEmissions:
    domain: strawberry.Private[domain.NetEmissions]

    co2e = attribute(
        Decimal | None,
        "gross_co2e",
        "t CO2e; null where it is not known, see `unknown`. Below zero where exports exceed what is emitted.",
    )

    @short_list("By category; exports are below zero.", len(Category))
    def by_category(self) -> list[CategoryShare]:
        return by_category(self.domain.sources, self.domain)

    @short_list("By gas, less what is exported.", len(Gas))
    def by_gas(self) -> list[GasTotal]:
        return by_gas(self.domain.sources, self.domain)


@strawberry.type(description="Credits issued for an activity inside the boundary.")
class IssuedInside:
    domain: strawberry.Private[domain.IssuedInside]
    as_of: strawberry.Private[Position]

    quantity = attribute(
        BigInt,
        "tonnes",
        "The whole tonnes of the batch that fall to the period, by days of production.",
    )

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch, as_of=self.as_of)


@strawberry.type(
    description="Sinks inside the boundary: the second term. What was sold as credits is not also a sink."
)
class SinksTerm:
    domain: strawberry.Private[domain.NetEmissions]

    measured_co2e = attribute(
        Decimal, "measured_sinks_co2e", "Measured, t CO2e: what the inventories record."
    )
    sold_co2e = attribute(
        Decimal, "sinks_sold_co2e", "The part of it whose credits were issued, t CO2e."
    )
    co2e = attribute(Decimal, "usable_sinks_co2e", "Usable: measured less sold, t CO2e.")

    @short_list("Measured, by category.", len(Category))
    def by_category(self) -> list[CategoryShare]:
        return by_category(self.domain.sinks, self.domain)

    @strawberry.field(
        description="The credits issued for forestry inside the boundary, oldest batch first."
    )
    def issued(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[IssuedInside]:
        return issued_page(self.domain, first, after, forestry=True)


def issued_page(
    statement: domain.NetEmissions, first: int, after: str | None, *, forestry: bool
) -> Connection[IssuedInside]:
    """A page of what was issued for activities inside."""
    page = page_by_position(first, after)
    rows = (item for item in statement.issued_inside if item.batch.forestry == forestry)
    return page_of(
        rows,
        page,
        lambda row: row.batch.id,
        lambda row: IssuedInside(domain=row, as_of=statement.key.as_of),
    )
