"""How parts of the tree are called as static files (c2sp.org/tlog-tiles). Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

# A tile has the hashes of so many nodes, and a bundle so many entries.
WIDTH = 256
TILE_HEIGHT = 8

# What stands for the level of a bundle of entries.
ENTRIES = "entries"

# A larger level has no tile in a log of 2^62 entries.
_LAST_LEVEL = 63

_GROUP = "000"

_PATH = re.compile(
    r"(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class Tile(NamedTuple):
    """The ``number``-th run of 256 nodes of a ``level``, as far as it is ``width`` wide; of entries where the level is
    None."""

    level: int | None
    number: int
    width: int

    @property
    def height(self) -> int:
        """The height of its nodes."""
        return TILE_HEIGHT * (self.level or 0)

    @property
    def first(self) -> int:
        return self.number * WIDTH

    @property
    def end(self) -> int:
        return self.first + self.width

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    def is_within(self, size: int) -> bool:
        """Whether a tree of a size has all of it."""
        return self.end <= size >> self.height


def tile_of(path: str) -> Tile | None:
    """The tile at a path, as it follows `tile/`; None where a path is not written so."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    index = found["index"].replace("x", "").replace("/", "")
    # Leading groups of zeros would be a second name.
    if len(index) > len(_GROUP) and index.startswith(_GROUP):
        return None
    level = None if found["level"] == ENTRIES else int(found["level"])
    width = int(found["width"] or WIDTH)
    if (level or 0) > _LAST_LEVEL or (found["width"] and width >= WIDTH):
        return None
    return Tile(level, int(index), width)


def bundle_of(leaves: Iterable[bytes]) -> bytes:
    """Entries one after the other, each with its length before it, in two bytes."""
    return b"".join(len(leaf).to_bytes(2) + leaf for leaf in leaves)
