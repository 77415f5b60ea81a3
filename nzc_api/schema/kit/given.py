"""Values as clients wrote them, shortened, for messages that name them: JSON, never Python."""

import json
from itertools import takewhile
from typing import Any

LONGEST_SHOWN = 80

_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


def as_given(value: object) -> str:
    """The value as it was written: a string by itself, all else as JSON."""
    return value[:LONGEST_SHOWN] if isinstance(value, str) else as_json(value)


def as_json(value: object) -> str:
    """The value as JSON, of which no more is written than is shown."""
    length = 0

    def is_shown(part: str) -> bool:
        nonlocal length
        length += len(part)
        return length - len(part) <= LONGEST_SHOWN

    if isinstance(value, str):
        value = value[: LONGEST_SHOWN + 1]
    text = "".join(takewhile(is_shown, _ENCODER.iterencode(value)))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def at(value: Any, path: list[str | int]) -> Any:
    """What lies in a value at a path; the value itself where the path leads elsewhere."""
    for name in path:
        try:
            value = value[name]
        except (LookupError, TypeError):
            break  # One may stand for a list of one.
    return value
