"""The Merkle tree of RFC 6962 and RFC 9162, over SHA-256: hashes, what a proof consists of, and verifying one. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from hashlib import sha256
from typing import NamedTuple

EMPTY_ROOT = sha256(b"").digest()

HASH_SIZE = 32


class Subtree(NamedTuple):
    """A whole subtree: 2^``height`` leaves, the ``number``-th of that height, from 0."""

    height: int
    number: int


class LeafRange(NamedTuple):
    """Leaves from ``first`` to before ``end``; of those that proofs consist of, ``first`` is such that a tree of
    them has the hash of a node."""

    first: int
    end: int


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf, from its bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node, from those of what is beneath."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root of a tree, from the hashes of its leaves."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        pairs = [node_hash(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def subtrees(leaves: LeafRange) -> Iterator[Subtree]:
    """The fewest whole subtrees that leaves consist of, from the left: the larger ones first."""
    first, end = leaves
    while first < end:
        height = (end - first).bit_length() - 1
        yield Subtree(height, first >> height)
        first += 1 << height


def range_hash(leaves: LeafRange, hashes: Mapping[Subtree, bytes]) -> bytes:
    """The hash over leaves, from those of the whole subtrees that they consist of."""
    parts = [hashes[subtree] for subtree in subtrees(leaves)]
    if not parts:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(parts))


def inclusion_path(number: int, size: int) -> list[LeafRange]:
    """What an inclusion proof of the ``number``-th leaf (from 0) in a tree consists of, from the leaf up."""
    assert 0 <= number < size
    found = []
    first, end = 0, size
    while end - first > 1:
        middle = _middle(first, end)
        if number < middle:
            found.append(LeafRange(middle, end))
            end = middle
        else:
            found.append(LeafRange(first, middle))
            first = middle
    return found[::-1]


def consistency_path(old: int, new: int) -> list[LeafRange]:
    """What a consistency proof between trees of two sizes consists of, in its order; nothing where the sizes are
    equal, or the older tree is empty."""
    assert 0 <= old <= new
    if old in {0, new}:
        return []
    found = []
    first, end = 0, new
    while end != old:
        middle = _middle(first, end)
        if old <= middle:
            found.append(LeafRange(middle, end))
            end = middle
        else:
            found.append(LeafRange(first, middle))
            first = middle
    # The verifier knows the old root itself.
    own = [LeafRange(first, end)] if first else []
    return own + found[::-1]


def included(leaf: bytes, number: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof holds that a leaf's hash is the ``number``-th of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size:
        return False
    last, found = size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(step, found)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, step)
        number, last = number >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the proof holds that the older tree is the beginning of the newer one (RFC 9162, 2.1.4.2)."""
    if old == new:
        return old >= 0 and not path and old_root == new_root
    if not 0 < old < new:
        return old == 0 < new and not path and old_root == EMPTY_ROOT
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            after = node_hash(after, step)
        number, last = number >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _middle(first: int, end: int) -> int:
    """Where a tree over leaves parts: at the largest power of two that is smaller than their number."""
    return first + (1 << (end - first - 1).bit_length() - 1)
