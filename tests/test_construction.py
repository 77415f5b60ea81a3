"""What is made of more than three things is made by their names: a place says nothing, and two may be exchanged."""

import ast
from collections.abc import Iterator

import pytest

from tests.sources import PRODUCT, files_in, tree_of

MOST_BY_PLACE = 3

# What is made over and over, of each item of a bulk or each row of a long list, where names cost what they tell.
HOT = (
    "nzc_api/accounting/line.py",
    "nzc_api/feed/",
    "nzc_api/files/table.py",
    "nzc_api/ledger/posting/",
    "nzc_api/ledger/reading/retirements_store.py",
    "nzc_api/ledger/reading/trace_store.py",
    "nzc_api/ledger/reading/withdrawn_store.py",
    "nzc_api/ledger/row_serials.py",
    "nzc_api/ledger/rows.py",
    "nzc_api/ledger/serials.py",
    "nzc_api/ledger/store.py",
    "nzc_api/log/",
    "nzc_api/metering/columns.py",
    "nzc_api/metering/interval_cells.py",
    "nzc_api/metering/reading_rules.py",
    "nzc_api/metering/usage.py",
    "nzc_api/proofs/store.py",
    "nzc_api/schema/credits/serial_texts.py",
    "nzc_api/schema/credits/serials.py",
    "nzc_api/schema/engine/limits.py",
    "nzc_api/shortcuts/",
)

# Rows of a table, which stand below one another, though a function returns them.
TABLES = ("nzc_api/packs/verified.py",)


def classes() -> set[str]:
    """The product's, each of one name."""
    return {
        node.name
        for file in PRODUCT
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.ClassDef)
    }


def made_by_place(tree: ast.Module, names: set[str]) -> Iterator[tuple[int, str]]:
    """What functions make of more than three unnamed things, and on which line; rows of a module's tables, and of those
    that a test runs over, stand below one another."""
    calls = {
        (node.lineno, node.col_offset): node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
    }
    for (line, _), call in sorted(calls.items()):
        name = ast.unparse(call.func).rpartition(".")[2]
        unnamed = [given for given in call.args if not isinstance(given, ast.Starred)]
        if name in names and len(unnamed) > MOST_BY_PLACE:
            yield line, name


@pytest.mark.parametrize("folder", ["nzc_api", "tests", "bench", "tools", "examples"])
def test_what_has_many_parts_is_made_by_their_names(folder: str) -> None:
    names = classes()
    found = [
        (file, *made)
        for file in files_in(folder)
        if not file.startswith((*HOT, *TABLES))
        for made in made_by_place(tree_of(file), names)
    ]
    assert found == []


def test_hot_places_are_there() -> None:
    """Each still makes something so; one that does not is on the list no more."""
    names = classes()
    for place in (*HOT, *TABLES):
        files = [file for file in PRODUCT if file.startswith(place)]
        assert any(True for file in files for _ in made_by_place(tree_of(file), names)), place


def test_such_a_making_is_found() -> None:
    source = (
        "A(1, 2, 3, 4)\ndef f():\n    A(1, 2, 3, 4)\n    b.A(1, 2, 3, 4)\n    A(1, 2, 3, *c, d=4)\n"
        "    B(1, 2, 3, 4)\n    return lambda: A(A(1, 2, 3, 4), 2, 3, 4)\n"
    )
    assert [*made_by_place(ast.parse(source), {"A"})] == [(3, "A"), (4, "A"), (7, "A"), (7, "A")]
