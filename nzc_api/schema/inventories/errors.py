"""What refuses inventories and their lines, as GraphQL."""

from typing import Any

import strawberry

import nzc_api.inventories.errors as inventories
from nzc_api.ids import LineId
from nzc_api.inventories.categories import SINK_GASES
from nzc_api.inventories.errors import MOST_LINES_NAMED
from nzc_api.inventories.line_rules import MOST_SHOWN
from nzc_api.inventories.model import InventoryStatus, ZeroFactorReason
from nzc_api.schema.factors.enums import FactorKind, Gas
from nzc_api.schema.guide.enums import Category, Phase
from nzc_api.schema.inventories.enums import ElectricityMethod, WarningCode
from nzc_api.schema.inventories.lines import InventoryLine, line_node
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import MOST_CODES, UserError, explains
from nzc_api.schema.kit.fields import attribute, dear, number, short_list
from nzc_api.schema.kit.texts import LocalizedText


@explains(inventories.InventoryOutsidePeriod)
class InventoryOutsidePeriod(UserError):
    period_starts_on = attribute(str, "period_starts_on", "The period's first day.")
    period_ends_on = attribute(str, "period_ends_on", "The period's last day.")


@explains(inventories.BeforeOperation)
class BeforeOperation(UserError):
    starts_on = attribute(str, "starts_on", "The inventory's first day.")
    operation_starts_on = attribute(
        str, "operation_starts_on", "The first day of the pilot's operation."
    )


@explains(inventories.PhaseNotOfVariant)
class PhaseNotOfVariant(UserError):
    section = attribute(str, "section", "The guide's section.")
    accepted = attribute(
        list[str], "accepted", "The phases that the guide has.", at_most=len(Phase)
    )


@explains(inventories.InventoryOverlap)
class InventoryOverlap(UserError):
    @dear("The inventory that covers these days already.", statements=2)
    async def other(self, info: Info) -> Inventory:
        return await Inventory.at(info, self.domain.other_id)


@explains(inventories.InventoryStatusConflict)
class InventoryStatusConflict(UserError):
    status = attribute(InventoryStatus, "status", "The inventory's state.")
    needed = attribute(
        list[InventoryStatus], "needed", "The states that would do.", at_most=len(InventoryStatus)
    )


@explains(inventories.InventorySuperseded)
class InventorySuperseded(UserError):
    @dear("The later version.", statements=2)
    async def later(self, info: Info) -> Inventory:
        return await Inventory.at(info, self.domain.later_id)


@explains(inventories.InventoryEmpty)
class InventoryEmpty(UserError):
    pass


@explains(inventories.InventoryFull)
class InventoryFull(UserError):
    line_count = attribute(int, "lines", "How many lines the inventory has.")
    most = attribute(int, "most", "How many it takes.")


@explains(inventories.CategoryRoleMismatch)
class CategoryRoleMismatch(UserError):
    accepted = attribute(
        list[str], "accepted", "The categories that take such a line.", at_most=len(Category)
    )


@explains(inventories.CategoryDeclaredNotOccurring)
class CategoryDeclaredNotOccurring(UserError):
    declared = attribute(Category, "declared", "The category that is declared not to occur.")


@explains(inventories.FactorNotInList)
class FactorNotInList(UserError):
    factor_list = attribute(str, "factor_list", "The inventory's list.")
    accepted = attribute(
        list[str], "accepted", "The list's factors for the category.", at_most=MOST_CODES
    )
    lists = attribute(list[str], "lists", "The lists that have the factor.", at_most=MOST_CODES)


@explains(inventories.FactorDoesNotFitCategory)
class FactorDoesNotFitCategory(UserError):
    factor_kind = attribute(FactorKind, "kind", "What the factor is about.")
    accepted = attribute(
        list[str], "accepted", "What a factor of such a line is about.", at_most=len(FactorKind)
    )


@explains(inventories.SinkGasRefused)
class SinkGasRefused(UserError):
    gas = attribute(str, "gas", "The gas.")
    accepted = attribute(
        list[str], "accepted", "The gases that a sink may take up.", at_most=len(SINK_GASES)
    )


