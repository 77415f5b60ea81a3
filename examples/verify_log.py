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
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519, COSIGNATURE = b"\x01", b"\x04"
TILE = 256
PATIENCE_SECONDS = 60


class Wrong(Exception):
    """Something does not hold."""


# What reading something else ends in.
MALFORMED = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, csv.Error, struct.error,
)  # fmt: skip


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


def checkpoint_of(
    note: str, verifier: str | None, witnesses: Sequence[str] = ()
) -> tuple[int, bytes]:
    """The size and root that a checkpoint is about; signed, where a verifier key is given, and cosigned by the
    witnesses."""
    text, _, signatures = note.rpartition("\n\n") if "\n\n" in note else (note[:-1], "", "")
    lines = text.split("\n")
    if len(lines) != 3 or not note.endswith("\n"):
        raise Wrong("that is no checkpoint")
    if verifier is not None:
        check_signed(f"{text}\n", signatures, verifier)
    for witness in witnesses:
        check_cosigned(note, witness)
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def check_signed(text: str, signatures: str, verifier: str) -> None:
    name, public, found = signatures_by(verifier, ED25519, signatures)
    if text.split("\n", maxsplit=1)[0] != name:
        raise Wrong(f"the checkpoint is of another log than {name}")
    if not found:
        raise Wrong("the checkpoint is not signed by that key")
    check_each(public, [(signature, text) for signature in found])


def check_cosigned(note: str, witness: str) -> None:
    """That a witness saw a checkpoint at some time, and all that it saw before is the beginning of it."""
    text, _, signatures = note.rpartition("\n\n")
    name, public, found = signatures_by(witness, COSIGNATURE, signatures)
    if not found:
        raise Wrong(f"the checkpoint is not cosigned by {name} with that key")
    times = [int.from_bytes(signature[:8]) for signature in found]
    if not all(times):
        raise Wrong(f"the cosignature of {name} says no time")
    messages = [f"cosignature/v1\ntime {time}\n{text}\n" for time in times]
    check_each(public, list(zip([of[8:] for of in found], messages, strict=True)))


def signatures_by(verifier: str, kind: bytes, signatures: str) -> tuple[str, bytes, list[bytes]]:
    """The name and the key of a verifier key, and what it signed of a note."""
    name, _, encoded = verifier.strip().partition("+")
    key = base64.b64decode(encoded.partition("+")[2], validate=True)
    if key[:1] != kind:
        raise Wrong(f"the verifier key of {name} is of another kind")
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    lines = [line.removeprefix("— ").rpartition(" ") for line in signatures.splitlines()]
    signed = [base64.b64decode(of, validate=True) for said, _, of in lines if said == name]
    return name, key[1:], [of[4:] for of in signed if of[:4] == key_id]


def check_each(key: bytes, signed: list[tuple[bytes, str]]) -> None:
    for signature, message in signed:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message.encode())
        except InvalidSignature:
            raise Wrong("a signature of the checkpoint is wrong") from None


# What is asked.


