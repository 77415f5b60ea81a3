#!/usr/bin/env python3
"""Verify what NZC says of its log, trusting nobody: Python 3.11 and the package `cryptography` are all that it takes.

    verify_log.py proof PROOF.json [--key VERIFIER] [--witness VERIFIER]…
    verify_log.py certificate CERTIFICATE.json [--key VERIFIER] [--witness VERIFIER]…

What is proven. The log is a list of entries; its key signs checkpoints: so many entries, and one hash over all of them.
`proof` shows that an entry is among these, in its place, and says what is opened of it. Of a `certificate` of
retirements, entries say what was retired, when, for whom, which serials, of which batch and project; it adds up, no
tonne counts twice, and the key signed all of it. Not proven is that what was logged is true, that nothing was logged
since, and that others were shown the same log, unless a witness says so.

PROOF.json is the answer to `inclusionProof { leaf path size root checkpoint { note } openings { name value salt } }`,
CERTIFICATE.json what `/certificates/….json` serves. VERIFIER is the line that `nzc log verifier` prints: have it from
the operator, not from where the file came from. Without it a certificate is held against the key that it names itself,
and of a proof no signature is checked. With `--witness` that witness must have cosigned the checkpoint. It ends with 0
where all holds; else it says what does not. `monitor_log.py` (the log only grew) and `verify_evidence.py` rest on it.

Each part rests on those before it: how things are written; the tree; notes that are signed; entries of the log;
certificates, and their tonnes; the command line.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """Something does not hold."""


# What reading something else than what belongs there ends in.
MALFORMED = (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OverflowError)


def require(holds: object, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)


# How things are written, each in one way alone, so that nobody reads it otherwise: base64; JSON, of which there are no
# fractions, and whole numbers have 64 bits; positions and tonnes, which are texts of digits.


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def decoded(text: str) -> bytes:
    content = base64.b64decode(text, validate=True)
    require(encoded(content) == text, f"“{text:.80}” is not written as base64 is")
    return content


def whole(text: str) -> int:
    require(re.fullmatch("0|[1-9][0-9]{0,18}", text), f"“{text:.80}” is no whole number")
    return int(text)


def loaded(content: str | bytes) -> Any:
    value = json.loads(content, parse_int=of_64_bits, parse_float=whole, parse_constant=whole)
    require(depth(value) <= 64, "it has too many things in one another")
    return value


def of_64_bits(text: str) -> int:
    require(-(2**63) <= int(text) < 2**64, f"{text:.80} is too large")
    return int(text)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


def written(value: Any) -> bytes:
    """A line of canonical JSON (RFC 8785)."""
    return f"{json.dumps(in_order(value), ensure_ascii=False, separators=(',', ':'))}\n".encode()


def in_order(value: Any) -> Any:
    """The same with the names of objects in the order of their UTF-16 units."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    return [in_order(item) for item in value] if isinstance(value, list) else value


