"""Webhook endpoints and what was posted to them, as GraphQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

import strawberry

from nzc_api.access.principals import AccessDenied, may_see_keys_of
from nzc_api.database.paging import Direction
from nzc_api.feed.model import EventFilter
from nzc_api.ids import WebhookEndpointId
from nzc_api.log.kinds import EntryKind
from nzc_api.schema.feed.filters import MOST_NAMED
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.types import ApiKey, Organisation
from nzc_api.schema.programmes.types import ProgrammeCode
from nzc_api.schema.webhooks.enums import DeliveryOutcome, DisabledReason, EndpointState
from nzc_api.webhooks import model as domain
from nzc_api.webhooks.delivery_store import MOST_KEPT


@strawberry.type(description="Which events an endpoint is told: see `EventFilterInput`.")
class WebhookFilter:
    domain: strawberry.Private[EventFilter]

    inside = attribute(
        bool, "inside", "Whether what is about a pilot is about all pilots around it, too."
    )

    @short_list("Of one of these kinds; null: of any.", len(EntryKind))
    def kinds(self) -> list[EntryKind] | None:
        return None if self.domain.kinds is None else sorted(self.domain.kinds)

    @short_list("About one of the pilots with these ids; null: of any, or none.", MOST_NAMED)
    def pilots(self, info: Info) -> list[strawberry.ID] | None:
        return _ids(info, "Pilot", self.domain.pilots)

    @short_list("Of one of these programmes; null: of any, or none.", len(ProgrammeCode))
    def programmes(self) -> list[ProgrammeCode] | None:
        found = self.domain.programmes
        return None if found is None else [ProgrammeCode(code) for code in sorted(found)]

    @short_list("By or about one of the organisations with these ids; null: any.", MOST_NAMED)
    def organisations(self, info: Info) -> list[strawberry.ID] | None:
        return _ids(info, "Organisation", self.domain.organisations)


@strawberry.type(description="An event that was posted to an endpoint, once.")
class WebhookDelivery:
    domain: strawberry.Private[domain.Delivery]

    position = attribute(BigInt, "position", "The event's position.")
    at = attribute(datetime, "at", "When it was posted.")
    attempt = attribute(int, "attempt", "The how many-th attempt of this event it was.")
    delivery_outcome = attribute(DeliveryOutcome, "answer.outcome", "What came of it.")
    http_status = attribute(
        int | None, "answer.status", "The status of the answer; null where there was none."
    )
    milliseconds = attribute(int, "answer.milliseconds", "How long it took.")


@node()
@strawberry.type(
    description="Where events are posted for an organisation: each as a CloudEvent, signed after Standard Webhooks, in "
    "order, until it is accepted. Only administrators and the organisation itself see it."
)
class WebhookEndpoint(Node):
    domain: strawberry.Private[domain.Endpoint]

    position = attribute(BigInt, "id", "The position at which it was registered.")
    url = attribute(str, "terms.url", "Where events are posted.")
    label = attribute(str, "terms.label", "What it is for.")
    endpoint_state = attribute(EndpointState, "terms.state", "Whether events are posted.")
    disabled_reason = attribute(
        DisabledReason | None, "terms.reason", "Why none are; null where they are."
    )
    told_position = attribute(
        BigInt,
        "cursor.position",
        "How far it was told: up to there it accepted every event that it follows.",
    )
    previous_position = attribute(
        BigInt, "cursor.previous", "The position of the event that it accepted last."
    )
    failures = attribute(
        int, "cursor.failures", "How often in a row it did not accept the next event."
    )
    failing_since = attribute(
        datetime | None,
        "cursor.failing_since",
        "Since when; null where it did. After five days it is disabled.",
    )
    next_attempt_at = attribute(
        datetime,
        "cursor.due_at",
        "When the next event is posted, where there is one and it is enabled: not before.",
    )

    @strawberry.field(description="Which events it is told.")
    def filter(self) -> WebhookFilter:
        return WebhookFilter(domain=self.domain.terms.wanted)

    @strawberry.field(description="Whose it is.")
    async def organisation(self, info: Info) -> Organisation:
        return await Organisation.at(info, self.domain.organisation_id)

    @strawberry.field(
        description="The key that wrote it last: it is told what that key sees. Where that is revoked or expires, it "
        "is disabled."
    )
    async def api_key(self, info: Info) -> ApiKey:
        found = await info.context.loaders.api_key.load(self.domain.terms.key_id)
        assert found is not None
        return ApiKey(domain=found)

    @strawberry.field(
        description=f"What was posted to it, the latest first; of all attempts the latest {MOST_KEPT} are kept."
    )
    async def deliveries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[WebhookDelivery]:
        page = page_by_position(first, after, Direction.DESC)
        return connection(
            await info.context.loaders.webhook_deliveries.load((self.domain.id, page)),
            page,
            lambda row: row.number,
            lambda row: WebhookDelivery(domain=row),
            counted(info.context.loaders.webhook_deliveries_count, self.domain.id),
        )

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        """An endpoint, for those who may see it; nobody else learns that there is one."""
        try:
            caller = await info.context.principal()
        except AccessDenied:
            return None
        if caller is None:
            return None
        found = await info.context.loaders.webhook_endpoint.load(WebhookEndpointId(position))
        if found is None or not may_see_keys_of(caller, found.organisation_id):
            return None
        return cls(domain=found)


def _ids(info: Info, kind: str, positions: Collection[int] | None) -> list[strawberry.ID] | None:
    return None if positions is None else [info.context.ids.of(kind, p) for p in sorted(positions)]
