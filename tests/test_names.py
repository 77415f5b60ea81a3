"""What a name may not be: a word that says nothing of the thing, or a private one of another module."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import BESIDE, PRODUCT, files_in, tree_of

FILES = [*PRODUCT, *BESIDE]

# Of what, or which?
EMPTY = {"of"}

# How a thing stands to whoever wrote the line, where a noun would say what it is.
VAGUE = {"known", "around", "among", "present", "lane", "direct", "stale_notes", "one_packet"}

VAGUE_PARTS = {"among", "around"}

# Fields that the API or a table calls so, or a part of it such as knownShare.
SPELLED = {
    ("nzc_api/metering/usage.py", "known"),
    ("nzc_api/monitoring/series.py", "known"),
    ("nzc_api/province/figures.py", "known"),
    ("nzc_api/schema/province/filters.py", "known"),
    ("nzc_api/schema/province/types.py", "known"),
}


def bound(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The names of variables, fields and parameters, and on which line."""
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


def functions_called_of(tree: ast.Module) -> Iterator[tuple[int, bool]]:
    """On which lines, and whether each is another constructor: ``Request.of(…)`` makes a request."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "of":
            yield node.lineno, "classmethod" in map(ast.unparse, node.decorator_list)


@pytest.mark.parametrize("name", sorted(EMPTY | VAGUE))
def test_no_variable_is_called(name: str) -> None:
    found = [(file, *at) for file in FILES for at in bound(tree_of(file)) if at[1] == name]
    assert [at for at in found if (at[0], name) not in SPELLED] == []


def test_what_the_api_spells_is_there() -> None:
    found = {(file, name) for file in PRODUCT for _, name in bound(tree_of(file))}
    assert found >= SPELLED


def defined(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The names of functions, classes, constants and attributes, and on which line: as words, whatever their case."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.FunctionDef(name=name, lineno=line)
                | ast.AsyncFunctionDef(name=name, lineno=line)
                | ast.ClassDef(name=name, lineno=line)
                | ast.Name(id=name, ctx=ast.Store(), lineno=line)
                | ast.Attribute(attr=name, ctx=ast.Store(), lineno=line)
            ):
                yield line, name.strip("_").lower()


def test_nothing_of_the_product_is_called_so() -> None:
    """However it is written; only what makes a thing may be called ``of``, as is held below."""
    found = {
        (file, name)
        for file in PRODUCT
        for _, name in defined(tree_of(file))
        if name in VAGUE or set(name.split("_")) & VAGUE_PARTS
    }
    assert found == SPELLED


def test_such_a_name_is_found_however_it_is_written() -> None:
    source = "class _Known:\n    def among(self):\n        self._lane = 1\nKEYS_AROUND = 2\n"
    found = [*defined(ast.parse(source))]
    assert sorted(found) == [(1, "known"), (2, "among"), (3, "lane"), (4, "keys_around")]


def test_no_file_of_the_product_is_called_so() -> None:
    assert [file for file in files_in("nzc_api") if Path(file).stem in EMPTY | VAGUE] == []


def test_only_what_makes_a_thing_is_called_of() -> None:
    found = [(file, *at) for file in PRODUCT for at in functions_called_of(tree_of(file))]
    assert found
    assert [(file, line) for file, line, makes in found if not makes] == []


def test_a_function_called_of_is_found() -> None:
    source = "class A:\n    @classmethod\n    def of(cls): pass\nclass B:\n    async def of(self): pass\n"
    assert [*functions_called_of(ast.parse(source))] == [(3, True), (5, False)]


@pytest.mark.parametrize("name", sorted(EMPTY | VAGUE))
def test_such_variables_are_found(name: str) -> None:
    source = (
        f"for {name} in a: pass\n[{name} for {name} in a]\ndef f({name}): pass\nlambda *, {name}: 1\n"
        f"match a:\n    case [{name}]: pass\n    case [*{name}]: pass\nwith a as {name}: pass\n"
        f"class A:\n    {name}: int\n"
    )
    found = [line for line, called in bound(ast.parse(source)) if called == name]
    assert sorted(found) == [1, 2, 3, 4, 6, 7, 8, 10]


def classes_in(tree: ast.Module) -> Iterator[str]:
    """The public classes of a module."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def test_one_word_is_for_one_thing_below_the_schema() -> None:
    """Its types are called as what they show, so their names are of another kind."""
    files = [file for file in PRODUCT if not file.startswith("nzc_api/schema/")]
    places = defaultdict(list)
    for file in files:
        for name in classes_in(tree_of(file)):
            places[name].append(file)
    assert len(places) > 1000
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_nothing_private_is_imported() -> None:
    """What a test needs is public, or it is tested by what uses it."""
    found = {
        (file, alias.name)
        for file in BESIDE
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    }
    assert found == set()
