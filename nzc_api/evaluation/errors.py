"""What the evaluation room refuses."""

from dataclasses import dataclass

from nzc_api.evaluation.model import EvaluationState, EvaluationStep, FindingState
from nzc_api.ids import EvaluationId, FindingId, MeasureId, PilotId
from nzc_api.refusal import Refusal
from nzc_api.statements.reasons import UnknownReason


@dataclass(frozen=True, kw_only=True)
class SchemeNotForKind(Refusal):
    """A scheme that is for pilots of other kinds."""

    code = "SCHEME_NOT_FOR_KIND"
    zh = "评价方案{scheme}不适用于试点“{pilot_code}”的类型（{kind_zh}）；可用：{accepted}"
    en = "The scheme {scheme} is not for pilots of the kind of “{pilot_code}” ({kind_en}); these are: {accepted}"

    pilot_code: str
    scheme: str
    kind_zh: str
    kind_en: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PilotNotCompleted(Refusal):
    """A pilot of which it was not recorded that it is built and runs stably."""

    code = "PILOT_NOT_COMPLETED"
    zh = "试点“{pilot_code}”尚未登记建成和稳定运营日期，不能评价：请先用recordCompletion登记"
    en = (
        "It was not recorded that the pilot “{pilot_code}” is built and runs stably, so it cannot be evaluated yet: "
        "record that with `recordCompletion` first"
    )

    pilot_code: str
    pilot_id: PilotId


@dataclass(frozen=True, kw_only=True)
class NotYetStable(Refusal):
    """A day before the pilot ran stably as long as the scheme asks."""

    code = "NOT_YET_STABLE"
    zh = (
        "试点“{pilot_code}”自{stable_from}起稳定运营，{scheme}须稳定运营满{months}个月："
        "最早可于{first_day}开展评价，不能在{on}"
    )
    en = (
        "The pilot “{pilot_code}” runs stably since {stable_from}, and {scheme} asks for {months} months of that: it "
        "can be evaluated from {first_day} on, not on {on}"
    )

    pilot_code: str
    scheme: str
    stable_from: str
    months: int
    first_day: str
    on: str


@dataclass(frozen=True, kw_only=True)
class RangeCutsPeriod(Refusal):
    """Days of evaluation that begin or end within an accounting period of a pilot."""

    code = "RANGE_CUTS_PERIOD"
    zh = (
        "评价时段{starts_on}至{ends_on}切断了试点“{pilot_code}”的核算期{period_starts_on}至{period_ends_on}："
        "只能评价完整的核算期"
    )
    en = (
        "The days from {starts_on} to {ends_on} cut the accounting period from {period_starts_on} to {period_ends_on} "
        "of the pilot “{pilot_code}”: only whole periods are evaluated"
    )

    pilot_code: str
    starts_on: str
    ends_on: str
    period_starts_on: str
    period_ends_on: str


@dataclass(frozen=True, kw_only=True)
class RangeWithoutPeriod(Refusal):
    """Days of evaluation of which a pilot has no accounting period: nothing is stated of them."""

    code = "RANGE_WITHOUT_PERIOD"
    zh = "试点“{pilot_code}”在{starts_on}至{ends_on}中自{first_day}起没有核算期：请先登记，或改评价时段"
    en = (
        "Of the days from {starts_on} to {ends_on} the pilot “{pilot_code}” has no accounting period from {first_day} "
        "on: register it first, or evaluate other days"
    )

    pilot_code: str
    starts_on: str
    ends_on: str
    first_day: str


@dataclass(frozen=True, kw_only=True)
class RangeOutsidePilot(Refusal):
    """A pilot in the range that is neither the one that is evaluated nor inside it."""

    code = "RANGE_OUTSIDE_PILOT"
    zh = "评价范围中的“{other_code}”不是试点“{pilot_code}”本身，也不在其边界内"
    en = "“{other_code}”, which is to be in the range, is neither the pilot “{pilot_code}” nor inside it"

    pilot_code: str
    other_code: str
    other_id: PilotId


@dataclass(frozen=True, kw_only=True)
class RangeCountsTwice(Refusal):
    """Two pilots in a range that share ground: what is in both would count twice."""

    code = "RANGE_COUNTS_TWICE"
    zh = "评价范围中的“{pilot_code}”和“{other_code}”边界重叠或一个在另一个之内，其排放会重复计算：只能保留其一"
    en = (
        "“{pilot_code}” and “{other_code}” of the range share ground, so that what is in both would count twice: "
        "keep one of them"
    )

    pilot_code: str
    other_code: str
    other_id: PilotId


@dataclass(frozen=True, kw_only=True)
class RangeTaken(Refusal):
    """Retirements of a pilot's days that shine on another range already."""

    code = "RANGE_TAKEN"
    zh = (
        "试点“{pilot_code}”在这些日期的抵消量已用于另一评价范围（{state}的评价，{starts_on}至{ends_on}）："
        "同一抵消量只能用于一个范围；请用同一范围，或等该评价结束"
    )
    en = (
        "What was retired for the pilot “{pilot_code}” and these days is of another range already, that of an "
        "evaluation that is {state}, of {starts_on} to {ends_on}; a retirement is of one range: take the same"
    )

    pilot_code: str
    state: EvaluationState
    starts_on: str
    ends_on: str
    evaluation_id: EvaluationId


@dataclass(frozen=True, kw_only=True)
class RetriesExhausted(Refusal):
    """A pilot that failed as often as its scheme allows."""

    code = "RETRIES_EXHAUSTED"
    zh = "试点“{pilot_code}”按{scheme}已有{failed}次不通过，该方案只允许再评{retries}次：不能再次评价"
    en = (
        "The pilot “{pilot_code}” failed {failed} times by {scheme}, which lets it be tried {retries} more times "
        "after the first: it ends there"
    )

    pilot_code: str
    scheme: str
    failed: int
    retries: int


