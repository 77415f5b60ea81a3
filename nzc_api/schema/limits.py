"""How much one operation may ask for: its depth, and the values it could return at most."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)
from strawberry.types.execution import ExecutionContext

from nzc_api.schema.connections import LARGEST_FIRST

MOST_VALUES = 200_000
MOST_LEVELS = 24

Cost = tuple[int, int]  # values, levels


def check_size(execution: ExecutionContext) -> None:
    """Refuse an operation that could return too much. Each fragment is looked at once, so it takes
    time linear in the document."""
    # The document is valid by now: its fragments exist, and none spreads itself.
    assert execution.graphql_document is not None
    reckoner = _Reckoner(
        execution.schema._schema, execution.graphql_document, execution.variables or {}
    )
    values, levels = reckoner.cost_of(execution.operation_name)
    if values > MOST_VALUES or levels > MOST_LEVELS:
        raise _too_much(values, levels)


def _too_much(values: int, levels: int) -> GraphQLError:
    en = (
        f"The operation could return {values} values on {levels} levels; at most {MOST_VALUES} on "
        f"{MOST_LEVELS} are allowed: ask for smaller pages"
    )
    zh = (
        f"该操作最多可能返回{values}个值、{levels}层，超过上限{MOST_VALUES}个值、{MOST_LEVELS}层："
        "请减小每页数量"
    )
    extensions = {"code": "OPERATION_TOO_LARGE", "localizedMessage": {"zh": zh, "en": en}}
    return GraphQLError(en, extensions=extensions)


class _Reckoner:
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
        self._known: dict[str, Cost] = {}

    def cost_of(self, operation_name: str | None) -> Cost:
        """The cost of the operation that will run, or of the costliest if none is named."""
        costs = [
            self._selection(
                definition.selection_set, self._schema.get_root_type(definition.operation)
            )
            for definition in self._document.definitions
            if isinstance(definition, OperationDefinitionNode)
            and (operation_name is None or _name(definition) == operation_name)
        ]
        return max(costs, default=(0, 0))

    def _selection(self, selections: SelectionSetNode | None, parent: Any) -> Cost:
        values = levels = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                cost = self._field(selection, parent)
            elif isinstance(selection, FragmentSpreadNode):
                cost = self._fragment(selection.name.value)
            else:
                condition = selection.type_condition  # type: ignore[attr-defined]
                kind = self._schema.get_type(condition.name.value) if condition else parent
                cost = self._selection(selection.selection_set, kind)  # type: ignore[attr-defined]
            values, levels = values + cost[0], max(levels, cost[1])
        return values, levels

    def _fragment(self, name: str) -> Cost:
        if name not in self._known:
            definition = self._fragments[name]
            kind = self._schema.get_type(definition.type_condition.name.value)
            self._known[name] = self._selection(definition.selection_set, kind)
        return self._known[name]

    def _field(self, field: FieldNode, parent: Any) -> Cost:
        definition = getattr(parent, "fields", {}).get(field.name.value)
        if definition is None:
            return 1, 1  # __typename and introspection
        kind = get_named_type(definition.type)
        if not is_composite_type(kind):
            return 1, 1
        values, levels = self._selection(field.selection_set, kind)
        return 1 + self._size(field, definition) * values, 1 + levels

    def _size(self, field: FieldNode, definition: Any) -> int:
        """How many items the field may return: what ``first`` says (the field itself refuses more
        than a page has), or one."""
        if "first" not in definition.args:
            return 1
        size: Any = definition.args["first"].default_value
        given = next((a.value for a in field.arguments or () if a.name.value == "first"), None)
        if isinstance(given, IntValueNode):
            size = int(given.value)
        elif isinstance(given, VariableNode):
            # A variable that is left out may have any default.
            size = self._variables.get(given.name.value, LARGEST_FIRST)
        return min(max(size, 0), LARGEST_FIRST) if isinstance(size, int) else LARGEST_FIRST


def _name(definition: OperationDefinitionNode) -> str | None:
    return definition.name.value if definition.name else None
