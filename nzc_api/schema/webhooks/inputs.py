"""What is registered and changed of webhook endpoints: the mutations' inputs."""

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.feed.model import EVERYTHING
from nzc_api.ids import WebhookEndpointId
from nzc_api.schema.feed.filters import EventFilterInput
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import WEBHOOK_ENDPOINT
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.webhooks.model import CreateEndpoint, ReplayEndpoint, RotateSecret, UpdateEndpoint
from nzc_api.webhooks.rules import LONGEST_URL, MOST_OVERLAP_HOURS

A_DAY = 24

URL = (
    f"Where events are posted: an `https` URL of at most {LONGEST_URL} ASCII characters, without login and `#`, which "
    "leads to public addresses. (`http` where the operator allows networks of its own.)"
)
LABEL = "What it is for: 1 to 200 characters."


@strawberry.input(description="An endpoint to post events to.")
class CreateWebhookEndpointInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    url: str = strawberry.field(description=URL)
    label: str = strawberry.field(description=LABEL)
    filter: EventFilterInput | None = strawberry.field(
        default=None, description="Which events it is told. Default: all."
    )
    after: BigInt | None = strawberry.field(
        default=None,
        description="After which position it is told them; 0 for the beginning. Default: from its own registration on.",
    )

    def command(self, ids: Ids, caller: Principal) -> CreateEndpoint:
        wanted = EVERYTHING if self.filter is None else self.filter.wanted(ids, "input", "filter")
        return CreateEndpoint(url=self.url, label=self.label, wanted=wanted, after=self.after)


@strawberry.input(
    description="What an endpoint's terms are from now on: those that are left out stay as they are."
)
class UpdateWebhookEndpointInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    webhook_endpoint: strawberry.ID = strawberry.field(description="The endpoint.")
    url: str | None = strawberry.field(default=strawberry.UNSET, description=URL)
    label: str | None = strawberry.field(default=strawberry.UNSET, description=LABEL)
    filter: EventFilterInput | None = strawberry.field(
        default=strawberry.UNSET, description="Which events it is told; null: all."
    )

    def command(self, ids: Ids, caller: Principal) -> UpdateEndpoint:
        changes = said(self, ("url", "label"), no_values=())
        if self.filter is None:
            changes["wanted"] = EVERYTHING
        elif self.filter is not strawberry.UNSET:
            changes["wanted"] = self.filter.wanted(ids, "input", "filter")
        return UpdateEndpoint(_endpoint(ids, self.webhook_endpoint), changes)


@strawberry.input(description="An endpoint to be told again what it follows.")
class EnableWebhookEndpointInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    webhook_endpoint: strawberry.ID = strawberry.field(description="The endpoint.")

    def command(self, ids: Ids, caller: Principal) -> WebhookEndpointId:
        return _endpoint(ids, self.webhook_endpoint)


@strawberry.input(description="An endpoint to be told nothing for now.")
class DisableWebhookEndpointInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    webhook_endpoint: strawberry.ID = strawberry.field(description="The endpoint.")

    def command(self, ids: Ids, caller: Principal) -> WebhookEndpointId:
        return _endpoint(ids, self.webhook_endpoint)


@strawberry.input(description="An endpoint to delete.")
class DeleteWebhookEndpointInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    webhook_endpoint: strawberry.ID = strawberry.field(description="The endpoint.")

    def command(self, ids: Ids, caller: Principal) -> WebhookEndpointId:
        return _endpoint(ids, self.webhook_endpoint)


@strawberry.input(description="An endpoint to get another secret.")
class RotateWebhookSecretInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    webhook_endpoint: strawberry.ID = strawberry.field(description="The endpoint.")
    overlap_hours: int = strawberry.field(
        default=A_DAY,
        description=f"For how many hours messages are signed with the secret before, too: 0 to {MOST_OVERLAP_HOURS}. 0 "
        "where others may know it.",
    )

    def command(self, ids: Ids, caller: Principal) -> RotateSecret:
        return RotateSecret(_endpoint(ids, self.webhook_endpoint), self.overlap_hours)


@strawberry.input(description="An endpoint to be told something once more.")
class ReplayWebhookEndpointInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    webhook_endpoint: strawberry.ID = strawberry.field(description="The endpoint.")
    after: BigInt = strawberry.field(
        description="After which position: of any that the log has; 0 for the beginning."
    )

    def command(self, ids: Ids, caller: Principal) -> ReplayEndpoint:
        return ReplayEndpoint(_endpoint(ids, self.webhook_endpoint), self.after)


def _endpoint(ids: Ids, text: strawberry.ID) -> WebhookEndpointId:
    return ids.read(text, "input", "webhookEndpoint", kind=WEBHOOK_ENDPOINT)
