"""The tree is that of RFC 6962, and its proofs prove."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nzc_api.proofs.stored import STRIDE, grown, hashes_of, spans_of
from nzc_api.proofs.tree import (
    EMPTY_ROOT,
    LeafRange,
    Subtree,
    consistency_path,
    consistent,
    included,
    inclusion_path,
    leaf_hash,
    node_hash,
    range_hash,
    root_of,
)

# The leaves and roots that implementations of RFC 6962 are compared by.
PUBLISHED = {
    "": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "00": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "10": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "2021": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "3031": "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "40414243": "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "5051525354555657": "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "606162636465666768696a6b6c6d6e6f": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in PUBLISHED]

LARGEST = 700


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY_ROOT
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, word by word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """RFC 6962, 2.1.2, word by word."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


MANY = [leaf_hash(str(number).encode()) for number in range(LARGEST)]


def nodes_of(leaves: Sequence[bytes]) -> dict[Subtree, bytes]:
    """What is stored of a tree that got its leaves a few at a time, each time from what its hash is made of."""
    few = random.Random(len(leaves))
    nodes: dict[Subtree, bytes] = {}
    size = 0
    while size < len(leaves):
        new = leaves[size : size + few.randint(1, 60)]
        needed = {
            Subtree(span.height, number)
            for span in spans_of([LeafRange(0, size)])
            for number in range(span.first, span.end)
        }
        more = grown(size, {node: nodes[node] for node in needed}, new)
        assert not nodes.keys() & more.keys()
        nodes |= more
        size += len(new)
    return nodes


NODES = nodes_of(MANY)

sizes = st.integers(1, LARGEST)


@pytest.mark.parametrize("size", range(1, len(LEAVES) + 1))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == list(PUBLISHED.values())[size - 1]


def test_the_root_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == range_hash(LeafRange(5, 5), {})
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_nodes_are_stored_of_every_fourth_height_once_they_are_whole() -> None:
    assert NODES.keys() == {
        Subtree(height, number)
        for height in range(0, 12, STRIDE)
        for number in range(LARGEST >> height)
    }


@settings(max_examples=300, deadline=None)
@given(sizes, st.data())
def test_proofs_are_those_of_the_rfc_and_hold(size: int, data: st.DataObject) -> None:
    leaves = MANY[:size]
    number = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root, old_root = hashes_of([LeafRange(0, size), LeafRange(0, old)], NODES)
    assert (root, old_root) == (mth(leaves), mth(leaves[:old]))
    found = hashes_of(inclusion_path(number, size), NODES)
    assert found == path(number, leaves)
    assert included(leaves[number], number, size, found, root)
    found = hashes_of(consistency_path(old, size), NODES)
    assert found == subproof(old, leaves, True)
    assert consistent(old, size, old_root, root, found)


@settings(max_examples=200, deadline=None)
@given(sizes, st.data())
def test_an_inclusion_proof_proves_nothing_else(size: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, size - 1))
    root, *proof = hashes_of([LeafRange(0, size), *inclusion_path(number, size)], NODES)
    leaf = MANY[number]
    assert not included(flipped(leaf, data), number, size, proof, root)
    assert not included(leaf, number, size, proof, flipped(root, data))
    assert not included(leaf, number, size, [*proof, leaf], root)
    assert not included(leaf, size, size, proof, root)
    assert not included(leaf, -1, size, proof, root)
    other = data.draw(st.integers(0, size - 1))
    assert included(leaf, other, size, proof, root) is (other == number)
    if proof:
        step = data.draw(st.integers(0, len(proof) - 1))
        bad = [*proof[:step], flipped(proof[step], data), *proof[step + 1 :]]
        assert not included(leaf, number, size, bad, root)
        assert not included(leaf, number, size, proof[:-1], root)


@settings(max_examples=200, deadline=None)
@given(sizes, st.data())
def test_a_consistency_proof_proves_nothing_else(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    old_root, root, *proof = hashes_of(
        [LeafRange(0, old), LeafRange(0, size), *consistency_path(old, size)], NODES
    )
    assert not consistent(old, size, flipped(old_root, data), root, proof)
    assert not consistent(old, size, old_root, flipped(root, data), proof)
    assert not consistent(old, size, old_root, root, [*proof, root])
    assert not consistent(size + 1, size, old_root, root, proof)
    if proof:
        step = data.draw(st.integers(0, len(proof) - 1))
        bad = [*proof[:step], flipped(proof[step], data), *proof[step + 1 :]]
        assert not consistent(old, size, old_root, root, bad)
        assert not consistent(old, size, old_root, root, proof[:-1])


def test_all_bits_of_a_proof_count() -> None:
    root, *proof = hashes_of([LeafRange(0, 8), *inclusion_path(5, 8)], NODES)
    for step, found in enumerate(proof):
        for bit in range(len(found) * 8):
            number = int.from_bytes(found) ^ 1 << bit
            bad = [*proof[:step], number.to_bytes(len(found)), *proof[step + 1 :]]
            assert not included(MANY[5], 5, 8, bad, root)


def test_every_tree_begins_with_the_empty_one() -> None:
    root = mth(MANY)
    assert consistent(0, LARGEST, EMPTY_ROOT, root, [])
    assert not consistent(0, LARGEST, root, root, [])
    assert not consistent(0, LARGEST, EMPTY_ROOT, root, [root])
    assert consistency_path(0, LARGEST) == consistency_path(LARGEST, LARGEST) == []
    assert consistent(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not consistent(-1, LARGEST, EMPTY_ROOT, root, [])
    assert not consistent(3, LARGEST, mth(MANY[:3]), root, [])


def flipped(value: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    return (int.from_bytes(value) ^ 1 << bit).to_bytes(len(value))
