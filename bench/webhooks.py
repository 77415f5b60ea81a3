"""What webhooks cost: posting while ten endpoints are told what is posted, with its facts, against without.

``python -m bench.webhooks [RUNS [SECONDS]]``: medians of alternating runs, in this process. The
receiver is a process of its own, on the same machine. Then how fast the ten are told, with nothing posted.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from ipaddress import ip_network
from uuid import uuid4

from bench.posting import in_process, nothing_else
from bench.stage import PORT, Stage, stage
from nzc_api.app import deliveries_of
from nzc_api.database.engine import Database
from nzc_api.feed.model import EVERYTHING
from nzc_api.services import Chore, Nzc
from nzc_api.settings import Settings
from nzc_api.webhooks.delivering import DELIVER_SECONDS
from nzc_api.webhooks.model import CreateEndpoint

ENDPOINTS = 10
RECEIVE = "--receive"
SETTINGS = Settings(webhook_networks=(ip_network("127.0.0.1/32"),))
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def telling(nzc: Nzc) -> Sequence[Chore]:
    """What a process that serves does for webhooks."""
    return ((deliveries_of(nzc, SETTINGS).deliver, DELIVER_SECONDS),)


async def register(at: Stage) -> None:
    nzc = Nzc.on(Database(at.postgres.url()), webhook_networks=SETTINGS.webhook_networks)
    registry = (await nzc.services.access.authenticate([at.secret]))[at.secret]
    for number in range(ENDPOINTS):
        url = f"http://127.0.0.1:{PORT + 1}/{number}"
        command = CreateEndpoint(url=url, label=f"endpoint {number}", wanted=EVERYTHING, after=None)
        made = await nzc.services.webhooks.create(registry, str(uuid4()), command)
        assert made.secret is not None, made.outcome
    await nzc.database.close()


async def told(at: Stage) -> int:
    """How many events the endpoints have accepted."""
    nzc = Nzc.on(Database(at.postgres.url()))
    organisation = at.registry.organisation_id
    found = (await nzc.services.webhooks.endpoints_of([organisation]))[organisation]
    await nzc.database.close()
    return sum(endpoint.cursor.attempts for endpoint in found)


async def alone(at: Stage, seconds: float) -> float:
    """How many events a second they accept, with nothing posted."""
    nzc = Nzc.on(Database(at.postgres.url()))
    before = await told(at)
    async with nzc.running(*telling(nzc)):
        began = time.perf_counter()
        await asyncio.sleep(seconds)
        took = time.perf_counter() - began
    return (await told(at) - before) / took


async def main(runs: int, seconds: float) -> None:
    rates: dict[bool, list[float]] = {True: [], False: []}
    receiver = subprocess.Popen([sys.executable, "-m", "bench.webhooks", RECEIVE])
    try:
        async with stage() as at:
            await register(at)
            accepted = 0
            for _ in range(runs):
                for tells in (False, True):
                    before = await told(at)
                    rates[tells].append(
                        await in_process(at, seconds, telling if tells else nothing_else)
                    )
                    accepted += await told(at) - before
            idle = await alone(at, seconds)
    finally:
        receiver.terminate()
    median = {tells: statistics.median(found) for tells, found in rates.items()}
    for tells, found in rates.items():
        name = "posting beside ten endpoints" if tells else "posting alone"
        print(f"{name:32} {median[tells]:10.0f}   ({min(found):.0f} to {max(found):.0f})")
    print(f"{'with / without':32} {median[True] / median[False]:10.2f}   (floor 0.9)")
    print(f"{'events told beside, a second':32} {accepted / runs / seconds:10.0f}")
    print(f"{'events told alone, a second':32} {idle:10.0f}")


async def receive() -> None:
    """Accept whatever comes, and keep connections."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
                writer.write(OK)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", PORT + 1)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:] == [RECEIVE]:
        asyncio.run(receive())
    else:
        given = [float(argument) for argument in sys.argv[1:]]
        asyncio.run(main(int(given[0]) if given else 5, given[1] if len(given) > 1 else 8))
