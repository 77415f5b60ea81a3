"""``nzc keys``: API keys as the operator sees them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from nzc_api.access.model import ListedKey

HEADING = "key\tstate\torganisation\trole\tissued\texpires\tlast used\tlabel"


async def lines_of(keys: AsyncIterator[ListedKey]) -> AsyncIterator[str]:
    """A table of keys, its columns apart by tabs; keys and organisations by their positions."""
    yield HEADING
    now = datetime.now(UTC)
    async for listed in keys:
        key = listed.key
        organisation = f"{key.organisation_id} {listed.organisation.zh} {listed.organisation.en}"
        yield "\t".join(
            [
                str(key.id),
                _state(listed, now),
                organisation,
                listed.role,
                _time(listed.issued_at),
                _time(key.expires_at),
                _time(key.last_used_at),
                key.label,
            ]
        )


def _state(listed: ListedKey, now: datetime) -> str:
    if listed.key.revoked:
        return "revoked 已撤销"
    expires = listed.key.expires_at
    return "expired 已过期" if expires is not None and expires <= now else "in force 有效"


def _time(at: datetime | None) -> str:
    return "-" if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
