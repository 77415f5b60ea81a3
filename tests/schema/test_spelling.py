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


def _verbs() -> set[str]:
    """The names of verbs, which are parts of what is kept with keys."""
    mutations = core_schema(schema).mutation_type
    assert mutations is not None
    return set(mutations.fields) | {verb.name for verb in VERBS.values()}
