"""What many objects of one answer ask of inventories."""

from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.ids import InventoryId, LineId, PilotId
from nzc_api.inventories.electricity import Electricity
from nzc_api.inventories.model import Inventory, Line, LineRole, Opinion, QualityOfData, Shares
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.warnings import InventoryWarning
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import SeenPage, TopicLoaders, as_of, one, paged


class InventoryLoaders(TopicLoaders):
    @cached_property
    def inventory(self) -> Loader[tuple[InventoryId, Sight], Inventory | None]:
        return as_of(self._s.inventories.inventories, None)

    @cached_property
    def inventories(self) -> Loader[tuple[PilotId, SeenPage], list[Inventory]]:
        return paged(lambda ids, at: self._s.inventories.page_of(ids, *at))

    @cached_property
    def inventories_count(self) -> Loader[tuple[PilotId, Sight], int]:
        return as_of(self._s.inventories.count_of, 0)

    @cached_property
    def quality(self) -> Loader[InventoryId, QualityOfData | None]:
        return one(self._s.inventories.quality)

    @cached_property
    def emission_shares(self) -> Loader[InventoryId, Shares | None]:
        return one(self._s.inventories.shares)

    @cached_property
    def electricity(self) -> Loader[InventoryId, Electricity | None]:
        return one(self._s.inventories.electricity)

    @cached_property
    def line(self) -> Loader[tuple[LineId, Sight], Line | None]:
        return as_of(self._s.inventories.lines, None)

    @cached_property
    def lines(self) -> Loader[tuple[InventoryId, tuple[LineRole, Sight, Page]], list[Line]]:
        return paged(lambda ids, at: self._s.inventories.page_of_lines(ids, *at))

    @cached_property
    def lines_count(self) -> Loader[tuple[InventoryId, tuple[LineRole, Sight]], int]:
        return as_of(lambda ids, asked: self._s.inventories.count_lines(ids, *asked), 0)

    @cached_property
    def versions(self) -> Loader[tuple[int, SeenPage], list[Inventory]]:
        return paged(lambda ids, at: self._s.inventories.page_of_versions(ids, *at))

    @cached_property
    def versions_count(self) -> Loader[tuple[int, Sight], int]:
        return as_of(self._s.inventories.count_versions, 0)

    @cached_property
    def warnings(self) -> Loader[tuple[InventoryId, SeenPage], list[InventoryWarning]]:
        return paged(lambda ids, at: self._s.inventories.page_of_warnings(ids, *at))

    @cached_property
    def warnings_count(self) -> Loader[tuple[InventoryId, Sight], int]:
        return as_of(self._s.inventories.count_warnings, 0)

    @cached_property
    def opinion(self) -> Loader[InventoryId, Opinion | None]:
        return one(self._s.inventories.opinions)
