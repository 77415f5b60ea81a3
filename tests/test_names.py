"""What a name may not be: a word that says nothing of the thing, or a private one of another module."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

FILES = sorted(
    file.relative_to(ROOT).as_posix()
    for folder in ("bench", "tests", "tools")
    for file in (ROOT / folder).rglob("*.py")
)

# Of what, or which?
EMPTY = {"of"}

# What is asked although it is private: a product's rule that only its own module calls, or how it makes something.
ASKED_IN_PRIVATE = {
    ("tests/counting.py", "_Reckoner"),
    ("tests/reports/test_reports.py", "_value"),
    ("tests/schema/test_schema_contract.py", "_TYPES"),
    ("tests/transport/test_conditional.py", "_statements"),
    ("tests/transport/test_http.py", "_Gathering"),
}


@cache
def tree_of(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text("utf-8"))


def bound(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The names of variables and parameters, and on which line."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store(), lineno=line):
                yield line, name
            case ast.arg(arg=name, lineno=line):
                yield line, name
            case (
                ast.MatchAs(name=str(name), lineno=line)
                | ast.MatchStar(name=str(name), lineno=line)
            ):
                yield line, name


def test_no_variable_is_called_of() -> None:
    found = [(file, *at) for file in FILES for at in bound(tree_of(file)) if at[1] in EMPTY]
    assert found == []


def test_such_variables_are_found() -> None:
    source = (
        "for of in a: pass\n[of for of in a]\ndef f(of): pass\nlambda *, of: of\n"
        "match a:\n    case [of]: pass\n    case [*of]: pass\nwith a as of: pass\n"
    )
    found = [line for line, name in bound(ast.parse(source)) if name in EMPTY]
    assert sorted(found) == [1, 2, 3, 4, 6, 7, 8]


def test_nothing_private_is_imported() -> None:
    """A test that needs what is private says so above."""
    found = {
        (file, alias.name)
        for file in FILES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    }
    assert found == ASKED_IN_PRIVATE
