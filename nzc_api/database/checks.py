"""What must be true of a database before NZC serves from it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import (
    API_ROLE,
    SESSION,
    STANDING,
    BehindPooler,
    Database,
    UnfitDatabase,
)
from nzc_api.database.guards import FLAWS
from nzc_api.database.metadata import Access, metadata
from nzc_api.database.migrate import current_revision, head_revision, is_known
from nzc_api.refusal import LocalizedText

OLDEST, NEWEST = 15, 18

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")

# For UPDATE a grant on one column is enough.
EXCESS = text("""
    SELECT c.relname AS relation, p.privilege
      FROM pg_class c
      JOIN unnest(CAST(:tables AS text[])) AS t(name) ON t.name = c.relname
     CROSS JOIN LATERAL (VALUES
           ('UPDATE', has_any_column_privilege(c.oid, 'UPDATE')),
           ('DELETE', has_table_privilege(c.oid, 'DELETE')),
           ('TRUNCATE', has_table_privilege(c.oid, 'TRUNCATE'))) AS p(privilege, granted)
     WHERE c.relnamespace = 'public'::regnamespace
       AND p.granted
     ORDER BY 1, 2
""")


# What a session is set to, as it was set.
SESSION_SETTINGS = text(
    "SELECT name, current_setting(name) AS value FROM unnest(CAST(:names AS text[])) AS s (name)"
)

# What PostgreSQL keeps for itself is not ours.
SESSIONS = text("""
    SELECT sum(CASE name WHEN 'max_connections' THEN setting::int ELSE -setting::int END)
      FROM pg_settings
     WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')
""")


# How a guard can be otherwise than the migrations make it.
FLAWED = {
    "missing": LocalizedText("缺失", "is missing"),
    "disabled": LocalizedText("已被停用", "is disabled"),
    "altered": LocalizedText("已被改动", "is altered"),
    "foreign": LocalizedText("不属于NZC", "is none of NZC's"),
}


async def check_database(database: Database) -> None:
    """Raise ``UnfitDatabase`` unless the database is durable, migrated, append-only for us and guarded."""
    await check_server(database)
    await check_guards(database)


async def fit_server(database: Database) -> tuple[object, ...]:
    """What the server is known by, which is fit. Raises ``UnfitDatabase``."""
    server = await standing(database)
    await check_database(database)
    return server


async def standing(database: Database) -> tuple[object, ...]:
    """What the server is known by: another after a failover, or where it was started again."""
    async with database.read() as connection:
        return tuple((await connection.exec_driver_sql(STANDING)).one())


async def check_guards(database: Database) -> None:
    """Raise ``UnfitDatabase`` unless every guard is there, in force, and as the migrations make it."""
    async with database.read() as connection:
        flaw = (await connection.exec_driver_sql(FLAWS, (1,))).first()
    if flaw is not None:
        what, how = tuple(flaw)
        raise UnfitDatabase(
            f"数据库的{what}{FLAWED[how].zh}，账本的保护依赖于此：请按迁移所建恢复，`nzc audit`会列出全部。",
            f"The database's {what} {FLAWED[how].en}, and what the ledger refuses rests on it: put it back "
            "as the migrations make it; `nzc audit` names them all.",
        )


async def check_server(database: Database) -> None:
    """Raise ``UnfitDatabase`` unless the database is durable, migrated and append-only for us, and nothing in
    between changes our sessions."""
    async with database.read() as connection:
        await _check_session(connection)
        version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
        if not OLDEST <= version // 10_000 <= NEWEST:
            raise UnfitDatabase(
                f"不支持PostgreSQL {version // 10_000}，请使用{OLDEST}至{NEWEST}。",
                f"PostgreSQL {version // 10_000} is not supported: use {OLDEST} to {NEWEST}.",
            )
        for setting in DURABLE:
            value = (await connection.execute(text(f"SHOW {setting}"))).scalar_one()
            if value == "off":
                raise UnfitDatabase(
                    f"PostgreSQL的{setting}为off：崩溃时可能丢失已注销的减排量。请设为on。",
                    f"PostgreSQL has {setting} = off: a crash could lose retired tonnes. Set it to on.",
                )
        revision = await current_revision(connection)
        if revision is not None and not is_known(revision):
            raise UnfitDatabase(
                f"数据库的表（版本{revision}）比本版NZC（{head_revision()}）更新：请使用新版NZC。",
                f"The database is at revision {revision}, newer than this release, which needs "
                f"{head_revision()}: use the newer release of NZC.",
            )
        if revision != head_revision():
            raise UnfitDatabase(
                f"数据库{_called(revision)}，本版本需要{head_revision()}：请运行`nzc migrate`。",
                f"The database is at revision {revision or 'none'}, this release needs "
                f"{head_revision()}: run `nzc migrate`.",
            )
        appended = [t.name for t in metadata.tables.values() if t.info["access"] is Access.APPEND]
        excess = (await connection.execute(EXCESS, {"tables": appended})).first()
        if excess is not None:
            raise UnfitDatabase(
                f"API的角色可对只能追加的表{excess.relation}执行{excess.privilege}："
                f"请使用仅属于{API_ROLE}的登录名连接。",
                f"The API's role may {excess.privilege} {excess.relation}, which is append-only: "
                f"connect with a login that is a member of {API_ROLE} and nothing more.",
            )


async def _check_session(connection: AsyncConnection) -> None:
    """Raise ``BehindPooler`` where a session is not set as we set it: a pooler left that out."""
    wanted = SESSION | {"role": API_ROLE}
    rows = await connection.execute(SESSION_SETTINGS, {"names": list(wanted)})
    found: dict[str, str] = {row.name: row.value for row in rows}
    for name, value in wanted.items():
        if found[name] != value:
            raise BehindPooler(f"{name} = {found[name]}")


def _called(revision: str | None) -> str:
    return "尚未迁移" if revision is None else f"的表结构版本为{revision}"


async def check_sessions(database: Database, wanted: int) -> None:
    """Raise ``UnfitDatabase`` unless PostgreSQL has sessions for all the connections that NZC keeps."""
    async with database.read() as connection:
        allowed = int((await connection.execute(SESSIONS)).scalar_one())
    if wanted > allowed:
        raise UnfitDatabase(
            f"NZC需保持{wanted}个连接（NZC_PROCESSES乘以NZC_POOL_SIZE与NZC_DEAR_OPERATIONS之和），而PostgreSQL"
            f"只允许{allowed}个：请减小三者之一，或增大其max_connections。",
            f"NZC would keep {wanted} connections (NZC_PROCESSES times NZC_POOL_SIZE and "
            f"NZC_DEAR_OPERATIONS together), and PostgreSQL allows {allowed}: lower one of the three, or "
            "raise its max_connections.",
        )
