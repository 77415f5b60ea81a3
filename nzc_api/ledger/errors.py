"""What the ledger refuses. The number is that of the case in the design's table of rules."""

from dataclasses import dataclass

from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class ProjectCodeTaken(Refusal):
    """Another project has the code."""

    code = "PROJECT_CODE_TAKEN"
    zh = "项目代码“{project_code}”已被使用"
    en = "The project code “{project_code}” is taken"

    project_code: str
    project_id: int


@dataclass(frozen=True, kw_only=True)
class EnrolmentTaken(Refusal):
    """The project is registered in the programme already, or the number is another project's."""

    code = "ENROLMENT_TAKEN"
    zh = "{programme}中已有该项目或该登记编号“{number}”的登记"
    en = "{programme} already has a registration of this project, or of the number “{number}”"

    programme: str
    number: str
    project_id: int


@dataclass(frozen=True, kw_only=True)
class SerialRangeInvalid(Refusal):
    """An empty or reversed range, or one beyond what a block can hold."""

    code = "SERIAL_RANGE_INVALID"
    malformed = True
    zh = "序列号区间{first}至{last}无效：首号不小于0且不大于末号，区间不超过{most}吨"
    en = (
        "The serial range {first} to {last} is invalid: the first is at least 0 and not after the "
        "last, and a block holds at most {most} t"
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
    batch_id: int


@dataclass(frozen=True, kw_only=True)
class ProjectNotEnrolled(Refusal):
    """Rule 9: the project has no registration (项目登记) in the programme."""

    code = "PROJECT_NOT_ENROLLED"
    zh = "项目“{project_code}”未在{programme}登记（项目登记），不能签发减排量"
    en = "The project “{project_code}” is not registered in {programme}, so it has no reductions there"

    project_code: str
    project_id: int
    programme: str


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
class RefusedByProgrammeRule(Refusal):
    """Rule 9: what the programme's dated rule for this kind of registration does not allow."""

    code = "REFUSED_BY_PROGRAMME_RULE"
    zh = "不符合{rule}：{reason_zh}（依据：{citation_zh}）"
    en = "Not allowed by {rule}: {reason_en} (source: {citation_en})"

    rule: str
    reason_zh: str
    reason_en: str
    citation_zh: str
    citation_en: str


@dataclass(frozen=True, kw_only=True)
class VintageAfterRetirement(Refusal):
    """Rule 9: reductions cannot be retired before they were produced and registered."""

    code = "VINTAGE_AFTER_RETIREMENT"
    zh = "注销日期{retired_on}早于{serials}的减排量登记日{registered_on}（产生期末{produced_to}）"
    en = (
        "The retirement on {retired_on} is before the reductions of {serials} were registered "
        "({registered_on}; production ended {produced_to})"
    )

    serials: str
    retired_on: str
    registered_on: str
    produced_to: str
    batch_id: int


@dataclass(frozen=True, kw_only=True)
class SerialsNotIssued(Refusal):
    """Rule 9: serials that no registered reductions stand behind."""

    code = "SERIALS_NOT_ISSUED"
    zh = "{serials}中有未签发的序列号（{programme}）：仅有项目登记而无减排量登记的，不能转让或注销"
    en = "{serials} has serials that were never issued in {programme}: there is nothing to move"

    serials: str
    programme: str


@dataclass(frozen=True, kw_only=True)
class SerialRangeSpansBatches(Refusal):
    """A range that lies in more than one batch: each is moved by itself."""

    code = "SERIAL_RANGE_SPANS_BATCHES"
    zh = "{serials}跨越多个批次，请按批次分别提交：{blocks}"
    en = "{serials} spans several batches; submit each by itself: {blocks}"

    serials: str
    blocks: tuple[str, ...]
    batch_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SerialsAlreadyRetired(Refusal):
    """Rule 3: serials that a retirement used before."""

    code = "SERIALS_ALREADY_RETIRED"
    zh = "{serials}已注销：记录位置{retirement_id}，试点“{pilot_code}”；每吨只能注销一次"
    en = (
        "{serials} is retired: at position {retirement_id}, for the pilot “{pilot_code}”; "
        "a tonne is retired once"
    )

    serials: str
    retirement_id: int
    pilot_code: str


@dataclass(frozen=True, kw_only=True)
class SerialsNotHeld(Refusal):
    """Serials that are not, or not all, with the holder who would move them."""

    code = "SERIALS_NOT_HELD"
    zh = "{serials}由“{holder_zh}”持有，不能由其他持有者转让或注销"
    en = "{serials} is held by “{holder_en}”: nobody else can move it"

    serials: str
    holder_id: int
    holder_zh: str
    holder_en: str


@dataclass(frozen=True, kw_only=True)
class InsufficientCredits(Refusal):
    """Fewer tonnes than asked for: those held, less those that a rule keeps from this pilot."""

    code = "INSUFFICIENT_CREDITS"
    zh = "可用数量不足：需要{requested}吨，可用{available}吨，另有{excluded}吨因规则不可用于此试点"
    en = (
        "Not enough credits: {requested} t asked for, {available} t available, and {excluded} t that "
        "a rule keeps from this pilot"
    )

    requested: int
    available: int
    excluded: int


@dataclass(frozen=True, kw_only=True)
class CreditFromInsideBoundary(Refusal):
    """Rule 5: the formula subtracts reductions produced outside the boundary."""

    code = "CREDIT_FROM_INSIDE_BOUNDARY"
    zh = (
        "项目“{project_code}”位于试点“{inside_code}”边界内，其减排量不能抵消试点“{pilot_code}”"
        "（指南第五部分：购买试点边界外产生的自愿减排量）"
    )
    en = (
        "The project “{project_code}” lies inside the boundary of “{inside_code}”; its credits cannot "
        "offset “{pilot_code}” (section 五 of the guide: reductions produced outside the boundary)"
    )

    project_code: str
    project_id: int
    pilot_code: str
    inside_code: str
    inside_id: int


@dataclass(frozen=True, kw_only=True)
class TooFragmented(Refusal):
    """A command that would touch more lots than one command may."""

    code = "TOO_FRAGMENTED"
    zh = "该请求涉及的批次片段超过{most}个，请分拆提交"
    en = "This touches more than {most} lots; submit it in smaller parts"

    most: int
