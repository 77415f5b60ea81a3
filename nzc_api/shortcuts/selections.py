"""What is selected of all objects of a level, and where what is shown of them stands."""

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import to_nodes
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from nzc_api.shortcuts.resolvers import FieldResolver
from nzc_api.shortcuts.ways import Read, Way, way_of

Fields = dict[str, list[FieldDetails]]

# Where a value stands in the answer: the spot above, what it stands in, under which key, and whether it may be null.
# A null that may not be there takes what is above with it, up to a spot that may be null.
Spot = tuple[Any, Any, Any, bool]


class Planned(NamedTuple):
    """A field as it is selected of a type in any execution: under which name, by which details, and how it is shown."""

    name: str
    details: list[FieldDetails]
    field: GraphQLField
    way: Way


def planned(schema: GraphQLSchema, parent: GraphQLObjectType, fields: Fields) -> list[Planned]:
    """The fields of a selection; those that the type has not are left out, as graphql-core does."""
    found = (
        (name, details, schema.get_field(parent, details[0].node.name.value))
        for name, details in fields.items()
    )
    return [
        Planned(name, details, field, way_of(field))
        for name, details, field in found
        if field is not None
    ]


class Selected:
    """A field as it is selected of all objects of a level, in one execution."""

    def __init__(self, executor: Any, parent: GraphQLObjectType, as_planned: Planned) -> None:
        self._executor, self.parent = executor, parent
        self.name, self.details, self.field, _ = as_planned

    @cached_property
    def info(self) -> Any:
        """What its resolver is told of it."""
        return self._executor.build_resolve_info(
            self.field, to_nodes(self.details), self.parent, Path(None, self.name, self.parent.name)
        )

    def resolver(self) -> Read:
        """What it is of a source; may raise."""
        executor, field, details = self._executor, self.field, self.details[0]
        resolve = field.resolve or executor.field_resolver
        given: dict[str, Any] = {}
        if field.args:
            try:
                given = get_argument_values(
                    field, details.node, executor.variable_values, details.fragment_variable_values,
                    executor.hide_suggestions,
                )  # fmt: skip
            except Exception as error:
                return partial(_raise, error)
        if isinstance(resolve, FieldResolver):
            return resolve.bound(lambda: self.info, given)
        return lambda source: resolve(source, self.info, **given)


def _raise(error: Exception, _source: Any) -> Any:
    raise error


class Level:
    """The objects of a selection, what is shown of each, and where; and its fields."""

    __slots__ = ("fields", "parent", "shown", "sources", "spots")

    def __init__(self, parent: GraphQLObjectType, fields: list[Planned]) -> None:
        self.parent, self.fields = parent, fields
        self.sources: list[Any] = []
        self.shown: list[dict[str, Any]] = []
        self.spots: list[Spot] = []

    def add(self, sources: Sequence[Any], spots: Sequence[Spot]) -> None:
        """Objects stand there."""
        shown: list[dict[str, Any]] = [{} for _ in spots]
        for (_, within, key, _), fields in zip(spots, shown, strict=True):
            within[key] = fields
        self.sources += sources
        self.shown += shown
        self.spots += spots
