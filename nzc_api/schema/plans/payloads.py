"""What mutations of plans answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.measures.errors import MeasureNotOfPilot
from nzc_api.schema.pilots.errors import DatesOutOfOrder
from nzc_api.schema.plans.errors import (
    MilestoneAlreadyReached,
    MilestoneNotInPlan,
    MilestoneOutsidePlan,
    MilestonesOpen,
    PlanAlreadyDrafted,
    PlanNotInState,
    PlanRevised,
)
from nzc_api.schema.plans.types import Plan


@strawberry.type(description="A plan was drafted.")
class DraftPlanSuccess(Success):
    kind: ClassVar[str] = "Plan"
    field: ClassVar[str] = "plan"

    plan: Plan = strawberry.field(description="The version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A new version of a plan was drafted.")
class RevisePlanSuccess(Success):
    kind: ClassVar[str] = "Plan"
    field: ClassVar[str] = "plan"

    plan: Plan = strawberry.field(description="The version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A plan was submitted.")
class SubmitPlanSuccess(Success):
    kind: ClassVar[str] = "Plan"
    field: ClassVar[str] = "plan"

    plan: Plan = strawberry.field(description="The version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A plan was approved.")
class ApprovePlanSuccess(Success):
    kind: ClassVar[str] = "Plan"
    field: ClassVar[str] = "plan"

    plan: Plan = strawberry.field(description="The version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A plan was returned.")
class ReturnPlanSuccess(Success):
    kind: ClassVar[str] = "Plan"
    field: ClassVar[str] = "plan"

    plan: Plan = strawberry.field(description="The version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A milestone was reached.")
class ReachMilestoneSuccess(Success):
    kind: ClassVar[str] = "Plan"
    field: ClassVar[str] = "plan"

    plan: Plan = strawberry.field(description="The version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="It was recorded that a pilot is built.")
class RecordCompletionSuccess(Success):
    kind: ClassVar[str] = "Plan"
    field: ClassVar[str] = "plan"

    plan: Plan = strawberry.field(description="The version.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


DraftPlanPayload = Annotated[
    DraftPlanSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | MilestoneOutsidePlan
    | MeasureNotOfPilot
    | PlanAlreadyDrafted
    | IdempotencyKeyReused,
    union("DraftPlanPayload"),
]

RevisePlanPayload = Annotated[
    RevisePlanSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | MilestoneOutsidePlan
    | MeasureNotOfPilot
    | PlanRevised
    | PlanNotInState
    | IdempotencyKeyReused,
    union("RevisePlanPayload"),
]

SubmitPlanPayload = Annotated[
    SubmitPlanSuccess | InvalidInput | NotFound | PlanNotInState | IdempotencyKeyReused,
    union("SubmitPlanPayload"),
]

ApprovePlanPayload = Annotated[
    ApprovePlanSuccess | InvalidInput | NotFound | PlanNotInState | IdempotencyKeyReused,
    union("ApprovePlanPayload"),
]

ReturnPlanPayload = Annotated[
    ReturnPlanSuccess | InvalidInput | NotFound | PlanNotInState | IdempotencyKeyReused,
    union("ReturnPlanPayload"),
]

ReachMilestonePayload = Annotated[
    ReachMilestoneSuccess
    | InvalidInput
    | NotFound
    | PlanNotInState
    | MilestoneNotInPlan
    | MilestoneAlreadyReached
    | IdempotencyKeyReused,
    union("ReachMilestonePayload"),
]

RecordCompletionPayload = Annotated[
    RecordCompletionSuccess
    | InvalidInput
    | NotFound
    | PlanNotInState
    | MilestonesOpen
    | IdempotencyKeyReused,
    union("RecordCompletionPayload"),
]
