"""What the plans room refuses."""

from dataclasses import dataclass

from nzc_api.ids import PlanId, Position
from nzc_api.plans.model import PlanState
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class PlanAlreadyDrafted(Refusal):
    """The pilot has a plan: another one is a revision of it."""

    code = "PLAN_ALREADY_DRAFTED"
    zh = "试点“{pilot_code}”已有建设方案（第{version}版）；如需改变，请用revisePlan给出新版本和原因"
    en = (
        "The pilot “{pilot_code}” has a plan, version {version}; to change it, give a new version and its reason with "
        "`revisePlan`"
    )

    pilot_code: str
    plan_id: PlanId
    version: int


@dataclass(frozen=True, kw_only=True)
class PlanRevised(Refusal):
    """A later version of the plan was drafted: that one is revised."""

    code = "PLAN_REVISED"
    zh = "建设方案的第{version}版之后已有第{latest_version}版，请修订后者"
    en = "Version {latest_version} of the plan was drafted after version {version}: revise that one"

    plan_id: PlanId
    version: int
    latest_id: PlanId
    latest_version: int


@dataclass(frozen=True, kw_only=True)
class PlanNotInState(Refusal):
    """A version that stands otherwise than what is done to it needs: a draft is not approved, what was decided is not
    decided again, nothing is reached of what was not approved."""

    code = "PLAN_NOT_IN_STATE"
    zh = "建设方案第{version}版的状态为{state}，此操作须为：{accepted}"
    en = "Version {version} of the plan is {state}; this needs one that is: {accepted}"

    plan_id: PlanId
    version: int
    state: PlanState
    accepted: tuple[PlanState, ...]


@dataclass(frozen=True, kw_only=True)
class MilestoneOutsidePlan(Refusal):
    """A milestone that is due before its plan begins, or after it ends."""

    code = "MILESTONE_OUTSIDE_PLAN"
    malformed = True
    zh = "里程碑“{milestone}”的到期日为{due_on}，须在方案的{starts_on}至{ends_on}之间"
    en = "The milestone “{milestone}” is due on {due_on}; it must be within the plan's days, {starts_on} to {ends_on}"

    milestone: str
    due_on: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class MilestoneNotInPlan(Refusal):
    """A code that no milestone of the version has."""

    code = "MILESTONE_NOT_IN_PLAN"
    most_told = 20
    zh = "建设方案第{version}版没有里程碑“{milestone}”；可用：{accepted}"
    en = "Version {version} of the plan has no milestone “{milestone}”; it has: {accepted}"

    plan_id: PlanId
    version: int
    milestone: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MilestoneAlreadyReached(Refusal):
    """A milestone is reached once."""

    code = "MILESTONE_ALREADY_REACHED"
    zh = "里程碑“{milestone}”已于{reached_on}实现，不能再次登记"
    en = "The milestone “{milestone}” was reached on {reached_on}; that is recorded once"

    milestone: str
    reached_on: str
    reached_position: Position


@dataclass(frozen=True, kw_only=True)
class MilestonesOpen(Refusal):
    """Building milestones that were not reached: what they stand for is not built."""

    code = "MILESTONES_OPEN"
    most_told = 20
    zh = "下列建设里程碑尚未实现，不能登记建成：{milestones}；请先用reachMilestone登记"
    en = (
        "These building milestones were not reached, so it is not built: {milestones}. Say with `reachMilestone` when "
        "they were"
    )

    milestones: tuple[str, ...]
