"""A certificate as a file that proves itself, in canonical JSON; `docs/retirement-certificates.md` says the same for
other languages. Pure."""

import base64
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from nzc_api.ids import BatchId
from nzc_api.ledger.model import CreditBatch, registry_text
from nzc_api.proofs.leaf import Opening, canonical, openings
from nzc_api.proofs.model import Evidence, InclusionProof
from nzc_api.proofs.notes import Signer
from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.model import BatchCertified, Certificate, CertifiedRetirement

# Raised when the form changes. The second says of each batch the version of its methodology, who verified it, and its
# labels; what has none of these is as it was.
FORM = "nzc-certificate-1"
FORM_VERIFIED = "nzc-certificate-2"

# Of which facts of an entry the commitments are opened. Whom it offsets and who held it only to who may know.
OPENED = {
    "CREDITS_RETIRED": {"body.programme", "body.quantity", "body.reference", "body.retired_on", "body.serials"},
    "CREDITS_ISSUED": {"body.programme", "body.produced_from", "body.produced_to", "body.project", "body.vintage"},
    "PROJECT_ENROLLED": {"body.methodology", "body.number", "body.programme", "body.project"},
    "PROJECT_REGISTERED": {"body.code"},
    "POSTING_CORRECTED": {"body.corrects"},
    "CREDITS_INVALIDATED": {"body.serials"},
}  # fmt: skip
OPENED_VERIFIED = {
    "CREDITS_ISSUED": {"body.labels", "body.verification"},
    "PROJECT_ENROLLED": {"body.methodology_version"},
}
OF_WHOM = {"body.accounting_period", "body.holder", "body.pilot"}


def document_of(certificate: Certificate, evidence: Evidence) -> bytes:
    """The file: the certificate with its proofs, and a note that commits to all of it, signed where there is a key.
    In canonical JSON, so that each of its bytes counts."""
    said = _said(certificate, evidence)
    text = note_text(said)
    signer = evidence.signer
    return file_of(
        {
            "certificate": said,
            "key": None if signer is None else str(signer.verifier),
            "note": text if signer is None else certifying(signer).sign(text),
        }
    )


def file_of(document: Mapping[str, Any]) -> bytes:
    """The bytes of a file."""
    return canonical(document).encode() + b"\n"


def name_of(origin: str) -> str:
    """The name under which a log's key signs certificates: another one, so that none is taken for a checkpoint."""
    return f"{origin}/certificates"


def certifying(signer: Signer) -> Signer:
    return Signer(name_of(signer.name), signer.key)


def note_text(said: Mapping[str, Any]) -> str:
    """What is signed of a certificate: by which log, its number, position and status, and the hash of all of it."""
    digest = base64.b64encode(sha256(canonical(said).encode()).digest()).decode()
    lines = (name_of(said["log"]), said["number"], said["asOf"], said["status"], digest)
    return "".join(f"{line}\n" for line in lines)


def _said(certificate: Certificate, evidence: Evidence) -> dict[str, Any]:
    pilot, period = certificate.pilot, certificate.period
    whom = {
        "pilot": str(pilot.id), "code": pilot.code, "name": _text(pilot.name),
        "applicant": _text(pilot.applicant_name), "variant": pilot.variant, "division": pilot.division_code,
        "accountingPeriod": str(period.id),
    }  # fmt: skip
    return {
        "form": FORM_VERIFIED if certificate.is_verified else FORM,
        "log": evidence.origin,
        "number": certificate.number,
        "kind": certificate.kind,
        "asOf": str(certificate.as_of),
        "status": certificate.status,
        "quantity": str(certificate.quantity),
        "quantityInForce": str(certificate.quantity_in_force),
        "beneficiary": whom if certificate.names_pilot else None,
        "claimPeriod": {"from": str(period.span.starts_on), "to": str(period.span.ends_on)},
        "retirements": [_retired(retired, certificate) for retired in certificate.retired],
        "batches": [
            _batch(certified) | (_verified(certified) if certificate.is_verified else {})
            for _, certified in sorted(certificate.batches.items())
        ],
        "warnings": [
            {
                "code": warning.code,
                "quantity": str(warning.tonnes),
                "message": _text(warning.message),
            }
            for warning in certificate.warnings
        ],
        "checkpoint": evidence.checkpoint.cosigned_note,
        "entries": [_entry(proven, certificate) for proven in evidence.inclusions],
    }


