"""What mutations of targets answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.errors import PeriodNotOfPilot
from nzc_api.schema.targets.errors import (
    TargetAlreadyRecorded,
    TargetBaselineIncomplete,
    TargetBaselineNotPositive,
    TargetBaselineUnknown,
    TargetBeforeBaseline,
    TargetDoesNotEndAtZero,
    TargetRises,
    TargetSuperseded,
    TargetYearsDoNotRise,
)
from nzc_api.schema.targets.types import Target


@strawberry.type(description="A target was recorded.")
class RecordTargetSuccess(Success):
    kind: ClassVar[str] = "Target"
    field: ClassVar[str] = "target"

    target: Target = strawberry.field(description="The target.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A target was revised.")
class ReviseTargetSuccess(Success):
    kind: ClassVar[str] = "Target"
    field: ClassVar[str] = "target"

    target: Target = strawberry.field(description="The new version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


RecordTargetPayload = Annotated[
    RecordTargetSuccess
    | InvalidInput
    | NotFound
    | PeriodNotOfPilot
    | TargetAlreadyRecorded
    | TargetBaselineUnknown
    | TargetBaselineIncomplete
    | TargetBaselineNotPositive
    | TargetYearsDoNotRise
    | TargetBeforeBaseline
    | TargetRises
    | TargetDoesNotEndAtZero
    | IdempotencyKeyReused,
    union("RecordTargetPayload"),
]

ReviseTargetPayload = Annotated[
    ReviseTargetSuccess
    | InvalidInput
    | NotFound
    | PeriodNotOfPilot
    | TargetSuperseded
    | TargetBaselineUnknown
    | TargetBaselineIncomplete
    | TargetBaselineNotPositive
    | TargetYearsDoNotRise
    | TargetBeforeBaseline
    | TargetRises
    | TargetDoesNotEndAtZero
    | IdempotencyKeyReused,
    union("ReviseTargetPayload"),
]
