"""Requests, proposals and reconciliations."""

CORRUPTIONS = {
    "a request for longer": (
        "UPDATE retirement_request SET expires_at = expires_at + interval '1 day'",
        "rows are as their entries say",
    ),
    "a reconciliation as of another position": (
        "UPDATE reconciliation SET position = position - 1",
        "reconciliations are as the log says",
    ),
    "an open request closed": (
        "INSERT INTO request_end VALUES ({open_request}, {used}, 'CANCELLED')",
        "what open requests ask for is pending",
    ),
    "an ended request opened": (
        "DELETE FROM request_end WHERE outcome = 'CONFIRMED'",
        "what open requests ask for is pending",
    ),
    "a part that nobody knows of": (
        "DELETE FROM request_part",
        "what open requests ask for is pending",
    ),
    "a proposal of more": (
        "UPDATE proposal SET quantity = quantity + 1",
        "proposals are as the log says",
    ),
    "a proposal for longer": (
        "UPDATE proposal SET expires_at = expires_at + interval '1 day' WHERE lo = 41",
        "proposals are as the log says",
    ),
    "a proposal taken out": ("DELETE FROM proposal WHERE lo = 41", "proposals are as the log says"),
    "an approval taken out": (
        "DELETE FROM proposal_end WHERE outcome = 'APPROVED'",
        "proposals are as the log says",
    ),
    "a withdrawal of another proposal": (
        "UPDATE proposal_end SET proposal_id = (SELECT id FROM proposal WHERE lo = 41) "
        "WHERE outcome = 'WITHDRAWN'",
        "proposals are as the log says",
    ),
    "approved by who proposed": (
        "UPDATE log_entry SET api_key_id = (SELECT api_key_id FROM log_entry WHERE kind = 'ORDER_PROPOSED' LIMIT 1) "
        "WHERE position IN (SELECT position FROM proposal_end WHERE outcome = 'APPROVED')",
        "proposals are made and approved by two keys of their registry",
    ),
    "proposed by another's key": (
        "UPDATE log_entry SET api_key_id = (SELECT min(id) FROM api_key) WHERE kind = 'ORDER_PROPOSED'",
        "proposals are made and approved by two keys of their registry",
    ),
    "withdrawn by another's key": (
        "UPDATE log_entry SET api_key_id = (SELECT min(id) FROM api_key) WHERE kind = 'PROPOSAL_WITHDRAWN'",
        "proposals are made and approved by two keys of their registry",
    ),
    "proposed for another programme": (
        "UPDATE proposal SET programme = 'PHCER'",
        "proposals are made and approved by two keys of their registry",
    ),
    "approved too late": (
        "UPDATE proposal SET expires_at = (SELECT at FROM log_entry WHERE position = id) + interval '1 microsecond'",
        "proposals are made and approved by two keys of their registry",
    ),
    "fewer tonnes approved": (
        "UPDATE proposal SET quantity = 7 WHERE posting_id IS NOT NULL",
        "approvals carry out what was proposed",
    ),
    "pending for no request": (
        "DELETE FROM retirement_request WHERE id = {open_request}",
        "what is pending is of an open request",
    ),
}
