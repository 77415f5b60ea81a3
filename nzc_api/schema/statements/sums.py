"""Sums by gas and by category, as GraphQL."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import strawberry

from nzc_api.accounting.exact import total
from nzc_api.guide.guide import GUIDE
from nzc_api.inventories.model import CategoryTotal
from nzc_api.schema.factors.enums import Gas
from nzc_api.schema.guide.enums import Category
from nzc_api.schema.kit.fields import short_list
from nzc_api.schema.kit.texts import LocalizedText
from nzc_api.statements import model as domain

CO2E = "t CO2e; null where the inventories use different warming potentials."


@strawberry.type(description="What is emitted or removed of one gas.")
class GasTotal:
    gas: Gas = strawberry.field(description="The gas.")
    tonnes: Decimal = strawberry.field(description="Tonnes of the gas.")
    co2e: Decimal | None = strawberry.field(description=CO2E)


@strawberry.type(description="What is emitted or removed under one category.")
class CategoryShare:
    category: Category = strawberry.field(description="The category.")
    co2e: Decimal | None = strawberry.field(description=CO2E)
    gases: list[GasTotal] = short_list("By gas.", len(Gas))

    @strawberry.field(description="Its name in the guide.")
    def name(self) -> LocalizedText:
        return LocalizedText.of(GUIDE.category(self.category).name)


def by_gas(rows: Iterable[CategoryTotal], statement: domain.NetEmissions) -> list[GasTotal]:
    """The sums of each gas."""
    grouped: dict[Gas, list[CategoryTotal]] = defaultdict(list)
    for row in rows:
        grouped[row.gas].append(row)
    return [
        GasTotal(gas=gas, tonnes=total(row.tonnes for row in of_gas), co2e=_co2e(of_gas, statement))
        for gas, of_gas in grouped.items()
    ]


def by_category(
    rows: Iterable[CategoryTotal], statement: domain.NetEmissions
) -> list[CategoryShare]:
    """The sums of each category, in the guide's order."""
    grouped: dict[Category, list[CategoryTotal]] = {category: [] for category in Category}
    for row in rows:
        grouped[row.category].append(row)
    return [
        CategoryShare(
            category=category, co2e=_co2e(found, statement), gases=by_gas(found, statement)
        )
        for category, found in grouped.items()
        if found
    ]


def _co2e(rows: Iterable[CategoryTotal], statement: domain.NetEmissions) -> Decimal | None:
    return total(row.co2e for row in rows) if statement.one_gwp_set else None
