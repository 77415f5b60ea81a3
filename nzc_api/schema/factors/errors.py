"""What refuses an activity, its units or its factor, as GraphQL."""

from typing import Any

import strawberry

import nzc_api.accounting.errors as accounting
from nzc_api.schema.factors.enums import Confidence, Gas
from nzc_api.schema.factors.types import MOST_UNITS
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.texts import LocalizedText

MOST_UNITS_OF_A_CATEGORY = 54


@explains(accounting.ActivityOutOfRange)
class ActivityOutOfRange(UserError):
    limit = attribute(int, "limit", "The most that a line may come to, t CO2e.")


def _hint(description: str) -> Any:
    """A field with what a refusal adds for people, null where it adds nothing."""

    def resolve(root: Any) -> LocalizedText | None:
        zh, en = root.domain.hint_zh, root.domain.hint_en
        return LocalizedText(zh=zh, en=en) if zh else None

    return strawberry.field(resolver=resolve, description=description)


@explains(accounting.UnitUnknown)
class UnitUnknown(UserError):
    unit = attribute(str, "unit", "The unit as it was given.")
    accepted = attribute(
        list[str], "accepted", "The units that are accepted here.", at_most=MOST_UNITS
    )
    hint = _hint("What to write where it can be meant in several ways.")


@explains(accounting.UnitDoesNotFit)
class UnitDoesNotFit(UserError):
    unit = attribute(str, "unit", "The unit.")
    accepted = attribute(
        list[str], "accepted", "The units that are accepted here.", at_most=MOST_UNITS_OF_A_CATEGORY
    )
    hint = _hint("Why, where that is not plain from what the unit measures.")


@explains(accounting.DensityRequired)
class DensityRequired(UserError):
    unit = attribute(str, "unit", "The unit.")
    accepted = attribute(list[str], "accepted", "Units that a density may be stated in.", at_most=2)


@explains(accounting.ConversionImplausible)
class ConversionImplausible(UserError):
    value = attribute(str, "value", "The density, load or heating value as it was given.")
    unit = attribute(str, "unit", "Its unit.")
    subject = attribute(str, "subject", "The factor's code, or the name of a factor of one's own.")
    least_plausible = attribute(str, "least", "The least that is plausible, in `rangeUnit`.")
    most_plausible = attribute(str, "most", "The most that is plausible, in `rangeUnit`.")
    typical = attribute(str, "typical", "What is usual, in `rangeUnit`.")
    range_unit = attribute(
        str, "range_unit", "The unit of `leastPlausible`, `mostPlausible` and `typical`."
    )
    meant = attribute(
        str | None, "meant", "A unit with which the value would be plausible, where there is one."
    )
    locator = attribute(str, "locator", "Where that was seen.")
    confidence = attribute(
        Confidence, "confidence", "How sure NZC is of it: `COMPUTED` is an estimate of NZC's own."
    )

    @strawberry.field(description="What the range comes from.")
    def source(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.source_zh, en=self.domain.source_en)


@explains(accounting.GridBaselineRefused)
class GridBaselineRefused(UserError):
    factor = attribute(str, "factor", "The factor's code.")


@explains(accounting.GwpMissing)
class GwpMissing(UserError):
    gas = attribute(str, "gas", "The gas.")
    accepted = attribute(list[str], "accepted", "The gases that the set has.", at_most=len(Gas))
