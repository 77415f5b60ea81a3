"""Which files are said to be pure: rules, and what says so in its first lines."""

import re

from tests.sources import PRODUCT, text_of

PURE = re.compile(r"\b[Pp]ure\b")


def said_to_be_pure() -> set[str]:
    """Their modules."""
    return {
        file.removesuffix(".py").replace("/", ".")
        for file in PRODUCT
        if file.endswith("rules.py") or PURE.search(_says(file))
    }


def _says(file: str) -> str:
    return text_of(file).partition('"""')[2].partition('"""')[0]
