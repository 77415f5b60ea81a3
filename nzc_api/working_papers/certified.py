"""What certificates say of the tables of evidence: what was retired, moved by that, and withdrawn of it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from nzc_api.files.columns import Column, cells_of
from nzc_api.files.writing import harmless
from nzc_api.ids import Position
from nzc_api.retirement_certificates.model import number_of
from nzc_api.retirement_certificates.strict import whole
from nzc_api.working_papers.recomputing import Row, Rows, Tables

# Where in a certificate that is which a column tells: of a retirement, of a range of serials that it moved, of one that
# is in force no more, and of a batch; tables of evidence of before say less of this.
OF_RETIREMENT = {
    "position": "position", "retiredOn": "retiredOn", "programme": "programme",
    "registryReference": "registryReference", "holder": "holder.organisation", "holderZh": "holder.name.zh",
    "holderEn": "holder.name.en", "quantity": "quantity", "quantityInForce": "quantityInForce",
}  # fmt: skip
OF_RANGE = {"batch": "batch", "first": "first", "last": "last", "serials": "text"}
OF_WITHDRAWN = OF_RANGE | {"position": "since", "kind": "kind", "reason": "reason"}
OF_VERIFICATION = {
    "verifiedBy": "verification.body.name", "verifiedByCode": "verification.body.credit_code",
    "verificationReport": "verification.report.number", "verificationReportDated": "verification.report.dated",
    "verificationReportSha256": "verification.report.sha256", "labels": "labels.code", "labelsZh": "labels.name_zh",
    "labelsEn": "labels.name_en", "labelsIssuedBy": "labels.issued_by", "labelsFrom": "labels.valid_from",
    "labelsTo": "labels.expires_on",
}  # fmt: skip
OF_BATCH = OF_VERIFICATION | {
    "programme": "programme", "project": "projectCode", "projectZh": "projectName.zh",
    "projectEn": "projectName.en", "registration": "registration", "vintage": "vintage",
    "producedFrom": "producedFrom", "producedTo": "producedTo", "methodology": "methodology",
    "methodologyVersion": "methodologyVersion",
}  # fmt: skip

# By which column of a table its rows are of a retirement.
RETIREMENT_COLUMN = {
    "retirements": "position",
    "movements": "retirement",
    "withdrawn": "retirement",
}


def tell(certificate: Any, tables: Tables, number: str | None) -> bool:
    """Whether tables say what a certificate does: of the retirements of its ``number``, or, where there is none, of all
    of them, and nothing else."""
    own = {row["position"] for row in tables["retirements"] if number in {None, row["certificate"]}}
    said: Mapping[str, Rows] = {
        "retirements": list(_retired(certificate)),
        "movements": list(_moved(certificate)),
        "withdrawn": list(_withdrawn(certificate)),
    }
    for table, expected in said.items():
        rows = [
            row for row in tables[table] if number is None or row[RETIREMENT_COLUMN[table]] in own
        ]
        if len(rows) != len(expected) or not all(map(is_told, rows, expected)):
            return False
    return True


def is_told(row: Row, expected: Row) -> bool:
    """Whether a row tells what is expected; of a batch, as far as it has a column for that."""
    return all(
        row[name] == cell for name, cell in expected.items() if name in row or name not in OF_BATCH
    )


def cells_by(shown: Any, paths: Mapping[str, str]) -> dict[str, str]:
    """What is shown as cells of a table, by their columns and where each is."""
    cells = cells_of(
        shown, [Column(name=name, path=path, zh="", en="") for name, path in paths.items()]
    )
    return {name: harmless(str(cell or "")) for name, cell in zip(paths, cells, strict=True)}


def _retired(certificate: Any) -> Iterator[Row]:
    for retired in certificate["retirements"]:
        number = number_of(
            certificate["log"].removeprefix("nzc/"), Position(whole(retired["position"]))
        )
        yield cells_by(retired, OF_RETIREMENT) | {"certificate": number}


def _moved(certificate: Any) -> Iterator[Row]:
    batches = {batch["position"]: cells_by(batch, OF_BATCH) for batch in certificate["batches"]}
    for retired, serials in _ranges(certificate, "serials"):
        yield retired | cells_by(serials, OF_RANGE) | batches[serials["batch"]]


def _withdrawn(certificate: Any) -> Iterator[Row]:
    for retired, gone in _ranges(certificate, "notInForce"):
        yield retired | cells_by(gone, OF_WITHDRAWN)


def _ranges(certificate: Any, name: str) -> Iterator[tuple[dict[str, str], Any]]:
    """The ranges of serials of each retirement, with what a row tells of every one."""
    for retired in certificate["retirements"]:
        for serials in retired[name]:
            quantity = whole(serials["last"]) - whole(serials["first"]) + 1
            yield {"retirement": retired["position"], "quantity": str(quantity)}, serials
