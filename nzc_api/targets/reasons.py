"""Why a period cannot be assessed by its target: a code, its facts, and a bilingual message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from nzc_api.refusal import LocalizedText, told


class NotAssessableReason(StrEnum):
    """Why a period cannot be assessed."""

    NO_PERIOD = "NO_PERIOD"
    NOT_SHOWN = "NOT_SHOWN"
    NO_TARGET = "NO_TARGET"
    NOT_IN_OPERATION = "NOT_IN_OPERATION"
    BEFORE_BASELINE = "BEFORE_BASELINE"
    NET_NOT_KNOWN = "NET_NOT_KNOWN"
    COVERAGE_NOT_COMPLETE = "COVERAGE_NOT_COMPLETE"
    GWP_SETS_DIFFER = "GWP_SETS_DIFFER"
    ELECTRICITY_METHODS_DIFFER = "ELECTRICITY_METHODS_DIFFER"
    FACTOR_FAMILIES_DIFFER = "FACTOR_FAMILIES_DIFFER"
    BASELINE_RESTATED = "BASELINE_RESTATED"


_MESSAGES: Mapping[NotAssessableReason, LocalizedText] = {
    NotAssessableReason.NO_PERIOD: LocalizedText(
        "试点当时没有这一核算期", "The pilot had no such accounting period by then"
    ),
    NotAssessableReason.NOT_SHOWN: LocalizedText(
        "该试点的净排放结果和目标不对外公开",
        "What the pilot states, and its target, are not public",
    ),
    NotAssessableReason.NO_TARGET: LocalizedText(
        "试点当时没有目标", "The pilot had no target by then"
    ),
    NotAssessableReason.NOT_IN_OPERATION: LocalizedText(
        "试点在该核算期内没有运营", "The pilot was not in operation in the period"
    ),
    NotAssessableReason.BEFORE_BASELINE: LocalizedText(
        "核算期含有基准年（{year}年）之前的日期，目标没有这些日期的上限",
        "The period has days before the baseline's year, {year}: the target has no ceiling for them",
    ),
    NotAssessableReason.NET_NOT_KNOWN: LocalizedText(
        "该核算期的净排放量未知：{unknown}",
        "The period's net emissions are not known: {unknown}",
    ),
    NotAssessableReason.COVERAGE_NOT_COMPLETE: LocalizedText(
        "该核算期的清单不完整（{coverage}），其净排放量不能与上限比较",
        "The period's inventories do not cover everything ({coverage}): their net is not to be compared with a "
        "ceiling",
    ),
    NotAssessableReason.GWP_SETS_DIFFER: LocalizedText(
        "该核算期采用的全球变暖潜势（{now}）与基准（{then}）不同",
        "The period uses other warming potentials ({now}) than the baseline ({then})",
    ),
    NotAssessableReason.ELECTRICITY_METHODS_DIFFER: LocalizedText(
        "该核算期的外购电力按另一种方法计入（{now}），基准为{then}：两者不可比",
        "Bought electricity of the period is {now}, of the baseline {then}: like is not compared with like",
    ),
    NotAssessableReason.FACTOR_FAMILIES_DIFFER: LocalizedText(
        "该核算期采用的燃料因子来源（{now}）与基准（{then}）不同",
        "The period uses fuel factors of other sources ({now}) than the baseline ({then})",
    ),
    NotAssessableReason.BASELINE_RESTATED: LocalizedText(
        "基准的净排放量已重述，变化幅度为{change}（超过0.05或已未知）：请修订目标",
        "The baseline was restated, by {change} of its net (more than 0.05, or not known any more): revise the "
        "target",
    ),
}


@dataclass(frozen=True, slots=True)
class NotAssessable:
    """Why a period cannot be assessed, with the facts that its message tells."""

    reason: NotAssessableReason
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> LocalizedText:
        return told(_MESSAGES[self.reason], self.facts)
