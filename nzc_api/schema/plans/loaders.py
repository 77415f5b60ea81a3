"""What many objects of one answer ask of plans."""

from functools import cached_property

from nzc_api.ids import PilotId, PlanId, Position
from nzc_api.inventories.model import Basis
from nzc_api.inventories.visibility import Sight
from nzc_api.plans.life_cycle import LifeCycle
from nzc_api.plans.model import Completion, Plan
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import SeenPage, TopicLoaders, as_of, paged


class PlanLoaders(TopicLoaders):
    @cached_property
    def plan(self) -> Loader[tuple[PlanId, Sight], Plan | None]:
        return as_of(self._s.plans.plans, None)

    @cached_property
    def plan_in_force(self) -> Loader[tuple[PilotId, tuple[Sight, Position]], Plan | None]:
        return as_of(lambda pilots, at: self._s.plans.in_force(pilots, *at), None)

    @cached_property
    def plans(self) -> Loader[tuple[PilotId, SeenPage], list[Plan]]:
        return paged(lambda pilots, at: self._s.plans.page_of(pilots, *at))

    @cached_property
    def plans_count(self) -> Loader[tuple[PilotId, Sight], int]:
        return as_of(self._s.plans.count_of, 0)

    @cached_property
    def completion(self) -> Loader[tuple[tuple[PilotId, Position], Sight], Completion | None]:
        return as_of(self._s.plans.completions, None)

    @cached_property
    def life_cycle(
        self,
    ) -> Loader[tuple[PilotId, tuple[Basis, Position, Sight]], LifeCycle | None]:
        return as_of(lambda pilots, at: self._s.plans.life_cycles(pilots, *at), None)
