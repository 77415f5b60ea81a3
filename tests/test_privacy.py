"""What is private to a class or a module is read by nobody else: not by tests, benches, tools or examples either."""

import ast
from collections.abc import Iterator

from tests.test_names import BESIDE, tree_of

OWN = {"self", "cls"}

# Python's own words for what anybody may do with a named tuple.
OF_NAMED_TUPLES = {"_asdict", "_field_defaults", "_fields", "_make", "_replace"}

BY_NAME = {"delattr", "getattr", "hasattr", "setattr"}

# What has no public way, and why it is reached all the same.
NO_OTHER_WAY = {
    (
        "tests/shortcuts/test_executors.py",
        "_relevant_sub_fields",
    ): "where graphql-core remembers of each event what would add up; it shows it nowhere else",
    (
        "bench/read_stage.py",
        "_command",
    ): "what the command was called in trees of before, beside which reads are measured",
}


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in OF_NAMED_TUPLES


def private_names_of_others(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each private attribute of what is not one's own, and on which line; also where it is named by a text."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner)) if owner in OWN:
                pass
            case ast.Attribute(attr=name, lineno=line) if private(name):
                yield line, name
            case ast.Call(
                func=ast.Name(id=function) | ast.Attribute(attr=function),
                args=[_, ast.Constant(value=str(name)), *_],
                lineno=line,
            ) if function in BY_NAME and private(name):
                yield line, name


def test_nobody_reads_what_is_private_to_others() -> None:
    found = {(file, name) for file in BESIDE for _, name in private_names_of_others(tree_of(file))}
    assert found == set(NO_OTHER_WAY)


def test_what_is_private_to_others_is_found() -> None:
    source = (
        "a._b\n"
        "a.self._b\n"
        "self.a._b = 1\n"
        "getattr(a, '_b')\n"
        "monkeypatch.setattr(a, '_b', 1)\n"
        "a()._b()\n"
        "self._b, cls._b, a.b, a.__b__, a._replace(b=1), getattr(a, 'b'), setattr(a, b, '_b')\n"
    )
    found = [*private_names_of_others(ast.parse(source))]
    assert sorted(found) == [(line, "_b") for line in range(1, 7)]
