"""The SQL of uploads: whose bytes NZC has. A hash is no secret, so who attached a document must have uploaded it."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.documents.model import KeptDocument, Upload
from nzc_api.ids import OrganisationId

# Held by whoever keeps bytes, and alone by whoever removes them.
_LOCK = 0x4E5A43_0042
KEEPING = text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
REMOVING = text(f"SELECT pg_advisory_xact_lock({_LOCK})")

_ATTACHED = """EXISTS (SELECT FROM document AS d JOIN log_entry AS e ON e.position = d.id
                        WHERE d.sha256 = u.sha256 AND e.organisation_id = u.organisation_id)"""

INSERT = text("""
    INSERT INTO upload (organisation_id, sha256, size, received_at) VALUES (:organisation, :sha256, :size, now())
    ON CONFLICT DO NOTHING
""")
FIND = text("""
    SELECT sha256, size, received_at FROM upload WHERE organisation_id = :organisation AND sha256 = :sha256
""")
UNATTACHED = text(f"""
    SELECT count(*) FROM (
        SELECT FROM upload AS u WHERE organisation_id = :organisation AND NOT {_ATTACHED} LIMIT :most) AS waiting
""")  # noqa: S608  (our own text)
EXPIRE = text(f"""
    DELETE FROM upload AS u WHERE received_at < now() - CAST(:kept AS interval) AND NOT {_ATTACHED}
""")  # noqa: S608  (our own text)
UNKNOWN = text("""
    SELECT h.sha256 FROM unnest(CAST(:hashes AS text[])) AS h (sha256)
     WHERE NOT EXISTS (SELECT FROM upload AS u WHERE u.sha256 = h.sha256)
""")
KEPT = text("""
    SELECT d.id, d.name, d.media_type, u.size, u.sha256
      FROM document AS d
      JOIN log_entry AS e ON e.position = d.id
      JOIN upload AS u ON u.organisation_id = e.organisation_id AND u.sha256 = d.sha256
     WHERE d.id = ANY(CAST(:ids AS bigint[]))
""")


async def lock_for_keeping(connection: AsyncConnection) -> None:
    await connection.execute(KEEPING)


async def lock_for_removing(connection: AsyncConnection) -> None:
    await connection.execute(REMOVING)


async def insert_upload(
    connection: AsyncConnection, organisation_id: OrganisationId, sha256: str, size: int
) -> Upload:
    """Note that an organisation handed bytes in: what is known of it, which may be of before."""
    given = {"organisation": organisation_id, "sha256": sha256}
    await connection.execute(INSERT, given | {"size": size})
    found = await find_upload(connection, organisation_id, sha256)
    assert found is not None
    return found


async def find_upload(
    connection: AsyncConnection, organisation_id: OrganisationId, sha256: str
) -> Upload | None:
    given = {"organisation": organisation_id, "sha256": sha256}
    row = (await connection.execute(FIND, given)).first()
    return None if row is None else Upload(row.sha256, row.size, row.received_at)


async def count_unattached(
    connection: AsyncConnection, organisation_id: OrganisationId, most: int
) -> int:
    """How many files of an organisation wait to be attached; ``most`` where they are more."""
    given = {"organisation": organisation_id, "most": most}
    return int((await connection.execute(UNATTACHED, given)).scalar_one())


async def expire_uploads(connection: AsyncConnection, kept: timedelta) -> None:
    """Forget what was handed in so long ago and is attached to nothing."""
    await connection.execute(EXPIRE, {"kept": kept})


async def read_unknown(connection: AsyncConnection, hashes: Collection[str]) -> list[str]:
    """Those hashes of which nobody handed the bytes in."""
    rows = await connection.execute(UNKNOWN, {"hashes": list(hashes)})
    return list(rows.scalars())


async def read_kept(connection: AsyncConnection, ids: Collection[int]) -> dict[int, KeptDocument]:
    """Of each document that was attached by who handed its bytes in: what they are served as."""
    rows = await connection.execute(KEPT, {"ids": list(ids)})
    return {
        row.id: KeptDocument(
            name=row.name, media_type=row.media_type, size=row.size, sha256=row.sha256
        )
        for row in rows
    }
