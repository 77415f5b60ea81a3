"""Operations are executed level by level: a field of all objects of a selection is resolved, awaited and shown at once.

What a field is, is looked up once a selection, where graphql-core would ask it of each object anew; an attribute that
is shown as a scalar or an enum is read without its resolver. Collecting fields, coercing arguments and locating errors
are graphql-core's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

import strawberry
from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    located_error,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import invalid_return_type_error, to_nodes
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path, Undefined, is_iterable

from nzc_api.shortcuts.executors import let_execute
from nzc_api.shortcuts.handles import STRAWBERRY, StockExecutor

Fields = dict[str, list[FieldDetails]]
Read = Callable[[Any], Any]

# Of such values there is nothing to await, and none is an error.
SHOWN = (str, int, Decimal, date, Enum)


class ByLevels(StockExecutor):
    """Executes operations level by level. Who bounds an answer is told what is in it, and says when it is full."""

    is_full = False

    def note_names(self, name: str, times: int) -> None:
        """A name is so many times in the answer."""

    def note_leaves(self, shown: Iterable[Any]) -> None:
        """Scalars and enums are in the answer, but those of lists, which ``complete_leaf_value`` shows."""

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, grouped_field_set: Fields,
        position_context: Any,
    ) -> Any:  # fmt: skip
        assert path is None  # Those of a root: what is below is shown with it.
        return Levels(self).run(parent_type, source_value, grouped_field_set)

    def execute_fields_serially(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, grouped_field_set: Fields,
        position_context: Any,
    ) -> Any:  # fmt: skip
        return self._one_by_one(parent_type, source_value, grouped_field_set)

    async def _one_by_one(self, root: GraphQLObjectType, source: Any, fields: Fields) -> Any:
        shown: dict[str, Any] = {}
        for name, details in fields.items():
            data = await Levels(self).run(root, source, {name: details})
            if data is None:
                return None
            shown |= data
        return shown


def execute_by_levels(schema: strawberry.Schema) -> None:
    """Let operations of ``schema`` be executed level by level."""
    let_execute(schema, ByLevels)


class Spot:
    """Where a value stands in the answer: under ``key`` of what stands at the spot above. A null that may not be there
    takes what is above with it, up to a spot that is ``nullable``; then that is ``nulled``."""

    __slots__ = ("above", "container", "key", "nullable", "nulled")

    def __init__(self, above: "Spot | None", container: Any, key: Any, *, nullable: bool) -> None:
        self.above, self.container, self.key, self.nullable = above, container, key, nullable
        self.nulled = False


class Object(NamedTuple):
    """An object, what is shown of it, and where."""

    source: Any
    shown: dict[str, Any]
    spot: Spot


class Selected(NamedTuple):
    """A field as it is selected of some objects of a type."""

    parent: GraphQLObjectType
    name: str
    details: list[FieldDetails]
    field: GraphQLField
    info: Any


class Awaited(NamedTuple):
    """A value that is waited for, and where it will stand."""

    value: Awaitable[Any]
    selected: Selected
    kind: Any
    spot: Spot


class Level:
    """The objects of a selection, and its fields."""

    def __init__(self, parent: GraphQLObjectType, fields: Fields) -> None:
        self.parent, self.fields = parent, fields
        self.objects: list[Object] = []


class Levels:
    """One execution of the fields of a root."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor
        self._below: dict[tuple[GraphQLObjectType, int], Level] = {}
        self._awaited: list[Awaited] = []

    async def run(
        self, root: GraphQLObjectType, source: Any, fields: Fields
    ) -> dict[str, Any] | None:
        """The data of the answer; what went wrong is added to the executor's errors."""
        answer: dict[str, Any] = {"data": {}}
        top = Level(root, fields)
        top.objects.append(
            Object(source, answer["data"], Spot(None, answer, "data", nullable=True))
        )
        levels = [top]
        while levels and not self._executor.is_full:
            for level in levels:
                self._show_fields(level)
            while self._awaited:
                awaited, self._awaited = self._awaited, []
                for of, result in zip(
                    awaited, await settled([a.value for a in awaited]), strict=True
                ):
                    self._put(of.selected, of.kind, result, of.spot)
            levels, self._below = list(self._below.values()), {}
        data: dict[str, Any] | None = answer["data"]
        return data

    def _show_fields(self, level: Level) -> None:
        executor, parent = self._executor, level.parent
        for name, details in level.fields.items():
            field = executor.schema.get_field(parent, details[0].node.name.value)
            if field is None:
                continue
            executor.note_names(name, len(level.objects))
            if executor.is_full:
                return  # What would be there is not sent any more.
            info = executor.build_resolve_info(
                field, to_nodes(details), parent, Path(None, name, parent.name)
            )
            self._show_field(Selected(parent, name, details, field, info), level.objects)

    def _show_field(self, selected: Selected, objects: Iterable[Object]) -> None:
        field, name = selected.field, selected.name
        nullable, show, attribute = way_of(field)
        if attribute is not None:
            get = partial(_attribute, attribute)
            objects = [item for item, _ in self._show_leaves(objects, name, get, show, nullable)]
        read = self._resolver(selected)
        if show is None:
            left = [(item, read(item.source)) for item in objects]
        else:
            left = self._show_leaves(objects, name, read, show, nullable)
        for item, result in left:
            spot = Spot(item.spot, item.shown, name, nullable=nullable)
            self._complete(selected, field.type, result, spot)

    def _show_leaves(
        self, objects: Iterable[Object], name: str, read: Read, show: Any, nullable: bool
    ) -> list[tuple[Object, Any]]:
        """Show a scalar or an enum of all objects; those are left, with what was read of them, of which it is none."""
        left, known = [], []
        for item in objects:
            value = read(item.source)
            shown = None
            if isinstance(value, SHOWN):
                try:
                    shown = show(value)
                except Exception:
                    shown = None
                if shown is None or shown is Undefined:
                    shown = None
                    left.append((item, value))
                else:
                    known.append(shown)
            elif value is not None or not nullable:
                left.append((item, value))
            item.shown[name] = shown
        self._executor.note_leaves(known)
        return left

    def _resolver(self, selected: Selected) -> Read:
        """What a field's resolver returns for a source, or what it raised."""
        executor, field, details, info = (
            self._executor, selected.field, selected.details[0], selected.info,
        )  # fmt: skip
        resolve = field.resolve or executor.field_resolver
        given: dict[str, Any] = {}
        if field.args:
            try:
                given = get_argument_values(
                    field, details.node, executor.variable_values, details.fragment_variable_values,
                    executor.hide_suggestions,
                )  # fmt: skip
            except Exception as error:
                wrong = error
                return lambda _source: wrong

        def resolved(source: Any) -> Any:
            try:
                return resolve(source, info, **given)
            except Exception as error:
                return error

        return resolved

    def _complete(self, selected: Selected, kind: Any, result: Any, spot: Spot) -> None:
        """Put what a resolver returned where it belongs, if not now, then when it was waited for."""
        if self._executor.is_awaitable(result):
            spot.container[spot.key] = None
            self._awaited.append(Awaited(result, selected, kind, spot))
        else:
            self._put(selected, kind, result, spot)

    def _put(self, selected: Selected, kind: Any, result: Any, spot: Spot) -> None:
        """Put a value where it belongs, or note what is wrong with it."""
        spot.container[spot.key] = None
        try:
            shown = self._shown(selected, kind, result, spot)
        except Exception as error:
            self._fail(selected, error, spot)
        else:
            # An item that must not be null may have been.
            spot.container[spot.key] = None if spot.nulled else shown

    def _shown(self, selected: Selected, kind: Any, result: Any, spot: Spot) -> Any:
        """What is shown of a value, as far as this level goes."""
        if isinstance(result, Exception):
            raise result
        nullable, bare, show = shape_of(kind)
        if result is not None and result is not Undefined:
            return show(self, selected, bare, result, spot)
        if nullable:
            return None
        raise TypeError(
            f"Cannot return null for non-nullable field {selected.parent}.{selected.info.field_name}."
        )

    def _shown_leaf(self, _selected: Selected, kind: Any, result: Any, _spot: Spot) -> Any:
        return self._executor.complete_leaf_value(kind, result)

    def _shown_abstract(self, selected: Selected, kind: Any, result: Any, spot: Spot) -> Any:
        resolve_type = kind.resolve_type or self._executor.type_resolver
        name = resolve_type(result, selected.info, kind)
        kind = self._executor.ensure_valid_runtime_type(
            name, kind, selected.details, selected.info, result
        )
        return self._shown_object(selected, kind, result, spot)

    def _shown_object(self, selected: Selected, kind: Any, result: Any, spot: Spot) -> Any:
        if kind.is_type_of and not kind.is_type_of(result, selected.info):
            raise invalid_return_type_error(kind, result, selected.details)
        shown: dict[str, Any] = {}
        key = kind, id(selected.details)
        level = self._below.get(key)
        if level is None:
            fields = self._executor.collect_subfields(kind, selected.details)[0]
            level = self._below[key] = Level(kind, fields)
        level.objects.append(Object(result, shown, spot))
        return shown

    def _shown_list(self, selected: Selected, kind: Any, result: Any, spot: Spot) -> list[Any]:
        if not is_iterable(result):
            raise GraphQLError(
                f"Expected Iterable, but did not find one for field '{selected.parent}.{selected.info.field_name}'."
            )
        items = list(result)
        shown: list[Any] = [None] * len(items)
        nullable = not isinstance(kind, GraphQLNonNull)
        for number, item in enumerate(items):
            self._complete(selected, kind, item, Spot(spot, shown, number, nullable=nullable))
        return shown

    def _fail(self, selected: Selected, error: Exception, spot: Spot) -> None:
        """Null the nearest spot that may be null, and note the error, unless that is gone already."""
        keys: list[Any] = []
        above: Spot | None = spot
        nulled: Spot | None = None
        while above is not None:
            if above.nulled:
                return
            if nulled is None and above.nullable:
                nulled = above
            keys.append(above.key)
            above = above.above
        assert nulled is not None  # The root is.
        nulled.nulled = True
        nulled.container[nulled.key] = None
        path = keys[-2::-1]  # Without the root's.
        self._executor.collected_errors.errors.append(
            located_error(error, to_nodes(selected.details), path)
        )


