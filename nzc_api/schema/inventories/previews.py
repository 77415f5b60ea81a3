"""What an inventory would be, as GraphQL."""

from decimal import Decimal
from typing import Annotated

import strawberry

from nzc_api.accounting.exact import total
from nzc_api.inventories import preview as domain
from nzc_api.inventories.model import InventoryStatus
from nzc_api.inventories.rules import list_of
from nzc_api.schema.factors.enums import Gas, GwpSet
from nzc_api.schema.factors.types import EmissionFactor, FactorList
from nzc_api.schema.guide.enums import Category, Treatment
from nzc_api.schema.guide.types import MOST_CATEGORIES
from nzc_api.schema.inventories.above import STATEMENT_PREVIEW, LazyStatementPreview
from nzc_api.schema.inventories.enums import ElectricityMethod, WarningCode
from nzc_api.schema.inventories.lines import InventoryLine, line_node
from nzc_api.schema.inventories.measures import GasMass
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.inventories.warnings import InventoryWarning
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, dear, short_list

# A statement's, and what its terms are read from.
STATEMENTS_OF_A_STATEMENT = 3


@strawberry.type(description="A line as it would be: of a revision accounted anew, else as it is.")
class PreviewedLine:
    domain: strawberry.Private[domain.PreviewedLine]

    treatment = attribute(Treatment, "after.treatment", "Whether and how it would count.")

    @short_list("What a reader should know of it, as codes.", len(WarningCode))
    def warnings(self) -> list[WarningCode]:
        return [warning.code for warning in self.domain.after.warnings]

    @strawberry.field(description="The line as it stands; of a revision, in the version before.")
    def line(self) -> InventoryLine:
        return line_node(self.domain.before)

    @strawberry.field(description="The factor that it would use.")
    def factor(self) -> EmissionFactor:
        return EmissionFactor(domain=self.domain.after.factor)

    @short_list("What it would come to, by gas.", len(Gas))
    def gases(self) -> list[GasMass]:
        return [GasMass(domain=gas) for gas in self.domain.after.gases]

    @strawberry.field(description="What it would come to: the exact sum of its gases, t CO2e.")
    def co2e(self) -> Decimal:
        return total(gas.co2e for gas in self.domain.after.gases)


@strawberry.type(
    description="What a dry run shows: what would be of an inventory, had this been no dry run. Nothing of it "
    "is kept."
)
class InventoryPreview:
    domain: strawberry.Private[domain.InventoryPreview]

    status = attribute(InventoryStatus, "after.status", "Where it would stand.")
    version = attribute(int, "after.version", "Which version of its series it would be.")
    gwp_set = attribute(GwpSet, "after.gwp_set", "Whose warming potentials it would use.")
    electricity_method = attribute(
        ElectricityMethod,
        "after.electricity_method",
        "By which method its bought electricity would count.",
    )
    not_occurring = attribute(
        list[Category],
        "after.not_occurring",
        "Categories in scope that it would declare not to occur (NO).",
        at_most=MOST_CATEGORIES,
    )

    @strawberry.field(
        description="The inventory as it stands, unchanged; of a revision, the version before."
    )
    def inventory(self) -> Inventory:
        return Inventory(domain=self.domain.before)

    @strawberry.field(description="The curated list whose factors it would use.")
    def factor_list(self) -> FactorList:
        return FactorList(domain=list_of(self.domain.after))

    @strawberry.field(description="Its lines as they would be, in the order of their recording.")
    def previewed_lines(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[PreviewedLine]:
        page = page_by_position(first, after)
        return page_of(
            self.domain.lines,
            page,
            lambda row: row.before.id,
            lambda row: PreviewedLine(domain=row),
        )

    @strawberry.field(
        description="What there would be to know of it and of its lines, facts included: of a revision as if it "
        "were submitted as it is. Lines are those that stand."
    )
    def all_warnings(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[InventoryWarning]:
        page = page_by_position(first, after)
        return page_of(
            enumerate(self.domain.warnings, 1),
            page,
            lambda row: row[0],
            lambda row: InventoryWarning(domain=row[1], inventory_id=None),
        )

    @dear(
        "The statement of its accounting period as it would be, all else being as it is now. Of a revision: "
        "once it has come as far as the version before, submitted or verified, as it is now.",
        statements=STATEMENTS_OF_A_STATEMENT,
    )
    async def statement(
        self,
        info: Info,
        verified: Annotated[
            bool, argument("As it would be once the inventory is verified, too.")
        ] = False,
    ) -> LazyStatementPreview:
        made = await info.context.services.statements.previewed(
            self.domain, await info.context.sight(), verified=verified
        )
        item = self.domain.after
        return STATEMENT_PREVIEW.type(domain=made, series_id=item.series_id, version=item.version)
