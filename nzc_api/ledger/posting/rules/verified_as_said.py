"""Case 9: what is said of those who validated or verified, and of labels, can be looked up, and can be so."""

import re
from collections.abc import Sequence
from datetime import date

from nzc_api.access.credit_code import check_credit_code
from nzc_api.documents.rules import check_hash
from nzc_api.ledger.verifications import CreditLabel, Verification, VerificationBody
from nzc_api.numbers import check_number
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem, saying_problem

# More labels than credits have.
MOST_LABELS = 10

# More than any version of a methodology has characters.
LONGEST_VERSION = 40

LABEL_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]{0,38}[A-Z0-9])?")


def check_verification(
    said: Verification | None, earliest: date | None, latest: date
) -> Refusal | None:
    """Refuse a body that nobody finds, and a report that is none, or is of a day on which it cannot have been."""
    if said is None:
        return None
    problem = _check_body(said.body)
    if problem is not None:
        return problem.under("body")
    report = said.report
    if report is None:
        return None
    problem = (
        check_number(report.number, "number")
        or (None if report.sha256 is None else check_hash(report.sha256))
        or _check_day(report.dated, earliest, latest)
    )
    return None if problem is None else problem.under("report")


def check_version(version: str | None, methodology: str | None) -> Refusal | None:
    """Refuse a version that is none, or of no methodology."""
    if version is None:
        return None
    if methodology is None:
        return InvalidInput(
            path=("methodology_version",),
            value=version[:80],
            expected_zh="与methodology一同填写：没有方法学就没有版本",
            expected_en="a methodology beside it: there is no version of none",
        )
    return name_problem(version, "methodology_version", longest=LONGEST_VERSION)


def check_labels(labels: Sequence[CreditLabel]) -> Refusal | None:
    """Refuse too many labels, one twice, and one that is none."""
    if len(labels) > MOST_LABELS:
        return InvalidInput(
            path=("labels",),
            value=str(len(labels)),
            expected_zh=f"至多{MOST_LABELS}个标签",
            expected_en=f"at most {MOST_LABELS} labels",
        )
    codes = [label.code for label in labels]
    for number, label in enumerate(labels):
        problem = _check_label(label, taken=label.code in codes[:number])
        if problem is not None:
            return problem.under("labels", str(number))
    return None


def _check_body(body: VerificationBody) -> Refusal | None:
    if body.name is None and body.credit_code is None:
        return InvalidInput(
            path=(),
            value="null",
            expected_zh="机构的名称name或统一社会信用代码creditCode，至少一项",
            expected_en="the name of the body, or its unified social credit code, or both",
        )
    named = None if body.name is None else saying_problem(body.name, "name")
    coded = None if body.credit_code is None else check_credit_code(body.credit_code)
    return named or coded


def _check_day(day: date, earliest: date | None, latest: date) -> InvalidInput | None:
    if (earliest is None or earliest <= day) and day <= latest:
        return None
    zh, en = f"不晚于登记日{latest}", f"a day not after the registration on {latest}"
    if earliest is not None:
        zh, en = (
            f"不早于产生期末{earliest}、{zh}",
            f"{en}, nor before the end of production on {earliest}",
        )
    return InvalidInput(path=("dated",), value=str(day), expected_zh=zh, expected_en=en)


def _check_label(label: CreditLabel, *, taken: bool) -> Refusal | None:
    if taken or not LABEL_CODE.fullmatch(label.code):
        return InvalidInput(
            path=("code",),
            value=label.code[:80],
            expected_zh="1至40个大写字母、数字或 ._- ，首尾为字母或数字，每个代码一次",
            expected_en="1 to 40 capital letters, digits or ._-, a letter or digit at the ends, each code once",
        )
    if label.expires_on is not None and label.expires_on < label.valid_from:
        return InvalidInput(
            path=("expires_on",),
            value=str(label.expires_on),
            expected_zh=f"不早于生效日{label.valid_from}",
            expected_en=f"a day not before the one from which it holds, {label.valid_from}",
        )
    return (
        name_problem(label.name.zh, "name", "zh")
        or name_problem(label.name.en, "name", "en")
        or saying_problem(label.issued_by, "issued_by")
    )
