"""What came of checking a certificate's file, for people. Pure."""

from collections.abc import Iterator, Sequence

from nzc_api.proofs.cosignatures import Cosignature
from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.model import STATUS_WORDS, CertificateStatus
from nzc_api.retirement_certificates.verifying import VerifiedCertificate


def lines_of(found: VerifiedCertificate, *, pinned: bool) -> Iterator[LocalizedText]:
    """What holds, and how far that goes. ``pinned``: the key was given by who checks."""
    status, size = STATUS_WORDS[CertificateStatus(found.status)], found.checkpoint_size
    yield LocalizedText(
        f"✓ {found.number}截至位置{found.as_of}：{status.zh}，注销{found.quantity} t，其中有效{found.in_force} t；"
        f"由{size}条日志的检查点证明。此后如何，见其网页。",
        f"✓ {found.number} as of position {found.as_of}: {status.en}, {found.quantity} t retired, {found.in_force} t "
        f"in force; proven by the checkpoint over {size} entries. What became of it since, its page says.",
    )
    if found.unlogged_serials:
        named = ", ".join(map(str, found.unlogged_serials))
        yield LocalizedText(
            f"  位置{named}的日志没有写明序列号：这些序列号只由签名担保，未经日志证明。",
            f"  The entries at {named} name no serials: these are not proven by the log; the signature alone speaks "
            "for them.",
        )
    if found.unlogged_production:
        named = ", ".join(map(str, found.unlogged_production))
        yield LocalizedText(
            f"  位置{named}的日志没有写明年份和产生期：这些只由签名担保，未经日志证明。",
            f"  The entries at {named} say no vintage and no days of production: these are not proven by the log; the "
            "signature alone speaks for them.",
        )
    yield from vouched(found.key, found.cosigned, pinned=pinned)


def vouched(
    key: str | None, cosigned: Sequence[Cosignature], *, pinned: bool
) -> Iterator[LocalizedText]:
    """Who stands for what a file says: the witnesses that were asked for, and whose key signed it."""
    for one in cosigned:
        yield LocalizedText(
            f"  见证方{one.witness.name}于{one.at:%Y-%m-%d %H:%M:%S}（UTC）联署了该检查点。",
            f"  The witness {one.witness.name} cosigned the checkpoint at {one.at:%Y-%m-%d %H:%M:%S} UTC.",
        )
    if key is None:
        yield LocalizedText(
            "  没有签名：此日志没有密钥，任何人都写得出这样的文件。",
            "  It is not signed: the log has no key, and anybody could write such a file.",
        )
    elif pinned:
        yield LocalizedText(f"  由所给的密钥签名：{key}", f"  Signed by the given key: {key}")
    else:
        yield LocalizedText(
            f"  由文件自己所写的密钥签名：{key}。请与运维方公布的密钥比较，或以--key给出。",
            f"  Signed by the key that the file names itself: {key}. Compare it with the one that the operator "
            "publishes, or give that as --key.",
        )
