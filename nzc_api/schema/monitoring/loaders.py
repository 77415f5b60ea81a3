"""What many objects of one answer ask of monitoring."""

from decimal import Decimal
from functools import cached_property

from nzc_api.ids import PilotId, Position
from nzc_api.monitoring.alerts import Alert
from nzc_api.monitoring.baseline import EnergyBaseline, Performance
from nzc_api.monitoring.baseline_service import PerformanceAsked
from nzc_api.monitoring.model import Denominator
from nzc_api.monitoring.service import Monitoring, SeriesAsked
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import PageAt, TopicLoaders, as_of, one, paged


class MonitoringLoaders(TopicLoaders):
    @cached_property
    def denominator(self) -> Loader[int, Denominator | None]:
        return one(self._s.monitoring.denominators)

    @cached_property
    def denominators(self) -> Loader[tuple[PilotId, PageAt], list[Denominator]]:
        return paged(self._s.monitoring.page_of)

    @cached_property
    def denominators_count(self) -> Loader[tuple[PilotId, Position], int]:
        return as_of(self._s.monitoring.count_of, 0)

    @cached_property
    def energy_baseline(self) -> Loader[int, EnergyBaseline | None]:
        return one(self._s.baselines.baselines)

    @cached_property
    def energy_baselines(self) -> Loader[tuple[PilotId, PageAt], list[EnergyBaseline]]:
        return paged(self._s.baselines.page_of)

    @cached_property
    def energy_baselines_count(self) -> Loader[tuple[PilotId, Position], int]:
        return as_of(self._s.baselines.count_of, 0)

    @cached_property
    def performance(
        self,
    ) -> Loader[tuple[EnergyBaseline, PerformanceAsked], Performance | None]:
        return as_of(self._s.baselines.performance, None)

    @cached_property
    def alert_raised(self) -> Loader[int, Alert | None]:
        return one(self._s.watch.raised)

    @cached_property
    def alerts(self) -> Loader[tuple[PilotId, Position], list[Alert]]:
        return paged(self._s.watch.alerts)

    @cached_property
    def metered_share(self) -> Loader[tuple[PilotId, Position], Decimal | None]:
        return as_of(self._s.monitoring.metered_shares, None)

    @cached_property
    def monitoring(self) -> Loader[tuple[PilotId, SeriesAsked], Monitoring | None]:
        return as_of(self._s.monitoring.monitoring, None)
