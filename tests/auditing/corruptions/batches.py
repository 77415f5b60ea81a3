"""Batches of credits, what was done to them, and corrections."""

from nzc_api.ledger.tables import credit_batch


def issued_again(**given: str) -> str:
    """A batch written once more, but for what is given."""
    columns = [column.name for column in credit_batch.columns if column.computed is None]
    values = {name: name for name in columns} | {"id": "id + 1000000"} | given
    return (
        f"INSERT INTO credit_batch ({', '.join(columns)}) "
        f"SELECT {', '.join(values.values())} FROM credit_batch WHERE id = {{batch}}"
    )


CORRUPTIONS = {
    "a batch's fact taken out": (
        "DELETE FROM batch_fact WHERE kind = 'FREEZE'",
        "the log says what the rows say",
    ),
    "a batch's fact changed": (
        "UPDATE batch_fact SET kind = 'EXPORT' WHERE kind = 'FREEZE'",
        "the log says what the rows say",
    ),
    "a correction taken out": (
        "DELETE FROM correction",
        "the log says what the rows say",
    ),
    "a batch of days before its crediting period": (
        "UPDATE credit_batch SET produced_from = '2001-01-01' WHERE project_id IN "
        "(SELECT project_id FROM enrolment JOIN crediting_period ON enrolment_id = id)",
        "monitoring periods lie in crediting periods",
    ),
    "a retirement's pilot": (
        "UPDATE account SET (pilot_id, period_id) = (SELECT pilot_id, id FROM accounting_period "
        "WHERE pilot_id <> account.pilot_id LIMIT 1) WHERE kind = 'RETIREMENT'",
        "an entry moves what it says",
    ),
    "reductions registered on another day": (
        "UPDATE credit_batch SET reductions_registered_on = reductions_registered_on - 1",
        "rows are as their entries say",
    ),
    "serials under another prefix": (
        "UPDATE credit_batch SET prefix = prefix || '9'",
        "rows are as their entries say",
    ),
    "an account of another programme": (
        "UPDATE account SET programme = 'PHCER' WHERE kind = 'FROZEN'",
        "movements join accounts of their batch",
    ),
    "a batch made larger": (
        "UPDATE credit_batch SET hi = hi + 10, quantity = quantity + 10 WHERE id = {batch}",
        "a batch is issued whole",
    ),
    "a block copied under another registry's name": (
        issued_again(registry="'CCER-2'"),
        "a batch is of its programme's registry",
    ),
    "a block issued again": (issued_again(), "a serial is issued once"),
    "a block issued again, in another case": (
        issued_again(prefix="lower(prefix)", lo="hi - 1", hi="hi + 9"),
        "a serial is issued once",
    ),
    "a block issued again, with its prefix written otherwise": (
        issued_again(prefix="replace(prefix, '-', '_')", lo="hi - 1", hi="hi + 9"),
        "a serial is issued once",
    ),
    "parts of an issuance that come to more": (
        "UPDATE credit_batch SET issuance_quantity = 19 WHERE issuance IS NOT NULL",
        "an issuance has its parts",
    ),
    "parts of an issuance of two days": (
        "UPDATE credit_batch SET reductions_registered_on = '2024-01-16' "
        "WHERE id = (SELECT max(id) FROM credit_batch WHERE issuance IS NOT NULL)",
        "an issuance has its parts",
    ),
    "a suspicion that is gone": (
        "DELETE FROM double_issuance WHERE position = batch_id",
        "what seems to be issued twice is suspected",
    ),
    "a suspicion that an amended site raised, which is gone": (
        "DELETE FROM double_issuance WHERE position > batch_id",
        "what seems to be issued twice is suspected",
    ),
    "a suspicion that came up by itself": (
        "UPDATE double_issuance SET position = {retired} WHERE position = batch_id",
        "the log says what the rows say",
    ),
    "parts that are none any more": (
        "UPDATE credit_batch SET issuance = NULL, issuance_quantity = NULL",
        "what seems to be issued twice is suspected",
    ),
    "a batch of forestry, and a project of none": (
        "UPDATE credit_batch SET forestry = NOT forestry WHERE id = {batch}",
        "forestry follows from the methodology",
    ),
    "forestry of a vintage": (
        "UPDATE credit_batch SET production_basis = 'VINTAGE' WHERE forestry",
        "forestry follows from the methodology",
    ),
    "a block issued again, inside": (
        issued_again(lo="lo + 1", hi="hi - 1"),
        "a serial is issued once",
    ),
    "another posting corrected": (
        "UPDATE correction SET posting_id = {retired} WHERE position = {corrected}",
        "corrections mirror what they correct",
    ),
    "an issuance corrected, and its batch stands": (
        "UPDATE credit_batch SET withdrawn_position = NULL WHERE withdrawn_position IS NOT NULL",
        "what was corrected may be",
    ),
    "a batch withdrawn by nothing": (
        "UPDATE credit_batch SET withdrawn_position = {retired} WHERE id = {batch}",
        "what was corrected may be",
    ),
    "a freeze corrected": (
        "UPDATE correction SET posting_id = (SELECT min(position) FROM batch_fact WHERE kind = 'FREEZE') "
        "WHERE posting_id = (SELECT max(posting_id) FROM correction JOIN batch_fact AS f ON f.position = posting_id)",
        "what was corrected may be",
    ),
    "another correction approved": (
        "UPDATE correction SET posting_id = posting_id - 1 WHERE position IN (SELECT position FROM proposal_end)",
        "approvals carry out what was proposed",
    ),
    "another batch approved": (
        "UPDATE batch_fact SET batch_id = {batch} WHERE position IN (SELECT position FROM proposal_end)",
        "approvals carry out what was proposed",
    ),
}
