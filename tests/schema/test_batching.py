"""Lists cost a constant number of statements, however long they are."""

from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest_asyncio

from tests.counting import least
from tests.world import Caller, World

LIST = """
    query ($first: Int!) { pilots(first: $first, orderBy: {field: REGISTERED}) { nodes { code
        operator { name { en } } surroundingPilots { nodes { code } } pilotsInside { nodes { code } }
        accountingPeriods(first: 2) { nodes { startsOn } }
        inventories(first: 2) { nodes { status emissionSources(first: 2) { nodes {
            co2e explain { co2e } } } } }
        netEmissions(period: {year: 2022}) { netCo2e gross { co2e } sinks { co2e }
            inventories { nodes { id } } retiredForPilotsInside { nodes { quantity pilot { code } } }
            purchasedReductions { quantity byBatch { nodes { batch { project { code } } } }
                retirements(first: 2) { nodes { quantity holder { id }
                    movements { nodes { serials { text } credit { pilot { code } } } } } } } }
    } } }
"""


# Two answers that come back in another order can split a batch in two; 23 more pilots must not
# cost more than that.
SPLIT = 3


@pytest_asyncio.fixture
async def many(world: World) -> AsyncIterator[World]:
    town = await world.pilot("TOWN")
    project = await world.project()
    await world.issue(project, "GD-M", 1, 1000)
    for number in range(24):
        pilot = await world.pilot("BUILDING_EXISTING", 2022, surroundingPilot=town["id"])
        inventory = await world.inventory(pilot)
        line = {
            "category": "ENERGY_CONSUMPTION", "label": "电", "factor": "elec.guangdong.avg.2022",
            "activity": {"value": "1000", "unit": "kWh"},
        }  # fmt: skip
        await world.record(inventory, line, line, line)
        await world.submit(inventory, verify=False)
        await world.registry.made(
            "retireCredits",
            "retirement { id }",
            **world.retirement(pilot, "GD-M", number * 10 + 1, number * 10 + 3),
        )
    yield world


async def test_a_list_costs_a_constant_number_of_statements(many: World) -> None:
    counts = {}
    for first in (2, 5, 25):
        data = await many.anyone.ask(LIST, first=first)
        assert len(data["pilots"]["nodes"]) == first
        counts[first] = await least(partial(many.anyone.ask, LIST, first=first))
    assert counts[25] <= counts[2] + SPLIT, counts
    assert counts[25] <= 24, counts


async def test_net_emissions_of_a_list_of_pilots(many: World) -> None:
    """The issue's own example: pilots with their net, and nothing else; a town with pilots inside takes one more."""
    query = """query ($first: Int!) { pilots(first: $first, orderBy: {field: REGISTERED}) { nodes {
        netEmissions(period: {year: 2022}) { netCo2e } } } }"""
    counts = {}
    for first in (2, 25):
        counts[first] = await least(partial(many.anyone.ask, query, first=first))
    assert counts[25] == counts[2] <= 5, counts


async def test_lines_come_with_their_gases(many: World) -> None:
    """The key, the inventories, and their lines with all that these have: a statement each."""
    query = """{ inventories(first: 5) { nodes { emissionSources(first: 3) { nodes {
        warnings explain { gases { gas tonnes } } } } } } }"""
    assert await least(lambda: many.auditor.ask(query)) == 3


async def test_one_answer_is_as_of_one_position(world: World, http: httpx.AsyncClient) -> None:
    """All statements of one query hold as of the same position, whatever is written meanwhile."""
    import asyncio

    pilots = [await world.pilot("TOWN", 2022) for _ in range(3)]
    fields = " ".join(
        f"""p{index}: pilot(by: {{id: "{pilot["id"]}"}}) {{
            netEmissions(period: {{year: 2022}}) {{ asOfPosition }} }}"""
        for index, pilot in enumerate(pilots * 5)
    )

    async def write() -> None:
        for _ in range(10):
            await world.pilot("TOWN", 2022)

    async def read() -> set[str]:
        data = await Caller(http).ask(f"{{ {fields} }}")
        return {item["netEmissions"]["asOfPosition"] for item in data.values()}

    answers = await asyncio.gather(write(), *(read() for _ in range(5)))
    assert all(len(positions) == 1 for positions in answers[1:] if positions)
