"""Many at once, over real HTTP: one wins, and the others are told who did."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any

from tests.conftest import TestDatabase
from tests.ledger.conservation import check_conserved
from tests.served import served
from tests.world import Caller, World

CLIENTS = 64

RETIRE = """mutation ($input: RetireCreditsInput!) { retireCredits(input: $input) {
    ... on RetireCreditsSuccess { replayed retirement { id quantity position } }
    ... on SerialsAlreadyRetired { code serials retirement { id } } } }"""


async def at_once(world: World, inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each of as many clients is told, each over a connection of its own."""
    async with AsyncExitStack() as stack:
        callers = [
            Caller(
                await stack.enter_async_context(
                    type(world.http)(base_url=world.http.base_url, timeout=60, verify=False)
                ),
                world.registry.secret,
            )
            for _ in inputs
        ]
        # Every connection is open before the first of them asks.
        await asyncio.gather(*(caller.ask("{ log { position } }") for caller in callers))
        answers = await asyncio.gather(
            *(
                caller.ask(RETIRE, input=given)
                for caller, given in zip(callers, inputs, strict=True)
            )
        )
    return [answer["retireCredits"] for answer in answers]


async def test_64_clients_retire_the_same_range(database: TestDatabase) -> None:
    async with served(database.api_url, NZC_PROCESSES="2") as server, server.client() as http:
        world = await World.make(http, database.api_url)
        pilots = [await world.pilot() for _ in range(4)]
        await world.issue(await world.project(), "GD", 1, 1000)
        inputs = [
            world.retirement(pilots[n % 4], "GD", 101, 200) | {"idempotencyKey": f"client-{n}"}
            for n in range(CLIENTS)
        ]
        told = await at_once(world, inputs)

        winners = [
            n for n, payload in enumerate(told) if "retirement" in payload and "code" not in payload
        ]
        assert len(winners) == 1
        won = told[winners[0]]["retirement"]
        assert won["quantity"] == "100"
        losers = [payload for n, payload in enumerate(told) if n not in winners]
        assert len(losers) == CLIENTS - 1
        for payload in losers:
            assert payload == {
                "code": "SERIALS_ALREADY_RETIRED",
                "serials": "GD-101 to 200",
                "retirement": {"id": won["id"]},
            }
        await check_conserved(database.owner_url)

        # Each of them, asking again, is told the same, and nothing is written.
        head = await world.head()
        again = await at_once(world, inputs)
        assert [payload | {"replayed": False} for payload in again] == [
            payload | {"replayed": False} for payload in told
        ]
        assert again[winners[0]]["replayed"]
        assert await world.head() == head
        holdings = await world.anyone.ask(
            "query ($id: ID!) { node(id: $id) { ... on Organisation { holdings { nodes { quantity } } } } }",
            id=world.holder.organisation,
        )
        assert holdings["node"]["holdings"]["nodes"] == [{"quantity": "900"}]


async def test_64_clients_send_the_same_request(database: TestDatabase) -> None:
    """One client that retries 64 times at once has retired once."""
    async with served(database.api_url, NZC_PROCESSES="2") as server, server.client() as http:
        world = await World.make(http, database.api_url)
        pilot = await world.pilot()
        await world.issue(await world.project(), "GD", 1, 1000)
        request = world.retirement(pilot, "GD", 1, 10) | {"idempotencyKey": "the-same"}
        told = await at_once(world, [request] * CLIENTS)
        assert len({payload["retirement"]["id"] for payload in told}) == 1
        assert Counter(payload["replayed"] for payload in told) == {False: 1, True: CLIENTS - 1}
        await check_conserved(database.owner_url)


async def test_two_servers_on_one_database(database: TestDatabase) -> None:
    """Several API processes are safe: their clients contend for the same serials, one by one."""
    async with AsyncExitStack() as stack:
        worlds = []
        for _ in range(2):
            server = await stack.enter_async_context(served(database.api_url, NZC_PROCESSES="2"))
            http = await stack.enter_async_context(server.client())
            worlds.append(http)
        world = await World.make(worlds[0], database.api_url)
        pilot = await world.pilot()
        await world.issue(await world.project(), "GD", 1, 40)
        callers = [Caller(http, world.registry.secret) for http in worlds]
        asked = [(n, caller, serial) for n, caller in enumerate(callers) for serial in range(1, 41)]
        told = await asyncio.gather(
            *(
                caller.ask(
                    RETIRE,
                    input=world.retirement(pilot, "GD", serial, serial)
                    | {"idempotencyKey": f"{n}-{serial}"},
                )
                for n, caller, serial in asked
            )
        )
        codes = Counter(answer["retireCredits"].get("code", "RETIRED") for answer in told)
        assert codes == {"RETIRED": 40, "SERIALS_ALREADY_RETIRED": 40}
        await check_conserved(database.owner_url)
