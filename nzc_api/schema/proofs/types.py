"""Checkpoints and proofs, as GraphQL."""

import base64
from datetime import datetime

import strawberry

from nzc_api.feed.audiences import opens
from nzc_api.proofs import model as domain
from nzc_api.proofs.cosignatures import Cosignature
from nzc_api.proofs.leaf import Opening as DomainOpening
from nzc_api.proofs.leaf import openings
from nzc_api.proofs.witnesses import MOST_WITNESSES
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.scalars import BigInt

# Of a tree with 2^62 leaves; a consistency proof has one more.
MOST_HASHES = 63

# An entry says no more than so many facts.
MOST_FACTS = 50

IN_BASE64 = "in base64"


@strawberry.type(
    description="That a witness saw a checkpoint, and that all it saw of the log before is the beginning of it "
    "(c2sp.org/tlog-cosignature)."
)
class LogCosignature:
    domain: strawberry.Private[Cosignature]

    witness = attribute(str, "witness.name", "The name of the witness.")
    at = attribute(datetime, "at", "When it signed, by its own clock.")

    @strawberry.field(
        description="Its verifier key, as NZC's operator set it: whoever trusts the witness has the key from there."
    )
    def verifier_key(self) -> str:
        return str(self.domain.witness)


@strawberry.type(
    description="What the log committed to: the root of the Merkle tree (RFC 6962, SHA-256) over its first entries."
)
class LogCheckpoint:
    domain: strawberry.Private[domain.Checkpoint]

    size = attribute(BigInt, "size", "Over how many entries: those of the positions 1 to this one.")
    at = attribute(datetime, "at", "The time of the last of them.")
    note = attribute(
        str,
        "cosigned_note",
        "The checkpoint itself, as `/log/checkpoint` serves it: a signed note (c2sp.org/tlog-checkpoint), with a line "
        "of each witness that cosigned it. Keep it: no later one may contradict it.",
    )
    is_signed = attribute(
        bool, "is_signed", "Whether it is signed; it is not where the operator has made no key."
    )

    @strawberry.field(description=f"The root, {IN_BASE64}.")
    def root(self) -> str:
        return _encoded(self.domain.root)

    @short_list("Which witnesses cosigned it, those that did so first.", MOST_WITNESSES)
    def cosignatures(self) -> list[LogCosignature]:
        return [LogCosignature(domain=one) for one in self.domain.cosignatures]


@strawberry.type(
    description="What opens one of a leaf's commitments, which is SHA-256 of the salt's bytes and of the JSON array of "
    "name and value, as docs/proofs.md has it."
)
class FactOpening:
    domain: strawberry.Private[DomainOpening]

    name = attribute(str, "name", "The fact: `subject`, `api_key`, or `body.` and its name.")
    value = attribute(str, "value", "Its value, as canonical JSON (RFC 8785).")

    @strawberry.field(description=f"The salt, {IN_BASE64}.")
    def salt(self) -> str:
        return _encoded(self.domain.salt)


@strawberry.type(
    description="That an entry is in the log: from its leaf the path leads to the root (RFC 9162, 2.1.3.2). The leaf's "
    "number is its position less one."
)
class InclusionProof:
    domain: strawberry.Private[domain.InclusionProof]

    position = attribute(BigInt, "salted.entry.position", "The entry's position.")
    size = attribute(BigInt, "size", "The tree: over so many entries.")

    @strawberry.field(
        description="The leaf: the very bytes that are hashed, in UTF-8. In plain it has what the feed shows of the "
        "entry; of each other fact a salted commitment."
    )
    def leaf(self) -> str:
        return self.domain.salted.leaf.decode()

    @strawberry.field(description=f"The hash of the leaf, {IN_BASE64}.")
    def leaf_hash(self) -> str:
        return _encoded(self.domain.salted.hash)

    @short_list(f"The hashes from the leaf up to the root, {IN_BASE64}.", MOST_HASHES)
    def path(self) -> list[str]:
        return list(map(_encoded, self.domain.path))

    @strawberry.field(description=f"The root that they lead to, {IN_BASE64}.")
    def root(self) -> str:
        return _encoded(self.domain.root)

    @dear(
        "The checkpoint of this size; null where nobody committed to that one.",
        statements=1,
    )
    async def checkpoint(self, info: Info) -> LogCheckpoint | None:
        return await checkpoint_of(info, self.domain.size)

    @short_list(
        "What opens the commitments of the leaf, so that whoever has the log's word for a fact can show it to "
        "others. Null unless you made the entry, administer, or audit the ledger and what was handed in.",
        MOST_FACTS,
        statements=1,
    )
    async def openings(self, info: Info) -> list[FactOpening] | None:
        salted = self.domain.salted
        if not opens(await info.context.principal(), salted.entry):
            return None
        return [FactOpening(domain=found) for found in openings(salted.entry, salted.salt)]


@strawberry.type(
    description="That the log only grew from one size to another: the earlier entries are the beginning of the later "
    "ones (RFC 9162, 2.1.4.2)."
)
class ConsistencyProof:
    domain: strawberry.Private[domain.ConsistencyProof]

    from_size = attribute(BigInt, "old", "The earlier size.")
    to_size = attribute(BigInt, "new", "The later size.")

    @strawberry.field(description=f"The root of the earlier tree, {IN_BASE64}.")
    def from_root(self) -> str:
        return _encoded(self.domain.old_root)

    @strawberry.field(description=f"The root of the later tree, {IN_BASE64}.")
    def to_root(self) -> str:
        return _encoded(self.domain.new_root)

    @short_list(f"The hashes of the proof, {IN_BASE64}.", MOST_HASHES + 1)
    def path(self) -> list[str]:
        return list(map(_encoded, self.domain.path))


async def checkpoint_of(info: Info, size: int | None) -> LogCheckpoint | None:
    """The checkpoint of a size, or the latest."""
    proofs = info.context.services.proofs
    found = await (proofs.latest() if size is None else proofs.checkpoint(size))
    return None if found is None else LogCheckpoint(domain=found)


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()
