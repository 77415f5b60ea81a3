"""The migrations make what the code declares: the same tables, and grants that are exactly each
table's ``access``; running them again changes nothing; one by one they make the same as all at once."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from decimal import Decimal
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

import nzc_api
from nzc_api.database.engine import API_ROLE, SESSION, open_engine
from nzc_api.database.guards import EXPECTED
from nzc_api.database.metadata import Access, metadata
from nzc_api.database.migrate import head_revision, migrate
from tests.conftest import Server, TestDatabase, named_database, unguarded
from tests.database.test_checks import fitness
from tools.guard_files import FOLDER, differences
from tools.guards import guard_list

# Each room adds its tables as its file of them is imported.
for module in walk_packages(nzc_api.__path__, "nzc_api."):
    if module.name.endswith(".tables"):
        import_module(module.name)

TABLES = sorted(metadata.tables)

# Alembic's own table: the API reads it to see whether it fits the database.
VERSION_TABLE = "alembic_version"

COLUMNS = """
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
           a.attgenerated::text AS generated, a.attidentity::text AS identity,
           a.attcollation::regcollation::text AS collation,
           pg_get_expr(d.adbin, d.adrelid) AS "default"
      FROM pg_attribute AS a
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attnum
"""

CONSTRAINTS = """
    SELECT conname AS name, contype::text AS type, condeferrable AS "deferrable",
           convalidated AS validated, pg_get_constraintdef(oid) AS definition
      FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype <> 't' ORDER BY conname
"""

INDEXES = """
    SELECT indexname AS name, indexdef AS definition
      FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1 ORDER BY indexname
"""

PARTS = {"columns": COLUMNS, "constraints": CONSTRAINTS, "indexes": INDEXES}

# Everything in the schema that has rows or numbers of its own, extensions' things aside.
RELATIONS = """
    SELECT c.relkind::text AS kind, c.relname AS name
      FROM pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'c')
       AND NOT EXISTS (SELECT FROM pg_depend
                        WHERE objid = c.oid AND refclassid = 'pg_extension'::regclass)
     ORDER BY c.relname
"""

GRANTS = """
    SELECT coalesce(r.rolname, 'PUBLIC') AS who, acl.privilege_type AS what, acl.is_grantable
      FROM pg_class AS c
     CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS acl
      LEFT JOIN pg_roles AS r ON r.oid = acl.grantee
     WHERE c.oid = to_regclass($1) AND acl.grantee <> c.relowner
"""


async def rows(url: str, query: str, *arguments: object) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(url)
    try:
        return [dict(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


async def catalogue(url: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What PostgreSQL knows of each of our tables."""
    connection = await asyncpg.connect(url)
    try:
        return {
            (table, part): [dict(row) for row in await connection.fetch(query, table)]
            for table in TABLES
            for part, query in PARTS.items()
        }
    finally:
        await connection.close()


@pytest_asyncio.fixture
async def empty(server: Server) -> AsyncIterator[TestDatabase]:
    """A database that was never migrated."""
    async with named_database(server, f"nzc_test_empty_{os.getpid()}") as made:
        yield made


