"""What the management room refuses."""

from dataclasses import dataclass

from nzc_api.ids import AppointmentId, ManagementRuleId, PostId
from nzc_api.management.model import ManagedThing
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class PostCodeTaken(Refusal):
    """A pilot's posts have codes of their own."""

    code = "POST_CODE_TAKEN"
    zh = "试点“{pilot_code}”已有代码为“{post_code}”的岗位"
    en = "The pilot “{pilot_code}” has a post of the code “{post_code}”"

    post_id: PostId
    pilot_code: str
    post_code: str


@dataclass(frozen=True, kw_only=True)
class ManagementFull(Refusal):
    """A pilot has as many posts, duties or rules as it may have."""

    code = "MANAGEMENT_FULL"
    zh = "试点“{pilot_code}”的{thing}已达{most}项，不能再增加"
    en = "The pilot “{pilot_code}” has {most} of {thing}, and may have no more"

    pilot_code: str
    thing: ManagedThing
    most: int


@dataclass(frozen=True, kw_only=True)
class AppointmentOutOfOrder(Refusal):
    """Somebody is appointed from a day on from which the post is held already: a day has one holder."""

    code = "APPOINTMENT_OUT_OF_ORDER"
    zh = "岗位“{post_code}”自{since}起已有任职记录，新的任职须自其后的日期起，不能自{given}起"
    en = (
        "Who holds the post “{post_code}” is recorded since {since}: another appointment begins after that day, not on "
        "{given}"
    )

    post_id: PostId
    post_code: str
    since: str
    given: str


@dataclass(frozen=True, kw_only=True)
class HolderNameNotKept(Refusal):
    """There is no name to erase: the post was vacant, or the name was erased."""

    code = "HOLDER_NAME_NOT_KEPT"
    zh = "该任职记录没有保存姓名：岗位空缺，或姓名已删除"
    en = "No name is kept of this appointment: the post was vacant, or the name was erased"

    appointment_id: AppointmentId


@dataclass(frozen=True, kw_only=True)
class RuleRepealed(Refusal):
    """A rule is repealed once."""

    code = "RULE_REPEALED"
    zh = "该制度已废止，最后有效日为{last_day}"
    en = "The rule was repealed; its last day is {last_day}"

    rule_id: ManagementRuleId
    last_day: str
