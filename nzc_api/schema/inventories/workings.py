"""Lines' workings, as GraphQL."""

from decimal import Decimal

import strawberry

from nzc_api.accounting.line import GasAccount, LineAccount
from nzc_api.accounting.line import Multiplier as DomainMultiplier
from nzc_api.accounting.units import unit_name
from nzc_api.inventories.model import MeterBasis as DomainMeterBasis
from nzc_api.inventories.own_factor import MOST_PARTS
from nzc_api.schema.factors.enums import Gas
from nzc_api.schema.factors.types import Source
from nzc_api.schema.inventories.above import METER_BASIS, LazyMeterBasis
from nzc_api.schema.inventories.measures import CO2E
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.texts import LocalizedText, text_attribute

# The activity, the part of it without certificates, its density, the parts, 44/12, a day's part of the year, a gas at
# 0 °C and the conversion of units.
MOST_MULTIPLIERS = 1 + 1 + 1 + MOST_PARTS + 1 + 1 + 1 + 1


@strawberry.type(description="One number of a line's working.")
class Multiplier:
    domain: strawberry.Private[DomainMultiplier]

    name = text_attribute("name", "What it is.")
    value = attribute(str, "value", "How much: a decimal number or a ratio such as 44/12.")
    unit = attribute(str, "unit", "In which unit, as people write it; empty where it has none.")

    @strawberry.field(description="The unit's name in each language; empty where it has none.")
    def unit_name(self) -> LocalizedText:
        return LocalizedText.of(unit_name(self.domain.unit))

    @strawberry.field(description="Where it comes from, if it is not the activity itself.")
    def source(self) -> Source | None:
        return None if self.domain.source is None else Source(domain=self.domain.source)


@strawberry.type(description="How a line's mass of one gas follows from its activity.")
class GasExplanation:
    domain: strawberry.Private[GasAccount]

    gas = attribute(Gas, "gas", "The gas.")
    tonnes = attribute(Decimal, "tonnes", "The product in tonnes, to a milligram.")
    co2e = attribute(Decimal, "co2e", CO2E)
    expression = attribute(
        str, "expression", "The whole working in one line, to redo with a pocket calculator."
    )

    @short_list("The numbers that are multiplied, in order.", MOST_MULTIPLIERS)
    def multipliers(self) -> list[Multiplier]:
        return [Multiplier(domain=m) for m in self.domain.multipliers]


@strawberry.type(description="A line's working: anyone can redo it.")
class Explanation:
    domain: strawberry.Private[LineAccount]
    basis: strawberry.Private[DomainMeterBasis | None] = None

    co2e = attribute(Decimal, "co2e", "The exact sum over the gases: t CO2e.")

    @short_list("The working for each gas.", len(Gas))
    def gases(self) -> list[GasExplanation]:
        return [GasExplanation(domain=gas) for gas in self.domain.gases]

    @strawberry.field(
        description="The meter, and the readings and bills, that the activity rests on; null where it was stated."
    )
    def meter_basis(
        self,
    ) -> LazyMeterBasis | None:
        return None if self.basis is None else METER_BASIS.type(domain=self.basis)
