"""Nothing is taken back, and nobody but the owner can put a guard down."""

import re
from collections.abc import Mapping, Sequence

import pytest

from nzc_api.database.embedded import OWNER_LOGIN
from nzc_api.database.metadata import Access, metadata
from tests.database.guards.attacks import (
    API,
    LOGGED,
    OWNER,
    Attack,
    Connection,
    Scene,
    Stopped,
    assert_refused,
    attempt,
    cases,
)
from tests.database.guards.changes import changed, placed
from tests.database.guards.good_rows import new
from tests.database.guards.postings import posting, retired

APPENDED = [n for n, t in sorted(metadata.tables.items()) if t.info["access"] is Access.APPEND]

# What no one may do to a table, its owner included; the head, keys, pilots, inventories and lines are state.
KEPT: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(APPENDED, ("UPDATE", "DELETE", "TRUNCATE")),
    "log_head": ("DELETE", "TRUNCATE"),
    "api_key": ("DELETE", "TRUNCATE"),
    "pilot": ("DELETE", "TRUNCATE"),
    "meter": ("DELETE", "TRUNCATE"),
    "organisation": ("DELETE", "TRUNCATE"),
    "project": ("DELETE", "TRUNCATE"),
    "accounting_period": ("DELETE", "TRUNCATE"),
    "inventory": ("DELETE", "TRUNCATE"),
    "inventory_line": ("UPDATE", "TRUNCATE"),
    "line_gas": ("UPDATE", "TRUNCATE"),
    "inventory_warning": ("UPDATE", "TRUNCATE"),
    "upload": ("UPDATE", "TRUNCATE"),
    "holder_name": ("UPDATE", "TRUNCATE"),
    "webhook_secret": ("UPDATE", "TRUNCATE"),
    "webhook_former_secret": ("UPDATE", "TRUNCATE"),
    "webhook_cursor": ("DELETE", "TRUNCATE"),
    "webhook_delivery": ("UPDATE", "TRUNCATE"),
    "line_certificate": ("UPDATE", "TRUNCATE"),
}


def deed(verb: str, table: str) -> str:
    column = metadata.tables[table].columns.keys()[0]
    return {
        "SELECT": f"SELECT FROM {table}",
        "INSERT": f"INSERT INTO {table} SELECT * FROM {table}",
        "UPDATE": f"UPDATE {table} SET {column} = {column}",
        "DELETE": f"DELETE FROM {table}",
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
    }[verb]


@pytest.mark.parametrize(
    ("verb", "table"), [(verb, table) for table, verbs in KEPT.items() for verb in verbs]
)
async def test_the_owner_takes_nothing_back(
    connections: Mapping[str, Connection], scene: Scene, verb: str, table: str
) -> None:
    error = await attempt(connections[OWNER], scene.story, deed(verb, table))
    assert_refused(error, "append_only")
    assert f"{verb} of {table} is refused" in str(error)


@pytest.mark.parametrize("table", sorted(metadata.tables))
async def test_the_api_may_do_what_the_table_declares(
    connections: Mapping[str, Connection], scene: Scene, table: str
) -> None:
    """And where it may not, the missing grant stops it, before any trigger."""
    declared = metadata.tables[table].info["access"].value.split(", ")
    for verb in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
        error = await attempt(connections[API], scene.story, deed(verb, table))
        stopped = error is not None and error.sqlstate == "42501"
        assert stopped is (verb not in declared), (verb, error)
        if stopped:
            assert f"permission denied for table {table}" in str(error)


# Every way in which a session that is the API's could put a guard down, or become somebody else.
RIGHTS = (
    "ALTER TABLE lot DISABLE TRIGGER ALL",
    "DROP TRIGGER lot_posted ON lot",
    "ALTER TABLE lot DROP CONSTRAINT lot_range_check",
    "DROP TABLE lot",
    "CREATE TRIGGER mine BEFORE INSERT ON lot EXECUTE FUNCTION nzc_append_only()",
    "CREATE RULE mine AS ON INSERT TO lot DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION nzc_refuse(guard text, detail text) RETURNS void"
    " LANGUAGE sql AS ''",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "SET session_replication_role = replica",
    f"SET SESSION AUTHORIZATION {OWNER_LOGIN}",
    f"SET ROLE {OWNER_LOGIN}",
    f"RESET ROLE; SET ROLE {OWNER_LOGIN}",
    "RESET ROLE; DELETE FROM lot",
    "INSERT INTO outcome SELECT * FROM outcome ON CONFLICT (organisation_id, key)"
    " DO UPDATE SET position = 1",
    "MERGE INTO lot USING (SELECT 1) AS x ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM movement RETURNING *) SELECT * FROM gone",
    "SELECT FROM lot FOR UPDATE",
    "LOCK TABLE lot IN ACCESS EXCLUSIVE MODE",
    "COPY lot TO PROGRAM 'cat'",
)


@pytest.mark.parametrize("sql", RIGHTS)
async def test_the_api_cannot_put_a_guard_down(
    connections: Mapping[str, Connection], scene: Scene, sql: str
) -> None:
    if scene.server.owner == scene.server.superuser:
        pytest.skip("the API's login of this server is a superuser")
    error = await attempt(connections[API], scene.story, sql)
    assert error is not None
    assert error.sqlstate == "42501", repr(error)


def shadow(*tables: str) -> str:
    """Empty tables of these names, which only this session sees, and sees first."""
    return "; ".join(f"CREATE TEMPORARY TABLE {name} (LIKE public.{name})" for name in tables)


def public(sql: str) -> str:
    return re.sub(r"(INSERT INTO|UPDATE) (\w+)", r"\1 public.\2", sql)


SHADOWS = (
    Attack("tonnes from nothing", "lots_come_from_what_was_spent",
           public(posting(made=["0, $holding, $A, 1001, 1101, $A"])),
           before=f"{LOGGED}; {shadow('lot', 'lot_spent', 'movement', 'credit_batch')}"),
    Attack("a credit from inside", "credit_from_outside_boundary",
           public(retired("$inner_lot", "$B", 1, "$town_retirement")),
           before=f"{LOGGED}; {shadow('project')}"),
    Attack("a gap in the log", "log_is_dense",
           public(new("log_entry", position="$head + 2")),
           before="CREATE TEMPORARY TABLE log_entry AS SELECT $head + 1 AS position, now() AS at"),
    Attack("a head ahead of the log", "head_follows_log",
           public("UPDATE log_head SET position = $head + 9"),
           before="CREATE TEMPORARY TABLE log_entry AS SELECT $head + 9 AS position"),
    Attack("a pilot in what lies in it", "pilot_not_inside_itself",
           public(placed("$town", "$building")),
           before=f"{LOGGED}; {shadow('pilot_placement')}"),
    Attack("a line more in a submitted inventory", "inventory_lines_are_frozen",
           public(new("inventory_line", inventory_id="$submitted")),
           before=f"{LOGGED}; {shadow('inventory')}"),
    Attack("a superseded version that is verified", "inventory_is_latest",
           public(changed("$superseded", "verified_position = $p", "verifier_id = $verifier")),
           before=f"{LOGGED}; {shadow('inventory')}"),
)  # fmt: skip


@cases(SHADOWS)
async def test_guards_see_the_real_tables(stopped: Stopped, who: str, attack: Attack) -> None:
    """A session's temporary tables come first when a name is looked up: not for the guards."""
    await stopped(who, attack)
