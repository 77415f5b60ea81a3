"""What is selected of all objects of a level, and where what is shown of them stands."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    VariableNode,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import to_nodes
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from nzc_api.shortcuts.resolvers import FieldResolver
from nzc_api.shortcuts.ways import Read, shape_of, way_of

Fields = dict[str, list[FieldDetails]]

# Where a value stands in the answer: the spot above, what it stands in, under which key, and whether it may be null.
# A null that may not be there takes what is above with it, up to a spot that may be null.
Spot = tuple[Any, Any, Any, bool]


class PlannedField:
    """A field as it is selected of a type in any execution: under which name, by which details, and how it is shown."""

    __slots__ = ("_given", "_varies", "details", "field", "name", "nodes", "shape", "way")

    def __init__(self, name: str, details: list[FieldDetails], field: GraphQLField) -> None:
        self.name, self.details, self.field = name, details, field
        self.nodes = to_nodes(details)
        self.way, self.shape = way_of(field), shape_of(field.type)
        self._varies = _varies(details[0].node)
        # Its arguments, where no variable has a say in them; read once they are needed.
        self._given: dict[str, Any] | None = None if field.args else {}

    def given(self, executor: Any) -> dict[str, Any]:
        """Its arguments in an execution; raises what is wrong with them."""
        if self._given is not None:
            return self._given
        details = self.details[0]
        given = get_argument_values(
            self.field, details.node, executor.variable_values, details.fragment_variable_values,
            executor.hide_suggestions,
        )  # fmt: skip
        if not self._varies:
            self._given = given
        return given


class SelectionPlan:
    """What is selected of a type in any execution: its fields, and an object of which none is shown yet."""

    __slots__ = ("blank", "fields", "parent")

    def __init__(self, parent: GraphQLObjectType, fields: Sequence[PlannedField]) -> None:
        self.parent, self.fields = parent, fields
        self.blank: dict[str, Any] = dict.fromkeys(field.name for field in fields)


def planned(schema: GraphQLSchema, parent: GraphQLObjectType, fields: Fields) -> SelectionPlan:
    """A selection; the fields that the type has not are left out, as graphql-core does."""
    found = (
        (name, details, schema.get_field(parent, details[0].node.name.value))
        for name, details in fields.items()
    )
    made = [
        PlannedField(name, details, field) for name, details, field in found if field is not None
    ]
    return SelectionPlan(parent, made)


def _varies(field: FieldNode) -> bool:
    """Whether a variable has a say in the arguments of a field."""
    return any(_has_variable(argument.value) for argument in field.arguments or ())


def _has_variable(value: Any) -> bool:
    if isinstance(value, ListValueNode):
        return any(map(_has_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(_has_variable(field.value) for field in value.fields)
    return isinstance(value, VariableNode)


class Selected:
    """A field as it is selected of all objects of a level, in one execution."""

    __slots__ = ("_executor", "_info", "parent", "planned")

    def __init__(self, executor: Any, parent: GraphQLObjectType, as_planned: PlannedField) -> None:
        self._executor, self.parent, self.planned = executor, parent, as_planned
        self._info: Any = None

    @property
    def info(self) -> Any:
        """What its resolver is told of it."""
        if self._info is None:
            field = self.planned
            path = Path(None, field.name, self.parent.name)
            self._info = self._executor.build_resolve_info(
                field.field, field.nodes, self.parent, path
            )
        return self._info

    def resolver(self) -> Read:
        """What it is of a source; may raise."""
        executor, field = self._executor, self.planned
        resolve = field.field.resolve or executor.field_resolver
        try:
            given = field.given(executor)
        except Exception as error:
            return partial(_raise, error)
        if isinstance(resolve, FieldResolver):
            return resolve.bound(lambda: self.info, given)
        return lambda source: resolve(source, self.info, **given)


def _raise(error: Exception, _source: Any) -> Any:
    raise error


class Level:
    """The objects of a selection, what is shown of each, and where."""

    __slots__ = ("plan", "shown", "sources", "spots")

    def __init__(self, plan: SelectionPlan) -> None:
        self.plan = plan
        self.sources: list[Any] = []
        self.shown: list[dict[str, Any]] = []
        self.spots: list[Spot] = []

    def add(self, sources: Sequence[Any], spots: Sequence[Spot]) -> None:
        """Objects stand there."""
        blank = self.plan.blank
        shown = [blank.copy() for _ in spots]
        for (_, within, key, _), fields in zip(spots, shown, strict=True):
            within[key] = fields
        self.sources += sources
        self.shown += shown
        self.spots += spots
