"""Types that topics name and others define are all there before anything is asked."""

from typing import Any

import pytest

from nzc_api.schema.kit import registry
from nzc_api.schema.kit.registry import Named, find_all, registered
from nzc_api.schema.schema import schema


def test_every_type_that_is_named_was_found_as_the_schema_was_put_together() -> None:
    assert registry._NAMED
    for named in registry._NAMED:
        assert vars(named)["type"].__name__ in schema._schema.type_map


def test_a_type_that_nobody_defines_is_missed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_NAMED", [])
    nobody: Named[Any] = Named("Nobody")
    with pytest.raises(KeyError, match="Nobody"):
        find_all()
    assert [nobody] == registry._NAMED


def test_no_two_types_have_one_name() -> None:
    with pytest.raises(AssertionError):
        registered(type("Pilot", (), {}))
