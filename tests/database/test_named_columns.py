"""No statement answers a table's ``*``: after a migration that adds a column, sessions that have it prepared would be
refused once each, and their callers told to try again."""

import sys
from collections.abc import Iterator

import asyncpg
from sqlalchemy import TextClause

import nzc_api.app  # noqa: F401  (all rooms)
from nzc_api.database.driver import DriverStatement, Session
from nzc_api.database.metadata import metadata
from nzc_api.database.together import Together
from tests.conftest import Server, fresh_database

LATER = "of_a_later_release"


def statements() -> Iterator[DriverStatement]:
    """Those that the rooms have; of questions together their columns, which records do not tell."""
    for name, module in list(sys.modules.items()):
        if name.startswith("nzc_api."):
            for found in vars(module).values():
                match found:
                    case DriverStatement():
                        yield found
                    case TextClause():
                        yield DriverStatement(found)
                    case Together():
                        yield found.columns


async def columns(session: Session, sql: str) -> list[str]:
    """What a statement answers; the column as well where it is refused because of it."""
    try:
        return [column.name for column in (await session.prepare(sql)).get_attributes()]
    except asyncpg.PostgresSyntaxError:
        return [LATER]


async def test_a_column_that_is_added_is_in_no_answer(server: Server, template: str) -> None:
    async with fresh_database(server, template) as database:
        session = await asyncpg.connect(database.superuser_url)
        try:
            for table in metadata.tables:
                await session.execute(f"ALTER TABLE {table} ADD COLUMN {LATER} int")
            texts = {statement.sql for statement in statements()}
            told = {sql.strip()[:90] for sql in texts if LATER in await columns(session, sql)}
        finally:
            await session.close()
    assert len(texts) > 100
    assert not told, "\n\n".join(told)
