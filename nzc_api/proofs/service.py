"""Proving what the log says: the tree grows after the log, and whoever asks gets checkpoints and proofs."""

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.ids import Position
from nzc_api.log import store as log_store
from nzc_api.log.model import Entry, Head
from nzc_api.log.service import Log
from nzc_api.proofs import store
from nzc_api.proofs.errors import TreeBroken
from nzc_api.proofs.leaf import SALT_BYTES
from nzc_api.proofs.model import (
    Checkpoint,
    ConsistencyProof,
    Evidence,
    InclusionProof,
    SaltedEntry,
    TreeHead,
    origin_of,
)
from nzc_api.proofs.notes import Signer
from nzc_api.proofs.rules import check_order, check_position, check_size
from nzc_api.proofs.stored import NodeSpan, grown, hashes_of, missing, spans_of
from nzc_api.proofs.tiles import Tile, bundle_of
from nzc_api.proofs.tree import (
    EMPTY_ROOT,
    LeafRange,
    Subtree,
    consistency_path,
    inclusion_path,
)
from nzc_api.refusal import refuse

logger = logging.getLogger(__name__)

# How soon after an entry its leaf is in the tree.
GROW_SECONDS = 1

# How many entries get their leaves in one transaction.
ENTRIES_AT_ONCE = 1_000


class ProofService:
    """The log's tree. With a ``key`` its checkpoints are signed."""

    def __init__(self, log: Log, key: Ed25519PrivateKey | None = None) -> None:
        self._log = log
        self._key = key
        # Whether the tree was not what was committed to, at the last look.
        self.broken = False

    async def grow(self) -> int:
        """Give leaves to the entries that have none, and commit to each thousand of them: to how many. None where
        another process does."""
        done = 0
        try:
            while await self._is_behind() and (number := await self._grow_once()):
                done += number
        except TreeBroken as error:
            if not self.broken:
                logger.error("log_tree_broken", extra={"reason": error.message.en})  # noqa: TRY400
            self.broken = True
        else:
            self.broken = False
        return done

    async def latest(self) -> Checkpoint | None:
        """What was committed to last; None where nothing was yet."""
        async with self._log.database.read() as connection:
            return await store.read_latest(connection)

    async def latest_cosigned(self) -> Checkpoint | None:
        """What was committed to last that a witness cosigned; None where none did."""
        async with self._log.database.read() as connection:
            return await store.read_latest_cosigned(connection)

    async def checkpoint(self, size: int) -> Checkpoint | None:
        """What was committed to at a size, if anything was."""
        async with self._log.database.read() as connection:
            return await store.read_checkpoint(connection, size)

    async def inclusion(self, position: Position, size: int | None) -> InclusionProof:
        """That an entry is among the first ``size``, or among those of the latest checkpoint."""
        async with self._log.database.read() as connection:
            latest = await _size(connection)
            size = latest if size is None else size
            refuse(check_size(size, latest, "size"))
            refuse(check_position(position, size))
            salted = await store.read_salted(connection, position, position)
            if not salted:
                raise TreeBroken
            ranges = [LeafRange(0, size), *inclusion_path(position - 1, size)]
            root, *path = await _hashes(connection, ranges)
        return InclusionProof(salted=salted[0], size=size, root=root, path=path)

    async def evidence(self, positions: Sequence[Position], as_of: Position) -> Evidence | None:
        """That the entries of positions up to ``as_of`` are in the log, by the first checkpoint over that which a
        witness cosigned, or else the first; None where there is none yet. Of one position it is the same each time,
        once its witnesses have signed."""
        async with self._log.database.read() as connection:
            checkpoint = await store.read_covering(connection, as_of)
            if checkpoint is None:
                return None
            head = await self._log.head_by(connection)
            salted = await store.read_salted_at(connection, positions)
            size = checkpoint.size
            paths = [inclusion_path(one.entry.position - 1, size) for one in salted]
            nodes = await _read_nodes(connection, list({each for path in paths for each in path}))
        if [one.entry.position for one in salted] != list(positions):
            raise TreeBroken
        origin = origin_of(head)
        signer = None if self._key is None else Signer(origin, self._key)
        proven = [
            InclusionProof(salted=one, size=size, root=checkpoint.root, path=hashes_of(path, nodes))
            for one, path in zip(salted, paths, strict=True)
        ]
        return Evidence(origin=origin, checkpoint=checkpoint, inclusions=proven, signer=signer)

    async def consistency(self, old: int, new: int | None) -> ConsistencyProof:
        """That the first ``old`` entries are the beginning of the first ``new``, or of those of the latest
        checkpoint."""
        async with self._log.database.read() as connection:
            latest = await _size(connection)
            new = latest if new is None else new
            refuse(check_size(old, latest, "from_size"))
            refuse(check_size(new, latest, "to_size"))
            refuse(check_order(old, new))
            ranges = [LeafRange(0, old), LeafRange(0, new), *consistency_path(old, new)]
            old_root, new_root, *path = await _hashes(connection, ranges)
        return ConsistencyProof(old=old, new=new, old_root=old_root, new_root=new_root, path=path)

    async def tile(self, tile: Tile) -> bytes | None:
        """The hashes, or the entries, of a tile; None where the tree does not have all of it."""
        async with self._log.database.read() as connection:
            if not tile.is_within(await _size(connection)):
                return None
            if tile.level is not None:
                return await _hashes_in(connection, tile)
            salted = await store.read_salted(connection, tile.first + 1, tile.end)
        if len(salted) != tile.width:
            raise TreeBroken
        return await asyncio.to_thread(lambda: bundle_of(one.leaf for one in salted))

    async def _is_behind(self) -> bool:
        async with self._log.database.read() as connection:
            return await store.is_behind(connection)

    async def _grow_once(self) -> int:
        async with self._log.database.write() as connection:
            if not await store.grows_alone(connection):
                return 0
            latest = await store.read_latest(connection)
            head = await self._log.head_by(connection)
            size = latest.size if latest else 0
            # What lies beyond the head is no entry, whoever wrote it there.
            most = max(min(ENTRIES_AT_ONCE, head.position - size), 0)
            entries = await log_store.read_entries(connection, size, most)
            if not entries:
                return 0
            nodes = await _read_nodes(connection, [LeafRange(0, size)])
            _check_follows(latest, nodes)
            salted, leaves = await asyncio.to_thread(_salted, entries)
            new = grown(size, nodes, leaves)
            await store.grow(connection, salted, new)
            committed = self._committed(head, entries, nodes | new)
            await store.insert_checkpoint(connection, committed)
        return len(entries)

    def _committed(
        self, head: Head, entries: Sequence[Entry], nodes: Mapping[Subtree, bytes]
    ) -> Checkpoint:
        """The checkpoint of all up to the last of these entries."""
        last = entries[-1]
        (root,) = hashes_of([LeafRange(0, last.position)], nodes)
        said = TreeHead(origin_of(head), last.position, root)
        note = said.text if self._key is None else Signer(said.origin, self._key).sign(said.text)
        return Checkpoint(size=said.size, root=root, at=last.at, note=note)