class Way(NamedTuple):
    """How a field is shown: whether it may be null; as which scalar or enum, if as one; and, where it is an attribute
    shown so, of which name."""

    nullable: bool
    show: Read | None
    attribute: str | None


# Of each field of the schema, by its id; the field is kept, so that no other gets its id.
_ways: dict[int, tuple[GraphQLField, Way]] = {}


def way_of(field: GraphQLField) -> Way:
    """How the field is shown; it is looked up once."""
    known = _ways.get(id(field))
    if known is None:
        known = _ways[id(field)] = field, _way(field)
    return known[1]


def _way(field: GraphQLField) -> Way:
    kind: Any = field.type
    nullable = not isinstance(kind, GraphQLNonNull)
    bare = kind if nullable else kind.of_type
    if not is_leaf_type(bare):
        return Way(nullable, None, None)
    made_of: Any = field.extensions.get(STRAWBERRY)
    plain = made_of is not None and made_of.is_basic_field and not field.args
    return Way(nullable, _showing(bare), made_of.python_name if plain else None)


def _showing(leaf: Any) -> Callable[[Any], Any]:
    """What shows values of a scalar or an enum. Strawberry looks for each among all words of the enum, one by one; what
    is none of them it refuses, as ever."""
    made_of = getattr(leaf, "wrapped_cls", None)
    if made_of is None:
        return leaf.coerce_output_value  # type: ignore[no-any-return]
    return {made_of(word.value): name for name, word in leaf.values.items()}.__getitem__


