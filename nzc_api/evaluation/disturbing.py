"""Which entries of the log changed numbers: by comparing them before and after. Pure, but for asking for them.

No kind of entry is said to change numbers, or not to: where they differ between two positions, it is looked between
these in 16 steps at a time, so that a million entries take six rounds. What was changed and changed back disturbs
nothing: the numbers stand as they stood.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from itertools import pairwise
from typing import Final

from nzc_api.ids import Position

# What is named at most; whoever puts these right asks again.
MOST_NAMED: Final = 10

_PIECES = 16

# What numbers were as of each of some positions.
Asked = Callable[[Sequence[Position]], Awaitable[Sequence[Hashable]]]
Span = tuple[Position, Position]


async def changed_by(asked: Asked, first: Position, last: Position) -> list[Position]:
    """The first positions after ``first``, to ``last``, whose entries changed them; at most ``MOST_NAMED``."""
    spans = await _differing(asked, [(first, last)] if first < last else [])
    while any(last - first > 1 for first, last in spans):
        pieces = [piece for span in spans for piece in _pieces(*span)]
        spans = (await _differing(asked, pieces))[:MOST_NAMED]
    return [last for _, last in spans]


async def _differing(asked: Asked, spans: Sequence[Span]) -> list[Span]:
    """The spans before and after which numbers differ."""
    positions = sorted({position for span in spans for position in span})
    then = dict(zip(positions, await asked(positions) if positions else (), strict=True))
    return [(first, last) for first, last in spans if then[first] != then[last]]


def _pieces(first: Position, last: Position) -> Iterable[Span]:
    """A span in pieces as even as whole ones can be."""
    count = min(_PIECES, last - first)
    return pairwise(
        Position(first + (last - first) * number // count) for number in range(count + 1)
    )
