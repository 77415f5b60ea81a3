"""Documents that come again and again are parsed and validated once."""

from graphql import DocumentNode

# Those not seen for long are forgotten, and longer ones are never known: memory is bounded.
MOST_DOCUMENTS = 256
LONGEST_DOCUMENT = 20_000  # characters

# Valid ones by their text, the one seen last at the end.
_known: dict[str, DocumentNode] = {}


def find(query: str) -> DocumentNode | None:
    """The document that ``query`` is, if it was found valid before."""
    document = _known.pop(query, None)
    if document is not None:
        _known[query] = document
    return document


def remember(query: str, document: DocumentNode) -> None:
    """Know a valid document from now on."""
    if len(query) > LONGEST_DOCUMENT:
        return
    _known[query] = document
    if len(_known) > MOST_DOCUMENTS:
        del _known[next(iter(_known))]
