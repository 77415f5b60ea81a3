"""What many objects of one answer ask of management."""

from collections.abc import Mapping
from functools import cached_property

from nzc_api.database.paging import Page
from nzc_api.ids import AppointmentId, ManagementRuleId, PilotId, Position, PostId
from nzc_api.inventories.model import DutyUnitEmissions
from nzc_api.management.model import (
    Appointment,
    Duty,
    ManagementRule,
    Post,
    Upkeep,
    UpkeepSystem,
)
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, as_of, one, paged


class ManagementLoaders(TopicLoaders):
    @cached_property
    def post(self) -> Loader[PostId, Post | None]:
        return one(self._s.management.posts)

    @cached_property
    def posts_of(self) -> Loader[tuple[PilotId, Position], list[Post]]:
        return as_of(self._s.management.posts_of, [])

    @cached_property
    def appointment(self) -> Loader[AppointmentId, Appointment | None]:
        return one(self._s.management.appointments)

    @cached_property
    def appointments(self) -> Loader[tuple[int, Page], list[Appointment]]:
        return paged(self._s.management.page_appointments_of)

    @cached_property
    def appointments_count(self) -> Loader[int, int | None]:
        return one(self._s.management.count_appointments_of)

    @cached_property
    def duty(self) -> Loader[int, Duty | None]:
        return one(self._s.management.duties)

    @cached_property
    def duties_of(self) -> Loader[tuple[PilotId, Position], list[Duty]]:
        return as_of(self._s.management.duties_of, [])

    @cached_property
    def units_of(self) -> Loader[tuple[PilotId, Position], Mapping[int, DutyUnitEmissions]]:
        return as_of(self._s.management.units_of, {})

    @cached_property
    def management_rule(self) -> Loader[ManagementRuleId, ManagementRule | None]:
        return one(self._s.management.rules)

    @cached_property
    def management_rules_of(self) -> Loader[tuple[PilotId, Position], list[ManagementRule]]:
        return as_of(self._s.management.rules_of, [])

    @cached_property
    def upkeep(self) -> Loader[int, Upkeep | None]:
        return one(self._s.management.upkeep)

    @cached_property
    def upkeep_of(
        self,
    ) -> Loader[tuple[PilotId, tuple[UpkeepSystem | None, Page]], list[Upkeep]]:
        return paged(self._s.management.page_upkeep_of)

    @cached_property
    def upkeep_count(self) -> Loader[tuple[PilotId, UpkeepSystem | None], int]:
        return as_of(self._s.management.count_upkeep_of, 0)
