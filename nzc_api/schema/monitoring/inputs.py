"""Denominators to record: the mutation's input."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.monitoring.model import RecordDenominator
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import PILOT
from nzc_api.schema.monitoring.enums import DenominatorKind


@strawberry.input(
    description="How much of something a pilot has, or made, on days. Days that share one with what is recorded are "
    "refused, but for the very same days: of those it takes the place of what was recorded."
)
class RecordDenominatorInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    denominator_kind: DenominatorKind = strawberry.field(description="What it is an amount of.")
    product: str | None = strawberry.field(
        default=None,
        description="Of a PRODUCT its name with its unit, such as 水泥（t）; else nothing.",
    )
    first_day: date = strawberry.field(description="Its first day.")
    last_day: date = strawberry.field(
        description="Its last day: of what adds up not after today; of what is there throughout it may be to come."
    )
    value: Decimal | None = strawberry.field(
        default=None,
        description="How much there is: above 0, with at most 6 decimals. Null takes back what was recorded of "
        "these days.",
    )
    source: str = strawberry.field(description="What says so, such as a certificate or a report.")

    def command(self, ids: Ids, caller: Principal) -> RecordDenominator:
        pilot = ids.read(self.pilot, "input", "pilot", kind=PILOT)
        days = DateSpan(self.first_day, self.last_day)
        return RecordDenominator(
            pilot_id=pilot,
            kind=self.denominator_kind,
            product=self.product,
            days=days,
            value=self.value,
            source=self.source,
        )
