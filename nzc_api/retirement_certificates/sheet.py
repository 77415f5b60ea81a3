"""What a certificate says to people, in both languages, whatever it is shown on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nzc_api.guide.guide import GUIDE
from nzc_api.ledger.model import registry_text
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.reading.standing import WHY
from nzc_api.ledger.verifications import CreditLabel, LabelStatus, Verification
from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.model import (
    STATUS_WORDS,
    BatchCertified,
    Certificate,
    CertificateStatus,
    CertifiedRetirement,
)

# A cell: what is the same in both languages, or not.
Cell = str | LocalizedText

TITLE = LocalizedText("注销证明", "Certificate of retirement")

NOTHING = "—"

# What is said of a version of it: nothing more where it is as of now.
SUPERSEDED = LocalizedText(
    "这是截至位置{as_of}的内容。此后账本有变动，该内容已不再有效：请以当前的内容为准",
    "This is what it said as of position {as_of}. The ledger has changed since, and it holds no more: see what is so "
    "now",
)
STATUS_OF_LABEL = {
    LabelStatus.NOT_YET_VALID: LocalizedText("尚未生效", "not yet valid"),
    LabelStatus.VALID: LocalizedText("有效", "valid"),
    LabelStatus.EXPIRED: LocalizedText("已到期", "expired"),
}
CLOSED = LocalizedText(
    "受益试点未公开：仅向该试点的运营单位、核查机构、审计机构和主管部门显示",
    "Whom it offsets is not public: it is shown to the pilot's operator, to verifiers, auditors and regulators",
)
NOT_LOGGED = LocalizedText(
    "标有†的序列号来自账本：其注销早于日志写明序列号之时，日志的证明不涵盖这些序列号",
    "Serials marked † are the ledger's: they were retired before entries of the log named serials, so that its proof "
    "does not prove them",
)


@dataclass(frozen=True, slots=True)
class SheetTable:
    """Rows of cells under the names of their columns."""

    caption: LocalizedText
    columns: tuple[LocalizedText, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class CertificateSheet:
    """A certificate for people. ``facts`` are what is so, each with its name."""

    number: str
    status: CertificateStatus
    facts: tuple[tuple[LocalizedText, Cell], ...]
    tables: tuple[SheetTable, ...]
    notes: tuple[LocalizedText, ...]

    @property
    def status_words(self) -> LocalizedText:
        return STATUS_WORDS[self.status]


def sheet_of(certificate: Certificate, status: CertificateStatus) -> CertificateSheet:
    """What there is to say of a certificate that has a status now."""
    return CertificateSheet(
        number=certificate.number,
        status=status,
        facts=_facts(certificate),
        tables=tuple(
            table
            for table in (_lines(certificate), _verified(certificate), _gone(certificate))
            if table.rows
        ),
        notes=_notes(certificate, status),
    )


def _facts(certificate: Certificate) -> tuple[tuple[LocalizedText, Cell], ...]:
    span = certificate.period.span
    return (
        (LocalizedText("编号", "Number"), certificate.number),
        *(_whom(certificate) if certificate.names_pilot else ()),
        (LocalizedText("抵消的核算期", "Claimed for"), f"{span.starts_on} – {span.ends_on}"),
        (LocalizedText("注销量", "Retired"), f"{certificate.quantity} tCO₂e"),
        (LocalizedText("其中有效", "Of these in force"), f"{certificate.quantity_in_force} tCO₂e"),
        (
            LocalizedText("截至日志位置", "As of position"),
            f"{certificate.as_of} ({certificate.at:%Y-%m-%dT%H:%M:%SZ})",
        ),
    )


def _whom(certificate: Certificate) -> tuple[tuple[LocalizedText, Cell], ...]:
    pilot, division = certificate.pilot, GUIDE.division(certificate.pilot.division_code)
    boundary = _beside(
        GUIDE.variant(pilot.variant).name, None if division is None else division.name
    )
    named = LocalizedText(f"{pilot.name.zh}（{pilot.code}）", f"{pilot.name.en} ({pilot.code})")
    holders = {item.holder.position: item.holder.name for item in certificate.retired}
    return (
        (LocalizedText("受益试点", "Pilot"), named),
        (LocalizedText("申报主体", "Applicant"), pilot.applicant_name),
        (LocalizedText("边界", "Boundary"), boundary),
        *((LocalizedText("原持有人", "Held by"), name) for name in holders.values()),
    )  # fmt: skip


def _beside(one: LocalizedText, other: LocalizedText | None) -> LocalizedText:
    if other is None:
        return one
    return LocalizedText(f"{one.zh}，{other.zh}", f"{one.en}, {other.en}")


def _lines(certificate: Certificate) -> SheetTable:
    rows: list[tuple[Cell, ...]] = []
    for item in certificate.retired:
        for moved in item.moved:
            certified = certificate.batches[moved.batch_id]
            batch = certified.batch
            mark = "" if item.names_serials else " †"
            rows.append(
                (
                    str(item.position),
                    str(item.retired_on),
                    PROGRAMMES[item.programme].name,
                    certified.project.name,
                    f"{certified.enrolment.number} · {certified.enrolment.methodology or NOTHING}",
                    f"{batch.vintage} ({batch.produced_from} – {batch.produced_to})",
                    f"{registry_text(batch, moved.lo, moved.hi)}{mark}",
                    str(moved.tonnes),
                    item.reference or NOTHING,
                )
            )
    return SheetTable(
        LocalizedText("注销的减排量", "What was retired"),
        (
            LocalizedText("位置", "Position"),
            LocalizedText("注销日期", "Retired on"),
            LocalizedText("机制", "Mechanism"),
            LocalizedText("项目", "Project"),
            LocalizedText("登记号与方法学", "Registration, methodology"),
            LocalizedText("年份（产生日期）", "Vintage (produced)"),
            LocalizedText("序列号", "Serials"),
            LocalizedText("吨", "t"),
            LocalizedText("登记机构编号", "Registry's number"),
        ),
        tuple(rows),
    )


def _verified(certificate: Certificate) -> SheetTable:
    """What was said of who verified the batches, with their labels as they were on the day of each retirement."""
    rows = tuple(
        (
            str(item.position),
            _range(certified),
            f"{certified.enrolment.methodology or NOTHING} · {certified.enrolment.methodology_version or NOTHING}",
            *_verification(certified.verified.verification),
            _labels(certified.verified.labels, item.retired_on),
        )
        for item in certificate.retired
        for certified in _batches(certificate, item)
        if certified.is_verified
    )
    return SheetTable(
        LocalizedText("核查与标签", "Verification and labels"),
        (
            LocalizedText("位置", "Position"),
            LocalizedText("批次", "Batch"),
            LocalizedText("方法学与版本", "Methodology, version"),
            LocalizedText("核查机构", "Verified by"),
            LocalizedText("核查报告", "Report"),
            LocalizedText("注销日的标签", "Labels on the day of the retirement"),
        ),
        rows,
    )


def _batches(certificate: Certificate, item: CertifiedRetirement) -> list[BatchCertified]:
    """The batches that a retirement took of, each once."""
    return [
        certificate.batches[batch_id] for batch_id in dict.fromkeys(m.batch_id for m in item.moved)
    ]


def _range(certified: BatchCertified) -> str:
    batch = certified.batch
    return registry_text(batch, batch.serials.lo, batch.serials.hi)


def _verification(said: Verification | None) -> tuple[str, str]:
    """Who verified, and by which report."""
    if said is None:
        return NOTHING, NOTHING
    named = (said.body.name, said.body.credit_code)
    report = said.report
    return (
        " · ".join(part for part in named if part is not None),
        NOTHING if report is None else f"{report.number} ({report.dated})",
    )


def _labels(labels: Sequence[CreditLabel], day: date) -> Cell:
    if not labels:
        return NOTHING
    told = [_label(label, day) for label in labels]
    return LocalizedText("；".join(text.zh for text in told), "; ".join(text.en for text in told))


def _label(label: CreditLabel, day: date) -> LocalizedText:
    status, until = STATUS_OF_LABEL[label.status_on(day)], label.expires_on or NOTHING
    return LocalizedText(
        f"{label.name.zh}（{label.code}，{label.valid_from}至{until}，{status.zh}）",
        f"{label.name.en} ({label.code}, {label.valid_from} to {until}, {status.en})",
    )


def _gone(certificate: Certificate) -> SheetTable:
    rows = tuple(
        (
            str(item.position),
            f"{item.at:%Y-%m-%d}",
            WHY[item.reason],
            registry_text(certificate.batches[item.batch_id].batch, item.lo, item.hi),
            str(item.tonnes),
        )
        for retired in certificate.retired
        for item in retired.withdrawn
    )
    return SheetTable(
        LocalizedText("已失效的减排量", "What is in force no more"),
        (
            LocalizedText("位置", "Position"),
            LocalizedText("日期", "Since"),
            LocalizedText("原因", "Why"),
            LocalizedText("序列号", "Serials"),
            LocalizedText("吨", "t"),
        ),
        rows,
    )


def _notes(certificate: Certificate, status: CertificateStatus) -> tuple[LocalizedText, ...]:
    notes = [warning.message for warning in certificate.warnings]
    if not all(item.names_serials for item in certificate.retired):
        notes.insert(0, NOT_LOGGED)
    if not certificate.names_pilot:
        notes.insert(0, CLOSED)
    if status is CertificateStatus.SUPERSEDED:
        zh, en = (text.format(as_of=certificate.as_of) for text in (SUPERSEDED.zh, SUPERSEDED.en))
        notes.insert(0, LocalizedText(zh, en))
    return tuple(notes)
