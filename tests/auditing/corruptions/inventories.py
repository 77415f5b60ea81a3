"""Inventories, their lines, opinions and documents."""

CORRUPTIONS = {
    "an inventory's beginning taken out": (
        "DELETE FROM log_entry WHERE kind = 'INVENTORY_CREATED'",
        "inventories are where the log says",
    ),
    "a submission moved in time": (
        "UPDATE inventory SET submitted_position = submitted_position - 1 "
        "WHERE submitted_position IS NOT NULL",
        "inventories are where the log says",
    ),
    "a verification taken back": (
        "UPDATE inventory SET verified_position = NULL, verifier_id = NULL "
        "WHERE verified_position IS NOT NULL",
        "inventories are where the log says",
    ),
    "a discarded draft taken up again": (
        "UPDATE inventory SET discarded_position = NULL WHERE discarded_position IS NOT NULL",
        "inventories are where the log says",
    ),
    "a draft's potentials": (
        "UPDATE inventory SET gwp_set = 'AR6' WHERE gwp_set = 'SAR'",
        "inventories are as they were amended last",
    ),
    "a draft's days": (
        "UPDATE inventory SET ends_on = ends_on - 1 WHERE gwp_set = 'SAR'",
        "inventories are as they were amended last",
    ),
    "what a draft was before it was amended again": (
        "UPDATE log_entry SET body = jsonb_set(body, '{{before, gwp_set}}', '\"AR4\"') "
        "WHERE position = (SELECT max(position) FROM log_entry WHERE kind = 'INVENTORY_AMENDED')",
        "inventories are as they were amended last",
    ),
    "a line taken out": (
        "DELETE FROM inventory_line WHERE id = (SELECT max(id) FROM inventory_line)",
        "lines are as the log says",
    ),
    "a line that was taken out, put back": (
        "INSERT INTO inventory_line SELECT (e.body ->> 'line')::bigint, l.inventory_id, l.role, "
        "l.category, l.label, l.activity_value, l.activity_unit, l.density_value, l.density_unit, "
        "l.factor, l.treatment, l.rounding, l.position FROM log_entry AS e, inventory_line AS l "
        "WHERE e.kind = 'INVENTORY_LINE_REMOVED' AND l.id = (SELECT max(id) FROM inventory_line)",
        "lines are as the log says",
    ),
    "a line amended without a word": (
        "UPDATE inventory_line SET position = position - 1 WHERE position > id",
        "lines are as the log says",
    ),
    "a line of another inventory": (
        "UPDATE inventory_line SET inventory_id = (SELECT min(id) FROM inventory)"
        "WHERE id = (SELECT max(id) FROM inventory_line)",
        "lines are as the log says",
    ),
    "a source that becomes a sink": (
        "UPDATE inventory_line SET role = 'SINK'",
        "lines are as the log says",
    ),
    "a line of the future": (
        "UPDATE inventory_line SET position = 1000000",
        "nothing lies outside the log",
    ),
    "an opinion of another inventory": (
        "UPDATE verification_opinion SET inventory_id = (SELECT max(id) FROM inventory)",
        "opinions and warnings are of their inventories",
    ),
    "an opinion of another time": (
        "UPDATE verification_opinion SET position = position - 1",
        "opinions and warnings are of their inventories",
    ),
    "a warning of another inventory's line": (
        "UPDATE inventory_warning SET line_id = (SELECT min(id) FROM inventory_line) "
        "WHERE number = (SELECT min(number) FROM inventory_warning WHERE other_line_id IS NOT NULL)",
        "opinions and warnings are of their inventories",
    ),
    "a warning that names another inventory's line": (
        "UPDATE inventory_warning SET other_line_id = (SELECT min(id) FROM inventory_line) "
        "WHERE other_line_id IS NOT NULL",
        "opinions and warnings are of their inventories",
    ),
    "a line's activity": (
        "UPDATE inventory_line SET activity_value = activity_value + 1 WHERE inventory_id IN "
        "(SELECT id FROM inventory WHERE submitted_position IS NOT NULL)",
        "rows are as they were written with their entries",
    ),
    "a line's emissions": (
        "UPDATE line_gas SET co2e = co2e + 1",
        "rows are as they were written with their entries",
    ),
    "an opinion taken out": (
        "DELETE FROM verification_opinion",
        "rows are as they were written with their entries",
    ),
    "another verifier": (
        "UPDATE inventory SET verifier_id = 1 WHERE verifier_id IS NOT NULL",
        "rows are as their entries say",
    ),
    "a document's hash changed": (
        "UPDATE document SET sha256 = repeat('c', 64)",
        "documents are as the log says",
    ),
    "a document taken off": (
        "DELETE FROM attachment WHERE subject_id = (SELECT subject_id FROM document LIMIT 1)",
        "documents are as the log says",
    ),
    "a document of another pilot": (
        "UPDATE document SET pilot_id = (SELECT min(id) FROM pilot)",
        "documents are as the log says",
    ),
    "certified power that is credited": (
        "UPDATE line_certificate SET plant = 'PV-8'",
        "green power is claimed once",
    ),
    "certificates of other days": (
        "UPDATE line_certificate SET produced_to = '2023-01-01'",
        "green power is claimed once",
    ),
    "certificates of another series": (
        "UPDATE line_certificate SET series_id = 1",
        "green power is claimed once",
    ),
    "a document that comes along from nowhere": (
        "INSERT INTO attachment SELECT (SELECT max(id) FROM inventory_line), id, sha256 FROM document",
        "documents of lines come from earlier versions",
    ),
}
