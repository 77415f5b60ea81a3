"""Who sees what an entry of the log is about. Pure.

That something happened, everybody is told; what it was is shown to those to whom the API would have shown it at its
position, and counts for filters by pilots for them alone.
"""

from collections.abc import Mapping
from enum import Enum, auto

from nzc_api.feed.payloads.credits import OF_CREDITS
from nzc_api.feed.payloads.pilots import OF_PILOTS
from nzc_api.inventories.model import InventoryStatus
from nzc_api.inventories.visibility import Shows, Sight
from nzc_api.log.kinds import EntryKind
from nzc_api.metering.visibility import sees_meters


class Audience(Enum):
    """Those who see it: everybody; those who see what the pilot states; an inventory or a plan that is a draft,
    submitted or verified; meters, measures, money, posts and evaluations, which the same people see. ``OTHERS`` are
    those whom other rooms name."""

    EVERYBODY = auto()
    STATEMENTS = auto()
    DRAFT = auto()
    SUBMITTED = auto()
    VERIFIED = auto()
    WATCHERS = auto()
    OTHERS = auto()


_STATUSES = {
    Audience.STATEMENTS: InventoryStatus.VERIFIED,
    Audience.DRAFT: InventoryStatus.DRAFT,
    Audience.SUBMITTED: InventoryStatus.SUBMITTED,
    Audience.VERIFIED: InventoryStatus.VERIFIED,
}

_KINDS: Mapping[Audience, str] = {
    Audience.STATEMENTS: "TARGET_RECORDED TARGET_REVISED",
    Audience.DRAFT: "INVENTORY_CREATED EMISSION_SOURCE_RECORDED SINK_RECORDED INVENTORY_LINE_AMENDED "
    "INVENTORY_LINE_REMOVED INVENTORY_AMENDED INVENTORY_DISCARDED PLAN_DRAFTED PLAN_REVISED",
    Audience.SUBMITTED: "INVENTORY_SUBMITTED PLAN_SUBMITTED PLAN_APPROVED PLAN_RETURNED MILESTONE_REACHED "
    "COMPLETION_RECORDED",
    Audience.VERIFIED: "INVENTORY_VERIFIED",
    Audience.WATCHERS: "METER_REGISTERED METER_PLACED METER_REPLACED METER_ENDED GATEWAY_ASSIGNED READINGS_RECORDED "
    "READING_CORRECTED GAP_FILLED MONITORING_ALERT_RAISED MONITORING_ALERT_CLEARED DENOMINATOR_RECORDED "
    "MEASURE_PLANNED MEASURE_PROGRESS_RECORDED MEASURE_EFFECT_VERIFIED POTENTIAL_ANALYSED DOCUMENT_ATTACHED "
    "ENERGY_BASELINE_RECORDED FINANCING_RECORDED FINANCING_ENDED POST_ESTABLISHED HOLDER_APPOINTED HOLDER_NAME_ERASED "
    "DUTY_ASSIGNED RULE_PUBLISHED RULE_REPEALED UPKEEP_RECORDED EVALUATION_OPENED EVALUATION_SELF_EVALUATED "
    "EVALUATION_PANEL_APPOINTED EXPERT_NAME_ERASED EVALUATION_SITE_VISITED EVALUATION_ITEM_SCORED FINDING_RECORDED "
    "FINDING_ANSWERED FINDING_CLOSED EVALUATION_DECIDED EVALUATION_FOLLOWED_UP",
}

# A kind that nobody thought of is for nobody.
AUDIENCES: Mapping[EntryKind, Audience] = {
    **dict.fromkeys(EntryKind, Audience.OTHERS),
    **dict.fromkeys([*OF_PILOTS, *OF_CREDITS], Audience.EVERYBODY),
    **{EntryKind(kind): audience for audience, kinds in _KINDS.items() for kind in kinds.split()},
}


def sees(sight: Sight, audience: Audience, pilot: Shows, *, lines: bool = False) -> bool:
    """Whether somebody is of an audience, of what is a pilot's; with ``lines``, whether they see lines."""
    match audience:
        case Audience.EVERYBODY:
            return True
        case Audience.WATCHERS:
            return sees_meters(sight, pilot.operator_id)
        case Audience.OTHERS:
            return False
    return sight.sees(pilot, _STATUSES[audience], lines=lines)
