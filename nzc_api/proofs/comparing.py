"""What of the tree is not as it follows from the entries. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import dropwhile

from nzc_api.proofs.model import Checkpoint, KeptEntry, SaltedEntry, TreeHead
from nzc_api.proofs.notes import Malformed, Verifier
from nzc_api.proofs.stored import FAN, STRIDE, hashes_of, missing
from nzc_api.proofs.tree import LeafRange, Subtree, root_of
from nzc_api.refusal import LocalizedText


class Law(Enum):
    """What must hold of the tree."""

    ENTRY_IS_THERE = LocalizedText("树中的每条日志都在", "each entry of the tree is there")
    LEAF_IS_THERE = LocalizedText(
        "树中的叶及其盐都在", "each leaf of the tree is there, with its salt"
    )
    ENTRY_IS_AS_COMMITTED = LocalizedText(
        "每条日志与树中所承诺的相符", "each entry is what was committed to"
    )
    NODE_FOLLOWS = LocalizedText("树的节点由其子节点得出", "nodes follow from their children")
    CHECKPOINT_IS_OF_THE_TREE = LocalizedText("检查点与树相符", "checkpoints are of the tree")
    CHECKPOINT_IS_SIGNED = LocalizedText(
        "检查点自首次签名起均有签名", "checkpoints are signed, once one is"
    )
    COSIGNATURE_HOLDS = LocalizedText(
        "见证方的联署与检查点相符", "what witnesses signed is of the checkpoint"
    )
    KEPT_CHECKPOINT_HOLDS = LocalizedText(
        "日志以所存检查点承诺的内容开头",
        "the log begins with what the kept checkpoint committed to",
    )


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that does not hold, and where: `position=7`, `size=9`, or a node's height and number."""

    law: Law
    where: str


def flaws_of_entries(kept: Sequence[KeptEntry]) -> Iterator[Flaw]:
    """What is wrong with entries and their leaves."""
    for one in kept:
        where = f"position={one.position}"
        if one.entry is None:
            yield Flaw(Law.ENTRY_IS_THERE, where)
        if one.salt is None or one.leaf_hash is None:
            yield Flaw(Law.LEAF_IS_THERE, where)
        elif one.entry is not None and SaltedEntry(one.entry, one.salt).hash != one.leaf_hash:
            yield Flaw(Law.ENTRY_IS_AS_COMMITTED, where)


def flaws_of_nodes(parents: Iterable[Subtree], nodes: Mapping[Subtree, bytes]) -> Iterator[Flaw]:
    """Which of these nodes are not there, or are not the hash of their children."""
    for parent in parents:
        first = parent.number * FAN
        below = [nodes.get(Subtree(parent.height - STRIDE, first + n)) for n in range(FAN)]
        children = [child for child in below if child is not None]
        if len(children) < FAN or nodes.get(parent) != root_of(children):
            yield Flaw(Law.NODE_FOLLOWS, f"height={parent.height} index={parent.number}")


def flaws_of_checkpoints(
    checkpoints: Sequence[Checkpoint], nodes: Mapping[Subtree, bytes]
) -> Iterator[Flaw]:
    """Which checkpoints are not of the tree."""
    for checkpoint in checkpoints:
        whole = [LeafRange(0, checkpoint.size)]
        if (
            missing(whole, nodes)
            or hashes_of(whole, nodes) != [checkpoint.root]
            or not _says_so(checkpoint)
        ):
            yield Flaw(Law.CHECKPOINT_IS_OF_THE_TREE, f"size={checkpoint.size}")


def flaws_of_cosignatures(checkpoints: Sequence[Checkpoint]) -> Iterator[Flaw]:
    """Which cosignatures are not of their checkpoints."""
    for checkpoint in checkpoints:
        text = checkpoint.note.partition("\n\n")[0] + "\n"
        for one in checkpoint.cosignatures:
            if not one.holds(text):
                where = f"size={checkpoint.size} witness={one.witness.name}"
                yield Flaw(Law.COSIGNATURE_HOLDS, where)


def flaws_of_signatures(
    checkpoints: Sequence[Checkpoint], verifier: Verifier, *, signed: bool
) -> Iterator[Flaw]:
    """Which checkpoints, in their order, the verifier's key did not sign, of those from the first on that it did;
    ``signed``: it has signed one before these."""
    since = dropwhile(lambda one: not signed and not is_signed_by(one, verifier), checkpoints)
    for checkpoint in since:
        if not is_signed_by(checkpoint, verifier):
            yield Flaw(Law.CHECKPOINT_IS_SIGNED, f"size={checkpoint.size}")


def is_signed_by(checkpoint: Checkpoint, verifier: Verifier) -> bool:
    """Whether the verifier's key signed it, and nobody changed it since."""
    try:
        return verifier.verifies(checkpoint.note)
    except Malformed:
        return False


def _says_so(checkpoint: Checkpoint) -> bool:
    try:
        said = TreeHead.read(checkpoint.note)
    except Malformed:
        return False
    return (said.size, said.root) == (checkpoint.size, checkpoint.root)
