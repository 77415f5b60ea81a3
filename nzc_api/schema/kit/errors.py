"""Expected failures, as GraphQL: one type a refusal, carrying its facts. Topics' errors register themselves."""

from collections.abc import Callable
from dataclasses import replace
from inspect import cleandoc
from typing import Any, TypeVar

import strawberry

import nzc_api.log.errors as log
from nzc_api import refusal
from nzc_api.refusal import Refusal
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.paths import path_of
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import LocalizedText

T = TypeVar("T")

REPLAYED = (
    "Whether this answers an earlier request with the same key: it was decided then, not now. What would be decided "
    "now, `dryRun` with a new key tells."
)

AS_OF = (
    "The position of the log as of which it was decided; null where it follows from the input alone, or was decided "
    "before December 2026."
)

# How deep arguments are, so how long a path is; tests count this and what follows.
DEEPEST_PATH = 9

MOST_CODES = 250

# One of the failures of a mutation's union: which of them, is known only when it is done.
Failure = Any

_TYPES: dict[type[Refusal], Any] = {}


@strawberry.interface(description="An expected failure: nothing was changed.")
class UserError:
    domain: strawberry.Private[Any]
    of_item: strawberry.Private[int | None] = None

    replayed: bool = strawberry.field(default=False, description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(default=None, description=AS_OF)

    code = attribute(str, "code", "What kind of failure it is; stable, for programs.")

    @strawberry.field(description="What went wrong and what would be right, for people.")
    def message(self) -> LocalizedText:
        return LocalizedText.of(self.domain.message)

    @short_list("Where in the arguments it is: field names and list indexes.", DEEPEST_PATH)
    def path(self) -> list[str]:
        return path_of(self.domain.path, self.of_item)


def explains(refused: type[Refusal]) -> Callable[[type[T]], type[T]]:
    """Make a class the GraphQL type of a refusal; the refusal's docstring describes it."""

    def register(cls: type[T]) -> type[T]:
        made = strawberry.type(cls, description=cleandoc(refused.__doc__ or ""))
        _TYPES[refused] = made
        return made

    return register


def type_of(refused: type[Refusal]) -> Any:
    """The GraphQL type of a refusal: it is a fault of ours that one has none, and a ``KeyError``."""
    return _TYPES[refused]


def as_error(
    refused: Refusal,
    ids: Ids,
    *,
    replayed: bool = False,
    as_of: int | None = None,
    item: int | None = None,
) -> Failure:
    """The GraphQL error of a refusal, which names what it is about by the id that the caller gave; of the request's
    ``item`` of that number."""
    named = refusal.NotFound | refusal.InvalidInput
    if isinstance(refused, named) and refused.position is not None:
        refused = replace(refused, value=ids.given(refused.position) or refused.value)
    at = None if as_of is None else BigInt(as_of)
    made = type_of(type(refused))
    return made(domain=refused, of_item=item, replayed=replayed, as_of_position=at)


@explains(refusal.InvalidInput)
class InvalidInput(UserError):
    value = attribute(str, "value", "The value as it was given, shortened.")

    @strawberry.field(description="What would be right.")
    def expected(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.expected_zh, en=self.domain.expected_en)


@explains(refusal.NotFound)
class NotFound(UserError):
    value = attribute(str, "value", "The id, code or position that names nothing.")


@explains(log.IdempotencyKeyReused)
class IdempotencyKeyReused(UserError):
    key = attribute(str, "key", "The key.")
