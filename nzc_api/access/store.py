"""The SQL of organisations and API keys."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.model import ApiKey, ListedKey, Organisation, OrganisationFilter
from nzc_api.access.principals import Principal, Role
from nzc_api.access.tables import api_key, api_key_expiry, organisation
from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import rows_by
from nzc_api.database.paging import Page, count, paged
from nzc_api.database.search import found_in, searched
from nzc_api.ids import ApiKeyId, OrganisationId, Position
from nzc_api.refusal import LocalizedText

LATEST_EXPIRY = """
    LEFT JOIN LATERAL (SELECT expires_at FROM api_key_expiry
                        WHERE api_key_id = k.id ORDER BY position DESC LIMIT 1) AS e ON true
"""

PRINCIPALS = DriverStatement(f"""
    SELECT k.secret_hash, k.id, k.organisation_id, o.role, o.programmes,
           CASE WHEN e.expires_at <= clock_timestamp() THEN e.expires_at END AS expired_at
      FROM api_key AS k JOIN organisation AS o ON o.id = k.organisation_id {LATEST_EXPIRY}
     WHERE k.secret_hash = ANY(CAST(:hashes AS bytea[])) AND k.revoked_position IS NULL
""")  # noqa: S608  (our own text)

PRINCIPALS_BY_KEY = DriverStatement(f"""
    SELECT k.id, k.organisation_id, o.role, o.programmes
      FROM api_key AS k JOIN organisation AS o ON o.id = k.organisation_id {LATEST_EXPIRY}
     WHERE k.id = ANY(CAST(:ids AS bigint[])) AND k.revoked_position IS NULL
       AND (e.expires_at IS NULL OR e.expires_at > clock_timestamp())
""")  # noqa: S608  (our own text)

KEYS = f"""
    SELECT k.id, k.organisation_id, k.label, k.revoked_position IS NOT NULL AS revoked,
           e.expires_at, u.last_used_at, o.name_zh, o.name_en, o.role, l.at
      FROM api_key AS k JOIN organisation AS o ON o.id = k.organisation_id
      JOIN log_entry AS l ON l.position = k.id
      LEFT JOIN api_key_use AS u ON u.api_key_id = k.id {LATEST_EXPIRY}
"""  # noqa: S608  (our own text)

KEYS_GIVEN = DriverStatement(f"{KEYS} WHERE k.id = ANY(CAST(:ids AS bigint[]))")
KEYS_AFTER = DriverStatement(f"{KEYS} WHERE k.id > :after ORDER BY k.id LIMIT :limit")

# In one order, so that two who note uses at once do not wait for one another in a ring.
NOTE_USES = DriverStatement("""
    INSERT INTO api_key_use AS u (api_key_id, last_used_at)
    SELECT api_key_id, last_used_at
      FROM unnest(CAST(:ids AS bigint[]), CAST(:times AS timestamptz[])) AS n (api_key_id, last_used_at)
      JOIN api_key AS k ON k.id = api_key_id
     ORDER BY api_key_id
        ON CONFLICT (api_key_id) DO UPDATE
       SET last_used_at = greatest(u.last_used_at, excluded.last_used_at)
