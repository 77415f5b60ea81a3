"""What is private to a class or a module is read by nobody else: not by tests, benches, tools or examples either, and
what is private to libraries in one package alone."""

import ast
from collections.abc import Iterator

from tests.sources import BESIDE, PRODUCT, tree_of

OWN = {"self", "cls"}

# What is documented all the same: of named tuples, and of SQLAlchemy's rows.
DOCUMENTED = {"_asdict", "_field_defaults", "_fields", "_make", "_mapping", "_replace"}

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

# Where what is private to libraries is reached, and what beside it has no other way.
REACHING = "nzc_api/shortcuts/"
OF_LIBRARIES = {
    (
        "nzc_api/reports/docx.py",
        "_tbl",
    ): "a table in WordprocessingML, to which python-docx shows no other way"
}


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


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


def own_in(tree: ast.Module) -> Iterator[str]:
    """What a module calls its own: what it defines, and what its objects have."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in OWN:
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=[ast.Name(id="__slots__")], value=said):
                yield from (
                    str(part.value) for part in ast.walk(said) if isinstance(part, ast.Constant)
                )


def test_nobody_reads_what_is_private_to_others() -> None:
    found = {(file, name) for file in BESIDE for _, name in private_names_of_others(tree_of(file))}
    assert found == set(NO_OTHER_WAY)


def test_what_is_private_to_libraries_is_read_in_one_package() -> None:
    found = {
        (file, name)
        for file in PRODUCT
        for _, name in private_names_of_others(tree_of(file))
        if name not in set(own_in(tree_of(file)))
    }
    assert ("nzc_api/shortcuts/handles.py", "_schema") in found
    assert {at for at in found if not at[0].startswith(REACHING)} == set(OF_LIBRARIES)


def test_what_is_ones_own_is_found() -> None:
    source = (
        "class A:\n    _kept: int\n    __slots__ = ('_held',)\n"
        "    def _do(self, b):\n        self._own = b._own + b._other\n_x = '_text'\n"
    )
    assert set(own_in(ast.parse(source))) == {"_kept", "_held", "_do", "_own"}


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
