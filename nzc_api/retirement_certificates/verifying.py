"""Checking a certificate's file without database or network: nothing of it is believed that does not follow from the
log's checkpoint, or is signed by the log's key. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nzc_api.ids import Position
from nzc_api.ledger.reading.standing import WithdrawnReason
from nzc_api.proofs.cosignatures import (
    Cosignature,
    NotCosigned,
    WhyNotCosigned,
    cosignature_in,
)
from nzc_api.proofs.leaf import Opening, commitment
from nzc_api.proofs.model import TreeHead
from nzc_api.proofs.notes import Malformed, Verifier, decoded, parts_of
from nzc_api.proofs.tree import included, leaf_hash
from nzc_api.refusal import Failed
from nzc_api.retirement_certificates.adding_up import is_numbered, is_within, wrongs
from nzc_api.retirement_certificates.document import (
    FORM,
    FORM_VERIFIED,
    file_of,
    name_of,
    note_text,
)
from nzc_api.retirement_certificates.strict import MALFORMED, read, whole

# No file is longer: what a certificate has is bounded.
LONGEST_FILE = 16 * 1024 * 1024

NOT_COSIGNED = {
    WhyNotCosigned.ABSENT: (
        "检查点上没有见证方{0}的联署",
        "the checkpoint has no cosignature of the witness {0}",
    ),
    WhyNotCosigned.WRONG: (
        "见证方{0}的联署不属于该检查点，或被改动过",
        "the cosignature of the witness {0} is not of this checkpoint, or was changed",
    ),
    WhyNotCosigned.NO_TIME: (
        "见证方{0}的联署没有时间，因而没有说明它此前未见过更大的树",
        "the cosignature of the witness {0} says no time, so it does not say that the witness saw no larger tree",
    ),
}

# What is shown of a retirement, and the fact of its entry that says it; of a batch, likewise.
OF_RETIREMENT = {
    "quantity": "body.quantity",
    "programme": "body.programme",
    "retiredOn": "body.retired_on",
    "registryReference": "body.reference",
}
OF_BATCH = {"programme": "body.programme", "project": "body.project"}
OF_ENROLMENT = OF_BATCH | {"registration": "body.number"}
OF_PRODUCTION = {
    "vintage": "body.vintage",
    "producedFrom": "body.produced_from",
    "producedTo": "body.produced_to",
}
OF_VERIFICATION = {"verification": "body.verification", "labels": "body.labels"}
# What is in force no more is so by entries of which kinds; of a boundary, of several.
KINDS = {
    WithdrawnReason.CORRECTED: {"POSTING_CORRECTED"},
    WithdrawnReason.INVALIDATED: {"CREDITS_INVALIDATED", "BATCH_INVALIDATED"},
    WithdrawnReason.EXPORTED: {"BATCH_EXPORTED"},
}
OF_WHOM = {"pilot": "body.pilot", "accountingPeriod": "body.accounting_period"}


class NotVerified(Failed):
    """The file is not what the log says, or not what its key signed; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """What holds: the certificate's number, position and status; by whose key it is signed, None where by nobody;
    of which retirements the log's entries do not name the serials, and of which batches not the production, so that
    only the signature speaks for these; and what the witnesses that were asked for signed of the checkpoint."""

    number: str
    as_of: Position
    status: str
    quantity: int
    in_force: int
    checkpoint_size: int
    key: str | None
    unlogged_serials: Sequence[int]
    unlogged_production: Sequence[int]
    cosigned: Sequence[Cosignature]


def verify(
    content: bytes, key: Verifier | None = None, witnesses: Sequence[Verifier] = ()
) -> VerifiedCertificate:
    """Check a certificate's file, as the log of ``key`` signed it; without one, of the key that the file names itself;
    and that each of the ``witnesses`` cosigned its checkpoint. Raises ``NotVerified``."""
    document = _read(content)
    try:
        return _verified(document, key, witnesses)
    except MALFORMED as error:
        # Of what it should have something is missing, or is something else.
        raise NotVerified(
            "文件缺少证明应有的内容，或其形式不对",
            "something that a certificate has is missing, or is something else",
        ) from error


def _verified(
    document: Any, key: Verifier | None, witnesses: Sequence[Verifier]
) -> VerifiedCertificate:
    said = document["certificate"]
    verifier = signing_key(document["key"], key, said["log"])
    checkpoint = checkpoint_of(said, verifier)
    cosigned = [cosigned_by(said["checkpoint"], witness) for witness in witnesses]
    entries = [proven_entry(entry, checkpoint) for entry in said["entries"]]
    _check_shown(said, {str(entry.position): entry for entry in entries})
    for wrong in wrongs(said):
        raise _wrong_sum(wrong)
    for shown in said["retirements"]:
        _check_gone(shown, {str(entry.position): entry for entry in entries})
    _check_signed(document, verifier)
    if not is_numbered(said):
        raise NotVerified(
            f"编号{said['number']:.80}不是所证明事项的编号",
            f"{said['number']:.80} is not the number of what it certifies",
        )
    return VerifiedCertificate(
        number=said["number"],
        as_of=Position(whole(said["asOf"])),
        status=said["status"],
        quantity=whole(said["quantity"]),
        in_force=whole(said["quantityInForce"]),
        checkpoint_size=checkpoint.size,
        key=None if verifier is None else str(verifier),
        unlogged_serials=[
            whole(shown["position"])
            for shown in said["retirements"]
            if not shown["serialsAreLogged"]
        ],
        unlogged_production=[
            whole(shown["position"]) for shown in said["batches"] if not shown["productionIsLogged"]
        ],
        cosigned=cosigned,
    )


