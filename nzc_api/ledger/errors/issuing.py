"""What refuses issuances, and what is issued twice."""

from dataclasses import dataclass

from nzc_api.ids import BatchId, ProjectId
from nzc_api.ledger.serials import LARGEST_SERIAL
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class SerialRangeInvalid(Refusal):
    """An empty or reversed range, or one beyond what a block can hold."""

    code = "SERIAL_RANGE_INVALID"
    malformed = True
    zh = (
        "序列号区间{first}至{last}无效：首号不小于0且不大于末号，末号不超过"
        f"{LARGEST_SERIAL}，区间不超过{{most}}吨"
    )
    en = (
        "The serial range {first} to {last} is invalid: the first is at least 0 and not after the "
        f"last, the last is at most {LARGEST_SERIAL}, and a block holds at most {{most}} t"
    )

    first: int
    last: int
    most: int


@dataclass(frozen=True, kw_only=True)
class QuantityMismatch(Refusal):
    """Rule 11: a stated quantity that the range does not hold."""

    code = "QUANTITY_MISMATCH"
    zh = "填报数量{stated}吨与序列号区间{serials}不符：末号−首号+1={computed}吨"
    en = "The stated quantity of {stated} t is not that of {serials}: last − first + 1 = {computed} t"

    stated: int
    computed: int
    serials: str


@dataclass(frozen=True, kw_only=True)
class SerialBlockOverlap(Refusal):
    """Rule 1: serials that were issued before."""

    code = "SERIAL_BLOCK_OVERLAP"
    zh = "序列号区间{serials}与已签发的{issued}重叠：同一序列号只能签发一次"
    en = "The block {serials} overlaps {issued}, which is issued: a serial is issued once"

    serials: str
    issued: str
    batch_id: BatchId


@dataclass(frozen=True, kw_only=True)
class ReductionsNotRegistered(Refusal):
    """Rule 9: reductions that cannot have been registered (减排量登记) when they are said to be."""

    code = "REDUCTIONS_NOT_REGISTERED"
    zh = "减排量登记日期{registered_on}须不早于项目登记日{enrolled_on}和产生期末{produced_to}，且不晚于今天{today}"
    en = (
        "The reductions' registration on {registered_on} must not be before the project's "
        "({enrolled_on}) or the end of their production ({produced_to}), nor after today ({today})"
    )

    registered_on: str
    enrolled_on: str
    produced_to: str
    today: str


@dataclass(frozen=True, kw_only=True)
class ForestryMislabelled(Refusal):
    """Rule 6: a project that is registered as forestry, or as none, against what its methodology is of, or
    against its own name where no methodology says it."""

    code = "FORESTRY_MISLABELLED"
    zh = (
        "“{said}”{of_zh}，而项目“{project_code}”登记时forestry为{forestry}：项目是否为碳汇取决于方法学，"
        "请以forestry: {right}另行登记项目"
    )
    en = (
        "“{said}” {of_en}, but the project “{project_code}” is registered with forestry: {forestry}. What "
        "an activity is follows from its methodology: register it as a project with forestry: {right}"
    )

    said: str
    of_zh: str
    of_en: str
    project_code: str
    project_id: ProjectId
    forestry: str
    right: str


@dataclass(frozen=True, kw_only=True)
class MethodologyRequired(Refusal):
    """Rule 6: a project inside a pilot, said to be no forestry, without the methodology that shows it."""

    code = "METHODOLOGY_REQUIRED"
    zh = (
        "项目“{project_code}”位于试点边界内，又登记为非林业（碳汇）：须填写方法学的编号或名称，如CCER-01-002-V01，"
        "以判断其减排量是否为试点已出售的碳汇"
    )
    en = (
        "The project “{project_code}” lies inside a pilot and is said to be no forestry: give the number or "
        "name of its methodology, such as CCER-01-002-V01, which tells whether the pilot's sinks are sold"
    )

    project_code: str
    project_id: ProjectId


