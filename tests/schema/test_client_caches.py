"""What the documents tell clients' caches is true of the schema."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLObjectType

from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema

FOLDER = Path(__file__).parents[2] / "docs/how-to"
SCRIPT = re.compile(r"```js\n(.*?)```", re.DOTALL)


@pytest.fixture(params=["browser.md", "browser.zh.md"])
def policies(request: pytest.FixtureRequest) -> str:
    """The lines about Apollo's cache."""
    scripts = SCRIPT.findall((FOLDER / request.param).read_text("utf-8"))
    found: list[str] = [script for script in scripts if "typePolicies" in script]
    assert len(found) == 1
    return found[0]


def object_type(name: str) -> GraphQLObjectType:
    found = core_schema(schema).type_map[name]
    assert isinstance(found, GraphQLObjectType), name
    return found


def test_what_is_merged_has_no_id(policies: str) -> None:
    names = re.findall(r'"([A-Z]\w+)"', policies)
    assert {"LocalizedText", "NetEmissions"} <= set(names)
    assert not [name for name in names if "id" in object_type(name).fields]


def test_what_is_known_by_other_fields_has_them(policies: str) -> None:
    keyed = re.findall(r'(\w+): \{ keyFields: \["(\w+)"\] \}', policies)
    assert len(keyed) == policies.count("keyFields")
    assert keyed
    for name, key in keyed:
        assert key in object_type(name).fields, (name, key)
        assert "id" not in object_type(name).fields, name


def test_pages_are_told_apart_by_arguments_that_there_are(policies: str) -> None:
    pages = re.findall(r"(\w+): relayStylePagination\(\[(.*?)\]\)", policies)
    assert pages
    for name, arguments in pages:
        given = object_type("Query").fields[name].args
        assert set(re.findall(r'"(\w+)"', arguments)) <= set(given)


def test_both_languages_show_the_same_scripts() -> None:
    english, chinese = (
        SCRIPT.findall((FOLDER / name).read_text("utf-8"))
        for name in ("browser.md", "browser.zh.md")
    )
    assert english == chinese
    assert len(english) == 5
