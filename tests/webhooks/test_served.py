"""A process that serves delivers by itself; killed at any moment, nothing is lost and nothing is out of order."""

import asyncio
import json
import os
import signal
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from nzc_api import app
from nzc_api.proofs.service import ProofService
from nzc_api.webhooks.delivering import DeliveryService
from nzc_api.webhooks.model import ReplayEndpoint
from tests.conftest import PEOPLED, Server, TestDatabase, fresh_database
from tests.documents import code_of
from tests.proofs.growing import log_many
from tests.served import PATIENCE, nearby, served
from tests.webhooks.receiving import Hooks, Receiver
from tests.webhooks.registering import endpoint
from tests.world import World, key

NETWORKS = {"NZC_WEBHOOK_NETWORKS": "127.0.0.0/8", "NZC_PUBLIC_URL": "https://nzc.example/api/"}


async def test_kill_9_loses_nothing(server: Server, people: World, receiver: Receiver) -> None:
    async with fresh_database(server, PEOPLED) as database:
        url = {"url": receiver.url, "label": "x", "after": "0"}
        async with served(database.api_url, **NETWORKS) as api, api.client() as http:
            made = await people.reached_by(http).holder.do("createWebhookEndpoint", "secret", **url)
            await log_many(database.superuser_url, 120)
            async with asyncio.timeout(PATIENCE):
                await receiver.has(30)
            os.kill(api.process.pid, signal.SIGKILL)
            await api.process.ended()
        killed = len(receiver.got)
        async with served(database.api_url, **NETWORKS) as api, api.client() as http:
            last = await people.reached_by(http).head()
            async with asyncio.timeout(PATIENCE):
                while receiver.positions[-1] != last:
                    await receiver.has(len(receiver.got) + 1)
    assert killed < last, "it was killed when all was done"
    # At most the event that was on its way comes twice.
    assert all(after - before in {0, 1} for before, after in pairwise(receiver.positions))
    assert len(receiver.got) - last in {0, 1}
    for got in receiver.got:
        Webhook(made["secret"]).verify(got.body, dict(got.headers))
    schemas = [got.event["dataschema"] for got in receiver.got if "data" in got.event]
    assert all(one.startswith("https://nzc.example/api/schemas/events/") for one in schemas)


VERIFY = """
const { Webhook } = require("standardwebhooks");
const { secret, messages } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const of = new Webhook(secret);
const told = messages.map(({ headers, body }) => of.verify(body, headers).position);
let refused = 0;
for (const { headers, body } of messages) {
  try { of.verify(body.replace("specversion", "specVersion"), headers); } catch { refused += 1; }
}
console.log(JSON.stringify({ told, refused }));
"""


def with_node(given: Any, folder: Path) -> Any:
    """What the npm verifier says; skipped where it is not there."""
    try:
        done = subprocess.run(
            ["node", "-e", VERIFY],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
    except FileNotFoundError:
        pytest.skip("node is not installed")
    if "Cannot find module 'standardwebhooks'" in done.stderr:
        pytest.skip("NODE_PATH names no folder with the npm package standardwebhooks")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def test_the_npm_verifier_agrees(hooks: Hooks, receiver: Receiver, tmp_path: Path) -> None:
    _, secret = await hooks.created(receiver.url)
    await hooks.delivery.deliver()
    messages = [{"headers": dict(got.headers), "body": got.body.decode()} for got in receiver.got]
    said = with_node({"secret": secret, "messages": messages}, tmp_path)
    assert said == {"told": [str(n) for n in receiver.positions], "refused": len(receiver.got)}


PAGE = "docs/how-to/partner.md"


async def test_the_receiver_that_is_handed_out(hooks: Hooks, receiver: Receiver) -> None:
    """As `docs/how-to/partner.md` has it: it takes each event once, and sees where one is lost."""
    [code] = [code for code in code_of(PAGE) if "def receive" in code]
    theirs: dict[str, Any] = {}
    exec(code, theirs)
    endpoint, secret = await hooks.created(receiver.url, after=0)
    await hooks.delivery.deliver()
    await hooks.webhooks.replay(hooks.holder, key(), ReplayEndpoint(endpoint, 0))
    await hooks.delivery.deliver()
    taken = [theirs["receive"](secret, dict(got.headers), got.body) for got in receiver.got]
    positions = [int(event["position"]) for event in taken if event]
    assert positions == list(range(1, await hooks.head() + 1))
    assert len(receiver.got) > len(positions)
    await hooks.registered(2)
    await hooks.delivery.deliver()
    last = receiver.got[-1]
    with pytest.raises(AssertionError, match="something was lost"):
        theirs["receive"](secret, dict(last.headers), last.body)


async def test_the_mutation_that_is_handed_out(own_world: World) -> None:
    [query] = [code for code in code_of(PAGE) if "createWebhookEndpoint(" in code]
    given = endpoint() | {"idempotencyKey": key()}
    made = (await own_world.holder.ask(query, input=given))["createWebhookEndpoint"]
    assert made["secret"].startswith("whsec_")
    assert made["webhookEndpoint"]["toldPosition"]


@pytest.mark.parametrize("webhooks", [True, False])
async def test_a_process_delivers_unless_it_is_told_not_to(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch, webhooks: bool
) -> None:
    """`NZC_WEBHOOKS=false`, as for a copy that one only tries. It is looked at beside another chore, which goes on."""
    grown, delivered = asyncio.Semaphore(0), 0

    async def grow(_: ProofService) -> None:
        grown.release()

    async def deliver(_: DeliveryService) -> None:
        nonlocal delivered
        delivered += 1

    monkeypatch.setattr(ProofService, "grow", grow)
    monkeypatch.setattr(DeliveryService, "deliver", deliver)
    for seconds in ("GROW_SECONDS", "DELIVER_SECONDS"):
        monkeypatch.setattr(app, seconds, 0.001)
    async with nearby(database.api_url, webhooks=webhooks), asyncio.timeout(PATIENCE):
        for _ in range(10):
            await grown.acquire()
    assert bool(delivered) is webhooks
