"""A certificate's file is checked without NZC, by `nzc verify` and by the script that is handed out: whatever of it was
altered is refused, and what is wrong is told."""

import json
import random
import runpy
import subprocess
import sys
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ids import AccountId, BatchId, OrganisationId, PeriodId, PilotId, Position, ProjectId
from nzc_api.ledger.model import CreditBatch, Enrolment, Movement, Project, WithdrawnSerials
from nzc_api.ledger.reading.standing import WithdrawnReason
from nzc_api.ledger.serials import SerialRange
from nzc_api.ledger.verifications import (
    CreditLabel,
    Verification,
    VerificationBody,
    VerificationReport,
    VerifiedReductions,
)
from nzc_api.log.model import Entry
from nzc_api.log.requests import Actor
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.proofs.cosignatures import read_witness
from nzc_api.proofs.model import Checkpoint, Evidence, InclusionProof, SaltedEntry, TreeHead
from nzc_api.proofs.notes import Signer, Verifier
from nzc_api.proofs.tree import inclusion_path, root_of
from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.document import certifying, document_of, file_of, note_text
from nzc_api.retirement_certificates.model import (
    BatchCertified,
    Certificate,
    CertificateKind,
    CertificateStatus,
    CertifiedRetirement,
    Holder,
)
from nzc_api.retirement_certificates.saying import lines_of
from nzc_api.retirement_certificates.sheet import sheet_of
from nzc_api.retirement_certificates.verifying import LONGEST_FILE, NotVerified, verify
from tests.proofs.keys import KEY
from tests.proofs.witness import TIME, cosigned_line, key_of, verifier_of
from tests.served import NZC

SCRIPT = Path(__file__).parents[2] / "examples" / "verify_log.py"
EXAMPLE = runpy.run_path(str(SCRIPT))

LOG = "nzc/00000000000002a"
SIGNER = Signer(LOG, KEY)
OTHER = Signer(LOG, Ed25519PrivateKey.from_private_bytes(bytes(32)))
AT = datetime(2026, 11, 30, 3, 30, tzinfo=UTC)
NAME = LocalizedText("某“项目”", "Some “project”")


def said(batch: int, first: int, last: int) -> dict[str, Any]:
    return {"batch": batch, "first": first, "last": last, "text": f"GD-{first} to {last}"}


