"""What many objects of one answer ask of evaluations."""

from functools import cached_property

from nzc_api.evaluation.indicators import RangeFacts
from nzc_api.evaluation.model import EvaluatedRange, Evaluation, ResultKey
from nzc_api.evaluation.result import Result
from nzc_api.ids import EvaluationId, PilotId, Position
from nzc_api.inventories.visibility import Sight
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.kit.loading import TopicLoaders, as_of, one


class EvaluationLoaders(TopicLoaders):
    @cached_property
    def evaluation(self) -> Loader[EvaluationId, Evaluation | None]:
        return one(self._s.evaluation.evaluations)

    @cached_property
    def evaluations_of(self) -> Loader[tuple[PilotId, Position], list[Evaluation]]:
        return as_of(self._s.evaluation.evaluations_of, [])

    @cached_property
    def evaluation_of_finding(self) -> Loader[int, EvaluationId | None]:
        return one(self._s.evaluation.evaluation_ids)

    @cached_property
    def range_result(self) -> Loader[tuple[ResultKey, Sight], Result | None]:
        return as_of(self._s.evaluation.results, None)

    @cached_property
    def indicator_facts(
        self,
    ) -> Loader[tuple[tuple[EvaluatedRange, DateSpan], tuple[Position, Sight]], RangeFacts | None]:
        return as_of(self._s.evaluation.facts, None)

    @cached_property
    def disturbed_by(self) -> Loader[tuple[tuple[ResultKey, Position], Sight], list[Position]]:
        return as_of(self._s.evaluation.disturbed_by, [])