@explains(inventories.SinkBasisRequired)
class SinkBasisRequired(UserError):
    pass


@explains(inventories.NotASink)
class NotASink(UserError):
    word = attribute(str, "word", "The word that speaks of something else.")

    @strawberry.field(description="Where that belongs.")
    def belongs(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.belongs_zh, en=self.domain.belongs_en)


@explains(inventories.SinkImplausible)
class SinkImplausible(UserError):
    amount = number("amount", "What it comes to.")
    bound = number("bound", "The bound: our own order of magnitude.")
    unit = attribute(str, "unit", "The unit of both: tCO2 or tCO2/ha/yr.")


@explains(inventories.ZeroFactorUnexplained)
class ZeroFactorUnexplained(UserError):
    value = attribute(str, "value", "What the factor comes to.")
    least = attribute(str, "least", "What it is above as a rule: our own order of magnitude.")
    unit = attribute(str, "unit", "The unit of both: kgCO2e/kWh or tCO2e/GJ.")
    accepted = attribute(
        list[str], "accepted", "The reasons that there are.", at_most=len(ZeroFactorReason)
    )


@explains(inventories.GreenPowerNotByLocation)
class GreenPowerNotByLocation(UserError):
    electricity_method = attribute(
        ElectricityMethod, "electricity_method", "By which method the inventory counts."
    )


@explains(inventories.MemoGasMixed)
class MemoGasMixed(UserError):
    counted = attribute(list[Gas], "counted", "The gases that count.", at_most=len(Gas))
    memo = attribute(
        list[Gas], "memo", "The others: record them in a line of their own.", at_most=len(Gas)
    )


@explains(inventories.WarningsNotAcknowledged)
class WarningsNotAcknowledged(UserError):
    count = attribute(int, "count", "How many warnings are to be acknowledged.")
    codes = attribute(
        list[WarningCode], "codes", "Their codes, each once.", at_most=len(WarningCode)
    )

    @short_list("The first lines that they are about.", MOST_LINES_NAMED, statements=3)
    async def lines(self, info: Info) -> list[InventoryLine]:
        sight = await info.context.sight()
        keys = [(line_id, sight) for line_id in self.domain.line_ids]
        found = await info.context.loaders.line.load_many(keys)
        return [line_node(line) for line in found if line is not None]


@strawberry.type(description="A line of the version before that does not fit the next one.")
class UnfitLine:
    line_id: strawberry.Private[LineId]
    reason: LocalizedText = strawberry.field(description="Why it does not.")

    @dear("The line.", statements=3)
    async def line(self, info: Info) -> InventoryLine:
        found = await info.context.loaders.line.load((self.line_id, await info.context.sight()))
        assert found is not None
        return line_node(found)


def _unfit_lines(root: Any) -> list[UnfitLine]:
    refused = root.domain
    rows = zip(refused.line_ids, refused.reasons_zh, refused.reasons_en, strict=True)
    return [UnfitLine(line_id=id_, reason=LocalizedText(zh=zh, en=en)) for id_, zh, en in rows]


UNFIT_LINES = "The first of them, in the order of their recording."


@explains(inventories.LinesDoNotFitRevision)
class LinesDoNotFitRevision(UserError):
    count = attribute(int, "count", "How many lines do not fit.")
    lines = short_list(UNFIT_LINES, MOST_SHOWN)(_unfit_lines)


@explains(inventories.LinesDoNotFitTerms)
class LinesDoNotFitTerms(UserError):
    count = attribute(int, "count", "How many lines do not fit.")
    lines = short_list(UNFIT_LINES, MOST_SHOWN)(_unfit_lines)


@explains(inventories.MeterAlreadyAccounted)
class MeterAlreadyAccounted(UserError):
    label = attribute(str, "label", "The line, or the source to draft.")
    other_label = attribute(str, "other_label", "The one that it is accounted in already.")

    @dear(
        "That line; null where it is a source of the same request, or you do not see it.",
        statements=2,
    )
    async def other_line(self, info: Info) -> InventoryLine | None:
        line_id = self.domain.line_id
        return None if line_id is None else await InventoryLine.seen(info, line_id)
