"""What people call first says what it answers, and what is refused."""

import ast
from collections.abc import Iterator

from tests.sources import PRODUCT, files_in, tree_of

# Who asks, and under which idempotency key, or for which items, each with one: so a method writes, or says what it
# would.
ASKING = ({"principal", "key"}, {"caller", "key"}, {"principal", "items"})
REFUSING = ("refus", "raises", "see ")


def methods_in(tree: ast.Module) -> Iterator[tuple[str, set[str], str]]:
    """The public methods of a module's services: the name, what is given, and the docstring."""
    for owner in tree.body:
        if isinstance(owner, ast.ClassDef) and owner.name.endswith("Service"):
            for node in owner.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    given = {argument.arg for argument in node.args.args}
                    if not node.name.startswith("_"):
                        name = f"{owner.name}.{node.name}"
                        yield name, given, ast.get_docstring(node) or ""


def verbs_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What decides a command: its name, and the docstring."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name, returns=ast.Name(id="Decision")) if name[0] != "_":
                yield name, ast.get_docstring(node) or ""


def test_every_method_of_a_service_says_what_it_answers() -> None:
    found = [method for file in PRODUCT for method in methods_in(tree_of(file))]
    assert len(found) > 250
    assert [name for name, _, said in found if not said] == []


def test_what_writes_says_what_is_refused() -> None:
    found = [method for file in PRODUCT for method in methods_in(tree_of(file))]
    writing = [(name, said) for name, given, said in found if any(a <= given for a in ASKING)]
    assert len(writing) > 80
    assert [name for name, said in writing if not _says(said)] == []


def test_every_verb_says_what_is_refused() -> None:
    files = files_in("nzc_api/ledger/posting/verbs")
    found = [verb for file in files for verb in verbs_in(tree_of(file))]
    assert len(found) > 10
    assert [name for name, said in found if not _says(said)] == []


def _says(docstring: str) -> bool:
    return any(word in docstring.lower() for word in REFUSING)


def test_methods_and_verbs_are_found() -> None:
    source = (
        'class AService:\n    def read(self, ids): "Them."\n    async def write(self, principal, key): pass\n'
        "    def _own(self): pass\nclass Other:\n    def read(self): pass\n"
        'def decide(state) -> Decision: "Refused: nothing."\ndef _part(state) -> Decision: pass\ndef f() -> int: pass\n'
    )
    tree = ast.parse(source)
    assert [(name, said) for name, _, said in methods_in(tree)] == [
        ("AService.read", "Them."),
        ("AService.write", ""),
    ]
    assert [*verbs_in(tree)] == [("decide", "Refused: nothing.")]
