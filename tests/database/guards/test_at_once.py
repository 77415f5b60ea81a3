"""Of two at once that are not both in order, one fails."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from tests.database.guards.attacks import (
    API,
    LOGGED,
    Connection,
    Names,
    Scene,
    assert_refused,
    fill,
)
from tests.database.guards.changes import (
    TAKEN_PERIOD,
    amended,
    changed,
    placed,
    retired_for_closed,
    version,
)
from tests.database.guards.good_rows import new
from tests.database.guards.postings import (
    BOTH_SUSPECTED,
    TAKEN_BACK,
    corrected,
    ended,
    fact,
    found,
    issued_in_green,
    led,
    taken,
)
from tests.database.guards.story import after

# Two changes of which only one may be; neither session locks the head, as the API would.
RACES = {
    "a line recorded and its inventory submitted": (
        new("inventory_line", id="$p2", position="$p2"),
        changed("$draft", "submitted_position = $p"),
    ),
    "a line recorded and its inventory discarded": (
        new("inventory_line", id="$p2", position="$p2"),
        changed("$draft", "discarded_position = $p"),
    ),
    "an inventory submitted and discarded": (
        changed("$draft", "submitted_position = $p2"),
        changed("$draft", "discarded_position = $p"),
    ),
    "a line removed and its inventory submitted": (
        "DELETE FROM inventory_line WHERE id = $line",
        changed("$draft", "submitted_position = $p"),
    ),
    "two pilots placed in each other": (
        placed("$alone", "$town", "$p2"),
        placed("$town", "$alone", "$p"),
    ),
    "an inventory made and its pilot closed before it ends": (
        new("inventory", id="$p2", series_id="$p2", pilot_id="$alone", period_id="$alone_2022"),
        amended("$alone", closed_on="2022-06-30"),
    ),
    "an inventory made and its period withdrawn": (
        new(
            "inventory", id="$p2", series_id="$p2", pilot_id="$quiet_pilot", period_id="$quiet_2022"
        ),
        TAKEN_PERIOD,
    ),
    "a pilot amended twice": (
        amended("$alone", "$p2", name_en="One"),
        amended("$alone", name_en="Other"),
    ),
    "a version verified and a later one submitted": (
        changed("$submitted", "verified_position = $p2", "verifier_id = $verifier"),
        changed("$its_draft", "submitted_position = $p"),
    ),
}

# What is done by one who holds the head; and what another waits to do, which would be in order else.
POSTING_RACES = {
    "a request confirmed and cancelled": (
        f"{ended('CONFIRMED')}; {led('requested', 'a retirement')}",
        f"{ended('CANCELLED')}; {led('requested', 'its holder')}",
        "request_end_pkey",
    ),
    "a retirement corrected twice": (
        f"{corrected('$retired_at')}; {TAKEN_BACK}",
        f"{corrected('$retired_at')}; {TAKEN_BACK}",
        "correction_pkey",
    ),
    "a retirement corrected and invalidated": (
        led("retired", "invalidated"),
        f"{corrected('$confirmed')}; {led('retired', 'its holder')}",
        "lot_spent_pkey",
    ),
    "credits frozen and retired": (
        led("held", "its holder's frozen"),
        led("held", "a retirement"),
        "lot_spent_pkey",
    ),
    "a pilot closed and credits retired for a later period": (
        amended("$alone", closed_on="2022-12-31"),
        f"{new('account')}; {retired_for_closed()}",
        "retired_before_closure",
    ),
    "a batch frozen and its credits retired": (
        fact("FREEZE"),
        led("held", "a retirement"),
        "batch_is_free",
    ),
    "a batch found double and its credits retired": (
        found("DOUBLE"),
        taken("E", "$retirement"),
        "batch_is_not_doubled",
    ),
    "two findings": (
        found("DOUBLE"),
        found("DISTINCT"),
        "double_issuance_resolution_batch_id_other_id_key",
    ),
    "a pilot placed around a project and its credits retired": (
        placed("$park", "$alone"),
        taken("W", "$retirement"),
        "credit_from_outside_boundary",
    ),
    "a block issued in two programmes": (
        f"{BOTH_SUSPECTED}; {issued_in_green(project_id='$twin')}",
        f"{BOTH_SUSPECTED}; {issued_in_green(project_id='$twin')}",
        "credit_batch_no_overlap_excl",
    ),
}


async def finish(connection: Connection, names: Names, sql: str) -> asyncpg.PostgresError | None:
    """What PostgreSQL says to the statements and the commit."""
    try:
        await connection.execute(fill(f"{sql}; COMMIT", names))
    except asyncpg.PostgresError as error:
        await connection.execute("ROLLBACK")
        return error
    return None


@pytest_asyncio.fixture
async def two_at_once(own_scene: Scene) -> AsyncIterator[tuple[Connection, Connection, Names]]:
    """Two sessions of the API, and the good state with a draft of a later version added."""
    first, second = await own_scene.connect(API), await own_scene.connect(API)
    names = dict(own_scene.story)
    await first.execute(fill(f"{LOGGED}; {version('2', '$submitted')}", names))
    head = await first.fetchval("SELECT position FROM log_head")
    names |= {"its_draft": names["p"]} | after(head)
    yield first, second, names
    await first.close()
    await second.close()


@pytest.mark.parametrize("what", RACES)
async def test_of_two_at_once_one_fails(
    two_at_once: tuple[Connection, Connection, Names], what: str
) -> None:
    """The second acts before the first commits: either may be late or fail."""
    first, second, names = two_at_once
    one, other = RACES[what]
    await first.execute(fill(f"BEGIN; {one}", names))
    await second.execute("BEGIN")
    errors = [await finish(second, names, other), await finish(first, names, "SELECT")]
    assert any(errors), "both were committed"


@pytest.mark.parametrize("what", RACES)
async def test_an_old_snapshot_does_not_blind_the_guards(
    two_at_once: tuple[Connection, Connection, Names], what: str
) -> None:
    """The first reads; the second acts, logs it and commits; then the first acts."""
    first, second, names = two_at_once
    one, other = RACES[what]
    await first.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM log_head")
    assert await finish(second, names, f"BEGIN; {LOGGED}; {other}") is None
    assert await finish(first, names, one) is not None, "both were committed"


@pytest.mark.parametrize("what", POSTING_RACES)
async def test_who_waits_for_the_head_sees_what_was_done(
    two_at_once: tuple[Connection, Connection, dict[str, int | str]], what: str
) -> None:
    """The second asks for the head, as the API does, before the first commits."""
    first, second, names = two_at_once
    one, other, guard = POSTING_RACES[what]
    await first.execute(fill(f"BEGIN; {LOGGED}; {one}", names))
    later = names | after(int(names["p4"]))
    acting = f"BEGIN; SELECT FROM log_head FOR UPDATE; {LOGGED}; {other}"
    waiting = asyncio.create_task(finish(second, later, acting))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    assert await finish(first, names, "SELECT") is None
    assert_refused(await waiting, guard)
