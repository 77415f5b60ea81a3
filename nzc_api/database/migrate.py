"""Bringing a database to this release's tables."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import API_ROLE, open_engine, unavailability
from nzc_api.refusal import Failed, LocalizedText

# Keeps two migrations of one database apart; any constant will do.
MIGRATION_LOCK = 6_030_204

# What to do, by PostgreSQL's code of what went wrong.
ADVICE = {
    "42501": LocalizedText(
        "请将NZC_MIGRATION_DATABASE_URL设为拥有该数据库且可以创建角色的登录名。",
        "Set NZC_MIGRATION_DATABASE_URL to a login that owns the database and may create roles.",
    ),
    "55P03": LocalizedText(
        "另一迁移或长事务正在进行，请待其结束后重试。",
        "Another migration or a long transaction is at work: try again when it has ended.",
    ),
}


class CannotMigrate(Failed):
    """The database is not to be migrated like this; the text says why and what to do."""


def _config() -> Config:
    packaged = Path(__file__).parent / "migrations"
    folder = packaged if packaged.is_dir() else Path(__file__).parents[2] / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@cache
def head_revision() -> str:
    """The revision that this release works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def is_known(revision: str) -> bool:
    """Whether this release has the revision: one that it does not have is a newer release's."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return any(script.revision == revision for script in scripts)


async def migrate(owner_url: str) -> None:
    """Create or update the tables, as the database's owner; safe to run twice at once.

    Raises ``CannotMigrate`` where the login may not, or the tables are a newer release's.
    """
    engine = open_engine(owner_url, role=None, in_a_hurry=False)
    try:
        async with unavailability(), engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK}
            )
            await _ensure_api_role(connection)
            await connection.run_sync(_upgrade)
    except DBAPIError as error:
        advice = ADVICE.get(getattr(error.orig, "sqlstate", None) or "")
        if advice is None:
            raise
        reason = getattr(error.orig, "__cause__", None)
        raise CannotMigrate(
            f"数据库无法迁移：{reason}。{advice.zh}",
            f"The database cannot be migrated: {reason}. {advice.en}",
        ) from error
    except CommandError as error:
        raise CannotMigrate(
            f"数据库无法迁移：{error}，其版本可能比本版NZC更新，请安装新版。",
            f"The database cannot be migrated: {error}. It may be at a newer release of NZC: install that.",
        ) from error
    finally:
        await engine.dispose()


async def current_revision(connection: AsyncConnection) -> str | None:
    """The revision that the database is at; None where it was never migrated."""
    return await connection.run_sync(
        lambda sync: MigrationContext.configure(sync).get_current_revision()
    )


async def _ensure_api_role(connection: AsyncConnection) -> None:
    # One login may serve both as owner and as the API: it then acts as this role when it serves.
    role = {"role": API_ROLE}
    exists = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    if (await connection.execute(exists, role)).first() is None:
        await connection.execute(text(f"CREATE ROLE {API_ROLE} NOLOGIN"))
    member = text("SELECT pg_has_role(current_user, :role, 'MEMBER')")
    if not (await connection.execute(member, role)).scalar_one():
        await connection.execute(text(f"GRANT {API_ROLE} TO CURRENT_USER"))


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
