"""Types that topics name and others define are all there before anything is asked."""

from typing import Any

import pytest

from nzc_api.schema.kit import registry
from nzc_api.schema.kit.registry import Named, find_all, registered
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema


def test_every_type_that_is_named_was_found_as_the_schema_was_put_together() -> None:
    assert registry.NAMED
    for named in registry.NAMED:
        assert vars(named)["type"].__name__ in core_schema(schema).type_map


def test_a_type_that_nobody_defines_is_missed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "NAMED", [])
    nobody: Named[Any] = Named("Nobody")
    with pytest.raises(KeyError, match="Nobody"):
        find_all()
    assert [nobody] == registry.NAMED


def test_no_two_types_have_one_name() -> None:
    with pytest.raises(AssertionError):
        registered(type("Pilot", (), {}))
