"""Which nodes of the tree are stored: of every fourth height, so that a proof reads few, and few are written. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from nzc_api.proofs.tree import LeafRange, Subtree, range_hash, root_of, subtrees

# Nodes of the heights 0 (leaves), 4, 8, … are stored: a tile of 2^8 leaves has its own at every other of these.
STRIDE = 4
FAN = 1 << STRIDE


class NodeSpan(NamedTuple):
    """Stored nodes of one height: those from ``first`` to before ``end``."""

    height: int
    first: int
    end: int


def spans_of(ranges: Iterable[LeafRange]) -> list[NodeSpan]:
    """The stored nodes that hashes over leaves are made of."""
    return [_span(subtree) for leaves in ranges for subtree in subtrees(leaves)]


def hashes_of(ranges: Sequence[LeafRange], nodes: Mapping[Subtree, bytes]) -> list[bytes]:
    """The hash over each range of leaves, from the stored nodes that it is made of."""
    whole = {subtree: _hash(subtree, nodes) for leaves in ranges for subtree in subtrees(leaves)}
    return [range_hash(leaves, whole) for leaves in ranges]


def missing(ranges: Iterable[LeafRange], nodes: Mapping[Subtree, bytes]) -> bool:
    """Whether some stored node is not there that hashes over leaves are made of."""
    return any(
        Subtree(span.height, number) not in nodes
        for span in spans_of(ranges)
        for number in range(span.first, span.end)
    )


def grown(
    size: int, nodes: Mapping[Subtree, bytes], leaves: Sequence[bytes]
) -> dict[Subtree, bytes]:
    """The nodes to be stored where a tree of ``size`` leaves gets the hashes of more; ``nodes``: what the hash of all
    of it is made of."""
    new = {Subtree(0, size + number): leaf for number, leaf in enumerate(leaves)}
    found = dict(new)
    while new:
        hashes = {**nodes, **new}
        new = dict(_completed(new, hashes))
        found |= new
    return found


def _completed(
    new: Mapping[Subtree, bytes], hashes: Mapping[Subtree, bytes]
) -> Iterator[tuple[Subtree, bytes]]:
    """The nodes above whose last child is new."""
    for parent, nodes in groupby(
        new, lambda node: Subtree(node.height + STRIDE, node.number // FAN)
    ):
        if any(node.number % FAN == FAN - 1 for node in nodes):
            yield parent, _hash(parent, hashes, parent.height - STRIDE)


def _hash(subtree: Subtree, nodes: Mapping[Subtree, bytes], height: int | None = None) -> bytes:
    span = _span(subtree, height)
    return root_of([nodes[Subtree(span.height, index)] for index in range(span.first, span.end)])


def _span(subtree: Subtree, height: int | None = None) -> NodeSpan:
    """The stored nodes that a subtree is made of: the highest, or those of a ``height``."""
    stored = subtree.height - subtree.height % STRIDE if height is None else height
    by = subtree.height - stored
    return NodeSpan(stored, subtree.number << by, subtree.number + 1 << by)
