"""A restored copy that goes on by itself becomes a log of its own."""

from sqlalchemy import text

from nzc_api.database.engine import open_engine, unavailability
from nzc_api.database.migrate import current_revision, head_revision
from nzc_api.log.ids import log_name
from nzc_api.refusal import Failed

# Whoever serves from the database holds its old id in mind, and the names that it gives.
OTHERS = text("""
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'nzc' AND pid <> pg_backend_pid()
""")

# The guard lets nobody change the id; only the owner of the table may tell it to look away.
ADOPT = (
    "LOCK TABLE log_head IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE log_head DISABLE TRIGGER log_head_follows",
    "UPDATE log_head SET former_ids = former_ids || log_id, log_id = "
    "('x' || left(replace(gen_random_uuid()::text, '-', ''), 15))::bit(60)::bigint",
    "ALTER TABLE log_head ENABLE TRIGGER log_head_follows",
)


class CannotAdopt(Failed):
    """The database is in use; the text says what to do."""


async def adopt(owner_url: str) -> tuple[str, str]:
    """Give the log another id, as the database's owner: the old one and the new.

    Raises ``CannotAdopt`` where NZC serves from the database.
    """
    engine = open_engine(owner_url, role=None)
    try:
        async with unavailability(), engine.begin() as connection:
            if await current_revision(connection) != head_revision():
                raise CannotAdopt(
                    "数据库的表不是本版NZC的，请先运行`nzc migrate`。",
                    "The database is not at this release's tables: run `nzc migrate` first.",
                )
            if (await connection.execute(OTHERS)).scalar_one():
                raise CannotAdopt(
                    "NZC正在使用该数据库，请先停止NZC。",
                    "NZC serves from the database: stop it first.",
                )
            head = text("SELECT log_id FROM log_head")
            before = (await connection.execute(head)).scalar_one()
            for statement in ADOPT:
                await connection.execute(text(statement))
            after = (await connection.execute(head)).scalar_one()
            return log_name(before), log_name(after)
    finally:
        await engine.dispose()