@dataclass(frozen=True, kw_only=True)
class MonitoringPeriodRequired(Refusal):
    """Rule 6: credits of forestry by a calendar year alone. What grew in several years would be taken as
    the last one's, and the sinks of the others stay whole."""

    code = "MONITORING_PERIOD_REQUIRED"
    malformed = True
    zh = (
        "林业（碳汇）减排量须填写监测期（monitoringPeriod），不能只写年份{vintage}：项目“{project_code}”的碳汇按监测期内"
        "各日分摊；主管部门说明没有监测期的，用vintageByAuthority并注明文件"
    )
    en = (
        "Credits of forestry need their monitoring period (`monitoringPeriod`), not the year {vintage} "
        "alone: the sinks of “{project_code}” are sold by its days. Where an authority states that there "
        "is none, give `vintageByAuthority` with its document"
    )

    vintage: str
    project_code: str
    project_id: ProjectId


@dataclass(frozen=True, kw_only=True)
class ReductionsNotAppliedFor(Refusal):
    """Rule 9: reductions whose registration (减排量登记) cannot have been applied for when it is said to be."""

    code = "REDUCTIONS_NOT_APPLIED_FOR"
    malformed = True
    zh = "减排量登记的申请日期{applied_on}须不早于产生期末{produced_to}，且不晚于登记日{registered_on}"
    en = (
        "The application of {applied_on} for the reductions' registration must not be before the end of their "
        "production ({produced_to}), nor after the registration ({registered_on})"
    )

    applied_on: str
    produced_to: str
    registered_on: str


@dataclass(frozen=True, kw_only=True)
class OutsideCreditingPeriod(Refusal):
    """Rule 9: reductions of a monitoring period (监测期) that does not lie in the crediting period (计入期) of their
    project's registration, where that is known."""

    code = "OUTSIDE_CREDITING_PERIOD"
    zh = (
        "监测期{produced_from}至{produced_to}须在计入期{credited_from}至{credited_to}之内；"
        "计入期已续期的，先以amendProject写明"
    )
    en = (
        "The monitoring period {produced_from} to {produced_to} must lie in the crediting period {credited_from} to "
        "{credited_to}. Where that was renewed, state it first (amendProject)"
    )

    produced_from: str
    produced_to: str
    credited_from: str
    credited_to: str


@dataclass(frozen=True, kw_only=True)
class IssuanceExceeded(Refusal):
    """Rule 2: parts of one issuance that come to more than was registered."""

    code = "ISSUANCE_EXCEEDED"
    zh = "减排量登记“{reference}”共{registered}吨，已签发{issued}吨，不能再签发{stated}吨"
    en = (
        "The registration “{reference}” is of {registered} t, of which {issued} t are issued: {stated} t more "
        "are too many"
    )

    reference: str
    registered: int
    issued: int
    stated: int


@dataclass(frozen=True, kw_only=True)
class DoubleIssuanceSuspected(Refusal):
    """Rule 2: one project and monitoring period seems to be issued twice, by one programme or by two."""

    code = "DOUBLE_ISSUANCE_SUSPECTED"
    zh = (
        "{serials}疑似重复签发：同一项目（场址）在重叠的监测期内另有签发{other}，且未登记为同一减排量登记的组成批次；"
        "管理部门核实前不能注销或使用"
    )
    en = (
        "{serials} may be issued twice: {other} is issued for the same site and overlapping days, and they are no "
        "parts of one registration; it cannot be used until an administrator resolves it"
    )

    serials: str
    other: str
    batch_id: BatchId
    other_id: int


@dataclass(frozen=True, kw_only=True)
class DoubleIssuanceResolved(Refusal):
    """A suspected double issuance that was resolved before."""

    code = "DOUBLE_ISSUANCE_RESOLVED"
    zh = "该疑似重复签发已处理，结论为{finding}"
    en = "This suspected double issuance is resolved: {finding}"

    finding: str
    batch_id: BatchId


@dataclass(frozen=True, kw_only=True)
class IssuedInAnotherForm(Refusal):
    """A monitoring period is issued by serials or by certificate, never both."""

    code = "ISSUED_IN_ANOTHER_FORM"
    zh = "该项目在重叠的产生期内已按另一方式签发（{issued}）：同一批次只能按序列号或按注销证书之一登记"
    en = (
        "The project's reductions of overlapping days are issued as {issued}: a batch is posted by "
        "serials or by certificate, never both"
    )

    issued: str
    batch_id: BatchId
