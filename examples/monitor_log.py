#!/usr/bin/env python3
"""Verify that NZC's log only grew, and that all of it is as it was committed to. It lies beside `verify_log.py`, which
is read before it: checkpoints and the tree are explained there.

    monitor_log.py grew OLD.txt NEW.txt PROOF.json [--key VERIFIER] [--witness VERIFIER]…
    monitor_log.py mirror https://nzc.example/log [--since OLD.txt] [--key VERIFIER] [--witness VERIFIER]…

What is proven. `grew`: the newer of two checkpoints is of the entries of the older one, as they were, and of some more.
`mirror`: the log serves as many entries as its checkpoint says, and their tree has its root; with `--since`, it begins
with what an older checkpoint committed to. So nothing was changed, deleted or inserted since you kept that.

PROOF.json is the answer to `consistencyProof { fromSize toSize path }`. It ends with 0 where all holds.
"""

import argparse
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from verify_log import checkpoint_of, decoded, leaf_hash, left_of, loaded, node_hash, require, run, sha256

TILE = 256
PATIENCE_SECONDS = 60


def verify_grew(old: str, new: str, proof: Any, verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    _, old_size, old_root = checkpoint_of(old, verifier)
    _, size, root = checkpoint_of(new, verifier, witnesses)
    path = [] if old_size == size else [decoded(step) for step in proof["path"]]
    found = roots_by_consistency(old_size, size, old_root, path)
    require(found == (old_root, root), "the newer log does not begin with the older one")
    return f"The log of {size} entries begins with that of {old_size}."


def roots_by_consistency(old: int, new: int, old_root: bytes | None, path: list[bytes]) -> tuple[bytes, bytes]:
    """The older and the newer root that a consistency proof leads to (RFC 6962, 2.1.2). The older one is known
    beforehand as far as the older tree begins the newer one; further right, the path begins with what it says of it."""
    require(0 < old <= new, "a proof goes from a tree that is not empty to a larger one")
    if old == new:
        found = path if old_root is None else [old_root, *path]
        require(len(found) == 1, "the proof is too short, or too long")
        return found[0], found[0]
    require(path, "the proof is too short")
    *rest, other = path
    left = left_of(new)
    if old <= left:
        before, after = roots_by_consistency(old, left, old_root, rest)
        return before, node_hash(after, other)
    before, after = roots_by_consistency(old - left, new - left, None, rest)
    return node_hash(other, before), node_hash(other, after)


def verify_mirror(address: str, verifier: str | None, since: str | None, witnesses: Sequence[str]) -> str:
    _, size, root = checkpoint_of(
        fetch(f"{address}/checkpoint{'/cosigned' if witnesses else ''}").decode(), verifier, witnesses
    )
    hashes = [leaf_hash(leaf) for leaf in leaves(address, size)]
    require(root_of(hashes) == root, "the entries are not those of the checkpoint")
    if since is not None:
        _, old_size, old_root = checkpoint_of(since, verifier)
        begins = old_size <= size and root_of(hashes[:old_size]) == old_root
        require(begins, "the log does not begin with what the older checkpoint committed to")
    return f"All {size} entries are those of the checkpoint."


def root_of(hashes: list[bytes]) -> bytes:
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    left = left_of(len(hashes))
    return node_hash(root_of(hashes[:left]), root_of(hashes[left:]))


def leaves(address: str, size: int) -> Iterator[bytes]:
    """The leaves of the first entries, tile by tile (c2sp.org/tlog-tiles): each after its length, in two bytes."""
    for number in range((size + TILE - 1) // TILE):
        width = min(size - number * TILE, TILE)
        tile = fetch(f"{address}/tile/entries/{path_of(number)}{'' if width == TILE else f'.p/{width}'}")
        while tile:
            length = int.from_bytes(tile[:2])
            yield tile[2 : 2 + length]
            tile = tile[2 + length :]


def path_of(number: int) -> str:
    """A number in groups of three digits, all but the last with an x before them: x001/x234/067."""
    *above, last = [f"{int(group):03}" for group in f"{number:,}".split(",")]
    return "".join(f"x{group}/" for group in above) + last


def fetch(address: str) -> bytes:
    require(address.startswith(("http://", "https://")), "an address begins with https://")
    with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


def verify_given(given: argparse.Namespace) -> str:
    if given.what == "grew":
        old, new, proof = (Path(name).read_text("utf-8") for name in given.given)
        return verify_grew(old, new, loaded(proof), given.key, given.witness)
    (address,) = given.given
    since = given.since and given.since.read_text("utf-8")
    return verify_mirror(address.rstrip("/"), given.key, since, given.witness)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Verify that NZC's log only grew, and that all of it is there.")
    arguments.add_argument("what", choices=("grew", "mirror"))
    arguments.add_argument("given", nargs="+", help="OLD.txt NEW.txt PROOF.json, or an address")
    arguments.add_argument("--since", type=Path, help="an older checkpoint")
    sys.exit(run(arguments, verify_given))
