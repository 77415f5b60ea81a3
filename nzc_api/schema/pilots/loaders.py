"""What many objects of one answer ask of pilots."""

from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.pilots.model import AccountingPeriod, Pilot, PilotAmendment, PilotWithPeriods
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import PageAt, TopicLoaders, as_of, many, one, paged


class PilotLoaders(TopicLoaders):
    @cached_property
    def pilot(self) -> Loader[PilotId, Pilot | None]:
        return one(self._s.pilots.pilots)

    @cached_property
    def pilot_with_periods(self) -> Loader[PilotId, PilotWithPeriods | None]:
        return one(self._s.pilots.pilots_with_periods)

    @cached_property
    def pilot_then(self) -> Loader[tuple[PilotId, Position], Pilot | None]:
        return one(self._s.pilots.pilots_then)

    @cached_property
    def amendments(self) -> Loader[tuple[PilotId, Page], list[PilotAmendment]]:
        return paged(self._s.pilots.page_amendments_of)

    @cached_property
    def amendments_count(self) -> Loader[PilotId, int | None]:
        return one(self._s.pilots.count_amendments_of)

    @cached_property
    def period(self) -> Loader[PeriodId, AccountingPeriod | None]:
        return one(self._s.pilots.periods)

    @cached_property
    def periods(self) -> Loader[tuple[PilotId, PageAt], list[AccountingPeriod]]:
        return paged(self._s.pilots.page_periods_of)

    @cached_property
    def periods_count(self) -> Loader[tuple[PilotId, Position], int]:
        return as_of(self._s.pilots.count_periods_of, 0)

    @cached_property
    def all_periods(self) -> Loader[PilotId, list[AccountingPeriod]]:
        return many(self._s.pilots.periods_of)

    @cached_property
    def surrounding(self) -> Loader[tuple[int, PageAt], list[tuple[int, PilotId]]]:
        return paged(self._s.pilots.page_surrounding)

    @cached_property
    def surrounding_count(self) -> Loader[tuple[int, Position], int]:
        return as_of(self._s.pilots.count_surrounding, 0)

    @cached_property
    def within(self) -> Loader[tuple[int, PageAt], list[PilotId]]:
        return paged(self._s.pilots.page_within)

    @cached_property
    def within_count(self) -> Loader[tuple[int, Position], int]:
        return as_of(self._s.pilots.count_within, 0)
