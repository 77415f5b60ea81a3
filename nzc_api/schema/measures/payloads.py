"""What mutations of measures answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.factors.errors import UnitDoesNotFit, UnitUnknown
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.measures.curves import PotentialAnalysis
from nzc_api.schema.measures.errors import (
    EffectBeforeRunning,
    MeasureNotOfPilot,
    MeasureProgressRefused,
    MeasuresFull,
    MeasureWithoutEffect,
    PotentialBaselineUnknown,
    SavingNotMetered,
)
from nzc_api.schema.measures.types import Measure
from nzc_api.schema.pilots.errors import DatesOutOfOrder, PeriodNotOfPilot


@strawberry.type(description="A measure was planned.")
class PlanMeasureSuccess(Success):
    kind: ClassVar[str] = "Measure"
    field: ClassVar[str] = "measure"

    measure: Measure = strawberry.field(description="The measure.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="It was recorded how far a measure came.")
class RecordMeasureProgressSuccess(Success):
    kind: ClassVar[str] = "Measure"
    field: ClassVar[str] = "measure"

    measure: Measure = strawberry.field(description="The measure.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="It was verified what came of a measure.")
class VerifyMeasureEffectSuccess(Success):
    kind: ClassVar[str] = "Measure"
    field: ClassVar[str] = "measure"

    measure: Measure = strawberry.field(description="The measure.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An analysis was written.")
class WritePotentialAnalysisSuccess(Success):
    kind: ClassVar[str] = "PotentialAnalysis"
    field: ClassVar[str] = "analysis"

    analysis: PotentialAnalysis = strawberry.field(description="The analysis.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


PlanMeasurePayload = Annotated[
    PlanMeasureSuccess
    | InvalidInput
    | NotFound
    | UnitUnknown
    | UnitDoesNotFit
    | MeasureWithoutEffect
    | SavingNotMetered
    | MeasureNotOfPilot
    | MeasuresFull
    | IdempotencyKeyReused,
    union("PlanMeasurePayload"),
]

RecordMeasureProgressPayload = Annotated[
    RecordMeasureProgressSuccess
    | InvalidInput
    | NotFound
    | MeasureProgressRefused
    | IdempotencyKeyReused,
    union("RecordMeasureProgressPayload"),
]

VerifyMeasureEffectPayload = Annotated[
    VerifyMeasureEffectSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | EffectBeforeRunning
    | IdempotencyKeyReused,
    union("VerifyMeasureEffectPayload"),
]

WritePotentialAnalysisPayload = Annotated[
    WritePotentialAnalysisSuccess
    | InvalidInput
    | NotFound
    | PeriodNotOfPilot
    | PotentialBaselineUnknown
    | IdempotencyKeyReused,
    union("WritePotentialAnalysisPayload"),
]
