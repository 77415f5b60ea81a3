"""Which files are said to be pure: rules, and what says so in its first lines."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]

PURE = re.compile(r"\b[Pp]ure\b")


def said_to_be_pure() -> set[str]:
    """Their modules."""
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in (ROOT / "nzc_api").rglob("*.py")
        if file.name.endswith("rules.py") or PURE.search(_says(file))
    }


def _says(file: Path) -> str:
    return file.read_text("utf-8").partition('"""')[2].partition('"""')[0]
