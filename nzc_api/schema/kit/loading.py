"""Loaders: what many objects of one answer need is fetched in one statement. Each topic has its own.

They batch and never cache: an answer that follows a mutation must not show what was before it.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from nzc_api.database.paging import Page
from nzc_api.ids import Position
from nzc_api.inventories.visibility import Sight
from nzc_api.schema.kit.loader import Loader

if TYPE_CHECKING:
    from nzc_api.services import Services

K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Hashable)
V = TypeVar("V")

# A page, and the position as of which it is, or what whoever asks for it sees. What depends on who asks is
# never loaded without that: others' questions are among those answered together.
PageAt = tuple[Position, Page]
SeenPage = tuple[Sight, Page]


class TopicLoaders:
    """One loader for each question that many objects ask of a topic; made when it is first asked. How many
    there are of something is asked only where `totalCount` is."""

    def __init__(self, services: "Services") -> None:
        self._s = services
        self._q = services.trace.questions


def one(fetch: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> Loader[K, V | None]:
    """A loader of single things; None where there is none."""

    async def load(keys: list[K]) -> list[V | None]:
        found = await fetch(list(dict.fromkeys(keys)))
        return [found.get(key) for key in keys]

    return Loader(load)


def many(fetch: Callable[[list[K]], Awaitable[Mapping[K, list[V]]]]) -> Loader[K, list[V]]:
    """A loader of lists; empty where there is nothing."""

    async def load(keys: list[K]) -> list[list[V]]:
        found = await fetch(list(dict.fromkeys(keys)))
        return [found.get(key, []) for key in keys]

    return Loader(load)


def paged(
    fetch: Callable[[Sequence[K], P], Awaitable[Mapping[K, list[V]]]],
) -> Loader[tuple[K, P], list[V]]:
    """A loader of pages: one statement for all parents that ask for the same page."""

    async def load(keys: list[tuple[K, P]]) -> list[list[V]]:
        found: dict[tuple[K, P], list[V]] = {}
        for page, parents in _by_second(keys).items():
            for parent, items in (await fetch(parents, page)).items():
                found[parent, page] = items
        return [found.get(key, []) for key in keys]

    return Loader(load)


def as_of(
    fetch: Callable[[list[K], P], Awaitable[Mapping[K, V]]], empty: V
) -> Loader[tuple[K, P], V]:
    """A loader of what held as of a position (or is asked in another way of all keys alike)."""

    async def load(keys: list[tuple[K, P]]) -> list[V]:
        found: dict[tuple[K, P], V] = {}
        for position, items in _by_second(keys).items():
            for item, value in (await fetch(items, position)).items():
                found[item, position] = value
        return [found.get(key, empty) for key in keys]

    return Loader(load)


def _by_second(keys: list[tuple[K, P]]) -> dict[P, list[K]]:
    grouped: dict[P, dict[K, None]] = defaultdict(dict)
    for first, second in keys:
        grouped[second][first] = None
    return {second: list(firsts) for second, firsts in grouped.items()}
