"""What was written, for tests that hold how: files by their paths below the root, and each as a tree, read once."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


def files_in(*folders: str) -> list[str]:
    return sorted(
        file.relative_to(ROOT).as_posix()
        for folder in folders
        for file in (ROOT / folder).rglob("*.py")
    )


PRODUCT = files_in("nzc_api")
BESIDE = files_in("bench", "examples", "tests", "tools")


@cache
def text_of(file: str) -> str:
    return (ROOT / file).read_text("utf-8")


@cache
def tree_of(file: str) -> ast.Module:
    return ast.parse(text_of(file))
