"""What refuses retirements, uses and transfers of serials, and requests for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nzc_api.ids import BatchId, OrganisationId, PeriodId, PilotId, Position, ProjectId, RequestId
from nzc_api.pilots.errors import MOST_PERIODS
from nzc_api.refusal import Refusal

# How many batches a refusal names; it says how many more there are.
MOST_BATCHES = 20


@dataclass(frozen=True, kw_only=True)
class NotOwnSink(Refusal):
    """Rule 6: credits that would give a sink back to a pilot whose sink it is not, or for a period of
    other days."""

    code = "NOT_OWN_SINK"
    zh = "{serials}不能为该试点恢复碳汇：{reason_zh}"
    en = "{serials} cannot give this sink back: {reason_en}"

    serials: str
    reason_zh: str
    reason_en: str
    project_id: ProjectId
    inside_id: PilotId


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
    """Rule 9: reductions cannot be retired or used before they were produced and registered."""

    code = "VINTAGE_AFTER_RETIREMENT"
    zh = "{retired_on}早于{serials}的减排量登记日{registered_on}（产生期末{produced_to}），尚不能注销或使用"
    en = (
        "On {retired_on} the reductions of {serials} could not be retired or used: they were "
        "registered later ({registered_on}; production ended {produced_to})"
    )

    serials: str
    retired_on: str
    registered_on: str
    produced_to: str
    batch_id: BatchId


@dataclass(frozen=True, kw_only=True)
class SerialsNotIssued(Refusal):
    """Rule 9: serials that no registered reductions stand behind."""

    code = "SERIALS_NOT_ISSUED"
    zh = "{serials}中有未签发的序列号（{programme}）：仅有项目登记而无减排量登记的，不能转让或注销"
    en = "{serials} has serials that are not issued in {programme}: there is nothing to move"

    serials: str
    programme: str


@dataclass(frozen=True, kw_only=True)
class SerialRangeSpansBatches(Refusal):
    """A range that lies in more than one batch: each is moved by itself."""

    code = "SERIAL_RANGE_SPANS_BATCHES"
    most_told = MOST_BATCHES + 1
    zh = "{serials}跨越多个批次，请按批次分别提交：{blocks}"
    en = "{serials} spans several batches; submit each by itself: {blocks}"

    serials: str
    blocks: tuple[str, ...]
    batch_ids: tuple[BatchId, ...]
    more: int = 0

    @classmethod
    def of(cls, serials: str, batches: Sequence[tuple[BatchId, str]]) -> "SerialRangeSpansBatches":
        """The refusal of a range that lies in these batches (id, block), however many."""
        named, more = batches[:MOST_BATCHES], max(len(batches) - MOST_BATCHES, 0)
        blocks = tuple(block for _, block in named) + ("…",) * bool(more)
        ids = tuple(batch_id for batch_id, _ in named)
        return cls(path=("serials",), serials=serials, blocks=blocks, batch_ids=ids, more=more)


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
    holder_id: OrganisationId
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
    project_id: ProjectId
    pilot_code: str
    inside_code: str
    inside_id: PilotId


@dataclass(frozen=True, kw_only=True)
class CreditFromInsideSuspected(Refusal):
    """Rule 5: a project at the site of the pilot, or of one inside it, that its registry did not place there."""

    code = "CREDIT_FROM_INSIDE_SUSPECTED"
    zh = (
        "项目“{project_code}”与试点“{inside_code}”场址相同，疑似位于其边界内；"
        "管理部门核实前，其减排量不能抵消试点“{pilot_code}”"
    )
    en = (
        "The project “{project_code}” is at the site of “{inside_code}” and may lie inside its boundary: its credits "
        "cannot offset “{pilot_code}” until an administrator resolves it"
    )

    project_code: str
    project_id: ProjectId
    pilot_code: str
    inside_code: str
    inside_id: PilotId


@dataclass(frozen=True, kw_only=True)
class TooFragmented(Refusal):
    """A command that would touch more lots than one command may."""

    code = "TOO_FRAGMENTED"
    zh = "该请求涉及的批次片段超过{most}个，请分拆提交"
    en = "This touches more than {most} lots; submit it in smaller parts"

    most: int


@dataclass(frozen=True, kw_only=True)
class SerialsAlreadyUsed(Refusal):
    """Rule 4: serials that were used for something else; a tonne has one purpose."""

    code = "SERIALS_ALREADY_USED"
    zh = "{serials}已用于其他用途（{purpose}），记录位置{use_id}：每吨只能有一个用途"
    en = "{serials} was used for {purpose} at position {use_id}: a tonne has one purpose"

    serials: str
    purpose: str
    use_id: int


@dataclass(frozen=True, kw_only=True)
class SerialsPending(Refusal):
    """Serials that are set aside for a requested retirement."""

    code = "SERIALS_PENDING"
    zh = "{serials}已申请注销（记录位置{request_id}），须先由登记机构确认或撤销该申请"
    en = (
        "{serials} is set aside by the retirement request at position {request_id}: confirm or cancel "
        "that first"
    )

    serials: str
    request_id: RequestId


@dataclass(frozen=True, kw_only=True)
class RequestEnded(Refusal):
    """A retirement request that was confirmed, cancelled or expired before."""

    code = "REQUEST_ENDED"
    zh = "记录位置{request_id}的注销申请已于记录位置{position}结束（已确认、撤销或过期）"
    en = "The retirement request at position {request_id} ended at position {position}"

    request_id: RequestId
    position: Position


@dataclass(frozen=True, kw_only=True)
class SerialsNotSetAside(Refusal):
    """Serials that are not, or not all, set aside by the request that is to be confirmed."""

    code = "SERIALS_NOT_SET_ASIDE"
    zh = "{serials}不全是记录位置{request_id}的注销申请所预留、尚未确认的序列号"
    en = "{serials} are not, or not all, what the retirement request at position {request_id} still sets aside"

    serials: str
    request_id: RequestId


@dataclass(frozen=True, kw_only=True)
class TooManyParts(Refusal):
    """A request that was confirmed in as many parts as one may be, and of which this would leave a rest."""

    code = "TOO_MANY_PARTS"
    zh = "记录位置{request_id}的注销申请已分{most}次确认：请一次确认其余部分，或撤销申请"
    en = (
        "The retirement request at position {request_id} was confirmed in {most} parts: confirm the rest at once, or "
        "cancel it"
    )

    request_id: RequestId
    most: int


@dataclass(frozen=True, kw_only=True)
class RetiredAfterClosure(Refusal):
    """A last day of operation before accounting periods that credits were retired for, or requested.

    ``period_ids`` are the first twenty.
    """

    code = "RETIRED_AFTER_CLOSURE"
    zh = "在{closed_on}之后开始的{count}个核算期中，已有{tonnes} t减排量为该试点注销或申请注销；请先更正或取消"
    en = (
        "{tonnes} t of credits were retired for the pilot, or are requested, in {count} accounting periods "
        "that start after {closed_on}; correct or cancel that first"
    )

    closed_on: str
    tonnes: int
    count: int
    period_ids: tuple[PeriodId, ...]

    @classmethod
    def of(
        cls, closed_on: date, tonnes: Mapping[PeriodId, int], *path: str
    ) -> "RetiredAfterClosure":
        """The refusal of a last day of operation with tonnes in these periods after it."""
        return cls(
            path=path,
            closed_on=str(closed_on),
            tonnes=sum(tonnes.values()),
            count=len(tonnes),
            period_ids=tuple(tonnes)[:MOST_PERIODS],
        )
