"""The worked examples, for those who test against them: inputs with expected results."""

import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parents[2] / "shared"


def shared(path: str) -> Path:
    """A file that lies beside the repository; the test skips where it does not."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"{found} is not here: it lies beside the project's own checkouts only")
    return found


def worked_examples() -> dict[str, Any]:
    """The examples by id."""
    data = json.loads(shared("reference/worked_examples.json").read_text("utf-8"))
    return {example["id"]: example for example in data["examples"]}
