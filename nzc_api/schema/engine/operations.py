"""Which operation of a document is meant, and whether it may come the way it came."""

from graphql import GraphQLError, OperationDefinitionNode, parse
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext
from strawberry.types.graphql import OperationType
from strawberry.utils.operation import get_operation_type

from nzc_api.refusal import LocalizedText
from nzc_api.schema.engine import known_documents
from nzc_api.shortcuts.handles import names_operation

MOST_TOKENS = 4000
LONGEST_SHOWN_NAME = 80

NO_QUERY = LocalizedText("请求中没有GraphQL查询", "The request has no GraphQL query")
NOT_ONE = LocalizedText(
    "文档须恰有一个操作，或由operationName指明其中一个",
    "The document must have one operation, or operationName must say which of several",
)
UNKNOWN = LocalizedText(
    "文档中没有名为“{name}”的操作", "The document has no operation named “{name}”"
)

NOT_THIS_WAY = {
    OperationType.QUERY: LocalizedText("此处不能查询", "Queries are not answered here"),
    OperationType.MUTATION: LocalizedText(
        "变更操作不能用GET提交，请用POST", "Mutations are not done by GET: send them by POST"
    ),
    OperationType.SUBSCRIPTION: LocalizedText(
        "订阅需要流：请在Accept中写text/event-stream，或使用graphql-transport-ws",
        "A subscription needs a stream: accept text/event-stream, or speak graphql-transport-ws",
    ),
}

NotExecuted = MissingQueryError | CannotGetOperationTypeError | InvalidOperationTypeError


def check_one_operation(execution: ExecutionContext) -> None:
    """Refuse to guess: where several operations came and none is named, Strawberry runs the first."""
    document = execution.graphql_document
    if document is None or names_operation(execution):
        return
    kinds = [type(definition) for definition in document.definitions]
    if kinds.count(OperationDefinitionNode) > 1:
        raise CannotGetOperationTypeError(None)


def check_kind(execution: ExecutionContext) -> OperationType:
    """The kind of the operation. Refuses one that may not come this way, or that the document does not have."""
    check_one_operation(execution)
    try:
        kind = execution.operation_type
    except RuntimeError as error:
        raise CannotGetOperationTypeError(execution.operation_name) from error
    if kind not in execution.allowed_operations:
        raise InvalidOperationTypeError(kind)
    return kind


def why_not_executed(error: NotExecuted) -> LocalizedText:
    """What to tell whoever sent a request of which no operation was executed."""
    match error:
        case InvalidOperationTypeError():
            return NOT_THIS_WAY[error.operation_type]
        case CannotGetOperationTypeError(operation_name=str(name)):
            shown = name[:LONGEST_SHOWN_NAME]
            return LocalizedText(UNKNOWN.zh.format(name=shown), UNKNOWN.en.format(name=shown))
        case CannotGetOperationTypeError():
            return NOT_ONE
        case _:
            return NO_QUERY


def is_mutation(query: str, operation_name: str | None) -> bool:
    """Whether executing this would be a mutation; what cannot be read is none."""
    try:
        document = known_documents.find(query)
        document = document or parse(query, max_tokens=MOST_TOKENS, no_location=True)
        return get_operation_type(document, operation_name) is OperationType.MUTATION
    except (GraphQLError, RuntimeError):
        return False
