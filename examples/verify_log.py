#!/usr/bin/env python3
"""Verify what NZC says of its log, trusting nobody: Python 3.11 and the package `cryptography` are all that it takes.

    verify_log.py proof PROOF.json [--key VERIFIER] [--witness VERIFIER]…
    verify_log.py grew OLD.txt NEW.txt PROOF.json [--key VERIFIER]
    verify_log.py mirror https://nzc.example/log [--key VERIFIER] [--since OLD.txt]
    verify_log.py certificate CERTIFICATE.json [--key VERIFIER] [--witness VERIFIER]…
    verify_log.py evidence EVIDENCE.zip [--key VERIFIER] [--witness VERIFIER]…

`proof` reads the answer to `inclusionProof { leaf path size root checkpoint { note } openings { name value salt } }`;
`grew` two checkpoints, and the answer to `consistencyProof { fromSize toSize path }` between them; `mirror` fetches the
whole log, makes its tree anew, and with `--since` sees whether it begins with what an older checkpoint committed to;
`certificate` checks a certificate of retirements, as `/certificates/….json` serves it, by the key that it names itself
where none is given; `evidence` checks the working papers of a pilot's year in the same way, as `/evidence/….zip` serves
them: every file of it, and that its numbers are the sums of its own rows.
With `--witness` the checkpoint must have a cosignature of that witness (c2sp.org/tlog-cosignature).
VERIFIER is the line that `nzc log verifier` prints: have it from the operator, not from where the log is served. It
ends with 0 where all holds; else it says what does not.

To read it: each part below rests on those before it. How things are written; the tree, and notes that are signed; what
is in the log; the log itself; certificates, and their tonnes; evidence, file by file and then number by number; the
command line.
"""

import argparse
import base64
import csv
import hashlib
import io
import json
import re
import struct
import sys
import urllib.request
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """Something does not hold."""


# What reading something else ends in.
MALFORMED = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OverflowError, csv.Error, struct.error,
)  # fmt: skip


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


# How things are written, each in one way alone, so that nobody reads it otherwise: base64; JSON, of which there are no
# fractions, and whole numbers have 64 bits; positions and tonnes, which are texts of digits.

DEEPEST = 64


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def decoded(text: str) -> bytes:
    found = base64.b64decode(text, validate=True)
    if encoded(found) != text:
        raise Wrong(f"“{text:.80}” is not written as base64 is")
    return found


def loaded(content: str | bytes) -> Any:
    value = json.loads(content, parse_int=of_64_bits, parse_float=whole, parse_constant=whole)
    check_depth(value, DEEPEST)
    return value


def of_64_bits(text: str) -> int:
    if not -(2**63) <= int(text) < 2**64:
        raise Wrong(f"{text:.80} is too large")
    return int(text)


def check_depth(value: Any, left: int) -> None:
    if not left:
        raise Wrong("it has too many things in one another")
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            check_depth(inner, left - 1)


def whole(text: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text):
        raise Wrong(f"“{text:.80}” is no whole number")
    return int(text)


