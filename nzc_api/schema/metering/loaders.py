"""What many objects of one answer ask of metering."""

from functools import cached_property

from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.metering.model import Meter, NamedMeters
from nzc_api.metering.readings import Batch, ToldReading
from nzc_api.metering.unmetered import Unmetered
from nzc_api.metering.usage import Step, Usage
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import PageAt, TopicLoaders, as_of, one, paged


class MeterLoaders(TopicLoaders):
    @cached_property
    def meter(self) -> Loader[tuple[MeterId, Position], Meter | None]:
        return as_of(self._s.meters.meters, None)

    @cached_property
    def meters(self) -> Loader[tuple[PilotId, PageAt], list[Meter]]:
        return paged(self._s.meters.page_of)

    @cached_property
    def meters_count(self) -> Loader[tuple[PilotId, Position], int]:
        return as_of(self._s.meters.count_of, 0)

    @cached_property
    def meters_named(self) -> Loader[tuple[NamedMeters, Position], list[Meter]]:
        return paged(self._s.meters.named)

    @cached_property
    def submeters(self) -> Loader[tuple[MeterId, PageAt], list[Meter]]:
        return paged(self._s.meters.page_of_submeters)

    @cached_property
    def submeters_count(self) -> Loader[tuple[MeterId, Position], int]:
        return as_of(self._s.meters.count_of_submeters, 0)

    @cached_property
    def gateway_meters(self) -> Loader[tuple[int, PageAt], list[Meter]]:
        return paged(self._s.meters.page_of_gateways)

    @cached_property
    def gateway_meters_count(self) -> Loader[tuple[int, Position], int]:
        return as_of(self._s.meters.count_of_gateways, 0)

    @cached_property
    def readings(self) -> Loader[tuple[MeterId, PageAt], list[ToldReading]]:
        return paged(self._s.readings.page_of)

    @cached_property
    def readings_within(self) -> Loader[tuple[MeterId, tuple[DateSpan, PageAt]], list[ToldReading]]:
        return paged(self._s.readings.page_within)

    @cached_property
    def usage(self) -> Loader[tuple[MeterId, tuple[DateSpan, Step, Position]], list[Usage]]:
        return paged(self._s.meters.usages)

    @cached_property
    def unmetered(self) -> Loader[tuple[MeterId, tuple[DateSpan, Step, Position]], list[Unmetered]]:
        return paged(self._s.meters.unmetered)

    @cached_property
    def reading_batch(self) -> Loader[int, Batch | None]:
        return one(self._s.readings.batches)
