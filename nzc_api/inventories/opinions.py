"""What a verifier's opinion must be, and which warnings it answers. Pure."""

import re
from collections.abc import Iterable, Sequence
from itertools import count

from nzc_api.inventories.errors import MOST_LINES_NAMED, WarningsNotAcknowledged
from nzc_api.inventories.model import Acknowledgement, Opinion
from nzc_api.inventories.warnings import InventoryWarning
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal, told
from nzc_api.text import name_problem, saying_problem

MOST_FINDINGS = 50
MOST_ACKNOWLEDGED = 200
LONGEST_FINDING = 2000
LONGEST_REASON = 1000

_HASH = re.compile(r"[0-9a-f]{64}")

_DOUBTS = LocalizedText(
    "该清单中须确认的提醒：{codes}",
    "warnings of the inventory that are to be acknowledged: {codes}",
)


def check_form(opinion: Opinion | None) -> InvalidInput | None:
    """Whether an opinion can be one, whatever it is of."""
    if opinion is None:
        return None
    problem = (
        _check_count(len(opinion.findings), MOST_FINDINGS, "findings")
        or _check_count(len(opinion.acknowledged), MOST_ACKNOWLEDGED, "acknowledged")
        or _first(map(_check_finding, count(), opinion.findings))
        or _first(map(_check_reason, count(), opinion.acknowledged))
        or _check_hash(opinion.report_hash)
    )
    return None if problem is None else problem.under("opinion")


def check_acknowledged(
    opinion: Opinion | None, doubts: Sequence[InventoryWarning]
) -> Refusal | None:
    """Whether an inventory that has the doubts may be verified with the opinion.

    Each doubt is acknowledged with a reason: by its code, for all that have it, or by its code and line.
    """
    said = () if opinion is None else opinion.acknowledged
    problem = _check_meant(said, doubts)
    if problem is not None:
        return problem.under("opinion", "acknowledged")
    left = [doubt for doubt in doubts if not any(_answers(one, doubt) for one in said)]
    if not left:
        return None
    return WarningsNotAcknowledged(
        path=("opinion", "acknowledged"),
        count=len(left),
        codes=tuple(dict.fromkeys(doubt.code for doubt in left)),
        line_ids=tuple(d.line_id for d in left if d.line_id is not None)[:MOST_LINES_NAMED],
        first_zh=left[0].message.zh,
        first_en=left[0].message.en,
    )


def acknowledgement_of(
    opinion: Opinion | None, warning: InventoryWarning
) -> Acknowledgement | None:
    """What the opinion says of a warning: of it by its line, else of all of its code."""
    said = () if opinion is None else opinion.acknowledged
    answers = [one for one in said if _answers(one, warning)]
    return min(answers, key=lambda one: one.line_id is None, default=None)


def _answers(said: Acknowledgement, warning: InventoryWarning) -> bool:
    return said.code is warning.code and said.line_id in {None, warning.line_id}


def _first(problems: Iterable[InvalidInput | None]) -> InvalidInput | None:
    return next((problem for problem in problems if problem is not None), None)


def _check_count(found: int, most: int, field: str) -> InvalidInput | None:
    if found <= most:
        return None
    return InvalidInput(
        path=(field,), value=str(found), expected_zh=f"至多{most}项", expected_en=f"at most {most}"
    )


def _check_finding(index: int, finding: str) -> InvalidInput | None:
    return name_problem(finding, "findings", str(index), longest=LONGEST_FINDING)


def _check_reason(index: int, said: Acknowledgement) -> InvalidInput | None:
    path = ("acknowledged", str(index), "reason")
    return saying_problem(said.reason, *path, longest=LONGEST_REASON)


def _check_hash(report_hash: str | None) -> InvalidInput | None:
    if report_hash is None or _HASH.fullmatch(report_hash):
        return None
    return InvalidInput(
        path=("report_hash",),
        value=report_hash[:80],
        expected_zh="核查报告的SHA-256，64个小写十六进制字符",
        expected_en="the report's SHA-256 as 64 lower-case hexadecimal digits",
    )


def _check_meant(
    said: Sequence[Acknowledgement], doubts: Sequence[InventoryWarning]
) -> InvalidInput | None:
    """Whether each acknowledgement is of a doubt that there is."""
    of_lines = {(doubt.code, doubt.line_id) for doubt in doubts}
    of_all = {(doubt.code, None) for doubt in doubts}
    for index, one in enumerate(said):
        if (one.code, one.line_id) not in of_lines | of_all:
            expected = told(_DOUBTS, {"codes": tuple(dict.fromkeys(d.code for d in doubts))})
            return InvalidInput(
                path=(str(index),),
                value=one.code,
                expected_zh=expected.zh,
                expected_en=expected.en,
            )
    return None
