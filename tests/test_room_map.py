"""The picture of the rooms is what the imports are."""

from tools.room_map import PAGE, page_with_map, without_detours


def test_the_picture_is_drawn_from_the_imports() -> None:
    page = PAGE.read_text("utf-8")
    assert "schema --> evaluation" in page
    assert page_with_map(page) == page, "make map"


def test_an_arrow_that_follows_from_others_is_left_out() -> None:
    arrows = {"a": frozenset("bcd"), "b": frozenset("c"), "c": frozenset("d"), "d": frozenset("")}
    assert without_detours(arrows) == {
        "a": frozenset("b"),
        "b": frozenset("c"),
        "c": frozenset("d"),
        "d": frozenset(),
    }
