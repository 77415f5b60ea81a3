"""Nothing is forgotten: each guard has an attack."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from nzc_api.database.metadata import metadata
from tests.database import guards
from tests.database.guards.attacks import (
    ATTACKED,
    OWNER,
    Connection,
    Scene,
    assert_refused,
    attempt,
)
from tools.guard_files import REFUSALS

MIGRATIONS = Path(__file__).parents[3] / "migrations" / "versions"


@pytest.mark.parametrize("table", sorted(metadata.tables.keys() - {"available_lot"}))
async def test_a_row_is_not_there_twice(
    connections: Mapping[str, Connection], scene: Scene, table: str
) -> None:
    columns = [c.name for c in metadata.tables[table].columns if c.computed is None]
    where = "WHERE status = 'DRAFT'" if table == "inventory" else ""
    names = ", ".join(columns)
    sql = f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} {where} LIMIT 1"
    error = await attempt(connections[OWNER], scene.story, sql)
    assert_refused(error, f"{table}_pkey")


# Tested without an entry in a table of attacks.
ELSEWHERE = {
    "append_only",  # test_the_owner_takes_nothing_back
    *(f"{table}_pkey" for table in metadata.tables),  # test_a_row_is_not_there_twice
}

NEEDS_NO_ATTACK = {
    "alembic_version_pkc": "Alembic's own",
    "available_lot_pkey": "a cache: an audit recomputes it",
    "accounting_period_pilot_id_id_key": "the primary key says more; foreign keys refer to it",
    "panel_evaluation_id_id_key": "the primary key says more; foreign keys refer to it",
    "finding_evaluation_id_id_key": "the primary key says more; foreign keys refer to it",
    "plan_pilot_id_id_key": "the primary key says more; foreign keys refer to it",
    "document_id_sha256_key": "the primary key says more; foreign keys refer to it",
}

CONSTRAINTS = """
    SELECT conname::text FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x')
    UNION
    SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
     WHERE relnamespace = 'public'::regnamespace AND indisunique
"""

FUNCTIONS = "SELECT prosrc FROM pg_proc WHERE proname ~ '^nzc_'"

# What migration 0006 found to follow from other guards.
WITHDRAWN = {"movements_do_not_overlap"}


async def test_every_guard_is_attacked(scene: Scene) -> None:
    """NOT NULL aside, which test_migrations compares with what the tables declare."""
    connection = await scene.connect(OWNER)
    try:
        constraints = {row[0] for row in await connection.fetch(CONSTRAINTS)}
        sources = await connection.fetch(FUNCTIONS)
    finally:
        await connection.close()
    in_force = {name for row in sources for name in REFUSALS.findall(row[0])}
    written = {name for p in MIGRATIONS.glob("*.py") for name in REFUSALS.findall(p.read_text())}
    assert in_force == written - WITHDRAWN
    for module in iter_modules(guards.__path__, f"{guards.__name__}."):
        import_module(module.name)
    assert ATTACKED | ELSEWHERE | NEEDS_NO_ATTACK.keys() == constraints | in_force
