"""What mutations of applications answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.documents.errors import DocumentTooLarge, DocumentTypeNotAccepted
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.errors import ApplicantNotEligible, PilotCodeTaken
from nzc_api.schema.selection.errors import (
    ApplicationDecided,
    ApplicationNotInState,
    CriterionNotOfKind,
)
from nzc_api.schema.selection.types import Application

APPLICATION = "The application."


@strawberry.type(description="An application was opened.")
class OpenApplicationSuccess(Success):
    kind: ClassVar[str] = "Application"
    field: ClassVar[str] = "application"

    application: Application = strawberry.field(description=APPLICATION)
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Something was claimed.")
class ClaimCriterionSuccess(Success):
    kind: ClassVar[str] = "Application"
    field: ClassVar[str] = "application"

    application: Application = strawberry.field(description=APPLICATION)
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An application was submitted.")
class SubmitApplicationSuccess(Success):
    kind: ClassVar[str] = "Application"
    field: ClassVar[str] = "application"

    application: Application = strawberry.field(description=APPLICATION)
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An application was withdrawn.")
class WithdrawApplicationSuccess(Success):
    kind: ClassVar[str] = "Application"
    field: ClassVar[str] = "application"

    application: Application = strawberry.field(description=APPLICATION)
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="Something was judged.")
class JudgeCriterionSuccess(Success):
    kind: ClassVar[str] = "Application"
    field: ClassVar[str] = "application"

    application: Application = strawberry.field(description=APPLICATION)
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(
    description="An application was decided; where it was selected, its `pilot` was registered in the same commit."
)
class DecideApplicationSuccess(Success):
    kind: ClassVar[str] = "Application"
    field: ClassVar[str] = "application"

    application: Application = strawberry.field(description=APPLICATION)
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


OpenApplicationPayload = Annotated[
    OpenApplicationSuccess | InvalidInput | ApplicantNotEligible | IdempotencyKeyReused,
    union("OpenApplicationPayload"),
]

ClaimCriterionPayload = Annotated[
    ClaimCriterionSuccess
    | InvalidInput
    | NotFound
    | CriterionNotOfKind
    | DocumentTooLarge
    | DocumentTypeNotAccepted
    | ApplicationNotInState
    | ApplicationDecided
    | IdempotencyKeyReused,
    union("ClaimCriterionPayload"),
]

SubmitApplicationPayload = Annotated[
    SubmitApplicationSuccess
    | InvalidInput
    | NotFound
    | ApplicationNotInState
    | ApplicationDecided
    | IdempotencyKeyReused,
    union("SubmitApplicationPayload"),
]

WithdrawApplicationPayload = Annotated[
    WithdrawApplicationSuccess
    | InvalidInput
    | NotFound
    | ApplicationNotInState
    | ApplicationDecided
    | IdempotencyKeyReused,
    union("WithdrawApplicationPayload"),
]

JudgeCriterionPayload = Annotated[
    JudgeCriterionSuccess
    | InvalidInput
    | NotFound
    | CriterionNotOfKind
    | ApplicationNotInState
    | ApplicationDecided
    | IdempotencyKeyReused,
    union("JudgeCriterionPayload"),
]

DecideApplicationPayload = Annotated[
    DecideApplicationSuccess
    | InvalidInput
    | NotFound
    | PilotCodeTaken
    | ApplicantNotEligible
    | ApplicationNotInState
    | ApplicationDecided
    | IdempotencyKeyReused,
    union("DecideApplicationPayload"),
]
