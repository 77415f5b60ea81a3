"""How top-level errors are shown: a code, both languages, the path in the input, nothing internal."""

import contextlib
import logging
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from graphql import (
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    VariableDefinitionNode,
)
from graphql.utilities import type_from_ast, validate_input_value
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext

from nzc_api.access.principals import AccessDenied
from nzc_api.database.engine import CommitUnconfirmed, DatabaseUnavailable, UnfitDatabase
from nzc_api.log.history import HistoryDiverged
from nzc_api.observing.record import current_id
from nzc_api.overload import Overloaded
from nzc_api.proofs.errors import TreeBroken
from nzc_api.refusal import LocalizedText, Refused
from nzc_api.schema.engine.core_words import in_chinese, of_value, without_python
from nzc_api.schema.engine.operations import why_not_executed
from nzc_api.schema.kit.given import at
from nzc_api.schema.kit.paths import spelled
from nzc_api.schema.kit.told import told, with_code
from nzc_api.shortcuts.handles import core_schema

logger = logging.getLogger(__name__)

UNAVAILABLE = LocalizedText(
    "数据库暂时不可用，请稍后以相同的幂等键重试",
    "The database is unavailable for now; try again later with the same idempotency key",
)
DIVERGED = LocalizedText(
    "数据库中的历史缺少已应答过的内容（曾回退，或为另一分支），在管理员查明之前不提供服务；请稍后以相同的幂等键重试",
    "The database's history lacks what was answered before: it went back, or is another branch. Nothing is served "
    "until the operator has looked; try again later with the same idempotency key",
)
UNCONFIRMED = LocalizedText(
    "尚未得到同步备库的确认：请稍后以相同的幂等键重试，即可得知结果",
    "A synchronous standby has not confirmed it yet: send it again later, with the same idempotency key, and you hear "
    "what became of it",
)
UNFIT = LocalizedText(
    "数据库尚不能使用，请联系管理员查看/health/ready",
    "The database is not fit to serve from; the operator finds at /health/ready what is wrong",
)
OVERLOADED = LocalizedText(
    "暂时未能处理（{why_zh}），请在{seconds}秒后以相同的幂等键重试",
    "Not done for now ({why_en}); try again in {seconds} s with the same idempotency key",
)
TIMED_OUT = LocalizedText(
    "操作超过{seconds}秒，已终止：请缩小查询范围；变更操作可能已完成，请以相同的幂等键重试",
    "The operation took longer than {seconds} s and was ended: ask for less; a mutation may have been done, "
    "so send it again with the same idempotency key",
)
INTERNAL = LocalizedText(
    "内部错误，请联系管理员并提供编号{incident}",
    "An internal error; tell the operator the number {incident}",
)

RETRY_AFTER_SECONDS = 2

# Of one request's variables.
MOST_ERRORS = 50


def present_errors(
    errors: Sequence[GraphQLError], execution: ExecutionContext | None
) -> list[GraphQLError]:
    """The errors as clients may see them."""
    if execution is not None and any(_is_coercion(error) for error in errors):
        return _coercion_errors(execution) or [present_error(error) for error in errors]
    return [present_error(error) for error in errors]


def present_error(error: GraphQLError) -> GraphQLError:
    """One error as clients may see it."""
    match cause := cause_of(error):
        case Refused():
            refusal = cause.refusal
            return with_code(error, refusal.code, refusal.message, inputPath=spelled(refusal.path))
        case AccessDenied():
            return with_code(error, cause.code, cause.message)
        case DatabaseUnavailable() | UnfitDatabase() | Overloaded() | TreeBroken():
            return _later(error, cause)
        case MissingQueryError() | CannotGetOperationTypeError() | InvalidOperationTypeError():
            return with_code(error, "BAD_REQUEST", why_not_executed(cause))
        case None | GraphQLError():
            return _of_graphql(error)
        case _:
            incident = uuid4().hex[:12]
            logger.error("incident %s", incident, exc_info=cause)
            message = LocalizedText(
                INTERNAL.zh.format(incident=incident), INTERNAL.en.format(incident=incident)
            )
            return with_code(
                error, "INTERNAL_ERROR", message, incident=incident, requestId=current_id()
            )


