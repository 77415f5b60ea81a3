"""The log as rows of a table, each an event: what clients write of lines. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from nzc_api.feed.lines import COLUMNS


def row_of(said: Mapping[str, Any]) -> Sequence[str | None]:
    """The cells of an event, by what its line says; its facts are JSON."""
    return [_cell(said[name]) for name in COLUMNS]


def _cell(value: Any) -> str | None:
    return orjson.dumps(value).decode() if isinstance(value, Mapping) else value
