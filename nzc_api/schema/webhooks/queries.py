"""What can be asked of webhook endpoints."""

import strawberry

from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import short_list
from nzc_api.schema.webhooks.types import WebhookEndpoint
from nzc_api.webhooks.rules import MOST_ENDPOINTS


@strawberry.type
class WebhookQueries:
    @short_list(
        "The webhook endpoints of your organisation, oldest first; none without a key.",
        MOST_ENDPOINTS,
        statements=2,
    )
    async def webhook_endpoints(self, info: Info) -> list[WebhookEndpoint]:
        caller = await info.context.principal()
        if caller is None:
            return []
        found = await info.context.loaders.webhook_endpoints_of.load(caller.organisation_id)
        return [WebhookEndpoint(domain=item) for item in found]
