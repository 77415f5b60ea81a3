"""What one operation may cost: reckoned from its document, before anything is read."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    introspection_types,
    is_composite_type,
)
from strawberry.types.execution import ExecutionContext
from strawberry.types.graphql import OperationType

from nzc_api.schema.engine import known_documents
from nzc_api.schema.kit.connections import LARGEST_FIRST
from nzc_api.schema.kit.fields import (
    ALONGSIDE,
    AT_MOST,
    STATEMENTS,
    STATEMENTS_OF_ONE,
    STATEMENTS_THEN,
)
from nzc_api.shortcuts.handles import STRAWBERRY, core_schema

MOST_POINTS = 500_000
MOST_POINTS_OF_AN_EVENT = 30_000
MOST_LEVELS = 24

# A statement takes as long as the making of so many values, both sides of it together.
POINTS_OF_A_STATEMENT = 500

# What takes more than any of these is dear: few such operations run at once. A value that is given takes as long
# as many that are answered: it is coerced, accounted, compared with others.
VALUES_OF_A_DEAR_ONE = 10_000
STATEMENTS_OF_A_DEAR_ONE = 50
GIVEN_OF_A_DEAR_ONE = 300

# How many items a list has that says nothing else; tests find none such in the schema.
LONGEST_LIST = 1_000

# What stands for the items of a page.
ITEMS = frozenset({"nodes", "edges", "node"})

# What tools ask of the schema has so many values.
WHOLE_SCHEMA = 100_000
INTROSPECTED = {
    "__schema": introspection_types["__Schema"],
    "__type": introspection_types["__Type"],
}


class Cost(NamedTuple):
    """What an operation takes at most: ``values`` in its answer, on so many ``levels``, from so many
    ``statements`` of the database; and how many values are ``given`` to it."""

    values: int = 0
    statements: int = 0
    levels: int = 0
    given: int = 0

    @property
    def points(self) -> int:
        """All of it in one number, whose unit is the making of one value."""
        return self.values + POINTS_OF_A_STATEMENT * self.statements

    @property
    def dear(self) -> bool:
        return (
            self.values > VALUES_OF_A_DEAR_ONE
            or self.statements > STATEMENTS_OF_A_DEAR_ONE
            or self.given > GIVEN_OF_A_DEAR_ONE
        )

    def beside(self, other: "Cost") -> "Cost":
        """The cost of two selections of one object."""
        return Cost(
            self.values + other.values,
            self.statements + other.statements,
            max(self.levels, other.levels),
            self.given + other.given,
        )


def cost_of(execution: ExecutionContext, kind: OperationType) -> Cost:
    """What the operation costs at most; raises where that is too much. Each fragment is looked at once,
    so it takes time linear in the document."""
    # The document is valid by now: its fragments exist, and none spreads itself.
    document, variables = execution.graphql_document, execution.variables or {}
    assert document is not None
    name, schema = execution.operation_name, core_schema(execution.schema)
    cost = _cost_of_known(schema, execution.query or "", name)
    cost = (
        cost.beside(_given_by(variables))
        if cost
        else Reckoner(schema, document, variables).cost_of(name)
    )
    most = MOST_POINTS_OF_AN_EVENT if kind is OperationType.SUBSCRIPTION else MOST_POINTS
    if cost.points > most or cost.levels > MOST_LEVELS:
        raise _too_much(cost, most)
    return cost


@lru_cache(maxsize=known_documents.MOST_DOCUMENTS)
def _cost_of_known(schema: GraphQLSchema, query: str, operation_name: str | None) -> Cost | None:
    """What an operation of a known document costs, without what variables give; None where they change it."""
    document = known_documents.find(query)
    if document is None:
        return None
    reckoner = Reckoner(schema, document, {})
    cost = reckoner.cost_of(operation_name)
    return None if reckoner.varies else cost


def _given_by(variables: Mapping[str, Any]) -> Cost:
    return Cost(given=_count(list(variables.values()), _in_variable))


def reads_nothing(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None
) -> bool:
    """Whether an operation shows what each release has, and nothing of the database, whatever its variables."""
    return Reckoner(schema, document, {}).cost_of(operation_name).statements == 0


def shown(cost: Cost, most: int = MOST_POINTS) -> dict[str, int]:
    """What is told of a cost to whoever asks."""
    return {
        "points": cost.points,
        "mostPoints": most,
        "values": cost.values,
        "statements": cost.statements,
        "levels": cost.levels,
        "mostLevels": MOST_LEVELS,
    }


def _too_much(cost: Cost, most: int) -> GraphQLError:
    en = (
        f"The operation could cost {cost.points} points ({cost.values} values and {cost.statements} "
        f"statements) on {cost.levels} levels; at most {most} points on {MOST_LEVELS} levels are "
        "allowed: ask for smaller pages or for less at a time"
    )
    zh = (
        f"该操作最多可能消耗{cost.points}点（{cost.values}个值、{cost.statements}条数据库语句）、"
        f"{cost.levels}层，超过上限{most}点、{MOST_LEVELS}层：请减小每页数量或分次查询"
    )
    extensions = {
        "code": "OPERATION_TOO_LARGE",
        "localizedMessage": {"zh": zh, "en": en},
        "cost": shown(cost, most),
    }
    return GraphQLError(en, extensions=extensions)


class _Along:
    """What is read along with a field, by the names of fields, each for its first selection; and the same of the fields
    that are selected of it, by what they are called in the answer, for those of one name are one."""

    def __init__(self, names: Mapping[str, Any] = MappingProxyType({})) -> None:
        self._names = dict(names)
        self._below: dict[str, _Along] = {}

    def take(self, field: FieldNode) -> Mapping[str, Any] | None:
        """What comes along with a field that comes along itself, as no other will; None where it does not."""
        came: Mapping[str, Any] | None = self._names.pop(field.name.value, None)
        return came

    def below(self, field: FieldNode, names: Mapping[str, Any]) -> "_Along":
        return self._below.setdefault((field.alias or field.name).value, _Along(names))


class Reckoner:
    """Reckons what operations of a document cost with some variables: each fragment of it is looked at once."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._document = document
        self._variables = variables
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._costs: dict[tuple[str, bool], Cost] = {}
        # Whether a variable has a say in what was reckoned.
        self.varies = False

    def cost_of(self, operation_name: str | None) -> Cost:
        """The cost of the operation that will run, or of the costliest if none is named."""
        costs = [
            self._selection(
                definition.selection_set,
                self._schema.get_root_type(definition.operation),
                _Along(),
                many=False,
            )
            for definition in self._document.definitions
            if isinstance(definition, OperationDefinitionNode)
            and (operation_name is None or _name(definition) == operation_name)
        ]
        dearest = max(costs, default=Cost(), key=lambda cost: cost.points)
        return dearest.beside(_given_by(self._variables))

    def _selection(
        self, selections: SelectionSetNode | None, parent: Any, along: _Along | None, *, many: bool
    ) -> Cost:
        """Of what is selected of one object, or of ``many`` that are looked up together, with what is read ``along``
        with them; None within a fragment, which is looked at once, wherever it is spread."""
        cost = Cost()
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                part = self._field(selection, parent, along, many=many)
            elif isinstance(selection, FragmentSpreadNode):
                part = self._fragment(selection.name.value, many=many)
            else:
                condition = selection.type_condition  # type: ignore[attr-defined]
                kind = self._schema.get_type(condition.name.value) if condition else parent
                part = self._selection(selection.selection_set, kind, along, many=many)  # type: ignore[attr-defined]
            cost = cost.beside(part)
        return cost

    def _fragment(self, name: str, *, many: bool) -> Cost:
        key = name, many
        if key not in self._costs:
            definition = self._fragments[name]
            kind = self._schema.get_type(definition.type_condition.name.value)
            self._costs[key] = self._selection(definition.selection_set, kind, None, many=many)
        return self._costs[key]

    def _field(self, field: FieldNode, parent: Any, along: _Along | None, *, many: bool) -> Cost:
        definition = getattr(parent, "fields", {}).get(field.name.value)
        if definition is None:
            return self._introspection(field)
        came = None if along is None else along.take(field)
        size = self._size(field, definition)
        statements = statements_of(definition, many=many) if came is None else 0
        if _argument(field, "asOf") is not None:
            statements += _metadata(definition).get(STATEMENTS_THEN, 0)
        given = _count([a.value for a in field.arguments or ()], _in_literal)
        kind = get_named_type(definition.type)
        if not is_composite_type(kind):
            return Cost(size, statements, 1, given)
        if along is not None and field.name.value not in ITEMS:
            own = _metadata(definition).get(ALONGSIDE, {})
            along = along.below(field, own if came is None else came)
        inside = self._selection(field.selection_set, kind, along, many=many or size > 1)
        # All objects of a selection are looked up together, however many they are.
        return Cost(
            1 + size * inside.values,
            statements + inside.statements,
            1 + inside.levels,
            given + inside.given,
        )

    def _introspection(self, field: FieldNode) -> Cost:
        """Of the schema as of all of it, whatever is asked; else a value."""
        kind = INTROSPECTED.get(field.name.value)
        if kind is None:
            return Cost(1, 0, 1)
        return Cost(
            WHOLE_SCHEMA, 0, 1 + self._selection(field.selection_set, kind, None, many=True).levels
        )

    def _size(self, field: FieldNode, definition: GraphQLField) -> int:
        """How many items the field may return: what ``first`` says (the field itself refuses more than a
        page has), what the field says of itself, or one."""
        if "last" in definition.args and _argument(field, "last") is not None:
            return self._first(field, definition, "last")
        if "first" in definition.args:
            return self._first(field, definition, "first")
        if "ids" in definition.args:
            return self._length(field, "ids")
        return _at_most(definition)

    def _first(self, field: FieldNode, definition: GraphQLField, name: str) -> int:
        size: Any = definition.args[name].default_value
        largest: int = _metadata(definition).get(AT_MOST, LARGEST_FIRST)
        given = _argument(field, name)
        if isinstance(given, IntValueNode):
            size = int(given.value)
        elif isinstance(given, VariableNode):
            # A variable that is left out may have any default.
            size = self._variable(given, largest)
        return min(max(size, 0), largest) if isinstance(size, int) else largest

    def _length(self, field: FieldNode, name: str) -> int:
        given = _argument(field, name)
        if isinstance(given, ListValueNode):
            return len(given.values)
        value = self._variable(given, None) if isinstance(given, VariableNode) else None
        return min(len(value), LARGEST_FIRST) if isinstance(value, list) else LARGEST_FIRST

    def _variable(self, node: VariableNode, otherwise: Any) -> Any:
        self.varies = True
        return self._variables.get(node.name.value, otherwise)


