"""Changing one value of each column of each table, as a superuser, and asking whether the audit notices."""

from collections import Counter
from collections.abc import Sequence

import asyncpg

from nzc_api.ledger.auditing.audit import CHECKS, Check, Over

# All but the first, whether guards are there: here none are.
ASKED = CHECKS[1:]

# How a value of a type becomes another.
OTHER = {
    "bigint": "{0} + 1000000000", "integer": "{0} + 1000000", "smallint": "{0} + 1000",
    "numeric": "{0} + 1", "text": "{0} || 'x'",
    "boolean": "NOT {0}", "date": "{0} + 1", "timestamp with time zone": "{0} + interval '1 second'",
    "bytea": "sha256({0})", "jsonb": "jsonb_build_array({0})", "text[]": "array_append({0}, 'x')",
    "bigint[]": "array_append({0}, 1)", "numeric[]": "array_append({0}, 1)",
}  # fmt: skip

# Of what the audit says nothing: whole tables (`None`), or columns. What the tree has of the log, the comparing of that
# finds (tests/proofs); of drafts nothing is bound but that they are there. A column that is added is audited, or named
# here.
LEFT_OUT: dict[str, set[str] | None] = {
    # Words of applications and of the rooms above inventories: their entries say all numbers, and guards hold them to
    # exactly that.
    "application": {"name_zh", "name_en", "applicant_name_zh", "applicant_name_en", "operation_starts_on", "boundary",
                    "hectares"},
    "application_step": {"reason"}, "appointment": {"document"},
    "claim_document": {"number", "kind", "name", "media_type", "size"}, "completion": {"document"},
    "criterion_claim": {"statement"}, "criterion_judgement": {"reason"}, "document": {"name"},
    "duty": {"unit_name_zh", "unit_name_en", "document"}, "evaluation_decision": {"reason"},
    "evaluation_score": {"reason"}, "financing": {"financier"}, "financing_end": {"document"},
    "finding": {"text"}, "finding_step": {"text", "document"}, "management_rule": {"title", "document"},
    "measure": {"name_zh", "name_en"}, "measure_effect": {"document"}, "measure_progress": {"document"},
    "milestone_reached": {"document"}, "panel_expert": {"number", "employer"}, "panel_expert_name": None,
    "plan_material": {"number", "name_zh", "name_en", "source"}, "plan_milestone": {"name_zh", "name_en"},
    "plan_package": {"name_zh", "name_en"}, "post": {"name_zh", "name_en", "responsibilities"},
    "potential_analysis": {"growth_source", "paragraphs"}, "rule_repeal": {"document"},
    "self_evaluation": {"statement", "document"}, "site_visit": {"notes", "document"},
    "upkeep": {"done", "document"}, "webhook_terms": {"label"},
    # Of no consequence: an order, what was refused beside it, sums that newer ones took the place of, a hash, a day and
    # an end that a constraint reckons.
    "energy_baseline_variable": {"number"}, "financing_pledge": {"number"}, "reading_batch": {"refused"},
    "interval_block": {"starts_on", "ends_at"},
    "meter_rollup": {"millionths", "estimated_millionths", "known", "estimated", "cost_millionths", "costed"},
    "monitoring_alert": {"since"}, "reconciliation": {"report_sha256"},
    "alembic_version": None, "api_key_use": None, "log_checkpoint": None, "log_cosignature": None, "log_node": None,
    "log_salt": None, "upload": None, "webhook_delivery": None, "webhook_former_secret": None, "webhook_secret": None,
    "log_head": {"id", "log_id", "at", "former_ids"},
    "outcome": {"key", "fingerprint", "refusal", "as_of"},
    "same_site": {"by", "position", "compared"},
    "webhook_cursor": {"endpoint_id", "previous", "due_at", "attempts", "failures", "failing_since"},
}  # fmt: skip

# Rows that somebody answers for.
ONLY = {
    "inventory": "submitted_position IS NOT NULL",
    "inventory_line": "inventory_id IN (SELECT id FROM inventory WHERE submitted_position IS NOT NULL)",
    "inventory_warning": "inventory_id IN (SELECT id FROM inventory WHERE submitted_position IS NOT NULL)",
    "line_certificate": "inventory_id IN (SELECT id FROM inventory WHERE submitted_position IS NOT NULL)",
    "line_meter": "inventory_id IN (SELECT id FROM inventory WHERE submitted_position IS NOT NULL)",
    "line_gas": "line_id IN (SELECT l.id FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id "
    "WHERE i.submitted_position IS NOT NULL)",
}

COLUMNS = """
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type
      FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attgenerated = '' ORDER BY c.relname, a.attnum
"""


async def each_column(connection: asyncpg.Connection) -> tuple[int, list[str]]:
    """How many changes are noticed, and which columns' are not."""
    audit = Audit(connection, await connection.fetchval("SELECT position FROM log_head"))
    noticed, unnoticed = 0, []
    for column in await connection.fetch(COLUMNS):
        table, name = column["table"], column["name"]
        left_out = LEFT_OUT.get(table, set())
        if left_out is None or name in left_out:
            continue
        found = await audit.notices(table, name, OTHER[column["type"]].format(f'"{name}"'))
        noticed += found is True
        if found is False:
            unnoticed.append(f"{table}.{name}")
    return noticed, unnoticed


class Audit:
    """The checks, first those that found something of the same table."""

    def __init__(self, connection: asyncpg.Connection, head: int) -> None:
        self._connection = connection
        self._found: Counter[tuple[str, Check]] = Counter()
        self._over: dict[Over, Sequence[int]] = {
            Over.NOW: (), Over.HEAD: (head,), Over.ALL: (), Over.POSITIONS: (1, head), Over.BATCHES: (1, head),
        }  # fmt: skip

    async def notices(self, table: str, name: str, other: str) -> bool | None:
        """Whether a change of one value is noticed; None where no row has one."""
        transaction = self._connection.transaction()
        await transaction.start()
        try:
            row = f'SELECT ctid FROM {table} WHERE "{name}" IS NOT NULL AND {ONLY.get(table, "true")} LIMIT 1'
            changed = f'UPDATE {table} SET "{name}" = {other} WHERE ctid = ({row})'
            if (await self._connection.execute(changed)).endswith(" 0"):
                return None
            for check in sorted(ASKED, key=lambda check: -self._found[table, check]):
                if await self._connection.fetch(check.query, 1, *self._over[check.over]):
                    self._found[table, check] += 1
                    return True
            return False
        finally:
            await transaction.rollback()