@dataclass(frozen=True, kw_only=True)
class EvaluationsFull(Refusal):
    """As many as there may be of one kind in one place."""

    code = "EVALUATIONS_FULL"
    zh = "{what_zh}已有{most}项，不能再增加"
    en = "There are {most} {what_en}, and may be no more"

    what_zh: str
    what_en: str
    most: int


@dataclass(frozen=True, kw_only=True)
class EvaluationDecided(Refusal):
    """An evaluation that was decided: its panel, scores and findings stay as they are."""

    code = "EVALUATION_DECIDED"
    zh = "该评价已有决定：{state}，不能再改变"
    en = "The evaluation was decided: {state}. That stays"

    state: EvaluationState
    evaluation_id: EvaluationId


@dataclass(frozen=True, kw_only=True)
class EvaluationStepMissing(Refusal):
    """What has to be there before it is not."""

    code = "EVALUATION_STEP_MISSING"
    zh = "此前须先有：{missing}"
    en = "This needs beforehand: {missing}"

    missing: tuple[EvaluationStep, ...]
    evaluation_id: EvaluationId


@dataclass(frozen=True, kw_only=True)
class PanelSizeRefused(Refusal):
    """A panel that is too small, too large, or even."""

    code = "PANEL_SIZE_REFUSED"
    malformed = True
    zh = "专家组为{size}人，须为{fewest}至{most}人的单数"
    en = "The panel has {size} experts; it must have an odd number from {fewest} to {most}"

    size: int
    fewest: int
    most: int


@dataclass(frozen=True, kw_only=True)
class ExpertOfOperator(Refusal):
    """An expert who is employed by whom the pilot is run by, or who applied for it."""

    code = "EXPERT_OF_OPERATOR"
    zh = "专家所在单位“{employer}”是试点“{pilot_code}”的运营或申报单位，不能参加评价"
    en = "The expert's employer “{employer}” runs the pilot “{pilot_code}”, or applied for it, and cannot evaluate it"

    employer: str
    pilot_code: str


@dataclass(frozen=True, kw_only=True)
class ExpertNotOfPanel(Refusal):
    """A number that no member of the panel has."""

    code = "EXPERT_NOT_OF_PANEL"
    zh = "专家组没有第{expert}位专家，编号为1至{size}"
    en = "The panel has no expert {expert}; they are numbered from 1 to {size}"

    expert: int
    size: int


@dataclass(frozen=True, kw_only=True)
class ItemNotOfScheme(Refusal):
    """An item of another scheme, or of none."""

    code = "ITEM_NOT_OF_SCHEME"
    most_told = 20
    zh = "“{item}”不是评价方案{scheme}的指标；可用：{accepted}"
    en = "“{item}” is no item of the scheme {scheme}; these are: {accepted}"

    item: str
    scheme: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemAlreadyScored(Refusal):
    """An expert who scored the item before: a score stays."""

    code = "ITEM_ALREADY_SCORED"
    zh = "第{expert}位专家已对“{item}”评分，不能再评"
    en = "Expert {expert} scored “{item}” already; a score stays"

    expert: int
    item: str


@dataclass(frozen=True, kw_only=True)
class MajorFindingsOpen(Refusal):
    """Major findings that are not closed, where it is to pass."""

    code = "MAJOR_FINDINGS_OPEN"
    zh = "有{count}项重大问题未关闭，不能判定通过：请先用closeFinding关闭"
    en = "{count} major findings are not closed, so it cannot pass: close them with `closeFinding` first"

    count: int
    finding_ids: tuple[FindingId, ...]


@dataclass(frozen=True, kw_only=True)
class VetoFailed(Refusal):
    """Items that most of the panel find not met, without which nothing passes."""

    code = "VETO_FAILED"
    most_told = 20
    zh = "一票否决的指标未满足，不能判定通过：{items}"
    en = "Items without which nothing passes are not met: {items}"

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ScoreBelowPassMark(Refusal):
    """A score that does not pass, where it is to pass."""

    code = "SCORE_BELOW_PASS_MARK"
    zh = "得分{score}低于{scheme}的通过线{pass_mark}，不能判定通过"
    en = "The score {score} is below the {pass_mark} that {scheme} asks for, so it cannot pass"

    score: str
    pass_mark: str
    scheme: str


@dataclass(frozen=True, kw_only=True)
class EvaluationResultUnknown(Refusal):
    """A range whose emissions are not known, where it is to pass."""

    code = "EVALUATION_RESULT_UNKNOWN"
    zh = "评价范围内的排放量未知（{reasons}），不能判定通过：请先提交并核查清单"
    en = "The emissions of the range are not known ({reasons}), so it cannot pass: have the inventories verified first"

    reasons: tuple[UnknownReason, ...]


@dataclass(frozen=True, kw_only=True)
class FindingNotInState(Refusal):
    """A finding that is closed without an answer, or answered after it was closed."""

    code = "FINDING_NOT_IN_STATE"
    zh = "问题的状态为{state}，此操作须为：{accepted}"
    en = "The finding is {state}; this needs one that is {accepted}"

    state: FindingState
    accepted: tuple[FindingState, ...]
    finding_id: FindingId


@dataclass(frozen=True, kw_only=True)
class FollowUpNotOfPilot(Refusal):
    """A measure of another pilot that is to follow from an evaluation."""

    code = "FOLLOW_UP_NOT_OF_PILOT"
    zh = "该措施不属于试点“{pilot_code}”，也不属于其评价范围内的试点"
    en = "The measure is neither one of the pilot “{pilot_code}” nor of a pilot in the range"

    pilot_code: str
    measure_id: MeasureId