def retirement(position: int, serials: list[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    quantity = sum(run["last"] - run["first"] + 1 for run in serials)
    return "CREDITS_RETIRED", {
        "pilot": 1, "accounting_period": 2, "holder": 3, "programme": "CCER", "quantity": quantity,
        "retired_on": "2024-07-01", "reference": None, "serials": serials,
    }  # fmt: skip


VERIFIED = VerifiedReductions(
    Verification(
        VerificationBody("某核查公司"), VerificationReport("HC-1", date(2023, 6, 1), "a" * 64)
    ),
    (
        CreditLabel("CCP", NAME, "ICVCM", date(2024, 1, 1), date(2024, 6, 30)),
        CreditLabel("X", NAME, "ICVCM", date(2024, 1, 1)),
    ),
)

BODIES: dict[int, tuple[str, dict[str, Any]]] = {
    1: ("PILOT_REGISTERED", {"code": "P-1"}),
    4: ("PROJECT_REGISTERED", {"code": "J-1"}),
    5: ("PROJECT_ENROLLED", {"project": 4, "programme": "CCER", "rule": "r", "number": "N-1", "methodology": "M"}),
    6: ("CREDITS_ISSUED", {"project": 4, "programme": "CCER", "holder": 3, "quantity": 100, "vintage": 2022,
                           "produced_from": "2022-01-01", "produced_to": "2022-12-31"}),
    7: retirement(7, [said(6, 1, 30), said(6, 41, 50)]),
    8: retirement(8, [said(6, 51, 60)]),
    9: ("CREDITS_INVALIDATED", {"programme": "CCER", "quantity": 5, "serials": [said(6, 1, 5)]}),
    10: ("POSTING_CORRECTED", {"corrects": 8, "programme": "CCER", "quantity": 10}),
}  # fmt: skip


# What entries say besides, where somebody verified it.
BESIDES = {5: {"methodology_version": "V01"}, 6: VERIFIED.said}


def entries(size: int = 12, *, verified: bool = False) -> list[SaltedEntry]:
    actor = Actor(OrganisationId(3), None)
    return [
        SaltedEntry(
            Entry(
                position=Position(n),
                at=AT,
                kind=kind,
                subject_id=n,
                actor=actor,
                body=body | (BESIDES.get(n, {}) if verified else {}),
            ),
            sha256(str(n).encode()).digest()[:16],
        )
        for n in range(1, size + 1)
        for kind, body in [BODIES.get(n, ("API_KEY_REVOKED", {}))]
    ]


BATCH = CreditBatch(
    BatchId(6), ProjectId(4), "CCER", False, 2022, date(2022, 1, 1), date(2022, 12, 31), date(2024, 1, 15),
    SerialRange("CCER", "GD", 1, 100),
)  # fmt: skip
PILOT = Pilot(
    id=PilotId(1),
    code="P-1",
    variant=PilotVariant.PARK,
    name=NAME,
    applicant_kind=ApplicantKind.PARK_COMMITTEE,
    applicant_name=NAME,
    division_code="440100",
    establishment=Establishment.EXISTING,
    operation_starts_on=None,
    operator_id=OrganisationId(3),
)
PROJECT = Project(
    id=ProjectId(4),
    code="J-1",
    name=NAME,
    forestry=False,
    site="x",
    division_code=None,
    latitude=None,
    longitude=None,
    pilot_id=None,
    site_code=None,
)
ENROLMENT = Enrolment(
    id=5,
    project_id=ProjectId(4),
    programme="CCER",
    rule="r",
    number="N-1",
    registered_on=date(2022, 1, 1),
    methodology="M",
    methodology_version=None,
)


def gone(position: int, kind: str, lo: int, hi: int) -> WithdrawnSerials:
    reason = WithdrawnReason(kind.rpartition("_")[2])
    return WithdrawnSerials(
        position=Position(position),
        at=AT,
        kind=kind,
        reason=reason,
        inside_id=None,
        batch_id=BatchId(6),
        lo=lo,
        hi=hi,
    )


def certified_retirement(
    position: int, *moved: tuple[int, int], withdrawn: tuple[Any, ...], names_serials: bool
) -> CertifiedRetirement:
    movements = tuple(
        Movement(
            position=Position(position),
            line=n,
            debit_id=AccountId(1),
            credit_id=AccountId(2),
            batch_id=BatchId(6),
            lo=lo,
            hi=hi,
        )
        for n, (lo, hi) in enumerate(moved)
    )
    return CertifiedRetirement(
        position=Position(position),
        at=AT,
        retired_on=date(2024, 7, 1),
        reference=None,
        programme="CCER",
        quantity=sum(hi - lo for lo, hi in moved),
        holder=Holder(Position(3), NAME),
        moved=movements,
        withdrawn=withdrawn,
        names_serials=names_serials,
    )


def certificate(
    *, names_pilot: bool = True, names_serials: bool = True, verified: bool = False
) -> Certificate:
    version, said = ("V01", VERIFIED) if verified else (None, VerifiedReductions())
    invalidated = gone(9, "CREDITS_INVALIDATED", 1, 6)
    corrected = gone(10, "POSTING_CORRECTED", 51, 61)
    return Certificate(
        number="NZC-00000000000002a-2",
        position=Position(2),
        kind=CertificateKind.PILOT_AND_PERIOD,
        as_of=Position(11),
        at=AT,
        pilot=PILOT,
        period=AccountingPeriod(
            PeriodId(2), PilotId(1), DateSpan(date(2022, 1, 1), date(2022, 12, 31))
        ),
        names_pilot=names_pilot,
        retired=(
            certified_retirement(
                7, (1, 31), (41, 51), withdrawn=(invalidated,), names_serials=names_serials
            ),
            certified_retirement(8, (51, 61), withdrawn=(corrected,), names_serials=names_serials),
        ),
        batches={
            BatchId(6): BatchCertified(
                batch=BATCH,
                project=PROJECT,
                enrolment=replace(ENROLMENT, methodology_version=version),
                names_production=True,
                verified=said,
            )
        },
        warnings=(),
    )


def evidence(
    positions: Sequence[int],
    size: int = 12,
    signer: Signer | None = SIGNER,
    *,
    verified: bool = False,
) -> Evidence:
    salted = entries(verified=verified)
    hashes = [one.hash for one in salted]
    head = TreeHead(LOG, size, root_of(hashes[:size]))
    note = head.text if signer is None else signer.sign(head.text)
    proofs = [
        InclusionProof(salted=salted[n - 1], size=size, root=head.root,
                       path=[root_of(hashes[span.first:span.end]) for span in inclusion_path(n - 1, size)])
        for n in positions
    ]  # fmt: skip
    return Evidence(
        origin=LOG,
        checkpoint=Checkpoint(size=size, root=head.root, at=AT, note=note),
        inclusions=proofs,
        signer=signer,
    )


def made(signer: Signer | None = SIGNER, **given: bool) -> bytes:
    made = certificate(**given)
    verified = given.get("verified", False)
    return document_of(made, evidence(made.proven_by, signer=signer, verified=verified))


GOOD = made()
# The same of the release before there was another form.
BEFORE = "87be820814305bb07e95b7b6234181ed559812acec9b7d6757a88ad6f184ddc8"
GOOD_VERIFIED = made(verified=True)


def resigned(document: Any) -> bytes:
    """The document as a log's operator would sign it that lies: only proofs stand against it."""
    document["note"] = certifying(SIGNER).sign(note_text(document["certificate"]))
    return file_of(document)


def both(content: bytes, key: str | None = None, *witnesses: str) -> tuple[str | None, str | None]:
    """What NZC's own verifier and the script say is wrong; None: nothing."""
    wrongs: list[str | None] = []
    given = list(map(read_witness, witnesses))
    for check in (
        lambda: verify(content, None if key is None else Verifier.read(key), given),
        lambda: EXAMPLE["verify_certificate"](content, key, witnesses),
    ):
        try:
            check()
        except (NotVerified, EXAMPLE["Wrong"], ValueError, KeyError, IndexError, TypeError) as error:  # fmt: skip
            wrongs.append(str(error))
        else:
            wrongs.append(None)
    return wrongs[0], wrongs[1]


def test_it_holds() -> None:
    assert both(GOOD) == (None, None)
    assert both(GOOD, str(SIGNER.verifier)) == (None, None)
    found = verify(GOOD)
    assert (found.status, found.quantity, found.in_force) == ("PARTLY_INVALIDATED", 50, 35)
    assert (found.as_of, found.checkpoint_size, found.unlogged_serials) == (11, 12, [])


def test_what_nobody_verified_has_the_form_of_before() -> None:
    said = json.loads(GOOD)["certificate"]
    assert said["form"] == "nzc-certificate-1"
    assert "verification" not in said["batches"][0]
    assert sha256(GOOD).hexdigest() == BEFORE


def test_what_was_verified_is_said_and_proven() -> None:
    said = json.loads(GOOD_VERIFIED)["certificate"]
    assert said["form"] == "nzc-certificate-2"
    (batch,) = said["batches"]
    assert batch["methodologyVersion"] == "V01"
    assert {name: batch[name] for name in ("verification", "labels")} == VERIFIED.said
    assert both(GOOD_VERIFIED, str(SIGNER.verifier)) == (None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("methodologyVersion", "V02"),
        ("methodologyVersion", None),
        ("verification", None),
        ("verification", VERIFIED.said["verification"] | {"report": None}),
        ("labels", None),
        ("labels", VERIFIED.said["labels"][:1]),
        ("labels", [label | {"expires_on": "2030-12-31"} for label in VERIFIED.said["labels"]]),
    ],
)
def test_who_verified_is_as_the_log_says(name: str, value: Any) -> None:
    """Even by who has the key."""
    document = json.loads(GOOD_VERIFIED)
    document["certificate"]["batches"][0][name] = value
    told, script = both(resigned(document))
    assert told is not None
    assert name in told
    assert script is not None
    assert name in script


def test_a_form_says_what_it_has() -> None:
    """Neither passes for the other, though it were signed."""
    for content, form in ((GOOD, "nzc-certificate-2"), (GOOD_VERIFIED, "nzc-certificate-3")):
        document = json.loads(content)
        document["certificate"]["form"] = form
        assert None not in both(resigned(document))


def test_labels_are_shown_as_of_the_day_of_the_retirement() -> None:
    assert [table.caption.en for table in sheet_of(certificate(), CertificateStatus.VALID).tables] == [
        "What was retired", "What is in force no more",
    ]  # fmt: skip
    verified = sheet_of(certificate(verified=True), CertificateStatus.VALID).tables[1]
    *shown, labels = verified.rows[0]
    assert shown == ["7", "GD-1 to 100", "M · V01", "某核查公司", "HC-1 (2023-06-01)"]
    assert isinstance(labels, LocalizedText)
    name = NAME.en
    assert labels.en == (
        f"{name} (CCP, 2024-01-01 to 2024-06-30, expired); {name} (X, 2024-01-01 to —, valid)"
    )
    assert [row[0] for row in verified.rows] == ["7", "8"]


def test_it_is_the_same_bytes_each_time() -> None:
    assert made() == GOOD


def test_any_bit_that_is_flipped_is_refused() -> None:
    chance = random.Random(17)
    for place in sorted(chance.sample(range(len(GOOD)), 600)):
        flipped = bytearray(GOOD)
        flipped[place] ^= 1 << chance.randrange(8)
        assert None not in both(bytes(flipped)), place


@pytest.mark.parametrize("change", [b"", GOOD[:-1], GOOD + b"\n", b" " + GOOD, b"[]", b'{"certificate":1}', b"\xff",
                                    b'{"certificate":{"form":"nzc-certificate-3"}}\n', b"[" * 100_000])  # fmt: skip
def test_what_is_no_such_file_is_refused(change: bytes) -> None:
    with pytest.raises(NotVerified):
        verify(change)


def test_a_file_that_is_too_long_is_not_read() -> None:
    with pytest.raises(NotVerified, match="more than"):
        verify(b" " * (LONGEST_FILE + 1))


def swapped_lines(said: Any) -> None:
    said["retirements"][0]["serials"].reverse()


def swapped_retirements(said: Any) -> None:
    one, other = said["retirements"]
    one["serials"], other["serials"] = other["serials"], one["serials"]


def proof_of_another_leaf(said: Any) -> None:
    said["entries"][3]["path"] = said["entries"][4]["path"]


def another_leaf(said: Any) -> None:
    said["entries"][3]["leaf"] = said["entries"][4]["leaf"]


def without_a_proof(said: Any) -> None:
    said["entries"] = [entry for entry in said["entries"] if entry["position"] != "9"]


def old_checkpoint(said: Any) -> None:
    said["entries"] = [entry for entry in said["entries"] if int(entry["position"]) > 6]
    said["checkpoint"] = evidence([], 6).checkpoint.note
    said["asOf"] = "5"


def checkpoint_before_it(said: Any) -> None:
    said["checkpoint"] = evidence([], 10).checkpoint.note


def another_logs_checkpoint(said: Any) -> None:
    head = TreeHead.read(said["checkpoint"])
    text = TreeHead("nzc/00000000000002b", head.size, head.root).text
    said["checkpoint"] = Signer("nzc/00000000000002b", KEY).sign(text)


def foreign_checkpoint(said: Any) -> None:
    said["checkpoint"] = OTHER.sign(TreeHead.read(said["checkpoint"]).text)


def another_root(said: Any) -> None:
    head = TreeHead.read(said["checkpoint"])
    said["checkpoint"] = SIGNER.sign(TreeHead(head.origin, head.size, bytes(32)).text)


def set_to(*path: Any) -> Callable[[Any], None]:
    *way, name, value = path

    def change(said: Any) -> None:
        for step in way:
            said = said[step]
        said[name] = value

    return change


def told_twice(said: Any) -> None:
    """A retirement listed once more, and its tonnes counted once more."""
    said["retirements"].append(said["retirements"][0])
    said["quantity"], said["quantityInForce"] = "90", "70"


def gone_told_twice(said: Any) -> None:
    """Nothing of it is in force, and yet it was retired once."""
    said["retirements"].append(said["retirements"][1])
    said["quantity"] = "60"


def moved_twice(said: Any) -> None:
    """A serial that the log does not name, twice, beside one that is gone and was not retired: the sums are right."""
    retired = said["retirements"][0]
    one, other = retired["serials"]
    retired["serialsAreLogged"] = False
    one["last"], other["first"], other["last"] = "39", "39", "39"
    retired["notInForce"][0] |= {"first": "100", "last": "100"}
    retired["quantityInForce"], said["quantityInForce"] = "39", "39"


def gone_of_another(said: Any) -> None:
    """What one retirement moved is gone of the other."""
    one, other = said["retirements"]
    one["notInForce"][0] |= {"first": "51", "last": "55"}
    other["notInForce"], other["quantityInForce"] = [], "10"
    said["quantityInForce"] = "45"


def in_force_twice(said: Any) -> None:
    """Serials that the log does not name, said of two retirements."""
    one, other = said["retirements"]
    for retired in (one, other):
        retired["serialsAreLogged"] = False
    other["notInForce"], other["quantityInForce"] = [], "10"
    other["serials"][0] |= {"first": "11", "last": "20"}
    said["quantityInForce"] = "45"


def gone_that_was_not_there(said: Any) -> None:
    said["retirements"][0]["notInForce"][0] |= {"first": "31", "last": "35"}


def others_gone(said: Any) -> None:
    """Serials that it moved, and that the entry of the invalidation does not name."""
    said["retirements"][0]["notInForce"][0] |= {"first": "6", "last": "10"}


def gone_twice(said: Any) -> None:
    retired = said["retirements"][0]
    retired["notInForce"].append(retired["notInForce"][0])
    retired["quantityInForce"], said["quantityInForce"] = "30", "30"


def without_its_batch(said: Any) -> None:
    said["batches"] = []


def batch_twice(said: Any) -> None:
    said["batches"] *= 2


def corrected_in_part(said: Any) -> None:
    """A correction that leaves some of what it corrects in force."""
    retired = said["retirements"][1]
    retired["notInForce"][0]["last"] = "55"
    retired["quantityInForce"], said["quantityInForce"] = "5", "40"


# What a log that signs whatever it likes could not say: change, and what is told of it by both.
LIES: dict[str, tuple[Callable[[Any], None], str]] = {
    "lines swapped": (swapped_lines, "serials"),
    "lines of another retirement": (swapped_retirements, "serials"),
    "another serial": (set_to("retirements", 0, "serials", 0, "first", "2"), "serials"),
    "a serial written otherwise": (set_to("retirements", 0, "serials", 0, "text", "GD"), "serials"),
    "a proof of another leaf": (proof_of_another_leaf, "position 7|does not lead"),
    "another leaf": (another_leaf, "position 7|does not lead"),
    "no proof": (without_a_proof, "position 9|'9'"),
    "an old checkpoint": (old_checkpoint, "older|not in a tree of that size"),
    "a checkpoint before it": (checkpoint_before_it, "older"),
    "another log's checkpoint": (another_logs_checkpoint, "another log"),
    "a foreign key's checkpoint": (foreign_checkpoint, "signature|not signed by that key"),
    "another root": (another_root, "does not hold|does not lead"),
    "another quantity": (set_to("retirements", 0, "quantity", "41"), "quantity"),
    "another programme": (set_to("retirements", 0, "programme", "PHCER"), "programme"),
    "another day": (set_to("retirements", 0, "retiredOn", "2024-07-02"), "retiredOn"),
    "a registry's number": (set_to("retirements", 0, "registryReference", "R"), "registryReference"),
    "another pilot": (set_to("beneficiary", "pilot", "2"), "pilot"),
    "another period": (set_to("beneficiary", "accountingPeriod", "3"), "accountingPeriod"),
    "another holder": (set_to("retirements", 0, "holder", "organisation", "4"), "organisation"),
    "another project": (set_to("batches", 0, "project", "5"), "project"),
    "another code": (set_to("batches", 0, "projectCode", "J-2"), "projectCode"),
    "another registration": (set_to("batches", 0, "registration", "N-2"), "registration"),
    "another methodology": (set_to("batches", 0, "methodology", "N"), "methodology"),
    "another vintage": (set_to("batches", 0, "vintage", "2023"), "vintage"),
    "another production": (set_to("batches", 0, "producedTo", "2022-12-30"), "producedTo"),
    "another kind": (set_to("retirements", 0, "notInForce", 0, "kind", "PILOT_PLACED"), "PILOT_PLACED"),
    "another correction": (set_to("entries", 6, "openings", []), "missing|body.corrects"),
    "more in force": (set_to("quantityInForce", "50"), "add up"),
    "more of one in force": (set_to("retirements", 0, "quantityInForce", "40"), "add up"),
    "more in all": (set_to("quantity", "60"), "add up"),
    "another status": (set_to("status", "VALID"), "add up"),
    "a retirement told twice": (told_twice, "add up"),
    "a retirement told twice that is gone": (gone_told_twice, "add up"),
    "a serial told twice": (moved_twice, "add up"),
    "gone of another": (gone_of_another, "add up"),
    "serials in force for two": (in_force_twice, "add up"),
    "more gone than there was": (gone_that_was_not_there, "add up"),
    "gone twice": (gone_twice, "add up"),
    "no batch": (without_its_batch, "add up"),
    "a batch twice": (batch_twice, "add up"),
    "a retirement after it": (set_to("asOf", "6"), "add up"),
    "the number of another period": (set_to("number", "NZC-00000000000002a-3"), "not the number"),
    "the number of another log": (set_to("number", "NZC-00000000000002b-2"), "not the number"),
    "one retirement, that is two": (set_to("kind", "RETIREMENT"), "something else|too many values"),
    "tonnes in other digits": (set_to("quantity", "\uff15\uff10"), "something else|no whole number"),
    "tonnes with a sign": (set_to("quantity", "+50"), "something else|no whole number"),
    "gone by an order": (set_to("retirements", 0, "notInForce", 0, "kind", "BATCH_INVALIDATED"), "BATCH_INVALIDATED"),
    "of something else": (set_to("kind", "PROJECT"), "kind is another|not the number"),
    "gone for another reason": (set_to("retirements", 0, "notInForce", 0, "reason", "EXPORTED"), "EXPORTED"),
    "gone by another's serials": (others_gone, "serials"),
    "corrected in part": (corrected_in_part, "quantityInForce|corrects all"),
    "gone for no reason": (set_to("retirements", 0, "notInForce", 0, "reason", "LOST"), "something else|by LOST"),
    "a position with a nought": (set_to("batches", 0, "position", "06"), "position 06|'06'"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_is_believed_whoever_signs_it(lie: str) -> None:
    change, told = LIES[lie]
    document = deepcopy(json.loads(GOOD))
    change(document["certificate"])
    wrongs = both(resigned(document))
    for wrong in wrongs:
        assert wrong is not None, wrongs
        assert any(part in wrong for part in told.split("|")), wrongs


@pytest.mark.parametrize("change", [set_to("number", "NZC-00000000000002a-3"), set_to("beneficiary", "code", "P-2"),
                                    set_to("warnings", [{}]), set_to("claimPeriod", "from", "2021-01-01")])  # fmt: skip
def test_what_no_entry_says_is_signed(change: Callable[[Any], None]) -> None:
    document = json.loads(GOOD)
    change(document["certificate"])
    for wrong in both(file_of(document)):
        assert wrong is not None
        assert "not what was signed" in wrong


def test_the_key_that_is_given_must_have_signed_it() -> None:
    for wrong in both(GOOD, str(OTHER.verifier)):
        assert wrong is not None
        assert str(SIGNER.verifier) in wrong


def test_a_key_of_another_log_signs_nothing_of_this_one() -> None:
    document = json.loads(GOOD)
    document["key"] = str(Signer("nzc/00000000000002b", KEY).verifier)
    assert None not in both(file_of(document))


@pytest.mark.parametrize("signer", [OTHER, Signer(f"{LOG}/certificates", OTHER.key)])
def test_a_certificate_that_another_key_signed_is_refused(signer: Signer) -> None:
    document = json.loads(GOOD)
    document["note"] = signer.sign(note_text(document["certificate"]))
    assert None not in both(file_of(document))


def test_a_checkpoints_signature_is_none_of_a_certificate() -> None:
    """Who has the log sign a checkpoint has no certificate by that."""
    document = json.loads(GOOD)
    document["note"] = SIGNER.sign(note_text(document["certificate"]))
    assert None not in both(file_of(document))


def test_another_signature_beside_the_logs_does_no_harm() -> None:
    """A witness that nobody knows neither helps nor harms."""
    document = json.loads(GOOD)
    witness = Signer("witness.example", OTHER.key)
    text, _, own = document["certificate"]["checkpoint"].partition("\n\n")
    document["certificate"]["checkpoint"] = witness.sign(text + "\n") + own
    assert both(resigned(document)) == (None, None)


WITNESSES = ("w.example/1", key_of(1)), ("w.example/2", key_of(2))
ONE, TWO = (verifier_of(*witness) for witness in WITNESSES)


def cosigned(*lines: str) -> Any:
    """The document, with lines of witnesses in its checkpoint."""
    document = json.loads(GOOD)
    document["certificate"]["checkpoint"] += "".join(lines)
    return document


def cosignature(number: int, time: int = TIME, text: str = "") -> str:
    head = TreeHead.read(json.loads(GOOD)["certificate"]["checkpoint"])
    return cosigned_line(*WITNESSES[number - 1], text or head.text, time)


def test_witnesses_can_be_asked_for() -> None:
    document = cosigned(cosignature(1), cosignature(2))
    whole = resigned(document)
    key = str(SIGNER.verifier)
    for witnesses in ((), (ONE,), (ONE, TWO)):
        assert both(whole, key, *witnesses) == (None, None)
    found = verify(whole, witnesses=list(map(read_witness, (ONE, TWO))))
    said = "\n".join(line.en for line in lines_of(found, pinned=True))
    for name, _ in WITNESSES:
        assert f"The witness {name} cosigned the checkpoint at 2026-11-18 11:06:40 UTC." in said
    assert None not in both(GOOD, key, ONE)
    chance = random.Random(18)
    for place in sorted(chance.sample(range(len(whole)), 100)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        assert None not in both(bytes(flipped), key, ONE), place


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((), "has no cosignature of the witness|is not cosigned by"),
        ((cosignature(2),), "has no cosignature of the witness|is not cosigned by"),
        (
            (cosigned_line("w.example/1", key_of(3), "x"),),
            "has no cosignature of|is not cosigned by",
        ),
        (
            (cosignature(1, text=TreeHead(LOG, 13, bytes(32)).text),),
            "not of this checkpoint|is wrong",
        ),
        ((cosignature(1, 0),), "says no time"),
    ],
)
def test_what_a_witness_did_not_sign_is_refused_where_it_is_asked_for(
    lines: tuple[str, ...], told: str
) -> None:
    content = resigned(cosigned(*lines))
    assert both(content) == (None, None)
    for wrong in both(content, None, ONE):
        assert wrong is not None
        assert any(part in wrong for part in told.split("|")), wrong


def test_one_that_nobody_signed_says_so() -> None:
    unsigned = made(None)
    assert both(unsigned) == (None, None)
    assert verify(unsigned).key is None
    assert any("not signed" in line.en for line in lines_of(verify(unsigned), pinned=False))
    assert None not in both(unsigned, str(SIGNER.verifier))
    document = json.loads(unsigned)
    document["certificate"]["number"] = "NZC-00000000000002a-3"
    assert None not in both(file_of(document))


def test_whom_it_offsets_can_be_closed_without_breaking_the_proof() -> None:
    closed = made(names_pilot=False)
    assert both(closed) == (None, None)
    document = json.loads(closed)["certificate"]
    assert document["beneficiary"] is None
    names = {opening["name"] for entry in document["entries"] for opening in entry["openings"]}
    assert not names & {"body.pilot", "body.accounting_period", "body.holder", "api_key", "subject"}


def test_serials_that_the_log_does_not_name_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kind, body = BODIES[7]
    monkeypatch.setitem(BODIES, 7, (kind, {n: v for n, v in body.items() if n != "serials"}))
    older = made(names_serials=False)
    assert both(older) == (None, None)
    assert verify(older).unlogged_serials == [7, 8]
    assert "name no serials" in " ".join(line.en for line in lines_of(verify(older), pinned=True))
    assert "of 7, 8." in EXAMPLE["verify_certificate"](older, None)
    document = json.loads(older)
    document["certificate"]["batches"][0]["productionIsLogged"] = False
    unsaid = resigned(document)
    assert both(unsaid) == (None, None)
    assert "of 7, 8, 6." in EXAMPLE["verify_certificate"](unsaid, None)
    assert "no vintage" in " ".join(line.en for line in lines_of(verify(unsaid), pinned=True))
    document["certificate"]["retirements"][0]["serialsAreLogged"] = True
    assert None not in both(resigned(document))


@pytest.mark.parametrize("command", [(NZC, "verify"), (sys.executable, SCRIPT, "certificate")])
def test_from_the_command_line(command: tuple[Any, ...], tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_bytes(GOOD)
    key = ("--key", str(SIGNER.verifier))

    def run(*further: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, file, *further], capture_output=True, text=True, check=False
        )

    file.write_bytes(resigned(cosigned(cosignature(1))))
    done = run(*key, "--witness", ONE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ NZC-00000000000002a-2" in done.stdout
    done = run(*key, "--witness", ONE, "--witness", TWO)
    assert (done.returncode, done.stdout, "w.example/2" in done.stderr) == (1, "", True)
    assert run("--witness", str(SIGNER.verifier)).returncode != 0
    assert str(SIGNER.verifier) in run().stdout
    file.write_bytes(GOOD.replace(b'"first":"1"', b'"first":"2"'))
    done = run(*key)
    assert (done.returncode, done.stdout) == (1, "")
    assert "✗" in done.stderr
    assert "serials" in done.stderr
