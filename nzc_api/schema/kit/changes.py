"""Inputs that change something: what is left out stays as it is."""

from collections.abc import Collection
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from nzc_api.refusal import InvalidInput, Refused


def said(given: object, names: Collection[str], *, no_values: Collection[str]) -> dict[str, Any]:
    """What an input says of the fields; null is something to say only of those in ``no_values``."""
    values = {name: getattr(given, name) for name in names}
    changes = {name: value for name, value in values.items() if value is not strawberry.UNSET}
    for name, value in changes.items():
        if value is None and name not in no_values:
            raise Refused(_no_value(to_camel_case(name)))
    return changes


def _no_value(field: str) -> InvalidInput:
    return InvalidInput(
        path=("input", field),
        value="null",
        expected_zh="一个值；不修改时请不填",
        expected_en="a value; leave it out where it stays as it is",
    )
