"""Reading what a file says as it is written in the one way: numbers are texts of digits, and JSON has no
fractions. Pure."""

import json
import re
from collections.abc import Iterable
from typing import Any

# What reading something else ends in.
MALFORMED = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError,
)  # fmt: skip

_WHOLE = re.compile(r"0|[1-9][0-9]{0,18}")

# Whole numbers that are written as such have 64 bits.
_WRITTEN = range(-(2**63), 2**64)

# So many lists and objects are in one another at most.
_DEEPEST = 64


def read(content: str | bytes) -> Any:
    """What JSON says that NZC wrote. Raises one of ``MALFORMED``."""
    value = json.loads(content, parse_int=_read_whole, parse_float=_refuse, parse_constant=_refuse)
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _values_in(outer)]
    if level:
        raise ValueError(_DEEPEST)
    return value


def whole(text: str) -> int:
    """A position, or tonnes. Raises one of ``MALFORMED``."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _values_in(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _read_whole(text: str) -> int:
    value = int(text)
    if value not in _WRITTEN:
        raise ValueError(text)
    return value


def _refuse(text: str) -> Any:
    raise ValueError(text)
