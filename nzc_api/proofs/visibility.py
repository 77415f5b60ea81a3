"""Who may see what opens the commitments of an entry's leaf. Pure."""

from nzc_api.access.principals import Principal, Role
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry

# What is said of drafts, which are their operator's until they are handed in.
OF_DRAFTS = frozenset(
    {
        EntryKind.INVENTORY_CREATED,
        EntryKind.EMISSION_SOURCE_RECORDED,
        EntryKind.SINK_RECORDED,
        EntryKind.INVENTORY_LINE_AMENDED,
        EntryKind.INVENTORY_LINE_REMOVED,
        EntryKind.INVENTORY_AMENDED,
        EntryKind.INVENTORY_DISCARDED,
        EntryKind.APPLICATION_OPENED,
        EntryKind.CRITERION_CLAIMED,
    }
)


def opens(principal: Principal | None, entry: Entry) -> bool:
    """Whether somebody may see all that an entry says: who said it, administrators, and auditors where it is not of
    drafts."""
    if principal is None:
        return False
    if (
        principal.role is Role.ADMINISTRATOR
        or principal.organisation_id == entry.actor.organisation_id
    ):
        return True
    return principal.role is Role.AUDITOR and entry.kind not in OF_DRAFTS