def verify_proof(proof: dict[str, Any], verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    size, root = checkpoint_of(proof["checkpoint"]["note"], verifier, witnesses)
    entry = verify_included(proof, size, root)
    return f"Entry {entry['position']}, {entry['kind']} at {entry['at']}, is in the log of {size} entries."


def verify_included(proof: dict[str, Any], size: int, root: bytes) -> dict[str, Any]:
    """The leaf of an entry, that it is in the log of a root, and that it says what is opened of it."""
    leaf = proof["leaf"].encode()
    entry: dict[str, Any] = json.loads(leaf)
    path = [base64.b64decode(step, validate=True) for step in proof["path"]]
    number = int(entry["position"]) - 1
    if root_by_inclusion(leaf_hash(leaf), number, size, path) != root:
        raise Wrong("the path does not lead to the root of the checkpoint")
    for opening in proof.get("openings") or ():
        pair = f"[{json.dumps(opening['name'], ensure_ascii=False)},{opening['value']}]".encode()
        commitment = hashlib.sha256(
            base64.b64decode(opening["salt"], validate=True) + pair
        ).hexdigest()
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


def verify_certificate(content: bytes, verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    document = json.loads(content)
    if written(document).encode() + b"\n" != content:
        raise Wrong("the file is not written as NZC writes it: it was changed since")
    said, named = document["certificate"], document["key"]
    if verifier is not None and verifier.strip() != named:
        raise Wrong(f"it is signed by the key {named}")
    size, root = checkpoint_of(said["checkpoint"], named, witnesses)
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


# Evidence: a ZIP whose files follow one another uncompressed (docs/evidence.md).

NAME = re.compile(r"([a-z0-9]+/)?[A-Za-z0-9][A-Za-z0-9._-]*")
NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?")

Row = dict[str, str]
Tables = dict[str, list[Row]]


def verify_evidence(content: bytes, verifier: str | None, witnesses: Sequence[str] = ()) -> str:
    files = unzipped(content)
    manifest, note = files["manifest.json"], files["manifest.note"].decode()
    said = json.loads(manifest)
    if said["form"] != "nzc-evidence-1" or written(said).encode() + b"\n" != manifest:
        raise Wrong("manifest.json is not written as NZC writes it: it was changed since")
    named = said["key"]
    if verifier is not None and verifier.strip() != named:
        raise Wrong(f"it is signed by the key {named}")
    check_manifest_signed(said, manifest, note)
    check_files(said, files)
    if zipped(files) != content:
        raise Wrong("the ZIP has bytes that belong to no file of it")
    tables = {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(of.decode("utf-8-sig"), newline="")))
        for name, of in files.items() if name.endswith(".csv")
    }  # fmt: skip
    check_positions(said, tables)
    entries = check_entries(said, files, tables, witnesses)
    certificates = check_certificates(said, files, tables)
    now = check_numbers(tables, said["asOf"])
    shown = all(of["linesShown"] == "true" for of in tables["inventories"])
    note = "" if shown else " Not all lines were shown: categories were not reckoned from lines."
    return (
        f"{said['pilot']}, {said['year']}, as of position {said['asOf']}: net {now['netCo2e'] or 'not known'}; "
        f"{len(files)} files, {certificates} certificates and {entries} entries hold; "
        f"{f'signed by {named}' if named else 'NOBODY SIGNED IT'}.{note}"
    )


