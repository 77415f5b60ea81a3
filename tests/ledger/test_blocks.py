"""Which batches a range of serials meets: those that share a serial with it, and no others."""

import random

import pytest

from nzc_api.database.engine import Database
from nzc_api.ledger import store
from nzc_api.ledger.serials import SerialRange
from tests.conftest import TestDatabase, unguarded

# Of serials and of certificates: the two number spaces that a programme's batches may be in.
REGISTRIES, PREFIXES = ("CCER", "CCER-CERTIFICATE"), ("A", "AA", "B")

BATCH = """INSERT INTO credit_batch VALUES ($1, 1, 'CCER', false, 2022, '2022-01-01', '2022-12-31',
    '2024-01-15', $2, $3, $4, $5, $5::bigint - $4::bigint,
    $2 = 'CCER-CERTIFICATE')"""

Block = tuple[int, str, str, int, int]  # batch, registry, prefix, lo, hi


def blocks(chance: random.Random) -> list[Block]:
    """Some of the blocks of ten serials of each number space, of which some are cut short."""
    spaces = [(registry, prefix) for registry in REGISTRIES for prefix in PREFIXES]
    found: list[Block] = []
    for registry, prefix in spaces[: chance.randint(2, len(spaces))]:
        for lo in range(chance.choice((0, 100)), 200, 10):
            if chance.random() < 0.6:
                found.append((len(found) + 1, registry, prefix, lo, lo + chance.choice((1, 7, 10))))
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_a_range_meets_those_that_share_a_serial(database: TestDatabase, seed: int) -> None:
    chance = random.Random(seed)
    issued = blocks(chance)
    async with unguarded(database.superuser_url) as connection:
        await connection.executemany(BATCH, issued)
    ledger = Database(database.api_url, pool_size=1)
    try:
        async with ledger.read() as reading:
            for _ in range(200):
                lo = chance.randint(0, 210)
                hi = lo + chance.choice((1, 2, 9, 10, 11, 45, 250))
                space = chance.choice(REGISTRIES), chance.choice(PREFIXES)
                found = await store.read_batches_in(reading, [SerialRange(*space, lo, hi - 1)])
                assert [b.id for b in found] == [
                    number
                    for number, *block, first, end in issued
                    if tuple(block) == space and first < hi and lo < end
                ]
    finally:
        await ledger.close()