def written(value: Any) -> bytes:
    """A line of canonical JSON (RFC 8785)."""
    text = json.dumps(in_order(value), ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode()


def in_order(value: Any) -> Any:
    """Names in the order of their UTF-16 units."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: in_order(value[name]) for name in names}
    return [in_order(item) for item in value] if isinstance(value, list) else value


# The tree: RFC 6962, sections 2.1 to 2.1.2. A tree of more than one leaf is a left part, of the largest power of two
# leaves that leaves something over, and the rest; the last step of a path is the root of the part that it is not in.


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def root_of(hashes: list[bytes]) -> bytes:
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    left = left_of(len(hashes))
    return node_hash(root_of(hashes[:left]), root_of(hashes[left:]))


def left_of(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def root_by_inclusion(leaf: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to from the hash of the `number`-th leaf, from 0."""
    if not 0 <= number < size:
        raise Wrong("the leaf is not in a tree of that size")
    if size == 1:
        if path:
            raise Wrong("the path is too long")
        return leaf
    if not path:
        raise Wrong("the path is too short")
    *rest, other = path
    left = left_of(size)
    if number < left:
        return node_hash(root_by_inclusion(leaf, number, left, rest), other)
    return node_hash(other, root_by_inclusion(leaf, number - left, size - left, rest))


def roots_by_consistency(
    old: int, new: int, old_root: bytes | None, path: list[bytes]
) -> tuple[bytes, bytes]:
    """The older and the newer root that a consistency proof leads to. The older one is known beforehand as far as the
    older tree begins the newer one; further right, the path begins with what it says of it."""
    if not 0 < old <= new:
        raise Wrong("a proof goes from a tree that is not empty to a larger one")
    if old == new:
        found = path if old_root is None else [old_root, *path]
        if len(found) != 1:
            raise Wrong("the proof is too short" if not found else "the proof is too long")
        return found[0], found[0]
    if not path:
        raise Wrong("the proof is too short")
    *rest, other = path
    left = left_of(new)
    if old <= left:
        before, after = roots_by_consistency(old, left, old_root, rest)
        return before, node_hash(after, other)
    before, after = roots_by_consistency(old - left, new - left, None, rest)
    return node_hash(other, before), node_hash(other, after)


# Notes that are signed: c2sp.org/signed-note; checkpoints: c2sp.org/tlog-checkpoint, and cosigned: tlog-cosignature.

ED25519, COSIGNATURE = b"\x01", b"\x04"
SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
VERIFIER = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
MOST_SIGNATURES = 64
KEY_BYTES = 32
LAST_SECOND = 253_402_300_799  # Of the calendar.


def parts_of(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and its signatures, each with the name of who made it; of one that nobody signed, none."""
    if not note.endswith("\n"):
        raise Wrong("a note ends with its last line")
    text, parted, lines = note.rpartition("\n\n")
    if not parted:
        return note, []
    signatures = [SIGNATURE.fullmatch(line) for line in lines.removesuffix("\n").split("\n")]
    if not all(signatures) or len(signatures) > MOST_SIGNATURES:
        raise Wrong("a line of a note is no signature, or there are too many")
    return f"{text}\n", [(found[1], decoded(found[2])) for found in signatures if found]


def signed_by(
    verifier: str, kind: bytes, signatures: list[tuple[str, bytes]]
) -> tuple[str, bytes, list[bytes]]:
    """The name and the key of a verifier key, and what it signed of a note."""
    name, key = key_in(verifier, kind)
    key_id = id_of(name, key)
    own = [made for signer, made in signatures if (signer, made[:4]) == (name, key_id)]
    return name, key[1:], [made[4:] for made in own]


def key_in(verifier: str, kind: bytes) -> tuple[str, bytes]:
    """The name of a verifier key, and the key after its kind."""
    parts = VERIFIER.fullmatch(verifier)
    if not parts:
        raise Wrong(f"“{verifier:.80}” is no verifier key")
    name, key = parts[1], decoded(parts[3])
    if key[:1] != kind or len(key) != 1 + KEY_BYTES or id_of(name, key).hex() != parts[2]:
        raise Wrong(f"the verifier key of {name} is of another kind, or damaged")
    return name, key


def id_of(name: str, key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + key)[:4]


def key_for(name: str, verifier: str) -> str:
    """The verifier key of a key under another name."""
    _, key = key_in(verifier, ED25519)
    return f"{name}+{id_of(name, key).hex()}+{encoded(key)}"


def check_each(key: bytes, signed: Iterable[tuple[bytes, str]]) -> None:
    for signature, message in signed:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message.encode())
        except InvalidSignature:
            raise Wrong("a signature of the checkpoint is wrong") from None


def check_signed(note: str, verifier: str) -> None:
    text, signatures = parts_of(note)
    name, key, found = signed_by(verifier, ED25519, signatures)
    if text.split("\n", maxsplit=1)[0] != name:
        raise Wrong(f"the checkpoint is of another log than {name}")
    if not found:
        raise Wrong("the checkpoint is not signed by that key")
    check_each(key, ((signature, text) for signature in found))


def check_cosigned(note: str, witness: str) -> None:
    """That a witness saw a checkpoint at some time, and all that it saw before is the beginning of it."""
    text, signatures = parts_of(note)
    name, key, found = signed_by(witness, COSIGNATURE, signatures)
    if not found:
        raise Wrong(f"the checkpoint is not cosigned by {name} with that key")
    times = [int.from_bytes(cosignature[:8]) for cosignature in found]
    messages = [f"cosignature/v1\ntime {time}\n{text}" for time in times]
    check_each(key, zip([cosignature[8:] for cosignature in found], messages, strict=True))
    if not 0 < max(times) <= LAST_SECOND:
        raise Wrong(f"the cosignature of {name} says no time")


def checkpoint_of(
    note: str, verifier: str | None, witnesses: Sequence[str] = ()
) -> tuple[int, bytes]:
    """The size and root that a checkpoint is about; signed, where a verifier key is given, and by the witnesses."""
    log, size, root, *rest = parts_of(note)[0].split("\n")
    if not log or rest != [""] or len(decoded(root)) != len(sha256(b"")):
        raise Wrong("that is no checkpoint")
    if verifier is not None:
        check_signed(note, verifier)
    for witness in witnesses:
        check_cosigned(note, witness)
    return whole(size), decoded(root)


# What is in the log.


def verify_proof(proof: dict[str, Any], verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    size, root = checkpoint_of(proof["checkpoint"]["note"], verifier, witnesses)
    entry = verify_included(proof, size, root)
    return f"Entry {entry['position']}, {entry['kind']} at {entry['at']}, is in the log of {size} entries."


def verify_included(proof: dict[str, Any], size: int, root: bytes) -> dict[str, Any]:
    """The leaf of an entry, that it is in the log of a root, and that it says what is opened of it."""
    leaf = proof["leaf"].encode()
    entry: dict[str, Any] = loaded(leaf)
    path = [decoded(step) for step in proof["path"]]
    if root_by_inclusion(leaf_hash(leaf), whole(entry["position"]) - 1, size, path) != root:
        raise Wrong("the path does not lead to the root of the checkpoint")
    for opening in proof.get("openings") or ():
        pair = f"[{json.dumps(opening['name'], ensure_ascii=False)},{opening['value']}]"
        if sha256(decoded(opening["salt"]) + pair.encode()).hex() not in entry["facts"]:
            raise Wrong(f"the entry does not say {pair}")
    return entry


# The log itself: that it only grew, and that all of it is as it was committed to (c2sp.org/tlog-tiles).

TILE = 256
PATIENCE_SECONDS = 60


def verify_grew(old: str, new: str, proof: dict[str, Any], verifier: str | None) -> str:
    (old_size, old_root), (size, root) = checkpoint_of(old, verifier), checkpoint_of(new, verifier)
    if old_size == size:
        holds = old_root == root
    else:
        path = [decoded(step) for step in proof["path"]]
        holds = roots_by_consistency(old_size, size, old_root, path) == (old_root, root)
    if not holds:
        raise Wrong("the newer log does not begin with the older one")
    return f"The log of {size} entries begins with that of {old_size}."


def verify_mirror(address: str, verifier: str | None, since: str | None) -> str:
    size, root = checkpoint_of(fetch(f"{address}/checkpoint").decode(), verifier)
    hashes = [leaf_hash(leaf) for leaf in leaves(address, size)]
    if root_of(hashes) != root:
        raise Wrong("the entries are not those of the checkpoint")
    if since is not None:
        old_size, old_root = checkpoint_of(since, verifier)
        if old_size > size or root_of(hashes[:old_size]) != old_root:
            raise Wrong("the log does not begin with what the older checkpoint committed to")
    return f"All {size} entries are those of the checkpoint."


def leaves(address: str, size: int) -> Iterator[bytes]:
    """The leaves of the first entries, bundle by bundle."""
    for number in range((size + TILE - 1) // TILE):
        width = min(size - number * TILE, TILE)
        partial = "" if width == TILE else f".p/{width}"
        bundle = fetch(f"{address}/tile/entries/{path_of(number)}{partial}")
        while bundle:
            length = int.from_bytes(bundle[:2])
            yield bundle[2 : 2 + length]
            bundle = bundle[2 + length :]


def path_of(number: int) -> str:
    """A number in groups of three digits, all but the last with an x before them."""
    last, groups = f"{number % 1000:03}", []
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}/")
    return "".join(reversed(groups)) + last


def fetch(address: str) -> bytes:
    if not address.startswith(("http://", "https://")):
        raise Wrong("an address begins with https://")
    with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


# A certificate of retirements: what it shows, and the fact of which kind of entry says it
# (docs/retirement-certificates.md).

RETIRED = {
    "quantity": "body.quantity", "programme": "body.programme", "retiredOn": "body.retired_on",
    "registryReference": "body.reference",
}  # fmt: skip
WHOM = {"pilot": "body.pilot", "accountingPeriod": "body.accounting_period"}
ISSUED = {"programme": "body.programme", "project": "body.project"}
PRODUCED = {
    "vintage": "body.vintage", "producedFrom": "body.produced_from", "producedTo": "body.produced_to",
}  # fmt: skip
ENROLLED = ISSUED | {"registration": "body.number"}

# Why what was retired is in force no more.
REASONS = {"CORRECTED", "INVALIDATED", "EXPORTED", "INSIDE_BOUNDARY"}

# The second form says of batches also what these entries may say.
FORMS = {
    "nzc-certificate-1": {},
    "nzc-certificate-2": {"verification": "body.verification", "labels": "body.labels"},
}


LONGEST_CERTIFICATE = 16 << 20


def verify_certificate(content: bytes, verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    document = certificate_in(content)
    said, named = document["certificate"], document["key"]
    check_key(named, verifier)
    size, root = checkpoint_of(said["checkpoint"], named, witnesses)
    if said["form"] not in FORMS or said["checkpoint"].split("\n")[0] != said["log"]:
        raise Wrong("the form is another one, or the checkpoint is of another log")
    if size < whole(said["asOf"]):
        raise Wrong("the checkpoint is older than the certificate")
    entries = {entry["position"]: facts_of(entry, size, root) for entry in said["entries"]}
    for retired in said["retirements"]:
        check_retired(retired, said["beneficiary"], entries)
    for batch in said["batches"]:
        check_batch(batch, said["form"], entries)
    check_sums(said)
    name, digest = f"{said['log']}/certificates", encoded(sha256(written(said)[:-1]))
    text = f"{name}\n{said['number']}\n{said['asOf']}\n{said['status']}\n{digest}\n"
    check_note(document["note"], text, named and key_for(name, named), "what it says")
    check_number(said)
    if named is None:
        return f"{said['number']}: {said['status']} as of {said['asOf']}. NOBODY SIGNED IT."
    unnamed = [row["position"] for row in said["retirements"] if not row["serialsAreLogged"]]
    note = f" The log does not name the serials of {', '.join(unnamed)}." if unnamed else ""
    return (
        f"{said['number']}: {said['status']} as of position {said['asOf']}, {said['quantity']} t retired, "
        f"{said['quantityInForce']} t in force; signed by {named}.{note}"
    )


def certificate_in(content: bytes) -> Any:
    if len(content) > LONGEST_CERTIFICATE:
        raise Wrong(f"it has more than {LONGEST_CERTIFICATE} bytes: no certificate has")
    document = loaded(content)
    if written(document) != content:
        raise Wrong("the file is not written as NZC writes it: it was changed since")
    return document


def check_key(named: str | None, verifier: str | None) -> None:
    if verifier is not None and verifier != named:
        raise Wrong(f"it is signed by the key {named}")


def check_note(note: str, text: str, key: str | None, what: str) -> None:
    """That a note is this text, and signed by a key where there is one."""
    said, signatures = parts_of(note)
    if said != text or (key is None) != (not signatures):
        raise Wrong(f"{what} is not what was signed: it was changed since")
    if key is not None:
        check_signed(note, key)


def facts_of(entry: dict[str, Any], size: int, root: bytes) -> dict[str, Any]:
    """What an entry says in plain, and the facts of it that are opened, once it is proven to be in the log."""
    leaf = verify_included(entry, size, root)
    if leaf["position"] != entry["position"]:
        raise Wrong(f"the entry at {entry['position']} is another one")
    return {opening["name"]: loaded(opening["value"]) for opening in entry["openings"]} | leaf


def check_retired(retired: Any, whom: Any, entries: dict[str, Any]) -> None:
    entry = entries[retired["position"]]
    check_facts(entry, "CREDITS_RETIRED", retired, RETIRED)
    if whom is not None:
        check_facts(entry, "CREDITS_RETIRED", whom, WHOM)
        check_facts(entry, "CREDITS_RETIRED", retired["holder"], {"organisation": "body.holder"})
    if retired["serialsAreLogged"]:
        logged = [{name: str(row[name]) for name in row} for row in entry["body.serials"]]
        if logged != retired["serials"]:
            raise Wrong(f"the entry at {retired['position']} names other serials")
    for gone in retired["notInForce"]:
        if gone["reason"] not in REASONS:
            raise Wrong(f"nothing is in force no more by {gone['reason']:.80}")
        corrects = {"position": "body.corrects"} if gone["reason"] == "CORRECTED" else {}
        check_facts(entries[gone["since"]], gone["kind"], retired, corrects)


def check_batch(batch: Any, form: str, entries: dict[str, Any]) -> None:
    issued, enrolled = entries[batch["position"]], entries[batch["enrolment"]]
    produced = PRODUCED if batch["productionIsLogged"] else {}
    check_facts(issued, "CREDITS_ISSUED", batch, ISSUED | produced)
    # A methodology that was stated later is in another entry.
    stated = {"methodology": "body.methodology"} if enrolled["body.methodology"] is not None else {}
    check_facts(enrolled, "PROJECT_ENROLLED", batch, ENROLLED | stated)
    check_said(issued, batch, FORMS[form])
    if form == "nzc-certificate-2" and stated:
        check_said(enrolled, batch, {"methodologyVersion": "body.methodology_version"})
    check_facts(entries[batch["project"]], "PROJECT_REGISTERED", batch, {"projectCode": "body.code"})  # fmt: skip


def check_facts(entry: Any, kind: str, shown: Any, facts: dict[str, str]) -> None:
    if entry["kind"] != kind:
        raise Wrong(f"the entry at {entry['position']} is no {kind}")
    for name, fact in facts.items():
        if shown[name] != (None if entry[fact] is None else str(entry[fact])):
            raise Wrong(f"{name} is not what the entry at {entry['position']} says")


def check_said(entry: Any, shown: Any, facts: dict[str, str]) -> None:
    """What an entry may not say is shown as it says it, or as nothing."""
    for name, fact in facts.items():
        if shown[name] != entry.get(fact):
            raise Wrong(f"{name} is not what the entry at {entry['position']} says")


# Of a certificate, what adds up: that no tonne is told twice, and what is in force no more was retired.


def check_sums(said: Any) -> None:
    for retired in said["retirements"]:
        check_tonnes(retired, whole(said["asOf"]))
    check_once(said)
    check_status(said)


def check_tonnes(retired: Any, as_of: int) -> None:
    """A retirement has as many tonnes as serials, each once; what is in force no more was retired, and is gone once."""
    at, moved, gone = retired["position"], retired["serials"], retired["notInForce"]
    wrong = f"the tonnes of {at} do not add up"
    if not (is_once(moved) and is_once(gone) and is_once(moved, gone)):
        raise Wrong(f"{wrong}: serials are told twice, or were not retired")
    counted = tonnes(moved), tonnes(moved) - tonnes(gone)
    if (whole(retired["quantity"]), whole(retired["quantityInForce"])) != counted:
        raise Wrong(f"{wrong} to what it says")
    if any(whole(position) > as_of for position in (at, *(row["since"] for row in gone))):
        raise Wrong(f"{wrong}: something of it is later than the certificate")


def check_once(said: Any) -> None:
    """No retirement and no batch is told twice, and no serial is in force for two retirements."""
    positions = [retired["position"] for retired in said["retirements"]]
    moved, gone = (
        [row for retired in said["retirements"] for row in retired[ranges]]
        for ranges in ("serials", "notInForce")
    )
    if are_twice(positions) or not is_once(moved, gone):
        raise Wrong("the retirements do not add up: something is told twice")
    batches = [batch["position"] for batch in said["batches"]]
    if are_twice(batches) or {*batches} != {row["batch"] for row in moved}:
        raise Wrong("the batches do not add up to those of the serials")


def check_status(said: Any) -> None:
    """The tonnes are those of all retirements together, and the status follows from them."""
    retired, left = (
        sum(whole(row[name]) for row in said["retirements"])
        for name in ("quantity", "quantityInForce")
    )
    reasons = {row["reason"] for retired in said["retirements"] for row in retired["notInForce"]}
    if left == retired:
        status = "VALID"
    elif left:
        status = "PARTLY_INVALIDATED"
    else:
        status = "CORRECTED" if reasons == {"CORRECTED"} else "INVALIDATED"
    shown = (whole(said["quantity"]), whole(said["quantityInForce"]), said["status"])
    if shown != (retired, left, status):
        raise Wrong("its tonnes do not add up to what it says")


def check_number(said: Any) -> None:
    """The number is that of what is certified: a retirement, or an accounting period, where whose it is is shown."""
    log, number, whom = said["log"].removeprefix("nzc/"), said["number"], said["beneficiary"]
    if said["kind"] == "RETIREMENT":
        (retired,) = said["retirements"]
        born = retired["position"]
    elif said["kind"] == "PILOT_AND_PERIOD":
        born = whom["accountingPeriod"] if whom else str(whole(number.rpartition("-")[2]))
    else:
        raise Wrong("its kind is another one")
    if number != f"NZC-{log}-{born}":
        raise Wrong(f"{number:.80} is not the number of what it certifies")


def tonnes(ranges: Any) -> int:
    return sum(whole(row["last"]) - whole(row["first"]) + 1 for row in ranges)


def is_once(ranges: Any, without: Any = ()) -> bool:
    """Whether each serial of these ranges, without those of others, is there once, or not at all: from where a range
    begins to where it ends there is one more, and one less of what is taken away."""
    steps: Counter[tuple[str, int]] = Counter()
    for sign, rows in ((1, ranges), (-1, without)):
        for row in rows:
            first, last = whole(row["first"]), whole(row["last"])
            if first > last:
                return False
            steps[row["batch"], first] += sign
            steps[row["batch"], last + 1] -= sign
    return {*accumulate(steps[place] for place in sorted(steps))} <= {0, 1}


def are_twice(names: Iterable[Any]) -> bool:
    """Whether any of them is there twice."""
    return any(times > 1 for times in Counter(names).values())


# Evidence, file by file: a ZIP whose files follow one another uncompressed (docs/evidence.md).

NAME = re.compile(r"([a-z0-9]+/)?[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_NAME = 100
LONGEST_EVIDENCE = 128 << 20

TABLES = {
    "statements", "categories", "differences", "changes", "inventories", "lines", "sold", "retirements", "movements",
    "withdrawn", "refusals", "entries",
}  # fmt: skip

Row = dict[str, str]
Tables = dict[str, list[Row]]


def verify_evidence(content: bytes, verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    if len(content) > LONGEST_EVIDENCE:
        raise Wrong(f"it has more than {LONGEST_EVIDENCE} bytes: no evidence has")
    files = unzipped(content)
    said = loaded(files["manifest.json"])
    if said["form"] != "nzc-evidence-1" or written(said) != files["manifest.json"]:
        raise Wrong("manifest.json is not written as NZC writes it: it was changed since")
    named = said["key"]
    check_key(named, verifier)
    name, digest = f"{said['log']}/evidence", encoded(sha256(files["manifest.json"]))
    text = f"{name}\n{said['period']['certificate']}\n{said['asOf']}\n{digest}\n"
    note = files["manifest.note"].decode()
    check_note(note, text, named and key_for(name, named), "manifest.json")
    check_files(said, files)
    if zipped(files) != content:
        raise Wrong("the ZIP has bytes that belong to no file of it")
    tables = tables_in(files)
    check_told_once(tables)
    check_positions(said, tables)
    entries = check_entries(said, files, tables, witnesses)
    certificates = check_certificates(said, files, tables)
    now = check_numbers(tables, said["asOf"])
    hidden = " Not all lines were shown: categories were not reckoned from lines."
    return (
        f"{said['pilot']}, {said['year']}, as of position {said['asOf']}: net {now['netCo2e'] or 'not known'}; "
        f"{len(files)} files, {certificates} certificates and {entries} entries hold; "
        f"{f'signed by {named}' if named else 'NOBODY SIGNED IT'}.{'' if lines_are_shown(tables) else hidden}"
    )


def unzipped(content: bytes) -> dict[str, bytes]:
    """By hand, for programs disagree about what is in a ZIP: no two files of one name, and nothing that swells."""
    files: dict[str, bytes] = {}
    place = 0
    while content[place : place + 4] == b"PK\x03\x04":
        header = struct.unpack_from("<6x2H8x2I2H", content, place)
        flags, method, packed, size, name_length, extra = header
        start = place + 30 + name_length
        name = content[place + 30 : start].decode("utf-8", "replace")
        if not NAME.fullmatch(name) or name_length > LONGEST_NAME:
            raise Wrong(f"“{name:.80}” is no name of a file in evidence")
        if flags or method or packed != size:
            raise Wrong(f"“{name}” is compressed or encrypted, and no file of evidence is")
        if name in files:
            raise Wrong(f"“{name}” is in the ZIP twice")
        place = start + extra + size
        files[name] = content[start + extra : place]
    return files


def zipped(files: dict[str, bytes]) -> bytes:
    """The ZIP anew, which is the same bytes of the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o600 << 16
            archive.writestr(info, content)
    return made.getvalue()


def check_files(said: Any, files: dict[str, bytes]) -> None:
    listed = {file["name"]: (file["size"], file["sha256"]) for file in said["files"]}
    for name, content in files.items():
        held = str(len(content)), sha256(content).hex()
        if not name.startswith("manifest.") and listed.get(name) != held:
            raise Wrong(f"“{name}” was added, renamed or changed: manifest.json does not say so")
    for name in listed:
        if name not in files:
            raise Wrong(f"“{name}” is missing from the ZIP")
    if [*files] != [*listed, "manifest.json", "manifest.note"]:
        raise Wrong("the files are not in the order of manifest.json")


def tables_in(files: dict[str, bytes]) -> Tables:
    named = (
        TABLES if "refusals.csv" in files else TABLES - {"refusals"}
    )  # Evidence of before has none.
    return {name: rows_in(f"{name}.csv", files) for name in named}


def rows_in(name: str, files: dict[str, bytes]) -> list[Row]:
    rows = list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))
    if any(None in row or None in row.values() for row in rows):
        raise Wrong(f"{name} has a row that is longer, or shorter, than the others")
    return rows


