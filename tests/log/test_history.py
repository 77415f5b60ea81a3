"""A process serves from no log that lacks what it has seen of it, until an operator adopts that history."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from nzc_api.log.chain import body_text
from nzc_api.log.service import RECENT_SECONDS
from nzc_api.observing import metrics
from tests.conftest import Server, TestDatabase, client_of, create_database, unguarded
from tests.served import told
from tests.swapping import adopted, copied, name_of, put_back, replaced
from tests.world import Caller, World, key, mutation

PILOT = "query ($code: String!) { pilot(by: {code: $code}) { id } }"
LOG = "{ log { logId position } }"


def organisation() -> dict[str, Any]:
    return {"idempotencyKey": key(), "name": {"zh": "甲", "en": "A"}, "role": "VERIFIER"}


async def register(caller: Caller, given: dict[str, Any]) -> httpx.Response:
    return await caller.post(mutation("registerOrganisation", "organisation { id }"), input=given)


def diverged(response: httpx.Response) -> None:
    """Check that a response says, in every way it has, that the history is another one."""
    assert response.status_code == 503, response.text
    assert int(response.headers["retry-after"]) > 0
    assert not response.json().get("data")
    (error,) = response.json()["errors"]
    assert told(error, "HISTORY_DIVERGED")["retryAfterSeconds"] > 0


async def refuses(world: World, code: str, lost: int) -> None:
    """Check that nothing is read, posted or followed, and that everybody is told, as soon as anybody looked again."""
    await asyncio.sleep(RECENT_SECONDS)
    diverged(await world.anyone.post(PILOT, code=code))
    diverged(await world.anyone.post(LOG))
    diverged(await world.anyone.post("{ events { position } }"))
    diverged(await register(world.administrator, organisation()))
    pilot = {"id": "cGlsb3Q", "periods": {2022: "cGVyaW9k"}}
    given = {"idempotencyKey": key()} | world.retirement(pilot, "GD-NONE", 1, 1)
    diverged(await world.registry.post(mutation("retireCredits", ""), input=given))
    ready = await world.http.get("/health/ready")
    assert ready.status_code == 503
    assert f"lacks position {lost}" in ready.json()["reason"]
    assert "nzc adopt" in ready.json()["reason"]
    assert (await world.http.get("/health/live")).status_code == 200
    assert metrics.registry.get_sample_value("nzc_history_diverged") == 1


async def serves(world: World, code: str) -> dict[str, Any]:
    """Check that all is as ever; where the log stands."""
    assert (await world.http.get("/health/ready")).status_code == 200
    assert metrics.registry.get_sample_value("nzc_history_diverged") == 0
    assert (await world.anyone.ask(PILOT, code=code))["pilot"]["id"]
    payload = (await register(world.administrator, organisation())).json()["data"]
    assert payload["registerOrganisation"]["__typename"].endswith("Success")
    log: dict[str, Any] = (await world.anyone.ask(LOG))["log"]
    return log


async def unguarded_do(database: TestDatabase, statements: str) -> None:
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(statements)


async def test_a_history_that_went_back_is_refused_until_it_is_adopted(
    world: World, database: TestDatabase, server: Server
) -> None:
    pilot = await world.pilot()
    given = organisation()
    async with put_back(database, server):
        assert (await register(world.administrator, given)).status_code == 200
        before = await world.anyone.ask(LOG)
    lost = int(before["log"]["position"])
    await refuses(world, pilot["code"], lost)
    # Another process, which saw none of it, goes on and beyond: that is a fork.
    async with client_of(database.api_url) as other:
        for _ in range(3):
            await register(Caller(other, world.administrator.secret), organisation())
    async with client_of(database.api_url):  # Its figures are those that are shown.
        pass
    diverged(await world.anyone.post(PILOT, code=pilot["code"]))
    diverged(await register(world.administrator, given))

    await adopted(database, server)
    assert (await world.http.get("/health/ready")).status_code == 200
    after = (await world.anyone.ask(LOG))["log"]
    assert after["logId"] != before["log"]["logId"]
    assert int(after["position"]) == lost + 2
    # Ids of the other history are foreign; what was lost is done anew.
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await world.anyone.ask(node, id=pilot["id"]))["node"] is None
    again = (await register(world.administrator, given)).json()["data"]["registerOrganisation"]
    assert again["replayed"] is False


async def test_the_right_history_is_served_again_by_itself(
    world: World, database: TestDatabase, server: Server
) -> None:
    pilot = await world.pilot()
    name = name_of(database)
    async with put_back(database, server):
        await register(world.administrator, organisation())
        lost = await world.head()
        await copied(server, name, f"{name}_right")
    await refuses(world, pilot["code"], lost)
    await replaced(server, name, f"{name}_right")
    assert (await serves(world, pilot["code"]))["position"] == str(lost + 1)


async def test_another_database_is_refused(
    world: World, database: TestDatabase, server: Server, template: str
) -> None:
    """As where an address leads to the wrong one."""
    pilot = await world.pilot()
    name = name_of(database)
    lost = await world.head()
    await create_database(server, f"{name}_other", template)
    other = server.database(f"{name}_other")
    await adopted(other, server)
    await unguarded_do(other, "UPDATE log_head SET former_ids = '{}'")
    await replaced(server, name, f"{name}_other")
    await refuses(world, pilot["code"], lost)


async def test_a_history_that_was_adopted_before_it_came_is_served(
    world: World, database: TestDatabase, server: Server
) -> None:
    pilot = await world.pilot()
    name = name_of(database)
    before = (await world.anyone.ask(LOG))["log"]["logId"]
    await copied(server, name, f"{name}_copy")
    await register(world.administrator, organisation())
    await adopted(server.database(f"{name}_copy"), server)
    await replaced(server, name, f"{name}_copy")
    assert (await serves(world, pilot["code"]))["logId"] != before


async def test_it_is_seen_where_nobody_reconnects(world: World, database: TestDatabase) -> None:
    """A superuser takes the last entry back behind NZC's sessions."""
    pilot = await world.pilot()
    await register(world.administrator, organisation())
    lost = await world.head()
    await unguarded_do(
        database,
        """DELETE FROM log_entry WHERE position = (SELECT position FROM log_head);
           UPDATE log_head SET (position, at, digest) =
               (SELECT position, at, digest FROM log_entry ORDER BY position DESC LIMIT 1)""",
    )
    await asyncio.sleep(0.2)
    await refuses(world, pilot["code"], lost)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"b": 1, "a": None, "aa": [True, {"z": "", "é": '“x”\n\t\u0007\u007f\\"', "ab": []}]},
        {"中": "文", "zz": 10**30, "long name": {"x": {}}, "é": -1},
    ],
)
async def test_a_body_is_hashed_as_postgresql_writes_it(
    database: TestDatabase, body: dict[str, Any]
) -> None:
    connection = await asyncpg.connect(database.superuser_url)
    try:
        text = body_text(body)
        assert await connection.fetchval("SELECT CAST($1 AS text)::jsonb::text", text) == text
    finally:
        await connection.close()
