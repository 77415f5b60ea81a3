"""The page that says which clause of the guide is held where: every field that it names is there."""

import re

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType

from nzc_api.guide.guide import GUIDE
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema
from tests.documents import names_of, sister, text_of

PAGE = "docs/guide-coverage.md"
FIELD = re.compile(r"([A-Z]\w*)\.(\w+)")
VERB = re.compile(r"[a-z]\w+")
TYPES = core_schema(schema).type_map


def fields_of(kind: str) -> set[str]:
    named = TYPES.get(kind)
    assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType), kind
    return set(named.fields)


def test_every_field_that_it_names_is_there() -> None:
    named = [FIELD.fullmatch(name) for name in names_of(PAGE)]
    fields = [(found[1], found[2]) for found in named if found]
    assert len(fields) > 20
    for kind, field in fields:
        assert field in fields_of(kind), f"{kind}.{field}"


def test_every_verb_that_it_names_is_there() -> None:
    verbs = {name for name in names_of(PAGE) if VERB.fullmatch(name)}
    assert len(verbs) > 10
    assert verbs <= fields_of("Mutation") | fields_of("Query")


@pytest.mark.parametrize("page", [PAGE, sister(PAGE)])
def test_every_requirement_of_the_guide_is_on_it(page: str) -> None:
    missing = {r.code for r in GUIDE.requirements} - names_of(page)
    assert missing == set()


def test_both_pages_have_the_same_rows() -> None:
    rows = [
        [line.split("|")[1].strip() for line in text_of(page).splitlines() if line.startswith("| ")]
        for page in (PAGE, sister(PAGE))
    ]
    assert rows[0][1:] == rows[1][1:]
