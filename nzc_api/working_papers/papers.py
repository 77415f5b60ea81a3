"""The files of evidence, of what was read for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from nzc_api.access.principals import Principal
from nzc_api.feed.audiences import opens
from nzc_api.ledger.model import LedgerPosting
from nzc_api.ledger.verifications import Verification
from nzc_api.log.kinds import EntryKind
from nzc_api.proofs.leaf import canonical, moment, openings
from nzc_api.proofs.model import Evidence, InclusionProof
from nzc_api.retirement_certificates.document import (
    OPENED,
    OPENED_VERIFIED,
    document_of,
    proven_said,
    serials_of,
)
from nzc_api.retirement_certificates.model import (
    BatchCertified,
    Certificate,
    CertifiedRetirement,
    number_of,
)
from nzc_api.working_papers import sheets
from nzc_api.working_papers.gathering import Gathered
from nzc_api.working_papers.manifest import sealed
from nzc_api.working_papers.model import CERTIFICATES, CHECKPOINT, PROOFS, PapersAbout, PapersFile
from nzc_api.working_papers.refusals import WORDS, NotGranted
from nzc_api.working_papers.sheets import SHEETS, Sheet, csv_of
from nzc_api.working_papers.workbook import workbook_of

DATA = Path(__file__).parent / "data"
# What checks it, each of which rests on the one before.
VERIFIERS = ("verify_log.py", "verify_evidence.py")

# Whose keys were used is nothing that an audit of credits asks.
NOT_OPENED = "api_key"

# Facts that tables tell, and that are opened to whoever has these: so they are held to what the entries say.
TOLD = {
    EntryKind.PILOT_REGISTERED: {"body.code"},
    EntryKind.ACCOUNTING_PERIOD_REGISTERED: {"body.pilot", "body.starts_on", "body.ends_on"},
    EntryKind.INVENTORY_CREATED: {"body.pilot", "body.accounting_period", "body.version"},
    EntryKind.INVENTORY_SUBMITTED: {"subject"},
    EntryKind.INVENTORY_VERIFIED: {"subject"},
    EntryKind.PROJECT_REGISTERED: OPENED["PROJECT_REGISTERED"],
    EntryKind.CREDITS_ISSUED: OPENED["CREDITS_ISSUED"]
    | OPENED_VERIFIED["CREDITS_ISSUED"]
    | {"body.quantity", "body.serials"},
}
TOLD_WITH_LINES = {"body.lines"}

Tables = Mapping[Sheet, Sequence[Sequence[object]]]


@dataclass(frozen=True, slots=True)
class PapersMaterial:
    """What evidence is made of: what the API answered, the certificate of the period and those of its retirements,
    each where there are any, what was ordered or corrected at positions, and the ``evidence`` of every entry that is
    named; for whom."""

    about: PapersAbout
    gathered: Gathered
    certificates: Sequence[Certificate]
    postings: Mapping[int, LedgerPosting]
    evidence: Evidence
    principal: Principal | None


def files_of(found: PapersMaterial) -> list[PapersFile]:
    """All files of the evidence; the last two say what the others are. It computes for up to seconds: not in the event
    loop's thread."""
    tables = tables_of(found)
    files = [
        *(PapersFile(name, _told(name, found.about)) for name in ("README.md", "README.zh.md")),
        *(PapersFile(sheet.file, csv_of(sheet, rows)) for sheet, rows in tables.items()),
        PapersFile("working-papers.xlsx", workbook_of(tables, found.evidence.checkpoint.at)),
        *_certificates(found),
        PapersFile(PROOFS, _proofs(found)),
        PapersFile(CHECKPOINT, found.evidence.checkpoint.cosigned_note.encode()),
        *(PapersFile(name, verifier(name)) for name in VERIFIERS),
    ]
    return [*files, *sealed(found.about, found.evidence.origin, files, found.evidence.signer)]


