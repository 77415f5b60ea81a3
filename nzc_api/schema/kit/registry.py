"""The types of topics by their names, so that files import each other in one direction alone.

A field may show a thing whose file builds on the field's own. It names the type, in its topic's ``above.py``, and
the type registers itself where it is defined:

    RETIREMENT: Named["Retirement"] = Named("Retirement")

    RETIREMENT.type(domain=row)
"""

from functools import cached_property
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_TYPES: dict[str, Any] = {}
NAMED: "list[Named[Any]]" = []


class Named(Generic[T]):
    """A type by its name: there once all topics are imported."""

    def __init__(self, name: str) -> None:
        self._name = name
        NAMED.append(self)

    @cached_property
    def type(self) -> type[T]:
        found: type[T] = _TYPES[self._name]
        return found


def registered(cls: type[T]) -> type[T]:
    """Let a type be found by its name."""
    assert cls.__name__ not in _TYPES, cls
    _TYPES[cls.__name__] = cls
    return cls


def find_all() -> None:
    """Find every type that is named; raises where there is none, before anything is asked."""
    for named in NAMED:
        assert named.type
