"""What many objects of one answer ask of finance."""

from functools import cached_property

from nzc_api.finance.model import Financing
from nzc_api.ids import FinancingId, PilotId, Position
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, as_of, one


class FinanceLoaders(TopicLoaders):
    @cached_property
    def financing(self) -> Loader[FinancingId, Financing | None]:
        return one(self._s.finance.financings)

    @cached_property
    def financings_of(self) -> Loader[tuple[PilotId, Position], list[Financing]]:
        return as_of(self._s.finance.financings_of, [])
