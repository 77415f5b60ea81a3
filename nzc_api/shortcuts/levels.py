"""Operations are executed level by level: a field of all objects of a selection is resolved, awaited and shown at once.

What a field is, is looked up once a selection, where graphql-core would ask it of each object anew; an attribute that
is shown as a scalar or an enum is read without its resolver. Collecting fields, coercing arguments and locating errors
are graphql-core's.
"""

from collections.abc import Collection, Sequence
from types import CoroutineType
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLObjectType, located_error
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import invalid_return_type_error
from graphql.pyutils import Path, Undefined, is_iterable

from nzc_api.shortcuts.driving import settled
from nzc_api.shortcuts.executors import let_execute
from nzc_api.shortcuts.handles import StockExecutor
from nzc_api.shortcuts.selections import (
    Fields,
    Level,
    PlannedField,
    Selected,
    SelectionPlan,
    Spot,
    planned,
)
from nzc_api.shortcuts.ways import Read, TypeShape, Way, column_of, leaf_of

# What all values of a field mostly are, where they are no objects of its type.
COROUTINES = {CoroutineType}
LISTS = {list}


class ByLevels(StockExecutor):
    """Executes operations level by level. Who bounds an answer is told what is in it, and says when it is full."""

    is_full = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is selected of a type, by the id of what says it, which is kept beside it.
        self.plans: dict[tuple[GraphQLObjectType, int], tuple[Any, SelectionPlan]] = {}

    def plan(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> SelectionPlan:
        """What is selected of a type below a field of these details."""
        made = self.plans.get((kind, id(details)))
        if made is None:
            return self._plan(kind, details, self.collect_subfields(kind, details)[0])
        return made[1]

    def plan_root(self, kind: GraphQLObjectType, fields: Fields) -> SelectionPlan:
        """What is selected of a root."""
        made = self.plans.get((kind, id(fields)))
        return self._plan(kind, fields, fields) if made is None else made[1]

    def _plan(self, kind: GraphQLObjectType, said: Any, fields: Fields) -> SelectionPlan:
        made = planned(self.schema, kind, fields)
        self.plans[kind, id(said)] = said, made
        return made

    def note_names(self, names: Collection[str], times: int) -> None:
        """Names are so many times in the answer."""

    def note_leaves(self, shown: Collection[Any]) -> None:
        """Scalars and enums are in the answer, but those of lists, which ``complete_leaf_value`` shows."""

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, grouped_field_set: Fields,
        position_context: Any,
    ) -> Any:  # fmt: skip
        assert path is None  # Those of a root: what is below is shown with it.
        return Levels(self).run(self.plan_root(parent_type, grouped_field_set), source_value)

    def execute_fields_serially(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, grouped_field_set: Fields,
        position_context: Any,
    ) -> Any:  # fmt: skip
        return self._one_by_one(self.plan_root(parent_type, grouped_field_set), source_value)

    async def _one_by_one(self, root: SelectionPlan, source: Any) -> Any:
        shown: dict[str, Any] = {}
        for field in root.fields:
            data = await Levels(self).run(SelectionPlan(root.parent, [field]), source)
            if data is None:
                return None
            shown |= data
        return shown


def execute_by_levels(schema: strawberry.Schema) -> None:
    """Let operations of ``schema`` be executed level by level."""
    let_execute(schema, ByLevels)


