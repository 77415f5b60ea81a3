"""What many objects of one answer ask of webhooks."""

from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.ids import OrganisationId, WebhookEndpointId
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, many, one, paged
from nzc_api.webhooks.model import Delivery, Endpoint


class WebhookLoaders(TopicLoaders):
    @cached_property
    def webhook_endpoint(self) -> Loader[WebhookEndpointId, Endpoint | None]:
        return one(self._s.webhooks.endpoints)

    @cached_property
    def webhook_endpoints_of(self) -> Loader[OrganisationId, list[Endpoint]]:
        return many(self._s.webhooks.endpoints_of)

    @cached_property
    def webhook_deliveries(self) -> Loader[tuple[int, Page], list[Delivery]]:
        return paged(self._s.webhooks.page_deliveries_of)

    @cached_property
    def webhook_deliveries_count(self) -> Loader[int, int | None]:
        return one(self._s.webhooks.count_deliveries_of)
