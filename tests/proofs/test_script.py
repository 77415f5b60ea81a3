"""The scripts that are handed out take the tree from its definition, NZC's own verifier from the algorithm of RFC 9162:
of every proof, and of every one that was altered, they say the same."""

from collections.abc import Callable, Iterator
from typing import Any

import monitor_log
import verify_log

from nzc_api.proofs.tree import (
    LeafRange,
    consistency_path,
    consistent,
    included,
    inclusion_path,
    leaf_hash,
    root_of,
)

MOST = 40
LEAVES = [leaf_hash(bytes([number])) for number in range(MOST)]
ROOTS = [root_of(LEAVES[:size]) for size in range(MOST + 1)]


def steps(path: list[LeafRange]) -> list[bytes]:
    return [root_of(LEAVES[part.first : part.end]) for part in path]


def altered(path: list[bytes]) -> Iterator[list[bytes]]:
    yield from (path, path[1:], path[:-1], path[::-1], [*path, LEAVES[0]], [LEAVES[1], *path])


def holds(verify: Callable[..., Any], expected: Any, *given: Any) -> bool:
    try:
        return bool(verify(*given) == expected)
    except verify_log.Wrong:
        return False


def test_roots_are_the_same() -> None:
    assert [monitor_log.root_of(LEAVES[:size]) for size in range(MOST + 1)] == ROOTS


def test_both_believe_the_same_inclusions() -> None:
    for size in range(1, MOST + 1):
        for number in range(size):
            for path in altered(steps(inclusion_path(number, size))):
                given = LEAVES[number], number, size, path
                believed = holds(verify_log.root_by_inclusion, ROOTS[size], *given)
                assert believed == included(*given, ROOTS[size]), given


def test_both_believe_the_same_growth() -> None:
    for new in range(2, MOST + 1):
        for old in range(1, new):
            for path in altered(steps(consistency_path(old, new))):
                ends = ROOTS[old], ROOTS[new]
                believed = holds(monitor_log.roots_by_consistency, ends, old, new, ROOTS[old], path)
                assert believed == consistent(old, new, *ends, path), (old, new, path)
