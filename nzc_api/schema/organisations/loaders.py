"""What many objects of one answer ask of organisations."""

from functools import cached_property

from nzc_api.access.model import ApiKey, Organisation, OrganisationAmendment
from nzc_api.access.principals import Principal
from nzc_api.database.paging import Page
from nzc_api.ids import OrganisationId, Position
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, one, paged


class OrganisationLoaders(TopicLoaders):
    @cached_property
    def principal(self) -> Loader[str, Principal | None]:
        return one(self._s.access.authenticate)

    @cached_property
    def organisation(self) -> Loader[OrganisationId, Organisation | None]:
        return one(self._s.access.organisations)

    @cached_property
    def organisation_then(self) -> Loader[tuple[OrganisationId, Position], Organisation | None]:
        return one(self._s.access.organisations_then)

    @cached_property
    def organisation_amendments(
        self,
    ) -> Loader[tuple[OrganisationId, Page], list[OrganisationAmendment]]:
        return paged(self._s.access.page_amendments_of)

    @cached_property
    def organisation_amendments_count(self) -> Loader[OrganisationId, int | None]:
        return one(self._s.access.count_amendments_of)

    @cached_property
    def api_key(self) -> Loader[int, ApiKey | None]:
        return one(self._s.access.api_keys)