def timed_out(seconds: float) -> GraphQLError:
    """That an operation was ended because it took too long."""
    message = LocalizedText(
        TIMED_OUT.zh.format(seconds=f"{seconds:g}"), TIMED_OUT.en.format(seconds=f"{seconds:g}")
    )
    return told("TIMED_OUT", message)


def cause_of(error: GraphQLError) -> Exception | None:
    """What was raised in the first place, if it was no error of GraphQL's own."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _later(
    error: GraphQLError, cause: DatabaseUnavailable | UnfitDatabase | Overloaded | TreeBroken
) -> GraphQLError:
    """An error that goes away by itself, or by what the operator does."""
    if isinstance(cause, Overloaded):
        seconds, reason = cause.retry_after, cause.reason
        message = LocalizedText(
            OVERLOADED.zh.format(seconds=seconds, why_zh=reason.zh),
            OVERLOADED.en.format(seconds=seconds, why_en=reason.en),
        )
        return with_code(error, "TRY_AGAIN", message, retryAfterSeconds=seconds)
    if isinstance(cause, TreeBroken):
        return with_code(error, "LOG_TREE_BROKEN", cause.message)
    if isinstance(cause, HistoryDiverged):
        return with_code(error, "HISTORY_DIVERGED", DIVERGED, retryAfterSeconds=RETRY_AFTER_SECONDS)
    if isinstance(cause, CommitUnconfirmed):
        return with_code(
            error, "COMMIT_UNCONFIRMED", UNCONFIRMED, retryAfterSeconds=RETRY_AFTER_SECONDS
        )
    message = UNFIT if isinstance(cause, UnfitDatabase) else UNAVAILABLE
    return with_code(error, "DATABASE_UNAVAILABLE", message, retryAfterSeconds=RETRY_AFTER_SECONDS)


def _of_graphql(error: GraphQLError) -> GraphQLError:
    if error.extensions and "code" in error.extensions:
        return error
    if isinstance(error, GraphQLSyntaxError):
        message = LocalizedText(f"GraphQL语法错误：{error.message}", error.message)
        return with_code(error, "GRAPHQL_PARSE_FAILED", message)
    said = without_python(error.message)
    message = LocalizedText(f"GraphQL请求无效：{in_chinese(said)}", said)
    return with_code(error, "GRAPHQL_VALIDATION_FAILED", message)


def _is_coercion(error: GraphQLError) -> bool:
    return any(isinstance(node, VariableDefinitionNode) for node in error.nodes or ())


def _coercion_errors(execution: ExecutionContext) -> list[GraphQLError]:
    """The errors of the request's variables again, each with the path of the value it is about."""
    shown: list[GraphQLError] = []
    schema = core_schema(execution.schema)
    for definition in _variables(execution):
        name = definition.variable.name.value
        kind: Any = type_from_ast(schema, definition.type)
        given = (execution.variables or {}).get(name)
        if kind is None or (given is None and name not in (execution.variables or {})):
            continue

        def collect(
            problem: GraphQLError,
            path: list[str | int],
            name: str = name,
            definition: VariableDefinitionNode = definition,
            given: Any = given,
        ) -> None:
            if len(shown) == MOST_ERRORS:
                raise _Enough
            facts = problem.extensions or {}
            said = problem.message if facts else of_value(problem.message, at(given, path))
            text = f"${'.'.join([name, *map(str, path)])}: {said}"
            zh = facts.get("localizedMessage", {}).get("zh") or in_chinese(said)
            message = LocalizedText(f"变量{'.'.join([name, *map(str, path)])}无效：{zh}", text)
            shown.append(
                with_code(
                    GraphQLError(text, definition),
                    "INVALID_INPUT",
                    message,
                    inputPath=[name, *map(str, path)],
                )
            )

        with contextlib.suppress(_Enough):
            validate_input_value(given, kind, collect)
    return shown


class _Enough(Exception):
    """More errors than anybody reads."""


def _variables(execution: ExecutionContext) -> Sequence[VariableDefinitionNode]:
    document = execution.graphql_document
    wanted = execution.operation_name
    for definition in document.definitions if document else ():
        if isinstance(definition, OperationDefinitionNode) and (
            wanted is None or (definition.name and definition.name.value == wanted)
        ):
            return definition.variable_definitions or ()
    return ()
