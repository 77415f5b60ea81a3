"""What questions cost does not grow with the history: buffers, on a short and on a long one."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.engine import Database
from nzc_api.database.plans import BY_INDEX
from nzc_api.database.together import Together
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.ledger.reading import retired_store, withdrawn_store
from nzc_api.ledger.reading import trace_store as store
from nzc_api.ledger.reading.retired_store import given_keys
from tests.auditing.history import HOT, PILOTS, SMALL, write_history
from tests.conftest import Server, named_database

SHORT, LONG = 5_000, 40_000  # tonnes: a page of everything is full in the short one too

PAGE = {"first": 21}

Asked = tuple[DriverStatement | Together, dict[str, Any]]


def questions(tonnes: int) -> dict[str, Asked]:
    """Each question about the middle of the history, for a page of 20 where it is a list."""
    head = HOT + 2 * SMALL + 2 * tonnes
    middle = head - tonnes
    serials = {"batches": [HOT], "serials": [tonnes // 2], "as_ofs": [head]}
    of_hot = {"subjects": [1], "batches": [HOT], "after": 0, "as_of": head} | PAGE
    a_pilot, holder_a, holder_b = 4, 2, 3
    of_pilot = PilotId(3), PeriodId(3 + PILOTS), Position(head)
    retired = {"postings": list(range(middle + 1, middle + 21)), "as_of": head}
    stated = {"subjects": [1], "as_ofs": [head], "only": [None], "position": 0, "line": -1} | PAGE
    return {
        "a serial's life": (store.LIFE, serials | {"after": 0} | PAGE),
        "a serial's owner": (store.LAST_MOVED, serials),
        "its owner then": (store.LAST_MOVED, serials | {"as_ofs": [middle]}),
        "a time's position": (store.POSITION_AT, {"times": [datetime(2024, 2, 1, 1, tzinfo=UTC)]}),
        "a tiling's start": (store.TILING, {"batches": [HOT], "start": 0} | PAGE),
        "a tiling's middle": (store.TILING, {"batches": [HOT], "start": tonnes // 2} | PAGE),
        "a batch's beneficiaries": (store.BENEFICIARIES, of_hot),
        "and then": (store.BENEFICIARIES, of_hot | {"as_of": middle + tonnes // 2}),
        "a project's beneficiaries": (
            store.BENEFICIARIES,
            of_hot | {"subjects": [1] * (SMALL + 1), "batches": list(range(HOT, HOT + SMALL + 1))},
        ),
        "a pilot's statement": (store.STATEMENT, stated | {"accounts": [a_pilot]}),
        "the end of a pilot's": (
            store.STATEMENT,
            stated | {"accounts": [a_pilot], "position": head - 1000, "line": 0},
        ),
        "a holder's statement": (store.STATEMENT, stated | {"accounts": [holder_b]}),
        "the middle of a holder's": (
            store.STATEMENT,
            stated | {"accounts": [holder_b], "position": middle, "line": 0},
        ),
        "of one batch": (
            store.STATEMENT,
            stated | {"accounts": [holder_a], "only": [HOT], "position": middle, "line": 0},
        ),
        "of 501 batches": (
            store.STATEMENT,
            stated | {"accounts": [holder_a], "position": middle - 1, "line": 0},
        ),
        "what was retired for a pilot": (
            retired_store.RETIRED_AS_OF,
            given_keys([of_pilot]),
        ),
        "what of retirements is in force": (withdrawn_store.WITHDRAWN_TONNES, retired),
        "and which serials are not": (
            withdrawn_store.WITHDRAWN_SERIALS,
            retired | {"position": 0, "batch": 0, "lo": 0} | PAGE,
        ),
        "what is invalidated of batches": (
            withdrawn_store.INVALIDATED,
            {"batches": list(range(HOT, HOT + 20)), "as_of": head},
        ),
    }


# Buffers that any history may cost. A page of 20 reads that many entries, each of a place of its own;
# what is of 501 batches or 200 accounts reads at least a page of the index for each, and what was ordered of
# each batch.
MOST = {
    "a serial's life": 130,
    "a serial's owner": 80,
    "its owner then": 80,
    "a time's position": 130,
    "a tiling's start": 160,
    "a tiling's middle": 160,
    "a batch's beneficiaries": 14 * (PILOTS + 3),
    "and then": 14 * (PILOTS + 3),
    "a project's beneficiaries": 12 * (PILOTS + 3) + 30 * SMALL,
    "a pilot's statement": 300,
    "the end of a pilot's": 300,
    "a holder's statement": 300,
    "the middle of a holder's": 300,
    "of one batch": 300,
    "of 501 batches": 24 * SMALL,
    "what was retired for a pilot": 60,
    "what of retirements is in force": 360,
    "and which serials are not": 360,
    "what is invalidated of batches": 120,
}


async def buffers(connection: AsyncConnection, asked: Asked) -> int:
    """The buffers that a statement touches, in memory or not."""
    statement, given = asked
    if isinstance(statement, Together):
        statement = await statement.statement(connection)
    explained = text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.text}")
    found = (await connection.execute(explained, given)).scalar_one()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


async def costs(url: str, tonnes: int) -> dict[str, int]:
    """The buffers of each question."""
    database = Database(url, pool_size=1)
    try:
        async with database.write() as connection:
            await connection.execute(text(f"SELECT {BY_INDEX}"))
            return {
                name: await buffers(connection, asked) for name, asked in questions(tonnes).items()
            }
    finally:
        await database.close()


@pytest_asyncio.fixture(scope="module")
async def measured(server: Server, template: str) -> AsyncIterator[dict[int, dict[str, int]]]:
    found = {}
    for tonnes in (SHORT, LONG):
        name = f"nzc_history_{tonnes}"
        async with named_database(server, name, template) as made:
            await write_history(made.superuser_url, tonnes)
            found[tonnes] = await costs(made.api_url, tonnes)
    yield found


@pytest.mark.parametrize("question", list(MOST))
async def test_a_question_costs_as_little_of_a_long_history(
    measured: dict[int, dict[str, int]], question: str
) -> None:
    short, long = measured[SHORT][question], measured[LONG][question]
    assert long <= MOST[question], (short, long)
    # A level of an index more, here and there; never twenty times as much.
    assert long <= 2 * short + 20, (short, long)
