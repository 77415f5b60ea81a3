"""What a document selects below a field, where it depends on that what is read along with the field's objects."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    get_argument_values,
)

from nzc_api.schema.kit.context import Info
from nzc_api.shortcuts.handles import resolve_info


class SelectedFields:
    """Fields of a document, whatever they are called in the answer, also those that a directive leaves out."""

    def __init__(
        self, nodes: Iterable[FieldNode], fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self.nodes = list(nodes)
        self._fragments = fragments

    def __bool__(self) -> bool:
        return bool(self.nodes)

    def below(self, *names: str) -> "SelectedFields":
        """The fields with one of these names that are selected of their objects."""
        found = (
            node for above in self.nodes for node in self._within(above) if node.name.value in names
        )
        return SelectedFields(found, self._fragments)

    def items(self) -> "SelectedFields":
        """Of pages: what stands for their items."""
        nodes = self.below("nodes").nodes + self.below("edges").below("node").nodes
        return SelectedFields(nodes, self._fragments)

    def _within(self, above: Any) -> Iterator[FieldNode]:
        # A document that is executed has fragments that do not spread themselves.
        if above.selection_set is None:
            return
        for selection in above.selection_set.selections:
            match selection:
                case FieldNode():
                    yield selection
                case FragmentSpreadNode():
                    yield from self._within(self._fragments[selection.name.value])
                case InlineFragmentNode():
                    yield from self._within(selection)


def selected(info: Info) -> SelectedFields:
    """The field at hand, as often as it is selected of the same objects."""
    raw = resolve_info(info)
    return SelectedFields(raw.field_nodes, raw.fragments)


def arguments(info: Info, kind: str, node: FieldNode) -> dict[str, Any] | None:
    """What a field of a type is given; None where that is wrong, which is said where the field is."""
    raw = resolve_info(info)
    field = raw.schema.type_map[kind].fields[node.name.value]  # type: ignore[attr-defined]
    try:
        return get_argument_values(field, node, raw.variable_values)
    except GraphQLError:
        return None