def _retired(retired: CertifiedRetirement, certificate: Certificate) -> dict[str, Any]:
    def ranged(batch_id: BatchId, lo: int, hi: int) -> dict[str, Any]:
        return serials_of(certificate.batches[batch_id].batch, lo, hi)

    return {
        "position": str(retired.position),
        "retiredOn": str(retired.retired_on),
        "programme": retired.programme,
        "registryReference": retired.reference,
        "holder": {"organisation": str(retired.holder.position), "name": _text(retired.holder.name)}
        if certificate.names_pilot
        else None,
        "quantity": str(retired.quantity),
        "quantityInForce": str(retired.quantity_in_force),
        "serialsAreLogged": retired.names_serials,
        "serials": [ranged(moved.batch_id, moved.lo, moved.hi) for moved in retired.moved],
        "notInForce": [
            {"since": str(item.position), "kind": item.kind, "reason": item.reason}
            | ranged(item.batch_id, item.lo, item.hi)
            for item in retired.withdrawn
        ],
    }


def serials_of(batch: CreditBatch, lo: int, hi: int) -> dict[str, Any]:
    """A range of serials of a batch (half-open), as its registry writes it."""
    return {
        "batch": str(batch.id),
        "first": str(lo),
        "last": str(hi - 1),
        "text": registry_text(batch, lo, hi),
    }


def _batch(certified: BatchCertified) -> dict[str, Any]:
    batch, project, enrolment = certified.batch, certified.project, certified.enrolment
    return {
        "position": str(batch.id),
        "programme": batch.programme,
        "project": str(project.id),
        "projectCode": project.code,
        "projectName": _text(project.name),
        "enrolment": str(enrolment.id),
        "registration": enrolment.number,
        "methodology": enrolment.methodology,
        "productionIsLogged": certified.names_production,
        "vintage": str(batch.vintage),
        "producedFrom": str(batch.produced_from),
        "producedTo": str(batch.produced_to),
    }


def _verified(certified: BatchCertified) -> dict[str, Any]:
    """What else is said of a batch, as the entries say it."""
    said = certified.verified.said
    return {
        "methodologyVersion": certified.enrolment.methodology_version,
        "verification": said.get("verification"),
        "labels": said.get("labels"),
    }


def _entry(proven: InclusionProof, certificate: Certificate) -> dict[str, Any]:
    entry, salt = proven.salted.entry, proven.salted.salt
    opened = OPENED.get(entry.kind, set())
    if certificate.is_verified:
        opened = opened | OPENED_VERIFIED.get(entry.kind, set())
    if certificate.names_pilot and entry.kind == "CREDITS_RETIRED":
        opened = opened | OF_WHOM
    return proven_said(
        proven, (opening for opening in openings(entry, salt) if opening.name in opened)
    )


def proven_said(proven: InclusionProof, opened: Iterable[Opening]) -> dict[str, Any]:
    """An entry as files prove it: its leaf, the path from that to the root, and what it says, as far as it is
    ``opened``."""
    return {
        "position": str(proven.salted.entry.position),
        "leaf": proven.salted.leaf.decode(),
        "path": [base64.b64encode(step).decode() for step in proven.path],
        "openings": [
            {
                "name": opening.name,
                "value": opening.value,
                "salt": base64.b64encode(opening.salt).decode(),
            }
            for opening in opened
        ],
    }


def _text(text: LocalizedText) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
