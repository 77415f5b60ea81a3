"""Every value of every enum is called something, in both languages."""

import re

import pytest
from graphql import GraphQLEnumType

from nzc_api.schema.labels.queries import MOST_VALUES, labels
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema
from tests.world import World

ENUMS = {
    name: kind
    for name, kind in core_schema(schema).type_map.items()
    if isinstance(kind, GraphQLEnumType) and not name.startswith("__")
}

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_there_is_no_label_of_no_enum() -> None:
    assert labels().keys() == ENUMS.keys()


@pytest.mark.parametrize("name", ENUMS)
async def test_every_value_has_a_label(shared_world: World, name: str) -> None:
    query = "query ($enum: String!) { enumLabels(enum: $enum) { value label { zh en } } }"
    found = (await shared_world.anyone.ask(query, enum=name))["enumLabels"]
    assert [label["value"] for label in found] == list(ENUMS[name].values)
    assert len(found) <= MOST_VALUES
    for label in (one["label"] for one in found):
        assert CHINESE.search(label["zh"]), label
        assert label["en"], label
        assert not CHINESE.search(label["en"]), label
    assert len({label["label"]["zh"] for label in found}) == len(found)


async def test_of_no_enum(shared_world: World) -> None:
    for name in ("Pilot", "__TypeKind", "pilotkind", ""):
        query = "query ($enum: String!) { enumLabels(enum: $enum) { value } }"
        assert (await shared_world.anyone.ask(query, enum=name))["enumLabels"] is None