def _read(content: bytes) -> Any:
    if len(content) > LONGEST_FILE:
        raise NotVerified(
            f"文件超过{LONGEST_FILE}字节，不是证明",
            f"it has more than {LONGEST_FILE} bytes: no certificate has",
        )
    try:
        document = read(content)
        form = document["certificate"]["form"]
        canonical = file_of(document)
    except MALFORMED as error:
        raise NotVerified("文件不是NZC的注销证明", "it is no certificate of NZC's") from error
    if form not in (FORM, FORM_VERIFIED):
        raise NotVerified(
            f"证明的格式是“{form!s:.80}”，本程序只认识{FORM}和{FORM_VERIFIED}",
            f"its form is “{form!s:.80}”: this knows {FORM} and {FORM_VERIFIED}",
        )
    if canonical != content:
        raise NotVerified(
            "文件不是NZC写出的那些字节：写出之后被改动过",
            "it is not written as NZC writes it: it was changed since",
        )
    return document


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry that is in the log: what it says in plain, and the facts of it that are opened."""

    position: Position
    said: Mapping[str, Any]
    facts: Mapping[str, Any]

    @property
    def kind(self) -> Any:
        return self.said["kind"]


def signing_key(named: str | None, key: Verifier | None, log: str) -> Verifier | None:
    """By whose key a file of a log must be signed, which names one itself; None where it says that nobody signed it.
    Raises ``NotVerified``."""
    if key is None:
        verifier = None if named is None else Verifier.read(named)
        if named is not None and named != str(verifier):
            raise Malformed(named)
    elif named != str(key):
        raise NotVerified(
            f"文件由密钥{named or '（无）'}签名，而不是所给的{key}",
            f"it is signed by the key {named or '(none)'}, and not by {key}",
        )
    else:
        verifier = key
    if verifier is not None and verifier.name != log:
        raise NotVerified(
            f"密钥属于日志{verifier.name}，而文件属于日志{log}",
            f"the key is of the log {verifier.name}, and the file of {log}",
        )
    return verifier


def checkpoint_of(said: Any, verifier: Verifier | None) -> TreeHead:
    """The checkpoint in what is said of a log as of a position. Raises ``NotVerified``."""
    note = said["checkpoint"]
    checkpoint = TreeHead.read(note)
    if checkpoint.origin != said["log"]:
        raise NotVerified(
            f"检查点属于另一日志：{checkpoint.origin}",
            f"the checkpoint is of another log: {checkpoint.origin}",
        )
    if verifier is not None and not verifier.verifies(note):
        raise NotVerified(
            "检查点上没有该密钥的有效签名", "the checkpoint has no signature of that key that holds"
        )
    if checkpoint.size < whole(said["asOf"]):
        raise NotVerified(
            f"检查点只到位置{checkpoint.size}，早于文件所述的位置{said['asOf']}",
            f"the checkpoint is older than the file: it goes to position {checkpoint.size}, and that to "
            f"{said['asOf']}",
        )
    return checkpoint


def cosigned_by(note: str, witness: Verifier) -> Cosignature:
    """What a witness signed of a checkpoint. Raises ``NotVerified``."""
    try:
        return cosignature_in(note, witness)
    except NotCosigned as none:
        zh, en = NOT_COSIGNED[none.why]
        raise NotVerified(zh.format(witness), en.format(witness)) from none


def proven_entry(entry: Any, checkpoint: TreeHead) -> Proven:
    """An entry, by its proof. Raises ``NotVerified``."""
    position, leaf = Position(whole(entry["position"])), read(entry["leaf"])
    if position > checkpoint.size:
        raise NotVerified(
            f"检查点早于位置{position}的日志",
            f"the checkpoint is older than the entry at position {position}",
        )
    path = [decoded(step) for step in entry["path"]]
    leads = included(
        leaf_hash(entry["leaf"].encode()), position - 1, checkpoint.size, path, checkpoint.root
    )
    if not leads or leaf["position"] != entry["position"]:
        raise NotVerified(
            f"位置{position}的日志的包含证明不成立：它不是检查点所承诺的日志",
            f"the proof of the entry at position {position} does not hold: it is none that the checkpoint committed to",
        )
    facts = {}
    for given in entry["openings"]:
        opening = Opening(given["name"], given["value"], decoded(given["salt"]))
        if commitment(opening).hex() not in leaf["facts"]:
            raise NotVerified(
                f"位置{position}的日志没有记载{opening.name}为{opening.value:.80}",
                f"the entry at position {position} does not say that {opening.name} is {opening.value:.80}",
            )
        facts[opening.name] = read(opening.value)
    return Proven(position, leaf, facts)


def _check_shown(said: Any, proven: Mapping[str, Proven]) -> None:
    """Whatever is shown that an entry says is as it says."""
    for shown in said["retirements"]:
        _check_retirement(shown, said["beneficiary"], proven)
    for shown in said["batches"]:
        facts = OF_BATCH | (OF_PRODUCTION if shown["productionIsLogged"] else {})
        issued = entry_at(shown["position"], proven, "CREDITS_ISSUED")
        check_facts(issued, shown, facts)
        enrolled = entry_at(shown["enrolment"], proven, "PROJECT_ENROLLED")
        # A methodology that was stated later is in another entry.
        named = enrolled.facts["body.methodology"] is not None
        facts = OF_ENROLMENT | ({"methodology": "body.methodology"} if named else {})
        check_facts(enrolled, shown, facts)
        if said["form"] == FORM_VERIFIED:
            _check_said(issued, shown, OF_VERIFICATION)
            _check_said(
                enrolled, shown, {"methodologyVersion": "body.methodology_version"} if named else {}
            )
        registered = entry_at(shown["project"], proven, "PROJECT_REGISTERED")
        check_facts(registered, shown, {"projectCode": "body.code"})


def _check_retirement(shown: Any, whom: Any, proven: Mapping[str, Proven]) -> None:
    entry = entry_at(shown["position"], proven, "CREDITS_RETIRED")
    check_facts(entry, shown, OF_RETIREMENT)
    if whom is not None:
        check_facts(entry, whom, OF_WHOM)
        check_facts(entry, shown["holder"], {"organisation": "body.holder"})
    if shown["serialsAreLogged"] and _serials_in(entry) != shown["serials"]:
        raise _differs(entry, "serials")


def _check_gone(shown: Any, proven: Mapping[str, Proven]) -> None:
    """What of a retirement is in force no more is so by an entry of a kind that says that; a correction is of all of
    it, and an invalidation of the serials that its entry names."""
    for gone in shown["notInForce"]:
        kind, reason = gone["kind"], WithdrawnReason(gone["reason"])
        since = entry_at(gone["since"], proven, kind)
        if kind not in KINDS.get(reason, {kind}):
            raise _differs(since, f"{reason} by {kind:.80}")
        if reason is WithdrawnReason.CORRECTED:
            check_facts(since, shown, {"position": "body.corrects"})
            if shown["quantityInForce"] != "0":
                raise _differs(since, "quantityInForce")
        by_serials = kind == "CREDITS_INVALIDATED" and shown["serialsAreLogged"]
        if by_serials and not is_within(gone, _serials_in(since)):
            raise _differs(since, "serials")


def _serials_in(entry: Proven) -> list[dict[str, str]]:
    return [
        {name: str(value) for name, value in serials.items()}
        for serials in entry.facts["body.serials"]
    ]


def check_facts(entry: Proven, shown: Any, facts: Mapping[str, str]) -> None:
    """What is shown is as the entry says: by name, which fact of it. Raises ``NotVerified``."""
    for name, fact in facts.items():
        value = entry.facts[fact]
        if shown[name] != (None if value is None else str(value)):
            raise _differs(entry, name)


def _check_said(entry: Proven, shown: Any, facts: Mapping[str, str]) -> None:
    """What an entry may not say is shown as it says it, or as nothing."""
    for name, fact in facts.items():
        if shown[name] != entry.facts.get(fact):
            raise _differs(entry, name)


def entry_at(position: str, proven: Mapping[str, Proven], kind: str) -> Proven:
    """The entry at a position, which is of a kind. Raises ``NotVerified``."""
    entry = proven.get(position)
    if entry is None or entry.kind != kind:
        raise NotVerified(
            f"没有证明位置{position}的日志是{kind}",
            f"no proof shows that the entry at position {position} is {kind}",
        )
    return entry


def _differs(entry: Proven, name: str) -> NotVerified:
    return NotVerified(
        f"所示的{name}与位置{entry.position}的日志不符",
        f"{name} is not what the entry at position {entry.position} says",
    )


def _wrong_sum(name: str) -> NotVerified:
    return NotVerified(f"吨数之间不相符：{name}", f"its tonnes do not add up: {name}")


def _check_signed(document: Any, verifier: Verifier | None) -> None:
    """The note is of all that the certificate says, and signed by the log's key for certificates."""
    note, text = document["note"], note_text(document["certificate"])
    if parts_of(note)[0] != text or (verifier is None and note != text):
        raise NotVerified(
            "证明的内容与其签署的摘要不符：签署之后被改动过",
            "what it says is not what was signed: it was changed since",
        )
    if verifier is None:
        return
    if not Verifier(name_of(verifier.name), verifier.key).verifies(note):
        raise NotVerified(
            "证明上没有该密钥的有效签名", "it has no signature of that key that holds"
        )
