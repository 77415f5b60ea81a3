"""A serial's movements are found by their places exactly as by looking at every movement."""

import random

import pytest

from nzc_api.database.engine import Database
from nzc_api.database.paging import Page
from nzc_api.ids import BatchId, Position
from nzc_api.ledger.reading import trace_store as store
from nzc_api.ledger.reading.questions_model import LifeStep, SerialAt
from nzc_api.ledger.serials import LARGEST_SERIAL
from tests.conftest import TestDatabase, unguarded

BATCHES = (1, 2)
END = LARGEST_SERIAL + 1

Range = tuple[int, int, int, int]  # position, batch, lo, hi


def ranges(chance: random.Random, many: int) -> list[Range]:
    """Ranges of every size, about powers of two and at either end of what a serial can be."""
    found = []
    for position in range(10, 10 + many):
        length = max(1, (1 << chance.choice((*range(8), 20, 30, 61))) + chance.choice((-1, 0, 1)))
        middle = chance.choice((1, 40, 64, 1 << 30, END - 40)) + chance.randrange(-40, 40)
        lo = min(max(middle - chance.randrange(length), 1), END - 1)
        found.append((position, chance.choice(BATCHES), lo, min(lo + length, END)))
    return found


async def write(url: str, moved: list[Range]) -> None:
    async with unguarded(url) as connection:
        await connection.executemany("INSERT INTO movement VALUES ($1, 0, 1, 2, $2, $3, $4)", moved)
        await connection.execute("""
            INSERT INTO log_entry (position, at, kind, subject_id, body, digest)
            SELECT position, now(), 'CREDITS_TRANSFERRED', position, '{}', sha256('') FROM movement
        """)


def positions(life: list[LifeStep]) -> list[int]:
    return [step.entry.position for step in life]


@pytest.mark.parametrize("seed", range(4))
async def test_by_places_as_by_looking_at_all(database: TestDatabase, seed: int) -> None:
    chance = random.Random(seed)
    moved = ranges(chance, 300)
    await write(database.superuser_url, moved)
    edges = {edge for _, _, lo, hi in moved for edge in (lo - 1, lo, hi - 1, hi)}
    keys = [
        SerialAt(BatchId(chance.choice(BATCHES)), serial, Position(chance.randrange(5, 320)))
        for serial in chance.sample(sorted(edges), 60)
    ]
    by_place = {
        key: [
            position
            for position, batch_id, lo, hi in moved
            if batch_id == key.batch_id and lo <= key.serial < hi and position <= key.as_of
        ]
        for key in keys
    }
    ledger = Database(database.api_url, pool_size=1)
    try:
        async with ledger.read(by_index=True) as connection:
            last = await store.read_last_moved(connection, keys)
            lives = await store.page_life(connection, keys, Page(1000))
            pages = await store.page_life(connection, keys, Page(2, after=100))
    finally:
        await ledger.close()
    assert sum(map(len, by_place.values())) > 5 * len(keys)
    assert {k: m.position for k, m in last.items()} == {k: v[-1] for k, v in by_place.items() if v}
    assert {k: positions(v) for k, v in lives.items()} == {k: v for k, v in by_place.items() if v}
    later = {key: [p for p in every if p > 100][:3] for key, every in by_place.items()}
    assert {k: positions(v) for k, v in pages.items()} == {k: v for k, v in later.items() if v}