# By which columns a row is told once: what is told twice is counted twice.
ONCE = {
    "statements": ("asOfPosition",), "categories": ("asOfPosition", "role", "category"),
    "differences": ("fromPosition",), "retirements": ("position",),
}  # fmt: skip


def check_told_once(tables: Tables) -> None:
    for name, columns in ONCE.items():
        if are_twice(tuple(row[column] for column in columns) for row in tables[name]):
            raise Wrong(f"{name}.csv tells a row twice")


def check_positions(said: Any, tables: Tables) -> None:
    expected = [(position, said["asOf"]) for position in said["compared"]]
    differences, changes = (
        [(row["fromPosition"], row["toPosition"]) for row in tables[name]]
        for name in ("differences", "changes")
    )
    stated = {row["asOfPosition"] for row in tables["statements"]}
    if (
        differences != expected
        or not {*changes} <= {*expected}
        or not stated <= {said["asOf"], *said["compared"]}
    ):
        raise Wrong("the positions are not those of manifest.json")


# Which columns name an entry of the log.
NAMING = [
    ("changes", "position"), ("retirements", "position"), ("withdrawn", "position"),
    ("inventories", "submittedPosition"), ("inventories", "verifiedPosition"),
]  # fmt: skip


def check_entries(
    said: Any, files: dict[str, bytes], tables: Tables, witnesses: Sequence[str]
) -> int:
    """Each entry that is named is in the log, and is what is said of it: how many there are."""
    proofs = loaded(files["proofs.json"])
    size, root = checkpoint_of(proofs["checkpoint"], said["key"], witnesses)
    if proofs["checkpoint"].split("\n")[0] != said["log"] or size < whole(said["asOf"]):
        raise Wrong("the checkpoint is older than the evidence, or of another log")
    if files["checkpoint.txt"].decode() != proofs["checkpoint"]:
        raise Wrong("checkpoint.txt is not that of proofs.json")
    proven = {proof["position"]: facts_of(proof, size, root) for proof in proofs["entries"]}
    for row in tables["entries"]:
        entry = proven.get(row["position"])
        if entry is None or any(str(entry[name] or "") != row[name] for name in row):
            raise Wrong(f"the entry at {row['position']} is not what is said of it")
    for row in tables.get("refusals", ()):
        for columns in REFUSED:
            entry = proven.get(row[columns["position"]], {})
            if any(str(entry.get(name) or "") != row[column] for name, column in columns.items()):
                raise Wrong(f"the entry at {row[columns['position']]} is not what is said of it")
    named = [(row[column], row.get("kind")) for table, column in NAMING for row in tables[table]]
    for position, kind in named:
        if position and (position not in proven or kind not in {None, proven[position]["kind"]}):
            raise Wrong(f"the entry at {position} is not proven")
    return len(proven)


