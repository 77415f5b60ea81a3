"""``make guards`` writes nzc_api/database/data/guards.json: what a migrated database rests on."""

import asyncio
import json
import tempfile
from pathlib import Path

import asyncpg

from nzc_api.database.embedded import SUPERUSER, EmbeddedPostgres
from nzc_api.database.guards import EXPECTED, FOUND
from nzc_api.database.migrate import migrate


async def guards_of(url: str) -> dict[str, str]:
    """Each guard of a database, with its digest."""
    connection = await asyncpg.connect(url)
    try:
        return {row["what"]: row["digest"] for row in await connection.fetch(FOUND)}
    finally:
        await connection.close()


async def made() -> dict[str, str]:
    """Those that the migrations make."""
    with tempfile.TemporaryDirectory(prefix="nzc-guards-") as folder:
        postgres = EmbeddedPostgres(Path(folder))
        await asyncio.to_thread(postgres.start)
        try:
            await migrate(postgres.url(SUPERUSER))
            return await guards_of(postgres.url(SUPERUSER))
        finally:
            await asyncio.to_thread(postgres.stop)


if __name__ == "__main__":
    EXPECTED.write_text(
        json.dumps(asyncio.run(made()), indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
