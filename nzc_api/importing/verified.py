"""Who verified the reductions that a row issues, and their labels: the columns that `/batches.csv` shows. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nzc_api.access.credit_code import is_credit_code
from nzc_api.files.cells import authority_number, day, lacking, unreadable

Cells = Mapping[str, str]

BODY = ("verified_by", "verified_by_code")
REPORT = (
    "verification_report",
    "verification_report_dated",
    "verification_report_sha256",
)
# What each label has, in one order; the last may be empty, or left out.
LABELS = ("labels", "labels_zh", "labels_en", "labels_issued_by", "labels_from")
ENDS = "labels_to"

_BETWEEN = re.compile(r"\s*[;；]\s*")


def verified_in(cells: Cells) -> dict[str, Any]:
    """What an issuance says of these; nothing where a row has none of it. Raises ``UnreadableCell``."""
    said: dict[str, Any] = {}
    if any(name in cells for name in (*BODY, *REPORT)):
        said["verification"] = {"body": _body(cells), "report": _report(cells)}
    if any(name in cells for name in (*LABELS, ENDS)):
        said["labels"] = list(_labels(cells))
    return said


def _body(cells: Cells) -> Mapping[str, str | None]:
    if not any(name in cells for name in BODY):
        lacking("verified_by")
    name, code = (cells.get(column) for column in BODY)
    if code is None and name is not None and is_credit_code(name):
        return {"name": None, "creditCode": name}
    return {"name": name, "creditCode": code}


def _report(cells: Cells) -> Mapping[str, str | None] | None:
    if not any(name in cells for name in REPORT):
        return None
    number, dated, sha256 = (cells.get(column) for column in REPORT)
    if number is None or dated is None:
        lacking(REPORT[0] if number is None else REPORT[1])
    return {
        "number": authority_number(number),
        "dated": day(dated).isoformat(),
        "sha256": sha256,
    }


def _labels(cells: Cells) -> Iterator[Mapping[str, Any]]:
    for name in LABELS:
        if name not in cells:
            lacking(name)
    columns = [_BETWEEN.split(cells[name]) for name in LABELS]
    ends = _BETWEEN.split(cells[ENDS]) if ENDS in cells else [""] * len(columns[0])
    for name, column in zip((*LABELS, ENDS), (*columns, ends), strict=True):
        if len(column) != len(columns[0]):
            unreadable(
                cells[name],
                f"应与labels列相同，为以分号分隔的{len(columns[0])}项",
                f"as many are needed as in the column labels, {len(columns[0])}, with semicolons between them",
            )
    for code, zh, en, issued_by, first, last in zip(*columns, ends, strict=True):
        yield {
            "code": code,
            "name": {"zh": zh, "en": en},
            "issuedBy": issued_by,
            "validFrom": day(first).isoformat(),
            "expiresOn": day(last).isoformat() if last else None,
        }
