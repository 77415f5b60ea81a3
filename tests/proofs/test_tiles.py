"""Tiles are called as c2sp.org/tlog-tiles has it."""

import pytest

from nzc_api.proofs.tiles import WIDTH, Tile, bundle_of, tile_of


@pytest.mark.parametrize(
    ("path", "tile"),
    {
        "0/000": Tile(0, 0, WIDTH),
        "1/x001/x234/067": Tile(1, 1_234_067, WIDTH),
        "63/000.p/1": Tile(63, 0, 1),
        "0/x273/000.p/112": Tile(0, 273_000, 112),
        "2/255.p/255": Tile(2, 255, 255),
        "entries/x001/000": Tile(None, 1_000, WIDTH),
        "entries/003.p/7": Tile(None, 3, 7),
    }.items(),
)
def test_a_path_names_a_tile(path: str, tile: Tile) -> None:
    assert tile_of(path) == tile


@pytest.mark.parametrize(
    "path",
    ["", "0", "0/", "/0/000", "0/0", "0/00", "0/0000", "00/000", "01/000", "64/000", "-1/000", "a/000", "0/x000/001",
     "0/x001", "0/001/002", "0/x01/002", "0/000.p/0", "0/000.p/01", "0/000.p/256", "0/000.p/999", "0/000.p/", "0/000.p",
     "0/000/", "0/000.p/1/", "entry/000", "0/٣٣٣", "0/000\n", "0/../000", "0/" + "x001/" * 7 + "000"],
)  # fmt: skip
def test_whatever_else_there_is_names_none(path: str) -> None:
    assert tile_of(path) is None


def test_a_tile_is_there_once_the_tree_has_all_of_it() -> None:
    # The tree of the specification's example.
    size = 70_000
    there = [Tile(0, 272, 256), Tile(0, 273, 112), Tile(1, 0, 256), Tile(1, 1, 17), Tile(2, 0, 1), Tile(0, 273, 1),
             Tile(None, 273, 112)]  # fmt: skip
    beyond = [Tile(0, 273, 113), Tile(0, 273, 256), Tile(0, 274, 1), Tile(1, 1, 18), Tile(2, 0, 2), Tile(3, 0, 1),
              Tile(63, 0, 1), Tile(None, 273, 113)]  # fmt: skip
    assert all(tile.is_within(size) for tile in there)
    assert not any(tile.is_within(size) for tile in beyond)


def test_a_bundle_has_each_entry_with_its_length_before_it() -> None:
    assert bundle_of([b"", b"ab", b"c" * 300]) == b"\0\0\0\2ab\1\54" + b"c" * 300