def unzipped(content: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    place = 0
    while content[place : place + 4] == b"PK\x03\x04":
        header = struct.unpack_from("<4s5H3I2H", content, place)
        start = place + 30 + header[9]
        name = content[place + 30 : start].decode("utf-8", "replace")
        if not NAME.fullmatch(name):
            raise Wrong(f"“{name:.80}” is no name of a file in evidence")
        if header[2] or header[3] or header[7] != header[8]:
            raise Wrong(f"“{name}” is compressed or encrypted, and no file of evidence is")
        if name in files:
            raise Wrong(f"“{name}” is in the ZIP twice")
        start += header[10]
        place = start + header[8]
        files[name] = content[start:place]
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


def check_manifest_signed(said: Any, manifest: bytes, note: str) -> None:
    digest = base64.b64encode(hashlib.sha256(manifest).digest()).decode()
    name = f"{said['log']}/evidence"
    text = f"{name}\n{said['period']['certificate']}\n{said['asOf']}\n{digest}\n"
    signed, _, signatures = note.partition("\n\n")
    if text not in {note, f"{signed}\n"} or (said["key"] and note == text):
        raise Wrong("manifest.json is not what was signed: it was changed since")
    if said["key"]:
        check_signed(text, signatures, key_for(name, said["key"]))


def check_files(said: Any, files: dict[str, bytes]) -> None:
    listed = {of["name"]: (of["size"], of["sha256"]) for of in said["files"]}
    for name, content in files.items():
        held = str(len(content)), hashlib.sha256(content).hexdigest()
        if not name.startswith("manifest.") and listed.get(name) != held:
            raise Wrong(f"“{name}” was added, renamed or changed: manifest.json does not say so")
    for name in listed:
        if name not in files:
            raise Wrong(f"“{name}” is missing from the ZIP")
    if [*files] != [*listed, "manifest.json", "manifest.note"]:
        raise Wrong("the files are not in the order of manifest.json")


def check_positions(said: Any, tables: Tables) -> None:
    ends = [(position, said["asOf"]) for position in said["compared"]]
    differences, changes = (
        [(row["fromPosition"], row["toPosition"]) for row in tables[name]]
        for name in ("differences", "changes")
    )
    stated = {row["asOfPosition"] for row in tables["statements"]}
    if differences != ends or not {*changes} <= {*ends} or not stated <= {said["asOf"], *said["compared"]}:  # fmt: skip
        raise Wrong("the positions are not those of manifest.json")


def check_entries(
    said: Any, files: dict[str, bytes], tables: Tables, witnesses: Sequence[str]
) -> int:
    """Each entry that is named is in the log, and is what is said of it: how many there are."""
    proofs = json.loads(files["proofs.json"])
    size, root = checkpoint_of(proofs["checkpoint"], said["key"], witnesses)
    if proofs["checkpoint"].split("\n")[0] != said["log"] or size < int(said["asOf"]):
        raise Wrong("the checkpoint is older than the evidence, or of another log")
    if files["checkpoint.txt"].decode() != proofs["checkpoint"]:
        raise Wrong("checkpoint.txt is not that of proofs.json")
    proven = {of["position"]: verify_included(of, size, root) for of in proofs["entries"]}
    for row in tables["entries"]:
        entry = proven.get(row["position"], {})
        if any(str(entry.get(name) or "") != row[name] for name in row):
            raise Wrong(f"the entry at {row['position']} is not what is said of it")
    for row in tables.get("refusals", ()):  # Evidence of before has none.
        for columns in REFUSED:
            entry = proven.get(row[columns["position"]], {})
            if any(str(entry.get(name) or "") != row[column] for name, column in columns.items()):
                raise Wrong(f"the entry at {row[columns['position']]} is not what is said of it")
    named = {
        (row[column], row.get("kind"))
        for table, columns in {"changes": ["position"], "retirements": ["position"], "withdrawn": ["position"],
                               "inventories": ["submittedPosition", "verifiedPosition"]}.items()
        for row in tables[table] for column in columns if row[column]
    }  # fmt: skip
    for position, kind in named:
        if position not in proven or kind not in {None, proven[position]["kind"]}:
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
    numbers = {of["certificate"] for of in rows} | ({whole} if rows else set())
    held = {name for name in files if name.startswith("certificates/")}
    if held != {f"certificates/{number}.json" for number in numbers}:
        raise Wrong("the certificates are not those of the retirements")
    for number in numbers:
        name = f"certificates/{number}.json"
        try:
            verify_certificate(files[name], said["key"])
        except Wrong as wrong:
            raise Wrong(f"{name}: {wrong}") from None
        document = json.loads(files[name])
        of = document["certificate"]
        own = [row for row in rows if number in {whole, row["certificate"]}]
        positions = {row["position"] for row in own}
        tables_say = [
            [[row[column] for column in SHOWN] for row in own],
            *([[row[column] for column in RANGED] for row in tables[table] if row["retirement"] in positions]
              for table in ("movements", "withdrawn")),
        ]  # fmt: skip
        it_says = [
            [[plain(retired[column]) for column in SHOWN] for retired in of["retirements"]],
            *([[retired["position"], item["batch"], item["first"], item["last"], plain(item["text"])]
               for retired in of["retirements"] for item in retired[ranges]]
              for ranges in ("serials", "notInForce")),
        ]  # fmt: skip
        batches = {batch["position"]: batch for batch in of["batches"]}
        for row in tables["movements"]:
            if row["retirement"] in positions and not is_of(row, batches[row["batch"]]):
                raise Wrong(f"{name} is not what the tables say of batch {row['batch']}")
        facts = (of["number"], of["asOf"], document["key"], of["beneficiary"]["code"], of["claimPeriod"])  # fmt: skip
        days = {name: said["period"][name] for name in ("from", "to")}
        expected = (number, said["asOf"], said["key"], said["pilot"], days)
        if facts != expected or tables_say != it_says:
            raise Wrong(f"{name} is not what the tables say")
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


def plain(text: str | None) -> str:
    """As it is written in a table, where a spreadsheet takes no cell for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text or ""


def check_numbers(tables: Tables, position: str) -> Row:
    """The statements follow from their categories, these from the lines, and purchases from the movements."""
    statements = {row["asOfPosition"]: row for row in tables["statements"]}
    now = statements[position]
    categories = tables["categories"]
    for at, row in statements.items():
        gross, sinks = (
            total(of for of in categories if (of["asOfPosition"], of["role"]) == (at, role))
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
    if all(of["linesShown"] == "true" for of in tables["inventories"]):
        check_lines(tables, position)
    measured = number(now["sinksMeasuredCo2e"])
    if number(now["sinksSoldCo2e"]) != min(measured, total(tables["sold"], "quantity")):
        raise Wrong("statements.csv: sinksSoldCo2e does not follow from sold.csv")
    check_retirements(tables)
    if number(now["retiredQuantity"]) != total(tables["retirements"], "quantityInForce"):
        raise Wrong("statements.csv: retiredQuantity does not follow from retirements.csv")
    for row in tables["differences"]:
        check_difference(row, statements, tables["changes"])
    return now


def check_lines(tables: Tables, position: str) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for line in tables["lines"]:
        sign = {"MEMO": 0, "DEDUCTED": -1}.get(line["treatment"], 1)
        sums[line["role"], line["category"]] += sign * number(line["co2e"])  # type: ignore[assignment]
    for row in tables["categories"]:
        if row["asOfPosition"] == position:
            sums[row["role"], row["category"]] -= number(row["co2e"])  # type: ignore[assignment]
    if any(sums.values()):
        raise Wrong("lines.csv does not add up to categories.csv")


def check_retirements(tables: Tables) -> None:
    moved: dict[str, list[Row]] = {
        "movements": tables["movements"],
        "withdrawn": tables["withdrawn"],
    }
    positions = {row["position"] for row in tables["retirements"]}
    for name, rows in moved.items():
        for row in rows:
            counted = number(row["last"]) - number(row["first"]) + 1
            if row["retirement"] not in positions or number(row["quantity"]) != counted:
                raise Wrong(
                    f"{name}.csv: {row['serials']} are not {row['quantity']} of a retirement"
                )
    for row in tables["retirements"]:
        whole, gone = (
            total((of for of in rows if of["retirement"] == row["position"]), "quantity")
            for rows in moved.values()
        )
        if (number(row["quantity"]), number(row["quantityInForce"])) != (whole, whole - gone):
            raise Wrong(f"retirements.csv: {row['position']} is not what it moved")


def check_difference(row: Row, statements: dict[str, Row], changes: list[Row]) -> None:
    ends = row["fromPosition"], row["toPosition"]
    between = [of for of in changes if (of["fromPosition"], of["toPosition"]) == ends]
    for name in ("grossCo2e", "sinksCo2e", "purchasedCo2e", "netCo2e"):
        term = "purchasedQuantity" if name == "purchasedCo2e" else name
        before, after = (statements.get(at, {}).get(term, "") for at in ends)
        known = bool(before and after)
        if known != bool(row[name]) or (known and number(row[name]) != number(after) - number(before)):  # fmt: skip
            raise Wrong(f"differences.csv, {ends[0]}–{ends[1]}: {name} is not the difference")
        if known and all(of[name] for of in between) and total(between, name) != number(row[name]):
            raise Wrong(f"changes.csv, {ends[0]}–{ends[1]}: {name} does not add up")


def total(rows: Iterable[Row], column: str = "co2e") -> Fraction:
    return sum((number(row[column]) for row in rows), Fraction(0))


def number(text: str) -> Fraction:
    if not NUMBER.fullmatch(text):
        raise Wrong(f"“{text:.80}” is no number")
    return Fraction(text)


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
    evidence = commands.add_parser(
        "evidence", help="that the working papers of a pilot's year hold"
    )
    evidence.add_argument("evidence", type=Path)
    for command in (proof, certificate, evidence):
        command.add_argument(
            "--witness", action="append", default=[], help="who must have cosigned the checkpoint"
        )
    for command in (proof, grew, mirror, certificate, evidence):
        command.add_argument(
            "--key", help="the log's verifier key; without one no signature is checked"
        )
    return parser.parse_args()


def main() -> int:
    given = asked()
    try:
        match given.command:
            case "proof":
                proof = json.loads(given.proof.read_text("utf-8"))
                said = verify_proof(proof, given.key, given.witness)
            case "grew":
                proof = json.loads(given.proof.read_text("utf-8"))
                said = verify_grew(
                    given.old.read_text("utf-8"), given.new.read_text("utf-8"), proof, given.key
                )
            case "certificate":
                content = given.certificate.read_bytes()
                said = verify_certificate(content, given.key, given.witness)
            case "evidence":
                said = verify_evidence(given.evidence.read_bytes(), given.key, given.witness)
            case _:
                since = given.since and given.since.read_text("utf-8")
                said = verify_mirror(given.address.rstrip("/"), given.key, since)
    except (Wrong, *MALFORMED, OSError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    own = " (Its own key was believed: no --key.)"
    unpinned = {"certificate": own, "evidence": own}.get(
        given.command, " (No signature was checked: no --key.)"
    )
    print(f"✓ {said}{'' if given.key else unpinned}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