def tables_of(found: PapersMaterial) -> Tables:
    """The rows of each table, in the order of their columns."""
    gathered, whole = found.gathered, found.certificates[:1]
    entries = [orjson.loads(one.salted.leaf) for one in found.evidence.inclusions]
    by_position = {entry["position"]: entry for entry in entries}
    rows: Mapping[Sheet, Sequence[Any]] = {
        sheets.STATEMENTS: gathered.statements,
        sheets.CATEGORIES: [
            row for statement in gathered.statements for row in _categories(statement)
        ],
        sheets.DIFFERENCES: [_between(diff, diff.whole) for diff in gathered.differences],
        sheets.CHANGES: [
            _between(diff, row) for diff in gathered.differences for row in diff.changes
        ],
        sheets.INVENTORIES: gathered.inventories,
        sheets.LINES: [line for inventory in gathered.inventories for line in inventory["lines"]],
        sheets.SOLD: gathered.sold,
        sheets.RETIREMENTS: [_retirement(r, found.about.log) for c in whole for r in c.retired],
        sheets.MOVEMENTS: [row for c in whole for r in c.retired for row in _moved(r, c)],
        sheets.WITHDRAWN: [row for c in whole for r in c.retired for row in _gone(r, c, found)],
        sheets.REFUSALS: list(_refused(gathered.refusals, by_position)),
        sheets.ENTRIES: entries,
    }
    return {sheet: sheet.rows_of(rows[sheet]) for sheet in SHEETS}


@cache
def verifier(name: str) -> bytes:
    """A script that checks it: in a wheel beside its words, else where it is handed out."""
    packaged = DATA / name
    given = packaged if packaged.exists() else DATA.parents[2] / "examples" / name
    return given.read_bytes()


def _told(name: str, about: PapersAbout) -> bytes:
    text = (DATA / name).read_text("utf-8")
    compared = ", ".join(map(str, about.compared)) or "–"
    given = {"PILOT": about.pilot, "YEAR": about.year, "POSITION": about.position, "COMPARED": compared}  # fmt: skip
    for word, value in given.items():
        text = text.replace(f"{{{word}}}", str(value))
    return text.encode()


def _categories(statement: Any) -> Iterator[Any]:
    for role, term in (("SOURCE", "gross"), ("SINK", "sinks")):
        for share in statement[term]["byCategory"]:
            yield share | {"asOfPosition": statement["asOfPosition"], "role": role}


def _between(diff: Any, row: Any) -> Any:
    return row | {"fromPosition": diff.before, "toPosition": diff.after}


def _refused(refusals: Iterable[NotGranted], entries: Mapping[str, Any]) -> Iterator[Any]:
    """What came to nothing, with what the entries of it say."""
    for refusal in refusals:
        asked, text = entries[str(refusal.asked)], WORDS[refusal.code]
        yield entries[str(refusal.position)] | {
            "asked": refusal.asked,
            "askedAt": asked["at"],
            "askedKind": asked["kind"],
            "askedBy": asked["organisation"],
            "code": refusal.code,
            "codeZh": text.zh,
            "codeEn": text.en,
            "reason": refusal.reason,
        }


def _retirement(retired: CertifiedRetirement, log: str) -> Mapping[str, Any]:
    return {
        "position": retired.position,
        "postedAt": moment(retired.at),
        "retiredOn": retired.retired_on,
        "programme": retired.programme,
        "registryReference": retired.reference,
        "holder": retired.holder.position,
        "holderZh": retired.holder.name.zh,
        "holderEn": retired.holder.name.en,
        "quantity": retired.quantity,
        "quantityInForce": retired.quantity_in_force,
        "certificate": number_of(log, retired.position),
    }


