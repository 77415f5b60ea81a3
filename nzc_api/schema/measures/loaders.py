"""What many objects of one answer ask of measures."""

from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.ids import MeasureId, PilotId, Position
from nzc_api.inventories.visibility import Sight
from nzc_api.measures.model import Effect, Measure, PotentialAnalysis, Progress
from nzc_api.measures.potential import Potential
from nzc_api.measures.service import PotentialKey
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, as_of, one, paged


class MeasureLoaders(TopicLoaders):
    @cached_property
    def measure(self) -> Loader[MeasureId, Measure | None]:
        return one(self._s.measures.measures)

    @cached_property
    def measures_of(self) -> Loader[tuple[PilotId, Position], list[Measure]]:
        return as_of(self._s.measures.measures_of, [])

    @cached_property
    def measure_progress(self) -> Loader[tuple[int, Page], list[Progress]]:
        return paged(self._s.measures.page_progress_of)

    @cached_property
    def measure_progress_count(self) -> Loader[int, int | None]:
        return one(self._s.measures.count_progress_of)

    @cached_property
    def measure_effects(self) -> Loader[tuple[int, Page], list[Effect]]:
        return paged(self._s.measures.page_effects_of)

    @cached_property
    def measure_effects_count(self) -> Loader[int, int | None]:
        return one(self._s.measures.count_effects_of)

    @cached_property
    def potential(self) -> Loader[tuple[PotentialKey, Sight], Potential | None]:
        return as_of(self._s.measures.potentials, None)

    @cached_property
    def analysis(self) -> Loader[int, PotentialAnalysis | None]:
        return one(self._s.measures.analyses)

    @cached_property
    def analyses(self) -> Loader[tuple[PilotId, Page], list[PotentialAnalysis]]:
        return paged(self._s.measures.page_analyses_of)

    @cached_property
    def analyses_count(self) -> Loader[PilotId, int | None]:
        return one(self._s.measures.count_analyses_of)
