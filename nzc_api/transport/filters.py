"""What a list's address says of its filter: names of the schema's input, with dots to what is inside. Pure."""

import re
from collections.abc import Iterable
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLInputObjectType,
    GraphQLInt,
    get_nullable_type,
    is_list_type,
)

from nzc_api.refusal import InvalidInput, Refused

# As many digits as any of GraphQL's has: whether it is one of 32 bits is the schema's to say.
_INT = re.compile("-?[0-9]{1,10}")


def filter_in(kind: GraphQLInputObjectType, given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The filter that parameters stand for: `programmes=CCER&retiredOn.from=2022-01-01`. What may be several is given
    several times. Raises ``Refused`` where a name is none of the filter's, or a value none of its kind."""
    found: dict[str, Any] = {}
    for name, text in given:
        _put(found, kind, name.split("."), (name,), text)
    return found


def _put(
    into: dict[str, Any],
    kind: GraphQLInputObjectType,
    names: list[str],
    path: tuple[str],
    text: str,
) -> None:
    name, *rest = names
    if name not in kind.fields:
        raise _refused(path, path[0], "、".join(kind.fields), "one of " + ", ".join(kind.fields))
    kind_of_field = get_nullable_type(kind.fields[name].type)
    if isinstance(kind_of_field, GraphQLInputObjectType):
        _put(into.setdefault(name, {}), kind_of_field, rest or [""], path, text)
    elif rest:
        raise _refused(path, path[0], name, name)
    elif is_list_type(kind_of_field):
        into.setdefault(name, []).append(text)
    else:
        into[name] = _value(kind_of_field, path, text)


def _value(kind: Any, path: tuple[str], text: str) -> Any:
    if kind is GraphQLInt:
        if not _INT.fullmatch(text):
            raise _refused(path, text, "整数", "a whole number")
        return int(text)
    if kind is GraphQLBoolean:
        if text not in {"true", "false"}:
            raise _refused(path, text, "true或false", "true or false")
        return text == "true"
    return text


def _refused(path: tuple[str], value: str, zh: str, en: str) -> Refused:
    return Refused(InvalidInput(path=path, value=value[:80], expected_zh=zh, expected_en=en))
