"""Leaving an answer unfinished, as HTTP has it: the connection ends before the answer does."""

from collections.abc import Callable
from typing import Any

from starlette.types import Receive, Scope

# Where a scope says how that is done (ASGI's extensions). Uvicorn's own way is an exception, and its traceback.
EXTENSION = "nzc.hang_up"


def with_hanging_up(scope: Any, hang_up: Callable[[], None]) -> None:
    """Let those who answer a request hang up."""
    scope["extensions"] = {**scope.get("extensions", {}), EXTENSION: {"call": hang_up}}


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Hang up at once, whether what was sent is read or not, and wait until the connection is gone."""
    found = (scope.get("extensions") or {}).get(EXTENSION)
    if found is None:
        return  # Another server: it notices that the answer has no end.
    found["call"]()
    while (await receive())["type"] != "http.disconnect":
        pass
