"""What no input may hold, wherever it is: characters that no database can keep (NUL, and halves of a
surrogate pair), and values nested deeper than any input is."""

import re
from dataclasses import replace
from typing import Any

from graphql import GraphQLError, StringValueNode, Visitor, visit
from strawberry.types.execution import ExecutionContext

from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.kit.unkept import UNKEPT

# Only an escape can bring one into a document.
_ESCAPE = re.compile(r"\\u(?:0000|\{0+\})|[\x00]")

# Inputs have a handful of levels; what walks through them does so by recursion.
MOST_LEVELS = 50


def check_characters(execution: ExecutionContext) -> None:
    """Refuse an operation with a text that could not be stored, or with too deep a value."""
    variables = execution.variables or {}
    found = None if _is_fit(variables) else _find(variables, MOST_LEVELS)
    if found is not None:
        if len(found.path) > MOST_LEVELS:  # Too deep: nobody wants to read where.
            found = replace(found, path=found.path[:1])
        raise GraphQLError("", original_error=Refused(found))
    if _ESCAPE.search(execution.query or ""):
        assert execution.graphql_document is not None
        visit(execution.graphql_document, _Literals())


class _Literals(Visitor):
    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if UNKEPT.search(node.value):
            raise GraphQLError("", node, original_error=Refused(_unkept(node.value)))


def _is_fit(value: Any) -> bool:
    """Whether there is nothing to find, as mostly: all texts at once are looked at in a fifth of the
    time that each by itself takes."""
    texts: list[str] = []
    level = [value]
    for _ in range(MOST_LEVELS):
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                texts.append(item)
            elif isinstance(item, dict):
                texts += item
                below += item.values()
            elif isinstance(item, list):
                below += item
        if not below:
            text = "".join(texts)
            return "\0" not in text and (text.isascii() or not UNKEPT.search(text))
        level = below
    return False


def _find(value: Any, levels: int) -> InvalidInput | None:
    """What is wrong with the first such text in ``value``, or with its depth. The path is put together
    only on the way out."""
    if levels < 0:
        return _too_deep()
    if isinstance(value, str):
        return _unkept(value) if UNKEPT.search(value) else None
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for name, item in items:
        if isinstance(name, str) and UNKEPT.search(name):
            return _unkept(name)
        found = _find(item, levels - 1)
        if found is not None:
            return found.under(str(name))
    return None


def _unkept(value: str) -> InvalidInput:
    shown = UNKEPT.sub("\N{REPLACEMENT CHARACTER}", value)[:80]
    return InvalidInput(
        value=shown,
        expected_zh="不含空字符（U+0000）和孤立代理项的文本",
        expected_en="a text without NUL (U+0000) and without lone surrogates",
    )


def _too_deep() -> InvalidInput:
    return InvalidInput(
        value="…",
        expected_zh=f"嵌套不超过{MOST_LEVELS}层的值",
        expected_en=f"a value of at most {MOST_LEVELS} levels",
    )
