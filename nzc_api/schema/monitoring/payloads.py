"""What mutations of monitoring answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.monitoring.baselines import EnergyBaseline
from nzc_api.schema.monitoring.errors import (
    BaselineConstant,
    BaselineUseUnknown,
    BaselineVariablesCollinear,
    BaselineVariableUnknown,
    DenominatorNotPositive,
    DenominatorOverlaps,
    TooFewBaselinePoints,
)
from nzc_api.schema.monitoring.types import Denominator
from nzc_api.schema.pilots.errors import DatesOutOfOrder


@strawberry.type(description="A denominator was recorded.")
class RecordDenominatorSuccess(Success):
    kind: ClassVar[str] = "Denominator"
    field: ClassVar[str] = "denominator"

    denominator: Denominator = strawberry.field(description="The denominator.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


RecordDenominatorPayload = Annotated[
    RecordDenominatorSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | DenominatorNotPositive
    | DenominatorOverlaps
    | IdempotencyKeyReused,
    union("RecordDenominatorPayload"),
]


@strawberry.type(description="An energy baseline was recorded.")
class RecordEnergyBaselineSuccess(Success):
    kind: ClassVar[str] = "EnergyBaseline"
    field: ClassVar[str] = "energy_baseline"

    energy_baseline: EnergyBaseline = strawberry.field(description="The baseline.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


RecordEnergyBaselinePayload = Annotated[
    RecordEnergyBaselineSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | BaselineUseUnknown
    | BaselineVariableUnknown
    | TooFewBaselinePoints
    | BaselineConstant
    | BaselineVariablesCollinear
    | IdempotencyKeyReused,
    union("RecordEnergyBaselinePayload"),
]
