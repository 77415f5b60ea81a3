"""What the ledger refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nzc_api.ids import BatchId, OrganisationId, PeriodId, ProjectId
from nzc_api.ledger.proposing.proposals import ProposalState
from nzc_api.ledger.serials import LARGEST_SERIAL
from nzc_api.pilots.errors import MOST_PERIODS
from nzc_api.refusal import Refusal

# How many batches a refusal names; it says how many more there are.
MOST_BATCHES = 20


@dataclass(frozen=True, kw_only=True)
class ProjectCodeTaken(Refusal):
    """Another project has the code."""

    code = "PROJECT_CODE_TAKEN"
    zh = "项目代码“{project_code}”已被使用"
    en = "The project code “{project_code}” is taken"

    project_code: str
    project_id: ProjectId


@dataclass(frozen=True, kw_only=True)
class EnrolmentTaken(Refusal):
    """The project is registered in the programme already, or the number is another project's."""

    code = "ENROLMENT_TAKEN"
    zh = "{programme}中已有该项目或该登记编号“{number}”的登记"
    en = "{programme} already has a registration of this project, or of the number “{number}”"

    programme: str
    number: str
    project_id: ProjectId


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
class ProjectNotEnrolled(Refusal):
    """Rule 9: the project has no registration (项目登记) in the programme."""

    code = "PROJECT_NOT_ENROLLED"
    zh = "项目“{project_code}”未在{programme}登记（项目登记），不能签发减排量"
    en = "The project “{project_code}” is not registered in {programme}, so it has no reductions there"

    project_code: str
    project_id: ProjectId
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
    inside_id: int


@dataclass(frozen=True, kw_only=True)
class ReferenceTaken(Refusal):
    """A registry's number of a retirement or another use that names another one: it may stand on several
    lines of one order, for one beneficiary on one day, and on nothing else."""

    code = "REFERENCE_TAKEN"
    zh = (
        "{programme}登记编号“{reference}”已用于记录位置{posting_id}（{day}，{beneficiary}）：同一编号只能用于"
        "同一受益方、同一日期的一笔注销或使用"
    )
    en = (
        "The reference “{reference}” of {programme} names what was posted at position {posting_id} ({day}, "
        "for {beneficiary}): one number is of one order, for one beneficiary on one day"
    )

    programme: str
    reference: str
    posting_id: int
    day: str
    beneficiary: str


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
    inside_id: int


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
    inside_id: int


@dataclass(frozen=True, kw_only=True)
class SameSiteResolved(Refusal):
    """Two things at one site of which it was found before whether they are the same."""

    code = "SAME_SITE_RESOLVED"
    zh = "该两者场址相同一事已处理，结论为{finding}"
    en = "It is resolved whether the two at one site are the same: {finding}"

    finding: str


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
    request_id: int


@dataclass(frozen=True, kw_only=True)
class CreditsFrozen(Refusal):
    """Credits that a court or their registry froze."""

    code = "CREDITS_FROZEN"
    zh = "{serials}已被冻结（记录位置{position}），解冻前不能转让、注销或使用"
    en = (
        "{serials} is frozen (position {position}): it cannot be moved or used until it is unfrozen"
    )

    serials: str
    position: int


@dataclass(frozen=True, kw_only=True)
class CreditsNotFrozen(Refusal):
    """Credits that are not frozen, and so cannot be unfrozen."""

    code = "CREDITS_NOT_FROZEN"
    zh = "{serials}未被冻结，无需解冻"
    en = "{serials} is not frozen, so it cannot be unfrozen"

    serials: str


@dataclass(frozen=True, kw_only=True)
class CreditsInvalidated(Refusal):
    """Credits that their issuer revoked or whose reductions were reversed."""

    code = "CREDITS_INVALIDATED"
    zh = "{serials}已被签发机构注销效力（记录位置{position}），不再代表减排量"
    en = "{serials} was invalidated by its issuer (position {position}): it stands for nothing any more"

    serials: str
    position: int


@dataclass(frozen=True, kw_only=True)
class CreditsExported(Refusal):
    """Rule 10: reductions that left the country with a corresponding adjustment."""

    code = "CREDITS_EXPORTED"
    zh = "{serials}已作相应调整并出境（记录位置{position}），不能再用于试点"
    en = (
        "{serials} was exported with a corresponding adjustment (position {position}): it cannot "
        "serve a pilot"
    )

    serials: str
    position: int


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


@dataclass(frozen=True, kw_only=True)
class ItemsConflict(Refusal):
    """An item that would be accepted without an earlier item of the same request, of which nothing is done.

    ``refused_with`` is the code of what it would be refused with once that item were done.
    """

    code = "ITEMS_CONFLICT"
    zh = "与本请求中序号为{item}的项（从0起）冲突，两项不能都执行（{refused_with}：{serials}）"
    en = "Item {item} of this very request (from 0) is in the way: both cannot be done ({refused_with}: {serials})"

    item: int
    refused_with: str
    serials: str | None = None

    @classmethod
    def of(cls, refused: Refusal, item: int) -> "ItemsConflict":
        """That an item is in the way of another, which is refused once it is done."""
        serials = getattr(refused, "serials", None)
        return cls(path=refused.path, item=item, refused_with=refused.code, serials=serials)


@dataclass(frozen=True, kw_only=True)
class RequestEnded(Refusal):
    """A retirement request that was confirmed, cancelled or expired before."""

    code = "REQUEST_ENDED"
    zh = "记录位置{request_id}的注销申请已于记录位置{position}结束（已确认、撤销或过期）"
    en = "The retirement request at position {request_id} ended at position {position}"

    request_id: int
    position: int


