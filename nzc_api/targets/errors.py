"""What the targets room refuses."""

from dataclasses import dataclass

from nzc_api.ids import TargetId
from nzc_api.refusal import Refusal
from nzc_api.statements.coverage import CoverageStatus
from nzc_api.statements.model import Assurance
from nzc_api.statements.reasons import UnknownReason
from nzc_api.targets.model import TargetMeasure


@dataclass(frozen=True, kw_only=True)
class TargetAlreadyRecorded(Refusal):
    """The pilot has a target: another one is a revision of it."""

    code = "TARGET_ALREADY_RECORDED"
    zh = "试点“{pilot_code}”已有目标（第{version}版）；如需改变，请用reviseTarget给出新版本和原因"
    en = (
        "The pilot “{pilot_code}” has a target, version {version}; to change it, give a new version and its "
        "reason with `reviseTarget`"
    )

    pilot_code: str
    target_id: TargetId
    version: int


@dataclass(frozen=True, kw_only=True)
class TargetSuperseded(Refusal):
    """A later version of the target stands: that one is revised."""

    code = "TARGET_SUPERSEDED"
    zh = "目标的第{version}版已被第{latest_version}版取代，请修订后者"
    en = "Version {version} of the target was superseded by version {latest_version}: revise that one"

    target_id: TargetId
    version: int
    latest_id: TargetId
    latest_version: int


@dataclass(frozen=True, kw_only=True)
class TargetBaselineUnknown(Refusal):
    """What the pilot emitted in the baseline's period is not known on that basis."""

    code = "TARGET_BASELINE_UNKNOWN"
    zh = "基准的净排放量未知（{reasons}），无从确定其下降：请先提交并核查该核算期的清单"
    en = (
        "The baseline's net emissions are not known ({reasons}), so nothing can fall from them: have an inventory "
        "of the period submitted and verified first"
    )

    reasons: tuple[UnknownReason, ...]


@dataclass(frozen=True, kw_only=True)
class TargetBaselineIncomplete(Refusal):
    """The baseline rests on inventories that are not verified, or do not cover everything."""

    code = "TARGET_BASELINE_INCOMPLETE"
    zh = "基准须以已核查（VERIFIED）且完整（COMPLETE）的清单为据；该核算期的清单为{assurance}、{coverage}"
    en = (
        "A baseline rests on inventories that are VERIFIED and cover everything (COMPLETE); those of the period "
        "are {assurance} and {coverage}"
    )

    assurance: Assurance
    coverage: CoverageStatus


@dataclass(frozen=True, kw_only=True)
class TargetBaselineNotPositive(Refusal):
    """The baseline is zero or below: there is nothing to bring down."""

    code = "TARGET_BASELINE_NOT_POSITIVE"
    zh = "基准的边界内排放量为{gross} t CO2e、净排放量为{net} t CO2e，两者均须大于0，否则无可减少"
    en = (
        "The baseline's emissions inside the boundary are {gross} t CO2e, its net {net} t CO2e; both must be "
        "above 0, or there is nothing to bring down"
    )

    gross: str
    net: str


@dataclass(frozen=True, kw_only=True)
class TargetYearsDoNotRise(Refusal):
    """A year that is said twice, or not in the order of years."""

    code = "TARGET_YEARS_DO_NOT_RISE"
    malformed = True
    zh = "年份须逐次递增、每年一个数值；{year}年列在{previous_year}年之后"
    en = "Years rise, and each has one value; {year} follows {previous_year}"

    year: int
    previous_year: int


@dataclass(frozen=True, kw_only=True)
class TargetBeforeBaseline(Refusal):
    """A target that begins in its baseline's year, or before it."""

    code = "TARGET_BEFORE_BASELINE"
    zh = "目标的第一年为{year}年，须晚于基准年{baseline_year}年"
    en = "The target's first year is {year}; it must come after the baseline's, {baseline_year}"

    year: int
    baseline_year: int


@dataclass(frozen=True, kw_only=True)
class TargetRises(Refusal):
    """A ceiling above the one before it, or above the baseline: emissions are to be reduced step by step
    (section 一 of the guide)."""

    code = "TARGET_RISES"
    zh = (
        "{year}年的{measure}上限{value} t CO2e高于{previous_year}年的{previous_value} t CO2e；"
        "目标须逐步降低（指南第一节），可维持不变，不可升高"
    )
    en = (
        "{year}'s ceiling of {measure}, {value} t CO2e, is above {previous_year}'s {previous_value} t CO2e; a "
        "target falls step by step (section 一 of the guide): it may stay the same, and never rises"
    )

    measure: TargetMeasure
    year: int
    value: str
    previous_year: int
    previous_value: str


@dataclass(frozen=True, kw_only=True)
class TargetDoesNotEndAtZero(Refusal):
    """The last year's ceiling of the net is not zero (section 一 of the guide: 最终实现零碳排放)."""

    code = "TARGET_DOES_NOT_END_AT_ZERO"
    malformed = True
    zh = "最后一年（{year}年）的净排放上限为{net} t CO2e，须为0：目标最终实现零碳排放（指南第一节）"
    en = (
        "The last year, {year}, has a ceiling of {net} t CO2e; it must be 0: a target ends at zero emissions "
        "(section 一 of the guide)"
    )

    year: int
    net: str
