"""Who may see what opens the commitments of an entry's leaf. Pure."""

from nzc_api.access.principals import Principal, Role
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry

# What auditors may open, whoever it is of: the ledger, what it rests on, and what was handed in. Whatever else there
# is, drafts and plans and whatever is added, is for who said it.
OPEN_TO_AUDITORS = frozenset(
    {
        EntryKind.ORGANISATION_REGISTERED,
        EntryKind.ORGANISATION_AMENDED,
        EntryKind.PILOT_REGISTERED,
        EntryKind.PILOT_AMENDED,
        EntryKind.PILOT_PLACED,
        EntryKind.PILOT_OVERLAP_RECORDED,
        EntryKind.PILOT_SITE_STATED,
        EntryKind.PILOT_SITE_RESOLVED,
        EntryKind.ACCOUNTING_PERIOD_REGISTERED,
        EntryKind.ACCOUNTING_PERIOD_WITHDRAWN,
        EntryKind.INVENTORY_SUBMITTED,
        EntryKind.INVENTORY_VERIFIED,
        EntryKind.TARGET_RECORDED,
        EntryKind.TARGET_REVISED,
        EntryKind.PROJECT_REGISTERED,
        EntryKind.PROJECT_ENROLLED,
        EntryKind.PROJECT_AMENDED,
        EntryKind.PROJECT_SITE_RESOLVED,
        EntryKind.CREDITS_ISSUED,
        EntryKind.CREDITS_TRANSFERRED,
        EntryKind.CREDITS_RETIRED,
        EntryKind.RETIREMENT_REQUESTED,
        EntryKind.RETIREMENT_REQUEST_CANCELLED,
        EntryKind.RETIREMENT_REQUEST_EXPIRED,
        EntryKind.CREDITS_USED,
        EntryKind.CREDITS_FROZEN,
        EntryKind.CREDITS_UNFROZEN,
        EntryKind.CREDITS_INVALIDATED,
        EntryKind.BATCH_FROZEN,
        EntryKind.BATCH_UNFROZEN,
        EntryKind.BATCH_INVALIDATED,
        EntryKind.BATCH_EXPORTED,
        EntryKind.POSTING_CORRECTED,
        EntryKind.DOUBLE_ISSUANCE_RESOLVED,
    }
)


def opens(principal: Principal | None, entry: Entry) -> bool:
    """Whether somebody may see all that an entry says: who said it, administrators, and auditors of some kinds."""
    if principal is None:
        return False
    if principal.role is Role.ADMINISTRATOR:
        return True
    if principal.organisation_id == entry.actor.organisation_id:
        return True
    return principal.role is Role.AUDITOR and entry.kind in OPEN_TO_AUDITORS
