"""A guard that is put down while NZC serves is noticed: by who asks whether it is ready, and by whoever
asks anything of another server, or of the same one started again."""

import httpx
import pytest

from nzc_api.transport import health
from tests.conftest import TestDatabase, client_of
from tests.database.test_checks import execute
from tests.served import own_postgres

PUT_DOWN = "ALTER TABLE movement DISABLE TRIGGER movement_posted"
PUT_BACK = "ALTER TABLE movement ENABLE TRIGGER movement_posted"


async def asked(http: httpx.AsyncClient) -> int:
    return (await http.post("/graphql", json={"query": "{ log { position } }"})).status_code


async def unready(http: httpx.AsyncClient) -> str:
    response = await http.get("/health/ready")
    return "" if response.status_code == 200 else str(response.json()["reason"])


async def test_of_the_same_server_it_is_noticed_when_it_is_checked_again(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client_of(database.api_url) as http:
        assert (await unready(http), await asked(http)) == ("", 200)
        await execute(database.superuser_url, PUT_DOWN)
        assert await unready(http) == ""  # Looked at a moment ago.
        monkeypatch.setattr(health, "CHECKED_AGAIN_SECONDS", 0)
        assert "trigger movement.movement_posted is disabled" in await unready(http)
        assert await asked(http) == 503
        await execute(database.superuser_url, PUT_BACK)
        assert (await asked(http), await unready(http)) == (200, "")


async def test_another_server_is_checked_before_anything_is_asked_of_it() -> None:
    async with own_postgres() as postgres, client_of(postgres.api_url) as http:
        assert await asked(http) == 200
        await execute(postgres.superuser_url, PUT_DOWN)
        assert await asked(http) == 200
        await postgres.stop()
        await postgres.start()
        assert [await asked(http) for _ in range(2)] == [503, 503]
        assert "trigger movement.movement_posted is disabled" in await unready(http)
        await execute(postgres.superuser_url, PUT_BACK)
        assert await asked(http) == 200
