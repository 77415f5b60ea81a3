"""What has an id, and finding it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

import strawberry

from nzc_api.ids import Position
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.registry import registered

# How many statements it takes to find nodes of one kind, and of all kinds side by side.
OF_ONE_KIND = 4
OF_EVERY_KIND = 50


@strawberry.interface(description="A thing with an id, which `node` finds again.")
class Node:
    loader: ClassVar[Any]
    domain: strawberry.Private[Any]

    @strawberry.field(description="The opaque, stable id of the thing.")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.of(type(self).__name__, self.domain.id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        """The thing that was born at a position; None where there is none, or none that whoever asks sees."""
        found = await cls.loader(info.context.loaders).load(position)
        return None if found is None else cls(domain=found)

    @classmethod
    async def at(cls, info: Info, position: int) -> Self:
        """The thing of a position that is known to have one, which whoever asks sees."""
        found = await cls.loader(info.context.loaders).load(position)
        assert found is not None
        return cls(domain=found)


@strawberry.type
class NodeThen(Node):
    """What may be shown as of a position: that of the statement or the question that it is shown in, or else now."""

    as_of: strawberry.Private[Position | None] = None

    @classmethod
    async def then(cls, info: Info, position: int, as_of: Position | None) -> Self:
        """The thing of a position, shown as of another one; None: now."""
        return replace(await cls.at(info, position), as_of=as_of)

    async def shown_as_of(self, info: Info) -> Position:
        return await info.context.now() if self.as_of is None else self.as_of


N = TypeVar("N", bound=Node)

# The types of nodes, by the names that ids have of them: of the log, and of product data, by its UUIDs.
_BORN: dict[str, type[Node]] = {}
_PRODUCT: dict[str, tuple[type[Node], Mapping[UUID, Any]]] = {}


def node(loader: Any = None) -> Callable[[type[N]], type[N]]:
    """Make a type one of what has an id, and has a ``loader``: a property of its topic's loaders. One without finds its
    things by itself: it has a ``seen``, and, where it is asked for, an ``at`` of its own."""

    def register(cls: type[N]) -> type[N]:
        if loader is not None:
            cls.loader = attrgetter(loader.attrname)
        _BORN[cls.__name__] = cls
        return registered(cls)

    return register


def product_node(things: Mapping[UUID, Any]) -> Callable[[type[N]], type[N]]:
    """Make a type one of what has an id: of product data, of which ``things`` is all."""

    def register(cls: type[N]) -> type[N]:
        _PRODUCT[cls.__name__] = cls, things
        return registered(cls)

    return register


async def find_node(info: Info, kind: str, name: int | UUID) -> Node | None:
    """The node that a decoded id names; None where there is none, or none that whoever asks sees."""
    if isinstance(name, int):
        born = _BORN.get(kind)
        return None if born is None else await born.seen(info, name)
    if kind not in _PRODUCT:
        return None
    cls, things = _PRODUCT[kind]
    return cls(domain=things[name]) if name in things else None


def node_types() -> list[type[Node]]:
    """All of them, as soon as every topic is imported."""
    return [*_BORN.values(), *(cls for cls, _ in _PRODUCT.values())]
