"""Which `extensions.code` top-level errors have: read from the source, so that no list is forgotten."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

import nzc_api

CODE = re.compile(r"[A-Z][A-Z_]+[A-Z]")

# What every error's extensions have.
COMMON = {"code", "localizedMessage"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Found = tuple[str, set[str]]  # a code, and the facts beside it


@cache
def top_level_codes() -> Mapping[str, list[str]]:
    """Each code, with the names of the facts that an error of it may carry."""
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted(_sources())]
    signatures = dict(chain.from_iterable(map(_takers_of_a_code, trees)))
    facts: dict[str, set[str]] = defaultdict(set)
    for tree in trees:
        for code, names in chain(_in_calls(tree, signatures), _in_extensions(tree)):
            facts[code] |= names
    return {code: sorted(facts[code]) for code in sorted(facts)}


def _sources() -> Iterator[Path]:
    """All of NZC but the client of its own API, whose outcomes are no answers."""
    package = Path(nzc_api.__path__[0])
    return (path for path in package.rglob("*.py") if path.parent != package / "importing")


def _takers_of_a_code(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The parameters of what is called with a `code`: functions, and classes that are made with one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            made = (f for f in node.body if isinstance(f, Function) and f.name == "__init__")
            for function in made:
                yield from _if_it_takes_one(node.name, _parameters(function)[1:])
        elif isinstance(node, Function):
            yield from _if_it_takes_one(node.name, _parameters(node))


def _if_it_takes_one(name: str, parameters: list[str]) -> Iterator[tuple[str, list[str]]]:
    if "code" in parameters:
        yield name, parameters


def _parameters(function: Function) -> list[str]:
    return [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]


def _in_calls(tree: ast.Module, signatures: Mapping[str, list[str]]) -> Iterator[Found]:
    """`told("TRY_AGAIN", message, retryAfterSeconds=2)`: what is no parameter is a fact."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _name(node.func)) in signatures:
            parameters = signatures[name]
            given = dict(zip(parameters, node.args, strict=False))
            given |= {word.arg: word.value for word in node.keywords if word.arg}
            if code := _code(given.get("code")):
                yield code, given.keys() - set(parameters)


def _in_extensions(tree: ast.Module) -> Iterator[Found]:
    """`{"code": "INVALID_INPUT", "localizedMessage": …, "value": …}`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            names = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
            given = {name: value for name, value in zip(names, node.values, strict=True) if name}
            code = _code(given.get("code"))
            if code and "localizedMessage" in given:
                yield code, {str(name) for name in given} - COMMON


def _name(called: ast.expr) -> str:
    return getattr(called, "id", getattr(called, "attr", ""))


def _code(value: ast.expr | None) -> str | None:
    text = value.value if isinstance(value, ast.Constant) else None
    return text if isinstance(text, str) and CODE.fullmatch(text) else None
