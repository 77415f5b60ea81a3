"""The words of reports, each value described."""

from nzc_api.reports.model import ReportSectionCode
from nzc_api.schema.kit.fields import described_enum

__all__ = ["ReportSectionCode"]

described_enum(
    ReportSectionCode,
    "What a section of a report is about.",
    {
        "BOUNDARY": "who and what was accounted, on which days (核算边界)",
        "METHOD": "by which rules (核算方法)",
        "ACTIVITY_DATA": "each source with its activity and what that rests on (活动数据及其来源)",
        "FACTORS": "the factors as they were used (排放因子)",
        "RESULTS": "what it comes to by category and gas, and the period's net emissions (核算结果)",
        "SINKS": "what is taken up inside the boundary (碳汇)",
        "MEMO_ITEMS": "what is recorded, and outside the net (仅列示的项目)",
        "DATA_QUALITY": "what it rests on and covers, and what the verifier said (数据质量)",
        "POTENTIAL": "what was written of the potential to reach zero (零碳化潜力)",
    },
)
