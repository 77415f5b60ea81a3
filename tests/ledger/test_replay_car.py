"""Real retirements, replayed: 5,351 of the Climate Action Reserve's, to 2021, with their own serials.

Issued is one block a prefix, from the first to the last serial that was ever retired of it. The days are
ours: the rules of CCER would refuse those of another registry.
"""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from nzc_api.ledger.serials import read_block
from tests.conftest import TestDatabase
from tests.examples import shared
from tests.ledger.conservation import check_conserved
from tests.world import World

RETIREMENTS, TONNES = 5_351, 49_547_885

BULK = """mutation ($input: %sCreditsBulkInput!) { %sCreditsBulk(input: $input) {
    ... on BulkOutcomes { outcomes { status error { code } } } ... on UserError { code } } }"""


@dataclass(frozen=True)
class Block:
    prefix: str
    first: int
    last: int

    @property
    def tonnes(self) -> int:
        return self.last - self.first + 1


def real_retirements() -> list[Block]:
    """The ranges of the file, which say themselves how many tonnes they are."""
    found: list[Block] = []
    with shared("data/car_retirements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            reading = read_block(row["serial_numbers"])
            assert reading is not None, row
            block = Block(reading.prefix, reading.first, reading.last)
            assert block.tonnes == int(row["quantity"]), row
            found.append(block)
    return found


def issued(blocks: Iterable[Block]) -> list[Block]:
    """A block a prefix that has all of its ranges."""
    found: dict[str, Block] = {}
    for block in blocks:
        span = found.get(block.prefix, block)
        first, last = min(span.first, block.first), max(span.last, block.last)
        found[block.prefix] = Block(block.prefix, first, last)
    return list(found.values())


def serials(block: Block) -> dict[str, Any]:
    return {"range": {"prefix": block.prefix, "first": str(block.first), "last": str(block.last)}}


async def post(world: World, verb: str, items: Sequence[dict[str, Any]]) -> list[str]:
    """What became of each item: its status, or the code of its refusal."""
    told: list[str] = []
    query = BULK % (verb.title(), verb)
    for some in thousands(items):
        given = {"mode": "EACH_INDEPENDENT", "items": some}
        payload = (await world.registry.ask(query, input=given))[f"{verb}CreditsBulk"]
        outcomes = payload["outcomes"]
        told += [o["status"] if o["error"] is None else o["error"]["code"] for o in outcomes]
    return told


def thousands(items: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    source = iter(items)
    while some := list(islice(source, 1000)):
        yield some


async def issue(world: World, blocks: Sequence[Block]) -> None:
    project = await world.project()
    told = await post(
        world,
        "issue",
        [
            {
                "idempotencyKey": f"issue-{block.prefix}", "project": project, "programme": "CCER",
                "serials": serials(block), "quantity": str(block.tonnes),
                "production": {"vintage": 2022}, "reductionsRegisteredOn": "2024-01-15",
                "holder": world.holder.organisation,
                "issuance": {"reference": "CAR", "quantity": str(sum(b.tonnes for b in blocks))},
            }
            for block in blocks
        ],
    )  # fmt: skip
    assert set(told) == {"COMMITTED"}


async def retire(world: World, blocks: Sequence[Block]) -> tuple[list[str], int]:
    """What became of each, and how many tonnes the pilot's statement has."""
    pilot = await world.pilot()
    items = [
        {
            "idempotencyKey": f"retire-{number}", "programme": "CCER", "serials": serials(block),
            "quantity": str(block.tonnes), "pilot": pilot["id"],
            "accountingPeriod": pilot["periods"][2022], "retiredOn": "2024-07-01",
        }
        for number, block in enumerate(blocks)
    ]  # fmt: skip
    told = await post(world, "retire", items)
    data = await world.anyone.ask(
        """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
            purchasedReductions { quantity } } } }""",
        id=pilot["id"],
    )
    return told, int(data["pilot"]["netEmissions"]["purchasedReductions"]["quantity"])


async def test_all_real_retirements_are_accepted(world: World, database: TestDatabase) -> None:
    blocks = real_retirements()
    assert (len(blocks), sum(b.tonnes for b in blocks)) == (RETIREMENTS, TONNES)
    await issue(world, issued(blocks))
    told, tonnes = await retire(world, blocks)
    assert told == ["COMMITTED"] * RETIREMENTS
    assert tonnes == TONNES
    await check_conserved(database.owner_url)


async def test_of_overlapping_ones_exactly_those_are_rejected(
    world: World, database: TestDatabase
) -> None:
    """One in a hundred is followed, somewhere later, by a range that shares serials with it."""
    numbers = random.Random(20211231)
    real = real_retirements()
    injected: list[tuple[int, Block]] = []
    for place in numbers.sample(range(len(real)), len(real) // 100):
        victim = real[place]
        first = numbers.randint(victim.first, victim.last)
        overlap = Block(victim.prefix, first, numbers.randint(first, victim.last))
        injected.append((numbers.randint(place + 1, len(real)), overlap))
    mixed: list[tuple[Block, bool]] = []
    for place in range(len(real) + 1):
        mixed += [(overlap, False) for at, overlap in injected if at == place]
        if place < len(real):
            mixed.append((real[place], True))
    await issue(world, issued(real))
    told, tonnes = await retire(world, [block for block, _ in mixed])
    assert told == ["COMMITTED" if good else "SERIALS_ALREADY_RETIRED" for _, good in mixed]
    assert len(mixed) == RETIREMENTS + RETIREMENTS // 100
    assert tonnes == TONNES
    await check_conserved(database.owner_url)
