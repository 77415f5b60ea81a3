"""What many objects of one answer ask of requirements."""

from functools import cached_property

from nzc_api.ids import PilotId, Position
from nzc_api.requirements.model import RequirementStatus
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, as_of


class RequirementLoaders(TopicLoaders):
    @cached_property
    def requirements_of(self) -> Loader[tuple[PilotId, Position], tuple[RequirementStatus, ...]]:
        return as_of(self._s.requirements.requirements_of, ())