def _check_follows(latest: Checkpoint | None, nodes: Mapping[Subtree, bytes]) -> None:
    """Raise ``TreeBroken`` where the tree is not what was committed to: nothing that contradicts that is signed."""
    size, root = (latest.size, latest.root) if latest else (0, EMPTY_ROOT)
    if hashes_of([LeafRange(0, size)], nodes) != [root]:
        raise TreeBroken


def _salted(entries: Sequence[Entry]) -> tuple[list[SaltedEntry], list[bytes]]:
    """Entries with new salts, and the hashes of their leaves."""
    salted = [SaltedEntry(entry, secrets.token_bytes(SALT_BYTES)) for entry in entries]
    return salted, [one.hash for one in salted]


async def _size(connection: AsyncConnection) -> int:
    latest = await store.read_latest(connection)
    return latest.size if latest else 0


async def _hashes(connection: AsyncConnection, ranges: Sequence[LeafRange]) -> list[bytes]:
    return hashes_of(ranges, await _read_nodes(connection, ranges))


async def _hashes_in(connection: AsyncConnection, tile: Tile) -> bytes:
    nodes = await store.read_nodes(connection, [NodeSpan(tile.height, tile.first, tile.end)])
    if len(nodes) != tile.width:
        raise TreeBroken
    return b"".join(nodes[node] for node in sorted(nodes))


async def _read_nodes(
    connection: AsyncConnection, ranges: Sequence[LeafRange]
) -> dict[Subtree, bytes]:
    """The nodes that hashes over leaves are made of. Raises ``TreeBroken`` where some are not there."""
    nodes = await store.read_nodes(connection, spans_of(ranges))
    if missing(ranges, nodes):
        raise TreeBroken
    return nodes
