"""What many objects of one answer ask of sites."""

from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.pilots.sites import AtSite, Site
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, one, paged


class SiteLoaders(TopicLoaders):
    @cached_property
    def site(self) -> Loader[int, Site | None]:
        return one(self._s.pilots.sites)

    @cached_property
    def at_site(self) -> Loader[tuple[int, Page], list[AtSite]]:
        return paged(self._s.pilots.page_at_site)

    @cached_property
    def at_site_count(self) -> Loader[int, int | None]:
        return one(self._s.pilots.count_at_site)
