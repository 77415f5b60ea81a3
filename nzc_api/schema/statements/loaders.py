"""What many objects of one answer ask of statements."""

from functools import cached_property

from nzc_api.inventories.visibility import Sight
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, as_of
from nzc_api.statements.model import NetEmissions, StatementKey


class StatementLoaders(TopicLoaders):
    @cached_property
    def statement(self) -> Loader[tuple[StatementKey, Sight], NetEmissions | None]:
        return as_of(self._s.statements.net_emissions, None)