def _count(values: list[Any], within: Callable[[Any], Iterable[Any]]) -> int:
    """How many values there are, at any depth; once they make a dear operation, no more are counted."""
    count = len(values)
    while values and count <= GIVEN_OF_A_DEAR_ONE:
        values = [below for value in values for below in within(value)]
        count += len(values)
    return count


def _in_variable(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _in_literal(value: Any) -> Iterable[Any]:
    if isinstance(value, ObjectValueNode):
        return (field.value for field in value.fields)
    return value.values if isinstance(value, ListValueNode) else ()


def _at_most(definition: GraphQLField) -> int:
    kind = (
        definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
    )
    if not isinstance(kind, GraphQLList):
        return 1
    made_of = definition.extensions.get(STRAWBERRY)
    size: int = 1 if made_of is None else made_of.metadata.get(AT_MOST, LONGEST_LIST)
    return size


def _metadata(definition: GraphQLField) -> Mapping[str, Any]:
    """What a field says of its cost."""
    made_of = definition.extensions.get(STRAWBERRY)
    return {} if made_of is None else made_of.metadata


def statements_of(definition: GraphQLField, *, many: bool) -> int:
    """How many statements the field takes for all objects of a selection: what it says of itself, else
    one if its resolver waits for something."""
    made_of = definition.extensions.get(STRAWBERRY)
    if made_of is None:
        return 0
    resolver = made_of.base_resolver
    waits = resolver is not None and inspect.iscoroutinefunction(resolver.wrapped_func)
    statements: int = made_of.metadata.get(STATEMENTS, int(waits))
    return statements if many else made_of.metadata.get(STATEMENTS_OF_ONE, statements)


def _argument(field: FieldNode, name: str) -> Any:
    return next((a.value for a in field.arguments or () if a.name.value == name), None)


def _name(definition: OperationDefinitionNode) -> str | None:
    return definition.name.value if definition.name else None