""")


async def insert_organisation(connection: AsyncConnection, item: Organisation) -> None:
    await connection.execute(
        insert(organisation).values(
            id=item.id,
            name_zh=item.name.zh,
            name_en=item.name.en,
            role=item.role,
            programmes=list(item.programmes),
            credit_code=item.credit_code,
        )
    )


async def insert_api_key(connection: AsyncConnection, key: ApiKey, secret_hash: bytes) -> None:
    await connection.execute(
        insert(api_key).values(
            id=key.id, organisation_id=key.organisation_id, label=key.label, secret_hash=secret_hash
        )
    )


async def revoke_api_key(connection: AsyncConnection, key_id: ApiKeyId, position: Position) -> None:
    await connection.execute(
        update(api_key).where(api_key.c.id == key_id).values(revoked_position=position)
    )


async def find_principals(
    connection: AsyncConnection, secret_hashes: Iterable[bytes]
) -> dict[bytes, Principal]:
    """Who holds each secret; absent are those whose key was revoked or never was."""
    rows = await PRINCIPALS.rows(connection, {"hashes": list(secret_hashes)})
    return {
        secret_hash: Principal(
            organisation_id=organisation_id,
            api_key_id=key_id,
            role=Role(role),
            programmes=frozenset(programmes),
            expired_at=expired_at,
        )
        for secret_hash, key_id, organisation_id, role, programmes, expired_at in rows
    }


async def read_principals(
    connection: AsyncConnection, key_ids: Collection[ApiKeyId]
) -> dict[int, Principal]:
    """Who holds each key that is in force."""
    rows = await PRINCIPALS_BY_KEY.rows(connection, {"ids": list(key_ids)})
    return {
        key_id: Principal(
            organisation_id=organisation_id,
            api_key_id=key_id,
            role=Role(role),
            programmes=frozenset(programmes),
        )
        for key_id, organisation_id, role, programmes in rows
    }


async def read_organisations(
    connection: AsyncConnection, ids: Collection[OrganisationId]
) -> dict[OrganisationId, Organisation]:
    rows = await rows_by(organisation.c.id).rows(connection, {"ids": list(ids)})
    return {row.id: organisation_in(row) for row in rows}


async def find_organisation(connection: AsyncConnection, credit_code: str) -> Organisation | None:
    query = select(organisation).where(organisation.c.credit_code == credit_code)
    row = (await connection.execute(query)).first()
    return None if row is None else organisation_in(row)


async def list_organisations(
    connection: AsyncConnection, narrowed: OrganisationFilter, page: Page
) -> list[Organisation]:
    rows = await connection.execute(paged(_narrowed(narrowed), organisation.c.id, page))
    return [organisation_in(row) for row in rows]


async def count_organisations(connection: AsyncConnection, narrowed: OrganisationFilter) -> int:
    return await count(connection, _narrowed(narrowed))


def _narrowed(narrowed: OrganisationFilter) -> Select[Any]:
    query = select(organisation)
    if narrowed.role is not None:
        query = query.where(organisation.c.role == narrowed.role)
    if narrowed.credit_code is not None:
        query = query.where(organisation.c.credit_code == narrowed.credit_code)
    if narrowed.text is not None:
        names = searched(organisation.c.name_zh, organisation.c.name_en)
        query = query.where(found_in(names, narrowed.text))
    return query


async def read_api_keys(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, ApiKey]:
    rows = await KEYS_GIVEN.rows(connection, {"ids": list(ids)})
    return {row.id: _api_key(row) for row in rows}


async def list_api_keys(connection: AsyncConnection, after: int, limit: int) -> list[ListedKey]:
    """Up to ``limit`` keys that were issued after a position, oldest first."""
    rows = await KEYS_AFTER.rows(connection, {"after": after, "limit": limit})
    return [
        ListedKey(
            key=_api_key(row),
            organisation=LocalizedText(row.name_zh, row.name_en),
            role=Role(row.role),
            issued_at=row.at,
        )
        for row in rows
    ]


async def insert_expiry(
    connection: AsyncConnection, key_id: ApiKeyId, position: Position, expires_at: datetime
) -> None:
    await connection.execute(
        insert(api_key_expiry).values(api_key_id=key_id, position=position, expires_at=expires_at)
    )


async def note_uses(connection: AsyncConnection, uses: Mapping[int, datetime]) -> None:
    """Write when keys were last used; an earlier time than is known changes nothing."""
    await NOTE_USES.rows(connection, {"ids": list(uses), "times": list(uses.values())})


def _api_key(row: Any) -> ApiKey:
    return ApiKey(
        id=row.id,
        organisation_id=row.organisation_id,
        label=row.label,
        revoked=row.revoked,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )


def organisation_in(row: Any) -> Organisation:
    """The organisation of a row of its table."""
    return Organisation(
        id=row.id,
        name=LocalizedText(row.name_zh, row.name_en),
        role=Role(row.role),
        programmes=tuple(row.programmes),
        credit_code=row.credit_code,
    )