@dataclass(frozen=True, kw_only=True)
class SerialsNotSetAside(Refusal):
    """Serials that are not, or not all, set aside by the request that is to be confirmed."""

    code = "SERIALS_NOT_SET_ASIDE"
    zh = "{serials}不全是记录位置{request_id}的注销申请所预留、尚未确认的序列号"
    en = "{serials} are not, or not all, what the retirement request at position {request_id} still sets aside"

    serials: str
    request_id: int


@dataclass(frozen=True, kw_only=True)
class TooManyParts(Refusal):
    """A request that was confirmed in as many parts as one may be, and of which this would leave a rest."""

    code = "TOO_MANY_PARTS"
    zh = "记录位置{request_id}的注销申请已分{most}次确认：请一次确认其余部分，或撤销申请"
    en = (
        "The retirement request at position {request_id} was confirmed in {most} parts: confirm the rest at once, or "
        "cancel it"
    )

    request_id: int
    most: int


@dataclass(frozen=True, kw_only=True)
class BatchWithdrawn(Refusal):
    """A batch whose issuance was corrected: it never was one."""

    code = "BATCH_WITHDRAWN"
    zh = "批次{serials}的签发已在记录位置{position}更正（撤回），不能再对其登记"
    en = "The issuance of the batch {serials} was corrected at position {position}: nothing can be ordered of it"

    serials: str
    position: int


@dataclass(frozen=True, kw_only=True)
class NotCorrectable(Refusal):
    """An entry that no correction can reverse."""

    code = "NOT_CORRECTABLE"
    zh = "记录位置{posting_id}的记录（{kind}）不能更正：仅签发、注销、其他用途、转让、作废以及整批的作废和出境可以更正"
    en = (
        "The entry at position {posting_id} ({kind}) cannot be corrected: only issuances, retirements, other uses, "
        "transfers, invalidations, and exports of whole batches"
    )

    posting_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class InvalidatedInUse(Refusal):
    """Serials that had been retired, or used otherwise, when they were invalidated: that they count for it no more is
    told since, and does not change."""

    code = "INVALIDATED_IN_USE"
    zh = "{serials}在记录位置{posting_id}作废时已注销或已作其他用途，其作废不能更正"
    en = (
        "{serials} had been retired or used when they were invalidated at position {posting_id}: their invalidation "
        "cannot be corrected"
    )

    serials: str
    posting_id: int


@dataclass(frozen=True, kw_only=True)
class AlreadyCorrected(Refusal):
    """A posting that was corrected before."""

    code = "ALREADY_CORRECTED"
    zh = "记录位置{posting_id}的记录已于记录位置{correction_id}更正"
    en = "The entry at position {posting_id} was corrected at position {correction_id}"

    posting_id: int
    correction_id: int


@dataclass(frozen=True, kw_only=True)
class MovedSince(Refusal):
    """Serials that moved again after what is to be corrected."""

    code = "MOVED_SINCE"
    zh = "{serials}在记录位置{posting_id}之后又有变动（记录位置{later_id}），不能更正他人之后的记录"
    en = (
        "{serials} moved again after position {posting_id}, at position {later_id}: a correction never "
        "undoes a later movement"
    )

    serials: str
    posting_id: int
    later_id: int


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


@dataclass(frozen=True, kw_only=True)
class SecondPersonNeeded(Refusal):
    """A correction or an invalidation of more tonnes than one person may order alone; what else one request orders
    alone counts with it."""

    code = "SECOND_PERSON_NEEDED"
    zh = (
        "一次请求中更正和作废共{ordered_quantity}吨，超过一人可单独办理的{limit_quantity}吨：请以proposeOrder提出复核申请，"
        "由该机制登记机构的另一API密钥以approveProposal复核"
    )
    en = (
        "Corrections and invalidations of {ordered_quantity} t in one request are more than the {limit_quantity} t "
        "that one person may order alone: propose the order (proposeOrder), and let another API key of the programme's "
        "registry approve it (approveProposal)"
    )

    ordered_quantity: int
    limit_quantity: int


@dataclass(frozen=True, kw_only=True)
class OwnProposal(Refusal):
    """A proposal that the key that made it would approve."""

    code = "OWN_PROPOSAL"
    zh = "记录位置{proposal_id}的复核申请正是以此密钥提出的：须由该机制登记机构的另一API密钥复核"
    en = (
        "The proposal at position {proposal_id} was made with this very key: another API key of the programme's "
        "registry has to approve it"
    )

    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ProposerKeyRevoked(Refusal):
    """A proposal whose key was revoked since: nobody stands for it any more."""

    code = "PROPOSER_KEY_REVOKED"
    zh = "提出记录位置{proposal_id}的复核申请的密钥已于记录位置{position}吊销：请撤回该申请，并以有效的密钥重新提出"
    en = (
        "The key that made the proposal at position {proposal_id} was revoked at position {position}: withdraw the "
        "proposal, and propose the order anew with a key that is in force"
    )

    proposal_id: int
    position: int


@dataclass(frozen=True, kw_only=True)
class ProposalEnded(Refusal):
    """A proposal that was approved, withdrawn, or whose time is over. ``ended_position`` is where it ended, None where
    its time is over."""

    code = "PROPOSAL_ENDED"
    zh = "记录位置{proposal_id}的复核申请（有效期至{expires_at}）{state}，不能再复核或撤回；如仍需办理，请重新提出"
    en = (
        "The proposal at position {proposal_id}, which could be approved until {expires_at}, is {state}: it can be "
        "neither approved nor withdrawn. If the order is still wanted, propose it anew"
    )

    proposal_id: int
    state: ProposalState
    expires_at: str
    ended_position: int | None
