#!/usr/bin/env python3
"""Verify what NZC says of its log, trusting nobody: Python 3.11 and the package `cryptography` are all that it takes.

    verify_log.py proof PROOF.json [--key VERIFIER]
    verify_log.py grew OLD.txt NEW.txt PROOF.json [--key VERIFIER]
    verify_log.py mirror https://nzc.example/log [--key VERIFIER] [--since OLD.txt]
    verify_log.py certificate CERTIFICATE.json [--key VERIFIER]

`proof` reads the answer to `inclusionProof { leaf path size root checkpoint { note } openings { name value salt } }`;
`grew` two checkpoints, and the answer to `consistencyProof { fromSize toSize path }` between them; `mirror` fetches the
whole log, makes its tree anew, and with `--since` sees whether it begins with what an older checkpoint committed to;
`certificate` checks a certificate of retirements, as `/certificates/….json` serves it, by the key that it names itself
where none is given.
VERIFIER is the line that `nzc log verifier` prints: have it from the operator, not from where the log is served. It
ends with 0 where all holds; else it says what does not.
"""

import argparse
import base64
import hashlib
import json
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
TILE = 256
PATIENCE_SECONDS = 60


class Wrong(Exception):
    """Something does not hold."""


# The tree: RFC 6962, section 2.1, and the verifying of RFC 9162, sections 2.1.3.2 and 2.1.4.2.


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: list[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = [node_hash(a, b) for a, b in zip(hashes[::2], hashes[1::2], strict=False)]
        hashes = pairs + hashes[len(pairs) * 2 :]
    return hashes[0]


def root_by_inclusion(leaf: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to from the `number`-th leaf, from 0."""
    if not 0 <= number < size:
        raise Wrong("the leaf is not in a tree of that size")
    found, last = leaf, size - 1
    for step in path:
        if last == 0:
            raise Wrong("the path is too long")
        if number & 1 or number == last:
            found = node_hash(step, found)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, step)
        number, last = number >> 1, last >> 1
    if last != 0:
        raise Wrong("the path is too short")
    return found


def roots_by_consistency(
    old: int, new: int, old_root: bytes, path: list[bytes]
) -> tuple[bytes, bytes]:
    """The older and the newer root that a consistency proof leads to."""
    if not 0 < old < new:
        raise Wrong("a proof goes from a tree that is not empty to a larger one")
    steps = [old_root, *path] if old & (old - 1) == 0 else path
    if not steps:
        raise Wrong("the proof is too short")
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Wrong("the proof is too long")
        if number & 1 or number == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            after = node_hash(after, step)
        number, last = number >> 1, last >> 1
    if last != 0:
        raise Wrong("the proof is too short")
    return before, after


# Checkpoints: c2sp.org/signed-note and c2sp.org/tlog-checkpoint.


def checkpoint_of(note: str, verifier: str | None) -> tuple[int, bytes]:
    """The size and root that a checkpoint is about; signed, where a verifier key is given."""
    text, _, signatures = note.rpartition("\n\n") if "\n\n" in note else (note[:-1], "", "")
    lines = text.split("\n")
    if len(lines) != 3 or not note.endswith("\n"):
        raise Wrong("that is no checkpoint")
    if verifier is not None:
        check_signed(f"{text}\n", signatures, verifier)
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def check_signed(text: str, signatures: str, verifier: str) -> None:
    name, _, encoded = verifier.strip().partition("+")
    key = base64.b64decode(encoded.partition("+")[2], validate=True)
    if key[:1] != ED25519:
        raise Wrong("the verifier key is none of Ed25519")
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if text.split("\n", maxsplit=1)[0] != name:
        raise Wrong(f"the checkpoint is of another log than {name}")
    for line in signatures.splitlines():
        said, _, signature = line.removeprefix("— ").rpartition(" ")
        signed = base64.b64decode(signature, validate=True)
        if said == name and signed[:4] == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(key[1:]).verify(signed[4:], text.encode())
            except InvalidSignature:
                raise Wrong("the signature of the checkpoint is wrong") from None
            return
    raise Wrong("the checkpoint is not signed by that key")


# What is asked.


def verify_proof(proof: dict[str, Any], verifier: str | None) -> str:
    size, root = checkpoint_of(proof["checkpoint"]["note"], verifier)
    entry = verify_included(proof, size, root)
    return f"Entry {entry['position']}, {entry['kind']} at {entry['at']}, is in the log of {size} entries."


def verify_included(proof: dict[str, Any], size: int, root: bytes) -> dict[str, Any]:
    """The leaf of an entry, that it is in the log of a root, and that it says what is opened of it."""
    leaf = proof["leaf"].encode()
    entry: dict[str, Any] = json.loads(leaf)
    path = [base64.b64decode(step) for step in proof["path"]]
    number = int(entry["position"]) - 1
    if root_by_inclusion(leaf_hash(leaf), number, size, path) != root:
        raise Wrong("the path does not lead to the root of the checkpoint")
    for opening in proof.get("openings") or ():
        pair = f"[{json.dumps(opening['name'], ensure_ascii=False)},{opening['value']}]".encode()
        commitment = hashlib.sha256(base64.b64decode(opening["salt"]) + pair).hexdigest()
        if commitment not in entry["facts"]:
            raise Wrong(f"the entry does not say {pair.decode()}")
    return entry


# What a certificate shows, and the fact of which kind of entry says it (docs/retirement-certificates.md).
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

# The second form says of batches also what these entries may say.
FORMS = {
    "nzc-certificate-1": {},
    "nzc-certificate-2": {"verification": "body.verification", "labels": "body.labels"},
}


def verify_certificate(content: bytes, verifier: str | None) -> str:
    document = json.loads(content)
    if written(document).encode() + b"\n" != content:
        raise Wrong("the file is not written as NZC writes it: it was changed since")
    said, named = document["certificate"], document["key"]
    if verifier is not None and verifier.strip() != named:
        raise Wrong(f"it is signed by the key {named}")
    size, root = checkpoint_of(said["checkpoint"], named)
    if said["form"] not in FORMS or said["checkpoint"].split("\n")[0] != said["log"]:
        raise Wrong("the form is another one, or the checkpoint is of another log")
    if size < int(said["asOf"]):
        raise Wrong("the checkpoint is older than the certificate")
    entries = {entry["position"]: entry_of(entry, size, root) for entry in said["entries"]}
    for retired in said["retirements"]:
        check_retired(retired, said["beneficiary"], entries)
    for batch in said["batches"]:
        produced = PRODUCED if batch["productionIsLogged"] else {}
        check_facts(entries[batch["position"]], "CREDITS_ISSUED", batch, ISSUED | produced)
        enrolled = entries[batch["enrolment"]]
        # A methodology that was stated later is in another entry.
        stated = {"methodology": "body.methodology"} if enrolled["body.methodology"] else {}
        check_facts(enrolled, "PROJECT_ENROLLED", batch, ENROLLED | stated)
        check_said(entries[batch["position"]], batch, FORMS[said["form"]])
        if said["form"] == "nzc-certificate-2" and stated:
            check_said(enrolled, batch, {"methodologyVersion": "body.methodology_version"})
        registered = entries[batch["project"]]
        check_facts(registered, "PROJECT_REGISTERED", batch, {"projectCode": "body.code"})
    check_sums(said)
    digest = base64.b64encode(hashlib.sha256(written(said).encode()).digest()).decode()
    name = f"{said['log']}/certificates"
    text = f"{name}\n{said['number']}\n{said['asOf']}\n{said['status']}\n{digest}\n"
    if named is None:
        if document["note"] != text:
            raise Wrong("what it says is not what it was made with: it was changed since")
        return f"{said['number']}: {said['status']} as of {said['asOf']}. NOBODY SIGNED IT."
    signed, _, signatures = document["note"].partition("\n\n")
    if f"{signed}\n" != text:
        raise Wrong("what it says is not what was signed: it was changed since")
    check_signed(text, signatures, key_for(name, named))
    unnamed = [of["position"] for of in said["retirements"] if not of["serialsAreLogged"]]
    note = f" The log does not name the serials of {', '.join(unnamed)}." if unnamed else ""
    return (
        f"{said['number']}: {said['status']} as of position {said['asOf']}, {said['quantity']} t retired, "
        f"{said['quantityInForce']} t in force; signed by {named}.{note}"
    )


def written(value: Any) -> str:
    """Canonical JSON (RFC 8785), of which there are no fractions."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def entry_of(entry: dict[str, Any], size: int, root: bytes) -> dict[str, Any]:
    """The facts of an entry that are opened, once it is proven to be in the log; and its `kind`."""
    verify_included(entry, size, root)
    leaf = json.loads(entry["leaf"])
    if leaf["position"] != entry["position"]:
        raise Wrong(f"the entry at {entry['position']} is another one")
    opened = {of["name"]: json.loads(of["value"]) for of in entry["openings"]}
    return opened | {"kind": leaf["kind"], "position": entry["position"]}


def check_retired(retired: Any, whom: Any, entries: dict[str, Any]) -> None:
    entry = entries[retired["position"]]
    check_facts(entry, "CREDITS_RETIRED", retired, RETIRED)
    if whom is not None:
        check_facts(entry, "CREDITS_RETIRED", whom, WHOM)
        check_facts(entry, "CREDITS_RETIRED", retired["holder"], {"organisation": "body.holder"})
    if retired["serialsAreLogged"]:
        logged = [{name: str(of[name]) for name in of} for of in entry["body.serials"]]
        if logged != retired["serials"]:
            raise Wrong(f"the entry at {retired['position']} names other serials")
    for gone in retired["notInForce"]:
        corrects = {"position": "body.corrects"} if gone["reason"] == "CORRECTED" else {}
        check_facts(entries[gone["since"]], gone["kind"], retired, corrects)


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


def check_sums(said: Any) -> None:
    """Tonnes add up, and the status follows from them."""

    def tonnes(ranges: Any) -> int:
        return sum(int(of["last"]) - int(of["first"]) + 1 for of in ranges)

    retired = said["retirements"]
    held = [
        (int(of["quantity"]), int(of["quantityInForce"])) == (
            tonnes(of["serials"]), tonnes(of["serials"]) - tonnes(of["notInForce"]))
        for of in retired
    ]  # fmt: skip
    whole, left = (sum(int(of[name]) for of in retired) for name in ("quantity", "quantityInForce"))
    reasons = {gone["reason"] for of in retired for gone in of["notInForce"]}
    if left == whole:
        status = "VALID"
    elif left:
        status = "PARTLY_INVALIDATED"
    else:
        status = "CORRECTED" if reasons == {"CORRECTED"} else "INVALIDATED"
    shown = (said["quantity"], said["quantityInForce"], said["status"])
    if not all(held) or shown != (str(whole), str(left), status):
        raise Wrong("its tonnes do not add up to what it says")


def key_for(name: str, verifier: str) -> str:
    """The verifier key of a key under another name."""
    key = base64.b64decode(verifier.strip().split("+", 2)[2], validate=True)
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    return f"{name}+{key_id.hex()}+{base64.b64encode(key).decode()}"


def verify_grew(old: str, new: str, proof: dict[str, Any], verifier: str | None) -> str:
    (old_size, old_root), (size, root) = checkpoint_of(old, verifier), checkpoint_of(new, verifier)
    path = [base64.b64decode(step) for step in proof["path"]]
    if old_size == size:
        holds = old_root == root
    else:
        holds = roots_by_consistency(old_size, size, old_root, path) == (old_root, root)
    if not holds:
        raise Wrong("the newer log does not begin with the older one")
    return f"The log of {size} entries begins with that of {old_size}."


def verify_mirror(address: str, verifier: str | None, since: str | None) -> str:
    size, root = checkpoint_of(fetch(f"{address}/checkpoint").decode(), verifier)
    hashes = [leaf_hash(leaf) for leaf in entries(address, size)]
    if root_of(hashes) != root:
        raise Wrong("the entries are not those of the checkpoint")
    if since is not None:
        old_size, old_root = checkpoint_of(since, verifier)
        if old_size > size or root_of(hashes[:old_size]) != old_root:
            raise Wrong("the log does not begin with what the older checkpoint committed to")
    return f"All {size} entries are those of the checkpoint."


def entries(address: str, size: int) -> Iterator[bytes]:
    """The leaves of the first entries, bundle by bundle (c2sp.org/tlog-tiles)."""
    for number in range((size + TILE - 1) // TILE):
        width = min(size - number * TILE, TILE)
        bundle = fetch(
            f"{address}/tile/entries/{path_of(number)}{'' if width == TILE else f'.p/{width}'}"
        )
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


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Verify what NZC says of its log.")
    commands = parser.add_subparsers(dest="command", required=True)
    proof = commands.add_parser("proof", help="that an entry is in the log")
    proof.add_argument("proof", type=Path)
    grew = commands.add_parser("grew", help="that the log only grew")
    for name in ("old", "new", "proof"):
        grew.add_argument(name, type=Path)
    mirror = commands.add_parser("mirror", help="that all of the log is as it was committed to")
    mirror.add_argument("address")
    mirror.add_argument("--since", type=Path)
    certificate = commands.add_parser("certificate", help="that a certificate of retirements holds")
    certificate.add_argument("certificate", type=Path)
    for command in (proof, grew, mirror, certificate):
        command.add_argument(
            "--key", help="the log's verifier key; without one no signature is checked"
        )
    return parser.parse_args()


def main() -> int:
    given = asked()
    try:
        match given.command:
            case "proof":
                said = verify_proof(json.loads(given.proof.read_text("utf-8")), given.key)
            case "grew":
                proof = json.loads(given.proof.read_text("utf-8"))
                said = verify_grew(
                    given.old.read_text("utf-8"), given.new.read_text("utf-8"), proof, given.key
                )
            case "certificate":
                said = verify_certificate(given.certificate.read_bytes(), given.key)
            case _:
                since = given.since and given.since.read_text("utf-8")
                said = verify_mirror(given.address.rstrip("/"), given.key, since)
    except (Wrong, ValueError, KeyError, IndexError, TypeError, OSError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    unpinned = {
        "certificate": " (Its own key was believed: no --key.)",
    }.get(given.command, " (No signature was checked: no --key.)")
    print(f"✓ {said}{'' if given.key else unpinned}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
