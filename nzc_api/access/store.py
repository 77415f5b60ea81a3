"""The SQL of organisations and API keys."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Principal, Role
from nzc_api.access.tables import api_key, organisation
from nzc_api.database.among import among, rows_among
from nzc_api.database.direct import DirectStatement
from nzc_api.refusal import LocalizedText


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party to NZC; a registry has the programmes that it posts for."""

    id: int
    name: LocalizedText
    role: Role
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an organisation; its secret is not kept."""

    id: int
    organisation_id: int
    label: str
    revoked: bool


PRINCIPALS = DirectStatement("""
    SELECT k.secret_hash, k.id, k.organisation_id, o.role, o.programmes
      FROM api_key AS k JOIN organisation AS o ON o.id = k.organisation_id
     WHERE k.secret_hash = ANY(CAST(:hashes AS bytea[])) AND k.revoked_position IS NULL
""")


async def insert_organisation(connection: AsyncConnection, item: Organisation) -> None:
    await connection.execute(
        insert(organisation).values(
            id=item.id,
            name_zh=item.name.zh,
            name_en=item.name.en,
            role=item.role,
            programmes=list(item.programmes),
        )
    )


async def insert_api_key(connection: AsyncConnection, key: ApiKey, secret_hash: bytes) -> None:
    await connection.execute(
        insert(api_key).values(
            id=key.id, organisation_id=key.organisation_id, label=key.label, secret_hash=secret_hash
        )
    )


async def revoke_api_key(connection: AsyncConnection, key_id: int, position: int) -> None:
    await connection.execute(
        update(api_key).where(api_key.c.id == key_id).values(revoked_position=position)
    )


async def find_principals(
    connection: AsyncConnection, secret_hashes: Iterable[bytes]
) -> dict[bytes, Principal]:
    """Who holds each secret; absent are those whose key was revoked or never was."""
    rows = await PRINCIPALS.rows(connection, {"hashes": list(secret_hashes)})
    return {
        secret_hash: Principal(organisation_id, key_id, Role(role), frozenset(programmes))
        for secret_hash, key_id, organisation_id, role, programmes in rows
    }


async def read_organisations(
    connection: AsyncConnection, ids: Collection[int]
) -> dict[int, Organisation]:
    rows = await connection.execute(rows_among(organisation.c.id), {"ids": list(ids)})
    return {row.id: _organisation(row) for row in rows}


async def list_organisations(
    connection: AsyncConnection, role: Role | None, after: int, limit: int
) -> list[Organisation]:
    query = select(organisation).where(organisation.c.id > after)
    if role is not None:
        query = query.where(organisation.c.role == role)
    rows = await connection.execute(query.order_by(organisation.c.id).limit(limit))
    return [_organisation(row) for row in rows]


async def read_api_keys(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, ApiKey]:
    rows = await connection.execute(select(api_key).where(among(api_key.c.id, ids)))
    return {
        row.id: ApiKey(row.id, row.organisation_id, row.label, row.revoked_position is not None)
        for row in rows
    }


def _organisation(row: Any) -> Organisation:
    return Organisation(
        row.id, LocalizedText(row.name_zh, row.name_en), Role(row.role), tuple(row.programmes)
    )
