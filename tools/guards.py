"""``make guards`` writes what a migrated database rests on: its list (nzc_api/database/data/guards.json),
and each function as a file (migrations/guards).
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import asyncpg

from nzc_api.database.embedded import SUPERUSER, EmbeddedPostgres
from nzc_api.database.guards import EXPECTED, FOUND
from nzc_api.database.migrate import migrate
from tools.guard_files import Connection, differences, write


async def guard_list(connection: Connection) -> dict[str, str]:
    """Each guard of a database, with its digest."""
    return {row["what"]: row["digest"] for row in await connection.fetch(FOUND)}


async def main() -> int:
    """Write what the migrations make; tell what is left to be done by hand."""
    with tempfile.TemporaryDirectory(prefix="nzc-guards-") as folder:
        postgres = EmbeddedPostgres(Path(folder))
        await asyncio.to_thread(postgres.start)
        try:
            await migrate(postgres.url(SUPERUSER))
            connection = await asyncpg.connect(postgres.url(SUPERUSER))
            expected = json.dumps(await guard_list(connection), indent=1, ensure_ascii=False)
            EXPECTED.write_text(f"{expected}\n", "utf-8")
            await write(connection)
            left = await differences(connection)
            await connection.close()
        finally:
            await asyncio.to_thread(postgres.stop)
    print("".join(f"{name} {how}\n" for name, how in left.items()), end="", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