# What entries say of what came to nothing, and of what was asked: in which columns of refusals.csv.
REFUSED = (
    {"position": "position", "at": "at", "kind": "kind", "organisation": "organisation"},
    {"position": "asked", "at": "askedAt", "kind": "askedKind", "organisation": "askedBy"},
)


def check_certificates(said: Any, files: dict[str, bytes], tables: Tables) -> int:
    """Each retirement has its certificate, and all have one; they say what the tables say: how many there are."""
    whole, rows = said["period"]["certificate"], tables["retirements"]
    numbers = {row["certificate"] for row in rows} | ({whole} if rows else set())
    held = {name for name in files if name.startswith("certificates/")}
    if held != {f"certificates/{number}.json" for number in numbers}:
        raise Wrong("the certificates are not those of the retirements")
    days = {name: said["period"][name] for name in ("from", "to")}
    for number in numbers:
        name = f"certificates/{number}.json"
        try:
            verify_certificate(files[name], said["key"])
        except Wrong as wrong:
            raise Wrong(f"{name}: {wrong}") from None
        document = loaded(files[name])
        shown = document["certificate"]
        pilot, period = shown["beneficiary"]["code"], shown["claimPeriod"]
        facts = (shown["number"], shown["asOf"], document["key"], pilot, period)
        own = [row for row in rows if number in {whole, row["certificate"]}]
        if (
            facts != (number, said["asOf"], said["key"], said["pilot"], days)
            or rows_shown(shown["retirements"]) != rows_told(own, tables)
        ):  # fmt: skip
            raise Wrong(f"{name} is not what the tables say")
        batches = {batch["position"]: batch for batch in shown["batches"]}
        positions = {row["position"] for row in own}
        for row in tables["movements"]:
            if row["retirement"] in positions and not is_of(row, batches.get(row["batch"])):
                raise Wrong(f"{name} is not what the tables say of batch {row['batch']}")
    return len(numbers)


