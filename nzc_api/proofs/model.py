"""What is proven: checkpoints, and proofs. Pure."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nzc_api.ids import Position
from nzc_api.log.model import Entry, Head
from nzc_api.proofs.cosignatures import Cosignature
from nzc_api.proofs.leaf import leaf_of
from nzc_api.proofs.notes import Malformed, Signer, parts_of
from nzc_api.proofs.tree import HASH_SIZE, leaf_hash

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


def origin_of(head: Head) -> str:
    """What a log is called in its checkpoints: one that was adopted is another one."""
    return f"nzc/{head.name}"


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The first ``size`` entries of the log of an ``origin``, as one hash."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """As it is signed (c2sp.org/tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, note: str) -> "TreeHead":
        """The head that a checkpoint is about, whoever signed it; raises ``Malformed``."""
        lines = parts_of(note)[0].split("\n")
        try:
            origin, size, root = lines[0], _NUMBER.fullmatch(lines[1]), base64.b64decode(lines[2])
        except (IndexError, binascii.Error) as error:
            raise Malformed(note) from error
        if not origin or size is None or len(root) != HASH_SIZE:
            raise Malformed(note)
        head = cls(origin, int(size[0]), root)
        if head.text != "\n".join(lines):
            raise Malformed(note)
        return head


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log committed to: the hash over its first ``size`` entries, and the log's own note that says so; without
    a key nobody signed it. ``cosignatures``: what witnesses signed of it."""

    size: int
    root: bytes
    at: datetime
    note: str
    cosignatures: Sequence[Cosignature] = ()

    @property
    def is_signed(self) -> bool:
        return bool(parts_of(self.note)[1])

    @property
    def cosigned_note(self) -> str:
        """The note with the lines of witnesses after the log's own."""
        return self.note + "".join(one.line for one in self.cosignatures)


@dataclass(frozen=True, slots=True)
class SaltedEntry:
    """An entry, and the salt of its commitments."""

    entry: Entry
    salt: bytes

    @property
    def leaf(self) -> bytes:
        return leaf_of(self.entry, self.salt)

    @property
    def hash(self) -> bytes:
        return leaf_hash(self.leaf)


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """What is there of a position; None for what is not."""

    position: Position
    entry: Entry | None
    salt: bytes | None
    leaf_hash: bytes | None


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an entry is among the first ``size``: hashes from its leaf up to the root."""

    salted: SaltedEntry
    size: int
    root: bytes
    path: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the first ``old`` entries are the beginning of the first ``new``."""

    old: int
    new: int
    old_root: bytes
    new_root: bytes
    path: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Evidence:
    """That some entries are in the log of an ``origin``, by one checkpoint; and who signs for it, where there is a
    key."""

    origin: str
    checkpoint: Checkpoint
    inclusions: Sequence[InclusionProof]
    signer: Signer | None
