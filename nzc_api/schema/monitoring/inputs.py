"""Denominators and energy baselines to record: the mutations' inputs."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.monitoring.baseline import RecordEnergyBaseline, RelevantVariable
from nzc_api.monitoring.model import RecordDenominator
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import PILOT
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.metering.enums import Carrier, Step
from nzc_api.schema.monitoring.enums import DenominatorKind
from nzc_api.schema.pilots.inputs import DateSpanInput


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
        description="How much there is: above 0, with at most 6 decimals; of degree days it may be 0. Null takes "
        "back what was recorded of "
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


@strawberry.input(
    description="What moves a pilot's use: something of which amounts are recorded (`recordDenominator`)."
)
class RelevantVariableInput:
    denominator_kind: DenominatorKind = strawberry.field(description="What it is.")
    product: str | None = strawberry.field(
        default=None, description="Of a PRODUCT its name with its unit, as it was recorded."
    )

    def variable(self) -> RelevantVariable:
        return RelevantVariable(self.denominator_kind, self.product)


@strawberry.input(description="What a pilot used of a carrier on days, to be explained.")
class RecordEnergyBaselineInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    carrier: Carrier = strawberry.field(
        description="Of what the use is: bought and generated, less sold."
    )
    days: DateSpanInput = strawberry.field(
        description="The days that are explained; of steps of a month whole months. They have at least two steps more "
        "than there are variables."
    )
    step: Step = strawberry.field(
        default=Step.MONTH, description="How long each step is: DAY or MONTH."
    )
    variables: list[RelevantVariableInput] = strawberry.field(
        description="What moves the use: 1 to 6, each once."
    )
    as_of: BigInt | None = strawberry.field(
        default=None,
        description="By what was recorded by this position of the log; null: by what is recorded now.",
    )

    def command(self, ids: Ids, caller: Principal) -> RecordEnergyBaseline:
        return RecordEnergyBaseline(
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            carrier=self.carrier,
            days=self.days.span(),
            step=self.step,
            variables=tuple(variable.variable() for variable in self.variables),
            as_of=self.as_of,
        )