# What a certificate says of a batch, as columns of movements.csv do: of older evidence not all of them.
OF_BATCH = {
    "programme": "programme", "project": "projectCode", "projectZh": "projectName.zh", "projectEn": "projectName.en",
    "registration": "registration", "vintage": "vintage", "producedFrom": "producedFrom", "producedTo": "producedTo",
    "methodology": "methodology", "methodologyVersion": "methodologyVersion", "verifiedBy": "verification.body.name",
    "verifiedByCode": "verification.body.credit_code", "verificationReport": "verification.report.number",
    "verificationReportDated": "verification.report.dated", "verificationReportSha256": "verification.report.sha256",
    "labels": "labels.code", "labelsZh": "labels.name_zh", "labelsEn": "labels.name_en",
    "labelsIssuedBy": "labels.issued_by", "labelsFrom": "labels.valid_from", "labelsTo": "labels.expires_on",
}  # fmt: skip


def is_of(row: Row, batch: Any) -> bool:
    return all(row[name] == plain(cell_at(batch, path)) for name, path in OF_BATCH.items() if name in row)  # fmt: skip


def cell_at(value: Any, path: str) -> str:
    """What lies at a path; of a list what lies there of each, in order."""
    if isinstance(value, list):
        cells = [cell_at(item, path) for item in value]
        return "; ".join(cells) if any(cells) else ""
    if not path or value is None:
        return "" if value is None else str(value)
    name, _, rest = path.partition(".")
    return cell_at(value.get(name), rest)