async def test_a_statement_of_a_migration_may_take_long(
    empty: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an index of a large ledger does."""
    monkeypatch.setitem(SESSION, "statement_timeout", "1ms")
    await migrate(empty.owner_url)
    assert await rows(empty.owner_url, "SELECT position FROM log_head") == [{"position": 0}]


class TestTables:
    """The migrated database and one made straight from the metadata are the same."""

    async def test_alembic_finds_no_difference(self, database: TestDatabase) -> None:
        def compare(connection: Connection) -> list[Any]:
            options = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            return list(compare_metadata(context, metadata))

        engine = open_engine(database.owner_url, role=None)
        try:
            async with engine.connect() as connection:
                assert await connection.run_sync(compare) == []
        finally:
            await engine.dispose()

    async def test_the_catalogues_agree(self, database: TestDatabase, empty: TestDatabase) -> None:
        """Alembic does not look at check and exclusion constraints: the catalogues have them."""
        engine = open_engine(empty.owner_url, role=None)
        try:
            async with engine.begin() as connection:
                await connection.exec_driver_sql("CREATE EXTENSION btree_gist")
                await connection.run_sync(metadata.create_all)
        finally:
            await engine.dispose()
        migrated = await catalogue(database.owner_url)
        assert all(migrated[table, part] for table in TABLES for part in PARTS)
        assert migrated == await catalogue(empty.owner_url)

    async def test_there_is_nothing_else(self, database: TestDatabase) -> None:
        found = await rows(database.owner_url, RELATIONS)
        assert found == [{"kind": "r", "name": name} for name in sorted([*TABLES, VERSION_TABLE])]

    async def test_the_log_starts_empty_with_an_id_of_its_own(self, database: TestDatabase) -> None:
        head = await rows(database.owner_url, "SELECT id, position FROM log_head")
        assert head == [{"id": 1, "position": 0}]
        for table in TABLES:
            if table != "log_head":
                assert await rows(database.owner_url, f"SELECT FROM {table}") == []


class TestGrants:
    """The API's role may do what each table declares, and nothing else anywhere."""

    async def test_of_the_tables(self, database: TestDatabase) -> None:
        for table in TABLES:
            access: Access = metadata.tables[table].info["access"]
            granted = await rows(database.owner_url, GRANTS, table)
            assert {(g["who"], g["what"], g["is_grantable"]) for g in granted} == {
                (API_ROLE, what, False) for what in access.value.split(", ")
            }, table

    async def test_of_the_version(self, database: TestDatabase) -> None:
        granted = await rows(database.owner_url, GRANTS, VERSION_TABLE)
        assert granted == [{"who": API_ROLE, "what": "SELECT", "is_grantable": False}]

    async def test_none_of_single_columns(self, database: TestDatabase) -> None:
        query = """
            SELECT attrelid::regclass::text AS relation, attname AS name FROM pg_attribute
             WHERE attacl IS NOT NULL
               AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        """
        assert await rows(database.owner_url, query) == []

    async def test_of_the_schema(self, database: TestDatabase) -> None:
        query = """
            SELECT has_schema_privilege($1, 'public', 'USAGE') AS usage,
                   has_schema_privilege($1, 'public', 'CREATE') AS "create",
                   has_database_privilege($1, current_database(), 'CREATE') AS database
        """
        found = await rows(database.owner_url, query, API_ROLE)
        assert found == [{"usage": True, "create": False, "database": False}]

    async def test_the_role_is_nobody_else(self, database: TestDatabase) -> None:
        """It cannot log in, is no superuser, and is a member of nothing that could do more."""
        query = """
            SELECT rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
                   OR rolbypassrls AS more,
                   (SELECT count(*) FROM pg_auth_members WHERE member = r.oid) AS member_of,
                   (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owns
              FROM pg_roles AS r WHERE rolname = $1
        """
        found = await rows(database.owner_url, query, API_ROLE)
        assert found == [{"more": False, "member_of": 0, "owns": 0}]


class TestMigratingAgain:
    """A migrated database is left as it is, whoever else migrates at the moment."""

    SNAPSHOT = """
        SELECT (SELECT log_id FROM log_head) AS log_id,
               (SELECT array_agg(version_num::text) FROM alembic_version) AS versions,
               (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal) AS triggers,
               (SELECT array_agg(relacl::text ORDER BY oid) FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace) AS grants
    """

    async def test_later(self, database: TestDatabase) -> None:
        before = await rows(database.owner_url, self.SNAPSHOT)
        await migrate(database.owner_url)
        assert await rows(database.owner_url, self.SNAPSHOT) == before
        assert before[0]["versions"] == [head_revision()]

    async def test_at_once(self, empty: TestDatabase) -> None:
        await asyncio.gather(*(migrate(empty.owner_url) for _ in range(3)))
        [found] = await rows(empty.owner_url, self.SNAPSHOT)
        assert found["versions"] == [head_revision()]
        assert await fitness(empty.api_url) == ""

    async def test_two_databases_have_two_ids(
        self, database: TestDatabase, empty: TestDatabase
    ) -> None:
        await migrate(empty.owner_url)
        [first] = await rows(database.owner_url, "SELECT log_id FROM log_head")
        [second] = await rows(empty.owner_url, "SELECT log_id FROM log_head")
        assert first != second


class TestRevision:
    """NZC serves from a database of its own revision only."""

    async def test_none(self, empty: TestDatabase) -> None:
        assert "revision none" in await fitness(empty.api_url)

    @pytest.mark.parametrize("revision", ["0001", "9999"])
    async def test_another(self, database: TestDatabase, revision: str) -> None:
        statement = "UPDATE alembic_version SET version_num = $1 RETURNING 1"
        await rows(database.owner_url, statement, revision)
        unfit = await fitness(database.api_url)
        assert f"revision {revision}," in unfit
        assert f"needs {head_revision()}" in unfit

    async def test_no_version_row(self, database: TestDatabase) -> None:
        await rows(database.owner_url, "DELETE FROM alembic_version RETURNING 1")
        assert "revision none" in await fitness(database.api_url)

    async def test_ours(self, database: TestDatabase) -> None:
        assert await fitness(database.api_url) == ""


# A pilot as a release wrote it that did not know who sees what.
PILOT = """
    INSERT INTO pilot (id, code, variant, name_zh, name_en, applicant_kind, applicant_name_zh,
                       applicant_name_en, division_code, establishment, operator_id)
    VALUES ($1, 'P-' || CAST(CAST($1 AS bigint) AS text), 'TOWN', '镇', 'Town',
            'COMPETENT_DEPARTMENT', '某', 'Some', '440100', 'NEW', 1)
"""

# A project as a release wrote it that knew no sites.
PROJECT = """
    INSERT INTO project (id, code, name_zh, name_en, forestry, site, division_code, latitude, longitude, site_code,
                         site_key)
    VALUES ($1, 'J-' || CAST(CAST($1 AS bigint) AS text), '某', 'Some', false, $2, $3, $4, $5, $6, '')
"""
STATED = (
    (1, "汕尾市城区香洲路1号", None, None, None, "S-1"),
    (2, "Somewhere", None, Decimal("22.7"), Decimal("115.3"), "S-1"),
    (3, "Elsewhere", None, Decimal("22.7001"), Decimal("115.3"), None),
    (4, "香洲路１号", "441500", None, None, None),
    (5, "汕尾市", None, None, None, None),
    (6, "广东省汕尾市", None, None, None, None),
    (7, "海丰县香洲路1号", "441500", None, None, None),
)

# An inventory with a line of power at zero, as a release wrote it that counted by one method without a word.
INVENTORY = """
    WITH made AS (
        INSERT INTO inventory (id, pilot_id, period_id, phase, basis, gwp_set, factor_list, factor_list_version,
                               starts_on, ends_on, not_occurring, series_id, version, submitted_position)
        VALUES ($1, 1, $2, 'OPERATION', $3, 'AR5', 'x', 1, '2022-01-01', '2022-12-31', '{}', $1, 1, $4)
        RETURNING id)
    INSERT INTO inventory_line (id, inventory_id, role, category, label, activity_value, activity_unit, factor,
                                treatment, rounding, position)
    SELECT id + 100, id, 'SOURCE', 'PURCHASED_ELECTRICITY', 'x', 1, 'kWh',
           jsonb_build_object('zero_factor_basis', jsonb_build_object('reason', CAST($5 AS text))), 'IN_SCOPE', 'CO2E',
           id + 100
      FROM made
"""
GREEN, DIRECT = "GREEN_POWER_CONTRACT", "RENEWABLE_POWER_SUPPLY"
COUNTED = (
    (10, 1, "OPERATIONAL", 11, GREEN),
    (20, 1, "OPERATIONAL", None, DIRECT),
    (30, 1, "HISTORICAL", None, DIRECT),
    (40, 2, "OPERATIONAL", None, DIRECT),
)

# What was written at a version.
WRITTEN = {"0009": (PILOT, [(1,)]), "0015": (PROJECT, STATED), "0031": (INVENTORY, COUNTED)}

VERSIONS = sorted(path.name[:4] for path in (FOLDER.parent / "versions").glob("[0-9]*.py"))


@pytest_asyncio.fixture(scope="module")
async def grown(server: Server) -> AsyncIterator[TestDatabase]:
    """A database that went through every version, with what was written at some."""
    async with named_database(server, f"nzc_test_grown_{os.getpid()}") as made:
        for version in VERSIONS:
            await _migrate_to(made.owner_url, version)
            if version in WRITTEN:
                async with unguarded(made.superuser_url) as connection:
                    await connection.executemany(*WRITTEN[version])
        yield made


async def _migrate_to(owner_url: str, version: str) -> None:
    upgrade = command.upgrade
    with pytest.MonkeyPatch.context() as release:
        release.setattr(command, "upgrade", lambda config, _head: upgrade(config, version))
        await migrate(owner_url)


class TestADatabaseThatWentThroughEveryVersion:
    """It has the guards of one that was migrated from nothing, and what was there is read as before."""

    async def test_guards(self, grown: TestDatabase) -> None:
        connection = await asyncpg.connect(grown.owner_url)
        assert await differences(connection) == {}
        assert await guard_list(connection) == json.loads(EXPECTED.read_text("utf-8"))
        await connection.close()

    async def test_pilots(self, grown: TestDatabase) -> None:
        """With their lines; those of the release before that are written beside it have the usual settings."""
        async with unguarded(grown.superuser_url) as connection:
            await connection.execute(PILOT, 2)
        found = await rows(
            grown.owner_url,
            "SELECT id, statement_visibility, line_visibility, closed_on FROM pilot ORDER BY id",
        )
        assert [tuple(row.values()) for row in found] == [
            (1, "PUBLIC", "PUBLIC", None), (2, "PUBLIC", "ROLES", None),
        ]  # fmt: skip

    async def test_inventories(self, grown: TestDatabase) -> None:
        """Those of a period and basis with green power at zero counted by market, handed in or not."""
        connection = await asyncpg.connect(grown.owner_url)
        try:
            rows = await connection.fetch(
                "SELECT id, electricity_method FROM inventory ORDER BY id"
            )
        finally:
            await connection.close()
        market, location = "MARKET_BASED", "LOCATION_BASED"
        assert [tuple(row) for row in rows] == [
            (10, market), (20, market), (30, location), (40, location),
        ]  # fmt: skip

    async def test_sites(self, grown: TestDatabase) -> None:
        """By their codes, within 100 m, and by their addresses in one way of writing; by their locality alone."""
        found = await rows(
            grown.owner_url, "SELECT other_id, subject_id, by FROM same_site ORDER BY 1, 2"
        )
        assert [tuple(row.values()) for row in found] == [
            (1, 2, "SITE_CODE"), (1, 4, "ADDRESS"), (2, 3, "COORDINATES"), (4, 7, "ADDRESS"),
            (5, 6, "LOCALITY"),
        ]  # fmt: skip
        sites = await rows(grown.owner_url, "SELECT position, subject_id, key FROM site ORDER BY 1")
        assert [row["key"] for row in sites][:4] == [
            "441500:香洲路1号",
            None,
            None,
            "441500:香洲路1号",
        ]
        assert all(row["position"] == row["subject_id"] for row in sites)
