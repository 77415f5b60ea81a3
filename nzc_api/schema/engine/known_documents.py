"""Documents that come again and again are parsed and validated once."""

from graphql import DocumentNode

# Those not seen for long are forgotten, and longer ones are never known: memory is bounded.
MOST_DOCUMENTS = 256
LONGEST_DOCUMENT = 20_000  # characters

# Valid ones by their text, the one seen last at the end.
DOCUMENTS: dict[str, DocumentNode] = {}


def find(query: str) -> DocumentNode | None:
    """The document that ``query`` is, if it was found valid before."""
    document = DOCUMENTS.pop(query, None)
    if document is not None:
        DOCUMENTS[query] = document
    return document


def remember(query: str, document: DocumentNode) -> None:
    """Know a valid document from now on."""
    if len(query) > LONGEST_DOCUMENT:
        return
    DOCUMENTS[query] = document
    if len(DOCUMENTS) > MOST_DOCUMENTS:
        del DOCUMENTS[next(iter(DOCUMENTS))]