SHOWN = ("position", "retiredOn", "programme", "registryReference", "quantity", "quantityInForce")
RANGED = ("retirement", "batch", "first", "last", "serials")


def rows_told(retirements: list[Row], tables: Tables) -> list[list[list[str]]]:
    """Retirements, what they moved and what was withdrawn of that, as the tables say it."""
    positions = {row["position"] for row in retirements}
    ranges = (
        [row for row in tables[name] if row["retirement"] in positions]
        for name in ("movements", "withdrawn")
    )
    return [
        [[row[column] for column in SHOWN] for row in retirements],
        *([[row[column] for column in RANGED] for row in rows] for rows in ranges),
    ]


def rows_shown(retirements: Any) -> list[list[list[str]]]:
    """The same as a certificate says it."""
    return [
        [[plain(retired[column]) for column in SHOWN] for retired in retirements],
        *([[retired["position"], item["batch"], item["first"], item["last"], plain(item["text"])]
           for retired in retirements for item in retired[ranges]]
          for ranges in ("serials", "notInForce")),
    ]  # fmt: skip


def plain(text: str | None) -> str:
    """As it is written in a table, where a spreadsheet takes no cell for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text or ""


# Evidence, number by number: exact, in tonnes.

NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?")


def check_numbers(tables: Tables, position: str) -> Row:
    """Net follows from categories, these from the lines, and purchases from the movements: the statement of now."""
    statements = {row["asOfPosition"]: row for row in tables["statements"]}
    now = statements[position]
    for row in statements.values():
        check_statement(row, tables["categories"])
    if lines_are_shown(tables):
        check_lines(tables, position)
    sold = total(tables["sold"], "quantity")
    if number(now["sinksSoldCo2e"]) != min(number(now["sinksMeasuredCo2e"]), sold):
        raise Wrong("statements.csv: sinksSoldCo2e does not follow from sold.csv")
    check_retirements(tables)
    if number(now["retiredQuantity"]) != total(tables["retirements"], "quantityInForce"):
        raise Wrong("statements.csv: retiredQuantity does not follow from retirements.csv")
    for row in tables["differences"]:
        check_difference(row, statements, tables["changes"])
    return now


def check_statement(row: Row, categories: list[Row]) -> None:
    at = row["asOfPosition"]
    gross, sinks = (
        total(part for part in categories if (part["asOfPosition"], part["role"]) == (at, role))
        for role in ("SOURCE", "SINK")
    )
    usable = sinks - number(row["sinksSoldCo2e"])
    bought = number(row["retiredQuantity"]) if row["basis"] == "OPERATIONAL" else Fraction(0)
    known = not row["unknown"]
    follows = {
        "sinksMeasuredCo2e": sinks, "sinksCo2e": usable, "purchasedQuantity": bought,
        "grossCo2e": gross if known else None, "netCo2e": gross - usable - bought if known else None,
    }  # fmt: skip
    for name, value in follows.items():
        if (number(row[name]) if row[name] else None) != value:
            raise Wrong(f"statements.csv, {at}: {name} does not follow from the rows")


def lines_are_shown(tables: Tables) -> bool:
    return all(row["linesShown"] == "true" for row in tables["inventories"])


def check_lines(tables: Tables, position: str) -> None:
    left: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in tables["lines"]:
        sign = {"MEMO": 0, "DEDUCTED": -1}.get(line["treatment"], 1)
        left[line["role"], line["category"]] += sign * number(line["co2e"])
    for row in tables["categories"]:
        if row["asOfPosition"] == position:
            left[row["role"], row["category"]] -= number(row["co2e"])
    if any(left.values()):
        raise Wrong("lines.csv does not add up to categories.csv")


def check_retirements(tables: Tables) -> None:
    positions = {row["position"] for row in tables["retirements"]}
    sums: dict[str, dict[str, Fraction]] = {}
    for name in ("movements", "withdrawn"):
        sums[name] = defaultdict(Fraction)
        for row in tables[name]:
            counted = number(row["last"]) - number(row["first"]) + 1
            if row["retirement"] not in positions or number(row["quantity"]) != counted:
                raise Wrong(f"{name}.csv: {row['serials']} are not {row['quantity']} of a retirement")  # fmt: skip
            sums[name][row["retirement"]] += counted
    for row in tables["retirements"]:
        moved, gone = (sums[name][row["position"]] for name in ("movements", "withdrawn"))
        if (number(row["quantity"]), number(row["quantityInForce"])) != (moved, moved - gone):
            raise Wrong(f"retirements.csv: {row['position']} is not what it moved")


def check_difference(row: Row, statements: dict[str, Row], changes: list[Row]) -> None:
    ends = row["fromPosition"], row["toPosition"]
    between = [change for change in changes if (change["fromPosition"], change["toPosition"]) == ends]  # fmt: skip
    for name in ("grossCo2e", "sinksCo2e", "purchasedCo2e", "netCo2e"):
        term = "purchasedQuantity" if name == "purchasedCo2e" else name
        before, after = (statements.get(at, {}).get(term, "") for at in ends)
        known = bool(before and after)
        if known != bool(row[name]) or (known and number(row[name]) != number(after) - number(before)):  # fmt: skip
            raise Wrong(f"differences.csv, {ends[0]}–{ends[1]}: {name} is not the difference")
        if known and all(change[name] for change in between) and total(between, name) != number(row[name]):  # fmt: skip
            raise Wrong(f"changes.csv, {ends[0]}–{ends[1]}: {name} does not add up")


def total(rows: Iterable[Row], column: str = "co2e") -> Fraction:
    return sum((number(row[column]) for row in rows), Fraction(0))


def number(text: str) -> Fraction:
    if not NUMBER.fullmatch(text):
        raise Wrong(f"“{text:.80}” is no number")
    return Fraction(text)


# The command line.


def main() -> int:
    given = asked()
    try:
        said = verified(given)
    except (Wrong, OSError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    except MALFORMED as error:
        told = f"something is missing, or is something else than it should be: {error!r:.200}"
        print(f"✗ {told}", file=sys.stderr)
        return 1
    if given.key:
        unpinned = ""
    elif given.command in {"certificate", "evidence"}:
        unpinned = " (Its own key was believed: no --key.)"
    else:
        unpinned = " (No signature was checked: no --key.)"
    print(f"✓ {said}{unpinned}")
    return 0


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Verify what NZC says of its log.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, files, shows in (
        ("proof", ["proof"], "that an entry is in the log"),
        ("grew", ["old", "new", "proof"], "that the log only grew"),
        ("mirror", [], "that all of the log is as it was committed to"),
        ("certificate", ["certificate"], "that a certificate of retirements holds"),
        ("evidence", ["evidence"], "that the working papers of a pilot's year hold"),
    ):
        command = commands.add_parser(name, help=shows)
        for file in files:
            command.add_argument(file, type=Path)
        if name == "mirror":
            command.add_argument("address")
            command.add_argument("--since", type=Path)
        elif name != "grew":
            told = "who must have cosigned the checkpoint"
            command.add_argument(
                "--witness", type=str.strip, action="append", default=[], help=told
            )
        told = "the log's verifier key; without one no signature is checked"
        command.add_argument("--key", type=str.strip, help=told)
    return parser.parse_args()


def verified(given: argparse.Namespace) -> str:
    match given.command:
        case "proof":
            return verify_proof(loaded(text_in(given.proof)), given.key, given.witness)
        case "grew":
            proof = loaded(text_in(given.proof))
            return verify_grew(text_in(given.old), text_in(given.new), proof, given.key)
        case "mirror":
            since = given.since and text_in(given.since)
            return verify_mirror(given.address.rstrip("/"), given.key, since)
        case "certificate":
            return verify_certificate(given.certificate.read_bytes(), given.key, given.witness)
        case _:
            return verify_evidence(given.evidence.read_bytes(), given.key, given.witness)


def text_in(file: Path) -> str:
    return file.read_text("utf-8")


if __name__ == "__main__":
    sys.exit(main())