def _attribute(name: str, source: Any) -> Any:
    return getattr(source, name, Undefined)


class Shape(NamedTuple):
    """What values of a type may be, and how they are shown."""

    nullable: bool
    bare: Any
    show: Callable[[Levels, Selected, Any, Any, Spot], Any]


# Of each type that a field or an item of a list has, as of fields.
_shapes: dict[int, tuple[Any, Shape]] = {}


def shape_of(kind: Any) -> Shape:
    """How values of the type are shown; it is looked up once."""
    known = _shapes.get(id(kind))
    if known is None:
        known = _shapes[id(kind)] = kind, _shape(kind)
    return known[1]


def _shape(kind: Any) -> Shape:
    nullable = not isinstance(kind, GraphQLNonNull)
    bare = kind if nullable else kind.of_type
    if is_leaf_type(bare):
        return Shape(nullable, bare, Levels._shown_leaf)
    if is_list_type(bare):
        return Shape(nullable, bare.of_type, Levels._shown_list)
    return Shape(
        nullable, bare, Levels._shown_abstract if is_abstract_type(bare) else Levels._shown_object
    )


async def settled(awaitables: Sequence[Awaitable[Any]]) -> Iterable[Any]:
    """What each comes to, or the exception that it raised. Cut off, they all are."""
    if len(awaitables) == 1:
        return [await _alone(awaitables[0])]
    tasks = [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    try:
        await asyncio.wait(tasks)
    finally:
        for task in tasks:
            task.cancel()
    return [_outcome(task) for task in tasks]


async def _alone(awaitable: Awaitable[Any]) -> Any:
    """The same of one, as most mutations have: it needs no task of its own."""
    try:
        return await awaitable
    except Exception as error:
        return error


def _outcome(task: "asyncio.Future[Any]") -> Any:
    error = task.exception()
    if error is None:
        return task.result()
    if isinstance(error, Exception):
        return error
    raise error
