"""Who verified what of credits, as tables show it: columns of a batch, wherever a row has one. Pure."""

from collections.abc import Sequence

from nzc_api.files.columns import Column


def verified_columns(batch: str = "") -> Sequence[Column]:
    """The columns of the batch at a path of a row; labels stand in one order in all of theirs."""
    at = f"{batch}." if batch else ""
    enrolment, credited = f"{at}enrolment", f"{at}enrolment.creditingPeriod"
    return (
        Column("methodology", f"{enrolment}.methodology", "方法学", "methodology"),
        Column("methodologyVersion", f"{enrolment}.methodologyVersion", "方法学版本", "its version"),
        Column("creditedFrom", f"{credited}.startsOn", "计入期首日", "first day of the crediting period", "date"),
        Column("creditedTo", f"{credited}.endsOn", "计入期末日", "last day of the crediting period", "date"),
        *_by("validated", "validation", f"{enrolment}.validation", "审定"),
        *_by("verified", "verification", f"{at}verification", "核查"),
        Column("labels", f"{at}labels.code", "标签", "labels"),
        Column("labelsZh", f"{at}labels.name.zh", "标签名称（中文）", "their names (Chinese)"),
        Column("labelsEn", f"{at}labels.name.en", "标签名称（英文）", "their names (English)"),
        Column("labelsIssuedBy", f"{at}labels.issuedBy", "标签授予方", "who gave each"),
        Column("labelsFrom", f"{at}labels.validFrom", "标签生效日", "the first day on which each holds"),
        Column("labelsTo", f"{at}labels.expiresOn", "标签截止日；空为未说明", "the last day of each, where stated"),
    )  # fmt: skip


def _by(verb: str, noun: str, path: str, zh: str) -> Sequence[Column]:
    body, report = f"{path}.body", f"{path}.report"
    return (
        Column(f"{verb}By", f"{body}.name", f"{zh}机构", f"who {verb}"),
        Column(f"{verb}ByCode", f"{body}.creditCode", f"{zh}机构统一社会信用代码", "its unified social credit code"),
        Column(f"{noun}Report", f"{report}.number", f"{zh}报告编号", f"number of the {noun}'s report"),
        Column(f"{noun}ReportDated", f"{report}.dated", f"{zh}报告日期", "the day that it is of", "date"),
        Column(f"{noun}ReportSha256", f"{report}.sha256", f"{zh}报告的SHA-256", "SHA-256 of its file"),
    )  # fmt: skip
