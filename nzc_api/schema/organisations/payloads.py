"""What mutations of organisations and keys answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.errors import CreditCodeTaken
from nzc_api.schema.organisations.types import ApiKey, Organisation


@strawberry.type(description="An organisation was registered.")
class RegisterOrganisationSuccess(Success):
    kind: ClassVar[str] = "Organisation"
    field: ClassVar[str] = "organisation"

    organisation: Organisation = strawberry.field(description="The organisation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An organisation was amended, or was so already.")
class AmendOrganisationSuccess(Success):
    kind: ClassVar[str] = "Organisation"
    field: ClassVar[str] = "organisation"

    organisation: Organisation = strawberry.field(description="The organisation.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A key was issued.")
class IssueApiKeySuccess(Success):
    kind: ClassVar[str] = "ApiKey"
    field: ClassVar[str] = "api_key"

    api_key: ApiKey = strawberry.field(description="The key.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)
    secret: str | None = strawberry.field(
        default=None,
        description="The secret to send as `Authorization: Bearer …`. It is shown this once and not "
        "kept: null in a replay.",
    )


@strawberry.type(description="A key was revoked.")
class RevokeApiKeySuccess(Success):
    kind: ClassVar[str] = "ApiKey"
    field: ClassVar[str] = "api_key"

    api_key: ApiKey = strawberry.field(description="The key.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


RegisterOrganisationPayload = Annotated[
    RegisterOrganisationSuccess | InvalidInput | CreditCodeTaken | IdempotencyKeyReused,
    union("RegisterOrganisationPayload"),
]

AmendOrganisationPayload = Annotated[
    AmendOrganisationSuccess | InvalidInput | NotFound | CreditCodeTaken | IdempotencyKeyReused,
    union("AmendOrganisationPayload"),
]

IssueApiKeyPayload = Annotated[
    IssueApiKeySuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("IssueApiKeyPayload"),
]

RevokeApiKeyPayload = Annotated[
    RevokeApiKeySuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("RevokeApiKeyPayload"),
]
