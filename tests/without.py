"""Taking one rule or guard away for a run of the tests, which must then fail: see ``tests.drop``.

``NZC_TEST_WITHOUT`` names it: ``rule:<module>.<function>``, or ``sql:<statement>`` for the database.
"""

import os
from importlib import import_module
from typing import Any

VARIABLE = "NZC_TEST_WITHOUT"


def take_rule_away() -> None:
    """Let the rule that is named find nothing wrong, wherever it is called from."""
    kind, _, name = os.environ.get(VARIABLE, "").partition(":")
    if kind == "rule":
        module, _, function = name.rpartition(".")
        rule = getattr(import_module(module), function)
        rule.__code__ = _nothing_wrong.__code__


def statement() -> str | None:
    """What the owner runs on a copy of the good state to take a guard away, if one is named."""
    kind, _, sql = os.environ.get(VARIABLE, "").partition(":")
    return sql if kind == "sql" else None


def _nothing_wrong(*_given: Any, **_named: Any) -> None:
    return None
