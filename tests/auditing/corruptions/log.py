"""The log's own rows: entries, the head, grounds and outcomes; and guards put down."""

GUARDED = "guards are there, in force and as they were made"

CORRUPTIONS = {
    "a guard put down": ("ALTER TABLE lot_spent DISABLE TRIGGER lot_spent_posted", GUARDED),
    "a head behind": (
        "UPDATE log_head SET position = position - 1",
        "the head follows the log",
    ),
    "a head before its time": (
        "UPDATE log_head SET at = at - interval '1 hour'",
        "the head follows the log",
    ),
    "a head of another history": (
        "UPDATE log_head SET digest = sha256(digest)",
        "the head follows the log",
    ),
    "an entry of another history": (
        "UPDATE log_entry SET digest = sha256(digest) WHERE position = {retired}",
        "each entry's digest follows",
    ),
    "who did it": (
        "UPDATE log_entry SET organisation_id = 1 WHERE position = {retired}",
        "each entry's digest follows",
    ),
    "a word of an entry": (
        'UPDATE log_entry SET body = body || \'{{"reference": "another"}}\' WHERE position = {retired}',
        "each entry's digest follows",
    ),
    "the first entry": (
        "UPDATE log_entry SET body = body || '{{\"a\": 1}}' WHERE position = 1",
        "each entry's digest follows",
    ),
    "an entry taken out": (
        "DELETE FROM log_entry WHERE kind = 'PROJECT_ENROLLED'",
        "positions are dense",
    ),
    "a time put back": (
        "UPDATE log_entry SET at = at - interval '1 hour' WHERE position = {retired}",
        "times never run backwards",
    ),
    "an entry of a movement taken out": (
        "DELETE FROM log_entry WHERE position = {retired}",
        "everything lies at a logged position",
    ),
    "an outcome of nothing": (
        "UPDATE outcome SET position = 1000000 WHERE position = {retired}",
        "outcomes point to their entries of the log",
    ),
    "an outcome of somebody else's": (
        "UPDATE outcome SET position = (SELECT min(position) FROM outcome WHERE organisation_id = 0) "
        "WHERE position = {retired}",
        "outcomes point to their entries of the log",
    ),
    "an entry's quantity": (
        "UPDATE log_entry SET body = body || '{{\"quantity\": 1}}' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry's serials": (
        "UPDATE log_entry SET body = jsonb_set(body, '{{serials,0,first}}', '0') WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry that names serials that did not move": (
        "UPDATE log_entry SET body = jsonb_set(body, '{{serials,1}}', body #> '{{serials,0}}') "
        "WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry's pilot": (
        "UPDATE log_entry SET body = body || '{{\"pilot\": 1}}' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry that names no pilot": (
        "UPDATE log_entry SET body = body - 'pilot' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry's holder": (
        "UPDATE log_entry SET body = body || '{{\"holder\": 1}}' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "an entry's kind": (
        "UPDATE log_entry SET kind = 'CREDITS_USED' WHERE position = {retired}",
        "an entry moves what it says",
    ),
    "grounds in other words": (
        "UPDATE grounds SET reason = 'otherwise'",
        "rows are as their entries say",
    ),
    "grounds taken out": ("DELETE FROM grounds", "rows are as their entries say"),
    "one number for two orders": (
        "UPDATE log_entry SET body = body || jsonb_build_object('reference', CASE kind "
        "WHEN 'CREDITS_USED' THEN 'zx_1' ELSE 'ZX-1' END) WHERE position IN ({retired}, {used})",
        "a registry's number names one order",
    ),
    "a proposal without grounds": (
        "DELETE FROM grounds WHERE position = (SELECT id FROM proposal WHERE lo = 41)",
        "proposals are as the log says",
    ),
}
