"""Answers that are the same as long as the log stands where it stood: their tags, and those of them that are kept.

An answer to a query is a function of the position of the log, the day in China, who asks, and the request; so is its
tag, which therefore never needs to be told that something changed. What shows product data alone is one of the release
and the request.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import DocumentNode, FieldNode, NamedTypeNode, Visitor, visit
from starlette.requests import Request
from starlette.responses import Response
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData

from nzc_api.access.principals import Principal
from nzc_api.china_time import today_in_china
from nzc_api.ids import OrganisationId, Position
from nzc_api.log.model import Head
from nzc_api.release import RELEASE
from nzc_api.schema.engine import known_documents
from nzc_api.schema.engine.encoding import encode
from nzc_api.schema.engine.limits import reads_nothing
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema

# What changes without an entry of the log: how far the running check came, when keys were used, whether the time
# of a proposal is over, whose bytes were uploaded, and how far the tree has grown. Fields, and types that fragments are
# about.
VOLATILE = frozenset(
    {
        "ledgerHealth",
        "lastUsedAt",
        "proposal",
        "proposals",
        "Proposal",
        "bytesKept",
        "logCheckpoint",
        "inclusionProof",
        "consistencyProof",
    }
)

VARY = "Authorization, Accept, X-Request-Cost"

# How long product data is kept without asking: so long a release may not be seen there.
PRODUCT_SECONDS = 3600

# An answer that is larger is not kept: others would make room for it.
LARGEST_KEPT = 1024 * 1024


class AnswerBasis(NamedTuple):
    """What the answer to a query depends on beside the request: where the log stands, the day in China, and who asks,
    by organisation and key."""

    log_id: int
    position: Position
    day: date
    who: tuple[OrganisationId, int] | None


def standing_of(head: Head, principal: Principal | None) -> AnswerBasis:
    """How things stand now for who asks, as of a head."""
    who = None if principal is None else (principal.organisation_id, principal.api_key_id)
    return AnswerBasis(log_id=head.log_id, position=head.position, day=today_in_china(), who=who)


class Answers:
    """The answers that a process keeps, up to so many bytes; those not asked for longest make room."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[Hashable, tuple[int, object]] = OrderedDict()

    def find(self, key: Hashable) -> Any:
        """What is kept under a key; None where nothing is."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        self._kept.move_to_end(key)
        return kept[1]

    def keep(self, key: Hashable, value: object, size: int) -> None:
        """Keep something of so many bytes, if there is room, instead of what was kept under the key."""
        if size > min(LARGEST_KEPT, self._most):
            return
        before, _ = self._kept.pop(key, (0, None))
        self._kept[key] = size, value
        self._size += size - before
        while self._size > self._most:
            _, (dropped, _) = self._kept.popitem(last=False)
            self._size -= dropped


def tag_of(request: Request, standing: AnswerBasis) -> str:
    """The tag of the answer to a query as things stand."""
    log_id, position, day, who = standing
    return _tag(request, [str(log_id), position, str(day), who])


def product_tag_of(request: Request, operation: GraphQLRequestData) -> str | None:
    """The tag of the answer to a query, known by its document, that shows product data alone: it is the same for
    everybody, whatever is recorded. None of any other."""
    query, name = operation.query or "", operation.operation_name
    if known_documents.find(query) is None or not _is_of_product(query, name):
        return None
    return _tag(request, None)


@lru_cache(maxsize=known_documents.MOST_DOCUMENTS)
def _is_of_product(query: str, operation_name: str | None) -> bool:
    """Whether an operation of a known document shows product data alone, which its variables do not change."""
    document = known_documents.find(query)
    return document is not None and reads_nothing(core_schema(schema), document, operation_name)


def _tag(request: Request, more: object) -> str:
    asked = request.headers.get("x-request-cost"), request.scope["query_string"].decode("latin-1")
    return f'W/"{hashlib.sha256(encode([RELEASE, more, asked])).hexdigest()[:32]}"'


def is_lasting(operation: GraphQLRequestData, answer: GraphQLHTTPResponse) -> bool:
    """Whether an answer is whole, and nothing in it changes without an entry of the log."""
    document = known_documents.find(operation.query or "")
    return not answer.get("errors") and document is not None and not VOLATILE & _names(document)


def is_known(request: Request, tag: str) -> bool:
    """Whether the client has the answer of the tag."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or _weak(tag) in map(_weak, given.split(","))


def headers_of(request: Request, tag: str | None, *, product: bool = False) -> Mapping[str, str]:
    """What whoever keeps the answer may do with it: ask again whether it still holds, of product data after a while;
    without a tag nothing."""
    if tag is None:
        return {"Cache-Control": "no-store"}
    if product:
        return {
            "ETag": tag,
            "Cache-Control": f"public, max-age={PRODUCT_SECONDS}, immutable",
            "Vary": VARY,
        }
    whose = "private" if "authorization" in request.headers else "public"
    return {"ETag": tag, "Cache-Control": f"{whose}, no-cache", "Vary": VARY}


def not_modified(headers: Mapping[str, str]) -> Response:
    """The answer to a client that has it already. Who keeps the headers of it must still tell answers apart that are
    compressed."""
    return Response(status_code=304, headers={**headers, "Vary": f"{VARY}, Accept-Encoding"})


def _weak(tag: str) -> str:
    """A tag as those of an If-None-Match are compared: whether it is weak does not count (RFC 9110, 13.1.2)."""
    return tag.strip().removeprefix("W/")


def _names(document: DocumentNode) -> set[str]:
    found = _Names()
    visit(document, found)
    return found.names


class _Names(Visitor):
    """The names of all fields of a document, and of the types that its fragments are about."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.names.add(node.name.value)

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
        self.names.add(node.name.value)
