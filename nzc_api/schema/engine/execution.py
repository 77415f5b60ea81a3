"""How an operation is executed: read, reckoned, and answered within its time, where it keeps nobody
waiting."""

from functools import partial
from typing import Any

from graphql import DocumentNode, GraphQLError, parse
from strawberry.exceptions import MissingQueryError
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.schema import validate_document
from strawberry.types.execution import ExecutionContext, ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType
from strawberry.utils.await_maybe import await_maybe

from nzc_api.observing.record import current
from nzc_api.patience import wait_for
from nzc_api.schema.engine import known_documents
from nzc_api.schema.engine.characters import check_characters
from nzc_api.schema.engine.encoding import encoded
from nzc_api.schema.engine.error_presenter import present_errors, timed_out
from nzc_api.schema.engine.executor import executor_of
from nzc_api.schema.engine.limits import Cost, cost_of, shown
from nzc_api.schema.engine.operations import MOST_TOKENS, check_kind
from nzc_api.shortcuts.handles import core_schema
from nzc_api.worker import Worker

NOT_EXECUTED = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)

# Longer documents, in characters, are parsed and validated apart, which takes the square of their length: one of so
# many up to 50 ms, one of all the tokens that are allowed seconds.
LONGEST_READ_HERE = 1_000


async def answer(execution: ExecutionContext) -> ExecutionResult:
    """The answer to a query or a mutation. Raises ``NOT_EXECUTED`` where there is none to execute, and
    ``Departed`` where nobody is left to be answered; else what went wrong is in the answer, as clients may see it."""
    asked = execution.context
    seconds = asked.execution.seconds
    try:
        return await wait_for(_answer(execution), seconds, asked.departure)
    except TimeoutError:
        return ExecutionResult(None, [timed_out(seconds)])


async def read(execution: ExecutionContext) -> None:
    """Give the operation its document, which is parsed and validated once; raises where that is none."""
    query = execution.query
    if not query:
        raise MissingQueryError
    if execution.graphql_document is None:
        execution.graphql_document = known_documents.find(query) or await _new(execution, query)


async def prepare(execution: ExecutionContext) -> Cost:
    """Read the operation and reckon what it costs; raises where it will not be executed, or where the log is
    not the one that was answered from before."""
    await read(execution)
    kind = check_kind(execution)
    record = current()
    record.executes(execution.operation_name, kind.value)
    cost = cost_of(execution, kind)
    record.cost = cost.points
    check_characters(execution)
    head = await execution.context.services.log.recent()
    # A context of its own: a WebSocket's would live as long as the socket.
    execution.context = execution.context.for_operation(
        head.log_id, snapshot=kind is OperationType.QUERY, statements=cost.statements
    )
    return cost


def failed(error: Exception, execution: ExecutionContext) -> PreExecutionError:
    """The answer where an operation was not executed, because of an error or of several."""
    match error:
        case NotValid():
            errors = error.errors
        case GraphQLError():
            errors = [error]
        case _:
            errors = [GraphQLError(str(error), original_error=error)]
    return PreExecutionError(None, present_errors(errors, execution))


class NotValid(Exception):
    """The operation, or what was given to it, is not valid against the schema."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


async def _answer(execution: ExecutionContext) -> ExecutionResult:
    asked = execution.context
    try:
        cost = await prepare(execution)
        if cost.dear:
            execution.context = execution.context.apart()
            work = partial(_executed, execution, apart=True)
            result: ExecutionResult = await asked.execution.worker.run(work)
        else:
            result = await _executed(execution)
    except NOT_EXECUTED:
        raise
    except Exception as error:
        return failed(error, execution)
    if asked.shows_cost:
        result.extensions = {"cost": shown(cost)}
    return result


async def _new(execution: ExecutionContext, query: str) -> DocumentNode:
    if len(query) <= LONGEST_READ_HERE:
        document = _parsed(execution, query)
    else:

        async def parsed() -> DocumentNode:
            return _parsed(execution, query)

        worker: Worker = execution.context.execution.worker
        document = await worker.run(parsed)
    known_documents.remember(query, document)
    return document


def _parsed(execution: ExecutionContext, query: str) -> DocumentNode:
    document = parse(query, max_tokens=MOST_TOKENS)
    execution.graphql_document = document
    check_kind(execution)
    errors = validate_document(
        core_schema(execution.schema), document, tuple(execution.validation_rules)
    )
    if errors:
        raise NotValid(errors)
    return document


async def _executed(execution: ExecutionContext, *, apart: bool = False) -> ExecutionResult:
    assert execution.graphql_document is not None
    executor: Any = executor_of(execution).build(
        core_schema(execution.schema),
        execution.graphql_document,
        execution.root_value,
        execution.context,
        execution.variables,
        execution.operation_name,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
    )
    if isinstance(executor, list):  # What is wrong with the request.
        return ExecutionResult(None, present_errors(executor, execution))
    async with execution.context.reading():
        result: Any = await await_maybe(executor.execute_operation())
    errors = result.errors and present_errors(result.errors, execution)
    data = encoded(result.data) if apart and result.data is not None else result.data
    return ExecutionResult(data, errors)
