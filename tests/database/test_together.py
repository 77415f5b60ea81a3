"""Several questions in one statement: each is answered as it would be alone, in its order and with its names."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

import pytest
import pytest_asyncio

from nzc_api.database.driver import DriverStatement
from nzc_api.database.engine import LARGEST_STATEMENT, Database
from nzc_api.database.together import Together, TogetherByColumns
from nzc_api.ledger.reading.retired_store import RETIRED_AS_OF
from nzc_api.statements.store import FURTHER, STATED
from tests.conftest import TestDatabase
from tests.counting import counted

NUMBERS = "SELECT n, n * n AS square FROM unnest(CAST(:numbers AS bigint[])) AS n ORDER BY n DESC"
QUESTIONS: dict[str, str | DriverStatement] = {
    "numbers": NUMBERS,
    "large": "SELECT max(square) AS most, count(*) FROM numbers",
    "none": "SELECT n FROM numbers WHERE n < 0",
    "values": """SELECT CAST('2024-02-29' AS date) AS day, CAST('1.50' AS numeric) AS share, NULL AS nothing,
                     CAST('{"a": [1]}' AS jsonb) AS body, ARRAY['甲', 'b'] AS words""",
    "lists": """SELECT n AS "order", array_fill(n, ARRAY[n]) AS several, NULL AS nothing, NULLIF(n, 2) AS odd
               FROM generate_series(0, 2) AS n""",
}


@pytest_asyncio.fixture
async def sessions(database: TestDatabase) -> AsyncIterator[Database]:
    sessions = Database(database.api_url, pool_size=2)
    yield sessions
    await sessions.close()


@pytest.mark.parametrize("kind", [Together, TogetherByColumns])
async def test_questions_are_answered_together_as_alone(
    sessions: Database, kind: type[Together]
) -> None:
    together = kind(**QUESTIONS)
    for _ in range(2):
        with counted() as statements:
            async with sessions.read() as connection:
                found = await together.rows(connection, {"numbers": [2, 3, 1]})
        assert len(statements) == 1
        assert [tuple(row) for row in found["numbers"]] == [(3, 9), (2, 4), (1, 1)]
        assert [row.square for row in found["numbers"]] == [9, 4, 1]
        [large] = found["large"]
        assert (large.most, large.count) == (9, 3)
        assert found["none"] == []
        [values] = found["values"]
        assert values.day == date(2024, 2, 29)
        assert str(values.share) == str(Decimal("1.50"))
        assert (values.nothing, values.body, values.words) == (None, {"a": [1]}, ["甲", "b"])
        lists = [(0, [], None, 0), (1, [1], None, 1), (2, [2, 2], None, None)]
        assert [tuple(row) for row in found["lists"]] == lists


@pytest.mark.parametrize("asked", [RETIRED_AS_OF, STATED, FURTHER])
async def test_the_driver_keeps_its_plan(asked: Together, sessions: Database) -> None:
    """Else it would be planned at each question, which takes ten times as long as to answer it."""
    async with sessions.read() as connection:
        statement = await asked.statement(connection)
    assert len(statement.sql.encode()) < LARGEST_STATEMENT


async def test_a_long_statement_is_kept(sessions: Database) -> None:
    long = DriverStatement(f"SELECT 1 AS n /* {'of many words ' * 2_000} */")
    kept = DriverStatement(
        "SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT 1 AS n%'"
    )
    async with sessions.read() as connection:
        for _ in range(2):  # From the first answer on it is known what its rows are.
            await long.rows(connection, {})
        before = await kept.rows(connection, {})
        await long.rows(connection, {})
        assert await kept.rows(connection, {}) == before != []
