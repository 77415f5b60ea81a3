"""Characters that no database can keep: NUL, and halves of a surrogate pair."""

import re
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLError, StringValueNode, Visitor, visit
from strawberry.extensions import SchemaExtension

from nzc_api.refusal import InvalidInput, Refused

UNKEPT = re.compile("[\x00\ud800-\udfff]")

# Only an escape can bring one into a document.
_ESCAPE = re.compile(r"\\u(?:0000|\{0+\})|[\x00]")

_Path = tuple[str, ...]


class KeptCharacters(SchemaExtension):
    """Refuses an operation with a text that could not be stored, wherever in it the text is."""

    def on_execute(self) -> Iterator[None]:
        execution = self.execution_context
        found = _find(execution.variables or {}, ())
        if found is not None:
            raise GraphQLError("", original_error=Refused(_unkept(*found)))
        if _ESCAPE.search(execution.query or ""):
            assert execution.graphql_document is not None
            visit(execution.graphql_document, _Literals())
        yield


class _Literals(Visitor):
    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if UNKEPT.search(node.value):
            raise GraphQLError("", node, original_error=Refused(_unkept(node.value, ())))


def _find(value: Any, path: _Path) -> tuple[str, _Path] | None:
    """The first such text in ``value``, and where it is."""
    if isinstance(value, str):
        return (value, path) if UNKEPT.search(value) else None
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for name, item in items:
        if isinstance(name, str) and UNKEPT.search(name):
            return name, path
        found = _find(item, (*path, str(name)))
        if found is not None:
            return found
    return None


def _unkept(value: str, path: _Path) -> InvalidInput:
    shown = UNKEPT.sub("\N{REPLACEMENT CHARACTER}", value)[:80]
    return InvalidInput(
        path=path,
        value=shown,
        expected_zh="不含空字符（U+0000）和孤立代理项的文本",
        expected_en="a text without NUL (U+0000) and without lone surrogates",
    )
