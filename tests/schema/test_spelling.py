"""No room below the schema spells a field as GraphQL does, or knows of its argument: the schema alone writes paths."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nzc_api
from nzc_api.ledger.posting.verb_table import VERBS
from nzc_api.schema.kit.paths import INPUT
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema
from tests.sources import PRODUCT, text_of

ROOMS = Path(nzc_api.__file__).parent

# What is above the schema, or beside it, and speaks GraphQL or to other programs; the demo's data are no fields.
ELSEWHERE = {
    "schema", "importing", "packing", "packs", "working_papers", "transport", "cli", "observing", "demo.py",
}  # fmt: skip

# What has such a name, too: units, verbs that no mutation is called by, and words of JSON Schema.
UNITS = {"accounting/unit_table.py", "metering/units.py"}
OTHERS = {
    "tCO2", "kWh", "expireApiKey", "recordIntervals", "reconcileRegistryList", "anyOf", "additionalProperties",
}  # fmt: skip

# Files that programs of others read, which have names of their own: a certificate, a row of the log.
FILES_OF_OTHERS = {
    "retirement_certificates/adding_up.py",
    "retirement_certificates/document.py",
    "retirement_certificates/verifying.py",
    "feed/rows.py",
}

CAMEL = re.compile("[a-z]+[0-9]*(?:[A-Z][a-z0-9]*)+")

# The same within a sentence, where it is no part of an address, an escape, or a longer word.
SENTENCE = re.compile(" |[\u4e00-\u9fff]")
WITHIN = re.compile(rf"(?<![A-Za-z0-9/_.\-%\\]){CAMEL.pattern}(?![A-Za-z(])")

# Units and the like, what a request of GraphQL has beside its document, and a name that a query gives.
SPELLED_SO = {
    "degC", "kPa", "kW", "kWh", "kgCO2", "kgCO2e", "mgBOD", "tC", "tCO", "tCO2", "tCO2e", "operationName", "issuedAt",
}  # fmt: skip


def test_no_room_below_the_schema_spells_as_graphql_does() -> None:
    found = {
        f"{file}:{line}: {text}"
        for file in _files()
        for line, text in graphql_in((ROOMS / file).read_text())
        if text not in _verbs() | OTHERS
    }
    assert not found, "name the field of the command: ``retired_on``; ``kit/paths.py`` spells it"


def test_what_is_looked_for_is_found() -> None:
    source = 'path = ("input", "items")\nfield = "retiredOn"\nname = "retired_on"\n'
    assert set(graphql_in(source)) == {(1, "input"), (2, "retiredOn")}
    assert "accounting/line.py" in _files()


def test_what_words_name_is_there() -> None:
    """Messages name fields and mutations as callers spell them; whatever is renamed is renamed there, too."""
    found = {(file, name) for file in PRODUCT for name in named_in(text_of(file))}
    assert len(found) > 100
    assert {(file, name) for file, name in found if name not in _api() | SPELLED_SO} == set()


def test_what_words_name_is_found() -> None:
    source = (
        'def f():\n    """Of noDocstring."""\n    return f"{a} 先以amendProject写明 (`vintageByAuthority`), {b.cC}"\n'
        'x = "aField"\ny = "See https://a.b/cD, and iOS"\n'
    )
    assert set(named_in(source)) == {"amendProject", "vintageByAuthority", "iOS"}


def named_in(source: str) -> Iterator[str]:
    """What sentences in a module call in the API's way, docstrings aside."""
    tree = ast.parse(source)
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in said and SENTENCE.search(text):
                yield from WITHIN.findall(text)


def graphql_in(source: str) -> Iterator[tuple[int, str]]:
    """The texts that are names of GraphQL: its argument, and what is written in its way."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if text == INPUT or CAMEL.fullmatch(text):
                yield node.lineno, text


def _files() -> set[str]:
    files = {file.relative_to(ROOMS) for file in ROOMS.rglob("*.py")}
    return (
        {file.as_posix() for file in files if file.parts[0] not in ELSEWHERE}
        - UNITS
        - FILES_OF_OTHERS
    )


def _api() -> set[str]:
    """Types, fields, arguments."""
    kinds = core_schema(schema).type_map
    fields = [field for kind in kinds.values() for field in getattr(kind, "fields", {}).items()]
    arguments = {name for _, field in fields for name in getattr(field, "args", {})}
    return set(kinds) | {name for name, _ in fields} | arguments


def _verbs() -> set[str]:
    """The names of verbs, which are parts of what is kept with keys."""
    mutations = core_schema(schema).mutation_type
    assert mutations is not None
    return set(mutations.fields) | {verb.name for verb in VERBS.values()}
