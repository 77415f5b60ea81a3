"""What mutations of webhook endpoints answer."""

from typing import Annotated, ClassVar

import strawberry

from nzc_api.schema.kit.errors import IdempotencyKeyReused, InvalidInput, NotFound
from nzc_api.schema.kit.mutations import Success
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.webhooks.errors import WebhookEndpointsFull, WebhookSecretsFull
from nzc_api.schema.webhooks.types import WebhookEndpoint

SHOWN_ONCE = (
    "The secret (`whsec_…`) that messages are signed with, as libraries of Standard Webhooks take it. It is shown this "
    "once: null in a replay."
)


@strawberry.type(description="An endpoint was registered.")
class CreateWebhookEndpointSuccess(Success):
    kind: ClassVar[str] = "WebhookEndpoint"
    field: ClassVar[str] = "webhook_endpoint"

    webhook_endpoint: WebhookEndpoint = strawberry.field(description="The endpoint.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)
    secret: str | None = strawberry.field(default=None, description=SHOWN_ONCE)


@strawberry.type(description="An endpoint's terms were changed, or were so already.")
class UpdateWebhookEndpointSuccess(Success):
    kind: ClassVar[str] = "WebhookEndpoint"
    field: ClassVar[str] = "webhook_endpoint"

    webhook_endpoint: WebhookEndpoint = strawberry.field(description="The endpoint.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An endpoint is told again what it follows.")
class EnableWebhookEndpointSuccess(Success):
    kind: ClassVar[str] = "WebhookEndpoint"
    field: ClassVar[str] = "webhook_endpoint"

    webhook_endpoint: WebhookEndpoint = strawberry.field(description="The endpoint.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An endpoint is told nothing for now.")
class DisableWebhookEndpointSuccess(Success):
    kind: ClassVar[str] = "WebhookEndpoint"
    field: ClassVar[str] = "webhook_endpoint"

    webhook_endpoint: WebhookEndpoint = strawberry.field(description="The endpoint.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An endpoint was deleted.")
class DeleteWebhookEndpointSuccess(Success):
    kind: ClassVar[str] = "WebhookEndpoint"
    field: ClassVar[str] = "webhook_endpoint"

    webhook_endpoint: WebhookEndpoint = strawberry.field(description="The endpoint.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An endpoint is told once more what it follows after the position.")
class ReplayWebhookEndpointSuccess(Success):
    kind: ClassVar[str] = "WebhookEndpoint"
    field: ClassVar[str] = "webhook_endpoint"

    webhook_endpoint: WebhookEndpoint = strawberry.field(description="The endpoint.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="An endpoint has another secret.")
class RotateWebhookSecretSuccess(Success):
    kind: ClassVar[str] = "WebhookEndpoint"
    field: ClassVar[str] = "webhook_endpoint"

    webhook_endpoint: WebhookEndpoint = strawberry.field(description="The endpoint.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)
    secret: str | None = strawberry.field(default=None, description=SHOWN_ONCE)


CreateWebhookEndpointPayload = Annotated[
    CreateWebhookEndpointSuccess | InvalidInput | WebhookEndpointsFull | IdempotencyKeyReused,
    union("CreateWebhookEndpointPayload"),
]

UpdateWebhookEndpointPayload = Annotated[
    UpdateWebhookEndpointSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("UpdateWebhookEndpointPayload"),
]

EnableWebhookEndpointPayload = Annotated[
    EnableWebhookEndpointSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("EnableWebhookEndpointPayload"),
]

DisableWebhookEndpointPayload = Annotated[
    DisableWebhookEndpointSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("DisableWebhookEndpointPayload"),
]

DeleteWebhookEndpointPayload = Annotated[
    DeleteWebhookEndpointSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("DeleteWebhookEndpointPayload"),
]

ReplayWebhookEndpointPayload = Annotated[
    ReplayWebhookEndpointSuccess | InvalidInput | NotFound | IdempotencyKeyReused,
    union("ReplayWebhookEndpointPayload"),
]

RotateWebhookSecretPayload = Annotated[
    RotateWebhookSecretSuccess
    | InvalidInput
    | NotFound
    | WebhookSecretsFull
    | IdempotencyKeyReused,
    union("RotateWebhookSecretPayload"),
]
