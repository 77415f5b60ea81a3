"""A client can ask for any fields of a payload's members side by side."""

from itertools import combinations

import pytest
from graphql import GraphQLObjectType, GraphQLUnionType

from nzc_api.schema.schema import schema

UNIONS = [kind for kind in schema._schema.type_map.values() if isinstance(kind, GraphQLUnionType)]


@pytest.mark.parametrize("union", UNIONS, ids=lambda union: union.name)
def test_fields_of_one_name_have_one_type(union: GraphQLUnionType) -> None:
    """GraphQL refuses a selection whose members give one name different types, nullability
    included: then nobody could ask for both."""
    for one, other in combinations(union.types, 2):
        assert isinstance(one, GraphQLObjectType)
        for name in one.fields.keys() & other.fields.keys():
            found = {str(one.fields[name].type), str(other.fields[name].type)}
            assert len(found) == 1, (one.name, other.name, name, found)
