"""The log as rows of a table, each an event; what servers stream and clients write. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from nzc_api.feed.lines import PAYLOAD_ABSENCE

# As a line of JSON has them, in its order.
COLUMNS = ("position", "at", "kind", "organisation", "schema", "facts", PAYLOAD_ABSENCE)


def cells_of(said: Mapping[str, Any]) -> Sequence[str | None]:
    """The cells of an event, by what its line says; its facts are JSON."""
    return [_cell(said[name]) for name in COLUMNS]


def _cell(value: Any) -> str | None:
    return orjson.dumps(value).decode() if isinstance(value, Mapping) else value
