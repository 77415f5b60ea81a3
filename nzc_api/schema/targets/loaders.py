"""What many objects of one answer ask of targets."""

from functools import cached_property

from nzc_api.ids import PilotId, Position, TargetId
from nzc_api.inventories.visibility import Sight
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import SeenPage, TopicLoaders, as_of, paged
from nzc_api.targets.assessment import Assessment
from nzc_api.targets.model import Target
from nzc_api.targets.service import AssessmentKey
from nzc_api.targets.trajectory import Trajectory


class TargetLoaders(TopicLoaders):
    @cached_property
    def target(self) -> Loader[tuple[TargetId, Sight], Target | None]:
        return as_of(self._s.targets.targets, None)

    @cached_property
    def target_stood(self) -> Loader[tuple[tuple[PilotId, Position], Sight], Target | None]:
        return as_of(self._s.targets.stood, None)

    @cached_property
    def targets(self) -> Loader[tuple[PilotId, SeenPage], list[Target]]:
        return paged(lambda ids, at: self._s.targets.page_of(ids, *at))

    @cached_property
    def targets_count(self) -> Loader[tuple[PilotId, Sight], int]:
        return as_of(self._s.targets.count_of, 0)

    @cached_property
    def assessment(self) -> Loader[tuple[AssessmentKey, Sight], Assessment]:
        return as_of(self._s.targets.assessments, Assessment())

    @cached_property
    def trajectory(self) -> Loader[tuple[tuple[PilotId, Position], Sight], Trajectory | None]:
        return as_of(self._s.targets.trajectories, None)
