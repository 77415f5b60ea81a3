"""Pilots, their accounting periods, organisations and keys."""

CORRUPTIONS = {
    "an amendment taken out": (
        "DELETE FROM pilot_amendment WHERE position = (SELECT max(position) FROM pilot_amendment)",
        "the log says what the rows say",
    ),
    "a pilot's name changed": (
        "UPDATE pilot SET name_en = 'Other' WHERE id IN (SELECT pilot_id FROM pilot_amendment)",
        "pilots are as they were amended last",
    ),
    "a pilot opened again": (
        "UPDATE pilot SET closed_on = NULL WHERE closed_on IS NOT NULL",
        "pilots are as they were amended last",
    ),
    "an amendment's facts before it": (
        'UPDATE pilot_amendment SET before = before || \'{{"name_en": "Other"}}\' '
        "WHERE position = (SELECT max(position) FROM pilot_amendment)",
        "pilots are as they were amended last",
    ),
    "an amendment of no pilot": (
        "UPDATE pilot_amendment SET pilot_id = 1000000",
        "pilots are as they were amended last",
    ),
    "a withdrawn period put back": (
        "UPDATE accounting_period SET withdrawn_position = NULL",
        "the log says what the rows say",
    ),
    "a period withdrawn at a position of something else": (
        "UPDATE accounting_period SET withdrawn_position = id + 1 WHERE withdrawn_position IS NOT NULL",
        "the log says what the rows say",
    ),
    **{
        f"a period withdrawn that has {what}": (
            f"UPDATE accounting_period SET withdrawn_position = {{retired}} WHERE id = (SELECT min({column})",
            "periods do not overlap, and nothing rests on withdrawn ones",
        )
        for what, column in {
            "an inventory": "period_id) FROM inventory",
            "a target": "baseline_period_id) FROM target",
            "credits": "period_id) FROM account WHERE kind = 'RETIREMENT'",
        }.items()
    },
    "periods that overlap": (
        "UPDATE accounting_period SET starts_on = starts_on - 1 WHERE starts_on = '2023-01-01'",
        "periods do not overlap, and nothing rests on withdrawn ones",
    ),
    "an organisation's amendment taken out": (
        "DELETE FROM organisation_amendment",
        "the log says what the rows say",
    ),
    "an organisation's name changed": (
        "UPDATE organisation SET name_en = 'Other' "
        "WHERE id IN (SELECT organisation_id FROM organisation_amendment)",
        "organisations are as they were amended last",
    ),
    "an amendment of the future": (
        "UPDATE pilot_amendment SET position = 1000000 "
        "WHERE position = (SELECT max(position) FROM pilot_amendment)",
        "nothing lies outside the log",
    ),
    "a pilot's name that was never amended": (
        "UPDATE pilot SET name_en = 'Other' WHERE id NOT IN (SELECT pilot_id FROM pilot_amendment)",
        "rows are as they were written with their entries",
    ),
    "a pilot written by nobody": (
        "INSERT INTO pilot SELECT {retired}, 'OTHER', variant, name_zh, name_en, applicant_kind, applicant_name_zh, "
        "applicant_name_en, division_code, establishment, operation_starts_on, operator_id FROM pilot LIMIT 1",
        "rows are as they were written with their entries",
    ),
    "another secret of a key": (
        "UPDATE api_key SET secret_hash = sha256(secret_hash)",
        "rows are as they were written with their entries",
    ),
    "an accounting period's days": (
        "UPDATE accounting_period SET ends_on = ends_on - 1",
        "rows are as their entries say",
    ),
    "a key revoked by nobody": (
        "UPDATE api_key SET revoked_position = {retired}",
        "rows are as their entries say",
    ),
    "a site that nobody stated": (
        "INSERT INTO site (position, subject_id) SELECT {retired}, max(id) FROM pilot",
        "the log says what the rows say",
    ),
    "a sink given back for other days": (
        "UPDATE accounting_period SET starts_on = '2030-01-01', ends_on = '2030-12-31' "
        "WHERE id = (SELECT period_id FROM account WHERE purpose = 'OWN_SINK')",
        "sinks go back to their own pilots",
    ),
    "approved for a key that was revoked before": (
        "UPDATE api_key SET revoked_position = id + 1 WHERE id = "
        "(SELECT api_key_id FROM log_entry WHERE kind = 'ORDER_PROPOSED' LIMIT 1)",
        "proposals are made and approved by two keys of their registry",
    ),
}
