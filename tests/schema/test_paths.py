"""Where in a mutation's arguments a refusal is: how the schema writes it."""

import pytest

from nzc_api.schema.kit.paths import item_of, path_of

CASES = [
    # path, item, as it is told, the item that it is of
    ((), None, ["input"], None),
    (("retired_on",), None, ["input", "retiredOn"], None),
    (("issuance", "reference"), None, ["input", "issuance", "reference"], None),
    (("sources", "0", "own_factor"), None, ["input", "sources", "0", "ownFactor"], None),
    (("as_of",), 7, ["input", "items", "7", "asOf"], 7),
    ((), 0, ["input", "items", "0"], 0),
    (("items",), None, ["input", "items"], None),
    # of readings and bills, which are items of one command
    (("items", "3", "first_day"), None, ["input", "items", "3", "firstDay"], 3),
    (("items", "3", "first_day"), 3, ["input", "items", "3", "firstDay"], 3),
    # the schema's own, and what was kept before December 2026
    (("input", "retiredOn"), None, ["input", "retiredOn"], None),
    (("input", "retiredOn"), 4, ["input", "items", "4", "retiredOn"], 4),
    (("input", "items", "2", "retiredOn"), None, ["input", "items", "2", "retiredOn"], 2),
    (("input", "items", "2", "retiredOn"), 5, ["input", "items", "5", "retiredOn"], 5),
    (("input", "items"), None, ["input", "items"], None),
]


@pytest.mark.parametrize(("path", "item", "told", "number"), CASES)
def test_where_it_is(
    path: tuple[str, ...], item: int | None, told: list[str], number: int | None
) -> None:
    assert path_of(path, item) == told
    assert item_of(path, item) == number