class Levels:
    """One execution of the fields of a root."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor
        self._below: dict[tuple[GraphQLObjectType, int], Level] = {}
        # What is waited for: of which field and shape, and where each will stand.
        self._awaited: list[tuple[Selected, TypeShape, Sequence[Any], Sequence[Spot]]] = []
        # Spots that are null because something below them is, by their ids.
        self._nulled: dict[int, Spot] = {}

    async def run(self, root: SelectionPlan, source: Any) -> dict[str, Any] | None:
        """The data of the answer; what went wrong is added to the executor's errors."""
        answer: dict[str, Any] = {}
        top = Level(root)
        top.add([source], [(None, answer, "data", True)])
        levels = [top]
        while levels and not self._executor.is_full:
            for level in levels:
                self._show_fields(level)
            while self._awaited:
                await self._show_awaited()
            levels, self._below = list(self._below.values()), {}
        data: dict[str, Any] | None = answer["data"]
        return data

    async def _show_awaited(self) -> None:
        """Wait for all that is waited for now, and show it, what is of one field together."""
        awaited, self._awaited = self._awaited, []
        results = await settled([value for _, _, values, _ in awaited for value in values])
        begin = 0
        for selected, shape, values, spots in awaited:
            end = begin + len(values)
            self._show(selected, shape, results[begin:end], spots, awaited=True)
            begin = end

    def _show_fields(self, level: Level) -> None:
        executor = self._executor
        executor.note_names(level.plan.blank, len(level.sources))
        for field in level.plan.fields:
            if executor.is_full:
                return  # What would be there is not sent any more.
            self._show_field(field, level)

    def _show_field(self, field: PlannedField, level: Level) -> None:
        name, way = field.name, field.way
        sources, shown, spots = level.sources, level.shown, level.spots
        if way.read is not None:
            left = self._show_leaves(way, name, shown, _results(way.read, sources))
            if not left:
                return
            sources, shown, spots = (
                _values_at(left, sources),
                _values_at(left, shown),
                _values_at(left, spots),
            )
        selected = Selected(self._executor, level.plan.parent, field)
        values = _results(selected.resolver(), sources)
        if way.show is not None:
            left = self._show_leaves(way, name, shown, values)
            values, shown, spots = (
                _values_at(left, values),
                _values_at(left, shown),
                _values_at(left, spots),
            )
        nullable = way.nullable
        stand = [
            (above, fields, name, nullable) for above, fields in zip(spots, shown, strict=True)
        ]
        self._show(selected, field.shape, values, stand)

    def _show_leaves(
        self, way: Way, name: str, shown: Sequence[dict[str, Any]], values: Sequence[Any]
    ) -> list[int]:
        """Show values that are a scalar or an enum; the numbers are left of those that are none."""
        leaves = column_of(way, values)
        if leaves is None:
            return self._show_each_leaf(way, name, shown, values)
        for fields, leaf in zip(shown, leaves, strict=True):
            fields[name] = leaf
        self._executor.note_leaves(leaves)
        return []

    def _show_each_leaf(
        self, way: Way, name: str, shown: Sequence[dict[str, Any]], values: Sequence[Any]
    ) -> list[int]:
        left, leaves = [], []
        for number, (fields, value) in enumerate(zip(shown, values, strict=True)):
            leaf = leaf_of(way, value)
            if leaf is not None:
                leaves.append(leaf)
            elif value is not None or not way.nullable:
                left.append(number)
            fields[name] = leaf
        self._executor.note_leaves(leaves)
        return left

    def _show(
        self,
        selected: Selected,
        shape: TypeShape,
        values: Sequence[Any],
        spots: Sequence[Spot],
        *,
        awaited: bool = False,
    ) -> None:
        """Put values where they belong, as far as this level goes; those to be ``awaited``, when they were."""
        kinds = set(map(type, values))
        if kinds <= shape.sure:
            if kinds:
                self._level(shape.bare, selected).add(values, spots)
        elif shape.items is not None and kinds == LISTS:
            self._show_lists(selected, shape.items, values, spots)
        elif kinds == COROUTINES and not awaited:
            self._awaited.append((selected, shape, values, spots))
        else:
            self._show_each(selected, shape, values, spots, awaited=awaited)

    def _show_each(
        self,
        selected: Selected,
        shape: TypeShape,
        values: Sequence[Any],
        spots: Sequence[Spot],
        *,
        awaited: bool,
    ) -> None:
        """The same of values of several kinds, one by one."""
        waiting = []
        for number, (value, spot) in enumerate(zip(values, spots, strict=True)):
            if not awaited and self._executor.is_awaitable(value):
                waiting.append(number)
            elif value is not None or not shape.nullable:
                try:
                    self._show_one(selected, shape, value, spot)
                except Exception as error:
                    self._fail(selected, error, spot)
        if waiting:
            self._awaited.append(
                (selected, shape, _values_at(waiting, values), _values_at(waiting, spots))
            )

    def _show_one(self, selected: Selected, shape: TypeShape, value: Any, spot: Spot) -> None:
        """Put a value where it belongs; raises what is wrong with it."""
        if isinstance(value, Exception):
            raise value
        if value is None or value is Undefined:
            if shape.nullable:
                return
            raise TypeError(
                f"Cannot return null for non-nullable field {selected.parent}.{selected.info.field_name}."
            )
        if shape.is_leaf:
            spot[1][spot[2]] = self._executor.complete_leaf_value(shape.bare, value)
        elif shape.items is not None:
            if not is_iterable(value):
                raise GraphQLError(
                    f"Expected Iterable, but did not find one for field '{selected.parent}.{selected.info.field_name}'."
                )
            self._show_lists(selected, shape.items, [list(value)], [spot])
        else:
            bare = self._concrete(selected, shape.bare, value) if shape.is_abstract else shape.bare
            self._show_object(selected, bare, value, spot)

    def _concrete(self, selected: Selected, kind: Any, value: Any) -> Any:
        resolve_type = kind.resolve_type or self._executor.type_resolver
        name = resolve_type(value, selected.info, kind)
        return self._executor.ensure_valid_runtime_type(
            name, kind, selected.planned.details, selected.info, value
        )

    def _show_object(self, selected: Selected, kind: Any, value: Any, spot: Spot) -> None:
        if kind.is_type_of and not kind.is_type_of(value, selected.info):
            raise invalid_return_type_error(kind, value, selected.planned.details)
        self._level(kind, selected).add([value], [spot])

    def _level(self, kind: GraphQLObjectType, selected: Selected) -> Level:
        """What is below a field, of one type."""
        details = selected.planned.details
        key = kind, id(details)
        level = self._below.get(key)
        if level is None:
            level = self._below[key] = Level(self._executor.plan(kind, details))
        return level

    def _show_lists(
        self,
        selected: Selected,
        shape: TypeShape,
        lists: Sequence[Sequence[Any]],
        spots: Sequence[Spot],
    ) -> None:
        """Lists of items of a shape stand there; the items are shown together."""
        nullable = shape.nullable
        items: list[Any] = []
        within: list[Spot] = []
        for values, spot in zip(lists, spots, strict=True):
            shown: list[Any] = [None] * len(values)
            spot[1][spot[2]] = shown
            items += values
            within += [(spot, shown, at, nullable) for at in range(len(values))]
        self._show(selected, shape, items, within)

    def _fail(self, selected: Selected, error: Exception, spot: Spot) -> None:
        """Null the nearest spot that may be null, and note the error, unless that is gone already."""
        keys: list[Any] = []
        above: Any = spot
        nulled: Any = None
        while above is not None:
            if id(above) in self._nulled:
                return
            if nulled is None and above[3]:
                nulled = above
            keys.append(above[2])
            above = above[0]
        assert nulled is not None  # The root is.
        self._nulled[id(nulled)] = nulled
        nulled[1][nulled[2]] = None
        path = keys[-2::-1]  # Without the root's.
        self._executor.collected_errors.errors.append(
            located_error(error, selected.planned.nodes, path)
        )


def _results(read: Read, sources: Sequence[Any]) -> list[Any]:
    """What is read of each, or what that raised."""
    results: list[Any] = []
    values, many = map(read, sources), len(sources)
    while True:
        try:
            results += values
            if len(results) == many:
                return results
            results.append(StopIteration())  # One of them said that it is the last.
        except Exception as error:
            results.append(error)


def _values_at(numbers: Sequence[int], values: Sequence[Any]) -> list[Any]:
    """The values of these numbers."""
    return [values[number] for number in numbers]
