"""Who sees what an entry of the log is about, and who may have all that it says. Pure.

That something happened, everybody is told; what it was is shown to those to whom the API would have shown it at its
position, and counts for filters by pilots for them alone.
"""

from collections.abc import Mapping
from enum import Enum, auto

from nzc_api.access.principals import Principal, Role
from nzc_api.feed.payloads.applications import OF_APPLICATIONS
from nzc_api.feed.payloads.credits import OF_CREDITS
from nzc_api.feed.payloads.keys import OF_KEYS
from nzc_api.feed.payloads.pilots import OF_PILOTS
from nzc_api.feed.payloads.programmes import OF_PROGRAMMES
from nzc_api.feed.viewers import Viewer
from nzc_api.inventories.model import InventoryStatus
from nzc_api.inventories.visibility import Shows
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.metering.visibility import sees_meters
from nzc_api.selection.visibility import sees_application


class Audience(Enum):
    """Those who see it: everybody; those who see what the pilot states; an inventory or a plan that is a draft,
    submitted or verified; meters, measures, money, posts and evaluations, which the same people see; an application,
    which is of no pilot before it is selected; what a programme's registries propose and compare; keys and endpoints.
    ``NOBODY`` sees what nobody thought of."""

    EVERYBODY = auto()
    STATEMENTS = auto()
    DRAFT = auto()
    SUBMITTED = auto()
    VERIFIED = auto()
    WATCHERS = auto()
    APPLICATION = auto()
    PROGRAMME = auto()
    KEYS = auto()
    NOBODY = auto()


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
    **dict.fromkeys(EntryKind, Audience.NOBODY),
    **dict.fromkeys([*OF_PILOTS, *OF_CREDITS], Audience.EVERYBODY),
    **dict.fromkeys(OF_APPLICATIONS, Audience.APPLICATION),
    **dict.fromkeys(OF_PROGRAMMES, Audience.PROGRAMME),
    **dict.fromkeys(OF_KEYS, Audience.KEYS),
    **{EntryKind(kind): audience for audience, kinds in _KINDS.items() for kind in kinds.split()},
}

# What auditors may have all of, free text and keys too, whoever it is of: the ledger, what it rests on, and what was
# handed in. Drafts and plans are for who said it, and so is a kind that nobody thought of.
OPEN_TO_AUDITORS = frozenset({EntryKind.INVENTORY_SUBMITTED}).union(
    kind
    for kind, audience in AUDIENCES.items()
    if audience in {Audience.EVERYBODY, Audience.STATEMENTS, Audience.VERIFIED}
)


def sees(viewer: Viewer, audience: Audience, pilot: Shows, *, lines: bool = False) -> bool:
    """Whether somebody is of an audience, of what is a pilot's; with ``lines``, whether they see lines."""
    match audience:
        case Audience.EVERYBODY:
            return True
        case Audience.WATCHERS:
            return sees_meters(viewer.sight, pilot.operator_id)
        case Audience.APPLICATION:
            # There is a pilot only where it was selected, and so handed in.
            return sees_application(viewer.applications, pilot.operator_id, handed_in=True)
        case Audience.PROGRAMME | Audience.KEYS | Audience.NOBODY:
            return False
    return viewer.sight.sees(pilot, _STATUSES[audience], lines=lines)


def opens(principal: Principal | None, entry: Entry) -> bool:
    """Whether somebody may have all that an entry says: who said it, administrators, and auditors of some kinds."""
    if principal is None:
        return False
    if principal.role is Role.ADMINISTRATOR:
        return True
    if principal.organisation_id == entry.actor.organisation_id:
        return True
    return principal.role is Role.AUDITOR and entry.kind in OPEN_TO_AUDITORS
