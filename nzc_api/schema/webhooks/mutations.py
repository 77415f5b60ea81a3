"""What changes webhook endpoints."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.log.model import Outcome
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import Failure
from nzc_api.schema.kit.mutations import GIVEN, Input, answer
from nzc_api.schema.webhooks.inputs import (
    CreateWebhookEndpointInput,
    DeleteWebhookEndpointInput,
    DisableWebhookEndpointInput,
    EnableWebhookEndpointInput,
    ReplayWebhookEndpointInput,
    RotateWebhookSecretInput,
    UpdateWebhookEndpointInput,
)
from nzc_api.schema.webhooks.payloads import (
    CreateWebhookEndpointPayload,
    CreateWebhookEndpointSuccess,
    DeleteWebhookEndpointPayload,
    DeleteWebhookEndpointSuccess,
    DisableWebhookEndpointPayload,
    DisableWebhookEndpointSuccess,
    EnableWebhookEndpointPayload,
    EnableWebhookEndpointSuccess,
    ReplayWebhookEndpointPayload,
    ReplayWebhookEndpointSuccess,
    RotateWebhookSecretPayload,
    RotateWebhookSecretSuccess,
    UpdateWebhookEndpointPayload,
    UpdateWebhookEndpointSuccess,
)
from nzc_api.webhooks.service import WithSecret

C = TypeVar("C")
S = TypeVar("S", CreateWebhookEndpointSuccess, RotateWebhookSecretSuccess)


@strawberry.type
class WebhookMutations:
    @strawberry.mutation(
        description="Register an endpoint of your organisation, to which events are posted: all that your key sees, "
        "or those that a filter lets through. Its secret is shown once. At most 10 an organisation."
    )
    async def create_webhook_endpoint(
        self, info: Info, input: Annotated[CreateWebhookEndpointInput, GIVEN]
    ) -> CreateWebhookEndpointPayload:
        verb = info.context.services.webhooks.create
        return await answer_with_secret(info, input, verb, CreateWebhookEndpointSuccess)

    @strawberry.mutation(
        description="Change an endpoint's URL, label or filter. It is told what the key that changes it sees."
    )
    async def update_webhook_endpoint(
        self, info: Info, input: Annotated[UpdateWebhookEndpointInput, GIVEN]
    ) -> UpdateWebhookEndpointPayload:
        verb = info.context.services.webhooks.update
        return await answer(info, input, verb, UpdateWebhookEndpointSuccess)

    @strawberry.mutation(
        description="Post events to an endpoint again, from where it stopped, and at once; to one that fails, too. "
        "It is told what the key that enables it sees."
    )
    async def enable_webhook_endpoint(
        self, info: Info, input: Annotated[EnableWebhookEndpointInput, GIVEN]
    ) -> EnableWebhookEndpointPayload:
        verb = info.context.services.webhooks.enable
        return await answer(info, input, verb, EnableWebhookEndpointSuccess)

    @strawberry.mutation(
        description="Post no events to an endpoint for now: it goes on where it stopped when it is enabled."
    )
    async def disable_webhook_endpoint(
        self, info: Info, input: Annotated[DisableWebhookEndpointInput, GIVEN]
    ) -> DisableWebhookEndpointPayload:
        verb = info.context.services.webhooks.disable
        return await answer(info, input, verb, DisableWebhookEndpointSuccess)

    @strawberry.mutation(
        description="Delete an endpoint for good, with its secret and what is known of its attempts."
    )
    async def delete_webhook_endpoint(
        self, info: Info, input: Annotated[DeleteWebhookEndpointInput, GIVEN]
    ) -> DeleteWebhookEndpointPayload:
        verb = info.context.services.webhooks.delete
        return await answer(info, input, verb, DeleteWebhookEndpointSuccess)

    @strawberry.mutation(
        description="Tell an endpoint once more what it follows after a position, and then what is new."
    )
    async def replay_webhook_endpoint(
        self, info: Info, input: Annotated[ReplayWebhookEndpointInput, GIVEN]
    ) -> ReplayWebhookEndpointPayload:
        verb = info.context.services.webhooks.replay
        return await answer(info, input, verb, ReplayWebhookEndpointSuccess)

    @strawberry.mutation(
        description="Give an endpoint another secret, which is shown once. Messages are signed with the one before, "
        "too, until the overlap is over; where it is rotated again meanwhile, with up to five in all, each until its "
        "own overlap is over. With `overlapHours` 0 all of them end at once."
    )
    async def rotate_webhook_secret(
        self, info: Info, input: Annotated[RotateWebhookSecretInput, GIVEN]
    ) -> RotateWebhookSecretPayload:
        verb = info.context.services.webhooks.rotate
        return await answer_with_secret(info, input, verb, RotateWebhookSecretSuccess)


async def answer_with_secret(
    info: Info,
    given: Input[C],
    verb: Callable[[Principal, str, C], Awaitable[WithSecret]],
    success: type[S],
) -> S | Failure:
    """Answer a mutation that makes a secret, which is known to this answer alone."""
    secret: str | None = None

    async def make(caller: Principal, key: str, command: C) -> Outcome:
        nonlocal secret
        made = await verb(caller, key, command)
        secret = made.secret
        return made.outcome

    answered = await answer(info, given, make, success)
    if isinstance(answered, success):
        answered.secret = secret
    return answered
