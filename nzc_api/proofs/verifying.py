"""Comparing the tree with the entries: whatever was changed, deleted or inserted by hand is found and named."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database
from nzc_api.proofs import store, verify_store
from nzc_api.proofs.comparing import (
    Flaw,
    Law,
    flaws_of_checkpoints,
    flaws_of_cosignatures,
    flaws_of_entries,
    flaws_of_nodes,
    flaws_of_signatures,
    is_signed_by,
)
from nzc_api.proofs.model import Checkpoint, KeptEntry, TreeHead
from nzc_api.proofs.notes import Verifier
from nzc_api.proofs.stored import FAN, STRIDE, NodeSpan, hashes_of, missing, spans_of
from nzc_api.proofs.tree import LeafRange, Subtree

# How many entries are compared together: a power of FAN, so that whole subtrees are.
TOGETHER = 4_096

# How many flaws are told.
MOST_FLAWS = 100

# No tree has nodes so high that are stored.
HIGHEST = 60

# Told of each slice: how many are done of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class VerifiedEntries:
    """What came of it: the entries that were compared, up to where the tree is, and what does not hold, the first
    ``MOST_FLAWS`` of it."""

    first: int
    last: int
    reach: int
    flaws: Sequence[Flaw]


@dataclass(frozen=True, slots=True)
class Held:
    """What it is held against besides: the key that signs, and a checkpoint that somebody kept."""

    verifier: Verifier | None = None
    kept: TreeHead | None = None


async def verify(
    database: Database,
    first: int = 1,
    last: int | None = None,
    held: Held = Held(),
    progress: Progress = lambda done, total: None,
) -> VerifiedEntries:
    """Compare the entries from one position to another, by default all, with the tree and its checkpoints, as of one
    moment. Entries that have no leaf yet are not compared."""
    async with database.snapshot() as connection:
        reach = await verify_store.read_reach(connection)
        end = reach if last is None else min(last, reach)
        flaws: list[Flaw] = []
        async with aclosing(_flaws(connection, LeafRange(first - 1, end), held, progress)) as found:
            async for flaw in found:
                flaws.append(flaw)
                if len(flaws) == MOST_FLAWS:
                    break
        if held.kept is not None and not await _holds(connection, held.kept):
            flaws.append(Flaw(Law.KEPT_CHECKPOINT_HOLDS, f"size={held.kept.size}"))
    return VerifiedEntries(first=first, last=end, reach=reach, flaws=flaws)


async def _flaws(
    connection: AsyncConnection, wanted: LeafRange, held: Held, progress: Progress
) -> AsyncGenerator[Flaw, None]:
    signed = False
    for start in range(wanted.first - wanted.first % TOGETHER, wanted.end, TOGETHER):
        progress(max(start - wanted.first, 0), wanted.end - wanted.first)
        after, end = max(start, wanted.first), min(start + TOGETHER, wanted.end)
        kept = await verify_store.read_kept(connection, after + 1, end)
        nodes = await store.read_nodes(connection, _spans(LeafRange(start, end)))
        committed = await verify_store.read_committed(connection, after, end)
        for flaw in await asyncio.to_thread(
            _compared, LeafRange(start, end), kept, nodes, committed
        ):
            yield flaw
        if held.verifier is not None:
            for flaw in flaws_of_signatures(committed, held.verifier, signed=signed):
                yield flaw
            signed = signed or any(is_signed_by(one, held.verifier) for one in committed)


def _compared(
    leaves: LeafRange,
    kept: Sequence[KeptEntry],
    nodes: Mapping[Subtree, bytes],
    committed: Sequence[Checkpoint],
) -> list[Flaw]:
    return [
        *flaws_of_entries(kept),
        *flaws_of_nodes(_completed(leaves), nodes),
        *flaws_of_checkpoints(committed, nodes),
        *flaws_of_cosignatures(committed),
    ]


def _completed(leaves: LeafRange) -> Iterator[Subtree]:
    """The stored nodes above leaves that are whole once these are there."""
    for height in range(STRIDE, HIGHEST + 1, STRIDE):
        for number in range(leaves.first >> height, leaves.end >> height):
            yield Subtree(height, number)


def _spans(leaves: LeafRange) -> Iterator[NodeSpan]:
    """The stored nodes over leaves, with the children of each, and those of all before."""
    yield from spans_of([LeafRange(0, leaves.first)])
    for height in range(0, HIGHEST + 1, STRIDE):
        first, end = leaves.first >> height, leaves.end >> height
        yield NodeSpan(height, first, end)
        if height:
            yield NodeSpan(height - STRIDE, first * FAN, end * FAN)


async def _holds(connection: AsyncConnection, kept: TreeHead) -> bool:
    """Whether the log begins with what a checkpoint committed to."""
    whole = [LeafRange(0, kept.size)]
    nodes = await store.read_nodes(connection, spans_of(whole))
    return not missing(whole, nodes) and hashes_of(whole, nodes) == [kept.root]
