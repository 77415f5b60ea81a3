"""What is told at the top level of an answer, beside its data."""

from typing import Any

from graphql import GraphQLError

from nzc_api.observing.record import current
from nzc_api.refusal import LocalizedText


def told(code: str, message: LocalizedText, **facts: Any) -> GraphQLError:
    """An error that is about no place in a document."""
    return with_code(GraphQLError(""), code, message, **facts)


def with_code(error: GraphQLError, code: str, message: LocalizedText, **facts: Any) -> GraphQLError:
    """An error, shown by its code and in both languages."""
    current().failed(code)
    return GraphQLError(
        message.en,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={
            "code": code,
            "localizedMessage": {"zh": message.zh, "en": message.en},
            **facts,
        },
    )
