"""Small helpers that every topic's types are written with."""

from collections.abc import Mapping
from enum import Enum
from operator import attrgetter
from typing import Any, TypeVar

import strawberry

E = TypeVar("E", bound=type[Enum])


def attribute(kind: Any, path: str, description: str) -> Any:
    """A field that is an attribute of the type's domain object."""
    get = attrgetter(path)

    def resolve(root: Any) -> kind:
        return get(root.domain)

    return strawberry.field(resolver=resolve, description=description)


def described_enum(enum: E, description: str, values: Mapping[str, str]) -> E:
    """A GraphQL enum whose every value is described."""
    described: Any = strawberry.enum(enum, description=description)
    definition = described.__strawberry_definition__
    assert {value.name for value in definition.values} == set(values), enum
    for value in definition.values:
        value.description = values[value.name]
    return enum


def argument(description: str, name: str | None = None) -> Any:
    """An argument's description, for ``Annotated``."""
    return strawberry.argument(description=description, name=name)
