"""Pulling the plug while credits are posted: nothing is lost, nothing is there twice."""

import asyncio
import signal
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.ledger.conservation import check_conserved
from tests.served import OwnPostgres, Served, own_postgres, served
from tests.world import Caller, World

CLIENTS = 16
REQUESTS = 600

RETIRE = """mutation ($input: RetireCreditsInput!) { retireCredits(input: $input) {
    ... on RetireCreditsSuccess { replayed retirement { id position movements { nodes { serials { text } } } } }
    ... on UserError { code message { en } } } }"""

# What a client may be told while the database is away or on its way up.
PATIENCE = {"DATABASE_UNAVAILABLE"}


@dataclass
class History:
    """What clients asked, and what they were told, if anything."""

    requests: list[dict[str, Any]]
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: int = 0

    async def run(self, address: str, secret: str | None, enough: asyncio.Event) -> None:
        """Send every request that has no outcome yet, from several clients."""
        waiting = iter([r for r in self.requests if r["idempotencyKey"] not in self.outcomes])

        async def client() -> None:
            async with httpx.AsyncClient(base_url=address, timeout=30, verify=False) as http:
                caller = Caller(http, secret)
                for request in waiting:
                    self.sent += 1
                    try:
                        answer = (await caller.post(RETIRE, input=request)).json()
                    except httpx.TransportError:
                        continue
                    if "errors" in answer:
                        assert answer["errors"][0]["extensions"]["code"] in PATIENCE, answer
                        continue
                    self.outcomes[request["idempotencyKey"]] = answer["data"]["retireCredits"]
                    if len(self.outcomes) >= REQUESTS // 4:
                        enough.set()

        await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def prepare(address: str, url: str) -> tuple[World, History]:
    async with httpx.AsyncClient(base_url=address, timeout=30, verify=False) as http:
        world = await World.make(http, url)
        pilot = await world.pilot()
        await world.issue(await world.project(), "GD", 1, REQUESTS)
        # Every serial is asked for by two requests that differ in their period: one of them wins.
        requests = [
            world.retirement(pilot, "GD", serial, serial, year=year)
            | {"idempotencyKey": f"{year}-{serial}"}
            for serial in range(1, REQUESTS // 2 + 1)
            for year in (2022, 2023)
        ]
        return world, History(requests)


async def check_history(
    history: History, address: str, secret: str | None, postgres: OwnPostgres
) -> None:
    """Resend everything: what was acknowledged is still so, what was not gets one outcome now."""
    outcomes = dict(history.outcomes)
    history.outcomes.clear()
    await history.run(address, secret, asyncio.Event())
    assert len(history.outcomes) == REQUESTS
    for key, outcome in outcomes.items():
        again = history.outcomes[key]
        assert again.get("retirement") == outcome.get("retirement"), key
        assert again.get("code") == outcome.get("code"), key
        assert again.get("replayed", True), key
    won = {key for key, outcome in history.outcomes.items() if "retirement" in outcome}
    for serial in range(1, REQUESTS // 2 + 1):
        assert len({f"2022-{serial}", f"2023-{serial}"} & won) == 1, serial
    positions = [history.outcomes[key]["retirement"]["position"] for key in won]
    assert len(set(positions)) == REQUESTS // 2
    await check_conserved(postgres.superuser_url)


async def die_while(history: History, server: Served, secret: str | None, blow: Any) -> None:
    """Let the clients work until a quarter is done; then the blow falls."""
    enough = asyncio.Event()
    clients = asyncio.create_task(history.run(server.address, secret, enough))
    await asyncio.wait_for(enough.wait(), 60)
    await blow()
    await clients


async def test_the_server_is_killed() -> None:
    async with own_postgres() as postgres:
        async with served(postgres.api_url) as server:
            world, history = await prepare(server.address, postgres.api_url)

            async def kill() -> None:
                server.process.send(signal.SIGKILL)

            await die_while(history, server, world.registry.secret, kill)
        assert len(history.outcomes) < REQUESTS, "it died too late to prove anything"
        async with served(postgres.api_url) as server:
            await check_history(history, server.address, world.registry.secret, postgres)


async def test_postgresql_is_killed() -> None:
    async with own_postgres() as postgres, served(postgres.api_url) as server:
        world, history = await prepare(server.address, postgres.api_url)
        await die_while(history, server, world.registry.secret, postgres.kill)
        assert len(history.outcomes) < REQUESTS, "it died too late to prove anything"
        await postgres.start()
        # The same process goes on: it needs no restart.
        await check_history(history, server.address, world.registry.secret, postgres)
