"""How fields and values are shown, which is looked up once for each field and type of a schema."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLID,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
)
from graphql.pyutils import Undefined

from nzc_api.shortcuts.handles import STRAWBERRY

Read = Callable[[Any], Any]

# Of such values there is nothing to await, and none is an error.
SHOWN = (str, int, Decimal, date, Enum)

# What the metadata of a field say that is no more than an attribute of its objects: which, with dots.
ATTRIBUTE = "attribute"

NO_TYPES: frozenset[type] = frozenset()

# What nothing is shown as.
NOTHING = frozenset({type(None), type(Undefined)})

# Scalars whose values are shown as they are, where they are of such a type.
AS_THEY_ARE: dict[Any, frozenset[type]] = {
    GraphQLString: frozenset({str}),
    GraphQLID: frozenset({str}),
    GraphQLBoolean: frozenset({bool}),
}


class Way(NamedTuple):
    """How a field is shown: whether it may be null; as which scalar or enum, if as one, and values of which types are
    shown as they are; and, where it is an attribute shown so, how it is read."""

    nullable: bool
    show: Read | None
    as_it_is: frozenset[type]
    read: Read | None


class TypeShape(NamedTuple):
    """What values of a type may be: null, lists of ``items`` or ``bare`` itself; values of ``sure`` types are objects
    of it."""

    nullable: bool
    bare: Any
    items: "TypeShape | None"
    is_leaf: bool
    is_abstract: bool
    sure: frozenset[type]


K = TypeVar("K")
V = TypeVar("V")


class _Cache(Generic[K, V]):
    """What is looked up once of each thing, by its id; the thing is kept, so that no other gets its id."""

    def __init__(self, find: Callable[[K], V]) -> None:
        self._find = find
        self._found: dict[int, tuple[K, V]] = {}

    def get(self, thing: K) -> V:
        found = self._found.get(id(thing))
        if found is None:
            found = self._found[id(thing)] = thing, self._find(thing)
        return found[1]


def _way(field: GraphQLField) -> Way:
    kind: Any = field.type
    nullable = not isinstance(kind, GraphQLNonNull)
    bare = kind if nullable else kind.of_type
    if not is_leaf_type(bare):
        return Way(nullable, None, NO_TYPES, None)
    return Way(nullable, _showing(bare), AS_THEY_ARE.get(bare, NO_TYPES), _read(field))


def _showing(leaf: Any) -> Read:
    """What shows values of a scalar or an enum. Strawberry looks for each among all words of the enum, one by one; what
    is none of them it refuses, as ever."""
    made_of = getattr(leaf, "wrapped_cls", None)
    if made_of is None:
        return leaf.coerce_output_value  # type: ignore[no-any-return]
    return {made_of(word.value): name for name, word in leaf.values.items()}.__getitem__


def _read(field: GraphQLField) -> Read | None:
    made_of: Any = field.extensions.get(STRAWBERRY)
    if made_of is None or field.args:
        return None
    path = made_of.python_name if made_of.is_basic_field else made_of.metadata.get(ATTRIBUTE)
    return None if path is None else attrgetter(path)


def _shape(kind: Any) -> TypeShape:
    nullable = not isinstance(kind, GraphQLNonNull)
    bare = kind if nullable else kind.of_type
    items = _shape(bare.of_type) if is_list_type(bare) else None
    return TypeShape(nullable, bare, items, is_leaf_type(bare), is_abstract_type(bare), _sure(bare))


def _sure(bare: Any) -> frozenset[type]:
    """Of which types values need not be asked whether they are of this one: Strawberry would find so of them."""
    made_of = bare.extensions.get(STRAWBERRY) if isinstance(bare, GraphQLObjectType) else None
    if made_of is None or made_of.is_type_of is not None:
        return NO_TYPES
    general = made_of.concrete_of
    return frozenset({made_of.origin} | ({general.origin} if general else set()))


def leaf_of(way: Way, value: Any) -> Any:
    """A value as the scalar or the enum that a field is shown as; None of what is none of them, and of what cannot be
    shown."""
    if type(value) in way.as_it_is:
        return value
    if not isinstance(value, SHOWN):
        return None
    assert way.show is not None
    try:
        leaf = way.show(value)
    except Exception:
        return None
    return None if leaf is Undefined else leaf


def column_of(way: Way, values: Sequence[Any]) -> Sequence[Any] | None:
    """The same of many values at once; None where one of them is not to be shown so, or is null."""
    kinds = set(map(type, values))
    if kinds <= way.as_it_is:
        return values
    if not all(issubclass(kind, SHOWN) for kind in kinds):
        return None
    assert way.show is not None
    try:
        leaves = list(map(way.show, values))
    except Exception:
        return None
    return leaves if NOTHING.isdisjoint(map(type, leaves)) else None


way_of = _Cache(_way).get
shape_of = _Cache(_shape).get
