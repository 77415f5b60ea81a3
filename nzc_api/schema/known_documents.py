"""Documents that come again and again are parsed and validated once."""

from collections.abc import Iterator

from graphql import DocumentNode
from strawberry.extensions import SchemaExtension

# Those not seen for long are forgotten, and longer ones are never known: memory is bounded.
MOST_DOCUMENTS = 256
LONGEST_DOCUMENT = 20_000  # characters

# By text, the one seen last at the end.
_known: dict[str, DocumentNode] = {}


class KnownDocuments(SchemaExtension):
    """Takes a document from those that were valid before."""

    def on_parse(self) -> Iterator[None]:
        execution = self.execution_context
        execution.graphql_document = _known.get(execution.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        query, document = execution.query or "", execution.graphql_document
        if query in _known:
            execution.pre_execution_errors = []
        yield
        if document is not None and not execution.pre_execution_errors:
            _remember(query, document)


def _remember(query: str, document: DocumentNode) -> None:
    if len(query) > LONGEST_DOCUMENT:
        return
    _known.pop(query, None)
    _known[query] = document
    if len(_known) > MOST_DOCUMENTS:
        del _known[next(iter(_known))]
