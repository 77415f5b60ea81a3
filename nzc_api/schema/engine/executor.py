"""graphql-core's executor, bounded: it ends where the answer gets too large, and keeps nothing afterwards."""

from collections.abc import Collection
from typing import Any, cast

from graphql import ExecutionResult, GraphQLLeafType, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import Path
from strawberry.types.execution import ExecutionContext

from nzc_api.schema.engine.encoding import LARGEST_ANSWER, encode, too_large
from nzc_api.shortcuts.handles import StockExecutor, forget_fields

_LET_GO: Any = None

# Around a name or a text, with what parts it from the next.
QUOTES = 4


class Executor(StockExecutor):
    """Executes one operation."""

    _room = LARGEST_ANSWER

    def execute_operation(self, serially: bool | None = None) -> Any:
        self._room = LARGEST_ANSWER
        return super().execute_operation(serially)

    def build_per_event_executor(self, payload: Any) -> Any:
        """An executor of one event. What it finds out about its fields dies with it: each event's are
        other lists, and a subscription may live for months."""
        executor: Any = super().build_per_event_executor(payload)
        forget_fields(executor)
        return executor

    def build_response(self, data: dict[str, Any] | None) -> Any:
        """The response. With it the executor lets go of what holds it in turn: else all of the request
        would stay until the garbage collector comes."""
        response = super().build_response(data)
        self.async_helpers = _LET_GO
        if self.is_full:
            return ExecutionResult(None, [too_large()])
        return response

    @property
    def is_full(self) -> bool:
        """Whether the answer is too large: what comes is not sent any more."""
        return self._room < 0

    def note_names(self, names: Collection[str], times: int) -> None:
        self._room -= times * (len("".join(names)) + QUOTES * len(names))

    def note_leaves(self, shown: Collection[Any]) -> None:
        """So many bytes they take in the answer, escapes aside."""
        self._room -= QUOTES * len(shown)
        try:
            texts = "".join(shown)  # As most are.
        except TypeError:
            texts = "".join(leaf for leaf in shown if isinstance(leaf, str))
            self._room -= sum(len(encode(leaf)) - QUOTES for leaf in shown if type(leaf) is dict)
        self._room -= len(texts) if texts.isascii() else len(texts.encode())

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> Any:
        if self.is_full:
            return None
        self.note_names((path.key,), 1)  # type: ignore[arg-type]
        return super().execute_field(
            parent_type, source, field_details_list, path, position_context
        )

    def complete_leaf_value(  # type: ignore[override]
        self, return_type: GraphQLLeafType, result: Any
    ) -> Any:
        shown = super().complete_leaf_value(return_type, result)
        self.note_leaves((shown,))
        return shown


def executor_of(execution: ExecutionContext) -> type[Executor]:
    """What executes the operation: with short ways, where its schema has them."""
    return cast(type[Executor], execution.schema.execution_context_class)
