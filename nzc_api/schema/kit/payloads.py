"""What mutations' payloads are made of."""

from typing import Any

import strawberry

REPLAYED = "Whether this answers an earlier request with the same key; nothing was done again."

AS_OF = (
    "The position of the log at which it was done; what it shows is as it is now. Null in a replay of what was done "
    "before December 2026."
)


def union(name: str) -> Any:
    return strawberry.union(name, description=f"The outcome of `{name[0].lower()}{name[1:-7]}`.")
