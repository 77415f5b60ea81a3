"""What mutations of finance answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.finance.errors import (
    AllocationsExceedCapex,
    AllocationsExceedFinancing,
    FinancingEnded,
    FinancingsFull,
    PledgeOutsideFinancing,
    ProductPledgesNothing,
    SavingsPledgedAlready,
)
from nzc_api.schema.finance.types import Financing
from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.measures.errors import MeasureNotOfPilot
from nzc_api.schema.pilots.errors import DatesOutOfOrder


@strawberry.type(description="A financing was recorded.")
class RecordFinancingSuccess(Success):
    kind: ClassVar[str] = "Financing"
    field: ClassVar[str] = "financing"

    financing: Financing = strawberry.field(description="The financing.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A financing ended early.")
class EndFinancingSuccess(Success):
    kind: ClassVar[str] = "Financing"
    field: ClassVar[str] = "financing"

    financing: Financing = strawberry.field(description="The financing.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


RecordFinancingPayload = Annotated[
    RecordFinancingSuccess
    | InvalidInput
    | NotFound
    | DatesOutOfOrder
    | AllocationsExceedFinancing
    | AllocationsExceedCapex
    | ProductPledgesNothing
    | PledgeOutsideFinancing
    | SavingsPledgedAlready
    | MeasureNotOfPilot
    | FinancingsFull
    | IdempotencyKeyReused,
    union("RecordFinancingPayload"),
]

EndFinancingPayload = Annotated[
    EndFinancingSuccess | InvalidInput | NotFound | FinancingEnded | IdempotencyKeyReused,
    union("EndFinancingPayload"),
]
