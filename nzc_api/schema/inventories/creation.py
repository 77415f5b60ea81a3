"""What an inventory would be that is not created yet, as GraphQL."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.accounting.exact import total
from nzc_api.inventories import creation as domain
from nzc_api.inventories.creation import MOST_LINES_TO_BEGIN_WITH
from nzc_api.inventories.line_rules import AccountedLine
from nzc_api.refusal import Refusal
from nzc_api.schema.factors.enums import Gas
from nzc_api.schema.factors.types import EmissionFactor
from nzc_api.schema.guide.enums import Treatment
from nzc_api.schema.inventories.enums import WarningCode
from nzc_api.schema.inventories.measures import GasMass
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, as_error
from nzc_api.schema.kit.fields import attribute, short_list


@strawberry.type(
    description="A line as it would stand in an inventory that is not created yet, or why it cannot."
)
class NewLinePreview:
    domain: strawberry.Private[AccountedLine | Refusal]

    @strawberry.field(
        description="Why it cannot stand; null where it can. Else all that follows is null or empty."
    )
    def error(self, info: Info) -> UserError | None:
        if not isinstance(self.domain, Refusal):
            return None
        error: UserError = as_error(self.domain, info.context.ids)
        return error

    @strawberry.field(description="Whether and how it would count.")
    def treatment(self) -> Treatment | None:
        return None if self._line is None else self._line.treatment

    @short_list("What a reader should know of it, as codes.", len(WarningCode))
    def warnings(self) -> list[WarningCode]:
        return [] if self._line is None else [warning.code for warning in self._line.warnings]

    @strawberry.field(description="The factor that it would use.")
    def factor(self) -> EmissionFactor | None:
        return None if self._line is None else EmissionFactor(domain=self._line.factor)

    @short_list("What it would come to, by gas.", len(Gas))
    def gases(self) -> list[GasMass]:
        return [] if self._line is None else [GasMass(domain=gas) for gas in self._line.gases]

    @strawberry.field(description="What it would come to: the exact sum of its gases, t CO2e.")
    def co2e(self) -> Decimal | None:
        return None if self._line is None else total(gas.co2e for gas in self._line.gases)

    @property
    def _line(self) -> AccountedLine | None:
        return None if isinstance(self.domain, Refusal) else self.domain


@strawberry.type(
    description="What a dry run of `createInventory` shows: the inventory as it would be created, if each of its lines "
    "can stand. Nothing of it is kept."
)
class NewInventoryPreview:
    domain: strawberry.Private[domain.Creation]

    first_day = attribute(date, "inventory.span.starts_on", "The first day that it would cover.")
    last_day = attribute(date, "inventory.span.ends_on", "The last day that it would cover.")

    @short_list(
        "Its lines as they would stand, in the order of the input: sources, then sinks.",
        MOST_LINES_TO_BEGIN_WITH,
    )
    def previewed_lines(self) -> list[NewLinePreview]:
        return [NewLinePreview(domain=line) for line in self.domain.lines]
