"""What another factor list or other warming potentials would change, as GraphQL."""

from decimal import Decimal

import strawberry

from nzc_api.inventories.line_rules import MOST_SHOWN
from nzc_api.inventories.model import FactorBasis
from nzc_api.schema.factors.enums import GwpSet
from nzc_api.schema.inventories.errors import UnfitLine
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.texts import LocalizedText
from nzc_api.schema.statements.reasons import MOST_UNKNOWN, Unknown
from nzc_api.statements import impact as domain

# Six, and the time of as many more as it takes to account the lines of a page anew: it is done apart.
STATEMENTS_OF_AN_IMPACT = 250

IN_TONNES = "t CO2e; null where it is not known, see `unknown`."


@strawberry.input(description="What inventories are accounted with: a list, potentials, or both.")
class FactorBasisInput:
    factor_list: str | None = strawberry.field(
        default=None, description="The code of a curated list, such as prov2025-gd-2023."
    )
    gwp_set: GwpSet | None = strawberry.field(default=None, description="Whose warming potentials.")

    def basis(self) -> FactorBasis:
        return FactorBasis(self.factor_list, self.gwp_set)


@strawberry.type(description="What another basis would change in an inventory.")
class FactorChangeImpact:
    domain: strawberry.Private[domain.FactorChangeImpact]

    gross_co2e_before = attribute(
        Decimal | None, "before.gross", f"Its emission sources that count, as they are: {IN_TONNES}"
    )
    gross_co2e_after = attribute(
        Decimal | None, "after.gross", f"The same as they would be: {IN_TONNES}"
    )
    gross_co2e_difference = attribute(
        Decimal | None,
        "difference.gross",
        f"After less before; negative where it is less: {IN_TONNES}",
    )
    sinks_co2e_before = attribute(
        Decimal | None, "before.sinks", f"Its sinks that count, as they are: {IN_TONNES}"
    )
    sinks_co2e_after = attribute(
        Decimal | None, "after.sinks", f"The same as they would be: {IN_TONNES}"
    )
    sinks_co2e_difference = attribute(
        Decimal | None,
        "difference.sinks",
        f"After less before; negative where it is less: {IN_TONNES}",
    )
    unfit_count = attribute(int, "unfit_count", "How many of its lines cannot be accounted anew.")

    @strawberry.field(description="The inventory, as it stands.")
    def inventory(self) -> Inventory:
        return Inventory(domain=self.domain.inventory)

    @short_list("Why figures are not known.", MOST_UNKNOWN)
    def unknown(self) -> list[Unknown]:
        return [Unknown(domain=item) for item in self.domain.unknown]

    @short_list("The first lines that cannot be accounted anew, and why.", MOST_SHOWN)
    def unfit_lines(self) -> list[UnfitLine]:
        return [
            UnfitLine(line_id=item.line_id, reason=LocalizedText.of(item.reason))
            for item in self.domain.unfit
        ]
