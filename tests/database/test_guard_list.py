"""What the tables rest on is listed; whatever is missing, disabled or altered of it is named, before
anything is served and by every audit."""

import json

import asyncpg
import pytest

from nzc_api.database.engine import Database
from nzc_api.database.guards import EXPECTED
from nzc_api.ledger.auditing.audit import audit
from tests.conftest import TestDatabase
from tests.database.test_checks import execute, fitness
from tools.guards import guard_list

# What an owner or a superuser does, what is named for it, and how it is.
DEEDS = {
    **{f"ALTER TABLE {table} DISABLE TRIGGER {name}": (f"trigger {table}.{name}", "disabled")
       for table, name in (
           ("movement", "movement_posted"), ("movement", "movement_said"), ("lot", "lot_posted"),
           ("lot_spent", "lot_spent_posted"), ("credit_batch", "credit_batch_posted"),
           ("log_entry", "log_entry_dense"), ("log_head", "log_head_follows"),
           ("outcome", "outcome_append_only"), ("inventory", "inventory_frozen"),
           ("balance", "balance_follows"), ("balance", "balance_append_only"),
           ("movement", "movement_written_whole"))},
    "ALTER TABLE lot ENABLE REPLICA TRIGGER lot_posted": ("trigger lot.lot_posted", "disabled"),
    "ALTER TABLE lot DISABLE TRIGGER USER": ("trigger lot.lot_append_only", "disabled"),
    "ALTER TABLE credit_batch DISABLE TRIGGER ALL": (
        "constraint credit_batch.credit_batch_project_id_programme_fkey", "disabled"),
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica',"
    " current_database()); END $$": ("setting session_replication_role", "disabled"),
    "DROP TRIGGER lot_posted ON lot": ("trigger lot.lot_posted", "missing"),
    "ALTER TABLE credit_batch DROP CONSTRAINT credit_batch_no_overlap_excl": (
        "constraint credit_batch.credit_batch_no_overlap_excl", "missing"),
    "ALTER TABLE credit_batch DROP CONSTRAINT credit_batch_registry_of_programme_check": (
        "constraint credit_batch.credit_batch_registry_of_programme_check", "missing"),
    "DROP INDEX inventory_one_draft_idx": ("index inventory.inventory_one_draft_idx", "missing"),
    "DROP FUNCTION nzc_check_postings(bigint, bigint)": (
        "function nzc_check_postings(first bigint, last bigint)", "missing"),
    "ALTER TABLE lot DROP CONSTRAINT lot_range_check, ADD CONSTRAINT lot_range_check CHECK (hi > lo)"
    " NOT VALID": ("constraint lot.lot_range_check", "disabled"),
    "ALTER TABLE lot DROP CONSTRAINT lot_range_check, ADD CONSTRAINT lot_range_check CHECK (hi >= lo)": (
        "constraint lot.lot_range_check", "altered"),
    "CREATE OR REPLACE FUNCTION nzc_refuse(guard text, detail text) RETURNS void LANGUAGE sql AS ''": (
        "function nzc_refuse(guard text, detail text)", "altered"),
    "CREATE OR REPLACE FUNCTION nzc_digest(prior bytea, \"position\" bigint, at timestamptz, kind text,"
    " subject_id bigint, organisation_id bigint, api_key_id bigint, body jsonb) RETURNS bytea"
    " LANGUAGE sql STABLE PARALLEL SAFE"
    " RETURN prior": (
        "function nzc_digest(prior bytea, \"position\" bigint, at timestamp with time zone, kind text,"
        " subject_id bigint, organisation_id bigint, api_key_id bigint, body jsonb)", "altered"),
    "ALTER FUNCTION nzc_posted() SET search_path = pg_temp": ("function nzc_posted()", "altered"),
    "DROP TRIGGER lot_posted ON lot; CREATE TRIGGER lot_posted AFTER INSERT ON lot REFERENCING NEW TABLE"
    " AS added FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION nzc_posted()": (
        "trigger lot.lot_posted", "altered"),
    "ALTER TABLE lot ALTER COLUMN hi DROP NOT NULL": ("column lot.hi", "altered"),
    "ALTER TABLE lot SET UNLOGGED": ("table lot", "altered"),
    "ALTER TABLE lot ENABLE ROW LEVEL SECURITY": ("table lot", "altered"),
    "CREATE RULE mine AS ON INSERT TO lot_spent DO INSTEAD NOTHING": (
        "rule lot_spent.mine", "foreign"),
    "CREATE TRIGGER mine BEFORE DELETE ON balance EXECUTE FUNCTION nzc_append_only()": (
        "trigger balance.mine", "foreign"),
}  # fmt: skip

# What it is called in both languages.
SAID = {
    "missing": ("缺失", "is missing"), "disabled": ("已被停用", "is disabled"),
    "altered": ("已被改动", "is altered"), "foreign": ("不属于NZC", "is none of NZC's"),
}  # fmt: skip


async def test_the_list_is_what_the_migrations_make(database: TestDatabase) -> None:
    """`make guards` writes it anew."""
    connection = await asyncpg.connect(database.owner_url)
    assert await guard_list(connection) == json.loads(EXPECTED.read_text("utf-8"))
    await connection.close()


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_is_not_as_it_was_made_is_named(database: TestDatabase, deed: str) -> None:
    what, how = DEEDS[deed]
    await execute(database.superuser_url, deed)
    unfit = await fitness(database.api_url)
    assert all(words in unfit for words in SAID[how]), unfit
    whole = Database(database.api_url, pool_size=1)
    try:
        [broken] = await audit(whole)
    finally:
        await whole.close()
    assert broken.check.name.en == "guards are there, in force and as they were made"
    assert {"what": what, "is": how} in broken.rows