def _moved(retired: CertifiedRetirement, certificate: Certificate) -> Iterator[Mapping[str, Any]]:
    for moved in retired.moved:
        issued = certificate.batches[moved.batch_id]
        batch, project, enrolment = issued.batch, issued.project, issued.enrolment
        yield _ranged(certificate, moved.batch_id, moved.lo, moved.hi) | {
            "retirement": retired.position,
            "debit": moved.debit_id,
            "credit": moved.credit_id,
            "programme": batch.programme,
            "project": project.code,
            "projectZh": project.name.zh,
            "projectEn": project.name.en,
            "registration": enrolment.number,
            "vintage": batch.vintage,
            "producedFrom": batch.produced_from,
            "producedTo": batch.produced_to,
            **_verified(issued),
        }


def _verified(certified: BatchCertified) -> Mapping[str, Any]:
    """Who verified what of a batch, as the API says it."""
    enrolment, days = certified.enrolment, certified.enrolment.crediting_period
    return {
        "enrolment": {
            "methodology": enrolment.methodology,
            "methodologyVersion": enrolment.methodology_version,
            "creditingPeriod": days and {"startsOn": days.starts_on, "endsOn": days.ends_on},
            "validation": _by(enrolment.validation),
        },
        "verification": _by(certified.verified.verification),
        "labels": [
            {
                "code": label.code,
                "name": {"zh": label.name.zh, "en": label.name.en},
                "issuedBy": label.issued_by,
                "validFrom": label.valid_from,
                "expiresOn": label.expires_on,
            }
            for label in certified.verified.labels
        ],
    }


def _by(verification: Verification | None) -> Mapping[str, Any] | None:
    if verification is None:
        return None
    body = {"name": verification.body.name, "creditCode": verification.body.credit_code}
    return {"body": body, "report": verification.report and asdict(verification.report)}


def _gone(
    retired: CertifiedRetirement, certificate: Certificate, found: PapersMaterial
) -> Iterator[Any]:
    for gone in retired.withdrawn:
        posting = found.postings.get(gone.position)
        grounds = None if posting is None else posting.grounds
        yield _ranged(certificate, gone.batch_id, gone.lo, gone.hi) | {
            "retirement": retired.position,
            "position": gone.position,
            "at": moment(gone.at),
            "kind": gone.kind,
            "reason": gone.reason,
            "document": grounds and grounds.document,
            "grounds": grounds and grounds.reason,
        }


def _ranged(certificate: Certificate, batch_id: Any, lo: int, hi: int) -> dict[str, Any]:
    serials = serials_of(certificate.batches[batch_id].batch, lo, hi)
    return serials | {"serials": serials["text"], "quantity": hi - lo}


def _certificates(found: PapersMaterial) -> Iterator[PapersFile]:
    """Each with the proofs that it needs, as it is when it is asked for alone."""
    proven = {int(one.salted.entry.position): one for one in found.evidence.inclusions}
    for certificate in found.certificates:
        own = [proven[position] for position in certificate.proven_by]
        evidence = Evidence(
            origin=found.evidence.origin,
            checkpoint=found.evidence.checkpoint,
            inclusions=own,
            signer=found.evidence.signer,
        )
        yield PapersFile(
            f"{CERTIFICATES}{certificate.number}.json", document_of(certificate, evidence)
        )


def _proofs(found: PapersMaterial) -> bytes:
    said = [_proof(one, found) for one in found.evidence.inclusions]
    proofs = {"checkpoint": found.evidence.checkpoint.cosigned_note, "entries": said}
    return canonical(proofs).encode() + b"\n"


def _proof(one: InclusionProof, found: PapersMaterial) -> Mapping[str, Any]:
    """That an entry is in the log, and what it says: all of that to whom it may be told, else what tables tell."""
    entry = one.salted.entry
    every = openings(entry, one.salted.salt)
    if opens(found.principal, entry):
        return proven_said(one, (opening for opening in every if opening.name != NOT_OPENED))
    told = TOLD.get(EntryKind(entry.kind), set())
    if entry.position in found.gathered.shown:
        told = told | TOLD_WITH_LINES
    return proven_said(one, (opening for opening in every if opening.name in told))
