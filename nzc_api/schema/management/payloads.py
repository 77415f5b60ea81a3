"""What mutations of management answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.management.errors import (
    AppointmentOutOfOrder,
    HolderNameNotKept,
    ManagementFull,
    PostCodeTaken,
    RuleRepealed,
)
from nzc_api.schema.management.types import Appointment, Duty, ManagementRule, Post, Upkeep
from nzc_api.schema.pilots.errors import DatesOutOfOrder


@strawberry.type(description="A post was established.")
class EstablishPostSuccess(Success):
    kind: ClassVar[str] = "Post"
    field: ClassVar[str] = "post"

    post: Post = strawberry.field(description="The post.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="It was recorded who holds a post.")
class AppointHolderSuccess(Success):
    kind: ClassVar[str] = "Appointment"
    field: ClassVar[str] = "appointment"

    appointment: Appointment = strawberry.field(description="The appointment.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A name was erased.")
class EraseHolderNameSuccess(Success):
    kind: ClassVar[str] = "Appointment"
    field: ClassVar[str] = "appointment"

    appointment: Appointment = strawberry.field(description="The appointment.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A duty was assigned.")
class AssignDutySuccess(Success):
    kind: ClassVar[str] = "Duty"
    field: ClassVar[str] = "duty"

    duty: Duty = strawberry.field(description="The duty.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A rule was published.")
class PublishRuleSuccess(Success):
    kind: ClassVar[str] = "ManagementRule"
    field: ClassVar[str] = "rule"

    rule: ManagementRule = strawberry.field(description="The rule.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A rule was repealed.")
class RepealRuleSuccess(Success):
    kind: ClassVar[str] = "ManagementRule"
    field: ClassVar[str] = "rule"

    rule: ManagementRule = strawberry.field(description="The rule.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Upkeep was recorded.")
class RecordUpkeepSuccess(Success):
    kind: ClassVar[str] = "Upkeep"
    field: ClassVar[str] = "upkeep"

    upkeep: Upkeep = strawberry.field(description="The record.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


EstablishPostPayload = Annotated[
    EstablishPostSuccess
    | InvalidInput
    | NotFound
    | PostCodeTaken
    | ManagementFull
    | IdempotencyKeyReused,
    union("EstablishPostPayload"),
]

AppointHolderPayload = Annotated[
    AppointHolderSuccess | InvalidInput | NotFound | AppointmentOutOfOrder | IdempotencyKeyReused,
    union("AppointHolderPayload"),
]

EraseHolderNamePayload = Annotated[
    EraseHolderNameSuccess | InvalidInput | NotFound | HolderNameNotKept | IdempotencyKeyReused,
    union("EraseHolderNamePayload"),
]

AssignDutyPayload = Annotated[
    AssignDutySuccess | InvalidInput | NotFound | ManagementFull | IdempotencyKeyReused,
    union("AssignDutyPayload"),
]

PublishRulePayload = Annotated[
    PublishRuleSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | ManagementFull
    | IdempotencyKeyReused,
    union("PublishRulePayload"),
]

RepealRulePayload = Annotated[
    RepealRuleSuccess | InvalidInput | NotFound | RuleRepealed | IdempotencyKeyReused,
    union("RepealRulePayload"),
]

RecordUpkeepPayload = Annotated[
    RecordUpkeepSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("RecordUpkeepPayload"),
]