# The tree: RFC 6962, sections 2.1 to 2.1.2. A tree of more than one leaf is a left part, of the largest power of two
# leaves that leaves something over, and the rest; the last step of a path is the root of the part that it is not in.


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def left_of(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def root_by_inclusion(leaf: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to from the hash of the `number`-th leaf, from 0."""
    require(0 <= number < size, "the leaf is not in a tree of that size")
    if size == 1:
        require(not path, "the path is too long")
        return leaf
    require(path, "the path is too short")
    *rest, other = path
    left = left_of(size)
    if number < left:
        return node_hash(root_by_inclusion(leaf, number, left, rest), other)
    return node_hash(other, root_by_inclusion(leaf, number - left, size - left, rest))


# Notes that are signed: c2sp.org/signed-note; checkpoints: c2sp.org/tlog-checkpoint, and cosigned: tlog-cosignature.

ED25519, COSIGNATURE = b"\x01", b"\x04"
SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
LAST_SECOND = 253_402_300_799  # Of the calendar.


def parts_of(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and its signatures, each with the name of who made it; of one that nobody signed, none."""
    require(note.endswith("\n"), "a note ends with its last line")
    text, parted, lines = note.rpartition("\n\n")
    if not parted:
        return note, []
    found = [SIGNATURE.fullmatch(line) for line in lines.removesuffix("\n").split("\n")]
    require(all(found) and len(found) <= 64, "a line of a note is no signature, or there are too many")
    return f"{text}\n", [(line[1], decoded(line[2])) for line in found if line]


def id_of(name: str, key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + key)[:4]


def key_in(verifier: str, kind: bytes) -> tuple[str, bytes]:
    """The name of a verifier key, `name+id+key`, and the key, which begins with its kind."""
    name, _, rest = verifier.partition("+")
    key_id, _, text = rest.partition("+")
    key = decoded(text)
    holds = key[:1] == kind and len(key) == 33 and id_of(name, key).hex() == key_id
    require(holds, f"“{verifier:.80}” is no verifier key, or one of another kind, or damaged")
    return name, key


def key_for(name: str, verifier: str) -> str:
    """The verifier key of the same key under another name: checkpoints, certificates and evidence have one each."""
    key = key_in(verifier, ED25519)[1]
    return f"{name}+{id_of(name, key).hex()}+{encoded(key)}"


def made_by(note: str, name: str, key: bytes) -> list[bytes]:
    """What a key made of the signatures of a note."""
    return [made[4:] for signer, made in parts_of(note)[1] if (signer, made[:4]) == (name, id_of(name, key))]


def check_signature(key: bytes, signature: bytes, message: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, message.encode())
    except InvalidSignature:
        raise Wrong("a signature of the checkpoint is wrong") from None


def check_signed(note: str, verifier: str) -> None:
    name, key = key_in(verifier, ED25519)
    require(note.startswith(f"{name}\n"), f"the checkpoint is of another log than {name}")
    own = made_by(note, name, key)
    require(own, "the checkpoint is not signed by that key")
    for signature in own:
        check_signature(key, signature, parts_of(note)[0])


def check_cosigned(note: str, witness: str) -> None:
    """That a witness saw a checkpoint at some time, and all that it saw before is the beginning of it."""
    name, key = key_in(witness, COSIGNATURE)
    own = [(int.from_bytes(made[:8]), made[8:]) for made in made_by(note, name, key)]
    require(own, f"the checkpoint is not cosigned by {name} with that key")
    for time, signature in own:
        check_signature(key, signature, f"cosignature/v1\ntime {time}\n{parts_of(note)[0]}")
    require(0 < max(own)[0] <= LAST_SECOND, f"the cosignature of {name} says no time")


def checkpoint_of(note: str, verifier: str | None, witnesses: Sequence[str] = ()) -> tuple[str, int, bytes]:
    """The log, size and root of a checkpoint; signed, where a verifier key is given, and by the witnesses."""
    log, size, root, *rest = parts_of(note)[0].split("\n")
    require(log and rest == [""] and len(decoded(root)) == 32, "that is no checkpoint")
    if verifier is not None:
        check_signed(note, verifier)
    for witness in witnesses:
        check_cosigned(note, witness)
    return log, whole(size), decoded(root)


# What is in the log.


def verify_proof(proof: Any, verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    _, size, root = checkpoint_of(proof["checkpoint"]["note"], verifier, witnesses)
    entry = verify_included(proof, size, root)
    return f"Entry {entry['position']}, {entry['kind']} at {entry['at']}, is in the log of {size} entries."


def verify_included(proof: Any, size: int, root: bytes) -> Any:
    """What the leaf of an entry says, which is in the log of a root; and that it says what is opened of it."""
    leaf = proof["leaf"].encode()
    entry = loaded(leaf)
    path = [decoded(step) for step in proof["path"]]
    found = root_by_inclusion(leaf_hash(leaf), whole(entry["position"]) - 1, size, path)
    require(found == root, "the path does not lead to the root of the checkpoint")
    for opening in proof.get("openings") or ():
        pair = f"[{json.dumps(opening['name'], ensure_ascii=False)},{opening['value']}]"
        commitment = sha256(decoded(opening["salt"]) + pair.encode()).hex()
        require(commitment in entry["facts"], f"the entry does not say {pair}")
    return entry


def facts_of(proof: Any, size: int, root: bytes) -> Any:
    """The same, and the facts of it that are opened, of the entry at the position that the proof names."""
    entry = verify_included(proof, size, root)
    require(entry["position"] == proof["position"], f"the entry at {proof['position']} is another one")
    return {opening["name"]: loaded(opening["value"]) for opening in proof["openings"]} | entry


# A certificate of retirements: what it shows, and the fact of which kind of entry says it
# (docs/retirement-certificates.md).

RETIRED = {"quantity": "body.quantity", "programme": "body.programme", "retiredOn": "body.retired_on",
           "registryReference": "body.reference"}  # fmt: skip
WHOM = {"pilot": "body.pilot", "accountingPeriod": "body.accounting_period"}
ISSUED = {"programme": "body.programme", "project": "body.project"}
PRODUCED = {"vintage": "body.vintage", "producedFrom": "body.produced_from", "producedTo": "body.produced_to"}
ENROLLED = ISSUED | {"registration": "body.number"}

# By form, what else is shown of a batch: what its issuance may say, and its enrolment, where it names a methodology.
FORMS = {
    "nzc-certificate-1": ({}, {"methodology": "body.methodology"}),
    "nzc-certificate-2": ({"verification": "body.verification", "labels": "body.labels"},
                          {"methodology": "body.methodology", "methodologyVersion": "body.methodology_version"}),
}  # fmt: skip
# Not every entry says these: then they are shown as nothing.
MAY_SAY = {"body.verification", "body.labels", "body.methodology_version"}

# Why what was retired is in force no more, and entries of which kinds say so; of a boundary, of several.
REASONS = {"CORRECTED": {"POSTING_CORRECTED"}, "INVALIDATED": {"CREDITS_INVALIDATED", "BATCH_INVALIDATED"},
           "EXPORTED": {"BATCH_EXPORTED"}, "INSIDE_BOUNDARY": None}  # fmt: skip


def verify_certificate(content: bytes, verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    require(len(content) <= 16 << 20, "it has more than 16 MiB: no certificate has")
    document = loaded(content)
    require(written(document) == content, "the file is not written as NZC writes it: it was changed since")
    said, named = document["certificate"], document["key"]
    form = FORMS[said["form"]]
    require(verifier in {None, named}, f"it is signed by the key {named}")
    size, root = checkpoint_for(said, said["checkpoint"], named, witnesses)
    entries = {entry["position"]: facts_of(entry, size, root) for entry in said["entries"]}
    for retired in said["retirements"]:
        check_retired(retired, said["beneficiary"], entries)
    for batch in said["batches"]:
        check_batch(batch, form, entries)
    check_sums(said)
    for retired in said["retirements"]:
        check_gone(retired, entries)
    head = f"{said['log']}/certificates\n{said['number']}\n{said['asOf']}\n{said['status']}\n"
    check_note(document["note"], head, written(said)[:-1], named, "what it says")
    check_number(said)
    return summary_of(said, named)


def checkpoint_for(said: Any, note: str, named: str | None, witnesses: Sequence[str]) -> tuple[int, bytes]:
    """The checkpoint that what is said of a log as of a position rests on."""
    log, size, root = checkpoint_of(note, named, witnesses)
    require(log == said["log"], "the checkpoint is of another log")
    require(size >= whole(said["asOf"]), "the checkpoint is older than the file")
    return size, root


def check_note(note: str, head: str, content: bytes, named: str | None, what: str) -> None:
    """That a note is a head, of which the first line is a name, and the hash of some content; and that the key which
    is named signed it under that name, where one is."""
    text, signatures = parts_of(note)
    is_it = text == f"{head}{encoded(sha256(content))}\n" and (named is None) == (not signatures)
    require(is_it, f"{what} is not what was signed: it was changed since")
    if named is not None:
        check_signed(note, key_for(head.partition("\n")[0], named))


def check_retired(retired: Any, whom: Any, entries: Any) -> None:
    entry = entries[retired["position"]]
    check_facts(entry, "CREDITS_RETIRED", retired, RETIRED)
    if whom is not None:
        check_facts(entry, "CREDITS_RETIRED", whom, WHOM)
        check_facts(entry, "CREDITS_RETIRED", retired["holder"], {"organisation": "body.holder"})
    if retired["serialsAreLogged"]:
        require(serials_in(entry) == retired["serials"], f"the entry at {retired['position']} names other serials")


def serials_in(entry: Any) -> Any:
    return [{name: str(row[name]) for name in row} for row in entry["body.serials"]]


def check_gone(retired: Any, entries: Any) -> None:
    """What is in force no more is so by entries that say so: all of what one corrects, or the serials that it names."""
    for gone in retired["notInForce"]:
        since, kinds = entries[gone["since"]], REASONS.get(gone["reason"], set())
        says_so = kinds is None or gone["kind"] in kinds
        require(says_so, f"nothing is in force no more by {gone['reason']:.80}, {gone['kind']:.80}")
        corrects = {"position": "body.corrects"} if gone["reason"] == "CORRECTED" else {}
        check_facts(since, gone["kind"], retired, corrects)
        require(not corrects or retired["quantityInForce"] == "0", f"{gone['since']} corrects all of what it corrects")
        if gone["kind"] == "CREDITS_INVALIDATED" and retired["serialsAreLogged"]:
            require(is_once(serials_in(since), [gone]), f"the entry at {gone['since']} names other serials")


def check_batch(batch: Any, form: Any, entries: Any) -> None:
    issued, enrolled = entries[batch["position"]], entries[batch["enrolment"]]
    of_issuance, of_enrolment = form
    produced = PRODUCED if batch["productionIsLogged"] else {}
    check_facts(issued, "CREDITS_ISSUED", batch, ISSUED | produced | of_issuance)
    # A methodology that was stated later is in another entry.
    stated = {} if enrolled["body.methodology"] is None else of_enrolment
    check_facts(enrolled, "PROJECT_ENROLLED", batch, ENROLLED | stated)
    check_facts(entries[batch["project"]], "PROJECT_REGISTERED", batch, {"projectCode": "body.code"})


def check_facts(entry: Any, kind: str, shown: Any, facts: dict[str, str]) -> None:
    require(entry["kind"] == kind, f"the entry at {entry['position']} is no {kind}")
    for name, fact in facts.items():
        value = entry.get(fact) if fact in MAY_SAY else entry[fact]
        require(
            shown[name] == (str(value) if isinstance(value, int) else value),
            f"{name} is not what the entry at {entry['position']} says",
        )


# Of a certificate, what adds up: that no tonne is told twice, and what is in force no more was retired.


def check_sums(said: Any) -> None:
    retirements = said["retirements"]
    for retired in retirements:
        check_tonnes(retired, whole(said["asOf"]))
    moved, gone = ([row for retired in retirements for row in retired[ranges]] for ranges in ("serials", "notInForce"))
    once = is_once(moved, gone) and not are_twice(retired["position"] for retired in retirements)
    require(once, "the retirements do not add up: one is told twice, or a serial is in force for two")
    batches = [batch["position"] for batch in said["batches"]]
    is_each = not are_twice(batches) and {*batches} == {row["batch"] for row in moved}
    require(is_each, "the batches do not add up to those of the serials")
    retired, left = (sum(whole(row[name]) for row in retirements) for name in ("quantity", "quantityInForce"))
    lost = "CORRECTED" if {row["reason"] for row in gone} == {"CORRECTED"} else "INVALIDATED"
    status = "VALID" if left == retired else "PARTLY_INVALIDATED" if left else lost
    shown = whole(said["quantity"]), whole(said["quantityInForce"]), said["status"]
    require(shown == (retired, left, status), "its tonnes do not add up to what it says")


def check_tonnes(retired: Any, as_of: int) -> None:
    """A retirement has as many tonnes as serials, each once; what is in force no more was retired, and is gone once."""
    at, moved, gone = retired["position"], retired["serials"], retired["notInForce"]
    once = is_once(moved) and is_once(gone) and is_once(moved, gone)
    require(once, f"the tonnes of {at} do not add up: serials are told twice, or were not retired")
    shown = whole(retired["quantity"]), whole(retired["quantityInForce"])
    require(shown == (tonnes(moved), tonnes(moved) - tonnes(gone)), f"the tonnes of {at} do not add up to what it says")
    latest = max(whole(position) for position in (at, *(row["since"] for row in gone)))
    require(latest <= as_of, f"the tonnes of {at} do not add up: something of it is later than the certificate")


def check_number(said: Any) -> None:
    """The number is that of what is certified: a retirement, or an accounting period, where whose it is is shown."""
    number, whom = said["number"], said["beneficiary"]
    if said["kind"] == "RETIREMENT":
        (retired,) = said["retirements"]
        born = retired["position"]
    else:
        require(said["kind"] == "PILOT_AND_PERIOD", "its kind is another one")
        born = whom["accountingPeriod"] if whom else str(whole(number.rpartition("-")[2]))
    own = f"NZC-{said['log'].removeprefix('nzc/')}-{born}"
    require(number == own, f"{number:.80} is not the number of what it certifies")


def tonnes(ranges: Any) -> int:
    return sum(whole(row["last"]) - whole(row["first"]) + 1 for row in ranges)


def is_once(ranges: Any, without: Any = ()) -> bool:
    """Whether each serial of these ranges, without those of others, is there once, or not at all: from where a range
    begins to where it ends there is one more, and one less of what is taken away."""
    steps: Counter[tuple[str, int]] = Counter()
    for sign, rows in ((1, ranges), (-1, without)):
        for row in rows:
            first, last = whole(row["first"]), whole(row["last"])
            require(first <= last, "serials do not add up: a range ends before it begins")
            steps[row["batch"], first] += sign
            steps[row["batch"], last + 1] -= sign
    return {*accumulate(steps[place] for place in sorted(steps))} <= {0, 1}


def are_twice(names: Iterable[Any]) -> bool:
    """Whether any of them is there twice."""
    return any(times > 1 for times in Counter(names).values())


def summary_of(said: Any, named: str | None) -> str:
    unsaid = [row["position"] for row in said["retirements"] if not row["serialsAreLogged"]]
    unsaid += [row["position"] for row in said["batches"] if not row["productionIsLogged"]]
    return (
        f"{said['number']}: {said['status']} as of position {said['asOf']}, {said['quantity']} t retired, "
        f"{said['quantityInForce']} t in force; {f'signed by {named}' if named else 'NOBODY SIGNED IT'}."
        + (f" The log does not name serials, or production, of {', '.join(unsaid)}." if unsaid else "")
    )


# The command line.


def run(parser: argparse.ArgumentParser, verify: Callable[[argparse.Namespace], str]) -> int:
    """Say what holds, or what does not: 0 or 1."""
    parser.add_argument("--key", type=str.strip, help="the log's verifier key, from the operator")
    parser.add_argument("--witness", type=str.strip, action="append", default=[], help="who must have cosigned")
    given = parser.parse_args()
    try:
        print(f"✓ {verify(given)}{'' if given.key else ' (Whose key that is, nobody said: no --key.)'}")
    except (Wrong, OSError) as error:
        print(f"✗ {error}", file=sys.stderr)
    except MALFORMED as error:
        print(f"✗ something is missing, or is something else than it should be: {error!r:.200}", file=sys.stderr)
    else:
        return 0
    return 1


def verify_file(given: argparse.Namespace) -> str:
    content = given.file.read_bytes()
    if given.what == "proof":
        return verify_proof(loaded(content), given.key, given.witness)
    return verify_certificate(content, given.key, given.witness)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Verify what NZC says of its log.")
    arguments.add_argument("what", choices=("proof", "certificate"))
    arguments.add_argument("file", type=Path)
    sys.exit(run(arguments, verify_file))
