"""What mutations of pilots and periods answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.boundaries import BoundaryChanged
from nzc_api.schema.pilots.errors import (
    AccountingPeriodInUse,
    AccountingPeriodOverlap,
    AccountingPeriodWithdrawn,
    ApplicantNotEligible,
    DatesOutOfOrder,
    InventoriesOutsideOperation,
    PilotCodeTaken,
    RetiredAfterClosure,
    SurroundingPilotCycle,
)
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot


@strawberry.type(description="A pilot was registered.")
class RegisterPilotSuccess(Success):
    kind: ClassVar[str] = "Pilot"
    field: ClassVar[str] = "pilot"

    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A pilot was amended, or was so already.")
class AmendPilotSuccess(Success):
    kind: ClassVar[str] = "Pilot"
    field: ClassVar[str] = "pilot"

    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A pilot was placed.")
class PlacePilotSuccess(BoundaryChanged):
    pilot: Pilot = strawberry.field(description="The pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="It was recorded that two pilots share ground.")
class RecordPilotOverlapSuccess(BoundaryChanged):
    pilot: Pilot = strawberry.field(description="The first pilot.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An accounting period was registered.")
class RegisterAccountingPeriodSuccess(Success):
    kind: ClassVar[str] = "AccountingPeriod"
    field: ClassVar[str] = "accounting_period"

    accounting_period: AccountingPeriod = strawberry.field(description="The period.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An accounting period was taken back.")
class WithdrawAccountingPeriodSuccess(Success):
    kind: ClassVar[str] = "AccountingPeriod"
    field: ClassVar[str] = "accounting_period"

    accounting_period: AccountingPeriod = strawberry.field(description="The period, withdrawn.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


RegisterPilotPayload = Annotated[
    RegisterPilotSuccess
    | InvalidInput
    | NotFound
    | PilotCodeTaken
    | ApplicantNotEligible
    | DatesOutOfOrder
    | AccountingPeriodOverlap
    | IdempotencyKeyReused,
    union("RegisterPilotPayload"),
]

AmendPilotPayload = Annotated[
    AmendPilotSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | InventoriesOutsideOperation
    | RetiredAfterClosure
    | IdempotencyKeyReused,
    union("AmendPilotPayload"),
]

PlacePilotPayload = Annotated[
    PlacePilotSuccess | InvalidInput | NotFound | SurroundingPilotCycle | IdempotencyKeyReused,
    union("PlacePilotPayload"),
]

RecordPilotOverlapPayload = Annotated[
    RecordPilotOverlapSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("RecordPilotOverlapPayload"),
]

RegisterAccountingPeriodPayload = Annotated[
    RegisterAccountingPeriodSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | AccountingPeriodOverlap
    | IdempotencyKeyReused,
    union("RegisterAccountingPeriodPayload"),
]

WithdrawAccountingPeriodPayload = Annotated[
    WithdrawAccountingPeriodSuccess
    | InvalidInput
    | NotFound
    | AccountingPeriodWithdrawn
    | AccountingPeriodInUse
    | IdempotencyKeyReused,
    union("WithdrawAccountingPeriodPayload"),
]
